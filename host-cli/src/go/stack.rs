//! The stack of a goroutine, in the program's memory: a walk over its frames, and the match of its frames with those of the interpreter.
//!
//! A call pushes the PC to which the callee returns, and the callee's frame follows below it. So a frame's return address is as far above
//! the stack pointer as the table says for its function and PC ([`go_tables::Func::frame_size`]).

use std::collections::HashMap;

use go_tables::Func;
use interp::FrameSymbol;

use super::Program;
use super::resume_points::Spot;

/// Bytes of a return address on Go's stack.
pub(super) const WORD: u64 = 8;

/// The maximum number of frames of a stack that are visited, more than a gigabyte has, and of different ones. A program that Go has
/// not built can fill its memory with what looks like frames.
const MOST_FRAMES: usize = 1 << 26;
const MOST_SIZES: usize = 1 << 12;

/// The number of the interpreter's frames, one after the other, that may have none on Go's stack: functions in assembly, and functions that
/// end with a jump to another one.
const WITHOUT_FRAME: usize = 2;

/// The number of places that are tried as the start of a stack.
const MOST_STARTS: usize = 64;

/// A frame on Go's stack: a function and its resume point.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    pub(super) index: u32,
    pub(super) resume: u16,
}

/// A place on a goroutine's stack: a frame, and the stack pointer of its function.
pub(super) type Start = (Frame, u64);

impl Program<'_> {
    /// Walks over the frames of a goroutine's stack from `start` outwards.
    pub(super) fn walk(&self, (start, sp): Start) -> impl Iterator<Item = Frame> {
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

    /// Returns the frame of the return address at a place of the memory.
    pub(super) fn frame_at(&self, at: u64) -> Option<Frame> {
        let at = usize::try_from(at).ok()?;
        let bytes = self.memory.get(at..at.checked_add(8)?)?;
        self.frame_of(u64::from_le_bytes(bytes.try_into().ok()?))
    }

    /// Returns the frame of a PC.
    pub(super) fn frame_of(&self, pc: u64) -> Option<Frame> {
        let (index, resume) = self.tables.at_pc(pc)?;
        Some(Frame { index, resume })
    }

    /// Finds where the running goroutine's stack continues for the interpreter's frames: the frame on Go's stack, and the number of the frame
    /// of the interpreter that it belongs to. The frames before that one have no return address on the stack.
    pub(super) fn matched(&self, frames: &[FrameSymbol]) -> Option<(usize, Start)> {
        let mut best = None;
        let mut longest = 0;
        for (number, start) in self.starts(frames).into_iter().flatten() {
            let len = self.pairs(&frames[number..], start).count();
            if len > longest {
                (longest, best) = (len, Some((number, start)));
            }
        }
        best
    }

    /// Returns the calls of frames that are on Go's stack.
    pub(super) fn calls_on_stack(&self, frames: &[FrameSymbol]) -> Vec<Option<Spot>> {
        let mut spots = vec![None; frames.len()];
        if let Some((first, start)) = self.matched(frames) {
            for (number, frame) in self.pairs(&frames[first..], start) {
                spots[first + number] = Some(Spot::Call(frame.resume));
            }
        }
        spots
    }

    /// Places at which the stack may continue, for the innermost frames.
    fn starts(&self, frames: &[FrameSymbol]) -> Option<Vec<(usize, Start)>> {
        let sp = self.sp?;
        let mut starts = Vec::new();
        for number in 0..frames.len().min(WITHOUT_FRAME + 1) {
            // The function has pushed a return address, and the callee has not begun or has no frame.
            let is_of = |frame: &Frame, number: usize| {
                let symbol = frames.get(number);
                symbol.and_then(|symbol| self.index(symbol)) == Some(frame.index)
            };
            if let Some(frame) = self.frame_at(sp).filter(|frame| is_of(frame, number)) {
                starts.push((number, (frame, sp.checked_add(WORD)?)));
            }
            // The function has a frame, or none yet, and its caller is above it.
            let func = frames.get(number).and_then(|symbol| self.func(symbol));
            let mut last = None;
            for size in func.iter().flat_map(Func::frame_sizes) {
                let at = sp.checked_add(u64::from(size))?;
                if last.replace(size) != Some(size)
                    && let Some(frame) = self.frame_at(at).filter(|frame| is_of(frame, number + 1))
                {
                    starts.push((number + 1, (frame, at.checked_add(WORD)?)));
                }
                if starts.len() > MOST_STARTS {
                    return Some(starts);
                }
            }
        }
        Some(starts)
    }

    /// Pairs the interpreter's frames with those of Go's stack from `start` outwards. Returns the number of the former, and the latter.
    fn pairs(&self, frames: &[FrameSymbol], start: Start) -> impl Iterator<Item = (usize, Frame)> {
        let mut number = 0;
        self.walk(start).map_while(move |frame| {
            let rest = frames.get(number..)?;
            let is_same = |symbol: &FrameSymbol| self.index(symbol) == Some(frame.index);
            let found = rest.iter().take(WITHOUT_FRAME + 1).position(is_same)?;
            number += found + 1;
            Some((number - 1, frame))
        })
    }
}
