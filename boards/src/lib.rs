//! Kernels that boot Go programs on bare boards: no operating system, a FAT disk, a serial console.
//!
//! A board is a binary of its own, `src/bin/BOARD.rs`: a value of `Board` that names addresses and drivers, and an entry
//! in `boards.toml` that tells how it is built, packed and run. `cargo xtask board` does all three.
//!
//! On a host the binaries are empty and the library holds what the tools share with the kernel: the table of boards, what
//! goes on a card, the image builder, the reader of `wasi.toml`.
//!
//! Reading order: `board` (what a machine is), `src/bin/aarch64-virt.rs` (one of them), `kernel` (from the console to the
//! program's exit), `arch` (what processors do differently), `drivers`.

#![cfg_attr(target_os = "none", no_std)]

extern crate alloc;

#[cfg(target_os = "none")]
pub mod arch;
#[cfg(not(target_os = "none"))]
mod aside;
mod assignments;
#[cfg(target_os = "none")]
pub mod board;
pub mod boot_files;
#[cfg(not(target_os = "none"))]
mod bootable;
#[cfg(not(target_os = "none"))]
pub mod card;
#[cfg(target_os = "none")]
pub mod drivers;
pub mod duration;
#[cfg(not(target_os = "none"))]
pub mod flat;
#[cfg(not(target_os = "none"))]
pub mod image;
#[cfg(target_os = "none")]
pub mod kernel;
pub mod line;
pub mod ram;
pub mod settings;
#[cfg(not(target_os = "none"))]
pub mod table;

/// Makes a binary the kernel of a board; the argument is its `Board`. On a host the binary is empty.
///
/// `arch`, `board` and `drivers` are in scope of the argument.
#[cfg(target_os = "none")]
#[macro_export]
macro_rules! board {
    ($board:expr) => {
        #[allow(unused_imports, reason = "a board names what it has")]
        use $crate::{arch::*, board::*, drivers::*};

        static BOARD: Board = $board;

        /// What `bootable` on the host knows a kernel by, also a flat one.
        static MARK: &str = concat!("\0wasi-interp kernel: ", env!("CARGO_BIN_NAME"), "\n");

        #[unsafe(no_mangle)]
        extern "C" fn kernel_entry(device_tree: usize) -> ! {
            // Or the compiler would leave it out.
            core::hint::black_box(MARK);
            $crate::kernel::main(&BOARD, device_tree)
        }
    };
}

/// Makes a binary the kernel of a board; on a host it is empty.
#[cfg(not(target_os = "none"))]
#[macro_export]
macro_rules! board {
    ($($board:tt)*) => {
        fn main() {}
    };
}
