//! The journal: one record of the rename that is under way, in a file of the hidden directory.
//!
//! A rename writes what it is about to do, does it, and wipes the record. The record lies in sectors that the file has once for all, so that writing
//! and wiping are one device write each. A record that is only partly on the disk has a wrong checksum and counts as none: nothing had
//! been done then.
//! ```text
//! 0        8        12   16   24  32           64           96    98    100
//! WASI-REN checksum kind from to  source entry target entry #from #to   names, padding
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use hadris_fs::NodeId;

use super::device::SECTOR;
use super::entry::Entry;
use crate::errno::Errno;

/// Bytes in a record: two names of 255 characters of up to three bytes each, and what stands before them.
pub(super) const SIZE: usize = 4 * SECTOR;

const MAGIC: &[u8; 8] = b"WASI-REN";

/// Where the names start.
const NAMES: usize = 100;

/// What a record's `kind` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A file or directory moves to a new name, or a file replaces a file.
    Swap = 1,
    /// The driver renames, as on exFAT.
    Driver = 2,
    /// A file that is open moves to the hidden directory: its old name goes in any case.
    Hide = 3,
    /// A directory replaces an empty one, which goes first.
    Directory = 4,
    /// A name gets another spelling.
    Respell = 5,
}

/// What moves, and where to.
#[derive(Clone, Copy)]
pub(super) struct Move<'a> {
    pub(super) from: NodeId,
    pub(super) name: &'a str,
    pub(super) to: NodeId,
    pub(super) to_name: &'a str,
    /// Why the journal says it moves.
    pub(super) kind: Kind,
}

impl Move<'_> {
    /// The record of this move, with the entries as they were before it.
    pub(super) fn record(&self, source: Entry, target: Entry) -> Record {
        Record {
            kind: self.kind,
            from: self.from.get(),
            to: self.to.get(),
            source,
            target,
            name: self.name.into(),
            to_name: self.to_name.into(),
        }
    }
}

/// A rename that is under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Record {
    pub(super) kind: Kind,
    /// The driver's id of the directory that is moved from; ids are the same at the next mount.
    pub(super) from: u64,
    pub(super) to: u64,
    /// The directory entry that is moved.
    pub(super) source: Entry,
    /// The directory entry that is replaced; all zero if there is none.
    pub(super) target: Entry,
    pub(super) name: String,
    pub(super) to_name: String,
}

impl Record {
    /// The directory that is moved from.
    pub(super) fn source_dir(&self) -> Result<NodeId, Errno> {
        NodeId::new(self.from).ok_or(Errno::Stale)
    }

    /// The directory that is moved to.
    pub(super) fn target_dir(&self) -> Result<NodeId, Errno> {
        NodeId::new(self.to).ok_or(Errno::Stale)
    }

    /// The record as it stands on the disk.
    pub(super) fn encode(&self) -> Result<Vec<u8>, Errno> {
        let (name, to_name) = (self.name.as_bytes(), self.to_name.as_bytes());
        if NAMES + name.len() + to_name.len() > SIZE {
            return Err(Errno::NameTooLong);
        }
        let mut bytes = Vec::with_capacity(SIZE);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&[self.kind as u8, 0, 0, 0]);
        bytes.extend_from_slice(&self.from.to_le_bytes());
        bytes.extend_from_slice(&self.to.to_le_bytes());
        bytes.extend_from_slice(&self.source.0);
        bytes.extend_from_slice(&self.target.0);
        // Both are at most SIZE.
        bytes.extend_from_slice(&(name.len() as u16).to_le_bytes());
        bytes.extend_from_slice(&(to_name.len() as u16).to_le_bytes());
        bytes.extend_from_slice(name);
        bytes.extend_from_slice(to_name);
        bytes.resize(SIZE, 0);
        let sum = checksum(&bytes[12..]);
        bytes[8..12].copy_from_slice(&sum.to_le_bytes());
        Ok(bytes)
    }

    /// Reads a record; `None` if there is none, or not a whole one.
    pub(super) fn decode(bytes: &[u8]) -> Option<Record> {
        let field = |at: usize, len: usize| bytes.get(at..at + len);
        let long = |at: usize| Some(u64::from_le_bytes(field(at, 8)?.try_into().ok()?));
        let short = |at: usize| {
            Some(usize::from(u16::from_le_bytes(
                field(at, 2)?.try_into().ok()?,
            )))
        };
        let sum = u32::from_le_bytes(field(8, 4)?.try_into().ok()?);
        if bytes.len() != SIZE || field(0, 8)? != MAGIC || checksum(&bytes[12..]) != sum {
            return None;
        }
        let kind = match bytes[12] {
            1 => Kind::Swap,
            2 => Kind::Driver,
            3 => Kind::Hide,
            4 => Kind::Directory,
            5 => Kind::Respell,
            _ => return None,
        };
        let (len, to_len) = (short(96)?, short(98)?);
        let text = |at, len| Some(String::from(core::str::from_utf8(field(at, len)?).ok()?));
        Some(Record {
            kind,
            from: long(16)?,
            to: long(24)?,
            source: Entry(field(32, 32)?.try_into().ok()?),
            target: Entry(field(64, 32)?.try_into().ok()?),
            name: text(NAMES, len)?,
            to_name: text(NAMES + len, to_len)?,
        })
    }
}

/// FNV-1a. It tells a record from half a record, not from a forged one: who can write the disk needs no forged journal.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_back_and_half_a_record_is_none() {
        let record = Record {
            kind: Kind::Swap,
            from: 1,
            to: 0x1234_5678_9abc_def0,
            source: Entry([7; 32]),
            target: Entry([0; 32]),
            name: "ä".repeat(255),
            to_name: "深".repeat(255),
        };
        let bytes = record.encode().unwrap();
        assert_eq!(Record::decode(&bytes), Some(record));
        // The record fills three sectors; the fourth is padding.
        for sectors in 0..3 {
            let mut torn = bytes.clone();
            torn[sectors * SECTOR..].fill(0);
            assert_eq!(Record::decode(&torn), None, "{sectors} sectors written");
        }
        let mut flipped = bytes;
        flipped[1000] ^= 1;
        assert_eq!(Record::decode(&flipped), None);
    }
}
