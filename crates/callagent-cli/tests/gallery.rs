//! A gallery of reports in the human format.

use unicode_width::UnicodeWidthStr as _;

/// Runs `callagent validate` on a document and returns its standard output.
fn report(direction: &str, document: &[u8], colored: bool) -> String {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_callagent"));
    let color = if colored { ("CLICOLOR_FORCE", "1") } else { ("NO_COLOR", "1") };
    command.env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR").env(color.0, color.1);
    let output = command.args(["validate", "--as", direction, "-"]).write_stdin(document).output().expect("it runs");
    String::from_utf8(output.stdout).expect("reports are UTF-8")
}

#[test]
fn gallery() {
    let long =
        format!("{{\"llmModel\": \"gpt-5\", \"name\": \"{}\", \"gaps\": 1, \"variables\": {{}}}}", "long ".repeat(80));
    let gallery: [(&str, &str, &[u8]); 26] = [
        ("a misspelled value", "update", br#"{"llmModel": "gpt-4.1-mni"}"#),
        ("an unknown model similar to a known one", "update", br#"{"llmModel": "gpt-6"}"#),
        ("a value unlike any known one", "update", br#"{"llmModel": "claude-sonnet-4"}"#),
        ("a misspelled field", "update", br#"{"llm_model": "gpt-5"}"#),
        ("a misspelled field that would uncover a wrong value", "update", br#"{"llmModel": "gpt-5", "nmae": 7}"#),
        ("a field of the response", "update", b"{\n  \"llmModel\": \"gpt-5\",\n  \"status\": \"ready\"\n}"),
        ("a missing key", "update", br#"{"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo"}}"#),
        ("a missing key, null", "update", br#"{"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": null}}"#),
        ("a key of another type, masked", "update", br#"{"llmModel": "gpt-5", "ttsModel": {"elevenLabsApiKey": ["sk-1234"], "provider": "rime"}}"#),
        ("out of range", "update", b"{\"llmModel\": \"gpt-5\", \"gapBetweenEachAttemptForSmartCallback\": [\n\t{\"days\": 1},\n\t{\"days\": 31}\n]}"),
        ("a number in a string", "update", br#"{"llmModel": "gpt-5", "maxAttemptsForSmartCallback": "3"}"#),
        ("an array of several lines instead of an object", "update", b"{\"llmModel\": \"gpt-5\", \"settings\": [\n  1,\n  2\n]}"),
        ("a repeated field", "update", br#"{"llmModel": "gpt-5", "name": "a", "name": "b"}"#),
        ("wide characters before the span", "update", "{\"name\": \"日本語の代理人\", \"llmModel\": 5}".as_bytes()),
        ("an emoji with a modifier and a ZWJ sequence", "update", "{\"name\": \"\u{1F44D}\u{1F3FD}\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\", \"llmModel\": 5}".as_bytes()),
        ("lines that end with CR LF", "update", b"{\r\n\t\"llmModel\": \"gpt-5\",\r\n\t\"settings\": [\r\n\t\t1\r\n\t]\r\n}\r\n"),
        ("not JSON: CR LF in a string", "update", b"{\"llmModel\": \"gpt-5\", \"name\": \"two\r\nlines\"}"),
        ("not JSON: CR LF instead of a value", "update", b"{\"llmModel\":\r\n}"),
        ("right-to-left text and control characters", "update", "{\"name\": \"שלום \u{202e}abc\u{7f}\", \"llmModel\": 5}".as_bytes()),
        ("a name with a line end and a color escape", "update", br#"{"llmModel": "gpt-5", "a\nb\u001b[31m": 1}"#),
        ("a long line", "update", long.as_bytes()),
        ("not JSON: a trailing comma", "update", b"{\n  \"llmModel\": \"gpt-5\",\n}"),
        ("not JSON: an unexpected end", "update", br#"{"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": "sk-12"#),
        ("not JSON: invalid UTF-8", "update", b"{\"llmModel\": \"gpt-5\", \"name\": \"caf\xe9\"}"),
        ("not JSON: a line end in a string", "update", b"{\"llmModel\": \"gpt-5\", \"name\": \"two\nlines\"}"),
        ("advisories of a response", "agent", br#"{"ttsModel": {"provider": "rime", "elevenLabsApiKey": "sk-1234"}, "createdAt": "yesterday"}"#),
    ];
    let reports: Vec<_> = gallery
        .into_iter()
        .map(|(title, direction, document)| format!("# {title}\n\n{}", report(direction, document, false)))
        .collect();
    insta::assert_snapshot!(reports.join("\n"));
}

#[test]
fn colors_follow_the_environment() {
    let document = br#"{"llmModel": "gpt-6"}"#;
    assert!(!report("update", document, false).contains('\u{1b}'));
    assert!(report("update", document, true).contains("\u{1b}["));
}

/// Findings after the first hundred of a document take one line each, and none is omitted.
#[test]
fn many_findings_stay_readable() {
    let items = vec!["1"; 1000].join(",");
    let report = report("update", format!("{{\"llmModel\":\"gpt-5\",\"phoneNumberIds\":[{items}]}}").as_bytes(), false);
    assert!((0..1000).all(|index| report.contains(&format!("/phoneNumberIds/{index}"))));
    assert!(report.lines().count() < 2000, "{}", report.lines().count());
}

/// The carets of the first excerpt: their start and end columns, and the text above them.
fn carets(report: &str) -> (usize, usize, String) {
    let lines: Vec<_> = report.lines().collect();
    let row = lines.iter().position(|line| line.trim_start_matches([' ', '|']).starts_with('^')).expect("carets");
    let below = |line: &str| line.split_once("| ").map(|(_, line)| line.to_owned()).expect("a margin");
    let (text, carets) = (below(lines[row - 1]), below(lines[row]));
    let start = carets.find('^').expect("a caret");
    (start, start + carets.trim_start().chars().take_while(|&character| character == '^').count(), text)
}

/// Sequences whose width differs from the sum of the widths of their characters.
const SEQUENCES: [&str; 16] = [
    "\t\t",
    "\u{1F44D}\u{1F3FD}",
    "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}",
    "\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}",
    "\u{1F1E9}\u{1F1EA}\u{1F1EB}\u{1F1F7}",
    "\u{2764}\u{FE0F}",
    "#\u{FE0F}\u{20E3}",
    "e\u{301}\u{323}",
    "日本語",
    "ｆｕｌｌ",
    "\u{1112}\u{1161}\u{11AB}",
    "a\u{200B}\u{200C}\u{2060}\u{FEFF}b",
    "क्षि",
    "\u{7f}\u{9b}\u{202e}\u{200f}",
    "\u{E000}...\u{FDD0}",
    "שלום",
];

#[test]
fn carets_are_aligned_with_terminal_cells() {
    for sequence in SEQUENCES {
        // Before, in and after the span. Tabs only where JSON allows them.
        let spaces = if sequence.starts_with('\t') { sequence } else { "" };
        let name = if spaces.is_empty() { sequence } else { "" };
        let document =
            format!("{{\"name\": {spaces}\"{name}\", \"llmModel\": \"{name}\",{spaces} \"variables\": {{}}}}");
        for line_end in ["", "\r\n", "\n"] {
            for colored in [false, true] {
                let report = without_colors(&report("update", (document.clone() + line_end).as_bytes(), colored));
                let (start, end, text) = carets(&report);
                let place = text.find("\"llmModel\": ").expect("the field") + "\"llmModel\": ".len();
                let length = text[place + 1..].find('"').expect("the end of the string") + 2;
                let cells = |end: usize| text[..end].width();
                assert_eq!((start, end), (cells(place), cells(place + length)), "{report}");
                assert!(!text.contains(['\r', '\t', '␍', '␊']), "{text:?}");
            }
        }
    }
}

/// Removes color escapes.
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest))
}
