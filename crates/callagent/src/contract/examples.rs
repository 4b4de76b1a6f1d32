//! The examples in the published schemas.

use serde::Serialize;

use super::{
    agent::Agent,
    ids::{AgentId, WorkspaceId},
    keys::ElevenLabsKey,
    update::{Gap, SettingsUpdate, TtsUpdate, UpdateAgent},
    vocabularies::{LlmModel, TtsProvider},
};
use crate::{
    model::{Code, ProblemType, Severity},
    problem::Problem,
    reader::Reader,
    report::InvalidDocument,
    schema::{Example, Examples},
    values::{FieldError, OpenEnum},
};

/// The examples of the operation. They are not part of its data, since only schemas need them.
pub(super) fn examples() -> Examples {
    Examples { requests: updates(), responses: agents(), problems: problems() }
}

pub(super) fn updates() -> Vec<Example> {
    let minimal = Ok::<_, FieldError>(UpdateAgent::new(LlmModel::default()));
    let examples = [
        example("minimal", "An update with only the required model", minimal),
        example("callback", "Two callback attempts, after one day and after another two and a half days", callback()),
        example("ownKey", "An ElevenLabs voice with your own key", own_key()),
        example("documented", "The update that leads to the documented response", documented()),
    ];
    examples.into_iter().flatten().collect()
}

pub(super) fn agents() -> Vec<Example> {
    let complete =
        crate::reader::read::<Agent>(Code::ABSENT_FIELD.explanation().map_or("", |explanation| explanation.fixed));
    let examples = [
        example("complete", "An agent with every field that the service documents", complete),
        example(
            "documented",
            "The documented response, which has an undocumented language model",
            documented_response(),
        ),
    ];
    examples.into_iter().flatten().collect()
}

/// Creates an example. Returns `None` if the value is invalid, which a test detects.
fn example<E>(name: &'static str, summary: &'static str, value: Result<impl Serialize, E>) -> Option<Example> {
    Some(Example::new(name, summary, value.ok()?))
}

fn callback() -> Result<UpdateAgent, FieldError> {
    let tts = TtsUpdate::new(TtsProvider::Rime)?.voice_id("mistv2_Brook").language("en");
    Ok(UpdateAgent::new(LlmModel::Gpt41Mini)
        .name("Front desk")
        .tts(tts)
        .smart_callback(true)
        .max_attempts(2)
        .gaps([Gap::default(), Gap::default().days(2)?.hours(12)?])
        .phone_number_ids(["pn_1"])
        .settings(SettingsUpdate::new().speed(0.9)?.temperature(0.6)?))
}

fn own_key() -> Result<UpdateAgent, FieldError> {
    let tts = TtsUpdate::with_own_key(ElevenLabsKey::new("your-elevenlabs-api-key"))?;
    Ok(UpdateAgent::new(LlmModel::Gpt5).tts(tts.voice_id("21m00Tcm4TlvDq8ikWAM").language("en")))
}

fn documented() -> Result<UpdateAgent, FieldError> {
    let tts = TtsUpdate::with_own_key(ElevenLabsKey::new("your-new-elevenlabs-api-key"))?;
    let gaps = [
        Gap::default().days(1)?.hours(0)?,
        Gap::default().days(1)?.hours(12)?,
        Gap::default().days(2)?.hours(0)?,
        Gap::default().days(3)?.hours(0)?,
        Gap::default().days(7)?.hours(0)?,
    ];
    Ok(UpdateAgent::new(LlmModel::default())
        .name("Updated Customer Support Agent")
        .tts(tts.voice_id("21m00Tcm4TlvDq8ikWAM").language("en"))
        .smart_callback(true)
        .max_attempts(5)
        .gaps(gaps)
        .settings(SettingsUpdate::new().speed(0.9)?.volume(0.8)?.temperature(0.6)?))
}

/// The documented response. Its voice name and its language model cannot be set by an update.
fn documented_response() -> Result<Agent, FieldError> {
    let mut agent = Agent::default();
    documented()?.apply(&mut agent);
    agent.llm_model = Some(OpenEnum::unknown("claude-3-5-sonnet-latest"));
    if let Some(tts) = &mut agent.tts {
        tts.name = Some("Premium Voice".into());
    }
    Ok(agent)
}

/// Problems of all types, with one invalid update per code.
pub(super) fn problems() -> Vec<(ProblemType, Example)> {
    let of = |&kind: &ProblemType| problems_of(kind).into_iter().map(move |example| (kind, example));
    ProblemType::ALL.iter().flat_map(of).collect()
}

fn problems_of(kind: ProblemType) -> Vec<Example> {
    let because = |error: Option<FieldError>| {
        let problem = Problem::new(kind);
        let problem = error.into_iter().fold(problem, |problem, error| problem.detail(error.to_string()));
        vec![Example::new(kind.name(), kind.title(), problem)]
    };
    match kind {
        ProblemType::MALFORMED => violation(Code::MALFORMED).into_iter().collect(),
        ProblemType::INVALID_UPDATE => {
            let codes = Code::ALL.iter().copied().filter(|&code| code != Code::MALFORMED);
            codes.filter_map(violation).chain(truncated()).collect()
        }
        ProblemType::BAD_PATH => because(AgentId::new("..").err()),
        ProblemType::BAD_WORKSPACE => because(WorkspaceId::new("").err()),
        _ => because(None),
    }
}

/// The response of a server that reports at most one violation.
fn truncated() -> Option<Example> {
    let request = r#"{"name": 1, "smartCallback": 2}"#;
    let problem = Problem::from(Reader::new().limit(1).read::<UpdateAgent>(request).err()?);
    let summary = "There are more violations than the server reports.";
    Some(Example { request: Some(request), ..Example::new("truncated", summary, problem) })
}

/// The response to the example of a violation code.
fn violation(code: Code) -> Option<Example> {
    let explanation = code.explanation()?;
    if code.severity() == Severity::Advisory {
        return None;
    }
    let report = Reader::new().suggest().check::<UpdateAgent>(explanation.example);
    let problem = Problem::from(InvalidDocument::try_from(report).ok()?);
    Some(Example { request: Some(explanation.example), ..Example::new(code.as_str(), code.title(), problem) })
}
