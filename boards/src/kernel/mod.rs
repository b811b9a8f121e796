//! From the console to the program's exit, on any [`Board`].
//!
//! Order of the start: console, MMU and caches, memory, clock, disk, volume, `wasi.toml`, program. A failure is printed in
//! one line on the console, and the machine ends with a nonzero status:
//!
//! | status | meaning |
//! |---|---|
//! | the program's | the program exited |
//! | 1 | no disk, no volume, no program, wrong settings |
//! | 130 | Ctrl-C |
//! | 134 | the program trapped, exceeded a limit, or left the interpreter no memory |
//! | 101 | the kernel itself failed: a panic, a processor exception |
//!
//! In all cases but the last, the volume is unmounted first. The last case has the effect of a power cut: synced data are
//! preserved.

mod console;
mod device_tree;
mod fault;
#[cfg(feature = "lowered-modules")]
mod flash;
mod frozen;
mod guest;
mod heap;
mod host;
mod log;
mod memory;
mod mounted;
mod once;
mod power;
mod random;
mod stop;
mod terminal;
mod time;
mod volume;
mod world;

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
};

use wasi_shim::fat::{BlockDevice, FatFs, MemDisk};

use crate::{arch, board::Board};

const NOT_RUN: u8 = 1;

/// Runs the machine. The start code calls it once, with the device tree's address or 0.
pub fn main(board: &'static Board, device_tree: usize) -> ! {
    power::init(board);
    console::init(board);
    let ram = board.memory.and_then(|memory| memory());
    // Memory that the device tree reserves is not mapped, unless it shares a block of the map with the kernel.
    arch::mmu::enable(&arch::image(), board.devices);
    let facts = device_tree::read(board, device_tree, ram);
    arch::mmu::add_ram(&facts.free);
    if let Some(initrd) = &facts.initrd {
        arch::mmu::add_ram(initrd);
    }
    memory::init(&facts.free);
    log::init(::log::LevelFilter::Warn);
    time::init(board, facts.timebase);
    board.wake_up.start();
    let status = run(board, &facts).unwrap_or_else(|error| {
        console::print(format_args!("kernel: {error}\n"));
        NOT_RUN
    });
    let (guest, heap) = memory::used();
    ::log::info!(
        "status {status} at {} µs; KiB of RAM: kernel {}, program {}, heap {}",
        time::monotonic() / 1000,
        arch::image().len() >> 10,
        guest >> 10,
        heap >> 10
    );
    power::off(status)
}

fn run(board: &Board, facts: &device_tree::Facts) -> Result<u8, String> {
    let device: Box<dyn BlockDevice> = match facts.initrd.clone().and_then(memory::initrd) {
        Some(bytes) => Box::new(MemDisk::new(bytes)),
        None => Box::new(volume::Device(
            (board.disk)().map_err(|error| format!("disk: {error}"))?,
        )),
    };
    let fs =
        FatFs::mount(device, Box::new(time::wall), false).map_err(|error| error.to_string())?;
    #[cfg(feature = "lowered-modules")]
    let in_flash = flash::program(board);
    #[cfg(not(feature = "lowered-modules"))]
    let in_flash = None;
    guest::run(fs, in_flash, || random::Random::new(board, facts))
}
