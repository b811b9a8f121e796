//! Tests with a small table, whole and damaged. `tests/tests/go_traces.rs` tests tables of real programs.

extern crate std;

use super::*;
use std::vec;
use std::vec::Vec;

/// A table for two functions, in memory at address 64. `shift` is that of Go 1.21 (16) or Go 1.27 (0).
fn memory(shift: u32) -> Vec<u8> {
    let mut table = START.to_vec();
    let word = |table: &mut Vec<u8>, word: u64| table.extend_from_slice(&word.to_le_bytes());
    // Functions, files, text; then names, units, files, values, functions.
    for number in [2, 1, 0, 72, 96, 104, 120, 136] {
        word(&mut table, number);
    }
    assert_eq!(table.len(), HEADER);
    table.extend_from_slice(b"\0main.main\0main.f.func1\0");
    table.resize(96, 0);
    table.extend_from_slice(&[0, 0, 0, 0]);
    table.resize(104, 0);
    table.extend_from_slice(b"/src/main.go\0");
    table.resize(120, 0);
    // Offset 1: file 0 for 100 PCs. Offset 4: line 6 for 3 PCs, then 5. Offset 9: 0 bytes for a PC, then 24.
    table.extend_from_slice(&[0, 2, 100, 0, 14, 3, 1, 97, 0, 2, 1, 48, 99, 0]);
    table.resize(136, 0);
    let small = |table: &mut Vec<u8>, number: u32| table.extend_from_slice(&number.to_le_bytes());
    let entry = |index: u32| (FIRST_FUNC + index) << shift;
    for number in [entry(0), 24, entry(1), 68, entry(2), 0] {
        small(&mut table, number);
    }
    for (entry, name) in [(entry(0), 1), (entry(1), 11)] {
        for number in [entry, name, 0, 0, 9, 1, 4, 0, 0, 4, 0] {
            small(&mut table, number);
        }
    }
    let mut memory = vec![0; 64];
    // The magic number alone is no table.
    memory[8..16].copy_from_slice(&START);
    memory.extend(table);
    memory
}

#[test]
fn what_a_function_is_called_and_where_it_is() {
    for shift in [0, 16] {
        let memory = memory(shift);
        let tables = Tables::find(&memory).expect("there is a table");
        let func = tables.func(1).expect("there is a function");
        assert_eq!(func.name(), Some("main.f.func1"));
        assert_eq!(
            tables.func(0).and_then(|func| func.name()),
            Some("main.main")
        );
        let line = |resume| func.place(resume).map(|place| (place.file, place.line));
        assert_eq!(line(3), Some(("/src/main.go", 6)));
        assert_eq!(line(4), Some(("/src/main.go", 5)));
        assert_eq!(line(500), None);
        assert_eq!(
            (func.frame_size(0), func.frame_size(9)),
            (Some(0), Some(24))
        );
        assert!(tables.func(2).is_none() && tables.func(u32::MAX).is_none());
        assert_eq!(tables.at_pc(0x1001_0004), Some((1, 4)));
        assert_eq!((tables.at_pc(7), tables.at_pc(u64::MAX)), (None, None));
    }
}

/// A memory full of starts of tables is not searched to its end.
#[test]
fn few_places_are_tried() {
    let found = |starts: usize| {
        let mut all = START.repeat(starts);
        // The small memory has a start of its own before its table.
        all.extend(memory(0));
        Tables::find(&all).is_some()
    };
    assert!(found(TRIED - 2));
    assert!(!found(TRIED - 1));
}

/// A line without code leads to the next one.
#[test]
fn where_the_code_of_a_line_is() {
    let memory = memory(0);
    let tables = Tables::find(&memory).expect("there is a table");
    let found = |file, line| {
        let (line, points) = tables.find_line(file, line)?;
        Some((
            line,
            points
                .map(|point| (point.func, point.pc))
                .collect::<Vec<_>>(),
        ))
    };
    let (sixth, fifth) = (vec![(0, 0), (1, 0)], vec![(0, 3), (1, 3)]);
    assert_eq!(found("/src/main.go", 6), Some((6, sixth)));
    assert_eq!(found("main.go", 2), Some((5, fifth)));
    assert_eq!(
        (found("main.go", 7), found("in.go", 5), found("", 5)),
        (None, None, None)
    );
}

/// A program without the runtime's records says why its goroutines are not known.
#[test]
fn a_word_for_what_is_missing() {
    let memory = memory(0);
    let mut tables = Tables::find(&memory).expect("there is a table");
    let missing = |tables: &Tables<'_>| Goroutines::find(tables).err();
    assert_eq!(missing(&tables), Some(Missing::Release));
    tables.release = Some(28);
    assert_eq!(missing(&tables), Some(Missing::Unknown(28)));
    tables.release = Some(27);
    assert_eq!(missing(&tables), Some(Missing::Record));
}

/// Calls all functions.
fn ask(memory: &[u8]) {
    if let Some(tables) = Tables::find(memory) {
        let again = Tables::again(memory, tables.found()).expect("it is there again");
        assert_eq!(
            again.func(0).map(|func| func.at),
            tables.func(0).map(|func| func.at)
        );
        let _ = tables
            .find_line("main.go", 1)
            .map(|(_, points)| points.count());
        for func in (0..4)
            .chain([u32::MAX])
            .filter_map(|index| tables.func(index))
        {
            for resume in [0, 1, 50, u16::MAX] {
                let _ = (func.name(), func.place(resume), func.frame_size(resume));
                let _ = (func.calls(resume).count(), func.last_pc());
                let _ = (func.arguments(), func.parameters().map(Iterator::count));
            }
        }
    }
}

/// No damage causes a panic: each byte with several values, each truncation, each eight bytes with large numbers.
#[test]
fn damaged_tables() {
    for shift in [0, 16] {
        let whole = memory(shift);
        for at in 0..whole.len() {
            ask(&whole[..at]);
            for value in [0, 1, 0x7f, 0x80, 0xff, whole[at] ^ 1, whole[at] ^ 0x80] {
                let mut damaged = whole.clone();
                damaged[at] = value;
                ask(&damaged);
            }
            for wide in [u64::MAX, 1 << 63, 0xffff_ffff, 0x7fff_fff8] {
                let mut damaged = whole.clone();
                let end = (at + 8).min(whole.len());
                damaged[at..end].copy_from_slice(&wide.to_le_bytes()[..end - at]);
                ask(&damaged);
            }
        }
    }
}
