//! Passes the exit status to a debugger or QEMU (`-semihosting`). Source: Semihosting for AArch32 and AArch64 2.0,
//! `SYS_EXIT`.

/// Ends the machine with `status`. Without a debugger, the instruction raises an exception.
pub fn exit(status: u8) {
    semihosting::process::exit(i32::from(status));
}
