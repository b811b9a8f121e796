//! Assigns devices to the pins of a Raspberry Pi. Source: BCM2835 ARM Peripherals, section 6.1.

use core::ops::RangeInclusive;

use super::{Mmio, deadline::pause};
use crate::board::{Timer, Uart};

const GPFSEL: usize = 0x00;
const GPPUD: usize = 0x94;
const GPPUDCLK: usize = 0x98;

/// A pin's alternate function. The register numbers them in its own order.
#[derive(Clone, Copy)]
pub enum Function {
    /// The first: on pins 14 and 15 the PL011 UART.
    Alt0 = 0b100,
    /// The fourth: on pins 48 to 53 the SDHCI controller.
    Alt3 = 0b111,
}

/// The setting of a pin's resistor.
#[derive(Clone, Copy)]
pub enum Pull {
    /// Off: the other side drives the line.
    Off = 0,
    /// Pulls the line up.
    Up = 2,
}

/// Assigns pins to a device, and sets their resistors.
///
/// # Safety
/// D1 of [`Mmio`] for `base`.
pub unsafe fn connect(
    base: usize,
    pins: RangeInclusive<usize>,
    function: Function,
    pull: Pull,
    timer: &dyn Timer,
) {
    // SAFETY: passed on to the caller.
    let registers = unsafe { Mmio::new(base) };
    for pin in pins {
        let (select, shift) = (GPFSEL + pin / 10 * 4, pin % 10 * 3);
        let others = registers.read(select) & !(0b111 << shift);
        registers.write(select, others | (function as u32) << shift);
        // The description of GPPUDCLK requires 150 cycles of the core clock after each step.
        registers.write(GPPUD, pull as u32);
        pause(timer, 2);
        registers.write(GPPUDCLK + pin / 32 * 4, 1 << (pin % 32));
        pause(timer, 2);
        registers.write(GPPUD, 0);
        registers.write(GPPUDCLK + pin / 32 * 4, 0);
    }
}

/// A serial port on pins 14 (transmitted data) and 15 (received data), its first alternate function.
///
/// Firmware assigns these pins to the port only if `config.txt` requests it.
pub struct OnPins14And15<U> {
    base: usize,
    port: U,
    timer: &'static dyn Timer,
}

impl<U: Uart> OnPins14And15<U> {
    /// `base` is the address of the pins' registers.
    ///
    /// # Safety
    /// D1 of [`Mmio`] for `base`.
    #[must_use]
    pub const unsafe fn new(base: usize, port: U, timer: &'static dyn Timer) -> Self {
        Self { base, port, timer }
    }
}

impl<U: Uart> Uart for OnPins14And15<U> {
    fn start(&self) {
        // SAFETY: D1, by `new`.
        unsafe { connect(self.base, 14..=15, Function::Alt0, Pull::Off, self.timer) };
        self.port.start();
    }

    fn put(&self, byte: u8) -> bool {
        self.port.put(byte)
    }

    fn get(&self) -> Option<u8> {
        self.port.get()
    }
}
