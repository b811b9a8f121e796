//! Kernels that boot Go programs on bare boards: no operating system, a FAT disk, a serial console.
//!
//! A board is a binary of its own, `src/bin/BOARD.rs`: a value of `Board` that names addresses and drivers, and an entry
//! in `card/boards.toml` with the way it is built, packed and run. `cargo xtask board` does all three.
//!
//! On a host the binaries are empty, and the library is two files that need no board and have their tests there: `line` and `ram`. The crate
//! `card` writes cards for kernels, and the crate `settings` is what both know of a card.
//!
//! Reading order: `board` (the description of a machine), `src/bin/aarch64-virt.rs` (one board), `kernel` (from the console
//! to the program's exit), `arch` (differences between processors), `drivers`.

#![cfg_attr(target_os = "none", no_std)]

extern crate alloc;

#[cfg(target_os = "none")]
pub mod arch;
#[cfg(target_os = "none")]
pub mod board;
#[cfg(target_os = "none")]
pub mod drivers;
#[cfg(target_os = "none")]
pub mod kernel;
pub mod line;
pub mod ram;

/// Makes a binary the kernel of a board. The argument is its `Board`. On a host, the binary is empty.
///
/// `arch`, `board` and `drivers` are in scope of the argument.
#[cfg(target_os = "none")]
#[macro_export]
macro_rules! board {
    ($board:expr) => {
        #[allow(unused_imports, reason = "a board names what it has")]
        use $crate::{arch::*, board::*, drivers::*};

        static BOARD: Board = $board;

        /// The mark by which tools know a kernel among files, also a flat one: `kernel.rs` of the crate `card`.
        static MARK: &str = concat!("\0wasi-interp kernel: ", env!("CARGO_BIN_NAME"), "\n");

        #[unsafe(no_mangle)]
        extern "C" fn kernel_entry(device_tree: usize) -> ! {
            // Otherwise the compiler would remove it.
            core::hint::black_box(MARK);
            $crate::kernel::main(&BOARD, device_tree)
        }
    };
}

/// Makes a binary the kernel of a board. On a host it is empty.
#[cfg(not(target_os = "none"))]
#[macro_export]
macro_rules! board {
    ($($board:tt)*) => {
        fn main() {}
    };
}
