//! Calls to the firmware: RISC-V Supervisor Binary Interface 2.0.

use core::arch::asm;

const TIME: usize = 0x5449_4d45;
const SYSTEM_RESET: usize = 0x5352_5354;
const PUT_BYTE: usize = 1;
const GET_BYTE: usize = 2;

/// Raises the timer interrupt at `ticks` of the `time` CSR, and clears one that is pending (chapter 6).
pub fn set_timer(ticks: u64) {
    call(TIME, 0, ticks as usize, 0);
}

/// Switches the machine off. Returns if the firmware cannot do that (chapter 10). The reason distinguishes "shut down" from
/// "failed".
pub fn shutdown(failed: bool) {
    call(SYSTEM_RESET, 0, 0, usize::from(failed));
}

/// Writes a byte to the firmware's console (chapter 5, "Console Putchar").
pub fn put_byte(byte: u8) {
    call(PUT_BYTE, 0, usize::from(byte), 0);
}

/// Reads a byte from the firmware's console, if one is available (chapter 5, "Console Getchar").
#[must_use]
pub fn get_byte() -> Option<u8> {
    u8::try_from(call(GET_BYTE, 0, 0, 0)).ok()
}

/// Returns `a0`: an error number, or the result of the two console calls.
fn call(extension: usize, function: usize, a0: usize, a1: usize) -> isize {
    let result: isize;
    // SAFETY: the calls above pass numbers, not addresses. The firmware preserves all registers except a0 and a1 (chapter
    // 3).
    unsafe {
        asm!("ecall", inlateout("a0") a0 => result, inlateout("a1") a1 => _, in("a6") function, in("a7") extension,
            options(nostack));
    }
    result
}
