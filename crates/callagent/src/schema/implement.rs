//! A macro that implements `JsonSchema` by a function.

/// Implements `JsonSchema` for a type.
macro_rules! json_schema {
    ($name:ident, $schema:expr) => {
        $crate::schema::json_schema!($name as stringify!($name), $schema);
    };
    ($name:ident as $schema_name:expr, $schema:expr) => {
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $schema_name.into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema = $schema;
                schema(generator)
            }
        }
    };
}
pub(crate) use json_schema;
