//! The abstract machine: its registers, frames, memories and calls while wasm runs.
//!
//! This layer knows nothing of ops, of lowering or of the embedder's API. It defines the data that all of them share, and
//! the trait ([`Runtime`]) through which running code requests services: to lower a function, to call the host, to grow a
//! memory.
//!
//! Start with [`Regs`] (the registers), then [`Context`] (the data behind them), then `frame.rs` (the layout of a call on
//! the stack).
//!
//! # Invariants
//! Every `unsafe` block in `machine`, `dispatch` and `ops` relies on these. The validated module, lowering and the runtime
//! establish them. A `SAFETY` comment names their numbers.
//!
//! 1. **Code.** `ip` points at the first granule of an op inside a complete piece of lowered code or
//!    of a static stub. All operands of that op follow it, and every path ends in an op that leaves.
//!    *Lowering* establishes it; code is never freed or moved while a store that runs it exists.
//! 2. **Frame.** `fp` points into the store's value stack, and every slot operand of the running
//!    function is below its `frame_slots`, which the call checked against `stack_limit`. So is the slot after it, if
//!    the operand is a vector.
//! 3. **Memory.** `mem` and `mem_len` describe memory 0 of the current instance: `mem_len` bytes
//!    from `mem` can be read and written. Whatever may change that reloads both.
//! 4. **Context.** `cx` points to the store's one [`Context`], and nothing else borrows it while
//!    an op runs.
//! 5. **Views.** The pointers in [`Context`] are those of the current instance, long enough for every
//!    index that its validated code contains. The runtime renews them after each call to the host.
//! 6. **Types.** Slots hold values of the types that validation found: an `i32` is zero-extended,
//!    a reference is null or names an entity of this store.

mod class;
mod context;
mod frame;
#[cfg(feature = "heap")]
mod object;
mod stack;
mod trap;
mod value;

pub use class::{Accumulator, Class};
#[cfg(feature = "gc")]
pub use context::Contents;
pub use context::{Context, ForeignCall, FuncEntry, MemoryView, NULL_REF, Runtime, TableView};
pub use frame::{ForeignFrame, Frame, FrameInfo, HEADER_SLOTS, Header, walk};
#[cfg(feature = "gc")]
pub use object::{HeapCode, i31, object};
#[cfg(feature = "heap")]
pub use object::{Object, Referent};
pub use stack::Stack;
pub use trap::{Exit, Leave, Trap};
pub use value::{SlotValue, V128, Value};

/// The number of a slot in a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotIndex(pub u16);

impl SlotIndex {
    /// The number as an index.
    #[must_use]
    #[inline(always)]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The number of a function in its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct FuncIndex(pub u32);

impl FuncIndex {
    /// The number as an index.
    #[must_use]
    #[inline(always)]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The registers of the machine, passed from op to op in registers of the processor.
#[derive(Debug)]
pub struct Regs {
    /// The next granule of bytecode to read.
    pub ip: *const u16,
    /// The running function's frame; slot operands count from here.
    pub fp: *mut u64,
    /// First byte of memory 0.
    pub mem: *mut u8,
    /// The length of memory 0 in bytes.
    pub mem_len: u64,
    /// All other state.
    pub cx: *mut Context,
    /// The integer accumulator: the value of the last op that produced an integer or a reference.
    pub acc: u64,
    /// The float accumulator: the bits of the last op that produced an `f32` or `f64`.
    pub facc: f64,
}

impl Regs {
    /// Reads the next granule and advances.
    ///
    /// # Safety
    /// An operand granule follows (invariant 1).
    #[inline(always)]
    pub unsafe fn fetch(&mut self) -> u16 {
        // SAFETY: invariant 1, promised by the caller.
        unsafe {
            let granule = self.ip.read();
            self.ip = self.ip.add(1);
            granule
        }
    }

    /// Reads two granules as a little-endian number and advances.
    ///
    /// # Safety
    /// Two operand granules follow (invariant 1).
    #[inline(always)]
    pub unsafe fn fetch32(&mut self) -> u32 {
        // SAFETY: invariant 1, promised by the caller.
        unsafe { self.fetch_wide::<u32, 2>() }
    }

    /// Reads four granules as a little-endian number and advances.
    ///
    /// # Safety
    /// Four operand granules follow (invariant 1).
    #[inline(always)]
    pub unsafe fn fetch64(&mut self) -> u64 {
        // SAFETY: invariant 1, promised by the caller.
        unsafe { self.fetch_wide::<u64, 4>() }
    }

    /// Reads eight granules as a vector, whose lowest bytes stand first, and advances.
    ///
    /// # Safety
    /// Eight operand granules follow (invariant 1).
    #[inline(always)]
    pub unsafe fn fetch_vector(&mut self) -> V128 {
        // SAFETY: invariant 1, promised by the caller.
        unsafe {
            if cfg!(target_endian = "little") {
                return self.fetch_wide::<V128, 8>();
            }
            // The encoder writes a number of 64 bits and two of 32.
            let (low, third, high) = (self.fetch64(), self.fetch32(), self.fetch32());
            V128::from_halves([low, u64::from(third) | u64::from(high) << 32])
        }
    }

    #[inline(always)]
    unsafe fn fetch_wide<T: Copy, const GRANULES: usize>(&mut self) -> T {
        /// A number at an even address, as granules are.
        #[repr(C, packed(2))]
        struct Even<T>(T);

        // SAFETY: invariant 1: the granules exist. Bytecode in memory is in the host's byte order.
        unsafe {
            let Even(value) = self.ip.cast::<Even<T>>().read();
            self.ip = self.ip.add(GRANULES);
            value
        }
    }

    /// The address of a slot of the running frame.
    ///
    /// # Safety
    /// `slot` is an operand of the running function (invariant 2).
    #[inline(always)]
    pub unsafe fn slot(&self, slot: SlotIndex) -> *mut u64 {
        // SAFETY: invariant 2, promised by the caller.
        unsafe { self.fp.add(slot.index()) }
    }

    /// Reloads the registers that a call of the host, a growing memory or another instance may have changed.
    ///
    /// # Safety
    /// Invariants 4 and 5 hold.
    #[inline(always)]
    pub unsafe fn reload_memory(&mut self) {
        // SAFETY: invariant 4, promised by the caller.
        unsafe {
            self.mem = (*self.cx).mem;
            self.mem_len = (*self.cx).mem_len;
        }
    }
}
