//! Fusion: two neighbouring instructions become one op.
//!
//! The pairs are those that profiles of real programs show often. The pass runs when a function is complete. It fuses two
//! instructions only if no branch leads to the second one, and if the fused op leaves slots and accumulators as the two
//! instructions would. The fusions are grouped by subject:
//!
//! * `memory.rs`: loads and stores with each other, and with branches;
//! * `counting.rs`: additions of constants, and the loop tests after them;
//! * `arithmetic.rs`: shifts, masks, products, copies;
//! * `canonical.rs`: not a fusion, but a pass before: NaNs that need not be canonical.
//!
//! Most instructions begin no fusion. The table `BY_FIRST` finds those that do with one access.

mod arithmetic;
#[cfg(feature = "canonical-nans")]
pub mod canonical;
mod counting;
mod memory;

use super::{Code, Inst};
use crate::dispatch::OpNumber;
use crate::ops::COUNT;

/// A fusion: returns the instruction that replaces two neighbours, if there is one.
type Fusion = fn(&Inst, &Inst) -> Option<Inst>;

/// All fusions, each with the ops of the instructions that it may begin with.
const FUSIONS: [(&[OpNumber], Fusion); 8] = [
    (memory::LOADS, memory::load_then),
    (memory::BYTE_LOADS, memory::byte_then),
    (memory::STORES, memory::store_two),
    (counting::ADDS, counting::add_and),
    (arithmetic::SHIFTS, arithmetic::shift_add),
    (arithmetic::PRODUCTS, arithmetic::multiply_then),
    (arithmetic::COPIES, arithmetic::copy_two),
    (arithmetic::BITS, arithmetic::bits),
];

/// For each op the index of its fusion in [`FUSIONS`] plus one; 0 if it begins no fusion.
static BY_FIRST: [u8; COUNT] = {
    let mut by_first = [0; COUNT];
    let mut fusion = 0;
    while fusion < FUSIONS.len() {
        let firsts = FUSIONS[fusion].0;
        let mut index = 0;
        while index < firsts.len() {
            let place = &mut by_first[firsts[index].index()];
            assert!(*place == 0, "an op begins one fusion at most");
            // There are eight.
            *place = fusion as u8 + 1;
            index += 1;
        }
        fusion += 1;
    }
    by_first
};

/// Runs the pass over the code of a complete function.
#[inline(never)]
pub fn fuse(code: &mut Code) {
    // The previous instruction and the fusion that it begins, if execution reaches the present instruction from it alone.
    let mut before: Option<(usize, Fusion)> = None;
    for index in 0..code.insts.len() {
        let op = code.insts[index].op;
        if code.is_target(index) {
            if let Some((first, _)) = before
                && let Some(fused) =
                    counting::add_then(&code.insts[first], &code.insts[index], false)
            {
                // The present instruction is a loop test, and a branch leads to it, so it stays. The counting op performs the
                // test itself and continues after the test.
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
            // The fused op stands in place of the second instruction. The first becomes empty, so a branch to it arrives at
            // the fused op.
            last = fused.op;
            let position = code.insts[index].position;
            code.insts[index] = Inst { position, ..fused };
            code.insts[first].op = Inst::NONE;
        }
        before = match BY_FIRST[last.index()] {
            0 => None,
            place => Some((index, FUSIONS[usize::from(place) - 1].1)),
        };
    }
}
