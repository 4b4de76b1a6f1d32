//! The Python package: its build, its tests, its recipes.

use std::process::Command;

use super::Binding;
use crate::{
    Halt,
    conformance::Installed,
    install::Packages,
    process::{self, command},
};

pub(crate) const BINDING: Binding = Binding {
    name: "python",
    install,
    differential: "target/bindings/python/bin/python bindings/python/tests/differential.py",
};

/// What the build and the tests need.
pub(crate) const PACKAGES: Packages =
    Packages::Pip { lockfile: "bindings/python/requirements.txt", into: "target/bindings/python" };
/// Commands that build the wheel and install it.
pub(crate) const BUILD: &[&str] = &[
    "target/bindings/python/bin/maturin build --quiet --release --locked --manifest-path bindings/python/Cargo.toml --interpreter target/bindings/python/bin/python --out target/bindings/wheels",
    "target/bindings/python/bin/pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall --find-links target/bindings/wheels callagent",
];
/// The name of the adapter for the vectors.
const ADAPTER: &str = "wheel";

/// What the recipes need.
const RECIPES: Packages =
    Packages::Pip { lockfile: "bindings/python/recipes/requirements.txt", into: "target/bindings/recipes" };
const INSTALL_FOR_RECIPES: &str = "target/bindings/recipes/bin/pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall --find-links target/bindings/wheels callagent";

fn install() -> Result<(), Halt> {
    PACKAGES.install()?;
    for build in BUILD {
        eprintln!("{ADAPTER}: {build}");
        process::prepare(crate::root(), build)?;
    }
    Ok(())
}

/// Builds the wheel; runs its tests, the vectors and a comparison with the reader.
pub(crate) fn run() -> Result<(), Halt> {
    // This installs it.
    let adapter = Installed::new(ADAPTER)?;
    process::run(python("python").args(["-m", "pytest", "--quiet"]))?;
    process::run(python("python").args(["-m", "mypy", "tests", "python", "recipes/assertion.py"]))?;
    process::run(python("python").args([
        "-m",
        "mypy.stubtest",
        "callagent._callagent",
        "--mypy-config-file",
        "pyproject.toml",
    ]))?;
    adapter.check()?;
    BINDING.compare()
}

/// Tests the recipes, which need packages of their own.
pub(crate) fn recipes() -> Result<(), Halt> {
    RECIPES.install()?;
    install()?;
    process::prepare(crate::root(), INSTALL_FOR_RECIPES)?;
    Ok(process::run(python("recipes").args(["-m", "pytest", "--quiet", "recipes"]))?)
}

/// The Python of an environment, in the folder of the package.
fn python(environment: &str) -> Command {
    let root = crate::root();
    let mut python = command(root.join("target/bindings").join(environment).join("bin/python"));
    // Neither writes into the folder.
    python.current_dir(root.join("bindings/python")).env("PYTHONDONTWRITEBYTECODE", "1");
    python.env("PYTEST_ADDOPTS", "-p no:cacheprovider").env("MYPY_CACHE_DIR", root.join("target/bindings/mypy"));
    python
}
