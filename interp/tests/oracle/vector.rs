//! Ops on vectors: that they write their output and nothing else.
//!
//! The values of lanes are those of the official test suite (`cargo test -p tests --test spec vectors`), and those of constants and chains
//! stand in `tests/vector.rs`. These tests run whole functions, so they do not see what an op leaves in other slots or in the
//! accumulators.

use interp::dispatch::{Field, OpNumber};
use interp::machine::Exit;
use interp::ops::{Kind, row_of};

use crate::bare::{Bare, Code, Start};
use crate::def;
use crate::inputs::Random;
use crate::place::{ACC, FACC, finish};

/// The first slots of inputs, and of an output.
const INPUTS: [i64; 3] = [20, 22, 24];
const DST: i64 = 26;
/// The slot of a number: an address, a count, a condition.
const NUMBER: i64 = 28;
/// What other slots and the accumulators contain.
const OTHER: u64 = 0x5a5a_5a5a_5a5a_5a5a;
/// The offset of an address.
const OFFSET: i64 = 8;

/// Checks an op with random vectors.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    let mut random = Random::from(0x1d87_2b41_77aa_5b3f);
    let mut changed = false;
    for round in 0..500 {
        changed |= check_once(bare, op, &mut random, round % 2);
    }
    assert!(changed, "{} does something", def(op).name);
}

/// Runs the op once. Returns whether its output or the memory has changed.
fn check_once(bare: &mut Bare, op: OpNumber, random: &mut Random, lane: i64) -> bool {
    let fields = def(op).fields;
    bare.slots.fill(OTHER);
    for slot in INPUTS.into_iter().flat_map(|slot| [slot, slot + 1]) {
        bare.slots[slot as usize] = random.value();
    }
    bare.slots[NUMBER as usize] = random.next() % 64;
    let before = (bare.slots.clone(), bare.memories.clone());
    let globals = bare.globals.clone();
    let mut vectors = INPUTS.into_iter();
    let mut code = Code::default();
    code.op(op, |_, field| match field {
        Field::Dst | Field::DstVector => DST,
        Field::Vector => vectors.next().expect("three vectors will do"),
        Field::Slot => NUMBER,
        Field::Count16 => lane,
        Field::Offset16 | Field::Offset32 => OFFSET,
        Field::Memory => 1,
        // This global and the next one.
        Field::Global16 | Field::Global32 => 1,
        // The numbers of lanes in a shuffle.
        Field::Imm128 => 0x1f1e_0706_0504_1312,
        other => panic!("{}: {other:?} is no operand of vectors", def(op).name),
    });
    finish(&mut code);
    let start = Start {
        acc: OTHER,
        facc: OTHER,
        ..Start::default()
    };
    assert_eq!(bare.run(&code, start).0, Exit::Done, "{}", def(op).name);
    let mut wanted = before.0.clone();
    // These slots may have changed, and no others.
    let written: &[i64] = match fields.last() {
        Some(Field::DstVector) => &[DST, DST + 1],
        Some(Field::Dst) => &[DST],
        _ => &[],
    };
    for slot in written {
        wanted[*slot as usize] = bare.slots[*slot as usize];
    }
    (wanted[ACC as usize], wanted[FACC as usize]) = (OTHER, OTHER);
    // A number is in its accumulator, too.
    match fields.last() {
        Some(Field::DstFacc) => wanted[FACC as usize] = bare.slots[FACC as usize],
        Some(Field::DstAcc) => wanted[ACC as usize] = bare.slots[ACC as usize],
        Some(Field::Dst) => {
            let is_float =
                row_of(op).is_some_and(|(row, _)| row.class_out == interp::machine::Class::Float);
            let accumulator = if is_float { FACC } else { ACC };
            wanted[accumulator as usize] = bare.slots[DST as usize];
        }
        _ => {}
    }
    assert_eq!(bare.slots, wanted, "{}", def(op).name);
    let stores = row_of(op)
        .is_some_and(|(row, _)| matches!(row.kind, Kind::VectorAccess { store: true, .. }));
    let same_memory = bare.memories == before.1;
    assert!(same_memory || stores, "{} stores nothing", def(op).name);
    bare.memories = before.1;
    let same_globals = bare.globals == globals;
    let sets = def(op).name == "global.set128";
    assert!(same_globals || sets, "{} sets no global", def(op).name);
    bare.slots != before.0 || !same_memory || !same_globals
}
