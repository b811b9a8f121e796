//! Calls, looked at from inside: a callee that stops at once, with its frame as the call has made it.

use interp::Trap;
use interp::dispatch::{Field, OpNumber};
use interp::machine::{Exit, ForeignFrame};
use interp::ops::call::Halt;
use interp::ops::{number, stub};

use crate::bare::{Asked, Bare, Code, FOREIGN, HOST, Start, TABLE};
use crate::def;

/// Where the frames of called functions begin.
pub(crate) const BASE: i64 = 30;
/// Where the header of a function with one parameter lies in its frame, and where its locals do.
pub(crate) const HEADER: i64 = 1;
pub(crate) const LOCALS: usize = 3;
/// What is in the slots of a frame before anything is called.
pub(crate) const BEFORE: u64 = 0x5555_0000_5555;
/// What calls of Go push: negative, as a constant of 32 bits.
pub(crate) const GO_ADDRESS: i64 = -0x1234_5678;
/// Units of fuel before anything is called.
pub(crate) const FUEL: i64 = 9;

/// A function that stops at once.
pub(crate) fn stop() -> Code {
    let mut code = Code::default();
    code.with(number::<Halt>(), &[]);
    code
}

/// Lets these functions stop at once.
pub(crate) fn stop_at_once(bare: &mut Bare, funcs: &[usize]) {
    for &func in funcs {
        bare.set_func(func, stop());
    }
}

/// A slot of the frame at `base`.
pub(crate) fn slot(bare: &Bare, base: i64, slot: usize) -> u64 {
    bare.slots[base as usize + slot]
}

/// Runs a piece of code with fuel; how that ended, and what it cost.
pub(crate) fn run(bare: &mut Bare, code: &Code, acc: u64) -> (Exit, i64) {
    let start = Start {
        acc,
        fuel: FUEL,
        ..Start::default()
    };
    let (exit, fuel) = bare.run(code, start);
    (exit, FUEL - fuel)
}

/// Checks that a function with one parameter is at its beginning, in a frame at `base` that returns to `return_ip`, with
/// `distance` in its header.
pub(crate) fn check_callee(
    bare: &Bare,
    base: i64,
    argument: u64,
    return_ip: *const u16,
    distance: u64,
) {
    assert_eq!(slot(bare, base, 0), argument, "the argument");
    assert_eq!(slot(bare, base, 1), return_ip as u64, "the return address");
    assert_eq!(slot(bare, base, 2), distance, "the distance to the caller");
    assert_eq!(slot(bare, base, LOCALS), 0, "a local");
    assert_eq!(
        slot(bare, base, LOCALS + 1),
        BEFORE,
        "what lies behind locals"
    );
}

/// Checks the same for a function of another instance that was called with its frame at `base`.
pub(crate) fn check_foreign_callee(
    bare: &mut Bare,
    base: i64,
    argument: u64,
    return_ip: *const u16,
) {
    assert_eq!(bare.asked(), [Asked::Enter(1)]);
    assert_eq!(slot(bare, base, 0), return_ip as u64, "the return address");
    assert_eq!(
        slot(bare, base, 1),
        base_distance(base),
        "the distance to the caller"
    );
    assert_eq!(slot(bare, base, 2), 1 << 32, "instance 0, one result");
    let above = base + ForeignFrame::SLOTS as i64;
    check_callee(bare, above, argument, stub::restore(), 0);
}

/// How far a frame at `base` of the first frame, or of one at [`BASE`], is from that.
fn base_distance(base: i64) -> u64 {
    (if base > BASE { base - BASE } else { base }) as u64
}

/// Appends call `op`, its operands named by their fields: a slot, the number of a table or of anything with a wide
/// index, and where the frame begins. Behind that stands the header.
pub(crate) fn append_call(code: &mut Code, op: OpNumber, slot: i64, index: i64, base: i64) {
    code.op(op, |_, field| match field {
        Field::Slot => slot,
        Field::Header => HEADER,
        Field::Table => 0,
        Field::Func16 | Field::Func32 | Field::Import | Field::Type => index,
        Field::Imm32 => GO_ADDRESS,
        Field::Base => base,
        other => panic!("{}: what is {other:?} of a call?", def(op).name),
    });
}

/// What indirect calls can meet: the element of table 0, the type, and what comes of it.
pub(crate) enum Meets {
    Trap(Trap),
    Own,
    Foreign,
    Host,
}

/// All cases of an indirect call. `bare` gets elements for them.
pub(crate) fn indirect_cases(bare: &mut Bare) -> [(u64, i64, Meets); 8] {
    bare.tables[0][9] = FOREIGN as u64 + 1;
    bare.tables[0][10] = HOST as u64 + 1;
    [
        (TABLE as u64, 0, Meets::Trap(Trap::TableOutOfBounds)),
        (0xffff_ffff, 1, Meets::Trap(Trap::TableOutOfBounds)),
        (8, 0, Meets::Trap(Trap::IndirectCallToNull)),
        (7, 1, Meets::Trap(Trap::BadSignature)),
        (0, 0, Meets::Own),
        (TABLE as u64 - 1, 0, Meets::Own),
        (9, 0, Meets::Foreign),
        (10, 0, Meets::Host),
    ]
}
