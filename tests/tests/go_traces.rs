//! Backtraces of Go programs: names and lines from the program's own tables, stripped or not, and Go's message for a stack
//! overflow.

use std::fs;
use std::path::PathBuf;

use go_tables::Tables;
use interp::{Engine, Linker, Module, Store};
use tests::same::folder;
use tests::{Guest, Run, run, wasi_interp};

/// Both releases of Go, with a name section and without.
fn builds(name: &'static str) -> [(Guest, PathBuf); 4] {
    let (new, old) = (Guest::named(name), Guest::named(name).old());
    [
        (new, new.wasm()),
        (new, new.stripped()),
        (old, old.wasm()),
        (old, old.stripped()),
    ]
}

/// The functions and lines of a traceback, without arguments and addresses: `main.f main.go:7`.
fn frames(said: &str) -> Vec<String> {
    let lines: Vec<_> = said.lines().collect();
    let frame = |pair: &[&str]| {
        let name = pair[0].split('(').next()?;
        let place = pair[1].strip_prefix('\t')?.split(' ').next()?;
        let file = place.rsplit('/').next()?;
        Some(format!("{name} {file}"))
    };
    lines.windows(2).filter_map(frame).collect()
}

/// If the interpreter's stack is full before Go's own, the program ends as it does at Go's limit, with the same frames as
/// natively.
#[test]
fn endless_recursion_through_a_closure() {
    let here = folder();
    for (guest, wasm) in builds("overflow") {
        for goroutine in ["main", "other"] {
            let mut native = run::clean(guest.native(), here.path());
            let native = Run::of(native.args([goroutine, "1048576"])).ends_with(2);
            let mut command = wasi_interp(here.path());
            let found = Run::of(command.arg("--max-stack=1M").arg(&wasm).arg(goroutine));
            let found = found.ends_with(2);
            let line = |run: &Run, start: &str| {
                let mut lines = run.stderr.lines();
                lines
                    .find(|line| line.starts_with(start))
                    .map(str::to_owned)
            };
            for start in ["runtime: goroutine stack exceeds ", "fatal error: "] {
                assert_eq!(
                    line(&found, start),
                    line(&native, start),
                    "{}",
                    found.stderr
                );
                assert!(line(&found, start).is_some(), "{}", found.stderr);
            }
            let header = line(&found, "goroutine ").expect("the goroutine is named");
            assert!(header.ends_with("[running]:"), "{header}");
            assert_eq!(
                header.starts_with("goroutine 1 "),
                goroutine == "main",
                "{header}"
            );
            assert!(line(&found, "...").is_some_and(|line| line.ends_with(" frames elided...")));
            // The traceback of this goroutine only. Go prints the others after it.
            let of_goroutine = |run: &Run| {
                let start = run.stderr.find("[running]:").expect("it was said");
                let text = &run.stderr[start..];
                let end = text.find("\n\n").unwrap_or(text.len());
                frames(&text[..end])
            };
            let (found, mut native) = (of_goroutine(&found), of_goroutine(&native));
            // Below the goroutine's first function, each processor has its own assembly functions. Natively, a line names
            // the creator.
            native.retain(|frame| !frame.starts_with("created by"));
            let plain = |frames: &[String]| -> Vec<String> {
                let own = frames.iter().filter(|frame| frame.starts_with("main."));
                own.cloned().collect()
            };
            // Natively, the innermost frame is that of the callee without room.
            assert_eq!(plain(&found)[1..], plain(&native)[1..]);
            assert!(found.len() > 99, "{found:?}");
        }
    }
}

/// Messages about a program without a name section contain function names: backtraces, and the line of `--timeout`.
#[test]
fn stripped_programs_have_names() {
    let here = folder();
    for (_, wasm) in builds("overflow") {
        let mut command = wasi_interp(here.path());
        let run = Run::of(command.args(["--timeout", "300ms"]).arg(&wasm).arg("spin"));
        let run = run
            .ends_with(134)
            .says(&["backtrace", "main.spin", "main.go:"]);
        assert!(!run.stderr.contains("<wasm function"), "{}", run.stderr);
    }
}

/// A module that Go has not built pretends to be a deep stack: 64 MiB of return addresses, almost all different, in a table in which
/// each takes long to find. Its overflow is reported all the same.
#[test]
fn a_forged_stack_takes_little_time() {
    let word = |word: u64| word.to_le_bytes();
    let small = |number: u32| number.to_le_bytes();
    // Values: a byte that counts for nothing, then 0, 8, 0, 8, and so on, each for one PC.
    let mut values = vec![0, 2, 1];
    for step in 1..65_535 {
        values.extend([if step % 2 == 1 { 16 } else { 15 }, 1]);
    }
    values.resize(values.len().next_multiple_of(8), 0);
    // The start, then: functions, files, text, names, units, files, values, functions.
    let mut table = vec![0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];
    for number in [1, 1, 0, 72, 80, 88, 96, 96 + values.len() as u64] {
        table.extend(word(number));
    }
    table.extend(b"\0main.f\0");
    table.resize(96, 0);
    table.extend(values);
    // The entries of the function and of the end, and the function's record with its name and its list of values.
    for number in [0x1000, 16, 0x1001, 0, 0x1000, 1, 0, 0, 1, 0, 0] {
        table.extend(small(number));
    }
    let table: String = table.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let text = format!(
        r#"(module
          (memory (export "memory") 1024)
          (global (mut i32) (i32.const 0x100000))
          (data (i32.const 4096) "{table}")
          (func $f (export "_start") (local $at i32)
            (local.set $at (i32.const 0x100000))
            (loop
              ;; A PC has the function in its upper half, and a resume point from 32,768 to 65,534.
              (i64.store (local.get $at)
                (i64.add (i64.const 0x1000_8000)
                  (i64.extend_i32_u
                    (i32.and (i32.shr_u (local.get $at) (i32.const 2)) (i32.const 0x7ffe)))))
              (local.set $at (i32.add (local.get $at) (i32.const 8)))
              (br_if 0 (i32.lt_u (local.get $at) (i32.const 0x400_0000))))
            (call $g))
          (func $g (call $g)))"#
    );
    let here = folder();
    fs::write(
        here.path().join("forged.wasm"),
        wat::parse_str(text).expect("it is valid"),
    )
    .expect("it is written");
    let run = Run::of(wasi_interp(here.path()).arg("forged.wasm")).ends_with(2);
    let run = run.says(&["stack overflow", "main.f(...)", "frames elided"]);
    assert!(run.stderr.lines().count() < 300, "{}", run.stderr);
}

/// The memory of a program before it starts.
fn memory(module: &Module) -> Vec<u8> {
    let mut store = Store::new(module.engine(), ());
    let mut linker = Linker::new(module.engine());
    linker
        .define_unknown_imports_as_traps(module)
        .expect("it imports functions only");
    let instance = linker.instantiate(&mut store, module).expect("it fits");
    let memory = instance.get_memory(&store, "memory").expect("it has one");
    memory.data(&store).to_vec()
}

fn module(wasm: PathBuf) -> Module {
    let bytes = fs::read(wasm).expect("it was just built");
    Module::new(&Engine::default(), bytes).expect("it is valid")
}

/// Go's table and the name section agree on every function.
#[test]
fn names_are_those_of_the_name_section() {
    for guest in [Guest::named("overflow"), Guest::named("overflow").old()] {
        let module = module(guest.wasm());
        let memory = memory(&module);
        let tables = Tables::find(&memory).expect("Go's table is there");
        let info = module.info();
        let mut lines = 0;
        for index in 0..info.defined_funcs() {
            let name = info.func_name(info.imported_funcs() + index);
            let name = name.expect("every function is named");
            // Functions that the linker adds at the end are not in the table.
            let Some(func) = tables.func(index) else {
                assert!(
                    index + 10 > info.defined_funcs() || name.starts_with("wasm"),
                    "{index}: {name}"
                );
                continue;
            };
            let known = func.name().expect("it is named");
            let plain = |char: char| {
                if char.is_ascii_alphanumeric() || char == '.' {
                    char
                } else {
                    '_'
                }
            };
            assert_eq!(known.chars().map(plain).collect::<String>(), name);
            lines += u32::from(func.place(1).is_some_and(|place| place.line > 0));
        }
        assert!(lines > info.defined_funcs() / 2, "{lines} lines");
    }
}

/// Damage to a real table causes wrong results at worst.
#[test]
fn damaged_tables() {
    let module = module(Guest::named("overflow").stripped());
    let memory = memory(&module);
    let start = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];
    let found = memory.windows(8).position(|bytes| bytes == start);
    let found = found.expect("Go's table is there");
    // The memory from the table on, small enough for a fast search.
    let whole = &memory[found..memory.len().min(found + (512 << 10))];
    let mut answers = 0;
    for round in 0..2000_usize {
        let mut damaged = whole.to_vec();
        for hit in 0..=round % 7 {
            // First only the header, then everything.
            let range = if round < 1000 { 72 } else { damaged.len() };
            let at = (round * 7919 + hit * 104_729) % range;
            damaged[at] ^= (round % 255 + 1) as u8;
        }
        let Some(tables) = Tables::find(&damaged) else {
            continue;
        };
        for index in (0..1500).step_by(37) {
            if let Some(func) = tables.func(index) {
                let told = (func.name(), func.place(3), func.frame_size(3));
                answers += usize::from(told.0.is_some());
            }
        }
    }
    assert!(answers > 10_000, "only {answers} answers");
}
