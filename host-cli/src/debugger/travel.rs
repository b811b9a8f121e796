//! How a position of the past is reached: from the nearest snapshot, with the log in place of the outside.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use interp::Probed;

use super::engine::Engine;
use super::machine::{Guest, Halt, Hunter, Machine, Rule};
use super::{Position, Stop};

/// Units of fuel that a past runs between two looks at what somebody asks for.
const LOOK: u64 = 1 << 22;

/// What takes longer than this is not done again: a snapshot is taken on the way.
const NOTICEABLE: Duration = Duration::from_millis(2);

/// The least units of fuel between two snapshots on the way.
const NEAR: u64 = 256;

/// How a run of a past has ended.
pub(super) enum Arrival {
    /// A hunter has stopped it, or it has reached the limit.
    Hit,
    Limit,
    /// The program has ended, or goes on in the present.
    Over,
    /// Somebody has asked for a stop.
    Asked,
}

/// What was found, in the order of time, and the machine that has found it.
type Collected<F> = (Vec<(Position, F)>, Machine);

impl Engine {
    /// Stands before the op at a position that was seen before.
    pub(super) fn stand_at(&mut self, to: Position) -> Result<()> {
        if self.end.is_none() && self.live_at == Some(to) {
            (self.past, self.at) = (None, self.live_at.unwrap_or(to));
            return Ok(());
        }
        if self.at == to && self.past.as_mut().and_then(Machine::position) == Some(to) {
            return Ok(());
        }
        let mut past = self.past_at(to.fuel.checked_sub(1))?;
        if past.position() != Some(to) {
            // Somebody who has typed a position does not name the function.
            let funcs = (to.func != u32::MAX).then(|| vec![to.func]);
            let rule = Rule::of(funcs, move |op| op.at == to.granule);
            let arrival = self.follow(&mut past, to.fuel, vec![rule], || {
                Box::new(move |at| Position::of(at) >= to)
            })?;
            match arrival {
                Arrival::Hit if past.position() == Some(to) => {}
                Arrival::Asked => bail!("it was interrupted"),
                _ => bail!("the run has no position {to}"),
            }
        }
        self.at = past.position().unwrap_or(to);
        self.past = Some(past);
        Ok(())
    }

    /// A past that has all positions before it with more than `fuel` units of fuel, or all.
    pub(super) fn past_at(&mut self, fuel: Option<u64>) -> Result<Machine> {
        self.live.flush_log()?;
        let Some(fuel) = fuel.filter(|fuel| *fuel >= self.first.fuel) else {
            self.past = None;
            let machine = self.origin.again(None)?;
            self.interrupter.watch(machine.store.interrupt_handle());
            return Ok(machine);
        };
        let fuel = fuel.min(self.origin.most.0);
        let snapshot = self.history.before(fuel.saturating_add(1));
        let nearest = snapshot.map_or(0, |snapshot| snapshot.fuel);
        let mut machine = match self.past.take() {
            // It is on the way already.
            Some(past) if past.call.is_some() && (nearest..=fuel).contains(&past.consumed()) => {
                past
            }
            _ => self.origin.again(snapshot)?,
        };
        self.interrupter.watch(machine.store.interrupt_handle());
        let began = Instant::now();
        while machine.consumed() < fuel {
            let left = fuel - machine.consumed();
            // The next way here shall be short.
            let next = match left > NEAR && self.history.refused.is_none() {
                true => fuel - left / 4,
                false => fuel,
            };
            match self.follow(&mut machine, next, Vec::new(), || Box::new(|_| false))? {
                Arrival::Limit if next < fuel => {
                    if began.elapsed() > NOTICEABLE || self.is_slow() {
                        self.history.take(&mut machine);
                    }
                }
                Arrival::Limit => break,
                Arrival::Asked => bail!("it was interrupted"),
                // Its last units are paid at once by an op, or it ends before.
                Arrival::Over | Arrival::Hit => break,
            }
        }
        Ok(machine)
    }

    /// Whether a snapshot is far away from the next one.
    fn is_slow(&self) -> bool {
        self.slice > LOOK
    }

    /// Lets a past run until it has consumed `limit` units of fuel, or its hunter stops it.
    pub(super) fn follow(
        &mut self,
        machine: &mut Machine,
        limit: u64,
        rules: Vec<Rule>,
        hunter: impl FnOnce() -> Hunter,
    ) -> Result<Arrival> {
        let limit = limit.min(self.origin.most.0);
        let began = machine.consumed();
        let mut hunter = Some(hunter());
        let mut rules = Some(rules);
        loop {
            if self.interrupter.is_asked() {
                return Ok(Arrival::Asked);
            }
            let next = limit.min(machine.consumed().saturating_add(LOOK));
            let halt = machine.go_on(next, rules.take(), hunter.take())?;
            match halt {
                Halt::Hit => return Ok(Arrival::Hit),
                Halt::Asked => return Ok(Arrival::Asked),
                Halt::Waits | Halt::Ended(_) => return Ok(Arrival::Over),
                Halt::Fuel if next == limit => {
                    return Ok(match limit == self.origin.most.0 {
                        true => Arrival::Over,
                        false => Arrival::Limit,
                    });
                }
                Halt::Fuel => {
                    if let Some(told) = &mut self.progress
                        && limit < u64::MAX >> 1
                    {
                        // For people, so the precision of `f64` is enough.
                        told((next - began) as f64 / (limit - began) as f64);
                    }
                }
            }
        }
    }

    /// Collects what `see` finds at positions before `to` that have more than `from` units of fuel. `machine` is returned, too, for a look at
    /// its end.
    pub(super) fn collect<F: Send + 'static>(
        &mut self,
        from: Option<u64>,
        to: Position,
        mut rules: Vec<Rule>,
        most: usize,
        mut see: impl FnMut(&mut Probed<'_, Guest>, Position) -> Option<F> + Send + Sync + 'static,
    ) -> Result<Option<Collected<F>>> {
        let mut machine = self.past_at(from)?;
        if to.frame != usize::MAX {
            rules.push(Rule::of(Some(vec![to.func]), move |op| op.at == to.granule));
        }
        let found = Arc::new(Mutex::new(std::collections::VecDeque::new()));
        let finds = found.clone();
        let limit = match to.frame {
            usize::MAX => to.fuel.saturating_sub(1),
            _ => to.fuel,
        };
        let hunter: Hunter = Box::new(move |at| {
            let position = Position::of(at);
            if position >= to {
                return true;
            }
            if let Some(what) = see(at, position) {
                let mut finds = finds.lock().unwrap_or_else(PoisonError::into_inner);
                if finds.len() == most {
                    finds.pop_front();
                }
                finds.push_back((position, what));
            }
            false
        });
        let arrival = self.follow(&mut machine, limit, rules, || hunter)?;
        if let Arrival::Asked = arrival {
            return Ok(None);
        }
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some((found.drain(..).collect(), machine)))
    }

    /// Stands before the op with which the run has ended, or that waits. The reason is `stop`.
    pub(super) fn stand_at_end(&mut self, stop: Stop) -> Result<Stop> {
        self.past = None;
        let consumed = self.live.consumed();
        let mut width = 2;
        loop {
            let from = consumed.checked_sub(width);
            let end = Position::behind(u64::MAX - 1);
            let found = self.collect(from, end, vec![Rule::all(None)], 1, |_, _| Some(()))?;
            if let Some((last, _)) = found.as_ref().and_then(|(found, _)| found.last()) {
                let last = *last;
                self.stand_at(last)?;
                return Ok(stop);
            }
            if found.is_none() || from.is_none() {
                bail!("the program has ended before its first op");
            }
            width = width.saturating_mul(64);
        }
    }
}
