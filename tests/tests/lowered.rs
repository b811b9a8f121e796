//! Programs in lowered form: `wasi-interp compile` writes them, and they behave as the programs do natively.

use std::fs;
use std::path::{Path, PathBuf};

use tests::same::{folder, lowered_as_native};
use tests::{Guest, Run, modules, wasi_interp};

/// Goroutines, maps, files, reflection, parsing: programs that together reach most of Go's runtime.
#[test]
fn go() {
    for name in [
        "channels",
        "maps",
        "files",
        "tree",
        "json",
        "reflection",
        "goparse",
        "regexp",
        "hashes",
        "text",
        "gc",
    ] {
        let guest = Guest::named(name);
        lowered_as_native(&guest.native(), &guest.wasm());
    }
}

/// A program of the first Go release for WASI.
#[test]
fn old_go() {
    let guest = Guest::named("channels").old();
    lowered_as_native(&guest.native(), &guest.wasm());
}

/// C: streams, errors, and vectors, atomics and exceptions.
#[test]
fn c() {
    for name in ["cfiles", "cerrors"] {
        let guest = Guest::named(name);
        lowered_as_native(&guest.c_native(), &guest.c_wasm());
    }
    const OPTIONS: [&str; 6] = [
        "-mcpu=generic+exception_handling+simd128+atomics+bulk_memory+wide_arithmetic",
        "-mllvm",
        "-wasm-enable-sjlj",
        "-lsetjmp",
        "-mllvm",
        "-wasm-use-legacy-eh=false",
    ];
    let guest = Guest::named("cproposals");
    let wasm = guest.c_wasm_with("new.wasm", &OPTIONS);
    lowered_as_native(&guest.c_native(), &wasm);
}

/// A module that traps two calls deep.
const TRAPS: &str = r#"(module (func $inner unreachable) (func $outer (call $inner)) (func (export "_start") (call $outer)))"#;

/// Runs `compile`.
fn compile(wasm: &Path, output: &Path, options: &[&str]) -> Run {
    let here = folder();
    let mut command = wasi_interp(here.path());
    command.arg("compile").args(options);
    Run::of(command.arg("--output").arg(output).arg(wasm))
}

/// Writes a module, and its lowered form beside it. Returns both.
fn written(text: &str, options: &[&str]) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let here = folder();
    let wasm = modules::assemble(here.path(), "main.wasm", text);
    let lowered = here.path().join("main.lwasm");
    compile(&wasm, &lowered, options).ends_with(0);
    (here, wasm, lowered)
}

#[test]
fn a_backtrace_names_functions_and_offsets() {
    let (here, wasm, lowered) = written(TRAPS, &[]);
    let plain = Run::of(wasi_interp(here.path()).arg(&wasm)).ends_with(134);
    let found = Run::of(wasi_interp(here.path()).arg(&lowered)).ends_with(134);
    let lines = |text: &str| text.replace("main.lwasm", "main.wasm");
    assert_eq!(lines(&found.stderr), plain.stderr);

    let (here, _, stripped) = written(TRAPS, &["--strip"]);
    Run::of(wasi_interp(here.path()).arg(&stripped))
        .ends_with(134)
        .says(&["inner", "outer"]);
}

/// A Go program that is stopped: the message names functions and lines.
#[test]
fn a_go_program_that_is_stopped_has_a_backtrace() {
    let here = folder();
    let lowered = here.path().join("channels.lwasm");
    compile(&Guest::named("channels").wasm(), &lowered, &[]).ends_with(0);
    Run::of(wasi_interp(here.path()).arg("--fuel=20000").arg(&lowered))
        .ends_with(134)
        .says(&[
            "all fuel consumed",
            "wasm backtrace",
            "runtime.",
            "(runtime/",
        ]);
}

#[test]
fn its_bytecode_is_listed() {
    let (here, _, lowered) = written(TRAPS, &[]);
    let run = Run::of(wasi_interp(here.path()).arg("list").arg(&lowered)).ends_with(0);
    for words in ["$inner", "unreachable", "$outer", "bytes of bytecode"] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let (here, _, lowered) = written(TRAPS, &[]);
    let whole = fs::read(&lowered).expect("it was just written");
    let said = |bytes: &[u8], words: &[&str]| {
        let path = modules::write(here.path(), "other.lwasm", bytes);
        for command in [&["run"][..], &["validate"], &["list"]] {
            Run::of(wasi_interp(here.path()).args(command).arg(&path))
                .ends_with(1)
                .says(words)
                .says(&["other.lwasm"]);
        }
    };
    said(&whole[..whole.len() / 2], &["was it cut off?"]);
    let mut other = whole.clone();
    // Behind the magic number, the length and the length of the release's name.
    other[13] = b'9';
    said(
        &other,
        &["was written by release 9", "compile the module again"],
    );

    let mut damaged = whole;
    let last = damaged.len() - 2;
    damaged[last..].fill(0xff);
    let path = modules::write(here.path(), "damaged.lwasm", &damaged);
    Run::of(wasi_interp(here.path()).arg("validate").arg(&path))
        .ends_with(1)
        .says(&["the lowered module is damaged", "in function 2"]);
}

/// A file for a board's kernel is another one than that for this desktop, and is refused here. Boards run it in `cargo xtask board test`.
#[test]
fn a_file_for_a_board_is_refused_here() {
    for (board, words) in [
        (
            "raspi3b",
            "has code for a build with op scale 8, superinstructions, and",
        ),
        ("raspi3b:small", "has code for a build with op scale 8, and"),
        (
            "armv7-virt",
            "has code for a build with op scale 1, superinstructions, and",
        ),
    ] {
        let (here, _, lowered) = written(TRAPS, &["--for", board]);
        Run::of(wasi_interp(here.path()).arg(&lowered))
            .ends_with(1)
            .says(&[words, "compile the module again"]);
    }
}

#[test]
fn what_a_board_cannot_run_is_refused() {
    let (here, wasm, lowered) = written(TRAPS, &[]);
    let refused = |wasm: &Path, board: &str, words: &[&str]| {
        compile(wasm, &lowered, &["--for", board])
            .ends_with(1)
            .says(words);
    };
    refused(&wasm, "raspi9", &["no board raspi9", "raspi3b"]);
    refused(&wasm, "raspi3b:tiny", &["raspi3b:small"]);
    let text = "(module (func $plain) (func $vector (drop (i32x4.splat (i32.const 1)))))";
    let vectors = modules::assemble(here.path(), "vectors.wasm", text);
    refused(&vectors, "raspi3b", &["vectors.wasm", "SIMD", "function 1"]);
    let text = "(module (memory i64 1))";
    let wide = modules::assemble(here.path(), "wide.wasm", text);
    refused(&wide, "raspi3b", &["wide.wasm", "memory64"]);
}

#[test]
fn a_module_that_cannot_be_written_leaves_the_old_file() {
    let here = folder();
    let wasm = modules::assemble(
        here.path(),
        "main.wasm",
        r#"(module (func (export "f") (param externref)))"#,
    );
    let output = modules::write(here.path(), "main.lwasm", b"old");
    compile(&wasm, &output, &[])
        .ends_with(1)
        .says(&["main.wasm", "has references"]);
    assert_eq!(fs::read(&output).expect("it is there"), b"old");
    let missing = here.path().join("no/such.lwasm");
    let (_keep, wasm, _) = written(TRAPS, &[]);
    compile(&wasm, &missing, &[])
        .ends_with(1)
        .says(&["cannot write", "such.lwasm"]);
}

#[test]
fn sizes_are_shown_side_by_side() {
    let guest = Guest::named("text").wasm();
    let here = folder();
    let lowered = here.path().join("text.lwasm");
    compile(&guest, &lowered, &[]).ends_with(0);
    let run = Run::of(
        wasi_interp(here.path())
            .arg("size")
            .args([&guest, &lowered]),
    )
    .ends_with(0);
    let columns = |row: &str| -> Vec<u64> {
        let line = run.stdout.lines().find(|line| line.starts_with(row));
        let line = line.unwrap_or_else(|| panic!("no row {row}: {}", run.stdout));
        let words = line[row.len()..].split_whitespace();
        words.map(|word| word.parse().expect("a number")).collect()
    };
    let bytes = |path| fs::metadata(path).expect("a file").len();
    assert_eq!(columns("total"), [bytes(&guest), bytes(&lowered)]);
    let (code, bytecode) = (columns("code"), columns("bytecode"));
    assert!(code[0] > 100_000 && code[1] < 10, "{code:?}");
    assert!(bytecode[0] == 0 && bytecode[1] > 100_000, "{bytecode:?}");
    // All sections are shown.
    let rows = run.stdout.split("\n\n").next().expect("a first table");
    let sum: u64 = rows
        .lines()
        .skip(1)
        .filter(|line| !line.starts_with("total"))
        .filter_map(|line| line.split_whitespace().rev().nth(1)?.parse::<u64>().ok())
        .sum();
    assert_eq!(sum, bytes(&guest));
    let runtime = columns("runtime ");
    assert!(runtime.iter().all(|bytes| *bytes > 50_000), "{runtime:?}");
}
