//! `Devices`: a directory with the devices that every Unix program expects in `/dev`, and nothing of the host.
//!
//! | name | reading | writing |
//! |---|---|---|
//! | `null` | the end of the file | is discarded |
//! | `zero` | zeros | is discarded |
//! | `full` | zeros | `ENOSPC` |
//! | `random`, `urandom` | random bytes | is discarded |
//!
//! As natively, all five are character devices without a length. Their offset stays 0, and truncation at open is no error.
//! An ordinary user does not own `/dev`, so operations that would change the directory fail with `EACCES`.
//!
//! [`WasiBuilder::devices`](crate::WasiBuilder::devices) adds them to a guest as `/dev`. The two libraries find them in
//! different ways:
//! - Go looks for `/dev/null` in the invented root ([`namespace`](crate::namespace)), which leads to this file system.
//! - wasi-libc does not distinguish `/dev/null` from `dev/null`, and looks for both in the directory named `.`. If that has
//!   no entry `dev`, the path of a device is looked up here (`leads_here`).
//!
//! So the devices need no preopened descriptor, and the descriptors of the directories keep their numbers.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::errno::Errno;
use crate::fs::{self, Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};
use crate::host::Random;
use crate::types::{FileType, Stat};

/// The directory's name in the root.
pub(crate) const DIRECTORY: &str = "dev";

/// The names of the devices, in the order of their nodes.
const NAMES: [&str; 5] = ["full", "null", "random", "urandom", "zero"];

/// The object of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Device {
    Full,
    Null,
    Random,
    Zero,
}

/// The directory of the devices.
pub struct Devices {
    random: Box<dyn Random>,
    /// Names of further directories. The caller knows the way to them.
    others: Vec<String>,
}

impl Devices {
    /// The directory itself.
    pub const ROOT: Node = Node(0);

    /// Creates the devices. `random` is the source of `random` and `urandom`.
    pub fn new(random: Box<dyn Random>) -> Devices {
        Devices {
            random,
            others: Vec::new(),
        }
    }

    /// Adds a directory that was granted as `/dev/NAME` to the listing. The caller resolves its path.
    pub(crate) fn list(&mut self, name: &str) {
        self.others.push(String::from(name));
    }
}

/// Returns whether a path from the working directory is one that C programs know as absolute: `dev/null` and the others,
/// and with `alone` the directory itself.
pub(crate) fn leads_here(path: &str, alone: bool) -> bool {
    match path.strip_prefix(DIRECTORY) {
        Some("" | "/") => alone,
        Some(rest) => rest
            .strip_prefix('/')
            .is_some_and(|name| NAMES.contains(&name)),
        None => false,
    }
}

/// Returns the device of a node. Errors: `EISDIR` for the directory.
fn device(node: Node) -> Result<Device, Errno> {
    match node.0 {
        0 => Err(Errno::IsDir),
        1 => Ok(Device::Full),
        2 => Ok(Device::Null),
        3 | 4 => Ok(Device::Random),
        5 => Ok(Device::Zero),
        _ => Err(Errno::BadF),
    }
}

/// The node for an index in the list of names.
fn node_at(index: usize) -> Node {
    Node(index as u64 + 1)
}

impl Devices {
    /// Refuses to change the contents of the directory.
    fn refuse_new(&mut self, dir: Node, name: &str) -> Errno {
        fs::refuse_new(self, dir, name, Errno::Acces)
    }

    fn refuse_removal(&mut self, dir: Node, name: &str) -> Errno {
        self.lookup(dir, name).err().unwrap_or(Errno::Acces)
    }
}

impl FileSystem for Devices {
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno> {
        if dir != Devices::ROOT {
            return Err(Errno::NotDir);
        }
        let index = NAMES.iter().position(|known| *known == name);
        Ok(Entry {
            node: node_at(index.ok_or(Errno::NoEnt)?),
            kind: FileType::CharacterDevice,
        })
    }

    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        Err(self.refuse_new(dir, name))
    }

    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        Err(self.refuse_new(dir, name))
    }

    fn symlink(&mut self, _target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        Err(self.refuse_new(dir, name))
    }

    fn link(&mut self, _dir: Node, _name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        Err(self.refuse_new(to_dir, to_name))
    }

    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        Err(self.refuse_removal(dir, name))
    }

    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        Err(self.refuse_removal(dir, name))
    }

    fn rename(&mut self, dir: Node, name: &str, _to: Node, _to_name: &str) -> Result<(), Errno> {
        Err(self.refuse_removal(dir, name))
    }

    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno> {
        if dir != Devices::ROOT {
            return Err(Errno::NotDir);
        }
        let devices = NAMES.iter().enumerate();
        let devices = devices.map(|(index, name)| {
            let kind = FileType::CharacterDevice;
            (*name, node_at(index).0 + 1, kind)
        });
        // The number of a directory in another file system is not known here.
        let others = self.others.iter();
        let others = others.map(|name| (name.as_str(), 0, FileType::Directory));
        let first = usize::try_from(cookie).unwrap_or(usize::MAX);
        let entries = devices.chain(others).zip(1..).skip(first);
        let entries = entries.map(|((name, ino, kind), next)| {
            Ok(DirEntry {
                name,
                ino,
                kind,
                next,
            })
        });
        fs::emit_all(entries, emit)
    }

    fn stat(&mut self, node: Node) -> Result<Stat, Errno> {
        let (kind, nlink) = match device(node) {
            Ok(_) => (FileType::CharacterDevice, 1),
            Err(Errno::IsDir) => (FileType::Directory, 2 + self.others.len() as u64),
            Err(errno) => return Err(errno),
        };
        Ok(Stat {
            ino: node.0 + 1,
            kind,
            nlink,
            ..Stat::default()
        })
    }

    fn set_times(&mut self, _node: Node, _atim: SetTime, _mtim: SetTime) -> Result<(), Errno> {
        Err(Errno::Perm)
    }

    fn open(&mut self, node: Node, access: Access, _nonblock: bool) -> Result<Opened, Errno> {
        match device(node) {
            Err(Errno::IsDir) if !access.write => Ok(Opened::Node),
            Err(errno) => Err(errno),
            Ok(_) => Ok(Opened::Node),
        }
    }

    fn read_at(&mut self, file: Node, _pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        match device(file)? {
            Device::Null => return Ok(0),
            Device::Full | Device::Zero => buf.fill(0),
            Device::Random => self.random.fill(buf)?,
        }
        Ok(buf.len())
    }

    fn write_at(&mut self, file: Node, _pos: u64, data: &[u8]) -> Result<usize, Errno> {
        match device(file)? {
            Device::Full => Err(Errno::NoSpc),
            Device::Null | Device::Random | Device::Zero => Ok(data.len()),
        }
    }

    fn append(&mut self, file: Node, data: &[u8]) -> Result<(usize, u64), Errno> {
        self.write_at(file, 0, data).map(|written| (written, 0))
    }

    fn set_len(&mut self, file: Node, _len: u64) -> Result<(), Errno> {
        device(file)?;
        Err(Errno::Inval)
    }

    fn allocate(&mut self, file: Node, _pos: u64, _len: u64) -> Result<(), Errno> {
        device(file)?;
        Err(Errno::NoDev)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_paths_of_devices_lead_here() {
        for (path, with_directory, alone) in [
            ("dev/null", true, true),
            ("dev/urandom", true, true),
            ("dev", false, true),
            ("dev/", false, true),
            ("dev/null/", false, false),
            ("dev/tty", false, false),
            ("dev/null/x", false, false),
            ("device/null", false, false),
            ("./dev/null", false, false),
            ("null", false, false),
            ("", false, false),
        ] {
            assert_eq!(leads_here(path, false), with_directory, "{path}");
            assert_eq!(leads_here(path, true), alone, "{path}");
        }
    }
}
