//! The files that a program left in its folder, in a form that can be compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One entry of a folder.
#[derive(PartialEq, Eq, Debug)]
pub enum Entry {
    /// A folder. Its contents have entries of their own.
    Folder,
    /// A symbolic link and its target.
    Link(PathBuf),
    /// A file: its length and the hash of its content. Hashes keep the messages of failed comparisons short.
    File(u64, u64),
}

/// Everything below a folder, by path relative to it.
pub fn of(folder: &Path) -> BTreeMap<PathBuf, Entry> {
    let mut found = BTreeMap::new();
    visit(folder, folder, &mut found);
    found
}

fn visit(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Entry>) {
    for entry in fs::read_dir(folder).expect("a folder of the test can be read") {
        let entry = entry.expect("a folder that was opened can be read");
        let path = entry.path();
        let kind = entry.file_type().expect("an entry has a type");
        let value = if kind.is_symlink() {
            Entry::Link(fs::read_link(&path).expect("a link can be read"))
        } else if kind.is_dir() {
            visit(root, &path, found);
            Entry::Folder
        } else {
            let bytes = fs::read(&path).expect("a file of the test can be read");
            Entry::File(bytes.len() as u64, hash(&bytes))
        };
        found.insert(
            path.strip_prefix(root)
                .expect("we came from there")
                .to_owned(),
            value,
        );
    }
}

/// FNV-1a with 64 bits.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}
