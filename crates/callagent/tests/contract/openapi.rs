//! The OpenAPI documents, except their schemas, which the vectors test.

use std::collections::BTreeSet;

use crate::util::read_fixture;
use callagent::{Code, Problem, ProblemType, Severity, UPDATE_AGENT, model::Parameter, schemas};
use serde_json::{Map, Value, json};

const PATH: &str = "/v1/api/agents/{agentId}";

fn documents() -> [(&'static str, Value); 2] {
    [("OpenAPI 3.1", schemas::openapi()), ("OpenAPI 3.0", schemas::openapi_3_0())]
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("{value} is not an object"))
}

/// The names of all fields in a value.
fn names(value: &Value) -> BTreeSet<&str> {
    match value {
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, value)| names(value).into_iter().chain([name.as_str()])).collect()
        }
        Value::Array(items) => items.iter().flat_map(names).collect(),
        _ => BTreeSet::new(),
    }
}

/// The examples of a body, with their names.
fn examples(body: &Value) -> Vec<(&str, &Value)> {
    let examples = object(&body["examples"]).iter().map(|(name, example)| (name.as_str(), &example["value"]));
    examples.collect()
}

#[test]
fn each_document_has_its_version() {
    let [(_, newer), (_, older)] = documents();
    assert_eq!((&newer["openapi"], &older["openapi"]), (&json!("3.1.0"), &json!("3.0.3")));
    let schemas = |document: &Value| document["components"]["schemas"].clone();
    let [newer, older] = [schemas(&newer), schemas(&older)];
    assert!(names(&newer).is_superset(&BTreeSet::from(["if", "then"])));
    assert!(names(&newer).is_disjoint(&BTreeSet::from(["nullable", "example", "$schema", "$id", "$defs"])));
    assert!(names(&older).is_superset(&BTreeSet::from(["nullable"])));
    assert!(names(&older).is_disjoint(&BTreeSet::from(["if", "then", "examples", "$schema", "$id", "$defs"])));
    let description = older["TtsUpdate"]["description"].as_str().unwrap_or_default();
    let rule = "`elevenLabsApiKey` must be a non-empty string when `provider` is `11labs_byo`.";
    assert!(description.ends_with(rule), "{description}");
}

/// The OpenAPI 3.1 document has exactly the published schemas.
#[test]
fn the_schemas_are_the_published_ones() {
    let document = schemas::openapi();
    let mut components = object(&document["components"]["schemas"]).clone();
    for schema in [schemas::update_agent(), schemas::agent(), schemas::problem()] {
        let text = schema.to_value().to_string().replace("#/$defs/", "#/components/schemas/");
        let mut published: Map<_, _> = serde_json::from_str(&text).expect("it is JSON");
        let mut definitions = object(&published.remove("$defs").expect("it has definitions")).clone();
        let title = published["title"].as_str().expect("it has a title").to_owned();
        published.retain(|keyword, _| !["$schema", "$id", "examples"].contains(&keyword.as_str()));
        definitions.insert(title, published.into());
        for (name, schema) in definitions {
            assert_eq!(components.remove(&name), Some(schema), "{name}");
        }
    }
    assert!(components.is_empty(), "{components:?}");
}

#[test]
fn the_operation_is_the_call() {
    for (name, document) in documents() {
        let operation = &document["paths"][PATH]["put"];
        let parameters = operation["parameters"].as_array().expect("there are parameters");
        let parameters =
            parameters.iter().map(|parameter| (&parameter["name"], &parameter["in"], &parameter["required"]));
        let expected =
            json!([["agentId", "path", true], ["x-workspace-id", "header", true], ["If-Match", "header", null]]);
        assert_eq!(json!(parameters.collect::<Vec<_>>()), expected, "{name}");
        assert_eq!(document["security"], json!([{}, {"key": []}]), "{name}: a key is optional");

        let bodies = object(&operation["requestBody"]["content"]);
        assert_eq!(bodies.keys().collect::<Vec<_>>(), ["application/json"], "{name}");
        let responses = object(&operation["responses"]);
        let statuses: BTreeSet<_> = responses.keys().map(String::as_str).collect();
        let expected =
            ["200", "400", "401", "403", "404", "405", "408", "412", "413", "415", "422", "429", "500", "503"];
        assert_eq!(statuses, BTreeSet::from(expected), "{name}");
        for (status, response) in responses {
            let media_type = if status == "200" { "application/json" } else { Problem::MEDIA_TYPE };
            assert_eq!(object(&response["content"]).keys().collect::<Vec<_>>(), [media_type], "{name}: {status}");
        }
        assert!(responses["200"]["headers"]["ETag"].is_object(), "{name}");
        assert_eq!(responses["405"]["headers"]["Allow"]["required"], true, "{name}");
    }
}

/// The documents have each parameter, header and status of the operation once, and nothing else.
#[test]
fn the_documents_have_what_the_operation_has() {
    let facts = |known: &Parameter| json!([known.name, known.description(), known.required, known.example]);
    let parameters = std::iter::once(("path", &UPDATE_AGENT.path.parameter))
        .chain(UPDATE_AGENT.headers.iter().map(|known| ("header", known)))
        .map(|(location, known)| json!([location, known.pattern, facts(known)]));
    let parameters: Value = parameters.collect();
    let mut responses = vec![(UPDATE_AGENT.response.status, UPDATE_AGENT.response.headers)];
    responses.extend(UPDATE_AGENT.problems.iter().map(|known| (known.status(), known.headers())));
    let statuses: BTreeSet<_> = responses.iter().map(|(status, _)| status.to_string()).collect();
    let headers = responses.iter().flat_map(|(status, headers)| headers.iter().map(move |known| (status, known)));
    let headers: Vec<_> = headers.map(|(status, known)| json!([status.to_string(), facts(known)])).collect();

    for (name, document) in documents() {
        let paths: Vec<_> = object(&document["paths"]).iter().collect();
        let [(path, methods)] = paths[..] else { panic!("{name}: {paths:?}") };
        let methods: Vec<_> = object(methods).iter().collect();
        let [(method, call)] = methods[..] else { panic!("{name}: {methods:?}") };
        assert_eq!(
            (path, method.to_uppercase().as_str()),
            (&UPDATE_AGENT.path.template(), UPDATE_AGENT.method.as_str())
        );

        let facts = |name: &Value, written: &Value| {
            let required = written.get("required").and_then(Value::as_bool).unwrap_or_default();
            json!([name, written["description"], required, written["example"]])
        };
        let written = call["parameters"].as_array().into_iter().flatten();
        let written =
            written.map(|known| json!([known["in"], known["schema"]["pattern"], facts(&known["name"], known)]));
        assert_eq!(written.collect::<Value>(), parameters, "{name}");
        assert_eq!(object(&call["responses"]).keys().cloned().collect::<BTreeSet<_>>(), statuses, "{name}");
        let written = object(&call["responses"]).iter().flat_map(|(status, response)| {
            let headers = response.get("headers").map(object).into_iter().flatten();
            headers.map(move |(name, header)| json!([status, facts(&json!(name), header)]))
        });
        assert_eq!(written.collect::<Vec<_>>(), headers, "{name}");
    }
}

#[test]
fn bodies_have_examples() {
    for (name, document) in documents() {
        let operation = &document["paths"][PATH]["put"];
        let bodies = [
            (&operation["requestBody"], BTreeSet::from(["minimal", "callback", "ownKey", "documented"])),
            (&operation["responses"]["200"], BTreeSet::from(["complete", "documented"])),
        ];
        for (body, expected) in bodies {
            let shown = examples(&body["content"]["application/json"]).into_iter().map(|(name, _)| name);
            assert_eq!(shown.collect::<BTreeSet<_>>(), expected, "{name}");
        }
    }
}

#[test]
fn the_documented_example_is_from_the_page() {
    let page: Value = serde_json::from_str(&read_fixture("documented/example.json")).expect("it is JSON");
    for (name, document) in documents() {
        let answer = &document["paths"][PATH]["put"]["responses"]["200"]["content"]["application/json"];
        assert!(callagent_testkit::is_same(&answer["examples"]["documented"]["value"], &page), "{name}");
    }
}

/// There is an example of every problem, and of every code of a violation.
#[test]
fn every_problem_has_an_example() {
    for (name, document) in documents() {
        let (mut types, mut codes) = (BTreeSet::new(), BTreeSet::new());
        for (status, response) in object(&document["paths"][PATH]["put"]["responses"]) {
            let Some(body) = response["content"].get(Problem::MEDIA_TYPE) else { continue };
            for (example_name, example) in examples(body) {
                let problem: Problem = serde_json::from_value(example.clone()).expect("it is read");
                assert_eq!(
                    problem.status.map(|status| status.to_string()).as_ref(),
                    Some(status),
                    "{name}: {example_name}"
                );
                types.insert(problem.r#type);
                codes.extend(problem.violations.into_iter().map(|violation| violation.code));
            }
        }
        assert_eq!(types, ProblemType::ALL.iter().map(|known| known.as_str().to_owned()).collect(), "{name}");
        let violations = Code::ALL.iter().filter(|code| code.severity() != Severity::Advisory);
        assert_eq!(codes, violations.map(|code| code.as_str().to_owned()).collect(), "{name}");
    }
}
