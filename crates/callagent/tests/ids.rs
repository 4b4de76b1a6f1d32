//! What stands beside the body: the path parameter and the header.

use callagent::{AgentId, WorkspaceId};
use proptest::prelude::*;
use serde_json::json;

/// The regular expressions as JSON Schema understands them.
fn matches(pattern: &str, text: &str) -> bool {
    jsonschema::is_valid(&json!({"pattern": pattern}), &json!(text))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn an_id_survives_its_path_segment(id in any::<String>()) {
        match AgentId::new(id.clone()) {
            Ok(parsed) => {
                let segment = parsed.segment();
                prop_assert!(segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{segment}");
                prop_assert_eq!(AgentId::from_segment(&segment).map(|id| id.to_string()), Ok(id));
            }
            Err(error) => {
                prop_assert!(["", ".", ".."].contains(&id.as_str()));
                prop_assert_eq!(error.field(), "agentId");
            }
        }
    }

    /// Short texts of the characters that decide, and any others.
    #[test]
    fn the_patterns_match_ids_alone(text in prop_oneof![r"[ \t\n\x00\x1F\x7F.a-c\u{a0}ü]{0,4}", any::<String>()]) {
        prop_assert_eq!(matches(AgentId::PATTERN, &text), AgentId::new(text.clone()).is_ok());
        prop_assert_eq!(matches(WorkspaceId::PATTERN, &text), WorkspaceId::new(text.clone()).is_ok());
    }
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

#[test]
fn header_values() {
    for id in ["w", "acme 42", "ü", "a\tb"] {
        assert_eq!(WorkspaceId::new(id).map(|id| id.to_string()).as_deref(), Ok(id));
    }
    for id in ["", " ", "a ", "\ta", "a\nb", "a\rb", "\0", "a\u{7f}"] {
        assert!(WorkspaceId::new(id).is_err(), "{id:?}");
    }
}
