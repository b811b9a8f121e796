//! `-v`: the `log` crate's messages on standard error.

use log::LevelFilter;

/// Starts logging: warnings always, and with each `-v` a level more. Without a variable to set, so that a run depends on its command
/// line alone.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => LevelFilter::Warn,
        1 => LevelFilter::Info,
        2 => LevelFilter::Debug,
        _ => LevelFilter::Trace,
    };
    env_logger::Builder::new()
        .filter_level(level)
        .format_target(verbose > 1)
        .init();
}
