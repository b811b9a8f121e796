//! The errors of tar archives.

use alloc::string::String;
use core::fmt;

use crate::errno::Errno;

/// An error in an archive, and its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArchiveError {
    /// The offset of the faulty header from the start, in bytes.
    pub offset: usize,
    /// The name of its entry, with U+FFFD for bytes that are not UTF-8; `None` without a readable header.
    pub entry: Option<String>,
    /// The problem.
    pub problem: ArchiveProblem,
}

/// The problems of archives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArchiveProblem {
    /// It ends in the middle of a file.
    Truncated,
    /// The header's checksum is wrong: the file is no tar archive, or it is damaged.
    Checksum,
    /// A size or time is no number.
    Number,
    /// A pax record has no length, key or value.
    PaxRecord,
    /// A name is not UTF-8, longer than 255 bytes in one component, or holds a NUL.
    Name,
    /// A name contains `..`.
    Escapes,
    /// An unsupported kind of entry, such as a sparse file, by its type byte.
    Kind(u8),
    /// The file system refused it: no space, or a file in place of a directory.
    Refused(Errno),
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.entry {
            Some(entry) => write!(
                f,
                "tar archive, entry {entry:?} (header at byte {}): ",
                self.offset
            )?,
            None => write!(f, "tar archive, header at byte {}: ", self.offset)?,
        }
        match self.problem {
            ArchiveProblem::Truncated => f.write_str("the archive ends in the middle of a file"),
            ArchiveProblem::Checksum => {
                f.write_str("wrong checksum; is it an uncompressed tar archive?")
            }
            ArchiveProblem::Number => f.write_str("a size or time is no number"),
            ArchiveProblem::PaxRecord => f.write_str("malformed pax record"),
            ArchiveProblem::Name => {
                f.write_str("a name is not UTF-8, too long, or holds a NUL byte")
            }
            ArchiveProblem::Escapes => f.write_str("a name contains `..`"),
            ArchiveProblem::Kind(kind) => {
                write!(
                    f,
                    "entries of type {:?} are not supported",
                    char::from(kind)
                )
            }
            ArchiveProblem::Refused(errno) => write!(f, "cannot be unpacked: {errno}"),
        }
    }
}

impl core::error::Error for ArchiveError {}

impl From<Errno> for ArchiveProblem {
    fn from(errno: Errno) -> ArchiveProblem {
        ArchiveProblem::Refused(errno)
    }
}
