//! `callagent validate --fix` and `--diff`: applies or shows the safe suggestions.

use std::{
    fs::{self, File, Metadata},
    io::{self, BufRead, BufReader, BufWriter, Read as _, Seek as _, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use callagent::tools::EscapeControl;
use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::{documents::Document, failure::Failure, formats::Masked, input, interrupt};

/// The outcome of fixing files in place.
#[derive(Default)]
pub(crate) struct Fixed {
    /// The number of changed files.
    pub(crate) files: usize,
    /// The files that could not be written.
    pub(crate) failures: Vec<Failure>,
}

/// Fixes the files in place. Unreadable files are left to the report.
pub(crate) fn in_place(paths: &[PathBuf], lines: bool, fix: impl Fn(Vec<u8>) -> Vec<u8>) -> Fixed {
    let mut fixed = Fixed::default();
    for path in input::files(paths).flatten().take_while(|_| !interrupt::requested()) {
        // A symbolic link is kept: its target is fixed.
        let Ok(real) = fs::canonicalize(&path) else { continue };
        match if lines { fix_lines(&real, &fix) } else { fix_file(&real, &fix) } {
            Ok(is_changed) => fixed.files += usize::from(is_changed),
            Err(error) => {
                let failure = Failure::Unwritable { path, error };
                failure.print();
                fixed.failures.push(failure);
            }
        }
    }
    fixed
}

/// Fixes a file with one document. Returns whether it was changed.
fn fix_file(path: &Path, fix: impl Fn(Vec<u8>) -> Vec<u8>) -> io::Result<bool> {
    let Some((mut file, version)) = open(path) else { return Ok(false) };
    let mut text = Vec::new();
    if file.read_to_end(&mut text).is_err() {
        return Ok(false);
    }
    let fixed = fix(text.clone());
    if fixed == text {
        return Ok(false);
    }
    let mut draft = Draft::of(path)?;
    draft.file.write_all(&fixed)?;
    draft.replace(path, &version)?;
    Ok(true)
}

/// Fixes a file with one document per line. Returns whether it was changed; an interruption leaves it unchanged.
fn fix_lines(path: &Path, fix: impl Fn(Vec<u8>) -> Vec<u8>) -> io::Result<bool> {
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
        let fixed = if input::is_blank(&line) { line.clone() } else { fix(line.clone()) };
        if draft.is_none() && fixed != line {
            draft = Some(BufWriter::new(Draft::with_beginning(path, position)?));
        }
        if let Some(draft) = &mut draft {
            draft.write_all(&fixed)?;
            draft.write_all(end.as_slice())?;
        }
        position += length;
        line.clear();
    }
    let Some(draft) = draft else { return Ok(false) };
    draft.into_inner()?.replace(path, &version)?;
    Ok(true)
}

/// Opens a regular file and returns its version. A pipe could not be read a second time.
fn open(path: &Path) -> Option<(File, Version)> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let file = File::open(path).ok()?;
    let version = Version::of(&file.metadata().ok()?);
    Some((file, version))
}

/// Metadata that changes if another program writes, moves or replaces the file.
#[derive(PartialEq)]
struct Version {
    length: u64,
    modified: Option<SystemTime>,
    #[cfg(unix)]
    identity: (u64, u64),
    /// The time of the last change of contents or metadata, which programs cannot set.
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

/// A temporary file with the fixed text. It is deleted unless it replaces the original.
struct Draft {
    original: File,
    metadata: Metadata,
    file: NamedTempFile,
    is_in_same_directory: bool,
}

impl Draft {
    fn of(path: &Path) -> io::Result<Self> {
        // A writable directory is not enough: as for any editor, the file itself must be writable.
        let original = File::options().write(true).open(path)?;
        let metadata = original.metadata()?;
        if metadata.permissions().readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
        }
        let file = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")));
        let is_in_same_directory = file.is_ok();
        Ok(Draft { original, metadata, file: file.or_else(|_| NamedTempFile::new())?, is_in_same_directory })
    }

    /// Creates a draft with the first `length` bytes of the file.
    fn with_beginning(path: &Path, length: u64) -> io::Result<Self> {
        let mut draft = Draft::of(path)?;
        io::copy(&mut File::open(path)?.take(length), &mut draft.file)?;
        Ok(draft)
    }

    /// Replaces the file by the draft if the file is still the version that was read. The replacement is atomic. If a new
    /// file would differ from the old one in owner or links, or if the directory is not writable, the old file is
    /// overwritten instead.
    fn replace(self, path: &Path, version: &Version) -> io::Result<()> {
        let Draft { mut original, metadata, mut file, is_in_same_directory } = self;
        let is_replaceable = is_in_same_directory && can_replace(file.as_file(), &metadata);
        if is_replaceable {
            file.as_file().set_permissions(metadata.permissions())?;
            file.as_file().sync_all()?;
        }
        // Checked last, so that changes by other programs are not lost.
        let is_same = |metadata: io::Result<Metadata>| metadata.is_ok_and(|now| Version::of(&now) == *version);
        if !is_same(fs::metadata(path)) || !is_same(original.metadata()) {
            return Err(io::Error::other(
                "the file changed after it was read and was not overwritten; run the command again",
            ));
        }
        if is_replaceable {
            // Some systems cannot replace an open file.
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
                "{error}; the file is partly overwritten, and the complete fixed text is in `{kept}`"
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

/// Returns whether a new file can replace the original unnoticed: it has the same owner, and the original has no other
/// hard link, which would keep the old text. Changes the owner if necessary.
#[cfg(unix)]
fn can_replace(file: &File, original: &Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    let (owner, group) = (original.uid(), original.gid());
    let is_of_owner = || file.metadata().is_ok_and(|new| (new.uid(), new.gid()) == (owner, group));
    original.nlink() == 1 && (is_of_owner() || fchown(file, Some(owner), Some(group)).is_ok())
}

#[cfg(not(unix))]
fn can_replace(_: &File, _: &Metadata) -> bool {
    true
}

/// Writes the changes of a fix as a diff, with secrets masked and control characters escaped.
pub(crate) fn write_diff(document: &Document<'_>, fixed: &[u8], out: &mut impl Write) -> io::Result<()> {
    if document.text == fixed {
        return Ok(());
    }
    let [before, after] = Masked::versions(document.text, fixed).map(|version| {
        // A line document has its line end in the file.
        printable(&(version.whole() + if document.line.is_some() { "\n" } else { "" }))
    });
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<_>>();
    let diff = TextDiff::configure().newline_terminated(true).diff_slices(&lines(&before), &lines(&after));
    let line = document.line.map(|line| format!(":{line}")).unwrap_or_default();
    let source = format!("{}{line}", document.source);
    write!(out, "{}", diff.unified_diff().header(&source, &format!("{source} (fixed)")))
}

/// Escapes control characters other than tabs and line ends.
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

    /// Writes another text of the same length.
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

    /// The fix runs between reading and replacing, so it can change the file as another program might.
    #[test]
    fn a_file_that_changes_meanwhile_is_not_overwritten() {
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
                let fixed = if lines { fix_lines(&path, fix) } else { fix_file(&path, fix) };
                let error = fixed.expect_err("it is not overwritten").to_string();
                assert!(*name == "delete" || error.contains("the file changed after it was read"), "{name}: {error}");
                assert_eq!(fs::read(&path).ok(), after.into_inner(), "{name}, lines: {lines}");
                assert_eq!(fs::read_dir(folder.path()).expect("its files").count(), names, "no draft is left");
            }
        }
    }
}
