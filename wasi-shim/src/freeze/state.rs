//! The data of a guest's state. `postcard` encodes the fields in their order: numbers as varints, lists with their length in front,
//! variants by their number.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// What a guest sees of its world.
#[derive(Serialize, Deserialize)]
pub(super) struct State {
    /// Each without its NUL byte.
    pub(super) args: Vec<Vec<u8>>,
    /// As `NAME=value`, without the NUL byte.
    pub(super) env: Vec<Vec<u8>>,
    /// The monotonic clock in nanoseconds, if the machine has one.
    pub(super) monotonic: Option<u64>,
    /// When the wait began that was given up, on the same clock.
    pub(super) given_up: Option<u64>,
    /// The numbers of descriptors whose files were gone when the guest was thawed before.
    pub(super) gone: Vec<u32>,
    pub(super) descriptors: Vec<Open>,
    /// For each file system its contents, if it has existed in memory only.
    pub(super) systems: Vec<Option<Vec<u8>>>,
}

/// An open descriptor.
#[derive(Serialize, Deserialize)]
pub(super) struct Open {
    pub(super) fd: u32,
    pub(super) made: Made,
    /// In bytes, if it has one.
    pub(super) offset: Option<u64>,
    pub(super) flags: u16,
    pub(super) rights: u64,
    pub(super) inheriting: u64,
}

/// How a descriptor is made again.
#[derive(Serialize, Deserialize)]
pub(super) enum Made {
    /// The guest began with it: under this number, and this name if it is preopened.
    Initial(u32, Option<String>),
    /// It was opened by this path, from the directory with which the guest began under this number.
    Path(u32, String),
    /// It was a connection, which is closed.
    Connection,
}
