//! `wasi-interp debug`: a program that is debugged forward and backward is the same program at each position.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tests::same::folder;
use tests::{Guest, Run, modules, wasi_interp};

/// Calls itself, stores to memory, writes twice and exits.
const FIB: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\08\00\00\00\03\00\00\00hi\n")
  (func $fib (param $n i32) (result i32)
    (i32.store (i32.const 0x400) (local.get $n))
    (if (result i32) (i32.lt_s (local.get $n) (i32.const 2)) (then (local.get $n))
      (else (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1)))
                     (call $fib (i32.sub (local.get $n) (i32.const 2)))))))
  (func $hi (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 100))))
  (func (export "_start")
    (call $hi)
    (i32.store (i32.const 0x500) (call $fib (i32.const 10)))
    (call $hi)
    (call $exit (i32.const 7))))"#;

/// Traps after a loop.
const TRAP: &str = r#"(module
  (memory (export "memory") 1)
  (func $inner (param $n i32) (i32.store (i32.const 0x200) (local.get $n)) (unreachable))
  (func (export "_start") (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (i32.store (i32.const 0x100) (local.get $i))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 100))))
    (call $inner (local.get $i))))"#;

/// Throws and catches, and makes objects.
const OBJECTS: &str = r#"(module
  (type $pair (struct (field (mut i32)) (field (ref null $pair))))
  (tag $t (param i32))
  (memory (export "memory") 1)
  (func $throws (param $n i32) (throw $t (local.get $n)))
  (func $caught (param $n i32) (result i32)
    (block $out (result i32)
      (try_table (catch $t $out) (call $throws (local.get $n)))
      (i32.const 0)))
  (func (export "_start") (local $i i32) (local $list (ref null $pair))
    (loop $again
      (local.set $list (struct.new $pair (local.get $i) (local.get $list)))
      (i32.store (i32.const 0x100)
        (i32.add (call $caught (local.get $i)) (struct.get $pair 0 (local.get $list))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 50))))))"#;

/// Debugs a program. Returns what was printed to standard output.
#[track_caller]
fn debug(module: &Path, options: &[&str], commands: &str) -> String {
    let here = folder();
    let mut command = wasi_interp(here.path());
    command.arg("debug").args(options).arg(module);
    let run = Run::of(command.write_stdin(commands));
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    run.stdout
}

/// Debugs a module in the text format.
#[track_caller]
fn debug_text(text: &str, commands: &str) -> String {
    let here = folder();
    let module = modules::assemble(here.path(), "main.wasm", text);
    debug(&module, &[], commands)
}

/// Asserts that lines of some text contain these words in this order.
#[track_caller]
fn in_order(text: &str, words: &[&str]) {
    let mut lines = text.lines();
    for word in words {
        let found = lines.any(|line| line.contains(word));
        assert!(found, "`{word}` is missing in its place:\n{text}");
    }
}

/// The positions that `info position` has printed, each with all that was printed about the state there, and about the first `locals`.
fn states(text: &str, locals: u32) -> Vec<(String, String)> {
    let lines: Vec<_> = text.lines().collect();
    let begins = |line: &&str| line.contains(" units of fuel, the frame at slot ");
    let mut states = Vec::new();
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| begins(line)) {
        let (position, _) = line.split_once(" in the ").expect("a position");
        let is_state = |line: &&&str| {
            let local = line
                .strip_prefix('l')
                .and_then(|rest| rest.split(' ').next());
            let local = local.and_then(|number| number.parse::<u32>().ok());
            let is_local = local.is_some_and(|local| local < locals);
            line.starts_with("memory ") || is_local
        };
        let rest = lines[number + 1..]
            .iter()
            .take_while(|line| !line.starts_with('#'));
        let rest: Vec<_> = rest.filter(is_state).copied().collect();
        states.push((position.to_owned(), rest.join("\n")));
    }
    states
}

/// A walk to and fro: at each position the state is always the same, and a step and the step back lead to where they began.
fn walks(module: &Path, options: &[&str], begin: &str, steps: usize) {
    walks_with(module, options, begin, steps, u32::MAX);
}

/// The same with the first `locals` of each function alone.
fn walks_with(module: &Path, options: &[&str], begin: &str, steps: usize, locals: u32) {
    let moves = [
        "so", "rso", "si", "rsi", "n", "rn", "s", "rs", "so", "si", "finish", "rfin", "so", "so",
        "rsi",
    ];
    let mut commands = begin.to_owned();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..steps {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let chosen = moves[(random >> 33) as usize % moves.len()];
        commands.push_str(&format!("{chosen}\ninfo position\ninfo locals\n"));
    }
    let text = debug(module, options, &commands);
    assert!(!text.contains("error: "), "{text}");
    let states = states(&text, locals);
    assert_eq!(states.len(), steps, "{text}");
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut again = 0;
    for (position, state) in &states {
        match known.insert(position, state) {
            Some(before) => {
                again += 1;
                assert_eq!(before, state, "at {position}:\n{text}");
            }
            None => assert!(!state.is_empty()),
        }
    }
    assert!(again > steps / 20, "the walk comes back: {again} times");
}

#[test]
fn a_walk_finds_the_same_states() {
    let here = folder();
    let module = modules::assemble(here.path(), "fib.wasm", FIB);
    walks(&module, &[], "break fib if l0 == 3\nc\n", 400);
    let module = modules::assemble(here.path(), "trap.wasm", TRAP);
    walks(&module, &[], "c\nrso\n", 300);
}

#[test]
fn a_walk_through_exceptions_and_objects() {
    let here = folder();
    let module = modules::assemble(here.path(), "objects.wasm", OBJECTS);
    walks(&module, &[], "break throws if l0 == 20\nc\n", 300);
}

#[test]
fn each_step_forward_is_one_in_time() {
    let mut commands = "info position\n".to_owned();
    commands.push_str(&"so\ninfo position\n".repeat(500));
    commands.push_str(&"rso\ninfo position\n".repeat(500));
    let states = states(&debug_text(FIB, &commands), u32::MAX);
    assert_eq!(states.len(), 1001);
    let clock = |(position, _): &(String, String)| {
        let numbers = position
            .split(':')
            .map(|number| number.parse::<i64>().expect("a number"));
        let numbers: Vec<_> = numbers.collect();
        (numbers[0], -numbers[1], numbers[2])
    };
    assert!(states[..501].is_sorted_by(|a, b| clock(a) < clock(b)));
    // The way back is the same way.
    let back: Vec<_> = states[500..].iter().rev().cloned().collect();
    assert_eq!(states[..501], back);
}

#[test]
fn breakpoints_stop_both_ways() {
    let text = debug_text(
        FIB,
        "break fib if l0 == 1\nc\ninfo position\nc\ninfo position\nrc\ninfo position\nrc\n",
    );
    in_order(
        &text,
        &["breakpoint 1: fib", "breakpoint 1", "begin of the run"],
    );
    let states = states(&text, u32::MAX);
    assert_eq!(states[0], states[2]);
    assert_ne!(states[0], states[1]);
    let text = debug_text(
        FIB,
        "break fib\nignore 1 4\nc\nprint l0\ndisable 1\nwatch 0x500\nc\nrc\nenable 1\nrc\nprint l0\ninfo breakpoints\n",
    );
    in_order(
        &text,
        &[
            "6 (0x6)",
            "was 00 00 00 00, is 37 00 00 00",
            "#0  fib",
            "0 (0x0)",
            "1: fib, reached 5 times",
        ],
    );
}

#[test]
fn the_writer_of_a_byte_is_found() {
    let text = debug_text(
        FIB,
        "watch 0x500 4\nc\nx/4 0x500\nrc\nx/4 0x500\nc\nx/4 0x500\n",
    );
    in_order(
        &text,
        &[
            "watch point 1: 0x500 was 00 00 00 00, is 37 00 00 00",
            "0x00000500  37 00 00 00",
            "watch point 1: 0x500 was 00 00 00 00, is 37 00 00 00",
            "0x00000500  00 00 00 00",
            "watch point 1: 0x500 was 00 00 00 00, is 37 00 00 00",
            "0x00000500  37 00 00 00",
        ],
    );
    // A call of WASI writes, too: the number of bytes.
    let text = debug_text(FIB, "watch 100\nc\nbt\nrc\n");
    in_order(
        &text,
        &["is 03 00 00 00, written by hi", "#0   hi", "written by hi"],
    );
}

#[test]
fn steps_over_and_out_both_ways() {
    let text = debug_text(
        FIB,
        "break fib if l0 == 5\nc\ndelete\ninfo position\nfinish\ninfo position\nrni\ninfo position\nso\ninfo position\nrfin\ninfo position\nni\ninfo position\n",
    );
    let states = states(&text, u32::MAX);
    assert_eq!(states[0], states[3], "{text}");
    assert_eq!(states[2], states[4], "{text}");
    assert_eq!(states[1], states[5], "{text}");
}

#[test]
fn traps_and_exits_can_be_left_backwards() {
    let text = debug_text(
        TRAP,
        "c\nbt\nprint l0\nrfin\nprint l0\nwatch 0x100\nrc\nprint i32[0x100]\nc\nc\n",
    );
    in_order(
        &text,
        &[
            "the program ends here: trap: ",
            "#0   inner",
            "#1   func 1",
            "100 (0x64)",
            "100 (0x64)",
            "was 63 00 00 00, is 64 00 00 00",
            "99 (0x63)",
            "was 63 00 00 00, is 64 00 00 00",
            "the program ends here: trap: ",
        ],
    );
    let text = debug_text(FIB, "c\nrsi\nbreak fib\nrc\nprint l0\ndelete\nc\n");
    assert_eq!(
        text.matches("hi\n").count(),
        2,
        "output is written once: {text}"
    );
    in_order(
        &text,
        &[
            "exits with status 7",
            "breakpoint 1",
            "0 (0x0)",
            "exits with status 7",
        ],
    );
}

#[test]
fn what_was_read_is_not_read_again() {
    for guest in [Guest::named("lines"), Guest::named("lines").old()] {
        let here = folder();
        fs::write(here.path().join("input"), "one\ntwo\nthree\n").expect("a file");
        let input = here.path().join("input");
        let input = input.to_str().expect("a path");
        let text = debug(
            &guest.wasm(),
            &["--stdin", input],
            "break main.show\nc\nc\nc\nrc\nrc\nrc\nc\nbt\ndelete\nc\n",
        );
        for line in ["line one", "line two", "line three"] {
            assert_eq!(text.matches(line).count(), 1, "{text}");
        }
        in_order(
            &text,
            &["breakpoint 1", "main.show", "begin of the run", "main.main"],
        );
        in_order(&text, &["line three", "exits with status 0"]);
    }
}

#[test]
fn a_walk_through_a_go_program() {
    for guest in [Guest::named("lines"), Guest::named("lines").old()] {
        let here = folder();
        fs::write(here.path().join("input"), "one\ntwo\nthree\n").expect("a file");
        let input = here.path().join("input");
        let input = input.to_str().expect("a path");
        // The op that enters a function of Go's leaves locals as they are that will be set before they are read.
        walks_with(
            &guest.wasm(),
            &["--stdin", input],
            "break main.show\nc\n",
            60,
            2,
        );
    }
}

#[test]
fn lines_of_go_forward_and_back() {
    let here = folder();
    fs::write(here.path().join("input"), "one\ntwo\n").expect("a file");
    let input = here.path().join("input");
    let input = input.to_str().expect("a path");
    let text = debug(
        &Guest::named("lines").wasm(),
        &["--stdin", input],
        "break main.go:19\nc\nn\nn\nrn\nrn\ngoroutines\ninfo calls\n",
    );
    in_order(
        &text,
        &[
            "breakpoint 1: ",
            "main.go:19)",
            "goroutine 1 [running]",
            "fd_read → errno 0",
        ],
    );
}

#[test]
fn lines_of_c() {
    let here = folder();
    let mut command = wasi_interp(here.path());
    let module = Guest::named("cdebug").c_wasm_with("debug.wasm", &["-g"]);
    command.arg("debug").arg(module).arg("word");
    let commands = "break outer\nc\nbt\nbreak main.c:16\nc\nn\nrn\nrc\nc\nc\nbt\n";
    let run = Run::of(command.write_stdin(commands));
    in_order(
        &run.stdout,
        &[
            "breakpoint 1: outer",
            "breakpoint 1",
            "#1   __main_argc_argv (",
            "breakpoint 2: ",
            "the program ends here: trap: ",
            "innermost (",
            "[inlined]",
            "#1   outer (",
        ],
    );
}

#[test]
fn a_recorded_run_is_debugged_anywhere() {
    let here = folder();
    let module = modules::assemble(here.path(), "main.wasm", FIB);
    let mut command = wasi_interp(here.path());
    command.args(["run", "--record", "log.wi"]).arg(&module);
    Run::of(&mut command).ends_with(7);
    let log = here.path().join("log.wi");
    let options = ["--replay", log.to_str().expect("a path")];
    let text = debug(
        &module,
        &options,
        "watch 0x500\nc\nrc\nrsi\nc\ndelete\nc\nrso\n",
    );
    in_order(
        &text,
        &[
            "is 37 00 00 00",
            "is 37 00 00 00",
            "is 37 00 00 00",
            "exits with status 7",
        ],
    );
    assert_eq!(text.matches("hi\n").count(), 2, "{text}");
    walks(&module, &options, "break fib if l0 == 3\nc\n", 100);
}

#[test]
fn what_cannot_be_done_is_said() {
    let text = debug_text(
        FIB,
        "brek fib\nbreak nothing\nbreak *0\nwatch 0x10000\nwatch 0 5000\nx/8 0xfffe\nprint l9\nprint 1 +\ngoto 1\ngoto 5:5:5\nframe 9\nlist\ngoroutines\ndelete 4\ninfo\nup\ndown\nhelp nothing\n",
    );
    let errors = text
        .lines()
        .filter(|line| line.starts_with("error: "))
        .count();
    assert_eq!(errors, 18, "{text}");
    let here = folder();
    let module = modules::assemble(here.path(), "main.wasm", FIB);
    for (options, told) in [
        (&["--replay", "nothing"][..], "nothing: "),
        (
            &["--timeout", "1s"][..],
            "--timeout cannot be used with debug",
        ),
        (&["--stdin", "nothing"][..], "nothing: "),
    ] {
        let mut command = wasi_interp(here.path());
        command.arg("debug").args(options).arg(&module);
        let run = Run::of(&mut command).ends_with(1);
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
}

/// A condition that names something that a function does not have stops the program, and the reason is told.
#[test]
fn a_condition_that_cannot_be_computed() {
    let text = debug_text(FIB, "break fib if l77 == 1\nc\n");
    in_order(
        &text,
        &[
            "breakpoint 1",
            "the condition of breakpoint 1 cannot be computed here: `l77` is no local",
        ],
    );
}
