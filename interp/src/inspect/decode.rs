//! Decodes bytecode into ops and operands, by the op table alone.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use crate::dispatch::{Field, OpDef, OpNumber, number};
use crate::ops::{COUNT, def, superinstruction};

/// An operand in code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operand {
    /// Its kind.
    pub field: Field,
    /// Its value: a slot, an index, a sign-extended constant, or an offset. A branch target is in granules from the start
    /// of the *code*. An accumulator has no value.
    pub value: i64,
}

/// An op in code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The op's number.
    pub op: OpNumber,
    /// The granule at which it begins.
    pub at: usize,
    /// Its operands, in the order of its fields. [`Field::Labels16`] and [`Field::Labels32`] occur once for each target.
    pub operands: Vec<Operand>,
    /// The number of its granules.
    pub granules: usize,
    /// Whether it belongs to a superinstruction, but is not its first op. It has no number then, and begins with the last
    /// granule of the op before it.
    pub joined: bool,
}

impl Decoded {
    /// The op's definition.
    #[must_use]
    pub fn def(&self) -> OpDef {
        def(self.op)
    }

    /// Returns whether it may branch.
    #[must_use]
    pub fn is_branch(&self) -> bool {
        self.targets().next().is_some()
    }

    /// Returns whether it returns from its function. A tail call does not.
    #[must_use]
    pub fn is_return(&self) -> bool {
        matches!(self.def().name, "return" | "freturn" | "go.return")
    }

    /// Returns whether it calls a function and continues behind it. A tail call does not.
    #[must_use]
    pub fn is_call(&self) -> bool {
        // Where the arguments are. Those of a new object become its fields.
        let has = |wanted: fn(Field) -> bool| {
            let mut fields = self.operands.iter().map(|operand| operand.field);
            fields.any(wanted)
        };
        has(|field| field == Field::Base)
            && !has(Field::is_output)
            && !crate::ops::ends_block(self.op)
    }

    /// Returns whether it writes to a linear memory itself, also if it does so as part of a call. What a host function writes does not count.
    #[must_use]
    pub fn writes_memory(&self) -> bool {
        // Its effect is an assignment to a part of the memory.
        let effect = self.def().effect;
        effect.split("memory[").skip(1).any(|part| {
            let behind = part.split_once(']').map_or("", |(_, behind)| behind);
            behind.trim_start().starts_with('←')
        })
    }

    /// The imported function that it calls, if it can call no other.
    #[must_use]
    pub fn imported_callee(&self) -> Option<u32> {
        let is_import = |operand: &&Operand| operand.field == Field::Import;
        // Indices of functions have 32 bits.
        Some(self.operands.iter().find(is_import)?.value as u32)
    }

    /// The granules to which it may branch.
    pub fn targets(&self) -> impl Iterator<Item = i64> {
        self.operands
            .iter()
            .filter(|operand| operand.field.is_label())
            .map(|operand| operand.value)
    }
}

/// Decodes all ops of a complete piece of code. A superinstruction is returned as its ops. Returns `None` if the code
/// contains an unknown op.
#[must_use]
pub fn decode(code: &[u16]) -> Option<Vec<Decoded>> {
    let mut ops = Vec::new();
    let mut at = 0;
    while at < code.len() {
        let name = number(*code.get(at)?);
        for (place, op) in superinstruction::ops_of(name).enumerate() {
            // Only the first op has a number. The others begin one granule before their operands.
            let joined = place > 0;
            let op = decode_as(op, code, at - usize::from(joined))?;
            at = op.at + op.granules;
            ops.push(Decoded { joined, ..op });
        }
    }
    Some(ops)
}

/// Decodes the op at granule `at`; of a superinstruction the first one.
#[must_use]
pub fn decode_one(code: &[u16], at: usize) -> Option<Decoded> {
    let op = superinstruction::ops_of(number(*code.get(at)?)).next()?;
    decode_as(op, code, at)
}

/// Decodes the operands of `op`, whose number is or would be at granule `at`.
fn decode_as(op: OpNumber, code: &[u16], at: usize) -> Option<Decoded> {
    if op.index() >= COUNT {
        return None;
    }
    let def = def(op);
    let mut reader = Reader { code, at: at + 1 };
    let mut operands = Vec::new();
    for &field in def.fields {
        let (times, granules) = match field.granules_each() {
            Some(each) => (
                operands.last().map_or(0, |last: &Operand| last.value) + 1,
                each,
            ),
            // Its low half, then its high half.
            None if field == Field::Imm128 => (2, 4),
            None => (1, field.granules()),
        };
        for _ in 0..times {
            let value = reader.wide(granules)?;
            // The casts restore the sign.
            let value = match field {
                Field::Imm16 | Field::EachImm16 => i64::from(value as i16),
                Field::Imm32 => i64::from(value as i32),
                Field::Label16 | Field::Labels16 => i64::from(value as i16) + at as i64,
                Field::Label32 | Field::Labels32 => i64::from(value as i32) + at as i64,
                _ => value as i64,
            };
            operands.push(Operand { field, value });
        }
    }
    Some(Decoded {
        op,
        at,
        operands,
        granules: reader.at - at,
        joined: false,
    })
}

/// Reads granules in order.
struct Reader<'a> {
    code: &'a [u16],
    at: usize,
}

impl Reader<'_> {
    /// Reads the next `granules`, at most four, as a number in the host's byte order.
    fn wide(&mut self, granules: usize) -> Option<u64> {
        let read = self.code.get(self.at..self.at + granules)?;
        self.at += granules;
        let join = |number: u64, granule: &u16| number << 16 | u64::from(*granule);
        Some(if cfg!(target_endian = "little") {
            read.iter().rev().fold(0, join)
        } else {
            read.iter().fold(0, join)
        })
    }
}

/// The description of an op in one line, which distinguishes it from all others: its form, its name, the places of its
/// operands. For a superinstruction, those of all its ops.
#[must_use]
pub fn title(op: OpNumber) -> String {
    if let Some((first, second)) = superinstruction::parts(op) {
        return format!("{}; {}", title(first), title(second));
    }
    let def = def(op);
    let mut text = String::new();
    if let Some(output) = output(def.fields) {
        let _ = write!(text, "{output} ← ");
    }
    text.push_str(&mnemonic(&def));
    let mut separator = " ";
    for field in def.fields.iter().filter(|field| !field.is_output()) {
        let _ = write!(text, "{separator}{}", kind(*field));
        separator = ", ";
    }
    text
}

/// The op's form and name.
#[must_use]
pub fn mnemonic(def: &OpDef) -> String {
    let mut text = String::from(def.form);
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(def.name);
    text
}

/// The place of an op's value: a slot, or only an accumulator.
#[must_use]
pub fn output(fields: &[Field]) -> Option<&'static str> {
    let output = fields.iter().find(|field| field.is_output());
    output.map(|field| kind(*field))
}

/// A word for the kind of an operand.
#[must_use]
pub fn kind(field: Field) -> &'static str {
    match field {
        Field::Dst | Field::Slot => "slot",
        Field::DstVector | Field::Vector => "vector",
        Field::Also => "also",
        Field::Base => "base",
        Field::Header => "header",
        Field::Acc | Field::DstAcc => "acc",
        Field::Facc | Field::DstFacc => "facc",
        Field::Sp => "sp",
        Field::Narrow => "narrow",
        Field::Wide => "wide",
        Field::Imm16 | Field::EachImm16 => "imm16",
        Field::Imm32 => "imm32",
        Field::Imm64 => "imm64",
        Field::Imm128 => "imm128",
        Field::Float32 => "f32",
        Field::Float64 => "f64",
        Field::Offset16 | Field::EachOffset16 => "offset16",
        Field::Offset32 => "offset32",
        Field::Count16 => "count16",
        Field::Count32 => "count32",
        Field::Func16 => "func16",
        Field::Func32 => "func32",
        Field::Import => "import",
        Field::Global16 => "global16",
        Field::Global32 => "global32",
        Field::Memory => "memory",
        Field::Table => "table",
        Field::Type => "type",
        Field::Data => "data",
        Field::Elem => "elem",
        Field::Tag => "tag",
        #[cfg(feature = "gc")]
        Field::HeapType => "heap",
        Field::Label16 => "label16",
        Field::Label32 => "label32",
        Field::Labels16 => "labels16",
        Field::Labels32 => "labels32",
    }
}
