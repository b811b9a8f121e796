//! `wasi-interp debug`: a debugger with a way back.
//!
//! The program always stands before an op, at an exact [`Position`] of its run. A run is deterministic but for what its calls return, so
//! these are recorded as it runs, and any earlier position can be reached again: from the nearest snapshot ([`history`]) with the log in
//! place of the outside. Output is not written again then.
//!
//! # Reading order
//! [`machine`] (a program that stops anywhere), [`engine`] (the present and the past), [`travel`] (how a position is reached),
//! [`moves`] (steps), [`stops`] (breakpoints and watch points), [`view`] (what is shown), [`prompt`] (the commands).

mod code;
mod condition;
mod engine;
mod history;
mod machine;
mod moves;
mod output;
mod prompt;
mod sources;
mod stops;
mod threads;
mod travel;
mod view;

use std::cmp::Reverse;
use std::fmt;
use std::hash::{Hash, Hasher};

use interp::{AsContext, Probed};

pub(crate) use code::Func;
pub(crate) use engine::Engine;
pub(crate) use machine::{End, Guest};
pub(crate) use prompt::{debug, told_call};
pub(crate) use stops::At;

/// A place in a run: before an op. Later ones are greater.
///
/// Between two units of fuel, a program runs forward in a function or returns to an outer one: calls and backward branches consume a unit.
/// So the fuel, the frame and the place in the code are an exact clock, and nothing needs to be counted while the program runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position {
    /// The units of fuel that were consumed before.
    pub(crate) fuel: u64,
    /// The first slot of the frame.
    pub(crate) frame: usize,
    /// The granule in the function's code.
    pub(crate) granule: usize,
    /// The function, by its index among those that the module defines. It follows from the rest.
    pub(crate) func: u32,
}

impl Position {
    /// Where a program stands.
    pub(crate) fn of(at: &Probed<'_, Guest>) -> Self {
        let limit = at.as_context().data().limit;
        Self {
            fuel: limit.saturating_sub(at.fuel().unwrap_or(0)),
            frame: at.frame(),
            granule: at.granule(),
            func: at.defined_func(),
        }
    }

    /// Behind all positions with at most so much fuel, and in front of all others.
    pub(crate) fn behind(fuel: u64) -> Self {
        Self {
            fuel: fuel.saturating_add(1),
            frame: usize::MAX,
            granule: 0,
            func: 0,
        }
    }

    fn key(&self) -> (u64, Reverse<usize>, usize) {
        (self.fuel, Reverse(self.frame), self.granule)
    }
}

impl PartialEq for Position {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Position {}

impl Hash for Position {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl Ord for Position {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Position {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.fuel, self.frame, self.granule)
    }
}

/// A direction of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

/// How far a program runs, unless something stops it earlier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Move {
    /// An op of the bytecode.
    Op,
    /// An instruction of WebAssembly.
    Instruction,
    /// An instruction, and the calls that it makes.
    OverInstruction,
    /// A source line, into calls.
    Line,
    /// A source line, and the calls that it makes.
    Over,
    /// The rest of the function; backwards, all of it so far.
    Out,
    /// All.
    Continue,
}

/// Why a program stands where it does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Stop {
    /// It has not begun.
    Start,
    /// The move is complete.
    Step,
    /// Breakpoints with these numbers.
    Breakpoint(Vec<u32>),
    /// A watch point: the watched bytes before and after the op at `by`. Forwards, it stands behind that op, and backwards in front of it.
    Watch {
        id: u32,
        address: u64,
        old: Vec<u8>,
        new: Vec<u8>,
        by: Position,
    },
    /// The next op ends the program so.
    Ended(End),
    /// Somebody has asked for it.
    Interrupted,
    /// The run begins here: there is nothing before.
    Begin,
    /// The recorded run was stopped here, from outside.
    Recorded(String),
}
