//! An op alone in a frame that is not the stack's first: it writes its output, and nothing else.

use interp::dispatch::{Field, OpNumber};
use interp::machine::Exit;
use interp::ops::call::Call;
use interp::ops::data::Move;
use interp::ops::number;
use interp::ops::shape::{Imm64, ToAcc};

use crate::bare::{Bare, Code, Start};
use crate::def;
use crate::frame::{BASE, HEADER, LOCALS};
use crate::place::finish;

/// The slots of inputs, in the order of the op's fields. Those of this file count from the frame's first.
const INPUTS: [i64; 5] = [4, 5, 9, 10, 11];
/// The first slot of an input that is a vector, of an output, and of values that stand in a row.
const VECTOR: i64 = 12;
const DST: i64 = 15;
const VALUES: i64 = 18;
/// Where [`finish`] copies the accumulators to, once the op has run. It is the frame's `ACC` and `FACC`.
const ACC: i64 = crate::place::ACC;
const FACC: i64 = crate::place::FACC;
/// What other slots and the accumulators contain.
const OTHER: u64 = 0x5a5a_5a5a_5a5a_5a5a;
const OTHER_ACC: u64 = 0x6b6b_6b6b_6b6b_6b6b;
const OTHER_FACC: u64 = 0x3c3c_3c3c_3c3c_3c3c;

/// The stack's number of the first of the values in a row.
pub(crate) const FIRST_VALUE: usize = (BASE + VALUES) as usize;
/// The stack's number of the frame's first slot.
pub(crate) const FRAME: usize = BASE as usize;
/// Units of fuel that are enough.
pub(crate) const FUEL: u64 = 1 << 20;

/// What an op is run with.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct With<'a> {
    /// The numbers in slots, in the order of the op's fields.
    pub(crate) slots: &'a [u64],
    /// The two slots of a vector.
    pub(crate) vector: [u64; 2],
    /// The number of a field, or of values.
    pub(crate) number: u16,
    /// A type of the module, or one that a reference is tested for.
    pub(crate) ty: u32,
    /// A segment.
    pub(crate) segment: u32,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Ran {
    /// How it ended.
    pub(crate) exit: Exit,
    /// Units of fuel that it cost.
    pub(crate) cost: u64,
    /// The output, if it has one; the second number is 0 unless it is a vector.
    pub(crate) output: Option<[u64; 2]>,
    /// The address of the next op.
    pub(crate) next: *const u16,
}

impl Ran {
    /// Checks that the op has ended with a value.
    pub(crate) fn gives(&self, value: [u64; 2], what: &str) {
        assert_eq!(
            (self.exit, self.output),
            (Exit::Done, Some(value)),
            "{what}"
        );
    }
}

/// Runs an op with `fuel` units, and checks that it writes its output and nothing else into slots and accumulators.
pub(crate) fn run_with(bare: &mut Bare, op: OpNumber, with: &With<'_>, fuel: u64) -> Ran {
    let at = |slot: i64| (BASE + slot) as usize;
    bare.slots.fill(OTHER);
    for (slot, value) in INPUTS.into_iter().zip(with.slots) {
        bare.slots[at(slot)] = *value;
    }
    bare.slots[at(VECTOR)..=at(VECTOR + 1)].copy_from_slice(&with.vector);
    let mut expected = bare.slots.clone();

    let mut inputs = INPUTS[..with.slots.len()].iter();
    let mut callee = Code::default();
    callee.with(number::<Move<u64, Imm64, ToAcc>>(), &[OTHER_ACC as i64]);
    callee.with(number::<Move<f64, Imm64, ToAcc>>(), &[OTHER_FACC as i64]);
    callee.op(op, |_, field| match field {
        Field::Slot => *inputs.next().expect("as many inputs as the op reads"),
        Field::Vector => VECTOR,
        Field::Dst | Field::DstVector => DST,
        Field::Base => VALUES,
        Field::Count16 => with.number.into(),
        Field::Type | Field::HeapType => with.ty.into(),
        Field::Data | Field::Elem => with.segment.into(),
        other => panic!("{}: {other:?} is no operand of objects", def(op).name),
    });
    assert_eq!(inputs.next(), None, "the op reads all inputs");
    let next = callee.len();
    finish(&mut callee);
    let next = callee.granules[next..].as_ptr();
    bare.set_func(0, callee);
    let mut code = Code::default();
    code.with(number::<Call>(), &[0, BASE, HEADER]);
    // The call costs a unit.
    let start = Start {
        fuel: fuel.cast_signed() + 1,
        ..Start::default()
    };
    let (exit, left) = bare.run(&code, start);

    let found = |slot: i64| bare.slots[at(slot)];
    for slot in [HEADER, HEADER + 1] {
        expected[at(slot)] = found(slot);
    }
    expected[BASE as usize + LOCALS] = 0;
    let mut output = None;
    if exit == Exit::Done {
        expected[at(ACC)] = OTHER_ACC;
        expected[at(FACC)] = OTHER_FACC;
        output = match def(op).fields.iter().find(|field| field.is_output()) {
            None => None,
            Some(Field::DstVector) => Some([found(DST), found(DST + 1)]),
            Some(_) => Some([found(ACC), 0]),
        };
        match (output, def(op).fields) {
            (Some([low, high]), fields) if fields.contains(&Field::DstVector) => {
                (expected[at(DST)], expected[at(DST + 1)]) = (low, high);
            }
            (Some([value, _]), fields) => {
                expected[at(ACC)] = value;
                if fields.contains(&Field::Dst) {
                    expected[at(DST)] = value;
                }
            }
            (None, _) => {}
        }
    }
    assert_eq!(bare.slots, expected, "{} with {with:x?}", def(op).name);
    Ran {
        exit,
        cost: fuel - left.cast_unsigned(),
        output,
        next,
    }
}

/// Runs an op that costs nothing unless it ends well.
pub(crate) fn run(bare: &mut Bare, op: OpNumber, with: &With<'_>) -> Ran {
    let ran = run_with(bare, op, with, FUEL);
    assert!(ran.cost == 0 || ran.exit == Exit::Done, "{ran:?}");
    ran
}

/// Checks that an op ends this way.
pub(crate) fn ends(bare: &mut Bare, op: OpNumber, with: &With<'_>, exit: Exit) {
    let ran = run(bare, op, with);
    assert_eq!(ran.exit, exit, "{} with {with:x?}", def(op).name);
}
