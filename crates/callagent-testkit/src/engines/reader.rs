//! The crate's reader: on text with and without building the document, and on a value.

use callagent::{Code, Document as Model, Finding, Reader, Report};

use super::{Document, Engine, Entry, Reported, Verdict};
use crate::{for_document, preserves_order};

static STRICT: Reader = Reader::new();

/// The reader: on text with and without building the document, and on a value.
pub(super) fn engines() -> [Engine; 3] {
    [
        Engine::new("read", |document| Some(for_document!(document.direction, read(document)))),
        Engine::new("check", |document| Some(for_document!(document.direction, check(document)))),
        Engine::new("read_value", |document| for_document!(document.direction, read_value(document))),
    ]
}

fn read<T: Model>(document: &Document<'_>) -> Verdict {
    let (model, report) = reader(document).read_and_report::<T>(document.text);
    Verdict { valid: model.is_some(), ..with_output(verdict_of(&report), model.as_ref()) }
}

fn check<T: Model>(document: &Document<'_>) -> Verdict {
    verdict_of(&reader(document).check::<T>(document.text))
}

fn read_value<T: Model>(document: &Document<'_>) -> Option<Verdict> {
    let value = document.value?;
    let reader = reader(document);
    let verdict = verdict_of(&reader.check_value::<T>(value));
    let mut verdict = match reader.read_value::<T>(value) {
        Ok(model) => with_output(verdict, Some(&model)),
        Err(invalid) => Verdict { valid: false, advisories: verdict.advisories, ..verdict_of(invalid.report()) },
    };
    if !preserves_order() {
        verdict.violations = verdict.violations.unordered();
        verdict.advisories = verdict.advisories.unordered();
    }
    Some(verdict)
}

fn reader<'d>(document: &Document<'d>) -> &'d Reader {
    document.tolerant.unwrap_or(&STRICT)
}

fn verdict_of(report: &Report) -> Verdict {
    let malformed = report.violations().find(|violation| violation.code() == Code::MALFORMED);
    Verdict {
        valid: report.is_valid(),
        violations: Reported::Report(report.violations().map(entry).collect()),
        advisories: Reported::Report(report.advisories().map(entry).collect()),
        offset: malformed.and_then(|violation| violation.span()).map(|span| span.offset),
        output: None,
    }
}

fn entry(finding: Finding<'_>) -> Entry {
    (finding.pointer(), finding.code())
}

fn with_output<T: Model>(verdict: Verdict, model: Option<&T>) -> Verdict {
    let written = model.map(serde_json::to_string).transpose();
    // A serialization failure shows as a wrong output.
    Verdict { output: written.unwrap_or_else(|error| Some(error.to_string())), ..verdict }
}
