//! `--trace-wasi`: every line of a small module that makes one call of each kind, as text, as JSON, and by family.

use serde_json::Value;
use tests::same::folder;
use tests::{Guest, Run, modules, wasi_interp};

/// Makes calls on `/`, which is descriptor 3, and ends with status 3.
///
/// ```text
/// 0    results     64   paths          256  subscriptions
/// 16   a record    128  iovec, text    512  a buffer
/// ```
const CALLS: &str = r#"(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fd_fdstat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $fd_filestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $fd_prestat_dir_name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $path_unlink_file (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $sched_yield (result i32)))
  (import "wasi_snapshot_preview1" "sock_shutdown" (func $sock_shutdown (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "missing\00\00\00\00\00\00\00\00\00a \"new\" \e2\82\ac")
  (data (i32.const 128) "\88\00\00\00\06\00\00\00hello\n")
  (data (i32.const 144) "\00\02\00\00\64\00\00\00")
  ;; A clock in 20 ms, and reading descriptor 77.
  (data (i32.const 272) "\01\00\00\00\00\00\00\00\00\2d\31\01")
  (data (i32.const 312) "\01\00\00\00\00\00\00\00\4d")
  (func (export "_start")
    (drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
    (drop (call $fd_prestat_get (i32.const 3) (i32.const 0)))
    (drop (call $fd_prestat_dir_name (i32.const 3) (i32.const 512) (i32.const 1)))
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 64) (i32.const 7) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0)))
    (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 80) (i32.const 11) (i32.const 5) (i64.const 0x66) (i64.const 0) (i32.const 1) (i32.const 0)))
    (drop (call $fd_write (i32.load (i32.const 0)) (i32.const 128) (i32.const 1) (i32.const 4)))
    (drop (call $fd_seek (i32.load (i32.const 0)) (i64.const -4) (i32.const 2) (i32.const 8)))
    (drop (call $fd_read (i32.load (i32.const 0)) (i32.const 144) (i32.const 1) (i32.const 4)))
    (drop (call $fd_filestat_get (i32.load (i32.const 0)) (i32.const 16)))
    (drop (call $fd_fdstat_get (i32.load (i32.const 0)) (i32.const 16)))
    (drop (call $path_unlink_file (i32.const 3) (i32.const 70000) (i32.const 5)))
    (drop (call $fd_close (i32.const -1)))
    (drop (call $sock_shutdown (i32.load (i32.const 0)) (i32.const 3)))
    (drop (call $clock_time_get (i32.const 1) (i64.const 1000) (i32.const 16)))
    (drop (call $random_get (i32.const 512) (i32.const 16)))
    (drop (call $sched_yield))
    (drop (call $poll_oneoff (i32.const 256) (i32.const 512) (i32.const 1) (i32.const 0)))
    (drop (call $poll_oneoff (i32.const 256) (i32.const 512) (i32.const 2) (i32.const 0)))
    (call $proc_exit (i32.const 3))))"#;

/// Its trace as text. `?` replaces durations and times, which differ from run to run.
const TEXT: &str = r#"
args_sizes_get() = argc=1, argv_buf_size=11 <?>
fd_prestat_get(fd=3) = name_len=1 <?>
fd_prestat_dir_name(fd=3, path=[1]) = path="/" <?>
path_open(fd=3, dirflags=symlink_follow, path="missing", oflags=0, base=r-:0x2, inheriting=--:0x0, fdflags=0) = ENOENT <?>
path_open(fd=3, dirflags=0, path="a \"new\" €", oflags=creat|excl, base=rw:0x66, inheriting=--:0x0, fdflags=append) = opened_fd=5 <?>
fd_write(fd=5, iovs="hello\n") = nwritten=6 <?>
fd_seek(fd=5, offset=-4, whence=end) = moved=2 <?>
fd_read(fd=5, iovs=[100]) = nread=4, data="llo\n" <?>
fd_filestat_get(fd=5) = kind=regular_file, size=6, ino=2, mtim=? <?>
fd_fdstat_get(fd=5) = kind=regular_file, flags=append, rights=rw:0x8e001ff <?>
path_unlink_file(fd=3, path=EFAULT) = EFAULT <?>
fd_close(fd=-1) = EBADF <?>
sock_shutdown(fd=5, how=rd|wr) = ENOTSOCK <?>
clock_time_get(id=monotonic, precision=1000) = time=? <?>
random_get(buf=[16]) = 0 <?>
sched_yield() = 0 <?>
poll_oneoff(subscriptions=[clock monotonic in 20000000 ns]) = nevents=1, events=[clock] <?>
poll_oneoff(subscriptions=[clock monotonic in 20000000 ns, read 77]) = nevents=1, events=[read EBADF] <?>
proc_exit(rval=3) = 0
"#;

/// Runs the module with an option and returns the lines of the trace.
#[track_caller]
fn trace(option: &str) -> Vec<String> {
    let here = folder();
    let module = modules::assemble(here.path(), "calls.wasm", CALLS);
    let mut command = wasi_interp(here.path());
    let run = Run::of(command.args([option, "--ram", "/"]).arg(module)).ends_with(3);
    assert_eq!(run.stdout, "");
    run.stderr.lines().map(str::to_owned).collect()
}

/// Replaces the text between `start` and `end` by `?`.
fn masked(line: &str, start: &str, end: char) -> String {
    match line.split_once(start) {
        Some((before, rest)) => {
            let end = rest.find(end).unwrap_or(rest.len());
            format!("{before}{start}?{}", &rest[end..])
        }
        None => line.to_owned(),
    }
}

#[test]
fn as_text() {
    let mut expected = TEXT.trim().lines();
    for line in trace("--trace-wasi") {
        let variable = [(" <", '>'), (") = time=", ' '), (" mtim=", ' ')];
        let plain = variable
            .into_iter()
            .fold(line, |line, (start, end)| masked(&line, start, end));
        assert_eq!(Some(plain.as_str()), expected.next());
    }
    assert_eq!(expected.next(), None, "lines are missing");
}

/// A duration has a unit, and is that of the call.
#[test]
fn durations() {
    let mut units = Vec::new();
    for line in trace("--trace-wasi=poll") {
        let duration = line
            .rsplit_once('<')
            .and_then(|(_, end)| end.split_once('>'));
        let (duration, _) = duration.expect("each line ends with a duration");
        let (number, unit) = duration.split_once(' ').expect("it has a unit");
        let number: u64 = number.parse().expect("it has a number");
        let nanoseconds = match unit {
            "ns" => number,
            "µs" => number * 1_000,
            "ms" => number * 1_000_000,
            _ => panic!("{unit} is no unit"),
        };
        units.push((line, nanoseconds));
    }
    let [(yielding, _), (sleeping, slept), (failing, _)] = &units[..] else {
        panic!("{units:?}");
    };
    assert!(yielding.starts_with("sched_yield()"), "{yielding}");
    assert!(sleeping.contains("20000000 ns]"), "{sleeping}");
    assert!(*slept >= 20_000_000, "{sleeping}");
    assert!(failing.contains("EBADF"), "{failing}");
}

/// Each line is a JSON object with the same content.
#[test]
fn as_json() {
    let lines = trace("--trace-wasi=json");
    let parsed: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect();
    for (value, text) in parsed.iter().zip(TEXT.trim().lines()) {
        let call = value["call"].as_str().expect("the call has a name");
        assert!(text.starts_with(&format!("{call}(")), "{call}: {text}");
        let errno = value["errno"].as_str().expect("there is an errno");
        assert_eq!(errno == "0", !text.contains(") = E"), "{value}");
        assert!(call == "proc_exit" || value["ns"].is_u64(), "{value}");
    }
    assert_eq!(parsed.len(), TEXT.trim().lines().count());
    let open = &parsed[4];
    assert_eq!(open["args"]["path"], "a \"new\" €");
    assert_eq!(open["args"]["oflags"], "creat|excl");
    assert_eq!(open["results"]["opened_fd"], 5);
    assert_eq!(parsed[3]["errno"], "ENOENT");
    assert_eq!(parsed[7]["results"]["data"], "llo\n");
    assert_eq!(parsed[11]["args"]["fd"], -1);
    assert!(
        parsed[16]["ns"].as_u64() >= Some(20_000_000),
        "{}",
        parsed[16]
    );
}

/// Only the selected families are traced, alone and together.
#[test]
fn by_family() {
    let calls = |option: &str| -> Vec<String> {
        let name = |line: String| line.split('(').next().unwrap_or_default().to_owned();
        trace(option).into_iter().map(name).collect()
    };
    assert_eq!(calls("--trace-wasi=args"), ["args_sizes_get"]);
    assert_eq!(calls("--trace-wasi=clock"), ["clock_time_get"]);
    assert_eq!(calls("--trace-wasi=random"), ["random_get"]);
    assert_eq!(calls("--trace-wasi=sock"), ["sock_shutdown"]);
    assert_eq!(calls("--trace-wasi=proc"), ["proc_exit"]);
    let files = calls("--trace-wasi=fs");
    assert_eq!(files.len(), 11);
    assert!(
        files
            .iter()
            .all(|call| call.starts_with("fd_") || call.starts_with("path_")),
        "{files:?}"
    );
    assert_eq!(
        calls("--trace-wasi=poll,proc,clock"),
        [
            "clock_time_get",
            "sched_yield",
            "poll_oneoff",
            "poll_oneoff",
            "proc_exit"
        ]
    );
}

/// The results of a program are the same with and without a trace.
#[test]
fn of_a_go_program() {
    let run = |options: &[&str]| {
        let here = folder();
        let mut command = wasi_interp(here.path());
        let run = command
            .args(options)
            .arg("--dir=.")
            .arg(Guest::named("files").wasm());
        Run::of(run).ends_with(0)
    };
    let (plain, traced) = (run(&[]), run(&["--trace-wasi"]));
    assert_eq!(plain.stdout, traced.stdout);
    assert_eq!(plain.stderr, "");
    for call in ["path_open", "fd_write", "random_get", "ENOENT", "a.txt"] {
        assert!(traced.stderr.contains(call), "{call} was not traced");
    }
}
