//! The probes of a store: which ops have one, and the numbers of the ops that they hide.
//!
//! A store with probes has code of its own for each instance (`Module::apart`), so a probe that is written over an op is seen by no other
//! store. Ops are not joined to superinstructions there, so each can have a probe.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use hashbrown::HashMap;

use crate::dispatch::granule;
use crate::inspect::decode::{Decoded, decode};
use crate::ops::number;
use crate::ops::probe::Probe;
use crate::runtime::Func;
use crate::runtime::module::code::Code;
use crate::runtime::store::code_index::CodeIndex;
use crate::runtime::store::state::State;

/// The granule of a probe.
const PROBE: u16 = granule(number::<Probe>());

/// The name of probes that were set together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProbeId(u64);

/// The ops that have a probe, also of functions that are lowered later.
struct Rule {
    id: ProbeId,
    /// The functions, by ascending index in the store; `None` for all.
    funcs: Option<Vec<u32>>,
    wanted: Box<dyn Fn(&Decoded) -> bool + Send + Sync>,
}

/// The probes of a store.
#[derive(Default)]
pub(crate) struct ProbeTable {
    rules: Vec<Rule>,
    next: u64,
    /// The functions that were lowered.
    code: CodeIndex,
    /// The granules of the ops that probes hide, by address.
    hidden: HashMap<usize, u16>,
    /// The ops whose probe a watcher has removed, by address. Rules up to this name set none there any more.
    spent: HashMap<usize, ProbeId>,
    /// Whether the watcher that runs has asked to suspend the call.
    pub(crate) must_suspend: bool,
}

impl fmt::Debug for ProbeTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProbeTable")
            .field("hidden", &self.hidden.len())
            .finish_non_exhaustive()
    }
}

impl ProbeTable {
    /// The granule of the op that the probe at `ip` hides.
    pub(crate) fn hidden(&self, ip: *const u16) -> Option<u16> {
        self.hidden.get(&(ip as usize)).copied()
    }

    /// The function that contains the code at `ip`.
    pub(crate) fn function_at(&self, ip: *const u16) -> Option<(u32, Code)> {
        self.code.find(ip)
    }

    /// Sets the probes of a function that was lowered now.
    pub(crate) fn arm(&mut self, func: u32, code: Code) {
        self.code.add(func, code);
        for rule in 0..self.rules.len() {
            self.apply(rule, func, code);
        }
    }

    /// The code of a function as it was before probes were written over it.
    pub(crate) fn plain(&self, code: Code) -> Vec<u16> {
        // SAFETY: the code is complete, and nothing changes it while the store is borrowed.
        let mut plain =
            Vec::from(unsafe { core::slice::from_raw_parts(code.start, code.granules) });
        for (at, granule) in plain.iter_mut().enumerate() {
            if *granule == PROBE
                && let Some(hidden) = self.hidden(code.start.wrapping_add(at))
            {
                *granule = hidden;
            }
        }
        plain
    }

    fn apply(&mut self, rule: usize, func: u32, code: Code) {
        let rule = &self.rules[rule];
        let funcs = rule.funcs.as_ref();
        if funcs.is_some_and(|funcs| funcs.binary_search(&func).is_err()) {
            return;
        }
        // What a damaged module in lowered form has may be no code, but was verified.
        let ops = decode(&self.plain(code)).unwrap_or_default();
        // The first op of a superinstruction stands for all of them.
        let starts = ops.chunk_by(|_, next| next.joined);
        for op in starts.filter(|ops| ops.iter().any(&rule.wanted)) {
            let at = code.start.wrapping_add(op[0].at).cast_mut();
            if (self.spent.get(&(at as usize))).is_some_and(|last| rule.id <= *last) {
                continue;
            }
            // SAFETY: the store's own code, in memory that was allocated for it; no op runs while the store is borrowed.
            let granule = unsafe { at.read() };
            if granule != PROBE {
                self.hidden.insert(at as usize, granule);
                // SAFETY: as above.
                unsafe { at.write(PROBE) };
            }
        }
    }

    /// Removes the probe of the op at `at` in some code, for all rules so far.
    pub(crate) fn spend(&mut self, code: Code, at: usize) {
        let at = code.start.wrapping_add(at).cast_mut();
        self.spent.insert(at as usize, ProbeId(self.next));
        if let Some(granule) = self.hidden.remove(&(at as usize)) {
            // SAFETY: as in `apply`, which has written a probe there.
            unsafe { at.write(granule) };
        }
    }

    /// Writes all hidden ops back.
    fn uncover(&mut self) {
        for (at, granule) in self.hidden.drain() {
            // SAFETY: as in `apply`, which has written a probe there. The address of code is exposed (invariant 2).
            unsafe { core::ptr::with_exposed_provenance_mut::<u16>(at).write(granule) };
        }
    }

    fn remove(&mut self, id: ProbeId) {
        let before = self.rules.len();
        self.rules.retain(|rule| rule.id != id);
        if self.rules.len() == before {
            return;
        }
        self.uncover();
        let all: Vec<_> = self.code.all().collect();
        for (func, code) in all {
            for rule in 0..self.rules.len() {
                self.apply(rule, func, code);
            }
        }
    }
}

impl State {
    /// The code of a function as it was lowered, without probes.
    pub(crate) fn plain_code(&self, code: Code) -> Vec<u16> {
        match &self.probes {
            Some(probes) => probes.plain(code),
            // SAFETY: the code is complete.
            None => Vec::from(unsafe { core::slice::from_raw_parts(code.start, code.granules) }),
        }
    }
}

/// The probes of a store, to set and to remove some. Programs may run: a change has effect from the next op on.
pub struct Probes<'a> {
    state: &'a mut State,
}

impl fmt::Debug for Probes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state.probes.fmt(f)
    }
}

impl<'a> Probes<'a> {
    pub(crate) fn of(state: &'a mut State) -> Self {
        Self { state }
    }

    /// Sets a probe before each op that is `wanted`, in some functions or in all of the store, also in those that were not called yet.
    /// An op can be wanted several times, and is reported once. If the store has no probes ([`Store::enable_probes`]), nothing is
    /// set.
    ///
    /// The functions of a module in lowered form can contain superinstructions: a probe is in front of the first op then.
    ///
    /// # Panics
    /// Panics if a function belongs to another store.
    ///
    /// [`Store::enable_probes`]: crate::Store::enable_probes
    pub fn add(
        &mut self,
        funcs: Option<&[Func]>,
        wanted: impl Fn(&Decoded) -> bool + Send + Sync + 'static,
    ) -> ProbeId {
        let store = self.state.id;
        let funcs = funcs.map(|funcs| {
            // `Handle` has checked that indices are below 2³².
            let indices = funcs.iter().map(|func| func.0.index_in(store) as u32);
            let mut funcs: Vec<_> = indices.collect();
            funcs.sort_unstable();
            funcs
        });
        let Some(probes) = &mut self.state.probes else {
            return ProbeId(0);
        };
        probes.next += 1;
        let id = ProbeId(probes.next);
        probes.rules.push(Rule {
            id,
            funcs,
            wanted: Box::new(wanted),
        });
        let all: Vec<_> = probes.code.all().collect();
        for (func, code) in all {
            probes.apply(probes.rules.len() - 1, func, code);
        }
        id
    }

    /// Removes the probes that [`Probes::add`] has set under this name.
    pub fn remove(&mut self, id: ProbeId) {
        if let Some(probes) = &mut self.state.probes {
            probes.remove(id);
        }
    }

    /// Removes all.
    pub fn clear(&mut self) {
        if let Some(probes) = &mut self.state.probes {
            probes.uncover();
            probes.rules.clear();
            probes.spent.clear();
        }
    }

    /// The number of ops that have a probe now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state
            .probes
            .as_ref()
            .map_or(0, |probes| probes.hidden.len())
    }

    /// Returns whether no op has a probe.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
