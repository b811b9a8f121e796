//! From the console to the program's exit, on any [`Board`].
//!
//! Order of start: console, memory map, MMU and caches, heap, disk, volume, `wasi.toml`, program. Whatever fails says so in
//! one line on the console and ends the machine with a status that is not zero:
//!
//! | status | meaning |
//! |---|---|
//! | the program's | it exited |
//! | 1 | no disk, no volume, no program, bad settings |
//! | 134 | the program trapped, or ran out of a limit |
//! | 101 | the kernel itself failed: a panic, a processor exception, no memory left |

pub mod console;
mod device_tree;
mod fault;
mod heap;
pub mod memory;
pub mod once;
pub mod power;

use crate::{
    arch,
    board::{Board, SECTOR},
};

/// Runs the machine. Called once, by the start code, with the device tree's address or 0.
pub fn main(board: &'static Board, device_tree: usize) -> ! {
    power::init(board);
    console::init(board);
    arch::mmu::enable(&board.ram, board.devices);
    let facts = device_tree::read(board, device_tree);
    arch::mmu::add_ram(&facts.ram);
    memory::init(&facts.ram, facts.initrd.as_ref());
    board.wake_up.start();
    let mut disk = match (board.disk)() {
        Ok(disk) => disk,
        Err(error) => fail(format_args!("disk: {error}")),
    };
    let mut sector = alloc::vec![0; SECTOR];
    if let Err(error) = disk.read(0, &mut sector) {
        fail(format_args!("disk: {error}"));
    }
    console::print(format_args!(
        "{} sectors, {:02x?}\n",
        disk.sectors(),
        &sector[446..]
    ));
    power::off(42)
}

/// Says why the machine stops, and stops it with status 1.
pub fn fail(message: core::fmt::Arguments<'_>) -> ! {
    console::print(format_args!("kernel: {message}\n"));
    power::off(1)
}
