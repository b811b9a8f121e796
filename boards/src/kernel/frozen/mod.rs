//! Frozen programs: a state on the volume continues, and Ctrl-\ writes one.
//!
//! A state is the program itself, as a desktop has frozen it, or the file [`HIBERNATED`](board_settings::HIBERNATED) beside the program.
//! This kernel writes the latter when the program hibernates, and removes it when the program has ended. Until then it stays, so that
//! a power cut after the start loses nothing.
//!
//! `state` finds and reads states, `run` runs programs that can be frozen. A kernel without the feature has `refused` instead of both.

#[cfg(not(feature = "hibernate"))]
mod refused;
#[cfg(feature = "hibernate")]
mod run;
#[cfg(feature = "hibernate")]
mod state;

#[cfg(not(feature = "hibernate"))]
pub(super) use refused::{Frozen, check, run};
#[cfg(feature = "hibernate")]
pub(super) use {run::run, state::Frozen};
