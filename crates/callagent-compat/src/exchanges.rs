//! The requests and responses of two OpenAPI documents, paired.

use crate::{
    direction::Direction,
    error::{Error, Version, refuse},
    matching::{MediaType, status_of},
    openapi::{Members, Message, Messages, OpenApi},
    rules::{self, Row},
};

/// A pair to compare: documents of one kind in the old and the new version.
pub(crate) struct Exchange {
    pub(crate) direction: Direction,
    pub(crate) name: Option<String>,
    pub(crate) old: Option<Message>,
    pub(crate) new: Option<Message>,
    /// The rule for a reader that has no such documents.
    pub(crate) refused: &'static Row,
}

/// Pairs the requests and responses of two OpenAPI documents, including those whose counterpart is missing.
pub(crate) fn exchanges<'d>(old: &mut OpenApi<'d>, new: &mut OpenApi<'d>) -> Result<Vec<Exchange>, Error> {
    let (of_old, of_new) = (refuse(Version::Old), refuse(Version::New));
    let mut new_operations = new.operations().map_err(&of_new)?;
    let mut exchanges = vec![Exchange {
        direction: Direction::Request,
        name: None,
        old: Some(old.whole().map_err(&of_old)?),
        new: Some(new.whole().map_err(&of_new)?),
        refused: rules::NOTHING,
    }];
    for (key, operation) in old.operations().map_err(&of_old)? {
        let Some(new_operation) = new_operations.remove(&key) else {
            let name = Some(format!("the request of {}", operation.name));
            let (direction, refused) = (Direction::Request, rules::OPERATION);
            let requests = old.requests(&operation, &operation, &Members::new()).map_err(&of_old)?;
            exchanges.push(Exchange { direction, name, old: requests.into_values().next(), new: None, refused });
            continue;
        };
        // Clients of the old version do not send parameters added later.
        let new_parameters = new.parameters(&new_operation, &operation).map_err(&of_new)?;
        let requests = old.requests(&operation, &operation, &new_parameters).map_err(&of_old)?;
        let new_requests = new.requests(&new_operation, &operation, &Members::new()).map_err(&of_new)?;
        exchanges.extend(request_exchanges(&operation.name, requests, &new_requests));

        let old_statuses = old.statuses(&operation).map_err(&of_old)?;
        let new_statuses = new.statuses(&new_operation).map_err(&of_new)?;
        for Statuses { name, old: old_status, new: new_status } in paired(&old_statuses, &new_statuses) {
            let (mut known, mut headers) = (None, Members::new());
            if let Some(status) = old_status {
                known = Some(old.responses(&operation, status, false, &Members::new()).map_err(&of_old)?);
                headers = old.headers(&operation, status).map_err(&of_old)?;
            }
            // The new version does not send headers that were removed.
            let responses = new.responses(&new_operation, new_status, true, &headers).map_err(&of_new)?;
            exchanges.extend(response_exchanges(&new_operation.name, name, responses, known.as_ref()));
        }
    }
    Ok(exchanges)
}

/// A status of the new version, with its key in each version.
struct Statuses<'s> {
    name: &'s str,
    old: Option<&'s str>,
    new: &'s str,
}

/// The statuses whose responses may break clients.
fn paired<'s>(old: &'s [String], new: &'s [String]) -> Vec<Statuses<'s>> {
    let is_success = |name: &str| name.starts_with('2');
    let listed = new.iter().map(|name| Statuses { name, old: status_of(old, name), new: name });
    // Clients treat unknown statuses as their class (RFC 9110, section 15).
    let listed = listed.filter(|statuses| statuses.old.is_some() || is_success(statuses.name));
    // The responses of a status that is no longer listed may now be those of a range or of the default.
    let no_longer = old.iter().filter(|name| !new.contains(name));
    let no_longer = no_longer.filter_map(|name| Some(Statuses { name, old: Some(name), new: status_of(new, name)? }));
    listed.chain(no_longer).collect()
}

fn request_exchanges(operation: &str, old: Messages, new: &Messages) -> Vec<Exchange> {
    let of = |(media_type, message): (Option<MediaType>, Message)| {
        let counterpart = match &media_type {
            Some(media_type) => covering(new, media_type).or(new.get(&None)),
            // A request without a body does not depend on the media type.
            None => new.values().next(),
        };
        let media_type = media_type.map(|media_type| format!(" as {media_type}")).unwrap_or_default();
        Exchange {
            direction: Direction::Request,
            name: Some(format!("the request of {operation}{media_type}")),
            old: Some(message),
            new: counterpart.cloned(),
            refused: rules::REQUEST_MEDIA,
        }
    };
    old.into_iter().map(of).collect()
}

/// `known` are the responses of the old version with this status.
fn response_exchanges(operation: &str, status: &str, new: Messages, known: Option<&Messages>) -> Vec<Exchange> {
    let of = |(media_type, message): (Option<MediaType>, Message)| {
        let counterpart = known.and_then(|known| match &media_type {
            Some(media_type) => covering(known, media_type).or(known.get(&None)),
            None => known.values().next(),
        });
        let refused = if known.is_some() { rules::RESPONSE_MEDIA } else { rules::SUCCESS };
        let media_type = media_type.map(|media_type| format!(" as {media_type}")).unwrap_or_default();
        Exchange {
            direction: Direction::Response,
            name: Some(format!("the response {status} of {operation}{media_type}")),
            old: counterpart.cloned(),
            new: Some(message),
            refused,
        }
    };
    new.into_iter().map(of).collect()
}

/// Finds the message for a media type: the same media type with any charset, or a range that includes it.
fn covering<'m>(messages: &'m Messages, media_type: &MediaType) -> Option<&'m Message> {
    let kind = media_type.name.split_once('/').map_or(&*media_type.name, |(kind, _)| kind);
    let ranges = [media_type.lower_case(), format!("{kind}/*"), "*/*".to_owned()];
    let of_range = |range: &String| {
        let mut named = messages.iter().filter_map(|(name, message)| Some((name.as_ref()?, message)));
        named.find(|(name, _)| name.lower_case() == *range).map(|(_, message)| message)
    };
    messages.get(&Some(media_type.clone())).or_else(|| ranges.iter().find_map(of_range))
}
