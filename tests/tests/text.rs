//! Modules in the text format: every command takes them, and messages name the line and the column.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use tests::same::folder;
use tests::{Run, modules, tools, wasi_interp};

const HELLO: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\10\00\00\00\06\00\00\00")
    (data (i32.const 16) "hello\n")
    (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"#;

#[test]
fn every_command_takes_text() {
    let here = folder();
    modules::write(here.path(), "hello.wat", HELLO.as_bytes());
    let run = |args: &[&str]| Run::of(wasi_interp(here.path()).args(args)).ends_with(0);
    assert_eq!(run(&["hello.wat"]).stdout, "hello\n");
    assert_eq!(run(&["run", "hello.wat"]).stdout, "hello\n");
    assert_eq!(
        run(&["--invoke", "add", "hello.wat", "40", "2"]).stdout,
        "42\n"
    );
    run(&["validate", "hello.wat"]);
    let listing = run(&["list", "--func", "add", "hello.wat"]).stdout;
    assert!(listing.contains("i32.add"), "{listing}");
    assert!(run(&["size", "hello.wat"]).stdout.contains("hello.wat"));
    run(&["compile", "-o", "hello.lwasm", "hello.wat"]);
    assert_eq!(run(&["hello.lwasm"]).stdout, "hello\n");
}

#[test]
fn standard_input_may_be_text() {
    let here = folder();
    // Longer than what is read to tell text from other bytes.
    let long = format!(";; {}\n{HELLO}", "a comment ".repeat(1000));
    let run = Run::of(wasi_interp(here.path()).arg("-").write_stdin(long)).ends_with(0);
    assert_eq!(run.stdout, "hello\n");
    let wrong = Run::of(
        wasi_interp(here.path())
            .arg("-")
            .write_stdin("(module (fun))"),
    );
    wrong.ends_with(1).says(&["standard input:1:10: "]);
}

/// The message of a text that is refused, which is the same for all commands.
#[track_caller]
fn refused(text: impl AsRef<[u8]>) -> String {
    let here = folder();
    modules::write(here.path(), "bad.wat", text.as_ref());
    let mut told = Vec::new();
    for command in [
        &[][..],
        &["validate"],
        &["list"],
        &["size"],
        &["compile", "-o", "x"],
    ] {
        let run = Run::of(wasi_interp(here.path()).args(command).arg("bad.wat")).ends_with(1);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        told.push(run.stderr);
    }
    assert!(told.iter().all(|other| *other == told[0]), "{told:?}");
    assert!(!here.path().join("x").exists());
    told.swap_remove(0)
}

#[test]
fn messages_name_line_and_column() {
    assert_eq!(
        refused("(module\n  (func\n    call $missing))"),
        "wasi-interp: bad.wat:3:10: unknown func: failed to find name `$missing`\n      call $missing))\n           ^\n"
    );
    let invalid =
        refused("(module\n  (func (result i32)\n    (i32.add (i32.const 1) (i64.const 2))))");
    assert!(
        invalid.starts_with("wasi-interp: bad.wat:3:6: type mismatch: expected i32, found i64 (in function 0, at offset 0x"),
        "{invalid}"
    );
    assert!(
        invalid.contains("; offsets are of the assembled module\n"),
        "{invalid}"
    );
    for (text, place) in [
        (&b"("[..], "1:2: "),
        (b"(module", "1:8: "),
        (b"(module (func) \xff)", "1:16: "),
        (b"\n\n(component)", "3:2: "),
        (b"(module)\n(module)", "2:1: "),
        (b"(; never ends", "1:1: "),
        (b"(module (data \"\x1b]0;title\x07\"))", "1:16: "),
    ] {
        let told = refused(text);
        assert!(
            told.starts_with(&format!("wasi-interp: bad.wat:{place}")),
            "{told}"
        );
        assert!(!told.contains(['\x1b', '\x07']), "{told:?}");
    }
    // As deep as the parser's own stack would be.
    refused("(".repeat(1 << 20));
    refused(format!("(module (func {} ))", "(block ".repeat(1 << 18)));
}

/// A stream without an end is not taken for text.
#[test]
fn other_streams_are_still_refused_by_their_first_bytes() {
    let here = folder();
    let mut child = Command::new(tools::programs().join("wasi-interp"))
        .current_dir(here.path())
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    stdin.write_all(&[b'x'; 8192]).expect("it reads them");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("text file, not a WebAssembly module"),
        "{told}"
    );
    drop(stdin);
    assert!(
        fs::read_dir(here.path())
            .expect("a folder")
            .next()
            .is_none()
    );
}
