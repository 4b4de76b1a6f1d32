//! A second, made-up operation: nothing outside of a declaration knows which operation it is.

#![expect(unreachable_pub, reason = "the macros declare what is public elsewhere")]

use serde_json::{Value, json};

use crate::{
    Reader,
    declare::object,
    macros::{operation, parameters, problem_types},
    model::{Method, ProblemType},
    problem::Problem,
    schema::{Example, Examples, Version, openapi},
};

object! {
    /// A change to an order.
    pub struct OrderUpdate in request as document {
        /// A note.
        pub note: String = "note" required;
    }
}

object! {
    /// An order.
    pub struct Order in response as document {
        /// A note.
        pub note: String = "note";
        ..further;
    }
}

parameters! {
    /// The order's number.
    NUMBER = "number" required, pattern "^[0-9]+$", example "7";
    /// The trace of the request, which
    /// continues on a second line.
    TRACE = "x-trace", example "t";
    /// When to try again.
    RETRY_AFTER = "Retry-After" required, example "1";
    /// The queue's length.
    QUEUE = "x-queue" required, example "3";
}

/// Holds the problem types.
struct OrderProblem;

problem_types! {
    impl OrderProblem, "urn:orders:problem:" {
        /// The body is not JSON.
        SYNTAX = "syntax", 400;
        /// The order is wrong.
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
    /// The caller's token.
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
    [Version::V3_0, Version::V3_1].map(|version| openapi(UPDATE_ORDER, &examples, version))
}

#[test]
fn openapi_is_written_from_its_data_alone() {
    for document in documents() {
        assert_eq!(document["info"]["description"], "About orders.");
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
        for word in ["workspace", "UpdateAgent", "urn:callagent"] {
            assert!(!text.contains(word), "{word} is in the document of another operation");
        }
    }
}

#[test]
fn problems_are_of_its_types() {
    let of = |text: &str| {
        let problem = Problem::from_report(&UPDATE_ORDER.request, &Reader::new().check::<OrderUpdate>(text))?;
        UPDATE_ORDER.problem_type(&problem.r#type)
    };
    assert_eq!(of("{"), Some(OrderProblem::SYNTAX));
    assert_eq!(of("{}"), Some(OrderProblem::WRONG));
    assert_eq!(of(r#"{"note": ""}"#), None);
    assert_eq!(UPDATE_ORDER.problem_type(ProblemType::MALFORMED.urn()), None);
    assert_eq!(Problem::new(OrderProblem::CLOSED).problem_type(), None);
}
