//! Tests how well a choice works for programs that it has not seen: the share of their dispatches that it saves.

use anyhow::{Result, bail};

use super::choose::Chains;
use super::profiles::{self, Ops, Profile};
use super::{HELD_BACK, PROFILES};
use crate::layout::Layout;

/// The name of the programs of `bench/held-back` as a set.
const HELD_BACK_SET: &str = "held-back";
/// The number of parts that `quarters` divides the programs into.
const PARTS: usize = 4;

/// Chooses without a set of programs, and prints what the choice saves with and without them.
pub(super) fn print(layout: &Layout, set: &str, budget: usize) -> Result<()> {
    let mut ops = Ops::default();
    let profiles = profiles::read(&layout.root.join(PROFILES), &mut ops)?;
    let counted = layout.target.join(HELD_BACK);
    let held_back = match set {
        HELD_BACK_SET if !counted.exists() => {
            bail!("the held-back programs are not counted yet; --count does it")
        }
        HELD_BACK_SET => profiles::read(&counted, &mut ops)?,
        _ => Vec::new(),
    };
    let measure = |seen: &[&Profile], unseen: &[&Profile]| {
        let chains = Chains::of(seen.iter().copied());
        let list = chains.choose(&ops, budget);
        let (inside, outside) = (
            chains.saved(&list),
            Chains::of(unseen.iter().copied()).saved(&list),
        );
        println!(
            "chosen from {} programs: saves {:.1} % of their dispatches, and {:.1} % of those of {} other programs",
            seen.len(),
            100.0 * inside,
            100.0 * outside,
            unseen.len()
        );
        outside
    };
    match set {
        HELD_BACK_SET => {
            let all: Vec<_> = profiles.iter().collect();
            for language in ["go", "c"] {
                let of_language =
                    |profile: &&Profile| profile.program.split(' ').next() == Some(language);
                println!("{language}:");
                measure(
                    &all,
                    &held_back.iter().filter(of_language).collect::<Vec<_>>(),
                );
            }
        }
        "quarters" => {
            let mut sum = 0.0;
            for part in 0..PARTS {
                let (mut seen, mut unseen) = (Vec::new(), Vec::new());
                for (at, profile) in profiles.iter().enumerate() {
                    if at % PARTS == part {
                        &mut unseen
                    } else {
                        &mut seen
                    }
                    .push(profile);
                }
                sum += measure(&seen, &unseen);
            }
            println!("mean: {:.2} %", 100.0 * sum / PARTS as f64);
        }
        names => {
            let names: Vec<_> = names.split(',').collect();
            let (unseen, seen): (Vec<_>, Vec<_>) = profiles
                .iter()
                .partition(|profile| names.contains(&profile.program.as_str()));
            if unseen.len() != names.len() {
                bail!(
                    "not all of {names:?} are programs of {PROFILES}: the names are `go json`, `c lua` …"
                );
            }
            measure(&seen, &unseen);
        }
    }
    Ok(())
}
