//! The choice: greedily, one pair or triple after the other.
//!
//! The next one is the one with the largest gain. In each program it would save a share of the dispatches; the gain is the sum of
//! the square roots of these shares. So no program counts more because it runs longer, and many programs that gain a little
//! count more than one that gains much, since that one is often alone with its inner loop. [`List::join`] repeats the rule by which
//! code is encoded (`interp/src/lower/encode.rs`): from the front, each op joins the op or pair before it if the list has the
//! two. So a dispatch is saved once, however many members of the list contain its op.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use super::profiles::{Op, Ops, Profile};

/// The unit of shares: billionths of a program's dispatches. Whole numbers make the choice the same on every machine.
const WHOLE: u128 = 1_000_000_000;

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
    /// Returns the member that joins the last op of a chain to the op or pair before it, if there is one.
    fn join(&self, chain: &[Op]) -> Option<usize> {
        let mut joined = None;
        // The start of the current dispatch.
        let mut first = 0;
        for at in 1..chain.len() {
            joined = self.places.get(&chain[first..=at]).copied();
            if joined.is_none() {
                first = at;
            }
        }
        joined
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
            for part in chain.ops.windows(2).chain(chain.ops.windows(3)) {
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
        let mut list = List::default();
        let mut joined = vec![false; self.chains.len()];
        // Of equal gains, the first in the order of names is chosen.
        let name = |part: &[Op]| {
            let names = part.iter().map(|op| ops.name(*op).to_owned());
            Reverse(names.collect::<Vec<_>>())
        };
        let mut queue = BinaryHeap::new();
        for part in self.places.keys().filter(|part| part.len() == 2) {
            let gain = self.gain(part, &mut list, &joined);
            queue.push((gain, name(part), part));
        }
        while let Some((_, names, part)) = queue.pop() {
            if list.places.len() == budget {
                break;
            }
            // Members chosen since then may save some of its dispatches.
            let gain = self.gain(part, &mut list, &joined);
            if gain <= 0 {
                continue;
            }
            if queue.peek().is_some_and(|(next, ..)| *next > gain) {
                queue.push((gain, names, part));
                continue;
            }
            list.places.insert(part.clone(), list.places.len());
            for &place in &self.places[part] {
                joined[place] = list.join(&self.chains[place].ops).is_some();
            }
            // A triple begins with a pair of the list.
            let begins = |(longer, _): &(&Vec<Op>, _)| longer.starts_with(part);
            for (longer, _) in self.places.range(part.clone()..).take_while(begins) {
                if longer.len() == 3 && part.len() == 2 {
                    let gain = self.gain(longer, &mut list, &joined);
                    queue.push((gain, name(longer), longer));
                }
            }
        }
        list
    }

    /// The gain if `part` were a member, too. A loss in a program counts as much as a gain.
    fn gain(&self, part: &Vec<Op>, list: &mut List, joined: &[bool]) -> i64 {
        list.places.insert(part.clone(), usize::MAX);
        let mut saved = vec![0; self.programs];
        for &place in &self.places[part] {
            let chain = &self.chains[place];
            let change = i64::from(list.join(&chain.ops).is_some()) - i64::from(joined[place]);
            for (program, share) in &chain.shares {
                saved[*program] += change * share;
            }
        }
        list.places.remove(part);
        let root = |saved: i64| saved.abs().isqrt() * saved.signum();
        saved.into_iter().map(root).sum()
    }

    /// Returns what each member of a list saves. Each saved dispatch is counted for the member that saves it.
    pub(super) fn members(&self, list: &List) -> Vec<Member> {
        let mut saved = vec![vec![0; self.programs]; list.places.len()];
        for chain in &self.chains {
            if let Some(member) = list.join(&chain.ops) {
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
        let code: &[_] = &[("a", 100), ("ab", 100), ("abc", 100), ("x", 700)];
        let expected = [("ab".to_owned(), 0.1, 1), ("abc".to_owned(), 0.1, 1)];
        assert_eq!(chosen(&[code], 5), expected);
        assert_eq!(chosen(&[code], 1), expected[..1]);
    }

    #[test]
    fn what_many_programs_run_comes_before_what_one_runs() {
        let rare: &[_] = &[("a", 20), ("ab", 20)];
        let alone: &[_] = &[("c", 100), ("cd", 100)];
        let chosen = chosen(&[rare, rare, rare, alone], 2);
        assert_eq!(chosen[0], ("ab".to_owned(), 0.015, 3));
        assert_eq!(chosen[1], ("cd".to_owned(), 0.025, 1));
    }
}
