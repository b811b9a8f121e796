//! Ops that throw: they ask the runtime, and continue where it says.

use interp::Trap;
use interp::dispatch::OpNumber;
use interp::machine::Exit;
use interp::ops::call::Halt;
use interp::ops::number;

use super::bare::{Asked, Bare, Code, Start};
use super::def;

/// A reference to an exception has an upper half.
const REFERENCE: u64 = 0x1_0000_0003;
const TAG: u32 = 70_000;

/// Checks an op that throws.
pub(super) fn check(bare: &mut Bare, op: OpNumber) {
    let (operands, asked): (&[i64], _) = match def(op).name {
        "throw" => (&[TAG.into(), 12], Asked::Throw(TAG, 12)),
        "throw_ref" => (&[10], Asked::ThrowRef(REFERENCE)),
        other => panic!("say here what {other} does"),
    };
    let mut code = Code::default();
    code.with(op, operands).with(number::<Halt>(), &[]);
    bare.slots[10] = REFERENCE;
    bare.asked();
    let before = bare.slots.clone();
    assert_eq!(bare.run(&code, Start::default()).0, Exit::Done);
    assert_eq!(bare.asked(), [asked, Asked::Unwind]);
    assert_eq!(bare.slots, before, "the runtime writes the values");
    // The runtime finds no handler.
    let exit = Exit::Trap(Trap::OutOfMemory);
    bare.set_answer(Err(exit));
    assert_eq!(bare.run(&code, Start::default()).0, exit);
}
