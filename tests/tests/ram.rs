//! RAM disks on the command line: from an archive, and full. `hosts` runs programs on one.

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

/// The program gets an error if the disk is full.
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
