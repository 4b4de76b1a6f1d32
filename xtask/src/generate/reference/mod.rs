//! The reference page, a single HTML file generated from the model, the explanations and the vectors.

mod fields;
mod principles;
mod text;

use askama::Template;
use callagent::{
    ACCESS_KEY_HEADER, AgentId, Code, Explanation, ProblemType, Severity, UPDATE_AGENT, UpdateAgent, WorkspaceId,
    model::{Direction, Type},
    tools::REFERENCE,
};

use fields::{Document, Example, UPDATE, anchor, documents, examples};
use principles::{PRINCIPLES, Principle, linked};
use text::{changes, markdown, markdown_inline, parts};

#[derive(Template)]
#[template(path = "reference.html")]
struct Page {
    style: &'static str,
    /// The playground, relative to the page.
    playground: Option<&'static str>,
    command: &'static str,
    version: &'static str,
    path: String,
    path_parts: Vec<String>,
    parameter: &'static str,
    header: &'static str,
    key_header: &'static str,
    deep: Deep,
    principles: &'static [Principle],
    documents: [Document; 2],
    codes: Vec<CodeEntry>,
    problems: &'static [ProblemType],
    /// Responses to updates that violate the contract.
    broken_contract: Vec<Example>,
    changes: String,
}

/// A pointer and its anchor, as an example.
struct Deep {
    pointer: String,
    anchor: String,
    parts: Vec<String>,
}

struct CodeEntry {
    name: Code,
    explanation: &'static Explanation,
    brief: &'static str,
    meaning: String,
    reason: String,
    fix: String,
}

/// The path of the playground from `schemas/`.
const PLAYGROUND: &str = "../docs/playground.html";

/// Returns the page and its name in `schemas/`. `command` writes it. A page for other places has no link to the playground.
///
/// # Errors
/// If a fixture or the changelog cannot be read, or rendering fails.
pub(crate) fn file(command: &'static str, has_playground: bool) -> Result<(&'static str, String), String> {
    let name = REFERENCE.strip_prefix("schemas/").ok_or_else(|| format!("{REFERENCE} is not below schemas/"))?;
    let path = AgentId::path_template();
    let page = Page {
        style: concat!(include_str!("../../../templates/theme.css"), include_str!("../../../templates/reference.css"),),
        playground: has_playground.then_some(PLAYGROUND),
        command,
        version: env!("CARGO_PKG_VERSION"),
        path_parts: parts(&path),
        path,
        parameter: AgentId::PARAMETER,
        header: WorkspaceId::HEADER,
        key_header: ACCESS_KEY_HEADER,
        deep: deep().ok_or("no list of a request has objects to use as the example of an anchor")?,
        principles: PRINCIPLES,
        documents: documents()?,
        codes: Explanation::ALL.iter().map(code_entry).collect(),
        problems: ProblemType::ALL,
        broken_contract: examples("responses/422/content/application~1problem+json")?,
        changes: changes()?,
    };
    page.render().map(|text| (name, text)).map_err(|error| format!("cannot write {REFERENCE}: {error}"))
}

/// Returns the first field of an item of a list, whose pointer has an index.
fn deep() -> Option<Deep> {
    UpdateAgent::OBJECT.fields.iter().find_map(|list| match list.r#type {
        Type::List(Type::Object(item)) => {
            let field = item.fields.first()?;
            let anchor = anchor(UPDATE, &[list.name, field.name]);
            let pointer = format!("/{}/0/{}", list.name, field.name);
            Some(Deep { pointer, parts: parts(&format!("#{anchor}")), anchor })
        }
        _ => None,
    })
}

fn code_entry(explanation: &'static Explanation) -> CodeEntry {
    let name = explanation.code;
    CodeEntry {
        name,
        explanation,
        brief: if name.severity() == Severity::Advisory { "advisory" } else { "violation" },
        meaning: markdown(explanation.meaning),
        reason: markdown_inline(&linked(explanation.reason)),
        fix: markdown_inline(explanation.fix),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use callagent::Agent;
    use callagent_testkit::objects;
    use roxmltree::{Document as Xml, Node, ParsingOptions};

    use super::{fields::AGENT, *};

    fn on_page(check: impl FnOnce(&Xml<'_>)) {
        let (_, text) = file("a command", true).expect("the page renders");
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
            assert_eq!(ids.len(), unique.len(), "duplicate id");
            let documents = [(UPDATE, UpdateAgent::OBJECT), (AGENT, Agent::OBJECT)];
            let problems = ProblemType::ALL.iter().map(|problem| problem.name().to_owned());
            let mut anchors: Vec<_> = Code::ALL.iter().map(ToString::to_string).chain(problems).collect();
            for (document, object) in documents {
                for field in object.fields {
                    anchors.push(format!("{document}.{}", field.name));
                    let inner = field.r#type.object().map_or([].as_slice(), |object| object.fields);
                    anchors.extend(inner.iter().map(|inner| format!("{document}.{}.{}", field.name, inner.name)));
                }
            }
            let declared: usize = objects().iter().map(|object| object.fields.len()).sum();
            assert_eq!(
                anchors.len(),
                declared + Code::ALL.len() + ProblemType::ALL.len(),
                "a field is nested deeper than this test checks"
            );
            for anchor in anchors {
                assert!(unique.contains(anchor.as_str()), "the page has no #{anchor}");
            }
            for link in attributes(page, "href").into_iter().filter(|link| !link.starts_with("https://")) {
                if link == PLAYGROUND {
                    assert!(crate::root().join("schemas").join(link).exists(), "{link} leads nowhere");
                    continue;
                }
                let anchor = link.strip_prefix('#').unwrap_or_else(|| panic!("{link} is not an anchor of the page"));
                assert!(unique.contains(anchor), "{link} leads nowhere");
            }
        });
    }

    #[test]
    fn the_page_for_other_places_has_no_link_to_the_playground() {
        let (_, text) = file("a command", false).expect("the page renders");
        assert!(!text.contains(PLAYGROUND));
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
                assert!(level <= before + 1, "a heading of level {level} follows one of level {before}");
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
}
