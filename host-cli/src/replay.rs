//! `replay`: runs a module as a log has recorded it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use interp::{Config, Engine, Error, Instance, Linker, ResourceLimiter, Store, Trap, Validation};
use wasi_shim::replay::{End, LogError, Player, Standard, Written};
use wasi_shim::{bind, std_host};

use crate::args::{Limits, ReplayArgs, Until};
#[cfg(feature = "probes")]
use crate::coverage::Coverage;
use crate::exit::{self, Outcome};
use crate::growth::{Growth, clamp};
#[cfg(feature = "profile")]
use crate::profiling::Profiler;
use crate::run::{Called, execute};
use crate::stop::Watch;
use crate::symbols::Symbols;
#[cfg(feature = "probes")]
use crate::tracing::Trace;
use crate::{load, refuse, report};

/// The status of a guest that writes to a pipe that nobody reads: 128 + SIGPIPE.
const PIPE_CLOSED: u32 = 141;

/// The data of a store.
pub(crate) struct Guest {
    pub(crate) player: Player,
    /// The limit of the heap.
    pub(crate) growth: Growth,
    pub(crate) instance: Option<Instance>,
}

/// A log that is read.
struct LogFile(io::BufReader<File>);

impl embedded_io::ErrorType for LogFile {
    type Error = io::Error;
}

impl embedded_io::Read for LogFile {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        io::Read::read(&mut self.0, buf)
    }
}

/// Replays a run.
///
/// # Errors
/// The module cannot be read, the log cannot be read or belongs to another module, or the run does not follow it.
pub(crate) fn replay(options: &ReplayArgs) -> Result<Outcome> {
    let log = options.log.display();
    let player = open(&options.log)?;
    let header = player.header().clone();
    let limits = Limits {
        fuel: header.fuel,
        max_stack: header.max_stack,
        max_heap: header.max_heap,
        ..Limits::default()
    };
    let mut config = Config::new();
    config.consume_fuel(true).canonical_nans(true);
    config.validation(Validation::Lazy);
    if let Some(bytes) = limits.max_stack {
        config.max_stack_bytes(clamp(bytes));
    }
    let engine = Engine::new(&config);
    let (module, _) = load::module(&engine, &options.module)?;
    let name = load::name(&options.module);
    if module.length_and_hash() != header.module {
        bail!("{log}: it was recorded with another module than {name}");
    }
    let mut guest = Guest {
        player,
        growth: Growth::new(&limits),
        instance: None,
    };
    if let Some(Until::Fuel(fuel)) = options.until {
        guest.player.stop_at(fuel);
    }
    let fuel = guest.player.limit();
    let mut store = Store::new(&engine, guest);
    store.set_fuel(fuel)?;
    store.limiter(|guest| guest);
    #[cfg(feature = "probes")]
    let trace = match options.tracing.trace_from {
        None => Trace::start(&options.tracing, &module, &mut store)?,
        // The log's clock is the fuel.
        Some(_) => bail!("--trace-from cannot be used with replay"),
    };
    #[cfg(feature = "probes")]
    let mut coverage = Coverage::start(&options.tracing, &mut store)?;
    #[cfg(feature = "profile")]
    let profiler = Profiler::start(&options.profile, &mut store)?;
    let mut linker = Linker::new(&engine);
    bind::add_replayed_to_linker(&mut linker, |guest: &mut Guest| &mut guest.player)?;
    let waker = std_host::builder().1;
    let watch = Watch::start(store.interrupt_handle(), waker, None, &name);
    let words: Vec<OsString> = header.words.iter().map(OsString::from).collect();
    let call = Called {
        invoke: header.invoke.as_deref(),
        words: &words,
    };
    let end = execute(&mut store, &linker, &module, &call, |store, instance| {
        store.data_mut().instance = Some(instance);
        #[cfg(feature = "probes")]
        if let Some(trace) = &trace {
            trace.instantiated(store, instance);
        }
        #[cfg(feature = "probes")]
        if let Some(coverage) = &mut coverage {
            coverage.begin(store, instance)?;
        }
        Ok(())
    });
    #[cfg(feature = "probes")]
    if let Some(trace) = &trace {
        trace.finish();
    }
    #[cfg(feature = "probes")]
    if let Some(coverage) = &coverage {
        coverage.finish(&store)?;
    }
    #[cfg(feature = "profile")]
    if let Some(profiler) = &profiler {
        profiler.finish(&store)?;
    }
    let instance = store.data().instance;
    if watch.guest_is_over().is_some() {
        let look = || Symbols::find(&store, instance?, None);
        return report::explain(end, &watch, &limits, &name, look);
    }
    let error = end
        .as_ref()
        .err()
        .and_then(|error| error.downcast_ref::<Error>());
    let failure = error.and_then(|error| error.downcast_ref::<LogError>());
    if let Some(failure) = failure.filter(|failure| **failure != LogError::Stopped) {
        bail!("{log}: {failure}");
    }
    let limit = store.data().player.limit();
    let consumed = limit - store.get_fuel()?.min(limit);
    let is_out = error.and_then(Error::as_trap) == Some(Trap::OutOfFuel);
    let stop = match options.until {
        Some(Until::Fuel(fuel)) if is_out && fuel == consumed => Some(fuel),
        _ => None,
    };
    let recorded = store.data_mut().player.finish(consumed).cloned();
    let backtrace = error.and_then(Error::backtrace);
    let program = || Symbols::find(&store, instance?, None);
    match (recorded, stop) {
        (Ok(recorded), _) => {
            if let Some(says) = &recorded.stopped {
                if recorded.status == exit::FAILED {
                    advise(&recorded);
                    bail!("{says}");
                }
                report::stopped_at(&name, says, recorded.status, backtrace, program);
            } else {
                let trapped = error.and_then(Error::as_trap).is_some();
                let outcome = report::explain(end, &watch, &limits, &name, program)
                    .map_err(|error| error.context(name.clone()));
                let status = outcome
                    .as_ref()
                    .map_or(exit::FAILED, |outcome| outcome.status());
                if status != recorded.status {
                    let what = format!(
                        "its status is {status}, and that of the recorded one {}",
                        recorded.status
                    );
                    bail!("{log}: {}", LogError::Differs(consumed, what));
                }
                if trapped && options.until == Some(Until::Trap) {
                    tell(
                        &name,
                        format_args!("that was after {consumed} units of fuel"),
                    );
                }
                outcome?;
            }
            ended(&recorded, options, &name, consumed)
        }
        (Err(_), Some(fuel)) => {
            let says = format!("stopped after {fuel} units of fuel");
            report::stopped_at(&name, &says, exit::TRAPPED, backtrace, program);
            Ok(Outcome::Done)
        }
        (Err(error), None) => bail!("{log}: {error}"),
    }
}

/// The end of a run that was replayed to its end.
fn ended(recorded: &End, options: &ReplayArgs, name: &str, consumed: u64) -> Result<Outcome> {
    advise(recorded);
    match options.until {
        Some(Until::Trap) if recorded.status != exit::TRAPPED => {
            bail!("{name}: it ended after {consumed} units of fuel without a trap")
        }
        Some(Until::Fuel(fuel)) if consumed < fuel => {
            tell(
                name,
                format_args!("it ended after {consumed} units of fuel"),
            );
        }
        _ => {}
    }
    Ok(Outcome::Guest(recorded.status))
}

/// Prints the lines that the recorded run printed at its end.
fn advise(recorded: &End) {
    for line in &recorded.advice {
        exit::tell(format_args!("wasi-interp: {line}"));
    }
}

fn tell(name: &str, what: std::fmt::Arguments<'_>) {
    exit::tell(format_args!("wasi-interp: {name}: {what}"));
}

/// Opens a log. The guest's output goes to the standard streams of this process.
fn open(path: &Path) -> Result<Player> {
    let file = File::open(path).map_err(|error| refuse::unopened(path, &error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        bail!("{} is a directory, not a file", path.display());
    }
    Player::new(LogFile(io::BufReader::new(file)), print)
        .map_err(|error| anyhow!("{}: {error}", path.display()))
}

/// Writes what a replayed guest writes to the standard streams of this process.
pub(crate) fn print(stream: Standard, bytes: &[u8]) -> Result<Written, String> {
    let written = match stream {
        Standard::Out => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes).and_then(|()| stdout.flush())
        }
        Standard::Err => io::stderr().write_all(bytes),
    };
    match written {
        Ok(()) => Ok(Written::All),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Written::Closed(PIPE_CLOSED)),
        Err(error) => Err(error.to_string()),
    }
}

/// Memories and tables grow as they did in the recorded run.
impl ResourceLimiter for Guest {
    fn memory_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool, Error> {
        Ok(self.player.may_grow())
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool, Error> {
        Ok(self.player.may_grow())
    }

    fn grow_failed(&mut self) {
        self.player.grow_failed();
    }

    #[cfg(any(feature = "gc", feature = "exceptions"))]
    fn heap_growing(&mut self, current: usize, desired: usize) -> Result<bool, Error> {
        self.growth.heap_growing(current, desired)
    }
}
