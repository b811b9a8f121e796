//! The description of a board: addresses, and the driver of each device.
//!
//! A board is a value of [`Board`] in its own binary, `src/bin/BOARD.rs`. The macro [`board!`](crate::board!) passes it to
//! the kernel. The drivers implement the traits of this file.

use alloc::boxed::Box;
use core::{fmt, ops::Range};

/// All properties of a machine that the kernel needs.
pub struct Board {
    /// The board's name, as in `boards.toml`.
    pub name: &'static str,
    /// RAM that every machine of this kind has, with the kernel inside. The device tree may describe more.
    pub ram: Range<usize>,
    /// The address of the device tree if the loader does not pass one; 0 for none.
    pub device_tree: usize,
    /// Asks the firmware for the RAM, for a machine without a device tree. Called before the caches are on.
    pub memory: Option<fn() -> Option<Range<usize>>>,
    /// Flash that can be read like memory, and in which nothing of the firmware is: a program in lowered form may be there.
    pub flash: Option<Range<usize>>,
    /// The addresses of device registers, which are mapped uncached.
    pub devices: &'static [Range<usize>],
    /// The console.
    pub uart: &'static dyn Uart,
    /// The monotonic clock, and the alarm that ends a wait.
    pub timer: &'static dyn Timer,
    /// Lets the console's and the timer's interrupts end a wait. Called once, after `uart.start`.
    pub wake_up: &'static dyn WakeUp,
    /// Finds the disk. A disk that the boot loader has left in memory (an initial RAM disk) takes precedence.
    pub disk: fn() -> Result<Box<dyn Disk>, DiskError>,
    /// Seconds since 1970 from a real-time clock, if there is one.
    pub wall_clock: Option<fn() -> u64>,
    /// Fills a buffer from a hardware random number generator. Returns false if that fails.
    pub random: Option<fn(&mut [u8]) -> bool>,
    /// Passes the status to a debugger or emulator and ends. Without one, it raises an exception or returns.
    pub exit: fn(status: u8),
    /// Switches the machine off without a status. Returns if that is not possible.
    pub power_off: fn(status: u8),
}

/// A serial port. No function waits.
pub trait Uart: Sync {
    /// Sets the port up for 8 data bits without parity, and lets received bytes raise its interrupt.
    fn start(&self);
    /// Sends a byte. Returns false, without an effect, while the transmitter is full.
    #[must_use]
    fn put(&self, byte: u8) -> bool;
    /// Returns a received byte, if there is one.
    fn get(&self) -> Option<u8>;
}

/// A counter that never stops, with an alarm.
pub trait Timer: Sync {
    /// Ticks per second; 0 if only the device tree contains it.
    fn frequency(&self) -> u64;
    /// Ticks since an arbitrary moment in the past.
    fn ticks(&self) -> u64;
    /// Makes the timer's interrupt pending from that tick on. `None` cancels it.
    fn wake_at(&self, ticks: Option<u64>);
}

/// An interrupt controller, as far as it is needed to end waits.
pub trait WakeUp: Sync {
    /// Routes the console's interrupt to the core, and the timer's interrupt if it passes this controller.
    fn start(&self);
    /// Called after every wait: clears the latched interrupt, so that the next wait waits.
    fn acknowledge(&self) {}
    /// The interval in milliseconds for polling the console, if its interrupt cannot end a wait.
    fn longest_wait(&self) -> Option<u64> {
        None
    }
}

/// For a machine whose console cannot end a wait. The console is polled a hundred times per second.
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

/// The reason why a disk operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskError {
    /// There is no device at the board's addresses.
    NoDevice,
    /// The slot is empty, or the card does not answer command `0` (its number).
    NoCard(u8),
    /// The card returned an error for command `command`. `status` is the controller's or the card's register.
    Command {
        /// Number of the SD command.
        command: u8,
        /// The error bits.
        status: u32,
    },
    /// A transfer stopped early. Contains the controller's status.
    Transfer(u32),
    /// The driver does not support this kind of card.
    Unsupported(&'static str),
    /// The device reported an error of virtio.
    Device,
    /// The device did not finish an operation in time.
    NoAnswer {
        /// The device, in the words of the message.
        device: &'static str,
        /// The operation.
        operation: &'static str,
        /// Number of the SD command, if the operation is one.
        command: Option<u8>,
        /// The time limit in seconds.
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
