//! Wide arithmetic: instructions with two results of 64 bits, the low half and the high half (proposal "wide arithmetic").

use super::Function;
use crate::dispatch::OpNumber;
use crate::lower::{Inst, Operand};
use crate::machine::{Class, SlotIndex};
use crate::ops::binary::BinaryOp;
use crate::ops::data::Move;
use crate::ops::integer::{I64Add, I64Mul, I64Sub};
use crate::ops::number;
use crate::ops::shape::{Slot, ToSlot};
use crate::ops::wide::{AddHigh, MulHighS, MulHighU, SubHigh};

/// The ops of an instruction with two results.
#[derive(Clone, Copy)]
pub(super) struct Halves {
    low: OpNumber,
    high: OpNumber,
}

impl Halves {
    pub(super) const ADD: Self = Self {
        low: number::<BinaryOp<I64Add, Slot, Slot, ToSlot>>(),
        high: number::<AddHigh>(),
    };
    pub(super) const SUB: Self = Self {
        low: number::<BinaryOp<I64Sub, Slot, Slot, ToSlot>>(),
        high: number::<SubHigh>(),
    };
    pub(super) const MUL_SIGNED: Self = Self {
        low: MUL,
        high: number::<MulHighS>(),
    };
    pub(super) const MUL_UNSIGNED: Self = Self {
        low: MUL,
        high: number::<MulHighU>(),
    };
}

const MUL: OpNumber = number::<BinaryOp<I64Mul, Slot, Slot, ToSlot>>();
const COPY: OpNumber = number::<Move<u64, Slot, ToSlot>>();

impl Function {
    /// Lowers a sum or a difference of two numbers in two halves each.
    pub(super) fn wide_sum(&mut self, halves: Halves) {
        let [b_high, b_low, a_high, a_low] =
            [self.pop(), self.pop(), self.pop(), self.pop()].map(|value| self.whole_slot_of(value));
        // The low half does not read the slot of the high half, where `a_high` may be.
        let high = Inst::new(halves.high, &[a_low.0, a_high.0, b_low.0, b_high.0]);
        let home = self.temp(self.operands.height() + 1);
        self.push_halves(Inst::new(halves.low, &[a_low.0, b_low.0]), high, home);
    }

    /// Lowers a product of two numbers of 64 bits.
    pub(super) fn wide_product(&mut self, halves: Halves) {
        let (b, a) = (self.pop(), self.pop());
        let slots = [a, b].map(|value| self.whole_slot_of(value).0);
        // The low half reads `b`. If that is in the slot of the high half, the high half waits elsewhere.
        let home = self.temp(self.operands.height() + 1);
        let is_free = slots[1] != home.0;
        let high_at = if is_free {
            home
        } else {
            self.temp(self.operands.height() + 2)
        };
        let [low, high] = [halves.low, halves.high].map(|op| Inst::new(op, &slots));
        self.push_halves(low, high, high_at);
        if !is_free {
            let copy = Inst::new(COPY, &[high_at.0]).dst(home);
            self.code.push_value(copy, Class::Integer);
            self.code.pin(home);
        }
    }

    /// Appends the ops of both halves, first the high one, which goes to slot `high_at`. Pushes the results.
    fn push_halves(&mut self, low: Inst, high: Inst, high_at: SlotIndex) {
        self.code.push_value(high.dst(high_at), Class::Integer);
        self.code.pin(high_at);
        self.push_unfolded(low);
        self.operands.push(Operand::Temp, false);
    }
}
