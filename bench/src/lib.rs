//! The shared parts of the interpreter's measurements. The benches are `load` (from bytes to code) and `ops` (calls and
//! single instructions). The program `code_size` prints the size of code. `cargo xtask bench` compares whole programs with
//! other runners.
#![forbid(unsafe_code)]

use interp::compile::module::ModuleInfo;

/// The Go program in the repository: 2.6 MB, an ordinary program that reads and writes files.
pub const GO_PROGRAM: &[u8] = include_bytes!("../../tests/guests/filecopy/main.wasm");

/// The bytes of all function bodies of a module: the WebAssembly code that is lowered.
#[must_use]
pub fn code_bytes(module: &ModuleInfo) -> usize {
    (0..module.defined_funcs())
        .map(|func| module.body_range(func).len())
        .sum()
}
