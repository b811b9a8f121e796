//! `list`: the functions of a module, wasm beside bytecode.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use interp::compile::module::ModuleInfo;
use interp::inspect::{Lister, Names, Spelled};
use interp::{Config, Engine, Validation};
use wasmparser::ExternalKind;

use crate::exit::{Outcome, harmless};
use crate::load;

/// The number of similar names that are suggested for an unknown name.
const SIMILAR: usize = 5;

/// Lists all functions that a module defines, or those with one name or index.
///
/// # Errors
/// Fails if no function has this name, or if a function is invalid.
pub(crate) fn list(path: &Path, wanted: Option<&str>) -> Result<Outcome> {
    let engine = Engine::new(Config::new().validation(Validation::Lazy));
    let (module, _) = load::module(&engine, path)?;
    let info = module.info();
    let mut lister = Lister::new(info);
    let chosen: Vec<_> = match wanted {
        None => (0..info.defined_funcs()).collect(),
        Some(wanted) => find(info, lister.names(), wanted).with_context(|| load::name(path))?,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut wasm, mut code) = (0, 0);
    for &defined in &chosen {
        let listing = module
            .list(&mut lister, defined)
            .with_context(|| load::name(path))?;
        wasm += listing.wasm_bytes;
        code += listing.code_bytes;
        match writeln!(out, "{}", harmless(&listing.to_string())) {
            // The reader has closed the output.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Outcome::Done),
            other => other?,
        }
    }
    // The ratio is for people, so the precision of `f64` is enough.
    let ratio = code as f64 / f64::max(1.0, wasm as f64);
    let funcs = chosen.len();
    let total = match wasm {
        // A module in lowered form.
        0 => writeln!(out, "functions: {funcs}, bytes of bytecode: {code}"),
        _ => writeln!(
            out,
            "functions: {funcs}, bytes of wasm: {wasm}, of bytecode: {code}, {ratio:.2} for one"
        ),
    };
    match total.and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(Outcome::Done),
    }
}

/// Returns the defined functions with an index or a name.
pub(crate) fn find(info: &ModuleInfo, names: &Names, wanted: &str) -> Result<Vec<u32>> {
    let (imported, defined) = (info.imported_funcs(), info.defined_funcs());
    if let Ok(index) = wanted.parse::<u32>() {
        return match index.checked_sub(imported) {
            Some(index) if index < defined => Ok(vec![index]),
            Some(_) => bail!(
                "there is no function {index}; there are {}",
                imported + defined
            ),
            None => bail!("function {index} is imported, so that there is nothing to list"),
        };
    }
    let name = |index: &u32| names.name(imported + index);
    // The name of an export is unique.
    let mut exports = info.exports();
    let exported = exports.find(|export| export.name == wanted);
    let exported = exported.filter(|export| export.kind == ExternalKind::Func);
    let exported = exported.map(|export| export.index);
    let called_so = |index: &u32| {
        name(index).is_some_and(|name| name == wanted) || exported == Some(imported + index)
    };
    let found: Vec<_> = (0..defined).filter(called_so).collect();
    if found.is_empty() {
        let similar = (0..defined)
            .filter_map(|index| name(&index))
            .filter(|name| name.contains(wanted))
            .map(|name| Spelled(name).to_string());
        let similar: Vec<_> = similar.take(SIMILAR).collect();
        match similar.is_empty() {
            true => bail!("no function is called `{wanted}`"),
            false => bail!(
                "no function is called `{wanted}`, but there is {}",
                similar.join(", ")
            ),
        }
    }
    Ok(found)
}
