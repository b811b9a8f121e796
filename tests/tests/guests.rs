//! Go programs behave under wasi-interp as they do natively: output, exit status and files.

use std::path::Path;

use tests::{Guest, Run, same, wasi_interp};

/// Reading, writing, seeking, truncating files.
#[test]
fn files() {
    same::as_native(Guest::named("files"));
}

/// Times before 1970 and others at the ends of the range.
#[test]
fn old_times() {
    same::as_native(Guest::named("oldtimes"));
}

/// Directories, temporary files, the working directory.
#[test]
fn tree() {
    same::as_native(Guest::named("tree"));
}

/// Symbolic and hard links.
#[test]
fn links() {
    same::as_native(Guest::named("links"));
}

/// `os.Root`.
#[test]
fn root() {
    same::as_native(Guest::named("root"));
}

/// Goroutines, channels, select, timers, contexts, locks.
#[test]
fn channels() {
    same::as_native(Guest::named("channels"));
}

/// A million nested calls.
#[test]
fn recursion() {
    same::as_native(Guest::named("recursion"));
}

/// Garbage collection under pressure.
#[test]
fn gc() {
    same::as_native(Guest::named("gc"));
}

/// Big maps.
#[test]
fn maps() {
    same::as_native(Guest::named("maps"));
}

/// gzip, flate, zlib, lzw.
#[test]
fn compress() {
    same::as_native(Guest::named("compress"));
}

/// JSON both ways.
#[test]
fn json() {
    same::as_native(Guest::named("json"));
}

/// Regular expressions.
#[test]
fn regexp() {
    same::as_native(Guest::named("regexp"));
}

/// Sorting, strings, numbers, containers.
#[test]
fn text() {
    same::as_native(Guest::named("text"));
}

/// Integers, fractions and floats of any size.
#[test]
fn bigmath() {
    same::as_native(Guest::named("bigmath"));
}

/// Text and HTML templates.
#[test]
fn template() {
    same::as_native(Guest::named("template"));
}

/// Digests, checksums, ciphers, random bytes.
#[test]
fn hashes() {
    same::as_native(Guest::named("hashes"));
}

/// Dates, durations, clocks.
#[test]
fn times() {
    same::as_native(Guest::named("times"));
}

/// HTTP in process.
#[test]
fn httptest() {
    same::as_native(Guest::named("httptest"));
}

/// base64, csv, xml, gob and their like.
#[test]
fn formats() {
    same::as_native(Guest::named("formats"));
}

/// tar and zip on files.
#[test]
fn archive() {
    same::as_native(Guest::named("archive"));
}

/// Printing and scanning, logs, standard error.
#[test]
fn fmtverbs() {
    same::as_native(Guest::named("fmtverbs"));
}

/// Floating point, bit by bit.
#[test]
fn floats() {
    same::as_native(Guest::named("floats"));
}

/// Vectors of 128 bits, by package `simd`.
#[test]
fn package_simd() {
    let guest = Guest::named("vectors").with_experiment("simd");
    same::as_native(guest);
    // The package also has a form without vectors. The module has the other one.
    let without = ["-W", "simd=n"];
    Run::of(wasi_interp(Path::new(".")).args(without).arg(guest.wasm()))
        .ends_with(1)
        .says(&["the module uses SIMD"]);
}

/// Reflection.
#[test]
fn reflection() {
    same::as_native(Guest::named("reflection"));
}

/// Type parameters and iterators.
#[test]
fn generics() {
    same::as_native(Guest::named("generics"));
}

/// A compiler's front end.
#[test]
fn goparse() {
    same::as_native(Guest::named("goparse"));
}

/// Text of any script, file names of any script.
#[test]
fn unicode() {
    same::as_native(Guest::named("unicode"));
}

/// Seeded random numbers.
#[test]
fn rng() {
    same::as_native(Guest::named("rng"));
}

/// Embedded files.
#[test]
fn embedfs() {
    same::as_native(Guest::named("embedfs"));
}

/// Callers, stacks, the runtime itself.
#[test]
fn runtimeinfo() {
    same::as_native(Guest::named("runtimeinfo"));
}

/// Every panic that can be recovered from.
#[test]
fn recovered_panics() {
    same::as_native(Guest::named("panics"));
}

/// Lines of standard input.
#[test]
fn stdin_lines() {
    let text = "first line\nsecond, längere line\n\nlast without newline";
    same::as_native_with(Guest::named("stdin"), &[], text.as_bytes());
    same::as_native_with(Guest::named("stdin"), &[], b"");
}

/// Any bytes from standard input to standard output.
#[test]
fn stdin_binary() {
    let bytes: Vec<u8> = (0..300_000_u32)
        .map(|i| (i.wrapping_mul(i) >> 7) as u8)
        .collect();
    same::as_native_with(Guest::named("stdin"), &["binary"], &bytes);
}

/// Arguments reach the guest as they are, even those that look like options.
#[test]
fn args() {
    let args = [
        "plain",
        "",
        "two words",
        "-v",
        "--dir=/x",
        "grüße",
        "new\nline",
        "--",
        "*",
    ];
    same::as_native_with(Guest::named("args"), &args, b"");
    same::as_native_with(Guest::named("args"), &["-n", "7", "-v", "rest"], b"");
}
