//! QEMU's exit device on `virt`. Source: SiFive FU540-C000 "test finisher", QEMU `hw/misc/sifive_test.c`.

use super::Mmio;

const PASS: u32 = 0x5555;
const FAIL: u32 = 0x3333;

/// Ends the emulator with `status`.
///
/// # Safety
/// D1 of [`Mmio`] for `base`.
pub unsafe fn exit(base: usize, status: u8) {
    let value = if status == 0 {
        PASS
    } else {
        u32::from(status) << 16 | FAIL
    };
    // SAFETY: passed on to the caller.
    unsafe { Mmio::new(base) }.write(0, value);
}
