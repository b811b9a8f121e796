//! The firmware's console: a serial port on any machine with SBI, at the cost of a call for each byte.

use crate::{arch::sbi, board::Uart};

/// The firmware's console. It has no interrupt.
pub struct SbiConsole;

impl Uart for SbiConsole {
    fn start(&self) {}

    /// The firmware waits for its port.
    fn put(&self, byte: u8) -> bool {
        sbi::put_byte(byte);
        true
    }

    fn get(&self) -> Option<u8> {
        sbi::get_byte()
    }
}
