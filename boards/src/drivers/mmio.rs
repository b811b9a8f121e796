//! Device registers in memory.

/// The register block of a device. Invariant D1: it begins at `base`, the device is the one that the driver expects, and
/// nothing else in the kernel accesses it in a way that disturbs the driver.
#[derive(Clone, Copy)]
pub struct Mmio {
    base: usize,
}

impl Mmio {
    /// Creates the register block at an address.
    ///
    /// # Safety
    /// D1 holds for as long as the kernel runs.
    #[must_use]
    pub const unsafe fn new(base: usize) -> Self {
        Self { base }
    }

    /// The address of the block.
    #[must_use]
    pub fn base(self) -> usize {
        self.base
    }

    /// Reads the 32-bit register at `offset`.
    #[must_use]
    pub fn read(self, offset: usize) -> u32 {
        // SAFETY: D1; registers are mapped as device memory and aligned.
        unsafe { ((self.base + offset) as *const u32).read_volatile() }
    }

    /// Writes the 32-bit register at `offset`.
    pub fn write(self, offset: usize, value: u32) {
        // SAFETY: as in `read`.
        unsafe { ((self.base + offset) as *mut u32).write_volatile(value) }
    }

    /// Reads the 8-bit register at `offset`.
    #[must_use]
    pub fn read8(self, offset: usize) -> u8 {
        // SAFETY: as in `read`.
        unsafe { ((self.base + offset) as *const u8).read_volatile() }
    }

    /// Writes the 8-bit register at `offset`.
    pub fn write8(self, offset: usize, value: u8) {
        // SAFETY: as in `read`.
        unsafe { ((self.base + offset) as *mut u8).write_volatile(value) }
    }

    /// Sets bits of a 32-bit register, by reading and writing it.
    pub fn set(self, offset: usize, bits: u32) {
        self.write(offset, self.read(offset) | bits);
    }
}
