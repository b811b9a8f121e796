//! Small modules in WebAssembly text, for code that no compiler emits.

use std::path::{Path, PathBuf};

/// Assembles a module and writes it to a file in a folder.
pub fn assemble(folder: &Path, name: &str, text: &str) -> PathBuf {
    let bytes = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"));
    write(folder, name, &bytes)
}

/// Writes bytes to a file in a folder.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a folder of the test can be written");
    path
}

/// An unsigned number in LEB128.
pub fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        // The low seven bits.
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// A section of a binary module.
pub fn section(id: u8, content: &[u8]) -> Vec<u8> {
    [&[id], &leb(content.len())[..], content].concat()
}

/// A module whose `_start` calls `funcs` functions of `bytes` bytes each, which return at once. Almost all of its time is
/// spent on lowering them.
pub fn long(funcs: u8, bytes: usize) -> Vec<u8> {
    // i32.const 1; br_if 0; then local.get 0; i32.const 1; i32.xor; local.set 0, over and over.
    let part = [0x20, 0, 0x41, 1, 0x73, 0x21, 0];
    let long = [
        vec![1, 1, 0x7f, 0x41, 1, 0x0d, 0],
        part.repeat(bytes / part.len()),
        vec![0x0b],
    ]
    .concat();
    let calls: Vec<u8> = (1..=funcs).flat_map(|func| [0x10, func]).collect();
    let start = [vec![0], calls, vec![0x0b]].concat();
    let with_length = |body: &[u8]| [leb(body.len()), body.to_vec()].concat();
    let bodies = [with_length(&start), with_length(&long).repeat(funcs.into())].concat();
    let count = leb(usize::from(funcs) + 1);
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &[1, 0x60, 0, 0]),
        section(
            3,
            &[count.clone(), vec![0; usize::from(funcs) + 1]].concat(),
        ),
        section(5, &[1, 0, 1]),
        section(7, b"\x02\x06memory\x02\x00\x06_start\x00\x00"),
        section(10, &[count, bodies].concat()),
    ]
    .concat()
}

/// A loop that never ends.
pub const SPIN: &str =
    r#"(module (memory (export "memory") 1) (func (export "_start") (loop $again (br $again))))"#;

/// Calls itself until the stack overflows.
pub const RECURSE: &str = r#"(module
  (memory (export "memory") 1)
  (func $down (param i32) (result i32) (i32.add (call $down (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
  (func (export "_start") (drop (call $down (i32.const 0)))))"#;

/// Executes `unreachable` three calls deep, in functions that have names.
pub const TRAP: &str = r#"(module
  (memory (export "memory") 1)
  (func $inner unreachable)
  (func $middle (call $inner))
  (func $_start (export "_start") (call $middle)))"#;

/// Grows its memory by 16 pages (1 MiB) at a time until that fails. Exits with the number of successful growths.
pub const GROW: &str = r#"(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $times i32)
    (loop $again
      (if (i32.ne (memory.grow (i32.const 16)) (i32.const -1))
        (then
          (local.set $times (i32.add (local.get $times) (i32.const 1)))
          (br_if $again (i32.lt_u (local.get $times) (i32.const 100))))))
    (call $exit (local.get $times))))"#;
