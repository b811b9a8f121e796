//! What the kernel does about its own failures: a panic, a processor exception, an exhausted heap.

use core::panic::PanicInfo;

use super::{console, power};
use crate::arch::Exception;

const KERNEL_FAILED: u8 = 101;

#[unsafe(no_mangle)]
fn kernel_exception(exception: &Exception) -> ! {
    if !power::ending() {
        let Exception {
            cause,
            code,
            pc,
            address,
        } = exception;
        console::print(format_args!(
            "kernel: {cause} (cause {code:#x}) at pc {pc:#x}, address {address:#x}\n"
        ));
    }
    power::off(KERNEL_FAILED)
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    // The compiler always knows the place.
    if let Some(location) = info.location() {
        console::print(format_args!("kernel: panic at {location}\n"));
    }
    // What nobody prints is not linked: 10 KB of texts and of code that formats values.
    if cfg!(feature = "panic-messages") {
        console::print(format_args!("kernel: {}\n", info.message()));
    }
    power::off(KERNEL_FAILED)
}
