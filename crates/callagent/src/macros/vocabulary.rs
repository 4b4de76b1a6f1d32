//! The macro `vocabulary!`.

/// Defines a vocabulary as an enum.
///
/// ```ignore
/// vocabulary! {
///     /// The language model that answers the caller.
///     pub enum LlmModel in request, default Gpt4oMini { Gpt4oMini = "gpt-4o-mini", Gpt41 = "gpt-4.1" }
/// }
/// ```
/// This defines the enum with `ALL`, `VOCABULARY`, `as_str`, `FromStr`, serde, and `Default` if there is one. A field has the
/// type [`OpenEnum`](crate::OpenEnum)`<LlmModel>`, which can also hold an unknown value.
macro_rules! vocabulary {
    (
        $(#[doc = $doc:literal])+
        pub enum $name:ident in $direction:ident $(, default $default:ident)? {
            $($(#[doc = $value_doc:literal])* $variant:ident = $value:literal),+ $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $value, "`")] $variant,)+
        }

        impl $name {
            /// All values, in the documented order.
            pub const ALL: &'static [Self] = &[$($name::$variant),+];

            /// The values as data.
            pub const VOCABULARY: &'static $crate::model::Vocabulary = &$crate::model::Vocabulary {
                name: stringify!($name),
                doc: concat!($($doc, "\n"),+),
                open: matches!($crate::macros::direction!($direction), $crate::model::Direction::Response),
                values: &[$($value),+],
            };

            /// Returns the value.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $value,)+
                }
            }
        }

        $(
            impl Default for $name {
                #[doc = concat!("The documented default: `", stringify!($default), "`.")]
                fn default() -> Self {
                    $name::$default
                }
            }
        )?

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.pad(self.as_str())
            }
        }

        impl $crate::values::ClosedEnum for $name {
            const VOCABULARY: &'static $crate::model::Vocabulary = $name::VOCABULARY;
            const DEFAULT: Option<$crate::model::DefaultValue> = {
                let default: Option<$name> = $crate::macros::last!(None $(, Some($name::$default))?);
                match default {
                    Some(default) => Some($crate::model::DefaultValue::String(default.as_str())),
                    None => None,
                }
            };

            fn from_value(value: &str) -> Option<Self> {
                match value {
                    $($value => Some($name::$variant),)+
                    _ => None,
                }
            }

            fn value(self) -> &'static str {
                self.as_str()
            }

            #[cfg(feature = "schema")]
            fn definition(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                generator.subschema_for::<$name>()
            }
        }

        $crate::model::string_type!($name, $crate::values::UnknownValue, |value| {
            <$name as $crate::values::ClosedEnum>::from_value(value)
                .ok_or_else(|| $crate::values::UnknownValue::new($name::VOCABULARY))
        });

        #[cfg(feature = "schema")]
        $crate::schema::json_schema!($name, |_| $crate::schema::vocabulary($name::VOCABULARY));
    };
}

pub(crate) use vocabulary;
