//! From a path to a module of the engine, or to the words why not.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use interp::{Engine, Module, ModuleBytes};
use wasi_shim::types::FileId;

use crate::module_file::ModuleFile;
use crate::refuse;
#[cfg(unix)]
use crate::truncation;

/// Opens and decodes a module. The engine and this process share its bytes: nothing is copied. Returns also which file they are, if
/// they are mapped.
///
/// # Errors
/// With the path in front: whatever [`ModuleFile::open`] and [`refuse`] say.
pub(crate) fn module(engine: &Engine, path: &Path) -> Result<(Module, Option<FileId>)> {
    let file = Arc::new(ModuleFile::open(path)?);
    #[cfg(unix)]
    if let ModuleFile::Mapped(_) = *file {
        truncation::expect(&file, &name(path));
    }
    let bytes: Arc<dyn AsRef<[u8]> + Send + Sync> = file.clone();
    let mapped = file.clone();
    let bytes = ModuleBytes::from(bytes).with_release(move || mapped.let_go());
    match Module::new(engine, bytes) {
        Ok(module) => Ok((module, file.id())),
        Err(error) => match error.as_module_error() {
            Some(error) => bail!("{}: {}", name(path), refuse::module(&file, error)),
            None => bail!("{}: {error}", name(path)),
        },
    }
}

/// What messages call a module.
pub(crate) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}
