//! What the contract expects of the response to a request. Every request is judged by this, regardless of the case that
//! sends it.

use callagent::{AgentId, IfMatch, ProblemType, UPDATE_AGENT, UpdateAgent, WorkspaceId, model::Operation};
use http::{
    HeaderMap, Method,
    header::{CONTENT_ENCODING, CONTENT_TYPE, IF_MATCH},
};

use crate::{
    known::Known,
    profile::{Basis, Profile, Verdict},
    request::Request,
    target::Target,
};

/// The size of a body that every server accepts.
pub(crate) const ACCEPTED_SIZE: usize = 1 << 20;

/// The expected response.
pub(crate) enum Expected {
    /// The update is accepted.
    Accepted(Box<UpdateAgent>),
    /// The request is refused with one of these problems.
    Refused(Refusal),
    /// The contract leaves the response open, or the test cannot know it.
    Open,
}

/// An expected refusal.
pub(crate) struct Refusal {
    pub(crate) problems: Vec<ProblemType>,
    pub(crate) basis: Basis,
    /// The violations as pointers and codes, sorted, if the response lists them.
    pub(crate) violations: Option<Vec<(String, String)>>,
}

impl Refusal {
    fn new(problem: ProblemType, basis: Basis) -> Self {
        Refusal { problems: vec![problem], basis, violations: None }
    }

    /// Returns whether the refusal is about the body.
    pub(crate) fn is_of_body(&self) -> bool {
        self.problems.iter().any(|problem| [ProblemType::MALFORMED, ProblemType::INVALID_UPDATE].contains(problem))
    }
}

impl Expected {
    /// Determines the expected response, in the order in which the contract checks a request.
    pub(crate) fn of(request: &Request, target: &Target, profile: Profile, known: Option<&Known>) -> Self {
        match check_head(request, target) {
            Ok(Head { agent, workspace, condition }) => {
                let is_other = workspace != target.workspace;
                let mut expected = if is_other || agent != target.agent {
                    of_unknown_agent(request, profile)
                } else {
                    of_known_agent(request, profile, condition.as_ref(), known)
                };
                // The key may be valid for that workspace as well, or the server may check none.
                if let (true, Some(_), Expected::Refused(refusal)) = (is_other, &target.access_key, &mut expected) {
                    refusal.problems.push(ProblemType::FORBIDDEN);
                }
                expected
            }
            Err(Some(refusal)) => Expected::Refused(refusal),
            Err(None) => Expected::Open,
        }
    }
}

struct Head {
    agent: AgentId,
    workspace: WorkspaceId,
    condition: Option<IfMatch>,
}

/// Checks everything before the body. `Err(None)` is an open response.
fn check_head(request: &Request, target: &Target) -> Result<Head, Option<Refusal>> {
    let refuse = |problem| Some(Refusal::new(problem, Basis::Contract));
    let path = request.path.split('?').next().unwrap_or_default();
    let segment = path.strip_prefix(AgentId::PATH_PREFIX).filter(|rest| !rest.is_empty() && !rest.contains('/'));
    let segment = segment.ok_or_else(|| refuse(ProblemType::NOT_FOUND))?;
    let agent = AgentId::from_segment(segment).map_err(|_| refuse(ProblemType::BAD_PATH))?;
    if request.method == Method::OPTIONS {
        return Err(None);
    }
    if request.method.as_str() != UPDATE_AGENT.method.as_str() {
        return Err(refuse(ProblemType::METHOD_NOT_ALLOWED));
    }
    let workspace = workspace(&request.headers)?;
    let condition = condition(&request.headers).map_err(|()| refuse(ProblemType::BAD_PRECONDITION))?;
    if target.access_key.is_some() && !request.has_access_key {
        return Err(refuse(ProblemType::UNAUTHORIZED));
    }
    if request.headers.contains_key(CONTENT_ENCODING) || !is_json(&request.headers) {
        return Err(refuse(ProblemType::UNSUPPORTED_MEDIA_TYPE));
    }
    if request.body.len() > ACCEPTED_SIZE {
        return Err(None);
    }
    Ok(Head { agent, workspace, condition })
}

fn workspace(headers: &HeaderMap) -> Result<WorkspaceId, Option<Refusal>> {
    let mut values = headers.get_all(WorkspaceId::HEADER).iter();
    let refuse = |basis| Some(Refusal::new(ProblemType::BAD_WORKSPACE, basis));
    match (values.next(), values.next()) {
        // White space around the value is not part of it.
        (Some(value), None) => {
            let value = str::from_utf8(value.as_bytes().trim_ascii()).map_err(|_| refuse(Basis::Contract))?;
            WorkspaceId::new(value).map_err(|_| refuse(Basis::Contract))
        }
        (None, _) => Err(refuse(Basis::Page)),
        (Some(_), Some(_)) => Err(refuse(Basis::Contract)),
    }
}

/// Parses `If-Match`. Several lines are a single list (RFC 9110, section 5.3).
fn condition(headers: &HeaderMap) -> Result<Option<IfMatch>, ()> {
    let lines: Vec<_> = headers.get_all(IF_MATCH).iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    if lines.is_empty() { Ok(None) } else { lines.join(",").parse().map(Some).map_err(|_| ()) }
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let media_type = value.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
    media_type.trim_ascii().eq_ignore_ascii_case(Operation::MEDIA_TYPE.as_bytes())
}

fn of_unknown_agent(request: &Request, profile: Profile) -> Expected {
    match Verdict::of(profile, &request.body) {
        Verdict::Invalid { report, basis, knows_violations } => invalid(&report, basis, knows_violations),
        Verdict::Valid(_) => Expected::Refused(Refusal::new(ProblemType::NOT_FOUND, Basis::Page)),
        // Either way it is refused.
        Verdict::Open => {
            let mut refusal = Refusal::new(ProblemType::NOT_FOUND, Basis::Page);
            refusal.problems.push(ProblemType::INVALID_UPDATE);
            Expected::Refused(refusal)
        }
    }
}

fn of_known_agent(request: &Request, profile: Profile, condition: Option<&IfMatch>, known: Option<&Known>) -> Expected {
    let update = match Verdict::of(profile, &request.body) {
        Verdict::Invalid { report, basis, knows_violations } => return invalid(&report, basis, knows_violations),
        Verdict::Open => return Expected::Open,
        Verdict::Valid(update) => update,
    };
    match condition {
        None | Some(&IfMatch::ANY) => Expected::Accepted(update),
        Some(condition) => {
            let current = known.and_then(|known| Some((known, known.etag.as_ref()?)));
            let Some((known, current)) = current else { return Expected::Open };
            if condition.permits(current) {
                return Expected::Accepted(update);
            }
            match known.is_in_effect(&update) {
                Some(true) => Expected::Accepted(update),
                Some(false) => Expected::Refused(Refusal::new(ProblemType::PRECONDITION_FAILED, Basis::Contract)),
                None => Expected::Open,
            }
        }
    }
}

fn invalid(report: &callagent::Report, basis: Basis, knows_violations: bool) -> Expected {
    let violation = |violation: callagent::Finding<'_>| (violation.pointer(), violation.code().as_str().to_owned());
    let mut violations: Vec<_> = report.violations().map(violation).collect();
    violations.sort();
    let is_malformed = violations.iter().any(|(_, code)| code == callagent::Code::MALFORMED.as_str());
    let problem = if is_malformed { UPDATE_AGENT.request.malformed } else { UPDATE_AGENT.request.invalid };
    Expected::Refused(Refusal { violations: knows_violations.then_some(violations), ..Refusal::new(problem, basis) })
}
