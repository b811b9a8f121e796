//! `--trace-ops` and `--trace-calls`: what a program does, on standard error.
//!
//! A probe in front of each op of interest calls the [`Tracer`]. `ops.rs` and `calls.rs` make events of that, and `format.rs` lines.

mod calls;
mod format;
mod ops;

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Stderr, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use interp::inspect::Names;
use interp::inspect::decode::Decoded;
use interp::{Error, Func, Instance, Module, Probed, ResumableCall, Store, Trap, Val};

use crate::args::TraceArgs;
use crate::list;
use crate::places::Places;
use calls::Calls;
use format::Format;
use ops::Ops;

/// The trace of a program.
#[derive(Clone)]
pub(crate) struct Trace {
    shared: Arc<Mutex<Tracer>>,
    funcs: Option<Vec<u32>>,
    is_of_calls: bool,
    from: Option<u64>,
}

/// Makes lines of what runs.
struct Tracer {
    what: What,
    places: Places,
    out: Output,
}

enum What {
    Ops(Box<Ops>),
    Calls(Calls),
}

/// Standard error, for so many lines.
pub(crate) struct Output {
    format: Format,
    to: BufWriter<Stderr>,
    left: u64,
}

impl Output {
    fn line(&mut self, text: &str) {
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            // There is no other place to report an error.
            let _ = writeln!(self.to, "{}", crate::exit::harmless(text));
        }
    }
}

impl Trace {
    /// Prepares the trace that the options ask for: `store` has no instances yet.
    ///
    /// # Errors
    /// Fails if no function has one of the names.
    pub(crate) fn start<T>(
        options: &TraceArgs,
        module: &Module,
        store: &mut Store<T>,
    ) -> Result<Option<Self>> {
        let is_of_calls = options.trace_calls.is_some();
        let Some(which) = options.trace_calls.as_ref().or(options.trace_ops.as_ref()) else {
            return Ok(None);
        };
        let names = Names::new(module.info());
        let funcs = match which.funcs.is_empty() {
            true => None,
            false => Some(chosen(module, &names, &which.funcs)?),
        };
        let tracer = Tracer {
            what: match is_of_calls {
                true => What::Calls(Calls::default()),
                false => What::Ops(Box::default()),
            },
            places: Places::new(names),
            out: Output {
                format: Format::new(which.json),
                to: BufWriter::new(io::stderr()),
                left: options.trace_for.unwrap_or(u64::MAX),
            },
        };
        let trace = Self {
            shared: Arc::new(Mutex::new(tracer)),
            funcs,
            is_of_calls,
            from: options.trace_from,
        };
        let shared = trace.shared.clone();
        store.enable_probes(move |mut at| {
            locked(&shared).see(&mut at);
            Ok(())
        });
        // A function that instantiation calls is seen, too, unless functions were named.
        if trace.funcs.is_none() && trace.from.is_none() {
            trace.set(store, None);
        }
        Ok(Some(trace))
    }

    /// Sets the probes in an instance.
    pub(crate) fn instantiated<T>(&self, store: &mut Store<T>, instance: Instance) {
        if self.from.is_none() && self.funcs.is_some() {
            self.begin(store, instance);
        }
    }

    fn begin<T>(&self, store: &mut Store<T>, instance: Instance) {
        let funcs = self.funcs.as_ref().map(|funcs| {
            let handle = |index: &u32| instance.debug_func(&*store, *index);
            funcs.iter().filter_map(handle).collect::<Vec<_>>()
        });
        self.set(store, funcs.as_deref());
    }

    fn set<T>(&self, store: &mut Store<T>, funcs: Option<&[Func]>) {
        match self.is_of_calls {
            true => store.probes().add(funcs, calls::is_seen),
            false => store.probes().add(funcs, |_: &Decoded| true),
        };
    }

    /// The fuel after which it begins, if it does not begin at once.
    pub(crate) fn from(&self) -> Option<u64> {
        self.from
    }

    /// Makes a call in which the trace begins after some fuel. `limit` is the fuel of the whole call.
    ///
    /// # Errors
    /// The errors of the call.
    pub(crate) fn call<T>(
        &self,
        store: &mut Store<T>,
        (func, instance): (Func, Instance),
        (params, results): (&[Val], &mut [Val]),
        limit: Option<u64>,
    ) -> Result<(), Error> {
        let limit = limit.unwrap_or(u64::MAX);
        let from = self.from.unwrap_or(0).min(limit);
        store.set_fuel(from)?;
        let mut rest = Some(limit - from);
        let mut call = func.call_resumable(&mut *store, params, results)?;
        loop {
            call = match call {
                ResumableCall::Finished => return Ok(()),
                ResumableCall::HostTrap(call) => return Err(call.into_host_error()),
                ResumableCall::Suspended(call) => call.resume(&mut *store, results)?,
                ResumableCall::OutOfFuel(call) => {
                    // What is owed counts, too.
                    let rest = rest.take().ok_or(Trap::OutOfFuel)?;
                    self.begin(store, instance);
                    store.set_fuel(rest)?;
                    call.resume(&mut *store, results)?
                }
            };
        }
    }

    /// Ends the trace: what ran last is printed, and all that waits for it.
    pub(crate) fn finish(&self) {
        locked(&self.shared).finish();
    }
}

/// A tracer whose lock is poisoned has panicked in the middle of a line.
fn locked(shared: &Mutex<Tracer>) -> MutexGuard<'_, Tracer> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tracer {
    fn see<T>(&mut self, at: &mut Probed<'_, T>) {
        let Self { what, places, out } = self;
        match what {
            What::Ops(ops) => ops.see(at, places, out),
            What::Calls(calls) => calls.see(at, places, out),
        }
        if out.left == 0 {
            at.probes().clear();
        }
    }

    fn finish(&mut self) {
        if let What::Ops(ops) = &mut self.what {
            ops.finish(&mut self.out);
        }
        let _ = self.out.to.flush();
    }
}

/// The functions with these names or indices, among those that a module defines. A name may end with `*`.
fn chosen(module: &Module, names: &Names, wanted: &[String]) -> Result<Vec<u32>> {
    let info = module.info();
    let imported = info.imported_funcs();
    let mut chosen = BTreeSet::new();
    for wanted in wanted {
        let Some(start) = wanted.strip_suffix('*') else {
            let found = list::find(info, names, wanted)?;
            chosen.extend(found.into_iter().map(|defined| imported + defined));
            continue;
        };
        let all = imported..imported + info.defined_funcs();
        let before = chosen.len();
        chosen.extend(all.filter(|func| {
            let name = names.name(*func);
            name.is_some_and(|name| name.starts_with(start))
        }));
        anyhow::ensure!(
            chosen.len() > before,
            "no function has a name that begins with `{start}`"
        );
    }
    Ok(chosen.into_iter().collect())
}
