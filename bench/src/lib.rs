//! What the measurements of the interpreter share. The benches are `load` (from bytes to code) and `ops` (calls and single
//! instructions); the program `code_size` tells how large code becomes. `cargo xtask bench` compares whole programs with
//! other runners.
#![forbid(unsafe_code)]

use interp::compile::module::ModuleInfo;

/// The Go program that is kept in the repository: 2.6 MB, a usual one that reads and writes files.
pub const GO_PROGRAM: &[u8] = include_bytes!("../../tests/guests/filecopy/main.wasm");

/// Bytes of all function bodies of a module: the WebAssembly that lowering reads.
#[must_use]
pub fn code_bytes(module: &ModuleInfo) -> usize {
    (0..module.defined_funcs())
        .map(|func| module.body_range(func).len())
        .sum()
}
