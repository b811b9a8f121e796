//! Debug information of programs built by Go: names and lines of functions, and the stack of the running goroutine.
//!
//! Names come from the table that Go's runtime uses for its own tracebacks ([`go_tables`]). It exists even if the name
//! section does not. A goroutine's stack is in the program's memory, and global 0 is its pointer. Before each call, code
//! stores the PC to which the callee returns. That constant gives the line of a frame.

mod resume_points;

use std::collections::{HashMap, VecDeque};
use std::fmt::{self, Write};
use std::slice;

use go_tables::{FIRST_FUNC, Func, Tables};
use interp::inspect::Spelled;
use interp::{FrameSymbol, Instance, Module, Store, Val, WasmBacktrace};
use wasi_shim::preopen;

use resume_points::resume_points;

/// The number of frames that Go prints at each end of a deep stack.
const INNER: usize = 50;
const OUTER: usize = 50;

/// Bytes of a return address on Go's stack.
const WORD: u64 = 8;

/// The maximum number of frames of a stack that are visited, more than a gigabyte has, and of different ones. A program that Go has
/// not built can fill its memory with what looks like frames.
const MOST_FRAMES: usize = 1 << 26;
const MOST_SIZES: usize = 1 << 12;

/// Returns whether Go has built a program.
pub(crate) fn built(module: &Module) -> bool {
    preopen::reads_pwd(module.custom_sections())
}

/// A program built by Go that has stopped.
pub(crate) struct Program<'a> {
    module: Module,
    memory: &'a [u8],
    tables: Tables<'a>,
    /// The stack pointer of the running goroutine.
    sp: Option<u64>,
}

impl<'a> Program<'a> {
    /// Finds the program in a store. Returns `None` if it was not built by Go.
    pub(crate) fn find<T>(store: &'a Store<T>, instance: Instance) -> Option<Self> {
        let memory = instance.get_memory(store, "memory")?.data(store);
        let sp = match instance.debug_global(store, 0)?.get(store) {
            Val::I32(sp) => Some(u64::from(sp.cast_unsigned())),
            _ => None,
        };
        Some(Self {
            module: instance.module(store),
            memory,
            tables: Tables::find(memory)?,
            sp,
        })
    }

    /// The name of a frame's function, from the module's name section or from Go's table.
    pub(crate) fn name<'b>(&'b self, frame: &'b FrameSymbol) -> Option<&'b str> {
        frame.func_name().or_else(|| self.func(frame)?.name())
    }

    /// Formats a backtrace with all names and with the lines of calls.
    pub(crate) fn backtrace(&self, backtrace: &WasmBacktrace) -> String {
        let mut text = "wasm backtrace:".to_owned();
        let frames = backtrace.frames();
        let points = self.resume_points(frames);
        for (number, (frame, resume)) in frames.iter().zip(points).enumerate() {
            let _ = match frame.module_offset() {
                Some(offset) => write!(text, "\n  {number:3}: {offset:#8x} - "),
                None => write!(text, "\n  {number:3}:        ? - "),
            };
            let _ = match self.name(frame) {
                Some(name) => write!(text, "{}", Spelled(name)),
                None => write!(text, "<wasm function {}>", frame.func_index()),
            };
            let place = resume.and_then(|resume| self.func(frame)?.place(resume));
            if let Some(place) = place {
                let _ = write!(text, " ({}:{})", Spelled(place.file), place.line);
            }
        }
        if !backtrace.is_complete() {
            text.push_str("\n  … and more");
        }
        text
    }

    /// Formats the message that Go prints when a goroutine's stack reaches its limit, for an overflow of the interpreter's
    /// own stack. Returns `None` if the goroutine's stack cannot be read.
    pub(crate) fn stack_overflow(&self, backtrace: &WasmBacktrace, limit: u64) -> Option<String> {
        let sp = self.sp?;
        let above = sp.checked_add(WORD)?;
        let top = backtrace.frames().first().and_then(|frame| {
            Some(Frame {
                index: self.index(frame)?,
                resume: self.resume_points(slice::from_ref(frame)).pop()??,
            })
        });
        // The return address of the call may already be on the stack, and the callee may have begun.
        let starts = [(self.frame_at(sp), above), (top, above), (top, sp)];
        let starts = starts
            .into_iter()
            .filter_map(|(start, sp)| Some((start?, sp)));
        // A walk from a wrong start finds no further return addresses.
        let depth = |(start, sp): &(Frame, u64)| self.walk(*start, *sp).take(4).count();
        let (start, sp) = starts.max_by_key(depth)?;
        Some(Overflow::of(self, self.walk(start, sp)).told(self, limit))
    }

    /// Walks over the frames of the goroutine's stack from `start` outwards.
    fn walk(&self, start: Frame, sp: u64) -> impl Iterator<Item = Frame> {
        let mut next = Some((start, sp));
        // Adjacent frames of a deep stack are often the same.
        let mut last: Option<(Frame, u64)> = None;
        let mut sizes = HashMap::new();
        let frames = std::iter::from_fn(move || {
            let (frame, sp) = next.take()?;
            let known = last
                .filter(|(same, _)| *same == frame)
                .map(|(_, size)| size);
            let size = match known.or_else(|| sizes.get(&frame).copied()) {
                Some(size) => size,
                None if sizes.len() == MOST_SIZES => return None,
                None => {
                    let func = self.tables.func(frame.index)?;
                    let size = u64::from(func.frame_size(frame.resume)?);
                    sizes.insert(frame, size);
                    size
                }
            };
            last = Some((frame, size));
            let at = sp.checked_add(size)?;
            next = self.frame_at(at).map(|frame| (frame, at + WORD));
            Some(frame)
        });
        frames.take(MOST_FRAMES)
    }

    /// Returns the resume point after the call of each frame.
    fn resume_points(&self, frames: &[FrameSymbol]) -> Vec<Option<u16>> {
        let info = self.module.info();
        // The frames of each function, by their places in its body.
        let mut placed: Vec<(u32, usize, usize)> = Vec::new();
        for (number, frame) in frames.iter().enumerate() {
            if let (Some(index), Some(offset)) = (self.index(frame), frame.module_offset())
                && index < info.defined_funcs()
                // The instructions of a module in lowered form are not known.
                && info.has_bodies()
            {
                placed.push((index, offset, number));
            }
        }
        placed.sort_unstable();
        let mut points = vec![None; frames.len()];
        let mut buffer = Vec::new();
        for group in placed.chunk_by(|a, b| a.0 == b.0) {
            let index = group[0].0;
            let body = info.body(index, &mut buffer);
            let Ok(reader) = body.get_operators_reader() else {
                continue;
            };
            let resume_point = |pc| {
                let (owner, resume) = self.tables.at_pc(pc)?;
                (owner == index).then_some(resume)
            };
            let places = group.iter().map(|(_, offset, _)| *offset);
            let found = resume_points(reader, places, resume_point);
            for ((_, _, number), point) in group.iter().zip(found) {
                points[*number] = point;
            }
        }
        points
    }

    fn func(&self, frame: &FrameSymbol) -> Option<Func<'a>> {
        self.tables.func(self.index(frame)?)
    }

    /// The function's index without imports.
    fn index(&self, frame: &FrameSymbol) -> Option<u32> {
        let imported = self.module.info().imported_funcs();
        frame.func_index().checked_sub(imported)
    }

    /// Returns the frame of the return address at a place of the memory.
    fn frame_at(&self, at: u64) -> Option<Frame> {
        let at = usize::try_from(at).ok()?;
        let bytes = self.memory.get(at..at.checked_add(8)?)?;
        let pc = u64::from_le_bytes(bytes.try_into().ok()?);
        let (index, resume) = self.tables.at_pc(pc)?;
        Some(Frame { index, resume })
    }
}

/// A frame on Go's stack: a function and its resume point.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Frame {
    index: u32,
    resume: u16,
}

/// The two ends of a deep stack.
#[derive(Default)]
struct Overflow {
    inner: Vec<Frame>,
    outer: VecDeque<Frame>,
    elided: usize,
    /// Whether the outermost frame is that of the first goroutine.
    is_main: bool,
}

impl Overflow {
    fn of(program: &Program<'_>, frames: impl Iterator<Item = Frame>) -> Self {
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
        let name = |frame: &Frame| program.tables.func(frame.index)?.name();
        let mut frames = ends.inner.iter().chain(&ends.outer);
        ends.is_main = frames.any(|frame| name(frame) == Some("runtime.main"));
        ends
    }

    /// Formats it as Go does.
    fn told(&self, program: &Program<'_>, limit: u64) -> String {
        let mut text = format!(
            "runtime: goroutine stack exceeds {limit}-byte limit\nfatal error: stack overflow\n\n"
        );
        text.push_str(if self.is_main {
            "goroutine 1 [running]:"
        } else {
            "goroutine [running]:"
        });
        for frame in &self.inner {
            let _ = write!(text, "\n{}", Told(program, *frame));
        }
        if self.elided > 0 {
            let _ = write!(text, "\n...{} frames elided...", self.elided);
        }
        for frame in &self.outer {
            let _ = write!(text, "\n{}", Told(program, *frame));
        }
        text
    }
}

/// Formats a frame as Go does.
struct Told<'a>(&'a Program<'a>, Frame);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(program, Frame { index, resume }) = self;
        let func = program.tables.func(*index);
        let name = func.and_then(|func| func.name()).unwrap_or("?");
        writeln!(f, "{}(...)", Spelled(name))?;
        match func.and_then(|func| func.place(*resume)) {
            Some(place) => write!(f, "\t{}:{} +{resume:#x}", Spelled(place.file), place.line),
            None => write!(
                f,
                "\tpc={:#x}",
                u64::from(index + FIRST_FUNC) << 16 | u64::from(*resume)
            ),
        }
    }
}
