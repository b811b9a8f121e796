//! Frozen programs: `--freeze-to` writes them, `thaw` goes on, and in the end they have done what they do natively.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tests::same::folder;
use tests::{Guest, Run, modules, tools, tree, wasi_interp};

/// A program in a folder of its own.
struct Frozen {
    folder: tempfile::TempDir,
    /// Its standard input.
    input: PathBuf,
}

impl Frozen {
    fn new() -> Self {
        let folder = folder();
        let lines = |name: &str| (1..40).map(|n| format!("{name} {n}\n")).collect::<String>();
        fs::write(folder.path().join("source.txt"), lines("source")).expect("it can be written");
        let input = folder.path().join("input.txt");
        fs::write(&input, lines("line")).expect("it can be written");
        Self { folder, input }
    }

    /// A command with the program's input and directory.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.folder.path());
        command.stdin(File::open(&self.input).expect("it was written"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn wasi_interp(&self) -> Command {
        self.command(&tools::programs().join("wasi-interp"))
    }

    /// Runs a command. Its status, standard output and standard error.
    fn run(&self, command: &mut Command) -> (i32, String, String) {
        let output = command.output().expect("it can be started");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes text");
        let status = output.status.code().expect("it was not killed");
        (status, text(output.stdout), text(output.stderr))
    }
}

/// What a program does natively: its status, its output, and its files.
fn natively(native: &Path, args: &[&str]) -> (i32, String, BTreeMap<PathBuf, tree::Entry>) {
    let here = Frozen::new();
    let (status, stdout, stderr) = here.run(here.command(native).args(args).env("NAME", "value"));
    assert_eq!(stderr, "");
    (status, stdout, files_of(here.folder.path()))
}

/// The files of a program.
fn files_of(folder: &Path) -> BTreeMap<PathBuf, tree::Entry> {
    let mut files = tree::of(folder);
    files.retain(|path, _| {
        path.extension()
            .is_none_or(|extension| extension != "state")
    });
    files
}

/// Runs a program, which is frozen after `fuel` units again and again, and goes on in another process each time. Returns how often.
#[track_caller]
fn in_pieces(native: &Path, wasm: &Path, args: &[&str], mut fuel: impl FnMut() -> u64) -> usize {
    let (status, stdout, files) = natively(native, args);
    let (here, states) = (Frozen::new(), folder());
    let state = |piece: usize| states.path().join(format!("{piece}.state"));
    let mut out = String::new();
    let mut pieces: usize = 0;
    loop {
        let mut command = here.wasi_interp();
        let freeze = [
            format!("--freeze-to={}", state(pieces).display()),
            format!("--freeze-after={}", fuel()),
        ];
        if pieces == 0 {
            command.args(["--dir=.", "--env=NAME=value"]).args(freeze);
            command.arg(wasm).args(args);
        } else {
            command.arg("thaw").args(freeze).arg(state(pieces - 1));
        }
        let (ended, said, stderr) = here.run(&mut command);
        out += &said;
        if !state(pieces).exists() {
            assert_eq!(
                (ended, stderr.as_str()),
                (status, ""),
                "after {pieces} pieces"
            );
            break;
        }
        assert_eq!(ended, 0, "{stderr}");
        assert!(stderr.contains(": frozen to "), "{stderr}");
        pieces += 1;
    }
    assert_eq!(out, stdout, "after {pieces} pieces");
    assert_eq!(files_of(here.folder.path()), files, "after {pieces} pieces");
    pieces
}

/// A program with goroutines, timers, a map, open files and a half-read input. `FREEZES=N` freezes it N times.
#[test]
fn a_go_program_goes_on_wherever_it_was_frozen() {
    let wanted = std::env::var("FREEZES").map_or(25, |text| text.parse().expect("a number"));
    let guest = Guest::named("frozen");
    let mut random: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut frozen = 0;
    while frozen < wanted {
        frozen += in_pieces(&guest.native(), &guest.wasm(), &["one", "two"], || {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            1_000 + (random >> 33) % 10_000
        });
    }
}

/// Programs that reach most of Go's runtime and of wasi-libc.
#[test]
fn programs_go_on_in_pieces() {
    for (name, fuel) in [
        ("maps", 1_500_000),
        ("json", 700_000),
        ("gc", 2_500_000),
        ("tree", 60_000),
    ] {
        let guest = Guest::named(name);
        let pieces = in_pieces(&guest.native(), &guest.wasm(), &[], || fuel);
        assert!(pieces > 1, "{name} is frozen {pieces} times");
    }
    let guest = Guest::named("frozen").old();
    assert!(in_pieces(&guest.native(), &guest.wasm(), &[], || 9_000) > 1);
    let guest = Guest::named("cfiles");
    assert!(in_pieces(&guest.c_native(), &guest.c_wasm(), &[], || 300) > 1);
}

/// A module in lowered form, frozen before `main.main`.
#[test]
fn a_program_is_frozen_at_a_function() {
    let guest = Guest::named("frozen");
    let (status, stdout, files) = natively(&guest.native(), &[]);
    let here = Frozen::new();
    let lowered = here.folder.path().join("frozen.state");
    let written = here.run(
        here.wasi_interp()
            .args(["compile", "--canonical-nans"])
            .arg("-o")
            .arg(&lowered)
            .arg(guest.wasm()),
    );
    assert_eq!(written.0, 0, "{}", written.2);
    for module in [guest.wasm(), lowered] {
        let _ = fs::remove_file(here.folder.path().join("log.txt"));
        let mut command = here.wasi_interp();
        command.args([
            "--dir=.",
            "--env=NAME=value",
            "--freeze-to=main.state",
            "--freeze-at=main.main",
        ]);
        let (ended, said, _) = here.run(command.arg(&module));
        assert_eq!((ended, said.as_str()), (0, ""), "it has not begun");
        for words in [["thaw", "main.state"]; 2] {
            let _ = fs::remove_file(here.folder.path().join("log.txt"));
            let thawed = here.run(here.wasi_interp().args(words));
            assert_eq!(thawed, (status, stdout.clone(), String::new()));
            assert_eq!(files_of(here.folder.path()), files);
        }
    }
}

/// What it was started with cannot be changed.
#[test]
fn a_frozen_program_takes_no_other_arguments() {
    let here = folder();
    let wasm = modules::assemble(here.path(), "main.wasm", &opens("kept"));
    let mut command = wasi_interp(here.path());
    command.args(["--dir=.", "--freeze-to=s.state", "--freeze-after=500"]);
    Run::of(command.arg(&wasm)).ends_with(0);
    for words in [
        &["s.state", "word"][..],
        &["--dir=.", "s.state"],
        &["--env=A=b", "s.state"],
        &["--max-memory=64M", "s.state"],
    ] {
        let run = Run::of(wasi_interp(here.path()).args(words)).ends_with(1);
        run.says(&["s.state is a frozen program, which has the arguments"]);
    }
    // Nor does a file grant itself a directory: only the command `thaw` does.
    Run::of(wasi_interp(here.path()).arg("s.state"))
        .ends_with(1)
        .says(&["if you trust the file, wasi-interp thaw s.state grants them again"]);
    let alone = r#"(module (func (export "_start") (local $n i32)
        (loop $again (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 99))))
        unreachable))"#;
    let alone = modules::assemble(here.path(), "alone.wasm", alone);
    let mut command = wasi_interp(here.path());
    command.args(["--freeze-to=alone.state", "--freeze-after=50"]);
    Run::of(command.arg(&alone)).ends_with(0);
    Run::of(wasi_interp(here.path()).arg("alone.state"))
        .ends_with(134)
        .says(&["unreachable executed"]);
}

/// A signal freezes a program that waits, and it goes on meanwhile if the user wants.
#[cfg(unix)]
#[test]
fn a_signal_freezes_a_program_that_waits() {
    let guest = Guest::named("frozen");
    let (status, stdout, files) = natively(&guest.native(), &[]);
    for goes_on in [false, true] {
        let here = Frozen::new();
        let mut command = here.wasi_interp();
        command.args(["--dir=.", "--env=NAME=value", "--freeze-to=now.state"]);
        if goes_on {
            command.arg("--freeze-and-go-on");
        }
        let mut child = command
            .arg(guest.wasm())
            .spawn()
            .expect("it can be started");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut before = String::new();
        out.read_line(&mut before).expect("it writes text");
        assert!(before.starts_with("begun"), "{before}");
        let sent = Command::new("kill")
            .args(["-USR1", &child.id().to_string()])
            .status();
        assert!(sent.expect("kill can be started").success());
        out.read_to_string(&mut before).expect("it writes text");
        let ended = child.wait().expect("it was started").code();
        let ended = ended.expect("it was not killed");
        let state = here.folder.path().join("now.state");
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&state)
            .expect("it was written")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        if goes_on {
            assert_eq!((ended, before), (status, stdout.clone()));
            continue;
        }
        assert_eq!(ended, 0);
        let (thawed, after, stderr) = here.run(here.wasi_interp().args(["thaw", "now.state"]));
        assert_eq!((thawed, stderr.as_str()), (status, ""));
        assert_eq!(before + &after, stdout);
        assert_eq!(files_of(here.folder.path()), files);
    }
}

/// A module that opens `file` and spins for a while.
fn opens(file: &str) -> String {
    format!(
        r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "{file}")
    (data (i32.const 16) "\20\00\00\00\01\00\00\00") ;; one buffer: at 32, 1 byte long
    (func $spin (local $left i32)
        (local.set $left (i32.const 1000))
        (loop $again (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))
    (func (export "_start") (local $first i32)
        (if (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const {len})
            (i32.const 1) (i64.const 66) (i64.const 0) (i32.const 0) ;; create it, to read and write
            (i32.const 24)) (then (call $exit (i32.const 99))))
        (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 117)) ;; a name with `u` in front
            (then (drop (call $unlink (i32.const 3) (i32.const 0) (i32.const {len})))))
        (call $spin)
        (local.set $first (call $read (i32.load (i32.const 24)) (i32.const 16) (i32.const 1) (i32.const 28)))
        (drop (call $close (i32.load (i32.const 24))))
        (call $exit (local.get $first))))"#,
        len = file.len()
    )
}

#[test]
fn what_cannot_be_kept_is_said_and_the_program_goes_on() {
    let here = folder();
    let wasm = modules::assemble(here.path(), "main.wasm", &opens("unnamed"));
    let mut command = wasi_interp(here.path());
    command.args(["--dir=.", "--freeze-to=s.state", "--freeze-after=500"]);
    Run::of(command.arg(&wasm)).ends_with(0).says(&[
        "the program cannot be frozen",
        "`unnamed`, which was removed, replaced or renamed since; it goes on",
    ]);
    assert!(!here.path().join("s.state").exists());
}

#[test]
fn a_file_that_is_gone_is_named_and_its_descriptor_is_bad() {
    const BADF: i32 = 8;
    let here = folder();
    let wasm = modules::assemble(here.path(), "main.wasm", &opens("kept"));
    let mut command = wasi_interp(here.path());
    command.args(["--dir=.", "--freeze-to=s.state", "--freeze-after=500"]);
    Run::of(command.arg(&wasm))
        .ends_with(0)
        .says(&["frozen to s.state"]);
    Run::of(wasi_interp(here.path()).args(["thaw", "s.state"])).ends_with(0);
    fs::remove_file(here.path().join("kept")).expect("the program has created it");
    Run::of(wasi_interp(here.path()).args(["thaw", "s.state"]))
        .ends_with(BADF)
        .says(&[": `kept` cannot be opened again: no such file"]);
}

#[test]
fn what_is_wrong_with_a_state_is_said_in_one_line() {
    let here = folder();
    let wasm = modules::assemble(here.path(), "main.wasm", &opens("kept"));
    let other = modules::assemble(here.path(), "other.wasm", &opens("else"));
    let mut command = wasi_interp(here.path());
    command.args([
        "--dir=.",
        "--freeze-to=s.state",
        "--freeze-after=500",
        "--without-module",
    ]);
    Run::of(command.arg(&wasm)).ends_with(0);
    let thaw = |words: &[&str]| {
        let run = Run::of(wasi_interp(here.path()).arg("thaw").args(words));
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        run
    };
    thaw(&["s.state"])
        .ends_with(1)
        .says(&["written without the module", "thaw s.state MODULE"]);
    let other = other.display().to_string();
    thaw(&["s.state", &other])
        .ends_with(1)
        .says(&["does not belong to this program: instance 0"]);
    Run::of(wasi_interp(here.path()).args(["thaw", "s.state", "main.wasm"])).ends_with(0);
    thaw(&["main.wasm"])
        .ends_with(1)
        .says(&["it is no frozen program"]);

    let whole = fs::read(here.path().join("s.state")).expect("it was written");
    for part in 0..50 {
        let cut = &whole[..whole.len() * part / 50];
        let path = modules::write(here.path(), "cut.state", cut)
            .display()
            .to_string();
        thaw(&[&path, "main.wasm"])
            .ends_with(1)
            .says(&["cut.state"]);
        let mut changed = whole.clone();
        changed[whole.len() * part / 50] ^= 0x20;
        let path = modules::write(here.path(), "changed.state", &changed)
            .display()
            .to_string();
        thaw(&[&path, "main.wasm"])
            .ends_with(1)
            .says(&["changed.state"]);
    }
    // Without its directory, the program has no descriptor 3.
    let run = Run::of(wasi_interp(here.path()).args(["--freeze-after=5", "main.wasm"]));
    run.ends_with(2).says(&["--freeze-to"]);
}

/// A RAM disk is part of the state.
#[test]
fn a_ram_disk_is_kept() {
    let guest = Guest::named("files");
    let here = folder();
    let native = Run::of(&mut tests::run::clean(guest.native(), here.path()));
    let there = folder();
    let mut command = wasi_interp(there.path());
    command.args([
        "--ram=/ram",
        "--env=PWD=/ram",
        "--freeze-to=0.state",
        "--freeze-after=40000",
    ]);
    let mut run = Run::of(command.arg(guest.wasm()));
    let mut out = run.stdout.clone();
    let mut pieces = 0;
    while there.path().join(format!("{pieces}.state")).exists() {
        let next = format!("--freeze-to={}.state", pieces + 1);
        let last = format!("{pieces}.state");
        let mut command = wasi_interp(there.path());
        run = Run::of(command.args(["thaw", &next, "--freeze-after=40000", &last]));
        out += &run.stdout;
        pieces += 1;
    }
    assert!(pieces > 1, "it was frozen {pieces} times");
    assert_eq!((out, run.status), (native.stdout, native.status));
}

/// `compile --started` stores a program at the start of main, with its arguments.
#[test]
fn a_program_that_is_stored_at_main() {
    for guest in [Guest::named("args"), Guest::named("args").old()] {
        let here = folder();
        let words = ["a b", "--", "-x"];
        let mut plain = wasi_interp(here.path());
        let plain = Run::of(plain.arg(guest.wasm()).args(words)).ends_with(0);
        let mut compile = wasi_interp(here.path());
        let compile = compile.args(["compile", "--started", "-o", "started.wi"]);
        Run::of(compile.arg(guest.wasm()).arg("--").args(words)).ends_with(0);
        for _ in 0..2 {
            let mut started = wasi_interp(here.path());
            let started = Run::of(started.arg("started.wi")).ends_with(0);
            assert_eq!(started.stdout, plain.stdout);
        }
        let mut other = wasi_interp(here.path());
        let other = Run::of(other.args(["started.wi", "other"])).ends_with(1);
        assert!(
            other.stderr.contains("is a frozen program"),
            "{}",
            other.stderr
        );
    }
}

#[test]
fn a_program_that_never_calls_the_function_is_not_stored() {
    let here = folder();
    let text = r#"(module (func $main.main) (func (export "_start")))"#;
    let module = modules::assemble(here.path(), "never.wasm", text);
    for (at, says) in [
        ("main.main", "has ended before it called `main.main`"),
        ("other", "no function is called `other`"),
    ] {
        let mut compile = wasi_interp(here.path());
        let compile = compile.args(["compile", "--started", "--at", at, "-o", "never.wi"]);
        let run = Run::of(compile.arg(&module)).ends_with(1);
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert!(!here.path().join("never.wi").exists());
    }
}
