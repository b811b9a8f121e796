//! Signals: Ctrl-C and SIGQUIT stop a guest, and so do SIGTERM and SIGHUP if a volume must be written.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tests::same::folder;
use tests::tools::{programs, repository};
use tests::{Guest, Run, modules, volume, wasi_interp};
use wasi_shim::fat::image::Kind;

/// Ctrl-C and SIGQUIT stop a guest that computes and one that waits, and print its position.
#[test]
fn interrupt() {
    let here = folder();
    let spin = modules::assemble(here.path(), "spin.wasm", modules::SPIN);
    for guest in [spin, Guest::named("ticker").wasm()] {
        for (signal, outcome, words) in [
            (SIGINT, 130, "stopped by Ctrl-C, in "),
            (SIGQUIT, 131, "stopped by SIGQUIT\nwasm backtrace:\n    0: "),
        ] {
            let mut command = with_signals();
            command.arg(&guest);
            let mut child = start(command);
            until_it_catches(child.id(), signal);
            sleep(Duration::from_millis(500));
            let (status, said) = stop(&mut child, signal);
            assert_eq!(status, Some(outcome), "{}: {said}", guest.display());
            let start = format!("wasi-interp: {}: {words}", guest.display());
            assert!(said.contains(&start), "{said}");
        }
    }
}

/// Writes 1,000 lines to a file of descriptor 3, which stays open, then one line to standard output, and computes forever.
const WRITE_AND_SPIN: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "log.txt")
    (data (i32.const 16) "\20\00\00\00\06\00\00\00") ;; one buffer: at 32, 6 bytes long
    (data (i32.const 32) "hello\n")
    (func (export "_start") (local $left i32)
        (drop (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 7) ;; path
            (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) ;; create it, to write
            (i32.const 24)))
        (local.set $left (i32.const 1000))
        (loop $again
            (drop (call $write (i32.load (i32.const 24)) (i32.const 16) (i32.const 1) (i32.const 28)))
            (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 28)))
        (loop $spin (br $spin))))"#;

/// The writes of a terminated guest are preserved, in a directory and on a volume, also for open files.
#[test]
fn termination() {
    let (dir, fat) = ("--dir=.", "--fat=disk.img");
    let cases = [
        (dir, SIGTERM, "ends by itself"),
        (fat, SIGTERM, "SIGTERM"),
        (dir, SIGHUP, "ends by itself"),
        (fat, SIGHUP, "SIGHUP"),
    ];
    for (grant, signal, name) in cases {
        let here = folder();
        let guest = modules::assemble(here.path(), "write.wasm", WRITE_AND_SPIN);
        volume::make(&here.path().join("disk.img"), Kind::Fat16, 32);
        let mut command = with_signals();
        command.arg(grant).arg(&guest).current_dir(here.path());
        let mut child = start(command);
        let mut line = String::new();
        let stdout = child.stdout.take().expect("stdout is piped");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("it writes text");
        assert_eq!(line, "hello\n");
        let (status, said) = stop(&mut child, signal);
        let log = here.path().join("log.txt");
        if grant.starts_with("--fat") {
            assert_eq!(status, Some(128 + signal.cast_signed()));
            let start = format!("wasi-interp: {}: stopped by {name}, in ", guest.display());
            assert!(said.contains(&start), "{said}");
            let copy = ["--dir=.::/here", "--fat=disk.img::/disk"];
            let filecopy = repository().join("tests/guests/filecopy/main.wasm");
            let mut command = wasi_interp(here.path());
            command.args(copy).arg(filecopy);
            Run::of(command.args(["/disk/log.txt", "/here/log.txt"])).ends_with(0);
        } else {
            assert_eq!((status, &*said), (None, ""), "the signal ends it");
        }
        let written = std::fs::read_to_string(log).expect("the file is there");
        assert!(written == "hello\n".repeat(1000), "{} bytes", written.len());
    }
}

/// `nohup` makes a program survive its terminal: the signal that it ignores stays ignored.
#[test]
fn nohup_is_obeyed() {
    let here = folder();
    let guest = modules::assemble(here.path(), "write.wasm", WRITE_AND_SPIN);
    volume::make(&here.path().join("disk.img"), Kind::Fat16, 32);
    let mut command = Command::new("env");
    command.args(["--default-signal=TERM", "nohup"]);
    command.arg(programs().join("wasi-interp"));
    command.arg("--fat=disk.img").arg(&guest);
    command.current_dir(here.path());
    let mut child = start(command);
    until_it_catches(child.id(), SIGTERM);
    let kill = Command::new("kill")
        .args(["-HUP", &child.id().to_string()])
        .status();
    assert!(kill.expect("kill can be started").success());
    sleep(Duration::from_millis(200));
    assert_eq!(child.try_wait().expect("it can be waited for"), None);
    let (status, _) = stop(&mut child, SIGTERM);
    assert_eq!(status, Some(143));
}

/// Numbers of signals.
const SIGHUP: u32 = 1;
const SIGINT: u32 = 2;
const SIGQUIT: u32 = 3;
const SIGTERM: u32 = 15;

/// `wasi-interp` with the ordinary effects of signals. If the tests run in the background, some are ignored, and children inherit that.
fn with_signals() -> Command {
    let mut command = Command::new("env");
    command
        .arg("--default-signal=HUP,INT,QUIT,TERM")
        .arg(programs().join("wasi-interp"));
    command
}

fn start(mut command: Command) -> Child {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("wasi-interp can be started")
}

/// Sends a signal and waits for the end. Returns the exit status and the output.
#[track_caller]
fn stop(child: &mut Child, signal: u32) -> (Option<i32>, String) {
    let kill = Command::new("kill")
        .args([format!("-{signal}"), child.id().to_string()])
        .status();
    assert!(kill.expect("kill can be started").success());
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "it goes on after signal {signal}"
        );
        sleep(Duration::from_millis(10));
    };
    let mut said = String::new();
    let mut stderr = child.stderr.take().expect("stderr is piped");
    stderr
        .read_to_string(&mut said)
        .expect("what is said is text");
    (status.code(), said)
}

/// Waits until a process has a handler for a signal. Its guest starts then.
fn until_it_catches(process: u32, signal: u32) {
    let start = Instant::now();
    let catches = || {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let caught = status
            .lines()
            .find_map(|line| line.strip_prefix("SigCgt:"))?;
        let caught = u64::from_str_radix(caught.trim(), 16).ok()?;
        // The first signal has number 1 and bit 0.
        Some(caught >> (signal - 1) & 1 != 0)
    };
    while catches() != Some(true) {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "it does not start"
        );
        sleep(Duration::from_millis(10));
    }
}
