//! What is known about the functions of a program beyond its name section: Go's own tables, or DWARF.

use interp::{FrameSymbol, Instance, Store, WasmBacktrace};

#[cfg(feature = "dwarf")]
use crate::dwarf::Dwarf;
use crate::go::Program;

/// The symbols of a program.
pub(crate) enum Symbols<'a> {
    /// Go's linker has built it.
    Go(Box<Program<'a>>),
    /// Its custom sections have DWARF.
    #[cfg(feature = "dwarf")]
    Dwarf(Dwarf),
}

impl<'a> Symbols<'a> {
    /// Finds the symbols of a program in a store. `now` is the time of its monotonic clock, if it is known.
    pub(crate) fn find<T>(
        store: &'a Store<T>,
        instance: Instance,
        now: Option<u64>,
    ) -> Option<Self> {
        let go = Program::find(store, instance, now).map(|program| Self::Go(Box::new(program)));
        #[cfg(feature = "dwarf")]
        let go = go.or_else(|| Dwarf::find(instance.module(store)).map(Self::Dwarf));
        go
    }

    /// The program, if Go has built it.
    pub(crate) fn go(&self) -> Option<&Program<'a>> {
        match self {
            Self::Go(program) => Some(program),
            #[cfg(feature = "dwarf")]
            Self::Dwarf(_) => None,
        }
    }

    /// The name of a frame's function.
    pub(crate) fn name<'b>(&'b self, frame: &'b FrameSymbol) -> Option<&'b str> {
        match self {
            Self::Go(program) => program.name(frame),
            #[cfg(feature = "dwarf")]
            Self::Dwarf(_) => frame.func_name(),
        }
    }

    /// Formats a backtrace with names and lines.
    pub(crate) fn backtrace(&self, backtrace: &WasmBacktrace) -> String {
        match self {
            Self::Go(program) => program.backtrace(backtrace),
            #[cfg(feature = "dwarf")]
            Self::Dwarf(dwarf) => dwarf.backtrace(backtrace),
        }
    }
}

/// Formats the lines of a backtrace. `told` returns those of the frame with a number: its inlined calls, innermost first, and itself.
pub(crate) fn formatted(
    header: &str,
    backtrace: &WasmBacktrace,
    mut told: impl FnMut(usize, &FrameSymbol) -> Vec<String>,
) -> String {
    let mut text = header.to_owned();
    for (number, frame) in backtrace.frames().iter().enumerate() {
        let offset = frame
            .module_offset()
            .map_or("?".to_owned(), |offset| format!("{offset:#x}"));
        let told = told(number, frame).join("\n                - ");
        text.push_str(&format!("\n  {number:3}: {offset:>8} - {told}"));
    }
    if !backtrace.is_complete() {
        text.push_str("\n  … and more");
    }
    text
}
