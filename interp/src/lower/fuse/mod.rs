//! Fusion: neighbours that real programs run one after the other become one op.
//!
//! This pass runs when a function is complete. Two instructions are fused only if nothing branches to the second, and
//! the fused op leaves slots and accumulators as they would. What is fused stands by subject:
//!
//! * `memory.rs`: loads and stores with each other, and with branches;
//! * `counting.rs`: additions of constants, and the tests of loops behind them;
//! * `arithmetic.rs`: shifts, masks, products, copies.
//!
//! Most instructions begin nothing of all that; one look at a table tells which do.

mod arithmetic;
mod counting;
mod memory;

use super::{Code, Inst};
use crate::ops::COUNT;

/// The one instruction that does what two do, if there is one.
type Fusion = fn(&Inst, &Inst) -> Option<Inst>;

/// All fusions, each with the ops that the first of its instructions may have.
const FUSIONS: [(&[u16], Fusion); 8] = [
    (memory::LOADS, memory::load_then),
    (memory::BYTE_LOADS, memory::byte_then),
    (memory::STORES, memory::store_two),
    (counting::ADDS, counting::add_and),
    (arithmetic::SHIFTS, arithmetic::shift_add),
    (arithmetic::PRODUCTS, arithmetic::multiply_then),
    (arithmetic::COPIES, arithmetic::copy_two),
    (arithmetic::BITS, arithmetic::bits),
];

/// For each op the place behind its fusion in [`FUSIONS`]; 0 if it begins none.
static BY_FIRST: [u8; COUNT] = {
    let mut by_first = [0; COUNT];
    let mut fusion = 0;
    while fusion < FUSIONS.len() {
        let firsts = FUSIONS[fusion].0;
        let mut index = 0;
        while index < firsts.len() {
            let place = &mut by_first[firsts[index] as usize];
            assert!(*place == 0, "an op begins one fusion at most");
            // There are eight.
            *place = fusion as u8 + 1;
            index += 1;
        }
        fusion += 1;
    }
    by_first
};

/// Fuses what can be fused.
pub fn fuse(code: &mut Code) {
    // The instruction before the present one, if the code runs from it to here and from nowhere else, and what it may
    // begin.
    let mut before: Option<(usize, Fusion)> = None;
    for index in 0..code.insts.len() {
        let op = code.insts[index].op;
        if code.is_target(index) {
            if let Some((first, _)) = before
                && let Some(fused) =
                    counting::add_then(&code.insts[first], &code.insts[index], false)
            {
                // The test of a loop that is also branched to: what counts tests by itself and goes on behind it.
                let position = code.insts[first].position;
                let label = code.label();
                code.place_at(label, index + 1);
                code.insts[first] = Inst { position, ..fused }.label(label);
            }
            before = None;
        }
        if op == Inst::NONE {
            continue;
        }
        let mut last = op;
        if let Some((first, fusion)) = before
            && let Some(fused) = fusion(&code.insts[first], &code.insts[index])
        {
            // In place of the second; what branches to the first comes here all the same.
            last = fused.op;
            let position = code.insts[index].position;
            code.insts[index] = Inst { position, ..fused };
            code.insts[first].op = Inst::NONE;
        }
        before = match BY_FIRST[usize::from(last)] {
            0 => None,
            place => Some((index, FUSIONS[usize::from(place) - 1].1)),
        };
    }
}
