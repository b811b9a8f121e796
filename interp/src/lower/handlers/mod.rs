//! Handlers of exceptions: which parts of a function's code have which.
//!
//! A *region* is a part of the code whose calls and throws have handlers: the body of a `try_table`, or of a `try` of the
//! proposal's old form. While a function is lowered, its
//! regions are recorded in [`Regions`], between labels. When the code is encoded, they become a [`HandlerTable`] of granules. So
//! running code does nothing when it enters or leaves a region.
//!
//! # Correctness
//! A handler receives the machine in the state of the instruction that called or threw. These conditions hold:
//!
//! * *Locals are in their slots.* An assignment is emitted before the next instruction. The only assignments that are left out are
//!   those of Go's resume points, and a function with handlers is lowered without that (`must_be_plain`).
//! * *Values below the block that a clause branches to are in their slots or are constants.* Every block begins with
//!   `settle_locals`, and a temporary that is not consumed is written.
//! * *No handler reads an accumulator.* It begins at a label, where accumulators are unknown.
//! * *No instruction moves across the edge of a region.* A label stands at both edges, and nothing is folded across a label.
//! * *Locals that a handler may read first are zeroed.* The data flow analysis has an edge from the start of a region to each of its
//!   handlers. That is enough: a region is entered at its start only, and what it writes before it throws makes nothing live at the
//!   function's entry.
//! * *A tail call has no handler in its function.* The frame is gone, or stands for the callee's only. [`Regions::exempt`] records these
//!   calls.

use alloc::vec;
mod table;
#[cfg(feature = "lowered-modules")]
mod words;

use alloc::vec::Vec;

use super::{Code, Label, ahead};
use crate::machine::SlotIndex;
use table::{HandledRegion, NOTHING};
pub use table::{HandlerClause, HandlerTable};

/// A clause of a `try_table`.
#[derive(Clone, Copy, Debug)]
pub struct Clause {
    /// The tag that it catches, an index of the module; `None` for all.
    pub tag: Option<u32>,
    /// The slot that receives a reference to the exception, if one does.
    pub reference: Option<SlotIndex>,
    /// The target.
    pub label: Label,
    /// The slot of the first value that it receives.
    pub dst: SlotIndex,
}

/// A region of a function under construction.
#[derive(Clone, Copy, Debug)]
struct Region {
    begin: Label,
    /// The label after it. Until that exists, it is the one before it.
    end: Label,
    /// The region around it.
    around: Option<u32>,
    /// The region that is searched after it: the one around it, or one around that.
    outer: Option<u32>,
}

/// The regions of a function under construction, in the order in which they begin.
#[derive(Debug, Default)]
pub struct Regions {
    regions: Vec<Region>,
    /// Each with the number of its region.
    clauses: Vec<(u32, Clause)>,
    /// The innermost region that is open.
    open: Option<u32>,
    /// The numbers of instructions in regions whose exceptions leave the function.
    exempt: Vec<u32>,
}

impl Regions {
    /// Forgets all regions, for the next function.
    pub fn reset(&mut self) {
        self.regions.clear();
        self.clauses.clear();
        self.exempt.clear();
        self.open = None;
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.regions.is_empty()
    }

    /// Bytes of memory that they take.
    #[must_use]
    pub fn memory(&self) -> usize {
        ahead(&self.regions) + ahead(&self.clauses) + ahead(&self.exempt)
    }

    /// Begins a region at the end of the code, from which exceptions may lead to these labels. Returns its number.
    pub fn begin(&mut self, code: &mut Code, handlers: &[Label]) -> u32 {
        let begin = code.label();
        code.place(begin);
        // A body is smaller than 4 GiB.
        let number = self.regions.len() as u32;
        code.may_continue_at(handlers);
        let around = self.open.replace(number);
        self.regions.push(Region {
            begin,
            end: begin,
            around,
            outer: around,
        });
        number
    }

    /// Adds a clause to a region. Clauses are tried in the order in which they are added.
    pub fn add(&mut self, region: u32, clause: Clause) {
        self.clauses.push((region, clause));
    }

    /// Sets the region that is searched after one that has ended: one around it.
    pub fn delegate(&mut self, region: u32, outer: Option<u32>) {
        self.regions[region as usize].outer = outer;
    }

    /// Ends the innermost region, number `region`, at the end of the code.
    pub fn end(&mut self, code: &mut Code, region: u32) {
        debug_assert_eq!(self.open, Some(region), "regions are nested");
        let end = code.label();
        code.place(end);
        let region = &mut self.regions[region as usize];
        region.end = end;
        self.open = region.around;
    }

    /// Records that the last instruction has no handler in this function.
    pub fn exempt(&mut self, code: &Code) {
        if self.open.is_some() {
            self.exempt.push(code.insts.len() as u32 - 1);
        }
    }

    /// The table of the handlers of encoded code.
    ///
    /// For each instruction and for the end, `positions` has the granule.
    pub(super) fn table(&self, code: &Code, positions: &[u32]) -> HandlerTable {
        let at = |label| positions[code.target(label)];
        let firsts = self.first_clauses();
        let regions = self.regions.iter().zip(&firsts);
        let regions = regions.map(|(region, first_clause)| HandledRegion {
            begin: at(region.begin),
            end: at(region.end),
            around: region.around.unwrap_or(NOTHING),
            outer: region.outer.unwrap_or(NOTHING),
            first_clause: *first_clause,
        });
        let regions = regions.collect();
        let clauses = self.clauses_by_region(firsts);
        let clauses = clauses.iter().map(|index| {
            let (_, clause) = &self.clauses[*index as usize];
            HandlerClause {
                tag: clause.tag,
                reference: clause.reference,
                dst: clause.dst,
                target: at(clause.label),
            }
        });
        let exempt = self.exempt.iter().map(|inst| {
            let inst = *inst as usize;
            (positions[inst], positions[inst + 1])
        });
        HandlerTable {
            regions,
            clauses: clauses.collect(),
            exempt: exempt.collect(),
        }
    }

    /// For each region the number of its first clause, if clauses are in the order of their regions.
    fn first_clauses(&self) -> Vec<u32> {
        let mut counts = vec![0; self.regions.len()];
        for (region, _) in &self.clauses {
            counts[*region as usize] += 1;
        }
        let firsts = counts.iter().scan(0, |next, count| {
            let first = *next;
            *next += count;
            Some(first)
        });
        firsts.collect()
    }

    /// The indices of the clauses in the order of their regions. Those of one region stay in their order. `next` are the places of the
    /// first clauses.
    fn clauses_by_region(&self, mut next: Vec<u32>) -> Vec<u32> {
        let mut indices = vec![0; self.clauses.len()];
        // A body is smaller than 4 GiB.
        for ((region, _), index) in self.clauses.iter().zip(0..) {
            let place = &mut next[*region as usize];
            indices[*place as usize] = index;
            *place += 1;
        }
        indices
    }
}
