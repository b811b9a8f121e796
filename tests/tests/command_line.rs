//! The texts of the command-line program: help, version, completions, manual page, listings.

use tests::same::folder;
use tests::{Guest, Run, modules, wasi_interp};

fn stdout(args: &[&str]) -> String {
    let here = folder();
    Run::of(wasi_interp(here.path()).args(args))
        .ends_with(0)
        .stdout
}

/// Every option that the documentation names is in the help.
#[test]
fn help_and_version() {
    let help = stdout(&["--help"]);
    for option in [
        "--dir",
        "--dir-ro",
        "--env",
        "--argv0",
        "--invoke",
        "--fuel",
        "--timeout",
        "--max-memory",
        "--max-stack",
    ] {
        assert!(help.contains(option), "{option} is not in the help");
    }
    assert!(stdout(&["--version"]).starts_with("wasi-interp "));
}

/// Completions for the common shells, and a manual page that man can format.
#[test]
fn completions_and_manual_page() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = stdout(&["completions", shell]);
        assert!(
            script.contains("wasi-interp") && script.contains("max-memory"),
            "{shell}"
        );
    }
    let page = stdout(&["man"]);
    assert!(
        page.contains(".TH") && page.contains("EXIT STATUS"),
        "{page}"
    );
}

/// The word `run` is optional, and the words after the module belong to the guest.
#[test]
fn run_may_be_left_out() {
    let here = folder();
    for words in [&["run"][..], &[]] {
        Run::of(
            wasi_interp(here.path())
                .args(words)
                .arg(Guest::named("exit").wasm())
                .arg("9"),
        )
        .ends_with(9);
    }
    let mut command = wasi_interp(here.path());
    let run = Run::of(
        command
            .arg(Guest::named("args").wasm())
            .args(["--help", "--env", "X=1"]),
    );
    assert!(
        run.ends_with(0)
            .stdout
            .starts_with("1 \"--help\"\n2 \"--env\"\n3 \"X=1\"\n")
    );
}

/// A module from standard input.
#[test]
fn module_from_standard_input() {
    let here = folder();
    let bytes = std::fs::read(Guest::named("exit").wasm()).expect("it was just built");
    Run::of(wasi_interp(here.path()).args(["-", "4"]).write_stdin(bytes)).ends_with(4);
}

/// `list` prints wasm beside bytecode, of all functions or of one.
#[test]
fn listing() {
    let here = folder();
    let module = modules::assemble(here.path(), "trap.wasm", modules::TRAP);
    let all = Run::of(wasi_interp(here.path()).arg("list").arg(&module))
        .ends_with(0)
        .stdout;
    assert!(
        all.contains("inner") && all.contains("middle") && all.contains("unreachable"),
        "{all}"
    );
    let one = Run::of(
        wasi_interp(here.path())
            .args(["list", "--func", "middle"])
            .arg(&module),
    )
    .ends_with(0)
    .stdout;
    assert!(
        one.contains("call") && !one.contains("unreachable"),
        "{one}"
    );
    let none = Run::of(
        wasi_interp(here.path())
            .args(["list", "--func", "absent"])
            .arg(&module),
    );
    none.ends_with(1).says(&["absent"]);
}
