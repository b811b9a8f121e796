//! Steps, forward and backward.
//!
//! Forward, a [`Search`] looks at each op that has a probe until one of them is where the program shall stop. Backward, the part of the run
//! before is run again in windows that grow, and the last op at which the search would have stopped is the answer.

use std::cmp::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use interp::{AsContext, Probed, Val};

use super::code::Code;
use super::engine::Engine;
use super::machine::{Guest, Halt, Hunter, Rule};
use super::stops::{See, Watcher};
use super::travel::Arrival;
use super::{Direction, Move, Position, Stop};
use crate::places::Line;

/// The globals of Go programs with the stack pointer, and with the address of the running goroutine's record.
const SP: u32 = 0;
const G: u32 = 2;
/// The bytes of a program's record of a goroutine in front of the end of its stack.
const STACK_END: usize = 8;

/// How long the present runs until a snapshot is taken.
const SPACING: Duration = Duration::from_millis(25);
/// A snapshot takes at most this part of the time.
const SHARE: u32 = 10;

/// The most ops that are kept of a window.
const MOST: usize = 1 << 16;

/// How deep a function is nested.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Depth {
    /// By its frame on the value stack.
    Frame(usize),
    /// In a goroutine, by the bytes of its stack that are in use: its frames on the value stack vanish when it waits.
    Go(u64, u64),
}

impl Depth {
    pub(super) fn of(at: &Probed<'_, Guest>, code: &Code) -> Self {
        let go = || {
            let instance = at.instance();
            let store = at.as_context();
            let Val::I32(sp) = instance.debug_global(store, SP)?.get(at.as_context()) else {
                return None;
            };
            let Val::I64(g) = instance
                .debug_global(at.as_context(), G)?
                .get(at.as_context())
            else {
                return None;
            };
            let memory = instance.get_memory(at.as_context(), "memory")?;
            let place = usize::try_from(g.cast_unsigned())
                .ok()?
                .checked_add(STACK_END)?;
            let bytes = memory
                .data(at.as_context())
                .get(place..place.checked_add(8)?)?;
            let end = u64::from_le_bytes(bytes.try_into().ok()?);
            let used = end.checked_sub(sp.cast_unsigned().into())?;
            Some(Self::Go(g.cast_unsigned(), used))
        };
        let go = code.at(at).is_go.then(go).flatten();
        go.unwrap_or(Self::Frame(at.frame()))
    }

    /// Compares the depths of functions of one goroutine.
    fn compared(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Frame(a), Self::Frame(b)) => Some(a.cmp(&b)),
            (Self::Go(g, a), Self::Go(h, b)) if g == h => Some(a.cmp(&b)),
            _ => None,
        }
    }

    fn is_inside(self, other: Self) -> bool {
        self.compared(other)
            .is_none_or(|order| order == Ordering::Greater)
    }

    fn is_outside(self, other: Self) -> bool {
        self.compared(other) == Some(Ordering::Less)
    }
}

/// Where an op is, as far as steps care.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Spot {
    func: u32,
    depth: Depth,
    line: Option<Line>,
    offset: Option<usize>,
    /// How many calls run there: the function's, and those that were inlined into it.
    level: usize,
}

impl Spot {
    /// Where a program stands. Calls that were inlined more deeply than `level` count as part of the line that makes them.
    fn of(at: &Probed<'_, Guest>, code: &Code, level: usize) -> Self {
        let func = code.at(at);
        let calls = func.calls(at.granule());
        let deeper = calls.len().saturating_sub(level);
        let line = calls.get(deeper).and_then(|call| call.line.as_ref());
        Self {
            func: at.defined_func(),
            depth: Depth::of(at, code),
            line: line.cloned(),
            offset: func.offset(at.granule()),
            level: calls.len() - deeper,
        }
    }

    /// The depth of inlined calls that a move from here distinguishes.
    fn level_of(&self, how: Move) -> usize {
        match how {
            Move::Over => self.level,
            _ => usize::MAX,
        }
    }

    /// Whether an op belongs to the same piece of code as this one.
    fn is_same(&self, other: &Self, how: Move) -> bool {
        let is_same_call = self.func == other.func && self.depth == other.depth;
        match how {
            Move::Op => false,
            Move::Instruction | Move::OverInstruction => {
                is_same_call && self.offset == other.offset
            }
            _ => is_same_call && self.line == other.line,
        }
    }
}

/// What a move looks for.
struct Search {
    rules: Vec<Rule>,
    see: See,
}

impl Engine {
    /// Runs forward.
    pub(super) fn forward(&mut self, how: Move) -> Result<Stop> {
        let mut search = self.search(how)?;
        let (stops, mut see_stops) = self.stop_search(Direction::Forward);
        search.rules.extend(stops);
        let mut see_move = search.see;
        let see: See = Box::new(move |at, position| {
            let stopped = see_stops(at, position);
            stopped.or_else(|| see_move(at, position))
        });
        let stop = self.ahead(search.rules, see)?;
        self.behind_watch(stop)
    }

    /// A watch point is seen when the next op that could write is reached. The program shall stand behind the op that has written.
    fn behind_watch(&mut self, stop: Stop) -> Result<Stop> {
        let Stop::Watch { by, .. } = stop else {
            return Ok(stop);
        };
        self.stand_at(by)?;
        let rules = self.near()?;
        let step = self.ahead(rules, Box::new(|_, _| Some(Stop::Step)))?;
        match step {
            Stop::Step => Ok(stop),
            other => Ok(other),
        }
    }

    /// Runs forward until `see` finds a reason to stop.
    fn ahead(&mut self, rules: Vec<Rule>, see: See) -> Result<Stop> {
        let start = self.at;
        let rules = Arc::new(rules);
        let shared = Arc::new(Mutex::new((see, None::<(Position, Stop)>, start)));
        // The rules are given to the past and to the present.
        let rules_again = || -> Vec<Rule> {
            let rule = |number: usize| {
                let rules_of = rules.clone();
                Rule {
                    funcs: rules[number].funcs.clone(),
                    wanted: Box::new(move |op| (rules_of[number].wanted)(op)),
                }
            };
            (0..rules.len()).map(rule).collect()
        };
        let hunter = |until: Option<Position>| -> Hunter {
            let shared = shared.clone();
            Box::new(move |at| {
                let position = Position::of(at);
                let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                if position <= shared.2 {
                    return false;
                }
                shared.2 = position;
                if let Some(stop) = (shared.0)(at, position) {
                    shared.1 = Some((position, stop));
                    return true;
                }
                until.is_some_and(|until| position >= until)
            })
        };
        let found = || {
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            shared.1.take()
        };
        if let Some(mut past) = self.past.take() {
            self.interrupter.watch(past.store.interrupt_handle());
            let mut rules = rules_again();
            let live_at = self.live_at.filter(|_| self.end.is_none());
            if let Some(until) = live_at {
                rules.push(Rule::of(Some(vec![until.func]), move |op| {
                    op.at == until.granule
                }));
            }
            let limit = live_at.map_or(u64::MAX, |until| until.fuel);
            let arrival = self.follow(&mut past, limit, rules, || hunter(live_at))?;
            if let Some((position, stop)) = found() {
                self.at = position;
                self.past = (live_at != Some(position)).then_some(past);
                return Ok(stop);
            }
            match arrival {
                Arrival::Asked => return self.settle(past),
                _ if self.end.is_some() => {
                    drop(past);
                    let stop = self.end.clone().unwrap_or(Stop::Begin);
                    return self.stand_at_end(stop);
                }
                _ => {}
            }
        }
        self.interrupter.watch(self.live.store.interrupt_handle());
        let (mut rules, mut hunter) = (Some(rules_again()), Some(hunter(None)));
        let mut since = Instant::now();
        let mut cost = Duration::ZERO;
        loop {
            let most = self.origin.most.0;
            let limit = most.min(self.live.consumed().saturating_add(self.slice));
            let began = Instant::now();
            let halt = self.live.go_on(limit, rules.take(), hunter.take())?;
            match halt {
                Halt::Hit => {
                    let (position, stop) = found().context("the hunter has found something")?;
                    (self.live_at, self.at) = (Some(position), position);
                    return Ok(stop);
                }
                Halt::Fuel if limit == most => {
                    let stop = self.origin.most.1.clone();
                    return self.over(stop);
                }
                Halt::Fuel => {
                    let took = began.elapsed();
                    if took < SPACING / 4 {
                        self.slice = self.slice.saturating_mul(2);
                    } else if took > SPACING {
                        self.slice = (self.slice / 2).max(1 << 12);
                    }
                    if since.elapsed() > SPACING.max(cost * SHARE) {
                        let began = Instant::now();
                        self.history.take(&mut self.live);
                        cost = began.elapsed();
                        since = Instant::now();
                    }
                }
                Halt::Asked => {
                    self.live
                        .go_on(most, Some(vec![Rule::all(None)]), Some(Box::new(|_| true)))?;
                    let at = self.live.position().context("it stands before an op")?;
                    (self.live_at, self.at) = (Some(at), at);
                    return Ok(Stop::Interrupted);
                }
                Halt::Waits => {
                    self.live_at = None;
                    return self.stand_at_end(Stop::Interrupted);
                }
                Halt::Ended(end) => return self.over(Stop::Ended(end)),
            }
        }
    }

    /// The run has ended.
    fn over(&mut self, stop: Stop) -> Result<Stop> {
        (self.live_at, self.end) = (None, Some(stop.clone()));
        self.stand_at_end(stop)
    }

    /// A past was interrupted: it goes on to the next op.
    fn settle(&mut self, mut past: super::machine::Machine) -> Result<Stop> {
        self.interrupter.clear();
        let rules = vec![Rule::all(None)];
        self.follow(&mut past, u64::MAX, rules, || Box::new(|_| true))?;
        if let Some(at) = past.position() {
            (self.past, self.at) = (Some(past), at);
        }
        Ok(Stop::Interrupted)
    }

    /// The ops that can follow the present one.
    fn near(&mut self) -> Result<Vec<Rule>> {
        let func = self.at.func;
        let is_inner = self.look(|at| {
            let op = at.op();
            op.is_some_and(|op| {
                let stays = !op.is_call() && !op.is_return();
                let falls = !op.def().ends_block || op.is_branch();
                (stays && falls && !op.def().name.starts_with("go."))
                    || op.imported_callee().is_some()
            })
        })?;
        // An exception leads anywhere.
        let throws = !self.module().info().tags().is_empty();
        match is_inner && !throws {
            true => Ok(vec![Rule::all(Some(vec![func]))]),
            false => Ok(vec![Rule::all(None)]),
        }
    }

    /// The functions that run, each once.
    fn running(&mut self) -> Result<Vec<u32>> {
        let imported = self.module().info().imported_funcs();
        let own = self.at.func;
        let trace = self.look(|at| at.backtrace())?;
        let mut funcs: Vec<u32> = (trace.frames().iter())
            .filter_map(|frame| frame.func_index().checked_sub(imported))
            .chain([own])
            .chain(self.go_callers())
            .collect();
        funcs.sort_unstable();
        funcs.dedup();
        Ok(funcs)
    }

    /// What a move looks for when it runs forward.
    fn search(&mut self, how: Move) -> Result<Search> {
        let code = self.code.clone();
        let start = self.look(|at| Spot::of(at, &code, usize::MAX))?;
        let level = start.level_of(how);
        let rules = match how {
            Move::Continue => Vec::new(),
            Move::Op | Move::Instruction => self.near()?,
            Move::Line => vec![Rule::all(None)],
            Move::OverInstruction | Move::Over | Move::Out => {
                vec![Rule::all(Some(self.running()?))]
            }
        };
        let see: See = Box::new(move |at, _| {
            let is_there = match how {
                Move::Continue => false,
                Move::Op => true,
                Move::Out => Depth::of(at, &code).is_outside(start.depth),
                _ => {
                    let spot = Spot::of(at, &code, level);
                    let over = matches!(how, Move::OverInstruction | Move::Over);
                    let is_known = match how {
                        Move::Line | Move::Over => spot.line.is_some() || start.line.is_none(),
                        _ => true,
                    };
                    let is_inside = over && spot.depth.is_inside(start.depth);
                    !is_inside && is_known && !spot.is_same(&start, how)
                }
            };
            is_there.then_some(Stop::Step)
        });
        Ok(Search { rules, see })
    }

    fn stop_search(&mut self, direction: Direction) -> (Vec<Rule>, See) {
        let machine = self.past.as_mut().unwrap_or(&mut self.live);
        self.stops.search(&self.code, machine, direction)
    }

    /// Runs backward.
    pub(super) fn backward(&mut self, how: Move) -> Result<Stop> {
        match how {
            Move::Continue => self.back_to_stop(),
            _ => self.back_to_spot(how),
        }
    }

    /// Runs backward to the last breakpoint or watch point.
    fn back_to_stop(&mut self) -> Result<Stop> {
        let mut end = self.at;
        loop {
            let (rules, mut see) = self.stop_search(Direction::Backward);
            let watcher = Watcher::of(&self.stops);
            let seen = watcher.clone();
            // Between two windows, the end is the snapshot with which the last one began.
            let fuel = end.fuel - u64::from(end.frame == usize::MAX);
            let snapshot = self.history.before(fuel).map(|snapshot| snapshot.fuel);
            let found = self.collect(snapshot, end, rules, 1, move |at, position| {
                let written = seen.see(at, position);
                written.or_else(|| see(at, position))
            })?;
            let Some((mut found, mut machine)) = found else {
                return Ok(Stop::Interrupted);
            };
            // What the last op has written.
            if let Some(stop) = watcher.at_end(&mut machine) {
                found.push((end, stop));
            }
            if let Some((position, stop)) = found.pop() {
                let to = match &stop {
                    Stop::Watch { by, .. } => *by,
                    _ => position,
                };
                drop(machine);
                self.stand_at(to)?;
                return Ok(stop);
            }
            drop(machine);
            let Some(from) = snapshot else {
                self.stand_at(self.first)?;
                return Ok(Stop::Begin);
            };
            self.past = None;
            end = Position::behind(from);
        }
    }

    /// Runs backward to the begin of the code that ran before.
    fn back_to_spot(&mut self, how: Move) -> Result<Stop> {
        let to = self.at;
        if to <= self.first {
            return Ok(Stop::Begin);
        }
        let code = self.code.clone();
        let start = self.look(|at| Spot::of(at, &code, usize::MAX))?;
        let level = start.level_of(how);
        let is_over = matches!(how, Move::OverInstruction | Move::Over | Move::Out);
        let funcs = match is_over {
            true => Some(self.running()?),
            false => None,
        };
        let mut width = 2_u64;
        loop {
            let from = to.fuel.checked_sub(width);
            let code = self.code.clone();
            let (depth, has_line) = (start.depth, start.line.is_some());
            let rules = self.seen_by(how, funcs.as_deref(), has_line);
            let found = self.collect(from, to, rules, MOST, move |at, _| match how {
                Move::Op => Some(None),
                Move::Out => Depth::of(at, &code).is_outside(depth).then_some(None),
                _ => {
                    let spot = Spot::of(at, &code, level);
                    let is_known = match how {
                        Move::Line | Move::Over => spot.line.is_some() || !has_line,
                        _ => true,
                    };
                    let is_seen = is_known && !(is_over && spot.depth.is_inside(depth));
                    is_seen.then_some(Some(spot))
                }
            })?;
            let Some((found, machine)) = found else {
                self.stand_at(to)?;
                return Ok(Stop::Interrupted);
            };
            drop(machine);
            let is_all = from.is_none_or(|from| from < self.first.fuel);
            if let Some(position) = last_begin(&found, how, is_all) {
                self.stand_at(position)?;
                return Ok(Stop::Step);
            }
            if is_all {
                self.stand_at(self.first)?;
                return Ok(Stop::Begin);
            }
            width = width.saturating_mul(16);
        }
    }
}

impl Engine {
    /// The ops that a move backward must see. One by lines passes over code whose lines are not certain, at full speed.
    fn seen_by(&mut self, how: Move, funcs: Option<&[u32]>, has_line: bool) -> Vec<Rule> {
        let by_lines = matches!(how, Move::Line | Move::Over) && has_line;
        let Some(funcs) = funcs.filter(|_| by_lines) else {
            return vec![Rule::all(funcs.map(<[u32]>::to_vec))];
        };
        let rule = |defined: &u32| {
            let func = self.func(*defined);
            Rule::of(Some(vec![*defined]), move |op| func.line(op.at).is_some())
        };
        funcs.iter().map(rule).collect()
    }
}

/// The first op of the piece of code that the last op belongs to. `None` if it may begin before the ops that were found.
fn last_begin(found: &[(Position, Option<Spot>)], how: Move, is_all: bool) -> Option<Position> {
    let (last, spot) = found.last()?;
    let Some(spot) = spot else {
        return Some(*last);
    };
    let is_same = |one: &&(Position, Option<Spot>)| {
        one.1.as_ref().is_some_and(|other| other.is_same(spot, how))
    };
    let same = found.iter().rev().take_while(is_same).count().max(1);
    match same < found.len() || is_all {
        true => Some(found[found.len() - same].0),
        false => None,
    }
}
