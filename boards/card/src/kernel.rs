//! Kernels: how a file is known as the kernel of a board.

use object::Object as _;

use crate::table::Entry;

/// The text by which a kernel is recognised. The board's name and a line feed follow it.
const MARK: &[u8] = b"\0wasi-interp kernel: ";

/// Checks that a file is the kernel of a board: an ELF file, or the flat image made from one.
///
/// # Errors
/// Fails if it is another file, or another board's kernel.
pub(crate) fn check(bytes: &[u8], board: &Entry) -> Result<(), String> {
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
    let Some(start) = position(bytes, MARK) else {
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
fn position(bytes: &[u8], text: &[u8]) -> Option<usize> {
    bytes.windows(text.len()).position(|window| window == text)
}

#[cfg(test)]
mod tests {
    use super::{MARK, check};
    use crate::table::table;

    /// A flat kernel of a board.
    fn flat(board: &str) -> Vec<u8> {
        [b"code", MARK, board.as_bytes(), b"\nmore"].concat()
    }

    #[test]
    fn kernels_are_known_by_their_mark() {
        let table = table();
        let pi = &table["raspi3b"];
        assert_eq!(check(&flat("raspi3b"), pi), Ok(()));
        for (bytes, words) in [
            (flat("raspi2b"), "the kernel of raspi2b"),
            (flat("raspi3"), "the kernel of raspi3"),
            (b"\0asm\x01\0\0\0".to_vec(), "no kernel"),
            (MARK.to_vec(), "the kernel of "),
            (Vec::new(), "no kernel"),
        ] {
            let error = check(&bytes, pi).expect_err("another file");
            assert!(error.contains(words), "{error}");
        }
    }
}
