//! A run: from the options of the command line to the end of the guest.
//!
//! [`run`] performs the steps in their order, which are methods of [`Run`]. [`world`](crate::world) builds the guest's view of this system,
//! [`stop`](crate::stop) handles requests to stop, and [`report`] describes the outcome.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use interp::{Config, Engine, Func, Instance, Linker, Module, Store, Val, Validation};
#[cfg(feature = "freeze")]
use wasi_shim::std_host::Waker;
use wasi_shim::types::FileId;
use wasi_shim::{Wasi, bind};

#[cfg(unix)]
use crate::args::mount::Mount;
use crate::args::{Limits, RunArgs};
#[cfg(feature = "freeze")]
use crate::aside;
#[cfg(feature = "probes")]
use crate::coverage::Coverage;
use crate::exit::{self, Outcome};
#[cfg(feature = "freeze")]
use crate::freeze::{self, Freezer};
use crate::growth::{Growth, clamp};
use crate::module_file::ModuleFile;
#[cfg(feature = "profile")]
use crate::profiling::Profiler;
#[cfg(feature = "replay")]
use crate::record;
use crate::stop::Watch;
use crate::symbols::Symbols;
#[cfg(feature = "probes")]
use crate::tracing::Trace;
use crate::world::World;
use crate::{descriptors, entry, go, imports, invoke, load, outside, progress, report, resident};

/// The data of a store.
pub(crate) struct Guest {
    pub(crate) wasi: Wasi,
    pub(crate) growth: Growth,
    /// Set when the module is instantiated.
    pub(crate) instance: Option<Instance>,
}

/// A guest that has not begun, and what watches over it.
pub(crate) struct Run<'a> {
    options: &'a RunArgs,
    limits: Limits,
    module: Module,
    pub(crate) store: Store<Guest>,
    /// Ends its waits.
    #[cfg(feature = "freeze")]
    pub(crate) waker: Waker,
    watch: Watch,
    /// Whether its state was written.
    pub(crate) is_frozen: bool,
    /// Where its state will be written.
    #[cfg(feature = "freeze")]
    pub(crate) output: Option<aside::Output>,
    #[cfg(feature = "probes")]
    trace: Option<Trace>,
    #[cfg(feature = "probes")]
    coverage: Option<Coverage>,
    #[cfg(feature = "profile")]
    profiler: Option<Profiler>,
    /// Its name in messages.
    pub(crate) name: String,
}

/// Runs a module as the options specify.
///
/// # Errors
/// The reason why the guest could not run. The end of the guest, good or bad, is an [`Outcome`].
pub(crate) fn run(options: &RunArgs) -> Result<Outcome> {
    performed(options).map(|(outcome, _)| outcome)
}

/// Does the same. Also returns whether the program was frozen.
///
/// # Errors
/// As [`run`].
#[cfg(all(feature = "lowered-modules", feature = "freeze"))]
pub(crate) fn freeze(options: &RunArgs) -> Result<(Outcome, bool)> {
    performed(options)
}

fn performed(options: &RunArgs) -> Result<(Outcome, bool)> {
    // Both count fuel from the start.
    #[cfg(feature = "probes")]
    if options.tracing.trace_from.is_some() && (options.records() || options.freezes()) {
        bail!("--trace-from cannot be used with --record and --freeze-to");
    }
    // What a program does after it is thawed would be missing.
    #[cfg(feature = "probes")]
    if options.tracing.coverage.is_some() && options.freezes() {
        bail!("--coverage cannot be used with --freeze-to");
    }
    let path = options.module();
    let engine = engine(options, options.records() || options.freezes());
    let name = load::name(&path);
    let file = load::opened(load::open(&engine, &path)?, &name);
    #[cfg(feature = "freeze")]
    if freeze::is_frozen(&file) {
        return freeze::thaw_module(&file, options).map(|outcome| (outcome, false));
    }
    let written: &[(&str, &Option<PathBuf>)] = &[
        #[cfg(feature = "freeze")]
        ("state", &options.freeze.freeze_to),
        #[cfg(feature = "replay")]
        ("log", &options.record),
        #[cfg(feature = "probes")]
        ("coverage", &options.tracing.coverage),
    ];
    for (what, to) in written {
        if let Some(to) = to.as_ref().filter(|to| load::is_same_file(to, &path)) {
            bail!("{}: the {what} would replace the module", to.display());
        }
    }
    let (module, file) = load::decoded(&engine, file, &name)?;
    let mut run = Run::new(options, module, file.id(), name)?;
    #[cfg(feature = "freeze")]
    if let Some(to) = &options.freeze.freeze_to {
        run.output = Some(freeze::prepared(to)?);
    }
    #[cfg(feature = "replay")]
    if let Some(log) = &options.record {
        record::start(log, &mut run.store, &run.module, options, file.id())?;
    }
    let end = run.execute(&file);
    let outcome = run.explain(end)?;
    Ok((outcome, run.is_frozen))
}

impl<'a> Run<'a> {
    /// Prepares a run of `module`, whose file is mapped if it has an identity.
    ///
    /// # Errors
    /// Fails if the world of the guest cannot be built.
    pub(crate) fn new(
        options: &'a RunArgs,
        module: Module,
        file: Option<FileId>,
        name: String,
    ) -> Result<Self> {
        let limits = options.limits();
        descriptors::raise_limit();
        let World { wasi, waker } = World::build(options, &module, file)?;
        let mut store = Store::new(
            module.engine(),
            Guest {
                wasi,
                growth: Growth::new(&limits),
                instance: None,
            },
        );
        store.limiter(|guest| &mut guest.growth);
        #[cfg(feature = "probes")]
        let trace = Trace::start(&options.tracing, &module, &mut store)?;
        #[cfg(feature = "probes")]
        let coverage = Coverage::start(&options.tracing, &mut store)?;
        #[cfg(feature = "profile")]
        let profiler = Profiler::start(&options.profile, &mut store)?;
        if let Some(fuel) = limits.fuel {
            store.set_fuel(fuel)?;
        }
        let watch = Watch::start(
            store.interrupt_handle(),
            waker.clone(),
            limits.timeout,
            &name,
        );
        #[cfg(unix)]
        if options.mounts.iter().any(Mount::is_volume) || options.records() {
            watch.terminate_gently()?;
        }
        resident::let_go_of_code();
        Ok(Self {
            options,
            limits,
            module,
            store,
            #[cfg(feature = "freeze")]
            waker,
            watch,
            is_frozen: false,
            #[cfg(feature = "freeze")]
            output: None,
            #[cfg(feature = "probes")]
            trace,
            #[cfg(feature = "probes")]
            coverage,
            #[cfg(feature = "profile")]
            profiler,
            name,
        })
    }

    /// Instantiates the module and calls its function.
    fn execute(&mut self, file: &Arc<ModuleFile>) -> Result<()> {
        let linker = self.linker()?;
        let called = Called {
            invoke: self.options.invoke.as_deref(),
            words: self.options.guest_args(),
        };
        #[cfg(feature = "probes")]
        let (trace, coverage) = (self.trace.clone(), &mut self.coverage);
        let started = |store: &mut Store<Guest>, instance| {
            store.data_mut().instance = Some(instance);
            #[cfg(feature = "probes")]
            if let Some(trace) = &trace {
                trace.instantiated(store, instance);
            }
            #[cfg(feature = "probes")]
            if let Some(coverage) = coverage {
                coverage.begin(store, instance)?;
            }
            Ok(())
        };
        let prepared = prepare(&mut self.store, &linker, &self.module, &called, started)?;
        let Some(mut call) = prepared else {
            return Ok(());
        };
        #[cfg(feature = "freeze")]
        if self.options.freezes() {
            let freezer = Freezer::of_run(&self.options.freeze, file, self)?;
            let Call {
                func,
                params,
                results,
            } = &mut call;
            let begun = func.call_resumable(&mut self.store, params, results);
            return freezer.drive(self, begun, results);
        }
        let _ = file;
        #[cfg(feature = "probes")]
        if let Some(trace) = self.trace.as_ref().filter(|trace| trace.from().is_some()) {
            let instance = self.store.data().instance.context("it was instantiated")?;
            let Call {
                func,
                params,
                results,
            } = &mut call;
            let fuel = self.limits.fuel;
            trace.call(&mut self.store, (*func, instance), (params, results), fuel)?;
            return print(results);
        }
        call.finish(&mut self.store)
    }

    /// Classifies the end of the guest, and prints what the user must know.
    ///
    /// # Errors
    /// The reason why the guest could not run.
    pub(crate) fn explain(&mut self, end: Result<()>) -> Result<Outcome> {
        #[cfg(feature = "probes")]
        if let Some(trace) = &self.trace {
            trace.finish();
        }
        #[cfg(feature = "probes")]
        let covered = match &self.coverage {
            Some(coverage) => coverage.finish(&self.store),
            None => Ok(()),
        };
        #[cfg(feature = "profile")]
        let profiled = match &self.profiler {
            Some(profiler) => profiler.finish(&self.store),
            None => Ok(()),
        };
        #[cfg(feature = "replay")]
        let mut recorded = record::Ended::of(&end, &self.watch);
        let instance = self.store.data().instance;
        let now = self.store.data_mut().wasi.monotonic().ok();
        let look = || Symbols::find(&self.store, instance?, now);
        let outcome = report::explain(end, &self.watch, &self.limits, &self.name, look)
            .with_context(|| self.name.clone());
        let advice = match outcome {
            Ok(
                Outcome::Guest(0)
                | Outcome::Interrupted
                | Outcome::Quit
                | Outcome::Terminated
                | Outcome::HungUp,
            ) => Vec::new(),
            _ => self.advice(),
        };
        for line in &advice {
            exit::tell(format_args!("wasi-interp: {line}"));
        }
        #[cfg(feature = "replay")]
        if let Some(log) = &self.options.record {
            recorded.advice = advice;
            record::finish(log, &mut self.store, recorded, &outcome)?;
        }
        #[cfg(feature = "probes")]
        covered?;
        #[cfg(feature = "profile")]
        profiled?;
        outcome
    }

    /// What the guest lacked, and the options that would grant it.
    fn advice(&self) -> Vec<String> {
        let guest = self.store.data();
        let pwd = (self.options.pwd()).filter(|_| go::built(&self.module));
        let outside = outside::about_pwd(guest.wasi.outside(), pwd.as_deref())
            .or_else(|| outside::advice(guest.wasi.outside(), !self.options.mounts.is_empty()))
            .or_else(|| outside::second_guess(guest.wasi.perhaps_outside()));
        outside.into_iter().chain(guest.growth.advice()).collect()
    }

    /// The words of its command line.
    #[cfg(feature = "freeze")]
    pub(crate) fn line(&self) -> Vec<OsString> {
        let line = self.options.line.clone();
        line.unwrap_or_else(|| std::env::args_os().collect())
    }

    /// Its module.
    #[cfg(feature = "freeze")]
    pub(crate) fn module(&self) -> &Module {
        &self.module
    }

    /// Instantiates the module.
    ///
    /// # Errors
    /// Names what the module lacks.
    #[cfg(feature = "freeze")]
    pub(crate) fn instantiate(&mut self) -> Result<()> {
        let linker = self.linker()?;
        let instance = instantiate(&mut self.store, &linker, &self.module)?;
        self.store.data_mut().instance = Some(instance);
        Ok(())
    }

    /// The calls of WASI, with the layers around them that the options ask for.
    fn linker(&self) -> Result<Linker<Guest>> {
        let mut linker = Linker::new(self.module.engine());
        let add = match (self.options.records(), self.options.trace_wasi.is_some()) {
            #[cfg(feature = "replay")]
            (true, _) => bind::add_recorded_to_linker,
            (_, true) => bind::add_traced_to_linker,
            _ => bind::add_to_linker,
        };
        add(&mut linker, |guest: &mut Guest| &mut guest.wasi)?;
        Ok(linker)
    }
}

/// The engine that the options describe. A run that can go on elsewhere computes the same bits there.
pub(crate) fn engine(options: &RunArgs, goes_elsewhere: bool) -> Engine {
    let limits = options.limits();
    let mut config = Config::new();
    config.consume_fuel(limits.fuel.is_some() || options.needs_fuel());
    config.validation(if options.eager {
        Validation::Eager
    } else {
        Validation::Lazy
    });
    options.set_proposals(&mut config);
    #[cfg(any(feature = "replay", feature = "freeze"))]
    if goes_elsewhere {
        config.canonical_nans(true);
    }
    #[cfg(not(any(feature = "replay", feature = "freeze")))]
    let _ = goes_elsewhere;
    if let Some(bytes) = limits.max_stack {
        config.max_stack_bytes(clamp(bytes));
    }
    progress::show(&mut config, &options.module(), options.verbose);
    Engine::new(&config)
}

/// The function that a run calls.
pub(crate) struct Called<'a> {
    /// Its name, if it is not the program's entry.
    pub(crate) invoke: Option<&'a str>,
    /// Its parameters, if it has a name.
    pub(crate) words: &'a [OsString],
}

/// A call that can begin.
pub(crate) struct Call {
    pub(crate) func: Func,
    pub(crate) params: Vec<Val>,
    pub(crate) results: Vec<Val>,
}

impl Call {
    /// Makes the call, and prints its results.
    fn finish<T>(&mut self, store: &mut Store<T>) -> Result<()> {
        self.func
            .call(&mut *store, &self.params, &mut self.results)?;
        print(&self.results)
    }
}

/// Prints the results of the called function.
pub(crate) fn print(results: &[Val]) -> Result<()> {
    exit::print(invoke::results(results).as_bytes()).context("cannot print the results")
}

/// Instantiates the module and calls its function. `started` receives the instance.
///
/// # Errors
/// Fails if the function does not exist, or if the module lacks something. Otherwise the error of the guest.
#[cfg(feature = "replay")]
pub(crate) fn execute<T>(
    store: &mut Store<T>,
    linker: &Linker<T>,
    module: &Module,
    called: &Called<'_>,
    started: impl FnOnce(&mut Store<T>, Instance) -> Result<()>,
) -> Result<()> {
    let call = prepare(store, linker, module, called, started)?;
    call.map_or(Ok(()), |mut call| call.finish(store))
}

/// Instantiates the module, and returns the call of its function, if there is one. `started` receives the instance.
///
/// # Errors
/// As [`execute`], but for those of that function.
pub(crate) fn prepare<T>(
    store: &mut Store<T>,
    linker: &Linker<T>,
    module: &Module,
    called: &Called<'_>,
    started: impl FnOnce(&mut Store<T>, Instance) -> Result<()>,
) -> Result<Option<Call>> {
    let name = match entry::choose(module, called.invoke) {
        Ok(name) => name,
        // A host would call it in any other way, too.
        Err(error) => {
            return Err(imports::missing(linker, store, module).map_or(error, |told| anyhow!(told)));
        }
    };
    let instance = instantiate(store, linker, module)?;
    started(store, instance)?;
    let Some(name) = name else {
        return Ok(None);
    };
    if entry::needs_initialising(module, name) {
        instance
            .get_typed_func::<(), ()>(&*store, entry::INITIALIZE)?
            .call(&mut *store, ())?;
    }
    let func = instance
        .get_func(&*store, name)
        .context("an export is missing that was there")?;
    let ty = func.ty(&*store);
    let words = called.invoke.map_or(&[][..], |_| called.words);
    let params = invoke::parameters(&ty, words).with_context(|| format!("cannot call `{name}`"))?;
    let results = vec![Val::I32(0); ty.results().len()];
    Ok(Some(Call {
        func,
        params,
        results,
    }))
}

fn instantiate<T>(store: &mut Store<T>, linker: &Linker<T>, module: &Module) -> Result<Instance> {
    linker.instantiate(&mut *store, module).or_else(|error| {
        match imports::missing(linker, store, module) {
            Some(told) => bail!(told),
            None => Err(error.into()),
        }
    })
}
