//! Limits on fuel, time, memory and stack, and the messages of traps.

use std::time::{Duration, Instant};

use tests::same::folder;
use tests::{Guest, Run, modules, wasi_interp};

/// A trap ends with 134 and a backtrace, innermost function first.
#[test]
fn a_trap_shows_its_backtrace() {
    let here = folder();
    let module = modules::assemble(here.path(), "trap.wasm", modules::TRAP);
    let run = Run::of(wasi_interp(here.path()).arg(module)).ends_with(134);
    let run = run.says(&["unreachable", "inner", "middle", "_start"]);
    let at = |name: &str| run.stderr.find(name).expect("it was said");
    assert!(
        at("inner") < at("middle") && at("middle") < at("_start"),
        "{}",
        run.stderr
    );
}

/// Every cause of a trap is named in the words of the specification.
#[test]
fn causes_of_traps() {
    let here = folder();
    for (name, body, words) in [
        (
            "divide",
            "(drop (i32.div_s (i32.const 1) (i32.const 0)))",
            "divide by zero",
        ),
        (
            "overflow",
            "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
            "integer overflow",
        ),
        (
            "convert",
            "(drop (i32.trunc_f64_s (f64.const nan)))",
            "invalid conversion to integer",
        ),
        (
            "memory",
            "(drop (i32.load (i32.const 65533)))",
            "out of bounds memory access",
        ),
        (
            "table",
            "(call_indirect (i32.const 9))",
            "out of bounds table access",
        ),
        (
            "null",
            "(call_indirect (i32.const 0))",
            "uninitialized element",
        ),
        (
            "type",
            "(drop (call_indirect (result i32) (i32.const 1)))",
            "indirect call type mismatch",
        ),
    ] {
        let text = format!(
            r#"(module (memory (export "memory") 1) (table 2 funcref) (elem (i32.const 1) $f) (func $f) (func (export "_start") {body}))"#
        );
        let module = modules::assemble(here.path(), name, &text);
        Run::of(wasi_interp(here.path()).arg(module))
            .ends_with(134)
            .says(&[words]);
    }
}

/// Fuel ends at the same place in every run.
#[test]
fn fuel() {
    let here = folder();
    let spin = modules::assemble(here.path(), "spin.wasm", modules::SPIN);
    Run::of(
        wasi_interp(here.path())
            .args(["--fuel", "100000"])
            .arg(&spin),
    )
    .ends_with(134)
    .says(&[
        "spin.wasm: all fuel consumed: --fuel allows it 100000 calls",
        "backtrace",
    ]);
    Run::of(
        wasi_interp(here.path())
            .args(["-W", "fuel=100000"])
            .arg(&spin),
    )
    .ends_with(134)
    .says(&["fuel"]);
    let recurse = modules::assemble(here.path(), "recurse.wasm", modules::RECURSE);
    let short = || {
        Run::of(
            wasi_interp(here.path())
                .args(["--fuel", "20000"])
                .arg(&recurse),
        )
        .ends_with(134)
    };
    assert_eq!(short().says(&["fuel", "down"]), short());
    Run::of(
        wasi_interp(here.path())
            .args(["--fuel", "100000000000"])
            .arg(Guest::named("exit").wasm())
            .arg("3"),
    )
    .ends_with(3);
}

/// The timeout also stops a guest whose functions are being lowered.
#[test]
fn timeout_while_lowering() {
    let here = folder();
    let long = modules::write(here.path(), "long.wasm", &modules::long(6, 7_000_000));
    Run::of(
        wasi_interp(here.path())
            .args(["--timeout", "100ms"])
            .arg(&long),
    )
    .ends_with(134)
    .says(&[
        "long.wasm: stopped after 100ms, the limit of --timeout, while a function was lowered",
    ]);
    Run::of(wasi_interp(here.path()).arg(&long)).ends_with(0);
}

/// The timeout stops a guest that computes, and one that waits.
#[test]
fn timeout() {
    let here = folder();
    let spin = modules::assemble(here.path(), "spin.wasm", modules::SPIN);
    for option in [["--timeout", "300ms"], ["-W", "timeout=300ms"]] {
        let start = Instant::now();
        Run::of(wasi_interp(here.path()).args(option).arg(&spin))
            .ends_with(134)
            .says(&[
                "spin.wasm: stopped after 300ms, the limit of --timeout",
                "backtrace",
            ]);
        let elapsed = start.elapsed();
        assert!(
            elapsed >= Duration::from_millis(300) && elapsed < Duration::from_secs(30),
            "{elapsed:?}"
        );
    }
    Run::of(
        wasi_interp(here.path())
            .args(["--timeout", "1h"])
            .arg(Guest::named("exit").wasm())
            .arg("5"),
    )
    .ends_with(5);
}

/// A guest that only fills memory is stopped by the clock and by fuel, in the middle of its work.
#[test]
fn long_instructions_are_stopped() {
    let here = folder();
    let text = r#"(module (memory 4096) (func $fill (export "_start")
        (loop $again (memory.fill (i32.const 0) (i32.const 1) (i32.const 268435456)) (br $again))))"#;
    let fill = modules::assemble(here.path(), "fill.wasm", text);
    Run::of(
        wasi_interp(here.path())
            .args(["--timeout", "300ms"])
            .arg(&fill),
    )
    .ends_with(134)
    .says(&[
        "fill.wasm: stopped after 300ms, the limit of --timeout",
        "backtrace",
        "fill",
    ]);
    // One fill is 262,144 units.
    Run::of(wasi_interp(here.path()).arg("--fuel=600000").arg(&fill))
        .ends_with(134)
        .says(&["fuel", "fill"]);
}

/// A guest that waits is stopped, whatever it does after its wait: wait again, return, trap or exit.
#[test]
fn a_guest_that_waits_is_stopped() {
    let here = folder();
    for (name, reaction) in [
        ("again", "(br $again)"),
        ("return", "(return)"),
        ("trap", "(unreachable)"),
        ("exit", "(call $exit (i32.const 0))"),
    ] {
        let text = format!(
            r#"(module
      (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (data (i32.const 16) "\01")
      (data (i32.const 24) "\ff\ff\ff\ff\ff\ff\ff\7f")
      (func $main (export "_start")
        (loop $again (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))) {reaction})))"#
        );
        let sleeper = modules::assemble(here.path(), name, &text);
        Run::of(
            wasi_interp(here.path())
                .args(["--timeout", "300ms"])
                .arg(sleeper),
        )
        .ends_with(134)
        .says(&[name, "stopped after 300ms", "main"]);
    }
    // A system call that never ends: the FIFO has no writer.
    let fifo = here.path().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.expect("mkfifo can be started").success());
    Run::of(
        wasi_interp(here.path())
            .args(["--timeout", "300ms", "--dir=."])
            .arg(Guest::named("filecopy").wasm())
            .args(["fifo", "copy"]),
    )
    .ends_with(134)
    .says(&["stopped after 300ms"]);
}

/// Memory grows to the limit and not beyond. Go prints its own message.
#[test]
fn max_memory() {
    let here = folder();
    let grow = modules::assemble(here.path(), "grow.wasm", modules::GROW);
    Run::of(wasi_interp(here.path()).arg("--max-memory=8M").arg(&grow)).ends_with(7);
    Run::of(
        wasi_interp(here.path())
            .args(["-W", "max-memory-size=8388608"])
            .arg(&grow),
    )
    .ends_with(7);
    Run::of(wasi_interp(here.path()).arg(&grow)).ends_with(100);
    let tight = Run::of(
        wasi_interp(here.path())
            .arg("--max-memory=4MiB")
            .arg(Guest::named("maps").wasm()),
    );
    tight.ends_with(2).says(&[
        "out of memory",
        "wasi-interp: the guest wanted",
        "--max-memory allows 4MiB",
    ]);
    let refused = Run::of(wasi_interp(here.path()).arg("--max-memory=1K").arg(&grow));
    refused.ends_with(1).says(&[
        "65536 bytes",
        "the guest wanted 64KiB of memory; --max-memory allows 1KiB",
    ]);
    let stopped = Run::of(
        wasi_interp(here.path())
            .args(["-W", "max-memory-size=8388608,trap-on-grow-failure"])
            .arg(&grow),
    );
    stopped
        .ends_with(1)
        .says(&["grow", "--max-memory allows 8MiB"]);
}

/// The limit applies to the sum: a module of a few hundred bytes cannot take more in tables or in many memories. The
/// message names the part and the option.
#[test]
fn max_memory_bounds_all_parts() {
    let here = folder();
    let start = r#"(func (export "_start"))"#;
    let code = "(local.set 0 (i32.mul (local.get 0) (i32.const 77777)))".repeat(10_000);
    for (name, text, words) in [
        (
            "tables",
            "(table 10000000 funcref)".repeat(2),
            "the guest wanted 78125KiB for tables; --max-memory allows 64KiB",
        ),
        (
            "memories",
            "(memory 1)".repeat(50),
            "the guest wanted 64KiB more of memory; it has 64KiB, and --max-memory allows 64KiB",
        ),
        (
            "elements",
            format!("(func $f) (elem func {})", "$f ".repeat(10_000)),
            "bytes for functions, globals and element segments; --max-memory allows 64KiB",
        ),
        (
            "code",
            format!("(start $long) (func $long (local i32) {code})"),
            "for lowered code; it has ",
        ),
    ] {
        let module = modules::assemble(here.path(), name, &format!("(module {text} {start})"));
        Run::of(
            wasi_interp(here.path())
                .arg("--max-memory=64K")
                .arg(&module),
        )
        .ends_with(1)
        .says(&["a limit forbids", words]);
        Run::of(
            wasi_interp(here.path())
                .arg("--max-memory=2GiB")
                .arg(&module),
        )
        .ends_with(0);
    }
}

/// The stack grows to its limit. Then the program traps.
#[test]
fn max_stack() {
    let here = folder();
    let recurse = modules::assemble(here.path(), "recurse.wasm", modules::RECURSE);
    Run::of(wasi_interp(here.path()).arg(&recurse))
        .ends_with(134)
        .says(&[
            "call stack exhausted: deeper recursion needs --max-stack SIZE",
            "down",
        ]);
    Run::of(
        wasi_interp(here.path())
            .arg("--max-stack=64K")
            .arg(&recurse),
    )
    .ends_with(134)
    .says(&["--max-stack allows 64KiB for nested calls"]);
    let go = Guest::named("recursion").wasm();
    Run::of(wasi_interp(here.path()).arg("--max-stack=1M").arg(&go))
        .ends_with(2)
        .says(&[
            "goroutine stack exceeds 1048576-byte limit",
            "depth(...)",
            "--max-stack allows 1MiB for nested calls",
        ]);
}

/// `--invoke` calls an export with parameters and prints its results. A library is initialised first.
#[test]
fn invoke() {
    let here = folder();
    let library = Guest::named("reactor").reactor();
    let call = |name: &str, args: &[&str]| {
        Run::of(
            wasi_interp(here.path())
                .args(["--invoke", name])
                .arg(&library)
                .args(args),
        )
        .ends_with(0)
        .stdout
    };
    assert_eq!(call("add", &["40", "2"]), "42\n");
    assert_eq!(call("add", &["2147483647", "1"]), "-2147483648\n");
    assert_eq!(call("sum_to", &["1000"]), "500500\n");
    assert_eq!(call("greet", &[]), "greetings, call 1\n");
    let missing = Run::of(
        wasi_interp(here.path())
            .args(["--invoke", "nothing"])
            .arg(&library),
    );
    missing.ends_with(1).says(&["nothing"]);
    Run::of(
        wasi_interp(here.path())
            .args(["--invoke", "add"])
            .arg(&library)
            .arg("1"),
    )
    .ends_with(1)
    .says(&["2"]);
    Run::of(
        wasi_interp(here.path())
            .args(["--invoke", "add"])
            .arg(&library)
            .args(["1", "x"]),
    )
    .ends_with(1)
    .says(&["x"]);
}

/// A table that grows in small steps is not copied at each of them: all of them take 0.1 s, not minutes.
#[test]
fn a_table_that_grows_in_small_steps() {
    let here = folder();
    let text = r#"(module (table 1 funcref) (func (export "_start") (local i32)
        (loop $again
          (if (i32.lt_s (table.grow (ref.null func) (i32.const 1000)) (i32.const 0)) (then unreachable))
          (local.set 0 (i32.add (local.get 0) (i32.const 1)))
          (br_if $again (i32.lt_u (local.get 0) (i32.const 9000))))))"#;
    let module = modules::assemble(here.path(), "grows.wasm", text);
    let mut command = wasi_interp(here.path());
    Run::of(command.arg("--timeout=15s").arg(module)).ends_with(0);
}
