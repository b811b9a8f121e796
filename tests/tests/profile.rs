//! `--profile`: the same run gives the same profile, in each format, and WASI calls are the innermost functions.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::same::folder;
use tests::tools::Go;
use tests::{Guest, Run, modules, wasi_interp};

/// `work` loops as often as `N` says, `more` as often in calls of `work`; then it sleeps for 30 ms.
const WORK: &str = r#"(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; The monotonic clock in 30 ms.
  (data (i32.const 16) "\01\00\00\00\00\00\00\00\80\c3\c9\01")
  (func $work (param i32)
    (loop $again (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func $more (call $work (i32.const N)))
  (func (export "_start")
    (call $work (i32.const N))
    (call $more)
    (drop (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))))"#;

/// The module whose `work` loops `times` times.
fn work(here: &Path, times: u32) -> PathBuf {
    modules::assemble(here, "work.wasm", &WORK.replace('N', &times.to_string()))
}

/// Runs the module, and returns the profile by fuel.
#[track_caller]
fn profile(here: &Path, name: &str) -> Vec<u8> {
    profile_of(here, &work(here, 300_000), name, &[])
}

/// The profile by time. Each function takes at least some periods of a millisecond, on the fastest processor too.
#[track_caller]
fn profile_by_time(here: &Path, name: &str) -> Vec<u8> {
    profile_of(here, &work(here, 30_000_000), name, &["--profile-by=time"])
}

#[track_caller]
fn profile_of(here: &Path, module: &Path, name: &str, options: &[&str]) -> Vec<u8> {
    let mut command = wasi_interp(here);
    command.arg(format!("--profile={name}")).args(options);
    let run = Run::of(command.arg(module)).ends_with(0);
    assert_eq!(run.stderr, "");
    fs::read(here.join(name)).expect("it was written")
}

/// The stacks of a folded profile, with what was counted.
fn stacks(folded: &[u8]) -> Vec<(String, u64)> {
    let text = str::from_utf8(folded).expect("it is text");
    let parse = |line: &str| {
        let (stack, count) = line.rsplit_once(' ').expect("a count");
        (stack.to_owned(), count.parse().expect("a number"))
    };
    text.lines().map(parse).collect()
}

/// The functions that take most, as `go tool pprof` prints them.
#[track_caller]
fn pprof(here: &Path, options: &[&str]) -> String {
    let mut command = Go::Current.command(here);
    command.args(["tool", "pprof", "-top"]).args(options);
    let output = command.arg("p.pb.gz").output().expect("pprof runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("it is text")
}

#[test]
fn by_fuel() {
    let here = folder();
    let stacks = stacks(&profile(here.path(), "p.folded"));
    let names: Vec<_> = stacks.iter().map(|(stack, _)| stack.as_str()).collect();
    assert_eq!(names, ["func_3;more;work", "func_3;work"]);
    for (stack, units) in &stacks {
        assert!((280_000..320_000).contains(units), "{stack}: {units}");
    }
}

#[test]
fn the_same_run_gives_the_same_profile() {
    for name in ["p.folded", "p.svg", "p.json"] {
        let here = folder();
        let first = profile(here.path(), name);
        assert_eq!(first, profile(here.path(), name), "{name}");
    }
}

#[test]
fn by_time() {
    let here = folder();
    let stacks = stacks(&profile_by_time(here.path(), "p.folded"));
    let slept = stacks
        .iter()
        .find(|(stack, _)| stack == "func_3;poll_oneoff");
    let slept = slept.expect("a call of WASI is a function of its own").1;
    assert!((30_000_000..3_000_000_000).contains(&slept), "{slept} ns");
}

#[test]
fn pprof_reads_it() {
    let here = folder();
    profile(here.path(), "p.pb.gz");
    let top = |options: &[&str]| pprof(here.path(), options);
    let fuel = top(&[]);
    assert!(fuel.contains("Type: fuel"), "{fuel}");
    let work = fuel.lines().find(|line| line.ends_with(" work"));
    assert!(work.is_some_and(|work| work.contains("100%")), "{fuel}");
    let calls = top(&["-sample_index=wasi_calls"]);
    assert!(
        calls.lines().any(|line| line.ends_with("poll_oneoff")),
        "{calls}"
    );
}

#[test]
fn a_flame_graph_and_firefox() {
    let here = folder();
    let svg = profile(here.path(), "p.svg");
    let svg = str::from_utf8(&svg).expect("it is text");
    assert!(svg.contains("<svg") && svg.contains("more") && svg.contains("units of fuel"));
    let json = profile_by_time(here.path(), "p.json");
    let json: Value = serde_json::from_slice(&json).expect("it is JSON");
    let strings = json
        .pointer("/threads/0/stringArray")
        .and_then(Value::as_array);
    let strings = strings.expect("it has strings");
    for name in ["work", "more", "poll_oneoff"] {
        assert!(
            strings.iter().any(|string| string == name),
            "{name}: {strings:?}"
        );
    }
}

/// A program that is stopped has a profile, too.
#[test]
fn of_a_program_that_traps() {
    let here = folder();
    let module = work(here.path(), 300_000);
    let mut command = wasi_interp(here.path());
    let command = command.args(["--profile=p.folded", "--fuel=100000"]);
    let run = Run::of(command.arg(module)).ends_with(134);
    assert!(run.stderr.contains("all fuel consumed"), "{}", run.stderr);
    let stacks = stacks(&fs::read(here.path().join("p.folded")).expect("it was written"));
    assert_eq!(stacks.len(), 1);
    assert!(stacks[0].1 <= 100_000, "{stacks:?}");
}

#[test]
fn files_that_cannot_be_written() {
    let here = folder();
    let module = work(here.path(), 300_000);
    for (name, status, says) in [
        ("p.txt", 2, "must end with .pb.gz"),
        ("no/p.svg", 1, "cannot write the profile no/p.svg"),
    ] {
        let mut command = wasi_interp(here.path());
        let command = command.arg(format!("--profile={name}"));
        let run = Run::of(command.arg(&module)).ends_with(status);
        assert!(run.stderr.contains(says), "{}", run.stderr);
    }
}

/// Functions of Go have their names and lines, and the program does not notice.
#[test]
fn of_a_go_program() {
    let run = |options: &[&str]| {
        let here = folder();
        let mut command = wasi_interp(here.path());
        let run = Run::of(command.args(options).arg(Guest::named("json").wasm())).ends_with(0);
        (run.stdout, fs::read(here.path().join("p.folded")), here)
    };
    let (plain, ..) = run(&[]);
    let (profiled, folded, _here) = run(&["--profile=p.folded"]);
    assert_eq!(plain, profiled);
    let stacks = stacks(&folded.expect("it was written"));
    let marshals = stacks
        .iter()
        .any(|(stack, _)| stack.contains("main.main;encoding/json.Marshal"));
    assert!(marshals, "{} stacks", stacks.len());

    let (_, _, here) = run(&["--profile=p.pb.gz"]);
    let top = pprof(here.path(), &["-lines", "-nodecount=1000"]);
    assert!(
        top.contains("encoding/json") && top.contains(".go:"),
        "{top}"
    );
}
