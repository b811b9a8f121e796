//! `--profile-ops`: counts of ops and of their successors. Only in a build with the feature `observe`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use interp::inspect::profile::{self, Profile};

use crate::exit::{self, Outcome};

/// Counts the ops that `run` executes, prints them to standard error when it is over if `printed`, and writes their chains to
/// the file `chains`.
pub(crate) fn around(
    printed: bool,
    chains: Option<&Path>,
    run: impl FnOnce() -> Result<Outcome>,
) -> Result<Outcome> {
    if !printed && chains.is_none() {
        return run();
    }
    profile::start();
    let outcome = run();
    let profile = Profile::take();
    if printed {
        exit::tell(&profile);
    }
    if let Some(path) = chains {
        fs::write(path, profile.chains_text())
            .with_context(|| format!("cannot write the chains to {}", path.display()))?;
    }
    outcome
}
