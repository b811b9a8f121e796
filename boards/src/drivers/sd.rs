//! SD memory cards: from power-up to reading and writing blocks, for any controller of the SD bus.
//!
//! Source: SD Specifications, Part 1, Physical Layer Simplified Specification 9.10: chapter 4.2 (identification), 4.7
//! (commands), 5.3 (CSD). Cards below 2 GiB count in bytes (SDSC), larger ones in blocks (SDHC, SDXC).

use alloc::boxed::Box;

use super::{
    Mmio,
    deadline::{Deadline, poll},
};
use crate::board::{Disk, DiskError, SECTOR, Timer};

/// The response of the card to a command. The controller must know it in advance (chapter 4.9).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Response {
    /// No response.
    None,
    /// 32 bits: R1 and R6, or R7.
    Short,
    /// 32 bits, after which the card may be busy: R1b.
    ShortBusy,
    /// 32 bits without a checksum: R3.
    ShortUnchecked,
    /// 128 bits: R2.
    Long,
}

/// A controller of the SD bus.
pub(super) trait Bus {
    /// Sends a command without data. Returns a response of the length of `response`, with bit numbers as in the
    /// specification.
    fn command(&mut self, index: u8, argument: u32, response: Response) -> Result<u128, DiskError>;
    /// Sends a command with response R1, and reads the following blocks.
    fn read(&mut self, index: u8, argument: u32, buf: &mut [u8]) -> Result<(), DiskError>;
    /// Sends a command with response R1, and writes blocks.
    fn write(&mut self, index: u8, argument: u32, buf: &[u8]) -> Result<(), DiskError>;
    /// Raises the clock from 400 kHz to 25 MHz. Raises the width to four lines if the controller has them and `wide` is
    /// true.
    fn full_speed(&mut self, wide: bool) -> Result<(), DiskError>;
    /// Returns whether the controller has four data lines.
    fn is_wide(&self) -> bool;
    /// The maximum length of a transfer in blocks.
    fn longest(&self) -> usize;
}

/// The clock while a card is identified, in hertz (chapter 4.2.1).
pub(super) const IDENTIFICATION_CLOCK: u32 = 400_000;
/// The time limit of waits for a controller.
const CONTROLLER_MS: u64 = 1000;

/// The operation that a wait belongs to, in the words of the errors.
#[derive(Clone, Copy)]
pub(super) enum Awaited {
    /// The end of an SD command.
    Command(u8),
    /// A part of a transfer.
    Transfer(&'static str),
}

impl Awaited {
    /// The error for a failure that the controller reports.
    pub(super) fn failed(self, status: u32) -> DiskError {
        match self {
            Self::Command(command) => DiskError::Command { command, status },
            Self::Transfer(_) => DiskError::Transfer(status),
        }
    }

    /// The error for a controller that does not respond.
    fn no_answer(self) -> DiskError {
        let (operation, command) = match self {
            Self::Command(command) => ("card command", Some(command)),
            Self::Transfer(operation) => (operation, None),
        };
        DiskError::NoAnswer {
            device: "SD controller",
            operation,
            command,
            seconds: CONTROLLER_MS / 1000,
        }
    }
}

/// The registers of a controller with a data port of 32 bits.
#[derive(Clone, Copy)]
pub(super) struct Controller {
    pub(super) registers: Mmio,
    pub(super) timer: &'static dyn Timer,
}

impl Controller {
    /// Waits until a register has the expected value.
    pub(super) fn wait_until(
        self,
        register: usize,
        is_wanted: impl Fn(u32) -> bool,
        awaited: Awaited,
    ) -> Result<u32, DiskError> {
        let look = || Some(self.registers.read(register)).filter(|value| is_wanted(*value));
        poll(self.timer, CONTROLLER_MS, look).ok_or(awaited.no_answer())
    }

    /// Waits for one of the bits `done` in a status register. Fails if one of the bits `errors` is set.
    pub(super) fn wait_for(
        self,
        status: usize,
        done: u32,
        errors: u32,
        awaited: Awaited,
    ) -> Result<(), DiskError> {
        let errors = errors & !done;
        let status = self.wait_until(status, |bits| bits & (done | errors) != 0, awaited)?;
        match status & errors {
            0 => Ok(()),
            _ => Err(awaited.failed(status)),
        }
    }

    /// The four words of a response, from the register of the first one on.
    pub(super) fn response(self, first: usize) -> [u128; 4] {
        [0, 4, 8, 12].map(|offset| u128::from(self.registers.read(first + offset)))
    }

    /// Fills `buf`, which consists of whole words, from the data port.
    pub(super) fn take(self, port: usize, buf: &mut [u8]) {
        for word in buf.chunks_exact_mut(4) {
            word.copy_from_slice(&self.registers.read(port).to_le_bytes());
        }
    }

    /// Writes `buf`, which consists of whole words, to the data port.
    pub(super) fn give(self, port: usize, buf: &[u8]) {
        for word in buf.chunks_exact(4) {
            let word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
            self.registers.write(port, word);
        }
    }
}

const GO_IDLE: u8 = 0;
const ALL_SEND_CID: u8 = 2;
const SEND_RELATIVE_ADDRESS: u8 = 3;
const SELECT: u8 = 7;
const SEND_IF_COND: u8 = 8;
const SEND_CSD: u8 = 9;
const SET_BLOCK_LENGTH: u8 = 16;
const READ_SINGLE: u8 = 17;
const READ_MULTIPLE: u8 = 18;
const WRITE_SINGLE: u8 = 24;
const WRITE_MULTIPLE: u8 = 25;
const APPLICATION: u8 = 55;
const ACMD_SET_BUS_WIDTH: u8 = 6;
const ACMD_SEND_OP_COND: u8 = 41;

/// SEND_IF_COND: 2.7 to 3.6 V, and a pattern that the card returns.
const CHECK: u32 = 0x1aa;
/// ACMD41: 3.2 to 3.4 V. HCS: the driver supports block addresses.
const VOLTAGE: u32 = 0x0030_0000;
const HIGH_CAPACITY: u32 = 1 << 30;
const POWERED_UP: u32 = 1 << 31;
/// Identification takes at most a second (chapter 4.2.3).
const POWER_UP_MS: u64 = 1000;

/// A card that has been identified and selected.
pub(super) struct Card<B> {
    bus: B,
    sectors: u64,
    block_addresses: bool,
}

impl<B: Bus + 'static> Card<B> {
    /// Identifies the card on a bus that runs at 400 kHz.
    pub(super) fn start(mut bus: B, timer: &'static dyn Timer) -> Result<Box<dyn Disk>, DiskError> {
        bus.command(GO_IDLE, 0, Response::None)?;
        // A card of version 1 does not know the command and does not respond.
        let version2 = match bus.command(SEND_IF_COND, CHECK, Response::Short) {
            Ok(answer) if answer as u32 & 0xfff == CHECK => true,
            Ok(_) => return Err(DiskError::Unsupported("the card's voltage")),
            Err(_) => false,
        };
        let deadline = Deadline::after(timer, POWER_UP_MS);
        let wanted = if version2 {
            VOLTAGE | HIGH_CAPACITY
        } else {
            VOLTAGE
        };
        let conditions = loop {
            bus.command(APPLICATION, 0, Response::Short)
                .map_err(|_| DiskError::NoCard(APPLICATION))?;
            let answer = bus.command(ACMD_SEND_OP_COND, wanted, Response::ShortUnchecked)? as u32;
            if answer & POWERED_UP != 0 {
                break answer;
            }
            if deadline.passed() {
                return Err(DiskError::NoCard(ACMD_SEND_OP_COND));
            }
        };
        bus.command(ALL_SEND_CID, 0, Response::Long)?;
        let address = bus.command(SEND_RELATIVE_ADDRESS, 0, Response::Short)? as u32 & 0xffff_0000;
        let sectors = capacity(bus.command(SEND_CSD, address, Response::Long)?)?;
        bus.command(SELECT, address, Response::ShortBusy)?;
        let wide = bus.is_wide();
        if wide {
            bus.command(APPLICATION, address, Response::Short)?;
            bus.command(ACMD_SET_BUS_WIDTH, 2, Response::Short)?;
        }
        bus.full_speed(wide)?;
        bus.command(SET_BLOCK_LENGTH, SECTOR as u32, Response::Short)?;
        Ok(Box::new(Self {
            bus,
            sectors,
            block_addresses: conditions & HIGH_CAPACITY != 0,
        }))
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

impl<B: Bus + 'static> Disk for Card<B> {
    fn sectors(&self) -> u64 {
        self.sectors
    }

    fn read(&mut self, mut first: u64, buf: &mut [u8]) -> Result<(), DiskError> {
        let longest = self.bus.longest() * SECTOR;
        for part in buf.chunks_mut(longest) {
            let address = self.address(first, part.len())?;
            let command = if part.len() == SECTOR {
                READ_SINGLE
            } else {
                READ_MULTIPLE
            };
            self.bus.read(command, address, part)?;
            first += (part.len() / SECTOR) as u64;
        }
        Ok(())
    }

    fn write(&mut self, mut first: u64, buf: &[u8]) -> Result<(), DiskError> {
        let longest = self.bus.longest() * SECTOR;
        for part in buf.chunks(longest) {
            let address = self.address(first, part.len())?;
            let command = if part.len() == SECTOR {
                WRITE_SINGLE
            } else {
                WRITE_MULTIPLE
            };
            self.bus.write(command, address, part)?;
            first += (part.len() / SECTOR) as u64;
        }
        Ok(())
    }

    /// Does nothing: `write` waits until the card is no longer busy, and the block is written then.
    fn flush(&mut self) -> Result<(), DiskError> {
        Ok(())
    }
}

/// The number of sectors, from the CSD register (chapters 5.3.2 and 5.3.3).
pub(super) fn capacity(csd: u128) -> Result<u64, DiskError> {
    let field = |high: u32, low: u32| (csd >> low) as u64 & ((1 << (high - low + 1)) - 1);
    match field(127, 126) {
        0 => {
            let (size, multiplier, block_length) = (field(73, 62), field(49, 47), field(83, 80));
            Ok((size + 1) << (multiplier + 2) << block_length >> SECTOR.ilog2())
        }
        1 => Ok((field(69, 48) + 1) * 1024),
        _ => Err(DiskError::Unsupported("the card's CSD version")),
    }
}
