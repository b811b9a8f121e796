//! The signal that freezes a program.

use std::thread;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGUSR1, SIGUSR2};
use signal_hook::iterator::Signals;

use super::Switch;
use crate::args::FreezeSignal;

/// Suspends the program whenever the signal arrives.
///
/// # Errors
/// The errors of the system.
pub(super) fn expect(signal: FreezeSignal, switch: Switch) -> Result<()> {
    let number = match signal {
        FreezeSignal::Usr1 => SIGUSR1,
        FreezeSignal::Usr2 => SIGUSR2,
    };
    let mut signals = Signals::new([number]).context("cannot receive the signal")?;
    thread::spawn(move || {
        for _ in signals.forever() {
            switch.on();
        }
    });
    Ok(())
}
