//! [`Machine`]: a program in a store that can be stopped before any op.
//!
//! The present of a run is one machine, whose calls reach the outside and are recorded. A past is another machine, whose calls are answered
//! from the log. Both stop in the same ways: a [`Hunter`] asks for it at a probe, the fuel reaches a limit, or the program ends.

use anyhow::{Context, Result, anyhow};
use interp::inspect::decode::Decoded;
use interp::{
    Error, Func, Instance, Linker, Module, Probed, ResourceLimiter, ResumableCall,
    ResumableSuspended, Store, StorePart, Trap, Val,
};
use wasi_shim::bind;
use wasi_shim::replay::{Mark, Player};
use wasi_shim::wasi::GivenUp;

use super::Position;
use crate::growth::Growth;
use crate::run::{self, Called};
use crate::{replay, run::prepare};

/// Looks at each op with a probe, before it runs. Returns whether the program stops there.
pub(super) type Hunter = Box<dyn FnMut(&mut Probed<'_, Guest>) -> bool + Send + Sync>;

/// The ops that get a probe.
pub(super) struct Rule {
    /// The functions, by their index among those that the module defines; `None` for all.
    pub(super) funcs: Option<Vec<u32>>,
    pub(super) wanted: Box<dyn Fn(&Decoded) -> bool + Send + Sync>,
}

impl Rule {
    /// All ops of some functions.
    pub(super) fn all(funcs: Option<Vec<u32>>) -> Self {
        Self::of(funcs, |_| true)
    }

    /// Some ops of some functions.
    pub(super) fn of(
        funcs: Option<Vec<u32>>,
        wanted: impl Fn(&Decoded) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self {
            funcs,
            wanted: Box::new(wanted),
        }
    }
}

/// The data of a store.
pub(crate) struct Guest {
    pub(super) world: World,
    hunter: Option<Hunter>,
    /// Whether the hunter has asked to stop.
    is_hit: bool,
    /// The fuel that the program has consumed when its tank is empty.
    pub(super) limit: u64,
}

/// What answers the calls of a program.
pub(super) enum World {
    /// The outside. A recorder writes it down.
    Live(Box<run::Guest>),
    /// A log.
    Replayed(Box<replay::Guest>),
}

impl Guest {
    pub(super) fn new(world: World) -> Self {
        Self {
            world,
            hunter: None,
            is_hit: false,
            limit: 0,
        }
    }

    fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
        match &mut self.world {
            World::Live(guest) => {
                if let Some(recorder) = guest.wasi.recorder() {
                    recorder.set_fuel(limit);
                }
            }
            World::Replayed(guest) => guest.player.set_limit(limit),
        }
    }

    fn limits(&mut self) -> &mut dyn ResourceLimiter {
        match &mut self.world {
            World::Live(guest) => &mut **guest,
            World::Replayed(guest) => guest.as_mut(),
        }
    }
}

impl Guest {
    /// Of a program whose calls are answered from a log.
    pub(super) fn replayed(player: Player, growth: Growth) -> Self {
        Self::new(World::Replayed(Box::new(replay::Guest {
            player,
            growth,
            instance: None,
        })))
    }
}

impl ResourceLimiter for Guest {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        self.limits().memory_growing(current, desired, maximum)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        self.limits().table_growing(current, desired, maximum)
    }

    fn grow_failed(&mut self) {
        self.limits().grow_failed();
    }

    #[cfg(any(feature = "gc", feature = "exceptions"))]
    fn heap_growing(&mut self, current: usize, desired: usize) -> Result<bool, Error> {
        self.limits().heap_growing(current, desired)
    }

    fn total_growing(
        &mut self,
        part: StorePart,
        current: usize,
        desired: usize,
    ) -> Result<bool, Error> {
        self.limits().total_growing(part, current, desired)
    }
}

/// Why a machine has stopped.
pub(super) enum Halt {
    /// The hunter has asked for it. The program stands before the op that it saw last.
    Hit,
    /// The limit of fuel is reached.
    Fuel,
    /// [`interp::InterruptHandle::suspend`] has asked for it.
    Asked,
    /// A wait of the present was given up, or the log of a past has no more: the program is inside of a call.
    Waits,
    /// The program has ended.
    Ended(End),
}

/// How a program has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It has returned from its entry.
    Returned,
    /// It has exited with this status.
    Exited(i32),
    /// What has stopped it: a trap, an exception, or an error.
    Failed(String),
}

/// The result of a run of the machine.
type Outcome = Result<ResumableCall, Error>;

/// A program in a store.
pub(super) struct Machine {
    pub(super) store: Store<Guest>,
    pub(super) instance: Instance,
    /// The call of its entry, unless it has ended.
    pub(super) call: Option<ResumableSuspended>,
    pub(super) results: Vec<Val>,
}

impl Machine {
    /// Builds a program that stands before the first op of its entry. Returns `None` if it has no entry, or if that runs no op.
    ///
    /// # Errors
    /// The module lacks something, or its instantiation fails.
    pub(super) fn begin(
        module: &Module,
        guest: Guest,
        called: &Called<'_>,
        limit: u64,
    ) -> Result<Option<Self>> {
        let (mut store, linker) = empty(module, guest)?;
        store.set_fuel(limit)?;
        store.data_mut().set_limit(limit);
        let mut found = None;
        let prepared = prepare(&mut store, &linker, module, called, |_, instance| {
            found = Some(instance);
            Ok(())
        })?;
        let instance = found.context("it was instantiated")?;
        let Some(call) = prepared else {
            return Ok(None);
        };
        set_instance(&mut store, instance);
        let mut machine = Self {
            store,
            instance,
            call: None,
            results: call.results,
        };
        machine.probe(vec![Rule::all(None)]);
        machine.store.data_mut().hunter = Some(Box::new(|_| true));
        let begun =
            call.func
                .call_resumable(&mut machine.store, &call.params, &mut machine.results);
        match machine.halted(begun) {
            Halt::Hit => Ok(Some(machine)),
            Halt::Ended(End::Failed(what)) => Err(anyhow!(what)),
            _ => Ok(None),
        }
    }

    /// Builds a program in a state that was frozen.
    ///
    /// # Errors
    /// As [`begin`](Self::begin). Also fails if the state cannot be thawed.
    pub(super) fn thawed(
        module: &Module,
        guest: Guest,
        state: &mut super::history::Pieces<'_>,
        fuel: u64,
    ) -> Result<Self> {
        let (mut store, linker) = empty(module, guest)?;
        store.set_fuel(u64::MAX)?;
        store.prepare_to_thaw();
        let instance = linker.instantiate(&mut store, module)?;
        set_instance(&mut store, instance);
        let call = store.thaw(state);
        let call = call.map_err(|error| anyhow!("a snapshot cannot be read: {error}"))?;
        // What is left is paid again by an op that pays in advance.
        store.data_mut().set_limit(fuel);
        let results = call.func().ty(&store).results().len();
        Ok(Self {
            store,
            instance,
            call: Some(call),
            results: vec![Val::I32(0); results],
        })
    }

    /// The fuel that the program has consumed.
    pub(super) fn consumed(&self) -> u64 {
        let limit = self.store.data().limit;
        limit.saturating_sub(self.store.get_fuel().unwrap_or(0))
    }

    /// Stops the program when it has consumed `limit` units of fuel and needs more.
    fn set_limit(&mut self, limit: u64) -> Result<()> {
        let left = limit.saturating_sub(self.consumed());
        self.store.set_fuel(left)?;
        self.store.data_mut().set_limit(limit);
        Ok(())
    }

    /// Makes all that was recorded readable.
    ///
    /// # Errors
    /// The log cannot be written.
    pub(super) fn flush_log(&mut self) -> Result<()> {
        if let World::Live(guest) = &mut self.store.data_mut().world
            && let Some(recorder) = guest.wasi.recorder()
        {
            recorder.flush().map_err(|error| anyhow!("{error}"))?;
        }
        Ok(())
    }

    /// The place in the log of what was called so far.
    pub(super) fn mark(&mut self) -> Option<Mark> {
        match &mut self.store.data_mut().world {
            World::Live(guest) => Some(guest.wasi.recorder()?.mark()),
            World::Replayed(guest) => Some(guest.player.mark()),
        }
    }

    /// Runs the program until it stops. `rules` are the ops that `hunter` sees. Without them, those of the last run are.
    ///
    /// # Errors
    /// The program has ended before.
    pub(super) fn go_on(
        &mut self,
        limit: u64,
        rules: Option<Vec<Rule>>,
        hunter: Option<Hunter>,
    ) -> Result<Halt> {
        self.set_limit(limit)?;
        if let Some(rules) = rules {
            self.probe(rules);
        }
        if hunter.is_some() {
            self.store.data_mut().hunter = hunter;
        }
        let call = self.call.take().context("the program has ended")?;
        let resumed = call.resume(&mut self.store, &mut self.results);
        Ok(self.halted(resumed))
    }

    /// Replaces all probes.
    fn probe(&mut self, rules: Vec<Rule>) {
        self.store.probes().clear();
        for rule in rules {
            let funcs: Option<Vec<Func>> = rule.funcs.map(|funcs| {
                let imported = self.instance.module(&self.store).info().imported_funcs();
                let func = |defined| self.instance.debug_func(&self.store, imported + defined);
                funcs.into_iter().filter_map(func).collect()
            });
            self.store.probes().add(funcs.as_deref(), rule.wanted);
        }
    }

    fn halted(&mut self, outcome: Outcome) -> Halt {
        match outcome {
            Ok(ResumableCall::Finished) => Halt::Ended(End::Returned),
            Ok(ResumableCall::OutOfFuel(call)) => {
                self.call = Some(call.into_suspended());
                Halt::Fuel
            }
            Ok(ResumableCall::Suspended(call)) => {
                self.call = Some(call);
                match std::mem::take(&mut self.store.data_mut().is_hit) {
                    true => Halt::Hit,
                    false => Halt::Asked,
                }
            }
            Ok(ResumableCall::HostTrap(call)) => {
                let error = call.host_error();
                let waits = error.downcast_ref::<GivenUp>().is_some()
                    || error.downcast_ref::<wasi_shim::replay::LogError>()
                        == Some(&wasi_shim::replay::LogError::Ahead);
                if waits {
                    self.call = Some(call.into_suspended());
                    return Halt::Waits;
                }
                Halt::Ended(End::of(&call.into_host_error()))
            }
            Err(error) => Halt::Ended(End::of(&error)),
        }
    }

    /// Shows the program as it stands. Returns `None` if it does not stand before an op.
    pub(super) fn look<R>(&mut self, look: impl FnOnce(&mut Probed<'_, Guest>) -> R) -> Option<R> {
        let call = self.call.as_mut()?;
        let shown = call.look(&mut self.store, |mut at| look(&mut at));
        shown.ok().flatten()
    }

    /// The place where the program stands.
    pub(super) fn position(&mut self) -> Option<Position> {
        self.look(|at| Position::of(at))
    }
}

impl End {
    fn of(error: &Error) -> Self {
        if let Some(status) = error.i32_exit_status() {
            return Self::Exited(status);
        }
        let what = match error.as_trap() {
            Some(Trap::Interrupt) => "it was interrupted".to_owned(),
            Some(trap) => format!("trap: {trap}"),
            None => error.to_string(),
        };
        Self::Failed(what)
    }
}

/// An empty store with probes, and the calls of WASI.
fn empty(module: &Module, guest: Guest) -> Result<(Store<Guest>, Linker<Guest>)> {
    let mut linker = Linker::new(module.engine());
    match &guest.world {
        World::Live(_) => {
            bind::add_recorded_to_linker(&mut linker, |guest: &mut Guest| match &mut guest.world {
                World::Live(guest) => &mut guest.wasi,
                World::Replayed(_) => unreachable!("the store of a log has other functions"),
            })?
        }
        World::Replayed(_) => {
            bind::add_replayed_to_linker(&mut linker, |guest: &mut Guest| match &mut guest.world {
                World::Replayed(guest) => &mut guest.player,
                World::Live(_) => unreachable!("the store of the present has other functions"),
            })?
        }
    }
    let mut store = Store::new(module.engine(), guest);
    store.limiter(|guest| guest);
    store.enable_probes(|mut at| {
        let Some(mut hunter) = at.store().data_mut().hunter.take() else {
            return Ok(());
        };
        let is_hit = hunter(&mut at) && at.suspend();
        let mut store = at.store();
        let guest = store.data_mut();
        guest.hunter = Some(hunter);
        guest.is_hit = is_hit;
        Ok(())
    });
    Ok((store, linker))
}

fn set_instance(store: &mut Store<Guest>, instance: Instance) {
    match &mut store.data_mut().world {
        World::Live(guest) => guest.instance = Some(instance),
        World::Replayed(guest) => guest.instance = Some(instance),
    }
}
