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

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use super::encode::Encoder;
use super::{Code, Label, ahead};
use crate::machine::SlotIndex;

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
    pub(super) fn table(&self, code: &Code, encoder: &Encoder) -> HandlerTable {
        let at = |label| encoder.position(code.target(label));
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
        let exempt = self
            .exempt
            .iter()
            .map(|inst| encoder.position(*inst as usize));
        HandlerTable {
            regions,
            clauses: clauses.collect(),
            exempt: exempt
                .zip(
                    self.exempt
                        .iter()
                        .map(|inst| encoder.position(*inst as usize + 1)),
                )
                .collect(),
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

/// No region.
const NOTHING: u32 = u32::MAX;

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
struct HandledRegion {
    begin: u32,
    end: u32,
    /// The number of the region around it, or [`NOTHING`].
    around: u32,
    /// The number of the region that is searched after it, or [`NOTHING`].
    outer: u32,
    /// The number of its first clause. Its clauses end where those of the next region begin.
    first_clause: u32,
}

/// The handlers of a function's code.
#[derive(Debug)]
pub struct HandlerTable {
    /// In the order in which they begin. So a region stands before those inside of it.
    regions: Box<[HandledRegion]>,
    clauses: Box<[HandlerClause]>,
    /// The granules of ops that have no handler, in ascending order: the first, and the one after the last.
    exempt: Box<[(u32, u32)]>,
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

    /// Each clause.
    #[cfg(feature = "lowered-modules")]
    pub fn clauses(&self) -> impl Iterator<Item = &HandlerClause> {
        self.clauses.iter()
    }

    /// Words in front of the records of a written table: the number of its regions, clauses and exempt ops.
    #[cfg(feature = "lowered-modules")]
    pub const HEAD_WORDS: usize = 3;
    /// Words of a record of each.
    #[cfg(feature = "lowered-modules")]
    pub const RECORD_WORDS: [usize; 3] = [5, 4, 2];

    /// Appends the table to a list of words, from which [`HandlerTable::from_words`] makes it again.
    #[cfg(feature = "lowered-modules")]
    pub fn write_words(&self, words: &mut Vec<u32>) {
        // Each is counted in a function's granules.
        for len in [self.regions.len(), self.clauses.len(), self.exempt.len()] {
            words.push(len as u32);
        }
        for region in &self.regions {
            let HandledRegion {
                begin,
                end,
                around,
                outer,
                first_clause,
            } = *region;
            words.extend([begin, end, around, outer, first_clause]);
        }
        for clause in &self.clauses {
            let slot = |slot: Option<SlotIndex>| slot.map_or(NOTHING, |slot| slot.0.into());
            let reference = slot(clause.reference);
            let dst = clause.dst.0.into();
            words.extend([clause.tag.unwrap_or(NOTHING), reference, dst, clause.target]);
        }
        for &(begin, end) in &self.exempt {
            words.extend([begin, end]);
        }
    }

    /// Reads a table that [`HandlerTable::write_words`] has written, from the front of `words`. Returns `None` if its parts do not fit
    /// each other: then a search in it would not end, or would look for what is not there.
    #[cfg(feature = "lowered-modules")]
    #[must_use]
    pub fn from_words(words: &[u32]) -> Option<Self> {
        let (&[regions, clauses, exempt], words) = words.split_first_chunk()?;
        let (regions, words) = records::<5>(words, regions)?;
        let (clauses, words) = records::<4>(words, clauses)?;
        let (exempt, _) = records::<2>(words, exempt)?;
        let regions: Box<[_]> = regions
            .iter()
            .map(|&[begin, end, around, outer, first_clause]| HandledRegion {
                begin,
                end,
                around,
                outer,
                first_clause,
            })
            .collect();
        let slot = |word| u16::try_from(word).ok().map(SlotIndex);
        let clauses: Option<Box<[_]>> = clauses
            .iter()
            .map(|&[tag, reference, dst, target]| {
                let reference = match reference {
                    NOTHING => None,
                    word => Some(slot(word)?),
                };
                Some(HandlerClause {
                    tag: (tag != NOTHING).then_some(tag),
                    reference,
                    dst: slot(dst)?,
                    target,
                })
            })
            .collect();
        let table = Self {
            regions,
            clauses: clauses?,
            exempt: exempt.iter().map(|&[begin, end]| (begin, end)).collect(),
        };
        table.is_consistent().then_some(table)
    }

    #[cfg(feature = "lowered-modules")]
    fn is_consistent(&self) -> bool {
        let outside = |other: u32, index: usize| other == NOTHING || (other as usize) < index;
        let mut regions = self.regions.iter().enumerate();
        regions.all(|(index, region)| {
            outside(region.around, index)
                && outside(region.outer, index)
                && region.first_clause as usize <= self.clauses.len()
        }) && self.regions.is_sorted_by_key(|region| region.begin)
            && self.regions.is_sorted_by_key(|region| region.first_clause)
            && self.exempt.is_sorted()
    }

    fn is_exempt(&self, granule: u32) -> bool {
        let before = self.exempt.partition_point(|(begin, _)| *begin <= granule);
        before > 0 && granule < self.exempt[before - 1].1
    }
}

/// Splits `count` records of `N` words off the front of `words`.
#[cfg(feature = "lowered-modules")]
fn records<const N: usize>(words: &[u32], count: u32) -> Option<(&[[u32; N]], &[u32])> {
    let len = (count as usize).checked_mul(N)?;
    let (records, rest) = words.split_at_checked(len)?;
    Some((records.as_chunks().0, rest))
}
