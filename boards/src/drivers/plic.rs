//! RISC-V Platform-Level Interrupt Controller. Source: RISC-V PLIC Specification 1.0.0.

use super::Mmio;
use crate::{arch, board::WakeUp};

const PRIORITY: usize = 0;
const ENABLE: usize = 0x2000;
const CONTEXT: usize = 0x20_0000;
const THRESHOLD: usize = 0;
const CLAIM_COMPLETE: usize = 4;

/// The controller and the one interrupt source, the console, that wakes the hart.
pub struct Plic {
    registers: Mmio,
    context: fn(hart: usize) -> usize,
    source: usize,
}

impl Plic {
    /// `context` is the number of a hart's supervisor-mode context on this machine.
    ///
    /// # Safety
    /// D1 of [`Mmio`] for `base`.
    #[must_use]
    pub const unsafe fn new(base: usize, context: fn(usize) -> usize, source: usize) -> Self {
        // SAFETY: passed on to the caller.
        Self {
            registers: unsafe { Mmio::new(base) },
            context,
            source,
        }
    }

    fn context(&self) -> usize {
        (self.context)(arch::hart())
    }
}

impl WakeUp for Plic {
    fn start(&self) {
        let enable = ENABLE + self.context() * 0x80 + self.source / 32 * 4;
        self.registers.write(PRIORITY + self.source * 4, 1);
        self.registers.write(enable, 1 << (self.source % 32));
        self.registers
            .write(CONTEXT + self.context() * 0x1000 + THRESHOLD, 0);
    }

    /// The gateway keeps an interrupt pending until it is claimed, whatever the device does.
    fn acknowledge(&self) {
        let claim = CONTEXT + self.context() * 0x1000 + CLAIM_COMPLETE;
        let source = self.registers.read(claim);
        if source != 0 {
            self.registers.write(claim, source);
        }
    }
}
