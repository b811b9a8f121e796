//! Which device is connected to which pin of a Raspberry Pi. Source: BCM2835 ARM Peripherals, section 6.1.

use core::ops::RangeInclusive;

use super::{Mmio, deadline::pause};
use crate::board::Timer;

const GPFSEL: usize = 0x00;
const GPPUD: usize = 0x94;
const GPPUDCLK: usize = 0x98;
const PULL_UP: u32 = 2;

/// A pin's alternate function: the register has these in an order of its own.
#[derive(Clone, Copy)]
pub enum Function {
    /// The first: on pins 14 and 15 the PL011 UART.
    Alt0 = 0b100,
    /// The fourth: on pins 48 to 53 the SDHCI controller.
    Alt3 = 0b111,
}

/// Gives pins to a device, and pulls them up where `pull_up` says so.
///
/// # Safety
/// D1 of [`Mmio`] for `base`.
pub unsafe fn connect(
    base: usize,
    pins: RangeInclusive<usize>,
    function: Function,
    pull_up: bool,
    timer: &dyn Timer,
) {
    // SAFETY: passed on to the caller.
    let registers = unsafe { Mmio::new(base) };
    for pin in pins {
        let (select, shift) = (GPFSEL + pin / 10 * 4, pin % 10 * 3);
        let others = registers.read(select) & !(0b111 << shift);
        registers.write(select, others | (function as u32) << shift);
        if pull_up {
            // 150 cycles of the core clock after each step, says the description of GPPUDCLK.
            registers.write(GPPUD, PULL_UP);
            pause(timer, 2);
            registers.write(GPPUDCLK + pin / 32 * 4, 1 << (pin % 32));
            pause(timer, 2);
            registers.write(GPPUD, 0);
            registers.write(GPPUDCLK + pin / 32 * 4, 0);
        }
    }
}
