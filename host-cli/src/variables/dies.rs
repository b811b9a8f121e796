//! The entries of DWARF ("DIEs"), by number of their unit.

use std::sync::Arc;

use addr2line::gimli::{self, AttributeValue, DebuggingInformationEntry, Reader, UnitOffset};

use crate::source::Bytes;

/// The maximum number of units, and of children of one entry, that are read.
const MOST_UNITS: usize = 1 << 16;
const MOST_CHILDREN: usize = 1 << 14;

/// The maximum length of a chain of entries each of which completes another one.
const LONGEST_CHAIN: usize = 8;

/// An entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Die {
    pub(super) unit: usize,
    pub(super) at: UnitOffset,
}

/// A unit of DWARF.
pub(super) type Unit = gimli::Unit<Bytes>;

/// A value of an attribute.
pub(super) type Value = AttributeValue<Bytes>;

/// All units of a module.
pub(crate) struct Dies {
    pub(super) dwarf: Arc<gimli::Dwarf<Bytes>>,
    pub(super) units: Vec<Unit>,
}

impl Dies {
    /// Reads the units. Damaged ones are left out.
    pub(crate) fn new(dwarf: Arc<gimli::Dwarf<Bytes>>) -> Self {
        let mut units = Vec::new();
        let mut headers = dwarf.units();
        while let Ok(Some(header)) = headers.next() {
            if units.len() == MOST_UNITS {
                break;
            }
            units.extend(dwarf.unit(header));
        }
        Self { dwarf, units }
    }

    /// The entries of a module without DWARF.
    pub(crate) fn none() -> Self {
        let empty = |_| Ok::<_, gimli::Error>(Bytes::new(Arc::from([]), gimli::LittleEndian));
        Self {
            dwarf: Arc::new(gimli::Dwarf::load(empty).expect("the sections are given")),
            units: Vec::new(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    pub(super) fn unit(&self, die: Die) -> &Unit {
        &self.units[die.unit]
    }

    pub(super) fn entry(&self, die: Die) -> Option<DebuggingInformationEntry<Bytes>> {
        let unit = self.units.get(die.unit)?;
        let mut entries = unit.entries_at_offset(die.at).ok()?;
        entries.next_dfs().ok()?.cloned()
    }

    /// The first entry of a unit.
    pub(super) fn root(&self, unit: usize) -> Die {
        let at = self.units[unit].header.root_offset();
        Die { unit, at }
    }

    /// The children of an entry, with their tags.
    pub(super) fn children(&self, die: Die) -> Vec<(Die, gimli::DwTag)> {
        let mut found = Vec::new();
        let Ok(mut entries) = self.unit(die).entries_at_offset(die.at) else {
            return found;
        };
        let Ok(Some(own)) = entries.next_dfs() else {
            return found;
        };
        if !own.has_children() {
            return found;
        }
        let mut next = entries.next_dfs();
        while let Ok(Some(entry)) = next
            && entry.depth() == 1
            && found.len() < MOST_CHILDREN
        {
            let child = Die {
                at: entry.offset(),
                ..die
            };
            found.push((child, entry.tag()));
            next = entries.next_sibling();
        }
        found
    }

    /// An attribute of an entry, or of the one that it completes.
    pub(super) fn attr(&self, mut die: Die, name: gimli::DwAt) -> Option<(Die, Value)> {
        for _ in 0..LONGEST_CHAIN {
            let entry = self.entry(die)?;
            if let Some(value) = entry.attr_value(name) {
                return Some((die, value));
            }
            let origin = entry
                .attr_value(gimli::DW_AT_abstract_origin)
                .or_else(|| entry.attr_value(gimli::DW_AT_specification))?;
            die = self.target(die, origin)?;
        }
        None
    }

    /// The entry that an attribute of `from` refers to.
    pub(super) fn target(&self, from: Die, value: Value) -> Option<Die> {
        match value {
            AttributeValue::UnitRef(at) => Some(Die { at, ..from }),
            AttributeValue::DebugInfoRef(at) => {
                let is_behind = |unit: &Unit| {
                    let start = unit.header.debug_info_offset();
                    start.is_some_and(|start| start.0 > at.0)
                };
                let unit = self.units.partition_point(|unit| !is_behind(unit));
                let unit = unit.checked_sub(1)?;
                let at = at.to_unit_offset(&self.units[unit].header)?;
                Some(Die { unit, at })
            }
            _ => None,
        }
    }

    pub(super) fn name(&self, die: Die) -> Option<String> {
        let (owner, value) = self.attr(die, gimli::DW_AT_name)?;
        let text = self.dwarf.attr_string(self.unit(owner), value).ok()?;
        Some(text.to_string_lossy().ok()?.into_owned())
    }

    /// A number that an attribute gives as a constant.
    pub(super) fn number(&self, die: Die, name: gimli::DwAt) -> Option<u64> {
        self.attr(die, name)?.1.udata_value()
    }

    /// Whether the code of an entry contains an address.
    pub(super) fn contains(&self, die: Die, address: u64) -> bool {
        let Some(entry) = self.entry(die) else {
            return false;
        };
        let Ok(mut ranges) = self.dwarf.die_ranges(self.unit(die), &entry) else {
            return false;
        };
        while let Ok(Some(range)) = ranges.next() {
            if (range.begin..range.end).contains(&address) {
                return true;
            }
        }
        false
    }
}
