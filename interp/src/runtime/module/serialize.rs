//! Modules written in lowered form: [`Module::serialize`].

use alloc::vec::Vec;

use super::Module;
use crate::Error;
use crate::compile::error::{ModuleError, ModuleErrorKind};
use crate::image::{Content, Written, write};
use crate::ops::Flavour;

impl Module {
    /// Lowers all functions and returns the module in lowered form: bytes that [`Module::deserialize`] reads. They contain bytecode
    /// for this build of this release, and for no other.
    ///
    /// # Errors
    /// Fails if a function is invalid, and if the module uses references as values (tables that are written, typed references, objects):
    /// these cannot be verified.
    pub fn serialize(&self) -> Result<Vec<u8>, Error> {
        self.serialize_for(Flavour::HERE)
    }

    /// Does the same as [`Module::serialize`], and leaves out the data for people: the positions of backtraces in the WebAssembly module,
    /// and custom sections. The names of functions stay.
    ///
    /// # Errors
    /// As [`Module::serialize`]. Nothing is left out of a module that was read in lowered form.
    pub fn serialize_stripped(&self) -> Result<Vec<u8>, Error> {
        self.serialize_stripped_for(Flavour::HERE)
    }

    /// Does the same as [`Module::serialize`] for builds of another flavour of the same release: the kernel of a board, for example.
    ///
    /// # Errors
    /// As [`Module::serialize`]. Also fails if that flavour lacks a feature that the module uses, if it has a feature that this build
    /// lacks, and if the module was read in lowered form for another flavour.
    pub fn serialize_for(&self, flavour: Flavour) -> Result<Vec<u8>, Error> {
        self.written(Content::All, flavour)
    }

    /// Does the same as [`Module::serialize_stripped`] for builds of another flavour.
    ///
    /// # Errors
    /// As [`Module::serialize_for`].
    pub fn serialize_stripped_for(&self, flavour: Flavour) -> Result<Vec<u8>, Error> {
        self.written(Content::Names, flavour)
    }

    /// The handlers that the module needs in a build of another flavour: a byte for each op and superinstruction there, 1 if its code has
    /// it, and otherwise 0. Such a build gets them by the environment variable `WASI_INTERP_HANDLERS`, which names a file with these bytes
    /// when the build is compiled. It has no other handlers.
    ///
    /// # Errors
    /// As [`Module::serialize_for`]; and if the module was read in lowered form.
    pub fn handlers_for(&self, flavour: Flavour) -> Result<Vec<u8>, Error> {
        match &self.contents.image {
            Some(_) => Err(lowered_already()),
            None => Ok(self.lower(Content::Names, flavour)?.ops),
        }
    }

    fn written(&self, content: Content, flavour: Flavour) -> Result<Vec<u8>, Error> {
        match &self.contents.image {
            Some(image) if flavour == Flavour::HERE => Ok(Vec::from(image.bytes())),
            Some(_) => Err(lowered_already()),
            None => Ok(self.lower(content, flavour)?.bytes),
        }
    }

    fn lower(&self, content: Content, flavour: Flavour) -> Result<Written, ModuleError> {
        let observer = self.engine().config().observer();
        write(self.info(), content, flavour, observer)
    }
}

fn lowered_already() -> Error {
    let message = "the module is in lowered form already; another build needs the WebAssembly";
    ModuleError::new(ModuleErrorKind::Unsupported, 0, message).into()
}
