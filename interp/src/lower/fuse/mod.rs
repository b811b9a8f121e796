//! Fusion: neighbours that real programs run one after the other become one op.
//!
//! This pass runs when a function is complete. Two instructions are fused only if nothing branches to the second, and
//! the fused op leaves slots and accumulators as they would. What is fused stands by subject:
//!
//! * `memory.rs`: loads and stores with each other, and with branches;
//! * `counting.rs`: additions of constants, and the tests of loops behind them;
//! * `arithmetic.rs`: shifts, masks, products, copies.
//!
//! Then, in `join.rs`, any two neighbours for which there is a superinstruction are joined.

mod arithmetic;
mod counting;
mod join;
mod memory;

use alloc::vec;

use super::{Code, Inst};

/// Fuses what can be fused.
pub fn fuse(code: &mut Code) {
    let mut targets = vec![false; code.insts.len() + 1];
    for target in code.targets() {
        targets[target] = true;
    }
    // The instruction before the present one, if the code runs from it to here and from nowhere else.
    let mut before: Option<usize> = None;
    for index in 0..code.insts.len() {
        let second = code.insts[index];
        if targets[index] {
            if let Some(first) = before
                && let Some(fused) = counting::add_then(&code.insts[first], &second, false)
            {
                // The test of a loop that is also branched to: what counts tests by itself and goes on behind it.
                let position = code.insts[first].position;
                let label = code.label();
                code.place_at(label, index + 1);
                targets[index + 1] = true;
                code.insts[first] = Inst { position, ..fused }.label(label);
            }
            before = None;
        }
        if second.op == Inst::NONE {
            continue;
        }
        if let Some(first) = before
            && let Some(fused) = pair(&code.insts[first], &second)
        {
            // In place of the second; what branches to the first comes here all the same.
            code.insts[index] = Inst {
                position: second.position,
                ..fused
            };
            code.insts[first].op = Inst::NONE;
        }
        before = Some(index);
    }
    join::join(code, &targets);
}

/// The op that does what `first` and `second` do.
fn pair(first: &Inst, second: &Inst) -> Option<Inst> {
    memory::load_then(first, second)
        .or_else(|| memory::store_two(first, second))
        .or_else(|| counting::add_then(first, second, true))
        .or_else(|| counting::add_two(first, second))
        .or_else(|| arithmetic::shift_add(first, second))
        .or_else(|| arithmetic::multiply_then(first, second))
        .or_else(|| arithmetic::copy_two(first, second))
        .or_else(|| arithmetic::bits(first, second))
        .or_else(|| memory::byte_then(first, second))
}
