//! The source of a document: its path as given, and its file name for CI.

use std::{
    borrow::Cow,
    env, fmt, fs,
    path::{Component, Path, PathBuf},
    sync::{LazyLock, OnceLock},
};

use callagent::tools::EscapeControl;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// The name of standard input as a path and in reports.
pub(crate) const STDIN: &str = "-";

/// The name of standard input as a file name.
const STDIN_FILE: &str = "stdin";

/// The characters to encode in a URI path: all but slashes and unreserved characters (RFC 3986, section 2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The working directory, which the command never changes.
static WORKING_DIRECTORY: LazyLock<Option<PathBuf>> = LazyLock::new(|| env::current_dir().ok());

/// The path of a document. Its display escapes control characters.
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

    #[cfg(feature = "compat")]
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The path as given, for machine-readable reports.
    pub(crate) fn given(&self) -> &str {
        &self.given
    }

    /// The file name for CI: with slashes, without `.` and `..`, and relative if it is below the working directory.
    pub(crate) fn file(&self) -> String {
        String::from_utf8_lossy(&bytes(self.normalized())).into_owned()
    }

    /// The file name as a URI reference: relative to the working directory, or a `file` URI.
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

/// Removes `.`, `..` and repeated slashes. The result is relative if it is below the directory, or else absolute.
/// Symbolic links are resolved only where a `..` follows one.
fn normalized(path: &Path, directory: &Path) -> PathBuf {
    let mut absolute = PathBuf::new();
    for component in directory.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                // The parent of a symbolic link is the parent of its target.
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

/// The part of the path below the directory, which the path may reach through symbolic links.
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
