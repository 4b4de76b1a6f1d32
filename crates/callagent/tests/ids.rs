//! What stands beside the body: the path parameter and the header.

use callagent::{AgentId, WorkspaceId};
use proptest::prelude::*;

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
}

#[test]
fn path_segments() {
    for (segment, id) in [("a%2Fb", "a/b"), ("a%2fb", "a/b"), ("%2e%2E%2e", "..."), ("a+b", "a+b"), ("a%20b", "a b")] {
        assert_eq!(AgentId::from_segment(segment).map(|id| id.to_string()).as_deref(), Ok(id), "{segment}");
    }
    for segment in ["", ".", "..", "%2e", "%2E.", "%", "%2", "%zz", "%+1", "%ff", "a/b", "a?b", "a#b"] {
        assert!(AgentId::from_segment(segment).is_err(), "{segment}");
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
