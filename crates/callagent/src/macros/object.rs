//! The macro `object!`.

/// Defines an object with documented fields.
///
/// ```ignore
/// object! {
///     /// Changes to the voice.
///     pub struct TtsUpdate in request, response AgentTts {
///         /// The text-to-speech service.
///         provider: OpenEnum<TtsProvider> = "provider" required;
///         /// The language.
///         language: String = "language", advisory LANGUAGE_TAG;
///         /// A key.
///         api_key: KeyChange = "elevenLabsApiKey";
///     }
///     require api_key if provider is TtsProvider::ElevenLabsByo;
///     advisory key_unused(provider, api_key);
/// }
/// ```
/// This defines the struct, its decoding, `OBJECT`, `Serialize`, and `JsonSchema` behind its feature. A field is an
/// `Option` unless it is `required` or `defaulted`; `documented` fields are documented for the response. A line
/// `..additional;` keeps undocumented fields. `set` adds a setter, `new` a constructor from the required fields, and
/// `response` the application of an update: each present field replaces the stored field of the same name, or is merged
/// into it if it is such an object itself; `=> unstored` marks a field that no response has. Rules and advisories that
/// span fields follow, as functions of the slots of fields.
macro_rules! object {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident $(($($derive:ident),+))? in $direction:ident
        $(, response $stored_type:ty)? $(, unset $unset:literal)? {
            $(
                $(#[doc = $field_doc:literal])+
                $vis:vis $field:ident: $type:ty = $json:literal $($mark:ident)?
                $(, default $default:expr)? $(, advisory $advisory:path)? $(, set $($set:ident)?)? $(=> $stored:ident)?;
            )+
            $(..$additional:ident;)?
        }
        $(new($($required:ident: $required_type:ty),+);)?
        $(require $conditional:ident if $condition:ident is $value:expr $(, note $note:literal)?;)*
        $(advisory $rule:ident($($slot:ident),+);)*
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq $($(, $derive)+)?)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[doc = $field_doc])+ $vis $field: $crate::macros::field_type!($type $(, $mark)?),)+
            $(pub(crate) $additional: $crate::values::FreeForm,)?
        }

        const _: () = {
            use $crate::{
                json::{Kind, Source, Halt},
                macros::Named,
                model::{Contract, Direction, Field, AdditionalProperties, Object, Presence, Type},
                read::{Path, Context, FieldRef, UnknownFields, Options, VALID, ObjectContext, Slot, Decode, Decoded, read_text},
                report::{FieldSet, Report},
            };

            const DIRECTION: Direction = $crate::macros::direction!($direction);
            const UNSET: &str = concat!("", $($unset)?);
            const FIELDS: &[Field] = &[$(Field {
                name: $json,
                doc: concat!($($field_doc, "\n"),+),
                r#type: <$type as Decode>::TYPE,
                presence: $crate::macros::last!(Presence::Optional $(, $crate::macros::presence!($mark))?),
                null: <$type as Decode>::TYPE.null(DIRECTION),
                open: matches!(DIRECTION, Direction::Response),
                default: match DIRECTION {
                    Direction::Request => $crate::macros::last!(<$type as Decode>::DEFAULT $(, Some($default))?),
                    Direction::Response => None,
                },
                unset: UNSET,
                advisory: $crate::macros::last!(None $(, Some($advisory))?),
            }),+];
            const _: () = assert!($($crate::json::is_plain_token($json))&&+, "a field name contains `~` or `/`");
            const _: () = assert!(FIELDS.len() <= FieldSet::CAPACITY, "the object has more fields than a report can hold");

            /// The indices of the fields, in the order of the macro.
            #[derive(Clone, Copy)]
            #[expect(non_camel_case_types, reason = "variants have the names of fields")]
            enum Index { $($field),+ }

            impl Index {
                const fn field(self) -> &'static Field {
                    &FIELDS[self as usize]
                }
            }

            /// The fields by their Rust names.
            #[allow(dead_code, reason = "not every object has rules about its fields")]
            pub(crate) struct ByName {
                $(pub(crate) $field: &'static Field,)+
            }

            impl Named for $name {
                type Fields = ByName;
                const FIELDS: ByName = ByName { $($field: Index::$field.field(),)+ };
            }

            impl $name {
                /// The model of this object.
                pub const OBJECT: &'static Object = &Object {
                    name: stringify!($name),
                    doc: concat!($($doc, "\n"),+),
                    direction: DIRECTION,
                    fields: FIELDS,
                    additional_properties: $crate::macros::last!(AdditionalProperties::Refused $(, { let _ = stringify!($additional); AdditionalProperties::Kept })?),
                    required_if: &[$($crate::model::RequiredIf {
                        field: Index::$conditional.field(),
                        if_field: Index::$condition.field(),
                        equals: $value.as_str(),
                        presence: match DIRECTION {
                            Direction::Request => Presence::Required,
                            Direction::Response => Presence::Documented,
                        },
                        note: $crate::macros::last!(None $(, Some($note))?),
                    }),*],
                    response: $crate::macros::last!(None $(, Some(<$stored_type>::OBJECT))?),
                };
            }

            struct Slots {
                $($field: Slot<$type>,)+
            }

            impl Slots {
                $(
                    fn $field(&self) -> FieldRef<'_, $type> {
                        FieldRef::new(Index::$field.field(), Index::$field as u32, &self.$field)
                    }
                )+

                /// Returns the object, unless a field is missing.
                fn assemble(self $(, $additional: &str)?) -> Option<$name> {
                    Some($name {
                        $($field: $crate::macros::from_slot!(self.$field.into_value() $(, $mark)?),)+
                        $($additional: $crate::values::FreeForm::from_entries_text($additional),)?
                    })
                }
            }

            impl Decode for $name {
                const TYPE: Type = Type::Object(Self::OBJECT);

                #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
                fn decode<'t, S: Source<'t>, const BUILD: bool>(
                    source: &mut S,
                    kind: Kind,
                    at: Path<'_>,
                    context: &mut Context<'_>,
                    value: &mut Option<Self>,
                ) -> Result<Decoded, Halt> {
                    if kind != Kind::Object {
                        return context.wrong_type(source, at, kind, &Self::TYPE);
                    }
                    let node = at.enter();
                    let violations = context.violation_count();
                    let start = source.position();
                    let mut slots = Slots { $($field: Slot::absent(),)+ };
                    let mut unknown = UnknownFields::new(Self::OBJECT, &node);
                    source.object_with_keys(|text| {
                        $(if text.starts_with(concat!("\"", $json, "\":").as_bytes()) { return Some($json); })+
                        None
                    }, |source, name| match &*name.text {
                        $($json => slots.$field.fill::<S, BUILD>(Index::$field.field(), source, &name, &node, context),)+
                        _ => unknown.undocumented::<S, BUILD>(source, &name, context),
                    })?;
                    let end = source.position();
                    let mut object = ObjectContext::new(&node, context, Self::OBJECT, start, end);
                    $(object.presence(slots.$field());)+
                    $(
                        if slots.$condition().value().is_some_and(|value| *value == $value) {
                            object.required_if(slots.$conditional());
                        }
                    )*
                    $($rule(&mut object, $(slots.$slot()),+);)*
                    object.finish();
                    if BUILD && context.violation_count() == violations {
                        *value = slots.assemble($({ let $additional = &unknown.kept; $additional })?);
                    }
                    Ok(VALID)
                }

                #[expect(private_interfaces, reason = "the trait cannot be named outside the crate")]
                fn check_part(
                    object: &'static Object,
                    text: &[u8],
                    options: &Options,
                    contract: &'static Contract,
                ) -> Option<Report> {
                    if object.name == Self::OBJECT.name {
                        return Some(read_text::<Self, false>(text, options, contract, &mut None));
                    }
                    None$(.or_else(|| <$type as Decode>::check_part(object, text, options, contract)))+
                }

                #[cfg(feature = "schema")]
                fn definition(generator: &mut schemars::SchemaGenerator, in_place: bool) -> Option<schemars::Schema> {
                    Some(if in_place {
                        <Self as schemars::JsonSchema>::json_schema(generator)
                    } else {
                        generator.subschema_for::<Self>()
                    })
                }
            }
        };

        impl $name {
            $($crate::macros::setter!($field: $type, $($field_doc)+ $(, set $($set)?)?);)+
        }

        $crate::macros::constructor!($name [$($($required: $required_type),+)?] [$(($field $(, $mark)?))+] [$($additional)?]);
        $crate::macros::application!($name [$($stored_type)?] [$(($field [$($mark)?] [$($stored)?]))+] [$($additional)?]);

        $(
            impl $name {
                /// Returns the undocumented fields with their values.
                #[must_use]
                pub fn additional_properties(&self) -> &serde_json::Map<String, serde_json::Value> {
                    self.$additional.as_map()
                }

                /// Inserts an undocumented field or replaces its value.
                ///
                /// # Errors
                /// If the contract documents a field with this name, or the value cannot be written as JSON text.
                pub fn insert_additional_property(
                    &mut self,
                    name: impl Into<String>,
                    value: impl Into<serde_json::Value>,
                ) -> Result<(), $crate::values::FieldError> {
                    let name = name.into();
                    if Self::OBJECT.field(&name).is_some() {
                        return Err($crate::values::FieldError::documented(name));
                    }
                    self.$additional.insert(name, value)
                }

                /// Removes an undocumented field.
                pub fn remove_additional_property(&mut self, name: &str) -> Option<serde_json::Value> {
                    self.$additional.remove(name)
                }
            }
        )?

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $($crate::macros::put!(map, $json, &self.$field $(, $mark)?);)+
                $(self.$additional.put_into(&mut map)?;)?
                map.end()
            }
        }

        #[cfg(feature = "schema")]
        $crate::schema::json_schema!($name, |generator| {
            let definitions: &[fn(&mut schemars::SchemaGenerator, bool) -> Option<schemars::Schema>] =
                &[$(<$type as $crate::read::Decode>::definition),+];
            $crate::schema::object($name::OBJECT, definitions, generator)
        });
    };
}

/// The fields of an object by their Rust names, for rules that refer to them.
pub(crate) trait Named {
    type Fields;
    const FIELDS: Self::Fields;
}

/// Expands to the type of a field of the struct.
macro_rules! field_type {
    ($type:ty) => { Option<$type> };
    ($type:ty, documented) => { Option<$type> };
    ($type:ty, required) => { $type };
    ($type:ty, defaulted) => { $type };
}

/// Expands to the value of a field of the struct from its slot.
macro_rules! from_slot {
    ($value:expr) => {
        $value
    };
    ($value:expr, documented) => {
        $value
    };
    ($value:expr, required) => {
        $value?
    };
    ($value:expr, defaulted) => {
        $value.unwrap_or_default()
    };
}

/// Expands to the initial value of a field in the constructor from required fields.
macro_rules! initial {
    ($field:ident) => {
        None
    };
    ($field:ident, required) => {
        $field
    };
}

/// Defines a setter: by conversion into the type, from `each` item of a list, or from a value that has to be `checked`.
macro_rules! setter {
    ($field:ident: $type:ty, $($doc:literal)+) => {};
    ($field:ident: $type:ty, $($doc:literal)+, set) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        $(#[doc = $doc])+
        #[must_use]
        pub fn $field(mut self, $field: impl Into<$type>) -> Self {
            self.$field = Some($field.into());
            self
        }
    };
    ($field:ident: $type:ty, $($doc:literal)+, set each) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        $(#[doc = $doc])+
        #[must_use]
        pub fn $field<I: Into<<$type as IntoIterator>::Item>>(mut self, $field: impl IntoIterator<Item = I>) -> Self {
            self.$field = Some($field.into_iter().map(Into::into).collect());
            self
        }
    };
    ($field:ident: $type:ty, $($doc:literal)+, set checked) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        $(#[doc = $doc])+
        ///
        /// # Errors
        /// If the value is out of range.
        pub fn $field(
            mut self,
            $field: impl TryInto<$type, Error: std::fmt::Display>,
        ) -> Result<Self, $crate::values::FieldError> {
            let name = <Self as $crate::macros::Named>::FIELDS.$field.name;
            self.$field = Some($field.try_into().map_err(|error| $crate::values::FieldError::new(name, error))?);
            Ok(self)
        }
    };
}

/// Defines the constructor from the required fields.
macro_rules! constructor {
    ($name:ident [] [$($fields:tt)+] [$($additional:ident)?]) => {};
    ($name:ident [$($required:ident: $type:ty),+] [$(($field:ident $(, $mark:ident)?))+] [$($additional:ident)?]) => {
        impl $name {
            /// Creates the object with only its required fields.
            fn with_required($($required: $type),+) -> Self {
                $name {
                    $($field: $crate::macros::initial!($field $(, $mark)?),)+
                    $($additional: $crate::values::FreeForm::new(),)?
                }
            }
        }
    };
}

/// Implements the application of an update.
macro_rules! application {
    ($name:ident [] [$($fields:tt)+] [$($additional:ident)?]) => {};
    ($name:ident [$stored:ty] [$(($field:ident $mark:tt $how:tt))+] [$($additional:ident)?]) => {
        impl $name {
            /// Replaces or merges each present field.
            pub(super) fn merge_into(self, stored: &mut $stored) {
                $($crate::macros::apply!(self, stored, $field $mark $how);)+
                // Both objects document the same names, so none of these is documented.
                $(stored.$additional.merge(&self.$additional);)?
            }
        }

        impl $crate::values::ApplyTo<$stored> for $name {
            fn apply_to(self, stored: &mut Option<$stored>) {
                self.merge_into(stored.get_or_insert_default());
            }
        }

        /// A list replaces the stored list.
        impl $crate::values::ApplyTo<Vec<$stored>> for Vec<$name> {
            fn apply_to(self, stored: &mut Option<Vec<$stored>>) {
                let new = self.into_iter().map(|item| {
                    let mut new = <$stored>::default();
                    item.merge_into(&mut new);
                    new
                });
                *stored = Some(new.collect());
            }
        }
    };
}

/// Applies a field of an update to the stored one.
macro_rules! apply {
    ($update:ident, $stored:ident, $field:ident $mark:tt [unstored]) => {};
    ($update:ident, $stored:ident, $field:ident [] []) => {
        if let Some(value) = $update.$field {
            $crate::values::ApplyTo::apply_to(value, &mut $stored.$field);
        }
    };
    ($update:ident, $stored:ident, $field:ident [$mark:ident] []) => {
        $crate::values::ApplyTo::apply_to($update.$field, &mut $stored.$field)
    };
}

/// Serializes a field, unless it is absent.
macro_rules! put {
    ($map:ident, $name:literal, $value:expr) => {
        if let Some(value) = $value {
            $map.serialize_entry($name, value)?;
        }
    };
    ($map:ident, $name:literal, $value:expr, documented) => {
        $crate::macros::put!($map, $name, $value)
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
    (documented) => {
        Presence::Documented
    };
}

pub(crate) use {application, apply, constructor, field_type, from_slot, initial, object, presence, put, setter};
