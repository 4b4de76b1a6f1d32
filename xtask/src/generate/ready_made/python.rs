//! The Python module: pydantic models.

use askama::Template;
use callagent::{
    AgentId, Code,
    model::{AdditionalProperties, DefaultValue, Direction, Field, Object, Presence, RequiredIf, Type},
};
use callagent_testkit::objects;

use super::{Alias, paragraph};

pub(crate) const FILE: &str = "python/callagent.py";

#[derive(Template)]
#[template(path = "callagent.py", escape = "none")]
struct Module {
    prefix: &'static str,
    command: &'static str,
    codes: Codes,
    /// Attributes whose names differ from those in JSON.
    renamed: Vec<(&'static str, &'static str)>,
    names: Vec<&'static str>,
    aliases: Vec<Alias>,
    objects: Vec<Model>,
}

struct Codes {
    malformed: Code,
    missing_field: Code,
    out_of_range: Code,
    unknown_field: Code,
    unknown_value: Code,
    wrong_type: Code,
}

struct Model {
    name: &'static str,
    doc: String,
    base: &'static str,
    /// Whether it is an object of a request that accepts additional fields.
    opens: bool,
    fields: Vec<Attribute>,
    required_if: Vec<&'static RequiredIf>,
}

struct Attribute {
    name: &'static str,
    in_json: &'static str,
    annotation: String,
    default: Option<String>,
    doc: String,
}

pub(super) fn module(command: &'static str) -> Result<String, String> {
    let aliases = super::aliases(|description| paragraph(description, "", 6));
    // Each object follows those that it contains.
    let objects: Vec<_> = objects().into_iter().rev().map(model).collect();
    let fields = objects.iter().flat_map(|object| &object.fields);
    let names = aliases.iter().map(|alias| alias.name).chain(objects.iter().map(|object| object.name));
    let module = Module {
        prefix: AgentId::PATH_PREFIX,
        command,
        codes: Codes {
            malformed: Code::MALFORMED,
            missing_field: Code::MISSING_FIELD,
            out_of_range: Code::OUT_OF_RANGE,
            unknown_field: Code::UNKNOWN_FIELD,
            unknown_value: Code::UNKNOWN_VALUE,
            wrong_type: Code::WRONG_TYPE,
        },
        renamed: fields.filter(|field| field.name != field.in_json).map(|field| (field.name, field.in_json)).collect(),
        names: names.collect(),
        aliases,
        objects,
    };
    module.render().map_err(|error| format!("cannot write {FILE}: {error}"))
}

fn model(object: &'static Object) -> Model {
    let is_request = object.direction == Direction::Request;
    Model {
        name: object.name,
        doc: paragraph(&object.description(), "    ", 10),
        base: if is_request { "_Request" } else { "_Response" },
        opens: is_request && object.additional_properties == AdditionalProperties::Kept,
        fields: object.fields.iter().map(|field| attribute(object, field)).collect(),
        required_if: object.conditions().collect(),
    }
}

fn attribute(object: &'static Object, field: &'static Field) -> Attribute {
    let name = field.name.trim_start_matches('_');
    let annotation = annotation(&field.r#type, object.direction);
    let (annotation, default) = match (field.presence, object.direction) {
        (Presence::Required, _) => (annotation, None),
        (Presence::Defaulted, _) => (annotation, field.default.map(constant)),
        (_, Direction::Request) if !matches!(field.r#type, Type::KeyOrNull) => {
            (format!("_OrAbsent[{annotation}]"), Some("None".to_owned()))
        }
        _ => (format!("{annotation} | None"), Some("None".to_owned())),
    };
    let is_conditional = object.conditions().any(|rule| rule.field.name == field.name);
    let default = match default {
        Some(default) if is_conditional => Some(format!("Field(default={default}, validate_default=True)")),
        Some(default) if name != field.name => Some(format!("Field(default={default}, alias=\"{}\")", field.name)),
        default => default,
    };
    Attribute { name, in_json: field.name, annotation, default, doc: paragraph(&field.description(), "    ", 10) }
}

fn annotation(r#type: &'static Type, direction: Direction) -> String {
    match r#type {
        Type::Text => "str".to_owned(),
        Type::Key | Type::KeyOrNull => "_Key".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Integer(_) => format!("_Integer[Annotated[int, Field({})]]", bounds(r#type)),
        Type::Number(_) => format!("Annotated[float, Field({})]", bounds(r#type)),
        Type::Enum(vocabulary) if direction == Direction::Request => format!("_Enum[{}]", vocabulary.name),
        Type::Enum(vocabulary) => format!("_OpenEnum[{}]", vocabulary.name),
        Type::List(item) => format!("list[{}]", annotation(item, direction)),
        Type::Object(object) => object.name.to_owned(),
        Type::FreeForm => "_FreeForm".to_owned(),
    }
}

fn bounds(r#type: &Type) -> String {
    let bounds = ["ge", "le"].into_iter().zip(r#type.bounds());
    bounds.filter_map(|(name, bound)| Some(format!("{name}={}", bound?))).collect::<Vec<_>>().join(", ")
}

fn constant(constant: DefaultValue) -> String {
    match constant {
        DefaultValue::Boolean(true) => "True".to_owned(),
        DefaultValue::Boolean(false) => "False".to_owned(),
        DefaultValue::Integer(value) => value.to_string(),
        DefaultValue::String(value) => format!("\"{value}\""),
    }
}
