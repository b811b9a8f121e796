//! FAT and exFAT volumes for guests. The library itself creates and reads them, so no tools are needed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wasi_shim::fat::image::{Kind, Options, format};
use wasi_shim::fat::{FatFs, FileDisk};
use wasi_shim::types::FileType;
use wasi_shim::{Access, FileSystem, Node};

use crate::tree::{Entry, hash};

/// Makes an image with an empty volume.
pub fn make(path: &Path, kind: Kind, mebibytes: u64) {
    let sectors = mebibytes << 11;
    let mut disk = FileDisk::create(path, sectors).expect("a folder of the test can be written");
    let options = Options {
        kind,
        ..Options::default()
    };
    format(&mut disk, &options).unwrap_or_else(|error| panic!("{kind:?}: {error}"));
}

/// All files in a volume, in the form of [`crate::tree::of`].
pub fn tree(path: &Path) -> BTreeMap<PathBuf, Entry> {
    let disk = FileDisk::open(path, false).expect("the image is there");
    let mut fs = FatFs::mount(Box::new(disk), Box::new(|| 0), true)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found = BTreeMap::new();
    let root = fs.root();
    visit(&mut fs, root, Path::new(""), &mut found);
    found
}

fn visit(fs: &mut FatFs, dir: Node, path: &Path, found: &mut BTreeMap<PathBuf, Entry>) {
    let mut names = Vec::new();
    fs.read_dir(dir, 0, &mut |entry| {
        names.push(entry.name.to_owned());
        true
    })
    .expect("a directory can be read");
    for name in names {
        let entry = fs.lookup(dir, &name).expect("what is listed is there");
        let path = path.join(&name);
        if entry.kind == FileType::Directory {
            visit(fs, entry.node, &path, found);
            found.insert(path, Entry::Folder);
        } else {
            let bytes = read(fs, entry.node);
            found.insert(path, Entry::File(bytes.len() as u64, hash(&bytes)));
        }
        fs.forget(entry.node);
    }
}

fn read(fs: &mut FatFs, file: Node) -> Vec<u8> {
    let access = Access {
        read: true,
        write: false,
    };
    fs.open(file, access, false).expect("a file can be opened");
    let size = fs.stat(file).expect("a file has a status").size;
    let mut bytes = vec![0; usize::try_from(size).expect("files of tests are small")];
    let mut len = 0;
    while len < bytes.len() {
        match fs.read_at(file, len as u64, &mut bytes[len..]) {
            Ok(0) => panic!("a file ends before its size"),
            Ok(more) => len += more,
            Err(errno) => panic!("a file cannot be read: {errno}"),
        }
    }
    fs.close(file);
    bytes
}
