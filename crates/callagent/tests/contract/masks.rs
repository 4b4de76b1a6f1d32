//! Masking the secrets of a text.

use callagent::tools::DocumentKind;

#[test]
fn secrets_are_masked_and_all_else_stays() {
    for (text, masked) in [
        (r#"{"elevenLabsApiKey": "sk-1"}"#, r#"{"elevenLabsApiKey": "****"}"#),
        (r#"{"elevenLabsApiKey" : "sk-1" , "a":1}"#, r#"{"elevenLabsApiKey" : "****" , "a":1}"#),
        (r#"{"eleven_labs_api_key": "ü"}"#, r#"{"eleven_labs_api_key": "**"}"#),
        (r#"{"elevenLabsApiKey": {"a": 1}}"#, r#"{"elevenLabsApiKey": "******"}"#),
        (r#"{"elevenLabsApiKey": 7}"#, r#"{"elevenLabsApiKey": *}"#),
        (r#"{"elevenLabsApiKey": ""}"#, r#"{"elevenLabsApiKey": ""}"#),
        (r#"{"elevenLabsApiKey": null}"#, r#"{"elevenLabsApiKey": null}"#),
        (r#"{"name": "Support"}"#, r#"{"name": "Support"}"#),
        ("", ""),
    ] {
        for kind in DocumentKind::ALL {
            let found = kind.mask(text.as_bytes(), <[u8]>::len);
            assert_eq!(String::from_utf8_lossy(&found), masked);
            assert_eq!(found.len(), text.len());
        }
    }
    let masked = DocumentKind::Update
        .mask(r#"{"elevenLabsApiKey": "ü"}"#.as_bytes(), |secret| String::from_utf8_lossy(secret).chars().count());
    assert_eq!(masked, br#"{"elevenLabsApiKey": "*"}"#);
}
