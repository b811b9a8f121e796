//! SD memory cards in SPI mode. Source: SD Specifications, Part 1, Physical Layer Simplified Specification 9.10, chapter 7.
//!
//! The card is selected from a command to the end of its data. Eight clocks after that let it finish.

use alloc::boxed::Box;

use super::{deadline::Deadline, sd::capacity};
use crate::board::{Disk, DiskError, SECTOR, Timer};

/// A serial bus with one select line.
pub trait Spi {
    /// Sends a byte and receives one. If the controller is stuck, returns 0xff, like a card that does not respond.
    fn exchange(&mut self, byte: u8) -> u8;
    /// Returns whether the controller failed to transfer a byte within a second. Later transfers do not wait.
    fn is_stuck(&self) -> bool;
    /// Pulls the select line low, or releases it.
    fn select(&mut self, selected: bool);
    /// Sets the maximum clock.
    fn set_clock(&mut self, hertz: u32);
}

const GO_IDLE: u8 = 0;
const SEND_IF_COND: u8 = 8;
const SEND_CSD: u8 = 9;
const STOP_TRANSMISSION: u8 = 12;
const SET_BLOCK_LENGTH: u8 = 16;
const READ_MULTIPLE: u8 = 18;
const WRITE_MULTIPLE: u8 = 25;
const APPLICATION: u8 = 55;
const READ_OCR: u8 = 58;
const ACMD_SEND_OP_COND: u8 = 41;

/// R1: the card is in idle state, and the command is unknown.
const IDLE: u8 = 0x01;
const ILLEGAL: u8 = 0x04;
const CHECK: u32 = 0x1aa;
const HIGH_CAPACITY: u32 = 1 << 30;
/// Control tokens (chapter 7.3.3).
const START_BLOCK: u8 = 0xfe;
const START_WRITE: u8 = 0xfc;
const STOP_WRITE: u8 = 0xfd;
const ACCEPTED: u8 = 0b0_0101;

const IDENTIFICATION_CLOCK: u32 = 400_000;
const FULL_CLOCK: u32 = 20_000_000;
const BUSY_MS: u64 = 1000;

/// A card on an SPI bus.
pub struct SpiCard<S> {
    spi: S,
    timer: &'static dyn Timer,
    sectors: u64,
    block_addresses: bool,
}

impl<S: Spi + 'static> SpiCard<S> {
    /// Brings the card into SPI mode and identifies it (chapter 7.2.1).
    pub fn disk(mut spi: S, timer: &'static dyn Timer) -> Result<Box<dyn Disk>, DiskError> {
        spi.set_clock(IDENTIFICATION_CLOCK);
        spi.select(false);
        for _ in 0..10 {
            spi.exchange(0xff);
        }
        let mut card = Self {
            spi,
            timer,
            sectors: 0,
            block_addresses: false,
        };
        let deadline = Deadline::after(timer, BUSY_MS);
        while card.short(GO_IDLE, 0) != IDLE {
            if deadline.passed() {
                return Err(card.failed(DiskError::NoCard(GO_IDLE)));
            }
        }
        let version2 = card.long(SEND_IF_COND, CHECK).0 & ILLEGAL == 0;
        let wanted = if version2 { HIGH_CAPACITY } else { 0 };
        loop {
            card.short(APPLICATION, 0);
            if card.short(ACMD_SEND_OP_COND, wanted) & IDLE == 0 {
                break;
            }
            if deadline.passed() {
                return Err(card.failed(DiskError::NoCard(ACMD_SEND_OP_COND)));
            }
        }
        card.block_addresses = version2 && card.long(READ_OCR, 0).1 & HIGH_CAPACITY != 0;
        card.short(SET_BLOCK_LENGTH, SECTOR as u32);
        let mut csd = [0; 16];
        card.begin(SEND_CSD, 0)?;
        let received = card.receive(&mut csd);
        card.end();
        received?;
        card.sectors = capacity(u128::from_be_bytes(csd))?;
        card.spi.set_clock(FULL_CLOCK);
        Ok(Box::new(card))
    }

    /// Selects the card and sends a command. Returns R1, whose bit 7 is clear, or 0xff if the card does not respond.
    fn send(&mut self, index: u8, argument: u32) -> u8 {
        self.spi.select(true);
        self.spi.exchange(0xff);
        let [a, b, c, d] = argument.to_be_bytes();
        // Only two commands need a checksum, and it is one of these.
        let checksum = if index == SEND_IF_COND { 0x87 } else { 0x95 };
        for byte in [0x40 | index, a, b, c, d, checksum] {
            self.spi.exchange(byte);
        }
        if index == STOP_TRANSMISSION {
            // Skips a byte of data that was being transferred.
            self.spi.exchange(0xff);
        }
        (0..8)
            .map(|_| self.spi.exchange(0xff))
            .find(|answer| answer & 0x80 == 0)
            .unwrap_or(0xff)
    }

    fn end(&mut self) {
        self.spi.select(false);
        self.spi.exchange(0xff);
    }

    /// Sends a command without data. Ignores the bytes after R1.
    fn short(&mut self, index: u8, argument: u32) -> u8 {
        let answer = self.send(index, argument);
        self.end();
        answer
    }

    /// Sends a command with data. The card stays selected.
    fn begin(&mut self, index: u8, argument: u32) -> Result<(), DiskError> {
        match self.send(index, argument) {
            // QEMU sets the idle bit even after a card has left that state.
            0 | IDLE => Ok(()),
            answer => {
                self.end();
                Err(self.failed(DiskError::Command {
                    command: index,
                    status: u32::from(answer),
                }))
            }
        }
    }

    /// Sends a command with response R3 or R7: 32 bits after R1, if R1 is no error.
    fn long(&mut self, index: u8, argument: u32) -> (u8, u32) {
        let answer = self.send(index, argument);
        let bytes = if answer & ILLEGAL == 0 {
            [0; 4].map(|_: u8| self.spi.exchange(0xff))
        } else {
            [0; 4]
        };
        self.end();
        (answer, u32::from_be_bytes(bytes))
    }

    fn receive(&mut self, buf: &mut [u8]) -> Result<(), DiskError> {
        let deadline = Deadline::after(self.timer, BUSY_MS);
        let token = loop {
            let byte = self.spi.exchange(0xff);
            if byte != 0xff || deadline.passed() {
                break byte;
            }
        };
        if token != START_BLOCK {
            let silent = no_answer("SD card", "a read");
            return Err(self.failed(if token == 0xff {
                silent
            } else {
                DiskError::Transfer(u32::from(token))
            }));
        }
        for byte in buf {
            *byte = self.spi.exchange(0xff);
        }
        self.spi.exchange(0xff);
        self.spi.exchange(0xff);
        if self.spi.is_stuck() {
            return Err(no_answer(CONTROLLER, "a read"));
        }
        Ok(())
    }

    /// The reason of an error: if the controller is stuck, the card appears not to respond.
    fn failed(&self, error: DiskError) -> DiskError {
        if self.spi.is_stuck() {
            no_answer(CONTROLLER, "the exchange of a byte")
        } else {
            error
        }
    }

    fn transmit(&mut self, block: &[u8]) -> Result<(), DiskError> {
        self.spi.exchange(START_WRITE);
        for &byte in block {
            self.spi.exchange(byte);
        }
        self.spi.exchange(0xff);
        self.spi.exchange(0xff);
        let answer = self.spi.exchange(0xff) & 0x1f;
        if answer != ACCEPTED {
            return Err(self.failed(DiskError::Transfer(u32::from(answer))));
        }
        self.wait_while_busy()
    }

    /// The card holds the line low while it writes.
    fn wait_while_busy(&mut self) -> Result<(), DiskError> {
        let deadline = Deadline::after(self.timer, BUSY_MS);
        while self.spi.exchange(0xff) != 0xff {
            if deadline.passed() {
                return Err(self.failed(no_answer("SD card", "a write")));
            }
        }
        Ok(())
    }

    fn address(&self, first: u64, len: usize) -> Result<u32, DiskError> {
        let end = first
            .checked_add((len / SECTOR) as u64)
            .ok_or(DiskError::OutOfRange)?;
        if len == 0 || len % SECTOR != 0 || end > self.sectors {
            return Err(DiskError::OutOfRange);
        }
        let address = if self.block_addresses {
            first
        } else {
            first * SECTOR as u64
        };
        u32::try_from(address).map_err(|_| DiskError::OutOfRange)
    }
}

const CONTROLLER: &str = "SPI controller";

fn no_answer(device: &'static str, operation: &'static str) -> DiskError {
    DiskError::NoAnswer {
        device,
        operation,
        command: None,
        seconds: BUSY_MS / 1000,
    }
}

impl<S: Spi + 'static> Disk for SpiCard<S> {
    fn sectors(&self) -> u64 {
        self.sectors
    }

    fn read(&mut self, first: u64, buf: &mut [u8]) -> Result<(), DiskError> {
        let address = self.address(first, buf.len())?;
        self.begin(READ_MULTIPLE, address)?;
        let received = buf
            .chunks_exact_mut(SECTOR)
            .try_for_each(|block| self.receive(block));
        self.send(STOP_TRANSMISSION, 0);
        let idle = self.wait_while_busy();
        self.end();
        received.and(idle)
    }

    fn write(&mut self, first: u64, buf: &[u8]) -> Result<(), DiskError> {
        let address = self.address(first, buf.len())?;
        self.begin(WRITE_MULTIPLE, address)?;
        self.spi.exchange(0xff);
        let sent = buf
            .chunks_exact(SECTOR)
            .try_for_each(|block| self.transmit(block));
        self.spi.exchange(STOP_WRITE);
        self.spi.exchange(0xff);
        let idle = self.wait_while_busy();
        self.end();
        sent.and(idle)
    }

    /// Does nothing: `write` waits until the card is no longer busy, and the block is written then.
    fn flush(&mut self) -> Result<(), DiskError> {
        Ok(())
    }
}
