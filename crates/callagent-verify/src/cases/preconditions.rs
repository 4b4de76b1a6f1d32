//! `If-Match`.

use callagent::ETag;
use http::{HeaderValue, header::IF_MATCH};
use serde_json::json;

use crate::{
    log::{Done, Stop},
    session::Session,
};

/// Returns the current tag.
async fn current(session: &mut Session) -> Result<ETag, Stop> {
    session.ensure_known().await?;
    session.read().await?;
    let tag = session.known().and_then(|known| known.etag.clone());
    tag.ok_or_else(|| Stop::NotApplicable("the responses have no strong `ETag`".to_owned()))
}

/// Sends an update of the name with a value of `If-Match`.
async fn rename(session: &mut Session, name: &str, value: &str) -> Done {
    let request = session.update_of(json!({ "name": name })).header(&IF_MATCH, Some(value.as_bytes()));
    session.exchange(request).await.map(drop)
}

/// Changes the agent and returns the tags before and after.
async fn change(session: &mut Session) -> Result<(ETag, ETag), Stop> {
    current(session).await?;
    session.accept(json!({"name": "Before"})).await?;
    let before = current(session).await?;
    session.accept(json!({"name": "After"})).await?;
    Ok((before, current(session).await?))
}

pub(super) async fn outdated(session: &mut Session) -> Done {
    let (before, after) = change(session).await?;
    for value in [before.to_string(), format!("W/{after}"), "\"callagent-verify\"".to_owned(), "\"\"".to_owned()] {
        rename(session, "This must not become the name", &value).await?;
        session.check_unchanged().await?;
    }
    Ok(())
}

pub(super) async fn current_tag(session: &mut Session) -> Done {
    let (before, after) = change(session).await?;
    rename(session, "With the current tag", after.as_str()).await?;
    let after = current(session).await?;
    rename(session, "With a list", &format!("{before}, \"other,tag\" ,{after}")).await?;
    for is_first in [true, false] {
        let after = current(session).await?;
        let lines = if is_first { [&after, &before] } else { [&before, &after] };
        let mut request = session.update_of(json!({"name": format!("With two lines, {is_first}")}));
        for tag in lines {
            let value = HeaderValue::from_bytes(tag.as_str().as_bytes());
            let value = value.map_err(|_| Stop::NotApplicable("the `ETag` is no header".to_owned()))?;
            request.headers.append(IF_MATCH, value);
        }
        session.exchange(request).await?;
    }
    Ok(())
}

pub(super) async fn any(session: &mut Session) -> Done {
    change(session).await?;
    rename(session, "With any tag", "*").await
}

pub(super) async fn in_effect(session: &mut Session) -> Done {
    let (before, _) = change(session).await?;
    for value in [before.to_string(), "\"callagent-verify\"".to_owned()] {
        rename(session, "After", &value).await?;
    }
    Ok(())
}
