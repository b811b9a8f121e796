//! `-v`: prints the messages of the `log` crate to standard error.

use std::io::Write;

use env_logger::fmt::Formatter;
use log::{LevelFilter, Record};

/// Starts logging. Warnings are always printed, and each `-v` adds a level. There is no environment variable, so a run
/// depends on its command line only.
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
