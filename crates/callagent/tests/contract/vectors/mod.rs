//! The conformance vectors: every engine gives the expected verdict, and they cover every sentence of the contract,
//! every code, and every rule of the model.

mod coverage;
mod files;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write as _},
    fs,
    path::Path,
};

use crate::util::{SchemaEngine, committed, read_fixture, same};
use callagent::{
    Agent, Code, Document, Report, Severity, UpdateAgent,
    model::{Object, Type},
};
use files::{Application, As, File, Found, Sentence, Vector, sentences};
use serde_json::Value;

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

    #[track_caller]
    fn expect<T: PartialEq + fmt::Debug>(
        &mut self,
        id: &str,
        contract: &[String],
        what: &str,
        expected: &T,
        found: &T,
    ) {
        if expected == found {
            return;
        }
        let mut message = format!("{id}: {what}\n    expected {expected:?}\n    found    {found:?}");
        for sentence in contract {
            let text = self.sentences.get(sentence).map_or("", String::as_str);
            let _ = write!(message, "\n    {sentence}: {text}");
        }
        self.found.push(message);
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

/// The vectors of a folder.
fn vectors(folder: &str) -> Vec<Vector> {
    File::all(folder).into_iter().flat_map(|file| file.suite.vectors).collect()
}

fn all_vectors() -> Vec<Vector> {
    ["values", "text"].into_iter().flat_map(vectors).collect()
}

/// Calls one of two functions by the direction of a vector.
macro_rules! by_direction {
    ($vector:expr, $function:ident($($argument:expr),*)) => {
        match $vector.r#as {
            As::Update => $function::<UpdateAgent>($($argument),*),
            As::Agent => $function::<Agent>($($argument),*),
        }
    };
}

fn sorted(mut found: Vec<Found>) -> Vec<Found> {
    found.sort();
    found
}

fn violations(report: &Report) -> Vec<Found> {
    report.violations().map(Found::from).collect()
}

fn advisories(report: &Report) -> Vec<Found> {
    report.advisories().map(Found::from).collect()
}

fn written(document: &impl Document) -> String {
    serde_json::to_string(document).expect("a document serializes")
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn reader() {
    fn read<T: Document>(vector: &Vector, differences: &mut Differences<'_>) {
        let (id, contract) = (&vector.id, &vector.contract);
        let (reader, text) = (vector.reader(), vector.document());
        let report = reader.check::<T>(&text);
        let (built, other) = reader.read_and_report::<T>(&text);
        for (what, report) in [("check", &report), ("read", &other)] {
            differences.expect(id, contract, &format!("{what}: violations"), &vector.violations, &violations(report));
            differences.expect(id, contract, &format!("{what}: advisories"), &vector.advisories, &advisories(report));
        }
        differences.expect(id, contract, "it is read", &vector.is_valid(), &built.is_some());
        let malformed = report.violations().find(|violation| violation.code() == Code::MALFORMED);
        let offset = malformed.and_then(|violation| violation.span()).map(|span| span.offset);
        differences.expect(id, contract, "offset", &vector.offset, &offset);

        let shown = format!("{report} {report:?}");
        differences.expect(id, contract, "a report shows a key", &false, &shown.contains("SECRET"));
        for violation in report.violations() {
            let is_helpful = violation.expected().is_some() && !violation.message().is_empty();
            differences.expect(id, contract, "each violation says what would have been right", &true, &is_helpful);
        }
        if let Some(model) = built {
            come_back(vector, &model, differences);
        }
    }
    let mut differences = Differences::new("the reader");
    for vector in all_vectors() {
        by_direction!(vector, read(&vector, &mut differences));
    }
    differences.assert_none();
}

/// The result of reading and writing again.
fn come_back<T: Document>(vector: &Vector, model: &T, differences: &mut Differences<'_>) {
    let (id, contract) = (&vector.id, &vector.contract);
    let reader = vector.reader();
    let again = |text: &str| reader.read::<T>(text).map(|model| written(&model)).map_err(|report| report.to_string());
    let once = written(model);
    differences.expect(id, contract, "written, read and written again", &Ok(once.clone()), &again(&once));
    if let Some(output) = &vector.output {
        if !same(&value(output), &value(&once)) {
            differences.expect(id, contract, "output", output, &once);
        }
        differences.expect(id, contract, "the output, read and written", &Ok(output.clone()), &again(output));
    }
}

#[test]
fn serde_from_text() {
    fn deserialise<T: Document + PartialEq>(vector: &Vector, differences: &mut Differences<'_>) {
        let text = vector.document();
        let (id, contract) = (&vector.id, &vector.contract);
        let by_serde = serde_json::from_slice::<T>(&text);
        differences.expect(id, contract, "it is valid", &vector.is_valid(), &by_serde.is_ok());
        match by_serde {
            Ok(model) => {
                let is_same = callagent::read::<T>(&text).is_ok_and(|read| read == model);
                differences.expect(id, contract, "it is what the reader reads", &true, &is_same);
            }
            Err(error) => {
                let shows_key = error.to_string().contains("SECRET");
                differences.expect(id, contract, "the error shows a key", &false, &shows_key);
            }
        }
    }
    let mut differences = Differences::new("serde, from a text");
    for vector in all_vectors().iter().filter(|vector| vector.is_strict()) {
        by_direction!(vector, deserialise(vector, &mut differences));
    }
    differences.assert_none();
}

#[test]
fn values_by_serde() {
    fn deserialise<T: Document>(value: Value) -> bool {
        serde_json::from_value::<T>(value).is_ok()
    }
    let mut differences = Differences::new("serde, from a value");
    for vector in vectors("values").iter().filter(|vector| vector.is_strict()) {
        let is_valid = by_direction!(vector, deserialise(vector.value()));
        differences.expect(&vector.id, &vector.contract, "it is valid", &vector.is_valid(), &is_valid);
    }
    differences.assert_none();
}

#[test]
fn values_in_place() {
    fn read<T: Document>(vector: &Vector, differences: &mut Differences<'_>) {
        let (id, contract, reader, value) = (&vector.id, &vector.contract, vector.reader(), vector.value());
        let report = reader.check_value::<T>(&value);
        let expected = sorted(vector.violations.clone());
        differences.expect(id, contract, "violations", &expected, &sorted(violations(&report)));
        let expected = sorted(vector.advisories.clone());
        differences.expect(id, contract, "advisories", &expected, &sorted(advisories(&report)));
        match reader.read_value::<T>(&value) {
            Ok(model) => {
                differences.expect(id, contract, "it is read", &vector.is_valid(), &true);
                come_back(vector, &model, differences);
            }
            Err(report) => {
                let expected = sorted(vector.violations.clone());
                differences.expect(id, contract, "read: violations", &expected, &sorted(violations(report.report())));
            }
        }
    }
    let mut differences = Differences::new("the reader of values");
    for vector in vectors("values") {
        by_direction!(vector, read(&vector, &mut differences));
    }
    differences.assert_none();
}

/// Compares the results of schemas for all values with the expected violations that `expected` selects.
#[track_caller]
fn compare_values(engine: &str, update: &SchemaEngine, agent: &SchemaEngine, expected: impl Fn(&Found) -> bool) {
    let mut differences = Differences::new(engine);
    for vector in vectors("values") {
        let engine = if vector.r#as == As::Update { update } else { agent };
        let found = engine.violations(&vector.value()).into_iter();
        let found = found.map(|(pointer, code)| Found { code: code.as_str().to_owned(), pointer }).collect();
        let expected = vector.strict_violations().into_iter().filter(&expected).collect();
        differences.expect(&vector.id, &vector.contract, "violations", &sorted(expected), &sorted(found));
    }
    differences.assert_none();
}

#[test]
fn values_by_the_published_schemas() {
    let [update, agent] =
        ["update-agent", "agent"].map(|name| SchemaEngine::compile(&committed(&format!("{name}.schema.json"))));
    compare_values("the JSON Schema", &update, &agent, |_| true);
}

#[test]
fn values_by_openapi() {
    let document = committed("openapi.json");
    let [update, agent] = ["UpdateAgent", "Agent"].map(|name| SchemaEngine::for_component(&document, name));
    compare_values("OpenAPI 3.1", &update, &agent, |_| true);
}

/// OpenAPI 3.0 cannot express the rule of the key. Everything else is the same.
#[test]
fn values_by_openapi_3_0() {
    let document = crate::util::without_nullable(committed("openapi-3.0.json"));
    let [update, agent] = ["UpdateAgent", "Agent"].map(|name| SchemaEngine::for_component(&document, name));
    let tts = UpdateAgent::OBJECT.fields.iter().find_map(|field| match field.r#type {
        Type::Object(Object { required_if: [rule], .. }) => Some(Found {
            code: Code::MISSING_FIELD.as_str().to_owned(),
            pointer: format!("/{}/{}", field.name, rule.field.name),
        }),
        _ => None,
    });
    let conditional = tts.expect("a conditionally required field");
    let is_shown = vectors("values").iter().any(|vector| vector.violations.contains(&conditional));
    assert!(is_shown, "no vector violates the key rule");
    compare_values("OpenAPI 3.0", &update, &agent, |found| *found != conditional);
}

#[test]
fn updates_applied() {
    let mut differences = Differences::new("`UpdateAgent::apply`");
    for vector in File::<Application>::all("apply").into_iter().flat_map(|file| file.suite.vectors) {
        let Application { id, contract, agent, update, after, sent } = vector;
        let read =
            |text: &str| callagent::read::<Agent>(text).unwrap_or_else(|report| panic!("{id}: {text}: {report}"));
        let mut applied = read(&agent);
        callagent::read::<UpdateAgent>(&update).unwrap_or_else(|report| panic!("{id}: {report}")).apply(&mut applied);
        let mut expect = |what: &str, expected: &str, found: &Agent| {
            let found = written(found);
            if !same(&value(expected), &value(&found)) {
                differences.expect(&id, &contract, what, &expected, &found.as_str());
            }
        };
        expect("after", &after, &applied);
        if let Some(sent) = sent {
            expect("sent", &sent, &applied.for_response().into_agent());
        }
    }
    differences.assert_none();
}

#[test]
fn files_are_as_they_say() {
    let schema = value(&read_fixture("vectors/vectors.schema.json"));
    let schema = jsonschema::draft202012::new(&schema).expect("the schema is one");
    let is_as_said = |name: &str, suite: &str, formatted: &str| {
        let text = read_fixture(name);
        let errors: Vec<_> = schema.iter_errors(&value(&text)).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "fixtures/{name} breaks vectors.schema.json:\n{}", errors.join("\n"));
        let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str());
        assert_eq!(stem, Some(suite), "fixtures/{name}: the suite is named as its file");
        for (number, (found, right)) in text.lines().zip(formatted.lines()).enumerate() {
            assert_eq!(found, right, "fixtures/{name}:{}: format the line like the right one", number + 1);
        }
        assert!(text == formatted, "fixtures/{name}: end the file as the others end");
    };
    for file in ["values", "text"].into_iter().flat_map(File::<Vector>::all) {
        is_as_said(&file.path, &file.suite.name, &file.formatted());
    }
    for file in File::<Application>::all("apply") {
        is_as_said(&file.path, &file.suite.name, &file.formatted());
    }
    is_as_said("vectors/sentences.json", "sentences", &Sentence::formatted(&sentences()));
}

/// The ids of all vectors, with their sentences.
fn ids() -> Vec<(String, Vec<String>)> {
    let documents = all_vectors().into_iter().map(|vector| (vector.id, vector.contract));
    let applications = File::<Application>::all("apply").into_iter().flat_map(|file| file.suite.vectors);
    documents.chain(applications.map(|vector| (vector.id, vector.contract))).collect()
}

#[test]
fn ids_are_unique() {
    let mut seen = BTreeSet::new();
    for (id, _) in ids() {
        assert!(seen.insert(id.clone()), "two vectors have the id {id}: give the newer one an id that was never used");
    }
    let mut seen = BTreeSet::new();
    for Sentence { id, .. } in sentences() {
        assert!(seen.insert(id.clone()), "two rows of sentences.json have the id {id}");
    }
}

#[test]
fn every_sentence_is_tested() {
    let shown: BTreeSet<_> = ids().into_iter().flat_map(|(_, contract)| contract).collect();
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
        let about: Vec<_> = vectors.iter().filter(|vector| vector.contract.iter().any(|id| of_code(id))).collect();
        let raised = |found: &[Found]| found.iter().any(|found| found.code == code_name);
        let mut require = |what: &str, test: &dyn Fn(&Vector) -> bool| {
            if !about.iter().any(|vector| test(vector)) {
                gaps.push(format!("  no vector for a sentence of {code_name} has it {what}"));
            }
        };
        let severity = code.severity();
        if severity != Severity::Advisory {
            require("as a violation", &|vector| raised(&vector.violations));
        }
        if severity != Severity::Violation {
            require("as an advisory", &|vector| raised(&vector.advisories));
        }
        require("not at all", &|vector| !raised(&vector.violations) && !raised(&vector.advisories));
    }
    assert!(gaps.is_empty(), "fixtures/vectors has gaps:\n{}\nAdd vectors for them.", gaps.join("\n"));
}

#[test]
fn every_field_is_tested() {
    let vectors = vectors("values");
    for direction in [As::Update, As::Agent] {
        let gaps = coverage::gaps(direction, vectors.iter());
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
    for vector in vectors("values") {
        let of_text = [Code::MALFORMED, Code::DUPLICATE_FIELD].map(Code::as_str);
        let is_of_text = vector.violations.iter().any(|violation| of_text.contains(&violation.code.as_str()));
        assert!(!is_of_text && vector.offset.is_none(), "{} exercises JSON text: move it to text/", vector.id);
        // The undocumented fields of a response are all checked.
        let within = format!("{{\"document\":{}}}", String::from_utf8_lossy(&vector.document()));
        let is_valid = callagent::check::<Agent>(within).is_valid();
        assert!(is_valid, "{} repeats a name: move it to text/", vector.id);
    }
}
