//! What is wrong with a tar archive that is refused.

use alloc::string::String;
use core::fmt;

use crate::errno::Errno;

/// What is wrong with an archive, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArchiveError {
    /// Where the header stands that could not be used, in bytes from the start.
    pub offset: usize,
    /// The name of the entry that it begins, with U+FFFD for what is not UTF-8; `None` if there is no header that could be read.
    pub entry: Option<String>,
    /// What is wrong there.
    pub problem: ArchiveProblem,
}

/// What can be wrong with an archive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArchiveProblem {
    /// It ends in the middle of a file.
    Truncated,
    /// The header's checksum does not match: this is no tar archive, or it is damaged.
    Checksum,
    /// A size or time is no number.
    Number,
    /// A pax record has no length, key or value.
    PaxRecord,
    /// A name is not UTF-8, longer than 255 bytes in one component, or holds a NUL.
    Name,
    /// A name contains `..`.
    Escapes,
    /// A kind of entry that is not supported, such as a sparse file, by its type byte.
    Kind(u8),
    /// The file system refuses it: no space, or a file where a directory is needed.
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
