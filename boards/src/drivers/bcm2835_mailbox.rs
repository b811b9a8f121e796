//! The Raspberry Pi's mailbox: requests to the firmware on the graphics processor.
//!
//! Sources: BCM2835 ARM Peripherals (bus addresses, section 1.2.4); Raspberry Pi firmware wiki, "Accessing mailboxes" and "Mailbox
//! property interface".

use core::{cell::UnsafeCell, ops::Range, ptr};

use super::{Mmio, deadline::Deadline};
use crate::board::Timer;

/// Mailbox 0 is read, mailbox 1 is written.
const READ: usize = 0x00;
const STATUS: usize = 0x18;
const WRITE: usize = 0x20;
const FULL: u32 = 1 << 31;
const EMPTY: u32 = 1 << 30;

const PROPERTIES: u32 = 8;
const REQUEST: u32 = 0;
const ANSWERED: u32 = 0x8000_0000;
const GET_ARM_MEMORY: u32 = 0x0001_0005;
/// The graphics processor's uncached addresses of RAM.
const UNCACHED: u32 = 0xc000_0000;
const ANSWER_MS: u64 = 1000;

/// Size and code, one tag with two words, the end.
const WORDS: usize = 8;

#[repr(C, align(64))]
struct Message(UnsafeCell<[u32; WORDS]>);

// SAFETY: A1 of `arch`: one core, and no interrupt handler, so no two accesses overlap.
unsafe impl Sync for Message {}

static MESSAGE: Message = Message(UnsafeCell::new([0; WORDS]));

/// Returns the RAM of the processor; the rest belongs to the graphics processor. Returns `None` if the firmware does not
/// reply.
///
/// Must be called before the caches are on, because both processors access the message in memory.
///
/// # Safety
/// D1 of [`Mmio`] for `base`, and the caches are off.
#[must_use]
pub unsafe fn memory(base: usize, timer: &'static dyn Timer) -> Option<Range<usize>> {
    // SAFETY: passed on to the caller.
    let registers = unsafe { Mmio::new(base) };
    let message = [4 * WORDS as u32, REQUEST, GET_ARM_MEMORY, 8, 0, 0, 0, 0];
    // SAFETY: nothing else accesses the message. It is written before the firmware receives its address.
    unsafe { ptr::write_volatile(MESSAGE.0.get(), message) };
    let deadline = Deadline::after(timer, ANSWER_MS);
    while registers.read(STATUS) & FULL != 0 {
        if deadline.passed() {
            return None;
        }
    }
    let letter = u32::try_from(MESSAGE.0.get() as usize).ok()? | UNCACHED | PROPERTIES;
    barrier();
    registers.write(WRITE, letter);
    loop {
        while registers.read(STATUS) & EMPTY != 0 {
            if deadline.passed() {
                return None;
            }
        }
        if registers.read(READ) == letter {
            break;
        }
    }
    barrier();
    // SAFETY: the firmware has replied, and no longer accesses the message.
    let [_, code, _, _, _, start, size, _] = unsafe { ptr::read_volatile(MESSAGE.0.get()) };
    let (start, size) = (start as usize, size as usize);
    (code == ANSWERED && size > 0).then_some(start..start.checked_add(size)?)
}

/// Keeps accesses to memory and to the mailbox in order.
fn barrier() {
    #[cfg(any(target_arch = "arm", target_arch = "aarch64"))]
    // SAFETY: a barrier has no other effect.
    unsafe {
        core::arch::asm!("dsb sy", options(nostack, preserves_flags));
    }
}
