//! The interpreter as a WebAssembly module: it runs another module, and returns a record of the results.
//!
//! `cargo xtask test wasm32` builds it, and the test `differential` runs it (`tests/tests/differential/wasm32.rs`). On
//! other processors this package is empty.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod bare;
#[cfg(target_arch = "wasm32")]
#[path = "../../tests/differential/ours.rs"]
#[allow(dead_code, reason = "the test has more use for it")]
mod ours;
#[cfg(target_arch = "wasm32")]
#[path = "../../tests/differential/seen.rs"]
#[allow(dead_code, reason = "the test has more use for it")]
mod seen;

#[cfg(target_arch = "wasm32")]
mod exports {
    use alloc::vec;
    use core::slice;

    /// Room for `len` bytes of a module.
    // SAFETY: no other function of this module has the name.
    #[unsafe(no_mangle)]
    extern "C" fn room(len: usize) -> *mut u8 {
        vec![0; len].leak().as_mut_ptr()
    }

    /// Runs the module of `seed`, whose `len` bytes were written to [`room`]. Returns the address and, in the upper half,
    /// the length of the record.
    // SAFETY: no other function of this module has the name.
    #[unsafe(no_mangle)]
    extern "C" fn run(seed: u64, module: *const u8, len: usize) -> u64 {
        // SAFETY: the caller has filled what `room` returned for this length.
        let module = unsafe { slice::from_raw_parts(module, len) };
        let lines = crate::ours::run(seed, module).join("\n").leak();
        (lines.len() as u64) << 32 | lines.as_ptr().expose_provenance() as u64
    }
}
