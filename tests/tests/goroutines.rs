//! What is shown of Go programs that are stopped: inlined calls, goroutines, and the same for programs in lowered form.

use std::path::{Path, PathBuf};

use go_tables::{Goroutine, Goroutines, Missing, State, Tables};
use interp::{Config, Engine, Linker, Module, Store, Trap, Val};
use tests::same::folder;
use tests::{Guest, Run, wasi_interp};
use wasi_shim::{Wasi, bind, std_host};

/// Both releases of Go.
fn builds() -> [Guest; 2] {
    [Guest::named("stuck"), Guest::named("stuck").old()]
}

/// Runs a program until it is stopped.
fn stopped(wasm: &Path, way: &str) -> String {
    let here = folder();
    let mut command = wasi_interp(here.path());
    let command = command.args(["--timeout", "500ms"]).arg(wasm).arg(way);
    Run::of(command).ends_with(134).stderr
}

/// The number of the first line of `tests/guests/stuck/main.go` that contains this text.
fn line(text: &str) -> usize {
    let source = include_str!("../guests/stuck/main.go");
    let found = source.lines().position(|line| line.contains(text));
    found.expect("it is in the source") + 1
}

/// Returns `func (folder/main.go:line)`, with the line of this text.
fn frame(func: &str, text: &str) -> String {
    format!("- {func} (guests/stuck/main.go:{})", line(text))
}

/// The lines of the interpreter's backtrace, without numbers and offsets.
fn backtrace(said: &str) -> Vec<String> {
    let lines = said
        .lines()
        .skip_while(|line| !line.starts_with("wasm backtrace"));
    let lines = lines.skip(1).take_while(|line| !line.is_empty());
    lines
        .map(|line| line[line.find("- ").expect("it has a name")..].to_owned())
        .collect()
}

/// Lowers a program.
fn lowered(here: &Path, wasm: &Path, options: &[&str]) -> PathBuf {
    let output = here.join(format!("main{}.lwasm", options.concat()));
    let mut command = wasi_interp(here);
    command.arg("compile").args(options).arg("--output");
    Run::of(command.arg(&output).arg(wasm)).ends_with(0);
    output
}

/// The calls of a trap, with those that the compiler has inlined. Programs in lowered form show the same.
#[test]
fn a_trap_shows_inlined_calls() {
    for wasm in builds()
        .map(Guest::wasm)
        .into_iter()
        .chain(builds().map(Guest::stripped))
    {
        let said = stopped(&wasm, "trap");
        assert!(said.contains("wasm backtrace of goroutine 1:\n"), "{said}");
        let frames = backtrace(&said);
        // Code up to the return has one PC, so the line may be a range. It starts with that of the trap.
        let first = frame("main.inner", "\t*(*int)");
        assert!(frames[0].starts_with(first.trim_end_matches(')')), "{said}");
        let expected = [
            frame("main.middle", "\tinner()") + " [inlined]",
            frame("main.outer", "\tmiddle(3)"),
            frame("main.main", "\t\touter()"),
        ];
        assert_eq!(frames[1..4], expected, "{said}");
        // A trap shows no other goroutines.
        assert!(!said.contains("goroutine 1 ["), "{said}");

        let here = folder();
        for options in [&[][..], &["--strip"]] {
            let other = stopped(&lowered(here.path(), &wasm, options), "trap");
            assert_eq!(backtrace(&other)[1..], frames[1..], "{other}");
            assert!(other.contains("of goroutine 1:\n"), "{other}");
            assert!(
                backtrace(&other)[0].starts_with("- main.inner (guests/stuck/main.go:"),
                "{other}"
            );
        }
    }
}

#[test]
fn a_trap_names_its_goroutine() {
    for guest in builds() {
        let said = stopped(&guest.wasm(), "goroutine");
        let start = said
            .find("wasm backtrace of goroutine ")
            .expect("it has one");
        assert!(
            !said[start..].starts_with("wasm backtrace of goroutine 1:"),
            "{said}"
        );
    }
}

/// A program that computes when its time is over: its own frames, inlined ones as well, then the others.
#[test]
fn a_timeout_shows_all_goroutines() {
    for guest in builds() {
        let here = folder();
        let wasm = guest.wasm();
        for wasm in [lowered(here.path(), &wasm, &[]), wasm] {
            let said = stopped(&wasm, "loop");
            let at = |text| format!("(...)\n\tguests/stuck/main.go:{}", line(text));
            for words in [
                "\n\ngoroutine 1 [running]:\nmain.".to_owned(),
                format!("main.loop{}", at("\t\tstep(n)")),
                format!("main.main{}", at("\t\tloop()")),
                format!("[chan receive]:\nmain.receive{}", at("func receive")),
            ] {
                assert!(said.contains(&words), "{words}\nis not in:\n{said}");
            }
        }
    }
}

/// Goroutines that wait: for what, where, and who created them, in Go's words.
#[test]
fn waiting_goroutines() {
    for guest in builds() {
        let said = stopped(&guest.wasm(), "wait");
        let (_, said) = said.split_once("\n\n").expect("goroutines follow");
        let all: Vec<_> = said.split("\n\n").collect();
        let cases = [
            ("sleep", "main.wait", "\ttime.Sleep(time.Hour)"),
            ("sync.Mutex.Lock", "main.lock", "func lock"),
            ("chan receive", "main.receive", "func receive"),
            ("chan receive (nil chan)", "main.receive", "func receive"),
            ("chan send", "main.send", "func send"),
            ("select", "main.choose", "\tselect {"),
            ("sleep", "main.sleep", "func sleep"),
            ("select (no cases)", "main.generic[...]", "func generic"),
        ];
        for (reason, func, text) in cases {
            let mut at = line(text);
            if func == "main.wait" {
                at = line("\tgo generic[int](1)") + 1;
            } else if func == "main.choose" {
                at = line("func choose") + 1;
            }
            let found = all.iter().any(|told| {
                told.starts_with("goroutine ")
                    && told.contains(&format!(" [{reason}]:\n"))
                    && told.contains(&format!("\n{func}(...)\n\tguests/stuck/main.go:{at}"))
                    && (told.contains("created by main.wait in goroutine 1\n\t")
                        || func == "main.wait")
            });
            assert!(found, "{reason}: {func} at {at} is not in:\n{said}");
        }
        assert_eq!(all.len(), cases.len(), "{said}");
    }
}

#[test]
fn not_all_of_many_goroutines_are_shown() {
    let said = stopped(&Guest::named("stuck").wasm(), "many");
    assert_eq!(said.matches("\ngoroutine ").count(), 100, "{said}");
    assert!(said.contains("\n… 51 more goroutines\n"), "{said}");
}

/// Runs a program for as much fuel, and returns its memory and the address of the running goroutine.
fn memory(wasm: PathBuf, way: &str, fuel: u64) -> (Vec<u8>, u64) {
    let mut config = Config::new();
    config.consume_fuel(true);
    let engine = Engine::new(&config);
    let bytes = std::fs::read(wasm).expect("it was just built");
    let module = Module::new(&engine, bytes).expect("it is valid");
    let mut wasi = std_host::builder().0;
    wasi.arg("stuck").arg(way);
    let mut store = Store::new(&engine, wasi.build().expect("a builder can be used"));
    store.set_fuel(fuel).expect("it is counted");
    let mut linker = Linker::new(&engine);
    bind::add_to_linker(&mut linker, |wasi: &mut Wasi| wasi).expect("all names are free");
    let instance = linker.instantiate(&mut store, &module).expect("it fits");
    let start = instance
        .get_typed_func::<(), ()>(&store, "_start")
        .expect("it is a program");
    let error = start.call(&mut store, ()).expect_err("it never ends");
    assert_eq!(error.as_trap(), Some(Trap::OutOfFuel));
    let Some(Val::I64(g)) = instance.debug_global(&store, 2).map(|g| g.get(&store)) else {
        panic!("global 2 is an address");
    };
    let memory = instance.get_memory(&store, "memory").expect("it has one");
    (memory.data(&store).to_vec(), g.cast_unsigned())
}

/// A stopped program, seen through the crate.
#[test]
fn the_crate_reads_goroutines_and_lines() {
    for (guest, release) in builds().into_iter().zip([27, 21]) {
        let (memory, g) = memory(guest.wasm(), "loop", 3_000_000);
        let tables = Tables::find(&memory).expect("Go's table is there");
        assert_eq!(tables.release(), Some(release));
        let goroutines = Goroutines::find(&tables).expect("the list is there");
        let running = goroutines.running(g).expect("one runs");
        assert_eq!((running.id, running.state), (1, State::Running));
        assert!(!running.is_system && running.reason.is_none());
        let waits = |it: &Goroutine| it.reason == Some("chan receive") && !it.is_system;
        let waiting: Vec<_> = goroutines.iter().filter(waits).collect();
        assert_eq!(
            waiting.len(),
            1,
            "{:?}",
            goroutines.iter().collect::<Vec<_>>()
        );
        assert_eq!(waiting[0].creator.1, 1);
        let (func, _) = tables.at_pc(waiting[0].pc).expect("it has a place");
        assert_eq!(
            tables.func(func).and_then(|func| func.name()),
            Some("runtime.gopark")
        );
        // The garbage collector's own goroutines.
        assert!(goroutines.iter().any(|it| it.is_system));

        // `step` is inlined into `loop`, and both into `main`.
        let wanted = u32::try_from(line("\tadd(n)")).expect("it is small");
        let (found, points) = tables
            .find_line("stuck/main.go", wanted)
            .expect("it has code");
        assert_eq!(found, wanted);
        let mut names = Vec::new();
        for point in points {
            let func = tables.func(point.func).expect("it is in the table");
            let calls: Vec<_> = func.calls_at(point.pc).collect();
            assert_eq!(calls[0].place.map(|place| place.line), Some(wanted));
            names.extend(calls.iter().map(|call| call.name));
        }
        for name in ["main.step", "main.loop", "main.main"] {
            assert!(names.contains(&name), "{names:?}");
        }
        // A line without code leads to the next one.
        let (next, _) = tables
            .find_line("main.go", wanted + 2)
            .expect("there is more code");
        assert!(next > wanted + 2, "{next}");
        assert!(tables.find_line("main.go", u32::MAX).is_none());
        assert!(tables.find_line("ain.go", 1).is_none());
    }
}

/// Asks for all that the crate knows. Returns the number of answers.
fn ask(memory: &[u8], g: u64) -> usize {
    let Some(tables) = Tables::find(memory) else {
        return 0;
    };
    let goroutines = match Goroutines::find(&tables) {
        Ok(goroutines) => goroutines,
        Err(missing) => {
            assert!(!missing.to_string().is_empty());
            return usize::from(missing == Missing::List);
        }
    };
    let running = goroutines.running(g);
    let mut answers = 0;
    for goroutine in goroutines.iter().take(100).chain(running) {
        if let Some((func, resume)) = tables.at_pc(goroutine.pc)
            && let Some(func) = tables.func(func)
        {
            answers += func.calls(resume).count();
            let _ = (func.frame_size(resume), func.last_pc(), func.start_line());
        }
    }
    answers
}

/// Damage to the memory causes wrong results at worst: to the table, to the module's record, to the list and to goroutines.
#[test]
fn damaged_memory() {
    for guest in builds() {
        let (mut memory, g) = memory(guest.wasm(), "loop", 3_000_000);
        let tables = Tables::find(&memory).expect("Go's table is there");
        let goroutines = Goroutines::find(&tables).expect("the list is there");
        let records: Vec<_> = goroutines.iter().map(|it| it.address as usize).collect();
        let start = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];
        let table = memory.chunks_exact(8).position(|bytes| bytes == start);
        let table = table.expect("Go's table is there") * 8;
        let record = (table as u64).to_le_bytes();
        let record = memory.chunks_exact(8).position(|bytes| bytes == record);
        let record = record.expect("the record is there") * 8;
        let list = (records[0] as u64).to_le_bytes();
        let list = memory.chunks_exact(8).rposition(|bytes| bytes == list);
        let list = list.expect("the list is there") * 8;
        let whole = ask(&memory, g);
        assert!(whole > 5, "{whole}");
        let mut places = vec![(table, 72), (record, 400), (list, 64)];
        places.extend(records.iter().map(|at| (*at, 400)));
        let mut answers = 0;
        for round in 0..1500_usize {
            let (at, len) = places[round % places.len()];
            let mut kept = Vec::new();
            for hit in 0..=round % 5 {
                let at = at + (round * 7919 + hit * 104_729) % len;
                kept.push((at, memory[at]));
                memory[at] = match hit % 3 {
                    0 => memory[at] ^ (round % 255 + 1) as u8,
                    1 => 0xff,
                    _ => 0,
                };
            }
            answers += ask(&memory, g);
            for (at, byte) in kept.into_iter().rev() {
                memory[at] = byte;
            }
        }
        assert!(answers > 1000, "only {answers} answers");
        assert_eq!(ask(&memory, g), whole);
    }
}

/// Fuel mostly runs out where a function is entered, before its first instruction.
#[test]
fn a_function_that_has_not_begun_has_a_place() {
    for guest in builds() {
        let (here, wasm) = (folder(), guest.wasm());
        for fuel in 1..60 {
            let mut command = wasi_interp(here.path());
            let command = command.arg(format!("--fuel={fuel}")).arg(&wasm);
            let said = Run::of(command).ends_with(134).stderr;
            let frames = said.lines().filter(|line| line.contains("0x"));
            assert!(frames.clone().count() > 0, "{said}");
            for frame in frames {
                assert!(!frame.contains(" 0x0 "), "{fuel}: {said}");
            }
        }
    }
}
