//! Checks are left out or made in another order.

use axum::http::{StatusCode, header::RETRY_AFTER};
use callagent::ProblemType;

use super::{Fault, Seen, Stage, grant, order, reply};
use Stage::{Body, Content, Find, Grant, Key, Path, Precondition, Workspace};

/// Returns whether this is one of some requests whose body was read.
fn is_one_of(seen: &Seen, every: u64) -> bool {
    seen.count.is_multiple_of(every) && seen.body.is_some()
}

pub(super) const FAULTS: &[Fault] = &[
    order(
        ("reads-body-before-media-type", "Answers 422 before 415."),
        &[Path, Workspace, Precondition, Key, Grant, Body, Content, Find],
    ),
    order(
        ("finds-agent-before-body", "Answers 404 before 422."),
        &[Path, Workspace, Precondition, Key, Grant, Content, Find, Body],
    ),
    order(
        ("finds-agent-before-media-type", "Answers 404 before 415."),
        &[Path, Workspace, Precondition, Key, Grant, Find, Content, Body],
    ),
    order(
        ("finds-agent-before-access", "Answers 404 before 401."),
        &[Path, Workspace, Precondition, Find, Key, Grant, Content, Body],
    ),
    order(
        ("reads-body-before-workspace", "Answers 422 before 400 for the header."),
        &[Path, Precondition, Key, Content, Body, Workspace, Grant, Find],
    ),
    order(
        ("reads-body-before-precondition", "Answers 422 before 400 for `If-Match`."),
        &[Path, Workspace, Key, Grant, Content, Body, Precondition, Find],
    ),
    order(
        ("finds-agent-before-precondition", "Answers 404 before 400 for `If-Match`."),
        &[Path, Workspace, Key, Grant, Content, Body, Find, Precondition],
    ),
    order(
        ("reads-body-before-access", "Answers 422 before 401."),
        &[Path, Workspace, Precondition, Content, Body, Key, Grant, Find],
    ),
    order(
        ("checks-media-type-before-access", "Answers 415 before 401."),
        &[Path, Workspace, Precondition, Content, Key, Grant, Body, Find],
    ),
    order(
        ("checks-media-type-before-workspace", "Answers 415 before 400 for the header."),
        &[Path, Content, Workspace, Precondition, Key, Grant, Body, Find],
    ),
    order(
        ("checks-access-before-workspace", "Answers 401 before 400 for the header."),
        &[Path, Key, Workspace, Precondition, Grant, Content, Body, Find],
    ),
    order(
        ("accepts-any-content", "Checks neither the media type nor the encoding."),
        &[Path, Workspace, Precondition, Key, Grant, Body, Find],
    ),
    order(
        ("accepts-without-key", "Does not check the access key."),
        &[Path, Workspace, Precondition, Grant, Content, Body, Find],
    ),
    order(
        ("accepts-foreign-key", "Accepts a key of another workspace."),
        &[Path, Workspace, Precondition, Key, Content, Body, Find],
    ),
    grant(("accepts-missing-access-key", "Accepts a request without an access key."), |access| access.given.is_none()),
    grant(("accepts-empty-access-key", "Accepts an empty access key."), |access| access.given == Some("")),
    grant(("accepts-unknown-access-key", "Accepts any access key."), |access| {
        access.given.is_some_and(|given| !given.is_empty())
    }),
    grant(("accepts-access-key-in-any-case", "Compares access keys without case."), |access| {
        access.given.is_some_and(|given| given.eq_ignore_ascii_case(access.expected))
    }),
    grant(("accepts-access-key-prefix", "Compares only the beginning of access keys."), |access| {
        access.given.is_some_and(|given| given.starts_with(access.expected))
    }),
    reply(("checks-workspace-before-method", "Answers 400 for the header before 405."), |seen, reply| {
        if reply.is(ProblemType::METHOD_NOT_ALLOWED) && !seen.headers.contains_key("x-workspace-id") {
            reply.fail(ProblemType::BAD_WORKSPACE);
        }
    }),
    reply(
        ("answers-429-without-retry-after", "Answers 429 to every 20th request, without `Retry-After`."),
        |seen, reply| {
            if is_one_of(seen, 20) {
                reply.fail(ProblemType::TOO_MANY_REQUESTS);
                reply.headers.remove(RETRY_AFTER);
            }
        },
    ),
    reply(
        ("answers-503-without-retry-after", "Answers 503 to every 25th request, without `Retry-After`."),
        |seen, reply| {
            if is_one_of(seen, 25) {
                reply.fail(ProblemType::UNAVAILABLE);
            }
        },
    ),
    reply(("answers-500-sometimes", "Answers 500 to every 25th request."), |seen, reply| {
        if is_one_of(seen, 25) {
            reply.fail(ProblemType::INTERNAL);
        }
    }),
    reply(("answers-502-sometimes", "Answers 502 with HTML to every 25th request."), |seen, reply| {
        if is_one_of(seen, 25) {
            reply.status = StatusCode::BAD_GATEWAY;
            reply.replace("text/html", "<html><title>502 Bad Gateway</title></html>");
        }
    }),
];
