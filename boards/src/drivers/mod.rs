//! Device drivers: each file one device, its registers by the names of the data sheet that its first lines cite.
//!
//! Drivers poll. What a machine must wait for long, input and time, wakes the core by an interrupt that nobody takes
//! (see `arch`). No driver allocates after it has started.

mod a9_timer;
pub mod bcm2835_gpio;
pub mod bcm2835_mailbox;
pub mod bcm2835_rng;
mod bcm2836;
mod deadline;
mod gic;
pub mod goldfish_rtc;
mod mmio;
mod ns16550;
mod pl011;
pub mod pl031;
mod pl181;
#[cfg(target_arch = "riscv64")]
mod plic;
#[cfg(target_arch = "riscv64")]
mod sbi_console;
mod sd;
mod sd_spi;
mod sdhci;
pub mod semihosting;
mod sifive_spi;
pub mod sifive_test;
mod sifive_uart;
mod virtio;
mod virtio_queue;

#[cfg(target_arch = "riscv64")]
pub use plic::Plic;
#[cfg(target_arch = "riscv64")]
pub use sbi_console::SbiConsole;
pub use {
    a9_timer::A9Timer,
    bcm2836::Bcm2836,
    gic::Gic,
    mmio::Mmio,
    ns16550::Ns16550,
    pl011::Pl011,
    pl181::Pl181,
    sd_spi::{Spi, SpiCard},
    sdhci::Sdhci,
    sifive_spi::SifiveSpi,
    sifive_uart::SifiveUart,
    virtio::Slots,
};
