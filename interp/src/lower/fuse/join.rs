//! Neighbours become superinstructions, as many as there are.

use super::super::{Code, Inst};
use crate::ops::superinstruction;

/// Instructions that were joined so far, or one that stands alone.
#[derive(Clone, Copy, Debug)]
struct Group {
    first: usize,
    last: usize,
    /// The number of what they are together.
    number: u16,
}

/// Joins instructions, from the first on, as many each time as there is a superinstruction for. `targets` says of each
/// instruction whether something branches to it.
pub(super) fn join(code: &mut Code, targets: &[bool]) {
    // What stands before the present instruction, if the code runs from there to here and from nowhere else.
    let mut before: Option<Group> = None;
    for (index, &is_target) in targets.iter().enumerate().take(code.insts.len()) {
        if is_target {
            before = None;
        }
        let op = code.insts[index].op;
        if op == Inst::NONE {
            continue;
        }
        let alone = Group {
            first: index,
            last: index,
            number: op,
        };
        let grown = before.and_then(|group| {
            superinstruction::of(group.number, op).map(|number| Group {
                last: index,
                number,
                ..group
            })
        });
        if let (Some(grown), Some(group)) = (grown, before) {
            code.insts[group.last].joined = grown.number;
            code.insts[grown.first].joined = grown.number;
        }
        before = Some(grown.unwrap_or(alone));
    }
}
