//! What a card must hold so that its kernel runs its program: a module for WASI, settings that fit, and the right kernel.
//!
//! The kernel checks the same at the start, but then the card is in the board. These checks read files and write nothing.

use std::path::Path;

use interp::{Config, Engine, Module, Validation};
use object::Object as _;
use wasi_shim::platforms;

use crate::image::Image;
use crate::settings::{self, Settings};
use crate::table::Entry;

/// The module of preview 1 that programs import from.
const WASI: &str = "wasi_snapshot_preview1";

/// Checks that a kernel can run a program.
///
/// # Errors
/// The bytes are no valid module, or one for another host, or a library.
pub(crate) fn module(bytes: Vec<u8>) -> Result<(), String> {
    let mut config = Config::new();
    config.validation(Validation::Eager);
    let module = Module::new(&Engine::new(&config), bytes).map_err(|error| error.to_string())?;
    let hint = |import: interp::ImportType<'_>| platforms::hint(import.module);
    if let Some(platform) = module.imports().find_map(hint) {
        return Err(platform.to_owned());
    }
    if let Some(import) = module.imports().find(|import| import.module != WASI) {
        return Err(format!(
            "this module wants {:?} from {:?}, which boards do not offer; build it with GOOS=wasip1 GOARCH=wasm go build, or for wasm32-wasip1",
            import.name, import.module
        ));
    }
    if !module.exports().any(|export| export.name == "_start") {
        return Err(
            "this module exports no _start: it is a library; build a program (package main)"
                .to_owned(),
        );
    }
    Ok(())
}

/// Checks that what settings name is in the image.
///
/// # Errors
/// Names the setting.
pub(crate) fn settings(settings: &Settings, image: &Image) -> Result<(), String> {
    match &settings.program {
        Some(name) => {
            let bytes = image
                .read(name)
                .ok_or_else(|| format!("program: {name} is not in the image"))?
                .map_err(|error| format!("program: {name}: {error}"))?;
            module(bytes).map_err(|why| format!("program: {name}: {why}"))?;
        }
        None => only_program(image)?,
    }
    for dir in settings.dirs.iter().flatten() {
        let (folder, _) = dir.split_once("::").unwrap_or((dir, dir));
        match image.is_folder(folder) {
            Some(true) => {}
            Some(false) => return Err(format!("dirs: {folder} is a file, not a folder")),
            None => return Err(format!("dirs: {folder} is not in the image")),
        }
    }
    Ok(())
}

/// Without a setting the kernel wants one `.wasm` file in the root.
fn only_program(image: &Image) -> Result<(), String> {
    let programs: Vec<_> = image
        .root_files()
        .filter(|name| settings::is_program(name))
        .collect();
    match programs.len() {
        1 => Ok(()),
        0 => Err("no .wasm file is in the root: name the program, program = \"…\"".to_owned()),
        _ => Err(format!(
            "which program? {}; name it, program = \"…\"",
            programs.join(", ")
        )),
    }
}

/// What every kernel contains, so that it is known among files; the board's name and a line feed follow.
pub(crate) const MARK: &[u8] = b"\0wasi-interp kernel: ";

/// Checks that a file is the kernel of a board: an ELF file, or the flat image made from one.
///
/// # Errors
/// It is another file, or another board's kernel.
pub(crate) fn kernel(bytes: &[u8], board: &Entry) -> Result<(), String> {
    let wanted = &board.name;
    if bytes.starts_with(b"\x7fELF") {
        let object = object::File::parse(bytes).map_err(|error| error.to_string())?;
        let architecture = format!("{:?}", object.architecture()).to_lowercase();
        // `Arm` and `armv7a-…`, `Aarch64` and `aarch64-…`, `Riscv64` and `riscv64gc-…`.
        if !board.target.starts_with(&architecture) {
            return Err(format!(
                "this is a program for the processor {architecture}, and {wanted} wants {}",
                board.target
            ));
        }
    }
    let starts = memchr(bytes, MARK);
    let Some(start) = starts else {
        return Err(format!(
            "this is no kernel of wasi-interp; `cargo xtask board build {wanted}` makes one and prints its path"
        ));
    };
    let name = bytes[start + MARK.len()..]
        .split(|byte| *byte == b'\n')
        .next();
    match name.and_then(|name| std::str::from_utf8(name).ok()) {
        Some(name) if name == wanted => Ok(()),
        name => Err(format!(
            "this is the kernel of {}; `cargo xtask board build {wanted}` makes the one of {wanted}",
            name.unwrap_or("another board")
        )),
    }
}

/// Where a text begins.
fn memchr(bytes: &[u8], text: &[u8]) -> Option<usize> {
    bytes.windows(text.len()).position(|window| window == text)
}

/// Reads a file that must be one: a pipe would make its reader wait.
///
/// # Errors
/// The system's, or that this is no file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = path.metadata().map_err(|error| error.to_string())?;
    match metadata.is_file() {
        true => std::fs::read(path).map_err(|error| error.to_string()),
        false => Err(crate::image::no_file(&metadata).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{MARK, kernel, module};
    use crate::table::table;

    /// A flat kernel of a board.
    fn flat(board: &str) -> Vec<u8> {
        [b"code", MARK, board.as_bytes(), b"\nmore"].concat()
    }

    #[test]
    fn kernels_are_known_by_their_mark() {
        let table = table();
        let pi = &table["raspi3b"];
        assert_eq!(kernel(&flat("raspi3b"), pi), Ok(()));
        for (bytes, words) in [
            (flat("raspi2b"), "the kernel of raspi2b"),
            (flat("raspi3"), "the kernel of raspi3"),
            (b"\0asm\x01\0\0\0".to_vec(), "no kernel"),
            (MARK.to_vec(), "the kernel of "),
            (Vec::new(), "no kernel"),
        ] {
            let error = kernel(&bytes, pi).expect_err("another file");
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn programs_are_modules_with_a_start() {
        assert!(module(b"\x7fELF".to_vec()).is_err());
        let empty = module(b"\0asm\x01\0\0\0".to_vec()).expect_err("a library");
        assert!(empty.contains("_start"), "{empty}");
    }
}
