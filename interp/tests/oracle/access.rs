//! Loads and stores: which bytes they reach, and when they trap.

use interp::Trap;
use interp::dispatch::{Field, OpNumber};
use interp::machine::Exit;
use interp::ops::{Kind, Row};

use crate::bare::{Bare, Code};
use crate::def;
use crate::inputs::accesses;
use crate::place::{arity, check_output, finish, place};

/// Checks an op of a row of loads or stores.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    let has_choice = |field: &Field| matches!(field, Field::Memory | Field::EachOffset16);
    let memories = if def(op).fields.iter().any(has_choice) {
        2
    } else {
        1
    };
    for memory in 0..memories {
        let mut accesses = accesses();
        if def(op).fields.contains(&Field::Wide) {
            accesses.extend(WIDE);
        }
        for (address, offset, value) in accesses {
            if def(op).fields.contains(&Field::Offset32) || offset <= 0xffff {
                check_access(
                    bare,
                    op,
                    crate::row_of_op(op),
                    memory,
                    (address, offset, value),
                );
            }
        }
    }
}

/// Accesses with addresses of more than 32 bits.
const WIDE: [(u64, i64, u64); 6] = [
    (1 << 32, 0, 1),
    (1 << 32 | 8, 8, 2),
    (u64::MAX, 0, 3),
    (u64::MAX, 1, 4),
    (u64::MAX - 7, 8, 5),
    (u64::MAX - 0xffff_fff0, 0xffff_ffff, 6),
];

/// The bytes that an access of memory reads or writes, and whether a load extends their sign.
fn access(name: &str) -> (usize, bool) {
    let (ty, rest) = name.split_once('.').expect("a type in front");
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let bits: usize = if digits.is_empty() {
        ty[1..].parse()
    } else {
        digits.parse()
    }
    .expect("a number of bits");
    (bits / 8, rest.ends_with("_s"))
}

/// Where an address lies that an access finds in memory.
const POINTER: u64 = 40;

fn check_access(
    bare: &mut Bare,
    op: OpNumber,
    row: &Row,
    memory: usize,
    (address, offset, value): (u64, i64, u64),
) {
    let is_store = row.kind == Kind::Store;
    let fields = def(op).fields;
    let is_sum = fields.starts_with(&[Field::Slot, Field::Imm16, Field::Offset16]);
    // The address is itself in memory 0, and what `place` takes for the memory is the offset of that place.
    let is_via = fields.starts_with(&[Field::Slot, Field::EachOffset16, Field::Offset16]);
    // An absolute access has no address.
    let has_address = arity(op) > usize::from(is_store);
    let mut inputs = Vec::new();
    if is_via {
        let at = POINTER as usize + memory;
        bare.memories[0][at..at + 8].copy_from_slice(&address.to_le_bytes());
        inputs.push(POINTER);
    } else if has_address {
        inputs.push(address);
    }
    if is_sum {
        inputs.push(value);
    }
    inputs.push(value);
    let placed = place(bare, op, &inputs, 0, memory as i64, offset);
    let memory = if is_via { 0 } else { memory };
    let before = bare.memories.clone();
    let mut code = Code::default();
    placed.append(&mut code);
    finish(&mut code);
    let (exit, _) = bare.run(&code, placed.start);

    let (size, signed) = access(def(op).name);
    let mut start = if has_address { address } else { 0 };
    if is_sum {
        // Modulo 2³², before the offset is added.
        start = (address as u32).wrapping_add(placed.seen[1] as u32).into();
    }
    let start = u128::from(start) + offset as u128;
    let mut expected = before;
    if start + size as u128 > expected[memory].len() as u128 {
        assert_eq!(
            exit,
            Exit::Trap(Trap::MemoryOutOfBounds),
            "{placed} at {start:#x}"
        );
    } else {
        assert_eq!(exit, Exit::Done, "{placed} at {start:#x}");
        let bytes = &mut expected[memory][start as usize..][..size];
        if is_store {
            let value = *placed.seen.last().expect("a store has a value");
            bytes.copy_from_slice(&value.to_le_bytes()[..size]);
        } else {
            check_output(
                bare,
                &placed,
                row.class_out,
                extend(bytes, signed, row.is_32),
            );
        }
    }
    assert!(
        bare.memories == expected,
        "{placed}: memory {memory} at {start:#x}"
    );
}

/// The number that some bytes are, as a slot holds it.
fn extend(bytes: &[u8], signed: bool, is_32: bool) -> u64 {
    let fill = if signed && bytes[bytes.len() - 1] >= 0x80 {
        0xff
    } else {
        0
    };
    let mut wide = [fill; 8];
    wide[..bytes.len()].copy_from_slice(bytes);
    let value = u64::from_le_bytes(wide);
    if is_32 { value & 0xffff_ffff } else { value }
}
