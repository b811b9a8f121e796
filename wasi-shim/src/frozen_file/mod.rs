//! The file of a frozen program, as a desktop and a board write and read it.
//!
//! ```text
//!   magic   "\0wifrzn", a line feed
//!   length  of the front in bytes, 8 bytes
//!   check   CRC-32 of the front, 4 bytes
//!   front   how the program was started, the state of WASI, and the length of the module ([`Front`]), by postcard
//!   module  its file, if it is part of the state
//!   state   of the interpreter (`interp::Store::freeze`)
//! ```
//!
//! Numbers are little-endian.

#[cfg(feature = "freeze")]
mod front;

#[cfg(feature = "freeze")]
pub use front::{Front, FrontError};

/// How the file begins.
pub const MAGIC: [u8; 8] = *b"\0wifrzn\n";

/// Returns whether bytes begin as a frozen program does.
#[must_use]
pub fn is_frozen(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}
