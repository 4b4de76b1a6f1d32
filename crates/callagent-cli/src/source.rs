//! Where a document comes from: the path as it was given, and the file's name for CI.

use std::{
    borrow::Cow,
    env, fmt, fs,
    path::{Component, Path, PathBuf},
    sync::{LazyLock, OnceLock},
};

use callagent::EscapeControl;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// Standard input's name, as a path and in reports.
pub(crate) const STDIN: &str = "-";

/// Its name among files.
const STDIN_FILE: &str = "stdin";

/// The characters to encode in the path of a URI: all but the unreserved ones (RFC 3986, section 2.3) and slashes.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The working directory, which the command never changes.
static WORKING_DIRECTORY: LazyLock<Option<PathBuf>> = LazyLock::new(|| env::current_dir().ok());

/// A path to a document. Its display is escaped for terminals.
#[derive(Debug)]
pub(crate) struct Source {
    path: PathBuf,
    given: String,
    normalized: OnceLock<PathBuf>,
}

impl Source {
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Source { given: path.display().to_string(), path, normalized: OnceLock::new() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The path as it was given, for reports that other programs read.
    pub(crate) fn given(&self) -> &str {
        &self.given
    }

    /// The file's name for CI: relative to the working directory if it is below, with slashes, without `.` and `..`.
    pub(crate) fn file(&self) -> String {
        String::from_utf8_lossy(&bytes(self.normalized())).into_owned()
    }

    /// The file's name as a URI reference: relative to the working directory, or a `file` URI.
    pub(crate) fn uri(&self) -> String {
        let path = self.normalized();
        let bytes = bytes(path);
        let encoded = percent_encode(&bytes, ENCODED);
        match (path.is_absolute(), bytes.starts_with(b"/")) {
            (false, _) => encoded.to_string(),
            (true, true) => format!("file://{encoded}"),
            (true, false) => format!("file:///{encoded}"),
        }
    }

    fn normalized(&self) -> &Path {
        self.normalized.get_or_init(|| match &*WORKING_DIRECTORY {
            _ if self.given == STDIN => STDIN_FILE.into(),
            Some(directory) => normalized(&self.path, directory),
            None => self.path.clone(),
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        EscapeControl(&self.given).fmt(out)
    }
}

/// The path without `.`, `..` and repeated slashes: relative to the directory if it is below, or else absolute. Links are
/// followed only where another file would be named otherwise.
fn normalized(path: &Path, directory: &Path) -> PathBuf {
    let mut absolute = PathBuf::new();
    for component in directory.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                // The parent of a linked folder is that of the folder that the link leads to.
                if absolute.is_symlink()
                    && let Ok(target) = fs::canonicalize(&absolute)
                {
                    absolute = target;
                }
                absolute.pop();
            }
            component => absolute.push(component),
        }
    }
    match below(&absolute, directory) {
        Some(relative) if relative.as_os_str().is_empty() => ".".into(),
        Some(relative) => relative.to_owned(),
        None => absolute,
    }
}

/// The rest of the path below the directory, which the path may name in another way.
fn below<'p>(absolute: &'p Path, directory: &Path) -> Option<&'p Path> {
    if let Ok(relative) = absolute.strip_prefix(directory) {
        return Some(relative);
    }
    let real = fs::canonicalize(directory).ok()?;
    let is_directory = |ancestor: &&Path| fs::canonicalize(ancestor).is_ok_and(|ancestor| ancestor == real);
    absolute.strip_prefix(absolute.ancestors().find(is_directory)?).ok()
}

/// The bytes of a path, with slashes.
#[cfg(unix)]
fn bytes(path: &Path) -> Cow<'_, [u8]> {
    use std::os::unix::ffi::OsStrExt as _;

    path.as_os_str().as_bytes().into()
}

#[cfg(not(unix))]
fn bytes(path: &Path) -> Cow<'_, [u8]> {
    path.to_string_lossy().replace('\\', "/").into_bytes().into()
}
