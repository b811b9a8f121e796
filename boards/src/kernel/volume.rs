//! The disk for the file system, and the reads from it before the program starts.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use board_settings::is_program;
use wasi_shim::{
    Access, Errno, FileSystem, Node,
    fat::{BlockDevice, FatFs},
    types::FileType,
};

use super::{memory, stop};
use crate::board::Disk;

/// Adapts a board's disk to the file system. Errors are printed on the console with all details, which their numbers do not
/// contain.
pub(super) struct Device(pub(super) Box<dyn Disk>);

// SAFETY: a disk owns its buffers and registers, and a kernel has one thread. The shim could send a file system to another
// thread, but none exists.
unsafe impl Send for Device {}

impl BlockDevice for Device {
    fn sectors(&self) -> u64 {
        self.0.sectors()
    }

    fn read(&mut self, sector: u64, buf: &mut [u8]) -> Result<(), Errno> {
        stop::look();
        self.0.read(sector, buf).map_err(|error| {
            log::error!("disk: cannot read sector {sector}: {error}");
            Errno::Io
        })
    }

    fn write(&mut self, sector: u64, data: &[u8]) -> Result<(), Errno> {
        stop::look();
        self.0.write(sector, data).map_err(|error| {
            log::error!("disk: cannot write sector {sector}: {error}");
            Errno::Io
        })
    }

    fn flush(&mut self) -> Result<(), Errno> {
        self.0.flush().map_err(|error| {
            log::error!("disk: cannot flush: {error}");
            Errno::Io
        })
    }
}

/// Reads a file in the root, or below it by a path with `/`. Returns `None` if it does not exist.
pub(super) fn read_file(fs: &mut FatFs, path: &str) -> Result<Option<Vec<u8>>, String> {
    let failed = |errno: Errno| match errno {
        Errno::NoMem => does_not_fit(path),
        _ => format!("cannot read {path}: {errno}"),
    };
    let Some(node) = find(fs, path).map_err(failed)? else {
        return Ok(None);
    };
    let contents = read_node(fs, node);
    fs.forget(node);
    contents.map(Some).map_err(failed)
}

/// The message that a program or file needs more memory than the machine has.
pub(super) fn does_not_fit(name: &str) -> String {
    format!(
        "{name} does not fit into the memory of this machine: at least {} KiB more are needed",
        memory::shortage()
    )
}

fn read_node(fs: &mut FatFs, node: Node) -> Result<Vec<u8>, Errno> {
    fs.open(
        node,
        Access {
            read: true,
            write: false,
        },
        false,
    )?;
    let contents = fs.stat(node).and_then(|stat| {
        let size = usize::try_from(stat.size).map_err(|_| Errno::FBig)?;
        let mut contents = Vec::new();
        contents.try_reserve_exact(size).map_err(|_| Errno::NoMem)?;
        contents.resize(size, 0);
        let mut read = 0;
        while read < size {
            match fs.read_at(node, read as u64, &mut contents[read..])? {
                0 => return Err(Errno::Io),
                count => read += count,
            }
        }
        Ok(contents)
    });
    fs.close(node);
    contents
}

/// Follows a path from the root. The caller owns a reference to the result.
pub(super) fn find(fs: &mut FatFs, path: &str) -> Result<Option<Node>, Errno> {
    let mut node = fs.root();
    fs.retain(node);
    for name in path.split('/').filter(|name| !matches!(*name, "" | ".")) {
        let found = fs.lookup(node, name);
        fs.forget(node);
        node = match found {
            Ok(entry) => entry.node,
            Err(Errno::NoEnt | Errno::NotDir) => return Ok(None),
            Err(errno) => return Err(errno),
        };
    }
    Ok(Some(node))
}

/// The only program in the root.
pub(super) fn only_program(fs: &mut FatFs) -> Result<String, String> {
    let mut programs = Vec::new();
    let root = fs.root();
    fs.read_dir(root, 0, &mut |entry| {
        if entry.kind == FileType::RegularFile && is_program(entry.name) {
            programs.push(entry.name.to_string());
        }
        true
    })
    .map_err(|errno| format!("cannot list the volume: {errno}"))?;
    match programs.len() {
        0 => Err("no program: put a .wasm file into the root of the volume".to_string()),
        1 => Ok(programs.remove(0)),
        _ => Err(format!(
            "which program? {}; say it in wasi.toml: program = \"…\"",
            programs.join(", ")
        )),
    }
}

/// The time of the newest file in the root, in nanoseconds since 1970.
pub(super) fn newest(fs: &mut FatFs) -> u64 {
    let (root, mut names) = (fs.root(), Vec::new());
    // If the root cannot be listed, the search for the program reports it.
    let _ = fs.read_dir(root, 0, &mut |entry| {
        names.push(entry.name.to_string());
        true
    });
    let times = names.iter().filter_map(|name| {
        let node = fs.lookup(root, name).ok()?.node;
        let time = fs.stat(node).ok().map(|stat| stat.mtim);
        fs.forget(node);
        time
    });
    times.max().unwrap_or(0)
}
