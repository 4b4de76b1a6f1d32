//! What was tested and how, without credentials.

use callagent_verify::Profile;
use serde::{Serialize, Serializer};

/// What was tested and how, without credentials.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Configuration {
    pub(super) url: String,
    pub(super) workspace: String,
    pub(super) agent: String,
    pub(super) profile: Profile,
    pub(super) seed: u64,
    pub(super) touch_keys: bool,
    pub(super) undocumented_fields: Vec<String>,
    /// Whether there is an access key.
    pub(super) access_key: bool,
    #[serde(skip)]
    pub(super) access_key_file: Option<String>,
    /// The names of headers and of the variables with their values.
    #[serde(serialize_with = "names")]
    pub(super) headers: Vec<(String, String)>,
    /// The headers with credentials, and the variables of a shell with their values.
    #[serde(skip)]
    pub(super) credentials: Vec<(String, String)>,
    pub(super) timeout: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rate: Option<f64>,
    pub(super) only: Vec<String>,
    pub(super) skip: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) replay: Option<String>,
}

fn names<S: Serializer>(headers: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(headers.iter().map(|(name, _)| name))
}

impl Configuration {
    /// Returns the command that runs a single case in the same way.
    pub(super) fn command(&self, case: &str) -> String {
        let mut words: Vec<&str> = vec!["callagent", "verify", &self.url];
        words.extend(["--workspace", &self.workspace, "--agent", &self.agent]);
        if let Some(file) = &self.access_key_file {
            words.extend(["--access-key-file", file]);
        }
        let headers: Vec<_> = self.headers.iter().map(|(name, variable)| format!("{name}={variable}")).collect();
        words.extend(headers.iter().flat_map(|header| ["--header", header]));
        if self.profile != Profile::default() {
            words.extend(["--profile", self.profile.as_str()]);
        }
        if self.touch_keys {
            words.push("--touch-keys");
        }
        words.extend(self.undocumented_fields.iter().flat_map(|pointer| ["--undocumented-field", pointer]));
        let seed = self.seed.to_string();
        if self.seed != 0 {
            words.extend(["--seed", &seed]);
        }
        words.extend(["--only", case]);
        // Without NUL, every word can be quoted.
        shlex::try_join(words).unwrap_or_default()
    }
}
