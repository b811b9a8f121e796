//! Arithmetic, comparisons, conversions.

use super::Function;
use super::value::Value;
use crate::lower::{Arg, Inst};
use crate::machine::Class;
use crate::ops::binary::Binary;
use crate::ops::compare::integer::{I32Eq, I32Ne, I64Eq, I64Ne};
use crate::ops::compare::{opposite, swapped};
use crate::ops::integer::{
    I32Add, I32And, I32Mul, I32Or, I32Xor, I64Add, I64And, I64Mul, I64Or, I64Xor,
};
use crate::ops::shapes::{Pair, Shape, Source, To};
use crate::ops::unary::{I32Eqz, I64Eqz, Unary};
use crate::ops::{Kind, Opcode, Row, row, row_of};

/// Returns the comparison with 0 that is equivalent to `eqz`. No other code has to handle `eqz` then.
fn equal_zero(opcode: Opcode) -> Option<&'static Row> {
    match opcode {
        I32Eqz::OPCODE => row(I32Eq::OPCODE),
        I64Eqz::OPCODE => row(I64Eq::OPCODE),
        _ => None,
    }
}

impl Function {
    /// Lowers an operator that has a row.
    pub(super) fn numeric(&mut self, opcode: Opcode) {
        let row = row(opcode).expect("validation admits only operators that are lowered");
        match row.kind {
            Kind::Unary => self.unary(opcode),
            Kind::Integer | Kind::IntegerCompare => self.integer(row),
            Kind::Float => self.arithmetic(row),
            Kind::FloatCompare => {
                self.float(row);
            }
            Kind::Vector { .. } | Kind::VectorAccess { .. } | Kind::Load | Kind::Store => {
                unreachable!("vectors and memory have their own way")
            }
        }
    }

    /// Lowers an operator with one operand.
    pub(super) fn unary(&mut self, opcode: Opcode) {
        let row = row(opcode).expect("a row");
        let value = self.pop();
        if let Some(bits) = value.constant()
            && let Some(result) = row.fold(bits, 0)
        {
            self.push_const(self.folded(opcode, result));
            return;
        }
        if let Some(equal) = equal_zero(opcode) {
            if !self.invert_comparison(value) {
                let inst = match self.take(value, Class::Integer) {
                    Arg::Slot(slot) => Inst::new(equal.op(value_of(Pair::SlotImm16)), &[slot.0]),
                    Arg::Acc => Inst::new(equal.op(value_of(Pair::AccImm16)), &[]),
                };
                self.push_result(inst, Class::Integer);
            }
            return;
        }
        // A constant that is not folded traps, or has an unusual operator. Any slot will do.
        let arg = if value.constant().is_some() {
            Arg::Slot(self.slot_of(value))
        } else {
            self.take(value, row.class_in)
        };
        let inst = match arg {
            Arg::Slot(slot) => Inst::new(row.op(Shape::Unary(Source::Slot, To::Slot)), &[slot.0]),
            Arg::Acc => Inst::new(row.op(Shape::Unary(Source::Acc, To::Slot)), &[]),
        };
        self.push_result(inst, row.class_out);
        #[cfg(feature = "canonical-nans")]
        if self.canonical_nans {
            self.make_canonical(opcode);
        }
    }

    /// The constant result of an instruction.
    #[inline(always)]
    fn folded(&self, opcode: Opcode, bits: u64) -> u64 {
        #[cfg(feature = "canonical-nans")]
        if self.canonical_nans {
            return super::canonical::folded(opcode, bits);
        }
        let _ = opcode;
        bits
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
        inst.op = other.op(shape);
        self.push_result(inst, Class::Integer);
        true
    }

    /// Lowers an operator with two integers.
    fn integer(&mut self, mut row_now: &'static Row) {
        let mut b = self.pop();
        let mut a = self.pop();
        if let (Some(x), Some(y)) = (a.constant(), b.constant())
            && let Some(result) = row_now.fold(x, y)
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
        if matches!(row_now.opcode, I32Add::OPCODE | I64Add::OPCODE)
            && self.push_sum(a, b, row_now.opcode == I64Add::OPCODE)
        {
            return;
        }
        if row_now.opcode == I64And::OPCODE
            && b.constant() == Some(u64::from(u32::MAX))
            && a.constant().is_none()
        {
            self.push_low_half(a);
            return;
        }
        let (pair, inst) = self.integer_pair(a, b, row_now.is_32);
        let op = row_now.op(value_of(pair));
        self.push_result(Inst { op, ..inst }, Class::Integer);
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
                    self.take(a, Class::Integer)
                };
                return match arg {
                    Arg::Slot(slot) => (slot_pair, Inst::new(Inst::NONE, &[slot.0]).imm(bits)),
                    Arg::Acc => (acc_pair, Inst::default().imm(bits)),
                };
            }
            let a = self.slot_of(a);
            self.const_to_acc(bits);
            return (Pair::SlotAcc, Inst::new(Inst::NONE, &[a.0]));
        }
        if let Some(bits) = a.constant() {
            self.const_to_acc(bits);
            return (Pair::AccSlot, Inst::new(Inst::NONE, &[b.slot.0]));
        }
        self.slots_pair(a, b, Class::Integer)
    }

    /// Returns the shape for two values in slots or in an accumulator.
    fn slots_pair(&mut self, a: Value, b: Value, class: Class) -> (Pair, Inst) {
        if let Arg::Acc = self.take(b, class) {
            return (Pair::SlotAcc, Inst::new(Inst::NONE, &[a.slot.0]));
        }
        match self.take(a, class) {
            Arg::Acc => (Pair::AccSlot, Inst::new(Inst::NONE, &[b.slot.0])),
            Arg::Slot(slot) => (Pair::SlotSlot, Inst::new(Inst::NONE, &[slot.0, b.slot.0])),
        }
    }

    /// Lowers an operator with two floats and a float as its result.
    fn arithmetic(&mut self, row: &'static Row) {
        let _is_folded = self.float(row);
        #[cfg(feature = "canonical-nans")]
        if self.canonical_nans && !_is_folded {
            self.make_canonical(row.opcode);
        }
    }

    /// Lowers an operator with two floats. Returns whether the result is a constant.
    fn float(&mut self, row: &'static Row) -> bool {
        let b = self.pop();
        let a = self.pop();
        if let (Some(x), Some(y)) = (a.constant(), b.constant())
            && let Some(result) = row.fold(x, y)
        {
            self.push_const(self.folded(row.opcode, result));
            return true;
        }
        for value in [a, b] {
            if value.constant().is_some() {
                self.slot_of(value);
            }
        }
        let (pair, inst) = self.slots_pair(a, b, Class::Float);
        let op = row.op(value_of(pair));
        self.push_result(Inst { op, ..inst }, row.class_out);
        false
    }
}

/// Returns whether the operands can be exchanged.
fn commutes(opcode: Opcode) -> bool {
    matches!(
        opcode,
        I32Add::OPCODE
            | I32Mul::OPCODE
            | I32And::OPCODE
            | I32Or::OPCODE
            | I32Xor::OPCODE
            | I32Eq::OPCODE
            | I32Ne::OPCODE
            | I64Add::OPCODE
            | I64Mul::OPCODE
            | I64And::OPCODE
            | I64Or::OPCODE
            | I64Xor::OPCODE
            | I64Eq::OPCODE
            | I64Ne::OPCODE
    )
}

/// The shape with inputs as `pair` has them and an output in a slot, from which it may still be taken.
const fn value_of(pair: Pair) -> Shape {
    Shape::Value(pair, To::Slot)
}
