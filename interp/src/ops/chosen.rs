//! A build with the handlers of one program: the others are left out, and so is their code.
//!
//! `build.rs` gets a file with a byte for each op and superinstruction: whether the program has it. `Module::handlers_for` makes its
//! content. The numbers of ops are those of a build with all handlers. Verification refuses code that needs another handler.

use super::{COUNT, stub, superinstruction};
use crate::dispatch::{OpNumber, SELF_TEST, Step};
use crate::machine::{Leave, Regs, Trap};

/// Whether this build has the handler of op or superinstruction `number`.
#[must_use]
#[inline(always)]
pub const fn has_handler(number: OpNumber) -> bool {
    CHOSEN[number.index()]
}

static CHOSEN: [bool; COUNT + superinstruction::COUNT] = {
    let listed = include_bytes!(env!("WASI_INTERP_HANDLERS"));
    let mut all = [false; COUNT + superinstruction::COUNT];
    assert!(
        listed.len() == all.len(),
        "the file of WASI_INTERP_HANDLERS is for another build"
    );
    let mut number = 0;
    while number < all.len() {
        all[number] = listed[number] != 0;
        number += 1;
    }
    let mut at = 0;
    while at < stub::OPS.len() {
        all[stub::OPS[at].index()] = true;
        at += 1;
    }
    let mut at = 0;
    while at < SELF_TEST.len() {
        all[SELF_TEST[at].index()] = true;
        at += 1;
    }
    all
};

/// What stands in the table in place of a handler that was left out. It never runs.
#[derive(Debug)]
pub(super) struct Missing;

impl Step for Missing {
    const TELLS: bool = false;

    #[inline(always)]
    unsafe fn run(_: &mut Regs) -> Result<(), Leave> {
        Err(Trap::UnreachableCodeReached.into())
    }
}
