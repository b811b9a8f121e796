//! Calls and returns: the frame that a callee finds, and what its caller finds when it has returned.

#[cfg(feature = "gc")]
use interp::Trap;
use interp::dispatch::{Field, OpNumber};
use interp::machine::Exit;
use interp::ops::call::{Call, CallImport, Return};
use interp::ops::data::Move;
use interp::ops::number;
use interp::ops::shape::{Imm16, Imm64, ToAcc, ToSlot};

#[cfg(feature = "gc")]
use crate::bare::TYPES;
use crate::bare::{Asked, Bare, Code, FOREIGN, HOST};
use crate::def;
use crate::frame::*;
use crate::place::{ACC, FACC, finish};

/// The slot that names the element of a table.
const ELEMENT: i64 = 10;
/// Where a callee that calls again puts the argument, and so the next frame.
const INNER: i64 = 5;
/// The arguments of calls.
const ARGUMENT: u64 = 0x77;
const INNER_ARGUMENT: i64 = 0x99;

const SET: OpNumber = number::<Move<u64, Imm16, ToSlot>>();

/// Checks an op of the family.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    match def(op).name {
        "call" => check_own(bare, op, 0),
        "call_import" => {
            check_own(bare, op, 1);
            for (func, meets) in [(FOREIGN, Meets::Foreign), (HOST, Meets::Host)] {
                check_call(bare, op, func as i64, meets);
            }
        }
        "call_indirect" => {
            for (element, ty, meets) in indirect_cases(bare) {
                // An element has 32 bits, whatever its slot holds above them.
                bare.slots[ELEMENT as usize] = element | 5 << 32;
                check_call(bare, op, ty, meets);
            }
            #[cfg(feature = "gc")]
            if def(op).form == "sub" {
                check_subtypes(bare, op, check_call);
            }
        }
        #[cfg(feature = "gc")]
        "call_ref" => {
            for (reference, meets) in references() {
                bare.slots[ELEMENT as usize] = reference;
                check_call(bare, op, 0, meets);
            }
        }
        "return_call" => check_tail_call(bare, op, 0, Meets::Own),
        "return_call_import" => {
            check_tail_call(bare, op, 0, Meets::Own);
            check_tail_call(bare, op, FOREIGN as i64, Meets::Foreign);
            check_tail_call(bare, op, HOST as i64, Meets::Host);
        }
        "return_call_indirect" => {
            for (element, ty, meets) in indirect_cases(bare) {
                bare.slots[ELEMENT as usize] = element;
                check_tail_call(bare, op, ty, meets);
            }
            #[cfg(feature = "gc")]
            if def(op).form == "sub" {
                check_subtypes(bare, op, check_tail_call);
            }
        }
        #[cfg(feature = "gc")]
        "return_call_ref" => {
            for (reference, meets) in references() {
                bare.slots[ELEMENT as usize] = reference;
                check_tail_call(bare, op, 0, meets);
            }
        }
        "return" | "freturn" => check_return(bare, op),
        "halt" => {
            let before = bare.slots.clone();
            assert_eq!(run(bare, &stop(), 0), (Exit::Done, 0));
            assert_eq!(bare.slots, before);
        }
        "lower" => check_lower(bare),
        "restore" => check_restore(bare),
        other => panic!("what should {other} do? Say it here"),
    }
}

/// What calls through references can meet. A reference is the function's number plus one.
#[cfg(feature = "gc")]
fn references() -> [(u64, Meets); 4] {
    [
        (0, Meets::Trap(Trap::NullReference)),
        (1, Meets::Own),
        (FOREIGN as u64 + 1, Meets::Foreign),
        (HOST as u64 + 1, Meets::Host),
    ]
}

/// Checks that a call through a table asks whether another type than the wanted one is a subtype, and does what the answer says.
#[cfg(feature = "gc")]
fn check_subtypes(bare: &mut Bare, op: OpNumber, check: fn(&mut Bare, OpNumber, i64, Meets)) {
    bare.slots[ELEMENT as usize] = 0;
    check(bare, op, 0, Meets::Own);
    assert_eq!(bare.asked(), [], "the same type");
    let asked = [Asked::IsSubtype(TYPES[0], TYPES[1])];
    bare.set_answer(Ok(Some(1)));
    check(bare, op, 1, Meets::Own);
    assert_eq!(bare.asked(), asked);
    bare.set_answer(Ok(None));
    check(bare, op, 1, Meets::Trap(Trap::BadSignature));
    assert_eq!(bare.asked(), asked);
}

/// Fills the frame, and puts the argument where the callee's frame will be.
fn prepare(bare: &mut Bare) {
    let element = bare.slots[ELEMENT as usize];
    bare.slots.fill(BEFORE);
    bare.slots[ELEMENT as usize] = element;
    bare.slots[BASE as usize] = ARGUMENT;
    bare.asked();
}

fn check_own(bare: &mut Bare, op: OpNumber, index: i64) {
    check_call(bare, op, index, Meets::Own);
}

/// Checks a call of number `index`; all functions but the host's stop at once.
fn check_call(bare: &mut Bare, op: OpNumber, index: i64, meets: Meets) {
    stop_at_once(bare, &[0, 1, FOREIGN]);
    prepare(bare);
    let mut code = Code::default();
    append_call(&mut code, op, ELEMENT, index, BASE);
    let return_ip = code.granules.len();
    finish(&mut code);
    let outcome = run(bare, &code, bare.slots[ELEMENT as usize]);
    let return_ip = code.granules[return_ip..].as_ptr();
    match meets {
        Meets::Trap(trap) => assert_eq!(outcome, (Exit::Trap(trap), 0)),
        Meets::Own => {
            assert_eq!(outcome, (Exit::Done, 1));
            check_callee(bare, BASE, ARGUMENT, return_ip, BASE as u64);
        }
        Meets::Foreign => {
            assert_eq!(outcome, (Exit::Done, 1));
            check_foreign_callee(bare, BASE, ARGUMENT, return_ip);
        }
        Meets::Host => {
            assert_eq!(outcome, (Exit::Done, 1));
            assert_eq!(bare.asked(), [Asked::CallHost(HOST as u32, BASE as usize)]);
            assert_eq!(slot(bare, BASE, 0), !ARGUMENT);
            assert_eq!(bare.slots[ACC as usize], !ARGUMENT);
        }
    }
}

/// Checks a tail call that function 1 makes of number `index`: its frame becomes that of function 0. Of another
/// instance's or the host's function it is a call, and the return stands behind it.
fn check_tail_call(bare: &mut Bare, op: OpNumber, index: i64, meets: Meets) {
    prepare(bare);
    let element = bare.slots[ELEMENT as usize];
    let mut caller = Code::default();
    // 64 bits, so that all elements fit.
    caller.with(number::<Move<u64, Imm64, ToSlot>>(), &[element as i64, 4]);
    caller.with(SET, &[INNER_ARGUMENT, INNER]);
    append_call(&mut caller, op, 4, index, INNER);
    let behind = caller.granules.len();
    caller.with(number::<interp::ops::call::Halt>(), &[]);
    let behind = caller.granules[behind..].as_ptr();
    stop_at_once(bare, &[0, FOREIGN]);
    bare.set_func(1, caller);
    // Element 7 is function 1: an endless tail call, were its type right.
    let mut code = Code::default();
    code.with(number::<Call>(), &[1, BASE, HEADER]);
    let outcome = run(bare, &code, 0);
    let inner = BASE + INNER;
    match meets {
        Meets::Trap(trap) => assert_eq!(outcome, (Exit::Trap(trap), 1)),
        Meets::Own => {
            assert_eq!(outcome, (Exit::Done, 2));
            assert_eq!(slot(bare, BASE, 0), INNER_ARGUMENT as u64, "the argument");
            assert_eq!(slot(bare, BASE, 1), code.granules.as_ptr_range().end as u64);
            assert_eq!(slot(bare, BASE, 2), BASE as u64);
            assert_eq!(slot(bare, BASE, LOCALS), 0, "a local");
        }
        Meets::Foreign => {
            assert_eq!(outcome, (Exit::Done, 2));
            check_foreign_callee(bare, inner, INNER_ARGUMENT as u64, behind);
        }
        Meets::Host => {
            assert_eq!(outcome, (Exit::Done, 2));
            assert_eq!(bare.asked(), [Asked::CallHost(HOST as u32, inner as usize)]);
            assert_eq!(slot(bare, inner, 0), !INNER_ARGUMENT as u64);
        }
    }
}

/// Checks a return, of what its field says; without a field the result is in its place already.
fn check_return(bare: &mut Bare, op: OpNumber) {
    const RESULT: i64 = -3;
    let float = def(op).name == "freturn";
    let mut callee = Code::default();
    let mut expected = RESULT as u64;
    match def(op).fields.get(1) {
        None => callee.with(op, &[HEADER]),
        Some(Field::Slot) => callee
            .with(SET, &[RESULT, INNER])
            .with(op, &[HEADER, INNER]),
        Some(Field::Imm16) => callee.with(op, &[HEADER, RESULT]),
        Some(Field::Acc) => callee
            .with(number::<Move<u64, Imm16, ToAcc>>(), &[RESULT])
            .with(op, &[HEADER]),
        Some(Field::Facc) => callee
            .with(number::<Move<f64, Imm64, ToAcc>>(), &[RESULT])
            .with(op, &[HEADER]),
        other => panic!("what is returned from {other:?}? Say it here"),
    };
    if def(op).fields.len() == 1 {
        expected = ARGUMENT;
    }
    bare.set_func(0, callee);
    prepare(bare);
    let mut code = Code::default();
    code.with(number::<Call>(), &[0, BASE, HEADER]);
    finish(&mut code);
    assert_eq!(run(bare, &code, 0), (Exit::Done, 1));
    assert_eq!(slot(bare, BASE, 0), expected);
    if def(op).fields.len() > 1 {
        let accumulator = if float { FACC } else { ACC };
        assert_eq!(bare.slots[accumulator as usize], expected);
    }
}

/// Checks the stub that lowers: the runtime is asked, and the function runs, with its locals zero.
fn check_lower(bare: &mut Bare) {
    prepare(bare);
    let mut code = Code::default();
    code.with(number::<Call>(), &[2, BASE, HEADER]);
    finish(&mut code);
    assert_eq!(run(bare, &code, 0), (Exit::Done, 1));
    assert_eq!(bare.asked(), [Asked::Lower(2)]);
    assert_eq!(
        slot(bare, BASE, 0),
        ARGUMENT,
        "the function returns its argument"
    );
    assert_eq!(slot(bare, BASE, LOCALS), 0, "a local");
}

/// Checks the stub behind calls of another instance: its results come down, and the caller's instance is current.
fn check_restore(bare: &mut Bare) {
    prepare(bare);
    let mut callee = Code::default();
    callee
        .with(SET, &[123, 0])
        .with(number::<Return>(), &[HEADER]);
    bare.set_func(FOREIGN, callee);
    let mut code = Code::default();
    code.with(number::<CallImport>(), &[FOREIGN as i64, BASE]);
    finish(&mut code);
    assert_eq!(run(bare, &code, 0), (Exit::Done, 1));
    assert_eq!(bare.asked(), [Asked::Enter(1), Asked::Enter(0)]);
    assert_eq!(slot(bare, BASE, 0), 123);
    assert_eq!(bare.slots[ACC as usize], 123);
}
