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

/// A number as LEB128.
fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// Entries inside of each other, fifty thousand deep, lose lines and not the stack.
#[test]
fn entries_that_are_nested_deeply() {
    let here = folder();
    let text = r#"(module (func (export "_start") unreachable))"#;
    let path = modules::assemble(here.path(), "deep.wasm", text);
    let mut bytes = fs::read(&path).expect("it was just written");
    // Each: begin and end, and the function that it is a call of, which is the second entry.
    let entry = |code: u8| {
        let mut entry = vec![code];
        for number in [0_u32, 0x7fff_ffff, 24] {
            entry.extend(number.to_le_bytes());
        }
        entry
    };
    // DWARF 4, addresses of four bytes; a unit, a function in it, and calls that are inlined into each other.
    let mut unit = vec![4, 0, 0, 0, 0, 0, 4, 1];
    for number in [0_u32, 0, 0x7fff_ffff] {
        unit.extend(number.to_le_bytes());
    }
    unit.extend(entry(2));
    (0..50_000).for_each(|_| unit.extend(entry(3)));
    unit.extend([0; 50_002]);
    let length = u32::try_from(unit.len()).expect("it is small");
    let info = [&length.to_le_bytes()[..], &unit].concat();
    // Compile unit, subprogram and inlined subroutine, each with entries inside: where they begin and end, and of what they are a call.
    let abbreviations = b"\x01\x11\x01\x10\x17\x11\x01\x12\x06\0\0\
        \x02\x2e\x01\x11\x01\x12\x06\x31\x13\0\0\
        \x03\x1d\x01\x11\x01\x12\x06\x31\x13\0\0\0";
    let sections: [(&str, &[u8]); 2] = [(".debug_info", &info), (".debug_abbrev", abbreviations)];
    for (name, contents) in sections {
        let named = [&leb(name.len()), name.as_bytes(), contents].concat();
        bytes.push(0);
        bytes.extend(leb(named.len()));
        bytes.extend(named);
    }
    let path = modules::write(here.path(), "deep.wasm", &bytes);
    let run = Run::of(wasi_interp(here.path()).arg("-v").arg(path)).ends_with(134);
    run.says(&["DWARF cannot be read", "wasm backtrace:"]);
}
