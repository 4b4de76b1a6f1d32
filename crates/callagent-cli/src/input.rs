//! Where documents come from: files, the `*.json` below folders, standard input; whole or line by line.

use std::{
    fs::File,
    io::{self, Read},
    iter, mem,
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
        let ends = memchr::memchr_iter(b'\n', &self.text).chain([self.text.len()]);
        let starts = iter::once(0).chain(memchr::memchr_iter(b'\n', &self.text).map(|end| end + 1));
        let lines = starts.zip(ends).map(|(start, end)| &self.text[start..end]);
        (self.line..).zip(lines).filter(|(_, line)| !is_blank(line))
    }
}

/// Whether a line is no document.
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// Reads a file as runs of whole lines: as many as there are without waiting for more.
pub(crate) struct Chunks {
    source: String,
    file: Option<Box<dyn Read + Send>>,
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    /// The number of the next line.
    line: usize,
    ended: bool,
}

impl Chunks {
    pub(crate) fn new(source: String) -> Self {
        Chunks { source, file: None, rest: Vec::new(), line: 1, ended: false }
    }

    /// Reads on until there is the end of a line, or of the file.
    fn lines(&mut self) -> io::Result<Vec<u8>> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(open(&self.source)?),
        };
        let mut text = mem::take(&mut self.rest);
        loop {
            let before = text.len();
            text.resize(before + CHUNK, 0);
            let read = loop {
                match file.read(&mut text[before..]) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read?,
                }
            };
            text.truncate(before + read);
            if read == 0 {
                self.ended = true;
                return Ok(text);
            }
            if let Some(newline) = memchr::memrchr(b'\n', &text[before..]) {
                self.rest = text.split_off(before + newline + 1);
                return Ok(text);
            }
        }
    }
}

impl Iterator for Chunks {
    type Item = Result<Chunk, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.lines() {
            Ok(text) if text.is_empty() => None,
            Ok(text) => {
                let line = self.line;
                self.line += memchr::memchr_iter(b'\n', &text).count();
                Some(Ok(Chunk { source: self.source.clone(), line, text }))
            }
            Err(error) => {
                self.ended = true;
                Some(Err(Failure::Unreadable { path: self.source.clone(), error }))
            }
        }
    }
}
