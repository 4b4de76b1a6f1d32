//! Files of key-encryption keys: one `ID:BASE64` per line.

use std::{
    error::Error,
    fmt,
    fs::File,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use data_encoding::BASE64;
use zeroize::{Zeroize as _, Zeroizing};

use super::{KEY, Key, KeyRing, SealError};

/// The maximum size of a file.
const MAX_SIZE: u64 = 64 * 1024;

/// The maximum length of a key's id.
const MAX_ID: usize = 64;

/// The length of a key in base64.
const ENCODED: usize = 44;

const HEADER: &str = "\
# Encryption keys of callagent, one ID:BASE64 (32 bytes) per line. The first one encrypts, all of them decrypt.
# Without this file the encrypted values in the database are lost. Back it up, but not next to the database.
";

/// The error of reading or creating a file of keys. It never contains a key.
#[derive(Debug)]
pub struct KeyFileError {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Read(io::Error),
    Create(io::Error),
    Generate(SealError),
    TooLarge,
    Empty,
    Line(usize, Line),
}

#[derive(Debug)]
enum Line {
    Text,
    Colon,
    Id,
    Key,
    Duplicate(usize),
}

impl KeyRing {
    /// Reads the keys of a file: one `ID:BASE64` per line. Blank lines and lines that begin with `#` are skipped.
    ///
    /// # Errors
    /// If the file cannot be read, has no key, or has a line that is not a key of 32 bytes with an id of its own.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, KeyFileError> {
        let path = path.as_ref();
        read(path).and_then(|text| parse(&text)).map_err(|kind| KeyFileError { path: path.to_owned(), kind })
    }

    /// Creates a file with a new key. Only the owner can read it. The file appears with its content, which is then on disk.
    ///
    /// # Errors
    /// If the file exists or cannot be written.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, KeyFileError> {
        let path = path.as_ref();
        let create = || {
            let key = Key::generate().map_err(Kind::Generate)?;
            write(path, &key).map_err(Kind::Create)?;
            Ok(KeyRing::new(key, Vec::new()))
        };
        create().map_err(|kind| KeyFileError { path: path.to_owned(), kind })
    }
}

impl KeyFileError {
    /// Returns whether the file exists, although it should be created.
    pub(crate) fn is_existing(&self) -> bool {
        matches!(&self.kind, Kind::Create(error) if error.kind() == io::ErrorKind::AlreadyExists)
    }
}

/// Reads the file into memory of its final size, since memory that it outgrows is not wiped.
fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Kind> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(MAX_SIZE + 1).unwrap_or(usize::MAX)));
    let mut file = File::open(path).map_err(Kind::Read)?.take(MAX_SIZE + 1);
    file.read_to_end(&mut bytes).map_err(Kind::Read)?;
    if file.limit() == 0 { Err(Kind::TooLarge) } else { Ok(bytes) }
}

fn parse(text: &[u8]) -> Result<KeyRing, Kind> {
    let mut keys: Vec<Key> = Vec::new();
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.split(|&byte| byte == b'\n')) {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let key = parse_line(line).map_err(|error| Kind::Line(number, error))?;
        if let Some((_, first)) = keys.iter().zip(&lines).find(|(earlier, _)| earlier.id == key.id) {
            return Err(Kind::Line(number, Line::Duplicate(*first)));
        }
        keys.push(key);
        lines.push(number);
    }
    let mut keys = keys.into_iter();
    let first = keys.next().ok_or(Kind::Empty)?;
    Ok(KeyRing::new(first, keys.collect()))
}

fn parse_line(line: &[u8]) -> Result<Key, Line> {
    let (id, key) = std::str::from_utf8(line).map_err(|_| Line::Text)?.split_once(':').ok_or(Line::Colon)?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if id.is_empty() || id.len() > MAX_ID || !id.bytes().all(is_allowed) {
        return Err(Line::Id);
    }
    if key.len() != ENCODED {
        return Err(Line::Key);
    }
    // The decoder writes the padding's bytes, too.
    let mut decoded = Zeroizing::new([0; KEY + 1]);
    match BASE64.decode_mut(key.as_bytes(), decoded.as_mut_slice()) {
        Ok(KEY) => {}
        _ => return Err(Line::Key),
    }
    let (bytes, _) = decoded.split_first_chunk::<KEY>().ok_or(Line::Key)?;
    Ok(Key { id: id.to_owned(), bytes: Box::new(Zeroizing::new(*bytes)) })
}

/// Writes the file under a temporary name, which only the owner can read, and gives it its own name when it is complete.
fn write(path: &Path, key: &Key) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let mut encoded = BASE64.encode(key.bytes.as_slice());
    let written = (|| {
        file.write_all(HEADER.as_bytes())?;
        for part in [&key.id, ":", &encoded, "\n"] {
            file.write_all(part.as_bytes())?;
        }
        file.as_file().sync_all()
    })();
    encoded.zeroize();
    written?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// Makes the name of a new file durable.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A folder cannot be opened as a file.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            Kind::Read(error) => write!(out, "cannot read the encryption keys in `{path}`: {error}"),
            Kind::Create(error) => write!(out, "cannot create the encryption keys in `{path}`: {error}"),
            Kind::Generate(error) => write!(out, "cannot create the encryption keys in `{path}`: {error}"),
            Kind::TooLarge => write!(out, "{path}: expected at most {MAX_SIZE} bytes of encryption keys"),
            Kind::Empty => write!(out, "{path}: expected at least one encryption key, found none"),
            Kind::Line(line, error) => write!(out, "{path}:{line}: {error}"),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Line::Text => out.write_str("expected `ID:BASE64`, found bytes that are not UTF-8"),
            Line::Colon => out.write_str("expected `ID:BASE64`, found no colon"),
            Line::Id => {
                write!(
                    out,
                    "expected a key id of 1 to {MAX_ID} ASCII letters, digits, `-`, `_` and `.` before the colon"
                )
            }
            Line::Key => write!(out, "expected a key of {KEY} bytes in base64, which has {ENCODED} characters"),
            Line::Duplicate(first) => write!(out, "the key id is already used in line {first}"),
        }
    }
}

impl Error for KeyFileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Read(error) | Kind::Create(error) => Some(error),
            Kind::Generate(error) => Some(error),
            Kind::TooLarge | Kind::Empty | Kind::Line(..) => None,
        }
    }
}
