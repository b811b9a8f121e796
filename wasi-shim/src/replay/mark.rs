//! [`Mark`]: a place in a log at which another player can begin.
//!
//! A log can be replayed while its run is still recorded. A mark is taken of the recorder or of a player when the state of the guest is
//! stored, and a player that begins there answers the calls of the guest in that state.

use alloc::collections::VecDeque;

use super::End;
use super::chunks::Place;

/// A place in a log between two records.
#[derive(Clone, Debug)]
pub struct Mark {
    pub(super) place: Place,
    /// The time of the last record that has one.
    pub(super) before: u64,
    /// Requests to grow that were granted since the last record. The next refusal counts them.
    pub(super) granted: u64,
    /// What a player has read behind the last call: the refusals, and what follows them. A recorder has read nothing.
    pub(super) ahead: Option<(VecDeque<u64>, Next)>,
}

/// The record that follows those that were read.
#[derive(Clone, Debug)]
pub(super) enum Next {
    /// A call with this number. Its other bytes have not been read.
    Call(u8),
    End(End),
    /// There is none yet.
    Nothing,
}

impl Mark {
    /// The offset in the log at which the source of a player must begin.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.place.offset
    }
}
