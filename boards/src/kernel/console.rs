//! Text on the board's serial port.

use core::{
    fmt::{self, Write},
    sync::atomic::{AtomicUsize, Ordering},
};

use super::{once::Once, stop, time};
use crate::board::{Board, Uart};

static UART: Once<&'static dyn Uart> = Once::new();

/// Initialises the port.
pub(super) fn init(board: &Board) {
    board.uart.start();
    UART.set(board.uart);
}

/// Prints a message of the kernel.
pub(super) fn print(message: fmt::Arguments<'_>) {
    // `Port` never fails.
    let _ = Port.write_fmt(message);
}

/// Sends bytes, each `\n` as `\r\n`.
pub(super) fn write(bytes: &[u8]) {
    for &byte in bytes {
        if byte == b'\n' {
            send(b'\r');
        }
        send(byte);
    }
}

/// Sends bytes unchanged.
pub(super) fn write_raw(bytes: &[u8]) {
    for &byte in bytes {
        send(byte);
    }
}

/// The time for which the transmitter may be full. Bytes after that are dropped, until the port accepts bytes again.
const FULL: u64 = 30_000_000_000;

/// The number of bytes that were dropped since the port last accepted one.
static LOST: AtomicUsize = AtomicUsize::new(0);

fn send(byte: u8) {
    let Some(uart) = UART.get() else { return };
    let lost = LOST.load(Ordering::Relaxed);
    if !uart.put(byte) && (lost > 0 || !wait_for_room(*uart, byte)) {
        LOST.store(lost + 1, Ordering::Relaxed);
    } else if lost > 0 {
        LOST.store(0, Ordering::Relaxed);
        let seconds = FULL / 1_000_000_000;
        print(format_args!(
            "\nkernel: serial port: no room for a byte within {seconds} s; {lost} bytes are lost\n"
        ));
    }
}

/// Sends a byte to a port that was full. Returns false if it stays full.
fn wait_for_room(uart: &dyn Uart, byte: u8) -> bool {
    let deadline = time::monotonic() + FULL;
    while !uart.put(byte) {
        let now = time::monotonic();
        // A program that is being stopped does not wait for its port.
        if now >= deadline || stop::cause().is_some() && now >= deadline - FULL + SOON {
            return false;
        }
        stop::look();
    }
    true
}

/// The time during which the port still accepts output of a program that is being stopped.
const SOON: u64 = 1_000_000_000;

/// Returns a received byte, if there is one.
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
