//! Cases from documents that test sentences of the contract: one case per sentence.

use callagent::UpdateAgent;

use crate::{
    case::{Action, Case, Group},
    contract::{Document, documents},
    log::{Done, Stop},
    session::Session,
};

/// Returns the cases of valid or of invalid documents, in the order of the contract.
pub(super) fn cases(group: Group, is_valid: bool) -> Vec<Case> {
    let mut cases: Vec<(&'static str, Vec<&'static Document>)> = Vec::new();
    for document in documents() {
        if callagent::check::<UpdateAgent>(document.body()).is_valid() != is_valid {
            continue;
        }
        let sentence = document.main_sentence();
        match cases.iter_mut().find(|(of, _)| *of == sentence) {
            Some((_, documents)) => documents.push(document),
            None => cases.push((sentence, vec![document])),
        }
    }
    let order = |sentence: &str| crate::Sentence::all().iter().position(|other| other.id == sentence);
    cases.sort_by_key(|(sentence, _)| order(sentence));
    cases.into_iter().map(|(sentence, documents)| case(group, sentence, documents)).collect()
}

fn case(group: Group, sentence: &'static str, documents: Vec<&'static Document>) -> Case {
    let title = crate::Sentence::find(sentence).map_or(sentence, |sentence| &sentence.says);
    let name = ["request.", "text.", "values."].iter().find_map(|prefix| sentence.strip_prefix(prefix));
    Case {
        group,
        number: 0,
        name: name.unwrap_or(sentence).into(),
        title: title.into(),
        sentences: vec![sentence.into()],
        action: Action::Documents(documents),
    }
}

/// Sends documents, each judged on its own.
pub(crate) async fn run(session: &mut Session, documents: &[&'static Document]) -> Done {
    let mut skipped = None;
    let mut done = Ok(());
    session.ensure_known().await?;
    for document in documents {
        session.log.forget_exchanges();
        session.log.sentences.clone_from(&document.contract);
        let request = session.target().update(document.body());
        match session.exchange(request).await {
            Ok(_) => {}
            Err(Stop::Failed) => done = Err(Stop::Failed),
            Err(Stop::Skipped(reason)) if session.log.requests < documents.len() => skipped = Some(reason),
            Err(stop) => return Err(stop),
        }
        session.ensure_known().await?;
    }
    session.log.forget_exchanges();
    match (done, skipped) {
        (Err(stop), _) => Err(stop),
        // Only if nothing else was sent.
        (Ok(()), Some(reason)) if session.log.skipped == documents.len() => Err(Stop::Skipped(reason)),
        _ => session.check_unchanged().await,
    }
}
