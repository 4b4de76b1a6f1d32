//! The reference page for people, one HTML file, from the declarations, the codes' explanations, and what the vectors
//! find where.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use askama::Template;
use callagent::{
    Agent, AgentId, Code, Explanation, KEY_HEADER, ProblemType, REFERENCE, Severity, UpdateAgent, WorkspaceId,
    declaration::{Direction, Field, Object, Presence, Type},
    schema,
};
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd, html};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    vectors::{self, Case},
    world,
};

#[derive(Template)]
#[template(path = "reference.html")]
struct Page {
    style: &'static str,
    command: &'static str,
    version: &'static str,
    path: String,
    path_parts: Vec<String>,
    parameter: &'static str,
    header: &'static str,
    key_header: &'static str,
    deep: Deep,
    documents: [Document; 2],
    codes: Vec<CodeEntry>,
    problems: &'static [ProblemType],
    changes: String,
}

/// A pointer with its anchor, to show how one becomes the other.
struct Deep {
    pointer: &'static str,
    anchor: String,
    parts: Vec<String>,
}

struct Document {
    anchor: &'static str,
    title: String,
    noun: &'static str,
    direction: Direction,
    description: String,
    fields: Vec<FieldEntry>,
    examples: Vec<(&'static str, String)>,
}

struct FieldEntry {
    anchor: String,
    depth: usize,
    /// The path, in parts that a line may break between.
    parts: Vec<String>,
    /// The last name of the path, in such parts.
    own_parts: Vec<String>,
    description: String,
    /// The value in a word or two.
    kind: &'static str,
    value: String,
    words: &'static [&'static str],
    /// Whether it must be there, in a word or two.
    brief: &'static str,
    presence: String,
    null: &'static str,
    example: Option<String>,
    /// Why it is so, where the service's page leaves it open.
    settled: Option<String>,
    /// What is found there.
    codes: BTreeSet<Code>,
}

struct CodeEntry {
    name: Code,
    explanation: &'static Explanation,
    brief: &'static str,
    severity: &'static str,
    meaning: String,
    reason: String,
    mend: String,
    document: &'static str,
}

/// The page, with its name below `schemas/`.
///
/// # Errors
/// A fixture or the changelog cannot be read, or the template not be filled.
pub(crate) fn file() -> Result<(&'static str, String), String> {
    let name = REFERENCE.strip_prefix("schemas/").ok_or_else(|| format!("{REFERENCE} is not below schemas/"))?;
    let pointer = "/gapBetweenEachAttemptForSmartCallback/0/days";
    let deep = world::declared(UpdateAgent::OBJECT, pointer).map(|(path, _)| anchor(UPDATE, &path));
    let deep = deep.ok_or_else(|| format!("{pointer} is not documented"))?;
    let path = format!("{}{{{}}}", AgentId::PATH_PREFIX, AgentId::PARAMETER);
    let page = Page {
        style: include_str!("../templates/reference.css"),
        command: crate::schema::COMMAND,
        version: env!("CARGO_PKG_VERSION"),
        path_parts: parts(&path),
        path,
        parameter: AgentId::PARAMETER,
        header: WorkspaceId::HEADER,
        key_header: KEY_HEADER,
        deep: Deep { pointer, parts: parts(&format!("#{deep}")), anchor: deep },
        documents: documents()?,
        codes: Code::ALL.iter().map(|code| code_entry(*code)).collect(),
        problems: ProblemType::ALL,
        changes: changes()?,
    };
    page.render().map(|text| (name, text)).map_err(|error| format!("cannot write {REFERENCE}: {error}"))
}

const UPDATE: &str = "update-agent";
const AGENT: &str = "agent";

/// The anchor of a field: `update-agent.ttsModel.provider`. It is a JSON Pointer without its indices.
fn anchor(document: &str, path: &[&str]) -> String {
    [&[document], path].concat().join(".")
}

fn documents() -> Result<[Document; 2], String> {
    let settled = settled()?;
    let examples = |schema: &Value| schema.get("examples").and_then(Value::as_array).cloned().unwrap_or_default();
    let updates = examples(&schema::update_agent().to_value());
    let agents = examples(&schema::agent().to_value());
    let found = found(&vectors::read()?);
    let documented = read("fixtures/documented/example.json")?;
    let captions = ["The least.", "With more."];
    let shown = |examples: &[Value]| {
        captions.into_iter().zip(examples.iter().map(|example| format!("{example:#}"))).collect::<Vec<_>>()
    };
    let mut shown_agents = shown(&agents);
    shown_agents.push(("The one that the service documents; its model is none of the listed ones.", documented));
    let update = Source { anchor: UPDATE, examples: &updates, settled: &settled, found: &found };
    let agent = Source { anchor: AGENT, examples: &agents, settled: &settled, found: &found };
    Ok([
        Document {
            title: format!("Request: {}", UpdateAgent::OBJECT.name),
            noun: "a request",
            examples: shown(&updates),
            ..update.document(UpdateAgent::OBJECT)
        },
        Document {
            title: format!("Response: {}", Agent::OBJECT.name),
            noun: "a response",
            examples: shown_agents,
            ..agent.document(Agent::OBJECT)
        },
    ])
}

/// What fields are described from, beside their declarations.
struct Source<'s> {
    anchor: &'static str,
    examples: &'s [Value],
    settled: &'s BTreeMap<String, String>,
    found: &'s BTreeMap<String, BTreeSet<Code>>,
}

impl Source<'_> {
    fn document(&self, object: &'static Object) -> Document {
        let mut fields = Vec::new();
        self.fields(object, &[], &mut fields);
        Document {
            anchor: self.anchor,
            title: String::new(),
            noun: "",
            direction: object.direction,
            description: markdown(&object.description()),
            fields,
            examples: Vec::new(),
        }
    }

    fn fields(&self, object: &'static Object, path: &[&'static str], entries: &mut Vec<FieldEntry>) {
        for field in object.fields {
            let path = [path, &[field.name]].concat();
            entries.push(self.field(object, field, &path));
            if let Some(object) = world::object_of(&field.r#type) {
                self.fields(object, &path, entries);
            }
        }
    }

    fn field(&self, object: &'static Object, field: &'static Field, path: &[&'static str]) -> FieldEntry {
        let anchor = anchor(self.anchor, path);
        let due = object.due.filter(|due| due.field == field.name && object.direction == Direction::Request);
        let mut presence = presence(object.direction, field);
        if let Some(due) = due {
            presence = format!("{presence} It {due}.");
        }
        let (value, words) = match field.r#type {
            Type::Word(vocabulary) if object.direction == Direction::Request => {
                ("one of these words:", vocabulary.words)
            }
            Type::Word(vocabulary) => ("a string; the known words are:", vocabulary.words),
            _ => ("", [].as_slice()),
        };
        let value = if value.is_empty() { field.r#type.to_string() } else { value.to_owned() };
        FieldEntry {
            depth: path.len() - 1,
            parts: parts(&path.join(".")),
            own_parts: parts(field.name),
            description: markdown(&field.description()),
            kind: kind(&field.r#type),
            value: markdown_inline(&value),
            words,
            brief: if due.is_some() { "by a rule" } else { brief(field.presence) },
            presence: markdown_inline(&presence),
            null: null(object.direction, &field.r#type),
            example: self.examples.iter().rev().find_map(|example| look_up(example, path)).map(Value::to_string),
            settled: self.settled.get(&anchor).map(|reason| markdown_inline(reason)),
            codes: self.found.get(&anchor).cloned().unwrap_or_default(),
            anchor,
        }
    }
}

fn kind(r#type: &Type) -> &'static str {
    match r#type {
        Type::Text | Type::Key => "string",
        Type::KeyOrNull => "string or null",
        Type::Boolean => "boolean",
        Type::Integer(_) => "integer",
        Type::Number(_) => "number",
        Type::Word(_) => "word",
        Type::List(_) => "array",
        Type::Object(_) | Type::FreeForm => "object",
    }
}

fn brief(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "yes",
        Presence::Optional | Presence::Defaulted => "no",
        Presence::Listed => "expected",
    }
}

fn presence(direction: Direction, field: &Field) -> String {
    match (field.presence, field.default, direction) {
        (Presence::Required, ..) => "It is required.".to_owned(),
        (Presence::Defaulted, Some(default), _) => format!("It reads as `{default}`."),
        (Presence::Listed, ..) => "An advisory, since the service documents it for its answers.".to_owned(),
        (_, _, Direction::Request) => "What the agent has stays as it is.".to_owned(),
        (_, _, Direction::Response) => "Nothing is said of it.".to_owned(),
    }
}

fn null(direction: Direction, r#type: &Type) -> &'static str {
    match (direction, r#type) {
        (_, Type::KeyOrNull) => "Removes what is stored.",
        (Direction::Request, _) => "Refused.",
        (Direction::Response, _) => "Reads as absent.",
    }
}

fn code_entry(name: Code) -> CodeEntry {
    let explanation = name.explanation();
    let (brief, severity) = match explanation.severity {
        Severity::Violation => ("violation", "A violation."),
        Severity::Advisory => ("advisory", "An advisory, which leaves the document valid."),
        Severity::Tolerable => ("violation", "A violation; an advisory where a tolerance admits it."),
    };
    CodeEntry {
        name,
        explanation,
        brief,
        severity,
        meaning: markdown(explanation.meaning),
        reason: markdown_inline(explanation.reason),
        mend: markdown_inline(explanation.mend),
        document: match explanation.direction {
            Direction::Request => "a request",
            Direction::Response => "a response",
        },
    }
}

/// Which codes the vectors show at which field, by its anchor.
fn found(suites: &[vectors::Suite]) -> BTreeMap<String, BTreeSet<Code>> {
    let mut found: BTreeMap<String, BTreeSet<Code>> = BTreeMap::new();
    for vector in suites.iter().flat_map(|suite| &suite.vectors) {
        let Case::Judge(judge) = &vector.case else { continue };
        let (document, object) = match judge.direction {
            Direction::Request => (UPDATE, UpdateAgent::OBJECT),
            Direction::Response => (AGENT, Agent::OBJECT),
        };
        for (pointer, code) in judge.violations.iter().chain(&judge.advisories) {
            if let Some((path, _)) = world::declared(object, pointer) {
                found.entry(anchor(document, &path)).or_default().insert(*code);
            }
        }
    }
    found
}

/// Why a field is as it is, where the service's page leaves it open, by its anchor.
fn settled() -> Result<BTreeMap<String, String>, String> {
    #[derive(Deserialize)]
    struct Entry {
        path: String,
        direction: String,
        settled: Option<Settled>,
    }
    #[derive(Deserialize)]
    struct Settled {
        reason: String,
    }
    let file = "fixtures/documented/fields.json";
    let entries: Vec<Entry> = serde_json::from_str(&read(file)?).map_err(|error| format!("{file}: {error}"))?;
    let settled = entries.into_iter().filter_map(|Entry { path, direction, settled }| {
        let document = if direction == "request" { UPDATE } else { AGENT };
        Some((anchor(document, &[&path.replace("[]", "")]), settled?.reason))
    });
    Ok(settled.collect())
}

/// What a document holds at a path; of an array, its last item.
fn look_up<'v>(document: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(document, |value, name| {
        let object = value.as_array().map_or(Some(value), |items| items.last());
        object.and_then(|object| object.get(name))
    })
}

/// The changelog, without its title, below the page's headings.
fn changes() -> Result<String, String> {
    let text = read("CHANGELOG.md")?;
    let lower = |level: HeadingLevel| HeadingLevel::try_from(level as usize + 1).unwrap_or(HeadingLevel::H6);
    let events =
        parsed(&text).skip_while(|event| !matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H2, .. })));
    let events = events.map(|event| match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        event => event,
    });
    Ok(rendered(events))
}

/// Markdown as HTML.
fn markdown(text: &str) -> String {
    rendered(parsed(text))
}

/// One paragraph of Markdown as HTML, without the paragraph.
fn markdown_inline(text: &str) -> String {
    let is_paragraph =
        |event: &Event<'_>| matches!(event, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph));
    rendered(parsed(text).filter(|event| !is_paragraph(event)))
}

/// Our texts mean no HTML of their own.
fn parsed(text: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new(text).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        event => event,
    })
}

fn rendered<'e>(events: impl Iterator<Item = Event<'e>>) -> String {
    let mut rendered = String::new();
    html::push_html(&mut rendered, events);
    rendered
}

/// A name or path in parts that a line may break between: after a dot, a slash or a colon, and before a capital after a small letter.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = None;
    for letter in name.chars() {
        let breaks = before.is_some_and(|before| "./:".contains(before))
            || before.is_some_and(char::is_lowercase) && letter.is_uppercase();
        if breaks {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
        before = Some(letter);
    }
    parts
}

fn read(file: &str) -> Result<String, String> {
    fs::read_to_string(crate::root().join(file)).map_err(|error| format!("cannot read {file}: {error}"))
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document as Xml, Node, ParsingOptions};

    use super::*;

    fn on_page(check: impl FnOnce(&Xml<'_>)) {
        let (_, text) = file().expect("the page can be made");
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        check(&Xml::parse_with_options(&text, options).expect("the page is well-formed, as XML too"));
    }

    fn attributes<'p>(page: &'p Xml<'_>, name: &str) -> Vec<&'p str> {
        page.descendants().filter_map(|node| node.attribute(name)).collect()
    }

    #[test]
    fn every_field_code_and_problem_has_its_anchor() {
        on_page(|page| {
            let ids = attributes(page, "id");
            let unique: BTreeSet<_> = ids.iter().copied().collect();
            assert_eq!(ids.len(), unique.len(), "an id stands twice");
            let documents = [(UPDATE, UpdateAgent::OBJECT), (AGENT, Agent::OBJECT)];
            let problems = ProblemType::ALL.iter().map(|problem| problem.name().to_owned());
            let mut anchors: Vec<_> = Code::ALL.iter().map(ToString::to_string).chain(problems).collect();
            for (document, object) in documents {
                for field in object.fields {
                    anchors.push(format!("{document}.{}", field.name));
                    let inner = world::object_of(&field.r#type).map_or([].as_slice(), |object| object.fields);
                    anchors.extend(inner.iter().map(|inner| format!("{document}.{}.{}", field.name, inner.name)));
                }
            }
            let declared: usize = world::objects().iter().map(|object| object.fields.len()).sum();
            assert_eq!(
                anchors.len(),
                declared + Code::ALL.len() + ProblemType::ALL.len(),
                "a field lies deeper than this test looks"
            );
            for anchor in anchors {
                assert!(unique.contains(anchor.as_str()), "the page has no #{anchor}");
            }
            for link in attributes(page, "href").into_iter().filter(|link| !link.starts_with("https://")) {
                let anchor = link.strip_prefix('#').unwrap_or_else(|| panic!("{link} is no anchor of the page"));
                assert!(unique.contains(anchor), "{link} leads nowhere");
            }
        });
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        on_page(|page| {
            for name in ["script", "link", "img", "iframe", "object", "embed", "audio", "video", "base"] {
                assert!(!page.descendants().any(|node| node.has_tag_name(name)), "there is a `{name}`");
            }
            assert!(attributes(page, "src").is_empty() && attributes(page, "style").is_empty());
            let styles: String =
                page.descendants().filter(|node| node.has_tag_name("style")).filter_map(|node| node.text()).collect();
            for loads in ["url(", "@import", "@font-face"] {
                assert!(!styles.contains(loads), "the style has `{loads}`");
            }
        });
    }

    #[test]
    fn who_hears_the_page_finds_the_way() {
        on_page(|page| {
            assert_eq!(page.root_element().attribute("lang"), Some("en"));
            let levels = page
                .descendants()
                .filter_map(|node| node.tag_name().name().strip_prefix('h').and_then(|level| level.parse::<u8>().ok()));
            levels.fold(0, |before, level| {
                assert!(level <= before + 1, "a heading of level {level} stands below one of level {before}");
                level
            });
            let tables: Vec<_> = page.descendants().filter(|node| node.has_tag_name("table")).collect();
            assert_eq!(tables.len(), 4);
            for table in tables {
                assert!(table.first_element_child().is_some_and(|first| first.has_tag_name("caption")));
                let heads = table.descendants().filter(|node| node.has_tag_name("th"));
                assert!(heads.into_iter().all(|head: Node<'_, '_>| head.has_attribute("scope")));
            }
        });
    }

    #[test]
    fn a_name_breaks_where_words_begin() {
        assert_eq!(parts("ttsModel.voiceId"), ["tts", "Model.", "voice", "Id"]);
        assert_eq!(parts("_id"), ["_id"]);
    }
}
