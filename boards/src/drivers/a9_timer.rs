//! The global timer of a Cortex-A9, which has no generic timer. Source: Cortex-A9 MPCore Technical Reference Manual (ARM DDI
//! 0407), section 4.3.

use super::Mmio;
use crate::board::Timer;

const COUNTER_LOW: usize = 0x00;
const COUNTER_HIGH: usize = 0x04;
const CONTROL: usize = 0x08;
const INTERRUPT_STATUS: usize = 0x0c;
const COMPARATOR_LOW: usize = 0x10;
const COMPARATOR_HIGH: usize = 0x14;

const TIMER_ENABLE: u32 = 1 << 0;
const COMPARE_ENABLE: u32 = 1 << 1;
const INTERRUPT_ENABLE: u32 = 1 << 2;

/// The timer; its interrupt is PPI 27.
pub struct A9Timer {
    registers: Mmio,
    hertz: u32,
}

impl A9Timer {
    /// `hertz` is PERIPHCLK.
    ///
    /// # Safety
    /// D1 of [`Mmio`] for `base`.
    #[must_use]
    pub const unsafe fn new(base: usize, hertz: u32) -> Self {
        // SAFETY: passed on to the caller.
        Self {
            registers: unsafe { Mmio::new(base) },
            hertz,
        }
    }
}

impl Timer for A9Timer {
    fn frequency(&self) -> u64 {
        u64::from(self.hertz)
    }

    fn ticks(&self) -> u64 {
        if self.registers.read(CONTROL) & TIMER_ENABLE == 0 {
            self.registers.set(CONTROL, TIMER_ENABLE);
        }
        // Section 4.4.1: repeat the read while the upper half changes.
        loop {
            let high = self.registers.read(COUNTER_HIGH);
            let low = self.registers.read(COUNTER_LOW);
            if self.registers.read(COUNTER_HIGH) == high {
                return u64::from(high) << 32 | u64::from(low);
            }
        }
    }

    fn wake_at(&self, ticks: Option<u64>) {
        self.registers.write(CONTROL, TIMER_ENABLE);
        self.registers.write(INTERRUPT_STATUS, 1);
        if let Some(ticks) = ticks {
            self.registers.write(COMPARATOR_LOW, ticks as u32);
            self.registers.write(COMPARATOR_HIGH, (ticks >> 32) as u32);
            self.registers
                .write(CONTROL, TIMER_ENABLE | COMPARE_ENABLE | INTERRUPT_ENABLE);
        }
    }
}
