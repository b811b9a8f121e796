//! Arm Versatile Express with a Cortex-A9 tile. Source: Motherboard Express µATX (ARM DUI 0447) and CoreTile Express A9x4 (ARM
//! DUI 0448), chapters "Memory map".
#![cfg_attr(target_os = "none", no_std, no_main)]

// SAFETY: the addresses are those of the machine.
boards::board!(unsafe {
    Board {
        name: "vexpress-a9",
        ram: 0x6000_0000..0x6800_0000,
        device_tree: 0,
        memory: None,
        flash: None,
        devices: &[0x1000_0000..0x1010_0000, 0x1e00_0000..0x1e10_0000],
        uart: &Pl011::new(0x1000_9000, 24_000_000),
        timer: &A9Timer::new(0x1e00_0200, 100_000_000),
        wake_up: &Gic::new(0x1e00_1000, 0x1e00_0100, &[27, 37]),
        disk: || {
            static TIMER: A9Timer = unsafe { A9Timer::new(0x1e00_0200, 100_000_000) };
            Pl181::disk(0x1000_5000, 24_000_000, &TIMER)
        },
        wall_clock: Some(|| pl031::seconds(0x1001_7000)),
        random: None,
        exit: semihosting::exit,
        power_off: |_| (),
    }
});
