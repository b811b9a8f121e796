//! Power control by firmware: Arm Power State Coordination Interface (ARM DEN 0022), `SYSTEM_OFF`.

use core::arch::asm;

/// The instruction that calls a machine's firmware.
#[derive(Clone, Copy)]
pub enum Conduit {
    /// By `hvc`: a hypervisor, QEMU's `virt` machine among them.
    Hvc,
    /// By `smc`: Trusted Firmware at EL3.
    Smc,
}

/// Switches the machine off. Returns if the firmware does not know the call.
pub fn system_off(conduit: Conduit) {
    const SYSTEM_OFF: u64 = 0x8400_0008;
    // SAFETY: the call ends the machine or returns an error in x0; SMCCC allows it to change x0 to x17 only.
    unsafe {
        match conduit {
            Conduit::Hvc => {
                asm!("hvc #0", inout("x0") SYSTEM_OFF => _, clobber_abi("C"), options(nostack))
            }
            Conduit::Smc => {
                asm!("smc #0", inout("x0") SYSTEM_OFF => _, clobber_abi("C"), options(nostack))
            }
        }
    }
}
