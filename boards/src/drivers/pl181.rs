//! Arm PrimeCell Multimedia Card Interface. Source: PL180/PL181 Technical Reference Manual (ARM DDI 0205), chapter 3.

use alloc::boxed::Box;

use super::{
    Mmio,
    deadline::Deadline,
    sd::{Bus, Card, Response},
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
const IDENTIFICATION_CLOCK: u32 = 400_000;
const FULL_CLOCK: u32 = 12_000_000;
const COMMAND_MS: u64 = 1000;

/// The controller with its slot.
pub struct Pl181 {
    registers: Mmio,
    timer: &'static dyn Timer,
    clock: u32,
}

impl Pl181 {
    /// Starts the controller and identifies the card. `clock` is MCLK in hertz.
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
            registers,
            timer,
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

    /// Waits for a status bit. `operation` and `command` say what is waited for, `failed` makes an error of a status.
    fn wait_for(
        &self,
        bits: u32,
        errors: u32,
        operation: &'static str,
        command: Option<u8>,
        failed: impl Fn(u32) -> DiskError,
    ) -> Result<(), DiskError> {
        let deadline = Deadline::after(self.timer, COMMAND_MS);
        loop {
            let status = self.registers.read(STATUS);
            if status & bits != 0 {
                return Ok(());
            }
            if status & errors != 0 {
                return Err(failed(status));
            }
            if deadline.passed() {
                return Err(no_answer(operation, command));
            }
        }
    }

    fn start_transfer(&mut self, len: usize, direction: u32) {
        self.registers.write(CLEAR, u32::MAX);
        self.registers.write(DATA_LENGTH, len as u32);
        self.registers
            .write(DATA_CONTROL, DATA_ENABLE | DATA_BLOCK | direction);
    }

    fn end_transfer(&mut self, len: usize) -> Result<(), DiskError> {
        let ended = self.wait_for(
            DATA_END,
            DATA_ERRORS,
            "the end of a transfer",
            None,
            DiskError::Transfer,
        );
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
            // R3 has no checksum, which the controller reports as a failure of it.
            Response::ShortUnchecked => (COMMAND_RESPONSE, COMMAND_RESPONDED | COMMAND_CRC_FAIL),
            Response::Short | Response::ShortBusy => (COMMAND_RESPONSE, COMMAND_RESPONDED),
        };
        self.registers.write(CLEAR, u32::MAX);
        self.registers.write(ARGUMENT, argument);
        self.registers
            .write(COMMAND, COMMAND_ENABLE | flags | u32::from(index));
        self.wait_for_command(index, done)?;
        let words = [0, 4, 8, 12].map(|offset| u128::from(self.registers.read(RESPONSE + offset)));
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
            self.wait_for(
                RECEIVE_AVAILABLE,
                DATA_ERRORS,
                "a read",
                None,
                DiskError::Transfer,
            )?;
            word.copy_from_slice(&self.registers.read(FIFO).to_le_bytes());
        }
        self.end_transfer(buf.len())
    }

    fn write(&mut self, index: u8, argument: u32, buf: &[u8]) -> Result<(), DiskError> {
        self.command_with_data(index, argument)?;
        self.start_transfer(buf.len(), 0);
        for word in buf.chunks_exact(4) {
            let deadline = Deadline::after(self.timer, COMMAND_MS);
            while self.registers.read(STATUS) & TRANSMIT_FULL != 0 {
                let status = self.registers.read(STATUS);
                if status & DATA_ERRORS != 0 {
                    return Err(DiskError::Transfer(status));
                }
                if deadline.passed() {
                    return Err(no_answer("a write", None));
                }
            }
            self.registers.write(
                FIFO,
                u32::from_le_bytes([word[0], word[1], word[2], word[3]]),
            );
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
    /// A command whose data are under way: the status bits of the data must not be cleared.
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
        self.wait_for(done, errors, "card command", Some(index), |status| {
            DiskError::Command {
                command: index,
                status,
            }
        })
    }
}

fn no_answer(operation: &'static str, command: Option<u8>) -> DiskError {
    DiskError::NoAnswer {
        device: "SD controller",
        operation,
        command,
        seconds: COMMAND_MS / 1000,
    }
}
