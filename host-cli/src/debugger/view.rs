//! What can be seen of a program that stands somewhere.

use std::sync::Arc;

use anyhow::{Context, Result};
use interp::inspect::values::{Type, Value};
use interp::{AsContext, ProbedFrame, Val};
use wasi_shim::replay::Recorded;

use super::code::Func;
use super::engine::Engine;
use crate::go::Program;
use crate::places::Line;
use crate::source::{Place, Sources};

/// The most frames that are shown.
const MOST_FRAMES: usize = 4096;

/// A call that runs.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The function, by its index among those that the module defines.
    pub(crate) defined: u32,
    /// Its name, or that of the function that the compiler has inlined there.
    pub(crate) name: String,
    pub(crate) line: Option<Line>,
    /// The byte offset in the module.
    pub(crate) offset: Option<usize>,
    pub(crate) granule: usize,
    /// Whether the compiler has inlined it into the next frame.
    pub(crate) inlined: bool,
    /// The first slot of its frame on the value stack, and the number of slots.
    pub(crate) slots: (usize, usize),
}

/// A line of a disassembly.
#[derive(Clone, Debug)]
pub(crate) struct Instruction {
    /// The byte offset of the instruction in the module, and its text.
    pub(crate) wasm: Option<(u32, String)>,
    /// The granule of the op, and its text.
    pub(crate) op: Option<(usize, String)>,
}

impl Engine {
    /// A function, by its index among those that the module defines.
    pub(crate) fn func(&mut self, defined: u32) -> Arc<Func> {
        let code = self.code.clone();
        let machine = self.machine();
        code.func(&machine.store, machine.instance, defined)
    }

    /// Asks what is known about source text.
    pub(crate) fn sources<R>(&mut self, ask: impl FnOnce(&mut Sources) -> R) -> R {
        let code = self.code.clone();
        let machine = self.machine();
        code.sources(&machine.store, machine.instance, ask)
    }

    /// The ops at places, each with its function among those that the module defines, and its granule.
    pub(crate) fn ops_at(&mut self, places: &[Place]) -> Vec<(u32, usize)> {
        let op = |place: &Place| {
            let granule = self.func(place.defined).granule(place.offset)?;
            Some((place.defined, granule))
        };
        places.iter().filter_map(op).collect()
    }

    /// The calls that run, innermost first.
    ///
    /// # Errors
    /// The program does not stand before an op.
    pub(crate) fn frames(&mut self) -> Result<Vec<Frame>> {
        let frames: Vec<ProbedFrame> = self.look(|at| at.frames(MOST_FRAMES))?;
        let mut calls = Vec::new();
        for frame in frames {
            let func = self.func(frame.defined_func);
            let one = |name: String, line: Option<Line>, inlined: bool| Frame {
                defined: frame.defined_func,
                name,
                line,
                offset: func.offset(frame.granule),
                granule: frame.granule,
                inlined,
                slots: (frame.frame, frame.slots),
            };
            let known = func.calls(frame.granule);
            let inner = known.len().saturating_sub(1);
            for call in &known[..inner] {
                calls.push(one(call.name.clone(), call.line.clone(), true));
            }
            let line = known.last().and_then(|call| call.line.clone());
            calls.push(one(func.name.clone(), line, false));
        }
        Ok(calls)
    }

    /// Bytes of the first memory.
    ///
    /// # Errors
    /// The program has no memory, or the bytes are outside of it.
    pub(crate) fn memory(&mut self, address: u64, len: usize) -> Result<Vec<u8>> {
        let machine = self.machine();
        let memory = machine.instance.debug_memory(&machine.store, 0);
        let memory = memory.context("the program has no memory")?;
        let bytes = memory.data(&machine.store);
        let start = usize::try_from(address).ok();
        let found = start.and_then(|start| bytes.get(start..start.checked_add(len)?));
        let found = found.with_context(|| {
            let size = bytes.len();
            format!("{len} bytes at {address:#x} are outside of the memory, which has {size:#x}")
        })?;
        Ok(found.to_vec())
    }

    /// The slots of a frame, by their names.
    ///
    /// # Errors
    /// The program does not stand before an op.
    pub(crate) fn slots(&mut self, frame: &Frame) -> Result<Vec<(String, Value)>> {
        let func = self.func(frame.defined);
        let (first, len) = frame.slots;
        let values = self.look(|at| {
            let slot = |slot| at.stack_slot(first + slot).unwrap_or_default();
            (0..len).map(slot).collect::<Vec<u64>>()
        })?;
        let name = |slot| match &func.listing {
            Some(listing) => listing.slot_name(slot),
            None => format!("slot {slot}"),
        };
        let named = values.iter().enumerate().map(|(slot, value)| {
            let name = name(slot);
            let ty = func.type_of(&name).map_or(Type::Bits, Type::from);
            (name, ty.value(*value))
        });
        Ok(named.collect())
    }

    /// The globals of the program, by their index.
    pub(crate) fn globals(&mut self) -> Vec<Val> {
        let machine = self.machine();
        let global = |index| machine.instance.debug_global(&machine.store, index);
        (0..)
            .map_while(global)
            .map(|global| global.get(&machine.store))
            .collect()
    }

    /// The goroutines of a Go program, as Go prints them.
    ///
    /// # Errors
    /// Go has not built the program, or it does not stand before an op.
    pub(crate) fn goroutines(&mut self) -> Result<String> {
        let trace = self.look(|at| at.backtrace())?;
        let machine = self.machine();
        let program = Program::find(&machine.store, machine.instance, None);
        let program = program.context("Go has not built this program, or it has not begun")?;
        Ok(program.goroutines(Some(&trace)))
    }

    /// The functions of Go's stack that may continue when the present one returns.
    pub(super) fn go_callers(&mut self) -> Vec<u32> {
        let func = self.at.func;
        if !self.func(func).is_go {
            return Vec::new();
        }
        let machine = self.machine();
        let program = Program::find(&machine.store, machine.instance, None);
        program.map_or_else(Vec::new, |program| program.callers(func))
    }

    /// The calls of WASI that were made until here.
    ///
    /// # Errors
    /// The log is damaged.
    pub(crate) fn calls(&mut self) -> Result<Vec<Recorded>> {
        let fuel = self.at.fuel;
        let mut calls = self.origin.contents_of(&mut self.live)?.calls;
        // A call consumes its unit when it has returned.
        calls.retain(|call| call.fuel < fuel);
        Ok(calls)
    }

    /// The code of a function: its wasm beside its bytecode. It is empty if the function cannot be lowered.
    pub(crate) fn disassemble(&mut self, defined: u32) -> Vec<Instruction> {
        let func = self.func(defined);
        let lines = func.listing.iter().flat_map(|listing| &listing.lines);
        let line = |line: &interp::inspect::Line| Instruction {
            wasm: line
                .wasm
                .as_ref()
                .map(|(at, depth, text)| (*at, format!("{}{text}", "  ".repeat((*depth).min(20))))),
            op: line.op.as_ref().map(|(_, at, text)| (*at, text.clone())),
        };
        lines.map(line).collect()
    }

    /// A hash of the first memory, for tests of a way back.
    pub(crate) fn memory_hash(&mut self) -> u64 {
        use std::hash::{DefaultHasher, Hasher};
        let machine = self.machine();
        let mut hasher = DefaultHasher::new();
        if let Some(memory) = machine.instance.debug_memory(machine.store.as_context(), 0) {
            hasher.write(memory.data(&machine.store));
        }
        hasher.finish()
    }
}
