//! Superinstructions: two ops behind one dispatch.
//!
//! ```text
//!  ┌───────┬───┬───┐ ┌────────┬───┬───┬─────┐        ┌───────────────┬───┬───┬───┬───┬─────┐
//!  │ first │ … │ … │ │ second │ … │ … │ dst │   ──►  │ first; second │ … │ … │ … │ … │ dst │
//!  └───────┴───┴───┘ └────────┴───┴───┴─────┘        └───────────────┴───┴───┴───┴───┴─────┘
//! ```
//!
//! The code is that of both ops, but that the second is not named. So nothing may branch to it, and the first must go on
//! to what follows it whatever happens: no branch, no call.
//!
//! What interpreters mostly wait for is the processor, which guesses where an op's last jump leads and is often wrong in
//! large programs. A jump that is not there is never guessed wrong. Which pairs there are was chosen from profiles
//! (`--profile-ops`) of many programs; the lists stand by what the first op does:
//!
//! * `loads.rs`, `stores.rs`: memory;
//! * `moves.rs`: copies, constants, globals;
//! * `integers.rs`: integer arithmetic;
//! * `floats.rs`: float arithmetic;
//! * `chains.rs`: chains, which are pairs themselves.
//!
//! To add a pair, name it in a list. Nothing else needs to know.

mod chains;
mod floats;
mod integers;
mod loads;
mod moves;
mod stores;

use core::marker::PhantomData;

use super::COUNT as OPS;
use crate::dispatch::{Handler, Op, Step};
use crate::machine::{Leave, Regs};

/// `P`, then `C`.
#[derive(Debug)]
struct Then<P, C>(PhantomData<(P, C)>);

impl<P: Op, C: Op> Step for Then<P, C> {
    const TELLS: bool = true;

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller. The operands of `C` follow those of `P`; what branches counts from the granule
        // before its operands, where its name would stand.
        unsafe {
            let first = m.ip.sub(1);
            if let Err(leave) = <P as Op>::run(m) {
                m.ip = first;
                return Err(leave);
            }
            let second = m.ip.sub(1);
            let result = <C as Op>::run(m);
            if result.is_err_and(|leave| leave != Leave::Refuel) {
                m.ip = second;
            }
            result
        }
    }
}

/// An op, and those that it can stand before.
#[derive(Clone, Copy, Debug)]
struct Row {
    first: u16,
    seconds: &'static [u16],
    handlers: &'static [Handler],
}

/// Declares rows: `First => Second, Second, …;`.
macro_rules! rows {
    ($($First:ty => $($Second:ty),+;)+) => {
        /// The rows of this file.
        pub(super) const ROWS: &[super::Row] = &[$(super::Row {
            first: $crate::ops::number::<$First>(),
            seconds: &[$($crate::ops::number::<$Second>()),+],
            handlers: &[$($crate::dispatch::handler::<super::Then<$First, $Second>>()),+],
        }),+];
    };
}
use rows;

const LISTS: [&[Row]; 6] = [
    loads::ROWS,
    stores::ROWS,
    moves::ROWS,
    integers::ROWS,
    floats::ROWS,
    chains::ROWS,
];

/// How many rows there are.
const ROWS: usize = {
    let (mut rows, mut list) = (0, 0);
    while list < LISTS.len() {
        rows += LISTS[list].len();
        list += 1;
    }
    rows
};

/// All rows.
const ALL: [Row; ROWS] = {
    let mut all = [LISTS[0][0]; ROWS];
    let (mut at, mut list) = (0, 0);
    while list < LISTS.len() {
        let mut row = 0;
        while row < LISTS[list].len() {
            all[at] = LISTS[list][row];
            at += 1;
            row += 1;
        }
        list += 1;
    }
    all
};

/// Where each row's pairs begin, and the last one's end.
static STARTS: [u16; ROWS + 1] = {
    let mut starts = [0; ROWS + 1];
    let mut row = 0;
    while row < ROWS {
        // There are fewer than 65,536 pairs: `ops/mod.rs` asserts it.
        starts[row + 1] = starts[row] + ALL[row].seconds.len() as u16;
        row += 1;
    }
    starts
};

/// How many superinstructions there are. Their numbers follow those of the ops.
pub const COUNT: usize = STARTS[ROWS] as usize;

/// The second ops of all rows.
static SECONDS: [u16; COUNT] = {
    let mut seconds = [0; COUNT];
    let (mut at, mut row) = (0, 0);
    while row < ROWS {
        let mut pair = 0;
        while pair < ALL[row].seconds.len() {
            seconds[at] = ALL[row].seconds[pair];
            at += 1;
            pair += 1;
        }
        row += 1;
    }
    seconds
};

/// The handlers of all rows.
pub(super) const HANDLERS: [Handler; COUNT] = {
    let mut handlers = [ALL[0].handlers[0]; COUNT];
    let (mut at, mut row) = (0, 0);
    while row < ROWS {
        let mut pair = 0;
        while pair < ALL[row].handlers.len() {
            handlers[at] = ALL[row].handlers[pair];
            at += 1;
            pair += 1;
        }
        row += 1;
    }
    handlers
};

/// The first op of each pair.
static FIRSTS: [u16; COUNT] = {
    let mut firsts = [0; COUNT];
    let mut row = 0;
    while row < ROWS {
        let mut pair = STARTS[row] as usize;
        while pair < STARTS[row + 1] as usize {
            firsts[pair] = ALL[row].first;
            pair += 1;
        }
        row += 1;
    }
    firsts
};

/// The superinstructions by a hash of their ops; 0 in empty places. Lowering asks for each op: a search among the
/// seconds of its row took an eighth of its time.
static PLACES: [u16; 4096] = {
    let mut places = [0; 4096];
    let mut pair = 0;
    while pair < COUNT {
        let mut at = hash(FIRSTS[pair], SECONDS[pair]);
        while places[at] != 0 {
            at = (at + 1) % places.len();
        }
        // Numbers fit a granule: `ops/mod.rs` asserts it.
        places[at] = (OPS + pair) as u16;
        pair += 1;
    }
    places
};

const _: () = assert!(2 * COUNT < PLACES.len(), "most places are empty");

const fn hash(first: u16, second: u16) -> usize {
    // Neighbouring numbers come to lie apart; the twelve uppermost bits count.
    let mixed =
        (first as u32).wrapping_mul(0x9e37_79b1) ^ (second as u32).wrapping_mul(0x85eb_ca6b);
    (mixed >> 20) as usize
}

/// The superinstruction of two ops, if there is one.
#[must_use]
pub fn of(first: u16, second: u16) -> Option<u16> {
    let mut at = hash(first, second);
    loop {
        let number = PLACES[at];
        let pair = usize::from(number).checked_sub(OPS)?;
        if (FIRSTS[pair], SECONDS[pair]) == (first, second) {
            return Some(number);
        }
        at = (at + 1) % PLACES.len();
    }
}

/// The two ops of a superinstruction; nothing if `number` is that of an op.
#[must_use]
pub fn parts(number: u16) -> Option<(u16, u16)> {
    let pair = usize::from(number).checked_sub(OPS)?;
    Some((*FIRSTS.get(pair)?, *SECONDS.get(pair)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Field;
    use crate::ops::{def, fields, leaves_block};

    #[test]
    fn a_pair_is_found_by_its_parts_and_has_them() {
        for pair in 0..COUNT {
            let number = (OPS + pair) as u16;
            let (first, second) = parts(number).expect("it is a superinstruction");
            assert_eq!(of(first, second), Some(number), "no pair stands twice");
        }
        assert_eq!(parts((OPS - 1) as u16), None);
        assert_eq!(parts((OPS + COUNT) as u16), None);
    }

    #[test]
    fn what_is_first_goes_on_and_what_is_second_never_runs_again() {
        let labels = [Field::Label16, Field::Label32, Field::Labels];
        for pair in 0..COUNT {
            let (first, second) = parts((OPS + pair) as u16).expect("it is a superinstruction");
            assert!(!leaves_block(first));
            assert!(
                !fields(first)
                    .iter()
                    .any(|field| labels.contains(field) || *field == Field::Sp)
            );
            // A call may have to wait for a larger stack. A target of two granules counts from elsewhere when it is far.
            assert!(!def(second).name.contains("call"));
            assert!(!fields(second).contains(&Field::Label32));
        }
    }
}
