//! Microchip PolarFire SoC Icicle Kit, above OpenSBI. Source: PolarFire SoC MSS Technical Reference Manual, memory map and
//! table "PLIC interrupt source mapping".
#![cfg_attr(target_os = "none", no_std, no_main)]

// SAFETY: the addresses are those of the machine.
boards::board!(unsafe {
    Board {
        name: "icicle-kit",
        ram: 0x8000_0000..0x8800_0000,
        device_tree: 0,
        memory: None,
        flash: None,
        devices: &[],
        uart: &Ns16550::new(0x2000_0000, 2),
        timer: &TimeCsr { hertz: 1_000_000 },
        // Hart 0 has no supervisor mode, and so one context less.
        wake_up: &Plic::new(0x0c00_0000, |hart| 2 * hart, 90),
        // The Cadence controller has the standard's registers after 0x200 bytes of its own.
        disk: || Sdhci::disk(0x2000_8200, 200_000_000, &TimeCsr { hertz: 1_000_000 }),
        wall_clock: None,
        random: None,
        exit: semihosting::exit,
        power_off: |status| sbi::shutdown(status != 0),
    }
});
