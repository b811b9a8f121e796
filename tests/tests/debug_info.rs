//! Backtraces of programs whose custom sections have DWARF.

use std::fs;

use interp::{Engine, Module};
use tests::same::folder;
use tests::{Guest, Run, modules, wasi_interp};

/// The number of the first line of the guest's source that contains this text.
fn line(text: &str) -> usize {
    let source = include_str!("../guests/cdebug/main.c");
    let found = source.lines().position(|line| line.contains(text));
    found.expect("it is in the source") + 1
}

fn debug() -> std::path::PathBuf {
    Guest::named("cdebug").c_wasm_with("debug.wasm", &["-g"])
}

/// Functions with their lines, and inlined calls as lines of their own.
#[test]
fn lines_of_c() {
    let here = folder();
    let run = Run::of(wasi_interp(here.path()).arg(debug()).arg("trap")).ends_with(134);
    let mut at = 0;
    for (func, text, inlined) in [
        ("innermost", "__builtin_trap", true),
        ("outer", "\tinnermost(argc)", false),
        ("main", "\touter(argc)", false),
    ] {
        let place = format!("main.c:{})", line(text));
        let found = run.stderr[at..].lines().find(|told| {
            told.contains(&format!("- {func}")) || told.contains("- __main") && func == "main"
        });
        let told = found.unwrap_or_else(|| panic!("{func} is not in:\n{}", run.stderr));
        assert!(told.contains(&place), "{told}\n{place}");
        assert_eq!(told.ends_with(" [inlined]"), inlined, "{told}");
        at = run.stderr.find(told).expect("it is a part") + told.len();
    }
}

/// A program that computes when its time is over.
#[test]
fn a_loop_has_its_line() {
    let here = folder();
    let mut command = wasi_interp(here.path());
    let run = Run::of(command.args(["--timeout", "500ms"]).arg(debug())).ends_with(134);
    let place = format!("main.c:{})", line("for (;;)") + 1);
    assert!(run.stderr.contains(&place), "{}", run.stderr);
}

/// Without DWARF, names remain, and a program in lowered form shows names, too.
#[test]
fn without_lines_there_are_names() {
    let here = folder();
    let plain = Guest::named("cdebug").c_wasm_with("plain.wasm", &["-g0"]);
    let lowered = here.path().join("main.lwasm");
    let mut command = wasi_interp(here.path());
    command.arg("compile").arg(debug()).arg("--output");
    Run::of(command.arg(&lowered)).ends_with(0);
    for wasm in [plain, lowered] {
        let run = Run::of(wasi_interp(here.path()).arg(wasm).arg("trap")).ends_with(134);
        run.says(&["wasm backtrace:", "- outer"]);
    }
}

/// Damaged DWARF loses lines, and nothing else.
#[test]
fn damaged_sections() {
    let here = folder();
    let whole = fs::read(debug()).expect("it was just built");
    let module = Module::new(&Engine::default(), whole.clone()).expect("it is valid");
    let start = module.info().bytes().as_ptr() as usize;
    let sections: Vec<_> = (module.custom_sections())
        .filter(|(name, _)| name.starts_with(".debug_"))
        .map(|(_, bytes)| {
            let at = bytes.as_ptr() as usize - start;
            at..at + bytes.len()
        })
        .collect();
    assert!(sections.len() > 3, "{sections:?}");
    for round in 0..100_usize {
        let mut bytes = whole.clone();
        for hit in 0..=round % 50 {
            let section = &sections[(round + hit) % sections.len()];
            // The start of a section matters most.
            let len = if round % 2 == 0 {
                section.len().min(200)
            } else {
                section.len()
            };
            bytes[section.start + (round * 7919 + hit * 104_729) % len] ^= (round % 255 + 1) as u8;
        }
        let path = modules::write(here.path(), "damaged.wasm", &bytes);
        let run = Run::of(wasi_interp(here.path()).arg(path).arg("trap")).ends_with(134);
        run.says(&["wasm backtrace:", "- outer", "_start"]);
    }
}
