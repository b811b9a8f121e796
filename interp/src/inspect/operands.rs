//! Formats the operands of an op for a listing.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};

use super::decode::{Decoded, Operand, is_label, kind, mnemonic, output};
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
        let dst = op
            .operands
            .iter()
            .find(|operand| operand.field == Field::Dst);
        if let Some(dst) = dst {
            text = format!("{} ← ", self.operand(def.name, dst));
        } else if let Some(accumulator) = output(op.op) {
            text = format!("{accumulator} ← ");
        }
        text.push_str(&mnemonic(&def));
        let mut separator = " ";
        for operand in &op.operands {
            // The number of labels that follow is visible.
            let is_table = def
                .fields
                .iter()
                .any(|field| field.granules_each().is_some());
            let is_count = is_table && matches!(operand.field, Field::Index16 | Field::Index32);
            if is_count || operand.field == Field::Dst {
                continue;
            }
            let is_offset = matches!(operand.field, Field::Offset16 | Field::Offset32);
            text.push_str(if is_offset { " " } else { separator });
            text.push_str(&self.operand(def.name, operand));
            separator = ", ";
        }
        text
    }

    fn operand(&self, op: &str, Operand { field, value }: &Operand) -> String {
        match field {
            Field::Acc | Field::Facc | Field::Sp | Field::Narrow => kind(*field).to_string(),
            // The operands were decoded as unsigned numbers.
            Field::Dst | Field::Slot | Field::Base => self.layout.slot(*value as usize),
            // The constant contains the bits of a float.
            Field::Imm32 if op == "f32.const" => f32::from_bits(*value as u32).to_string(),
            Field::Imm64 if op == "f64.const" => f64::from_bits(*value as u64).to_string(),
            Field::Imm16 | Field::Imm32 | Field::Imm64 => value.to_string(),
            Field::Offset16 | Field::Offset32 => format!("+{value}"),
            Field::Index16 | Field::Index32 => self.index(op, *field, *value as u32),
            label if is_label(*label) => match self.labels.get(value) {
                Some(number) => format!("L{number}"),
                None => format!("@{value}"),
            },
            _ => value.to_string(),
        }
    }

    /// An index, of whatever kind the op's name tells.
    fn index(&self, op: &str, field: Field, index: u32) -> String {
        match (op, field) {
            (op, Field::Index32) if op.ends_with("import") => self.names.func(index),
            (op, Field::Index32) if is_call(op) => self.names.defined(index),
            ("go.call", Field::Index16) => self.names.defined(index),
            ("global.get" | "global.set", Field::Index16) => {
                format!("g{}", self.imported_globals + index)
            }
            ("global.get" | "global.set", _) => format!("g{index}"),
            _ => format!("#{index}"),
        }
    }
}

/// Returns whether an op refers to a function that the module defines.
fn is_call(op: &str) -> bool {
    op == "ref.func" || op.contains("call") && !op.contains("indirect")
}
