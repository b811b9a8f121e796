//! Arm PrimeCell UART. Source: PL011 Technical Reference Manual (ARM DDI 0183), chapter 3.

use super::Mmio;
use crate::board::Uart;

const DR: usize = 0x00;
const FR: usize = 0x18;
const IBRD: usize = 0x24;
const FBRD: usize = 0x28;
const LCR_H: usize = 0x2c;
const CR: usize = 0x30;
const IMSC: usize = 0x38;
const ICR: usize = 0x44;

const FR_RECEIVE_EMPTY: u32 = 1 << 4;
const FR_TRANSMIT_FULL: u32 = 1 << 5;
const LCR_H_FIFOS: u32 = 1 << 4;
const LCR_H_8_BITS: u32 = 0b11 << 5;
const CR_UART_TX_RX: u32 = 1 << 0 | 1 << 8 | 1 << 9;
const INT_RECEIVE: u32 = 1 << 4;
const INT_RECEIVE_TIMEOUT: u32 = 1 << 6;

const BAUD: u32 = 115_200;

/// A PL011 at 115,200 baud.
pub struct Pl011 {
    registers: Mmio,
    clock: u32,
}

impl Pl011 {
    /// `clock` is the frequency of UARTCLK in hertz.
    ///
    /// # Safety
    /// D1 of [`Mmio`] for `base`.
    #[must_use]
    pub const unsafe fn new(base: usize, clock: u32) -> Self {
        // SAFETY: passed on to the caller.
        Self {
            registers: unsafe { Mmio::new(base) },
            clock,
        }
    }
}

impl Uart for Pl011 {
    fn start(&self) {
        // The divisor has 6 fractional bits: clock / (16 * baud), in units of 1/64.
        let divisor = self.clock * 4 / BAUD;
        self.registers.write(CR, 0);
        self.registers.write(ICR, 0x7ff);
        self.registers.write(IBRD, divisor >> 6);
        self.registers.write(FBRD, divisor & 0x3f);
        self.registers.write(LCR_H, LCR_H_FIFOS | LCR_H_8_BITS);
        self.registers
            .write(IMSC, INT_RECEIVE | INT_RECEIVE_TIMEOUT);
        self.registers.write(CR, CR_UART_TX_RX);
    }

    fn put(&self, byte: u8) -> bool {
        let room = self.registers.read(FR) & FR_TRANSMIT_FULL == 0;
        if room {
            self.registers.write(DR, u32::from(byte));
        }
        room
    }

    fn get(&self) -> Option<u8> {
        // Bits 8 and up of DR are error flags; a byte with an error is passed on.
        (self.registers.read(FR) & FR_RECEIVE_EMPTY == 0).then(|| self.registers.read(DR) as u8)
    }
}
