//! The access key and other credentials, as arguments: from files and the environment, never the values themselves.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use callagent::ACCESS_KEY_HEADER;
use clap::Args;

use crate::failure::Failure;

/// The variable with the access key.
const ACCESS_KEY: &str = "CALLAGENT_ACCESS_KEY";

#[derive(Args)]
pub(crate) struct CredentialArguments {
    /// The file with the access key, which is sent in `x-api-key` [default: the environment variable
    /// `CALLAGENT_ACCESS_KEY`, if it is set].
    #[arg(long, value_name = "FILE")]
    pub(crate) access_key_file: Option<PathBuf>,
    /// Add this header to the requests, with the value of an environment variable: for example
    /// `authorization=API_TOKEN`. The value is never shown. Can be repeated.
    #[arg(long, value_name = "NAME=VARIABLE")]
    header: Vec<String>,
}

/// What is sent with each request and never shown.
pub(crate) struct Credentials {
    pub(crate) access_key: Option<String>,
    pub(crate) headers: Vec<Header>,
}

/// A header and the environment variable with its value.
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) variable: String,
    pub(crate) value: String,
}

impl CredentialArguments {
    pub(crate) fn read(&self) -> Result<Credentials, Failure> {
        let headers = self.header.iter().map(|header| Header::parse(header)).collect::<Result<_, _>>()?;
        Ok(Credentials { access_key: self.access_key()?, headers })
    }

    /// Returns the access key, without a line end.
    fn access_key(&self) -> Result<Option<String>, Failure> {
        let (key, origin) = match &self.access_key_file {
            Some(file) => (read(file)?, format!("the file `{}`", file.display())),
            None => match env::var(ACCESS_KEY) {
                Ok(key) => (key, format!("the environment variable `{ACCESS_KEY}`")),
                Err(env::VarError::NotPresent) => return Ok(None),
                Err(env::VarError::NotUnicode(_)) => {
                    return Err(Failure::Usage(format!("the environment variable `{ACCESS_KEY}` is not UTF-8")));
                }
            },
        };
        let key = key.strip_suffix('\n').map_or(&*key, |key| key.strip_suffix('\r').unwrap_or(key));
        if key.is_empty() {
            return Err(Failure::Usage(format!("expected an access key, found nothing in {origin}")));
        }
        Ok(Some(key.to_owned()))
    }
}

impl Credentials {
    /// Returns the names of the headers, and the variables of a shell with their values.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let access_key = self.access_key.iter().map(|_| (ACCESS_KEY_HEADER.to_owned(), ACCESS_KEY.to_owned()));
        access_key.chain(self.header_variables()).collect()
    }

    /// Returns the names of the headers of `--header`, and the variables with their values.
    pub(crate) fn header_variables(&self) -> impl Iterator<Item = (String, String)> {
        self.headers.iter().map(|header| (header.name.clone(), header.variable.clone()))
    }
}

impl Header {
    /// Parses `NAME=VARIABLE`. The message does not repeat the argument, which may be a header with its value.
    fn parse(argument: &str) -> Result<Self, Failure> {
        let is_variable = |name: &str| {
            name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic())
                && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        };
        let parts = argument.split_once('=').filter(|(name, variable)| is_token(name) && is_variable(variable));
        let (name, variable) = parts.ok_or_else(|| {
            let expected = "expected the name of a header and that of the environment variable with its value";
            Failure::Usage(format!("{expected} for --header, such as `authorization=API_TOKEN`"))
        })?;
        let value = env::var(variable)
            .map_err(|_| Failure::Usage(format!("the environment variable `{variable}` of --header is not set")))?;
        Ok(Header { name: name.to_owned(), variable: variable.to_owned(), value })
    }
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Reads a small text file.
fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| Failure::unreadable(file, error))
}
