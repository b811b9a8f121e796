//! The names of functions and slots in listings.

use alloc::format;
use alloc::string::String;

use hashbrown::HashMap;

use crate::compile::Spelled;
use crate::compile::module::ModuleInfo;
use crate::machine::HEADER_SLOTS;

/// The names of a module's functions.
#[derive(Clone, Debug, Default)]
pub struct Names {
    funcs: HashMap<u32, String>,
    imported: u32,
}

impl Names {
    /// Reads them from the name section.
    #[must_use]
    pub fn new(module: &ModuleInfo) -> Self {
        Self {
            funcs: module.func_names().collect(),
            imported: module.imported_funcs(),
        }
    }

    /// The name of function `func` in listings: `12 $main.main`, or `12`.
    #[must_use]
    pub fn func(&self, func: u32) -> String {
        match self.funcs.get(&func) {
            Some(name) => format!("{func} ${}", Spelled(name)),
            None => format!("{func}"),
        }
    }

    /// The name of function `func`, if it has one.
    #[must_use]
    pub fn name(&self, func: u32) -> Option<&str> {
        self.funcs.get(&func).map(String::as_str)
    }

    /// The name of a function, by its index among those that the module defines.
    #[must_use]
    pub fn defined(&self, defined: u32) -> String {
        self.func(self.imported.saturating_add(defined))
    }
}

/// The meaning of the slots of a frame.
///
/// ```text
///  l0 l1 │ r2 │ h0 h1 │ l2 l3 │ t0 t1 …
/// ```
/// Parameters and locals are `l` with wasm's index; results beyond the parameters are `r`; the header is `h`; the
/// temporary of height 0 of the operand stack is `t0`. A vector takes two slots, so after it the names count slots and not locals.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    params: usize,
    header: usize,
    locals: usize,
}

impl Layout {
    /// The layout of a function's frame.
    #[must_use]
    pub(super) fn new(params: usize, results: usize, locals: usize) -> Self {
        Self {
            params,
            header: params.max(results),
            locals,
        }
    }

    /// The name of a slot.
    #[must_use]
    pub(super) fn slot(&self, slot: usize) -> String {
        let first_local = self.header + HEADER_SLOTS;
        let first_temp = first_local + self.locals;
        match slot {
            _ if slot < self.params => format!("l{slot}"),
            _ if slot < self.header => format!("r{slot}"),
            _ if slot < first_local => format!("h{}", slot - self.header),
            _ if slot < first_temp => format!("l{}", slot - first_local + self.params),
            _ => format!("t{}", slot - first_temp),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_named_by_what_they_are() {
        let layout = Layout::new(2, 3, 1);
        let names = [0, 1, 2, 3, 4, 5, 6, 7].map(|slot| layout.slot(slot));
        assert_eq!(names, ["l0", "l1", "r2", "h0", "h1", "l2", "t0", "t1"]);
    }
}
