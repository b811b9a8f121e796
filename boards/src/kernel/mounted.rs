//! The volume while the program runs: the program's files, and the way to unmount it when the program cannot go on.
//!
//! When the interpreter finds no memory for its own work, nothing returns to the caller that would unmount the volume. The volume
//! is borrowed only while a call works on it, so whoever can borrow it finds it whole.

use alloc::{rc::Rc, string::String};
use core::cell::{RefCell, RefMut};

use wasi_shim::{
    Access, DirEntry, Entry, Errno, FileSystem, Node, Opened, SetTime, fat::FatFs, types::Stat,
};

use super::once::Once;

type Shared = Rc<RefCell<Option<FatFs>>>;

static MOUNTED: Once<Shared> = Once::new();

/// The program's part of the volume. It is unmounted when this is dropped.
pub(super) struct Mounted(Shared);

// SAFETY: a kernel has one thread: the shim, which may send a file system to another one, finds none.
unsafe impl Send for Mounted {}

/// Makes `fs` the program's volume. Called once.
pub(super) fn share(fs: FatFs) -> Mounted {
    let shared = Rc::new(RefCell::new(Some(fs)));
    MOUNTED.set(shared.clone());
    Mounted(shared)
}

/// Unmounts the volume, if no call works on it. Returns whether it is unmounted.
pub(super) fn unmount() -> bool {
    let Some(shared) = MOUNTED.get() else {
        return true;
    };
    let Ok(mut fs) = shared.try_borrow_mut() else {
        return false;
    };
    *fs = None;
    true
}

impl Drop for Mounted {
    fn drop(&mut self) {
        unmount();
    }
}

impl Mounted {
    fn fs(&self) -> Result<RefMut<'_, FatFs>, Errno> {
        // Nothing runs after `unmount`, and no call on the volume makes another.
        let fs = self.0.try_borrow_mut().map_err(|_| Errno::Io)?;
        RefMut::filter_map(fs, Option::as_mut).map_err(|_| Errno::Io)
    }
}

impl FileSystem for Mounted {
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno> {
        self.fs()?.lookup(dir, name)
    }

    fn descend(&mut self, dir: Node, names: &[&str]) -> Option<Node> {
        self.fs().ok()?.descend(dir, names)
    }

    fn retain(&mut self, node: Node) {
        if let Ok(mut fs) = self.fs() {
            fs.retain(node);
        }
    }

    fn forget(&mut self, node: Node) {
        if let Ok(mut fs) = self.fs() {
            fs.forget(node);
        }
    }

    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        self.fs()?.create(dir, name)
    }

    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.fs()?.mkdir(dir, name)
    }

    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.fs()?.unlink(dir, name)
    }

    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.fs()?.rmdir(dir, name)
    }

    fn rename(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        self.fs()?.rename(dir, name, to_dir, to_name)
    }

    fn link(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        self.fs()?.link(dir, name, to_dir, to_name)
    }

    fn symlink(&mut self, target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        self.fs()?.symlink(target, dir, name)
    }

    fn readlink(&mut self, link: Node) -> Result<String, Errno> {
        self.fs()?.readlink(link)
    }

    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno> {
        self.fs()?.read_dir(dir, cookie, emit)
    }

    fn stat(&mut self, node: Node) -> Result<Stat, Errno> {
        self.fs()?.stat(node)
    }

    fn set_times(&mut self, node: Node, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        self.fs()?.set_times(node, atim, mtim)
    }

    fn open(&mut self, node: Node, access: Access, nonblock: bool) -> Result<Opened, Errno> {
        self.fs()?.open(node, access, nonblock)
    }

    fn close(&mut self, node: Node) {
        if let Ok(mut fs) = self.fs() {
            fs.close(node);
        }
    }

    fn read_at(&mut self, file: Node, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        self.fs()?.read_at(file, pos, buf)
    }

    fn write_at(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        self.fs()?.write_at(file, pos, data)
    }

    fn append(&mut self, file: Node, data: &[u8]) -> Result<(usize, u64), Errno> {
        self.fs()?.append(file, data)
    }

    fn set_len(&mut self, file: Node, len: u64) -> Result<(), Errno> {
        self.fs()?.set_len(file, len)
    }

    fn allocate(&mut self, file: Node, pos: u64, len: u64) -> Result<(), Errno> {
        self.fs()?.allocate(file, pos, len)
    }

    fn sync(&mut self, node: Node, data_only: bool) -> Result<(), Errno> {
        self.fs()?.sync(node, data_only)
    }
}
