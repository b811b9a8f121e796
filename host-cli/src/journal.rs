//! `-v`: the `log` crate's messages on standard error.

use std::io::Write;

use env_logger::fmt::Formatter;
use log::{LevelFilter, Record};

/// Starts logging: warnings always, and with each `-v` a level more. Without a variable to set, so that a run depends on its command
/// line alone.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => LevelFilter::Warn,
        1 => LevelFilter::Info,
        2 => LevelFilter::Debug,
        _ => LevelFilter::Trace,
    };
    let format = move |out: &mut Formatter, record: &Record<'_>| {
        let level = record.level().as_str().to_ascii_lowercase();
        match record.module_path().filter(|_| verbose > 1) {
            Some(module) => writeln!(out, "wasi-interp: {level}: {module}: {}", record.args()),
            None => writeln!(out, "wasi-interp: {level}: {}", record.args()),
        }
    };
    env_logger::Builder::new()
        .filter_level(level)
        .format(format)
        .init();
}
