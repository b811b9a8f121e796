//! HiFive Unleashed, above OpenSBI. Source: SiFive FU540-C000 Manual v1p4, chapter 5 (memory map) and 10 (interrupts).
#![cfg_attr(target_os = "none", no_std, no_main)]

// SAFETY: the addresses are those of the machine.
boards::board!(unsafe {
    Board {
        name: "sifive_u",
        ram: 0x8000_0000..0x8800_0000,
        device_tree: 0,
        memory: None,
        flash: None,
        devices: &[],
        uart: &SifiveUart::new(0x1001_0000),
        timer: &TimeCsr { hertz: 1_000_000 },
        // Hart 0 has no supervisor mode, and so one context less.
        wake_up: &Plic::new(0x0c00_0000, |hart| 2 * hart, 4),
        disk: || {
            SpiCard::disk(
                SifiveSpi::new(0x1005_0000, 500_000_000, &TimeCsr { hertz: 1_000_000 }),
                &TimeCsr { hertz: 1_000_000 },
            )
        },
        wall_clock: None,
        random: None,
        exit: semihosting::exit,
        power_off: |status| sbi::shutdown(status != 0),
    }
});
