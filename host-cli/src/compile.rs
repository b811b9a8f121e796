//! `compile`: writes a module in lowered form.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use interp::{Config, Engine, Validation};

use crate::args::CompileArgs;
use crate::exit::Outcome;
use crate::{load, refuse};

/// Lowers all functions of a module and writes them to a file. The file is written beside its place and renamed, so a failure leaves
/// an existing one as it is.
///
/// # Errors
/// Fails if the module is invalid, if it cannot be verified in lowered form, or if the file cannot be written.
pub(crate) fn compile(options: &CompileArgs) -> Result<Outcome> {
    let engine = Engine::new(Config::new().validation(Validation::Lazy));
    let (module, _) = load::module(&engine, &options.module)?;
    let lowered = match options.strip {
        true => module.serialize_stripped(),
        false => module.serialize(),
    };
    let bytes = match lowered {
        Ok(bytes) => bytes,
        Err(error) => {
            let name = load::name(&options.module);
            match error.as_module_error() {
                Some(error) => bail!("{name}: {}", refuse::told(error)),
                None => bail!("{name}: {error}"),
            }
        }
    };
    replace(&options.output, &bytes)
        .with_context(|| format!("cannot write {}", options.output.display()))?;
    Ok(Outcome::Done)
}

/// Writes a file in place of an existing one, or not at all.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A device or a pipe cannot be replaced by a file.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return File::options().write(true).open(path)?.write_all(bytes);
    }
    let aside = aside(path);
    let written = File::create(&aside)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&aside, path));
    if written.is_err() {
        // What is there of it is of no use.
        let _ = fs::remove_file(&aside);
    }
    written
}

/// The name of the file while it is written.
fn aside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    path.with_file_name(name)
}
