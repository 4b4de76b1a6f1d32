//! The command's reports: locations are within the text, formats are well-formed, and no key is shown.

use callagent::{
    Agent, Document, UpdateAgent,
    model::{Object, Type},
    read,
};
use callagent_cli::{Direction, Format, render, render_diff};
use serde_json::Value;

/// The canary inserted at the beginning of each string of a key's value, and within each number. Reports do not contain
/// [`FRAGMENT`] consecutive bytes of it by chance.
const KEY: &str = "q7Zx9KvW2mYp4TbR";
const DIGITS: &str = "90817263549081726354";
const FRAGMENT: usize = 6;

/// The maximum length in bytes of a key's name with a canary after it.
const LONGEST_NAME: usize = 256;

/// Renders reports on the text with canaries in every format.
///
/// # Panics
/// If a key is shown, a location is not in the text, or a format is malformed.
pub fn target(text: &[u8]) {
    if holds_a_fragment(text) {
        return;
    }
    let text = &plant(text);
    check::<UpdateAgent>(text, Direction::Update);
    check::<Agent>(text, Direction::Agent);
}

fn check<T: Document + std::fmt::Debug>(text: &[u8], direction: Direction) {
    match read::<T>(text) {
        Ok(document) => keyless(format!("{document:?}").as_bytes()),
        Err(report) => keyless(format!("{report} {report:?}").as_bytes()),
    }
    if let Err(error) = serde_json::from_slice::<T>(text) {
        keyless(format!("{error} {error:?}").as_bytes());
    }
    let diff = render_diff(text, direction).expect("a diff can be written");
    keyless(&diff);
    let diff = String::from_utf8(diff).expect("a diff is UTF-8").replace("\r\n", "\n");
    printable(&diff.replace('\t', " "));

    let rendered = |format| {
        let rendered = render(text, direction, format).expect("a report can be written");
        keyless(&rendered);
        String::from_utf8(rendered).expect("a report is UTF-8")
    };
    for format in [Format::Human, Format::Concise] {
        printable(&rendered(format));
    }
    let findings = json(text, &rendered(Format::Json), &rendered(Format::Ndjson));
    assert_eq!(rendered(Format::Concise).lines().count(), findings, "a finding is a line");
    let annotations = rendered(Format::Github);
    assert!(annotations.lines().all(|line| line.starts_with("::error ") || line.starts_with("::warning ")));
    assert_eq!(annotations.lines().count(), findings, "a finding is a workflow command");
    assert_eq!(sarif(text, &rendered(Format::Sarif)), findings);
    roxmltree::Document::parse(&rendered(Format::Junit)).expect("a test case is XML");
}

/// Checks the locations in both JSON formats. Returns the number of findings.
fn json(text: &[u8], item: &str, line: &str) -> usize {
    let [report] = &items(item)[..] else { panic!("a document is an item") };
    assert_eq!(serde_json::from_str::<Value>(line).ok().as_ref(), Some(report));
    assert_eq!(line.find('\n'), Some(line.len() - 1), "a report is a line");
    let list = |name| report[name].as_array().expect("a list of findings").iter();
    let findings: Vec<_> = list("violations").chain(list("advisories")).collect();
    for place in findings.iter().flat_map(|finding| [Some(*finding), finding.get("suggestion")]).flatten() {
        within(text, &place["offset"], &place["length"]);
    }
    findings.len()
}

/// The items of a format with a separator before each.
fn items(items: &str) -> Vec<Value> {
    serde_json::from_str(&format!("[{}]", items.strip_prefix(",\n").unwrap_or(items))).expect("items of a JSON array")
}

/// Checks the regions of SARIF results. Returns the number of results.
fn sarif(text: &[u8], results: &str) -> usize {
    let results = items(results);
    for result in &results {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        within(text, &region["byteOffset"], &region["byteLength"]);
        let position = |edge| [format!("{edge}Line"), format!("{edge}Column")].map(|name| region[name].as_u64());
        let (start, end) = (position("start"), position("end"));
        assert!(start.into_iter().chain(end).all(|number| number > Some(0)) && start <= end, "{region}");
    }
    results.len()
}

fn within(text: &[u8], offset: &Value, length: &Value) {
    let number = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok()).expect("a number");
    let (offset, length) = (number(offset), number(length));
    assert!(offset + length <= text.len(), "{length} bytes at {offset} of {}", text.len());
}

fn printable(output: &str) {
    let is_printable = |character: char| character == '\n' || !character.is_control();
    assert!(output.chars().all(is_printable), "a control character reaches the terminal: {output:?}");
}

fn keyless(output: &[u8]) {
    assert!(!holds_a_fragment(output), "a key is shown: {}", String::from_utf8_lossy(output));
}

fn holds_a_fragment(text: &[u8]) -> bool {
    let mut fragments = [KEY, DIGITS].into_iter().flat_map(|secret| secret.as_bytes().windows(FRAGMENT));
    fragments.any(|fragment| memchr::memmem::find(text, fragment).is_some())
}

/// Inserts canaries into every value of a key field, in any context, under any notation of the name, and of any type. In
/// text that is not JSON, everything after the name of an incomplete value may be the key.
fn plant(text: &[u8]) -> Vec<u8> {
    let is_json = serde_json::from_slice::<Value>(text).is_ok();
    let (mut planted, mut position) = (Vec::new(), 0);
    while position < text.len() {
        let Some(name) = name_of_key(&text[position..]) else {
            planted.push(text[position]);
            position += 1;
            continue;
        };
        planted.extend_from_slice(&text[position..position + name]);
        position += name;
        let value = value_after_name(&text[position..]).map(|start| position + start);
        match value.filter(|&start| is_json || is_whole(&text[start..])) {
            Some(start) => {
                planted.extend_from_slice(&text[position..start]);
                position = start + plant_value(&text[start..], &mut planted);
            }
            None if is_json => {}
            None => {
                plant_all(&text[position..], &mut planted);
                return planted;
            }
        }
    }
    planted
}

/// The name of the key field.
fn key_name(object: &Object) -> Option<&'static str> {
    object.fields.iter().find_map(|field| match field.r#type {
        Type::Object(object) => key_name(object),
        r#type => r#type.is_secret().then_some(field.name),
    })
}

/// The length of the string at the beginning of the text if it names a key field, ignoring case and separators.
fn name_of_key(text: &[u8]) -> Option<usize> {
    let name = key_name(UpdateAgent::OBJECT).expect("the contract has a key");
    let quoted = string(&text[..LONGEST_NAME.min(text.len())])?;
    let given = serde_json::from_slice::<String>(&text[..quoted]).ok()?;
    let letters = given.replace(['_', '-', ' '], "");
    letters.eq_ignore_ascii_case(name).then_some(quoted)
}

/// The offset of the value if the text continues with a colon.
fn value_after_name(text: &[u8]) -> Option<usize> {
    let colon = blank(text);
    (text.get(colon)? == &b':').then(|| colon + 1 + blank(&text[colon + 1..]))
}

/// Returns whether the text begins with the value of an entry.
fn is_whole(text: &[u8]) -> bool {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<Value>();
    let value = values.next();
    let rest = &text[values.byte_offset()..];
    matches!(value, Some(Ok(_))) && matches!(rest.get(blank(rest)), Some(b',' | b'}'))
}

/// The length of the string at the beginning of the text, if it is closed.
fn string(text: &[u8]) -> Option<usize> {
    text.strip_prefix(b"\"")?;
    let mut position = 1;
    while *text.get(position)? != b'"' {
        position += if text[position] == b'\\' { 2 } else { 1 };
    }
    Some(position + 1)
}

fn blank(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count()
}

/// Copies a value with canaries inserted. Returns its length in the text.
fn plant_value(text: &[u8], planted: &mut Vec<u8>) -> usize {
    let (mut position, mut depth) = (0, 0u32);
    while let Some(&byte) = text.get(position) {
        let (length, secret) = match byte {
            b'"' => (string(&text[position..]).unwrap_or(text.len() - position), KEY),
            b'0'..=b'9' => (text[position..].iter().take_while(|byte| byte.is_ascii_digit()).count(), DIGITS),
            _ => (1, ""),
        };
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' if depth == 0 => return position,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        planted.push(byte);
        planted.extend_from_slice(secret.as_bytes());
        planted.extend_from_slice(&text[position + 1..position + length]);
        position += length;
    }
    position
}

/// Copies the text with canaries in and after each of its tokens.
fn plant_all(text: &[u8], planted: &mut Vec<u8>) {
    let mut position = 0;
    while position < text.len() {
        position += plant_value(&text[position..], planted);
        if let Some(&byte) = text.get(position) {
            planted.push(byte);
            planted.extend_from_slice(KEY.as_bytes());
            position += 1;
        }
    }
}
