//! The file copy of the README, as a user types it: relative and absolute paths, hidden names, any order of `--dir`, any
//! current directory.

use std::fs;
use std::path::{Path, PathBuf};

use tests::same::folder;
use tests::tools::repository;
use tests::{Guest, Run, wasi_interp};

/// The file copy in three builds: the one in the repository, and those of both Go releases.
fn programs() -> [PathBuf; 3] {
    let kept = repository().join("tests/guests/filecopy/main.wasm");
    [
        kept,
        Guest::named("filecopy").wasm(),
        Guest::named("filecopy").old().wasm(),
    ]
}

/// Runs the copy in `here` with these options and names. Checks that `to` has the content of `from`.
#[track_caller]
fn copies(here: &Path, program: &Path, options: &[&str], names: [&str; 2], from: &Path, to: &Path) {
    let _ = fs::remove_file(to);
    let content = format!("content of {}\n", from.display());
    fs::write(from, &content).expect("the source can be written");
    let mut command = wasi_interp(here);
    Run::of(command.args(options).arg(program).args(names)).ends_with(0);
    assert_eq!(
        fs::read_to_string(to).expect("the copy exists"),
        content,
        "{options:?} {names:?}"
    );
}

/// The two commands of the README.
#[test]
fn as_printed() {
    for program in programs() {
        let (work, other) = (folder(), folder());
        let (here, there) = (work.path(), other.path());
        let (from, to) = (here.join("test.txt"), there.join("somewhere.txt"));
        let (other_dir, pwd_dir) = (
            format!("--dir={}", there.display()),
            format!("--dir={}", here.display()),
        );
        let (absolute, target) = (from.to_str().expect("UTF-8"), to.to_str().expect("UTF-8"));
        copies(
            here,
            &program,
            &["--dir=.", &other_dir],
            ["test.txt", target],
            &from,
            &to,
        );
        copies(
            here,
            &program,
            &[&pwd_dir, &other_dir],
            [absolute, target],
            &from,
            &to,
        );
        copies(
            here,
            &program,
            &["--dir", ".", "--dir", there.to_str().expect("UTF-8")],
            ["./test.txt", target],
            &from,
            &to,
        );
    }
}

/// The same with the real /tmp, which is granted as a whole.
#[test]
fn with_the_temporary_directory() {
    let work = folder();
    let name = format!("/tmp/wasi-interp-story-{}.txt", std::process::id());
    for program in programs() {
        let from = work.path().join("test.txt");
        copies(
            work.path(),
            &program,
            &["--dir=.", "--dir=/tmp"],
            ["test.txt", &name],
            &from,
            Path::new(&name),
        );
        copies(
            work.path(),
            &program,
            &["--dir=/tmp", "--dir=."],
            ["test.txt", &name],
            &from,
            Path::new(&name),
        );
    }
    fs::remove_file(name).expect("the copy exists");
}

/// Every pair of spellings, both orders of the options, hidden names.
#[test]
fn every_spelling() {
    let program = Guest::named("filecopy").wasm();
    let (work, other) = (folder(), folder());
    let (here, there) = (work.path(), other.path());
    fs::create_dir(here.join("sub")).expect("a fresh folder can be written");
    let other_dir = format!("--dir={}", there.display());
    let pwd_dir = format!("--dir={}", here.display());
    for name in [
        "file",
        ".hidden",
        "sub/file",
        "sub/.hidden",
        "sub/../file",
        "with space",
        "ünï",
    ] {
        let from = here.join(name);
        let to = there.join(".copy");
        let target = to.to_str().expect("UTF-8");
        let absolute = from.to_str().expect("UTF-8");
        let dotted = format!("./{name}");
        for options in [
            ["--dir=.", other_dir.as_str()],
            [other_dir.as_str(), "--dir=."],
            ["--dir=./", other_dir.as_str()],
            [pwd_dir.as_str(), other_dir.as_str()],
        ] {
            for source in [name, dotted.as_str(), absolute] {
                copies(here, &program, &options, [source, target], &from, &to);
            }
        }
    }
}

/// A relative directory below the current one, and one above it.
#[test]
fn other_relative_directories() {
    let program = Guest::named("filecopy").wasm();
    let work = folder();
    let (data, start) = (work.path().join("data"), work.path().join("start"));
    fs::create_dir_all(&data).expect("a fresh folder can be written");
    fs::create_dir_all(&start).expect("a fresh folder can be written");
    let absolute = data.join("b");
    let absolute = absolute.to_str().expect("UTF-8");
    copies(
        work.path(),
        &program,
        &["--dir=data"],
        ["data/a", "data/b"],
        &data.join("a"),
        &data.join("b"),
    );
    copies(
        work.path(),
        &program,
        &["--dir=data"],
        ["data/a", absolute],
        &data.join("a"),
        &data.join("b"),
    );
    copies(
        &start,
        &program,
        &["--dir=../data"],
        ["../data/a", "../data/b"],
        &data.join("a"),
        &data.join("b"),
    );
    copies(
        &start,
        &program,
        &["--dir=.."],
        ["../data/a", "copy"],
        &data.join("a"),
        &start.join("copy"),
    );
}

/// A grant of `/` grants everything under its own name. Relative names start at the current directory.
#[test]
fn the_whole_file_system() {
    let program = Guest::named("filecopy").wasm();
    let work = folder();
    let absolute = work.path().join("b");
    let absolute = absolute.to_str().expect("UTF-8");
    copies(
        work.path(),
        &program,
        &["--dir=/", "--dir=."],
        ["a", absolute],
        &work.path().join("a"),
        &work.path().join("b"),
    );
    let pwd = format!("PWD={}", work.path().display());
    copies(
        work.path(),
        &program,
        &["--dir=/", "--env", &pwd],
        ["a", "b"],
        &work.path().join("a"),
        &work.path().join("b"),
    );
}

/// The current directory is a symbolic link to a folder, so the shell's PWD differs from the real path. Both lead to the
/// file.
#[test]
fn behind_a_link() {
    let program = Guest::named("filecopy").wasm();
    let work = folder();
    let (real, link) = (work.path().join("real"), work.path().join("link"));
    fs::create_dir(&real).expect("a fresh folder can be written");
    std::os::unix::fs::symlink(&real, &link).expect("a link can be made");
    fs::write(real.join("a"), "linked").expect("a fresh folder can be written");
    for source in [real.join("a"), link.join("a"), "a".into()] {
        let mut command = wasi_interp(&link);
        command.env("PWD", &link);
        let dir = format!("--dir={}", link.display());
        Run::of(
            command
                .args(["--dir=.", &dir])
                .arg(&program)
                .arg(&source)
                .arg("b"),
        )
        .ends_with(0);
        assert_eq!(
            fs::read_to_string(real.join("b")).expect("the copy exists"),
            "linked"
        );
        fs::remove_file(real.join("b")).expect("the copy exists");
    }
}

/// The user's PWD overrides the default.
#[test]
fn own_working_directory() {
    let program = Guest::named("filecopy").wasm();
    let work = folder();
    let sub = work.path().join("sub");
    fs::create_dir(&sub).expect("a fresh folder can be written");
    let pwd = format!("PWD={}", sub.display());
    copies(
        work.path(),
        &program,
        &["--dir=.", "--env", &pwd],
        ["a", "b"],
        &sub.join("a"),
        &sub.join("b"),
    );
    copies(
        work.path(),
        &program,
        &["--env", "PWD=/w/sub", "--dir=.::/w"],
        ["a", "../b"],
        &sub.join("a"),
        &work.path().join("b"),
    );
}

/// With a guest name, the guest does not learn the host's path, neither from errors nor by its own name.
#[test]
fn hidden_host_path() {
    let program = Guest::named("filecopy").wasm();
    let work = folder();
    let here = work.path();
    copies(
        here,
        &program,
        &["--dir=.::/work"],
        ["a", "/work/b"],
        &here.join("a"),
        &here.join("b"),
    );
    copies(
        here,
        &program,
        &["--dir", ".::/"],
        ["/a", "b"],
        &here.join("a"),
        &here.join("b"),
    );
    let absolute = here.join("a");
    let mut command = wasi_interp(here);
    Run::of(
        command
            .arg("--dir=.::/work")
            .arg(&program)
            .arg(&absolute)
            .arg("c"),
    )
    .ends_with(1);
    let getwd = Guest::named("getwd").wasm();
    let run = Run::of(wasi_interp(here).arg("--dir=.::/work").arg(getwd)).ends_with(0);
    assert_eq!(run.stdout, "/work <nil>\n[PWD=/work]\n");
}

/// Without the option that grants a path, the program prints its error, and a line names the option.
#[test]
fn a_missing_option_is_named() {
    for program in programs() {
        let (work, other) = (folder(), folder());
        fs::write(work.path().join("test.txt"), "x").expect("a fresh folder can be written");
        let to = other.path().join("somewhere.txt");
        let run = Run::of(
            wasi_interp(work.path())
                .arg("--dir=.")
                .arg(&program)
                .arg("test.txt")
                .arg(&to),
        )
        .ends_with(1);
        let option = format!("--dir={}", other.path().display());
        let run = run.says(&["no such file", to.to_str().expect("UTF-8"), &option]);
        assert_eq!(
            run.stderr.lines().count(),
            2,
            "one line from the program and one from us:\n{}",
            run.stderr
        );
        assert!(!to.exists());

        let run = Run::of(
            wasi_interp(work.path())
                .arg(&program)
                .arg("test.txt")
                .arg(&to),
        )
        .ends_with(1);
        run.says(&["no such file", "test.txt", "--dir"]);

        let run = Run::of(
            wasi_interp(work.path())
                .arg("--dir=.")
                .arg(&program)
                .args(["missing.txt", "b"]),
        )
        .ends_with(1);
        assert_eq!(
            run.stderr.lines().count(),
            1,
            "a file that is not there needs no option:\n{}",
            run.stderr
        );
    }
}

/// A wrong `PWD` is named: a relative one, and one that was not granted.
#[test]
fn a_working_directory_that_is_not_there() {
    let (work, other) = (folder(), folder());
    fs::write(work.path().join("test.txt"), "x").expect("a fresh folder can be written");
    let there = other.path().display();
    for program in programs() {
        let said = |pwd: &str| {
            let mut command = wasi_interp(work.path());
            command.args(["--dir=.", "--env", pwd]).arg(&program);
            let run = Run::of(command.args(["test.txt", "copy"])).ends_with(1);
            run.says(&["no such file"]).stderr
        };
        let relative = said("PWD=.");
        assert!(relative.contains("PWD=. is no absolute path"), "{relative}");
        assert!(!relative.contains("--dir=/ "), "{relative}");
        let outside = said(&format!("PWD={there}"));
        assert!(
            outside.contains(&format!("PWD={there} lies outside")),
            "{outside}"
        );
        assert!(
            outside.contains(&format!("--dir={there} would grant it")),
            "{outside}"
        );
        let nowhere = said("PWD=/no-such-folder");
        assert!(
            nowhere.contains("PWD=/no-such-folder lies outside"),
            "{nowhere}"
        );
    }
}

/// A directory that may only be read.
#[test]
fn read_only() {
    let program = Guest::named("filecopy").wasm();
    let (work, other) = (folder(), folder());
    let option = format!("--dir-ro={}", work.path().display());
    let from = work.path().join("a");
    let source = from.to_str().expect("UTF-8");
    let target = other.path().join("b");
    let granted = format!("--dir={}", other.path().display());
    copies(
        other.path(),
        &program,
        &[&option, &granted],
        [source, "b"],
        &from,
        &target,
    );
    let refused = work.path().join("b");
    Run::of(
        wasi_interp(work.path())
            .args([&option, &granted])
            .arg(&program)
            .arg(source)
            .arg(&refused),
    )
    .ends_with(1);
    assert!(!refused.exists());
}

/// A missing `--dir` is an error of wasi-interp, not of the guest.
#[test]
fn a_directory_that_is_not_there() {
    let work = folder();
    let program = Guest::named("filecopy").wasm();
    Run::of(
        wasi_interp(work.path())
            .arg("--dir=nowhere")
            .arg(&program)
            .args(["a", "b"]),
    )
    .ends_with(1)
    .says(&["nowhere"]);
    fs::write(work.path().join("file"), "").expect("a fresh folder can be written");
    Run::of(
        wasi_interp(work.path())
            .arg("--dir=file")
            .arg(&program)
            .args(["a", "b"]),
    )
    .ends_with(1)
    .says(&["file"]);
}
