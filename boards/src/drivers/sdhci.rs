//! The standard SD host controller. Source: SD Specifications, Part A2, SD Host Controller Simplified Specification 4.20,
//! chapter 2; and for the Raspberry Pi's, BCM2835 ARM Peripherals, chapter 5.
//!
//! Only 32-bit accesses are used, as the BCM2835 requires. Data pass through the buffer port, so no memory is shared with
//! the device.

use alloc::boxed::Box;

use super::{
    Mmio,
    deadline::pause,
    sd::{Awaited, Bus, Card, Controller, IDENTIFICATION_CLOCK, Response},
};
use crate::board::{Disk, DiskError, SECTOR, Timer};

const BLOCK_SIZE_COUNT: usize = 0x04;
const ARGUMENT: usize = 0x08;
const COMMAND_MODE: usize = 0x0c;
const RESPONSE: usize = 0x10;
const DATA: usize = 0x20;
const PRESENT_STATE: usize = 0x24;
const HOST_POWER: usize = 0x28;
const CLOCK_TIMEOUT_RESET: usize = 0x2c;
const INTERRUPT_STATUS: usize = 0x30;
const INTERRUPT_STATUS_ENABLE: usize = 0x34;
const INTERRUPT_SIGNAL_ENABLE: usize = 0x38;
const CAPABILITIES: usize = 0x40;

const MODE_COUNT: u32 = 1 << 1;
const MODE_AUTO_STOP: u32 = 1 << 2;
const MODE_READ: u32 = 1 << 4;
const MODE_MULTIPLE: u32 = 1 << 5;
const COMMAND_DATA: u32 = 1 << 21;
const STATE_INHIBIT: u32 = 0b11;
const HOST_4_BITS: u32 = 1 << 1;
const POWER_3_3_VOLT: u32 = 0x0f << 8;
const CLOCK_INTERNAL: u32 = 1 << 0;
const CLOCK_STABLE: u32 = 1 << 1;
const CLOCK_CARD: u32 = 1 << 2;
const LONGEST_TIMEOUT: u32 = 0xe << 16;
const RESET_ALL: u32 = 1 << 24;
const RESET_LINES: u32 = 0b11 << 25;
const COMMAND_COMPLETE: u32 = 1 << 0;
const TRANSFER_COMPLETE: u32 = 1 << 1;
const WRITE_READY: u32 = 1 << 4;
const READ_READY: u32 = 1 << 5;
const ERRORS: u32 = 0xffff_8000;

const FULL_CLOCK: u32 = 25_000_000;

/// A controller with its slot.
pub struct Sdhci {
    controller: Controller,
    registers: Mmio,
    timer: &'static dyn Timer,
    /// The base frequency of the card's clock, in hertz.
    base_clock: u32,
    /// Microseconds between two register writes.
    gap: u64,
}

impl Sdhci {
    /// Initialises the controller and identifies the card. `base_clock` is used if the controller does not report its own.
    ///
    /// # Safety
    /// D1 of [`Mmio`] for `base`.
    pub unsafe fn disk(
        base: usize,
        base_clock: u32,
        timer: &'static dyn Timer,
    ) -> Result<Box<dyn Disk>, DiskError> {
        // SAFETY: passed on to the caller.
        let registers = unsafe { Mmio::new(base) };
        let megahertz = registers.read(CAPABILITIES) >> 8 & 0xff;
        let base_clock = if megahertz == 0 {
            base_clock
        } else {
            megahertz * 1_000_000
        };
        let mut host = Self {
            controller: Controller { registers, timer },
            registers,
            timer,
            base_clock,
            gap: 0,
        };
        host.set(CLOCK_TIMEOUT_RESET, RESET_ALL);
        host.wait_while(CLOCK_TIMEOUT_RESET, RESET_ALL, "a reset")?;
        host.set(HOST_POWER, POWER_3_3_VOLT);
        host.set_clock(IDENTIFICATION_CLOCK)?;
        host.set(INTERRUPT_STATUS_ENABLE, u32::MAX);
        host.set(INTERRUPT_SIGNAL_ENABLE, 0);
        pause(timer, 1000);
        Card::start(host, timer)
    }

    /// The BCM2835's controller may lose a write that follows another within two cycles of the card's clock.
    fn set(&self, register: usize, value: u32) {
        self.registers.write(register, value);
        pause(self.timer, self.gap);
    }

    /// The clock must stop while its divisor changes (chapter 3.2).
    fn set_clock(&mut self, hertz: u32) -> Result<(), DiskError> {
        let divisor = self.base_clock.div_ceil(2 * hertz).min(0x3ff);
        let bits = (divisor & 0xff) << 8 | (divisor >> 8) << 6 | LONGEST_TIMEOUT;
        self.set(CLOCK_TIMEOUT_RESET, LONGEST_TIMEOUT);
        self.gap = u64::from(2_000_000u32.div_ceil(hertz));
        self.set(CLOCK_TIMEOUT_RESET, bits | CLOCK_INTERNAL);
        let is_stable = |clock| clock & CLOCK_STABLE != 0;
        let awaited = Awaited::Transfer("a change of the clock");
        self.controller
            .wait_until(CLOCK_TIMEOUT_RESET, is_stable, awaited)?;
        self.set(CLOCK_TIMEOUT_RESET, bits | CLOCK_INTERNAL | CLOCK_CARD);
        Ok(())
    }

    fn wait_while(
        &self,
        register: usize,
        bits: u32,
        operation: &'static str,
    ) -> Result<(), DiskError> {
        let is_over = |value| value & bits == 0;
        let awaited = Awaited::Transfer(operation);
        self.controller.wait_until(register, is_over, awaited)?;
        Ok(())
    }

    /// Waits for bits of the interrupt status, and clears them. An error resets the command and data lines (chapter 3.10).
    fn wait_for(&self, bits: u32, awaited: Awaited) -> Result<(), DiskError> {
        let waited = self
            .controller
            .wait_for(INTERRUPT_STATUS, bits, ERRORS, awaited);
        if waited.is_ok() {
            self.set(INTERRUPT_STATUS, bits);
        } else {
            self.set(INTERRUPT_STATUS, u32::MAX);
            let clock = self.registers.read(CLOCK_TIMEOUT_RESET);
            self.set(CLOCK_TIMEOUT_RESET, clock | RESET_LINES);
            let _ = self.wait_while(CLOCK_TIMEOUT_RESET, RESET_LINES, "a reset of the lines");
        }
        waited
    }

    fn send(&self, index: u8, argument: u32, flags: u32) -> Result<(), DiskError> {
        self.wait_while(PRESENT_STATE, STATE_INHIBIT, "the end of a command")?;
        self.set(INTERRUPT_STATUS, u32::MAX);
        self.set(ARGUMENT, argument);
        self.set(COMMAND_MODE, u32::from(index) << 24 | flags);
        self.wait_for(COMMAND_COMPLETE, Awaited::Command(index))
    }

    fn start_transfer(
        &self,
        index: u8,
        argument: u32,
        len: usize,
        mode: u32,
    ) -> Result<(), DiskError> {
        let count = len / SECTOR;
        let multiple = if count > 1 {
            MODE_MULTIPLE | MODE_AUTO_STOP | MODE_COUNT
        } else {
            0
        };
        self.wait_while(PRESENT_STATE, STATE_INHIBIT, "the end of a command")?;
        self.set(BLOCK_SIZE_COUNT, (count as u32) << 16 | SECTOR as u32);
        self.send(
            index,
            argument,
            COMMAND_DATA | flags(Response::Short) | mode | multiple,
        )
    }
}

/// Bits 16 to 20 of the command register: the length of the response, and the checks on it (chapter 2.2.6).
fn flags(response: Response) -> u32 {
    const CHECKED: u32 = 0b11 << 19;
    match response {
        Response::None => 0,
        Response::Long => 1 << 16 | 1 << 19,
        Response::ShortUnchecked => 2 << 16,
        Response::Short => 2 << 16 | CHECKED,
        Response::ShortBusy => 3 << 16 | CHECKED,
    }
}

impl Bus for Sdhci {
    fn command(&mut self, index: u8, argument: u32, response: Response) -> Result<u128, DiskError> {
        self.send(index, argument, flags(response))?;
        if response == Response::ShortBusy {
            self.wait_for(TRANSFER_COMPLETE, Awaited::Command(index))?;
        }
        let words = self.controller.response(RESPONSE);
        match response {
            Response::None => Ok(0),
            // The controller has removed the checksum, bits 0 to 7.
            Response::Long => {
                Ok((words[3] << 96 | words[2] << 64 | words[1] << 32 | words[0]) << 8)
            }
            _ => Ok(words[0]),
        }
    }

    fn read(&mut self, index: u8, argument: u32, buf: &mut [u8]) -> Result<(), DiskError> {
        let awaited = Awaited::Transfer("a read");
        self.start_transfer(index, argument, buf.len(), MODE_READ)?;
        for block in buf.chunks_exact_mut(SECTOR) {
            self.wait_for(READ_READY, awaited)?;
            self.controller.take(DATA, block);
        }
        self.wait_for(TRANSFER_COMPLETE, awaited)
    }

    fn write(&mut self, index: u8, argument: u32, buf: &[u8]) -> Result<(), DiskError> {
        let awaited = Awaited::Transfer("a write");
        self.start_transfer(index, argument, buf.len(), 0)?;
        for block in buf.chunks_exact(SECTOR) {
            self.wait_for(WRITE_READY, awaited)?;
            self.controller.give(DATA, block);
        }
        self.wait_for(TRANSFER_COMPLETE, awaited)
    }

    fn full_speed(&mut self, wide: bool) -> Result<(), DiskError> {
        self.set_clock(FULL_CLOCK)?;
        if wide {
            self.set(HOST_POWER, POWER_3_3_VOLT | HOST_4_BITS);
        }
        Ok(())
    }

    fn is_wide(&self) -> bool {
        true
    }

    fn longest(&self) -> usize {
        0xffff
    }
}
