//! The volume while the program runs: the program's files, and the way to unmount it when the program cannot continue.
//!
//! If the interpreter has no memory for its own work, it never returns to the caller that would unmount the volume. The
//! volume is borrowed only during a call, so if it can be borrowed, it is consistent.

use alloc::rc::Rc;
use core::cell::{RefCell, RefMut};

use wasi_shim::{Errno, fat::FatFs, wrap::Around};

use super::once::Once;

type Shared = Rc<RefCell<Option<FatFs>>>;

static MOUNTED: Once<Shared> = Once::new();

/// The program's access to the volume. The volume is unmounted when this is dropped.
pub(super) struct Mounted(Shared);

// SAFETY: a kernel has one thread. The shim could send a file system to another thread, but none exists.
unsafe impl Send for Mounted {}

/// Makes `fs` the program's volume. Called once.
pub(super) fn share(fs: FatFs) -> Mounted {
    let shared = Rc::new(RefCell::new(Some(fs)));
    MOUNTED.set(shared.clone());
    Mounted(shared)
}

/// Unmounts the volume if no call is working on it. Returns whether it is unmounted.
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

/// Runs something on the volume, unless a call is working on it or it is unmounted: then returns `None`.
#[cfg(feature = "hibernate")]
pub(super) fn with<R>(run: impl FnOnce(&mut FatFs) -> R) -> Option<R> {
    let mut fs = MOUNTED.get()?.try_borrow_mut().ok()?;
    fs.as_mut().map(run)
}

impl Drop for Mounted {
    fn drop(&mut self) {
        unmount();
    }
}

impl Mounted {
    fn fs(&self) -> Result<RefMut<'_, FatFs>, Errno> {
        // No code runs after `unmount`, and calls on the volume are not nested.
        let fs = self.0.try_borrow_mut().map_err(|_| Errno::Io)?;
        RefMut::filter_map(fs, Option::as_mut).map_err(|_| Errno::Io)
    }
}

impl Around for Mounted {
    type Inner = FatFs;

    fn around<R>(
        &mut self,
        _name: &str,
        run: impl FnOnce(&mut FatFs) -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        run(&mut *self.fs()?)
    }

    fn around_release(&mut self, run: impl FnOnce(&mut FatFs)) {
        if let Ok(mut fs) = self.fs() {
            run(&mut fs);
        }
    }
}
