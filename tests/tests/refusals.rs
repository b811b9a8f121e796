//! Files that cannot be run. Each is refused with a helpful message and status 1, and without a panic.

use std::fs;

use tests::same::folder;
use tests::tools::Go;
use tests::{Guest, Run, modules, wasi_interp};

/// Runs bytes as a module. They must be refused with these words.
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

/// A Go program for the browser.
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

/// A truncated module: the message names the place.
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

/// Files that are no modules.
#[test]
fn other_files() {
    refused(b"", &["empty"]);
    refused(b"package main\n\nfunc main() {}\n", &["Go source"]);
    refused(b"just some text\n", &["text"]);
    refused(b"(module)", &["library"]);
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

/// An invalid module: the message contains the offset.
#[test]
fn invalid() {
    refused(
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x05\x01\x03\0\x0f\x0b\x00",
        &["offset"],
    );
    let body = r#"(module (memory (export "memory") 1) (func (export "_start") (drop (i64.add (i32.const 1) (i32.const 2)))))"#;
    refused(&assembled(body), &["i64", "i32", "offset"]);
}

/// An import that is not defined: the message names it.
#[test]
fn unknown_imports() {
    let unknown = r#"(module (import "extras" "missing_call" (func)) (func (export "_start")))"#;
    refused(&assembled(unknown), &["extras", "missing_call"]);
    let misspelt =
        r#"(module (import "wasi_snapshot_preview1" "fd_wriet" (func)) (func (export "_start")))"#;
    refused(&assembled(misspelt), &["fd_wriet"]);
    let wrong_type = r#"(module (import "wasi_snapshot_preview1" "fd_write" (func)) (memory (export "memory") 1) (func (export "_start")))"#;
    refused(&assembled(wrong_type), &["fd_write", "type"]);
    // Control characters in names are escaped.
    let loud = r#"(module (import "x" "\1b[31mred" (func)) (func (export "_start")))"#;
    refused(&assembled(loud), &[r"\u{1b}[31mred"]);
}

/// All missing imports are listed, and the names of their modules are explained.
#[test]
fn all_missing_imports() {
    let text = r#"(module (import "env" "draw" (func)) (import "env" "sound" (func)) (import "wbg" "__wbg_log" (func))
        (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32))) (import "env" "draw" (func))
        (import "\1b]0;" "\07" (func)) MARK (func (export "_start")))"#;
    let plain = text.replace("MARK", "");
    refused(
        &assembled(&plain),
        &[
            "4 imports that are not there",
            "from `env`: `draw`, `sound` (a host of its own",
            "from `wbg`: `__wbg_log` (it was built for a browser by wasm-bindgen",
            r"from `\u{1b}]0;`: `\u{7}`",
        ],
    );
    let go = r#"(@custom "go:buildid" "x")"#;
    let here = folder();
    let program = modules::assemble(here.path(), "go.wasm", &text.replace("MARK", go));
    let run = Run::of(wasi_interp(here.path()).arg(program)).ends_with(1);
    let run = run.says(&[
        "`draw`, `sound` (the program or a package of it declares these with //go:wasmimport",
    ]);
    assert!(
        !run.stderr.contains("Emscripten") && !run.stderr.contains("fd_close"),
        "{}",
        run.stderr
    );
    let many: String = (0..30)
        .map(|number| format!(r#"(import "x" "f{number}" (func))"#))
        .collect();
    refused(
        &assembled(&format!("(module {many})")),
        &["30 imports", "`f7` and 22 more"],
    );
}

/// One small module for each unsupported proposal. Some proposals show in code, others in types and sections.
const PROPOSALS: [(&str, &str, &str, bool); 3] = [
    // (what the message must say, which option leaves it out, the module's text, whether it shows in a function)
    (
        "stack switching",
        "no compiler",
        "(type $f (func)) (type $c (cont $f))",
        false,
    ),
    (
        "shared-everything threads",
        "-pthread",
        "(global (shared i32) (i32.const 0))",
        false,
    ),
    (
        "memory control",
        "no compiler",
        "(memory 1) (func (memory.discard (i32.const 0) (i32.const 0)))",
        true,
    ),
];

/// The message for an unsupported proposal contains its name, its place, and the option that avoids it, when a module is
/// validated or run, as a whole or function by function.
#[test]
fn proposals() {
    let here = folder();
    let mut wrong = Vec::new();
    for (name, option, text, in_code) in PROPOSALS {
        let whole = format!("(module {text})");
        let path = modules::assemble(here.path(), "proposal.wasm", &whole);
        let mut check = |command: &mut assert_cmd::Command| {
            let said = Run::of(command.arg(&path)).ends_with(1).stderr;
            let uses = format!("the module uses {name}");
            let words = [
                uses.as_str(),
                option,
                "offset 0x",
                "which this interpreter does not have",
            ];
            let all = words.iter().all(|word| said.contains(word));
            if !all || said.contains("in function 0") != in_code || said.lines().count() != 1 {
                wrong.push(format!("{text}: {said}"));
            }
        };
        check(wasi_interp(here.path()).arg("validate"));
        if !in_code {
            check(&mut wasi_interp(here.path()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Without --eager, a function is checked when it is called.
    let lazy = r#"(module (memory 1) (func (export "_start") (memory.discard (i32.const 0) (i32.const 0))))"#;
    refused(
        &assembled(lazy),
        &[
            "uses memory control",
            "no compiler",
            "in function 0, at offset 0x",
        ],
    );
}

/// Garbage collection and typed references can be turned off. Each part of a module that uses them is then refused.
#[test]
fn objects_that_are_turned_off() {
    let here = folder();
    for (name, texts) in [
        (
            "garbage-collected types (GC)",
            &[
                "(type (struct (field i32)))",
                "(type (array i8))",
                "(type $list (struct (field (ref null $list))))",
                "(rec (type (func)) (type (func)))",
                "(type (sub (func)))",
                "(func (param i31ref))",
                "(func (local anyref))",
                "(func (drop (ref.i31 (i32.const 0))))",
                "(func (drop (ref.eq (unreachable) (unreachable))))",
            ][..],
        ),
        (
            "typed function references",
            &[
                "(type $t (func)) (func (param (ref $t)))",
                "(type $t (func)) (func (call_ref $t (unreachable)))",
                "(func (drop (ref.as_non_null (ref.null func))))",
            ],
        ),
    ] {
        for text in texts {
            let path = modules::assemble(here.path(), "off.wasm", &format!("(module {text})"));
            let mut command = wasi_interp(here.path());
            let command = command.args(["--eager", "-W", "gc=n,function-references=n"]);
            let said = Run::of(command.arg(&path)).ends_with(1).stderr;
            let uses = format!("the module uses {name}, which is turned off");
            assert!(
                said.contains(&uses)
                    && said.contains("offset 0x")
                    && said.contains("run it without -W "),
                "{text}: {said}"
            );
        }
    }
}

/// Exceptions can be turned off. Each part of a module that uses them is then refused.
#[test]
fn exceptions_that_are_turned_off() {
    let here = folder();
    for text in [
        "(tag)",
        "(import \"env\" \"tag\" (tag))",
        "(func (export \"_start\") (block $b (try_table (catch_all $b))))",
        "(func (export \"_start\") (param exnref))",
        "(func (export \"_start\") (local exnref))",
        "(func (export \"_start\") try catch_all end)",
    ] {
        let path = modules::assemble(here.path(), "off.wasm", &format!("(module {text})"));
        let mut command = wasi_interp(here.path());
        let said = Run::of(command.args(["-W", "exceptions=n"]).arg(&path)).ends_with(1);
        let words = match text.contains("catch_all end") {
            true => {
                "the module uses exceptions in their old form (try and catch), which is turned off"
            }
            false => "the module uses exceptions (tags, throw, try_table), which is turned off",
        };
        assert!(said.stderr.contains(words), "{text}: {}", said.stderr);
    }
}

/// The message about a proposal that the command line has turned off names the option, also if a function is refused when it is called.
#[test]
fn options_that_turn_a_proposal_off() {
    let here = folder();
    for (option, text) in [
        ("simd=n", "(func (export \"_start\") (local v128))"),
        ("exceptions=n", "(tag)"),
        (
            "exceptions=n",
            "(func (export \"_start\") try catch_all end)",
        ),
        ("threads=n", "(memory 1 1 shared)"),
        ("threads=n", "(func (export \"_start\") atomic.fence)"),
        ("memory64=n", "(memory i64 1)"),
        ("custom-page-sizes=n", "(memory 1 (pagesize 1))"),
        (
            "wide-arithmetic=n",
            "(func (export \"_start\") (drop (drop (i64.mul_wide_s (i64.const 0) (i64.const 0)))))",
        ),
    ] {
        let path = modules::assemble(here.path(), "off.wasm", &format!("(module {text})"));
        let mut command = wasi_interp(here.path());
        let said = Run::of(command.args(["-W", option]).arg(&path)).ends_with(1);
        let line = said.stderr.lines().next().unwrap_or_default();
        let words = format!("); run it without -W {option}");
        assert!(
            line.contains("off.wasm: the module uses ") && line.ends_with(&words),
            "{option}, {text}: {}",
            said.stderr
        );
    }
}

/// An exception that nothing catches ends a program as a trap does.
#[test]
fn uncaught_exceptions() {
    let here = folder();
    let text = r#"(module
        (tag $disk_full (param i32))
        (func $write (throw $disk_full (i32.const 3)))
        (func (export "_start") (call $write)))"#;
    let path = modules::assemble(here.path(), "throws.wasm", text);
    let said = Run::of(wasi_interp(here.path()).arg(&path)).ends_with(134);
    let words = "throws.wasm: uncaught exception: tag `disk_full`\nwasm backtrace:\n    0:";
    assert!(
        said.stderr.contains(words) && said.stderr.contains(" - write\n"),
        "{}",
        said.stderr
    );
}

/// A library has nothing to start.
#[test]
fn nothing_to_start() {
    refused(
        &assembled(r#"(module (func (export "add")))"#),
        &["_start", "--invoke"],
    );
}

/// A wrong command line has status 2, as for other programs.
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
