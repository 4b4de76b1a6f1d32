//! The description of a field as text, and the facts that it states.

use callagent_testkit::documented::Facts;
use markdown::mdast::Node;
use serde_json::{Value, json};

use super::{bounds::number, page::Part};

/// A paragraph or a list item.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) text: String,
    pub(super) is_item: bool,
}

/// Returns whether an element is a field, which has its own description.
pub(super) fn is_field(name: Option<&str>) -> bool {
    matches!(name, Some("ParamField" | "ResponseField"))
}

/// Returns the text below an element, without nested fields and code blocks.
pub(super) fn blocks(nodes: &[Node]) -> Vec<Block> {
    let mut blocks = Vec::new();
    add_blocks(nodes, &mut blocks);
    blocks
}

fn add_blocks(nodes: &[Node], blocks: &mut Vec<Block>) {
    let mut text = String::new();
    for node in nodes {
        if add_text(node, &mut text) {
            continue;
        }
        add_block(&mut text, blocks);
        match node {
            Node::MdxJsxFlowElement(element) if is_field(element.name.as_deref()) => {}
            Node::ListItem(item) => {
                let first = blocks.len();
                add_blocks(&item.children, blocks);
                if let Some(block) = blocks.get_mut(first) {
                    block.is_item = true;
                }
            }
            _ => add_blocks(node.children().map_or(&[][..], Vec::as_slice), blocks),
        }
    }
    add_block(&mut text, blocks);
}

fn add_block(text: &mut String, blocks: &mut Vec<Block>) {
    let text = std::mem::take(text);
    if !text.trim().is_empty() {
        blocks.push(Block { text: text.trim().to_owned(), is_item: false });
    }
}

/// Adds the text of an inline node, and returns whether the node is one.
fn add_text(node: &Node, text: &mut String) -> bool {
    match node {
        Node::Text(node) => text.push_str(&node.value),
        Node::InlineCode(code) => text.push_str(&format!("`{}`", code.value)),
        Node::Break(_) => text.push('\n'),
        Node::MdxTextExpression(expression) => {
            let value = expression.value.trim();
            if !value.starts_with("/*") {
                text.push_str(value.trim_matches(['"', '\'', '`']));
            }
        }
        Node::MdxJsxTextElement(element) if is_field(element.name.as_deref()) => {}
        Node::MdxJsxTextElement(element) if element.name.as_deref() == Some("br") => text.push('\n'),
        Node::Emphasis(_) | Node::Strong(_) | Node::Link(_) | Node::MdxJsxTextElement(_) => {
            for node in node.children().into_iter().flatten() {
                add_text(node, text);
            }
        }
        _ => return false,
    }
    true
}

/// The facts that a description states, except bounds and values.
pub(super) fn facts(part: Part, prose: &str) -> Facts {
    let mut facts = Facts::new();
    facts.extend(required_if(prose).map(|condition| ("due", condition)));
    facts.extend(default(prose).map(|default| ("default", default.into())));
    if part == Part::Request {
        let says_null = NULL.find_iter(prose).count() > NO_NULL.find_iter(prose).count();
        facts.insert("null", says_null.into());
    }
    facts
}

regex! {
    NULL = r"\bnull\b";
    NO_NULL = r#"(?i)\b(?:not|never|cannot|non|can't|mustn't)(?:[\s-]+(?:be|set|to|accept|allow|take))*[\s-]+["'`]?null\b"#;
    REQUIRED_IF = r#"(?i)\b(?:only|required|needed)(?: [a-z]+)? (?:when|if|for) [`"']?([\w.]+)[`"']? (?:(?:is|equals|=+)(?: (?:set|equal) to)? )?((?:\s*(?:,|\bor\b)*\s*["'`][^"'`]+["'`])+)"#;
    DEFAULT = "(?i)\\bdefault(?:s|ed)?(?:\\s+value)?(?:(?:\\s+is|\\s+to|\\s*[:=])\\s*(?:\"([^\"]*)\"|`([^`]*)`|'([^']*)'|([^,;()\\n]*?)(?:\\.\\s|\\.$|[,;()\\n]|$))|(?:\\s+of)?\\s+[\"'`]?([-+]?[\\d.]+))";
}

/// The value of another field that makes this one required.
fn required_if(prose: &str) -> Option<Value> {
    let found = REQUIRED_IF.captures(prose)?;
    let values = found[2].trim();
    let is_single = values.matches(['"', '`', '\'']).count() == 2;
    let values = if is_single { values.trim_matches(['"', '`', '\'']) } else { values };
    Some(json!({ &found[1]: values }))
}

/// The default that a sentence states, as text.
fn default(prose: &str) -> Option<String> {
    let found = DEFAULT.captures(prose)?;
    let text = (1..=5).find_map(|group| found.get(group)).map_or("", |text| text.as_str());
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Parses the text of a default as a value of a type.
pub(super) fn value(text: &str, type_name: Option<&str>) -> Value {
    let value = match type_name {
        None | Some("string") => None,
        _ => number(text).or_else(|| serde_json::from_str(text).ok()),
    };
    value.unwrap_or_else(|| text.into())
}
