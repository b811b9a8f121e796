//! A guest as a process: exit statuses, panics, environment, output. Signals are in `signals.rs`.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tests::same::{as_native_with, folder};
use tests::tools::programs;
use tests::{Guest, Run, modules, run, wasi_interp};

/// The guest's exit status is passed on.
#[test]
fn exit_statuses() {
    for guest in [Guest::named("exit"), Guest::named("exit").old()] {
        for status in ["0", "1", "2", "42", "125", "126", "134", "255"] {
            as_native_with(guest, &[status], b"");
        }
    }
}

/// An unrecovered panic prints its message and exits with status 2, as natively.
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

/// Endless recursion ends with Go's own fatal error, at the limit that the program sets.
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

/// The guest's environment contains only the variables of the options.
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

/// Exits with the number of its environment variables. wasi-libc of December 2019 fails at the start if there is any.
const COUNT_VARIABLES: &str = r#"(module
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start")
        (drop (call $sizes (i32.const 0) (i32.const 4)))
        (call $exit (i32.load (i32.const 0))))
    MARK)"#;

/// PWD is set without an option for programs that Go's linker made, stripped or not, and for no others.
#[test]
fn pwd_is_for_go() {
    let here = folder();
    let marks = [
        ("", 0),
        (r#"(@custom "go:buildid" "\ff Go build ID: \"x\"")"#, 1),
        (
            r#"(@custom "producers" "\02\08language\01\02Go\08go1.27.3\0cprocessed-by\01\01x\011")"#,
            1,
        ),
        (r#"(@custom "producers" "\01\08language\01\03C11\00")"#, 0),
    ];
    for (mark, variables) in marks {
        let text = COUNT_VARIABLES.replace("MARK", mark);
        let module = modules::assemble(here.path(), "count.wasm", &text);
        let run = |options: &[&str]| Run::of(wasi_interp(here.path()).args(options).arg(&module));
        run(&["--dir=."]).ends_with(variables);
        run(&["--dir=.::/work", "--dir=/tmp"]).ends_with(variables);
        // An option sets it for any program.
        run(&["--dir=.", "--env=PWD=/"]).ends_with(1);
        run(&[]).ends_with(0);
    }
    let guest = Guest::named("getwd");
    for wasm in [guest.wasm(), guest.old().wasm()] {
        let run = Run::of(wasi_interp(here.path()).arg("--dir=.::/work").arg(wasm));
        assert_eq!(run.ends_with(0).stdout, "/work <nil>\n[PWD=/work]\n");
    }
}

/// Arguments and variables are bytes, on the host and in the guest.
#[test]
fn bytes_that_are_no_utf8() {
    let guest = Guest::named("args");
    let here = folder();
    let odd = OsStr::from_bytes(b"a\xff\xfe\xc3(");
    let native = Run::of(
        run::clean(guest.native(), here.path())
            .env("GUEST_ODD", odd)
            .arg(odd),
    );
    let mut option = OsStr::new("--env=GUEST_ODD=").to_owned();
    option.push(odd);
    for options in [OsStr::new("--env=GUEST_ODD"), &option] {
        let mut command = wasi_interp(here.path());
        command.env("GUEST_ODD", odd);
        let found = Run::of(command.arg(options).arg(guest.wasm()).arg(odd));
        assert_eq!(found, native);
    }
    assert!(native.stdout.contains(r"\xff\xfe"), "{}", native.stdout);
}

/// Starts a program, reads one line, and closes the pipe: `program | head -1`. Returns the line, and how the program ended.
#[track_caller]
fn head(mut command: Command) -> (String, Output) {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("stdout is piped");
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("it writes text");
    (line, child.wait_with_output().expect("it ends"))
}

/// If the reader closes the pipe, the guest ends without a message, as a native program does, even if it would write
/// forever. Only the status differs: 141 is the status that a shell shows for SIGPIPE.
#[test]
fn a_reader_that_has_seen_enough() {
    let guest = Guest::named("yes");
    let (native, end) = head(Command::new(guest.native()));
    assert_eq!(end.status.signal(), Some(13));
    let mut command = Command::new(programs().join("wasi-interp"));
    command.arg(guest.wasm());
    let (line, end) = head(command);
    assert_eq!(line, native);
    assert_eq!(end.status.code(), Some(141));
    assert_eq!(String::from_utf8_lossy(&end.stderr), "");
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

/// Copies a program in a separate process. A descriptor of this process could be open for writing in a child of another
/// test, and the copy could then not be started.
fn copied(program: &Path, to: &Path) {
    let copy = Command::new("cp").args([program, to]).status();
    assert!(copy.expect("cp can be started").success());
}

/// A program cannot change its own file under any of its names, as natively.
#[test]
fn its_own_file_is_busy() {
    let guest = Guest::named("ownfile");
    let runs = [guest.native(), guest.wasm()].map(|built| {
        let (here, there) = (folder(), folder());
        copied(&built, &here.path().join("program"));
        let mut command = if built.extension() == Some(OsStr::new("wasm")) {
            let mut command = wasi_interp(here.path());
            let option = format!("--dir={}", there.path().display());
            command.args(["--dir=.", &option, "program"]);
            command
        } else {
            run::clean(here.path().join("program"), here.path())
        };
        let run = Run::of(command.arg("program").arg(there.path())).ends_with(0);
        (run, tests::tree::of(here.path()))
    });
    let [native, found] = runs;
    assert_eq!(found, native);
    assert!(
        native.0.stdout.contains("Truncate: ETXTBSY"),
        "{:?}",
        native.0
    );
}

/// Truncates its standard output, writes to it, and exits with the error of the truncation.
const TRUNCATE_OUTPUT: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_filestat_set_size" (func $set_size (param i32 i64) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func $later (param i32) (result i32) (i32.mul (local.get 0) (i32.const 1)))
    (func (export "_start") (call $exit (call $later (call $set_size (i32.const 1) (i64.const 0))))))"#;

/// Standard output may be the module itself.
#[test]
fn its_own_file_as_standard_output() {
    const ETXTBSY: i32 = 74;
    let here = folder();
    let module = modules::assemble(here.path(), "truncate.wasm", TRUNCATE_OUTPUT);
    let len = std::fs::metadata(&module).expect("it was written").len();
    for (name, status) in [("truncate.wasm", ETXTBSY), ("other", 0)] {
        let mut options = std::fs::OpenOptions::new();
        let file = options
            .append(true)
            .create(true)
            .open(here.path().join(name));
        let mut command = Command::new(programs().join("wasi-interp"));
        command.arg(&module);
        command.stdout(file.expect("a fresh folder can be written"));
        let ended = command.status().expect("wasi-interp can be started");
        assert_eq!(ended.code(), Some(status), "{name}");
    }
    assert_eq!(std::fs::metadata(&module).expect("it is there").len(), len);
}

/// A closed standard stream is `/dev/null` for the program, as Go makes it natively: writes are discarded, and no file that
/// the program opens gets its number.
#[test]
fn closed_standard_streams() {
    let guest = Guest::named("closed");
    for closed in [">&-", "2>&-", "<&-", ">&- 2>&- <&-"] {
        let here = folder();
        let run = |command: &[&OsStr], file: &str| {
            let mut shell = run::clean("/bin/sh", here.path());
            shell.args(["-c", &format!(r#"exec "$@" {closed}"#), "sh"]);
            let run = Run::of(shell.args(command).arg(file)).ends_with(0);
            let told = std::fs::read_to_string(here.path().join(file));
            (run, told.expect("the program wrote it"))
        };
        let program = programs().join("wasi-interp");
        let (native, wasm) = (guest.native(), guest.wasm());
        let expected = run(&[native.as_os_str()], "native");
        let command = [program.as_os_str(), OsStr::new("--dir=."), wasm.as_os_str()];
        assert_eq!(run(&command, "wasm"), expected, "{closed}");
        let (_, told) = expected;
        assert!(
            told.starts_with("true 16 <nil> 15 <nil> 0 <nil> "),
            "{told}"
        );
    }
}
