//! Verifies the handlers of exceptions of a function.

use super::{Fault, Frame, Marks, Surroundings};
use crate::lower::handlers::HandlerTable;

/// Verifies the handlers of the function whose code was verified last with `marks`: each target is the start of an op, and the values
/// that it receives have slots in the frame.
///
/// # Errors
/// The first clause that breaks an invariant.
pub fn verify_handlers(
    table: &HandlerTable,
    frame: &Frame,
    module: &dyn Surroundings,
    marks: &Marks,
) -> Result<(), Fault> {
    for clause in table.clauses() {
        let at = clause.target as usize;
        let values = match clause.tag {
            Some(tag) => module.tag(tag),
            None => Some(0),
        };
        let holds = |values: u16| {
            marks.is_start(at)
                && frame.has(clause.dst.index(), values.into())
                && clause
                    .reference
                    .is_none_or(|slot| frame.has(slot.index(), 1))
        };
        if !values.is_some_and(holds) {
            let what = "a handler leads to no op, or its values have no place in the frame";
            return Err(Fault { at, what });
        }
    }
    Ok(())
}
