//! Raspberry Pi 2, 32-bit. Source: BCM2835 ARM Peripherals (its addresses 0x7e…… are 0x3f…… here), "ARM Quad A7 core".
#![cfg_attr(target_os = "none", no_std, no_main)]

// SAFETY: the addresses are those of the machine.
boards::board!(unsafe {
    Board {
        name: "raspi2b",
        ram: 0..0x1000_0000,
        device_tree: 0,
        memory: Some(|| bcm2835_mailbox::memory(0x3f00_b880, &GenericTimer)),
        flash: None,
        devices: &[0x3f00_0000..0x4020_0000],
        uart: &bcm2835_gpio::OnPins14And15::new(
            0x3f20_0000,
            Pl011::new(0x3f20_1000, 48_000_000),
            &GenericTimer,
        ),
        timer: &GenericTimer,
        wake_up: &Bcm2836::new(0x3f00_b000, 0x4000_0000),
        disk: || {
            bcm2835_gpio::connect(
                0x3f20_0000,
                48..=53,
                bcm2835_gpio::Function::Alt3,
                bcm2835_gpio::Pull::Up,
                &GenericTimer,
            );
            Sdhci::disk(0x3f30_0000, 250_000_000, &GenericTimer)
        },
        wall_clock: None,
        random: Some(|buf| bcm2835_rng::random(0x3f10_4000, &GenericTimer, buf)),
        exit: semihosting::exit,
        power_off: |_| (),
    }
});
