//! `callagent validate --fix` and `--diff`: the safe suggestions, applied or shown.

use std::{
    fs::{self, File, Metadata},
    io::{self, BufRead, BufReader, BufWriter, Read as _, Seek as _, Write},
    path::{Path, PathBuf},
};

use callagent::Printable;
use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::{documents::Document, failure::Failure, formats::Masked, input, interrupt};

/// What became of files that were to be mended.
#[derive(Default)]
pub(crate) struct Fixed {
    /// How many were changed.
    pub(crate) files: usize,
    /// Why others could not be.
    pub(crate) failures: Vec<Failure>,
}

/// Mends the files in place. What cannot be read is left to the report.
pub(crate) fn in_place(paths: &[PathBuf], lines: bool, mend: impl Fn(Vec<u8>) -> Vec<u8>) -> Fixed {
    let mut fixed = Fixed::default();
    for path in input::files(paths).flatten().take_while(|_| !interrupt::has_come()) {
        // A link stays one: what it leads to is mended.
        let Ok(real) = fs::canonicalize(&path) else { continue };
        match if lines { mend_lines(&real, &mend) } else { mend_whole(&real, &mend) } {
            Ok(is_changed) => fixed.files += usize::from(is_changed),
            Err(error) => {
                let failure = Failure::Unwritable { path: path.display().to_string(), error };
                failure.tell();
                fixed.failures.push(failure);
            }
        }
    }
    fixed
}

/// Whether it was changed.
fn mend_whole(path: &Path, mend: impl Fn(Vec<u8>) -> Vec<u8>) -> io::Result<bool> {
    let Some(mut file) = open(path) else { return Ok(false) };
    let mut text = Vec::new();
    if file.read_to_end(&mut text).is_err() {
        return Ok(false);
    }
    let mended = mend(text.clone());
    if mended == text {
        return Ok(false);
    }
    let mut draft = Draft::of(path)?;
    draft.file.write_all(&mended)?;
    draft.replace(path)?;
    Ok(true)
}

/// Whether it was changed. An interrupted file is not.
fn mend_lines(path: &Path, mend: impl Fn(Vec<u8>) -> Vec<u8>) -> io::Result<bool> {
    let Some(file) = open(path) else { return Ok(false) };
    let mut reader = BufReader::new(file);
    let (mut line, mut position, mut draft) = (Vec::new(), 0, None);
    loop {
        match reader.read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) if !interrupt::has_come() => {}
            _ => return Ok(false),
        }
        let length = line.len() as u64;
        let end = if line.ends_with(b"\n") { line.pop() } else { None };
        let mended = if input::is_blank(&line) { line.clone() } else { mend(line.clone()) };
        if draft.is_none() && mended != line {
            draft = Some(BufWriter::new(Draft::beginning(path, position)?));
        }
        if let Some(draft) = &mut draft {
            draft.write_all(&mended)?;
            draft.write_all(end.as_slice())?;
        }
        position += length;
        line.clear();
    }
    let Some(draft) = draft else { return Ok(false) };
    draft.into_inner()?.replace(path)?;
    Ok(true)
}

/// Opens a file to read it; not a pipe, whose text would be gone.
fn open(path: &Path) -> Option<File> {
    if fs::metadata(path).ok()?.is_file() { File::open(path).ok() } else { None }
}

/// A mended text on its way to its file. It goes with the draft if it does not get there.
struct Draft {
    original: File,
    metadata: Metadata,
    file: NamedTempFile,
    is_beside: bool,
}

impl Draft {
    fn of(path: &Path) -> io::Result<Self> {
        // That the folder takes a new file is not enough: this one must be writable, as for any program that edits it.
        let original = File::options().write(true).open(path)?;
        let metadata = original.metadata()?;
        if metadata.permissions().readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
        }
        let beside = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")));
        let is_beside = beside.is_ok();
        Ok(Draft { original, metadata, file: beside.or_else(|_| NamedTempFile::new())?, is_beside })
    }

    /// A draft that begins as the file does.
    fn beginning(path: &Path, length: u64) -> io::Result<Self> {
        let mut draft = Draft::of(path)?;
        io::copy(&mut File::open(path)?.take(length), &mut draft.file)?;
        Ok(draft)
    }

    /// Puts the text in the file's place: in one step, unless a new file would not be what the old one is. Then, and where
    /// the folder takes no new file, it is written into the old one.
    fn replace(self, path: &Path) -> io::Result<()> {
        let Draft { mut original, metadata, mut file, is_beside } = self;
        if is_beside && can_stand_for(file.as_file(), &metadata) {
            file.as_file().set_permissions(metadata.permissions())?;
            file.as_file().sync_all()?;
            // Some systems replace no file that is open.
            drop(original);
            file.persist(path)?;
            return Ok(());
        }
        file.rewind()?;
        let copied = io::copy(&mut file, &mut original).and_then(|length| original.set_len(length));
        copied.and_then(|()| original.sync_all()).or_else(|error| {
            let (_, kept) = file.keep()?;
            let kept = kept.display();
            Err(io::Error::other(format!(
                "{error}; it is overwritten in part, and its whole mended text is in `{kept}`"
            )))
        })
    }
}

impl Write for Draft {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.file.write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Whether a new file can be the same to everyone: of the same owner, and without another name (a hard link), under which
/// the old text would live on. Makes it the owner's.
#[cfg(unix)]
fn can_stand_for(file: &File, original: &Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    let (owner, group) = (original.uid(), original.gid());
    let is_of_owner = || file.metadata().is_ok_and(|new| (new.uid(), new.gid()) == (owner, group));
    original.nlink() == 1 && (is_of_owner() || fchown(file, Some(owner), Some(group)).is_ok())
}

#[cfg(not(unix))]
fn can_stand_for(_: &File, _: &Metadata) -> bool {
    true
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
