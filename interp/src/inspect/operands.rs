//! Formats the operands of an op for a listing.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};

use super::decode::{Decoded, Operand, kind, mnemonic};
use super::names::{Layout, Names};
use crate::dispatch::Field;

/// The meaning of the operands of a function's code.
#[derive(Debug)]
pub(super) struct Meaning<'a> {
    /// The module's functions.
    pub(super) names: &'a Names,
    /// The frame.
    pub(super) layout: Layout,
    /// For each granule that is a branch target, the number of its label.
    pub(super) labels: BTreeMap<i64, usize>,
    /// The number of imported globals. Indices of defined ones are relative to it.
    pub(super) imported_globals: u32,
}

impl Meaning<'_> {
    /// Formats an op in a line: `t0 ← i32.add l0, l1`. It begins with `+` if it belongs to the op before it.
    pub(super) fn line(&self, op: &Decoded) -> String {
        let text = self.alone(op);
        if op.joined { format!("+ {text}") } else { text }
    }

    fn alone(&self, op: &Decoded) -> String {
        let def = op.def();
        let mut text = String::new();
        let is_output = |operand: &&Operand| operand.field.is_output();
        if let Some(output) = op.operands.iter().find(is_output) {
            text = format!("{} ← ", self.operand(output));
        }
        text.push_str(&mnemonic(&def));
        let mut separator = " ";
        for operand in &op.operands {
            // The number of labels that follow is visible.
            let is_table = def
                .fields
                .iter()
                .any(|field| field.granules_each().is_some());
            let is_count = is_table && matches!(operand.field, Field::Count16 | Field::Count32);
            if is_count || operand.field.is_output() {
                continue;
            }
            let is_offset = matches!(
                operand.field,
                Field::Offset16 | Field::Offset32 | Field::EachOffset16
            );
            text.push_str(if is_offset { " " } else { separator });
            text.push_str(&self.operand(operand));
            separator = ", ";
        }
        text
    }

    fn operand(&self, Operand { field, value }: &Operand) -> String {
        // Numbers without a sign were read as such, and no field is wider than its type.
        let (index, bits) = (*value as u32, *value as u64);
        match field {
            Field::DstAcc
            | Field::DstFacc
            | Field::Acc
            | Field::Facc
            | Field::Sp
            | Field::Narrow
            | Field::Wide => kind(*field).to_string(),
            Field::Dst
            | Field::DstVector
            | Field::Also
            | Field::Slot
            | Field::Vector
            | Field::Base => self.layout.slot(index as usize),
            Field::Imm16 | Field::Imm32 | Field::Imm64 | Field::EachImm16 => value.to_string(),
            Field::Imm128 => format!("{bits:#x}"),
            Field::Float32 => f32::from_bits(index).to_string(),
            Field::Float64 => f64::from_bits(bits).to_string(),
            Field::Offset16 | Field::Offset32 | Field::EachOffset16 => format!("+{value}"),
            Field::Func16 | Field::Func32 => self.names.defined(index),
            Field::Import => self.names.func(index),
            Field::Global16 => format!("g{}", self.imported_globals + index),
            Field::Global32 => format!("g{index}"),
            Field::Memory => format!("memory {index}"),
            Field::Table => format!("table {index}"),
            Field::Type => format!("type {index}"),
            Field::Data => format!("data {index}"),
            Field::Elem => format!("elem {index}"),
            Field::Tag => format!("tag {index}"),
            #[cfg(feature = "gc")]
            Field::HeapType => crate::machine::HeapCode(index).to_string(),
            Field::Count16 | Field::Count32 | Field::Header => format!("#{index}"),
            Field::Label16 | Field::Label32 | Field::Labels16 | Field::Labels32 => {
                match self.labels.get(value) {
                    Some(number) => format!("L{number}"),
                    None => format!("@{value}"),
                }
            }
        }
    }
}
