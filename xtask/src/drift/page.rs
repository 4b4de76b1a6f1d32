//! The vendor's page as facts: its front matter, `ParamField` and `ResponseField` with what stands in them, examples.

use std::collections::BTreeMap;

use markdown::{
    Constructs, ParseOptions,
    mdast::{AttributeContent, AttributeValue, MdxJsxFlowElement, Node},
    to_mdast,
};
use serde_json::{Value, json};

/// How large a page may be, in bytes: the real one is a sixteenth of it.
const LARGEST: usize = 128 * 1024;

/// What is said of a field: `type`, `bounds`, `words` and so on. What is not said is absent.
pub(super) type Facts = BTreeMap<&'static str, Value>;

/// Where a field belongs.
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
    /// Its names from the outermost object on, joined by `.`; an array's items are `[]`.
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) facts: Facts,
    /// Attributes that mean nothing to this reader.
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
    /// Reads a page.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > LARGEST {
            return Err(format!("it is larger than {} KiB, the most that is read", LARGEST >> 10));
        }
        let text = str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
        let text = text.ok_or("it is no text, but binary data")?;
        let constructs = Constructs { frontmatter: true, ..Constructs::mdx() };
        let tree = to_mdast(text, &ParseOptions { constructs, ..ParseOptions::mdx() })
            .map_err(|error| format!("its markup is broken: {error}"))?;
        let mut page = Page { call: String::new(), call_line: 1, fields: Vec::new(), examples: Vec::new() };
        page.read(&tree, "", None)?;
        if page.call.is_empty() {
            return Err("its front matter has no `api` with the method and the path".to_owned());
        }
        if page.fields.is_empty() {
            return Err("it has no `ParamField` and no `ResponseField`".to_owned());
        }
        Ok(page)
    }

    /// Takes all that is in a node. `prefix` is what stands before the name of a field in it, `example` the part whose
    /// example it belongs to.
    fn read(&mut self, node: &Node, prefix: &str, example: Option<Part>) -> Result<(), String> {
        match node {
            Node::Yaml(yaml) => self.front_matter(&yaml.value, line(node)),
            Node::Code(code) => {
                self.examples.extend(example.map(|part| Example {
                    part,
                    line: line(node) + 1,
                    text: code.value.clone(),
                }));
            }
            Node::MdxJsxFlowElement(element) => match element.name.as_deref().unwrap_or_default() {
                name @ ("ParamField" | "ResponseField") => return self.field(element, name, line(node), prefix),
                "RequestExample" => return self.read_all(&element.children, prefix, Some(Part::Request)),
                "ResponseExample" => return self.read_all(&element.children, prefix, Some(Part::Response)),
                _ => {}
            },
            Node::MdxJsxTextElement(element)
                if matches!(element.name.as_deref(), Some("ParamField" | "ResponseField")) =>
            {
                return Err(format!(
                    "line {}: a field stands within a sentence; put its tag on a line of its own",
                    line(node)
                ));
            }
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

    fn field(&mut self, element: &MdxJsxFlowElement, tag: &str, line: usize, prefix: &str) -> Result<(), String> {
        let mut attributes = attributes(element, line)?;
        let places: &[(&str, Part)] = match tag {
            "ResponseField" => &[("name", Part::Response)],
            _ => &[("body", Part::Request), ("header", Part::Header), ("path", Part::Path), ("query", Part::Query)],
        };
        let place = places.iter().find_map(|(name, part)| Some((*part, attributes.remove(*name)?)));
        let Some((part, Some(name))) = place else {
            return Err(format!("line {line}: a `{tag}` says no name"));
        };
        let path = format!("{prefix}{name}");
        let facts = facts(part, &mut attributes, element, line)?;
        let is_array = facts.get("type").is_some_and(|name| name == "array");
        let inner = if is_array { format!("{path}[].") } else { format!("{path}.") };
        let unknown = attributes.into_keys().collect();
        self.fields.push(Documented { part, path, line, facts, unknown });
        self.read_all(&element.children, &inner, None)
    }
}

/// The facts of a field, by its attributes and its prose.
fn facts(
    part: Part,
    attributes: &mut BTreeMap<String, Option<String>>,
    element: &MdxJsxFlowElement,
    line: usize,
) -> Result<Facts, String> {
    let prose = element.children.iter().filter(|node| matches!(node, Node::Paragraph(_) | Node::List(_)));
    let prose = prose.map(Node::to_string).collect::<Vec<_>>().join(" ");
    let mut facts = prose_facts(part, &prose);
    let mut take = |name: &str| attributes.remove(name);
    let mut is = |name: &str| take(name).is_some_and(|value| value.as_deref() != Some("false"));
    let (is_required, is_optional) = (is("required"), is("optional"));
    if part != Part::Response || is_required {
        facts.insert("required", is_required.into());
    }
    if part == Part::Response {
        facts.insert("optional", (is_optional || facts.contains_key("due")).into());
    } else if is_optional && is_required {
        return Err(format!("line {line}: a field is required and optional at once"));
    }
    facts.extend(take("type").flatten().map(|name| ("type", Value::from(name))));
    let bounds: Vec<_> = ["min", "max"].into_iter().filter_map(|name| Some((name, take(name)?))).collect();
    for (name, value) in bounds {
        let value = value.unwrap_or_default();
        let number: serde_json::Number =
            value.parse().map_err(|_| format!("line {line}: `{name}` is {value:?}, and no number"))?;
        let bounds = facts.entry("bounds").or_insert_with(|| json!({}));
        bounds[name] = number.into();
    }
    if let Some(default) = take("default").flatten() {
        let is_text = facts.get("type").is_none_or(|name| name == "string");
        let value = serde_json::from_str(&default).ok().filter(|_| !is_text);
        facts.insert("default", value.unwrap_or(Value::String(default)));
        if part == Part::Request {
            facts.insert("absent", "its default".into());
        }
    }
    Ok(facts)
}

/// What the prose says in the phrases that the vendor uses for facts.
fn prose_facts(part: Part, prose: &str) -> Facts {
    let mut facts = Facts::new();
    if let Some(list) = after(prose, "must be one of:").or_else(|| after(prose, "one of:")) {
        // A word may have points in it; the one at the end is the sentence's.
        let end = list.find(". ").unwrap_or(list.len());
        let words = list[..end].trim_end().trim_end_matches('.').split([',', '\n']);
        let words = words.map(|word| word.trim().trim_start_matches("or ").trim_matches(['"', '`', '\'']).trim());
        facts.insert("words", words.filter(|word| !word.is_empty()).collect());
    } else if let Some(list) = after(prose, "such as ").filter(|list| list.starts_with('"')) {
        let end = list.find('.').unwrap_or(list.len());
        facts.insert("words", list[..end].split('"').skip(1).step_by(2).collect());
    }
    if let Some(rest) = after(prose, "between ") {
        let mut words = rest.split_whitespace().map(|word| word.trim_end_matches([',', '.']));
        let numbers =
            [words.next(), words.nth(1)].map(|word| word.and_then(|word| word.parse::<serde_json::Number>().ok()));
        if let [Some(minimum), Some(maximum)] = numbers {
            facts.insert("bounds", json!({"min": minimum, "max": maximum}));
        }
    }
    let due =
        after(prose, "only when ").or_else(|| after(prose, "only present if ")).or_else(|| after(prose, "only if "));
    if let Some(rest) = due {
        let mut parts = rest.splitn(3, '"');
        let field = parts.next().unwrap_or_default().trim_end().trim_end_matches(" is").trim();
        if let (Some(word), false) = (parts.next(), field.contains(' ')) {
            facts.insert("due", json!({field: word}));
        }
    }
    if part == Part::Request {
        let says_null = prose.split(|character: char| !character.is_alphanumeric()).any(|word| word == "null");
        facts.insert("null", says_null.into());
    }
    facts
}

/// The text after a phrase, in whatever case.
fn after<'t>(text: &'t str, phrase: &str) -> Option<&'t str> {
    let at = text.to_ascii_lowercase().find(phrase)?;
    text.get(at + phrase.len()..).map(str::trim_start)
}

/// The attributes of a tag; one without a value is a switch.
fn attributes(element: &MdxJsxFlowElement, line: usize) -> Result<BTreeMap<String, Option<String>>, String> {
    let mut attributes = BTreeMap::new();
    for attribute in &element.attributes {
        let AttributeContent::Property(attribute) = attribute else {
            return Err(format!("line {line}: its attributes are an expression; only plain ones are read"));
        };
        let value = match &attribute.value {
            None => None,
            Some(AttributeValue::Literal(text)) => Some(text.clone()),
            Some(AttributeValue::Expression(expression)) => {
                Some(expression.value.trim().trim_matches(['"', '\'', '`']).to_owned())
            }
        };
        if attributes.insert(attribute.name.clone(), value).is_some() {
            return Err(format!("line {line}: the attribute `{}` stands twice", attribute.name));
        }
    }
    Ok(attributes)
}

fn line(node: &Node) -> usize {
    node.position().map_or(1, |position| position.start.line)
}
