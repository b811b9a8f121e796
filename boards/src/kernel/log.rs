//! The `log` crate's messages on the console.

use log::{LevelFilter, Log, Metadata, Record};

use super::console;

struct Console;

impl Log for Console {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        console::print(format_args!(
            "kernel: {}: {}\n",
            record.level(),
            record.args()
        ));
    }

    fn flush(&self) {}
}

/// Shows messages of this level and above.
pub(super) fn init(level: LevelFilter) {
    // It fails only if there is a logger already, which is this one.
    let _ = log::set_logger(&Console);
    log::set_max_level(level);
}
