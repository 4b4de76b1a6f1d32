//! The macro `bounded!`.

/// Defines a bounded number: an integer with a default, or an `f64`.
///
/// ```ignore
/// bounded! {
///     /// Whole days to wait.
///     pub struct Days(u8) in 0..=30, default 1;
/// }
/// ```
/// This defines `Days` with `MIN`, `MAX`, `new`, `get`, `Display`, serde, and `Default` if there is one.
macro_rules! bounded {
    ($(#[doc = $doc:literal])+ pub struct $name:ident(f64) in $min:literal..=$max:literal;) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy)]
        pub struct $name(f64);

        impl $name {
            const BOUNDS: $crate::model::Bounds<f64> =
                $crate::model::Bounds { minimum: Some($min), maximum: Some($max) };

            /// Checks a value against the bounds.
            ///
            /// # Errors
            /// If the value is out of range or not a number.
            pub fn new(value: f64) -> Result<Self, $crate::values::OutOfRange> {
                $crate::values::float_within(value, &Self::BOUNDS)
                    .map($name)
                    .map_err(|_| $crate::values::OutOfRange::new(&<Self as $crate::read::Decode>::TYPE, value))
            }
        }

        impl TryFrom<f64> for $name {
            type Error = $crate::values::OutOfRange;

            fn try_from(value: f64) -> Result<Self, Self::Error> {
                $name::new(value)
            }
        }

        $crate::macros::number!($name(f64), [$($doc)+], Number, None, |number| {
            $crate::values::float_within(number.double(), &Self::BOUNDS).map($name)
        });

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.0.total_cmp(&other.0)
            }
        }

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.0.to_bits().hash(state);
            }
        }
    };
    ($(#[doc = $doc:literal])+ pub struct $name:ident($int:ty) in $min:literal..=$max:expr, default $default:literal;) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($int);

        impl $name {
            /// The minimum value.
            pub const MIN: Self = $name($min);
            /// The maximum value.
            pub const MAX: Self = $name($max);
            const BOUNDS: $crate::model::Bounds<i128> =
                $crate::model::Bounds { minimum: Some($min as i128), maximum: Some($max as i128) };

            /// Checks a value against the bounds.
            ///
            /// # Errors
            /// If the value is out of range.
            pub fn new(value: impl Into<i128>) -> Result<Self, $crate::values::OutOfRange> {
                let value = value.into();
                match value.try_into() {
                    Ok(integer) if Self::BOUNDS.contain(&value) => Ok($name(integer)),
                    _ => Err($crate::values::OutOfRange::new(&<Self as $crate::read::Decode>::TYPE, value)),
                }
            }
        }

        impl Default for $name {
            #[doc = concat!("The documented default: ", stringify!($default), ".")]
            fn default() -> Self {
                $name($default)
            }
        }

        $crate::macros::number!($name($int), [$($doc)+], Integer, Some($crate::model::DefaultValue::Integer($default)), |number| {
            $crate::values::integer_within(number, &Self::BOUNDS).map($name)
        });
    };
}

/// Implements the common traits of bounded numbers. `$convert` creates one from a JSON number.
macro_rules! number {
    ($name:ident($number:ty), [$($doc:literal)+], $kind:ident, $default:expr, |$json:ident| $convert:expr) => {
        impl $name {
            /// Returns the number.
            #[must_use]
            pub const fn get(self) -> $number {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(out)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        #[cfg(feature = "schema")]
        $crate::schema::json_schema!($name, |_| {
            let doc = concat!($($doc, "\n"),+);
            $crate::schema::leaf(stringify!($name), doc, &<$name as $crate::read::Decode>::TYPE)
        });

        impl $crate::read::AlwaysBuilt for $name {}

        impl $crate::read::Decode for $name {
            const TYPE: $crate::model::Type = $crate::model::Type::$kind(&$name::BOUNDS);
            const DEFAULT: Option<$crate::model::DefaultValue> = $default;

            #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
            #[inline(always)]
            fn decode<'t, S: $crate::json::Source<'t>, const BUILD: bool>(
                source: &mut S,
                kind: $crate::json::Kind,
                at: $crate::read::Path<'_>,
                context: &mut $crate::read::Context<'_>,
                value: &mut Option<Self>,
            ) -> Result<$crate::read::Decoded, $crate::json::Halt> {
                $crate::read::number(source, kind, at, context, &Self::TYPE, value, |$json| $convert)
            }
        }
    };
}

pub(crate) use {bounded, number};
