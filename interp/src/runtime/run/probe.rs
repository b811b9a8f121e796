//! Probes: the embedder is called before an op.
//!
//! [`Store::enable_probes`] sets the function that is called, and [`Probes`] the ops. The function receives the stopped program as a
//! [`Probed`]. It can suspend the call there; [`ResumableSuspended::look`] then shows the same again.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::{fmt, mem};

use crate::Error;
use crate::error::WasmBacktrace;
use crate::inspect::decode::{Decoded, decode, decode_one};
use crate::machine::{Exit, FrameInfo, FuncIndex, Stack, walk};
use crate::ops::stub;
use crate::runtime::link::instance::Instance;
use crate::runtime::module::code::Code;
use crate::runtime::run::backtrace;
use crate::runtime::store::Inner;
use crate::runtime::store::probe_table::Probes;
use crate::runtime::{
    AsContext, AsContextMut, Module, ResumableSuspended, Store, StoreContext, StoreContextMut,
};

/// The function that is called at probes.
pub(crate) type Watcher<T> = Box<dyn FnMut(Probed<'_, T>) -> Result<(), Error> + Send + Sync>;

/// A program that has stopped before an op.
pub struct Probed<'a, T: 'static> {
    inner: &'a mut Inner<T>,
    func: u32,
    code: Code,
    /// The granule of the op in its function.
    at: usize,
    /// The first slot of its frame on the value stack.
    frame: usize,
    acc: u64,
    facc: f64,
    /// Whether the call can be suspended here.
    is_suspendable: bool,
}

impl<T> fmt::Debug for Probed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probed")
            .field("func", &self.func)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl<T> Store<T> {
    /// Calls `watcher` before each op that has a probe ([`Store::probes`]). Instances that are made from now on get code of their own, in
    /// which no ops are joined, so that each can have a probe; earlier ones have no probes. An error of the watcher stops the program.
    ///
    /// Programs consume the same fuel and compute the same results as without probes. Ops without a probe take their usual time. Calls that
    /// the watcher itself makes are not reported.
    ///
    /// ```
    /// use interp::{Error, Linker, Module, Store, inspect::decode::Decoded};
    ///
    /// fn main() -> Result<(), Error> {
    ///     let program = wat::parse_str(
    ///         r#"(module (func (export "run") (param i32) (result i32)
    ///              (loop $again (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
    ///                (br_if $again (local.get 0)))
    ///              (local.get 0)))"#,
    ///     );
    ///     let mut store = Store::new(&Default::default(), Vec::new());
    ///     store.enable_probes(|mut at| {
    ///         let value = at.slots()[0];
    ///         at.store().data_mut().push(value);
    ///         Ok(())
    ///     });
    ///     let module = Module::new(store.engine(), program.map_err(Error::host)?)?;
    ///     let instance = Linker::new(store.engine()).instantiate(&mut store, &module)?;
    ///     store.probes().add(None, Decoded::is_branch);
    ///
    ///     instance.get_typed_func::<i32, i32>(&store, "run")?.call(&mut store, 3)?;
    ///     assert_eq!(*store.data(), [2, 1, 0]);
    ///     Ok(())
    /// }
    /// ```
    pub fn enable_probes(
        &mut self,
        watcher: impl FnMut(Probed<'_, T>) -> Result<(), Error> + Send + Sync + 'static,
    ) {
        let inner = &mut *self.0;
        inner.watcher = Some(Box::new(watcher));
        if inner.state.probes.is_none() {
            inner.state.probes = Some(Box::default());
            // All slots of a frame can be read then. Nothing runs on the old stack.
            let most = inner.state.engine.config().max_stack / size_of::<u64>();
            drop(inner.state.exchange_stack(Stack::zeroed(most)));
        }
    }

    /// The probes of the store.
    pub fn probes(&mut self) -> Probes<'_> {
        Probes::of(&mut self.0.state)
    }
}

impl<'a, T> Probed<'a, T> {
    /// The store.
    pub fn store(&mut self) -> StoreContextMut<'_, T> {
        StoreContextMut { inner: self.inner }
    }

    /// The probes of the store.
    pub fn probes(&mut self) -> Probes<'_> {
        Probes::of(&mut self.inner.state)
    }

    /// Removes the probe of this op alone: nothing that was added so far reports it again. What is [added](Probes::add) later can.
    ///
    /// A watcher that does this at each op sees every op that runs once, and soon the program runs at full speed.
    pub fn remove(&mut self) {
        if let Some(probes) = &mut self.inner.state.probes {
            probes.spend(self.code, self.at);
        }
    }

    /// Suspends the call before this op when the watcher has returned, if it is a resumable one
    /// ([`Func::call_resumable`](crate::Func::call_resumable)). Returns whether it is. When the call is resumed, the watcher is called for
    /// this op again, unless its probe was removed.
    ///
    /// A call of a host function, or an instantiation, cannot be suspended.
    pub fn suspend(&mut self) -> bool {
        if let Some(probes) = &mut self.inner.state.probes {
            probes.must_suspend = self.is_suspendable;
        }
        self.is_suspendable
    }

    /// The fuel that is left, if fuel is metered.
    #[must_use]
    pub fn fuel(&self) -> Option<u64> {
        self.inner.get_fuel().ok()
    }

    /// The instance whose code runs.
    #[must_use]
    pub fn instance(&self) -> Instance {
        let state = &self.inner.state;
        Instance::new(state.id, state.funcs[self.func as usize].instance)
    }

    /// The module of that instance.
    #[must_use]
    pub fn module(&self) -> Module {
        self.entity_module().original()
    }

    fn entity_module(&self) -> &Module {
        let state = &self.inner.state;
        &state.instances[state.funcs[self.func as usize].instance as usize].module
    }

    /// The function, by its index among those that the module defines.
    #[must_use]
    pub fn defined_func(&self) -> u32 {
        let state = &self.inner.state;
        let instance = state.funcs[self.func as usize].instance as usize;
        self.func - state.instances[instance].first_func
    }

    /// The granule of the function's code at which the op begins.
    #[must_use]
    pub fn granule(&self) -> usize {
        self.at
    }

    /// The op; of a superinstruction the first one.
    #[must_use]
    pub fn op(&self) -> Option<Decoded> {
        // As many granules as an op has, if it has no branch table, and otherwise all.
        let code = self.inner.state.plain_code(self.code);
        decode_one(&code, self.at)
    }

    /// All ops of the function. They are decoded each time.
    #[must_use]
    pub fn ops(&self) -> Vec<Decoded> {
        decode(&self.inner.state.plain_code(self.code)).unwrap_or_default()
    }

    /// The byte offset in the module of the instruction that the op was lowered from. The function is lowered again to find it, or
    /// a table is searched.
    #[must_use]
    pub fn module_offset(&self) -> Option<usize> {
        self.entity_module()
            .positions(self.defined_func())
            .at(self.at)
    }

    /// The place of the frame on the value stack: the number of its first slot. An inner frame has a greater number than an outer one.
    #[must_use]
    pub fn frame(&self) -> usize {
        self.frame
    }

    /// The slots of the frame: parameters, header, locals and temporaries. Those that are not in use have any value.
    #[must_use]
    pub fn slots(&self) -> &[u64] {
        let slots = self.code.frame_slots as usize;
        self.inner.state.slots(self.frame, slots)
    }

    /// A slot of the value stack, by its number there: of another frame, for example.
    #[must_use]
    pub fn stack_slot(&self, slot: usize) -> Option<u64> {
        // SAFETY: the context is the store's own, and no op runs. The stack is zeroed.
        let len = unsafe { (*self.inner.state.cx()).stack.len() };
        (slot < len).then(|| self.inner.state.slots(slot, 1)[0])
    }

    /// The accumulator for integers and references.
    #[must_use]
    pub fn acc(&self) -> u64 {
        self.acc
    }

    /// The accumulator for floats.
    #[must_use]
    pub fn facc(&self) -> f64 {
        self.facc
    }

    /// The frames of the functions that run, at most `most`, innermost first.
    #[must_use]
    pub fn frames(&self, most: usize) -> Vec<ProbedFrame> {
        let state = &self.inner.state;
        // SAFETY: the context is the store's own, and no op runs.
        let cx = unsafe { &*state.cx() };
        let (ip, fp) = cx.stopped;
        let base = cx.stack.base() as usize;
        let mut frames = Vec::new();
        let function_of = |ip: *const u16| {
            let (func, _) = state.probes.as_ref()?.function_at(ip)?;
            let entry = state.funcs[func as usize];
            Some(FrameInfo {
                func: FuncIndex(func),
                entry,
            })
        };
        // SAFETY: the machine has stopped there, and the stack has not changed since.
        unsafe {
            walk(ip, fp, stub::restore(), most, &function_of, &mut |frame| {
                let entry = state.funcs[frame.func.index()];
                let instance = &state.instances[entry.instance as usize];
                frames.push(ProbedFrame {
                    instance: Instance::new(state.id, entry.instance),
                    defined_func: frame.func.0 - instance.first_func,
                    granule: frame.offset,
                    frame: (frame.slots as usize - base) / size_of::<u64>(),
                    slots: entry.frame_slots as usize,
                });
            });
        }
        frames
    }

    /// The functions that run, innermost first.
    #[must_use]
    pub fn backtrace(&self) -> WasmBacktrace {
        backtrace::capture(&self.inner.state)
    }
}

/// A frame of a program that has stopped.
#[derive(Clone, Copy, Debug)]
pub struct ProbedFrame {
    /// The instance whose code it runs.
    pub instance: Instance,
    /// The function, by its index among those that the module defines.
    pub defined_func: u32,
    /// The granule of the op that runs next, or one of the call that the function has made.
    pub granule: usize,
    /// The number of its first slot on the value stack.
    pub frame: usize,
    /// The number of its slots.
    pub slots: usize,
}

impl<T> AsContext for Probed<'_, T> {
    type Data = T;

    fn as_context(&self) -> StoreContext<'_, T> {
        StoreContext { inner: self.inner }
    }
}

impl<'from, T> From<&'from Probed<'_, T>> for StoreContext<'from, T> {
    fn from(probed: &'from Probed<'_, T>) -> Self {
        probed.as_context()
    }
}

impl<T> AsContextMut for Probed<'_, T> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        self.store()
    }
}

impl<T> Inner<T> {
    /// The granule of the op that the probe hides at which the machine has stopped.
    pub(super) fn hidden_op(&mut self) -> Result<u16, Exit> {
        // SAFETY: the context is the store's own, and no op runs.
        let (ip, _) = unsafe { (*self.state.cx()).stopped };
        let hidden = self.state.probes.as_ref();
        match hidden.and_then(|probes| probes.hidden(ip)) {
            Some(granule) => Ok(granule),
            None => Err(self.stop(Error::new(
                "the code has a probe that nobody has set: the module in lowered form was changed",
            ))),
        }
    }

    /// Calls the watcher for the op at which the machine has stopped.
    pub(super) fn at_probe(&mut self) -> Result<(), Exit> {
        let Some(watcher) = self.watcher.take() else {
            return Ok(());
        };
        // SAFETY: as above.
        let cx = unsafe { &*self.state.cx() };
        let ((ip, fp), acc, facc) = (cx.stopped, cx.call_acc, cx.call_facc);
        let frame = (fp as usize - cx.stack.base() as usize) / size_of::<u64>();
        let probes = self.state.probes.as_ref();
        let Some((func, code)) = probes.and_then(|probes| probes.function_at(ip)) else {
            self.watcher = Some(watcher);
            return Ok(());
        };
        let at = (ip as usize - code.start as usize) / size_of::<u16>();
        let outer = self.state.suspend();
        let top = frame + code.frame_slots as usize;
        let free_top = mem::replace(&mut self.state.free_top, top);
        let suspendable = mem::replace(&mut self.state.is_suspendable, false);
        self.state.depth += 1;
        let mut watcher = watcher;
        let outcome = self.guarded(|inner| {
            watcher(Probed {
                inner,
                func,
                code,
                at,
                frame,
                acc,
                facc,
                is_suspendable: suspendable,
            })
        });
        // The watcher may have set another one.
        self.watcher.get_or_insert(watcher);
        #[cfg(feature = "heap")]
        self.state.heap.end_scopes(self.state.depth);
        self.state.depth -= 1;
        self.state.is_suspendable = suspendable;
        self.state.free_top = free_top;
        self.state.resume(outer);
        // SAFETY: as above. The registers are those from before.
        let cx = unsafe { &mut *self.state.cx() };
        (cx.call_acc, cx.call_facc) = (acc, facc);
        outcome.map_err(|error| self.stop_as(error))?;
        let probes = self.state.probes.as_mut();
        match probes.is_some_and(|probes| mem::take(&mut probes.must_suspend)) {
            true => Err(self.state.pause_as_asked(0)),
            false => Ok(()),
        }
    }
}

impl ResumableSuspended {
    /// Shows the suspended call as a watcher would see it before the next op. Returns `None` if that op is not in lowered code: the
    /// function has not been called before, or the store has no probes.
    ///
    /// # Errors
    /// Fails if the call belongs to another store.
    pub fn look<T, R>(
        &mut self,
        store: &mut Store<T>,
        look: impl FnOnce(Probed<'_, T>) -> R,
    ) -> Result<Option<R>, Error> {
        let inner = &mut *store.0;
        let call = &mut self.call;
        if call.store != inner.state.id {
            return Err(Error::new("the call belongs to another store"));
        }
        let place = &call.place;
        let probes = inner.state.probes.as_ref();
        let Some((func, code)) = probes.and_then(|probes| probes.function_at(place.ip)) else {
            return Ok(None);
        };
        let (ip, frame, acc, facc, instance) =
            (place.ip, place.frame, place.acc, place.facc, place.instance);
        let outer = inner.state.suspend();
        let top = frame + code.frame_slots as usize;
        let free_top = mem::replace(&mut inner.state.free_top, top);
        let suspendable = mem::replace(&mut inner.state.is_suspendable, false);
        let stack = mem::replace(&mut call.stack, Stack::zeroed(0));
        let home = inner.state.exchange_stack(stack);
        inner.state.enter(instance);
        // SAFETY: the context is the store's own, and no op runs. The frame is on the stack that is there now.
        let cx = unsafe { &mut *inner.state.cx() };
        cx.stopped = (ip, cx.stack.base().wrapping_add(frame));
        let shown = look(Probed {
            inner: &mut *inner,
            func,
            code,
            at: (ip as usize - code.start as usize) / size_of::<u16>(),
            frame,
            acc,
            facc,
            is_suspendable: false,
        });
        call.stack = inner.state.exchange_stack(home);
        inner.state.is_suspendable = suspendable;
        inner.state.free_top = free_top;
        inner.state.resume(outer);
        Ok(Some(shown))
    }
}
