//! The end: the status goes to whoever started the machine, if the board has a way to tell it.

use core::sync::atomic::{AtomicBool, Ordering};

use super::once::Once;
use crate::{arch, board::Board};

static BOARD: Once<&'static Board> = Once::new();
static ENDING: AtomicBool = AtomicBool::new(false);

/// Remembers how this board ends.
pub(super) fn init(board: &'static Board) {
    BOARD.set(board);
}

/// Ends the machine. A debugger or emulator sees `status`; a bare machine is switched off, or sleeps.
pub(super) fn off(status: u8) -> ! {
    if let Some(board) = BOARD.get() {
        // A second visit comes from the trap handler: nobody served the exit instruction.
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

/// Whether [`off`] has begun.
pub(super) fn ending() -> bool {
    ENDING.load(Ordering::Relaxed)
}
