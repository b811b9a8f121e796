//! The handling of the kernel's own failures: a panic, a processor exception, an exhausted heap.

use core::panic::PanicInfo;
use core::sync::atomic::{AtomicBool, Ordering};

use super::{console, guest, memory, power};
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

/// The file of the standard library that panics when an infallible allocation fails.
const ALLOCATION: &str = "alloc/src/alloc.rs";

/// Whether the kernel has panicked before. In that case, ending the machine has failed, too.
static FAILED: AtomicBool = AtomicBool::new(false);

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    let again = FAILED.swap(true, Ordering::Relaxed);
    let place = info.location().map_or("", |location| location.file());
    if !again && place.ends_with(ALLOCATION) && memory::has_shortage() {
        power::off(guest::out_of_memory());
    }
    // The compiler always provides the location.
    if let Some(location) = info.location() {
        console::print(format_args!("kernel: panic at {location}\n"));
    }
    // Unused messages are not linked: 10 KB of text and of code that formats values.
    if cfg!(feature = "panic-messages") {
        console::print(format_args!("kernel: {}\n", info.message()));
    }
    power::off(KERNEL_FAILED)
}
