//! A run: from the options of the command line to the end of the guest.
//!
//! [`run`] performs the steps in their order, which are methods of [`Run`]. [`world`](crate::world) builds the guest's view of this system,
//! [`stop`](crate::stop) handles requests to stop, and [`report`] describes the outcome.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use interp::{Config, Engine, Instance, Linker, Module, Store, Val, Validation};
#[cfg(feature = "freeze")]
use wasi_shim::std_host::Waker;
use wasi_shim::types::FileId;
use wasi_shim::{Wasi, bind};

#[cfg(unix)]
use crate::args::mount::Mount;
use crate::args::{Limits, RunArgs};
use crate::exit::{self, Outcome};
#[cfg(feature = "freeze")]
use crate::freeze::Freezer;
use crate::growth::{Growth, clamp};
use crate::module_file::ModuleFile;
use crate::stop::Watch;
use crate::world::World;
use crate::{descriptors, entry, go, imports, invoke, load, outside, report, resident};

/// The data of a store.
pub(crate) struct Guest {
    pub(crate) wasi: Wasi,
    growth: Growth,
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
    /// Its name in messages.
    pub(crate) name: String,
}

/// Runs a module as the options specify.
///
/// # Errors
/// The reason why the guest could not run. The end of the guest, good or bad, is an [`Outcome`].
pub(crate) fn run(options: &RunArgs) -> Result<Outcome> {
    let path = options.module();
    let engine = engine(options);
    let (module, file) = load::with_bytes(&engine, &path)?;
    let mut run = Run::new(options, module, file.id(), load::name(&path))?;
    let end = run.execute(&file);
    run.explain(end)
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
        if options.mounts.iter().any(Mount::is_volume) {
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
            name,
        })
    }

    /// Classifies the end of the guest, and prints what the user must know.
    ///
    /// # Errors
    /// The reason why the guest could not run.
    pub(crate) fn explain(&self, end: Result<()>) -> Result<Outcome> {
        let instance = self.store.data().instance;
        let look = || go::Program::find(&self.store, instance?);
        let outcome = report::explain(end, &self.watch, &self.limits, &self.name, look)
            .with_context(|| self.name.clone());
        if !matches!(
            outcome,
            Ok(Outcome::Guest(0)
                | Outcome::Interrupted
                | Outcome::Quit
                | Outcome::Terminated
                | Outcome::HungUp)
        ) {
            self.advise();
        }
        outcome
    }

    /// Prints what a guest that has failed may have lacked.
    fn advise(&self) {
        let guest = self.store.data();
        let pwd = (self.options.pwd()).filter(|_| go::built(&self.module));
        let outside = outside::about_pwd(guest.wasi.outside(), pwd.as_deref())
            .or_else(|| outside::advice(guest.wasi.outside(), !self.options.mounts.is_empty()))
            .or_else(|| outside::second_guess(guest.wasi.perhaps_outside()));
        for line in outside.into_iter().chain(guest.growth.advice()) {
            exit::tell(format_args!("wasi-interp: {line}"));
        }
    }

    /// Instantiates the module and calls its function.
    fn execute(&mut self, file: &Arc<ModuleFile>) -> Result<()> {
        let (options, module) = (self.options, self.module.clone());
        let called = match entry::choose(&module, options.invoke.as_deref()) {
            Ok(called) => Some(called),
            Err(error) => {
                // A host would call it in any other way, too.
                let linker = self.linker()?;
                let missing = imports::missing(&linker, &mut self.store, &module);
                return Err(missing.map_or(error, |told| anyhow!(told)));
            }
        };
        let instance = self.instantiate()?;
        let Some(called) = called.flatten() else {
            return Ok(());
        };
        let store = &mut self.store;
        if entry::needs_initialising(&module, called) {
            instance
                .get_typed_func::<(), ()>(&*store, entry::INITIALIZE)?
                .call(&mut *store, ())?;
        }
        let func = instance
            .get_func(&*store, called)
            .context("an export is missing that was there")?;
        let ty = func.ty(&*store);
        let words = if options.invoke.is_some() {
            options.guest_args()
        } else {
            &[]
        };
        let params =
            invoke::parameters(&ty, words).with_context(|| format!("cannot call `{called}`"))?;
        let mut results = vec![Val::I32(0); ty.results().len()];
        #[cfg(feature = "freeze")]
        if options.freeze.freeze_to.is_some() {
            let freezer = Freezer::of_run(&options.freeze, file, self)?;
            let call = func.call_resumable(&mut self.store, &params, &mut results);
            return freezer.drive(self, call, &mut results);
        }
        let _ = file;
        func.call(&mut self.store, &params, &mut results)?;
        print(&results)
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
    pub(crate) fn instantiate(&mut self) -> Result<Instance> {
        let linker = self.linker()?;
        let instance = linker
            .instantiate(&mut self.store, &self.module)
            .or_else(
                |error| match imports::missing(&linker, &mut self.store, &self.module) {
                    Some(told) => bail!(told),
                    None => Err(error.into()),
                },
            )?;
        self.store.data_mut().instance = Some(instance);
        Ok(instance)
    }

    fn linker(&self) -> Result<Linker<Guest>> {
        let mut linker = Linker::new(self.module.engine());
        let add = if self.options.trace_wasi.is_some() {
            bind::add_traced_to_linker
        } else {
            bind::add_to_linker
        };
        add(&mut linker, |guest: &mut Guest| &mut guest.wasi)?;
        Ok(linker)
    }
}

/// Prints the results of the called function.
pub(crate) fn print(results: &[Val]) -> Result<()> {
    exit::print(invoke::results(results).as_bytes()).context("cannot print the results")
}

/// The engine that the options describe.
pub(crate) fn engine(options: &RunArgs) -> Engine {
    let limits = options.limits();
    let mut config = Config::new();
    let metered = limits.fuel.is_some();
    #[cfg(feature = "freeze")]
    let metered = metered || options.freeze.freeze_after.is_some();
    config.consume_fuel(metered);
    config.validation(if options.eager {
        Validation::Eager
    } else {
        Validation::Lazy
    });
    options.set_proposals(&mut config);
    if let Some(bytes) = limits.max_stack {
        config.max_stack_bytes(clamp(bytes));
    }
    Engine::new(&config)
}
