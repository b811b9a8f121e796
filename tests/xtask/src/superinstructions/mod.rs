//! `cargo xtask superinstructions`: chooses the superinstructions.
//!
//! The choice is a function of the files in `bench/profiles` and of a budget, so it can be repeated. The step of the same
//! name compares its result with the files in the repository.
//!
//! Reading order: [`profiles`] (the counts), [`choose`] (the rule), [`hold_out`] (the effect of the choice on programs that
//! it has not seen), [`alias`] and [`text`] (the files that are written), [`count`] (how profiles are made).

mod alias;
mod choose;
mod count;
mod hold_out;
mod profiles;
mod text;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use choose::Chains;
use clap::Args;
use profiles::Ops;

use crate::layout::Layout;
use crate::tally::Tally;

/// The profiles, one file for each program.
const PROFILES: &str = "bench/profiles";
/// Profiles of the held-back programs, below the target directory: nothing is chosen from them.
const HELD_BACK: &str = "bench/held-back-profiles";
/// The files that are written.
const FOLDER: &str = "interp/src/ops/superinstruction";

/// The number of superinstructions. More of them make kernels larger.
const BUDGET: usize = 1525;

/// Options of `cargo xtask superinstructions`.
#[derive(Args)]
pub(crate) struct Options {
    /// How many superinstructions to choose.
    #[arg(long, value_name = "N", default_value_t = BUDGET)]
    budget: usize,
    /// Write nothing. Choose without these programs, and print what the choice saves in them: names separated by commas, `quarters`
    /// (each quarter of the programs in turn) or `held-back` (the programs of bench/held-back, which `--count` counts, too).
    #[arg(long, value_name = "SET")]
    hold_out: Option<String>,
    /// First count the ops of the benchmark's programs again.
    #[arg(long)]
    count: bool,
}

/// Chooses superinstructions and writes the files.
pub(crate) fn run(layout: &Layout, options: &Options) -> Result<()> {
    if options.count {
        count::renew(layout)?;
    }
    if let Some(set) = &options.hold_out {
        return hold_out::print(layout, set, options.budget);
    }
    for (path, text) in files(layout, options.budget)? {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        println!("written: {}", path.display());
    }
    Ok(())
}

/// The step of `cargo xtask test`: compares the files with the result of the profiles.
pub(crate) fn check(layout: &Layout) -> Result<Tally> {
    let mut tally = Tally::default();
    for (path, text) in files(layout, BUDGET)? {
        let kept =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if kept == text {
            tally.passed += 1;
        } else {
            tally.failed.push(format!(
                "{} is not what bench/profiles give; `cargo xtask superinstructions` writes it anew",
                path.display()
            ));
        }
    }
    Ok(tally)
}

/// The files with their texts.
fn files(layout: &Layout, budget: usize) -> Result<[(PathBuf, String); 2]> {
    let mut ops = Ops::default();
    let profiles = profiles::read(&layout.root.join(PROFILES), &mut ops)?;
    let chains = Chains::of(&profiles);
    let members = chains.members(&chains.choose(&ops, budget));
    let folder = layout.root.join(FOLDER);
    Ok([
        (
            folder.join("chosen.rs"),
            text::list(&members, profiles.len(), &ops)?,
        ),
        (folder.join("aliases.rs"), text::aliases(&members, &ops)?),
    ])
}
