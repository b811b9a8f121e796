//! Chains: each must do what its parts do, one after the other.

use interp::Trap;
use interp::dispatch::{Field, OpNumber};
use interp::machine::Exit;
use interp::ops::data::Move;
use interp::ops::shape::{Slot, ToAcc};
use interp::ops::{FAMILIES, Row, number, row};

use crate::bare::{Bare, Code, Start};
use crate::branch::{Way, way};
use crate::def;
use crate::inputs::{EDGES, pairs};
use crate::place::{A, ACC, B, C, DST, FACC, Placed, finish};

/// Checks an op of the family.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    match (def(op).form, def(op).name) {
        ("", "i32.move") => check_move(bare, op, 4),
        ("", "i64.move") => check_move(bare, op, 8),
        ("", "br_if_loaded") => check_loaded(bare, op, 4, true),
        ("", "br_unless_loaded") => check_loaded(bare, op, 4, false),
        ("", "br_if_loaded64") => check_loaded(bare, op, 8, true),
        ("", "br_unless_loaded64") => check_loaded(bare, op, 8, false),
        ("", "br_if_byte") => check_loaded(bare, op, 1, true),
        ("", "br_unless_byte") => check_loaded(bare, op, 1, false),
        ("", "i32.load_two") => check_load_two(bare, op, 4),
        ("", "i64.load_two") => check_load_two(bare, op, 8),
        ("", "copy_two") => check_copy_two(bare, op),
        ("", "i32.bits") => check_bits(bare, op, u32::MAX.into()),
        ("", "i64.bits") => check_bits(bare, op, u64::MAX),
        ("", "br_if_bits") => check_branch_bits(bare, op, u32::MAX.into(), true),
        ("", "br_unless_bits") => check_branch_bits(bare, op, u32::MAX.into(), false),
        ("", "br_if_bits64") => check_branch_bits(bare, op, u64::MAX, true),
        ("", "br_unless_bits64") => check_branch_bits(bare, op, u64::MAX, false),
        ("", "i64.store_two") => check_store_two(bare, op),
        ("", "i32.shl_add") => check_shl_add(bare, op, 32),
        ("", "i64.shl_add") => check_shl_add(bare, op, 64),
        ("", "i32.add_two") => check_add_two(bare, op, u32::MAX.into()),
        ("", "i64.add_two") => check_add_two(bare, op, u64::MAX),
        ("", name) if name.contains("add_mul") || name.contains("mul_add") => {
            check_mul_then(bare, op, name, "add");
        }
        ("", name) if name.contains("sub_mul") || name.contains("mul_sub") => {
            check_mul_then(bare, op, name, "sub");
        }
        ("add_br_if", name) => check_add_branch(bare, op, name),
        (form, name) => panic!("what should {form} {name} do? Say it here"),
    }
}

/// All rows, as the op table has them.
fn all_rows() -> impl Iterator<Item = &'static Row> {
    let declared = FAMILIES.iter().flat_map(|family| family.rows);
    declared.filter_map(|declared| row(declared.opcode))
}

/// Runs an op by itself.
fn run(bare: &mut Bare, op: OpNumber, operands: &[i64]) -> Exit {
    let mut code = Code::default();
    code.with(op, operands);
    finish(&mut code);
    bare.run(&code, Start::default()).0
}

/// Where in memory 0 an access of `size` bytes reaches that has this address and this offset.
fn reach(bare: &Bare, address: u64, offset: i64, size: usize) -> Result<usize, Exit> {
    // An address has 32 bits, whatever its slot holds above them.
    let start = address as u32 as usize + offset as usize;
    let end = start + size;
    let within = end <= bare.memories[0].len();
    within
        .then_some(start)
        .ok_or(Exit::Trap(Trap::MemoryOutOfBounds))
}

/// The number in some bytes of memory 0.
fn loaded(bare: &Bare, address: u64, offset: i64, size: usize) -> Result<u64, Exit> {
    let start = reach(bare, address, offset, size)?;
    let mut bytes = [0; 8];
    bytes[..size].copy_from_slice(&bare.memories[0][start..start + size]);
    Ok(u64::from_le_bytes(bytes))
}

/// Addresses and offsets inside memory 0, at its end and beyond.
const PLACES: [(u64, i64); 9] = [
    (0, 0),
    (8, 3),
    (0x7_0000_0010, 40),
    (65_528, 0),
    (65_520, 9),
    (65_532, 0),
    (65_532, 1),
    (1, 0xffff),
    (0xffff_ffff, 0xffff),
];

fn check_move(bare: &mut Bare, op: OpNumber, size: usize) {
    // A chain to a sum has the constant that is added.
    let amounts: &[i64] = if def(op).granules() == 6 {
        &[0, 5, -9]
    } else {
        &[0]
    };
    for (from, first) in PLACES {
        for (to, second) in PLACES {
            for &amount in amounts {
                (bare.slots[A as usize], bare.slots[B as usize]) = (from, to);
                let mut operands = vec![A, first, B, amount, second];
                if amounts.len() == 1 {
                    operands.remove(3);
                }
                let mut expected = bare.memories.clone();
                let target = u64::from((to as u32).wrapping_add(amount as u32));
                let result = loaded(bare, from, first, size).and_then(|value| {
                    let at = reach(bare, target, second, size)?;
                    expected[0][at..at + size].copy_from_slice(&value.to_le_bytes()[..size]);
                    Ok(())
                });
                let exit = run(bare, op, &operands);
                assert_eq!(exit, result.err().unwrap_or(Exit::Done), "{operands:?}");
                assert!(bare.memories == expected, "{operands:?}");
            }
        }
    }
}

fn check_copy_two(bare: &mut Bare, op: OpNumber) {
    for (a, b) in pairs() {
        // The second can copy what the first has written.
        for (first_to, second_from) in [(C, B), (B, B)] {
            (bare.slots[A as usize], bare.slots[B as usize]) = (a, b);
            assert_eq!(run(bare, op, &[A, first_to, second_from, DST]), Exit::Done);
            let other = if first_to == B { a } else { b };
            assert_eq!(bare.slots[first_to as usize], a);
            assert_eq!(bare.slots[DST as usize], other);
            assert_eq!(bare.slots[ACC as usize], other);
        }
    }
}

/// Masks: all bits, single ones, none, and one whose sign fills the upper bits.
const MASKS: [i64; 6] = [-1, 1, 0x7fff, 0x40, 0, -0x8000];

fn check_bits(bare: &mut Bare, op: OpNumber, all: u64) {
    let to_slot = def(op).fields.contains(&Field::Dst);
    for a in EDGES {
        for count in [0, 1, 7, 31, all.count_ones() as i64 - 1] {
            for mask in MASKS {
                bare.slots[A as usize] = a;
                let operands = [A, count, mask, DST];
                let operands = &operands[..3 + usize::from(to_slot)];
                assert_eq!(run(bare, op, operands), Exit::Done);
                let expected = ((a & all) >> count) & mask as u64 & all;
                assert_eq!(bare.slots[ACC as usize], expected, "{a:#x} {operands:?}");
                if to_slot {
                    assert_eq!(bare.slots[DST as usize], expected, "{a:#x} {operands:?}");
                }
            }
        }
    }
}

fn check_branch_bits(bare: &mut Bare, op: OpNumber, all: u64, sense: bool) {
    let from_slot = def(op).fields[0] == Field::Slot;
    for a in EDGES {
        for mask in MASKS {
            for backwards in [false, true] {
                bare.slots[A as usize] = a;
                let (_, exit, went) = way(bare, op, backwards, |_, target| {
                    if from_slot {
                        return Placed::with(op, &[A, mask, target]);
                    }
                    let mut placed = Placed::with(op, &[mask, target]);
                    placed.start.acc = a;
                    placed
                });
                let taken = (a & mask as u64 & all != 0) == sense;
                assert_eq!(
                    (exit, went),
                    (Exit::Done, Way::of(taken, backwards)),
                    "{a:#x} {mask:#x}"
                );
            }
        }
    }
}

fn check_add_two(bare: &mut Bare, op: OpNumber, mask: u64) {
    let amounts = [(1, -1), (0x7fff, -0x8000), (-8, 8)];
    for (a, b) in pairs() {
        for (first, second) in amounts {
            // The second can add to the sum of the first.
            for (first_to, second_from) in [(C, B), (B, B)] {
                (bare.slots[A as usize], bare.slots[B as usize]) = (a, b);
                let operands = [A, first, first_to, second_from, second, DST];
                assert_eq!(run(bare, op, &operands), Exit::Done);
                let sum = a.wrapping_add(first as u64) & mask;
                let other = if first_to == B { sum } else { b };
                let other = other.wrapping_add(second as u64) & mask;
                assert_eq!(bare.slots[first_to as usize], sum, "{operands:?}");
                assert_eq!(bare.slots[DST as usize], other, "{operands:?}");
                assert_eq!(bare.slots[ACC as usize], other, "{operands:?}");
            }
        }
    }
}

/// A product and what is done with it, by the rows of both operations.
fn check_mul_then(bare: &mut Bare, op: OpNumber, name: &str, then: &str) {
    let (width, _) = name.split_once('.').expect("a name has a type");
    let find = |name: String| {
        let mut rows = all_rows();
        rows.find(|row| def(row.first).name == name)
            .expect("both operations are rows")
    };
    let (product, then) = (
        find(format!("{width}.mul")),
        find(format!("{width}.{then}")),
    );
    let reverse = name.contains(".mul");
    let fields = def(op).fields;
    let is_nan = |bits: u64| match width {
        "f32" => f32::from_bits(bits as u32).is_nan(),
        _ => f64::from_bits(bits).is_nan(),
    };
    for (a, b) in pairs() {
        for c in EDGES {
            let narrow = |bits: u64| {
                if width == "f32" {
                    bits & 0xffff_ffff
                } else {
                    bits
                }
            };
            let (a, b, c) = (narrow(a), narrow(b), narrow(c));
            bare.slots[A as usize] = a;
            bare.slots[B as usize] = b;
            bare.slots[C as usize] = c;
            let mut code = Code::default();
            let operands = if fields[0] == Field::Slot {
                vec![A, B, C, DST]
            } else {
                // Into the float accumulator.
                code.with(number::<Move<f64, Slot, ToAcc>>(), &[A]);
                vec![B, C, DST]
            };
            let to_slot = fields.contains(&Field::Dst);
            code.with(op, &operands[..operands.len() - usize::from(!to_slot)]);
            finish(&mut code);
            assert_eq!(bare.run(&code, Start::default()).0, Exit::Done);
            let value = product.fold(a, b).expect("floats never trap");
            let (x, y) = if reverse { (value, c) } else { (c, value) };
            let expected = then.fold(x, y).expect("floats never trap");
            let mut seen = vec![bare.slots[FACC as usize]];
            if to_slot {
                seen.push(bare.slots[DST as usize]);
            }
            for seen in seen {
                let same = narrow(seen) == expected || is_nan(seen) && is_nan(expected);
                assert!(
                    same,
                    "{name} {a:#x} {b:#x} {c:#x}: {seen:#x} for {expected:#x}"
                );
            }
        }
    }
}

fn check_loaded(bare: &mut Bare, op: OpNumber, size: usize, sense: bool) {
    for (address, offset) in PLACES {
        // As it is, all 0, and with one bit above the 32 of a small access.
        for value in [None, Some(0_u64), Some(1 << 40), Some(1 << 7)] {
            if let (Some(value), Ok(at)) = (value, reach(bare, address, offset, 8)) {
                bare.memories[0][at..at + 8].copy_from_slice(&value.to_le_bytes());
            }
            for backwards in [false, true] {
                bare.slots[A as usize] = address;
                let (_, exit, went) = way(bare, op, backwards, |_, target| {
                    Placed::with(op, &[A, offset, target])
                });
                match loaded(bare, address, offset, size) {
                    Err(trap) => assert_eq!(exit, trap),
                    Ok(value) => assert_eq!(
                        (exit, went),
                        (Exit::Done, Way::of((value != 0) == sense, backwards)),
                        "{value:#x} at {address:#x} + {offset:#x}"
                    ),
                }
            }
        }
    }
}

fn check_load_two(bare: &mut Bare, op: OpNumber, size: usize) {
    // At 8 + 3 is an address.
    bare.memories[0][11..19].copy_from_slice(&0x9_0000_0100_u64.to_le_bytes());
    for (from, first) in PLACES {
        for (to, second) in PLACES {
            // The second address can be what was loaded first.
            for (first_to, second_from) in [(C, B), (B, B)] {
                bare.slots.fill(0x77);
                (bare.slots[A as usize], bare.slots[B as usize]) = (from, to);
                let operands = [A, first, first_to, second_from, second, DST];
                let value = loaded(bare, from, first, size);
                let other = value.and_then(|value| {
                    let address = if first_to == B { value } else { to };
                    loaded(bare, address, second, size)
                });
                let exit = run(bare, op, &operands);
                // What the first load wrote stays where the second traps.
                let mut slots = vec![(first_to, value)];
                slots.extend([(DST, other), (ACC, other)]);
                for (slot, value) in slots {
                    if let (Ok(value), true) = (value, slot != ACC || exit == Exit::Done) {
                        assert_eq!(bare.slots[slot as usize], value, "{operands:?}");
                    }
                }
                let expected = value.and(other).err().unwrap_or(Exit::Done);
                assert_eq!(exit, expected, "{operands:?}");
            }
        }
    }
}

fn check_store_two(bare: &mut Bare, op: OpNumber) {
    for (address, first) in PLACES {
        for (_, second) in PLACES {
            let (a, b) = (0x0123_4567_89ab_cdef_u64, 0xfedc_ba98_7654_3210_u64);
            bare.slots[A as usize] = address;
            (bare.slots[B as usize], bare.slots[C as usize]) = (a, b);
            let mut expected = bare.memories.clone();
            let mut store = |offset, value: u64| {
                let at = reach(bare, address, offset, 8)?;
                expected[0][at..at + 8].copy_from_slice(&value.to_le_bytes());
                Ok(())
            };
            let result = store(first, a).and_then(|()| store(second, b));
            let exit = run(bare, op, &[A, first, B, second, C]);
            assert_eq!(exit, result.err().unwrap_or(Exit::Done));
            assert!(
                bare.memories == expected,
                "{address:#x} + {first:#x}, {second:#x}"
            );
        }
    }
}

fn check_shl_add(bare: &mut Bare, op: OpNumber, bits: u32) {
    let has_slot = def(op).fields.contains(&Field::Dst);
    for (a, b) in pairs() {
        for count in [0, 1, 3, 31] {
            (bare.slots[A as usize], bare.slots[B as usize]) = (a, b);
            let mask = u64::MAX >> (64 - bits);
            let expected = ((a << count) & mask).wrapping_add(b) & mask;
            let operands = [A, count, B, DST];
            let exit = run(bare, op, if has_slot { &operands } else { &operands[..3] });
            assert_eq!(exit, Exit::Done);
            assert_eq!(
                bare.slots[ACC as usize], expected,
                "({a:#x} << {count}) + {b:#x}"
            );
            if has_slot {
                assert_eq!(bare.slots[DST as usize], expected);
            }
        }
    }
}

fn check_add_branch(bare: &mut Bare, op: OpNumber, name: &str) {
    let compare = all_rows()
        .find(|row| def(row.first).name == name)
        .expect("its comparison is a row");
    let mask = if name.starts_with("i32") {
        u64::from(u32::MAX)
    } else {
        u64::MAX
    };
    let has_constant = def(op).fields.contains(&Field::Imm16);
    for a in EDGES {
        for b in EDGES {
            for (amount, backwards) in [(1, true), (-1, false), (0x7fff, true), (-0x8000, false)] {
                let b = if has_constant {
                    i64::from(b as i16) as u64
                } else {
                    b
                };
                (bare.slots[A as usize], bare.slots[B as usize]) = (a, b);
                let second = if has_constant { b as i64 } else { B };
                let (_, exit, went) = way(bare, op, backwards, |_, target| {
                    Placed::with(op, &[A, amount, second, DST, target])
                });
                let sum = a.wrapping_add(amount as u64) & mask;
                let taken = compare.fold(sum, b) == Some(1);
                assert_eq!((exit, went), (Exit::Done, Way::of(taken, backwards)));
                assert_eq!(bare.slots[DST as usize], sum, "{a:#x} + {amount}");
                assert_eq!(bare.slots[ACC as usize], sum, "{a:#x} + {amount}");
            }
        }
    }
}
