//! The answer to a refused update is wrong.

use axum::http::{StatusCode, header::CONTENT_TYPE};
use callagent::ProblemType;
use serde_json::{Value, json};

use super::{Fault, MALFORMED, MISSING_FIELD, OUT_OF_RANGE, UNKNOWN_VALUE, WRONG_TYPE, reply};

/// Changes the status of a problem.
macro_rules! status {
    ($name:literal, $about:literal, $problem:ident, $status:ident) => {
        reply(($name, $about), |_, reply| reply.restatus(ProblemType::$problem, StatusCode::$status))
    };
}

/// Rewrites the responses to updates that violate the contract.
macro_rules! invalid {
    ($name:literal, $about:literal, |$seen:pat_param, $reply:ident| $body:expr) => {
        reply(($name, $about), |seen, $reply| {
            let $seen = seen;
            if $reply.is(ProblemType::INVALID_UPDATE) {
                $body;
            }
        })
    };
}

/// Decrements or increments the indexes of a pointer.
fn shift(pointer: &str) -> String {
    let shift = |name: &str| name.parse::<u64>().map_or_else(|_| name.to_owned(), |index| (index + 1).to_string());
    pointer.split('/').map(shift).collect::<Vec<_>>().join("/")
}

fn parent(pointer: &str) -> String {
    pointer.rsplit_once('/').map_or_else(String::new, |(parent, _)| parent.to_owned())
}

pub(super) const FAULTS: &[Fault] = &[
    status!(
        "answers-400-to-violations",
        "Answers 400 to an update that violates the contract.",
        INVALID_UPDATE,
        BAD_REQUEST
    ),
    status!(
        "answers-409-to-violations",
        "Answers 409 to an update that violates the contract.",
        INVALID_UPDATE,
        CONFLICT
    ),
    status!(
        "answers-500-to-violations",
        "Answers 500 to an update that violates the contract.",
        INVALID_UPDATE,
        INTERNAL_SERVER_ERROR
    ),
    status!("answers-422-to-malformed", "Answers 422 to a text that is not JSON.", MALFORMED, UNPROCESSABLE_ENTITY),
    status!("answers-500-to-malformed", "Answers 500 to a text that is not JSON.", MALFORMED, INTERNAL_SERVER_ERROR),
    status!("answers-400-to-large-body", "Answers 400 to a body above the limit.", CONTENT_TOO_LARGE, BAD_REQUEST),
    status!(
        "answers-500-to-large-body",
        "Answers 500 to a body above the limit.",
        CONTENT_TOO_LARGE,
        INTERNAL_SERVER_ERROR
    ),
    status!("answers-400-to-media-type", "Answers 400 to another media type.", UNSUPPORTED_MEDIA_TYPE, BAD_REQUEST),
    status!(
        "answers-422-to-workspace",
        "Answers 422 to a missing or invalid workspace.",
        BAD_WORKSPACE,
        UNPROCESSABLE_ENTITY
    ),
    status!(
        "answers-500-to-workspace",
        "Answers 500 to a missing or invalid workspace.",
        BAD_WORKSPACE,
        INTERNAL_SERVER_ERROR
    ),
    status!(
        "answers-404-to-path",
        "Answers 404 to an invalid agent id, such as a malformed escape.",
        BAD_PATH,
        NOT_FOUND
    ),
    status!("answers-500-to-path", "Answers 500 to an invalid agent id.", BAD_PATH, INTERNAL_SERVER_ERROR),
    status!(
        "answers-412-to-bad-precondition",
        "Answers 412 to an invalid `If-Match`.",
        BAD_PRECONDITION,
        PRECONDITION_FAILED
    ),
    status!(
        "answers-409-to-precondition",
        "Answers 409 where `If-Match` does not match.",
        PRECONDITION_FAILED,
        CONFLICT
    ),
    status!(
        "answers-428-to-precondition",
        "Answers 428 where `If-Match` does not match.",
        PRECONDITION_FAILED,
        PRECONDITION_REQUIRED
    ),
    status!("answers-500-to-unknown-agent", "Answers 500 to an unknown agent.", NOT_FOUND, INTERNAL_SERVER_ERROR),
    status!("answers-400-to-unknown-agent", "Answers 400 to an unknown agent.", NOT_FOUND, BAD_REQUEST),
    status!("answers-404-to-method", "Answers 404 to another method.", METHOD_NOT_ALLOWED, NOT_FOUND),
    status!("answers-501-to-method", "Answers 501 to another method.", METHOD_NOT_ALLOWED, NOT_IMPLEMENTED),
    status!("answers-403-without-key", "Answers 403 where the key is missing or unknown.", UNAUTHORIZED, FORBIDDEN),
    status!("answers-401-to-foreign-key", "Answers 401 to a key of another workspace.", FORBIDDEN, UNAUTHORIZED),
    status!("answers-404-to-foreign-key", "Answers 404 to a key of another workspace.", FORBIDDEN, NOT_FOUND),
    invalid!("answers-200-with-error", "Answers 200 with an error object to a refused update.", |_, reply| {
        reply.status = StatusCode::OK;
        reply.replace("application/json", r#"{"error": "invalid update"}"#);
    }),
    invalid!("refuses-in-text", "Refuses an update with a plain text.", |_, reply| reply
        .replace("text/plain", "invalid update")),
    invalid!("refuses-in-html", "Refuses an update with a page of HTML.", |_, reply| reply
        .replace("text/html", "<!doctype html><title>422</title>")),
    invalid!("refuses-as-json", "Calls a problem application/json.", |_, reply| reply
        .set(CONTENT_TYPE, "application/json")),
    invalid!("refuses-without-body", "Refuses an update without a body.", |_, reply| {
        reply.body.clear();
        reply.headers.remove(CONTENT_TYPE)
    }),
    invalid!("omits-violations", "Leaves the violations out of the problem.", |_, reply| {
        reply.edit(|body| drop(body.as_object_mut().and_then(|body| body.remove("violations"))));
    }),
    invalid!("answers-no-violations", "Answers an empty list of violations.", |_, reply| reply.violations(Vec::clear)),
    invalid!("answers-first-violation", "Answers the first violation only, and does not say so.", |_, reply| {
        reply.violations(|violations| violations.truncate(1));
    }),
    invalid!("omits-last-violation", "Leaves out the last of three or more violations.", |_, reply| {
        reply.violations(|violations| violations.truncate(violations.len().max(3) - 1));
    }),
    invalid!("answers-first-code", "Answers one violation of each code.", |_, reply| {
        reply.violations(|violations| violations.dedup_by_key(|violation| violation["code"].clone()));
    }),
    invalid!("adds-violation", "Answers a violation that the update does not have.", |_, reply| {
        reply.violations(|violations| violations.push(json!({"code": WRONG_TYPE, "pointer": "/name"})));
    }),
    invalid!("repeats-violations", "Answers each violation twice.", |_, reply| {
        reply.violations(|violations| violations.extend(violations.clone()));
    }),
    invalid!("answers-violations-by-pointer", "Answers violations as an object.", |_, reply| {
        reply.edit(|body| {
            let violations = body["violations"].as_array().into_iter().flatten();
            let name = |violation: &Value| violation["pointer"].as_str().unwrap_or_default().to_owned();
            body["violations"] = violations.map(|violation| (name(violation), violation["code"].clone())).collect();
        });
    }),
    invalid!("omits-codes", "Leaves the codes out of the violations.", |_, reply| {
        reply.violations(|violations| {
            for violation in violations {
                drop(violation.as_object_mut().and_then(|violation| violation.remove("code")));
            }
        });
    }),
    invalid!("omits-pointers", "Leaves the pointers out of the violations.", |_, reply| {
        reply.violations(|violations| {
            for violation in violations {
                drop(violation.as_object_mut().and_then(|violation| violation.remove("pointer")));
            }
        });
    }),
    invalid!("counts-from-one", "Counts the items of arrays from 1 in pointers.", |_, reply| reply.pointers("", shift)),
    invalid!("does-not-escape-pointers", "Does not escape `~` and `/` in pointers.", |_, reply| {
        reply.pointers("", |pointer| pointer.replace("~1", "/").replace("~0", "~"));
    }),
    invalid!("points-at-parent", "Points at the object that lacks a field.", |_, reply| reply
        .pointers(MISSING_FIELD, parent)),
    invalid!("points-at-parent-of-unknown-field", "Points at the object with an unknown field.", |_, reply| {
        reply.pointers("unknown-field", parent);
    }),
    invalid!("points-at-array", "Points at the array instead of its item.", |_, reply| {
        reply.pointers(WRONG_TYPE, |pointer| match pointer.rsplit_once('/') {
            Some((parent, index)) if index.parse::<u64>().is_ok() => parent.to_owned(),
            _ => pointer.to_owned(),
        });
    }),
    invalid!("points-with-dots", "Points with dots: `ttsModel.provider`.", |_, reply| {
        reply.pointers("", |pointer| pointer.trim_start_matches('/').replace('/', "."));
    }),
    invalid!("points-with-fragments", "Points with URI fragments: `#/ttsModel/provider`.", |_, reply| {
        reply.pointers("", |pointer| format!("#{pointer}"));
    }),
    invalid!("answers-wrong-code", "Calls a number out of range an unknown value.", |_, reply| {
        reply.body = String::from_utf8_lossy(&reply.body).replace(OUT_OF_RANGE, UNKNOWN_VALUE).into_bytes();
    }),
    invalid!("answers-wrong-type-for-null", "Calls a missing key a value of the wrong type.", |_, reply| {
        reply.violations(|violations| {
            let is_key = |violation: &&mut Value| violation["pointer"] == super::KEY;
            violations.iter_mut().filter(is_key).for_each(|violation| violation["code"] = json!(WRONG_TYPE));
        });
    }),
    invalid!("answers-codes-in-snake-case", "Spells codes with underscores.", |_, reply| {
        reply.violations(|violations| {
            for violation in violations {
                violation["code"] = json!(violation["code"].as_str().unwrap_or_default().replace('-', "_"));
            }
        });
    }),
    invalid!(
        "answers-other-status-member",
        "Answers another `status` in the problem than the response has.",
        |_, reply| {
            reply.edit(|body| body["status"] = json!(400));
        }
    ),
    invalid!("echoes-key-in-detail", "Repeats the key in the detail of the problem.", |seen, reply| {
        if let Some(key) = seen.key() {
            reply.edit(|body| body["detail"] = json!(format!("invalid `ttsModel` with the key {key}")));
        }
    }),
    invalid!("echoes-update", "Repeats the refused update in the problem.", |seen, reply| {
        reply.edit(|body| body["update"] = seen.update());
    }),
    reply(("answers-two-malformed", "Answers a second violation for a text that is not JSON."), |_, reply| {
        if reply.is(ProblemType::MALFORMED) {
            reply.violations(|violations| violations.push(json!({"code": MISSING_FIELD, "pointer": "/llmModel"})));
        }
    }),
    reply(("answers-malformed-pointer", "Points at `/` for a text that is not JSON."), |_, reply| {
        if reply.is(ProblemType::MALFORMED) {
            reply.pointers(MALFORMED, |_| "/".to_owned());
        }
    }),
    reply(("echoes-malformed-text", "Repeats a text that is not JSON in the detail of the problem."), |seen, reply| {
        if reply.is(ProblemType::MALFORMED) {
            let text = String::from_utf8_lossy(seen.body.as_deref().unwrap_or_default()).into_owned();
            reply.edit(|body| body["detail"] = json!(text));
        }
    }),
];
