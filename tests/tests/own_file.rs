//! A module's file that changes while it runs. No content harms the host.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tests::modules;
use tests::same::folder;
use tests::tools;

/// Prints a line, waits for a byte, and calls a function for the first time.
const MODULE: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (type $binary (func (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (table 2 funcref) (elem (i32.const 1) $add)
    (data (i32.const 0) "\20\00\00\00\01\00\00\00") (data (i32.const 32) "!")
    (func $_start (export "_start")
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (call $exit (call $later (i32.const 20) (i32.const 3))))
    (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func $later (param i32 i32) (result i32) (local i64)
        (block $two (block $one
            (br_table $two $one (i32.load (i32.const 64)))) (unreachable))
        (call_indirect (type $binary) (local.get 0) (local.get 1) (i32.const 1))))"#;

/// The exit status of `_start`.
const SUM: i32 = 23;

/// Starts the module, and waits until it runs.
fn started(folder: &Path, module: &Path, eager: bool) -> Child {
    let mut command = Command::new(tools::programs().join("wasi-interp"));
    command.env_clear().current_dir(folder);
    if eager {
        command.arg("--eager");
    }
    let piped = command.arg("--dir=.").arg(module).stdin(Stdio::piped());
    let mut child = piped
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it was built");
    let mut byte = [0];
    let stdout = child.stdout.as_mut().expect("it is piped");
    std::io::Read::read_exact(stdout, &mut byte).expect("the guest writes a byte");
    child
}

/// Lets it continue. Returns its status and its output.
fn ended(mut child: Child) -> (Option<i32>, String) {
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(b"x").expect("the guest reads it");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), said)
}

/// Overwrites bytes of a file in place.
fn patch(file: &Path, at: usize, bytes: &[u8]) {
    use std::io::{Seek, SeekFrom};
    let mut file: File = OpenOptions::new()
        .write(true)
        .open(file)
        .expect("it is there");
    file.seek(SeekFrom::Start(at as u64))
        .expect("a file can be sought");
    file.write_all(bytes).expect("it can be written");
}

/// The module's file, its bytes, and the start of its last function's body.
fn module(folder: &Path) -> (PathBuf, Vec<u8>, usize) {
    let path = modules::assemble(folder, "module.wasm", MODULE);
    let bytes = std::fs::read(&path).expect("it was just written");
    // A local of type i64.
    let body = bytes.windows(3).rposition(|window| window == [1, 1, 0x7e]);
    (path, bytes, body.expect("the function has a local"))
}

#[test]
fn a_patched_function_does_no_harm() {
    let here = folder();
    let (path, bytes, body) = module(here.path());
    let code = body + 3;
    // The last element is the guest's status, or that of a failed run.
    let patches: [(usize, &[u8], i32); 9] = [
        (code, &[], SUM),
        // 127 locals.
        (body, &[1, 0x7f, 0x7e], SUM),
        (body, &[0xff, 0xff, 0xff, 0x7f], 1),
        (code, &[0x1a, 0x1a, 0x1a, 0x1a], 1),
        (code, &[0x0b, 0x0b, 0x0b], 1),
        (code, &[0x20, 0x7f, 0x1a], 1),
        (code, &[0x0c, 0x7f], 1),
        (code, &[0xff; 8], 1),
        (code + 2, &[0x05], 1),
    ];
    for eager in [true, false] {
        for (at, patched, expected) in patches {
            std::fs::write(&path, &bytes).expect("a folder of the test can be written");
            let child = started(here.path(), &path, eager);
            patch(&path, at, patched);
            let (status, said) = ended(child);
            assert!(
                status == Some(expected),
                "{patched:x?} at {at}, eager: {eager}: {status:?}, {said}"
            );
            assert!(!said.contains("panicked"), "{patched:x?}: {said}");
        }
        // Single bytes, each with another value. A different constant is no error.
        for at in (body..bytes.len()).step_by(3) {
            std::fs::write(&path, &bytes).expect("a folder of the test can be written");
            let child = started(here.path(), &path, eager);
            patch(&path, at, &[bytes[at] ^ (0x11 << (at % 3))]);
            let (status, said) = ended(child);
            assert!(status.is_some(), "byte {at}, eager: {eager}: {said}");
            assert!(!said.contains("panicked"), "byte {at}: {said}");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_file_that_is_cut_short_ends_the_run_with_a_line() {
    let here = folder();
    let (path, ..) = module(here.path());
    for eager in [true, false] {
        modules::assemble(here.path(), "module.wasm", MODULE);
        let child = started(here.path(), &path, eager);
        OpenOptions::new()
            .write(true)
            .truncate(true)
            .open(&path)
            .expect("it can be cut short");
        let (status, said) = ended(child);
        assert_eq!(status, Some(1), "{said}");
        let line = format!(
            "wasi-interp: {}: the module's file was cut short while it was in use\n",
            path.display()
        );
        assert_eq!(said, line);
    }
}
