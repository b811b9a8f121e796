//! Calls by the host: of wasm functions and of host functions.
//!
//! Calls nest: wasm calls a host function, which calls wasm again. All calls share one value stack. An inner call begins
//! above the frames of the outer calls, at `free_top`. The state of the outer call (current instance, place of the stop,
//! runtime) is restored when the inner call ends.

use crate::Error;
use crate::compile::Stage;
use crate::dispatch;
use crate::machine::{Exit, FuncEntry, HEADER_SLOTS, Header, Regs, Runtime, Stack, Trap};
use crate::ops::stub;
use crate::runtime::link::instance::Instance;
use crate::runtime::module::code::Code;
use crate::runtime::run::backtrace;
use crate::runtime::store::Inner;
use crate::runtime::store::state::Pause;
use crate::runtime::store::state::State;
use crate::runtime::{CallHook, Caller, Module, StoreContextMut, StorePart};
use core::slice;

impl<T> Inner<T> {
    /// Calls function `func` of the store. `args` and `results` must have the lengths of its type.
    pub(crate) fn invoke(
        &mut self,
        func: usize,
        args: &[u64],
        results: &mut [u64],
    ) -> Result<(), Error> {
        self.look_for_stop()?;
        let top = self.state.free_top;
        let entry = self.state.funcs[func];
        // `Handle` has checked that it is below 2^32.
        let index = func as u32;
        if entry.instance == FuncEntry::HOST {
            self.state.reserve(top + entry.header())?;
            self.state.slots_mut(top, args.len()).copy_from_slice(args);
            let outcome = self.run_host(index, top, None);
            self.resume_panic();
            outcome?;
        } else {
            self.hook(CallHook::CallingWasm)?;
            let outcome = self.run_wasm(index, entry, args);
            if outcome.is_ok() {
                results.copy_from_slice(self.state.slots(top, results.len()));
            }
            self.hook(CallHook::ReturningFromWasm)?;
            return outcome;
        }
        results.copy_from_slice(self.state.slots(top, results.len()));
        Ok(())
    }

    /// Runs a function of a module. Its results are at the free top afterwards.
    fn run_wasm(&mut self, func: u32, entry: FuncEntry, args: &[u64]) -> Result<(), Error> {
        if entry.code == stub::lower() {
            let lowered = self.lower_now(func);
            self.resume_panic();
            lowered?;
        }
        let entry = self.state.funcs[func as usize];
        let outer = self.state.suspend();
        let outcome = self.begin(entry, args).and_then(|exit| self.outcome(exit));
        self.state.resume(outer);
        self.resume_panic();
        outcome
    }

    /// Runs `entry`, which is lowered, in a frame at the free top. The results begin there.
    pub(crate) fn begin(&mut self, entry: FuncEntry, args: &[u64]) -> Result<Exit, Error> {
        let top = self.state.free_top;
        let locals = top + entry.header() + HEADER_SLOTS;
        let frame = entry.frame_slots as usize;
        debug_assert!(locals + entry.zero_slots as usize <= top + frame);
        self.state.reserve(top + frame)?;
        self.state.slots_mut(top, args.len()).copy_from_slice(args);
        self.state
            .slots_mut(locals, entry.zero_slots as usize)
            .fill(0);
        self.state.enter(Some(entry.instance));
        // SAFETY: the header's slots were reserved, and no op runs.
        unsafe {
            let fp = (*self.state.cx()).stack.base().add(top);
            Header {
                return_ip: stub::halt(),
                distance: 0,
            }
            .write(fp.add(entry.header()));
        }
        Ok(self.run_from(entry.code, top, 0, 0.0))
    }

    /// Runs from the op at `ip`, in the frame at slot `frame`, with these accumulators.
    pub(crate) fn run_from(&mut self, ip: *const u16, frame: usize, acc: u64, facc: f64) -> Exit {
        let runtime: *mut Self = self;
        let cx = self.state.cx();
        // SAFETY: the invariants of the machine hold:
        // 1. `ip` is in lowered code of a module that the store keeps alive, or in a stub.
        // 2. `begin` has reserved the frame, and has written arguments, locals and a header that leads to a stub. Or the
        //   frame is one of a suspended call, which has kept its stack.
        // 3., 5. The caller has entered the function's instance.
        // 4. `cx` is the store's context. It is behind a raw pointer, and until `run` returns, `self` is used only by the
        //   runtime behind `runtime`, which is derived from it.
        // 6. Arguments have the types of the parameters: the public methods that lead here check it.
        unsafe {
            let outer = core::mem::replace(&mut (*cx).runtime, runtime as *mut dyn Runtime);
            let fp = (*cx).stack.base().add(frame);
            let exit = dispatch::run(Regs {
                ip,
                fp,
                mem: (*cx).mem,
                mem_len: (*cx).mem_len,
                cx,
                acc,
                facc,
            });
            (*cx).runtime = outer;
            exit
        }
    }

    /// Converts the reason of the machine's stop to a result for the embedder.
    pub(crate) fn outcome(&mut self, exit: Exit) -> Result<(), Error> {
        self.state.pause = None;
        let error = match exit {
            Exit::Done => return Ok(()),
            Exit::Trap(trap) => Error::from(trap),
            // `dispatch` turns an exception into a handler's place or into an error.
            _ => {
                let pending = self.state.pending.take();
                pending.expect("whoever answers `Exit::Runtime` leaves the error")
            }
        };
        if !error.wants_backtrace() {
            return Err(error);
        }
        let trace = backtrace::capture(&self.state);
        Err(error.with_backtrace(trace))
    }

    /// Runs a host function. Its arguments are at slot `at` of the stack, and its results are written there.
    pub(crate) fn run_host(
        &mut self,
        func: u32,
        at: usize,
        caller: Option<u32>,
    ) -> Result<(), Error> {
        if self.state.depth >= self.state.engine.config().max_host_depth {
            return Err(Trap::StackOverflow.into());
        }
        let found = self.hosts.binary_search_by_key(&func, |(index, _)| *index);
        let found = found.expect("entries of the host and host functions are added together");
        let run = self.hosts[found].1.run();
        let free = at + self.state.funcs[func as usize].header();
        let outer = core::mem::replace(&mut self.state.free_top, free);
        self.state.depth += 1;
        let suspendable = core::mem::replace(&mut self.state.is_suspendable, false);
        let instance = caller.map(|index| Instance::new(self.state.id, index));
        let outcome = self.guarded(|inner| {
            if caller.is_none() {
                return run(Caller::new(StoreContextMut { inner }, instance), at);
            }
            inner.hook(CallHook::CallingHost)?;
            let store = StoreContextMut { inner: &mut *inner };
            let outcome = run(Caller::new(store, instance), at);
            inner.hook(CallHook::ReturningFromHost)?;
            if outcome.is_err() {
                inner.state.pause = Some(Pause::Host(func));
            }
            outcome
        });
        #[cfg(feature = "heap")]
        self.state.heap.end_scopes(self.state.depth);
        self.state.depth -= 1;
        self.state.is_suspendable = suspendable;
        self.state.free_top = outer;
        outcome?;
        self.guarded(Self::look_for_stop)
    }

    /// Lowers a function of a module if necessary, and sets its entry.
    pub(crate) fn lower_now(&mut self, func: u32) -> Result<(), Error> {
        self.admit_code(0)?;
        let instance = self.state.funcs[func as usize].instance;
        let instance = &self.state.instances[instance as usize];
        let defined = func - instance.first_func;
        let code = match instance.module.lowered(defined) {
            Some(code) => code,
            None => {
                let module = instance.module.clone();
                self.lower_first(&module, defined)?
            }
        };
        #[cfg(feature = "freeze")]
        crate::runtime::freeze::check_code(&self.state, func, code)?;
        let entry = &mut self.state.funcs[func as usize];
        entry.frame_slots = code.frame_slots;
        entry.zero_slots = code.zero_slots;
        entry.code = code.start;
        #[cfg(feature = "probes")]
        if let Some(probes) = &mut self.state.probes {
            probes.arm(func, code);
        }
        #[cfg(feature = "probes")]
        if let Some(index) = &mut self.state.sampled {
            index.add(func, code);
        }
        #[cfg(feature = "exceptions")]
        {
            let header = entry.header();
            let instance = &self.state.instances[entry.instance as usize];
            let handlers = match code.has_handlers {
                true => instance.module.handlers(defined),
                false => None,
            };
            self.state.code.add(code, header, handlers);
        }
        #[cfg(all(feature = "gc", not(feature = "exceptions")))]
        self.state.code.add(code);
        Ok(())
    }
}

impl<T> Inner<T> {
    /// Lowers a function at its first call. The bytes of its code are counted for this store. Lowering consumes no fuel, so
    /// it checks for interrupts like running code.
    fn lower_first(&mut self, module: &Module, defined: u32) -> Result<Code, Error> {
        let mut stopped = None;
        let func = module.info().imported_funcs() + defined;
        let code = module.code(defined, &mut |stage| {
            let bytes = match stage {
                Stage::Lowering(bytes) => {
                    stopped = self.look_around().err();
                    stopped = stopped.take().map(|error| error.while_lowering(func));
                    bytes
                }
                Stage::Lowered(bytes) => bytes,
            };
            if stopped.is_none() && bytes > 0 {
                stopped = self.admit_code(bytes).err();
            }
            stopped.is_some()
        });
        let code = match (code, stopped) {
            (Err(_), Some(error)) => return Err(error),
            (code, _) => code?,
        };
        self.state.taken.add(StorePart::Code, code.bytes());
        Ok(code)
    }
}

/// The state that an inner call changes and the outer call needs.
pub(crate) struct Outer {
    instance: Option<u32>,
    stopped: *const u16,
    /// The frame in slots from the stack's base, because the stack may move.
    frame: isize,
}

impl State {
    pub(crate) fn suspend(&self) -> Outer {
        // SAFETY: the context is the store's own, and no op runs while `self` is borrowed.
        let cx = unsafe { &*self.cx() };
        let (stopped, frame) = cx.stopped;
        let distance = (frame as usize).wrapping_sub(cx.stack.base() as usize);
        Outer {
            instance: self.current(),
            stopped,
            // Slots are aligned, so the division is exact. The sign does not matter.
            frame: distance as isize / size_of::<u64>() as isize,
        }
    }

    pub(crate) fn resume(&mut self, outer: Outer) {
        self.enter(outer.instance);
        // SAFETY: as in `suspend`.
        let cx = unsafe { &mut *self.cx() };
        cx.stopped = (outer.stopped, cx.stack.base().wrapping_offset(outer.frame));
    }

    /// Replaces the value stack by `stack`, and returns the old one. Frames must be stored as distances.
    pub(crate) fn exchange_stack(&mut self, stack: Stack) -> Stack {
        // SAFETY: as in `suspend`.
        let cx = unsafe { &mut *self.cx() };
        let former = core::mem::replace(&mut cx.stack, stack);
        cx.stack_limit = cx.stack.limit();
        former
    }

    /// Extends the value stack to at least `slots` slots.
    fn reserve(&mut self, slots: usize) -> Result<(), Error> {
        // SAFETY: as in `suspend`. Frames are stored as distances from the base while the host runs.
        unsafe { (*self.cx()).grow_stack(slots)? };
        Ok(())
    }

    /// Returns `len` slots of the value stack from `at` on.
    pub(crate) fn slots(&self, at: usize, len: usize) -> &[u64] {
        if len == 0 {
            return &[];
        }
        // SAFETY: the caller has reserved these slots. The stack is initialised there, because arguments and results were
        // written, and no op runs while `self` is borrowed.
        unsafe { slice::from_raw_parts((*self.cx()).stack.base().add(at), len) }
    }

    /// Returns the same slots, mutable.
    pub(crate) fn slots_mut(&mut self, at: usize, len: usize) -> &mut [u64] {
        if len == 0 {
            return &mut [];
        }
        // SAFETY: as in `slots`, and `&mut self` excludes other accesses.
        unsafe { slice::from_raw_parts_mut((*self.cx()).stack.base().add(at), len) }
    }
}
