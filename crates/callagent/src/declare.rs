//! The macros that state the contract: bounded numbers, vocabularies, objects.
//!
//! Each declaration is the only statement of its rules. It expands to the Rust type, its walk by the rules, its
//! serialisation, and the data of [`declaration`](crate::declaration), from which schemas and messages come.

/// A whole number with bounds.
///
/// ```ignore
/// bounded! {
///     /// Whole days to wait.
///     pub struct Days(u8) in 0..=30, default 1;
/// }
/// ```
/// gives `Days` with `MIN`, `MAX`, `new`, `get`, `Default`, and serde.
macro_rules! bounded {
    ($(#[doc = $doc:literal])+ pub struct $name:ident($int:ty) in $min:literal..=$max:expr, default $default:literal;) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($int);

        impl $name {
            /// The smallest value.
            pub const MIN: Self = $name($min);
            /// The largest value.
            pub const MAX: Self = $name($max);
            const BOUNDS: $crate::declaration::Bounds =
                $crate::declaration::Bounds { minimum: $min as u64, maximum: $max as u64 };

            /// Checks a value against the bounds.
            ///
            /// # Errors
            /// If it is out of range.
            pub fn new(value: u64) -> Result<Self, $crate::OutOfRange> {
                if (Self::BOUNDS.minimum..=Self::BOUNDS.maximum).contains(&value) {
                    if let Ok(value) = value.try_into() {
                        return Ok($name(value));
                    }
                }
                Err($crate::OutOfRange::of(&<Self as $crate::read::walk::Walk>::TYPE, value))
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> $int {
                self.0
            }
        }

        impl Default for $name {
            #[doc = concat!("The documented default: ", stringify!($default), ".")]
            fn default() -> Self {
                $name($default)
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

        $crate::numbers::walk_number!($name, Integer, Some($crate::declaration::Constant::Integer($default)), |number| {
            match number.whole() {
                Some($crate::read::Whole::Natural(value)) => Self::new(value).map_err(|_| $crate::Code::OutOfRange),
                Some($crate::read::Whole::Negative) => Err($crate::Code::OutOfRange),
                None => Err($crate::Code::WrongType),
            }
        });
        $crate::declare::deserialize!($name);
    };
}

/// A vocabulary.
///
/// ```ignore
/// vocabulary! {
///     /// The language model that answers the caller.
///     pub enum LlmModel in request, default Gpt4oMini { Gpt4oMini = "gpt-4o-mini", Gpt41 = "gpt-4.1" }
/// }
/// ```
/// gives the enum with `ALL`, `VOCABULARY`, `as_str`, `from_word`, and `Default` where there is one. A field holds it as
/// [`Word`](crate::Word)`<LlmModel>`, which an unlisted word can stand in, and which has serde.
macro_rules! vocabulary {
    (
        $(#[doc = $doc:literal])+
        pub enum $name:ident in $direction:ident $(, default $default:ident)? {
            $($(#[doc = $word_doc:literal])* $variant:ident = $word:literal),+ $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $word, "`")] $variant,)+
        }

        impl $name {
            /// All words, in the documented order.
            pub const ALL: &'static [Self] = &[$($name::$variant),+];

            /// The words, as the contract has them.
            pub const VOCABULARY: &'static $crate::declaration::Vocabulary = &$crate::declaration::Vocabulary {
                name: stringify!($name),
                doc: concat!($($doc, "\n"),+),
                direction: {
                    use $crate::declaration::Direction;
                    $crate::declare::direction!($direction)
                },
                words: &[$($word),+],
                #[cfg(feature = "schema")]
                subschema: |generator| generator.subschema_for::<$name>(),
            };

            /// The word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }

            /// The word's value, if it is a listed one.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some($name::$variant),)+
                    _ => None,
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

        impl $crate::words::Listed for $name {
            const VOCABULARY: &'static $crate::declaration::Vocabulary = $name::VOCABULARY;
            const DEFAULT: Option<$crate::declaration::Constant> = {
                let default: Option<$name> = $crate::declare::last!(None $(, Some($name::$default))?);
                match default {
                    Some(default) => Some($crate::declaration::Constant::Word(default.as_str())),
                    None => None,
                }
            };

            fn from_word(word: &str) -> Option<Self> {
                $name::from_word(word)
            }

            fn word(self) -> &'static str {
                self.as_str()
            }
        }

        #[cfg(feature = "schema")]
        $crate::schema::json_schema!($name, |_| $crate::schema::vocabulary($name::VOCABULARY));
    };
}

/// An object with documented fields.
///
/// ```ignore
/// object! {
///     /// What to change of the voice.
///     pub struct TtsUpdate in request, answered by AgentTts {
///         /// The service that speaks.
///         provider: Word<TtsProvider> = "provider" required;
///         /// The language.
///         language: String = "language", advise LANGUAGE_TAG;
///         /// A key.
///         api_key: KeyChange = "elevenLabsApiKey";
///     }
///     due api_key where provider is TtsProvider::ElevenLabsByo;
///     advise key_unused(provider, api_key);
/// }
/// ```
/// gives the struct, its walk, `OBJECT`, `Serialize`, `Deserialize`, and `JsonSchema` behind its feature. A field is
/// an `Option` unless it is `required` or `defaulted`; `listed` ones are documented for the response. What is declared `as
/// document` is a whole one, all else a part of one. A line `..further;` keeps undocumented fields. What follows the
/// fields are the rules and advisories that span them: functions over the fields' slots.
macro_rules! object {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident $(($($derive:ident),+))? in $direction:ident $(as $document:ident)? $(, answered by $answer:ty)? {
            $(
                $(#[doc = $field_doc:literal])+
                $vis:vis $field:ident: $type:ty = $json:literal $($mark:ident)?
                $(, default $default:expr)? $(, advise $advice:path)?;
            )+
            $(..$further:ident;)?
        }
        $(due $due:ident where $decider:ident is $word:expr;)?
        $(advise $rule:ident($($slot:ident),+);)*
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq $($(, $derive)+)?)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[doc = $field_doc])+ $vis $field: $crate::declare::held!($type $(, $mark)?),)+
            $(pub(crate) $further: $crate::FreeForm,)?
        }

        const _: () = {
            #[allow(dead_code, reason = "not every object has rules that name its fields")]
            pub(crate) struct Names {
                $(pub(crate) $field: &'static str,)+
            }

            impl $crate::declare::Named for $name {
                type Names = Names;
                const NAMES: Names = Names { $($field: $json,)+ };
            }
        };

        const _: () = assert!(
            $name::OBJECT.fields.len() <= $crate::report::FieldSet::CAPACITY,
            "the object has more fields than a report can hold"
        );

        impl $name {
            /// What the contract says of this object.
            pub const OBJECT: &'static $crate::declaration::Object = {
                use $crate::{declaration::{Direction, Field, Further, Object, Presence}, read::walk::Walk};
                const DIRECTION: Direction = $crate::declare::direction!($direction);
                &Object {
                    name: stringify!($name),
                    doc: concat!($($doc, "\n"),+),
                    direction: DIRECTION,
                    fields: &[$(Field {
                        name: $json,
                        doc: concat!($($field_doc, "\n"),+),
                        r#type: <$type as Walk>::TYPE,
                        presence: $crate::declare::last!(Presence::Optional $(, $crate::declare::presence!($mark))?),
                        default: match DIRECTION {
                            Direction::Request => $crate::declare::last!(<$type as Walk>::DEFAULT $(, Some($default))?),
                            Direction::Response => None,
                        },
                        advice: $crate::declare::last!(None $(, Some($advice))?),
                    }),+],
                    further: $crate::declare::last!(Further::Refused $(, { let _ = stringify!($further); Further::Kept })?),
                    due: $crate::declare::last!(None $(, Some($crate::declaration::Due {
                        field: <$name as $crate::declare::Named>::NAMES.$due,
                        when: <$name as $crate::declare::Named>::NAMES.$decider,
                        is: $word.as_str(),
                    }))?),
                    answer: $crate::declare::last!(None $(, Some(<$answer>::OBJECT))?),
                    check: |reader, text| reader.text::<$name, false>(text, &mut None),
                    #[cfg(feature = "schema")]
                    subschema: |generator| generator.subschema_for::<$name>(),
                }
            };
        }

        impl $crate::read::walk::Walk for $name {
            const TYPE: $crate::declaration::Type = $crate::declaration::Type::Object(Self::OBJECT);
            const DEPTH: u32 =
                $crate::declare::last!($crate::read::walk::PART_DEPTH $(, { let _ = stringify!($document); 0 })?);

            #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
            fn walk<'t, S: $crate::read::Source<'t>, const BUILD: bool>(
                source: &mut S,
                kind: $crate::read::Kind,
                at: $crate::read::walk::At<'_>,
                context: &mut $crate::read::walk::Context<'_>,
                value: &mut Option<Self>,
            ) -> Result<$crate::read::walk::Walked, $crate::read::Stop> {
                use $crate::{
                    read::object::{Given, Members, Scope, Slot},
                    report::FieldSet,
                };
                struct Slots {
                    $($field: Slot<$type>,)+
                }
                impl Slots {
                    $(
                        fn $field(&self) -> Given<'_, $type> {
                            let index = Index::$field;
                            Given { field: index.field(), index: index as u32, slot: &self.$field }
                        }
                    )+

                    /// The object, unless a field is missing.
                    fn assemble(self $(, $further: $crate::FreeForm)?) -> Option<$name> {
                        Some($name {
                            $($field: $crate::declare::taken!(self.$field.value $(, $mark)?),)+
                            $($further,)?
                        })
                    }
                }
                $crate::declare::indices!($name: $($field),+);

                if kind != $crate::read::Kind::Object {
                    return context.wrong_type(source, at, kind, &Self::TYPE);
                }
                let object = Self::OBJECT;
                let frame = at.enter();
                let violations = context.violation_count();
                let start = source.position();
                let mut slots = Slots { $($field: Slot::absent(),)+ };
                let mut members = Members::new(object, &frame);
                source.known_object(|text| {
                    $(if text.starts_with(concat!("\"", $json, "\":").as_bytes()) { return Some($json); })+
                    None
                }, |source, name| match &*name.text {
                    $($json => slots.$field.fill::<S, BUILD>(Index::$field.field(), source, &name, &frame, object.direction, context),)+
                    _ => members.undocumented::<S, BUILD>(source, &name, context),
                })?;
                let end = source.position();
                let mut scope = Scope { frame: &frame, context, object, start, end, lacks: FieldSet::default() };
                $(scope.presence(slots.$field());)+
                $(scope.due(slots.$decider.value.as_ref().is_some_and(|word| *word == $word), slots.$due());)?
                $($rule(&mut scope, $(slots.$slot()),+);)*
                scope.finish();
                if BUILD && context.violation_count() == violations {
                    *value = slots.assemble($(members.$further.unwrap_or_default())?);
                }
                Ok($crate::read::walk::SOUND)
            }
        }

        $(
            impl $name {
                /// The fields that the contract does not document, with their values.
                #[must_use]
                pub fn further(&self) -> &serde_json::Map<String, serde_json::Value> {
                    self.$further.as_map()
                }

                /// Adds a field that the contract does not document, or replaces its value.
                ///
                /// # Errors
                /// If the contract documents a field of that name, or JSON text cannot hold the value.
                pub fn insert_further(
                    &mut self,
                    name: impl Into<String>,
                    value: impl Into<serde_json::Value>,
                ) -> Result<(), $crate::FieldError> {
                    let name = name.into();
                    if Self::OBJECT.field(&name).is_some() {
                        return Err($crate::FieldError::documented(name));
                    }
                    self.$further.insert(name, value)
                }

                /// Removes a field that the contract does not document.
                pub fn remove_further(&mut self, name: &str) -> Option<serde_json::Value> {
                    self.$further.remove(name)
                }
            }
        )?

        impl $crate::read::walk::Walk for Vec<$name> {
            const TYPE: $crate::declaration::Type =
                $crate::declaration::Type::List(&$crate::declaration::Type::Object($name::OBJECT));

            #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
            fn walk<'t, S: $crate::read::Source<'t>, const BUILD: bool>(
                source: &mut S,
                kind: $crate::read::Kind,
                at: $crate::read::walk::At<'_>,
                context: &mut $crate::read::walk::Context<'_>,
                value: &mut Option<Self>,
            ) -> Result<$crate::read::walk::Walked, $crate::read::Stop> {
                $crate::read::leaves::objects::<S, $name, BUILD>(source, kind, at, context, value)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $($crate::declare::put!(map, $json, &self.$field $(, $mark)?);)+
                $(self.$further.put_into(&mut map)?;)?
                map.end()
            }
        }

        $crate::declare::deserialize!($name);
        $($crate::declare::document!($name, $document);)?

        #[cfg(feature = "schema")]
        $crate::schema::json_schema!($name, |generator| $crate::schema::object($name::OBJECT, generator));
    };
}

/// A whole document of the contract.
macro_rules! document {
    ($name:ident, document) => {
        impl $crate::Document for $name {
            const OBJECT: &'static $crate::declaration::Object = $name::OBJECT;
        }
    };
}

/// An object's fields by their Rust names, for rules that name one.
pub(crate) trait Named {
    type Names;
    /// The fields' names in JSON.
    const NAMES: Self::Names;
}

/// The last of several expressions: an optional one after its substitute.
macro_rules! last {
    ($substitute:expr) => {
        $substitute
    };
    ($substitute:expr, $given:expr) => {
        $given
    };
}

/// The fields' numbers in the order of their declaration.
macro_rules! indices {
    ($object:ident: $($field:ident),+) => {
        #[derive(Clone, Copy)]
        #[expect(non_camel_case_types, reason = "each is a field's own name")]
        enum Index { $($field),+ }

        impl Index {
            const fn field(self) -> &'static $crate::declaration::Field {
                &$object::OBJECT.fields[self as usize]
            }
        }
    };
}

/// The type of a struct's field.
macro_rules! held {
    ($type:ty) => { Option<$type> };
    ($type:ty, listed) => { Option<$type> };
    ($type:ty, required) => { $type };
    ($type:ty, defaulted) => { $type };
}

/// The value of a struct's field from its slot.
macro_rules! taken {
    ($value:expr) => {
        $value
    };
    ($value:expr, listed) => {
        $value
    };
    ($value:expr, required) => {
        $value?
    };
    ($value:expr, defaulted) => {
        $value.unwrap_or_default()
    };
}

/// Writes a field, unless it is absent.
macro_rules! put {
    ($map:ident, $name:literal, $value:expr) => {
        if let Some(value) = $value {
            $map.serialize_entry($name, value)?;
        }
    };
    ($map:ident, $name:literal, $value:expr, listed) => {
        $crate::declare::put!($map, $name, $value)
    };
    ($map:ident, $name:literal, $value:expr, $mark:ident) => {
        $map.serialize_entry($name, $value)?
    };
}

macro_rules! presence {
    (required) => {
        Presence::Required
    };
    (defaulted) => {
        Presence::Defaulted
    };
    (listed) => {
        Presence::Listed
    };
}

macro_rules! direction {
    (request) => {
        Direction::Request
    };
    (response) => {
        Direction::Response
    };
}

/// `Deserialize` by the rules, from any format.
macro_rules! deserialize {
    ($type:ty) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::read::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use {
    bounded, deserialize, direction, document, held, indices, last, object, presence, put, taken, vocabulary,
};
