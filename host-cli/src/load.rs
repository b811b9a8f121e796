//! Loads a module from a path, or explains why that fails.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use interp::{Engine, Module, ModuleBytes};
use wasi_shim::types::FileId;

use crate::module_file::ModuleFile;
use crate::refuse;
#[cfg(unix)]
use crate::truncation;

/// Opens and decodes a module. The engine uses the bytes of this process without a copy. Also returns the identity of the
/// file, if it is mapped.
///
/// # Errors
/// The errors of [`ModuleFile::open`] and [`refuse`], preceded by the path.
pub(crate) fn module(engine: &Engine, path: &Path) -> Result<(Module, Option<FileId>)> {
    let (module, file) = with_bytes(engine, path)?;
    Ok((module, file.id()))
}

/// Does the same, and returns the file.
///
/// # Errors
/// As [`module`].
pub(crate) fn with_bytes(engine: &Engine, path: &Path) -> Result<(Module, Arc<ModuleFile>)> {
    from_file(engine, open(engine, path)?, &name(path))
}

/// Decodes an open module, which messages call `name`.
///
/// # Errors
/// The errors of [`refuse`], preceded by the name.
pub(crate) fn from_file(
    engine: &Engine,
    file: ModuleFile,
    name: &str,
) -> Result<(Module, Arc<ModuleFile>)> {
    decoded(engine, opened(file, name), name)
}

/// Shares an open module. If its file is cut short while it is mapped, the process ends with a message.
pub(crate) fn opened(file: ModuleFile, name: &str) -> Arc<ModuleFile> {
    let file = Arc::new(file);
    #[cfg(unix)]
    if let ModuleFile::Mapped(_) = *file {
        truncation::expect(&file, name);
    }
    #[cfg(not(unix))]
    let _ = name;
    file
}

/// Returns whether two paths lead to one file. A file that does not exist is no other one.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    let id = |path: &Path| {
        // To open a pipe could wait.
        let is_file = path.metadata().is_ok_and(|metadata| metadata.is_file());
        let file = is_file.then(|| std::fs::File::open(path).ok()).flatten()?;
        wasi_shim::std_host::file_id(&file).ok()
    };
    id(one).is_some_and(|one| id(other) == Some(one))
}

/// Decodes a module.
///
/// # Errors
/// The errors of [`refuse`], preceded by the name.
pub(crate) fn decoded(
    engine: &Engine,
    file: Arc<ModuleFile>,
    name: &str,
) -> Result<(Module, Arc<ModuleFile>)> {
    let bytes: Arc<dyn AsRef<[u8]> + Send + Sync> = file.clone();
    let mapped = file.clone();
    let bytes = ModuleBytes::from(bytes).with_release(move || mapped.let_go());
    match decode(engine, &file, bytes) {
        Ok(module) => Ok((module, file)),
        Err(error) => match error.as_module_error() {
            Some(error) => bail!("{name}: {}", refuse::module(&file, error)),
            None => bail!("{name}: {error}"),
        },
    }
}

/// Opens a module, and assembles it if it is text.
///
/// # Errors
/// The errors of [`ModuleFile::open`] and those of the text.
#[cfg_attr(
    not(feature = "text"),
    expect(unused_variables, reason = "text is validated with it")
)]
pub(crate) fn open(engine: &Engine, path: &Path) -> Result<ModuleFile> {
    let file = ModuleFile::open(path)?;
    match file.is_text() {
        #[cfg(feature = "text")]
        true => match crate::text::assemble(engine, &name(path), &file) {
            Ok(binary) => Ok(ModuleFile::Read(binary)),
            Err(told) => bail!(told),
        },
        _ => Ok(file),
    }
}

/// Decodes a module, or reads one in lowered form: the first bytes tell which.
#[cfg(feature = "lowered-modules")]
fn decode(engine: &Engine, file: &[u8], bytes: ModuleBytes) -> Result<Module, interp::Error> {
    match Module::is_serialized(file) {
        true => Module::deserialize(engine, bytes),
        false => Module::new(engine, bytes),
    }
}

/// Decodes a module.
#[cfg(not(feature = "lowered-modules"))]
fn decode(engine: &Engine, _: &[u8], bytes: ModuleBytes) -> Result<Module, interp::Error> {
    Module::new(engine, bytes)
}

/// The name of a module in messages.
pub(crate) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}
