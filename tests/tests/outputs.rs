//! Files that the host writes when a program ends, in a folder that the program may change: states, profiles, coverage, logs.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tests::same::folder;
use tests::{Guest, Run, modules, wasi_interp};

/// Links `target` under the name `name`, both in directory 3, and calls `done`.
fn links(here: &Path, target: &str, name: &str) -> PathBuf {
    let text = format!(
        r#"(module
        (import "wasi_snapshot_preview1" "path_symlink" (func $link (param i32 i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "{target}") (data (i32.const 100) "{name}")
        (func $done (export "done"))
        (func (export "_start")
          (drop (call $link (i32.const 0) (i32.const {}) (i32.const 3) (i32.const 100) (i32.const {})))
          (call $done)))"#,
        target.len(),
        name.len()
    );
    modules::assemble(here, "links.wasm", &text)
}

/// Moves the folder `out` away and links `../outside` in its place, and calls `done`, after a loop for the profile.
const SWAPS: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_symlink" (func $link (param i32 i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_rename" (func $rename (param i32 i32 i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "../outside") (data (i32.const 100) "out") (data (i32.const 200) "old")
    (func $done (export "done"))
    (func (export "_start") (local i32)
      (if (call $rename (i32.const 3) (i32.const 100) (i32.const 3) (i32.const 3) (i32.const 200) (i32.const 3))
        (then unreachable))
      (if (call $link (i32.const 0) (i32.const 10) (i32.const 3) (i32.const 100) (i32.const 3))
        (then unreachable))
      (loop (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 0) (i32.const 200000))))
      (call $done)))"#;

/// Runs a module in the folder `box`, which is granted.
#[track_caller]
fn run(here: &Path, module: &Path, options: &[&str]) -> Run {
    let granted = here.join("box");
    let mut command = wasi_interp(&granted);
    Run::of(command.arg("--dir=.").args(options).arg(module)).ends_with(0)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("it is there")
}

/// The folder of the output is another one at the end.
#[test]
fn a_folder_that_the_program_replaces() {
    for options in [
        &["--freeze-to=out/s.wi", "--freeze-at=done"][..],
        &["--profile=out/p.folded"],
    ] {
        let here = folder();
        for name in ["box", "box/out", "outside"] {
            fs::create_dir(here.path().join(name)).expect("a fresh folder can be written");
        }
        let module = modules::assemble(here.path(), "swaps.wasm", SWAPS);
        run(here.path(), &module, options);
        let files = |name: &str| {
            fs::read_dir(here.path().join(name))
                .expect("it is there")
                .count()
        };
        assert_eq!(files("outside"), 0, "{options:?}");
        assert_eq!(files("box/old"), 1, "{options:?}");
    }
}

/// The name of the output is a link to a file or to a pipe outside at the end.
#[test]
fn a_name_that_the_program_links() {
    for target in ["victim", "pipe"] {
        let here = folder();
        fs::create_dir(here.path().join("box")).expect("a fresh folder can be written");
        fs::write(here.path().join("victim"), "mine").expect("a fresh folder can be written");
        let made = Command::new("mkfifo")
            .arg(here.path().join("pipe"))
            .status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo");
        let module = links(here.path(), &format!("../{target}"), "state.wi");
        let options = ["--freeze-to=state.wi", "--freeze-at=done"];
        run(here.path(), &module, &options);
        assert_eq!(read(&here.path().join("victim")), "mine");
        let state = here.path().join("box/state.wi").symlink_metadata();
        assert!(
            state.is_ok_and(|state| state.is_file()),
            "the link was replaced"
        );
    }
}

/// The names under which an output is written at first cannot be guessed.
#[test]
fn names_that_the_program_could_guess() {
    let here = folder();
    let granted = here.path().join("box");
    fs::create_dir(&granted).expect("a fresh folder can be written");
    fs::write(here.path().join("victim"), "mine").expect("a fresh folder can be written");
    for process in 1..40_000 {
        let name = granted.join(format!("state.wi.{process}"));
        std::os::unix::fs::symlink("../victim", name).expect("a link can be made");
    }
    let module = links(here.path(), "nowhere", "other");
    run(
        here.path(),
        &module,
        &["--freeze-to=state.wi", "--freeze-at=done"],
    );
    assert_eq!(read(&here.path().join("victim")), "mine");
    assert!(granted.join("state.wi").is_file());
}

/// An output never replaces the module, whatever its form.
#[test]
fn the_module_is_not_replaced() {
    let text = r#"(module (func (export "done")) (func (export "_start") (loop (br 0))))"#;
    let outputs = [
        ("--record", &[][..]),
        ("--freeze-to", &["--freeze-after=10"][..]),
        ("--coverage", &[]),
    ];
    for (option, more) in outputs {
        let here = folder();
        fs::write(here.path().join("main.wat"), text).expect("a fresh folder can be written");
        let wasm = Guest::named("exit").wasm();
        fs::copy(wasm, here.path().join("main.wasm")).expect("it can be copied");
        std::os::unix::fs::symlink("main.wasm", here.path().join("link"))
            .expect("a link can be made");
        for (module, output) in [
            ("main.wat", "main.wat"),
            ("main.wasm", "./main.wasm"),
            ("main.wasm", "link"),
        ] {
            let before = fs::read(here.path().join(module)).expect("it is there");
            let mut command = wasi_interp(here.path());
            command.arg(format!("{option}={output}")).args(more);
            let run = Run::of(command.args(["--timeout=10s", module]));
            run.ends_with(1).says(&["would replace the module"]);
            let after = fs::read(here.path().join(module)).expect("it is there");
            assert!(before == after, "{option}={output}");
        }
    }
}
