//! `wasi-interp`: runs WebAssembly programs on the desktop.
fn main() {}
