//! Places in code: the number of an op in its function, and its address in this build.
//!
//! Ops are counted before they are joined to superinstructions, so the number is the same in all builds. Calls, and the targets of
//! branches, are never inside of a superinstruction; so a place at which a call stops is the start of one in every build.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;

use crate::dispatch::Field;
use crate::inspect::decode;
use crate::machine::FuncEntry;
use crate::ops::go::{GoCall, GoCallIndirect};
use crate::ops::number;
use crate::runtime::module::code::Code;
use crate::runtime::store::state::State;

/// The granules of a function as it was lowered.
#[cfg(feature = "probes")]
pub(super) fn granules(state: &State, code: Code) -> Vec<u16> {
    state.plain_code(code)
}

/// The granules of a function.
#[cfg(not(feature = "probes"))]
pub(super) fn granules(_: &State, code: Code) -> &'static [u16] {
    // SAFETY: the code is complete.
    unsafe { core::slice::from_raw_parts(code.start, code.granules) }
}

/// A call in code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// The slot at which the callee's frame begins.
    pub(super) base: usize,
    /// Whether it is one of Go's, which has a `go.resume` behind it.
    pub(super) is_go: bool,
}

/// The ops of a function.
#[derive(Debug)]
pub(super) struct Ops {
    code: Code,
    ops: Vec<Place>,
}

/// An op of a function.
#[derive(Debug)]
struct Place {
    /// The granule at which it begins.
    at: u32,
    /// Whether it is joined to the op before. Nothing can begin there then.
    joined: bool,
    /// The call that it is.
    call: Option<Call>,
    /// Whether it reads an accumulator.
    reads_accumulator: bool,
}

impl Ops {
    fn new(state: &State, code: Code) -> Option<Self> {
        let place = |op: decode::Decoded| {
            let mut operands = op.operands.iter();
            let base = operands.find(|operand| operand.field == Field::Base);
            let call = base.map(|base| Call {
                base: base.value as usize,
                is_go: op.op == number::<GoCall>() || op.op == number::<GoCallIndirect>(),
            });
            let mut operands = op.operands.iter();
            let reads =
                |operand: &decode::Operand| matches!(operand.field, Field::Acc | Field::Facc);
            Place {
                reads_accumulator: operands.any(reads),
                // Code is smaller than 4 GiB.
                at: op.at as u32,
                joined: op.joined,
                call,
            }
        };
        let ops = decode::decode(granules(state, code).as_ref())?
            .into_iter()
            .map(place)
            .collect();
        Some(Self { code, ops })
    }

    /// The number of the op that begins at address `ip`.
    pub(super) fn number_of(&self, ip: *const u16) -> Option<u32> {
        let at = (ip as usize).checked_sub(self.code.start as usize)? / size_of::<u16>();
        let at = u32::try_from(at).ok()?;
        let first = self.ops.partition_point(|op| op.at < at);
        // An op that is joined to one without operands has the granule of that one.
        let mut here = (first..).zip(&self.ops[first..]);
        let (number, _) = here.find(|(_, op)| op.at > at || !op.joined)?;
        (self.ops[number].at == at).then_some(number as u32)
    }

    /// The address of op `number`, if something can begin there.
    pub(super) fn address(&self, number: u32) -> Option<*const u16> {
        let op = self.ops.get(number as usize)?;
        (!op.joined).then(|| self.code.start.wrapping_add(op.at as usize))
    }

    /// Whether op `number` may find a value in an accumulator: it reads one itself, or a call in front of it has returned. A label has none.
    pub(super) fn has_accumulators(&self, number: u32) -> bool {
        let op = self.ops.get(number as usize);
        op.is_some_and(|op| op.reads_accumulator) || self.call_before(number).is_some()
    }

    /// The call in front of op `number`.
    pub(super) fn call_before(&self, number: u32) -> Option<Call> {
        self.ops.get(number.checked_sub(1)? as usize)?.call
    }
}

/// The functions whose ops were asked for.
#[derive(Default)]
pub(super) struct Positions(BTreeMap<u32, Ops>);

impl Positions {
    /// The ops of function `func` of the store, which was lowered.
    pub(super) fn of(&mut self, state: &State, func: u32) -> Option<&Ops> {
        match self.0.entry(func) {
            Entry::Occupied(known) => Some(known.into_mut()),
            Entry::Vacant(place) => {
                let entry = state.funcs.get(func as usize)?;
                let instance = state.instances.get(entry.instance as usize)?;
                let code = instance.module.lowered(func - instance.first_func)?;
                Some(place.insert(Ops::new(state, code)?))
            }
        }
    }
}

/// The addresses of the code of all functions that a store has lowered.
pub(super) struct Addresses(Vec<(usize, usize, u32)>);

impl Addresses {
    pub(super) fn of(state: &State) -> Self {
        let lowered = |(func, entry): (usize, &FuncEntry)| {
            let instance = state.instances.get(entry.instance as usize)?;
            // There are fewer than 2³² functions.
            let code = instance.module.lowered(func as u32 - instance.first_func)?;
            let start = code.start as usize;
            Some((start, start + code.bytes(), func as u32))
        };
        let mut all: Vec<_> = state.funcs.iter().enumerate().filter_map(lowered).collect();
        all.sort_unstable();
        Self(all)
    }

    /// The function of `instance` that contains the code at `ip`. Instances of one module share code.
    pub(super) fn find(&self, state: &State, ip: *const u16, instance: u32) -> Option<u32> {
        let behind = self.0.partition_point(|(start, ..)| *start <= ip as usize);
        let mut before = self.0[..behind].iter().rev();
        let own = before.find(|(_, _, func)| state.funcs[*func as usize].instance == instance)?;
        ((ip as usize) < own.1).then_some(own.2)
    }
}
