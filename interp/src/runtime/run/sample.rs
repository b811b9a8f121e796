//! Samples: where a program is, every so many units of fuel. For profiles.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::Cell;
use core::mem;

use crate::machine::{FrameInfo, FuncEntry, FuncIndex, walk};
use crate::ops::stub;
use crate::runtime::link::instance::Instance;
use crate::runtime::store::Inner;
use crate::runtime::store::code_index::CodeIndex;
use crate::runtime::store::fuel::SLICE;
use crate::runtime::store::state::State;
use crate::runtime::{Store, StoreContextMut};

/// The maximum number of frames of a sample, from the innermost outwards.
const MOST: usize = 512;

/// The function that receives samples.
pub(crate) type Sampler = Box<dyn FnMut(&[SampledFrame], u64) -> u32 + Send + Sync>;

/// A function that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SampledFrame {
    /// Its instance.
    pub instance: Instance,
    /// Its index among the functions that the module defines.
    pub defined: u32,
    /// The granule of its code of the op that runs, or that has called the next inner function.
    pub granule: u32,
}

impl<T> Store<T> {
    /// Calls `sampler` from time to time with the functions that run, innermost first and at most 512 of them, and with the units of fuel that
    /// were consumed since the last call. It returns the number of units until it is called again, at most 65,536. A program
    /// that consumes the same fuel is seen at the same places.
    ///
    /// Running code does not become slower; fuel need not be metered. Programs that run are also seen between two calls of the host, by
    /// [`StoreContextMut::frames`] in a [call hook](Store::call_hook).
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    /// use interp::{Error, Linker, Module, Store};
    ///
    /// fn main() -> Result<(), Error> {
    ///     let program = wat::parse_str(
    ///         r#"(module (func (export "run") (param i32)
    ///              (loop $again (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#,
    ///     );
    ///     let mut store = Store::new(&Default::default(), ());
    ///     let units = Arc::new(Mutex::new(0));
    ///     let sum = units.clone();
    ///     store.sample(move |frames, units| {
    ///         assert_eq!(frames[0].defined, 0);
    ///         *sum.lock().expect("nobody panics") += units;
    ///         100
    ///     });
    ///     let module = Module::new(store.engine(), program.map_err(Error::host)?)?;
    ///     let instance = Linker::new(store.engine()).instantiate(&mut store, &module)?;
    ///     instance.get_typed_func::<i32, ()>(&store, "run")?.call(&mut store, 1000)?;
    ///     let units = *units.lock().expect("nobody panics");
    ///     assert!((900..=1000).contains(&units), "{units}");
    ///     Ok(())
    /// }
    /// ```
    pub fn sample(
        &mut self,
        sampler: impl FnMut(&[SampledFrame], u64) -> u32 + Send + Sync + 'static,
    ) {
        let inner = &mut *self.0;
        inner.sampler = Some(Box::new(sampler));
        let index = CodeIndex::of(&inner.state);
        inner.state.sampled = Some(Box::new(index));
        // The first request for fuel comes at once.
        // SAFETY: the context is the store's own, and no op runs while `self` is borrowed.
        let unused = mem::take(unsafe { &mut (*inner.state.cx()).fuel });
        inner.state.tank.give_back(unused);
    }
}

impl<T> StoreContextMut<'_, T> {
    /// The functions that run, as [`Store::sample`] has them; none without a sampler.
    pub fn frames(&self, frames: &mut Vec<SampledFrame>) {
        self.inner.state.sample(frames);
    }

    /// In a call hook: the imported function that is called, by its index in the module, if the program has imported it.
    #[must_use]
    pub fn called_import(&self) -> Option<u32> {
        let state = &self.inner.state;
        // SAFETY: the context is the store's own, and no op runs.
        let entry = unsafe { (*state.cx()).foreign.entry };
        let first = state.funcs.as_ptr() as usize;
        let func = (entry as usize).checked_sub(first)? / size_of::<FuncEntry>();
        let instance = &state.instances[state.current()? as usize];
        let mut imports = instance.func_imports.iter();
        let index = imports.position(|import| import.index() == func)?;
        // Indices of functions have 32 bits.
        Some(index as u32)
    }
}

impl<T> Inner<T> {
    /// Passes a sample on, if somebody wants it. The machine has asked for fuel.
    pub(super) fn take_sample(&mut self) {
        let Some(sampler) = &mut self.sampler else {
            return;
        };
        let mut frames = mem::take(&mut self.frames);
        self.state.sample(&mut frames);
        // All of it is consumed. What is owed counts for the next sample, which pays it.
        let slice = sampler(&frames, self.state.tank.take_granted());
        self.state.tank.set_slice(slice.clamp(1, SLICE));
        self.frames = frames;
    }
}

impl State {
    /// The functions that run, innermost first.
    fn sample(&self, frames: &mut Vec<SampledFrame>) {
        frames.clear();
        let Some(index) = &self.sampled else { return };
        // SAFETY: the context is the store's own, and no op runs while `self` is borrowed.
        let (ip, fp) = unsafe { (*self.cx()).stopped };
        let callee = Cell::new(self.callee_at(ip));
        let function_of = |ip: *const u16| {
            let func = callee.take().or_else(|| Some(index.find(ip)?.0))?;
            let entry = self.funcs[func as usize];
            let func = FuncIndex(func);
            Some(FrameInfo { func, entry })
        };
        // SAFETY: the machine has stopped there, and the stack has not changed since.
        unsafe {
            walk(ip, fp, stub::restore(), MOST, &function_of, &mut |frame| {
                let instance = self.funcs[frame.func.index()].instance;
                let entity = &self.instances[instance as usize];
                frames.push(SampledFrame {
                    instance: Instance::new(self.id, instance),
                    defined: frame.func.0 - entity.first_func,
                    // Code is smaller than 4 GiB.
                    granule: frame.offset as u32,
                });
            });
        }
    }
}
