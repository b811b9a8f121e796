//! A run: from the options of the command line to the end of the guest.
//!
//! [`run`] performs the steps in their order. [`world`](crate::world) builds the guest's view of this system,
//! [`stop`](crate::stop) handles requests to stop, and [`report`] describes the outcome.

use anyhow::{Context, Result, anyhow, bail};
use interp::{Config, Engine, Instance, Linker, Module, Store, Val, Validation};
use wasi_shim::{Wasi, bind};

#[cfg(unix)]
use crate::args::mount::Mount;
use crate::args::{Limits, RunArgs};
use crate::exit::{self, Outcome};
use crate::growth::{Growth, clamp};
use crate::stop::Watch;
use crate::world::World;
use crate::{descriptors, entry, go, imports, invoke, load, outside, report, resident};

/// The data of a store.
struct Guest {
    wasi: Wasi,
    growth: Growth,
    /// Set when the module is instantiated.
    instance: Option<Instance>,
}

/// Runs a module as the options specify.
///
/// # Errors
/// The reason why the guest could not run. The end of the guest, good or bad, is an [`Outcome`].
pub(crate) fn run(options: &RunArgs) -> Result<Outcome> {
    let path = options.module();
    let limits = options.limits();
    let engine = engine(options, &limits);
    let (module, file) = load::module(&engine, &path)?;
    descriptors::raise_limit();
    let World { wasi, waker } = World::build(options, &module, file)?;

    let mut store = Store::new(
        &engine,
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
    let name = load::name(&path);
    let watch = Watch::start(store.interrupt_handle(), waker, limits.timeout, &name);
    #[cfg(unix)]
    if options.mounts.iter().any(Mount::is_volume) {
        watch.terminate_gently()?;
    }
    resident::let_go_of_code();
    let end = execute(&mut store, &module, options);

    let instance = store.data().instance;
    let look = || go::Program::find(&store, instance?);
    let outcome = report::explain(end, &watch, &limits, &name, look).with_context(|| name.clone());
    if !matches!(
        outcome,
        Ok(Outcome::Guest(0)
            | Outcome::Interrupted
            | Outcome::Quit
            | Outcome::Terminated
            | Outcome::HungUp)
    ) {
        let guest = store.data();
        let pwd = options.pwd().filter(|_| go::built(&module));
        let outside = outside::about_pwd(guest.wasi.outside(), pwd.as_deref())
            .or_else(|| outside::advice(guest.wasi.outside(), !options.mounts.is_empty()))
            .or_else(|| outside::second_guess(guest.wasi.perhaps_outside()));
        for line in outside.into_iter().chain(guest.growth.advice()) {
            exit::tell(format_args!("wasi-interp: {line}"));
        }
    }
    outcome
}

fn engine(options: &RunArgs, limits: &Limits) -> Engine {
    let mut config = Config::new();
    config.consume_fuel(limits.fuel.is_some());
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

/// Instantiates the module and calls its function.
fn execute(store: &mut Store<Guest>, module: &Module, options: &RunArgs) -> Result<()> {
    let mut linker = Linker::new(module.engine());
    let add = if options.trace_wasi.is_some() {
        bind::add_traced_to_linker
    } else {
        bind::add_to_linker
    };
    add(&mut linker, |guest: &mut Guest| &mut guest.wasi)?;
    let called = match entry::choose(module, options.invoke.as_deref()) {
        Ok(called) => called,
        // A host would call it in any other way, too.
        Err(error) => {
            return Err(
                imports::missing(&linker, store, module).map_or(error, |told| anyhow!(told))
            );
        }
    };
    let instance =
        linker.instantiate(&mut *store, module).or_else(|error| {
            match imports::missing(&linker, store, module) {
                Some(told) => bail!(told),
                None => Err(error.into()),
            }
        })?;
    store.data_mut().instance = Some(instance);
    let Some(called) = called else {
        return Ok(());
    };
    if entry::needs_initialising(module, called) {
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
    func.call(&mut *store, &params, &mut results)?;
    exit::print(invoke::results(&results).as_bytes()).context("cannot print the results")
}
