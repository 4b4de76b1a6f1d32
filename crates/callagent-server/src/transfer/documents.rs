//! The documents of a file: one, an array of them, or one per line.

use std::io::{self, BufRead, Read as _};

use serde_json::value::RawValue;

use super::import_error::{Kind, Located, Origin};
use crate::entry::MAX_AGENT;

/// The maximum size of a file that is not read line by line.
const MAX_FILE: usize = 256 << 20;

/// Calls a function with each document and its origin.
pub(super) fn for_each(
    input: impl BufRead,
    lines: bool,
    f: impl FnMut(&[u8], Origin) -> Result<(), Located>,
) -> Result<(), Located> {
    if lines { for_each_line(input, f) } else { for_each_value(input, f) }
}

fn for_each_line(
    mut input: impl BufRead,
    mut f: impl FnMut(&[u8], Origin) -> Result<(), Located>,
) -> Result<(), Located> {
    let mut line = Vec::new();
    for number in 1.. {
        let origin = Origin { line: number, index: None };
        line.clear();
        let read = read_bounded(&mut line, MAX_AGENT, |limit, line| input.by_ref().take(limit).read_until(b'\n', line));
        read.map_err(|kind| Located::new(origin, kind))?;
        if line.is_empty() {
            break;
        }
        let document = line.strip_suffix(b"\n").unwrap_or(&line);
        if !document.iter().all(|byte| b" \t\r".contains(byte)) {
            f(document, origin)?;
        }
    }
    Ok(())
}

fn for_each_value(
    mut input: impl BufRead,
    mut f: impl FnMut(&[u8], Origin) -> Result<(), Located>,
) -> Result<(), Located> {
    let mut origin = Origin { line: 1, index: None };
    let mut text = Vec::new();
    let read = read_bounded(&mut text, MAX_FILE, |limit, text| input.by_ref().take(limit).read_to_end(text));
    read.map_err(|kind| Located::new(origin, kind))?;
    if !text.trim_ascii_start().starts_with(b"[") {
        if text.len() > MAX_AGENT {
            return Err(Located::new(origin, Kind::TooLarge(MAX_AGENT)));
        }
        return f(&text, origin);
    }
    let documents: Vec<&RawValue> = serde_json::from_slice(&text).map_err(|error| {
        let malformed = callagent::check_json(&text).err();
        Located::new(Origin { line: error.line().max(1), ..origin }, Kind::Malformed(malformed))
    })?;
    let mut rest = text.as_slice();
    for (index, document) in documents.into_iter().map(|document| document.get().as_bytes()).enumerate() {
        let (before, after) = rest.split_at_checked(offset(rest, document)).unwrap_or((rest, &[]));
        origin = Origin { line: origin.line + count_lines(before), index: Some(index) };
        if document.len() > MAX_AGENT {
            return Err(Located::new(origin, Kind::TooLarge(MAX_AGENT)));
        }
        f(document, origin)?;
        rest = after;
    }
    Ok(())
}

/// Reads at most this many bytes.
fn read_bounded(
    bytes: &mut Vec<u8>,
    limit: usize,
    read: impl FnOnce(u64, &mut Vec<u8>) -> io::Result<usize>,
) -> Result<(), Kind> {
    read(limit as u64 + 1, bytes).map_err(Kind::Read)?;
    if bytes.len() > limit { Err(Kind::TooLarge(limit)) } else { Ok(()) }
}

/// Returns where a part of a text begins.
fn offset(text: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

fn count_lines(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).count()
}
