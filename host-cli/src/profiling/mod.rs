//! `--profile`: where a program spends its work.
//!
//! The interpreter passes on the functions that run, every so many units of fuel, and a hook sees each call of WASI. [`Samples`] adds them up by
//! stack. When the program has ended, `stacks.rs` finds names and lines, and `pprof.rs`, `flame.rs` and `firefox.rs` write the file.

mod firefox;
mod flame;
mod pprof;
mod stacks;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use interp::{CallHook, SampledFrame, Store};

use crate::args::{Profile, ProfileArgs, ProfileBy, ProfileFormat};
use crate::aside;
use stacks::Stacks;

/// Units of fuel from sample to sample at first. A short program has some hundred samples then.
const FIRST: u32 = 1 << 6;
/// The interval doubles after so many samples.
const DOUBLED_AFTER: u64 = 1 << 6;
/// The greatest interval: what a store grants.
const LAST: u32 = 1 << 16;

/// By time: units of fuel between two looks at the clock, and the least time between two samples.
const LOOK: u32 = 1 << 12;
const PERIOD: Duration = Duration::from_millis(1);

/// Changes of the stack that are kept in their order, for formats that show time.
const MOST_EVENTS: usize = 1 << 22;

/// The profile of a run.
pub(crate) struct Profiler {
    file: Profile,
    output: aside::Output,
    by: ProfileBy,
    samples: Arc<Mutex<Samples>>,
}

/// What was seen.
pub(crate) struct Samples {
    by: ProfileBy,
    /// The number of each stack.
    numbers: HashMap<Stack, u32>,
    /// What was counted for each stack.
    counts: Vec<Count>,
    /// The stacks in the order in which they were seen, each with what was counted.
    events: Vec<(u32, u64)>,
    /// The number of samples.
    taken: u64,
    start: Instant,
    /// When the last sample was taken, and the time in WASI calls since then.
    last: Instant,
    outside: Duration,
    /// The call of WASI that runs: its stack, and when it began.
    call: Option<(u32, Instant)>,
    frames: Vec<SampledFrame>,
}

/// The functions that run, innermost first.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Stack {
    /// The imported function that they call, by its index.
    pub(crate) import: Option<u32>,
    pub(crate) frames: Vec<SampledFrame>,
}

/// What was counted for a stack.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Count {
    /// Units of fuel, or nanoseconds.
    pub(crate) work: u64,
    /// Calls of WASI, and nanoseconds in them.
    pub(crate) calls: u64,
    pub(crate) nanoseconds: u64,
}

impl Profiler {
    /// Prepares the profile that the options ask for.
    ///
    /// # Errors
    /// The place of its file cannot be opened.
    pub(crate) fn start<T>(options: &ProfileArgs, store: &mut Store<T>) -> Result<Option<Self>> {
        let Some(file) = options.profile.clone() else {
            return Ok(None);
        };
        let output = aside::Output::prepare(&file.path, aside::Readers::All)
            .with_context(|| format!("cannot write the profile {}", file.path.display()))?;
        let now = Instant::now();
        let samples = Arc::new(Mutex::new(Samples {
            by: options.profile_by,
            numbers: HashMap::new(),
            counts: Vec::new(),
            events: Vec::new(),
            taken: 0,
            start: now,
            last: now,
            outside: Duration::ZERO,
            call: None,
            frames: Vec::new(),
        }));
        let shared = samples.clone();
        store.sample(move |frames, units| locked(&shared).sample(frames, units));
        let shared = samples.clone();
        store.call_hook(move |store, change| {
            let mut samples = locked(&shared);
            match change {
                CallHook::CallingHost => {
                    let mut frames = std::mem::take(&mut samples.frames);
                    store.frames(&mut frames);
                    samples.call(store.called_import(), &frames);
                    samples.frames = frames;
                }
                CallHook::ReturningFromHost => samples.end_call(),
                _ => {}
            }
            Ok(())
        });
        Ok(Some(Self {
            file,
            output,
            by: options.profile_by,
            samples,
        }))
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub(crate) fn finish<T>(&self, store: &Store<T>) -> Result<()> {
        let mut samples = locked(&self.samples);
        // A program that ends by a call does not return from it.
        samples.end_call();
        let stacks = Stacks::of(&samples, store);
        let Profile { path, format } = &self.file;
        let bytes = match format {
            ProfileFormat::Pprof => pprof::encode(&stacks, self.by)?,
            ProfileFormat::Folded => flame::folded(&stacks).into_bytes(),
            ProfileFormat::Flame => flame::graph(&stacks, self.by)?,
            ProfileFormat::Firefox => firefox::encode(&stacks, &samples, self.by)?,
        };
        self.output
            .replace(|file| std::io::Write::write_all(file, &bytes))
            .with_context(|| format!("cannot write the profile {}", path.display()))
    }
}

fn locked(samples: &Mutex<Samples>) -> MutexGuard<'_, Samples> {
    samples.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Samples {
    /// Notes a sample. Returns the units of fuel until the next one.
    fn sample(&mut self, frames: &[SampledFrame], units: u64) -> u32 {
        match self.by {
            ProfileBy::Fuel => {
                if units > 0 {
                    self.taken += 1;
                    let stack = self.number(None, frames);
                    self.count(stack, units);
                }
                let doublings = (self.taken / DOUBLED_AFTER).min(u64::from(LAST.ilog2()));
                FIRST.saturating_mul(1 << doublings).min(LAST)
            }
            ProfileBy::Time => {
                let now = Instant::now();
                let inside = (now - self.last).saturating_sub(self.outside);
                if inside >= PERIOD {
                    self.taken += 1;
                    let stack = self.number(None, frames);
                    self.count(stack, nanoseconds(inside));
                    (self.last, self.outside) = (now, Duration::ZERO);
                }
                LOOK
            }
        }
    }

    /// Notes that a call of the host begins.
    fn call(&mut self, import: Option<u32>, frames: &[SampledFrame]) {
        let stack = self.number(import, frames);
        self.call = Some((stack, Instant::now()));
    }

    /// Notes that it has ended.
    fn end_call(&mut self) {
        let Some((stack, begun)) = self.call.take() else {
            return;
        };
        let time = begun.elapsed();
        self.outside += time;
        let count = &mut self.counts[stack as usize];
        count.calls += 1;
        count.nanoseconds += nanoseconds(time);
        if self.by == ProfileBy::Time {
            self.count(stack, nanoseconds(time));
        }
    }

    fn count(&mut self, stack: u32, work: u64) {
        self.counts[stack as usize].work += work;
        if let Some((last, sum)) = self.events.last_mut()
            && *last == stack
        {
            *sum += work;
        } else if self.events.len() < MOST_EVENTS {
            self.events.push((stack, work));
        }
    }

    /// The number of a stack.
    fn number(&mut self, import: Option<u32>, frames: &[SampledFrame]) -> u32 {
        let stack = Stack {
            import,
            frames: frames.to_owned(),
        };
        let next = self.counts.len();
        // There is no memory for 2³² stacks.
        let number = *self.numbers.entry(stack).or_insert(next as u32);
        if number as usize == next {
            self.counts.push(Count::default());
        }
        number
    }
}

/// A duration of less than 500 years.
fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
