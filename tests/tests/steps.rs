//! `--trace-ops` and `--trace-calls`: every line of a small module, Go's programs with their lines of source, and options that bound a
//! trace.

use serde_json::Value;
use tests::same::folder;
use tests::{Guest, Run, modules, wasi_interp};

/// Computes 2 + 1 in a loop, and half of that.
const SUM: &str = r#"(module
  (func $sum (param $n i32) (result i32) (local $total i32)
    (loop $again
      (local.set $total (i32.add (local.get $total) (local.get $n)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (local.get $n)))
    (local.get $total))
  (func $half (param f64) (result f64) (f64.mul (local.get 0) (f64.const 0.5)))
  (func (export "_start")
    (drop (call $half (f64.convert_i32_s (call $sum (i32.const 2)))))))"#;

/// Its ops.
const OPS: &str = "\
func 2
        92 i32.const 2; call 0 $sum             t0 ← i64.const 2                          → t0=2
                                                call 0 $sum, t0, #1                       t0=2
  sum
          55 …; local.get 1; local.get 0; i32.add l1 ← i32.add l1, l0                       l1=0 l0=2 → l1=2
          62 …; local.get 0; i32.const 1; i32.sub l0 ← i32.sub l0, 1                        l0=2 → l0=1
          67 local.set 0; local.get 0; br_if 0    br_if acc, L0                             acc=1 → @0
          55 …; local.get 1; local.get 0; i32.add l1 ← i32.add l1, l0                       l1=2 l0=1 → l1=3
          62 …; local.get 0; i32.const 1; i32.sub l0 ← i32.sub l0, 1                        l0=1 → l0=0
          67 local.set 0; local.get 0; br_if 0    br_if acc, L0                             acc=0
          72 end; local.get 1; end                return #1, l1                             l1=3
func 2
        94 f64.convert_i32_s                    t0 ← f64.convert_i32_s acc                acc=3 → t0=3.0
        95 call 1 $half                         call 1 $half, t0, #1                      t0=3.0
  half
          86 local.get 0; f64.const 0.5; f64.mul  t1 ← i64.const 4602678819172646912        → t1=4602678819172646912
                                                  t0 ← f64.mul l0, t1                       l0=3.0 t1=0.5 → t0=1.5
          87 end                                  freturn #1, facc                          facc=1.5
func 2
        98 drop; end                            return #0
";

/// Its calls.
const CALLS: &str = "\
func 2()
  sum(2)
  ← sum = 3
  half(3.0)
  ← half = 1.5
← func 2
";

/// Runs the module with options, and returns what is on standard error.
#[track_caller]
fn trace(options: &[&str]) -> String {
    let here = folder();
    let module = modules::assemble(here.path(), "sum.wasm", SUM);
    let mut command = wasi_interp(here.path());
    Run::of(command.args(options).arg(module))
        .ends_with(0)
        .stderr
}

/// Parses a trace in JSON.
fn parsed(trace: &str) -> Vec<Value> {
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
    trace.lines().map(parse).collect()
}

#[test]
fn ops_as_text() {
    assert_eq!(trace(&["--trace-ops"]), OPS);
}

#[test]
fn calls_as_text() {
    assert_eq!(trace(&["--trace-calls"]), CALLS);
}

/// A function whose first op is its last one, and one that begins with a loop.
#[test]
fn calls_of_short_functions() {
    let here = folder();
    let text = r#"(module
        (func $nothing)
        (func $twice (param i32)
          (loop $again (br_if $again (i32.eqz (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
        (func (export "_start") (call $nothing) (call $twice (i32.const 1)) (call $nothing)))"#;
    let module = modules::assemble(here.path(), "short.wasm", text);
    let mut command = wasi_interp(here.path());
    let run = Run::of(command.arg("--trace-calls").arg(module)).ends_with(0);
    let lines: Vec<_> = run.stderr.lines().map(str::trim).collect();
    let expected = [
        "func 2()",
        "nothing()",
        "← nothing",
        "twice(1)",
        "← twice",
        "nothing()",
        "← nothing",
        "← func 2",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn ops_of_some_functions() {
    let half = trace(&["--trace-ops=half"]);
    assert!(half.starts_with("half\n"), "{half}");
    assert_eq!(half.lines().count(), 4);
    assert_eq!(half, trace(&["--trace-ops=1"]));
    assert_eq!(half, trace(&["--trace-ops=ha*"]));
    let both = trace(&["--trace-ops=half,sum"]);
    assert_eq!(both.lines().count(), 12);
}

#[test]
fn ops_as_json() {
    let steps = parsed(&trace(&["--trace-ops=json,sum"]));
    assert_eq!(steps.len(), 7);
    let add = &steps[0];
    assert_eq!(add["name"], "sum");
    assert_eq!(add["op"], "l1 ← i32.add l1, l0");
    assert_eq!(
        (&add["reads"]["l0"], &add["writes"]["l1"]),
        (&2.into(), &2.into())
    );
    let add_of_wasm = add["wasm"].as_array().and_then(|wasm| wasm.last());
    assert_eq!(add_of_wasm, Some(&serde_json::json!([55, "i32.add"])));
    assert_eq!(
        (&steps[2]["goes_to"], &steps[5]["goes_to"]),
        (&0.into(), &Value::Null)
    );
}

#[test]
fn calls_as_json() {
    let calls = parsed(&trace(&["--trace-calls=json"]));
    let words = |index: usize| {
        (
            &calls[index]["event"],
            &calls[index]["name"],
            &calls[index]["values"],
        )
    };
    assert_eq!(calls.len(), 6);
    assert_eq!(
        words(1),
        (&"call".into(), &"sum".into(), &serde_json::json!([2]))
    );
    assert_eq!(
        words(4),
        (&"return".into(), &"half".into(), &serde_json::json!([1.5]))
    );
    assert_eq!(calls[1]["depth"], 1);
}

#[test]
fn a_part_of_a_run() {
    let lines = |options: &[&str]| {
        trace(options)
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let all: Vec<_> = OPS.lines().collect();
    assert_eq!(lines(&["--trace-ops", "--trace-for=4"]), all[..4]);
    // The call of `sum` and the branch back take a unit each. The call of `half` would take the third.
    let later = lines(&["--trace-ops", "--trace-from=2"]);
    assert_eq!(later[0], "half");
    assert_eq!(later.len(), 6);
    assert!(lines(&["--trace-ops", "--trace-from=1000"]).is_empty());
}

#[test]
fn the_limit_of_fuel_holds_in_a_part_of_a_run() {
    let here = folder();
    let module = modules::assemble(here.path(), "sum.wasm", SUM);
    for (fuel, status) in [("2", 134), ("100", 0)] {
        let mut command = wasi_interp(here.path());
        let command = command.args(["--trace-ops", "--trace-from=1", "--fuel", fuel]);
        Run::of(command.arg(&module)).ends_with(status);
    }
}

#[test]
fn a_trap_ends_the_trace() {
    let here = folder();
    let text = r#"(module (func (export "_start")
        (drop (i32.div_u (i32.const 1) (i32.load (i32.const 8))))) (memory 1))"#;
    let module = modules::assemble(here.path(), "trap.wasm", text);
    let mut command = wasi_interp(here.path());
    let run = Run::of(command.arg("--trace-ops").arg(module)).ends_with(134);
    let mut lines = run.stderr.lines();
    let op = lines.find(|line| line.contains("t0 ← i32.div_u"));
    assert!(op.is_some_and(|op| op.ends_with("t1=0")), "{}", run.stderr);
    let next = lines.next().unwrap_or_default();
    assert!(next.contains("integer divide by zero"), "{}", run.stderr);
}

#[test]
fn an_unknown_function_is_named() {
    let here = folder();
    let module = modules::assemble(here.path(), "sum.wasm", SUM);
    for (option, says) in [
        ("--trace-ops=some", "some"),
        (
            "--trace-calls=main.*",
            "no function has a name that begins with `main.`",
        ),
    ] {
        let mut command = wasi_interp(here.path());
        let run = Run::of(command.arg(option).arg(&module)).ends_with(1);
        assert!(run.stderr.contains(says), "{}", run.stderr);
    }
}

/// A Go program is followed with its lines of source, and does not notice.
#[test]
fn a_go_program() {
    for guest in [Guest::named("args"), Guest::named("args").old()] {
        let run = |options: &[&str]| {
            let here = folder();
            let mut command = wasi_interp(here.path());
            let command = command
                .args(options)
                .arg("--argv0=args")
                .arg(guest.wasm())
                .arg("a b");
            Run::of(command).ends_with(0)
        };
        let plain = run(&[]);
        let ops = run(&["--trace-ops"]);
        assert_eq!(plain.stdout, ops.stdout);
        assert!(
            ops.stderr.contains("main.main (main.go:"),
            "no line of main"
        );
        assert!(ops.stderr.contains("go.call"), "no call");
        assert!(ops.stderr.lines().count() > 100_000);

        let calls = run(&["--trace-calls=json"]);
        assert_eq!(plain.stdout, calls.stdout);
        let calls = parsed(&calls.stderr);
        let main = calls.iter().find(|call| call["name"] == "main.main");
        let main = main.expect("main is called");
        assert!(
            main["line"].as_u64().is_some() && main["event"] == "call",
            "{main}"
        );
        // A number, the two words of a string, and others.
        let file = calls.iter().find(|call| call["name"] == "os.newFile");
        let values = file.and_then(|call| call["values"].as_array());
        let name = values.and_then(|values| values[1].as_array());
        assert!(
            name.is_some_and(|name| name.len() == 2 && name[1] == 10),
            "{file:?}"
        );
    }
}

/// A recorded run is traced when it is replayed.
#[test]
fn a_recorded_run() {
    let here = folder();
    let module = modules::assemble(here.path(), "sum.wasm", SUM);
    let mut record = wasi_interp(here.path());
    let record = record.args(["--record=log.wi", "--trace-ops"]);
    let record = Run::of(record.arg(&module)).ends_with(0);
    // Recorded runs have canonical NaNs.
    assert!(record.stderr.contains("f64.canonical"), "{}", record.stderr);
    let mut replay = wasi_interp(here.path());
    let replay = replay.args(["replay", "--trace-ops", "log.wi"]);
    assert_eq!(
        Run::of(replay.arg(&module)).ends_with(0).stderr,
        record.stderr
    );
    for line in [
        &["replay", "--trace-calls", "--trace-from=1", "log.wi"][..],
        &["--record=other.wi", "--trace-calls", "--trace-from=1"],
        &["--freeze-to=other.wi", "--trace-calls", "--trace-from=1"],
    ] {
        let mut command = wasi_interp(here.path());
        let run = Run::of(command.args(line).arg(&module)).ends_with(1);
        assert!(
            run.stderr.contains("--trace-from cannot be used with"),
            "{}",
            run.stderr
        );
    }
}
