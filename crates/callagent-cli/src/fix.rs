//! `callagent validate --fix` and `--diff`: the safe suggestions, applied or shown.

use std::{
    fs::{self, File, Metadata},
    io::{self, BufRead, BufReader, BufWriter, Read as _, Seek as _, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use callagent::EscapeControl;
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
    for path in input::files(paths).flatten().take_while(|_| !interrupt::requested()) {
        // A link stays one: what it leads to is mended.
        let Ok(real) = fs::canonicalize(&path) else { continue };
        match if lines { mend_lines(&real, &mend) } else { mend_whole(&real, &mend) } {
            Ok(is_changed) => fixed.files += usize::from(is_changed),
            Err(error) => {
                let failure = Failure::Unwritable { path, error };
                failure.tell();
                fixed.failures.push(failure);
            }
        }
    }
    fixed
}

/// Whether it was changed.
fn mend_whole(path: &Path, mend: impl Fn(Vec<u8>) -> Vec<u8>) -> io::Result<bool> {
    let Some((mut file, version)) = open(path) else { return Ok(false) };
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
    draft.replace(path, &version)?;
    Ok(true)
}

/// Whether it was changed. An interrupted file is not.
fn mend_lines(path: &Path, mend: impl Fn(Vec<u8>) -> Vec<u8>) -> io::Result<bool> {
    let Some((file, version)) = open(path) else { return Ok(false) };
    let mut reader = BufReader::new(file);
    let (mut line, mut position, mut draft) = (Vec::new(), 0, None);
    loop {
        match reader.read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) if !interrupt::requested() => {}
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
    draft.into_inner()?.replace(path, &version)?;
    Ok(true)
}

/// Opens a file to read it, with its version before that; not a pipe, whose text would be gone.
fn open(path: &Path) -> Option<(File, Version)> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let file = File::open(path).ok()?;
    let version = Version::of(&file.metadata().ok()?);
    Some((file, version))
}

/// The state of a file that changes when someone else writes, moves or replaces it.
#[derive(PartialEq)]
struct Version {
    length: u64,
    modified: Option<SystemTime>,
    #[cfg(unix)]
    identity: (u64, u64),
    /// When the contents or the metadata changed, which no program can set.
    #[cfg(unix)]
    changed: (i64, i64),
}

impl Version {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        Version {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            identity: (metadata.dev(), metadata.ino()),
            #[cfg(unix)]
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
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

    /// Puts the text in the place of the file, if that is still the version that was read: in one step, unless a new file
    /// would not be what the old one is. Then, and where the folder takes no new file, it is written into the old one.
    fn replace(self, path: &Path, version: &Version) -> io::Result<()> {
        let Draft { mut original, metadata, mut file, is_beside } = self;
        let is_replaceable = is_beside && can_stand_for(file.as_file(), &metadata);
        if is_replaceable {
            file.as_file().set_permissions(metadata.permissions())?;
            file.as_file().sync_all()?;
        }
        // The last step before the replacement, so that nobody's text is lost.
        let is_same = |metadata: io::Result<Metadata>| metadata.is_ok_and(|now| Version::of(&now) == *version);
        if !is_same(fs::metadata(path)) || !is_same(original.metadata()) {
            return Err(io::Error::other(
                "it changed after it was read, and is left as it is now; run the command again",
            ));
        }
        if is_replaceable {
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
    let source = format!("{}{line}", document.source);
    write!(out, "{}", diff.unified_diff().header(&source, &format!("{source} (mended)")))
}

/// The text without controls, but for tabs and the ends of lines.
fn printable(text: &str) -> String {
    let line = |line: &str| {
        let content = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        let parts: Vec<_> = content.split('\t').map(|part| EscapeControl(part).to_string()).collect();
        parts.join("\t") + &line[content.len()..]
    };
    text.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const BROKEN: &[u8] = b"{\"llm_model\":1}\n{\"llm_model\":2}\n";

    fn append(path: &Path) {
        File::options().append(true).open(path).and_then(|mut file| file.write_all(b"{}\n")).expect("it is written");
    }

    fn truncate(path: &Path) {
        File::options().write(true).open(path).and_then(|file| file.set_len(16)).expect("it is written");
    }

    /// Another text of the same length.
    fn rewrite(path: &Path) {
        let later = SystemTime::now() + std::time::Duration::from_secs(1);
        let mut file = File::options().write(true).open(path).expect("it is there");
        file.write_all(b"[").and_then(|()| file.set_modified(later)).expect("it is written");
    }

    fn replace(path: &Path) {
        let other = path.with_extension("other");
        let modified = fs::metadata(path).and_then(|file| file.modified()).expect("a time");
        fs::write(&other, BROKEN.to_ascii_uppercase()).expect("it is written");
        File::options().write(true).open(&other).and_then(|file| file.set_modified(modified)).expect("a time");
        fs::rename(other, path).expect("it is replaced");
    }

    fn delete(path: &Path) {
        fs::remove_file(path).expect("it is deleted");
    }

    /// The fix is the step between reading and replacing: what it does to the file, another program may do.
    #[test]
    fn a_file_that_changes_meanwhile_is_left_as_it_is() {
        type Change = fn(&Path);
        let changes: &[(&str, Change)] = &[
            ("append", append),
            ("truncate", truncate),
            ("rewrite", rewrite),
            ("delete", delete),
            #[cfg(unix)]
            ("replace", replace),
        ];
        for (name, change) in changes {
            for (lines, hard_link) in [(false, false), (true, false), (false, true), (true, true)] {
                let folder = TempDir::new().expect("a temporary folder");
                let path = folder.path().join("file.json");
                fs::write(&path, BROKEN).expect("it is written");
                let names = 1 + usize::from(hard_link) - usize::from(*name == "delete");
                if hard_link {
                    fs::hard_link(&path, folder.path().join("link")).expect("a link");
                }
                let (has_changed, after) = (std::cell::Cell::new(false), std::cell::RefCell::new(None));
                let fix = |text: Vec<u8>| {
                    if !has_changed.replace(true) {
                        change(&path);
                        after.replace(fs::read(&path).ok());
                    }
                    String::from_utf8(text).expect("text").replace("llm_model", "llmModel").into_bytes()
                };
                let fixed = if lines { mend_lines(&path, fix) } else { mend_whole(&path, fix) };
                let error = fixed.expect_err("it is refused").to_string();
                assert!(*name == "delete" || error.contains("it changed after it was read"), "{name}: {error}");
                assert_eq!(fs::read(&path).ok(), after.into_inner(), "{name}, lines: {lines}");
                assert_eq!(fs::read_dir(folder.path()).expect("its files").count(), names, "no draft is left");
            }
        }
    }
}
