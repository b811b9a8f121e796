//! Text on the board's serial port.

use core::fmt::{self, Write};

use super::once::Once;
use crate::board::{Board, Uart};

static UART: Once<&'static dyn Uart> = Once::new();

/// Starts the port.
pub(super) fn init(board: &Board) {
    board.uart.start();
    UART.set(board.uart);
}

/// Prints a message of the kernel's.
pub(super) fn print(message: fmt::Arguments<'_>) {
    // `Port` never fails.
    let _ = Port.write_fmt(message);
}

/// Sends bytes, each `\n` as `\r\n`.
pub(super) fn write(bytes: &[u8]) {
    let Some(uart) = UART.get() else { return };
    for &byte in bytes {
        if byte == b'\n' {
            uart.put(b'\r');
        }
        uart.put(byte);
    }
}

/// Takes a byte that was received.
pub(super) fn get() -> Option<u8> {
    UART.get().and_then(|uart| uart.get())
}

struct Port;

impl Write for Port {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        write(text.as_bytes());
        Ok(())
    }
}
