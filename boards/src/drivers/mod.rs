//! Device drivers, one file for each device. Registers have the names of the data sheet that the first lines of each file
//! cite.
//!
//! Drivers poll. Input and time, which can take long, wake the core by an interrupt that is never taken (see `arch`). No
//! driver allocates after its start.

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
