//! A table of handlers as a list of words, for files.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::table::{HandledRegion, HandlerClause, HandlerTable, NOTHING};
use crate::machine::SlotIndex;

impl HandlerTable {
    /// Each clause.
    pub fn clauses(&self) -> impl Iterator<Item = &HandlerClause> {
        self.clauses.iter()
    }

    /// Appends the table to a list of words, from which [`HandlerTable::from_words`] makes it again.
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

    /// Reads a table that [`HandlerTable::write_words`] has written. Returns `None` if its parts do not fit
    /// each other: then a search in it would not end, or would look for what is not there.
    #[must_use]
    pub fn from_words(words: &[u32]) -> Option<Self> {
        let (&[regions, clauses, exempt], words) = words.split_first_chunk()?;
        let (regions, words) = records::<5>(words, regions)?;
        let (clauses, words) = records::<4>(words, clauses)?;
        let (exempt, []) = records::<2>(words, exempt)? else {
            return None;
        };
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
}

/// Splits `count` records of `N` words off the front of `words`.
fn records<const N: usize>(words: &[u32], count: u32) -> Option<(&[[u32; N]], &[u32])> {
    let len = (count as usize).checked_mul(N)?;
    let (records, rest) = words.split_at_checked(len)?;
    Some((records.as_chunks().0, rest))
}
