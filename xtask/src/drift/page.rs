//! The vendor's page as facts: its front matter, `ParamField` and `ResponseField` elements, and examples.

use std::collections::BTreeMap;

use callagent_testkit::documented::Facts;
use markdown::{
    Constructs, ParseOptions,
    mdast::{AttributeContent, AttributeValue, Code, MdxJsxFlowElement, MdxJsxTextElement, Node},
    to_mdast,
};
use serde_json::Value;

use super::{
    bounds::{self, Numbers},
    prose::{self, Block, blocks, is_field},
    vocabulary::{Vocabulary, vocabulary},
};

/// The maximum size of a page in bytes. The real one has a sixteenth of it.
const LARGEST: usize = 128 * 1024;

/// The maximum number of tags in a page, and of quotation and list marks at the beginning of a line, since the parser
/// nests them on the stack.
const MOST_TAGS: usize = 1000;
const MOST_MARKS: usize = 200;

/// The part of the call that a field belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Header,
    Path,
    Query,
    Request,
    Response,
}

impl Part {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Part::Header => "header",
            Part::Path => "path",
            Part::Query => "query",
            Part::Request => "request",
            Part::Response => "response",
        }
    }
}

/// A field of the page.
#[derive(Debug)]
pub(super) struct Documented {
    pub(super) part: Part,
    /// The names from the outermost object on, joined by `.`, with `[]` for items of arrays.
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) facts: Facts,
    /// Whether the page calls its values examples.
    pub(super) is_open: bool,
    /// Phrases of the description that are not understood.
    pub(super) unclear: Vec<String>,
    /// Unknown attributes.
    pub(super) unknown: Vec<String>,
}

/// An example of a message.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) part: Part,
    pub(super) line: usize,
    pub(super) text: String,
}

/// The page.
#[derive(Debug)]
pub(super) struct Page {
    /// The method and the path.
    pub(super) call: String,
    pub(super) call_line: usize,
    pub(super) fields: Vec<Documented>,
    pub(super) examples: Vec<Example>,
}

impl Page {
    /// Parses a page.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > LARGEST {
            return Err(format!("it is larger than the limit of {} KiB", LARGEST >> 10));
        }
        let text = str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
        let text = text.ok_or("expected text, found binary data")?;
        if text.matches('<').count() > MOST_TAGS {
            return Err(format!("it has more than the limit of {MOST_TAGS} tags"));
        }
        let marks = |line: &str| line.bytes().take_while(|byte| b" \t>-+*.)0123456789".contains(byte)).count();
        if let Some(index) = text.lines().position(|line| marks(line) > MOST_MARKS) {
            return Err(format!("line {}: it begins with more than the limit of {MOST_MARKS} marks", index + 1));
        }
        let constructs = Constructs { frontmatter: true, ..Constructs::mdx() };
        let tree = to_mdast(text, &ParseOptions { constructs, ..ParseOptions::mdx() })
            .map_err(|error| format!("invalid markup: {error}"))?;
        let mut page = Page { call: String::new(), call_line: 1, fields: Vec::new(), examples: Vec::new() };
        page.read(&tree, "", None)?;
        if page.call.is_empty() {
            return Err("expected `api` with the method and path in the front matter".to_owned());
        }
        if page.fields.is_empty() {
            return Err("expected at least one `ParamField` or `ResponseField`".to_owned());
        }
        Ok(page)
    }

    /// Collects everything in a node. `prefix` precedes the names of its fields, and `example` is the part whose example
    /// it belongs to.
    fn read(&mut self, node: &Node, prefix: &str, example: Option<Part>) -> Result<(), String> {
        match node {
            Node::Yaml(yaml) => self.front_matter(&yaml.value, line(node)),
            // Code in other languages is not a message.
            Node::Code(code) if is_json(code) => {
                self.examples.extend(example.map(|part| Example {
                    part,
                    line: line(node) + 1,
                    text: code.value.clone(),
                }));
            }
            // Elements on a single line are parsed as a paragraph. With other text in it, a field is ambiguous.
            Node::Paragraph(paragraph) if !paragraph.children.iter().all(is_element_or_blank) => {
                return match paragraph.children.iter().find_map(field_within) {
                    Some(line) => {
                        Err(format!("line {line}: a field is within a sentence; put its tag on a separate line"))
                    }
                    None => Ok(()),
                };
            }
            Node::MdxJsxFlowElement(MdxJsxFlowElement { name, attributes, children, .. })
            | Node::MdxJsxTextElement(MdxJsxTextElement { name, attributes, children, .. }) => match name.as_deref() {
                name if is_field(name) => {
                    return self.field(name.unwrap_or_default(), attributes, children, line(node), prefix);
                }
                Some("RequestExample") => return self.read_all(children, prefix, Some(Part::Request)),
                Some("ResponseExample") => return self.read_all(children, prefix, Some(Part::Response)),
                _ => {}
            },
            _ => {}
        }
        self.read_all(node.children().map_or(&[][..], Vec::as_slice), prefix, example)
    }

    fn read_all(&mut self, nodes: &[Node], prefix: &str, example: Option<Part>) -> Result<(), String> {
        nodes.iter().try_for_each(|node| self.read(node, prefix, example))
    }

    fn front_matter(&mut self, yaml: &str, first: usize) {
        for (index, text) in yaml.lines().enumerate() {
            if let Some(("api", call)) = text.split_once(':') {
                call.trim().trim_matches(['"', '\'']).clone_into(&mut self.call);
                self.call_line = first + 1 + index;
            }
        }
    }

    fn field(
        &mut self,
        tag: &str,
        contents: &[AttributeContent],
        children: &[Node],
        line: usize,
        prefix: &str,
    ) -> Result<(), String> {
        let mut attributes = attributes(contents, line)?;
        let places: &[(&str, Part)] = match tag {
            "ResponseField" => &[("name", Part::Response)],
            _ => &[("body", Part::Request), ("header", Part::Header), ("path", Part::Path), ("query", Part::Query)],
        };
        let place = places.iter().find_map(|(name, part)| Some((*part, attributes.remove(*name)?)));
        let Some((part, Some(name))) = place else {
            return Err(format!("line {line}: a `{tag}` has no name"));
        };
        let path = format!("{prefix}{name}");
        let field = documented((part, path.clone()), attributes, children, line)?;
        let is_array = field.facts.get("type").is_some_and(|name| name == "array");
        let inner = if is_array { format!("{path}[].") } else { format!("{path}.") };
        self.fields.push(field);
        self.read_all(children, &inner, None)
    }
}

/// A field from its attributes and description.
fn documented(
    (part, path): (Part, String),
    mut attributes: BTreeMap<String, Option<String>>,
    children: &[Node],
    line: usize,
) -> Result<Documented, String> {
    let blocks = blocks(children);
    let prose = blocks.iter().map(|block| &*block.text).collect::<Vec<_>>().join("\n");
    let mut facts = prose::facts(part, &prose);
    let mut take = |name: &str| attributes.remove(name);
    let mut is = |name: &str| take(name).is_some_and(|value| value.as_deref() != Some("false"));
    let (is_required, is_optional) = (is("required"), is("optional"));
    if part != Part::Response || is_required {
        facts.insert("required", is_required.into());
    }
    if part == Part::Response {
        facts.insert("optional", (is_optional || facts.contains_key("due")).into());
    } else if is_optional && is_required {
        return Err(format!("line {line}: a field is both required and optional"));
    }
    let type_name = take("type").flatten();
    let kind = match type_name.as_deref() {
        Some("number" | "integer" | "int" | "float" | "double" | "decimal") => bounds::Kind::Number,
        _ => bounds::Kind::Other,
    };
    let name = path.rsplit('.').next().unwrap_or_default();
    let mut numbers = Numbers::new(&prose, name, kind);
    for name in ["min", "max"] {
        let Some(value) = take(name) else { continue };
        let value = value.unwrap_or_default();
        let bound =
            bounds::number(&value).ok_or(format!("line {line}: expected a number for `{name}`, found {value:?}"))?;
        numbers.add(name, bound);
    }
    facts.extend(numbers.bounds().map(|bounds| ("bounds", bounds)));
    let is_open = values(&mut facts, &blocks, type_name.as_deref(), kind);
    defaults(&mut facts, take("default").flatten(), type_name.as_deref(), &mut numbers.unclear);
    if part == Part::Request && facts.contains_key("default") {
        facts.insert("absent", "its default".into());
    }
    facts.extend(type_name.map(|name| ("type", Value::from(name))));
    let unknown = attributes.into_keys().collect();
    Ok(Documented { part, path, line, facts, is_open, unclear: numbers.unclear, unknown })
}

/// Adds the values that a description lists, and returns whether the page calls them examples.
fn values(facts: &mut Facts, blocks: &[Block], type_name: Option<&str>, kind: bounds::Kind) -> bool {
    let found = vocabulary(blocks, type_name.is_none_or(|name| name == "string"));
    let is_boolean = |values: &[String]| {
        type_name == Some("boolean") && values.iter().all(|value| value == "true" || value == "false")
    };
    // Listed numbers are left to the bounds, which report them as unclear.
    let found = found.filter(|found| kind != bounds::Kind::Number && !is_boolean(&found.values));
    found.is_some_and(|Vocabulary { values, is_open }| {
        facts.insert("words", values.into());
        is_open
    })
}

/// Determines the default from the attribute and the description.
fn defaults(facts: &mut Facts, attribute: Option<String>, type_name: Option<&str>, unclear: &mut Vec<String>) {
    let said = facts.remove("default").and_then(|text| Some(prose::value(text.as_str()?, type_name)));
    let attribute = attribute.map(|text| prose::value(&text, type_name));
    if let (Some(said), Some(attribute)) = (&said, &attribute)
        && said != attribute
    {
        unclear.push(format!("default is {said} and {attribute}"));
    }
    facts.extend(attribute.or(said).map(|default| ("default", default)));
}

/// The attributes of a tag. One without a value is a flag.
fn attributes(contents: &[AttributeContent], line: usize) -> Result<BTreeMap<String, Option<String>>, String> {
    let mut attributes = BTreeMap::new();
    for attribute in contents {
        let AttributeContent::Property(attribute) = attribute else {
            return Err(format!("line {line}: attributes that are expressions are not supported"));
        };
        let value = match &attribute.value {
            None => None,
            Some(AttributeValue::Literal(text)) => Some(text.clone()),
            Some(AttributeValue::Expression(expression)) => {
                Some(expression.value.trim().trim_matches(['"', '\'', '`']).to_owned())
            }
        };
        if attributes.insert(attribute.name.clone(), value).is_some() {
            return Err(format!("line {line}: duplicate attribute `{}`", attribute.name));
        }
    }
    Ok(attributes)
}

/// Returns whether a code block is JSON, by its language or, without one, by its beginning.
fn is_json(code: &Code) -> bool {
    match &code.lang {
        Some(language) => language.eq_ignore_ascii_case("json"),
        None => code.value.trim_start().starts_with(['{', '[']),
    }
}

fn is_element_or_blank(node: &Node) -> bool {
    match node {
        Node::MdxJsxTextElement(_) => true,
        Node::MdxTextExpression(expression) => expression.value.trim_start().starts_with("/*"),
        Node::Text(text) => text.value.trim().is_empty(),
        _ => false,
    }
}

/// The line of the first field in a node.
fn field_within(node: &Node) -> Option<usize> {
    match node {
        Node::MdxJsxTextElement(element) if is_field(element.name.as_deref()) => Some(line(node)),
        _ => node.children()?.iter().find_map(field_within),
    }
}

fn line(node: &Node) -> usize {
    node.position().map_or(1, |position| position.start.line)
}
