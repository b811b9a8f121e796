//! Arithmetic, comparisons, conversions.

use super::Function;
use super::value::Value;
use crate::lower::{Arg, Inst};
use crate::ops::compare::{opposite, swapped};
use crate::ops::shape::Pair;
use crate::ops::{Kind, Row, row, row_of};

/// Returns the comparison with 0 that is equivalent to `eqz`. No other code has to handle `eqz` then.
fn equal_zero(opcode: u16) -> Option<&'static Row> {
    match opcode {
        0x45 => row(0x46),
        0x50 => row(0x51),
        _ => None,
    }
}

const I32_ADD: u16 = 0x6a;
const I64_ADD: u16 = 0x7c;
const I64_AND: u16 = 0x83;

impl Function {
    /// Lowers an operator that has a row.
    pub(super) fn numeric(&mut self, opcode: u16) {
        let row = row(opcode).expect("validation admits only operators that are lowered");
        match row.kind {
            Kind::Unary => self.unary(opcode),
            Kind::Integer | Kind::IntegerCompare => self.integer(row),
            Kind::Float | Kind::FloatCompare => self.float(row),
            Kind::Load | Kind::Store => unreachable!("memory operators have their own way"),
        }
    }

    /// Lowers an operator with one operand.
    pub(super) fn unary(&mut self, opcode: u16) {
        let row = row(opcode).expect("a row");
        let value = self.pop();
        if let Some(bits) = value.constant()
            && let Ok(result) = (row.eval)(bits, 0)
        {
            self.push_const(result);
            return;
        }
        if let Some(equal) = equal_zero(opcode) {
            if !self.invert_comparison(value) {
                let (pair, inst) = match self.take(value, false) {
                    Arg::Slot(slot) => (Pair::SlotImm16, Inst::new(0, &[slot])),
                    Arg::Acc => (Pair::AccImm16, Inst::default()),
                };
                self.push_result(
                    Inst {
                        op: equal.first + 2 * pair as u16,
                        ..inst
                    },
                    false,
                );
            }
            return;
        }
        // A constant that is not folded traps, or has an unusual operator. Any slot will do.
        let arg = if value.constant().is_some() {
            Arg::Slot(self.slot_of(value))
        } else {
            self.take(value, row.float_in)
        };
        let inst = match arg {
            Arg::Slot(slot) => Inst::new(row.first, &[slot]),
            Arg::Acc => Inst::new(row.first + 2, &[]),
        };
        self.push_result(inst, row.float_out);
    }

    /// Replaces `eqz` of an integer comparison by the opposite comparison.
    fn invert_comparison(&mut self, value: Value) -> bool {
        if !value.is_temp() {
            return false;
        }
        let Some(&inst) = self.code.last_producer(value.slot) else {
            return false;
        };
        let Some((row_now, shape)) = row_of(inst.op) else {
            return false;
        };
        if row_now.kind != Kind::IntegerCompare {
            return false;
        }
        let other = row(opposite(row_now.opcode)).expect("comparisons come in pairs");
        let mut inst = self.code.remove_last();
        inst.op = other.first + shape;
        self.push_result(inst, false);
        true
    }

    /// Lowers an operator with two integers.
    fn integer(&mut self, mut row_now: &'static Row) {
        let mut b = self.pop();
        let mut a = self.pop();
        if let (Some(x), Some(y)) = (a.constant(), b.constant())
            && let Ok(result) = (row_now.eval)(x, y)
        {
            self.push_const(result);
            return;
        }
        if a.constant().is_some() && b.constant().is_none() {
            if commutes(row_now.opcode) {
                (a, b) = (b, a);
            } else if swapped(row_now.opcode) != row_now.opcode {
                row_now = row(swapped(row_now.opcode)).expect("comparisons come in pairs");
                (a, b) = (b, a);
            }
        }
        if matches!(row_now.opcode, I32_ADD | I64_ADD)
            && self.push_sum(a, b, row_now.opcode == I64_ADD)
        {
            return;
        }
        if row_now.opcode == I64_AND
            && b.constant() == Some(u64::from(u32::MAX))
            && a.constant().is_none()
        {
            self.push_low_half(a);
            return;
        }
        let (pair, inst) = self.integer_pair(a, b, row_now.is_32);
        // Each shape has two forms.
        self.push_result(
            Inst {
                op: row_now.first + 2 * pair as u16,
                ..inst
            },
            false,
        );
    }

    /// Returns the shape for two integers, and an instruction with their operands.
    fn integer_pair(&mut self, a: Value, b: Value, is_32: bool) -> (Pair, Inst) {
        if let Some(bits) = b.constant() {
            // The op extends the encoded constant to the width that it reads.
            let number = if is_32 {
                i64::from(bits as i32)
            } else {
                bits as i64
            };
            let pairs = if i16::try_from(number).is_ok() {
                Some((Pair::SlotImm16, Pair::AccImm16))
            } else if i32::try_from(number).is_ok() {
                Some((Pair::SlotImm32, Pair::AccImm32))
            } else {
                None
            };
            if let Some((slot_pair, acc_pair)) = pairs {
                let arg = if a.constant().is_some() {
                    Arg::Slot(self.slot_of(a))
                } else {
                    self.take(a, false)
                };
                return match arg {
                    Arg::Slot(slot) => (slot_pair, Inst::new(0, &[slot]).imm(bits)),
                    Arg::Acc => (acc_pair, Inst::default().imm(bits)),
                };
            }
            let a = self.slot_of(a);
            self.const_to_acc(bits);
            return (Pair::SlotAcc, Inst::new(0, &[a]));
        }
        if let Some(bits) = a.constant() {
            self.const_to_acc(bits);
            return (Pair::AccSlot, Inst::new(0, &[b.slot]));
        }
        self.slots_pair(a, b, false)
    }

    /// Returns the shape for two values in slots or in an accumulator.
    fn slots_pair(&mut self, a: Value, b: Value, float: bool) -> (Pair, Inst) {
        if let Arg::Acc = self.take(b, float) {
            return (Pair::SlotAcc, Inst::new(0, &[a.slot]));
        }
        match self.take(a, float) {
            Arg::Acc => (Pair::AccSlot, Inst::new(0, &[b.slot])),
            Arg::Slot(slot) => (Pair::SlotSlot, Inst::new(0, &[slot, b.slot])),
        }
    }

    /// Lowers an operator with two floats.
    fn float(&mut self, row: &'static Row) {
        let b = self.pop();
        let a = self.pop();
        if let (Some(x), Some(y)) = (a.constant(), b.constant())
            && let Ok(result) = (row.eval)(x, y)
        {
            self.push_const(result);
            return;
        }
        for value in [a, b] {
            if value.constant().is_some() {
                self.slot_of(value);
            }
        }
        let (pair, inst) = self.slots_pair(a, b, true);
        self.push_result(
            Inst {
                op: row.first + 2 * pair as u16,
                ..inst
            },
            row.float_out,
        );
    }
}

/// Returns whether the operands can be exchanged.
fn commutes(opcode: u16) -> bool {
    // add, mul, and, or, xor; eq, ne: for i32, then for i64.
    matches!(opcode, 0x6a | 0x6c | 0x71..=0x73 | 0x46 | 0x47 | 0x7c | 0x7e | 0x83..=0x85 | 0x51 | 0x52)
}
