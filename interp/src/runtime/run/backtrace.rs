//! Finds the functions that were running when a program stopped: [`capture`].

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ptr;

use crate::error::{FrameSymbol, WasmBacktrace};
use crate::machine::{FrameInfo, FuncEntry, FuncIndex, walk};
use crate::ops::stub;
use crate::runtime::Module;
use crate::runtime::store::state::State;

/// The maximum number of frames that are kept, from the innermost outwards.
const MOST: usize = 64;

/// A frame before the lookup of names: module, function, granules from the function's start.
type Place = (Module, u32, usize);

/// Captures the frames of a program that has stopped.
pub(crate) fn capture(state: &State) -> WasmBacktrace {
    let mut places: Vec<Place> = Vec::new();
    // SAFETY: the context is the store's own, and no op runs while `state` is borrowed.
    let (ip, fp) = unsafe { (*state.cx()).stopped };
    let callee = Cell::new(state.callee_at(ip).map(FuncIndex));
    let function_of = |ip: *const u16| {
        let func = callee.take().or_else(|| function_at(state, ip))?;
        let entry = state.funcs[func.index()];
        Some(FrameInfo { func, entry })
    };
    // SAFETY: the machine has stopped there, and the stack has not changed since.
    unsafe {
        walk(
            ip,
            fp,
            stub::restore(),
            MOST + 1,
            &function_of,
            &mut |frame| {
                let instance = state.funcs[frame.func.index()].instance as usize;
                let instance = &state.instances[instance];
                let defined = frame.func.0 - instance.first_func;
                places.push((instance.module.clone(), defined, frame.offset));
            },
        );
    }
    let complete = places.len() <= MOST;
    places.truncate(MOST);
    WasmBacktrace {
        frames: symbols(&places),
        complete,
    }
}

impl State {
    /// The function that begins at `ip`, where the machine has stopped, if it was not lowered yet. The stub that lowers functions belongs to
    /// none of them; the accumulator has the callee's entry there. Outer frames are never at the stub.
    pub(super) fn callee_at(&self, ip: *const u16) -> Option<u32> {
        if ip != stub::lower() {
            return None;
        }
        // SAFETY: the context is the store's own, and no op runs while `self` is borrowed.
        let entry = unsafe { (*self.cx()).call_acc } as usize;
        let bytes = entry.wrapping_sub(self.funcs.as_ptr() as usize);
        let func = bytes / size_of::<FuncEntry>();
        // There are fewer than 2³² functions.
        (func < self.funcs.len()).then_some(func as u32)
    }
}

/// Returns the function of the store that contains the code at `ip`. If several instances of a module share the code, it is
/// a function of the first one.
fn function_at(state: &State, ip: *const u16) -> Option<FuncIndex> {
    state.instances.iter().find_map(|instance| {
        let defined = instance.module.function_at(ip)?;
        Some(FuncIndex(instance.first_func + defined))
    })
}

/// Looks up names and positions once for each function. A function may be large, and a recursion has it in every frame.
fn symbols(places: &[Place]) -> Vec<FrameSymbol> {
    let mut symbols: Vec<Option<FrameSymbol>> = Vec::new();
    symbols.resize_with(places.len(), || None);
    for (first, (module, defined, _)) in places.iter().enumerate() {
        if symbols[first].is_some() {
            continue;
        }
        let info = module.info();
        let func_index = info.imported_funcs() + defined;
        let func_name = info.func_name(func_index).map(Arc::from);
        let positions = module.positions(*defined);
        for (symbol, (other, func, offset)) in symbols.iter_mut().zip(places) {
            if func == defined && ptr::eq(other.info(), info) {
                *symbol = Some(FrameSymbol {
                    func_index,
                    func_name: func_name.clone(),
                    module_offset: positions.at(*offset),
                });
            }
        }
    }
    symbols.into_iter().flatten().collect()
}
