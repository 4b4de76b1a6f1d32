//! Entity tags and preconditions (RFC 9110, sections 8.8.3 and 13.1.1).

use callagent::{Agent, ETag, IfMatch, InvalidETag, LlmModel, ProblemType, UpdateAgent};

fn tag(text: &str) -> ETag {
    text.parse().expect("an entity tag")
}

#[test]
fn only_quoted_text_is_a_tag() {
    for text in [r#""5""#, r#"W/"5""#, r#""""#, r#""a,b;c""#, "\"\u{80}é\"", r#""\""#] {
        let tag = tag(text);
        assert_eq!((tag.as_str(), tag.is_weak()), (text, text.starts_with('W')));
        assert_eq!(format!("{tag:>9}"), format!("{text:>9}"));
    }
    for text in
        ["", "5", "\"5", "5\"", "w/\"5\"", "W/ \"5\"", " \"5\"", "\"5\" ", "\"a b\"", "\"\u{7f}\"", "\"5\"\"", "*"]
    {
        let error: InvalidETag = text.parse::<ETag>().expect_err(text);
        assert_eq!(error.to_string(), "expected an entity tag in quotes, such as `\"5\"`, or a list of them");
    }
    assert_eq!((ETag::from(7), ETag::strong("a")), (tag(r#""7""#), Ok(tag(r#""a""#))));
    assert!(ETag::strong("a b").is_err());
}

/// The comparison is strong, and elements of a list may be empty.
#[test]
fn a_condition_permits_its_strong_tags() {
    let current = tag(r#""5""#);
    for (condition, permits) in [
        ("*", true),
        (" * ", true),
        (r#""5""#, true),
        (r#""4", "5""#, true),
        (r#",,"4"	,, "5" ,"#, true),
        (r#""4","6""#, false),
        (r#"W/"5""#, false),
    ] {
        let parsed: IfMatch = condition.parse().expect(condition);
        assert_eq!(parsed.permits(&current), permits, "{condition}");
        assert_eq!(parsed.to_string().parse(), Ok(parsed.clone()), "{condition}");
        assert_eq!(parsed.tags().is_none(), condition.contains('*'));
    }
    assert!(!IfMatch::from(tag(r#"W/"5""#)).permits(&tag(r#"W/"5""#)));
    for text in ["", " ", ",", "5", r#""5 ""#, r#""4" "5""#, r#""4";"5""#, r#"*, "5""#, r#""5", *"#] {
        assert!(text.parse::<IfMatch>().is_err(), "{text}");
    }
}

#[test]
fn an_update_in_effect_needs_no_permission() {
    let (current, other) = (ETag::from(5), IfMatch::from(ETag::from(4)));
    let update = || UpdateAgent::new(LlmModel::Gpt5).name("Support");
    for condition in [None, Some(IfMatch::ANY), Some(IfMatch::from(current.clone()))] {
        let mut agent = Agent::default();
        assert_eq!(update().apply_if(condition.as_ref(), &current, &mut agent), Ok(true));
        assert_eq!(agent.name.as_deref(), Some("Support"));
        assert_eq!(update().apply_if(Some(&other), &current, &mut agent), Ok(false));
        let changed = agent.clone();
        let refused = update().name("Sales").apply_if(Some(&other), &current, &mut agent);
        assert_eq!((refused, agent), (Err(ProblemType::PRECONDITION_FAILED), changed));
    }
}
