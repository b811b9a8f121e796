//! Counts executed ops. Fusions and superinstructions are chosen from these counts.
//!
//! [`start`] sets an observer, which counts how often execution went from one address to another. [`Profile::take`] turns the
//! addresses into ops: how often each ran, which ran next, and the [`Chain`]s in which they ran.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::slice;

use hashbrown::HashMap;
use spin::Mutex;

use super::decode::{Decoded, decode, title};
use crate::dispatch::{self, Field, OpNumber, number};
use crate::ops::{self, FAMILIES, def, ends_block, superinstruction};

/// The ops that ran, and how often each followed which.
#[derive(Default)]
struct Counter {
    /// The address of the op that ran last, whatever the thread: programs are profiled one at a time.
    before: usize,
    /// Counts by the addresses of two ops that ran one after the other.
    steps: HashMap<(usize, usize), u64>,
    /// The ops by their addresses. Code never moves and is never freed while its store lives, so an address stands for one op.
    ops: BTreeMap<usize, Executed>,
    /// Addresses to which an op leads that is not the one in front, or to which a branch would lead if it were taken.
    targets: BTreeSet<usize>,
}

/// An op that ran.
struct Executed {
    number: OpNumber,
    /// The address behind it.
    end: usize,
}

static COUNTER: Mutex<Option<Counter>> = Mutex::new(None);

/// Starts counting.
pub fn start() {
    *COUNTER.lock() = Some(Counter::default());
    dispatch::observe(count);
}

fn count(ip: *const u16, _fp: *const u64, _acc: u64, _facc: f64) {
    if let Some(counter) = COUNTER.lock().as_mut() {
        // SAFETY: an op is about to run there (invariant 1 of the machine).
        unsafe { counter.step(ip) }
    }
}

/// Ops that always run one after the other, as many as there are: no branch leads to any but the first, and each op but the
/// last goes on to the next one. A superinstruction lies within one chain, and may begin at its first op.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chain {
    /// The numbers of the ops.
    pub ops: Vec<OpNumber>,
}

/// The counts.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The total of executed ops.
    pub total: u64,
    /// The count of each op, by number, most frequent first.
    pub ops: Vec<(OpNumber, u64)>,
    /// Pairs of an op and the next one, most frequent first.
    pub pairs: Vec<((OpNumber, OpNumber), u64)>,
    /// Chains, most frequent first. Superinstructions are in none.
    pub chains: Vec<(Chain, u64)>,
}

impl Profile {
    /// Returns the counts since [`start`].
    #[must_use]
    pub fn take() -> Self {
        let counter = COUNTER.lock().take().unwrap_or_default();
        let mut pairs = BTreeMap::<_, u64>::new();
        let mut runs = BTreeMap::<_, u64>::new();
        for ((before, at), &count) in &counter.steps {
            *runs.entry(*at).or_default() += count;
            if let Some(before) = counter.ops.get(before) {
                let pair = (before.number, counter.ops[at].number);
                *pairs.entry(pair).or_default() += count;
            }
        }
        let mut ops = BTreeMap::<_, u64>::new();
        let mut chains = BTreeMap::<_, u64>::new();
        for (at, count) in runs {
            *ops.entry(counter.ops[&at].number).or_default() += count;
            if let Some(chain) = counter.chain_from(at) {
                *chains.entry(chain).or_default() += count;
            }
        }
        Self {
            total: ops.values().sum(),
            ops: most_frequent_first(ops),
            pairs: most_frequent_first(pairs),
            chains: most_frequent_first(chains),
        }
    }

    /// The chains for tools: the number of executed ops, then a line for each chain with its count and the Rust types of
    /// its ops, separated by `; `.
    #[must_use]
    pub fn chains_text(&self) -> String {
        let mut text = alloc::format!("{}\n", self.total);
        for (chain, count) in &self.chains {
            let names: Vec<_> = chain.ops.iter().map(|&op| (def(op).type_name)()).collect();
            text += &alloc::format!("{count} {}\n", names.join("; "));
        }
        text
    }
}

fn most_frequent_first<K: Ord>(counts: BTreeMap<K, u64>) -> Vec<(K, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    // The sort is stable: what is equally frequent stays in order.
    counts.sort_by_key(|&(_, count)| u64::MAX - count);
    counts
}

/// The granules of the op at `ip`, with those of its labels, and of a superinstruction those of all its ops.
///
/// # Safety
/// An op stands at `ip`.
unsafe fn granules<'a>(ip: *const u16) -> &'a [u16] {
    let mut len = 1;
    // SAFETY: promised by the caller: all granules of the op can be read.
    unsafe {
        for op in superinstruction::ops_of(number(ip.read())) {
            for field in def(op).fields {
                len += match field.granules_each() {
                    // The granules in front of a list hold its length, which does not count the default.
                    Some(1) => usize::from(ip.add(len - 1).read()) + 1,
                    Some(each) => {
                        let labels = ip.add(len - 2).cast::<u32>().read_unaligned();
                        each * (labels as usize + 1)
                    }
                    None => field.granules(),
                };
            }
        }
        slice::from_raw_parts(ip, len)
    }
}

impl Counter {
    /// Counts the op at `ip`, which is about to run.
    ///
    /// # Safety
    /// An op stands at `ip`.
    unsafe fn step(&mut self, ip: *const u16) {
        let at = ip.addr();
        let before = core::mem::replace(&mut self.before, at);
        let count = self.steps.entry((before, at)).or_default();
        *count += 1;
        if *count == 1 {
            self.ops.entry(at).or_insert_with(|| {
                // SAFETY: promised by the caller.
                let granules = unsafe { granules(ip) };
                let decoded = decode(granules).unwrap_or_default();
                // A distance counts granules, and may be negative.
                let targets = decoded.iter().flat_map(Decoded::targets);
                self.targets
                    .extend(targets.map(|target| at.wrapping_add_signed(2 * target as isize)));
                Executed {
                    number: number(granules[0]),
                    end: at + size_of_val(granules),
                }
            });
            if self.ops.get(&before).is_none_or(|before| before.end != at) {
                self.targets.insert(at);
            }
        }
    }

    /// The chain that begins at `at`; none if the op there belongs to the chain of the op in front, or cannot be part of a
    /// superinstruction.
    fn chain_from(&self, at: usize) -> Option<Chain> {
        let mut op = self.ops.get(&at)?;
        let front = self.ops.range(..at).next_back();
        let is_behind = |front: &Executed, at: usize| {
            front.end == at && can_go_on(front.number) && !self.targets.contains(&at)
        };
        if !can_be_last(op.number) || front.is_some_and(|(_, front)| is_behind(front, at)) {
            return None;
        }
        let mut chain = alloc::vec![op.number];
        while let Some(next) = self.ops.get(&op.end)
            && is_behind(op, op.end)
            && can_be_last(next.number)
        {
            op = next;
            chain.push(op.number);
        }
        Some(Chain { ops: chain })
    }
}

/// Whether a superinstruction may end with this op: it has no more than one short branch, calls nothing, and asks the runtime for
/// nothing.
fn can_be_last(op: OpNumber) -> bool {
    if op.index() >= ops::COUNT {
        return false;
    }
    let def = def(op);
    let long = [Field::Label32, Field::Labels16, Field::Labels32];
    let family = family(op);
    !def.fields.iter().any(|field| long.contains(field))
        && (def.name.ends_with("return")
            || !matches!(
                family,
                "Calls and returns"
                    | "Memories, tables and references"
                    | "Go's calls"
                    | "Functions of Go's runtime"
            ))
}

/// Whether another op may follow this one in a superinstruction: it always goes on to the next op.
fn can_go_on(op: OpNumber) -> bool {
    can_be_last(op)
        && !ends_block(op)
        && !def(op)
            .fields
            .iter()
            .any(|field| matches!(field, Field::Label16 | Field::Sp))
}

/// The name of the family of an op.
fn family(op: OpNumber) -> &'static str {
    let mut first = 0;
    for family in FAMILIES {
        first += family.defs.len();
        if op.index() < first {
            return family.name;
        }
    }
    ""
}

/// The number of lines of each table.
const SHOWN: usize = 60;

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The shares are for people, so the precision of `f64` is enough.
        let share = |count: u64| count as f64 * 100.0 / self.total.max(1) as f64;
        writeln!(
            f,
            "{} ops executed, of {} kinds",
            self.total,
            self.ops.len()
        )?;
        for &(op, count) in self.ops.iter().take(SHOWN) {
            writeln!(f, "{count:>14} {:5.2} %  {}", share(count), title(op))?;
        }
        writeln!(f, "one after the other:")?;
        for &((before, op), count) in self.pairs.iter().take(SHOWN) {
            writeln!(
                f,
                "{count:>14} {:5.2} %  {}; {}",
                share(count),
                title(before),
                title(op)
            )?;
        }
        Ok(())
    }
}
