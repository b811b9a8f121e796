//! Record and replay: a log of all that comes to a guest from outside, and its use in place of the outside.
//!
//! A guest is deterministic but for the results of its calls and the refusals of memory. A [`Recorder`] writes these while the guest runs.
//! A [`Player`] answers the same calls from the log, without files, clocks and network, and writes the same bytes to the standard streams.
//! Time is measured in *fuel*: the interpreter's count of calls and backward branches, which is the same for all builds of a release. If
//! the replayed guest calls at another time than the recorded one, that is an error.
//!
//! # The log
//! ```text
//! offset
//!      0  magic   "\0wilog", the number of this format, a line feed
//!      8  chunks  until the end of the file:
//!           0  length   of the content, 1 to 65,536; four bytes
//!           4  checksum CRC-32 of the chunk's number (from 0, eight bytes) and of the content; four bytes
//!           8  content
//! ```
//! The contents of all chunks, one behind the other, are a header and then records. Numbers of the chunks are little-endian. A *number*
//! in the following table is in LEB128, as in WebAssembly, and a *time* is the fuel consumed since the last record that has a time.
//!
//! | part | bytes |
//! |---|---|
//! | header | length (number), [`Header`] (postcard) |
//! | call | number of the call, its row in `calls/table.rs` (one byte below 0x80); time; digest of the arguments (two bytes); outcome (number); stream and bytes, if it wrote to one; exit status (number), if it ended the guest; writes |
//! | outcome | `errno` × 8 + stream × 2 + whether it ended the guest; the stream is 0 for none, 1 for standard output, 2 for standard error |
//! | stream and bytes | how many of the bytes in the guest's buffers were written (number) |
//! | writes | count (number); for each the address (number), the length (number), the bytes that the call left in the guest's memory |
//! | refusal | 0x80; how many requests of the guest to grow a memory or table were granted since the record before (number) |
//! | end | 0xff; length (number), [`End`] (postcard) |
//!
//! The end is the last record. A log without an end belongs to a run that was killed, or was cut off.
//!
//! What a guest writes to standard streams is not in the log: replay takes it from the guest's memory.

mod chunks;
mod contents;
mod error;
mod mark;
mod play;
mod record;

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub use contents::{Contents, Recorded};
pub use error::LogError;
pub use mark::Mark;
pub(crate) use play::Answer;
pub use play::{Player, Written};
pub use record::Recorder;
pub(crate) use record::around;

/// How a log begins.
const MAGIC: [u8; 8] = *b"\0wilog\x01\n";
/// The release that writes and reads logs.
const RELEASE: &str = env!("CARGO_PKG_VERSION");
/// The tag of a refusal. Calls have lower ones.
const REFUSAL: u8 = 0x80;
/// The tag of the end.
const END: u8 = 0xff;
/// The maximum number of bytes of a header and of an end.
const MOST: usize = 1 << 20;

/// What must be known before the guest is replayed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The length of the module in bytes, and its hash (FNV-1a).
    pub module: (u32, u64),
    /// The limit of fuel.
    pub fuel: Option<u64>,
    /// The limit of the stack for nested calls, in bytes.
    pub max_stack: Option<u64>,
    /// The limit of the heap of objects, in bytes.
    pub max_heap: Option<u64>,
    /// The called function, if it is not the program's entry.
    pub invoke: Option<String>,
    /// The parameters of that function, as words.
    pub words: Vec<String>,
}

/// How the recorded run ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// The fuel that it had consumed.
    pub fuel: u64,
    /// The reason, if it was stopped from outside. Otherwise it ended by itself: a replayed run does, too.
    pub stopped: Option<String>,
    /// The exit status of the process.
    pub status: i32,
    /// Lines that were printed at the end and that depend on the outside.
    pub advice: Vec<String>,
}

/// A standard stream to which a guest can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// Standard output.
    Out = 1,
    /// Standard error.
    Err = 2,
}

/// A call of the guest.
pub(crate) struct Call<'a> {
    /// Its row in the table of calls.
    pub(crate) number: u8,
    /// Its arguments.
    pub(crate) args: &'a [u64],
    /// The fuel that is left.
    pub(crate) fuel: u64,
}

impl Call<'_> {
    /// A digest of the arguments, by which a run that differs is found earlier.
    fn digest(&self) -> u16 {
        let step =
            |sum: u64, arg: &u64| (sum.rotate_left(23) ^ arg).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // The upper bits depend on all bits of the arguments.
        (self.args.iter().fold(0, step) >> 48) as u16
    }
}
