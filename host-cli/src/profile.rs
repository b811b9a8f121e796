//! `--profile-ops`: counts of ops and of their successors. Only in a build with the feature `observe`.

use interp::inspect::profile::{self, Profile};

use crate::exit;

/// Counts the ops that `run` executes, and prints the counts to standard error afterwards.
pub(crate) fn around<T>(wanted: bool, run: impl FnOnce() -> T) -> T {
    if !wanted {
        return run();
    }
    profile::start();
    let outcome = run();
    exit::tell(Profile::take());
    outcome
}
