//! What the files of cases share.

use callagent::{AgentId, TtsProvider, WorkspaceId};
use http::HeaderName;
use serde_json::{Value, json};

use crate::{log::Done, request::Request, session::Session};

/// Declares cases: the name, what a correct server does, the sentences, and the function that tests it.
macro_rules! table {
    ($group:expr; $($name:literal, $title:literal, [$($sentence:literal),+ $(,)?], $run:path;)+) => {
        vec![$(
            crate::case::Case::scenario($group, $name, $title, &[$($sentence),+], |session| Box::pin($run(session)))
        ),+]
    };
}
pub(super) use table;

/// Every field that an update may have, but the key.
pub(super) fn all_fields() -> Value {
    json!({
        "name": "Contract test",
        "ttsModel": {"provider": TtsProvider::OpenAi, "voiceId": "voice-1", "language": "en"},
        "smartCallback": true,
        "maxAttemptsForSmartCallback": 2,
        "gapBetweenEachAttemptForSmartCallback": [{"days": 1, "hours": 2}, {"days": 3, "hours": 4}],
        "phoneNumberIds": ["phone-1", "phone-2"],
        "settings": {"speed": 0.5, "volume": 0.25, "temperature": 0.75, "custom": {"a": 1}},
        "variables": {"customer": "Ada", "tier": "gold"},
    })
}

/// The id of an agent that nobody has.
pub(super) fn unknown_agent() -> AgentId {
    AgentId::new("callagent-verify-no-such-agent").expect("the id is valid")
}

/// The header with the workspace.
pub(super) const WORKSPACE: HeaderName = HeaderName::from_static(WorkspaceId::HEADER);

/// Sends requests that must be refused, then checks that they had no effect.
pub(super) async fn refuse_all(session: &mut Session, requests: impl IntoIterator<Item = Request>) -> Done {
    session.ensure_known().await?;
    for request in requests {
        session.log.forget_exchanges();
        session.refuse(request).await?;
    }
    session.log.forget_exchanges();
    session.check_unchanged().await
}

/// An update that would change the agent if it were accepted.
pub(super) fn change(session: &Session) -> Request {
    session.update_of(json!({"name": "This must not become the name"}))
}

#[cfg(test)]
mod tests {
    use callagent::{UpdateAgent, model::Object};

    use super::*;

    fn assert_has_all(fields: &Value, object: &Object) {
        for field in object.fields.iter().filter(|field| !field.r#type.is_secret() && field.name != "llmModel") {
            let value = fields.get(field.name);
            let value = value.unwrap_or_else(|| panic!("`all_fields` lacks `{}` of {}", field.name, object.name));
            if let (true, Some(object)) = (value.is_object(), field.r#type.object()) {
                assert_has_all(value, object);
            }
        }
    }

    #[test]
    fn all_fields_are_those_of_the_model() {
        assert_has_all(&all_fields(), UpdateAgent::OBJECT);
    }
}
