//! [`Goroutines`]: the goroutines of a program, from the records of Go's runtime in its memory.
//!
//! The runtime keeps a list of all goroutines, the slice `runtime.allgs`. No symbol gives its address. It is found by what it is: a slice
//! among the module's variables (the module's record has their bounds), all of whose elements are goroutines by every field that is
//! looked at, and whose address a second variable (`runtime.allgptr`) repeats.
//!
//! ```text
//!  variables                 list               runtime.g
//!  ┌─────────┬─────┬─────┐   ┌───┬───┬───┬──    ┌────────┬────────┬───┬───┬────┬────┬───┬────────┬──────┬──
//!  │ address │ len │ cap │   │ g │ g │ g │      │ stack  │ guards │ … │ m │ sp │ pc │ … │ status │ goid │ …
//!  └─────────┴─────┴─────┘   └───┴───┴───┴──    └────────┴────────┴───┴───┴────┴────┴───┴────────┴──────┴──
//!                                                 0        16           48  56   64
//! ```
//!
//! Further offsets differ between releases ([`releases`](crate::releases)).

use core::fmt;

use crate::releases::{Offsets, offsets, wait_reason};
use crate::values::{u32_at, u64_at, word_at};
use crate::{Tables, record};

/// Offsets of fields that no release has moved: `g.m`, and `sp` and `pc` of `g.sched`.
const MACHINE: usize = 48;
const SP: usize = 56;
const PC: usize = 64;

/// A bit of the state of a goroutine that the garbage collector is looking at.
const SCANNED: u32 = 0x1000;

/// The number of records that are looked at in search of the list. A program can fill its variables with what looks like lists. No program
/// has more goroutines: each has a stack of 2 KiB or more.
const TRIED: usize = 1 << 21;

/// The reason why the goroutines of a program cannot be listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Missing {
    /// The program does not say which release has built it.
    Release,
    /// A release whose records are not known, by the second number of its name.
    Unknown(u32),
    /// The module's record is not in the memory.
    Record,
    /// No list fits.
    List,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (oldest, newest) = (record::OLDEST, record::NEWEST);
        match self {
            Self::Release => {
                f.write_str("the program does not say which release of Go has built it")
            }
            Self::Unknown(release) => write!(
                f,
                "Go 1.{release} has built the program, and the records of Go 1.{oldest} to 1.{newest} are known"
            ),
            Self::Record => f.write_str("the record of the module is not in the program's memory"),
            Self::List => f.write_str("the list of goroutines is not in the program's memory"),
        }
    }
}

/// What a goroutine is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It has been allocated, but not started.
    Idle,
    /// It can run.
    Runnable,
    /// It runs.
    Running,
    /// It makes a call of the system.
    Syscall,
    /// It waits.
    Waiting,
    /// It has ended, or has not begun.
    Dead,
    /// Its stack is being moved.
    CopyStack,
    /// It has been stopped by the garbage collector.
    Preempted,
    /// It waits for what cannot happen.
    Leaked,
    /// It is kept for a call from another language.
    DeadExtra,
}

impl State {
    /// The number of the state in `runtime2.go`.
    fn of(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::Idle,
            1 => Self::Runnable,
            2 => Self::Running,
            3 => Self::Syscall,
            4 => Self::Waiting,
            6 => Self::Dead,
            8 => Self::CopyStack,
            9 => Self::Preempted,
            10 => Self::Leaked,
            11 => Self::DeadExtra,
            _ => return None,
        })
    }

    /// Go's word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Runnable => "runnable",
            Self::Running => "running",
            Self::Syscall => "syscall",
            Self::Waiting => "waiting",
            Self::Dead => "dead",
            Self::CopyStack => "copystack",
            Self::Preempted => "preempted",
            Self::Leaked => "leaked",
            Self::DeadExtra => "waiting for cgo callback",
        }
    }
}

/// A goroutine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Goroutine {
    /// The address of its record.
    pub address: u64,
    /// Its number, from 1 on. 0 if it has never begun.
    pub id: u64,
    /// What it is doing.
    pub state: State,
    /// Whether the garbage collector is looking at it.
    pub is_scanned: bool,
    /// Why it waits, in Go's words.
    pub reason: Option<&'static str>,
    /// When a garbage collection first found it waiting, in nanoseconds of the program's monotonic clock.
    pub since: Option<u64>,
    /// Where it continues. Not valid while it runs.
    pub pc: u64,
    /// Its stack pointer there.
    pub sp: u64,
    /// The PC of its function.
    pub start: u64,
    /// The PC of the `go` statement that created it, and the number of the goroutine with that statement. 0 if there is none.
    pub creator: (u64, u64),
    /// Whether it is locked to a thread.
    pub is_locked: bool,
    /// Whether it belongs to Go's runtime.
    pub is_system: bool,
}

/// The goroutines of a program.
#[derive(Clone, Copy, Debug)]
pub struct Goroutines<'a> {
    tables: Tables<'a>,
    release: u32,
    offsets: Offsets,
    /// The address of the list, and its length.
    list: (usize, usize),
}

impl<'a> Goroutines<'a> {
    /// Finds the goroutines of a program.
    ///
    /// # Errors
    /// The reason why there are none.
    pub fn find(tables: &Tables<'a>) -> Result<Self, Missing> {
        let release = tables.release.ok_or(Missing::Release)?;
        let offsets = offsets(release).ok_or(Missing::Unknown(release))?;
        let variables = tables.record.ok_or(Missing::Record)?.variables;
        let mut found = Self {
            tables: *tables,
            release,
            offsets,
            list: (0, 0),
        };
        found.list = found.list_in(variables).ok_or(Missing::List)?;
        Ok(found)
    }

    /// Returns all goroutines in the order in which their records were made. Those that have ended are among them.
    pub fn iter(&self) -> impl Iterator<Item = Goroutine> + use<'a> {
        let goroutines = *self;
        let (list, len) = self.list;
        (0..len).filter_map(move |number| goroutines.at(goroutines.element(list, number)?))
    }

    /// Returns the goroutine that runs, for the value of the global that Go calls `g`. If it is the record of a scheduler, that is the
    /// goroutine that has called the scheduler.
    #[must_use]
    pub fn running(&self, g: u64) -> Option<Goroutine> {
        let is_listed = |wanted: u64| self.iter().find(|goroutine| goroutine.address == wanted);
        is_listed(g).or_else(|| {
            let memory = self.tables.memory;
            let machine = word_at(memory, usize::try_from(g).ok()?.checked_add(MACHINE)?)?;
            // The record of a thread begins with the address of its scheduler's.
            if u64_at(memory, machine)? != g {
                return None;
            }
            is_listed(u64_at(memory, machine.checked_add(self.offsets.current)?)?)
        })
    }

    /// Searches for the slice, and returns its address and length.
    fn list_in(&self, (start, end): (usize, usize)) -> Option<(usize, usize)> {
        let memory = self.tables.memory;
        let mut tried = 0;
        let mut places = (start.next_multiple_of(8)..end).step_by(8);
        places.find_map(|at| {
            let list = word_at(memory, at)?;
            let len = word_at(memory, at.checked_add(8)?)?;
            let capacity = word_at(memory, at.checked_add(16)?)?;
            if list == 0 || !list.is_multiple_of(8) || len == 0 || capacity < len || len > TRIED {
                return None;
            }
            let list_end = list.checked_add(capacity.checked_mul(8)?)?;
            if list_end > memory.len() {
                return None;
            }
            let mut alive = 0;
            for number in 0..len {
                tried += 1;
                if tried > TRIED {
                    return None;
                }
                let goroutine = self.at(self.element(list, number)?)?;
                alive += usize::from(goroutine.state != State::Dead);
            }
            let repeats = |other: usize| other != at && word_at(memory, other) == Some(list);
            let mut others = (start.next_multiple_of(8)..end).step_by(8);
            (alive > 0 && others.any(repeats)).then_some((list, len))
        })
    }

    fn element(&self, list: usize, number: usize) -> Option<usize> {
        word_at(
            self.tables.memory,
            list.checked_add(number.checked_mul(8)?)?,
        )
    }

    /// Reads the record at an address, if all its fields make sense.
    fn at(&self, address: usize) -> Option<Goroutine> {
        let memory = self.tables.memory;
        let Offsets {
            syscall,
            status,
            parent,
            ..
        } = self.offsets;
        let word = |offset: usize| u64_at(memory, address.checked_add(offset)?);
        if address == 0 || !address.is_multiple_of(8) {
            return None;
        }
        let status_word = u32_at(memory, address.checked_add(status)?)?;
        let state = State::of(status_word & !SCANNED)?;
        let id = word(status + 8)?;
        let (low, high) = (word(0)?, word(8)?);
        let is_alive = !matches!(state, State::Dead | State::Idle | State::DeadExtra);
        if low > high
            || high > u64::try_from(memory.len()).ok()?
            || id >= 1 << 48
            || is_alive && (id == 0 || low == high)
        {
            return None;
        }
        let place = if state == State::Syscall { syscall } else { SP };
        let (sp, pc) = (word(place)?, word(place + PC - SP)?);
        let start = word(parent + 24)?;
        let creator = (word(parent + 8)?, word(parent)?);
        let known = |pc: u64| {
            pc == 0
                || self
                    .tables
                    .at_pc(pc)
                    .is_some_and(|(func, _)| self.tables.func(func).is_some())
        };
        if is_alive
            && !(known(pc)
                && known(start)
                && known(creator.0)
                && (sp == 0 || (low..=high).contains(&sp)))
        {
            return None;
        }
        let reason = *memory.get(address.checked_add(status + 32)?)?;
        let reason = match state {
            State::Waiting | State::Leaked => {
                Some(wait_reason(self.release, reason)?).filter(|reason| !reason.is_empty())
            }
            _ => None,
        };
        let since = word(status + 24)?;
        let waits = matches!(state, State::Waiting | State::Syscall);
        Some(Goroutine {
            address: u64::try_from(address).ok()?,
            id,
            state,
            is_scanned: status_word & SCANNED != 0,
            reason,
            since: (waits && (1..=i64::MAX.cast_unsigned()).contains(&since)).then_some(since),
            pc,
            sp,
            start,
            creator,
            is_locked: word(status + 64)? != 0,
            is_system: self.is_system(start),
        })
    }

    /// Whether the goroutine that began at a PC belongs to Go's runtime.
    fn is_system(&self, start: u64) -> bool {
        let func = self
            .tables
            .at_pc(start)
            .and_then(|(func, _)| self.tables.func(func));
        func.and_then(|func| func.name()).is_some_and(|name| {
            name.starts_with("runtime.")
                && !matches!(
                    name,
                    "runtime.main" | "runtime.corostart" | "runtime.handleAsyncEvent"
                )
        })
    }
}
