//! Compares the run of a program under wasi-interp with its native run.

use std::path::Path;

use crate::{Guest, Run, run, tree, wasi_interp};

/// Runs a Go program natively and under wasi-interp and compares stdout, stderr, exit status and the files it leaves.
#[track_caller]
pub fn as_native(guest: Guest) {
    as_native_with(guest, &[], b"");
}

/// Does the same with arguments and standard input.
#[track_caller]
pub fn as_native_with(guest: Guest, args: &[&str], stdin: &[u8]) {
    compare(&guest.native(), &guest.wasm(), args, stdin);
}

/// Does the same for a C program.
#[track_caller]
pub fn as_native_c(guest: Guest, args: &[&str], stdin: &[u8]) {
    compare(&guest.c_native(), &guest.c_wasm(), args, stdin);
}

/// Does the same for a C++ program.
#[track_caller]
pub fn as_native_cpp(guest: Guest) {
    compare(&guest.cpp_native(), &guest.cpp_wasm(), &[], b"");
}

/// Does the same for a module of the guest that was built with other options.
#[track_caller]
pub fn as_native_c_module(guest: Guest, wasm: &Path) {
    compare(&guest.c_native(), wasm, &[], b"");
}

/// Does the same for a Go or a C program whose module is first written in lowered form.
#[track_caller]
pub fn lowered_as_native(native: &Path, wasm: &Path) {
    let folder = folder();
    // The guest's argument 0 is the module's name.
    let lowered = folder.path().join(wasm.file_name().expect("a name"));
    let written = Run::of(
        wasi_interp(folder.path())
            .arg("compile")
            .arg("-o")
            .arg(&lowered)
            .arg(wasm),
    );
    assert_eq!((written.status, written.stderr.as_str()), (Some(0), ""));
    compare(native, &lowered, &[], b"");
}

#[track_caller]
fn compare(native: &Path, wasm: &Path, args: &[&str], stdin: &[u8]) {
    let (here, there) = (folder(), folder());
    let expected = Run::of(
        run::clean(native, here.path())
            .args(args)
            .write_stdin(stdin),
    );
    let found = Run::of(
        wasi_interp(there.path())
            .arg("--dir=.")
            .arg(wasm)
            .args(args)
            .write_stdin(stdin),
    );
    assert_same("standard error", &found.stderr, &expected.stderr);
    assert_same("standard output", &found.stdout, &expected.stdout);
    assert_eq!(found.status, expected.status, "the exit status differs");
    assert_eq!(
        tree::of(there.path()),
        tree::of(here.path()),
        "the files differ"
    );
}

/// Compares two texts and shows the first line that differs.
#[track_caller]
fn assert_same(what: &str, found: &str, expected: &str) {
    if found != expected {
        let (mut found, mut expected) = (found.split('\n'), expected.split('\n'));
        let differing = (1..)
            .map(|number| (number, found.next(), expected.next()))
            .find(|(_, one, other)| one != other);
        let (number, found, expected) = differing.expect("the texts differ");
        let shown = |line: Option<&str>| line.unwrap_or("(the end)").to_owned();
        panic!(
            "{what} differs in line {number}:\n   found: {}\nexpected: {}",
            shown(found),
            shown(expected)
        );
    }
}

/// Creates a temporary folder that is removed with the test.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("the temporary directory can be written")
}
