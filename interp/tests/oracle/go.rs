//! Go's calls: Go's own stack pointer and stack, the frame that a callee finds, and where it returns to.

use interp::Trap;
use interp::dispatch::{Field, OpNumber};
use interp::machine::Exit;
use interp::ops::call::{Call, Return, ReturnValue};
use interp::ops::data::{GlobalSet, Move};
use interp::ops::go::{G_GLOBAL, GUARD_OFFSET, GoCall, GoEnter, GoResume, SP_SLOT};
use interp::ops::number;
use interp::ops::shape::{Acc, Imm16, Imm64, ToAcc, ToSlot};

use crate::bare::{Asked, Bare, Code, FOREIGN, HOST};
use crate::branch::{Way, way};
use crate::def;
use crate::frame::*;
use crate::inputs::EDGES;
use crate::place::{ACC, Placed, finish};

/// Where in a header's distance it says that the caller goes on with a `go.resume`.
const GO_CALL: u64 = 1 << 30;
/// The slot with the function value of an indirect call.
const VALUE: i64 = 10;
const SP: usize = SP_SLOT.index();

/// Checks an op of the family.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    match def(op).name {
        "go.call" => {
            check_call(bare, op, 0, Meets::Own);
            check_call_with_start(bare);
        }
        "go.call_indirect" => {
            for (element, ty, meets) in indirect_cases(bare) {
                // Bits 16 to 47 of a function value are its element.
                bare.slots[VALUE as usize] = element << 16 | 0xabcd << 48 | 0xffff;
                check_call(bare, op, ty, meets);
            }
        }
        "go.resume" => check_resume(bare, op),
        "go.return" => check_return(bare, op),
        "go.enter" | "go.enter_guarded" => check_enter(bare, op),
        "zero" => check_zero(bare, op),
        other => panic!("what should {other} do? Say it here"),
    }
}

/// Stack pointers in memory, at its borders and beyond, with the bits that a slot may hold above 32.
const POINTERS: [u64; 7] = [1024, 8, 65_536, 65_537, 4, 0x3_0000_0400, 0xffff_ffff];

/// Checks a call of a function that stops at once, or of the host's.
fn check_call(bare: &mut Bare, op: OpNumber, index: i64, meets: Meets) {
    stop_at_once(bare, &[0, FOREIGN]);
    for pointer in POINTERS {
        let value = bare.slots[VALUE as usize];
        bare.slots.fill(BEFORE);
        bare.slots[VALUE as usize] = value;
        bare.slots[SP] = pointer;
        bare.asked();
        let mut expected = bare.memories.clone();
        let mut code = Code::default();
        append_call(&mut code, op, VALUE, index, BASE);
        let behind = code.granules.len();
        finish(&mut code);
        let outcome = run(bare, &code, 0);
        let return_ip = code.granules[behind..].as_ptr();
        // The address is pushed before anything is called.
        let sp = (pointer as u32).wrapping_sub(8);
        assert_eq!((bare.slots[SP], bare.globals[0]), (sp.into(), sp.into()));
        let Some(place) = expected[0].get_mut(sp as usize..sp as usize + 8) else {
            assert_eq!(outcome, (Exit::Trap(Trap::MemoryOutOfBounds), 0));
            continue;
        };
        place.copy_from_slice(&GO_ADDRESS.to_le_bytes());
        assert!(
            bare.memories == expected,
            "the return address on Go's stack"
        );
        match meets {
            Meets::Trap(trap) => assert_eq!(outcome, (Exit::Trap(trap), 0)),
            Meets::Own => {
                assert_eq!(outcome, (Exit::Done, 1));
                check_callee(bare, BASE, 0, return_ip, BASE as u64 | GO_CALL);
            }
            Meets::Foreign => {
                assert_eq!(outcome, (Exit::Done, 1));
                check_foreign_callee(bare, BASE, 0, return_ip);
            }
            Meets::Host => {
                assert_eq!(outcome, (Exit::Done, 1));
                assert_eq!(bare.asked(), [Asked::CallHost(HOST as u32, BASE as usize)]);
                assert_eq!(slot(bare, BASE, 0), u64::MAX, "what the host made of 0");
                assert_eq!(bare.slots[ACC as usize], u64::MAX);
            }
        }
    }
}

/// A call does the start of its callee, if that is a guarded one: the same must come of it as of the two ops.
fn check_call_with_start(bare: &mut Bare) {
    let enter = number::<GoEnter<true>>();
    for (guard, fits) in [(100_u32, true), (2000, false)] {
        let mut callee = Code::default();
        let behind = def(enter).granules() as i64 + 1;
        callee.with(enter, &[16, 64, behind]);
        callee.granules.extend(stop().granules);
        callee.with(number::<Move<u64, Imm16, ToSlot>>(), &[1, 5]);
        callee.granules.extend(stop().granules);
        bare.set_func(0, callee);
        bare.slots.fill(BEFORE);
        bare.slots[SP] = 1024;
        set_guard(bare, 40, guard);
        let mut code = Code::default();
        code.with(number::<GoCall>(), &[0, GO_ADDRESS, BASE]);
        assert_eq!(run(bare, &code, 0), (Exit::Done, 1));
        let sp = if fits { 1024 - 8 - 64 } else { 1024 - 8 };
        assert_eq!(bare.globals[0], sp);
        assert_eq!(slot(bare, BASE, SP), if fits { sp } else { 0 });
        assert_eq!(slot(bare, BASE, 5), if fits { 1 } else { BEFORE });
    }
}

/// Sets the running goroutine, and the guard of its stack.
fn set_guard(bare: &mut Bare, g: u64, guard: u32) {
    bare.globals[usize::from(G_GLOBAL)] = g;
    let at = (g as u32 as usize).saturating_add(GUARD_OFFSET as usize);
    if let Some(place) = bare.memories[0].get_mut(at..at + 4) {
        place.copy_from_slice(&guard.to_le_bytes());
    }
}

/// Function 0 sets the stack pointer and returns some result to function 1, which returns 1 or else the accumulator.
fn check_resume(bare: &mut Bare, op: OpNumber) {
    for result in EDGES {
        let mut callee = Code::default();
        callee
            .with(number::<Move<u64, Imm16, ToAcc>>(), &[4711])
            .with(number::<GlobalSet<Acc, false>>(), &[0])
            .with(number::<Move<u64, Imm64, ToSlot>>(), &[result as i64, 0])
            .with(number::<Return>(), &[HEADER]);
        bare.set_func(0, callee);
        let mut caller = Code::default();
        caller
            .with(number::<Move<u64, Imm16, ToSlot>>(), &[1024, SP as i64])
            .with(number::<GoCall>(), &[0, GO_ADDRESS, 10])
            .with(op, &[])
            .with(number::<ReturnValue<u64, Acc>>(), &[HEADER]);
        bare.set_func(1, caller);
        let mut code = Code::default();
        code.with(number::<Call>(), &[1, BASE, HEADER]);
        finish(&mut code);
        bare.slots.fill(BEFORE);
        let (exit, _) = run(bare, &code, 0);
        assert_eq!((exit, bare.globals[0]), (Exit::Done, 4711));
        // A result has 32 bits.
        let returned = if result as u32 != 0 { 1 } else { 4711 };
        assert_eq!(slot(bare, BASE, 0), returned, "after {result:#x}");
        assert_eq!(bare.slots[ACC as usize], returned);
        if returned != 1 {
            assert_eq!(slot(bare, BASE, SP), 4711);
        }
    }
}

fn check_return(bare: &mut Bare, op: OpNumber) {
    let set = number::<Move<u64, Imm16, ToSlot>>();
    for bytes in [8_i64, 0x7ff8, -16] {
        let sp = 4096_i64.wrapping_add(bytes) as u64;
        let mut callee = Code::default();
        // Slot 0 is not 0: a `go.resume` that ran would see it and return.
        callee
            .with(set, &[1, 0])
            .with(set, &[4096, SP as i64])
            .with(op, &[bytes]);
        bare.set_func(0, callee);
        // Behind a call of Go: over the `go.resume`, with the stack pointer as the callee leaves it.
        let mut code = Code::default();
        code.with(number::<GoCall>(), &[0, GO_ADDRESS, BASE]);
        code.with(number::<GoResume>(), &[]);
        finish(&mut code);
        bare.slots.fill(BEFORE);
        bare.slots[SP] = 1024;
        assert_eq!(run(bare, &code, 0), (Exit::Done, 1));
        assert_eq!((bare.globals[0], bare.slots[SP]), (sp, sp));
        assert_eq!(bare.slots[ACC as usize], sp);
        // Behind any other call: the result is 0.
        let mut code = Code::default();
        code.with(number::<Call>(), &[0, BASE, HEADER]);
        finish(&mut code);
        bare.slots.fill(BEFORE);
        assert_eq!(run(bare, &code, 0), (Exit::Done, 1));
        assert_eq!((bare.globals[0], bare.slots[SP]), (sp, BEFORE));
        assert_eq!((slot(bare, BASE, 0), bare.slots[ACC as usize]), (0, 0));
    }
}

/// Checks the start of a function: resume points, and for a guarded one all relations of stack pointer and guard.
fn check_enter(bare: &mut Bare, op: OpNumber) {
    let guarded = def(op).fields.contains(&Field::Count16);
    let more: u32 = if guarded { 16 } else { 0 };
    // The last goroutine lies at the end of memory, the one before with its guard beyond.
    for g in [0, 40, 65_536 - 20, 65_536 - 19, 0xffff_ffff] {
        for guard in [0, 1000, 1023 - 16, 1024 - 16, 1025 - 16, 0xffff_fff8] {
            for (resume, sp) in [
                (0, 1024_u32),
                (1 << 32, 1024),
                (3, 1024),
                (0, 8),
                (0, 0xffff_ffff),
            ] {
                set_guard(bare, g, guard);
                bare.globals[0] = sp.into();
                (bare.slots[0], bare.slots[SP]) = (resume, BEFORE);
                let (_, exit, went) = way(bare, op, false, |_, target| {
                    Placed::with(op, &[more.into(), 96, target][usize::from(!guarded)..])
                });
                let known = g + 20 <= 65_536;
                let fits = !guarded || known && sp > guard.wrapping_add(more);
                let fast = resume as u32 == 0 && fits;
                assert_eq!(
                    (exit, went),
                    (Exit::Done, Way::of(fast, false)),
                    "{g} {guard} {sp}"
                );
                let after = if fast { sp.wrapping_sub(96) } else { sp };
                assert_eq!(bare.globals[0], after.into());
                assert_eq!(bare.slots[SP], if fast { after.into() } else { BEFORE });
                if fast {
                    assert_eq!(bare.slots[ACC as usize], after.into());
                }
            }
        }
    }
}

fn check_zero(bare: &mut Bare, op: OpNumber) {
    for count in [0, 1, 5] {
        bare.slots.fill(BEFORE);
        let mut expected = bare.slots.clone();
        expected[SP..SP + count].fill(0);
        let mut code = Code::default();
        code.with(op, &[count as i64]);
        code.granules.extend(stop().granules);
        assert_eq!(run(bare, &code, 0), (Exit::Done, 0));
        assert_eq!(bare.slots, expected);
    }
}
