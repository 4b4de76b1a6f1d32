//! The conformance vectors: every engine gives the expected verdict, and they cover every sentence of the contract,
//! every code, and every rule of the model.

mod coverage;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use crate::util::{SchemaEngine, committed, in_project};
use callagent::{
    Agent, Code, Document, Severity, UpdateAgent,
    model::{Direction, Object, Type},
};
use callagent_testkit::{
    engines::{self, Engine, Entry, compare::written_again},
    for_document,
    vectors::{self, Apply, Case, Check, Sentence, Suite, Vector, format_sentences},
};
use serde_json::{Value, json};

/// The differences between an engine and the vectors.
struct Differences<'e> {
    engine: &'e str,
    sentences: BTreeMap<String, String>,
    found: Vec<String>,
}

impl<'e> Differences<'e> {
    fn new(engine: &'e str) -> Self {
        let sentences = sentences().into_iter().map(|sentence| (sentence.id, sentence.says)).collect();
        Differences { engine, sentences, found: Vec::new() }
    }

    fn add(&mut self, vector: &Vector, differences: impl IntoIterator<Item = String>) {
        for difference in differences {
            let mut message = format!("{}:\n{difference}", vector.id);
            for sentence in &vector.contract {
                let text = self.sentences.get(sentence).map_or("", String::as_str);
                let _ = write!(message, "\n    {sentence}: {text}");
            }
            self.found.push(message);
        }
    }

    /// Fails if there is a difference.
    #[track_caller]
    fn assert_none(self) {
        const SHOWN: usize = 20;
        let Differences { engine, found, .. } = self;
        let shown: Vec<_> = found.iter().take(SHOWN).cloned().collect();
        assert!(
            found.is_empty(),
            "{engine} differs from {} vectors of fixtures/vectors (at most {SHOWN} are shown):\n{}\nFix {engine} or, if \
             the contract has changed, give the vectors new ids and update them.",
            found.len(),
            shown.join("\n"),
        );
    }
}

fn suites() -> Vec<Suite> {
    vectors::read().unwrap_or_else(|error| panic!("{error}"))
}

fn sentences() -> Vec<Sentence> {
    vectors::sentences().unwrap_or_else(|error| panic!("{error}"))
}

fn all_vectors() -> Vec<Vector> {
    suites().into_iter().flat_map(|suite| suite.vectors).collect()
}

fn checks(vectors: &[Vector]) -> impl Iterator<Item = (&Vector, &Check)> {
    vectors.iter().filter_map(|vector| match &vector.case {
        Case::Check(check) => Some((vector, check)),
        Case::Apply(_) => None,
    })
}

fn applications(vectors: &[Vector]) -> impl Iterator<Item = (&Vector, &Apply)> {
    vectors.iter().filter_map(|vector| match &vector.case {
        Case::Apply(apply) => Some((vector, apply)),
        Case::Check(_) => None,
    })
}

fn all_engines() -> Vec<Engine> {
    engines::all().unwrap_or_else(|error| panic!("{error}"))
}

/// Runs engines on all vectors that they support.
#[track_caller]
fn conform<const N: usize>(names: [&str; N]) {
    let vectors = all_vectors();
    let engines: Vec<_> = all_engines().into_iter().filter(|engine| names.contains(&engine.name)).collect();
    assert_eq!(engines.len(), N, "the engines {names:?}");
    for engine in engines {
        let mut differences = Differences::new(engine.name);
        let verdicts =
            checks(&vectors).filter_map(|(vector, check)| Some((vector, check, engine.check(&check.document())?)));
        for (vector, check, verdict) in verdicts {
            differences.add(vector, check.differences(&verdict));
        }
        differences.assert_none();
    }
}

#[test]
fn reader() {
    conform(["read", "check"]);
}

#[test]
fn values_in_place() {
    conform(["read_value"]);
}

#[test]
fn serde() {
    conform(["serde_json", "serde Value"]);
}

#[test]
fn outputs_are_stable() {
    let (engines, vectors) = (all_engines(), all_vectors());
    let reader = &engines[0];
    let mut differences = Differences::new("the output, read and written again,");
    for (vector, check) in checks(&vectors) {
        let document = check.document();
        let outputs = engines.iter().filter_map(|engine| engine.check(&document)?.output);
        for output in outputs.chain(check.output.clone()) {
            let again = written_again(reader, &document, &output);
            differences.add(vector, again.map(|again| format!("    expected {output}\n    found    {again}")));
        }
    }
    differences.assert_none();
}

#[test]
fn serde_reads_what_the_reader_reads() {
    fn is_equal<T: Document + PartialEq>(text: &[u8]) -> bool {
        serde_json::from_slice::<T>(text).ok() == callagent::read::<T>(text).ok()
    }
    for (vector, check) in checks(&all_vectors()).filter(|(_, check)| check.tolerance.is_none()) {
        assert!(for_document!(check.direction, is_equal(&check.text)), "{}", vector.id);
    }
}

/// Every violation says what would be right. No report and no error shows a key.
#[test]
fn messages_are_helpful() {
    fn messages<T: Document>(id: &str, check: &Check) -> String {
        let reader = check.document().tolerant.cloned().unwrap_or_default();
        let report = reader.check::<T>(&check.text);
        for violation in report.violations() {
            assert!(violation.expected().is_some() && !violation.message().is_empty(), "{id}: {violation}");
        }
        let error = serde_json::from_slice::<T>(&check.text).err();
        format!("{report} {report:?} {}", error.map(|error| error.to_string()).unwrap_or_default())
    }
    for (vector, check) in checks(&all_vectors()) {
        let shown = for_document!(check.direction, messages(&vector.id, check));
        assert!(!shown.contains("SECRET"), "{} shows a key: {shown}", vector.id);
    }
}

/// Compares the results of schemas, which have no tolerances, for all values with the expected violations that
/// `is_expected` selects.
#[track_caller]
fn compare_values(engine: &str, [update, agent]: [SchemaEngine; 2], is_expected: impl Fn(&Entry) -> bool) {
    let vectors = all_vectors();
    let mut differences = Differences::new(engine);
    for (vector, check) in checks(&vectors) {
        let Some(value) = check.document().value else { continue };
        let schema = if check.direction == Direction::Request { &update } else { &agent };
        let tolerable = |(_, code): &&Entry| matches!(*code, Code::UNKNOWN_FIELD | Code::UNKNOWN_VALUE);
        let expected = check.violations.iter().chain(check.advisories.iter().filter(tolerable));
        let expected: BTreeSet<_> = expected.filter(|entry| is_expected(entry)).cloned().collect();
        let found = schema.violations(value);
        let difference = format!("    expected {expected:?}\n    found    {found:?}");
        differences.add(vector, (found != expected).then_some(difference));
    }
    differences.assert_none();
}

#[test]
fn values_by_the_published_schemas() {
    let schemas = ["update-agent", "agent"].map(|name| committed(&format!("{name}.schema.json")));
    compare_values("the JSON Schema", schemas.map(|schema| SchemaEngine::compile(&schema)), |_| true);
}

#[test]
fn values_by_openapi() {
    let document = committed("openapi.json");
    let schemas = ["UpdateAgent", "Agent"].map(|name| SchemaEngine::for_component(&document, name));
    compare_values("OpenAPI 3.1", schemas, |_| true);
}

/// OpenAPI 3.0 cannot express the rule of the key. Everything else is the same.
#[test]
fn values_by_openapi_3_0() {
    let document = without_nullable(committed("openapi-3.0.json"));
    let schemas = ["UpdateAgent", "Agent"].map(|name| SchemaEngine::for_component(&document, name));
    let tts = UpdateAgent::OBJECT.fields.iter().find_map(|field| match field.r#type {
        Type::Object(Object { required_if: [rule], .. }) => {
            Some((format!("/{}/{}", field.name, rule.field.name), Code::MISSING_FIELD))
        }
        _ => None,
    });
    let conditional = tts.expect("a conditionally required field");
    let is_shown = checks(&all_vectors()).any(|(_, check)| check.is_value && check.violations.contains(&conditional));
    assert!(is_shown, "no vector violates the key rule");
    compare_values("OpenAPI 3.0", schemas, |found| *found != conditional);
}

/// Converts schemas of OpenAPI 3.0 to JSON Schema, with null in the type.
fn without_nullable(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(keywords) => {
            if keywords.remove("nullable") == Some(Value::Bool(true)) {
                let r#type = keywords.remove("type").expect("a nullable schema has a type");
                keywords.insert("type".to_owned(), json!([r#type, "null"]));
            }
            keywords.values_mut().for_each(|value| *value = without_nullable(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_nullable(item.take())),
        _ => {}
    }
    schema
}

#[test]
fn updates_applied() {
    let vectors = all_vectors();
    let mut differences = Differences::new("`UpdateAgent::apply`");
    for (vector, apply) in applications(&vectors) {
        let (after, sent) = apply.run().unwrap_or_else(|error| panic!("{}: {error}", vector.id));
        differences.add(vector, apply.differences(&after, Some(&sent)));
    }
    differences.assert_none();
}

#[test]
fn files_are_as_they_say() {
    let value = |text: &str| serde_json::from_str(text).expect("JSON");
    let schema = value(&in_project("fixtures/vectors/vectors.schema.json"));
    let schema = jsonschema::draft202012::new(&schema).expect("the schema is one");
    let is_as_said = |path: &str, formatted: &str| {
        let text = in_project(path);
        let errors: Vec<_> = schema.iter_errors(&value(&text)).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{path} breaks vectors.schema.json:\n{}", errors.join("\n"));
        for (number, (found, right)) in text.lines().zip(formatted.lines()).enumerate() {
            assert_eq!(found, right, "{path}:{}: format the line like the right one", number + 1);
        }
        assert!(text == formatted, "{path}: end the file as the others end");
    };
    for suite in suites() {
        is_as_said(&suite.path(), &suite.formatted());
    }
    is_as_said("fixtures/vectors/sentences.json", &format_sentences(&sentences()));
}

#[test]
fn ids_are_unique() {
    let mut seen = BTreeSet::new();
    for Vector { id, .. } in all_vectors() {
        assert!(seen.insert(id.clone()), "two vectors have the id {id}: give the newer one an id that was never used");
    }
    let mut seen = BTreeSet::new();
    for Sentence { id, .. } in sentences() {
        assert!(seen.insert(id.clone()), "two rows of sentences.json have the id {id}");
    }
}

#[test]
fn every_sentence_is_tested() {
    let shown: BTreeSet<_> = all_vectors().into_iter().flat_map(|vector| vector.contract).collect();
    let sentences = sentences();
    let known: BTreeSet<_> = sentences.iter().map(|sentence| sentence.id.clone()).collect();
    let unknown: Vec<_> = shown.difference(&known).collect();
    assert!(unknown.is_empty(), "sentences.json lacks sentences that vectors refer to: {unknown:?}");
    for Sentence { id, shown_by, .. } in &sentences {
        match shown_by.as_deref() {
            // A test of the contract test checks that it has a case.
            Some("verify") => {
                assert!(id.starts_with("http."), "sentences.json: {id}: only servers are shown by `verify`");
            }
            Some(test) => {
                assert!(exists(test), "sentences.json: {id}: the test {test} does not exist");
            }
            None => assert!(shown.contains(id), "no vector tests {id}; add one that fails if the sentence is violated"),
        }
    }
}

/// Whether this crate has a test with this file and name.
fn exists(test: &str) -> bool {
    let Some((file, name)) = test.split_once("::") else { return false };
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract");
    let files = [tests.join(format!("{file}.rs")), tests.join(file).join("mod.rs")];
    let declaration = format!("#[test]\nfn {name}()");
    files.iter().any(|file| fs::read_to_string(file).is_ok_and(|text| text.contains(&declaration)))
}

#[test]
fn every_code_is_tested() {
    let (vectors, sentences) = (all_vectors(), sentences());
    let mut gaps = Vec::new();
    for code in Code::ALL {
        let code_name = code.as_str();
        let of_code = |id: &str| id.split('.').any(|part| part == code_name);
        if !sentences.iter().any(|sentence| of_code(&sentence.id)) {
            gaps.push(format!("  no row of sentences.json has `{code_name}` in its id"));
        }
        let about = checks(&vectors).filter(|(vector, _)| vector.contract.iter().any(|id| of_code(id)));
        let about: Vec<_> = about.map(|(_, check)| check).collect();
        let raised = |found: &[Entry]| found.iter().any(|(_, found)| found == code);
        let mut require = |what: &str, test: &dyn Fn(&Check) -> bool| {
            if !about.iter().any(|check| test(check)) {
                gaps.push(format!("  no vector for a sentence of {code_name} has it {what}"));
            }
        };
        let severity = code.severity();
        if severity != Severity::Advisory {
            require("as a violation", &|check| raised(&check.violations));
        }
        if severity != Severity::Violation {
            require("as an advisory", &|check| raised(&check.advisories));
        }
        require("not at all", &|check| !raised(&check.violations) && !raised(&check.advisories));
    }
    assert!(gaps.is_empty(), "fixtures/vectors has gaps:\n{}\nAdd vectors for them.", gaps.join("\n"));
}

#[test]
fn every_field_is_tested() {
    let vectors = all_vectors();
    for object in [UpdateAgent::OBJECT, Agent::OBJECT] {
        let gaps = coverage::gaps(object, checks(&vectors).map(|(_, check)| check));
        let gaps: Vec<_> = gaps.iter().map(|gap| format!("  {gap}")).collect();
        assert!(
            gaps.is_empty(),
            "no vector in fixtures/vectors/values covers:\n{}\nAdd vectors, and the field's sentences to sentences.json.",
            gaps.join("\n")
        );
    }
}

/// Engines that read only values get no text that JSON parsers read differently.
#[test]
fn values_are_read_alike_by_all_parsers() {
    for (Vector { id, .. }, check) in checks(&all_vectors()).filter(|(_, check)| check.is_value) {
        let is_of_text = |(_, code): &Entry| matches!(*code, Code::MALFORMED | Code::DUPLICATE_FIELD);
        let exercises_text = check.violations.iter().any(is_of_text) || check.offset.is_some();
        assert!(!exercises_text, "{id} exercises JSON text: move it to text/");
        // The undocumented fields of a response are all checked.
        let within = format!("{{\"document\":{}}}", String::from_utf8_lossy(&check.text));
        assert!(callagent::check::<Agent>(within).is_valid(), "{id} repeats a name: move it to text/");
    }
}
