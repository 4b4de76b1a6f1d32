//! All bounds of all numbers of both documents, in every notation: the text reader, `serde_json` and the schema give
//! the same verdict and the same code.
//!
//! The numbers and bounds come from the model; none is repeated here.

use std::collections::BTreeSet;

use crate::util::{SchemaEngine, neighbours, violations};
use callagent::{
    Agent, Code, Document, Fraction, Reader, Span, UpdateAgent, check,
    model::{Bounds, Field, Object, Presence, Type},
    read,
    tools::child_pointer,
};
use schemars::JsonSchema;
use serde_json::{Value, json};

/// A number in a document, and the smallest document around it.
struct Numeric {
    pointer: String,
    before: String,
    after: String,
    bounds: [i64; 2],
    is_integer: bool,
}

impl Numeric {
    fn all(object: &'static Object) -> Vec<Numeric> {
        let mut found = Vec::new();
        Numeric::within(object, "", "", "", &mut found);
        assert!(!found.is_empty(), "{} has no number", object.name);
        found
    }

    fn within(object: &'static Object, pointer: &str, before: &str, after: &str, found: &mut Vec<Numeric>) {
        for field in object.fields {
            let others = object.fields.iter().filter(|other| other.name != field.name);
            let others: String = others.filter_map(least).collect();
            let opening = format!("{before}{{{others}\"{}\":", field.name);
            Numeric::at(&field.r#type, &child_pointer(pointer, field.name), &opening, &format!("}}{after}"), found);
        }
    }

    fn at(r#type: &'static Type, pointer: &str, before: &str, after: &str, found: &mut Vec<Numeric>) {
        match *r#type {
            Type::Integer(_) | Type::Number(_) => {
                let bounds =
                    r#type.bounds().map(|bound| bound.and_then(|bound| bound.as_i64()).expect("a whole bound"));
                let is_integer = matches!(r#type, Type::Integer(_));
                let (pointer, before, after) = (pointer.to_owned(), before.to_owned(), after.to_owned());
                found.push(Numeric { pointer, before, after, bounds, is_integer });
            }
            Type::Object(object) => Numeric::within(object, pointer, before, after, found),
            Type::List(item) => {
                Numeric::at(item, &child_pointer(pointer, "0"), &format!("{before}["), &format!("]{after}"), found);
            }
            _ => {}
        }
    }

    /// The expected code of an integer.
    fn expected_for_integer(&self, value: i128) -> Option<Code> {
        let is_within = (self.bounds[0].into()..=self.bounds[1].into()).contains(&value);
        (!is_within).then_some(Code::OUT_OF_RANGE)
    }

    /// The expected code of a number with a fraction.
    fn expected_for_fraction(&self, value: f64) -> Option<Code> {
        let is_within = (end(self.bounds[0])..=end(self.bounds[1])).contains(&value);
        if self.is_integer { Some(Code::WRONG_TYPE) } else { (!is_within).then_some(Code::OUT_OF_RANGE) }
    }

    /// Numbers at, near and far from the bounds in different notations, with the expected codes.
    fn cases(&self) -> Vec<(String, Option<Code>)> {
        let mut cases = Vec::new();
        for bound in self.bounds {
            for value in [-1, 0, 1].map(|step| i128::from(bound) + step) {
                cases.extend(whole(value).into_iter().map(|notation| (notation, self.expected_for_integer(value))));
            }
            let bound = end(bound);
            let [below, above] = neighbours(bound);
            for value in [below, above, bound - 0.5, bound + 0.5] {
                // Near a bound of 2^52 or more, doubles have no fractions.
                if value.fract() != 0.0 {
                    cases.extend(
                        fraction(value).into_iter().map(|notation| (notation, self.expected_for_fraction(value))),
                    );
                }
            }
        }
        cases.extend(far().into_iter().map(|notation| (notation, Some(Code::OUT_OF_RANGE))));
        cases
    }
}

/// A required field with a value and a comma.
fn least(field: &Field) -> Option<String> {
    match (field.presence, field.r#type) {
        (Presence::Required, Type::Enum(vocabulary)) => {
            Some(format!(r#""{}":"{}","#, field.name, vocabulary.values[0]))
        }
        (Presence::Required, _) => panic!("`{}` is required, but this test has no value for it", field.name),
        _ => None,
    }
}

/// A bound as a double.
#[expect(clippy::cast_precision_loss, reason = "asserted")]
fn end(bound: i64) -> f64 {
    assert!(bound <= 1 << f64::MANTISSA_DIGITS, "{bound} has no exact double");
    bound as f64
}

/// An integer in every notation: as an integer, with a point, with exponents of both signs, and as a number that rounds
/// to it.
fn whole(value: i128) -> Vec<String> {
    let (sign, digits) = (if value < 0 { "-" } else { "" }, value.unsigned_abs().to_string());
    let zeros = "0".repeat(400);
    let mut notations = vec![
        value.to_string(),
        format!("{value}.0"),
        format!("{value}.{zeros}"),
        format!("{value}e0"),
        format!("{value}E+00"),
        format!("{value}.0E-00"),
        format!("{value}e-0"),
        format!("{sign}0.{digits}e{}", digits.len()),
        format!("{sign}0.{zeros}{digits}E+{}", 400 + digits.len()),
    ];
    if let Some(tens) = digits.strip_suffix('0').filter(|tens| !tens.is_empty()) {
        notations.extend([format!("{sign}{tens}e1"), format!("{sign}{tens}E+01")]);
    }
    if value == 0 {
        let zero =
            ["-0", "-0.0", "-0e0", "0e-1", "-0E-7", "0e400", "-0e+400", "1e-400", "-1e-400", "4e-324000", "-0.1E-999"];
        notations.extend(zero.map(str::to_owned));
        notations.push(format!("-0.{zeros}1"));
    } else {
        let nines = "9".repeat(30);
        let nearer = value.unsigned_abs() - 1;
        let leading = Some(nearer).filter(|nearer| *nearer != 0).map_or_else(String::new, |nearer| nearer.to_string());
        notations.extend([
            format!("{value}0e-1"),
            format!("{value}000E-3"),
            format!("{value}{zeros}e-400"),
            format!("{value}.{}1", "0".repeat(15)),
            format!("{value}.{}1", "0".repeat(30)),
            format!("{value}.{}1e0", "0".repeat(30)),
            format!("{sign}{nearer}.{nines}"),
            format!("{sign}{leading}{nines}e-30"),
        ]);
    }
    notations
}

/// A number with a fraction in every notation.
fn fraction(value: f64) -> Vec<String> {
    let plain = format!("{value}");
    let scientific = format!("{value:e}");
    let mantissa = scientific.split('e').next().unwrap_or_default();
    let exponent: i32 = scientific.split('e').nth(1).and_then(|exponent| exponent.parse().ok()).unwrap_or_default();
    vec![
        format!("{plain}000"),
        format!("{plain}e0"),
        format!("{plain}E-00"),
        format!("{mantissa}E{exponent:+}"),
        // With the point moved to the left.
        format!("{}0.{}e{}", if value < 0.0 { "-" } else { "" }, mantissa.replace(['-', '.'], ""), exponent + 1),
        scientific,
        plain,
    ]
}

/// Integers of both signs beyond all bounds: around the limits of 64 bits, and powers of ten beyond them.
fn far() -> Vec<String> {
    let ends = ["9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616"];
    let mut notations: Vec<_> =
        ends.into_iter().flat_map(|end| [end.to_owned(), format!("{end}.0"), format!("{end}e0")]).collect();
    for power in [19, 20, 21, 22, 23, 38, 39, 100, 307, 308] {
        let digits = format!("1{}", "0".repeat(power));
        notations.extend([
            format!("1e{power}"),
            format!("1E+{power}"),
            format!("0.1e{}", power + 1),
            format!("{digits}.0"),
        ]);
        notations.extend([format!("{digits}0e-1"), digits]);
    }
    notations.push("1.7976931348623157e308".to_owned());
    notations.into_iter().flat_map(|notation| [format!("-{notation}"), notation]).collect()
}

/// Checks every case of every number of a document.
fn verdicts_agree<T: Document + JsonSchema>() {
    let engine = SchemaEngine::new::<T>();
    for numeric in Numeric::all(T::OBJECT) {
        let Numeric { pointer, before, after, .. } = &numeric;
        for (notation, code) in numeric.cases() {
            let text = format!("{before}{notation}{after}");
            let expected: BTreeSet<_> = code.map(|code| (pointer.clone(), code)).into_iter().collect();
            let report = check::<T>(&text);
            assert_eq!(violations(&report), expected, "{text}");
            for violation in report.violations() {
                let span = Span { offset: before.len(), length: notation.len() };
                assert_eq!(violation.span(), Some(span), "{text}");
            }

            let value: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(violations(&Reader::new().check_value::<T>(&value)), expected, "{text}");
            assert_eq!(engine.violations(&value), expected, "{text}");

            let model = read::<T>(&text);
            let deserialized = serde_json::from_str::<T>(&text);
            assert_eq!((model.is_ok(), deserialized.is_ok()), (code.is_none(), code.is_none()), "{text}");
            for model in model.into_iter().chain(deserialized) {
                let model = serde_json::to_value(model).expect("a document serialises");
                let number = model.pointer(pointer).and_then(Value::as_f64).expect("the number is there");
                // Zero is 0 with either sign.
                assert_eq!(Ok(number.to_bits()), notation.parse().map(|value: f64| (value + 0.0).to_bits()), "{text}");
            }
        }
    }
}

#[test]
fn numbers_of_a_request() {
    verdicts_agree::<UpdateAgent>();
}

#[test]
fn numbers_of_a_response() {
    verdicts_agree::<Agent>();
}

/// A number that rounds to infinity is not JSON, in any position.
#[test]
fn numbers_beyond_a_double() {
    fn are_malformed<T: Document>() {
        for Numeric { before, after, .. } in Numeric::all(T::OBJECT) {
            for notation in ["1e309", "-1E+309", "1.7976931348623159e308", "0.1e310", "1e99999999999999999999"]
                .map(str::to_owned)
                .into_iter()
                .chain([format!("1{}", "0".repeat(309)), format!("-1{}.0", "0".repeat(309))])
            {
                let text = format!("{before}{notation}{after}");
                let report = check::<T>(&text);
                assert_eq!(violations(&report), BTreeSet::from([(String::new(), Code::MALFORMED)]), "{text}");
                let offset = report.violations().next().and_then(|violation| violation.span()).map(|span| span.offset);
                assert_eq!(offset, Some(before.len()), "{text}");
                assert!(read::<T>(&text).is_err(), "{text}");
                assert!(serde_json::from_str::<T>(&text).is_err(), "{text}");
            }
        }
    }
    are_malformed::<UpdateAgent>();
    are_malformed::<Agent>();
}

/// Numbers near the end of the text are read in a different way.
#[test]
fn invalid_numbers_are_rejected_in_any_position() {
    let cases = [
        ("01", 1),
        ("00", 1),
        ("-01", 2),
        ("01.5", 1),
        ("1.", 2),
        ("1.e1", 2),
        ("1.5.2", 3),
        ("1e", 2),
        ("1e+", 3),
        ("-", 1),
        ("--1", 1),
        ("1_000", 1),
        ("0x10", 1),
        ("+1", 0),
        (".5", 0),
    ];
    for (text, offset) in cases {
        for before in [r#"{"variables":{"a":"#, r#"{"maxAttemptsForSmartCallback":"#, r#"{"settings":{"speed":"#] {
            for after in ["", "}", r#" , "name" : "long enough" }"#] {
                let report = check::<UpdateAgent>(format!("{before}{text}{after}"));
                let found: Vec<_> = report.violations().map(|violation| (violation.code(), violation.span())).collect();
                let [(Code::MALFORMED, Some(span))] = found[..] else { panic!("{before}{text}{after}: {report}") };
                assert_eq!(span.offset, before.len() + offset, "{before}{text}{after}");
            }
        }
    }
}

/// Digits are read eight bytes at a time; the following bytes must not be read as digits.
#[test]
fn a_number_ends_where_its_digits_do() {
    for character in ('\u{20}'..='\u{7FF}').chain(['\u{FFFF}', '\u{1F600}']) {
        let behind = Value::from(character.to_string());
        for digits in ["7", "42", "0.5", "1234567", "12345678"] {
            let text = format!("[{digits},{behind}]");
            let update = read::<UpdateAgent>(format!(r#"{{"llmModel":"gpt-5","variables":{{"a":{text}}}}}"#));
            let found = update.expect("it is valid").variables.and_then(|variables| variables.get("a").cloned());
            assert_eq!(found, serde_json::from_str(&text).ok(), "{text}");
        }
    }
}

/// Numbers whose exponents are as long as their digits, with the nearest double.
#[test]
fn digits_and_exponents_of_any_length_are_read_exactly() {
    const LENGTH: usize = 800_000;
    let (ones, zeros) = ("1".repeat(LENGTH), "0".repeat(LENGTH));
    let cases = [
        (format!("{ones}.5e-{LENGTH}"), Some(1.0 / 9.0)),
        (format!("0.{zeros}5E+{LENGTH}"), Some(0.5)),
        (format!("1{zeros}e-{LENGTH}"), Some(1.0)),
        (format!("1{zeros}.0e-{zeros}{LENGTH}"), Some(1.0)),
        (format!("0.{zeros}1e{}", LENGTH + 1), Some(1.0)),
        (format!("0.{zeros}11e{}", LENGTH + 1), Some(1.1)),
        (format!("-0.{zeros}1e{LENGTH}"), Some(-0.1)),
        (format!("0e{zeros}"), Some(0.0)),
        (format!("-0.0E{ones}"), Some(0.0)),
        (format!("1e-{ones}"), Some(0.0)),
        (format!("1e-1{zeros}"), Some(0.0)),
        (format!("0.{zeros}1e-{ones}"), Some(0.0)),
        (format!("1e{ones}"), None),
        (format!("{ones}e-{}", LENGTH - 310), None),
        (format!("{ones}e-{}", LENGTH - 308), Some(1.111_111_111_111_111_2e307)),
    ];
    for (notation, value) in cases {
        let expected = match value {
            None => Some(Code::MALFORMED),
            Some(value) => (!(0.0..=1.0).contains(&value)).then_some(Code::OUT_OF_RANGE),
        };
        let document = format!(r#"{{"settings": {{"speed": {notation}}}}}"#);
        let cut = &notation[..notation.len().min(20)];
        let (agent, report) = Reader::new().read_and_report::<Agent>(&document);
        assert_eq!(report.violations().next().map(|violation| violation.code()), expected, "{cut}…");
        // Values and serde give the same verdict where `serde_json` reads the number.
        if let Ok(parsed) = serde_json::from_str::<Value>(&document) {
            let codes: Vec<_> = Reader::new().check_value::<Agent>(&parsed).violations().map(|v| v.code()).collect();
            assert_eq!(codes.first().copied(), expected, "{cut}… as a value");
            assert_eq!(serde_json::from_str::<Agent>(&document).ok(), agent, "{cut}… by serde");
        } else {
            assert_eq!(expected, Some(Code::MALFORMED), "{cut}… is not read by serde_json");
        }
        if let (Some(agent), Some(value)) = (agent, value) {
            let speed = agent.settings.and_then(|settings| settings.speed).map(Fraction::get);
            assert_eq!(speed, Some(value), "{cut}…");
        }
    }
}

#[test]
fn bounds_as_json() {
    let numbers = [Bounds { minimum: Some(0.5), maximum: Some(2.0) }, Bounds { minimum: None, maximum: Some(-1e300) }];
    assert_eq!(
        numbers.map(|bounds| bounds.to_json()),
        [[Some(json!(0.5)), Some(json!(2))], [None, Some(json!(-1e300))]]
    );
    let integers = Bounds { minimum: Some(-1), maximum: Some(1 << 64) };
    assert_eq!(integers.to_json(), [Some(json!(-1)), Some(json!(18_446_744_073_709_551_616.0))]);
}
