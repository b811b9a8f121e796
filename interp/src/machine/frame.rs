//! The layout of calls on the value stack, and a walk over them.
//!
//! ```text
//!  caller's frame                       callee's frame
//!  ┌────────┬────────┬────────┬ temps ──┐
//!  │ params │ header │ locals │ … │ arguments ┐
//!  └────────┴────────┴────────┴───┼───────────┼────────┬────────┬───────┐
//!                                 │ params,   │ header │ locals │ temps │
//!                                 │ results   │        │        │       │
//!                                 └───────────┴────────┴────────┴───────┘
//!                                 fp          fp + max(params, results)
//! ```
//!
//! The caller computes arguments in the slots of the callee's parameters, so nothing is copied. Results are returned in the
//! same place. The header has two slots: the return address in the bytecode, and the distance in slots to the caller's
//! frame.

use super::{FuncEntry, FuncIndex};

/// Slots of a header.
pub const HEADER_SLOTS: usize = 2;

/// The two slots after a frame's parameters.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// The address at which the caller continues.
    pub return_ip: *const u16,
    /// Slots from the caller's frame to this one, below 2²⁹. The upper bits belong to the calling op.
    pub distance: u64,
}

impl Header {
    /// Writes the header at `at`.
    ///
    /// # Safety
    /// Two slots at `at` belong to the new frame.
    #[inline(always)]
    pub unsafe fn write(self, at: *mut u64) {
        // SAFETY: invariant 2: the caller gives two slots of a new frame. A pointer is exposed so that it can become one again.
        unsafe {
            at.write(self.return_ip.expose_provenance() as u64);
            at.add(1).write(self.distance);
        }
    }

    /// The number of slots from the caller's frame to this one.
    #[inline(always)]
    #[must_use]
    pub fn slots(&self) -> usize {
        // The shift to bytes in 32 bits drops the bits of the calling op. A load of 16 bits would wait for the store of 64
        // bits on some processors.
        (self.distance as u32 & (u32::MAX >> 3)) as usize
    }

    /// Reads the header at `at`.
    ///
    /// # Safety
    /// `at` is where [`Header::write`] wrote one.
    #[inline(always)]
    #[must_use]
    pub unsafe fn read(at: *const u64) -> Self {
        // SAFETY: invariant 2: a frame begins with the header that `write` wrote.
        unsafe {
            Self {
                return_ip: core::ptr::with_exposed_provenance(at.read() as usize),
                distance: at.add(1).read(),
            }
        }
    }
}

/// The data *below* the parameters of a function that was called from another instance. Its arguments were moved up by
/// [`ForeignFrame::SLOTS`] to make room. Its header returns to a stub that reads this data, makes the caller's instance
/// current again and moves the results down.
#[derive(Clone, Copy, Debug)]
pub struct ForeignFrame {
    /// The real return address, and the distance from the caller's frame to this one.
    pub header: Header,
    /// The caller's instance.
    pub instance: u32,
    /// The number of result slots to move down.
    pub results: u16,
}

impl ForeignFrame {
    /// The number of its slots.
    pub const SLOTS: usize = 3;

    /// Writes it from `at` on.
    ///
    /// # Safety
    /// [`ForeignFrame::SLOTS`] slots at `at` belong to the new frame.
    pub unsafe fn write(self, at: *mut u64) {
        // SAFETY: invariant 2: the caller gives the slots of a new frame.
        unsafe {
            self.header.write(at);
            at.add(2)
                .write(u64::from(self.instance) | u64::from(self.results) << 32);
        }
    }

    /// Reads it back.
    ///
    /// # Safety
    /// `at` is where [`ForeignFrame::write`] wrote one.
    #[must_use]
    pub unsafe fn read(at: *const u64) -> Self {
        // SAFETY: invariant 2: the frame is a foreign one. The casts split the two fields that `write` joined.
        unsafe {
            let packed = at.add(2).read();
            Self {
                header: Header::read(at),
                instance: packed as u32,
                results: (packed >> 32) as u16,
            }
        }
    }
}

/// A function's frame, as found by [`walk`].
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The function's index in the store.
    pub func: FuncIndex,
    /// Bytecode granules from the function's start to the op that runs or that performed the call.
    pub offset: usize,
    /// Its first slot.
    pub slots: *const u64,
}

/// The function of a bytecode address, for [`walk`].
#[derive(Clone, Copy, Debug)]
pub struct FrameInfo {
    /// The function's index in the store.
    pub func: FuncIndex,
    /// Its entry.
    pub entry: FuncEntry,
}

/// Walks over the frames from the innermost outwards.
///
/// `ip` and `fp` belong to the op at which the machine stopped. `function_of` finds the function of a bytecode address.
/// `foreign` is the address of the stub after a call from another instance. The walk ends at the frame that the host
/// called, and visits at most `most` frames.
///
/// # Safety
/// `fp` is a frame of a stack that has not changed since the machine stopped.
pub unsafe fn walk(
    mut ip: *const u16,
    mut fp: *const u64,
    foreign: *const u16,
    most: usize,
    function_of: &dyn Fn(*const u16) -> Option<FrameInfo>,
    visit: &mut dyn FnMut(Frame),
) {
    for _ in 0..most {
        let Some(FrameInfo { func, entry }) = function_of(ip) else {
            return;
        };
        visit(Frame {
            func,
            offset: (ip as usize - entry.code as usize) / 2,
            slots: fp,
        });
        // SAFETY: the function's header follows its parameters and results, and the distances in headers lead to frames
        // that existed when they were written.
        unsafe {
            let mut header = Header::read(fp.add(entry.header()));
            if header.return_ip == foreign {
                fp = fp.sub(ForeignFrame::SLOTS);
                header = ForeignFrame::read(fp).header;
            }
            fp = fp.sub(header.slots());
            // The return address is that of the next op. One granule before it is inside of the call.
            ip = header.return_ip.wrapping_sub(1);
        }
    }
}
