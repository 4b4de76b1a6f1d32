//! The TypeScript declarations.

use askama::Template;
use callagent::{
    AgentId,
    declaration::{Direction, Due, Field, Further, Object, Type},
};

use super::paragraph;

pub(super) const FILE: &str = "typescript/callagent.d.ts";

#[derive(Template)]
#[template(path = "callagent.d.ts", escape = "none")]
struct Declarations {
    prefix: &'static str,
    command: &'static str,
    numbers: Vec<Number>,
    /// Further rules that types cannot say.
    unsaid: Vec<String>,
    vocabularies: Vec<Words>,
    objects: Vec<Interface>,
}

/// Where a bounded number stands, and its rule in words.
struct Number {
    path: String,
    rule: String,
}

struct Words {
    name: &'static str,
    doc: String,
    words: &'static [&'static str],
}

struct Interface {
    name: &'static str,
    doc: String,
    fields: Vec<Member>,
    opens: bool,
    due: Option<Alternatives>,
}

/// What stands in the place of the field that decides and the one that is due.
struct Alternatives {
    alternatives: [[Member; 2]; 2],
}

struct Member {
    /// With a question mark where it may be left out.
    name: String,
    r#type: String,
    doc: String,
}

pub(super) fn declarations() -> Result<String, String> {
    let objects = super::objects();
    let vocabulary = |vocabulary: &&'static callagent::declaration::Vocabulary| Words {
        name: vocabulary.name,
        doc: paragraph(&vocabulary.description(), " * ", 7),
        words: vocabulary.words,
    };
    let declarations = Declarations {
        prefix: AgentId::PATH_PREFIX,
        command: crate::schema::COMMAND,
        numbers: objects.iter().flat_map(|object| numbers(object)).collect(),
        unsaid: objects.iter().filter_map(|object| due(object)).map(|due| format!("`{}` {due}", due.field)).collect(),
        vocabularies: super::vocabularies().iter().map(vocabulary).collect(),
        objects: objects.iter().rev().map(|object| interface(object)).collect(),
    };
    declarations.render().map_err(|error| format!("cannot write {FILE}: {error}"))
}

fn due(object: &Object) -> Option<Due> {
    object.due.filter(|_| object.direction == Direction::Request)
}

fn numbers(object: &'static Object) -> impl Iterator<Item = Number> {
    object.fields.iter().filter(|field| matches!(field.r#type, Type::Integer(_) | Type::Number(_))).map(|field| {
        Number { path: format!("{}.{}", object.name, field.name), rule: field.r#type.to_string() }
    })
}

fn interface(object: &'static Object) -> Interface {
    let due = due(object);
    let is_common = |field: &&Field| due.is_none_or(|due| ![due.field, due.when].contains(&field.name));
    Interface {
        name: object.name,
        doc: paragraph(&object.description(), " * ", 7),
        fields: object.fields.iter().filter(is_common).map(|field| member(object, field)).collect(),
        opens: object.further == Further::Kept,
        due: due.and_then(|due| alternatives(object, due)),
    }
}

/// The deciding field with its word and the other one due, and with any other word.
fn alternatives(object: &'static Object, due: Due) -> Option<Alternatives> {
    let (when, field) = (object.field(due.when)?, object.field(due.field)?);
    let [decides, otherwise] = [format!("\"{}\"", due.is), format!("Exclude<{}, \"{}\">", r#type(&when.r#type, object.direction), due.is)]
        .map(|r#type| Member { r#type, ..member(object, when) });
    let given = Member { name: due.field.to_owned(), r#type: "string".to_owned(), ..member(object, field) };
    Some(Alternatives { alternatives: [[decides, given], [otherwise, member(object, field)]] })
}

fn member(object: &'static Object, field: &'static Field) -> Member {
    let is_response = object.direction == Direction::Response;
    let optional = if field.is_required() { "" } else { "?" };
    let null = if is_response { " | null" } else { "" };
    Member {
        name: format!("{}{optional}", field.name),
        r#type: format!("{}{null}", r#type(&field.r#type, object.direction)),
        doc: paragraph(&field.description(), "   * ", 9),
    }
}

fn r#type(of: &'static Type, direction: Direction) -> String {
    match of {
        Type::Text | Type::Key => "string".to_owned(),
        Type::KeyOrNull => "string | null".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Integer(_) | Type::Number(_) => "number".to_owned(),
        Type::Word(vocabulary) if direction == Direction::Request => vocabulary.name.to_owned(),
        Type::Word(vocabulary) => format!("Open<{}>", vocabulary.name),
        Type::List(item) => format!("{}[]", r#type(item, direction)),
        Type::Object(object) => object.name.to_owned(),
        Type::FreeForm => "FreeForm".to_owned(),
    }
}
