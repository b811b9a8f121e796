//! Small modules in WebAssembly text, for what no compiler produces.

use std::path::{Path, PathBuf};

/// Assembles a module into a file of a folder.
pub fn assemble(folder: &Path, name: &str, text: &str) -> PathBuf {
    let bytes = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"));
    write(folder, name, &bytes)
}

/// Writes bytes into a file of a folder.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a folder of the test can be written");
    path
}

/// A loop that never ends.
pub const SPIN: &str =
    r#"(module (memory (export "memory") 1) (func (export "_start") (loop $again (br $again))))"#;

/// Calls itself until the stack is full.
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

/// Grows its memory by 16 pages (1 MiB) at a time until that fails, then exits with the number of times that it worked.
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
