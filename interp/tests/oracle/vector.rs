//! Ops on vectors: what they leave in their slots, and that they leave all others alone.

use interp::dispatch::{Field, OpNumber};
use interp::machine::Exit;

use crate::bare::{Bare, Code, Start};
use crate::def;
use crate::inputs::Random;
use crate::place::{ACC, FACC, finish};

/// The first slots of inputs, and of an output.
const A: i64 = 20;
const B: i64 = 22;
const DST: i64 = 24;
/// What other slots and the accumulators contain.
const OTHER: u64 = 0x5a5a_5a5a_5a5a_5a5a;

/// Checks an op with random vectors.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    let mut random = Random::from(0x1d87_2b41_77aa_5b3f);
    for round in 0..2000 {
        let mut halves = || [random.value(), random.value()];
        check_once(bare, op, halves(), halves(), round % 4);
    }
}

/// The lanes of 32 bits of a vector in two slots.
fn lanes([low, high]: [u64; 2]) -> [u32; 4] {
    // `as` keeps the low half of a slot.
    [
        low as u32,
        (low >> 32) as u32,
        high as u32,
        (high >> 32) as u32,
    ]
}

/// What an op leaves, of two vectors in slots and a lane: a vector in two slots or a value in one.
fn expected(op: OpNumber, a: [u64; 2], b: [u64; 2], lane: usize) -> Vec<u64> {
    let vector = |of: &dyn Fn(usize) -> u32| {
        let half = |lane| u64::from(of(lane)) + (u64::from(of(lane + 1)) << 32);
        vec![half(0), half(2)]
    };
    match def(op).name {
        "i32x4.splat" => vector(&|_| lanes(a)[0]),
        "i32x4.add" => vector(&|lane| {
            let sum = u64::from(lanes(a)[lane]) + u64::from(lanes(b)[lane]);
            (sum & 0xffff_ffff) as u32
        }),
        "i32x4.extract_lane" => vec![lanes(a)[lane].into()],
        other => panic!("what should {other} do? Say it here"),
    }
}

fn check_once(bare: &mut Bare, op: OpNumber, a: [u64; 2], b: [u64; 2], lane: usize) {
    bare.slots.fill(OTHER);
    for (at, halves) in [(A, a), (B, b)] {
        bare.slots[at as usize..][..2].copy_from_slice(&halves);
    }
    let mut wanted = bare.slots.clone();
    let mut inputs = [A, B].into_iter();
    let mut code = Code::default();
    code.op(op, |_, field| match field {
        Field::Dst | Field::DstVector => DST,
        Field::Slot | Field::Vector => inputs.next().expect("two inputs will do"),
        Field::Count16 => lane as i64,
        other => panic!("{}: {other:?} is no operand of vectors", def(op).name),
    });
    finish(&mut code);
    let start = Start {
        acc: OTHER,
        facc: OTHER,
        ..Start::default()
    };
    assert_eq!(bare.run(&code, start).0, Exit::Done);
    let values = expected(op, a, b, lane);
    if !def(op).fields.contains(&Field::DstAcc) {
        wanted[DST as usize..][..values.len()].copy_from_slice(&values);
    }
    // A vector leaves both accumulators alone.
    wanted[ACC as usize] = if values.len() == 1 { values[0] } else { OTHER };
    wanted[FACC as usize] = OTHER;
    assert_eq!(bare.slots, wanted, "{} of {a:x?}, {b:x?}", def(op).name);
}
