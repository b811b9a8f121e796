//! The choice: one step after the other, each with the largest gain for each superinstruction that it adds.
//!
//! A list saves a share of each program's dispatches. Its value is the sum of the square roots of these shares. So no program counts
//! more because it runs longer, and the same loss counts more in a program of which little is saved.
//!
//! [`List::joins`] repeats the rule by which code is encoded (`interp/src/lower/encode.rs`): from the start of a chain, each op joins
//! the op or pair before it if the list has the two. Where an op joins, the next ones may meet other neighbours, so a member can
//! change how a whole chain is cut, and the gain counts all of that.
//!
//! A step adds a pair, or a triple whose pair is in the list, or what cuts the beginning of a frequent chain into triples: several
//! members that gain only together. Without the last kind, tight loops lose. In such a loop the most frequent pairs come first,
//! wherever they stand, and then no single member improves how the loop is cut.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use super::profiles::{Op, Ops, Profile};

/// The unit of shares: billionths of a program's dispatches. Whole numbers make the choice the same on every machine.
const WHOLE: u128 = 1_000_000_000;
/// The most ops of a superinstruction.
const LONGEST: usize = 3;
/// The least share of a program's dispatches that a frequent chain has.
const FREQUENT: i64 = WHOLE as i64 / 100;

/// A superinstruction that was chosen, and what it saves.
pub(super) struct Member {
    /// Two ops, or three.
    pub(super) ops: Vec<Op>,
    /// The share of the dispatches that it saves: the mean of all programs.
    pub(super) share: f64,
    /// The number of programs that gain.
    pub(super) programs: usize,
}

/// The superinstructions that were chosen so far, with their place in the order of the choice.
#[derive(Default)]
pub(super) struct List {
    places: HashMap<Vec<Op>, usize>,
}

impl List {
    /// Cuts a chain as encoding does, and returns the member of each op that joins the op or pair before it.
    fn joins(&self, chain: &[Op]) -> impl Iterator<Item = usize> {
        // The start of the current dispatch.
        let mut first = 0;
        (1..chain.len()).filter_map(move |at| {
            let joined = if at - first < LONGEST {
                self.places.get(&chain[first..=at]).copied()
            } else {
                None
            };
            if joined.is_none() {
                first = at;
            }
            joined
        })
    }
}

/// A chain, and for each program that runs it the share of its dispatches.
struct Weighed {
    ops: Vec<Op>,
    shares: Vec<(usize, i64)>,
}

/// All chains of some programs, and the pairs and triples in them.
pub(super) struct Chains {
    chains: Vec<Weighed>,
    /// The chains that contain each pair and triple.
    places: BTreeMap<Vec<Op>, Vec<usize>>,
    programs: usize,
}

impl Chains {
    /// The chains of these programs.
    pub(super) fn of<'p>(profiles: impl IntoIterator<Item = &'p Profile>) -> Chains {
        let mut merged = BTreeMap::<&[Op], Vec<(usize, i64)>>::new();
        let mut programs = 0;
        for profile in profiles {
            for (ops, count) in &profile.chains {
                let share = u128::from(*count) * WHOLE / u128::from(profile.dispatches.max(1));
                // A share of billionths fits.
                merged
                    .entry(ops)
                    .or_default()
                    .push((programs, share as i64));
            }
            programs += 1;
        }
        let chains: Vec<_> = merged
            .into_iter()
            .map(|(ops, shares)| Weighed {
                ops: ops.to_vec(),
                shares,
            })
            .collect();
        let mut places = BTreeMap::<Vec<Op>, Vec<usize>>::new();
        for (place, chain) in chains.iter().enumerate() {
            for part in chain.ops.windows(2).chain(chain.ops.windows(LONGEST)) {
                let places = places.entry(part.to_vec()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        Chains {
            chains,
            places,
            programs,
        }
    }

    /// Chooses up to `budget` superinstructions.
    pub(super) fn choose(&self, ops: &Ops, budget: usize) -> List {
        let mut choice = Choice {
            chains: self,
            ops,
            list: List::default(),
            joins: vec![0; self.chains.len()],
            saved: vec![0; self.programs],
            queue: BinaryHeap::new(),
            queued: HashMap::new(),
        };
        for pair in self.places.keys().filter(|part| part.len() == 2) {
            choice.propose(vec![pair.clone()]);
        }
        for chain in 0..self.chains.len() {
            choice.propose_beginnings(chain);
        }
        while choice.list.places.len() < budget
            && let Some((gain, Reverse(names), parts)) = choice.queue.pop()
        {
            if choice.missing(&parts).count() > budget - choice.list.places.len() {
                continue;
            }
            // Members chosen since then may have changed it. If it grew, it stands in the queue again.
            let now = choice.gain(&parts);
            if now < gain && choice.queue.peek().is_some_and(|(next, ..)| *next > now) {
                choice.queue.push((now, Reverse(names), parts));
            } else if now > 0 {
                choice.take(&parts);
            }
        }
        choice.list
    }

    /// The chains that contain any of these parts, in their order.
    fn with(&self, parts: &[&Vec<Op>]) -> Vec<usize> {
        let mut places: Vec<_> = parts
            .iter()
            .flat_map(|part| &self.places[*part])
            .copied()
            .collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Returns what each member of a list saves. Each saved dispatch is counted for the member that saves it.
    pub(super) fn members(&self, list: &List) -> Vec<Member> {
        let mut saved = vec![vec![0; self.programs]; list.places.len()];
        for chain in &self.chains {
            for member in list.joins(&chain.ops) {
                for &(program, share) in &chain.shares {
                    saved[member][program] += share;
                }
            }
        }
        let mut members: Vec<_> = list
            .places
            .iter()
            .map(|(ops, &place)| {
                let shares = &saved[place];
                let sum = shares.iter().sum::<i64>();
                (
                    place,
                    Member {
                        ops: ops.clone(),
                        share: sum as f64 / WHOLE as f64 / self.programs as f64,
                        programs: shares.iter().filter(|share| **share > 0).count(),
                    },
                )
            })
            .collect();
        members.sort_by_key(|(place, _)| *place);
        members.into_iter().map(|(_, member)| member).collect()
    }

    /// The share of the dispatches that a list saves: the mean of all programs.
    pub(super) fn saved(&self, list: &List) -> f64 {
        self.members(list).iter().map(|member| member.share).sum()
    }
}

/// A possible step: its gain, the names of its members, and the members.
type Possible = (i64, Reverse<Vec<String>>, Vec<Vec<Op>>);

/// The state of a choice.
struct Choice<'a> {
    chains: &'a Chains,
    ops: &'a Ops,
    list: List,
    /// How many dispatches the list saves in each chain.
    joins: Vec<i64>,
    /// The share of the dispatches that it saves in each program.
    saved: Vec<i64>,
    /// Possible steps with their gains, the largest first. Of equal gains, the first in the order of names is chosen.
    queue: BinaryHeap<Possible>,
    /// The last gain of each step of several members. A step that gains more than before is put into the queue again.
    queued: HashMap<Vec<Vec<Op>>, i64>,
}

impl Choice<'_> {
    /// Those of `parts` that are not in the list.
    fn missing<'p>(&self, parts: &'p [Vec<Op>]) -> impl Iterator<Item = &'p Vec<Op>> {
        parts
            .iter()
            .filter(|part| !self.list.places.contains_key(*part))
    }

    /// The gain if `parts` were members, too, for each of them that is new.
    fn gain(&mut self, parts: &[Vec<Op>]) -> i64 {
        let missing: Vec<_> = self.missing(parts).collect();
        for part in &missing {
            self.list.places.insert((*part).clone(), usize::MAX);
        }
        let mut saved = self.saved.clone();
        for place in self.chains.with(&missing) {
            let chain = &self.chains.chains[place];
            let change = self.list.joins(&chain.ops).count() as i64 - self.joins[place];
            for (program, share) in &chain.shares {
                saved[*program] += change * share;
            }
        }
        for part in &missing {
            self.list.places.remove(*part);
        }
        (value(&saved) - value(&self.saved)) / missing.len().max(1) as i64
    }

    /// Adds `parts` to the list, and puts the steps into the queue that became possible or better.
    fn take(&mut self, parts: &[Vec<Op>]) {
        let missing: Vec<_> = self.missing(parts).collect();
        for part in &missing {
            let place = self.list.places.len();
            self.list.places.insert((*part).clone(), place);
        }
        let changed = self.chains.with(&missing);
        for &place in &changed {
            let chain = &self.chains.chains[place];
            let joins = self.list.joins(&chain.ops).count() as i64;
            for (program, share) in &chain.shares {
                self.saved[*program] += (joins - self.joins[place]) * share;
            }
            self.joins[place] = joins;
        }
        let chains = self.chains;
        for pair in missing.iter().filter(|part| part.len() < LONGEST) {
            let longer = chains.places.range((*pair).clone()..).skip(1);
            for (triple, _) in longer.take_while(|(triple, _)| triple.starts_with(pair)) {
                self.propose(vec![triple.clone()]);
            }
        }
        for place in changed {
            self.propose_beginnings(place);
        }
    }

    /// Puts a step into the queue if it may be chosen.
    fn propose(&mut self, parts: Vec<Vec<Op>>) {
        if !parts.iter().all(|part| fits_registers(part, self.ops)) {
            return;
        }
        let gain = self.gain(&parts);
        if parts.len() > 1 {
            let before = self.queued.insert(parts.clone(), gain);
            if gain <= before.unwrap_or(0) {
                return;
            }
        }
        let names = parts.iter().flatten();
        let names = names.map(|op| self.ops.name(*op).to_owned()).collect();
        self.queue.push((gain, Reverse(names), parts));
    }

    /// Proposes what cuts a frequent chain into triples, to its end and to the end of each triple.
    fn propose_beginnings(&mut self, place: usize) {
        let chain = &self.chains.chains[place];
        let ops = chain.ops.len() as i64;
        if !chain
            .shares
            .iter()
            .any(|(_, share)| share * ops >= FREQUENT)
        {
            return;
        }
        let mut parts = BTreeSet::new();
        for cut in chain.ops.chunks(LONGEST).filter(|cut| cut.len() > 1) {
            parts.extend((2..=cut.len()).map(|len| cut[..len].to_vec()));
            self.propose(parts.iter().cloned().collect());
        }
    }
}

/// The value of shares that are saved.
fn value(saved: &[i64]) -> i64 {
    // A member can make a program slower, so a share may be negative.
    let root = |share: &i64| (share.abs() * WHOLE as i64).isqrt() * share.signum();
    saved.iter().map(root).sum()
}

/// Whether the registers of x86-64 suffice for a superinstruction: not for two ops that copy from memory to memory.
fn fits_registers(part: &[Op], ops: &Ops) -> bool {
    let copies = |op: &&Op| ops.name(**op).starts_with("MemoryMove<");
    part.iter().filter(copies).count() < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The choice from chains of ops that are called by letters, with their counts of a thousand dispatches: one program each.
    fn chosen(programs: &[&[(&str, u64)]], budget: usize) -> Vec<(String, f64, usize)> {
        let mut ops = Ops::default();
        let mut profiles = Vec::new();
        for chains in programs {
            let chain = |&(letters, count): &(&str, u64)| {
                let chain = letters
                    .chars()
                    .map(|letter| ops.number(&letter.to_string()));
                (chain.collect(), count)
            };
            profiles.push(Profile {
                program: String::new(),
                dispatches: 1000,
                chains: chains.iter().map(chain).collect(),
            });
        }
        let chains = Chains::of(&profiles);
        let members = chains.members(&chains.choose(&ops, budget));
        let letters = |member: &Member| member.ops.iter().map(|op| ops.name(*op)).collect();
        members
            .iter()
            .map(|member| (letters(member), member.share, member.programs))
            .collect()
    }

    #[test]
    fn a_saved_dispatch_counts_once() {
        // The code is `a b c`, a hundred times. With `ab`, `bc` saves nothing, but the triple does.
        let code: &[_] = &[("abc", 100), ("x", 700)];
        let expected = [("ab".to_owned(), 0.1, 1), ("abc".to_owned(), 0.1, 1)];
        assert_eq!(chosen(&[code], 5), expected);
        assert_eq!(chosen(&[code], 1), expected[..1]);
    }

    #[test]
    fn what_many_programs_run_comes_before_what_one_runs() {
        let rare: &[_] = &[("ab", 20)];
        let alone: &[_] = &[("cd", 100)];
        let chosen = chosen(&[rare, rare, rare, alone], 2);
        assert_eq!(chosen[0], ("ab".to_owned(), 0.015, 3));
        assert_eq!(chosen[1], ("cd".to_owned(), 0.025, 1));
    }

    #[test]
    fn what_gains_only_together_is_chosen_together() {
        // After `ab` the code is `x ab ab ab`. Neither `xa` nor `aba` saves anything; `xa` with `xab` makes it `xab ab ab`.
        let code: &[_] = &[("xababab", 100), ("y", 300)];
        let expected = [
            ("ab".to_owned(), 0.2, 1),
            ("xa".to_owned(), 0.1, 1),
            ("xab".to_owned(), 0.1, 1),
        ];
        assert_eq!(chosen(&[code], 9), expected);
        assert_eq!(chosen(&[code], 2), [("ab".to_owned(), 0.3, 1)]);
    }

    #[test]
    fn two_copies_in_memory_are_no_superinstruction() {
        let mut ops = Ops::default();
        let copy = ops.number("MemoryMove<u64, Sum>");
        let load = ops.number("LoadTwo<u64>");
        assert!(fits_registers(&[load, copy, load], &ops));
        assert!(!fits_registers(&[copy, load, copy], &ops));
    }
}
