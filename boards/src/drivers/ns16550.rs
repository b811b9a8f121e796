//! The PC's UART and its many descendants. Source: National Semiconductor PC16550D data sheet, section 8.

use super::Mmio;
use crate::board::Uart;

// Register numbers. Their addresses depend on `shift`.
const RBR_THR: usize = 0;
const IER: usize = 1;
const FCR: usize = 2;
const LCR: usize = 3;
const MCR: usize = 4;
const LSR: usize = 5;

const IER_RECEIVED: u8 = 1 << 0;
const FCR_ENABLE_AND_CLEAR: u8 = 0b111;
const LCR_8_BITS: u8 = 0b11;
const MCR_DTR_RTS_OUT2: u8 = 0b1011;
const LSR_DATA_READY: u8 = 1 << 0;
const LSR_TRANSMIT_EMPTY: u8 = 1 << 5;

/// A 16550 at the speed that the firmware has set.
pub struct Ns16550 {
    registers: Mmio,
    shift: usize,
}

impl Ns16550 {
    /// Register `n` is the byte at `n << shift`.
    ///
    /// # Safety
    /// D1 of [`Mmio`] for `base`.
    #[must_use]
    pub const unsafe fn new(base: usize, shift: usize) -> Self {
        // SAFETY: passed on to the caller.
        Self {
            registers: unsafe { Mmio::new(base) },
            shift,
        }
    }

    fn read(&self, register: usize) -> u8 {
        self.registers.read8(register << self.shift)
    }

    fn write(&self, register: usize, value: u8) {
        self.registers.write8(register << self.shift, value);
    }
}

impl Uart for Ns16550 {
    fn start(&self) {
        self.write(LCR, LCR_8_BITS);
        self.write(FCR, FCR_ENABLE_AND_CLEAR);
        self.write(MCR, MCR_DTR_RTS_OUT2);
        self.write(IER, IER_RECEIVED);
    }

    fn put(&self, byte: u8) -> bool {
        let room = self.read(LSR) & LSR_TRANSMIT_EMPTY != 0;
        if room {
            self.write(RBR_THR, byte);
        }
        room
    }

    fn get(&self) -> Option<u8> {
        (self.read(LSR) & LSR_DATA_READY != 0).then(|| self.read(RBR_THR))
    }
}
