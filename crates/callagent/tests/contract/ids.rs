//! The path parameter and the header.

use std::collections::HashSet;

use crate::util::holds;
use callagent::{AgentId, Code, ETag, IfMatch, LlmModel, OpenEnum, ProblemType, UPDATE_AGENT, WorkspaceId};
use proptest::prelude::*;
use serde_json::json;

/// The regular expressions as interpreted by JSON Schema.
fn matches(pattern: &str, text: &str) -> bool {
    jsonschema::is_valid(&json!({"pattern": pattern}), &json!(text))
}

#[test]
fn an_id_survives_its_path_segment() {
    holds(any::<String>(), |id| {
        match AgentId::new(id.clone()) {
            Ok(parsed) => {
                let segment = parsed.segment();
                let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
                prop_assert!(segment.bytes().all(is_plain), "{segment}");
                let again = AgentId::from_segment(&segment);
                prop_assert_eq!(again.as_ref().map(AgentId::as_str), Ok(id.as_str()));
                prop_assert_eq!(parsed.to_string(), id);
            }
            Err(error) => {
                prop_assert!(["", ".", ".."].contains(&id.as_str()));
                prop_assert_eq!(error.field(), "agentId");
            }
        }
        Ok(())
    });
}

/// Short texts of the relevant characters, and any others.
#[test]
fn the_patterns_match_only_valid_ids() {
    let text = prop_oneof![r"[ \t\n\x00\x1F\x7F.a-c\u{a0}ü]{0,4}", any::<String>()];
    holds(text, |text| {
        prop_assert_eq!(matches(AgentId::PATTERN, &text), AgentId::new(text.clone()).is_ok());
        prop_assert_eq!(matches(WorkspaceId::PATTERN, &text), WorkspaceId::new(text.clone()).is_ok());
        Ok(())
    });
}

/// Short lists of tags, and texts that are almost lists.
#[test]
fn the_patterns_match_only_valid_entity_tags() {
    let text = prop_oneof![r#"([*,W/"a ü\t]|"a"|W/"a"){0,6}"#, any::<String>()];
    holds(text, |text| {
        prop_assert_eq!(matches(ETag::PATTERN, &text), text.parse::<ETag>().is_ok());
        prop_assert_eq!(matches(IfMatch::PATTERN, &text), text.parse::<IfMatch>().is_ok());
        Ok(())
    });
}

#[test]
fn path_segments() {
    for (segment, id) in [("a%2Fb", "a/b"), ("a%2fb", "a/b"), ("%2e%2E%2e", "..."), ("a+b", "a+b"), ("a%20b", "a b")] {
        assert_eq!(AgentId::from_segment(segment).map(|id| id.to_string()).as_deref(), Ok(id), "{segment}");
    }
    for segment in ["", ".", "..", "%2e", "%2E.", "%", "%2", "%zz", "%+1", "%ff", "a/b", "a?b", "a#b"] {
        assert!(AgentId::from_segment(segment).is_err(), "{segment}");
    }
    for id in ["", ".", ".."] {
        assert!(!matches(AgentId::PATTERN, id), "{id:?}");
    }
}

/// Only necessary characters are encoded.
#[test]
fn an_id_as_a_path_segment() {
    let id = AgentId::new("aZ09-._~/ é").expect("an id");
    assert_eq!(id.segment(), "aZ09-._~%2F%20%C3%A9");
    assert_eq!(id.path(), format!("{}aZ09-._~%2F%20%C3%A9", AgentId::PATH_PREFIX));
}

#[test]
fn invalid_ids_have_messages() {
    let cases = [
        (AgentId::new("").err(), "invalid `agentId`: must not be empty"),
        (AgentId::new("..").err(), "invalid `agentId`: must not be `..`"),
        (AgentId::from_segment("a/b").err(), "invalid `agentId`: must be a path segment of percent-encoded UTF-8"),
        (WorkspaceId::new("").err(), "invalid `x-workspace-id`: must not be empty"),
        (
            WorkspaceId::new("é").err(),
            "invalid `x-workspace-id`: must contain only visible ASCII characters, spaces and tabs",
        ),
        (WorkspaceId::new("a ").err(), "invalid `x-workspace-id`: must not begin or end with a space or tab"),
    ];
    for (error, message) in cases {
        assert_eq!(error.map(|error| error.to_string()).as_deref(), Some(message));
    }
}

#[test]
fn header_values() {
    for id in ["w", "acme 42", "!~", "a\tb"] {
        let parsed = WorkspaceId::new(id).expect("a header's value");
        assert_eq!((parsed.as_str(), parsed.to_string().as_str()), (id, id));
    }
    for id in ["", " ", "a ", "\ta", "a\t", "a\nb", "a\rb", "\0", "a\u{7f}", "é", "a\u{80}b", "\u{a0}", "\u{1F600}"] {
        assert!(WorkspaceId::new(id).is_err(), "{id:?}");
    }
}

/// Ids, codes and enums can be used as strings, and parsed only from valid strings.
#[test]
fn conversions_from_and_to_strings() {
    let id: AgentId = "a1".parse().expect("an id");
    assert_eq!(id, "a1");
    assert_eq!("a1", id);
    assert_eq!(id, *"a1");
    assert_eq!((id.as_ref(), String::from(id.clone())), ("a1", "a1".to_owned()));
    assert_eq!((AgentId::try_from("a1"), AgentId::try_from("a1".to_owned())), (Ok(id.clone()), Ok(id.clone())));
    assert_eq!(HashSet::from([id.clone()]).get("a1"), Some(&id));
    assert_eq!(serde_json::to_value(&id).expect("it is written"), "a1");
    assert_eq!(serde_json::from_value::<AgentId>(json!("a1")).expect("it is read"), id);
    for (wrong, error) in [("", "invalid `agentId`: must not be empty"), ("..", "invalid `agentId`: must not be `..`")]
    {
        let error_of = |id: Result<AgentId, callagent::FieldError>| id.map_err(|error| error.to_string());
        assert_eq!(error_of(wrong.parse()), Err(error.to_owned()));
        assert!(serde_json::from_value::<AgentId>(json!(wrong)).is_err_and(|found| found.to_string() == error));
    }
    assert!(serde_json::from_value::<WorkspaceId>(json!("é")).is_err());

    for model in LlmModel::ALL {
        assert!(model.as_str().parse::<LlmModel>().is_ok_and(|parsed| parsed == *model) && *model == model.as_str());
        let written = serde_json::to_value(model).expect("it is written");
        assert_eq!(serde_json::from_value::<LlmModel>(written).expect("it is read"), *model);
    }
    let error = serde_json::from_value::<LlmModel>(json!("elevenLabsApiKey=SECRET")).expect_err("it is unknown");
    assert!(!error.to_string().contains("SECRET"), "{error}");
    assert!(
        error.to_string().starts_with("unknown value: expected one of `gpt-4o-mini`, `gpt-4o-enterprise`"),
        "{error}"
    );
    assert!(OpenEnum::<LlmModel>::unknown("new") == "new" && "new" == OpenEnum::<LlmModel>::unknown("new"));

    for code in Code::ALL {
        assert!(*code == code.as_str() && serde_json::from_value::<Code>(json!(code)).is_ok_and(|read| read == *code));
    }
    assert_eq!("new-code".parse::<Code>().map_err(|error| error.to_string()), Err("unknown code".to_owned()));

    assert_eq!(format!("{:?} {:?}", Code::MALFORMED, ProblemType::NOT_FOUND), "Code(malformed) ProblemType(not-found)");
    assert_eq!(UPDATE_AGENT.method.to_string(), "PUT");
    for problem in ProblemType::ALL {
        assert!(*problem == problem.as_str() && format!("{problem:>50}").trim_start() == *problem);
        assert!(serde_json::from_value::<ProblemType>(json!(problem)).is_ok_and(|read| read == *problem));
    }
    let unknown = "not-found".parse::<ProblemType>().map_err(|error| error.to_string());
    assert_eq!(unknown, Err("unknown problem type".to_owned()));
}
