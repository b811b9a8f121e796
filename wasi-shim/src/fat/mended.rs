//! What mending a volume did, or why it did nothing; and how much it may do.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::errno::Errno;

/// How many clusters a volume may have, for a memory of 1 MiB: 128 GiB in clusters of 16 KiB.
pub(super) const MAX_CLUSTERS: u32 = 8 << 20;

/// How many changes of directories are made at most; more are no work of a power cut.
pub(super) const MAX_CHANGES: usize = 4096;

/// Why nothing is mended.
pub(super) enum Refusal {
    Device(Errno),
    /// A fault that is not understood.
    Fault(String),
}

impl From<Errno> for Refusal {
    fn from(errno: Errno) -> Refusal {
        Refusal::Device(errno)
    }
}

/// What was mended.
#[derive(Default)]
pub(super) struct Mended {
    pub(super) lost: u32,
    pub(super) names: usize,
    pub(super) checksums: usize,
    pub(super) cut: usize,
    pub(super) tables: usize,
}

impl Mended {
    pub(super) fn is_something(&self) -> bool {
        let files = self.names + self.checksums + self.cut;
        self.lost > 0 || files > 0 || self.tables > 0
    }

    pub(super) fn in_words(&self) -> String {
        let parts = [
            (self.lost as usize, "lost clusters"),
            (self.names, "parts of names without a file"),
            (self.checksums, "names with a wrong checksum"),
            (self.cut, "files with clusters behind their end"),
            (
                self.tables,
                "sectors in which the allocation tables differed",
            ),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<_> = parts
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        parts.join(", ")
    }
}
