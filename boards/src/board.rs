//! What a board is: addresses, and which driver serves each device.
//!
//! A board is a value of [`Board`] in its own binary, `src/bin/BOARD.rs`, handed to the kernel by the macro [`board!`](crate::board!).
//! The drivers behind it implement the traits of this file.

use alloc::boxed::Box;
use core::{fmt, ops::Range};

/// Everything that the kernel asks of a machine.
pub struct Board {
    /// The board's name, as in `boards.toml`.
    pub name: &'static str,
    /// RAM that every machine of this kind has, with the kernel inside. The device tree may tell of more.
    pub ram: Range<usize>,
    /// Where the device tree lies if the loader does not say; 0 for nowhere.
    pub device_tree: usize,
    /// Asks the firmware for the RAM, where it can be asked: for a machine without a device tree. Called before the caches are on.
    pub memory: Option<fn() -> Option<Range<usize>>>,
    /// Where the devices' registers are: mapped uncached.
    pub devices: &'static [Range<usize>],
    /// The console.
    pub uart: &'static dyn Uart,
    /// The monotonic clock, and the alarm that ends a wait.
    pub timer: &'static dyn Timer,
    /// Lets the console's and the timer's interrupts end a wait. Called once, after `uart.start`.
    pub wake_up: &'static dyn WakeUp,
    /// Finds the disk. A disk that the boot loader left in memory (an initial RAM disk) is preferred to it.
    pub disk: fn() -> Result<Box<dyn Disk>, DiskError>,
    /// Seconds since 1970 from a real-time clock, where there is one.
    pub wall_clock: Option<fn() -> u64>,
    /// Fills a buffer from a hardware random number generator; false if that fails.
    pub random: Option<fn(&mut [u8]) -> bool>,
    /// Tells a debugger or emulator the status and ends. Where nobody listens it raises an exception or returns.
    pub exit: fn(status: u8),
    /// Switches the machine off without a status. Returns where that cannot be done.
    pub power_off: fn(status: u8),
}

/// A serial port. All functions return at once.
pub trait Uart: Sync {
    /// Sets the port up for 8 data bits without parity, and lets received bytes raise its interrupt.
    fn start(&self);
    /// Sends a byte; false, without an effect, while the transmitter is full.
    #[must_use]
    fn put(&self, byte: u8) -> bool;
    /// Takes a received byte.
    fn get(&self) -> Option<u8>;
}

/// A counter that never stops, with an alarm.
pub trait Timer: Sync {
    /// Ticks in a second; 0 if only the device tree knows.
    fn frequency(&self) -> u64;
    /// Ticks since some moment in the past.
    fn ticks(&self) -> u64;
    /// Makes the timer's interrupt pending from that tick on; `None` cancels.
    fn wake_at(&self, ticks: Option<u64>);
}

/// An interrupt controller, as far as waking from a wait needs it.
pub trait WakeUp: Sync {
    /// Lets the console's (and, where it passes here, the timer's) interrupt reach the core.
    fn start(&self);
    /// Called after every wait: takes back what the controller latched, so that the next wait waits.
    fn acknowledge(&self) {}
    /// Milliseconds after which the console must be looked at, where its interrupt cannot end a wait.
    fn longest_wait(&self) -> Option<u64> {
        None
    }
}

/// For a machine whose console cannot end a wait: it is looked at a hundred times a second.
pub struct Polled;

impl WakeUp for Polled {
    fn start(&self) {}

    fn longest_wait(&self) -> Option<u64> {
        Some(10)
    }
}

/// Bytes in a sector of every [`Disk`].
pub const SECTOR: usize = 512;

/// A disk or card of 512-byte sectors.
pub trait Disk {
    /// Number of sectors.
    fn sectors(&self) -> u64;
    /// Reads whole sectors from number `first` on. The buffer's length is a multiple of [`SECTOR`].
    fn read(&mut self, first: u64, buf: &mut [u8]) -> Result<(), DiskError>;
    /// Writes whole sectors from number `first` on. The buffer's length is a multiple of [`SECTOR`].
    fn write(&mut self, first: u64, buf: &[u8]) -> Result<(), DiskError>;
    /// Returns when everything written is on the medium.
    fn flush(&mut self) -> Result<(), DiskError>;
}

/// Why a disk did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskError {
    /// No device at the board's addresses.
    NoDevice,
    /// The slot is empty, or the card does not answer command `0` (its number).
    NoCard(u8),
    /// The card answered command `command` with an error; `status` is the controller's or the card's register.
    Command {
        /// Number of the SD command.
        command: u8,
        /// The error bits.
        status: u32,
    },
    /// A transfer stopped half-way: the controller's status.
    Transfer(u32),
    /// The card is of a kind that the driver does not know.
    Unsupported(&'static str),
    /// The device refused: a virtio error.
    Device,
    /// The device has not finished an operation in time.
    NoAnswer {
        /// The device, as a reader of the message knows it.
        device: &'static str,
        /// The operation.
        operation: &'static str,
        /// Number of the SD command, where the operation is one.
        command: Option<u8>,
        /// How long it was waited for, in seconds.
        seconds: u64,
    },
    /// Sectors beyond the end.
    OutOfRange,
}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NoDevice => write!(f, "no disk controller found; is a disk attached?"),
            Self::NoCard(command) => write!(
                f,
                "no card answers (command {command}); is one in the slot?"
            ),
            Self::Command { command, status } => {
                write!(f, "card command {command} failed with status {status:#x}")
            }
            Self::Transfer(status) => write!(f, "transfer failed with status {status:#x}"),
            Self::Unsupported(what) => write!(f, "{what} is not supported"),
            Self::Device => write!(f, "the device reported an error"),
            Self::NoAnswer {
                device,
                operation,
                command,
                seconds,
            } => {
                write!(f, "{device}: no answer to {operation}")?;
                if let Some(command) = command {
                    write!(f, " {command}")?;
                }
                write!(f, " within {seconds} s")
            }
            Self::OutOfRange => write!(f, "sector beyond the end"),
        }
    }
}

impl core::error::Error for DiskError {}
