//! The handlers of exceptions in a listing.

use alloc::string::String;
use alloc::vec::Vec;

use super::operands::Meaning;
use crate::compile::Lowered;

/// The handlers of a function.
#[derive(Debug, Default)]
pub(super) struct Handlers {
    #[cfg(feature = "exceptions")]
    table: Option<alloc::sync::Arc<crate::lower::handlers::HandlerTable>>,
}

#[cfg(feature = "exceptions")]
impl Handlers {
    /// Those of a lowered function.
    pub(super) fn of(lowered: &Lowered<'_>) -> Self {
        Self {
            table: lowered.handlers.cloned(),
        }
    }

    /// The granules at which they begin.
    pub(super) fn targets(&self) -> impl Iterator<Item = i64> {
        let regions = self.table.iter().flat_map(|table| table.regions());
        regions.flat_map(|(_, _, clauses)| clauses.iter().map(|clause| clause.target.into()))
    }

    /// A line for each of them.
    pub(super) fn lines(&self, meaning: &Meaning<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        let regions = self.table.iter().flat_map(|table| table.regions());
        for (begin, end, clauses) in regions {
            for clause in clauses {
                let what = match clause.tag {
                    Some(tag) => alloc::format!("catch tag {tag}"),
                    None => "catch_all".into(),
                };
                let by_ref = clause.reference.map_or_else(String::new, |slot| {
                    alloc::format!(", exnref {}", meaning.layout.slot(slot.index()))
                });
                let label = meaning.labels.get(&clause.target.into());
                let label = label.map_or(0, |number| *number);
                let slot = meaning.layout.slot(clause.dst.index());
                lines.push(alloc::format!(
                    "{begin}..{end} {what} → L{label}, {slot}{by_ref}"
                ));
            }
        }
        lines
    }
}

#[cfg(not(feature = "exceptions"))]
impl Handlers {
    /// No handlers.
    pub(super) fn of(_: &Lowered<'_>) -> Self {
        Self::default()
    }

    /// No granules.
    pub(super) fn targets(&self) -> impl Iterator<Item = i64> {
        core::iter::empty()
    }

    /// No lines.
    pub(super) fn lines(&self, _: &Meaning<'_>) -> Vec<String> {
        Vec::new()
    }
}
