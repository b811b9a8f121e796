//! How calls look on the value stack, and how to walk them.
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
//! The caller computes arguments where the callee's parameters will be, so nothing is copied; results
//! come back in the same place. The header is two slots: the return address in bytecode, and the
//! distance in slots back to the caller's frame.

use super::FuncEntry;

/// Slots of a header.
pub const HEADER_SLOTS: usize = 2;

/// The two slots behind a frame's parameters.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// Where the caller goes on.
    pub return_ip: *const u16,
    /// Slots from the caller's frame to this one, below 2²⁹; the bits above are the calling op's.
    pub distance: u64,
}

impl Header {
    /// Writes the header at `at`.
    ///
    /// # Safety
    /// Two slots at `at` belong to the new frame.
    #[inline(always)]
    pub unsafe fn write(self, at: *mut u64) {
        // SAFETY: promised by the caller. A pointer is exposed so that it can become one again.
        unsafe {
            at.write(self.return_ip.expose_provenance() as u64);
            at.add(1).write(self.distance);
        }
    }

    /// Slots from the caller's frame to this one.
    #[inline(always)]
    #[must_use]
    pub fn slots(&self) -> usize {
        // The calling op's bits are those that a shift to bytes in 32 bits drops. A load of 16 bits would wait for the store of
        // 64 on some processors.
        (self.distance as u32 & (u32::MAX >> 3)) as usize
    }

    /// Reads the header at `at`.
    ///
    /// # Safety
    /// `at` is where [`Header::write`] wrote one.
    #[inline(always)]
    #[must_use]
    pub unsafe fn read(at: *const u64) -> Self {
        // SAFETY: promised by the caller.
        unsafe {
            Self {
                return_ip: core::ptr::with_exposed_provenance(at.read() as usize),
                distance: at.add(1).read(),
            }
        }
    }
}

/// What lies *below* the parameters of a function that was called from another instance: its
/// arguments were moved up by [`ForeignFrame::SLOTS`] to make room, and its header returns to a stub
/// that reads this, makes the caller's instance current again and moves the results down.
#[derive(Clone, Copy, Debug)]
pub struct ForeignFrame {
    /// The true return address and the distance from the caller's frame to this one.
    pub header: Header,
    /// The caller's instance.
    pub instance: u32,
    /// How many slots of results to move down.
    pub results: u16,
}

impl ForeignFrame {
    /// Slots that it takes.
    pub const SLOTS: usize = 3;

    /// Writes it from `at` on.
    ///
    /// # Safety
    /// [`ForeignFrame::SLOTS`] slots at `at` belong to the new frame.
    pub unsafe fn write(self, at: *mut u64) {
        // SAFETY: promised by the caller.
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
        // SAFETY: promised by the caller. The casts split the two fields that `write` joined.
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

/// A function's frame, as [`walk`] finds it.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The function's index in the store.
    pub func: u32,
    /// Bytecode granules from the function's start to the op that runs or calls.
    pub offset: usize,
}

/// What [`walk`] must know of the function that some bytecode belongs to.
#[derive(Clone, Copy, Debug)]
pub struct FrameInfo {
    /// The function's index in the store.
    pub func: u32,
    /// Its entry.
    pub entry: FuncEntry,
}

/// Walks the frames from the innermost outwards.
///
/// `ip` and `fp` are those of the op where the machine stopped. `function_of` finds the function
/// that a bytecode address belongs to; `foreign` is the address of the stub behind a call from
/// another instance. The walk ends at the frame that the host called, and visits at most `most`.
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
        });
        // SAFETY: the function's header lies behind its parameters and results, and the distances in
        // headers lead to the frames that were there when they were written.
        unsafe {
            let mut header = Header::read(fp.add(entry.header()));
            if header.return_ip == foreign {
                fp = fp.sub(ForeignFrame::SLOTS);
                header = ForeignFrame::read(fp).header;
            }
            fp = fp.sub(header.slots());
            // The return address is that of the next op: one granule back lies inside the call.
            ip = header.return_ip.wrapping_sub(1);
        }
    }
}
