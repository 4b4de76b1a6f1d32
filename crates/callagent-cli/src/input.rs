//! Reading documents from files, directories and standard input, whole or line by line.

use std::{
    fs::{self, File},
    io::{self, Read},
    iter, mem,
    path::{Path, PathBuf},
};

use walkdir::{DirEntry, WalkDir};

use crate::{
    failure::Failure,
    interrupt,
    source::{STDIN, Source},
};

pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == STDIN
}

/// The number of bytes read at once. The lines in them form one job.
const CHUNK: usize = 256 * 1024;

/// Reads one whole document.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    let read = open(path).and_then(|mut file| file.read_to_end(&mut text));
    read.map_err(|error| Failure::unreadable(path, error))?;
    Ok(text)
}

pub(crate) fn open(path: impl AsRef<Path>) -> io::Result<Box<dyn Read + Send>> {
    let path = path.as_ref().to_owned();
    if is_stdin(&path) {
        Ok(Box::new(interrupt::Input::new(|| Ok(io::stdin()))?))
    } else if fs::metadata(&path).is_ok_and(|file| !file.is_file() && !file.is_dir()) {
        // A pipe, which may block.
        Ok(Box::new(interrupt::Input::new(|| File::open(path))?))
    } else {
        Ok(Box::new(File::open(path)?))
    }
}

/// Lists the files of the paths in order. A directory means the `*.json` files below it, sorted by name. Symbolic
/// links to directories are followed only if they are themselves one of the paths.
pub(crate) fn files(paths: &[PathBuf]) -> impl Iterator<Item = Result<PathBuf, Failure>> {
    paths.iter().flat_map(|path| {
        if is_stdin(path) || !path.is_dir() {
            return vec![Ok(path.clone())];
        }
        let entries = WalkDir::new(path).sort_by_file_name().into_iter();
        let files: Vec<_> = entries.filter_map(document).collect();
        if files.is_empty() { vec![Err(Failure::NoDocuments { directory: path.clone() })] } else { files }
    })
}

fn document(entry: walkdir::Result<DirEntry>) -> Option<Result<PathBuf, Failure>> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => {
            let path = error.path().unwrap_or(Path::new("")).to_owned();
            return Some(Err(Failure::unreadable(&path, error.into())));
        }
    };
    if entry.path().extension().is_none_or(|extension| extension != "json") {
        return None;
    }
    match fs::metadata(entry.path()) {
        Ok(file) => file.is_file().then(|| Ok(entry.into_path())),
        Err(error) => Some(Err(Failure::unreadable(entry.path(), error))),
    }
}

/// A chunk of whole lines.
pub(crate) struct Chunk {
    pub(crate) source: Source,
    /// The number of the first line, from 1.
    pub(crate) line: usize,
    pub(crate) text: Vec<u8>,
}

impl Chunk {
    /// The non-blank lines with their line numbers. A carriage return counts as blank.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let ends = memchr::memchr_iter(b'\n', &self.text).chain([self.text.len()]);
        let starts = iter::once(0).chain(memchr::memchr_iter(b'\n', &self.text).map(|end| end + 1));
        let lines = starts.zip(ends).map(|(start, end)| &self.text[start..end]);
        (self.line..).zip(lines).filter(|(_, line)| !is_blank(line))
    }
}

/// Returns whether a line has no document.
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// Reads a file in chunks of whole lines, as many as are available without blocking.
pub(crate) struct Chunks {
    path: PathBuf,
    file: Option<Box<dyn Read + Send>>,
    /// The beginning of a line whose end has not been read yet.
    rest: Vec<u8>,
    /// The number of the next line.
    line: usize,
    ended: bool,
}

impl Chunks {
    pub(crate) fn new(path: PathBuf) -> Self {
        Chunks { path, file: None, rest: Vec::new(), line: 1, ended: false }
    }

    /// Reads up to the end of a line or of the file.
    fn lines(&mut self) -> io::Result<Vec<u8>> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(open(&self.path)?),
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
                Some(Ok(Chunk { source: Source::new(&self.path), line, text }))
            }
            Err(error) => {
                self.ended = true;
                Some(Err(Failure::unreadable(&self.path, error)))
            }
        }
    }
}
