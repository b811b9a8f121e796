//! Programs: a WASI module that a kernel can run, and settings that fit it.
//!
//! The kernel checks the same at its start, but then the card is in the board. These checks read files, and write nothing.
//! They examine imports and exports. The caller's [`Validate`] validates functions.

use board_settings::{self as settings, Settings};
use wasi_shim::{frozen_file, platforms};
use wasmparser::{Parser, Payload};

use crate::image::Image;

/// Validates a module. The error is a message for the user.
pub(crate) type Validate<'a> = &'a dyn Fn(&[u8]) -> Result<(), String>;

/// The module of preview 1 from which programs import.
const WASI: &str = "wasi_snapshot_preview1";

/// How a module in lowered form begins.
const LOWERED: &[u8] = b"\0lwasm";

/// Checks that a kernel can run a program. The contents of a module in lowered form and of a frozen program are checked by the kernel alone: it
/// depends on the kernel whether they fit.
///
/// # Errors
/// Fails if the bytes are no module, a module that `validate` rejects, a module for another host, or a library.
pub(crate) fn check(bytes: &[u8], validate: Validate<'_>) -> Result<(), String> {
    if bytes.starts_with(LOWERED) || frozen_file::is_frozen(bytes) {
        return Ok(());
    }
    validate(bytes)?;
    let outside = Outside::read(bytes).map_err(|error| error.to_string())?;
    let hint = |(module, _): &(&str, &str)| platforms::hint(module);
    if let Some(platform) = outside.imports.iter().find_map(hint) {
        return Err(platform.to_owned());
    }
    let mut imports = outside.imports.iter();
    if let Some((module, name)) = imports.find(|(module, _)| *module != WASI) {
        return Err(format!(
            "this module wants {name:?} from {module:?}, which boards do not offer; build it with GOOS=wasip1 GOARCH=wasm go build, or for wasm32-wasip1"
        ));
    }
    if !outside.has_start {
        return Err(
            "this module exports no _start: it is a library; build a program (package main)"
                .to_owned(),
        );
    }
    Ok(())
}

/// The imports and exports of a module, as far as they are checked.
#[derive(Default)]
struct Outside<'a> {
    /// Module and name of each import.
    imports: Vec<(&'a str, &'a str)>,
    /// Whether something is exported as `_start`.
    has_start: bool,
}

impl<'a> Outside<'a> {
    /// Reads a module to its end, so that a truncated one is detected.
    fn read(bytes: &'a [u8]) -> wasmparser::Result<Self> {
        let mut outside = Self::default();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        outside.imports.push((import.module, import.name));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        outside.has_start |= export?.name == "_start";
                    }
                }
                _ => {}
            }
        }
        Ok(outside)
    }
}

/// Checks that the image contains the files that the settings name.
///
/// # Errors
/// Fails with a message that names the setting.
pub(crate) fn check_settings(
    settings: &Settings,
    image: &Image,
    validate: Validate<'_>,
) -> Result<(), String> {
    match &settings.program {
        Some(name) => {
            let bytes = image
                .read(name)
                .ok_or_else(|| format!("program: {name} is not in the image"))?
                .map_err(|error| format!("program: {name}: {error}"))?;
            check(&bytes, validate).map_err(|why| format!("program: {name}: {why}"))?;
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

/// Without a setting, the kernel requires exactly one program in the root.
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

#[cfg(test)]
mod tests {
    use super::check;
    use crate::no_validation;

    /// A module that imports a function `f` from a module of this name.
    fn importing(module: &str) -> Vec<u8> {
        let import = [&[1, module.len() as u8], module.as_bytes(), b"\x01f\0\0"].concat();
        let section = [&[2, import.len() as u8], &import[..]].concat();
        [b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0".as_slice(), &section].concat()
    }

    #[test]
    fn programs_are_modules_with_a_start() {
        for (bytes, words) in [
            (b"\x7fELF".to_vec(), "magic"),
            (b"\0asm\x01\0\0\0\x01\x04\x01".to_vec(), "end"),
            (b"\0asm\x0d\0\x01\0".to_vec(), "_start"),
            (b"\0asm\x01\0\0\0".to_vec(), "_start"),
            (importing("gojs"), "GOOS=wasip1"),
            (importing("env"), "\"f\" from \"env\""),
            (importing("wasi_snapshot_preview1"), "_start"),
        ] {
            let error = check(&bytes, &no_validation).expect_err("no program");
            assert!(error.contains(words), "{error}");
        }
        let start = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x0a\x01\x06_start\0\0\x0a\x04\x01\x02\0\x0b";
        assert_eq!(check(start, &no_validation), Ok(()));
        assert_eq!(check(b"\0lwasm\x02\n", &no_validation), Ok(()));
        assert_eq!(check(b"\0wifrzn\n", &no_validation), Ok(()));
        let refused = check(start, &|_| Err("not valid".to_owned()));
        assert_eq!(refused, Err("not valid".to_owned()));
    }
}
