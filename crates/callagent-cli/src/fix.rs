//! `callagent validate --fix` and `--diff`: the safe suggestions, applied or shown.

use std::{
    fs,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::Path,
};

use callagent::Printable;
use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::{documents::Document, failure::Failure, formats::Masked, input};

/// Mends the files in place; a file is replaced whole or not at all. What cannot be read is left to the report.
pub(crate) fn in_place(paths: &[String], lines: bool, mend: impl Fn(Vec<u8>) -> Vec<u8>) -> Result<(), Failure> {
    if paths.iter().any(|path| path == input::STDIN) {
        return Err(Failure::Usage(
            "standard input cannot be fixed in place; `--diff` shows what would change".to_owned(),
        ));
    }
    for path in input::files(paths).flatten() {
        if let Ok(real) = fs::canonicalize(&path) {
            let mended = if lines { mend_lines(&real, &mend) } else { mend_whole(&real, &mend) };
            mended.map_err(|error| Failure::Unwritable { path, error })?;
        }
    }
    Ok(())
}

fn mend_whole(path: &Path, mend: impl Fn(Vec<u8>) -> Vec<u8>) -> io::Result<()> {
    let Ok(text) = fs::read(path) else { return Ok(()) };
    let mended = mend(text.clone());
    if mended == text {
        return Ok(());
    }
    let mut file = beside(path)?;
    file.write_all(&mended)?;
    replace(path, file)
}

fn mend_lines(path: &Path, mend: impl Fn(Vec<u8>) -> Vec<u8>) -> io::Result<()> {
    let Ok(file) = fs::File::open(path) else { return Ok(()) };
    let mut reader = BufReader::new(file);
    let mut writer = BufWriter::new(beside(path)?);
    let (mut line, mut changed) = (Vec::new(), false);
    while reader.read_until(b'\n', &mut line)? > 0 {
        let end = if line.ends_with(b"\n") { line.pop() } else { None };
        let mended = if input::is_blank(&line) { line.clone() } else { mend(line.clone()) };
        changed |= mended != line;
        writer.write_all(&mended)?;
        writer.write_all(end.as_slice())?;
        line.clear();
    }
    if changed { replace(path, writer.into_inner()?) } else { Ok(()) }
}

/// A new file in the folder of another one, so that it can take its place in one step.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))
}

fn replace(path: &Path, file: NamedTempFile) -> io::Result<()> {
    file.as_file().set_permissions(fs::metadata(path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Writes what mending changes in a document, its keys masked, as a terminal may show it.
pub(crate) fn write_diff(document: &Document<'_>, mended: &[u8], out: &mut impl Write) -> io::Result<()> {
    if document.text == mended {
        return Ok(());
    }
    let [before, after] = Masked::versions(document.text, mended).map(|version| {
        // What is a line of a file has its end there.
        printable(&(version.whole() + if document.line.is_some() { "\n" } else { "" }))
    });
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<_>>();
    let diff = TextDiff::configure().newline_terminated(true).diff_slices(&lines(&before), &lines(&after));
    let line = document.line.map(|line| format!(":{line}")).unwrap_or_default();
    let source = format!("{}{line}", Printable(document.source));
    write!(out, "{}", diff.unified_diff().header(&source, &format!("{source} (mended)")))
}

/// The text without controls, but for tabs and the ends of lines.
fn printable(text: &str) -> String {
    let line = |line: &str| {
        let content = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        let parts: Vec<_> = content.split('\t').map(|part| Printable(part).to_string()).collect();
        parts.join("\t") + &line[content.len()..]
    };
    text.split_inclusive('\n').map(line).collect()
}
