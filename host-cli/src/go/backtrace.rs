//! Backtraces of the interpreter's frames, with the names and lines that Go's table knows.
//!
//! A frame that makes a call has the line of this call, and calls that the compiler has inlined are lines of their own. The innermost frame
//! may be between calls. The table has few PCs there, so a range of lines is shown if it can be one of several.

use std::collections::BTreeMap;
use std::fmt::Write;

use go_tables::{Call, Func, Place};
use interp::inspect::Spelled;
use interp::{FrameSymbol, WasmBacktrace};

use super::Program;
use super::resume_points::{Spot, spots};
use crate::symbols::formatted;

/// The maximum number of PCs that are looked at for a range of lines.
const MOST_PCS: u16 = 256;

/// The maximum number of inlined functions that are named because a place may be in them.
const MOST_NAMES: usize = 4;

impl Program<'_> {
    /// Formats a backtrace with all names and with the lines of calls.
    pub(crate) fn backtrace(&self, backtrace: &WasmBacktrace) -> String {
        let header = match self.running {
            Some(running) => format!("wasm backtrace of goroutine {}:", running.id),
            None => "wasm backtrace:".to_owned(),
        };
        let spots = self.spots(backtrace.frames());
        formatted(&header, backtrace, |number, frame| {
            let name = match self.name(frame) {
                Some(name) => Spelled(name).to_string(),
                None => format!("<wasm function {}>", frame.func_index()),
            };
            match (self.func(frame), spots[number]) {
                (Some(func), Some(spot)) => at_spot(&name, func, spot),
                // All of a function's PCs are possible.
                (Some(func), None) if number == 0 => {
                    between(&name, func, 0, func.last_pc().unwrap_or(u16::MAX))
                }
                _ => vec![name],
            }
        })
    }

    /// Returns what is known about the places of frames in their functions. Only the innermost one may be between calls.
    pub(super) fn spots(&self, frames: &[FrameSymbol]) -> Vec<Option<Spot>> {
        let info = self.module.info();
        if !info.has_bodies() {
            // The instructions of a module in lowered form are not known.
            return self.calls_on_stack(frames);
        }
        // The frames of each function, by their places in its body.
        let mut placed: Vec<(u32, usize, usize)> = Vec::new();
        for (number, frame) in frames.iter().enumerate() {
            if let (Some(index), Some(offset)) = (self.index(frame), frame.module_offset())
                && index < info.defined_funcs()
            {
                placed.push((index, offset, number));
            }
        }
        placed.sort_unstable();
        let mut found = vec![None; frames.len()];
        let mut buffer = Vec::new();
        for group in placed.chunk_by(|a, b| a.0 == b.0) {
            let index = group[0].0;
            let (body, func) = (info.body(index, &mut buffer), self.tables.func(index));
            let (Ok(reader), Some(func)) = (body.get_operators_reader(), func) else {
                continue;
            };
            let resume_point = |pc| {
                let (owner, resume) = self.tables.at_pc(pc)?;
                (owner == index).then_some(resume)
            };
            let places = group
                .iter()
                .map(|(_, offset, number)| (*offset, *number != 0));
            let last = func.last_pc().unwrap_or(0);
            for ((_, _, number), spot) in
                group.iter().zip(spots(reader, places, resume_point, last))
            {
                found[*number] = spot;
            }
        }
        found
    }
}

/// Formats a frame at a spot: its inlined calls, innermost first, and the function itself.
fn at_spot(name: &str, func: Func<'_>, spot: Spot) -> Vec<String> {
    match spot {
        Spot::Call(resume) => chain(name, &func.calls(resume).collect::<Vec<_>>()),
        Spot::Between(low, high) => between(name, func, low, high),
    }
}

/// Formats calls, innermost first. The last one is that of the function.
fn chain(name: &str, calls: &[Call<'_>]) -> Vec<String> {
    let mut told = Vec::new();
    for call in calls {
        let place = call.place.map(|place| format!(" ({})", at(place)));
        let place = place.unwrap_or_default();
        told.push(if call.is_inlined {
            format!("{}{place} [inlined]", Spelled(call.name))
        } else {
            format!("{name}{place}")
        });
    }
    if told.is_empty() {
        told.push(name.to_owned());
    }
    told
}

/// Formats a frame that is at one of several PCs.
fn between(name: &str, func: Func<'_>, low: u16, high: u16) -> Vec<String> {
    if high - low >= MOST_PCS {
        return vec![name.to_owned() + &start(func)];
    }
    let pcs = body_pcs(func, low, high).into_iter();
    let chains: Vec<Vec<_>> = pcs.map(|pc| func.calls_at(pc).collect()).collect();
    let line = chains[0].last().and_then(|call| Some(call.place?.line));
    let is_start = first_line(func, low).is_some_and(|first| line.is_some_and(|line| first < line));
    if !is_start && chains.iter().all(|chain| *chain == chains[0]) {
        return chain(name, &chains[0]);
    }
    // The lines of each function that is part of the code.
    let mut inlined: BTreeMap<&str, Lines<'_>> = BTreeMap::new();
    for call in chains.iter().flatten().filter(|call| call.is_inlined) {
        if let Some(place) = call.place {
            inlined
                .entry(call.name)
                .or_insert(Lines::of(place))
                .add(place);
        }
    }
    let own = own_lines(func, low, high);
    let mut told = name.to_owned();
    if let Some(own) = own {
        let _ = write!(told, " ({own})");
    }
    if inlined.len() > MOST_NAMES {
        told.push_str(", perhaps in an inlined call");
        return vec![told];
    }
    for (number, (name, lines)) in inlined.iter().enumerate() {
        let perhaps = if number == 0 { ", perhaps in" } else { " or" };
        let _ = write!(told, "{perhaps} {} ({lines})", Spelled(name));
    }
    vec![told]
}

/// Returns the lines of a function, without those of inlined ones, that belong to a range of PCs.
pub(super) fn own_lines(func: Func<'_>, low: u16, high: u16) -> Option<Lines<'_>> {
    let mut lines: Option<Lines<'_>> = None;
    let high = high.min(low.saturating_add(MOST_PCS));
    for pc in body_pcs(func, low, high) {
        if let Some(place) = func.calls_at(pc).last().and_then(|call| call.place) {
            lines.get_or_insert(Lines::of(place)).add(place);
        }
    }
    let mut lines = lines?;
    if let Some(line) = first_line(func, low).filter(|line| *line < lines.first) {
        let file = lines.file;
        lines.add(Place { file, line });
    }
    Some(lines)
}

/// Returns the first line of statements, if a range of PCs begins with the first one. The table has the last line of each PC's code. The
/// line of `func` has only instructions that cannot trap, unless a statement is on it, too.
fn first_line(func: Func<'_>, low: u16) -> Option<u32> {
    let line = func.start_line().filter(|_| low == 0)?;
    line.checked_add(1)
}

/// Returns the PCs of a range without those of the line of `func`, which are at both ends of a function, unless the range has no others.
fn body_pcs(func: Func<'_>, low: u16, high: u16) -> Vec<u16> {
    let is_body = |pc: &u16| {
        let own = func.calls_at(*pc).last().and_then(|call| call.place);
        own.map(|place| place.line) != func.start_line()
    };
    let body: Vec<_> = (low..=high).filter(is_body).collect();
    if body.is_empty() {
        (low..=high).collect()
    } else {
        body
    }
}

/// The place at which a function starts, if no more is known.
fn start(func: Func<'_>) -> String {
    match (func.place_at(0), func.start_line()) {
        (Some(Place { file, .. }), Some(line)) => {
            format!(" ({}, which starts there)", at(Place { file, line }))
        }
        _ => String::new(),
    }
}

/// Formats a place.
pub(super) fn at(place: Place<'_>) -> String {
    format!("{}:{}", Spelled(place.file), place.line)
}

/// Lines of a function.
pub(super) struct Lines<'a> {
    file: &'a str,
    first: u32,
    last: u32,
}

impl<'a> Lines<'a> {
    fn of(place: Place<'a>) -> Self {
        Self {
            file: place.file,
            first: place.line,
            last: place.line,
        }
    }

    fn add(&mut self, place: Place<'_>) {
        if place.file == self.file {
            self.first = self.first.min(place.line);
            self.last = self.last.max(place.line);
        }
    }
}

impl std::fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", Spelled(self.file), self.first)?;
        if self.last > self.first {
            write!(f, "-{}", self.last)?;
        }
        Ok(())
    }
}
