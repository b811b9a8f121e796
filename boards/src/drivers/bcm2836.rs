//! Interrupt routing of the Raspberry Pi 2 and 3. Sources: BCM2835 ARM Peripherals, section 7.5, and "ARM Quad A7 core"
//! (QA7 rev 3.4), section 4.

use super::Mmio;
use crate::board::WakeUp;

/// BCM2835: Enable IRQs 2, GPU interrupts 32 to 63.
const IRQ_ENABLE_2: usize = 0x214;
const UART: u32 = 57;
/// QA7: timer interrupts of core 0; bit 3 is the virtual timer. GPU interrupts go to core 0 after reset.
const CORE0_TIMERS: usize = 0x40;
const VIRTUAL_TIMER: u32 = 1 << 3;

/// Both controllers, configured for the UART and the virtual timer.
pub struct Bcm2836 {
    gpu: Mmio,
    local: Mmio,
}

impl Bcm2836 {
    /// `gpu` is the BCM2835's interrupt controller (its first register is at offset 0x200), `local` the cores' own.
    ///
    /// # Safety
    /// D1 of [`Mmio`] for both blocks.
    #[must_use]
    pub const unsafe fn new(gpu: usize, local: usize) -> Self {
        // SAFETY: passed on to the caller.
        unsafe {
            Self {
                gpu: Mmio::new(gpu),
                local: Mmio::new(local),
            }
        }
    }
}

impl WakeUp for Bcm2836 {
    fn start(&self) {
        self.gpu.write(IRQ_ENABLE_2, 1 << (UART - 32));
        self.local.write(CORE0_TIMERS, VIRTUAL_TIMER);
    }
}
