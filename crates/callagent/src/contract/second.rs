//! A second, made-up operation. It shows that only `contract` depends on the real one.

#![allow(
    dead_code,
    unfulfilled_lint_expectations,
    unreachable_pub,
    reason = "the macros define public items that are used elsewhere"
)]

use serde_json::{Value, json};

use super::schemas::Violation;
use crate::{
    macros::{Named, bounded, contract, object, operation, parameters, problem_types, vocabulary},
    model::{Method, Object, ProblemType},
    problem::Problem,
    reader::{Reader, read},
    schema::{Example, Examples, Version, openapi},
    values::OpenEnum,
};

vocabulary! {
    /// The kind of delivery.
    pub enum Delivery in request { Courier = "courier", Locker = "locker", Counter = "counter" }
}

bounded! {
    /// Hours from UTC.
    pub struct Zone(i8) in -12..=14, default 0;
}

object! {
    /// A change to an order.
    pub struct OrderUpdate in request, response Order {
        /// A note.
        pub note: String = "note" required;
        /// The kind of delivery.
        pub delivery: OpenEnum<Delivery> = "delivery", set;
        /// The address for the courier.
        pub address: String = "address", set;
        /// The lockers.
        pub lockers: Vec<Zone> = "lockers", set each;
        /// The time zone.
        pub zone: Zone = "zone", set;
        /// The weight.
        pub weight: f64 = "weight", set;
        /// The code of the door.
        pub door: String = "doorCode", set;
    }
    new(note: String);
    require address if delivery is Delivery::Courier, note "couriers need one";
    require lockers if delivery is Delivery::Locker;
}

object! {
    /// An order.
    pub struct Order (Default) in response {
        /// A note.
        pub note: String = "note" documented;
        /// The kind of delivery.
        pub delivery: OpenEnum<Delivery> = "delivery";
        /// The address for the courier.
        pub address: String = "address";
        /// The lockers.
        pub lockers: Vec<Zone> = "lockers";
        /// The time zone.
        pub zone: Zone = "zone";
        /// The weight.
        pub weight: f64 = "weight";
        /// The code of the door.
        pub door: String = "doorCode";
        ..additional;
    }
}

object! {
    /// Orders that leave together.
    pub struct Batch (Default) in response {
        /// The orders.
        pub orders: Vec<Order> = "orders";
        ..additional;
    }
}

object! {
    /// A van.
    pub struct Van (Default) in response {
        /// The orders in it.
        pub batch: Batch = "batch";
        ..additional;
    }
}

contract! {
    /// The contract of orders.
    ORDERS,
    documents OrderUpdate, Order;
    parts Zone;
    secrets <OrderUpdate as Named>::FIELDS.door;
}

parameters! {
    /// The order's number.
    NUMBER = "number" required, pattern "^[0-9]+$", example "7";
    /// The trace of the request, which
    /// continues on a second line.
    TRACE = "x-trace", example "t";
    /// When to retry.
    RETRY_AFTER = "Retry-After" required, example "1";
    /// The length of the queue.
    QUEUE = "x-queue" required, example "3";
}

/// The type whose constants are the problem types.
struct OrderProblem;

problem_types! {
    impl OrderProblem, "urn:orders:problem:" {
        /// The body is not JSON.
        SYNTAX = "syntax", 400;
        /// The order is invalid.
        WRONG = "wrong", 409;
        /// The queue is full.
        FULL = "full", 503, [RETRY_AFTER, QUEUE];
        /// The shop is closed.
        CLOSED = "closed", 503, [RETRY_AFTER];
    }
}

operation! {
    /// Changes an order.
    pub const UPDATE_ORDER = "updateOrder", "Update an order";
    document "Update Order", "About orders.";
    tag "orders", "Orders.";
    method Method::Patch;
    path "/orders/", NUMBER;
    headers [TRACE];
    /// The token of the caller.
    credential "token" = "x-token";
    /// The change.
    request OrderUpdate, malformed OrderProblem::SYNTAX, invalid OrderProblem::WRONG;
    /// The changed order.
    response 202 Order, headers [];
    problems OrderProblem::ALL;
}

fn documents() -> [Value; 2] {
    let order = Example::new("order", "An order", json!({"note": "a"}));
    let full = Example::new("full", "A full queue", Problem::new(OrderProblem::FULL));
    let examples =
        Examples { requests: vec![order.clone()], responses: vec![order], problems: vec![(OrderProblem::FULL, full)] };
    [Version::V3_0, Version::V3_1]
        .map(|version| openapi::<OrderUpdate, Order, Violation>(UPDATE_ORDER, &examples, version))
}

#[test]
fn openapi_documents_depend_only_on_the_operation() {
    for document in documents() {
        assert!(document["info"]["description"].as_str().is_some_and(|about| about.starts_with("About orders.")));
        let call = &document["paths"]["/orders/{number}"]["patch"];
        let names: Vec<_> = call["parameters"].as_array().into_iter().flatten().map(|known| &known["name"]).collect();
        assert_eq!(names, ["number", "x-trace"]);
        assert_eq!(call["parameters"][1]["description"], "The trace of the request, which continues on a second line.");
        let statuses: Vec<_> = call["responses"].as_object().into_iter().flatten().map(|(status, _)| status).collect();
        assert_eq!(statuses, ["202", "400", "409", "503"]);
        assert_eq!(call["responses"]["202"].get("headers"), None);

        let unavailable = &call["responses"]["503"];
        assert_eq!(unavailable["description"], "The queue is full. Or: The shop is closed.");
        let required = |header: &str| &unavailable["headers"][header]["required"];
        assert_eq!((required("Retry-After"), required("x-queue")), (&json!(true), &json!(false)));
        let shown = &unavailable["content"]["application/problem+json"]["examples"];
        assert_eq!(shown["full"]["value"]["type"], "urn:orders:problem:full");

        let text = document.to_string();
        for name in ["workspace", "UpdateAgent", "urn:callagent"] {
            assert!(!text.contains(name), "{name} is in the document of another operation");
        }
    }
}

#[test]
fn problems_have_its_types() {
    let of = |text: &str| {
        let problem = Problem::of_invalid(&UPDATE_ORDER.request, &read::<OrderUpdate>(text).err()?);
        UPDATE_ORDER.problem_type(&problem.r#type)
    };
    assert_eq!(of("{"), Some(OrderProblem::SYNTAX));
    assert_eq!(of("{}"), Some(OrderProblem::WRONG));
    assert_eq!(of(r#"{"note": ""}"#), None);
    assert_eq!(UPDATE_ORDER.problem_type(ProblemType::MALFORMED.as_str()), None);
    assert_eq!(Problem::new(OrderProblem::CLOSED).problem_type(), None);
}

/// Returns the pointers and codes of the violations of a document.
fn violations(text: &str) -> Vec<(String, &'static str)> {
    let report = Reader::new().check::<OrderUpdate>(text);
    report.violations().map(|violation| (violation.pointer(), violation.code().as_str())).collect()
}

#[test]
fn documents_are_checked_by_its_rules() {
    let text = r#"{"note":"","delivery":"courier","address":"1 A St","zone":-12,"weight":-1e300}"#;
    let update = read::<OrderUpdate>(text).expect("a valid update");
    assert_eq!(
        update,
        OrderUpdate::with_required(String::new())
            .delivery(Delivery::Courier)
            .address("1 A St")
            .zone(Zone::MIN)
            .weight(-1e300)
    );
    let mut order = Order { lockers: Some(vec![Zone::MAX]), ..Order::default() };
    update.merge_into(&mut order);
    assert_eq!((order.zone, order.lockers, order.weight), (Some(Zone::MIN), Some(vec![Zone::MAX]), Some(-1e300)));

    for (text, expected) in [
        (r#"{"note":"a","zone":-13}"#, ("/zone", "out-of-range")),
        (r#"{"note":"a","zone":15}"#, ("/zone", "out-of-range")),
        (r#"{"note":"a","zone":-1.5}"#, ("/zone", "wrong-type")),
        (r#"{"note":"a","weight":"1"}"#, ("/weight", "wrong-type")),
        (r#"{"note":"a","lockers":[0,15]}"#, ("/lockers/1", "out-of-range")),
        (r#"{"note":"a","delivery":"courier"}"#, ("/address", "missing-field")),
        (r#"{"note":"a","delivery":"courier","address":""}"#, ("/address", "missing-field")),
        (r#"{"note":"a","delivery":"locker","address":"1 A St"}"#, ("/lockers", "missing-field")),
        (r#"{"note":"a","delivery":"drone"}"#, ("/delivery", "unknown-value")),
        ("{}", ("/note", "missing-field")),
    ] {
        assert_eq!(violations(text), [(expected.0.to_owned(), expected.1)], "{text}");
    }
    for text in [r#"{"note":"a","delivery":"counter"}"#, r#"{"note":"a","delivery":"locker","lockers":[]}"#] {
        assert_eq!(violations(text), [], "{text}");
    }
}

#[test]
fn reports_have_its_names_and_hide_its_secrets() {
    let text = r#"{"note":1,"delivery":"courier","zone":20,"weight":"door_code=SECRET"}"#;
    let report = Reader::new().check::<OrderUpdate>(text).to_string();
    for expected in [
        "/address: missing field `address`: must be a non-empty string when `delivery` is `courier`",
        "/note: invalid type for `note`: expected a string, found 1",
        "/zone: `zone` is out of range: expected an integer from -12 to 14, found 20",
        "/weight: invalid type for `weight`: expected a number",
    ] {
        assert!(report.contains(expected), "{expected} in {report}");
    }
    assert!(!report.contains("SECRET"), "{report}");
    let missing = Reader::new().check::<OrderUpdate>(r#"{"note":"a","delivery":"courier"}"#);
    assert_eq!(missing.violations().next().and_then(|violation| violation.note()), Some("couriers need one"));
    // The secrets of the first contract are not secrets here.
    let other = Reader::new().check::<OrderUpdate>(r#"{"note":"a","zone":"elevenLabsApiKey"}"#);
    assert_eq!(other.violations().next().and_then(|violation| violation.found()), Some(r#""elevenLabsApiKey""#));
    let part = serde_json::from_str::<Zone>(r#""doorCode: SECRET""#).map_err(|error| error.to_string());
    assert!(part.is_err_and(|error| !error.contains("SECRET")));
    let suggested = Reader::new().fix::<OrderUpdate>(br#"{"note":"a","zone":"-3","nte":1}"#.to_vec());
    assert_eq!(suggested, br#"{"note":"a","zone":-3,"nte":1}"#);
}

#[test]
fn its_schema_has_the_rules() {
    let schema = schemars::schema_for!(OrderUpdate).to_value();
    let conditions = schema["allOf"].as_array().expect("a condition for each requirement");
    let required: Vec<_> = conditions.iter().map(|condition| &condition["then"]["required"][0]).collect();
    assert_eq!(required, ["address", "lockers"]);
    let zone = &schema["properties"]["zone"];
    assert_eq!((&zone["minimum"], &zone["maximum"]), (&json!(-12), &json!(14)));
    assert_eq!(schema["properties"]["weight"], json!({"type": "number", "description": "The weight."}));
    assert_eq!(schema["properties"]["lockers"]["items"]["minimum"], -12);
}

#[test]
fn the_nesting_of_its_parts_is_known() {
    assert_eq!([Order::OBJECT, Batch::OBJECT, Van::OBJECT].map(Object::part_depth), [0, 2, 3]);
}

/// The strategies, the reader and the schema agree.
#[cfg(feature = "proptest")]
#[test]
fn all_engines_agree_on_generated_documents() {
    use proptest::{prelude::*, test_runner::TestRunner};

    let schema = schemars::schema_for!(OrderUpdate).to_value();
    let schema = jsonschema::draft202012::new(&schema).expect("a valid schema");
    let mut runner = TestRunner::deterministic();
    let valid = runner.run(&crate::testing::valid_json::<OrderUpdate>(), |document| {
        prop_assert_eq!(violations(&document.to_string()), []);
        prop_assert!(schema.is_valid(&document), "{}", document);
        Ok(())
    });
    assert_eq!(valid, Ok(()));
    let invalid = runner.run(&crate::testing::invalid_text::<OrderUpdate>(), |invalid| {
        let mut found = violations(&invalid.text);
        found.sort();
        let expected: Vec<_> = invalid.violations.iter().map(|(at, code)| (at.clone(), code.as_str())).collect();
        prop_assert_eq!(found, expected, "{}", invalid.text);
        let has_repeats = invalid.violations.iter().any(|(_, code)| code.as_str() == "duplicate-field");
        let value: Value = serde_json::from_str(&invalid.text).expect("valid JSON");
        prop_assert!(has_repeats || !schema.is_valid(&value), "{}", invalid.text);
        Ok(())
    });
    assert_eq!(invalid, Ok(()));
}
