//! Where documents come from: files, the `*.json` below folders, standard input; whole or line by line.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use walkdir::WalkDir;

use crate::failure::Failure;

/// Standard input's name, as a path and in reports.
pub(crate) const STDIN: &str = "-";

/// How much text is read at once; the lines in it make one piece of work.
const CHUNK: usize = 256 * 1024;

/// Reads one whole document.
pub(crate) fn read(path: &str) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    open(path)
        .and_then(|mut file| file.read_to_end(&mut text))
        .map_err(|error| Failure::Unreadable { path: path.to_owned(), error })?;
    Ok(text)
}

pub(crate) fn open(path: &str) -> io::Result<Box<dyn Read + Send>> {
    if path == STDIN { Ok(Box::new(io::stdin())) } else { Ok(Box::new(File::open(path)?)) }
}

/// The files that the paths mean, in order: a folder means the `*.json` below it, by name.
pub(crate) fn files(paths: &[String]) -> impl Iterator<Item = Result<String, Failure>> {
    paths.iter().flat_map(|path| {
        if path == STDIN || !Path::new(path).is_dir() {
            return vec![Ok(path.clone())];
        }
        let entries = WalkDir::new(path).sort_by_file_name().into_iter();
        let files: Vec<_> = entries.filter_map(document).collect();
        if files.is_empty() { vec![Err(Failure::NoDocuments { folder: path.clone() })] } else { files }
    })
}

fn document(entry: walkdir::Result<walkdir::DirEntry>) -> Option<Result<String, Failure>> {
    let is_document = |path: &Path| path.extension().is_some_and(|extension| extension == "json") && path.is_file();
    match entry {
        Ok(entry) => is_document(entry.path()).then(|| Ok(entry.path().display().to_string())),
        Err(error) => {
            let path = error.path().unwrap_or(Path::new("")).display().to_string();
            Some(Err(Failure::Unreadable { path, error: error.into() }))
        }
    }
}

/// A run of whole lines.
pub(crate) struct Chunk {
    pub(crate) source: String,
    /// The number of the first line, from 1.
    pub(crate) line: usize,
    pub(crate) text: Vec<u8>,
}

impl Chunk {
    /// The documents with the numbers of their lines: what is not blank. A carriage return counts as blank.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let lines = self.text.split_inclusive(|&byte| byte == b'\n').zip(self.line..);
        lines
            .map(|(line, number)| (number, line.strip_suffix(b"\n").unwrap_or(line)))
            .filter(|(_, line)| !is_blank(line))
    }
}

/// Whether a line is no document.
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// Reads a file as runs of whole lines: as many as there are without waiting for more.
pub(crate) fn chunks(source: String) -> impl Iterator<Item = Result<Chunk, Failure>> {
    let mut reader = None;
    let mut next_line = 1;
    let mut ended = false;
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        match chunk(&source, &mut reader, next_line) {
            Ok((_, 0)) => None,
            Ok((chunk, lines)) => {
                next_line += lines;
                Some(Ok(chunk))
            }
            Err(error) => {
                ended = true;
                Some(Err(Failure::Unreadable { path: source.clone(), error }))
            }
        }
    })
}

type Lines = BufReader<Box<dyn Read + Send>>;

/// The next run of lines, from number `line` on, and how many there are.
fn chunk(source: &str, reader: &mut Option<Lines>, line: usize) -> io::Result<(Chunk, usize)> {
    let reader = match reader {
        Some(reader) => reader,
        None => reader.insert(BufReader::with_capacity(CHUNK, open(source)?)),
    };
    let (mut text, mut lines) = (Vec::new(), 0);
    while reader.read_until(b'\n', &mut text)? > 0 {
        lines += 1;
        if !reader.buffer().contains(&b'\n') {
            break;
        }
    }
    Ok((Chunk { source: source.to_owned(), line, text }, lines))
}
