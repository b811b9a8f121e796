//! Grants of directories: links to them, nested grants, a current directory that was removed. Also the number of files that
//! can be open in them.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tests::run::clean;
use tests::same::folder;
use tests::tools::programs;
use tests::{Guest, Run, modules, wasi_interp};

fn program() -> PathBuf {
    Guest::named("filecopy").wasm()
}

/// Makes a folder with the file `a` in it.
fn filled(path: &Path) {
    fs::create_dir(path).expect("a fresh folder can be written");
    fs::write(path.join("a"), "text").expect("a fresh folder can be written");
}

fn copy(folder: &Path, options: &[&str], from: &str, to: &str) -> Run {
    let mut command = wasi_interp(folder);
    Run::of(command.args(options).arg(program()).args([from, to]))
}

/// The grant of a link to a folder: the program starts where it would natively, and finds the file through the link.
#[test]
fn a_link_by_its_name() {
    let work = folder();
    filled(&work.path().join("real"));
    symlink("real", work.path().join("link")).expect("a link can be made");
    for (options, to) in [
        (&["--dir=link"][..], "link/b"),
        (&["--dir=link", "--ram=/memory"], "real/c"),
    ] {
        copy(work.path(), options, "link/a", to).ends_with(0);
    }
    assert!(work.path().join("real/c").exists());
    let copied = fs::read_to_string(work.path().join("real/b")).expect("the copy exists");
    assert_eq!(copied, "text");
}

/// A read-only grant inside of a writable one is refused. The opposite nesting works.
#[test]
fn read_only_and_not() {
    let work = folder();
    filled(&work.path().join("sub"));
    for options in [["--dir=.", "--dir-ro=sub"], ["--dir-ro=sub", "--dir=."]] {
        copy(work.path(), &options, "sub/a", "b")
            .ends_with(1)
            .says(&["--dir-ro cannot protect", "/sub"]);
    }
    copy(work.path(), &["--dir=sub", "--dir-ro=sub"], "sub/a", "b")
        .ends_with(1)
        .says(&["by --dir and by --dir-ro"]);
    let options = ["--dir-ro=.", "--dir=sub"];
    copy(work.path(), &options, "sub/a", "sub/b").ends_with(0);
    copy(work.path(), &options, "sub/a", "b")
        .ends_with(1)
        .says(&["read-only"]);
    // It has another name in the guest.
    let options = ["--dir=.", "--dir-ro=sub::/fixed"];
    copy(work.path(), &options, "/fixed/a", "c").ends_with(0);
}

/// The current directory was removed. Absolute paths still work.
#[test]
fn started_nowhere() {
    let work = folder();
    filled(&work.path().join("files"));
    let files = work.path().join("files");
    let mut shell: Command = clean("/bin/sh", work.path());
    shell
        .args([
            "-c",
            r#"mkdir gone && cd gone && rmdir ../gone && exec "$@""#,
            "sh",
        ])
        .arg(programs().join("wasi-interp"))
        .arg(format!("--dir={}", files.display()))
        .arg(program())
        .args([files.join("a"), files.join("b")]);
    Run::of(&mut shell).ends_with(0);
    assert!(files.join("b").exists());
}

/// Opens `sub/a` 200 times and keeps it open.
const KEEP_OPEN: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "sub/a")
  (func (export "_start") (local $times i32)
    (loop $again
      (if (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 0)
                      (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 16))
        (then (call $exit (i32.const 7))))
      (local.set $times (i32.add (local.get $times) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $times) (i32.const 200))))))"#;

/// A low limit of open files is raised if that is allowed. Otherwise the program gets an error.
#[test]
fn many_open_files() {
    let work = folder();
    filled(&work.path().join("sub"));
    let module = modules::assemble(work.path(), "keep_open.wasm", KEEP_OPEN);
    for (limit, status) in [("-Sn", 0), ("-n", 7)] {
        let mut shell: Command = clean("/bin/sh", work.path());
        shell
            .args(["-c", r#"ulimit "$0" 100 && exec "$@""#, limit])
            .arg(programs().join("wasi-interp"))
            .arg("--dir=.")
            .arg(&module);
        Run::of(&mut shell).ends_with(status);
    }
}
