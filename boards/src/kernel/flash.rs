//! A program in flash. It is in lowered form, and runs where it lies: nothing of its code is copied to RAM.

use interp::Module;

use crate::{arch, board::Board};

/// The content of the board's flash, if it begins with a program in lowered form.
pub(super) fn program(board: &Board) -> Option<&'static [u8]> {
    let flash = board.flash.clone()?;
    arch::mmu::add_ram(&flash);
    // SAFETY: the board describes flash at these addresses, which is mapped now. Nothing writes to it.
    let bytes = unsafe { core::slice::from_raw_parts(flash.start as *const u8, flash.len()) };
    Module::is_serialized(bytes).then_some(bytes)
}
