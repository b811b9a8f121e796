//! `--coverage`: the lines that ran, as `go tool cover` reads them.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use tests::same::folder;
use tests::tools::Go;
use tests::{Guest, Run, modules, wasi_interp};

/// The guest, built by both releases.
fn builds() -> [PathBuf; 2] {
    let guest = Guest::named("coverage");
    [guest.wasm(), guest.old().stripped()]
}

/// Runs the guest under coverage. Returns the run and the profile.
#[track_caller]
fn covered(here: &Path, wasm: &Path, options: &[&str], args: &[&str]) -> (Run, String) {
    let mut command = wasi_interp(here);
    command.arg("--coverage=out.txt").args(options).arg(wasm);
    let run = Run::of(command.args(args));
    let text = fs::read_to_string(here.join("out.txt")).expect("it was written");
    (run, text)
}

/// The line of the guest's source that contains some words, as the profile has it, with a count.
#[track_caller]
fn line(words: &str, count: u32) -> String {
    let source = include_str!("../guests/coverage/main.go");
    let at = source.lines().position(|line| line.contains(words));
    let line = at.expect("the source has it") + 1;
    format!("guests/coverage/main.go:{line}.1,{line}.999 1 {count}\n")
}

#[track_caller]
fn has(profile: &str, lines: &[(&str, u32)]) {
    for (words, count) in lines {
        let line = line(words, *count);
        assert!(profile.contains(&line), "{words}: {line}{profile}");
    }
}

#[test]
fn the_side_of_a_branch_that_ran() {
    for wasm in builds() {
        let here = folder();
        let plain = Run::of(wasi_interp(here.path()).arg(&wasm)).ends_with(0);
        let (run, profile) = covered(here.path(), &wasm, &[], &[]);
        let run = run.ends_with(0);
        assert_eq!((run.stdout, run.stderr), (plain.stdout, plain.stderr));
        assert!(profile.starts_with("mode: set\n"), "{profile}");
        let others = profile.lines().skip(1);
        let others: Vec<_> = others
            .filter(|line| !line.starts_with("guests/coverage/main.go:"))
            .collect();
        assert_eq!(others, [""; 0], "lines of Go's library");
        has(
            &profile,
            &[
                ("func main", 1),
                ("\"with arguments\"", 0),
                ("trap(len(os.Args))", 0),
                ("\"without\"", 1),
                ("\"closure\"", 1),
                // Inlined.
                ("\"many \"", 0),
                ("\"one \"", 1),
                ("none[number]", 0),
                ("\"never called\"", 0),
            ],
        );
    }
}

#[test]
fn a_program_that_ends_badly_has_lines_up_to_there() {
    for wasm in builds() {
        let here = folder();
        let (run, profile) = covered(here.path(), &wasm, &[], &["word"]);
        run.ends_with(2).says(&["index out of range"]);
        has(
            &profile,
            &[
                ("\"with arguments\"", 1),
                ("trap(len(os.Args))", 1),
                ("none[number]", 1),
                ("\"one \"", 0),
            ],
        );
        // A trap, before the program's own functions.
        let (run, profile) = covered(here.path(), &wasm, &["--fuel=10"], &[]);
        run.ends_with(134).says(&["fuel"]);
        has(&profile, &[("func main", 0), ("\"without\"", 0)]);
    }
}

#[test]
fn go_reads_it() {
    for wasm in builds() {
        let here = folder();
        let (_, _) = covered(here.path(), &wasm, &["--profile=p.folded"], &[]);
        assert!(here.path().join("p.folded").exists());
        let file = here.path().join("out.txt");
        let cover = |form: &str| {
            let mut command = Go::Current.command(&Guest::named("coverage").folder());
            command.args(["tool", "cover"]);
            let output = command
                .arg(format!("-{form}={}", file.display()))
                .arg("-o")
                .arg(here.path().join(form))
                .output()
                .expect("go runs");
            assert!(output.status.success(), "{output:?}");
            fs::read_to_string(here.path().join(form)).expect("it was written")
        };
        let table = cover("func");
        let percent = |func: &str| {
            let line = table.lines().find(|line| line.contains(func));
            let line = line.unwrap_or_else(|| panic!("{func}: {table}"));
            let percent = line.rsplit(['\t', ' ']).next().expect("a word");
            let percent = percent.strip_suffix('%').expect("a share");
            percent.parse::<f64>().expect("a number")
        };
        assert!((50.0..100.0).contains(&percent("\tmain\t")), "{table}");
        assert!((50.0..100.0).contains(&percent("\tinlined\t")), "{table}");
        assert!(percent("\tnever\t") == 0.0, "{table}");
        assert!(cover("html").contains("never called"));
    }
}

/// The folder of Go's counters. Programs may look at the environment, so those without counters have it, too.
const COUNTERS: &str = "--env=GOCOVERDIR=counters";

/// The blocks of lines that Go's own counters know, and whether they ran.
fn counted_by_go(guest: Guest) -> Vec<(RangeInclusive<u32>, bool)> {
    let here = folder();
    fs::create_dir(here.path().join("counters")).expect("it is new");
    let mut command = wasi_interp(here.path());
    command.args(["--dir=.", COUNTERS]);
    Run::of(command.arg(guest.counting())).ends_with(0);
    let mut command = Go::Current.command(here.path());
    command.args(["tool", "covdata", "textfmt", "-i=counters", "-o=go.txt"]);
    let output = command.output().expect("go runs");
    assert!(output.status.success(), "{output:?}");
    let text = fs::read_to_string(here.path().join("go.txt")).expect("it was written");
    let block = |line: &str| {
        // guests/json/main.go:18.3,20.2 1 0
        let (_, rest) = line.rsplit_once(':')?;
        let (lines, counts) = rest.split_once(' ')?;
        let (first, last) = lines.split_once(',')?;
        let line = |place: &str| place.split('.').next()?.parse::<u32>().ok();
        Some((line(first)?..=line(last)?, !counts.ends_with(" 0")))
    };
    text.lines().filter_map(block).collect()
}

/// A line that blocks of one kind alone touch is the same for Go's counters and for us.
#[test]
fn counters_of_go_agree() {
    let mut compared = 0;
    for name in ["coverage", "args", "goparse", "generics"] {
        let guest = Guest::named(name);
        let counted = counted_by_go(guest);
        let here = folder();
        let (run, profile) = covered(here.path(), &guest.wasm(), &[COUNTERS], &[]);
        run.ends_with(0);
        for told in profile.lines().skip(1) {
            let rest = told.rsplit_once(':').expect("a name").1;
            let line = rest.split('.').next().expect("a line");
            let line: u32 = line.parse().expect("a number");
            let ran = told.ends_with(" 1");
            let mut blocks = counted.iter().filter(|(lines, _)| lines.contains(&line));
            let Some((_, first)) = blocks.next() else {
                continue;
            };
            if blocks.all(|(_, other)| other == first) {
                assert_eq!(ran, *first, "{told}");
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "only {compared} lines");
}

#[test]
fn a_recorded_run_has_the_same_lines() {
    let here = folder();
    let wasm = Guest::named("coverage").wasm();
    let (run, lines) = covered(here.path(), &wasm, &["--record=log.wi"], &["with", "some"]);
    run.ends_with(2);
    let mut command = wasi_interp(here.path());
    command.args(["replay", "--coverage=again.txt", "log.wi"]);
    Run::of(command.arg(&wasm)).ends_with(2);
    let again = fs::read_to_string(here.path().join("again.txt")).expect("it was written");
    assert_eq!(again, lines);
}

#[test]
fn what_has_no_lines_of_go_is_refused() {
    let here = folder();
    let module = modules::assemble(
        here.path(),
        "plain.wasm",
        r#"(module (memory (export "memory") 1) (func (export "_start")))"#,
    );
    let mut command = wasi_interp(here.path());
    let run = Run::of(command.arg("--coverage=out.txt").arg(module));
    run.ends_with(1)
        .says(&["--coverage is for programs built by Go"]);
    assert!(!here.path().join("out.txt").exists());
    for (other, status) in [("--trace-calls", 2), ("--freeze-to=s.wi", 1)] {
        let mut command = wasi_interp(here.path());
        command.args(["--coverage=out.txt", other]);
        let name = other.split('=').next().expect("an option");
        Run::of(command.arg("plain.wasm"))
            .ends_with(status)
            .says(&["--coverage", name]);
    }
}
