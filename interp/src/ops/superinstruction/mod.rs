//! Superinstructions: two ops, or three, behind one dispatch.
//!
//! ```text
//!  ┌───────┬───┬───┐ ┌────────┬───┬───┬─────┐        ┌───────────────┬───┬───┬───┬───┬─────┐
//!  │ first │ … │ … │ │ second │ … │ … │ dst │   ──►  │ first; second │ … │ … │ … │ … │ dst │
//!  └───────┴───┴───┘ └────────┴───┴───┴─────┘        └───────────────┴───┴───┴───┴───┴─────┘
//! ```
//!
//! The code is that of both ops, but that the second is not named. So nothing may branch to it, and the first must go on
//! to what follows it whatever happens: no branch, no call. A triple is a pair with a third op, and begins with a pair of
//! the list.
//!
//! An interpreter mostly waits for the branch predictor, which guesses where the jump at the end of an op leads and is often wrong
//! in large programs. A jump that does not exist is never predicted wrongly.
//!
//! `chosen.rs` holds the pairs and triples, and `aliases.rs` short names for their ops. `cargo xtask superinstructions` chooses them
//! from the counts in `bench/profiles` and writes both files; a step of the tests compares. To try one that was not chosen, add it to
//! the list by hand: nothing else depends on it.

mod aliases;
mod chosen;

use core::marker::PhantomData;

use super::{COUNT as OPS, FAMILIES};
use crate::dispatch::{Handler, OpNumber, Step};
use crate::machine::{Leave, Regs};

/// `P`, then `C`.
#[derive(Debug)]
struct Then<P, C>(PhantomData<(P, C)>);

impl<P: Step, C: Step> Step for Then<P, C> {
    const TELLS: bool = true;

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: invariant 1, promised by the caller. The operands of `C` follow those of `P`; what branches counts from the granule
        // before its operands, where its name would stand.
        unsafe {
            let first = m.ip.sub(1);
            if let Err(leave) = P::run(m) {
                if !P::TELLS {
                    m.ip = first;
                }
                return Err(leave);
            }
            let second = m.ip.sub(1);
            let result = C::run(m);
            if result.is_err_and(|leave| leave != Leave::Refuel) && !C::TELLS {
                m.ip = second;
            }
            result
        }
    }
}

/// A superinstruction as the lists have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    /// The first op's number.
    first: OpNumber,
    /// The second op's number, if there are three.
    second: Option<OpNumber>,
    /// The last op's number.
    last: OpNumber,
    /// The code that runs all of them.
    pub(super) handler: Handler,
}

/// Declares pairs, `First => Last, Last, …;`, or triples, `First, Second => Last, Last, …;`.
macro_rules! rows {
    ($($First:ty => $($Last:ty),+;)+) => {
        $crate::ops::superinstruction::list! { $($({
            $crate::ops::superinstruction::Then<$First, $Last>;
            $First, None, $Last
        })+)+ }
    };
    ($($First:ty, $Second:ty => $($Last:ty),+;)+) => {
        $crate::ops::superinstruction::list! { $($({
            $crate::ops::superinstruction::Then<
                $crate::ops::superinstruction::Then<$First, $Second>, $Last
            >;
            $First, Some($crate::ops::number::<$Second>()), $Last
        })+)+ }
    };
}
use rows;

macro_rules! list {
    ($({ $All:ty; $First:ty, $second:expr, $Last:ty })+) => {
        /// The superinstructions of this file.
        pub(in crate::ops::superinstruction) const LIST: &[$crate::ops::superinstruction::Listed] =
            &[$($crate::ops::superinstruction::Listed {
                first: $crate::ops::number::<$First>(),
                second: $second,
                last: $crate::ops::number::<$Last>(),
                handler: $crate::dispatch::handler::<$All>(),
            }),+];
    };
}
use list;

/// The lists, those of triples behind those of pairs; none without the feature `superinstructions`.
const LISTS: &[&[Listed]] = if cfg!(feature = "superinstructions") {
    &[chosen::pairs::LIST, chosen::triples::LIST]
} else {
    &[]
};

/// How many superinstructions there are. Their numbers follow those of the ops.
pub const COUNT: usize = {
    let (mut count, mut list) = (0, 0);
    while list < LISTS.len() {
        count += LISTS[list].len();
        list += 1;
    }
    count
};

/// All of them. Only the compiler reads it.
pub(super) static ALL: [Listed; COUNT] = {
    let none = Listed {
        first: OpNumber(0),
        second: None,
        last: OpNumber(0),
        handler: FAMILIES[0].defs[0].handler,
    };
    let mut all = [none; COUNT];
    let (mut at, mut list) = (0, 0);
    while list < LISTS.len() {
        let mut index = 0;
        while index < LISTS[list].len() {
            all[at] = LISTS[list][index];
            at += 1;
            index += 1;
        }
        list += 1;
    }
    all
};

/// What each consists of: an op, or the pair that a third op stands behind; and the last op.
static PARTS: [(OpNumber, OpNumber); COUNT] = {
    let mut parts = [(OpNumber(0), OpNumber(0)); COUNT];
    let mut index = 0;
    while index < COUNT {
        let Listed {
            mut first,
            second,
            last,
            ..
        } = ALL[index];
        if let Some(second) = second {
            let mut pair = 0;
            while parts[pair].0.0 != first.0 || parts[pair].1.0 != second.0 {
                pair += 1;
                assert!(pair < index, "a triple begins with a pair");
            }
            // Numbers fit a granule: `ops/mod.rs` asserts it.
            first = OpNumber((OPS + pair) as u16);
        }
        parts[index] = (first, last);
        index += 1;
    }
    parts
};

/// The superinstructions by a hash of their parts; 0 in empty places. Lowering asks for each op: a search among those
/// with the same first op took an eighth of its time.
static PLACES: [u16; 4096] = {
    let mut places = [0; 4096];
    let mut index = 0;
    while index < COUNT {
        let mut at = hash(PARTS[index].0, PARTS[index].1);
        while places[at] != 0 {
            at = (at + 1) % places.len();
        }
        // Numbers fit a granule: `ops/mod.rs` asserts it.
        places[at] = (OPS + index) as u16;
        index += 1;
    }
    places
};

const _: () = assert!(2 * COUNT < PLACES.len(), "most places are empty");

const fn hash(first: OpNumber, last: OpNumber) -> usize {
    // Neighbouring numbers come to lie apart; the twelve uppermost bits count.
    let mixed =
        (first.0 as u32).wrapping_mul(0x9e37_79b1) ^ (last.0 as u32).wrapping_mul(0x85eb_ca6b);
    (mixed >> 20) as usize
}

/// The superinstruction of an op, or of a pair, and an op behind it, if there is one.
#[must_use]
pub fn of(first: OpNumber, last: OpNumber) -> Option<OpNumber> {
    let mut at = hash(first, last);
    loop {
        let number = PLACES[at];
        let index = usize::from(number).checked_sub(OPS)?;
        if PARTS[index] == (first, last) {
            return Some(OpNumber(number));
        }
        at = (at + 1) % PLACES.len();
    }
}

/// What a superinstruction consists of: an op or a pair, and the last op. Nothing if `number` is that of an op.
#[must_use]
pub const fn parts(number: OpNumber) -> Option<(OpNumber, OpNumber)> {
    if number.index() < OPS || number.index() >= OPS + COUNT {
        return None;
    }
    Some(PARTS[number.index() - OPS])
}

/// The ops of superinstruction `index`, counted from 0: the first, perhaps a second, and the last.
#[cfg(feature = "lowered-modules")]
pub(super) const fn listed(index: usize) -> [Option<OpNumber>; 3] {
    let (first, last) = PARTS[index];
    match parts(first) {
        Some((first, second)) => [Some(first), Some(second), Some(last)],
        None => [Some(first), None, Some(last)],
    }
}

/// The ops that `number` stands for, in their order: up to three.
pub fn ops_of(number: OpNumber) -> impl Iterator<Item = OpNumber> {
    let (front, last) = parts(number).map_or((number, None), |(front, last)| (front, Some(last)));
    let (first, second) =
        parts(front).map_or((front, None), |(first, second)| (first, Some(second)));
    [Some(first), second, last].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Field;
    use crate::ops::{def, ends_block, fields};
    use alloc::vec::Vec;

    #[test]
    fn each_is_found_by_its_parts_and_has_them() {
        for index in 0..COUNT {
            let number = OpNumber((OPS + index) as u16);
            let (first, last) = parts(number).expect("it is a superinstruction");
            assert_eq!(of(first, last), Some(number), "none stands twice");
            let ops: Vec<_> = ops_of(number).collect();
            assert!(ops.iter().all(|op| op.index() < OPS));
            assert_eq!(ops.len(), if first.index() < OPS { 2 } else { 3 });
        }
        assert_eq!(parts(OpNumber((OPS - 1) as u16)), None);
        assert_eq!(parts(OpNumber((OPS + COUNT) as u16)), None);
    }

    #[test]
    fn all_but_the_last_go_on_and_the_last_never_runs_again() {
        for index in 0..COUNT {
            let mut ops: Vec<_> = ops_of(OpNumber((OPS + index) as u16)).collect();
            let last = ops.pop().expect("at least two");
            for op in ops {
                assert!(!ends_block(op) && !def(op).runs_again);
                assert!(
                    !fields(op)
                        .iter()
                        .any(|field| field.is_label() || *field == Field::Sp)
                );
            }
            // A call may have to wait for a larger stack. Only short branches are made long.
            assert!(!def(last).runs_again);
            let is_long = |field: &Field| field.is_label() && *field != Field::Label16;
            assert!(!fields(last).iter().any(is_long));
        }
    }
}
