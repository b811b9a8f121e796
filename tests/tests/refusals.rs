//! Files that cannot be run: each is refused with words that help, status 1 and no panic.

use std::fs;

use tests::same::folder;
use tests::tools::Go;
use tests::{Guest, Run, modules, wasi_interp};

/// Runs bytes as a module; they must be refused in these words.
#[track_caller]
fn refused(bytes: &[u8], words: &[&str]) {
    let here = folder();
    let path = modules::write(here.path(), "module.wasm", bytes);
    let run = Run::of(wasi_interp(here.path()).arg(path))
        .ends_with(1)
        .says(words)
        .says(&["module.wasm"]);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    assert_eq!(run.stdout, "");
}

fn assembled(text: &str) -> Vec<u8> {
    let here = folder();
    let path = modules::assemble(here.path(), "module.wasm", text);
    fs::read(path).expect("it was just written")
}

/// A Go program that was built for the browser.
#[test]
fn goos_js() {
    let here = folder();
    let output = here.path().join("browser.wasm");
    let mut go = Go::Current.command(&Guest::named("exit").folder());
    go.env("GOOS", "js")
        .env("GOARCH", "wasm")
        .args(["build", "-o"])
        .arg(&output)
        .arg(".");
    assert!(go.status().expect("go can be started").success());
    let bytes = fs::read(output).expect("it was just built");
    refused(&bytes, &["GOOS=js", "GOOS=wasip1"]);
    refused(
        &assembled(r#"(module (import "go" "runtime.wasmExit" (func (param i32))))"#),
        &["GOOS=js", "GOOS=wasip1"],
    );
}

/// A component instead of a module.
#[test]
fn component() {
    refused(&assembled("(component)"), &["component"]);
}

/// A module that was cut off: the message says where.
#[test]
fn truncated() {
    let path = Guest::named("exit").wasm();
    let bytes = fs::read(path).expect("it was just built");
    for length in [
        3,
        7,
        9,
        100,
        5000,
        100_000,
        bytes.len() / 2,
        bytes.len() - 1,
    ] {
        refused(&bytes[..length], &["ends", "offset"]);
    }
}

/// What is no module at all.
#[test]
fn other_files() {
    refused(b"", &["empty"]);
    refused(b"package main\n\nfunc main() {}\n", &["Go source"]);
    refused(b"just some text\n", &["text"]);
    refused(b"(module)", &["text"]);
    refused(b"\x7fELF\x02\x01\x01\x00", &["ELF"]);
    refused(&[0xff; 100], &["not a WebAssembly module"]);
    let here = folder();
    Run::of(wasi_interp(here.path()).arg("missing.wasm"))
        .ends_with(1)
        .says(&["missing.wasm", "no such file"]);
    Run::of(wasi_interp(here.path()).arg("."))
        .ends_with(1)
        .says(&["directory"]);
}

/// A module that is not valid: the message gives the offset.
#[test]
fn invalid() {
    refused(
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x05\x01\x03\0\x0f\x0b\x00",
        &["offset"],
    );
    let body = r#"(module (memory (export "memory") 1) (func (export "_start") (drop (i64.add (i32.const 1) (i32.const 2)))))"#;
    refused(&assembled(body), &["i64", "i32", "offset"]);
}

/// An import that nobody provides: the message names it.
#[test]
fn unknown_imports() {
    let unknown = r#"(module (import "extras" "missing_call" (func)) (func (export "_start")))"#;
    refused(&assembled(unknown), &["extras", "missing_call"]);
    let misspelt =
        r#"(module (import "wasi_snapshot_preview1" "fd_wriet" (func)) (func (export "_start")))"#;
    refused(&assembled(misspelt), &["fd_wriet"]);
    let wrong_type = r#"(module (import "wasi_snapshot_preview1" "fd_write" (func)) (memory (export "memory") 1) (func (export "_start")))"#;
    refused(&assembled(wrong_type), &["fd_write", "type"]);
    // A name that would make a terminal do something is spelled out.
    let loud = r#"(module (import "x" "\1b[31mred" (func)) (func (export "_start")))"#;
    refused(&assembled(loud), &[r"\u{1b}[31mred"]);
}

/// A library has nothing to start.
#[test]
fn nothing_to_start() {
    refused(
        &assembled(r#"(module (func (export "add")))"#),
        &["_start", "--invoke"],
    );
}

/// A wrong command line is status 2, as for other programs.
#[test]
fn wrong_options() {
    let here = folder();
    for options in [
        &["--no-such-option"][..],
        &["--fuel=many", "x.wasm"],
        &["--timeout", "soon", "x.wasm"],
        &[],
    ] {
        let run = Run::of(wasi_interp(here.path()).args(options)).ends_with(2);
        assert!(
            !run.stderr.is_empty() && !run.stderr.contains("panicked"),
            "{options:?}: {}",
            run.stderr
        );
    }
}
