//! Tracebacks in Go's own form: all goroutines, and the message for a stack overflow.

use std::collections::VecDeque;
use std::fmt::Write;
use std::slice;

use go_tables::{FIRST_FUNC, Func, Goroutine, State};
use interp::inspect::Spelled;
use interp::{FrameSymbol, WasmBacktrace};

use super::Program;
use super::backtrace::{at, own_lines};
use super::resume_points::Spot;
use super::stack::{Frame, Start, WORD};

/// The number of frames that Go prints at each end of a deep stack.
const INNER: usize = 50;
const OUTER: usize = 50;

/// The maximum number of goroutines that are shown.
const MOST_GOROUTINES: usize = 100;

/// Nanoseconds of a minute.
const MINUTE: u64 = 60_000_000_000;

impl Program<'_> {
    /// Formats the program's goroutines as Go does, the running one first. `backtrace` is that of the interpreter. Goroutines of Go's
    /// runtime are left out, as Go does, and so are all if their list cannot be found, with a word.
    pub(crate) fn goroutines(&self, backtrace: Option<&WasmBacktrace>) -> String {
        let goroutines = match &self.goroutines {
            Ok(goroutines) => goroutines,
            Err(missing) => return format!("goroutines are not shown: {missing}"),
        };
        let running = self.running;
        let is_running =
            |goroutine: &Goroutine| Some(goroutine.address) == running.map(|it| it.address);
        let others = goroutines.iter().filter(|goroutine| {
            let is_alive = !matches!(
                goroutine.state,
                State::Idle | State::Dead | State::DeadExtra
            );
            is_alive && !goroutine.is_system && !is_running(goroutine)
        });
        let mut told = Vec::new();
        let mut more = 0_usize;
        for goroutine in running.into_iter().chain(others) {
            if told.len() == MOST_GOROUTINES {
                more += 1;
                continue;
            }
            told.push(self.goroutine(&goroutine, backtrace));
        }
        if more > 0 {
            told.push(format!("… {more} more goroutines"));
        }
        told.join("\n\n")
    }

    /// Formats a goroutine.
    fn goroutine(&self, goroutine: &Goroutine, backtrace: Option<&WasmBacktrace>) -> String {
        let state = goroutine.reason.unwrap_or(goroutine.state.word());
        let mut text = format!("goroutine {} [{state}", goroutine.id);
        if goroutine.state == State::Leaked {
            text.push_str(" (leaked)");
        }
        if goroutine.is_scanned {
            text.push_str(" (scan)");
        }
        let minutes =
            (self.now.zip(goroutine.since)).map(|(now, since)| now.saturating_sub(since) / MINUTE);
        if let Some(minutes) = minutes.filter(|minutes| *minutes > 0) {
            let _ = write!(text, ", {minutes} minutes");
        }
        if goroutine.is_locked {
            text.push_str(", locked to thread");
        }
        text.push_str("]:");
        let before = text.len();
        let stack = self.stack_of(goroutine, backtrace);
        stack.tell(&mut text, self, is_shown);
        // Go, too, shows frames of its runtime if there are no others.
        if text.len() == before {
            stack.tell(&mut text, self, |_| true);
        }
        if text.len() == before {
            text.push_str("\n\tits stack cannot be read");
        }
        let (pc, creator) = goroutine.creator;
        if let Some(frame) = self.frame_of(pc).filter(|_| goroutine.id != 1)
            && let Some(func) = self.tables.func(frame.index)
            && let Some(name) = func.name().filter(|name| is_shown(name))
        {
            let _ = write!(text, "\ncreated by {}", Short(name));
            if creator != 0 {
                let _ = write!(text, " in goroutine {creator}");
            }
            // The statement's line is that of the function, not of what it has inlined.
            if let Some(place) = func.place(frame.resume) {
                let _ = write!(text, "\n\t{} +{:#x}", at(place), frame.resume);
            }
        }
        text
    }

    /// The ends of a goroutine's stack.
    fn stack_of(&self, goroutine: &Goroutine, backtrace: Option<&WasmBacktrace>) -> Ends {
        // The record of a goroutine that runs is out of date, unless it has called the scheduler.
        let is_live = self.g == Some(goroutine.address);
        if let Some(backtrace) = backtrace.filter(|_| is_live) {
            let frames = backtrace.frames();
            let Some((number, start)) = self.matched(frames) else {
                return Ends::default();
            };
            let mut ends = Ends::of(self.walk(start));
            ends.top = self.without_address(frames, number);
            return ends;
        }
        match self.frame_of(goroutine.pc) {
            Some(frame) if goroutine.sp != 0 => Ends::of(self.walk((frame, goroutine.sp))),
            _ => Ends::default(),
        }
    }

    /// The innermost frames of the interpreter, as many, with what is known about their places.
    fn without_address(&self, frames: &[FrameSymbol], number: usize) -> Vec<(u32, Option<Spot>)> {
        let spots = self.spots(frames);
        let frames = frames.iter().zip(spots).take(number);
        frames
            .filter_map(|(frame, spot)| Some((self.index(frame)?, spot)))
            .collect()
    }

    /// Formats the message that Go prints when a goroutine's stack reaches its limit, for an overflow of the interpreter's
    /// own stack. Returns `None` if the goroutine's stack cannot be read.
    pub(crate) fn stack_overflow(&self, backtrace: &WasmBacktrace, limit: u64) -> Option<String> {
        let sp = self.sp?;
        let above = sp.checked_add(WORD)?;
        let top = backtrace.frames().first().and_then(|frame| {
            let index = self.index(frame)?;
            match self.spots(slice::from_ref(frame)).pop()?? {
                Spot::Call(resume) => Some(Frame { index, resume }),
                Spot::Between(..) => None,
            }
        });
        // The return address of the call may already be on the stack, and the callee may have begun.
        let starts = [(self.frame_at(sp), above), (top, above), (top, sp)];
        let starts = starts
            .into_iter()
            .filter_map(|(start, sp)| Some((start?, sp)));
        // A walk from a wrong start finds no further return addresses.
        let depth = |start: &Start| self.walk(*start).take(4).count();
        let start = starts.max_by_key(depth)?;
        let mut text = format!(
            "runtime: goroutine stack exceeds {limit}-byte limit\nfatal error: stack overflow\n\n"
        );
        match self.running {
            Some(running) => {
                let _ = write!(text, "goroutine {} [running]:", running.id);
            }
            None => text.push_str("goroutine [running]:"),
        }
        Ends::of(self.walk(start)).tell(&mut text, self, |_| true);
        Some(text)
    }
}

/// The two ends of a deep stack.
#[derive(Default)]
struct Ends {
    /// Innermost functions without a return address, and what is known about their places.
    top: Vec<(u32, Option<Spot>)>,
    inner: Vec<Frame>,
    outer: VecDeque<Frame>,
    elided: usize,
}

impl Ends {
    fn of(frames: impl Iterator<Item = Frame>) -> Self {
        let mut ends = Self::default();
        for frame in frames {
            if ends.inner.len() < INNER {
                ends.inner.push(frame);
                continue;
            }
            if ends.outer.len() == OUTER {
                ends.outer.pop_front();
                ends.elided += 1;
            }
            ends.outer.push_back(frame);
        }
        ends
    }

    /// Formats the functions whose names are `shown` as Go does, with a line break before each.
    fn tell(&self, text: &mut String, program: &Program<'_>, shown: impl Fn(&str) -> bool + Copy) {
        for (index, spot) in &self.top {
            match (program.tables.func(*index), spot) {
                (_, Some(Spot::Call(resume))) => {
                    let (index, resume) = (*index, *resume);
                    tell_frame(text, program, Frame { index, resume }, shown);
                }
                (Some(func), spot) => tell_between(text, func, *spot, shown),
                (None, _) => {}
            }
        }
        for frame in &self.inner {
            tell_frame(text, program, *frame, shown);
        }
        if self.elided > 0 {
            let _ = write!(text, "\n...{} frames elided...", self.elided);
        }
        for frame in &self.outer {
            tell_frame(text, program, *frame, shown);
        }
    }
}

/// Formats a frame that makes a call: the calls that the compiler has inlined, and its function.
fn tell_frame(
    text: &mut String,
    program: &Program<'_>,
    Frame { index, resume }: Frame,
    shown: impl Fn(&str) -> bool,
) {
    let Some(func) = program.tables.func(index) else {
        let pc = u64::from(index + FIRST_FUNC) << 16 | u64::from(resume);
        let _ = write!(text, "\n?(...)\n\tpc={pc:#x}");
        return;
    };
    for call in func.calls(resume) {
        if !shown(call.name) {
            continue;
        }
        let _ = write!(text, "\n{}(...)\n\t", Short(call.name));
        match call.place {
            Some(place) => text.push_str(&at(place)),
            None => text.push('?'),
        }
        if !call.is_inlined {
            let _ = write!(text, " +{resume:#x}");
        }
    }
}

/// Formats a frame between calls.
fn tell_between(
    text: &mut String,
    func: Func<'_>,
    spot: Option<Spot>,
    shown: impl Fn(&str) -> bool,
) {
    let Some(name) = func.name().filter(|name| shown(name)) else {
        return;
    };
    let (low, high) = match spot {
        Some(Spot::Between(low, high)) => (low, high),
        _ => (0, 0),
    };
    let _ = write!(text, "\n{}(...)\n\t", Short(name));
    match own_lines(func, low, high) {
        Some(lines) => {
            let _ = write!(text, "{lines}");
        }
        None => text.push('?'),
    }
}

/// Whether Go shows a function by default: all but those of its runtime that are not exported.
fn is_shown(name: &str) -> bool {
    let Some(own) = name.strip_prefix("runtime.") else {
        return name.contains('.');
    };
    let (receiver, name) = own.rsplit_once('.').unwrap_or(("", own));
    let receiver = receiver
        .strip_prefix("(*")
        .and_then(|name| name.strip_suffix(')'))
        .unwrap_or(receiver);
    let is_exported = |name: &str| name.starts_with(|char: char| char.is_ascii_uppercase());
    is_exported(name) && (receiver.is_empty() || is_exported(receiver)) || own == "gopanic"
}

/// Formats a function's name as Go does, without type arguments.
struct Short<'a>(&'a str);

impl std::fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match self.0 {
            "runtime.gopanic" => "panic",
            name => name,
        };
        match (name.find('['), name.rfind(']')) {
            (Some(start), Some(end)) if start < end => {
                write!(
                    f,
                    "{}[...]{}",
                    Spelled(&name[..start]),
                    Spelled(&name[end + 1..])
                )
            }
            _ => write!(f, "{}", Spelled(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_as_go_does() {
        let short = |name| Short(name).to_string();
        assert_eq!(short("main.f"), "main.f");
        assert_eq!(short("main.f[go.shape.int].func1"), "main.f[...].func1");
        assert_eq!(short("runtime.gopanic"), "panic");
        assert_eq!(short("main.\u{1b}]"), "main.\\u{1b}]");
        for name in [
            "main.f",
            "runtime.GC",
            "runtime.(*Func).Entry",
            "runtime.gopanic",
        ] {
            assert!(is_shown(name), "{name}");
        }
        for name in [
            "runtime.main",
            "runtime.(*mheap).Alloc",
            "memeqbody",
            "runtime.mcall",
        ] {
            assert!(!is_shown(name), "{name}");
        }
    }
}
