//! A guest as a process: exit statuses, panics, environment, standard input while goroutines run, Ctrl-C.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tests::same::{as_native_with, folder};
use tests::tools::programs;
use tests::{Guest, Run, modules, run, wasi_interp};

/// The guest's exit status is ours.
#[test]
fn exit_statuses() {
    for guest in [Guest::named("exit"), Guest::named("exit").old()] {
        for status in ["0", "1", "2", "42", "125", "126", "134", "255"] {
            as_native_with(guest, &[status], b"");
        }
    }
}

/// A panic that nobody recovers from: what went wrong, then exit status 2, as natively.
#[test]
fn panics() {
    let guest = Guest::named("panics");
    let here = folder();
    for way in [
        "string",
        "error",
        "nil",
        "index",
        "slice",
        "divide",
        "type",
        "map",
        "close",
        "shift",
        "make",
        "nested",
        "goroutine",
        "deadlock",
    ] {
        let native = Run::of(run::clean(guest.native(), here.path()).arg(way)).ends_with(2);
        let found = Run::of(wasi_interp(here.path()).arg(guest.wasm()).arg(way)).ends_with(2);
        assert_eq!(found.stdout, native.stdout);
        assert_eq!(
            found.stderr.lines().next(),
            native.stderr.lines().next(),
            "{way}"
        );
        assert!(
            found.stderr.contains("goroutine "),
            "{way} shows no goroutine:\n{}",
            found.stderr
        );
    }
    Run::of(
        wasi_interp(here.path())
            .arg(guest.wasm())
            .arg("concurrent-exit"),
    )
    .ends_with(7);
}

/// Endless recursion ends in Go's own fatal error at the limit that the program sets.
#[test]
fn go_notices_its_stack_overflow() {
    let here = folder();
    let run = Run::of(
        wasi_interp(here.path())
            .arg(Guest::named("panics").wasm())
            .arg("overflow"),
    );
    run.ends_with(2)
        .says(&["stack overflow", "goroutine stack exceeds"]);
}

/// The guest has the environment that options give it and nothing else.
#[test]
fn environment() {
    let here = folder();
    let environment = |options: &[&str]| {
        let mut command = wasi_interp(here.path());
        command
            .env("GUEST_HOST", "from the host")
            .env("GUEST_ONE", "not this one");
        Run::of(command.args(options).arg(Guest::named("args").wasm()))
            .ends_with(0)
            .stdout
    };
    assert!(environment(&[]).starts_with("[]\n"));
    let set = environment(&[
        "--env",
        "GUEST_ONE=1=2",
        "--env=GUEST_EMPTY=",
        "--env",
        "GUEST_HOST",
    ]);
    assert!(
        set.starts_with(r#"["GUEST_EMPTY=" "GUEST_HOST=from the host" "GUEST_ONE=1=2"]"#),
        "{set}"
    );
    assert!(
        set.contains("\"\" true\n") && set.contains("set here and 1=2"),
        "{set}"
    );
    assert!(environment(&["--env", "GUEST_ABSENT"]).starts_with("[]\n"));
    assert!(
        environment(&["--env", "GUEST_A=1", "--env", "GUEST_A=2"]).starts_with("[\"GUEST_A=2\"]\n")
    );
    assert!(environment(&["--inherit-env"]).contains("GUEST_HOST=from the host"));
}

/// Goroutines go on while the program waits for a line.
#[test]
fn a_ticker_ticks_while_stdin_waits() {
    let here = folder();
    for guest in [Guest::named("ticker"), Guest::named("ticker").old()] {
        let mut child = Command::new(programs().join("wasi-interp"))
            .arg(guest.wasm())
            .current_dir(here.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("wasi-interp can be started");
        let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        let mut line = || {
            lines
                .next()
                .expect("the guest goes on")
                .expect("the guest writes text")
        };
        let mut stdin = child.stdin.take().expect("stdin is piped");
        assert_eq!(line(), "waiting");
        for text in ["first", "second"] {
            sleep(Duration::from_millis(300));
            writeln!(stdin, "{text}").expect("the guest reads");
            assert_eq!(line(), format!("got {text:?}, ticked meanwhile: true"));
        }
        drop(stdin);
        assert_eq!(line(), "end of input: <nil>");
        assert!(child.wait().expect("the guest ends").success());
    }
}

/// A guest that waits costs no processor time.
#[test]
fn waiting_does_not_spin() {
    let here = folder();
    let mut child = Command::new(programs().join("wasi-interp"))
        .arg(Guest::named("stdin").wasm())
        .current_dir(here.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("wasi-interp can be started");
    sleep(Duration::from_millis(500));
    let before = ticks(child.id());
    sleep(Duration::from_millis(700));
    let spent = ticks(child.id()) - before;
    drop(child.stdin.take());
    assert!(child.wait().expect("the guest ends").success());
    assert!(
        spent <= 10,
        "{spent} ticks of processor time in 0.7 s of waiting"
    );
}

/// Processor time of a process in clock ticks (10 ms): fields 14 and 15 of its stat file.
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("the process runs");
    let fields = stat
        .rsplit_once(')')
        .expect("the name stands in parentheses")
        .1;
    fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().expect("a number"))
        .sum()
}

/// Ctrl-C stops a guest that computes and one that waits.
#[test]
fn interrupt() {
    let here = folder();
    let spin = modules::assemble(here.path(), "spin.wasm", modules::SPIN);
    for guest in [spin, Guest::named("ticker").wasm()] {
        // Where the tests run in the background, the signal is ignored, and stays so in children.
        let mut child = Command::new("env")
            .arg("--default-signal=INT")
            .arg(programs().join("wasi-interp"))
            .arg(&guest)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("wasi-interp can be started");
        sleep(Duration::from_millis(500));
        let kill = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        assert!(kill.expect("kill can be started").success());
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child can be waited for") {
                break status;
            }
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{} goes on after Ctrl-C",
                guest.display()
            );
            sleep(Duration::from_millis(10));
        };
        assert_eq!(status.code(), Some(130), "{}", guest.display());
        let mut said = String::new();
        let mut stderr = child.stderr.take().expect("stderr is piped");
        stderr
            .read_to_string(&mut said)
            .expect("what is said is text");
        let start = format!("wasi-interp: {}: stopped by Ctrl-C, in ", guest.display());
        assert!(said.contains(&start), "{said}");
    }
}

/// A reader that goes away ends the guest as it ends a native program: no panic of ours, no hang.
#[test]
fn broken_pipe() {
    let here = folder();
    let mut child = Command::new(programs().join("wasi-interp"))
        .args([Guest::named("stdin").wasm().as_os_str(), "binary".as_ref()])
        .current_dir(here.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("wasi-interp can be started");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("stdin is piped");
    stdin
        .write_all(&vec![b'x'; 200_000])
        .expect("the guest reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the guest ends");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
}

/// Standard output keeps its order and its bytes when it is a file.
#[test]
fn output_into_a_file() {
    let here = folder();
    let path = here.path().join("out");
    let status = Command::new(programs().join("wasi-interp"))
        .arg(Guest::named("channels").wasm())
        .stdout(std::fs::File::create(&path).expect("a fresh folder can be written"))
        .status();
    assert!(status.expect("wasi-interp can be started").success());
    let native = Run::of(&mut run::clean(
        Guest::named("channels").native(),
        here.path(),
    ));
    assert_eq!(
        std::fs::read_to_string(path).expect("the output exists"),
        native.stdout
    );
}
