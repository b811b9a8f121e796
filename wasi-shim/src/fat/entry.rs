//! `Entry`: a directory entry of FAT, and what a move does to it.

/// A directory entry of FAT, as it stands on the disk.
/// ```text
/// 0    11         12   13         20           22        26          28   32
/// name attributes case times…     cluster high  times…    cluster low size
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Entry(pub(super) [u8; 32]);

impl Entry {
    /// No entry.
    pub(super) const NONE: Entry = Entry([0; 32]);

    /// The attribute byte of a file that was written.
    const ARCHIVE: u8 = 0x20;

    /// The number of the first cluster; 0 for an empty file.
    pub(super) fn cluster(&self) -> u32 {
        let Entry(bytes) = self;
        u32::from_le_bytes([bytes[26], bytes[27], bytes[20], bytes[21]])
    }

    /// The same entry as that of an empty file.
    pub(super) fn emptied(self) -> Entry {
        let Entry(mut bytes) = self;
        bytes[11] = Entry::ARCHIVE;
        bytes[20..22].fill(0);
        bytes[26..32].fill(0);
        Entry(bytes)
    }

    /// The same entry under the short name of another.
    pub(super) fn named(self, other: &Entry) -> Entry {
        let Entry(mut bytes) = self;
        bytes[..11].copy_from_slice(&other.0[..11]);
        bytes[12] = other.0[12];
        Entry(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_swap_content_and_keep_names() {
        let mut one = Entry([0; 32]);
        one.0[..11].copy_from_slice(b"ONE     TXT");
        one.0[26] = 5;
        one.0[20] = 1;
        one.0[28] = 77;
        let mut two = Entry([0; 32]);
        two.0[..11].copy_from_slice(b"TWO     TXT");
        two.0[12] = 8;
        assert_eq!(one.cluster(), 0x1_0005);
        assert_eq!(one.emptied().cluster(), 0);
        assert_eq!(one.emptied().0[28], 0);
        let moved = one.named(&two);
        assert_eq!((&moved.0[..11], moved.0[12]), (&b"TWO     TXT"[..], 8));
        assert_eq!((moved.cluster(), moved.0[28]), (0x1_0005, 77));
    }
}
