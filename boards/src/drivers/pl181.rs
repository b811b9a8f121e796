//! Arm PrimeCell Multimedia Card Interface. Source: PL180/PL181 Technical Reference Manual (ARM DDI 0205), chapter 3.

use alloc::boxed::Box;

use super::{
    Mmio,
    sd::{Awaited, Bus, Card, Controller, IDENTIFICATION_CLOCK, Response},
};
use crate::board::{Disk, DiskError, SECTOR, Timer};

const POWER: usize = 0x00;
const CLOCK: usize = 0x04;
const ARGUMENT: usize = 0x08;
const COMMAND: usize = 0x0c;
const RESPONSE: usize = 0x14;
const DATA_TIMER: usize = 0x24;
const DATA_LENGTH: usize = 0x28;
const DATA_CONTROL: usize = 0x2c;
const STATUS: usize = 0x34;
const CLEAR: usize = 0x38;
const FIFO: usize = 0x80;

const POWER_ON: u32 = 0b11;
const CLOCK_ENABLE: u32 = 1 << 8;
const COMMAND_ENABLE: u32 = 1 << 10;
const COMMAND_RESPONSE: u32 = 1 << 6;
const COMMAND_LONG: u32 = 1 << 7;
const DATA_ENABLE: u32 = 1 << 0;
const DATA_FROM_CARD: u32 = 1 << 1;
/// The block length as a power of two, in bits 4 to 7.
const DATA_BLOCK: u32 = SECTOR.ilog2() << 4;

const COMMAND_CRC_FAIL: u32 = 1 << 0;
const COMMAND_TIMEOUT: u32 = 1 << 2;
const COMMAND_RESPONDED: u32 = 1 << 6;
const COMMAND_SENT: u32 = 1 << 7;
const DATA_ERRORS: u32 = 1 << 1 | 1 << 3 | 1 << 4 | 1 << 5;
const DATA_END: u32 = 1 << 8;
const TRANSMIT_FULL: u32 = 1 << 16;
const RECEIVE_AVAILABLE: u32 = 1 << 21;

const STOP_TRANSMISSION: u8 = 12;
const FULL_CLOCK: u32 = 12_000_000;

/// The controller with its slot.
pub struct Pl181 {
    controller: Controller,
    registers: Mmio,
    clock: u32,
}

impl Pl181 {
    /// Initialises the controller and identifies the card. `clock` is MCLK in hertz.
    ///
    /// # Safety
    /// D1 of [`Mmio`] for `base`.
    pub unsafe fn disk(
        base: usize,
        clock: u32,
        timer: &'static dyn Timer,
    ) -> Result<Box<dyn Disk>, DiskError> {
        // SAFETY: passed on to the caller.
        let registers = unsafe { Mmio::new(base) };
        let host = Self {
            controller: Controller { registers, timer },
            registers,
            clock,
        };
        registers.write(POWER, POWER_ON);
        host.set_clock(IDENTIFICATION_CLOCK);
        registers.write(DATA_TIMER, u32::MAX);
        Card::start(host, timer)
    }

    /// MCLK / (2 * (divisor + 1)).
    fn set_clock(&self, hertz: u32) {
        let divisor = self.clock.div_ceil(2 * hertz).saturating_sub(1).min(0xff);
        self.registers.write(CLOCK, CLOCK_ENABLE | divisor);
    }

    /// Waits for a part of a transfer.
    fn wait_for_data(&self, done: u32, operation: &'static str) -> Result<(), DiskError> {
        let awaited = Awaited::Transfer(operation);
        self.controller.wait_for(STATUS, done, DATA_ERRORS, awaited)
    }

    fn start_transfer(&mut self, len: usize, direction: u32) {
        self.registers.write(CLEAR, u32::MAX);
        self.registers.write(DATA_LENGTH, len as u32);
        self.registers
            .write(DATA_CONTROL, DATA_ENABLE | DATA_BLOCK | direction);
    }

    fn end_transfer(&mut self, len: usize) -> Result<(), DiskError> {
        let ended = self.wait_for_data(DATA_END, "the end of a transfer");
        self.registers.write(DATA_CONTROL, 0);
        if len > SECTOR || ended.is_err() {
            self.command(STOP_TRANSMISSION, 0, Response::ShortBusy)?;
        }
        ended
    }
}

impl Bus for Pl181 {
    fn command(&mut self, index: u8, argument: u32, response: Response) -> Result<u128, DiskError> {
        let (flags, done) = match response {
            Response::None => (0, COMMAND_SENT),
            Response::Long => (COMMAND_RESPONSE | COMMAND_LONG, COMMAND_RESPONDED),
            // R3 has no checksum, which the controller reports as a wrong checksum.
            Response::ShortUnchecked => (COMMAND_RESPONSE, COMMAND_RESPONDED | COMMAND_CRC_FAIL),
            Response::Short | Response::ShortBusy => (COMMAND_RESPONSE, COMMAND_RESPONDED),
        };
        self.registers.write(CLEAR, u32::MAX);
        self.registers.write(ARGUMENT, argument);
        self.registers
            .write(COMMAND, COMMAND_ENABLE | flags | u32::from(index));
        self.wait_for_command(index, done)?;
        let words = self.controller.response(RESPONSE);
        match response {
            Response::None => Ok(0),
            Response::Long => Ok(words[0] << 96 | words[1] << 64 | words[2] << 32 | words[3]),
            _ => Ok(words[0]),
        }
    }

    fn read(&mut self, index: u8, argument: u32, buf: &mut [u8]) -> Result<(), DiskError> {
        self.start_transfer(buf.len(), DATA_FROM_CARD);
        self.command_with_data(index, argument)?;
        for word in buf.chunks_exact_mut(4) {
            self.wait_for_data(RECEIVE_AVAILABLE, "a read")?;
            self.controller.take(FIFO, word);
        }
        self.end_transfer(buf.len())
    }

    fn write(&mut self, index: u8, argument: u32, buf: &[u8]) -> Result<(), DiskError> {
        self.command_with_data(index, argument)?;
        self.start_transfer(buf.len(), 0);
        for word in buf.chunks_exact(4) {
            let awaited = Awaited::Transfer("a write");
            let is_over = |status| status & TRANSMIT_FULL == 0 || status & DATA_ERRORS != 0;
            let status = self.controller.wait_until(STATUS, is_over, awaited)?;
            if status & TRANSMIT_FULL != 0 {
                return Err(awaited.failed(status));
            }
            self.controller.give(FIFO, word);
        }
        self.end_transfer(buf.len())
    }

    fn full_speed(&mut self, _wide: bool) -> Result<(), DiskError> {
        self.set_clock(FULL_CLOCK);
        Ok(())
    }

    fn is_wide(&self) -> bool {
        false
    }

    /// The length register has 16 bits.
    fn longest(&self) -> usize {
        0xffff / SECTOR
    }
}

impl Pl181 {
    /// Sends a command while data are being transferred. The status bits of the data must not be cleared.
    fn command_with_data(&mut self, index: u8, argument: u32) -> Result<(), DiskError> {
        self.registers.write(ARGUMENT, argument);
        self.registers.write(
            COMMAND,
            COMMAND_ENABLE | COMMAND_RESPONSE | u32::from(index),
        );
        self.wait_for_command(index, COMMAND_RESPONDED)
    }

    fn wait_for_command(&self, index: u8, done: u32) -> Result<(), DiskError> {
        let errors = COMMAND_TIMEOUT | COMMAND_CRC_FAIL;
        let awaited = Awaited::Command(index);
        self.controller.wait_for(STATUS, done, errors, awaited)
    }
}
