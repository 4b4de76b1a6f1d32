//! Judging a response by what was expected.

use callagent::{Agent, Problem, ProblemType, Reader, UPDATE_AGENT, UpdateAgent};
use http::{
    StatusCode,
    header::{ALLOW, CACHE_CONTROL},
};
use serde_json::Value;

use crate::{
    expectation::Refusal,
    known::{Difference, Known, changes_key, is_equal, is_nearly_equal},
    profile::{Basis, Profile},
    response::Response,
};

/// The longest value that a message shows, in characters.
const MAX_SHOWN: usize = 120;

/// A way in which a response breaks the contract.
#[derive(Debug, Clone)]
pub(crate) struct Mismatch {
    pub(crate) basis: Basis,
    /// The sentence, if it is another one than those of the case.
    pub(crate) sentence: Option<&'static str>,
    /// Whether it is a property of all responses. Then it is reported once, by a case of its own.
    pub(crate) is_general: bool,
    pub(crate) message: String,
}

impl Mismatch {
    pub(crate) fn page(message: impl Into<String>) -> Self {
        Mismatch { basis: Basis::Page, sentence: None, is_general: false, message: message.into() }
    }

    pub(crate) fn contract(message: impl Into<String>) -> Self {
        Mismatch { basis: Basis::Contract, ..Mismatch::page(message) }
    }

    /// A mismatch that the case of this sentence reports.
    pub(crate) fn general(sentence: &'static str, message: impl Into<String>) -> Self {
        Mismatch { sentence: Some(sentence), is_general: true, ..Mismatch::contract(message) }
    }

    pub(crate) fn cites(self, sentence: &'static str) -> Self {
        Mismatch { sentence: Some(sentence), ..self }
    }
}

/// Judges the response to an update that must be accepted. Returns the agent in the response, if there is one.
pub(crate) fn accepted(
    known: Option<&Known>,
    update: &UpdateAgent,
    response: &Response,
    was_shown: &dyn Fn(&str) -> bool,
) -> (Option<Known>, Vec<Mismatch>) {
    let expected = UPDATE_AGENT.response.status;
    if !response.status.is_success() {
        return (None, vec![Mismatch::page(format!("expected status {expected}, found {}", described(response)))]);
    }
    let mut mismatches = Vec::new();
    if response.status != StatusCode::OK {
        let message = format!("expected status {expected}, found {}", response.status.as_u16());
        mismatches.push(Mismatch::general("http.accepted.status", message));
    }
    let agent = match agent(response) {
        Ok(agent) => agent,
        Err(mismatch) => {
            mismatches.push(mismatch);
            return (None, mismatches);
        }
    };
    mismatches.extend(head_of_agent(response));
    let differences = match known {
        Some(known) => known.compare(update, &agent),
        None => Known { agent: Agent::default(), etag: None }.compare(update, &agent),
    };
    mismatches.extend(differences.into_iter().filter_map(|difference| mismatch(update, difference, was_shown)));
    if let Some(known) = known {
        mismatches.extend(versions(known, update, &agent, response));
    }
    (Some(Known { agent, etag: response.etag() }), mismatches)
}

/// Reads the agent in a response.
pub(crate) fn agent(response: &Response) -> Result<Agent, Mismatch> {
    Reader::new().read::<Agent>(&response.body).map_err(|invalid| {
        let first = invalid.report().violations().next();
        let first = first.map(|violation| violation.to_string()).unwrap_or_default();
        let basis = Basis::of_report(invalid.report(), &response.body);
        let message = format!("expected an agent in the response: {first}");
        Mismatch { basis, ..Mismatch::page(message) }.cites("http.accepted.agent")
    })
}

fn head_of_agent(response: &Response) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    let mut require = |is_met: bool, sentence, message: String| {
        if !is_met {
            mismatches.push(Mismatch::general(sentence, message));
        }
    };
    let media_type = response.media_type();
    let expected = callagent::model::Operation::MEDIA_TYPE;
    let found = media_type.as_deref().unwrap_or("none");
    require(
        found == expected,
        "http.accepted.media-type",
        format!("expected the media type {expected}, found {found}"),
    );
    let cache = response.header(&CACHE_CONTROL).unwrap_or_default();
    let is_kept = cache.split(',').any(|directive| directive.trim().eq_ignore_ascii_case("no-transform"));
    require(is_kept, "http.accepted.cache-control", format!("expected `Cache-Control: no-transform`, found `{cache}`"));
    let tag = response.header(&http::header::ETAG);
    let message = format!("expected a strong `ETag`, found {}", tag.unwrap_or("none"));
    require(response.etag().is_some(), "http.accepted.etag", message);
    mismatches
}

/// Turns a difference into a mismatch, unless the response may have it.
fn mismatch(
    update: &UpdateAgent,
    Difference { pointer, expected, found }: Difference,
    was_shown: &dyn Fn(&str) -> bool,
) -> Option<Mismatch> {
    let is_given = is_given(update, &pointer);
    let is_documented = is_documented(&pointer);
    match (&expected, &found) {
        // A response may leave out any documented field, but not one that it has shown before.
        (Some(_), None) if is_documented && !was_shown(&pointer) => {
            let message = format!("expected `{pointer}` in the response, which the update gave");
            return is_given.then(|| Mismatch::general("http.accepted.agent", message));
        }
        // The server may add fields.
        (None, Some(_)) if !is_given => return None,
        _ => {}
    }
    let is_page = is_promised(&pointer, is_given, expected.as_ref(), found.as_ref());
    let shown = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), shown);
    let (expected, found) = (shown(&expected), shown(&found));
    let message = if is_given {
        format!("the update gave `{pointer}`: expected {expected}, found {found}")
    } else {
        format!("the update did not give `{pointer}`: expected {expected} as before, found {found}")
    };
    let mismatch = if is_page { Mismatch::page(message) } else { Mismatch::contract(message) };
    let is_of_updates = UpdateAgent::OBJECT.field(first_name(&pointer)).is_some();
    Some(if is_given {
        mismatch
    } else {
        mismatch.cites(if is_of_updates { "apply.absent" } else { "apply.response-only" })
    })
}

/// Returns whether the page rules out a difference. It does not say that objects are merged or replaced, that a default
/// does not overwrite a value, or that numbers have more digits than a double.
fn is_promised(pointer: &str, is_given: bool, expected: Option<&Value>, found: Option<&Value>) -> bool {
    let mut names = pointer.split('/').skip(1);
    let Some(field) = names.next().and_then(|name| UpdateAgent::OBJECT.field(name)) else { return false };
    let is_default = field.default.zip(found).is_some_and(|(default, found)| is_equal(&default.into(), found));
    let is_nearly_equal = expected.zip(found).is_some_and(|(expected, found)| is_nearly_equal(expected, found));
    let is_documented = match (field.r#type.object(), names.next()) {
        (Some(object), Some(name)) => is_given && object.field(name).is_some(),
        (None, Some(_)) => is_given && expected.is_some(),
        (_, None) => true,
    };
    is_documented && !is_nearly_equal && (is_given || !is_default)
}

fn first_name(pointer: &str) -> &str {
    pointer.split('/').nth(1).unwrap_or_default()
}

/// Returns whether an update gives the field at a pointer. The voice and the settings are merged, everything else is
/// replaced as a whole.
fn is_given(update: &UpdateAgent, pointer: &str) -> bool {
    let update = serde_json::to_value(update).unwrap_or_default();
    let mut names = pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~"));
    let Some(name) = names.next() else { return true };
    let Some(value) = update.get(&name) else { return false };
    let is_merged = UpdateAgent::OBJECT.field(&name).and_then(|field| field.r#type.object()).is_some();
    match names.next() {
        Some(below) if is_merged => value.get(below).is_some(),
        _ => true,
    }
}

/// Returns whether a pointer is that of a documented field. A response may leave it out.
fn is_documented(pointer: &str) -> bool {
    let mut names = pointer.split('/').skip(1);
    let field = names.next().and_then(|name| UPDATE_AGENT.response.object.field(name));
    field.is_some_and(|field| match (names.next(), names.next()) {
        (None, _) => true,
        (Some(name), None) => field.r#type.object().is_some_and(|object| object.field(name).is_some()),
        (Some(_), Some(_)) => false,
    })
}

/// Judges whether the entity tag and the time of the update follow the agent.
fn versions(known: &Known, update: &UpdateAgent, agent: &Agent, response: &Response) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    let tags = known.etag.as_ref().zip(response.etag());
    let is_same = known.is_same(agent);
    match (is_same, known.is_in_effect(update)) {
        (true, Some(true)) => {
            if let Some((before, after)) = tags.filter(|(before, after)| **before != *after) {
                let message =
                    format!("the update changes nothing: expected the `ETag` {before} as before, found {after}");
                mismatches.push(Mismatch::general("http.repeated", message));
            }
            if let (Some(before), Some(after)) = (&known.agent.updated_at, &agent.updated_at)
                && before != after
            {
                let message =
                    format!("the update changes nothing: expected `updatedAt` {before:?} as before, found {after:?}");
                mismatches.push(Mismatch::general("http.repeated", message));
            }
        }
        (false, _) if !changes_key(update) => {
            if let Some((before, _)) = tags.filter(|(before, after)| *before == after) {
                let message = format!("the agent changed: expected another `ETag` than {before}");
                mismatches.push(Mismatch::general("http.accepted.etag", message));
            }
        }
        _ => {}
    }
    mismatches
}

/// Judges the response to a request that must be refused.
pub(crate) fn refused(profile: Profile, refusal: &Refusal, response: &Response) -> Vec<Mismatch> {
    let Refusal { problems, basis, violations } = refusal;
    let mut statuses: Vec<_> = problems.iter().map(|problem| problem.status().to_string()).collect();
    statuses.dedup();
    let expected = match profile {
        Profile::Documented => "expected a refusal, with a status from 400 to 499".to_owned(),
        _ => format!("expected status {}", statuses.join(" or ")),
    };
    if !response.status.is_client_error() {
        let found = described(response);
        // A server error is never a refusal.
        let basis = if response.status.is_server_error() { Basis::Page } else { *basis };
        return vec![Mismatch { basis, ..Mismatch::page(format!("{expected}, found {found}")) }];
    }
    let mut mismatches = Vec::new();
    if !problems.iter().any(|problem| problem.status() == response.status.as_u16()) {
        let message = format!("expected status {}, found {}", statuses.join(" or "), response.status.as_u16());
        let sentence = match problems.first() {
            Some(&ProblemType::MALFORMED) => "http.refused.malformed",
            _ => "http.refused.status",
        };
        mismatches.push(if refusal.is_of_body() {
            Mismatch::general(sentence, message)
        } else {
            Mismatch::contract(message)
        });
    }
    if response.status == StatusCode::METHOD_NOT_ALLOWED {
        let methods = response.header(&ALLOW).unwrap_or_default();
        let method = UPDATE_AGENT.method.as_str();
        if !methods.split(',').any(|allowed| allowed.trim() == method) {
            mismatches.push(Mismatch::contract(format!("expected `Allow` with {method}, found `{methods}`")));
        }
    }
    mismatches.extend(judge_problem(response, refusal.is_of_body().then_some(violations.as_ref()).flatten()));
    mismatches
}

fn judge_problem(response: &Response, expected: Option<&Vec<(String, String)>>) -> Vec<Mismatch> {
    let media_type = response.media_type();
    let found = media_type.as_deref().unwrap_or("none");
    let mut mismatches = Vec::new();
    if found != Problem::MEDIA_TYPE {
        let message = format!("expected the media type {}, found {found}", Problem::MEDIA_TYPE);
        mismatches.push(Mismatch::general("http.refused.problem", message));
    }
    // The response to HEAD has no body.
    let problem: Problem = match serde_json::from_slice(&response.body) {
        Ok(problem) => problem,
        Err(_) if response.body.is_empty() && response.status == StatusCode::METHOD_NOT_ALLOWED => return mismatches,
        Err(error) => {
            mismatches.push(Mismatch::general("http.refused.problem", format!("expected a problem document: {error}")));
            return mismatches;
        }
    };
    if problem.status.is_some_and(|status| status != response.status.as_u16()) {
        let message = format!("expected `status` {} in the problem, as in the head", response.status.as_u16());
        mismatches.push(Mismatch::general("http.refused.problem", message));
    }
    let Some(expected) = expected else { return mismatches };
    let mut found: Vec<_> =
        problem.violations.iter().map(|violation| (violation.pointer.clone(), violation.code.clone())).collect();
    found.sort();
    if found.is_empty() {
        mismatches
            .push(Mismatch::general("http.refused.violations", "expected `violations` in the problem, found none"));
    } else if problem.truncated {
        let unknown = found.iter().find(|violation| !expected.contains(violation));
        mismatches
            .extend(unknown.map(|unknown| Mismatch::contract(format!("unexpected violation {}", listed(&[unknown])))));
    } else if found != *expected {
        let missing: Vec<_> = expected.iter().filter(|violation| !found.contains(violation)).collect();
        let unexpected: Vec<_> = found.iter().filter(|violation| !expected.contains(violation)).collect();
        let message = match (&*missing, &*unexpected) {
            ([], []) => "expected each violation once".to_owned(),
            (missing, []) => format!("missing violation: {}", listed(missing)),
            ([], unexpected) => format!("unexpected violation: {}", listed(unexpected)),
            (missing, unexpected) => {
                format!("expected the violation {}, found {}", listed(missing), listed(unexpected))
            }
        };
        mismatches.push(Mismatch::contract(message));
    }
    mismatches
}

fn listed(violations: &[&(String, String)]) -> String {
    let shown = violations.iter().map(|(pointer, code)| format!("`{code}` at {pointer:?}"));
    shorten(&shown.collect::<Vec<_>>().join(", "))
}

/// Describes a response with an unexpected status.
fn described(response: &Response) -> String {
    let status = response.status.as_u16();
    let detail = serde_json::from_slice::<Problem>(&response.body).ok().and_then(|problem| {
        let first = problem.violations.into_iter().next();
        first.map(|violation| format!("`{}` at {:?}", violation.code, violation.pointer)).or(problem.detail)
    });
    match detail {
        Some(detail) => shorten(&format!("{status}: {detail}")),
        None => status.to_string(),
    }
}

fn shown(value: &Value) -> String {
    shorten(&crate::request::masked(value.to_string().as_bytes()))
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
