//! The TypeScript declarations.

use askama::Template;
use callagent::{
    AgentId,
    model::{AdditionalProperties, Direction, Field, Object, Presence, RequiredIf, Type},
};
use callagent_testkit::objects;

use super::{Alias, paragraph};

pub(crate) const FILE: &str = "typescript/callagent.d.ts";

#[derive(Template)]
#[template(path = "callagent.d.ts", escape = "none")]
struct Declarations {
    prefix: &'static str,
    command: &'static str,
    inexpressible: Vec<Inexpressible>,
    aliases: Vec<Alias>,
    objects: Vec<Interface>,
}

/// A rule that types cannot express.
struct Inexpressible {
    path: String,
    rule: String,
}

struct Interface {
    name: &'static str,
    doc: String,
    fields: Vec<Property>,
    opens: bool,
    required_if: Option<Binding>,
}

/// A field that is required if another one has a certain value.
struct Binding {
    rule: &'static RequiredIf,
    /// The type of the values.
    vocabulary: &'static str,
}

struct Property {
    name: &'static str,
    is_optional: bool,
    value: String,
    doc: String,
}

pub(super) fn declarations(command: &'static str) -> Result<String, String> {
    let objects = objects();
    let declarations = Declarations {
        prefix: AgentId::PATH_PREFIX,
        command,
        inexpressible: objects.iter().flat_map(|object| inexpressible(object)).collect(),
        aliases: super::aliases(|description| comment(description, "")),
        objects: objects.iter().map(|object| interface(object)).collect(),
    };
    declarations.render().map_err(|error| format!("cannot write {FILE}: {error}"))
}

fn inexpressible(object: &'static Object) -> impl Iterator<Item = Inexpressible> {
    let path = |field| format!("{}.{field}", object.name);
    let is_bounded = |field: &&Field| matches!(field.r#type, Type::Integer(_) | Type::Number(_));
    let bounded = object.fields.iter().filter(is_bounded);
    let bounded =
        bounded.map(move |field| Inexpressible { path: path(field.name), rule: format!("is {}", field.r#type) });
    bounded.chain(
        object.conditions().map(move |rule| Inexpressible { path: path(rule.field.name), rule: rule.to_string() }),
    )
}

fn interface(object: &'static Object) -> Interface {
    let binding = |rule: &'static RequiredIf| match rule.if_field.r#type {
        Type::Enum(vocabulary) => Some(Binding { rule, vocabulary: vocabulary.name }),
        _ => None,
    };
    Interface {
        name: object.name,
        doc: comment(&object.description(), ""),
        fields: object.fields.iter().map(|field| property(object, field)).collect(),
        opens: object.additional_properties == AdditionalProperties::Kept,
        required_if: object.conditions().next().and_then(binding),
    }
}

fn property(object: &'static Object, field: &'static Field) -> Property {
    let null = if object.direction == Direction::Response { " | null" } else { "" };
    let description = match (field.presence, field.default) {
        (Presence::Defaulted, Some(default)) => {
            format!("{} An absent field is read as `{default}`.", field.description())
        }
        _ => field.description(),
    };
    Property {
        name: field.name,
        is_optional: !field.is_required(),
        value: format!("{}{null}", r#type(&field.r#type, object.direction)),
        doc: comment(&description, "  "),
    }
}

fn r#type(of: &'static Type, direction: Direction) -> String {
    match of {
        Type::Text | Type::Key => "string".to_owned(),
        Type::KeyOrNull => "string | null".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Integer(_) | Type::Number(_) => "number".to_owned(),
        Type::Enum(vocabulary) if direction == Direction::Request => vocabulary.name.to_owned(),
        Type::Enum(vocabulary) => format!("Open<{}>", vocabulary.name),
        Type::List(item) => format!("{}[]", r#type(item, direction)),
        Type::Object(object) => object.name.to_owned(),
        Type::FreeForm => "FreeForm".to_owned(),
    }
}

/// A description as a comment, on one line if it fits.
fn comment(description: &str, indent: &str) -> String {
    let margin = format!("{indent} * ");
    let text = paragraph(description, &margin, margin.len() + " */".len());
    if text.contains('\n') { format!("/**\n{margin}{text}\n{indent} */") } else { format!("/** {text} */") }
}
