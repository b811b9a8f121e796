//! `--record` and `replay`: a replayed run prints the same bytes and ends in the same way, without anything of the outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use assert_cmd::Command as Checked;
use tests::same::folder;
use tests::{Guest, Run, modules, tools, wasi_interp};

/// Records a run in a folder, then replays it in an empty one without grants. Both must be equal. Returns the run and its log.
#[track_caller]
fn round_trip(module: &Path, options: &[&str], args: &[&str], input: &str) -> (Run, Vec<u8>) {
    let here = folder();
    let mut command = wasi_interp(here.path());
    command.args(["run", "--record", "log.wi"]).args(options);
    let recorded = Run::of(command.arg(module).args(args).write_stdin(input));
    let log = fs::read(here.path().join("log.wi")).expect("the run was recorded");
    let replayed = replay(&log, module, &[]);
    assert_eq!(replayed, recorded);
    (recorded, log)
}

fn replay(log: &[u8], module: &Path, options: &[&str]) -> Run {
    let empty = folder();
    let path = modules::write(empty.path(), "log.wi", log);
    let mut command: Checked = wasi_interp(empty.path());
    command.arg("replay").args(options).arg(path).arg(module);
    let run = Run::of(&mut command);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    let left = fs::read_dir(empty.path()).expect("a folder").count();
    assert_eq!(left, 1, "a replay makes no files");
    run
}

fn outside() -> PathBuf {
    Guest::named("outside").wasm()
}

#[test]
fn a_go_program_is_replayed() {
    let options = ["--dir=.", "--env", "HOME=/nowhere"];
    let (run, log) = round_trip(&outside(), &options, &["one", "two"], "a line\nanother\n");
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("input \"another\""), "{}", run.stdout);
    assert!(run.stdout.contains("file \"written at"), "{}", run.stdout);
    // The guest's output is not in the log.
    assert!(!log.windows(7).any(|bytes| bytes == b"random "));
    let (other, _) = round_trip(&outside(), &options, &["one", "two"], "a line\nanother\n");
    assert_ne!(other.stdout, run.stdout, "a recorded run is like any other");
}

#[test]
fn its_end_is_replayed() {
    let (run, _) = round_trip(&outside(), &[], &["exit"], "");
    assert!(run.stderr.contains("no file:"), "{}", run.stderr);
    let (run, _) = round_trip(&outside(), &[], &["panic"], "");
    assert_eq!(run.status, Some(2), "{}", run.stderr);
    assert!(
        run.stderr.contains("nil pointer dereference"),
        "{}",
        run.stderr
    );
}

#[test]
fn other_guests_are_replayed() {
    for name in [
        "maps",
        "channels",
        "gc",
        "recursion",
        "times",
        "ticker",
        "rng",
    ] {
        round_trip(&Guest::named(name).wasm(), &["--dir=."], &[], "");
    }
    for name in ["cmisc", "cfiles", "cerrors"] {
        round_trip(
            &Guest::named(name).c_wasm(),
            &["--dir=."],
            &["x"],
            "some input\n",
        );
    }
}

/// A module that reads the clock twice and then does `body`.
fn clock(folder: &Path, body: &str) -> PathBuf {
    let text = format!(
        r#"(module
            (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (import "wasi_snapshot_preview1" "proc_raise" (func $raise (param i32) (result i32)))
            (memory (export "memory") 1 100)
            (func $endless (loop (br 0)))
            (func (export "twice") (param i32) (result i64) (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 8)))
                (i64.mul (i64.load (i32.const 8)) (i64.extend_i32_s (local.get 0))))
            (func (export "_start") (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 8))) {body}))"#
    );
    modules::assemble(folder, "clock.wasm", &text)
}

#[test]
fn traps_and_exits_are_replayed() {
    let here = folder();
    for (body, status) in [
        ("", 0),
        ("unreachable", 134),
        (
            "(drop (i32.div_u (i32.const 1) (i32.load (i32.const 0))))",
            134,
        ),
        ("(drop (i32.load (i32.const -1)))", 134),
        ("(call $exit (i32.const 7))", 7),
        ("(drop (call $raise (i32.const 6)))", 134),
        ("(drop (call $raise (i32.const 17)))", 0),
        // The clock decides.
        (
            "(call $exit (i32.and (i32.load (i32.const 8)) (i32.const 63)))",
            -1,
        ),
    ] {
        let (run, _) = round_trip(&clock(here.path(), body), &[], &[], "");
        assert!(
            status < 0 || run.status == Some(status),
            "{body}: {}",
            run.stderr
        );
    }
    let module = clock(here.path(), "");
    let (run, _) = round_trip(&module, &["--invoke", "twice"], &["-3"], "");
    assert!(run.stdout.starts_with('-'), "{}", run.stdout);
}

#[test]
fn limits_are_replayed() {
    let here = folder();
    let grow =
        "(if (i32.ne (memory.grow (i32.const 1)) (i32.const 1)) (then (call $exit (i32.const 1))))
        (if (i32.ne (memory.grow (i32.const 60)) (i32.const -1)) (then (call $exit (i32.const 2))))
        (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 8)))
        (if (i32.ne (memory.grow (i32.const 60)) (i32.const -1)) (then (call $exit (i32.const 3))))
        (call $exit (i32.const 4))";
    let module = clock(here.path(), grow);
    let (run, _) = round_trip(&module, &["--max-memory=3M"], &[], "");
    assert_eq!(run.status, Some(4), "{}", run.stderr);
    assert!(run.stderr.contains("--max-memory allows"), "{}", run.stderr);
    let (run, _) = round_trip(
        &module,
        &["-W", "max-memory-size=3M,trap-on-grow-failure=y"],
        &[],
        "",
    );
    assert_eq!(run.status, Some(1), "{}", run.stderr);

    let endless = clock(here.path(), "(call $endless)");
    let (run, log) = round_trip(&endless, &["--fuel=1000000"], &[], "");
    assert_eq!(run.status, Some(134), "{}", run.stderr);
    assert!(run.stderr.contains("--fuel allows"), "{}", run.stderr);
    let until = replay(&log, &endless, &["--until=1234"]).ends_with(0);
    assert!(
        until.stderr.contains("stopped after 1234 units of fuel"),
        "{}",
        until.stderr
    );
    let trap = replay(&log, &endless, &["--until=trap"]).ends_with(134);
    assert!(
        trap.stderr.contains("after 1000000 units of fuel"),
        "{}",
        trap.stderr
    );
    let recursion = clock(here.path(), "(call 5)");
    let (run, log) = round_trip(&recursion, &["--max-stack=64K"], &[], "");
    assert!(
        run.stderr.contains("--max-stack allows 64KiB"),
        "{}",
        run.stderr
    );
    let late = replay(&log, &recursion, &["--until=0xffffffff"]).ends_with(134);
    assert!(late.stderr.contains("it ended after"), "{}", late.stderr);
    let (_, log) = round_trip(&clock(here.path(), ""), &[], &[], "");
    let none = replay(&log, &clock(here.path(), ""), &["--until=trap"]).ends_with(1);
    assert!(none.stderr.contains("without a trap"), "{}", none.stderr);
}

#[test]
fn stops_from_outside_are_replayed() {
    let here = folder();
    for body in [
        "(call $endless)",
        "(loop (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 8))) (br 0))",
    ] {
        let module = clock(here.path(), body);
        let (run, _) = round_trip(&module, &["--timeout=300ms"], &[], "");
        assert_eq!(run.status, Some(134), "{}", run.stderr);
        assert!(
            run.stderr.contains("the limit of --timeout"),
            "{}",
            run.stderr
        );
    }
    // `memory.grow` looks for a stop and takes no fuel, so the replayed run stops at the branch behind it.
    let module = clock(
        here.path(),
        "(loop (drop (memory.grow (i32.const 0))) (br 0))",
    );
    let mut command = wasi_interp(here.path());
    command.args(["run", "--record=log.wi", "--timeout=300ms"]);
    let run = Run::of(command.arg(&module)).ends_with(134);
    let log = fs::read(here.path().join("log.wi")).expect("the run was recorded");
    let again = replay(&log, &module, &[]).ends_with(134);
    assert_eq!(again.stderr.lines().next(), run.stderr.lines().next());
}

/// A stop while the program waits.
#[cfg(unix)]
#[test]
fn a_signal_is_replayed() {
    for signal in ["INT", "TERM", "QUIT"] {
        let here = folder();
        // If the tests run in the background, some signals are ignored, and children inherit that.
        let mut child = Command::new("env")
            .arg("--default-signal=HUP,INT,QUIT,TERM")
            .arg(tools::programs().join("wasi-interp"))
            .current_dir(here.path())
            .args(["run", "--record=log.wi"])
            .arg(outside())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        // It waits for input.
        std::thread::sleep(Duration::from_millis(1500));
        let kill = Command::new("kill")
            .args(["-s", signal, &child.id().to_string()])
            .status();
        assert!(kill.expect("kill can be started").success());
        let stdin = child.stdin.take();
        let output = child.wait_with_output().expect("it ends");
        drop(stdin);
        let log = fs::read(here.path().join("log.wi")).expect("the run was recorded");
        let run = replay(&log, &outside(), &[]);
        assert_eq!(run.status, output.status.code(), "{signal}: {}", run.stderr);
        assert_eq!(run.stdout, String::from_utf8_lossy(&output.stdout));
        assert_eq!(
            run.stderr,
            String::from_utf8_lossy(&output.stderr),
            "{signal}"
        );
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let here = folder();
    let module = clock(here.path(), "");
    let (_, log) = round_trip(&module, &[], &[], "");
    let other = here.path().join("other.wasm");
    fs::copy(clock(here.path(), "(nop)"), &other).expect("it can be copied");
    let run = replay(&log, &other, &[]).ends_with(1);
    assert!(run.stderr.contains("another module"), "{}", run.stderr);
    for (bytes, words) in [
        (&b""[..], "not a log"),
        (b"\0asm\x01\0\0\0", "not a log"),
        (b"\0wil", "cut off"),
        (b"\0wilog\x02\n", "not a log"),
    ] {
        let run = replay(bytes, &other, &[]).ends_with(1);
        assert!(run.stderr.contains(words), "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
    let run = Run::of(wasi_interp(here.path()).args(["replay", "none.wi", "other.wasm"]));
    run.ends_with(1).says(&["none.wi", "no such file"]);
    for command in ["replay", "thaw"] {
        let run = Run::of(wasi_interp(here.path()).args([command, "/", "other.wasm"]));
        run.ends_with(1).says(&["/ is a directory, not a file"]);
    }
    // The module is not overwritten.
    let run = Run::of(wasi_interp(here.path()).args(["run", "--record=clock.wasm", "clock.wasm"]));
    run.ends_with(1).says(&["would replace the module"]);
}

/// A cut at 50 places, and a changed byte at many.
#[test]
fn damage_is_found() {
    let here = folder();
    let (run, log) = round_trip(&outside(), &["--dir=."], &[], "input\n");
    let check = |bytes: &[u8], what: &str| {
        let damaged = replay(bytes, &outside(), &[]).ends_with(1);
        let told = damaged
            .stderr
            .lines()
            .filter(|line| line.starts_with("wasi-interp: "))
            .count();
        assert_eq!(told, 1, "{what}: {}", damaged.stderr);
        assert!(
            run.stdout.starts_with(&damaged.stdout),
            "{what}: {}",
            damaged.stdout
        );
    };
    for part in 0..50 {
        check(&log[..log.len() * part / 50], "cut");
    }
    for at in (0..log.len()).step_by(log.len() / 60) {
        let mut bytes = log.clone();
        bytes[at] ^= 1 << (at % 8);
        check(&bytes, "flipped");
    }
    check(&[&log[..], b"more"].concat(), "longer");
    drop(here);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_the_run() {
    let here = folder();
    let module = clock(here.path(), "(call $exit (i32.const 7))");
    let run = Run::of(
        wasi_interp(here.path())
            .args(["run", "--record=/dev/full"])
            .arg(module),
    );
    run.ends_with(1)
        .says(&["/dev/full", "the log cannot be written", "No space left"]);
}

#[test]
fn a_module_in_lowered_form_is_replayed_as_the_module_itself() {
    let here = folder();
    let module = clock(
        here.path(),
        "(call $exit (i32.and (i32.load (i32.const 8)) (i32.const 63)))",
    );
    let (run, log) = round_trip(&module, &[], &[], "");
    let lowered = here.path().join("clock.lwasm");
    let mut compile = wasi_interp(here.path());
    compile
        .args(["compile", "--canonical-nans", "-o"])
        .arg(&lowered)
        .arg(&module);
    Run::of(&mut compile).ends_with(0);
    assert_eq!(replay(&log, &lowered, &[]), run);
    round_trip(&lowered, &[], &[], "");
}
