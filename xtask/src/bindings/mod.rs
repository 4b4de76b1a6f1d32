//! The packages in other languages, see `bindings/`.

pub(crate) mod playground;
pub(crate) mod python;
pub(crate) mod wasm;

use crate::{Halt, differential};

/// A package in another language.
pub(crate) struct Binding {
    pub(crate) name: &'static str,
    /// Builds and installs it into a folder that Git ignores.
    pub(crate) install: fn() -> Result<(), Halt>,
    /// The command of a program that answers the documents of `cargo xtask differential --bindings`. It is run in the
    /// root directory of the workspace.
    pub(crate) differential: &'static str,
}

pub(crate) const BINDINGS: &[Binding] = &[python::BINDING, wasm::BINDING];

impl Binding {
    /// Compares it with the reader on some documents.
    fn compare(&'static self) -> Result<(), Halt> {
        differential::run(&differential::Arguments::binding(self.name))
    }
}
