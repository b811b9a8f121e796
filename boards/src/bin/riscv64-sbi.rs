//! Any 64-bit RISC-V board with RAM at 0x8000_0000 and SBI firmware, such as U-Boot with OpenSBI.
//!
//! It uses the firmware's console, the device tree's memory and clock, and a disk that the boot loader loads into memory:
//! `booti KERNEL DISK:SIZE DEVICE_TREE`. The program's changes are lost at power-off.
#![cfg_attr(target_os = "none", no_std, no_main)]

boards::board!(Board {
    name: "riscv64-sbi",
    ram: 0x8000_0000..0x8200_0000,
    device_tree: 0,
    memory: None,
    flash: None,
    devices: &[],
    uart: &SbiConsole,
    timer: &TimeCsr { hertz: 0 },
    wake_up: &Polled,
    disk: || Err(DiskError::NoDevice),
    wall_clock: None,
    random: None,
    exit: semihosting::exit,
    power_off: |status| sbi::shutdown(status != 0),
});
