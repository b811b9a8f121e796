//! QEMU's `virt` machine with a 64-bit RISC-V core, above OpenSBI. Source: QEMU `hw/riscv/virt.c`, table `virt_memmap`.
#![cfg_attr(target_os = "none", no_std, no_main)]

// SAFETY: the addresses are those of the machine.
boards::board!(unsafe {
    Board {
        name: "riscv64-virt",
        ram: 0x8000_0000..0x8200_0000,
        device_tree: 0,
        memory: None,
        flash: Some(0x2200_0000..0x2400_0000),
        devices: &[],
        uart: &Ns16550::new(0x1000_0000, 0),
        timer: &TimeCsr { hertz: 10_000_000 },
        wake_up: &Plic::new(0x0c00_0000, |hart| 2 * hart + 1, 10),
        disk: || Slots::new(0x1000_1000, 0x1000, 8, &TimeCsr { hertz: 10_000_000 }).disk(),
        wall_clock: Some(|| goldfish_rtc::seconds(0x10_1000)),
        random: Some(|buf| {
            Slots::new(0x1000_1000, 0x1000, 8, &TimeCsr { hertz: 10_000_000 }).random(buf)
        }),
        exit: |status| sifive_test::exit(0x10_0000, status),
        power_off: |status| sbi::shutdown(status != 0),
    }
});
