//! Typed references: what a test finds by itself, what it asks the runtime, and integers that are references.

use interp::Trap;
use interp::dispatch::OpNumber;
use interp::machine::{Exit, HeapCode};

use crate::alone::{With, ends, run};
use crate::bare::{Asked, Bare, TYPES, Thing};
use crate::def;
use crate::inputs::EDGES;

/// The type of the module that object 0 has; object 1 has another one.
const TYPE: usize = 2;
/// The bit of a reference that is an integer.
const INTEGER: u64 = 1 << 63;
/// The bits of such an integer.
const BITS: u64 = 0x7fff_ffff;

/// Checks an op of the family.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    bare.objects = [(TYPE, 1), (3, 5)]
        .map(|(ty, generation)| Thing {
            ty: TYPES[ty],
            generation,
            ..Thing::default()
        })
        .to_vec();
    match def(op).name {
        "ref.test" | "ref.cast" => check_test(bare, op),
        "ref.as_non_null" => {
            ends(bare, op, &slot(&[0]), Exit::Trap(Trap::NullReference));
            for reference in not_null(bare) {
                ends(bare, op, &slot(&[reference]), Exit::Done);
            }
        }
        "ref.i31" => {
            for value in EDGES {
                let ran = run(bare, op, &slot(&[value]));
                ran.gives([INTEGER | value & BITS, 0], "an integer's reference");
            }
        }
        "i31.get_u" => check_get(bare, op, |value| value),
        // The highest of 31 bits counts as -2³⁰.
        "i31.get_s" => check_get(bare, op, |value| {
            let signed = value as i64 - if value >= 1 << 30 { 1 << 31 } else { 0 };
            (signed as u64) & 0xffff_ffff
        }),
        other => panic!("what should {other} do? Say it here"),
    }
}

/// An op with one input.
fn slot(slots: &[u64]) -> With<'_> {
    With {
        slots,
        ..With::default()
    }
}

/// References of all kinds: functions, integers, objects.
fn not_null(bare: &Bare) -> Vec<u64> {
    vec![
        1,
        5,
        INTEGER,
        INTEGER | BITS,
        bare.reference(0),
        bare.reference(1),
    ]
}

/// Checks what a test or a cast finds out about null, about an object of the very type, and about all others.
fn check_test(bare: &mut Bare, op: OpNumber) {
    let abstracts = [
        HeapCode::ANY,
        HeapCode::EQ,
        HeapCode::I31,
        HeapCode::STRUCT,
        HeapCode::ARRAY,
        HeapCode::ALL,
        HeapCode::NOTHING,
    ];
    // An entry that is used again has another generation.
    let stale = bare.reference(0) + (1 << 32);
    for code in abstracts.into_iter().chain([TYPE as u32]) {
        for nullable in [false, true] {
            let ty = HeapCode(code | if nullable { 1 << 31 } else { 0 });
            for answer in [false, true] {
                bare.set_answer(Ok(answer.then_some(1)));
                check_has(bare, op, 0, ty, nullable, false);
                for reference in not_null(bare).into_iter().chain([stale]) {
                    let known = reference == bare.reference(0) && code == TYPE as u32;
                    check_has(bare, op, reference, ty, known || answer, !known);
                }
            }
        }
    }
}

/// Checks whether a reference has a type, and whether the runtime is asked.
fn check_has(bare: &mut Bare, op: OpNumber, reference: u64, ty: HeapCode, has: bool, asks: bool) {
    bare.asked();
    let slots = [reference];
    let with = With {
        ty: ty.0,
        ..slot(&slots)
    };
    let ran = run(bare, op, &with);
    if def(op).name == "ref.test" {
        ran.gives([has.into(), 0], &format!("{reference:#x} is {ty}?"));
    } else {
        let exit = if has {
            Exit::Done
        } else {
            Exit::Trap(Trap::CastFailure)
        };
        assert_eq!(ran.exit, exit, "{reference:#x} is {ty}?");
    }
    let asked = asks.then_some(Asked::IsInstance(reference, ty));
    assert_eq!(bare.asked(), Vec::from_iter(asked));
}

/// Checks what comes of the 31 bits of an integer.
fn check_get(bare: &mut Bare, op: OpNumber, value: fn(u64) -> u64) {
    ends(bare, op, &slot(&[0]), Exit::Trap(Trap::NullReference));
    for bits in EDGES.into_iter().chain([1 << 30, (1 << 30) - 1]) {
        let bits = bits & BITS;
        let ran = run(bare, op, &slot(&[INTEGER | bits]));
        ran.gives([value(bits), 0], "an integer");
    }
}
