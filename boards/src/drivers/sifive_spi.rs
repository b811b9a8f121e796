//! SiFive's SPI controller. Source: SiFive FU540-C000 Manual v1p4, chapter 19.

use super::{Mmio, deadline::Deadline, sd_spi::Spi};
use crate::board::Timer;

const SCKDIV: usize = 0x00;
const CSID: usize = 0x10;
const CSDEF: usize = 0x14;
const CSMODE: usize = 0x18;
const FMT: usize = 0x40;
const TXDATA: usize = 0x48;
const RXDATA: usize = 0x4c;

const FULL: u32 = 1 << 31;
const EMPTY: u32 = 1 << 31;
/// CSMODE: the select line is held low, or off.
const HOLD: u32 = 2;
const OFF: u32 = 3;
/// FMT: one data line, most significant bit first, 8 bits.
const EIGHT_BITS: u32 = 8 << 16;

/// The controller, with chip select 0.
pub struct SifiveSpi {
    registers: Mmio,
    clock: u32,
    timer: &'static dyn Timer,
    stuck: bool,
}

/// A byte takes 20 microseconds at 400 kHz.
const BYTE_MS: u64 = 1000;
/// What a card that does not respond sends.
const NOTHING: u8 = 0xff;

/// The wait for a byte. The clock is read only if the controller is not ready: firmware may have to read it for the kernel, which takes
/// longer than an exchange in an emulator.
#[derive(Default)]
struct Wait {
    deadline: Option<Deadline>,
}

impl Wait {
    /// Returns whether the time of a byte has passed since this was first asked.
    fn is_over(&mut self, timer: &'static dyn Timer) -> bool {
        let deadline = self
            .deadline
            .get_or_insert_with(|| Deadline::after(timer, BYTE_MS));
        deadline.passed()
    }
}

impl SifiveSpi {
    /// `clock` is the frequency of the peripheral bus in hertz.
    ///
    /// # Safety
    /// D1 of [`Mmio`] for `base`.
    #[must_use]
    pub unsafe fn new(base: usize, clock: u32, timer: &'static dyn Timer) -> Self {
        // SAFETY: passed on to the caller.
        let registers = unsafe { Mmio::new(base) };
        registers.write(FMT, EIGHT_BITS);
        registers.write(CSID, 0);
        registers.write(CSDEF, 1);
        Self {
            registers,
            clock,
            timer,
            stuck: false,
        }
    }
}

impl Spi for SifiveSpi {
    fn exchange(&mut self, byte: u8) -> u8 {
        if self.stuck {
            return NOTHING;
        }
        let mut wait = Wait::default();
        while self.registers.read(TXDATA) & FULL != 0 {
            if wait.is_over(self.timer) {
                self.stuck = true;
                return NOTHING;
            }
        }
        self.registers.write(TXDATA, u32::from(byte));
        loop {
            let data = self.registers.read(RXDATA);
            if data & EMPTY == 0 {
                return data as u8;
            }
            if wait.is_over(self.timer) {
                self.stuck = true;
                return NOTHING;
            }
        }
    }

    fn is_stuck(&self) -> bool {
        self.stuck
    }

    fn select(&mut self, selected: bool) {
        self.registers
            .write(CSMODE, if selected { HOLD } else { OFF });
    }

    fn set_clock(&mut self, hertz: u32) {
        // f = clock / (2 * (SCKDIV + 1)), never faster than requested.
        self.registers
            .write(SCKDIV, self.clock.div_ceil(2 * hertz).saturating_sub(1));
    }
}
