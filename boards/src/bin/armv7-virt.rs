//! QEMU's `virt` machine with a 32-bit ARM core. Source: QEMU `hw/arm/virt.c`, table `base_memmap`.
#![cfg_attr(target_os = "none", no_std, no_main)]

// SAFETY: the addresses are those of the machine.
boards::board!(unsafe {
    Board {
        name: "armv7-virt",
        ram: 0x4000_0000..0x4800_0000,
        device_tree: 0x4000_0000,
        memory: None,
        flash: Some(0x0400_0000..0x0800_0000),
        devices: &[0x0800_0000..0x0a01_0000],
        uart: &Pl011::new(0x0900_0000, 24_000_000),
        timer: &GenericTimer,
        wake_up: &Gic::new(0x0800_0000, 0x0801_0000, &[27, 33]),
        disk: || Slots::new(0x0a00_0000, 0x200, 32, &GenericTimer).disk(),
        wall_clock: Some(|| pl031::seconds(0x0901_0000)),
        random: Some(|buf| Slots::new(0x0a00_0000, 0x200, 32, &GenericTimer).random(buf)),
        exit: semihosting::exit,
        power_off: |_| (),
    }
});
