//! [`Engine`]: a program with its present and its past.

use std::fs::File;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, bail};
use interp::{Config, InterruptHandle, Module, Probed, Validation};
use wasi_shim::in_memory::Bytes;
use wasi_shim::replay::{Contents, Header, Mark, Player, Recorder, Standard, Written};
use wasi_shim::std_host::{self, Waker};

use super::code::Code;
use super::history::History;
use super::machine::{Guest, Machine, World};
use super::output::{Output, connect, tell};
use super::stops::Stops;
use super::{Direction, End, Move, Position, Stop};
use crate::args::{DebugArgs, Limits};
use crate::growth::{Growth, clamp};
use crate::run::{self, Called};
use crate::{load, refuse, world};

/// A program under the debugger.
pub(crate) struct Engine {
    pub(super) origin: Origin,
    /// The end of what has run so far.
    pub(super) live: Machine,
    /// Where the present stands, unless it has ended or is inside of a call.
    pub(super) live_at: Option<Position>,
    /// How the present has ended.
    pub(super) end: Option<Stop>,
    /// What is shown, if it is not the present.
    pub(super) past: Option<Machine>,
    pub(super) history: History,
    /// The first position.
    pub(super) first: Position,
    pub(super) at: Position,
    pub(super) stop: Stop,
    pub(super) code: Code,
    pub(super) stops: Stops,
    /// Units of fuel that the present runs until it is looked after.
    pub(super) slice: u64,
    pub(super) interrupter: Interrupter,
    pub(super) progress: Option<Box<dyn FnMut(f64)>>,
    refusal_was_told: bool,
}

/// All that is needed to run the program once more.
pub(super) struct Origin {
    pub(super) module: Module,
    log: Log,
    header: Header,
    mark: Mark,
    limits: Limits,
    invoke: Option<String>,
    words: Vec<std::ffi::OsString>,
    /// The fuel that the program may consume, and why it ends then.
    pub(super) most: (u64, Stop),
}

/// The log of calls, in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl embedded_io::ErrorType for Log {
    type Error = io::Error;
}

impl embedded_io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn bytes(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the log from some place on.
struct From(Log, u64);

impl embedded_io::ErrorType for From {
    type Error = io::Error;
}

impl embedded_io::Read for From {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let bytes = self.0.bytes();
        let start = usize::try_from(self.1).unwrap_or(usize::MAX);
        let rest = bytes.get(start..).unwrap_or_default();
        let len = rest.len().min(buf.len());
        buf[..len].copy_from_slice(&rest[..len]);
        self.1 += len as u64;
        Ok(len)
    }
}

/// Stops a run in progress, from any thread.
#[derive(Clone)]
pub(crate) struct Interrupter {
    asked: Arc<AtomicBool>,
    /// The store that runs.
    running: Arc<Mutex<InterruptHandle>>,
    waker: Waker,
    /// Tells a call that its wait is given up.
    suspending: Arc<AtomicBool>,
}

impl Interrupter {
    /// Lets the program stop at the next op.
    pub(crate) fn stop(&self) {
        self.asked.store(true, Ordering::SeqCst);
        self.suspending.store(true, Ordering::SeqCst);
        self.handle().suspend();
        self.waker.pause();
    }

    /// Returns whether somebody has asked.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    /// Forgets requests that came too late.
    pub(super) fn clear(&self) {
        self.handle().clear_suspend();
        self.waker.go_on();
        self.suspending.store(false, Ordering::SeqCst);
        self.asked.store(false, Ordering::SeqCst);
    }

    /// Asks this store from here on.
    pub(super) fn watch(&self, handle: InterruptHandle) {
        *self.handle() = handle;
    }

    fn handle(&self) -> std::sync::MutexGuard<'_, InterruptHandle> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// Builds the world of the program and instantiates it. It stands before the first op of its entry then.
    ///
    /// # Errors
    /// The module or the log cannot be read, the world cannot be built, or the program cannot begin.
    pub(crate) fn launch(options: &DebugArgs) -> Result<Self> {
        Self::launch_with(options, None)
    }

    /// Does the same. `output` receives what the program writes; its standard input is empty then, unless a file was named.
    ///
    /// # Errors
    /// As [`launch`](Self::launch).
    pub(crate) fn launch_with(options: &DebugArgs, output: Option<Output>) -> Result<Self> {
        let run = &options.run;
        if run.records() || run.freezes() || run.tracing != crate::args::TraceArgs::default() {
            bail!("--record, --freeze-to and the traces cannot be used with debug");
        }
        let recorded = options.replay.as_deref().map(open).transpose()?;
        let (header, limits) = match &recorded {
            Some((player, _)) => {
                let header = player.header().clone();
                let limits = Limits {
                    fuel: header.fuel,
                    max_stack: header.max_stack,
                    max_heap: header.max_heap,
                    ..Limits::default()
                };
                (header, limits)
            }
            None => (Header::default(), run.limits()),
        };
        if limits.timeout.is_some() {
            bail!("--timeout cannot be used with debug");
        }
        let mut config = Config::new();
        run.set_proposals(&mut config);
        config.consume_fuel(true).canonical_nans(true);
        config.validation(Validation::Lazy);
        if let Some(bytes) = limits.max_stack {
            config.max_stack_bytes(clamp(bytes));
        }
        let engine = interp::Engine::new(&config);
        let path = run.module();
        let (module, file) = load::with_bytes(&engine, &path)?;
        let mut most = (
            limits.fuel.unwrap_or(u64::MAX),
            Stop::Ended(End::Failed("trap: all fuel consumed".into())),
        );
        let (mut invoke, mut words) = (run.invoke.clone(), run.guest_args().to_vec());
        let mut suspending = Arc::default();
        let mut waker = std_host::builder().1;
        let (log, mark, header, guest) = match recorded {
            Some((player, bytes)) => {
                let name = options.replay.as_deref().unwrap_or(&path).display();
                if module.length_and_hash() != header.module {
                    bail!(
                        "{name}: it was recorded with another module than {}",
                        load::name(&path)
                    );
                }
                let log = Log(Arc::new(Mutex::new(bytes)));
                let contents = Contents::read(From(log.clone(), 0));
                let end = contents.map_err(|error| anyhow!("{name}: {error}"))?.end;
                let end = end.with_context(|| {
                    format!(
                        "{name}: the log has no end: it was cut off, or the recording was killed"
                    )
                })?;
                if let Some(says) = end.stopped {
                    most = (end.fuel, Stop::Recorded(says));
                }
                invoke.clone_from(&header.invoke);
                words = header.words.iter().map(Into::into).collect();
                let mark = player.mark();
                let player = player_at(&header, &log, &mark, move |stream, bytes| match &output {
                    Some(output) => Ok(tell(output, stream, bytes)),
                    None => print(stream, bytes),
                })?;
                (
                    log,
                    mark,
                    header,
                    Guest::replayed(player, Growth::new(&limits)),
                )
            }
            None => {
                let stdin = match &options.stdin {
                    Some(path) => Some(read(path)?),
                    None => (output.is_some() || !prompt_is_terminal()).then(Vec::new),
                };
                let world = world::World::with(run, &module, file.id(), |builder| {
                    if let Some(bytes) = stdin {
                        builder.stdin(Box::new(Bytes::new(bytes)));
                    }
                    if let Some(output) = &output {
                        connect(builder, output);
                    }
                })?;
                waker = world.waker;
                let mut wasi = world.wasi;
                suspending = wasi.suspender();
                let log = Log::default();
                let header = Header {
                    module: module.length_and_hash(),
                    ..Header::default()
                };
                let mut recorder = Recorder::new(log.clone(), &header)
                    .map_err(|error| anyhow!("the log: {error}"))?;
                recorder
                    .flush()
                    .map_err(|error| anyhow!("the log: {error}"))?;
                let mark = recorder.mark();
                wasi.set_recorder(recorder);
                let guest = run::Guest {
                    wasi,
                    growth: Growth::new(&limits),
                    instance: None,
                };
                (log, mark, header, Guest::new(World::Live(Box::new(guest))))
            }
        };
        let origin = Origin {
            module: module.clone(),
            log,
            header,
            mark,
            limits,
            invoke,
            words,
            most,
        };
        let live = Machine::begin(&module, guest, &origin.called(), origin.most.0)?;
        let mut live = live.context("the program has no function to run")?;
        let at = live.position().context("the program has not begun")?;
        let interrupter = Interrupter {
            asked: Arc::default(),
            running: Arc::new(Mutex::new(live.store.interrupt_handle())),
            waker,
            suspending,
        };
        Ok(Self {
            code: Code::new(module),
            origin,
            live,
            live_at: Some(at),
            end: None,
            past: None,
            history: History::new(options.snapshots),
            first: at,
            at,
            stop: Stop::Start,
            stops: Stops::default(),
            slice: 1 << 16,
            interrupter,
            progress: None,
            refusal_was_told: false,
        })
    }

    /// The module.
    pub(crate) fn module(&self) -> &Module {
        &self.origin.module
    }

    /// Stops runs in progress, from another thread.
    pub(crate) fn interrupter(&self) -> Interrupter {
        self.interrupter.clone()
    }

    /// Where the program stands.
    pub(crate) fn position(&self) -> Position {
        self.at
    }

    /// Why it stands there.
    pub(crate) fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Whether nothing has run that lies behind.
    pub(crate) fn is_present(&self) -> bool {
        self.past.is_none()
    }

    /// The number of snapshots, and their bytes.
    pub(crate) fn snapshots(&self) -> (usize, u64) {
        self.history.size()
    }

    /// Calls `told` now and then while something takes long, with the part that is done.
    pub(crate) fn on_progress(&mut self, told: impl FnMut(f64) + 'static) {
        self.progress = Some(Box::new(told));
    }

    /// What is known about functions.
    pub(crate) fn code(&self) -> &Code {
        &self.code
    }

    /// Runs until something stops the program.
    ///
    /// # Errors
    /// The program cannot be replayed.
    pub(crate) fn run(&mut self, direction: Direction, how: Move) -> Result<Stop> {
        let outcome = match direction {
            Direction::Forward => self.forward(how),
            Direction::Backward => self.backward(how),
        };
        self.interrupter.clear();
        self.stop = outcome?;
        Ok(self.stop.clone())
    }

    /// Goes to a position of the run that was seen before.
    ///
    /// # Errors
    /// There is no such position, or the program cannot be replayed.
    pub(crate) fn goto(&mut self, to: Position) -> Result<Stop> {
        let outcome = self.stand_at(to);
        self.interrupter.clear();
        outcome?;
        self.stop = Stop::Step;
        Ok(Stop::Step)
    }

    /// The first position of the run.
    pub(crate) fn first(&self) -> Position {
        self.first
    }

    /// Goes to the latest position that has run.
    ///
    /// # Errors
    /// The program cannot be replayed.
    pub(crate) fn goto_end(&mut self) -> Result<Stop> {
        let outcome = match (&self.end, self.live_at) {
            (Some(stop), _) => self.stand_at_end(stop.clone()),
            (None, Some(at)) => self.stand_at(at).map(|()| Stop::Step),
            (None, None) => self.stand_at_end(Stop::Interrupted),
        };
        self.interrupter.clear();
        self.stop = outcome?;
        Ok(self.stop.clone())
    }

    /// Why no snapshots can be taken, once.
    pub(crate) fn take_refusal(&mut self) -> Option<String> {
        let what = self.history.refused.as_ref()?.clone();
        let is_new = !std::mem::replace(&mut self.refusal_was_told, true);
        is_new.then_some(what)
    }

    /// Shows the program as it stands.
    ///
    /// # Errors
    /// It does not stand before an op.
    pub(crate) fn look<R>(&mut self, look: impl FnOnce(&mut Probed<'_, Guest>) -> R) -> Result<R> {
        let machine = self.machine();
        machine
            .look(look)
            .context("the program does not stand before an op")
    }

    /// The machine that is shown.
    pub(super) fn machine(&mut self) -> &mut Machine {
        self.past.as_mut().unwrap_or(&mut self.live)
    }
}

impl Origin {
    /// The calls that were made so far.
    pub(super) fn contents_of(&self, live: &mut Machine) -> Result<Contents> {
        live.flush_log()?;
        Contents::read(From(self.log.clone(), 0))
            .map_err(|error| anyhow!("the log of the run: {error}"))
    }

    fn called(&self) -> Called<'_> {
        Called {
            invoke: self.invoke.as_deref(),
            words: match self.invoke {
                Some(_) => &self.words,
                None => &[],
            },
        }
    }

    /// The program at its beginning, or in the state of a snapshot.
    pub(super) fn again(&self, from: Option<&super::history::Snapshot>) -> Result<Machine> {
        let mark = from.map_or(&self.mark, |snapshot| &snapshot.mark);
        let player = player_at(&self.header, &self.log, mark, |_, _| Ok(Written::All))?;
        let guest = Guest::replayed(player, Growth::new(&self.limits));
        match from {
            Some(snapshot) => {
                Machine::thawed(&self.module, guest, &mut snapshot.pieces(), snapshot.fuel)
            }
            None => Machine::begin(&self.module, guest, &self.called(), self.most.0)?
                .context("the program has no function to run"),
        }
    }
}

fn player_at(
    header: &Header,
    log: &Log,
    mark: &Mark,
    output: impl FnMut(Standard, &[u8]) -> Result<Written, String> + Send + 'static,
) -> Result<Player> {
    Player::resume(
        header.clone(),
        From(log.clone(), mark.offset()),
        mark,
        output,
    )
    .map_err(|error| anyhow!("the log of the run: {error}"))
}

/// Prints what a recorded program writes.
fn print(stream: Standard, bytes: &[u8]) -> Result<Written, String> {
    crate::replay::print(stream, bytes)
}

/// Opens a log.
fn open(path: &std::path::Path) -> Result<(Player, Vec<u8>)> {
    let bytes = read(path)?;
    let log = Log(Arc::new(Mutex::new(bytes.clone())));
    let player = Player::new(From(log, 0), |_, _| Ok(Written::All));
    let player = player.map_err(|error| anyhow!("{}: {error}", path.display()))?;
    Ok((player, bytes))
}

fn read(path: &std::path::Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(|error| refuse::unopened(path, &error))?;
    file.read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes)
}

/// Whether a person types the commands.
pub(super) fn prompt_is_terminal() -> bool {
    use std::io::IsTerminal;
    io::stdin().is_terminal()
}
