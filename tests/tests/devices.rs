//! The operations on each kind of descriptor: file, pipe, socket, terminal, device. Also the devices that every guest has.
#![cfg(unix)]

use std::fs::{File, OpenOptions};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tests::same::folder;
use tests::terminal::terminal;
use tests::tools::programs;
use tests::{Guest, Run, run, wasi_interp};

/// An object as standard input and output, with everything that must outlive the program.
struct Object {
    stdin: OwnedFd,
    stdout: OwnedFd,
    kept: Vec<OwnedFd>,
}

/// Opens the target of a path, as a shell does for `<` and `>`.
fn opened(input: &Path, output: &Path) -> Object {
    let stdin = File::open(input).expect("it can be read");
    let stdout = OpenOptions::new().write(true).open(output);
    Object {
        stdin: stdin.into(),
        stdout: stdout.expect("it can be written").into(),
        kept: Vec::new(),
    }
}

fn device(name: &str) -> Object {
    let path = Path::new("/dev").join(name);
    opened(&path, &path)
}

fn file(folder: &Path) -> Object {
    let [input, output] = ["input", "output"].map(|name| folder.join(name));
    for path in [&input, &output] {
        std::fs::write(path, "content").expect("a fresh folder can be written");
    }
    opened(&input, &output)
}

fn pipe() -> Object {
    let (stdin, writer) = std::io::pipe().expect("the system has pipes");
    let (reader, stdout) = std::io::pipe().expect("the system has pipes");
    Object {
        stdin: stdin.into(),
        stdout: stdout.into(),
        kept: vec![writer.into(), reader.into()],
    }
}

fn socket() -> Object {
    let pair = || UnixStream::pair().expect("the system has sockets");
    let ((stdin, one), (stdout, other)) = (pair(), pair());
    Object {
        stdin: stdin.into(),
        stdout: stdout.into(),
        kept: vec![one.into(), other.into()],
    }
}

/// A directory can only be standard input, because it cannot be opened for writing.
fn directory(folder: &Path) -> Object {
    opened(folder, Path::new("/dev/null"))
}

fn terminal_object() -> Object {
    let (master, path) = terminal();
    Object {
        kept: vec![master],
        ..opened(&path, &path)
    }
}

/// The output of `cdevices` for such a standard input and output.
fn said(mut command: Command, object: Object) -> String {
    command.args(["stdin", "stdout"]);
    command.stdin(object.stdin).stdout(object.stdout);
    let output = command.stderr(Stdio::piped()).output();
    drop(object.kept);
    String::from_utf8(output.expect("it can be started").stderr).expect("UTF-8")
}

/// As standard input and output, each object behaves as natively. Only a terminal reports that it is one.
#[test]
fn as_standard_streams() {
    type Make = fn(&Path) -> Object;
    let objects: [(&str, Make); 9] = [
        ("file", |folder| file(folder)),
        ("pipe", |_| pipe()),
        ("socket", |_| socket()),
        ("terminal", |_| terminal_object()),
        ("null", |_| device("null")),
        ("zero", |_| device("zero")),
        ("full", |_| device("full")),
        ("urandom", |_| device("urandom")),
        ("directory", |folder| directory(folder)),
    ];
    let guest = Guest::named("cdevices");
    for (name, make) in objects {
        let (here, there) = (folder(), folder());
        let native = said(Command::new(guest.c_native()), make(here.path()));
        let mut command = Command::new(programs().join("wasi-interp"));
        command.arg(guest.c_wasm());
        let found = said(command, make(there.path()));
        assert_eq!(found, native, "{name}");
        let isatty = format!("isatty: {}\n", u8::from(name == "terminal"));
        assert_eq!(native.matches(&isatty).count(), 2, "{name}:\n{native}");
    }
}

/// Opened by a path in a granted directory, each object behaves as natively. The system's own devices are opened in the
/// granted `/dev`.
#[test]
fn by_path() {
    let (here, there) = (folder(), folder());
    let (_master, terminal) = terminal();
    let mut objects: Vec<PathBuf> = ["file", "fifo", "folder", "socket", "missing"]
        .map(PathBuf::from)
        .into();
    for folder in [here.path(), there.path()] {
        std::fs::write(folder.join("file"), "content").expect("a fresh folder can be written");
        std::fs::create_dir(folder.join("folder")).expect("a fresh folder can be written");
        let fifo = Command::new("mkfifo").arg(folder.join("fifo")).status();
        assert!(fifo.expect("mkfifo can be started").success());
        UnixListener::bind(folder.join("socket")).expect("a fresh folder can be written");
    }
    objects.extend(["/dev/null", "/dev/zero", "/dev/full", "/dev/urandom"].map(PathBuf::from));
    objects.push(terminal);
    match block_device() {
        Some(device) => objects.push(device),
        None => println!("no block device can be opened here: left out"),
    }
    let guest = Guest::named("cdevices");
    for object in objects {
        println!("{}", object.display());
        let native = Run::of(run::clean(guest.c_native(), here.path()).arg(&object)).ends_with(0);
        let mut command = wasi_interp(there.path());
        command.args(["--dir=.", "--dir=/dev"]).arg(guest.c_wasm());
        let found = Run::of(command.arg(&object)).ends_with(0);
        assert_eq!(found.stderr, native.stderr, "{}", object.display());
    }
}

/// An unused loop device that may be read and written, as root has. It has no bytes that could be lost.
fn block_device() -> Option<PathBuf> {
    let mut paths = (0..8).map(|number| PathBuf::from(format!("/dev/loop{number}")));
    paths.find(|path| {
        let is_block =
            std::fs::metadata(path).is_ok_and(|found| found.file_type().is_block_device());
        let mut options = OpenOptions::new();
        is_block
            && options
                .read(true)
                .write(true)
                .open(path)
                .is_ok_and(|mut file| {
                    std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0))
                        .is_ok_and(|size| size == 0)
                })
    })
}

/// Go finds the devices without a grant, and beside every grant except `/dev` and its parents.
#[test]
fn devices_without_a_grant() {
    let guest = Guest::named("devices");
    let here = folder();
    let native = Run::of(&mut run::clean(guest.native(), here.path())).ends_with(0);
    let grants: [&[&str]; 6] = [
        &[],
        &["--dir=."],
        &["--dir=.::/work", "--ram=/tmp"],
        &["--dir-ro=.::/dev/mine"],
        &["--ram=/dev/a/b"],
        &["--dir=/dev"],
    ];
    for options in grants {
        let mut command = wasi_interp(here.path());
        let found = Run::of(command.args(options).arg(guest.wasm())).ends_with(0);
        assert_eq!(found.stderr, "", "{options:?}");
        assert_eq!(found.stdout, native.stdout, "{options:?}");
    }
    // A grant of `/` contains its own `/dev`, or none.
    let mut command = wasi_interp(here.path());
    command
        .args(["--dir=.::/"])
        .arg(Guest::named("filecopy").wasm());
    Run::of(command.args(["/dev/null", "copy"]))
        .ends_with(1)
        .says(&["/dev/null"]);
}

/// C programs find them, too. An entry `dev` of the working directory takes precedence.
#[test]
fn devices_for_wasi_libc() {
    let guest = Guest::named("ccopy");
    let here = folder();
    let copy = |options: &[&str], from: &str, to: &str| {
        let mut command = wasi_interp(here.path());
        Run::of(command.args(options).arg(guest.c_wasm()).args([from, to]))
    };
    std::fs::write(here.path().join("from"), "text").expect("a fresh folder can be written");
    for options in [&["--dir=."][..], &["--dir=.::/work", "--ram=/tmp"]] {
        copy(options, "/dev/null", "empty").ends_with(0);
        copy(options, "from", "/dev/null").ends_with(0);
        copy(options, "from", "/dev/full").ends_with(1);
        copy(options, "from", "/dev/missing").ends_with(1);
        let copied = std::fs::read_to_string(here.path().join("empty"));
        assert_eq!(copied.expect("the copy exists"), "");
    }
    copy(&[], "/dev/null", "/dev/zero").ends_with(0);
    std::fs::create_dir(here.path().join("dev")).expect("a fresh folder can be written");
    copy(&["--dir=."], "from", "dev/null").ends_with(0);
    let own = std::fs::read_to_string(here.path().join("dev/null"));
    assert_eq!(own.expect("the copy exists"), "text");
}
