//! The end of the machine: the status is passed to a debugger or emulator, if the board supports it.

use core::sync::atomic::{AtomicBool, Ordering};

use super::once::Once;
use crate::{arch, board::Board};

static BOARD: Once<&'static Board> = Once::new();
static ENDING: AtomicBool = AtomicBool::new(false);

/// Stores how this board ends.
pub(super) fn init(board: &'static Board) {
    BOARD.set(board);
}

/// Ends the machine. A debugger or emulator receives `status`. A bare machine is switched off, or sleeps.
pub(super) fn off(status: u8) -> ! {
    if let Some(board) = BOARD.get() {
        // A second call comes from the trap handler: the exit instruction was not handled.
        if ENDING.swap(true, Ordering::Relaxed) {
            (board.power_off)(status);
        } else {
            (board.exit)(status);
        }
    }
    loop {
        arch::wait_for_interrupt();
    }
}

/// Returns whether [`off`] was called.
pub(super) fn ending() -> bool {
    ENDING.load(Ordering::Relaxed)
}
