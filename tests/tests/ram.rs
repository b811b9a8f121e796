//! RAM disks on the command line: from an archive, and full. What programs do on one is in `hosts`.

use std::fs;
use std::process::Command;

use tests::same::folder;
use tests::{Guest, Run, wasi_interp};

/// A RAM disk that is filled from a tar archive, beside a directory of the host.
#[test]
fn from_an_archive() {
    let (here, out) = (folder(), folder());
    fs::create_dir(here.path().join("sub")).expect("a fresh folder can be written");
    fs::write(here.path().join("sub/file"), "from the archive")
        .expect("a fresh folder can be written");
    let tar = Command::new("tar")
        .current_dir(here.path())
        .args(["-cf", "disk.tar", "sub"])
        .status();
    assert!(tar.expect("tar can be started").success());
    let granted = format!("--dir={}", out.path().display());
    let target = out.path().join("copy");
    let mut command = wasi_interp(here.path());
    command
        .args(["--ram", "disk.tar::/data", &granted])
        .arg(Guest::named("filecopy").wasm());
    Run::of(command.arg("/data/sub/file").arg(&target)).ends_with(0);
    assert_eq!(
        fs::read_to_string(target).expect("the copy exists"),
        "from the archive"
    );
}

/// A full disk is the program's to handle.
#[test]
fn full() {
    let here = folder();
    fs::write(here.path().join("big"), vec![1; 3 << 20]).expect("a fresh folder can be written");
    let mut command = wasi_interp(here.path());
    command
        .args(["--ram", "/ram", "--ram-size", "1M", "--dir=."])
        .arg(Guest::named("filecopy").wasm());
    Run::of(command.args(["big", "/ram/copy"]))
        .ends_with(1)
        .says(&["no space left"]);
}

/// `--trace-wasi` tells the calls, and does not change what the program does.
#[test]
fn traced() {
    let run = |option: &str| {
        let here = folder();
        let mut command = wasi_interp(here.path());
        Run::of(
            command
                .args([option, "--dir=."])
                .arg(Guest::named("files").wasm()),
        )
        .ends_with(0)
    };
    let all = run("--trace-wasi");
    assert!(all.stdout.starts_with("wrote 12"), "{}", all.stdout);
    for call in ["path_open", "fd_write", "random_get", "ENOENT", "a.txt"] {
        assert!(all.stderr.contains(call), "{call} was not traced");
    }
    let files = run("--trace-wasi=fs");
    assert!(files.stderr.contains("path_open") && !files.stderr.contains("random_get"));
    let json = run("--trace-wasi=fs,json");
    assert!(
        json.stderr
            .lines()
            .all(|line| line.starts_with('{') && line.ends_with('}')),
        "{}",
        json.stderr
    );
}
