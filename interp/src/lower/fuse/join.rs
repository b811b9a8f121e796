//! Neighbours become superinstructions, as many as there are.

use super::super::{Code, Inst};
use crate::ops::superinstruction;

/// Joins instructions in pairs, from the first on: of a run of instructions each two of which could be joined, no other
/// choice makes more pairs. `targets` says of each instruction whether something branches to it.
pub(super) fn join(code: &mut Code, targets: &[bool]) {
    // The instruction before the present one, if it stands alone and the code runs from it to here and from nowhere else.
    let mut before: Option<usize> = None;
    for (index, &is_target) in targets.iter().enumerate().take(code.insts.len()) {
        if is_target {
            before = None;
        }
        let op = code.insts[index].op;
        if op == Inst::NONE {
            continue;
        }
        if let Some(first) = before
            && let Some(joined) = superinstruction::of(code.insts[first].op, op)
        {
            code.insts[first].joined = joined;
            before = None;
        } else {
            before = Some(index);
        }
    }
}
