//! Whole memories and tables: what they hold afterwards, and what the runtime is asked for.

use interp::Trap;
use interp::dispatch::{Field, OpNumber};
use interp::machine::{Class, Exit};

use crate::bare::{Asked, Bare, Code, MEMORY, Start};
use crate::def;
use crate::inputs::pairs;
use crate::place::{A, ACC, B, C, DST, arity, check_output, finish, place};

/// Whether an op reads addresses and lengths of 64 bits.
fn is_wide(op: OpNumber) -> bool {
    def(op).fields.contains(&Field::Wide)
}

/// A number as the op reads it from a slot.
fn cut(op: OpNumber, number: u64) -> u64 {
    if is_wide(op) {
        number
    } else {
        number & 0xffff_ffff
    }
}

/// Checks an op of the family.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    match def(op).name {
        "memory.size" => {
            let each = if def(op).form == "bytes" {
                MEMORY as u64
            } else {
                1
            };
            gives(bare, op, &[DST, 0], each);
            gives(bare, op, &[DST, 1], 2 * each);
        }
        "table.size" => {
            gives(bare, op, &[DST, 0], 32);
            gives(bare, op, &[DST, 1], 16);
        }
        "memory.grow" => {
            let delta = 5 << 32 | 3;
            bare.slots[A as usize] = delta;
            let asked = Asked::MemoryGrow(1, cut(op, delta));
            check_grow(bare, op, &[DST, 1, A], asked);
        }
        "table.grow" => {
            (bare.slots[A as usize], bare.slots[B as usize]) = (6, 3);
            check_grow(bare, op, &[DST, 1, A, B], Asked::TableGrow(1, 3, 6));
        }
        "memory.fill" => {
            check_memory_fill(bare, op);
            costs(bare, op, &[1, A, B, C], 100_000, 1);
        }
        "table.fill" => {
            check_table_fill(bare, op);
            bare.tables[1] = vec![1; 1000];
            costs(bare, op, &[1, A, B, C], 1000, 8);
            bare.tables[1].truncate(16);
        }
        "memory.copy" => {
            check_memory_copy(bare, op);
            costs(bare, op, &[1, 0, A, B, C], 60_000, 1);
        }
        "table.copy" => {
            check_table_copy(bare, op);
            bare.tables = [vec![1; 1100], vec![2; 1100]];
            costs(bare, op, &[1, 0, A, B, C], 1000, 8);
        }
        "memory.init" => {
            let dst = cut(op, HIGH | 10);
            check_init(bare, op, Asked::MemoryInit(1, 70_000, dst, 20, 30));
        }
        "table.init" => check_init(bare, op, Asked::TableInit(1, 70_000, 10, 20, 30)),
        "data.drop" => asks(bare, op, &[70_000], &[Asked::DataDrop(70_000)]),
        "elem.drop" => asks(bare, op, &[70_000], &[Asked::ElemDrop(70_000)]),
        "table.get" => check_table_get(bare, op),
        "table.set" => check_table_set(bare, op),
        // A reference is the function's number in the store plus one.
        "ref.func_import" | "ref.func" => {
            for func in 0..5 {
                gives(bare, op, &[DST, func], func as u64 + 1);
            }
        }
        "memory.reach64" => check_value(bare, op, u64::saturating_add),
        "table.index64" => check_value(bare, op, |index, _| index.min(0xffff_ffff)),
        other => panic!("what should {other} do? Say it here"),
    }
}

/// Checks the output of an op on numbers.
fn check_value(bare: &mut Bare, op: OpNumber, value: fn(u64, u64) -> u64) {
    for (a, b) in pairs() {
        let placed = place(bare, op, &[a, b][..arity(op)], 0, 0, 0);
        let mut code = Code::default();
        placed.append(&mut code);
        finish(&mut code);
        let (exit, _) = bare.run(&code, placed.start);
        assert_eq!(exit, Exit::Done, "{placed}");
        let expected = value(placed.seen[0], placed.seen.get(1).copied().unwrap_or(0));
        check_output(bare, &placed, Class::Integer, expected);
    }
}

fn run(bare: &mut Bare, op: OpNumber, operands: &[i64]) -> Exit {
    let (exit, cost) = run_with(bare, op, operands, FUEL);
    assert!(
        cost == 0 || exit == Exit::Done,
        "an op that traps costs nothing"
    );
    exit
}

/// Units of fuel that are enough.
const FUEL: i64 = 1 << 20;

/// Returns the end of an op with `fuel` units, and its cost.
fn run_with(bare: &mut Bare, op: OpNumber, operands: &[i64], fuel: i64) -> (Exit, i64) {
    let mut code = Code::default();
    code.with(op, operands);
    finish(&mut code);
    let start = Start {
        fuel,
        ..Start::default()
    };
    let (exit, left) = bare.run(&code, start);
    (exit, fuel - left)
}

/// Checks that an op on `len` bytes or elements of `size` bytes pays for them, and that without the fuel it has no effect. Memories
/// and tables are those of the first two operands.
fn costs(bare: &mut Bare, op: OpNumber, operands: &[i64], len: u64, size: u64) {
    set(bare, [0, 3, len]);
    let units = len * size / 1024;
    assert!(units > 0 || size > 1, "the test is about something");
    let before = (bare.memories.clone(), bare.tables.clone());
    if let Some(less) = units.checked_sub(1) {
        bare.asked();
        let (exit, cost) = run_with(bare, op, operands, less.cast_signed());
        assert_eq!((exit, cost), (Exit::Trap(Trap::OutOfFuel), 0));
        assert_eq!(bare.asked(), [Asked::Pay(units)]);
        assert!((&bare.memories, &bare.tables) == (&before.0, &before.1));
    }
    let (exit, cost) = run_with(bare, op, operands, units.cast_signed());
    assert_eq!((exit, cost), (Exit::Done, units.cast_signed()));
}

/// Checks that an op leaves a value.
fn gives(bare: &mut Bare, op: OpNumber, operands: &[i64], value: u64) {
    assert_eq!(run(bare, op, operands), Exit::Done);
    assert_eq!(bare.slots[DST as usize], value, "{operands:?}");
    assert_eq!(bare.slots[ACC as usize], value, "{operands:?}");
}

/// Checks that an op asks for this, and for nothing else.
fn asks(bare: &mut Bare, op: OpNumber, operands: &[i64], asked: &[Asked]) {
    bare.asked();
    assert_eq!(run(bare, op, operands), Exit::Done);
    assert_eq!(bare.asked(), asked);
}

/// Checks that the runtime is asked, and its answer given; none is -1 as an `i32` or an `i64`.
fn check_grow(bare: &mut Bare, op: OpNumber, operands: &[i64], asked: Asked) {
    for (answer, value) in [(Some(7), 7), (None, cut(op, u64::MAX))] {
        bare.set_answer(Ok(answer));
        asks(bare, op, operands, std::slice::from_ref(&asked));
        gives(bare, op, operands, value);
    }
    bare.set_answer(Err(Exit::Runtime));
    assert_eq!(run(bare, op, operands), Exit::Runtime);
}

/// Bits above an `i32`.
const HIGH: u64 = 9 << 32;

/// Checks that the runtime is asked with three numbers, and that its trap is one.
fn check_init(bare: &mut Bare, op: OpNumber, asked: Asked) {
    for (at, value) in [A, B, C].into_iter().zip([10, 20, 30]) {
        bare.slots[at as usize] = HIGH | value;
    }
    asks(bare, op, &[70_000, 1, A, B, C], &[asked]);
    bare.set_answer(Err(Exit::Trap(Trap::TableOutOfBounds)));
    let exit = run(bare, op, &[70_000, 1, A, B, C]);
    assert_eq!(exit, Exit::Trap(Trap::TableOutOfBounds));
}

/// Starts and lengths that fit something of `len` units, that just do not, and that wrap around.
pub(crate) fn ranges(len: usize) -> [(usize, usize); 9] {
    let most = u32::MAX as usize;
    [
        (0, 0),
        (0, len),
        (3, 5),
        (len - 1, 1),
        (len, 0),
        (len, 1),
        (1, len),
        (most, 2),
        (2, most),
    ]
}

/// The same for an op on `len` bytes of memory, with numbers of more than 32 bits if it reads them.
fn ranges_of(op: OpNumber, len: usize) -> Vec<(usize, usize)> {
    let mut ranges = ranges(len).to_vec();
    if is_wide(op) {
        ranges.extend([
            (1 << 32, 0),
            (1 << 32 | 3, 5),
            (3, 1 << 32 | 5),
            (usize::MAX, 1),
            (1, usize::MAX),
        ]);
    }
    ranges
}

/// The outcome of an op on a range, or on two, of things of this many units; it is done if all of them fit.
pub(crate) fn outcome(len: usize, fits: &[(usize, usize)], trap: Trap) -> Exit {
    let within = fits
        .iter()
        .all(|(start, end)| start.checked_add(len).is_some_and(|after| after <= *end));
    if within { Exit::Done } else { Exit::Trap(trap) }
}

/// Puts three numbers into slots, with bits above their 32.
fn set(bare: &mut Bare, numbers: [u64; 3]) {
    for (at, number) in [A, B, C].into_iter().zip(numbers) {
        bare.slots[at as usize] = number;
    }
}

fn check_memory_fill(bare: &mut Bare, op: OpNumber) {
    for memory in [0, 1] {
        let end = bare.memories[memory].len();
        for (start, len) in ranges_of(op, end) {
            let mut expected = bare.memories.clone();
            // The value's low byte counts.
            set(bare, [start as u64, 0xabc0 + start as u64 % 7, len as u64]);
            let exit = outcome(len, &[(start, end)], Trap::MemoryOutOfBounds);
            if exit == Exit::Done {
                expected[memory][start..start + len].fill(0xc0 + (start % 7) as u8);
            }
            assert_eq!(run(bare, op, &[memory as i64, A, B, C]), exit);
            assert!(bare.memories == expected, "{start} and {len}");
        }
    }
}

fn check_memory_copy(bare: &mut Bare, op: OpNumber) {
    // Overlapping in both directions, and all pairs of memories.
    for (to, from) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let (to_end, from_end) = (bare.memories[to].len(), bare.memories[from].len());
        for (start, len) in ranges_of(op, to_end)
            .into_iter()
            .chain(ranges_of(op, from_end))
        {
            for other in [0, 2, 6, from_end - 5, 0xffff_ffff] {
                for (dst, src) in [(start, other), (other, start)] {
                    let mut expected = bare.memories.clone();
                    set(bare, [dst as u64, src as u64, len as u64]);
                    let exit = outcome(
                        len,
                        &[(dst, to_end), (src, from_end)],
                        Trap::MemoryOutOfBounds,
                    );
                    if exit == Exit::Done {
                        let bytes = expected[from][src..src + len].to_vec();
                        expected[to][dst..dst + len].copy_from_slice(&bytes);
                    }
                    assert_eq!(run(bare, op, &[to as i64, from as i64, A, B, C]), exit);
                    assert!(bare.memories == expected, "{dst} ← {src}, {len} bytes");
                }
            }
        }
    }
}

fn check_table_fill(bare: &mut Bare, op: OpNumber) {
    for table in [0, 1] {
        let end = bare.tables[table].len();
        for (start, len) in ranges(end) {
            let mut expected = bare.tables.clone();
            set(bare, [start as u64, 3, len as u64]);
            let exit = outcome(len, &[(start, end)], Trap::TableOutOfBounds);
            if exit == Exit::Done {
                expected[table][start..start + len].fill(3);
            }
            assert_eq!(run(bare, op, &[table as i64, A, B, C]), exit);
            assert_eq!(bare.tables, expected, "{start} and {len}");
        }
    }
}

fn check_table_copy(bare: &mut Bare, op: OpNumber) {
    for (to, from) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let (to_end, from_end) = (bare.tables[to].len(), bare.tables[from].len());
        for (start, len) in ranges(to_end).into_iter().chain(ranges(from_end)) {
            for other in [0, 2, 6, from_end - 5, 0xffff_ffff] {
                for (dst, src) in [(start, other), (other, start)] {
                    bare.tables[0] = (1..33).collect();
                    bare.tables[1] = (101..117).collect();
                    let mut expected = bare.tables.clone();
                    set(bare, [dst as u64, src as u64, len as u64]);
                    let exit = outcome(
                        len,
                        &[(dst, to_end), (src, from_end)],
                        Trap::TableOutOfBounds,
                    );
                    if exit == Exit::Done {
                        let elements = expected[from][src..src + len].to_vec();
                        expected[to][dst..dst + len].copy_from_slice(&elements);
                    }
                    assert_eq!(run(bare, op, &[to as i64, from as i64, A, B, C]), exit);
                    assert_eq!(bare.tables, expected, "{dst} ← {src}, {len} elements");
                }
            }
        }
    }
}

/// Elements of tables, and whether table 1 has them. An index has 32 bits, whatever its slot holds above them.
const ELEMENTS: [(u64, bool); 5] = [
    (0, true),
    (15, true),
    (16, false),
    (5 << 32 | 2, true),
    (0xffff_ffff, false),
];

fn check_table_get(bare: &mut Bare, op: OpNumber) {
    bare.tables[1] = (101..117).collect();
    for (element, exists) in ELEMENTS {
        bare.slots[A as usize] = element;
        if exists {
            gives(bare, op, &[DST, 1, A], 101 + u64::from(element as u32));
        } else {
            let exit = run(bare, op, &[DST, 1, A]);
            assert_eq!(exit, Exit::Trap(Trap::TableOutOfBounds));
        }
    }
}

fn check_table_set(bare: &mut Bare, op: OpNumber) {
    for (element, exists) in ELEMENTS {
        let mut expected = bare.tables.clone();
        (bare.slots[A as usize], bare.slots[B as usize]) = (element, 4);
        let exit = run(bare, op, &[1, A, B]);
        if exists {
            expected[1][element as u32 as usize] = 4;
            assert_eq!(exit, Exit::Done);
        } else {
            assert_eq!(exit, Exit::Trap(Trap::TableOutOfBounds));
        }
        assert_eq!(bare.tables, expected);
    }
}
