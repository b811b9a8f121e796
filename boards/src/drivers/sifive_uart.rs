//! SiFive's serial port. Source: SiFive FU540-C000 Manual v1p4, chapter 13.

use super::Mmio;
use crate::board::Uart;

const TXDATA: usize = 0x00;
const RXDATA: usize = 0x04;
const TXCTRL: usize = 0x08;
const RXCTRL: usize = 0x0c;
const IE: usize = 0x10;

const FULL: u32 = 1 << 31;
const EMPTY: u32 = 1 << 31;
const ENABLE: u32 = 1;
const IE_RECEIVE: u32 = 1 << 1;

/// The port, at the speed that the firmware has set.
pub struct SifiveUart(Mmio);

impl SifiveUart {
    /// Names the port.
    ///
    /// # Safety
    /// D1 of [`Mmio`] for `base`.
    #[must_use]
    pub const unsafe fn new(base: usize) -> Self {
        // SAFETY: passed on to the caller.
        Self(unsafe { Mmio::new(base) })
    }
}

impl Uart for SifiveUart {
    fn start(&self) {
        self.0.set(TXCTRL, ENABLE);
        // The receive watermark stays 0: one byte raises the interrupt.
        self.0.write(RXCTRL, ENABLE);
        self.0.write(IE, IE_RECEIVE);
    }

    fn put(&self, byte: u8) -> bool {
        let room = self.0.read(TXDATA) & FULL == 0;
        if room {
            self.0.write(TXDATA, u32::from(byte));
        }
        room
    }

    fn get(&self) -> Option<u8> {
        let data = self.0.read(RXDATA);
        (data & EMPTY == 0).then_some(data as u8)
    }
}
