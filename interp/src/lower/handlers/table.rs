//! The handlers of encoded code, and the search in them.

use alloc::boxed::Box;

use crate::machine::SlotIndex;

/// No region.
pub(super) const NOTHING: u32 = u32::MAX;

/// A clause of a function's code.
#[derive(Clone, Copy, Debug)]
pub struct HandlerClause {
    /// The tag that it catches, an index of the module; `None` for all.
    pub tag: Option<u32>,
    /// The slot that receives a reference to the exception, if one does.
    pub reference: Option<SlotIndex>,
    /// The slot of the first value.
    pub dst: SlotIndex,
    /// The granule to continue at.
    pub target: u32,
}

/// A region of a function's code, in granules from its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct HandledRegion {
    pub(super) begin: u32,
    pub(super) end: u32,
    /// The number of the region around it, or [`NOTHING`].
    pub(super) around: u32,
    /// The number of the region that is searched after it, or [`NOTHING`].
    pub(super) outer: u32,
    /// The number of its first clause. Its clauses end where those of the next region begin.
    pub(super) first_clause: u32,
}

/// The handlers of a function's code.
#[derive(Debug)]
pub struct HandlerTable {
    /// In the order in which they begin. So a region stands before those inside of it.
    pub(super) regions: Box<[HandledRegion]>,
    pub(super) clauses: Box<[HandlerClause]>,
    /// The granules of ops that have no handler, in ascending order: the first, and the one after the last.
    pub(super) exempt: Box<[(u32, u32)]>,
}

impl HandlerTable {
    /// The bytes that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>()
            + size_of_val(&self.regions[..])
            + size_of_val(&self.clauses[..])
            + size_of_val(&self.exempt[..])
    }

    /// The clauses for the op that contains granule `granule`, those of the innermost region first: for each region a slice.
    pub fn clauses_at(&self, granule: u32) -> impl Iterator<Item = &[HandlerClause]> {
        let before = self
            .regions
            .partition_point(|region| region.begin <= granule);
        let mut next = match self.is_exempt(granule) {
            true => None,
            false => before.checked_sub(1),
        };
        core::iter::from_fn(move || {
            loop {
                let index = next?;
                let region = &self.regions[index];
                let contains = granule < region.end;
                // A region that has ended stands inside of those that have not.
                let outer = if contains {
                    region.outer
                } else {
                    region.around
                };
                next = (outer != NOTHING).then_some(outer as usize);
                if contains {
                    let rest = self.regions.get(index + 1);
                    let end = rest.map_or(self.clauses.len(), |next| next.first_clause as usize);
                    return Some(&self.clauses[region.first_clause as usize..end]);
                }
            }
        })
    }

    /// Each region, for listings: its granules and its clauses.
    pub fn regions(&self) -> impl Iterator<Item = (u32, u32, &[HandlerClause])> {
        self.regions.iter().enumerate().map(|(index, region)| {
            let rest = self.regions.get(index + 1);
            let end = rest.map_or(self.clauses.len(), |next| next.first_clause as usize);
            (
                region.begin,
                region.end,
                &self.clauses[region.first_clause as usize..end],
            )
        })
    }

    fn is_exempt(&self, granule: u32) -> bool {
        let before = self.exempt.partition_point(|(begin, _)| *begin <= granule);
        before > 0 && granule < self.exempt[before - 1].1
    }
}
