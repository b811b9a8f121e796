//! Modules and files at the limits of the format. Each one runs, or is refused with a message, in a short time.

use std::path::Path;

use tests::same::folder;
use tests::{Run, modules, wasi_interp};

/// A number as the binary format writes it (LEB128).
fn number(mut value: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn section(id: u8, content: &[u8]) -> Vec<u8> {
    [&[id][..], &number(content.len() as u32), content].concat()
}

/// A module with functions of types `() -> ()` and `() -> i32`, in this order. The first is `_start`. `more` is placed
/// between the sections of functions and of exports.
fn module(types: &[u8], more: &[u8], bodies: &[Vec<u8>]) -> Vec<u8> {
    let count = number(types.len() as u32);
    let bodies: Vec<u8> = bodies
        .iter()
        .flat_map(|body| [&number(body.len() as u32), &body[..]].concat())
        .collect();
    [
        &b"\0asm\x01\0\0\0\x01\x08\x02\x60\0\0\x60\0\x01\x7f"[..],
        &section(3, &[&count, types].concat()),
        more,
        &section(7, b"\x01\x06_start\0\0"),
        &section(10, &[&count[..], &bodies].concat()),
    ]
    .concat()
}

/// A module with one function: its locals, then its code, to which the end is added.
fn program(locals: &[u8], code: &[&[u8]]) -> Vec<u8> {
    module(&[0], &[], &[[locals, &code.concat(), b"\x0b"].concat()])
}

/// Runs a module. Checks its status and its message.
#[track_caller]
fn ends(name: &str, bytes: &[u8], status: i32, words: &[&str]) {
    let here = folder();
    let path = modules::write(here.path(), name, bytes);
    let run = Run::of(wasi_interp(here.path()).arg(path)).ends_with(status);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    run.says(words);
}

#[test]
fn a_hundred_thousand_functions() {
    let count = 100_000;
    let bodies = vec![b"\0\x0b".to_vec(); count];
    ends("functions", &module(&vec![0; count], &[], &bodies), 0, &[]);
    let claimed = [
        &b"\0asm\x01\0\0\0"[..],
        &section(3, b"\xff\xff\xff\x07\0\0"),
    ]
    .concat();
    ends("claimed", &claimed, 1, &["functions", "offset"]);
}

#[test]
fn fifty_thousand_nested_blocks() {
    let deep = 50_000;
    let end = b"\x0b".repeat(deep);
    for (name, begin) in [
        ("blocks", &b"\x02\x40"[..]),
        ("loops", b"\x03\x40"),
        ("ifs", b"\x41\x01\x04\x40"),
    ] {
        ends(name, &program(b"\0", &[&begin.repeat(deep), &end]), 0, &[]);
    }
}

#[test]
fn many_locals_and_operands() {
    let locals = |count| [&b"\x01"[..], &number(count), b"\x7f"].concat();
    ends("locals", &program(&locals(50_000), &[]), 0, &[]);
    ends(
        "too-many",
        &program(&locals(100_000), &[]),
        1,
        &["too many locals", "offset"],
    );
    ends(
        "far-too-many",
        &program(&locals(u32::MAX), &[]),
        1,
        &["too many locals"],
    );
    // Results of calls, each in its own slot.
    let calls = |count: usize| {
        let code = [&b"\x10\x01".repeat(count)[..], &b"\x1a".repeat(count)].concat();
        let first = [&b"\0"[..], &code, b"\x0b"].concat();
        module(&[0, 1], &[], &[first, b"\0\x41\x07\x0b".to_vec()])
    };
    ends("operands", &calls(60_000), 0, &[]);
    ends(
        "too-many-operands",
        &calls(70_000),
        1,
        &[
            "slots for locals and operands; 65536 are possible",
            "offset",
        ],
    );
}

#[test]
fn huge_branch_tables() {
    let count = 100_000;
    let targets = vec![0; count as usize + 1];
    let table = [
        &b"\x02\x40\x41\x05\x0e"[..],
        &number(count),
        &targets,
        b"\x0b",
    ]
    .concat();
    ends("table", &program(b"\0", &[&table]), 0, &[]);
    let claimed = [&b"\x02\x40\x41\x05\x0e"[..], &number(u32::MAX), b"\0\0\x0b"].concat();
    ends(
        "claimed",
        &program(b"\0", &[&claimed]),
        1,
        &["br_table", "offset"],
    );
}

#[test]
fn huge_memories_and_tables() {
    let memory = |pages| section(5, &[&b"\x01\0"[..], &number(pages)].concat());
    let with = |more: &[u8]| module(&[0], more, &[b"\0\x0b".to_vec()]);
    ends(
        "memory",
        &with(&memory(65_537)),
        1,
        &["memory size", "offset"],
    );
    let table = section(4, &[&b"\x01\x70\0"[..], &number(u32::MAX)].concat());
    ends("table", &with(&table), 1, &["4294967295 elements"]);
}

#[test]
fn a_start_function_that_traps() {
    let bodies = [b"\0\0\x0b".to_vec()];
    let mut bytes = module(&[0], &[], &bodies);
    // The start section precedes the code section, whose bytes are at the end.
    bytes.splice(bytes.len() - 7..bytes.len() - 7, section(8, b"\0"));
    ends(
        "start",
        &bytes,
        134,
        &["start: unreachable executed", "function 0"],
    );
}

/// A module without exported functions runs its start function only. That function prints, and its exit status is the
/// program's.
#[test]
fn a_start_function_is_a_program() {
    let here = folder();
    for (end, status) in [
        ("nop", 0),
        ("(call $exit (i32.const 7))", 7),
        ("unreachable", 134),
    ] {
        let text = format!(
            r#"(module
                (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
                (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                (memory (export "memory") 1)
                (data (i32.const 0) "\10\00\00\00\06\00\00\00") (data (i32.const 16) "hello\n")
                (func $main
                    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
                    {end})
                (start $main))"#
        );
        let start = modules::assemble(here.path(), "start.wasm", &text);
        let run = Run::of(wasi_interp(here.path()).arg(&start)).ends_with(status);
        assert_eq!(run.stdout, "hello\n", "{end}");
    }
}

/// Devices and streams, which are no files or have no end.
#[test]
fn devices_and_streams() {
    let here = folder();
    let run = |path: &str| Run::of(wasi_interp(here.path()).arg(path));
    run("/").ends_with(1).says(&["is a directory"]);
    run("/dev/null").ends_with(1).says(&["/dev/null", "empty"]);
    run("/dev/zero")
        .ends_with(1)
        .says(&["/dev/zero", "not a WebAssembly module"]);
    run("").ends_with(1).says(&["name is empty"]);
    for path in ["-", "/dev/stdin"] {
        let bytes = program(b"\0", &[b"\0"]);
        let mut command = wasi_interp(here.path());
        Run::of(command.arg(path).write_stdin(bytes))
            .ends_with(134)
            .says(&["unreachable executed"]);
    }
}

/// Parameters and results of all types that can be written as text.
#[test]
fn values_on_the_command_line() {
    let here = folder();
    let text = r#"(module
        (func (export "i32") (param i32) (result i32) (local.get 0))
        (func (export "i64") (param i64) (result i64) (local.get 0))
        (func (export "f32") (param f32) (result f32) (local.get 0))
        (func (export "f64") (param f64) (result f64) (local.get 0))
        (func (export "ref") (param externref))
        (func (export "all") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
            (local.get 3) (local.get 2) (local.get 1) (local.get 0)))"#;
    let path = modules::assemble(here.path(), "values.wasm", text);
    let call = |name: &str, args: &[&str]| invoke(here.path(), &path, name, args);
    for (name, arg, result) in [
        ("i32", "-5", "-5\n"),
        ("i32", "0x10", "16\n"),
        ("i32", "4294967295", "-1\n"),
        ("i64", "-9223372036854775808", "-9223372036854775808\n"),
        ("i64", "18446744073709551615", "-1\n"),
        ("f32", "1.5", "1.5\n"),
        ("f64", "-0", "-0\n"),
        ("f64", "nan", "NaN\n"),
        ("f32", "-inf", "-inf\n"),
    ] {
        assert_eq!(
            call(name, &[arg]).ends_with(0).stdout,
            result,
            "{name} of {arg}"
        );
    }
    let all = call("all", &["1", "-2", "3.5", "4.25"]).ends_with(0);
    assert_eq!(all.stdout, "4.25\n3.5\n-2\n1\n");
    for (name, args, words) in [
        ("i32", &["4294967296"][..], "does not fit into 32 bits"),
        ("i32", &["abc"], "\"abc\" is no i32"),
        ("f64", &["x"], "\"x\" is no f64"),
        ("ref", &["1"], "cannot be written down"),
        ("all", &["1", "2", "3"], "takes 4 parameter(s), not 3"),
    ] {
        call(name, args).ends_with(1).says(&[words]);
    }
}

fn invoke(here: &Path, module: &Path, name: &str, args: &[&str]) -> Run {
    let mut command = wasi_interp(here);
    Run::of(command.args(["--invoke", name]).arg(module).args(args))
}
