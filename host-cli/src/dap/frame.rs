//! The values of a frame of the stopped program.

use std::collections::HashMap;

use interp::Val;
use interp::inspect::values::Value;

use crate::debugger::Engine;
use crate::variables::Stopped;

/// A frame of the running thread, by its number from the innermost outwards.
pub(super) struct AtFrame<'a> {
    pub(super) engine: &'a mut Engine,
    pub(super) frame: usize,
    is_go: bool,
    slots: Option<HashMap<String, u64>>,
}

impl<'a> AtFrame<'a> {
    pub(super) fn new(engine: &'a mut Engine, frame: usize, is_go: bool) -> Self {
        Self {
            engine,
            frame,
            is_go,
            slots: None,
        }
    }

    fn slot(&mut self, name: &str) -> Option<u64> {
        if self.slots.is_none() {
            let frames = self.engine.frames().ok()?;
            let slots = self.engine.slots(frames.get(self.frame)?);
            let slots = slots.unwrap_or_default();
            let slots = slots.into_iter().map(|(name, value)| (name, bits(value)));
            self.slots = Some(slots.collect());
        }
        self.slots.as_ref()?.get(name).copied()
    }
}

impl Stopped for AtFrame<'_> {
    fn memory(&mut self, address: u64, len: usize) -> Option<Vec<u8>> {
        self.engine.memory(address, len).ok()
    }

    fn local(&mut self, index: u32) -> Option<u64> {
        self.slot(&format!("l{index}"))
    }

    fn word(&self) -> usize {
        if self.is_go { 8 } else { 4 }
    }

    fn global(&mut self, index: u32) -> Option<u64> {
        let globals = self.engine.globals();
        val_bits(globals.get(usize::try_from(index).ok()?)?)
    }

    fn register(&mut self, name: &str) -> Option<u64> {
        match name {
            "acc" => self.engine.look(|at| at.acc()).ok(),
            "facc" => self.engine.look(|at| at.facc().to_bits()).ok(),
            // Go's stack pointer, and that of wasi-libc.
            "sp" if self.is_go => self.global(0),
            _ => match name.strip_prefix("global") {
                Some(index) => self.global(index.parse().ok()?),
                None => self.slot(name),
            },
        }
    }
}

/// The bits of a value. A vector has no place in a word.
fn bits(value: Value) -> u64 {
    match value {
        Value::I32(value) => u64::from(value.cast_unsigned()),
        Value::I64(value) => value.cast_unsigned(),
        Value::F32(value) => u64::from(value.to_bits()),
        Value::F64(value) => value.to_bits(),
        // The lower half.
        Value::V128(value) => value as u64,
        Value::Bits(value) => value,
    }
}

fn val_bits(value: &Val) -> Option<u64> {
    Some(match value {
        Val::I32(value) => u64::from(value.cast_unsigned()),
        Val::I64(value) => value.cast_unsigned(),
        Val::F32(bits) => u64::from(*bits),
        Val::F64(bits) => *bits,
        _ => return None,
    })
}
