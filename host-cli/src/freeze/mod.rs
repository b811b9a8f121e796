//! Frozen programs: `--freeze-to` and the command `thaw`.
//!
//! [`Freezer`] runs a program so that it can be suspended, and writes its state ([`mod@file`]) when it is. [`thaw`] builds the world of the
//! program anew, reads its state and goes on.

mod file;
#[cfg(unix)]
mod signal;

use std::env;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, anyhow, bail};
use embedded_io_adapters::std::FromStd;
use interp::inspect::Names;
use interp::{FreezeError, Func, InterruptHandle, ResumableCall, ResumableSuspended, Trap, Val};
use wasi_shim::std_host::Waker;
use wasi_shim::wasi::GivenUp;

#[cfg(unix)]
use crate::args::FreezeSignal;
use crate::args::{FreezeArgs, Limits, RunArgs, ThawArgs};
use crate::exit::{self, Outcome};
use crate::module_file::ModuleFile;
use crate::run::{self, Run};
use crate::{aside, list, load};
use file::Front;
pub(crate) use wasi_shim::frozen_file::is_frozen;

/// Suspends a program from another thread.
#[derive(Clone)]
pub(super) struct Switch {
    /// Stops running code.
    guest: InterruptHandle,
    /// Ends a wait.
    waker: Waker,
    /// Tells a call that its wait is given up.
    suspending: Arc<AtomicBool>,
}

impl Switch {
    fn of(run: &Run<'_>) -> Self {
        Self {
            guest: run.store.interrupt_handle(),
            waker: run.waker.clone(),
            suspending: run.store.data().wasi.suspender(),
        }
    }

    /// Asks the program to stop where it can be frozen.
    #[cfg(unix)]
    fn on(&self) {
        self.suspending.store(true, Ordering::SeqCst);
        self.guest.suspend();
        self.waker.pause();
    }

    /// Lets the program go on.
    fn off(&self) {
        self.guest.clear_suspend();
        self.waker.go_on();
        self.suspending.store(false, Ordering::SeqCst);
    }
}

/// Writes the state of a program when it is suspended.
pub(crate) struct Freezer {
    to: PathBuf,
    /// Its place. A program that was thawed need not be frozen again.
    output: Option<aside::Output>,
    goes_on: bool,
    /// Whether it stops by itself when its fuel ends.
    by_fuel: bool,
    front: Front,
    /// The module, if it becomes part of the state.
    module: Option<Arc<ModuleFile>>,
    switch: Switch,
}

impl Freezer {
    /// Prepares a run to be frozen. `file` is its module.
    ///
    /// # Errors
    /// Fails if there is no such function, or if the signal cannot be received.
    pub(crate) fn of_run(
        options: &FreezeArgs,
        file: &Arc<ModuleFile>,
        run: &mut Run<'_>,
    ) -> Result<Self> {
        let directory = env::current_dir().unwrap_or_default();
        let front = Front::new(run.line().into_iter(), &directory)?;
        Self::new(options, front, file, run)
    }

    fn new(
        options: &FreezeArgs,
        front: Front,
        file: &Arc<ModuleFile>,
        run: &mut Run<'_>,
    ) -> Result<Self> {
        let to = options.freeze_to.clone().unwrap_or_default();
        let output = match (run.output.take(), &options.freeze_to) {
            (None, Some(to)) => Some(prepared(to)?),
            (output, _) => output,
        };
        let switch = Switch::of(run);
        if let Some(wanted) = &options.freeze_at {
            let func = function(run, wanted)?;
            run.store.suspend_at(Some(func))?;
        }
        if let Some(fuel) = options.freeze_after {
            run.store.set_fuel(fuel)?;
        }
        #[cfg(unix)]
        {
            let by_itself = options.freeze_at.is_some() || options.freeze_after.is_some();
            let default = (!by_itself).then_some(FreezeSignal::Usr1);
            if let Some(signal) = options.freeze_on.or(default) {
                signal::expect(signal, switch.clone())?;
            }
        }
        Ok(Self {
            to,
            output,
            goes_on: options.freeze_and_go_on,
            by_fuel: options.freeze_after.is_some(),
            front,
            module: (!options.without_module).then(|| file.clone()),
            switch,
        })
    }

    /// Continues a call until the program ends or is frozen.
    ///
    /// # Errors
    /// The error of the program. If it cannot be frozen, that is said, and it goes on.
    pub(crate) fn drive(
        &self,
        run: &mut Run<'_>,
        mut call: Result<ResumableCall, interp::Error>,
        results: &mut [Val],
    ) -> Result<()> {
        loop {
            let suspended = match call? {
                ResumableCall::Finished => return run::print(results),
                ResumableCall::HostTrap(call)
                    if call.host_error().downcast_ref::<GivenUp>().is_some() =>
                {
                    call.into_suspended()
                }
                ResumableCall::HostTrap(call) => return Err(call.into_host_error().into()),
                ResumableCall::OutOfFuel(call) if self.by_fuel => call.into_suspended(),
                ResumableCall::OutOfFuel(_) => {
                    return Err(interp::Error::from(Trap::OutOfFuel).into());
                }
                ResumableCall::Suspended(call) => call,
            };
            match self.write(run, &suspended) {
                Ok(()) => {
                    run.is_frozen = true;
                    let to = self.to.display();
                    exit::tell(format_args!("wasi-interp: {}: frozen to {to}", run.name));
                    if !self.goes_on {
                        return Ok(());
                    }
                }
                Err(error) => {
                    let name = &run.name;
                    exit::tell(format_args!("wasi-interp: {name}: {error:#}; it goes on"));
                }
            }
            self.switch.off();
            if self.by_fuel {
                // It stops once.
                run.store.set_fuel(u64::MAX)?;
            }
            call = suspended.resume(&mut run.store, results);
        }
    }

    /// Writes the state beside its place, and moves it there.
    fn write(&self, run: &mut Run<'_>, call: &ResumableSuspended) -> Result<()> {
        let wasi = run.store.data_mut().wasi.freeze();
        let wasi = wasi.map_err(|what| anyhow!("the program cannot be frozen: {what}"))?;
        let module = self.module.as_deref().map(|file| &**file);
        let front = self.front.encode(&wasi, module)?;
        let output = self.output.as_ref();
        let output = output.context("no file was named for the state")?;
        let mut refused = None;
        let written = output.replace(|file| {
            let mut out = BufWriter::new(file);
            out.write_all(&front)?;
            out.write_all(module.unwrap_or_default())?;
            let frozen = run.store.freeze(call, &mut FromStd::new(&mut out));
            match frozen {
                Ok(()) => out.flush(),
                Err(FreezeError::Write(error)) => Err(error),
                Err(error) => {
                    refused = Some(error.to_string());
                    Err(io::ErrorKind::Unsupported.into())
                }
            }
        });
        match refused {
            Some(what) => bail!(what),
            None => written.with_context(|| format!("cannot write {}", self.to.display())),
        }
    }
}

/// Opens the place of a state, before the program can change it.
///
/// # Errors
/// It cannot be opened.
pub(crate) fn prepared(to: &Path) -> Result<aside::Output> {
    aside::Output::prepare(to, aside::Readers::Owner)
        .with_context(|| format!("cannot write {}", to.display()))
}

/// The function of a program with this name or index.
fn function(run: &Run<'_>, wanted: &str) -> Result<Func> {
    let guest = run.store.data();
    let instance = guest.instance.context("there is no instance")?;
    let module = run.module();
    let info = module.info();
    let names = Names::new(info);
    let found = list::find(info, &names, wanted)?;
    if let [_, _, ..] = found[..] {
        bail!(
            "{} functions are called `{wanted}`: name one by its index",
            found.len()
        );
    }
    let defined = found.first().context("there is no such function")?;
    let func = instance.debug_func(&run.store, info.imported_funcs() + defined);
    func.context("there is no such function")
}

/// Goes on with a frozen program.
///
/// # Errors
/// Fails if the state or the module cannot be read, or if the world is not that of the program. The end of the program is an [`Outcome`].
pub(crate) fn thaw(options: &ThawArgs) -> Result<Outcome> {
    let name = load::name(&options.state);
    let state = load::opened(ModuleFile::open(&options.state)?, &name);
    let front = front(&state, &name)?;
    go_on(
        &state,
        front,
        &name,
        options.module.as_deref(),
        &options.freeze,
    )
}

/// Goes on with a frozen program that was named in place of a module. A program that is run by its name reaches nothing of the host unless an
/// option grants it, so a file must not grant itself anything.
///
/// # Errors
/// As [`thaw`]. Also fails if the options grant something, because the program has what it was started with; and if it was started with
/// directories or sockets.
pub(crate) fn thaw_module(state: &Arc<ModuleFile>, options: &RunArgs) -> Result<Outcome> {
    let name = load::name(&options.module());
    if options.grants() || options.limits() != Limits::default() {
        bail!(
            "{name} is a frozen program, which has the arguments, the environment, the directories and the limits that it was started with: wasi-interp thaw {name}"
        );
    }
    let front = front(state, &name)?;
    if front.1.reaches_host() {
        bail!(
            "{name} is a frozen program that was started with directories or sockets of this system: if you trust the file, wasi-interp thaw {name} grants them again"
        );
    }
    go_on(state, front, &name, None, &options.freeze)
}

/// What a file has in front of the state of the interpreter, and the options of the run.
type Decoded = ((Front, Option<Range<usize>>, usize), RunArgs);

/// Reads the front of a file, which messages call `told`.
fn front(state: &[u8], told: &str) -> Result<Decoded> {
    let decoded = Front::decode(state).with_context(|| told.to_owned())?;
    let options = decoded.0.options().with_context(|| told.to_owned())?;
    Ok((decoded, options))
}

/// Goes on with the program in the file `state`, which messages call `told`.
fn go_on(
    state: &Arc<ModuleFile>,
    decoded: Decoded,
    told: &str,
    module: Option<&Path>,
    freeze: &FreezeArgs,
) -> Result<Outcome> {
    let ((mut front, stored, end), mut options) = decoded;
    let wasi = front.take_wasi();
    options.freeze = freeze.clone();
    let engine = run::engine(&options, true);
    let file = match (module, stored) {
        (Some(path), _) => load::open(&engine, path)?,
        (None, Some(part)) => ModuleFile::Part(state.clone(), part),
        (None, None) => {
            bail!("{told} was written without the module: wasi-interp thaw {told} MODULE")
        }
    };
    // The paths of this command line are those of this directory, those of the run are those of its own.
    if let Some(to) = &mut options.freeze.freeze_to {
        *to = std::path::absolute(&*to).context("cannot find the current directory")?;
    }
    front.enter_directory();
    let name = load::name(&options.module());
    let (module, file) = load::from_file(&engine, file, &name)?;
    let mut run = Run::new(&options, module, file.id(), name)?;
    run.store.prepare_to_thaw();
    run.instantiate()?;
    let mut rest = state.get(end..).unwrap_or_default();
    let call = run.store.thaw(&mut rest);
    let call = call.map_err(|error| anyhow!("{told}: {error}"))?;
    for line in run.store.data_mut().wasi.thaw(&wasi)? {
        exit::tell(format_args!("wasi-interp: {}: {line}", run.name));
    }
    let ty = call.func().ty(&run.store);
    let mut results = vec![Val::I32(0); ty.results().len()];
    let freezer = Freezer::new(&options.freeze, front, &file, &mut run)?;
    let call = call.resume(&mut run.store, &mut results);
    let end = freezer.drive(&mut run, call, &mut results);
    run.explain(end)
}
