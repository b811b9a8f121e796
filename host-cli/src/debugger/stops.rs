//! Breakpoints and watch points.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use interp::{AsContext, Instance, Probed};

use super::code::Code;
use super::condition::Condition;
use super::engine::Engine;
use super::machine::{Guest, Machine, Rule};
use super::{Direction, Position, Stop};
use crate::list;

/// The most bytes that a watch point covers.
const WIDEST: u64 = 4096;

/// Where a breakpoint is wanted.
#[derive(Clone, Debug)]
pub(crate) enum At {
    /// A function, by its name or index.
    Func(String),
    /// An instruction, by its byte offset in the module.
    Offset(usize),
    /// Several ops, such as those of a line, which `told` names: functions among those that the module defines, and granules.
    Ops {
        ops: Vec<(u32, usize)>,
        told: String,
    },
    /// The op at a granule of a function, by the function's index among those that the module defines.
    Op { func: u32, granule: usize },
}

/// A breakpoint or a watch point.
#[derive(Clone, Debug)]
pub(crate) struct Breakpoint {
    pub(crate) id: u32,
    /// The place in words.
    pub(crate) told: String,
    pub(crate) enabled: bool,
    pub(crate) condition: Option<Condition>,
    /// How many times it does not stop the program, from now on.
    pub(crate) ignore: Arc<AtomicU64>,
    /// How many times it was reached forwards.
    pub(crate) hits: Arc<AtomicU64>,
    pub(crate) kind: Kind,
}

/// What stops the program.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// These ops: functions among those that the module defines, and granules.
    Ops(Vec<(u32, usize)>),
    /// Writes to a part of the memory that change it.
    Writes(Range<u64>),
}

/// The breakpoints of a program.
#[derive(Default)]
pub(super) struct Stops {
    last: u32,
    all: Vec<Breakpoint>,
}

/// Returns why a program stops at an op.
pub(super) type See =
    Box<dyn FnMut(&mut Probed<'_, Guest>, Position) -> Option<Stop> + Send + Sync>;

impl Engine {
    /// Adds a breakpoint. Returns what it has become.
    ///
    /// # Errors
    /// There is no such place.
    pub(crate) fn add_break(&mut self, at: At) -> Result<Breakpoint> {
        let imported = self.module().info().imported_funcs();
        let (ops, told) = match at {
            At::Func(name) => {
                let names = self.code.names();
                let found = list::find(self.module().info(), &names, &name)?;
                let mut ops = Vec::new();
                let mut told = Vec::new();
                for defined in found {
                    let func = self.func(defined);
                    ops.push((defined, 0));
                    let line = func.first_line();
                    let line = line.map(|line| format!(" ({}:{})", line.file, line.line));
                    told.push(func.name.clone() + &line.unwrap_or_default());
                }
                (ops, told.join(", "))
            }
            At::Offset(offset) => {
                let (defined, granule) = self.op_at(offset)?;
                let func = self.func(defined);
                let moved = func.offset(granule).unwrap_or(offset);
                let mut told = format!("{moved:#x} in {}", func.name);
                if moved != offset {
                    told += &format!(" ({offset:#x} became part of it, or has no op)");
                }
                (vec![(defined, granule)], told)
            }
            At::Ops { ops, told } => (ops, told),
            At::Op { func, granule } => {
                if func >= self.module().info().defined_funcs() {
                    bail!("there is no function {}", imported + func);
                }
                let told = format!("op {granule} of {}", self.func(func).name);
                (vec![(func, granule)], told)
            }
        };
        Ok(self.stops.add(Kind::Ops(ops), told))
    }

    /// Adds a watch point on a part of the memory.
    ///
    /// # Errors
    /// It is empty, too long, or outside of the memory.
    pub(crate) fn add_watch(&mut self, range: Range<u64>) -> Result<Breakpoint> {
        let len = range.end.saturating_sub(range.start);
        if len == 0 || len > WIDEST {
            bail!("a watch point covers 1 to {WIDEST} bytes");
        }
        self.memory(range.start, len as usize)?;
        let told = format!("writes to {:#x}..{:#x}", range.start, range.end);
        Ok(self.stops.add(Kind::Writes(range), told))
    }

    /// Removes a breakpoint or a watch point.
    ///
    /// # Errors
    /// There is none with this number.
    pub(crate) fn remove(&mut self, id: u32) -> Result<()> {
        let before = self.stops.all.len();
        self.stops.all.retain(|one| one.id != id);
        match self.stops.all.len() < before {
            true => Ok(()),
            false => bail!("there is no breakpoint {id}"),
        }
    }

    /// Changes a breakpoint or a watch point.
    ///
    /// # Errors
    /// There is none with this number.
    pub(crate) fn change(&mut self, id: u32, change: impl FnOnce(&mut Breakpoint)) -> Result<()> {
        let found = self.stops.all.iter_mut().find(|one| one.id == id);
        change(found.with_context(|| format!("there is no breakpoint {id}"))?);
        Ok(())
    }

    /// All breakpoints and watch points.
    pub(crate) fn breakpoints(&self) -> &[Breakpoint] {
        &self.stops.all
    }

    /// The op of the instruction at an offset in the module: the function among those that the module defines, and the granule.
    ///
    /// # Errors
    /// The offset is in no function's body.
    pub(crate) fn op_at(&mut self, offset: usize) -> Result<(u32, usize)> {
        let module = self.module().clone();
        let info = module.info();
        let has = |defined: &u32| info.has_bodies() && info.body_range(*defined).contains(&offset);
        let defined = (0..info.defined_funcs()).find(has);
        let defined =
            defined.with_context(|| format!("the offset {offset:#x} is in no function"))?;
        let func = self.func(defined);
        let granule = func.granule(offset);
        let granule = granule.with_context(|| format!("there is no op behind {offset:#x}"))?;
        Ok((defined, granule))
    }
}

impl Stops {
    fn add(&mut self, kind: Kind, told: String) -> Breakpoint {
        self.last += 1;
        let added = Breakpoint {
            id: self.last,
            told,
            enabled: true,
            condition: None,
            ignore: Arc::default(),
            hits: Arc::default(),
            kind,
        };
        self.all.push(added.clone());
        added
    }

    fn watches(&self) -> Vec<(u32, Range<u64>)> {
        let enabled = self.all.iter().filter(|one| one.enabled);
        let watch = |one: &Breakpoint| match &one.kind {
            Kind::Writes(range) => Some((one.id, range.clone())),
            Kind::Ops(_) => None,
        };
        enabled.filter_map(watch).collect()
    }

    /// The ops that must be seen for these breakpoints, and the reason to stop at one of them.
    pub(super) fn search(
        &self,
        code: &Code,
        machine: &mut Machine,
        direction: Direction,
    ) -> (Vec<Rule>, See) {
        let mut places: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut breaks = Vec::new();
        for one in self.all.iter().filter(|one| one.enabled) {
            if let Kind::Ops(ops) = &one.kind {
                breaks.push(one.clone());
                for (func, granule) in ops {
                    places.entry(*func).or_default().push(*granule);
                }
            }
        }
        let mut rules: Vec<Rule> = Vec::new();
        for (func, granules) in places {
            rules.push(Rule::of(Some(vec![func]), move |op| {
                granules.contains(&op.at)
            }));
        }
        let watcher = Watcher::new(self.watches());
        if !self.watches().is_empty() {
            rules.push(Watcher::rule());
            watcher.begin(machine);
        }
        let code = code.clone();
        let see: See = Box::new(move |at, position| {
            let written = match direction {
                Direction::Forward => watcher.see(at, position),
                // Each window has a watcher of its own.
                Direction::Backward => None,
            };
            if written.is_some() {
                return written;
            }
            let here = (position.func, position.granule);
            let reached = breaks
                .iter()
                .filter(|one| one.stops(at, here, &code, direction));
            let ids: Vec<u32> = reached.map(|one| one.id).collect();
            (!ids.is_empty()).then_some(Stop::Breakpoint(ids))
        });
        (rules, see)
    }
}

impl Breakpoint {
    /// Whether it stops the program at an op.
    fn stops(
        &self,
        at: &mut Probed<'_, Guest>,
        here: (u32, usize),
        code: &Code,
        direction: Direction,
    ) -> bool {
        let Kind::Ops(ops) = &self.kind else {
            return false;
        };
        if !ops.contains(&here) {
            return false;
        }
        // A goroutine that goes on enters its functions again, with the number of a resume point.
        if here.1 == 0 && code.at(at).is_go && at.slots().first().is_some_and(|pc| *pc as u32 != 0)
        {
            return false;
        }
        // A condition that cannot be computed stops the program, too.
        let holds = self
            .condition
            .as_ref()
            .is_none_or(|condition| condition.value(at, code).map_or(true, |value| value != 0));
        if !holds {
            return false;
        }
        if direction == Direction::Backward {
            return true;
        }
        self.hits.fetch_add(1, Ordering::Relaxed);
        let ignored = self
            .ignore
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            });
        ignored.is_err()
    }
}

/// Compares the watched memory at each op that may follow a write.
#[derive(Clone)]
pub(super) struct Watcher(Arc<Mutex<Seen>>);

struct Seen {
    watches: Vec<(u32, Range<u64>)>,
    /// What each watch point has seen last.
    last: Vec<Option<Vec<u8>>>,
    /// The op that was seen last: if the memory has changed, it has written.
    before: Option<Position>,
}

impl Watcher {
    fn new(watches: Vec<(u32, Range<u64>)>) -> Self {
        Self(Arc::new(Mutex::new(Seen {
            last: vec![None; watches.len()],
            watches,
            before: None,
        })))
    }

    /// A watcher that has seen nothing yet.
    pub(super) fn of(stops: &Stops) -> Self {
        Self::new(stops.watches())
    }

    /// The ops that it must see: those that write, and calls that may be those of the host.
    fn rule() -> Rule {
        Rule::of(None, |op| {
            op.writes_memory() || op.imported_callee().is_some() || op.is_call()
        })
    }

    fn begin(&self, machine: &mut Machine) {
        machine.look(|at| {
            self.compare(at.as_context(), at.instance());
            let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            seen.before = Some(Position::of(at));
        });
    }

    /// Compares at an op.
    pub(super) fn see(&self, at: &Probed<'_, Guest>, position: Position) -> Option<Stop> {
        let found = self.compare(at.as_context(), at.instance());
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let by = seen.before.replace(position);
        told(found?, by.unwrap_or(position))
    }

    /// Compares where a window ends.
    pub(super) fn at_end(&self, machine: &mut Machine) -> Option<Stop> {
        let found = self.compare(machine.store.as_context(), machine.instance);
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told(found?, seen.before?)
    }

    fn compare(&self, at: impl AsContext, instance: Instance) -> Option<Change> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let memory = instance.debug_memory(at.as_context(), 0)?;
        let memory = memory.data(at.as_context());
        let mut changed = None;
        let Seen { watches, last, .. } = &mut *seen;
        for ((id, range), last) in watches.iter().zip(last) {
            let now = memory.get(range.start as usize..range.end as usize);
            let Some(now) = now else { continue };
            match last {
                Some(last) if last == now => {}
                Some(old) => {
                    let old = std::mem::replace(old, now.to_vec());
                    changed.get_or_insert((*id, range.start, old, now.to_vec()));
                }
                None => *last = Some(now.to_vec()),
            }
        }
        changed
    }
}

/// A watch point, its address, the bytes before and after.
type Change = (u32, u64, Vec<u8>, Vec<u8>);

fn told((id, address, old, new): Change, by: Position) -> Option<Stop> {
    Some(Stop::Watch {
        id,
        address,
        old,
        new,
        by,
    })
}
