//! Error messages for files that cannot be run: one for each kind of file that people pass to an interpreter by mistake.
//!
//! Modules that run do not pass through this file: [`module`] is called after the engine has refused the bytes.
//! [`imports`](crate::imports) describes missing imports.

use std::io;
use std::path::Path;

use interp::{ModuleError, ModuleErrorKind};

/// Advice for Go.
const BUILD_GO: &str = "build it with GOOS=wasip1 GOARCH=wasm go build";

/// Magic numbers of other formats, with a message for each.
const FORMATS: [(&[u8], &str); 9] = [
    (
        b"\x7fELF",
        "a native program (ELF), not a WebAssembly module",
    ),
    (
        b"MZ",
        "a native program for Windows, not a WebAssembly module",
    ),
    (
        b"\xcf\xfa\xed\xfe",
        "a native program (Mach-O), not a WebAssembly module",
    ),
    (
        b"\xca\xfe\xba\xbe",
        "a native program (Mach-O) or a Java class, not a WebAssembly module",
    ),
    (
        b"!<arch>\n",
        "an archive of object files, not a linked WebAssembly module",
    ),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first"),
    (b"PK\x03\x04", "a zip archive; unpack it first"),
    (
        b"BC\xc0\xde",
        "LLVM bitcode, not a linked WebAssembly module",
    ),
];

/// Names of the sections, by number (core specification, 5.5.2).
const SECTIONS: [&str; 14] = [
    "custom",
    "type",
    "import",
    "function",
    "table",
    "memory",
    "global",
    "export",
    "start",
    "element",
    "code",
    "data",
    "data count",
    "tag",
];

/// Returns the message for a file that cannot be opened.
pub(crate) fn unopened(path: &Path, error: &io::Error) -> anyhow::Error {
    if path.as_os_str().is_empty() {
        return anyhow::anyhow!("the module's name is empty");
    }
    let path = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => anyhow::anyhow!("{path}: no such file"),
        io::ErrorKind::PermissionDenied => anyhow::anyhow!("{path}: permission denied"),
        _ => anyhow::anyhow!("{path}: {error}"),
    }
}

/// Returns the message for bytes that the engine refused. It is the engine's own message unless more is known.
pub(crate) fn module(bytes: &[u8], error: &ModuleError) -> String {
    let known = match error.kind() {
        ModuleErrorKind::NotWasm => other_format(bytes),
        // A truncated module breaks other rules, too.
        ModuleErrorKind::Truncated | ModuleErrorKind::Invalid => cut_section(bytes),
        _ => None,
    };
    known.unwrap_or_else(|| told(error))
}

/// Returns the engine's message, with the option that would have admitted the module.
pub(crate) fn told(error: &ModuleError) -> String {
    let option = match error.turned_off() {
        None => return error.to_string(),
        Some("relaxed_simd") => "-W relaxed-simd=n or simd=n".to_owned(),
        Some("legacy_exceptions") => "-W exceptions=n".to_owned(),
        Some(proposal) => format!("-W {}=n", proposal.replace('_', "-")),
    };
    format!("{error}; run it without {option}")
}

/// Names a format that people take for a module.
fn other_format(bytes: &[u8]) -> Option<String> {
    if let Some((_, what)) = FORMATS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(format!("this is {what}"));
    }
    let head = &bytes[..bytes.len().min(4096)];
    let go = head
        .split(|byte| *byte == b'\n')
        .any(|line| line.starts_with(b"package "));
    (go && !head.contains(&0)).then(|| format!("this is Go source text; {BUILD_GO}"))
}

/// Finds the section in which a module was truncated.
fn cut_section(bytes: &[u8]) -> Option<String> {
    let mut pos = 8;
    while let Some(&id) = bytes.get(pos) {
        let section = match SECTIONS.get(usize::from(id)) {
            Some(name) => format!("the {name} section at offset {pos:#x}"),
            // The length is not the problem, so the engine's own message is better.
            None => return None,
        };
        let Some((len, start)) = read_length(bytes, pos + 1)? else {
            return Some(format!(
                "the file is truncated: it ends at offset {:#x}, in the length of {section}",
                bytes.len()
            ));
        };
        let end = start.saturating_add(len);
        if end > bytes.len() {
            return Some(format!(
                "the file is truncated: it ends at offset {:#x}, within {section}, {} bytes early",
                bytes.len(),
                end - bytes.len()
            ));
        }
        pos = end;
    }
    None
}

/// Reads a LEB128 number at `pos`: the number, and the position after it. Returns `Some(None)` if the bytes end first, and
/// `None` if the number is malformed.
fn read_length(bytes: &[u8], pos: usize) -> Option<Option<(usize, usize)>> {
    let mut value = 0_usize;
    for index in 0..5 {
        let Some(&byte) = bytes.get(pos + index) else {
            return Some(None);
        };
        value |= usize::from(byte & 0x7f).checked_shl(7 * u32::try_from(index).ok()?)?;
        if byte & 0x80 == 0 {
            return Some(Some((value, pos + index + 1)));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use interp::{Config, Engine, Module};

    /// The message for bytes that the engine refuses.
    fn about(bytes: &[u8]) -> String {
        let error = Module::new(&Engine::default(), bytes.to_vec()).expect_err("not a module");
        module(bytes, error.as_module_error().expect("a module's error"))
    }

    #[test]
    fn formats_are_named() {
        for (bytes, words) in [
            (&b""[..], "empty"),
            (b"\0as", "ends within"),
            (b"\0asm\x0d\0\x01\0", "component"),
            (b"(module)", "wat2wasm"),
            (b"\n ;; text\n(module)", "wat2wasm"),
            (
                b"// A comment.\npackage main\n",
                "Go source text; build it with GOOS=wasip1",
            ),
            (b"#!/bin/sh\n", "a text file"),
            (b"\x7fELF\x02\x01", "native program (ELF)"),
            (b"\x00\x01\x02\x03\x04", "not a WebAssembly module"),
            (b"\xff", "not a WebAssembly module"),
        ] {
            assert!(about(bytes).contains(words), "{bytes:?}: {}", about(bytes));
        }
    }

    /// The option that turned a proposal off is named, as the command line takes it.
    #[test]
    fn options_that_turned_a_proposal_off_are_named() {
        // A memory with 64-bit addresses, and one with pages of one byte.
        for (bytes, option) in [
            (&b"\0asm\x01\0\0\0\x05\x03\x01\x04\x01"[..], "memory64=n"),
            (
                b"\0asm\x01\0\0\0\x05\x04\x01\x08\x01\0",
                "custom-page-sizes=n",
            ),
        ] {
            assert!(Module::new(&Engine::default(), bytes.to_vec()).is_ok());
            let mut config = Config::new();
            let config = config.wasm_memory64(false).wasm_custom_page_sizes(false);
            let error = Module::new(&Engine::new(config), bytes.to_vec()).expect_err("turned off");
            let error = error.as_module_error().expect("a module's error");
            let words = format!("; run it without -W {option}");
            assert!(told(error).ends_with(&words), "{}", told(error));
        }
    }

    #[test]
    fn truncation_is_located() {
        // A type section of 4 bytes, and a code section with a length of 300.
        let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x0a\xac\x02\x01\x02";
        assert_eq!(
            about(module),
            "the file is truncated: it ends at offset 0x13, within the code section at offset 0xe, 298 bytes early"
        );
        assert_eq!(
            about(&module[..16]),
            "the file is truncated: it ends at offset 0x10, in the length of the code section at offset 0xe"
        );
        assert_eq!(cut_section(&module[..14]), None);
        assert_eq!(
            cut_section(b"\0asm\x01\0\0\0\x63\x04"),
            None,
            "an unknown section is not a matter of length"
        );
    }
}
