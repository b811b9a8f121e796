//! [`CodeIndex`]: finds the function of a bytecode address at once, for probes and samples.

use alloc::collections::BTreeMap;

use crate::machine::FuncEntry;
use crate::runtime::module::code::Code;
use crate::runtime::store::state::State;

/// The functions of a store that were lowered, by the address of their code. Of instances that share code the last one is known.
#[derive(Debug, Default)]
pub(crate) struct CodeIndex(BTreeMap<usize, (u32, Code)>);

// SAFETY: the addresses are only compared here. They lead to code that the store keeps alive.
unsafe impl Send for CodeIndex {}
// SAFETY: as above.
unsafe impl Sync for CodeIndex {}

impl CodeIndex {
    /// The functions that a store has lowered so far.
    pub(crate) fn of(state: &State) -> Self {
        let mut index = Self::default();
        for (func, entry) in (0..).zip(&state.funcs) {
            if entry.instance == FuncEntry::HOST {
                continue;
            }
            let instance = &state.instances[entry.instance as usize];
            if let Some(code) = instance.module.lowered(func - instance.first_func) {
                index.add(func, code);
            }
        }
        index
    }

    /// Adds a function that was lowered.
    pub(crate) fn add(&mut self, func: u32, code: Code) {
        self.0.insert(code.start as usize, (func, code));
    }

    /// The function that contains the code at `ip`.
    pub(crate) fn find(&self, ip: *const u16) -> Option<(u32, Code)> {
        let (_, (func, code)) = self.0.range(..=ip as usize).next_back()?;
        code.contains(ip).then_some((*func, *code))
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, Code)> {
        self.0.values().copied()
    }
}
