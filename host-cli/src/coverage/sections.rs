//! The sections of Go's code, and the PCs that each stands for.
//!
//! A section begins behind each call, and where a branch of Go's code leads, so it runs from its start, or not. It may be left in its
//! middle: by a branch, a panic, or the end of the program. The function starts with a jump by PC, a `br_table` with the number of the
//! section in which each PC lies. A function without calls and branches has no such jump, and is one section.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use wasmparser::{BinaryReaderError, BrTable, Operator, OperatorsReader};

/// A part of a function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Section {
    /// The offset in the module of its first instruction.
    pub(super) start: usize,
    /// The offset of its last instruction that has an op and that no branch within the section leads past. If it ran, all before it ran.
    pub(super) last: Option<usize>,
    pub(super) pcs: RangeInclusive<u16>,
}

/// Returns the sections of a body in their order. `ops` are the offsets of the instructions that have ops, and `last` is the last PC of
/// the function.
///
/// # Errors
/// Fails if the body cannot be read.
pub(super) fn sections(
    mut body: OperatorsReader<'_>,
    ops: &HashSet<usize>,
    last: u16,
) -> Result<Vec<Section>, BinaryReaderError> {
    let begin = offset(&body);
    let mut table = None;
    // The start of each section and its last instruction. Before the first one is the jump.
    let mut starts = vec![(begin, None)];
    // The number of blocks around the place, in the section.
    let mut depth = 0_usize;
    while !body.eof() {
        let at = offset(&body);
        let operator = body.read()?;
        // Code does not come to the instruction behind a call of a panic.
        let may_run = !matches!(operator, Operator::Unreachable);
        if depth == 0
            && may_run
            && ops.contains(&at)
            && let Some((_, last)) = starts.last_mut()
        {
            *last = Some(at);
        }
        match operator {
            // The first jump by a table is that by PC.
            Operator::BrTable { targets } if table.is_none() => {
                table = Some(targets);
                depth = 0;
            }
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => depth += 1,
            // Blocks end where the sections begin to which they lead.
            Operator::End if table.is_some() && depth == 0 => starts.push((offset(&body), None)),
            Operator::End => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    let Some(table) = table else {
        let (start, last_op) = starts[0];
        return Ok(vec![Section {
            start,
            last: last_op,
            pcs: 0..=last,
        }]);
    };
    starts.remove(0);
    numbered(&table, &starts, last)
}

/// Gives each section the PCs that lead to it. Those that the table does not list belong to its default.
fn numbered(
    table: &BrTable<'_>,
    starts: &[(usize, Option<usize>)],
    last: u16,
) -> Result<Vec<Section>, BinaryReaderError> {
    let mut found: Vec<Section> = Vec::new();
    let mut number = None;
    let targets = table.targets().chain([Ok(table.default())]);
    for (pc, target) in (0..=last).zip(targets) {
        let target = target?;
        if number == Some(target)
            && let Some(section) = found.last_mut()
        {
            section.pcs = *section.pcs.start()..=pc;
            continue;
        }
        number = Some(target);
        let start = usize::try_from(target).ok().and_then(|at| starts.get(at));
        found.extend(start.map(|(start, last)| Section {
            start: *start,
            last: *last,
            pcs: pc..=pc,
        }));
    }
    if let Some(section) = found.last_mut()
        && number == Some(table.default())
    {
        section.pcs = *section.pcs.start()..=last;
    }
    found.sort_by_key(|section| section.start);
    Ok(found)
}

fn offset(body: &OperatorsReader<'_>) -> usize {
    // The module is in memory.
    usize::try_from(body.original_position()).unwrap_or(usize::MAX)
}
