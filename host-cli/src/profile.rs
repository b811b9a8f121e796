//! `--profile-ops`: which ops ran, and which after which. Only in a build with feature `observe`.

use interp::inspect::profile::{self, Profile};

use crate::exit;

/// Counts the ops that `run` executes, and prints them to standard error when it is over.
pub(crate) fn around<T>(wanted: bool, run: impl FnOnce() -> T) -> T {
    if !wanted {
        return run();
    }
    profile::start();
    let outcome = run();
    exit::tell(Profile::take());
    outcome
}
