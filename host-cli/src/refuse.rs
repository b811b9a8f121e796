//! Why a file cannot be run, in words that help: one message for each kind of file that people give to an interpreter by mistake.
//!
//! Nothing here is on the way of a module that runs: [`not_a_module`] is asked after the engine has refused the bytes, and
//! [`foreign_imports`] after an import was found that nobody offers.

use std::io;
use std::path::Path;

/// What to do about Go.
const BUILD_GO: &str = "build it with GOOS=wasip1 GOARCH=wasm go build";

/// Magic numbers of files that are not WebAssembly, and what to say about them.
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

/// Modules of imports, and for whom a program was built that imports from them.
const PLATFORMS: [(&str, &str); 8] = [
    ("gojs", "it was built for GOOS=js; rebuild with GOOS=wasip1"),
    ("go", "it was built for GOOS=js; rebuild with GOOS=wasip1"),
    (
        "wasi_unstable",
        "it was built for WASI preview 0; rebuild with a toolchain for wasi_snapshot_preview1 (wasip1)",
    ),
    (
        "wasix_32v1",
        "it was built for WASIX; rebuild for WASI preview 1 (wasip1)",
    ),
    (
        "wasi:",
        "it is the core of a component (WASI preview 2); rebuild for WASI preview 1 (wasip1)",
    ),
    (
        "__wbindgen",
        "it was built for a browser by wasm-bindgen; rebuild for wasm32-wasip1",
    ),
    (
        "./",
        "it was built for a browser; rebuild for WASI preview 1 (wasip1)",
    ),
    (
        "env",
        "it wants functions from its own host, such as a page made by Emscripten; wasi-interp offers WASI preview 1 only",
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

/// What to say about a file that cannot be opened.
pub(crate) fn unopened(path: &Path, error: &io::Error) -> anyhow::Error {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => anyhow::anyhow!("{path}: no such file"),
        io::ErrorKind::PermissionDenied => anyhow::anyhow!("{path}: permission denied"),
        _ => anyhow::anyhow!("{path}: {error}"),
    }
}

/// What bytes are that are no WebAssembly module, or in which way they are broken; `None` if the envelope is sound.
pub(crate) fn not_a_module(bytes: &[u8]) -> Option<String> {
    const MAGIC: &[u8] = b"\0asm";
    if bytes.is_empty() {
        return Some("is empty".to_owned());
    }
    if bytes.len() < 8 && (bytes.starts_with(MAGIC) || MAGIC.starts_with(bytes)) {
        return Some(format!(
            "is truncated: it ends at offset {}, within the header of 8 bytes",
            bytes.len()
        ));
    }
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        return Some(format!("is {}", other_format(bytes)));
    };
    match rest {
        [1, 0, 0, 0, ..] => cut_section(bytes),
        [_, _, 1, 0, ..] => Some(
            "is a component (WASI preview 2 or later); wasi-interp runs core modules for WASI preview 1 (wasip1)".to_owned(),
        ),
        [a, b, c, d, ..] => {
            let version = u32::from_le_bytes([*a, *b, *c, *d]);
            Some(format!("is WebAssembly of version {version}; wasi-interp knows version 1"))
        }
        _ => None,
    }
}

/// Names a format that does not begin as WebAssembly does.
fn other_format(bytes: &[u8]) -> String {
    if let Some((_, what)) = FORMATS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return (*what).to_owned();
    }
    // A multibyte character may be cut at the end of the part that is looked at.
    let head = &bytes[..bytes.len().min(1024)];
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return starts_with(bytes),
    };
    if text.is_empty() || text.contains(|c: char| c.is_control() && !c.is_whitespace()) {
        return starts_with(bytes);
    }
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if ["(module", "(component", ";;", "(;"]
        .iter()
        .any(|word| text.starts_with(word))
    {
        "WebAssembly in text form; translate it with wat2wasm or wasm-tools parse".to_owned()
    } else if text.lines().any(|line| line.starts_with("package ")) {
        format!("Go source text; {BUILD_GO}")
    } else {
        "a text file, not a WebAssembly module".to_owned()
    }
}

/// What is left to say about unknown bytes.
fn starts_with(bytes: &[u8]) -> String {
    let head: Vec<_> = bytes
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!(
        "not a WebAssembly module: it begins with {}, not with 00 61 73 6d",
        head.join(" ")
    )
}

/// Finds the section at which a module was cut off.
fn cut_section(bytes: &[u8]) -> Option<String> {
    let mut pos = 8;
    while let Some(&id) = bytes.get(pos) {
        let section = match SECTIONS.get(usize::from(id)) {
            Some(name) => format!("the {name} section at offset {pos:#x}"),
            // Not a matter of length: the engine's own message is better.
            None => return None,
        };
        let Some((len, start)) = read_length(bytes, pos + 1)? else {
            return Some(format!(
                "is truncated: it ends at offset {:#x}, in the length of {section}",
                bytes.len()
            ));
        };
        let end = start.saturating_add(len);
        if end > bytes.len() {
            return Some(format!(
                "is truncated: it ends at offset {:#x}, within {section}, {} bytes early",
                bytes.len(),
                end - bytes.len()
            ));
        }
        pos = end;
    }
    None
}

/// Reads a LEB128 number at `pos`: the number and where it ends; `Some(None)` if the bytes end first, `None` if it is malformed.
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

/// For whom a module was built that imports from `modules`, if that is known.
pub(crate) fn foreign_imports<'a>(
    modules: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'static str> {
    PLATFORMS
        .iter()
        .find(|(prefix, _)| {
            let exact = matches!(*prefix, "go" | "env");
            modules.clone().any(|module| {
                if exact {
                    module == *prefix
                } else {
                    module.starts_with(prefix)
                }
            })
        })
        .map(|(_, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(bytes: &[u8]) -> String {
        not_a_module(bytes).expect("not a module")
    }

    #[test]
    fn formats_are_named() {
        for (bytes, words) in [
            (&b""[..], "is empty"),
            (b"\0as", "truncated: it ends at offset 3"),
            (b"\0asm\x01\0", "truncated: it ends at offset 6"),
            (b"\0asm\x0d\0\x01\0", "is a component"),
            (b"\0asm\x02\0\0\0", "version 2"),
            (b"(module)", "wat2wasm"),
            (b"\xef\xbb\xbf\n ;; text\n(module)", "wat2wasm"),
            (
                b"// A comment.\npackage main\n",
                "Go source text; build it with GOOS=wasip1",
            ),
            (b"#!/bin/sh\n", "is a text file"),
            ("Grüße".as_bytes(), "is a text file"),
            (b"\x7fELF\x02\x01", "native program (ELF)"),
            (b"\x00\x01\x02\x03\x04", "begins with 00 01 02 03"),
            (b"\xff", "begins with ff"),
        ] {
            assert!(about(bytes).contains(words), "{bytes:?}: {}", about(bytes));
        }
    }

    #[test]
    fn a_character_cut_at_the_end_of_the_look_is_text() {
        let mut text = "a".repeat(1023);
        text.push('ü');
        assert_eq!(
            about(text.as_bytes()),
            "is a text file, not a WebAssembly module"
        );
    }

    #[test]
    fn truncation_is_located() {
        // A type section of 4 bytes and a code section that says 300.
        let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x0a\xac\x02\x01\x02";
        assert_eq!(
            about(module),
            "is truncated: it ends at offset 0x13, within the code section at offset 0xe, 298 bytes early"
        );
        assert_eq!(
            about(&module[..16]),
            "is truncated: it ends at offset 0x10, in the length of the code section at offset 0xe"
        );
        assert_eq!(not_a_module(&module[..14]), None);
        assert_eq!(
            not_a_module(b"\0asm\x01\0\0\0\x63\x04"),
            None,
            "an unknown section is not a matter of length"
        );
    }

    #[test]
    fn every_prefix_of_a_module_is_sound_or_truncated() {
        let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x04\x01\x02\0\x0b";
        for len in 1..module.len() {
            if let Some(words) = not_a_module(&module[..len]) {
                assert!(words.starts_with("is truncated"), "{len}: {words}");
            }
        }
    }

    #[test]
    fn platforms_are_recognised() {
        let about = |modules: &[&str]| foreign_imports(modules.iter().copied()).unwrap_or_default();
        assert!(about(&["gojs"]).contains("rebuild with GOOS=wasip1"));
        assert!(about(&["env", "go"]).contains("rebuild with GOOS=wasip1"));
        assert!(about(&["wasi:cli/run@0.2.0"]).contains("component"));
        assert!(about(&["./page.js"]).contains("browser"));
        assert_eq!(about(&["gopher", "environment"]), "");
    }
}
