//! Operators on vectors whose op has more than slots in it: a constant, or what the last instructions computed.

use super::Function;
use super::vector::Halves;
use crate::dispatch::OpNumber;
use crate::lower::{Inst, Operand};
use crate::machine::Class;
use crate::ops::binary::{Binary, BinaryOp};
use crate::ops::shape::{Slot, ToSlot};
use crate::ops::shapes::Shape;
use crate::ops::vector::ShiftByOp;
use crate::ops::vector::bits::two::V128Or;
use crate::ops::vector::chain::{MulAdd, Rotate};
use crate::ops::vector::float::two::{F32x4Add, F32x4Mul, F64x2Add, F64x2Mul};
use crate::ops::vector::integer::shift::{I32x4Shl, I32x4ShrU, I64x2Shl, I64x2ShrU};
use crate::ops::{Row, number};

/// A shift to the left, one to the right, the rotation that both are together, and the number of bits of a lane.
const ROTATIONS: [(OpNumber, OpNumber, OpNumber, u16); 2] = [
    (
        number::<ShiftByOp<I32x4Shl>>(),
        number::<ShiftByOp<I32x4ShrU>>(),
        number::<Rotate<u32>>(),
        32,
    ),
    (
        number::<ShiftByOp<I64x2Shl>>(),
        number::<ShiftByOp<I64x2ShrU>>(),
        number::<Rotate<u64>>(),
        64,
    ),
];

impl Function {
    /// Pops the operands of an operator with two, if one of them is a constant that its op may have in the code. `class` is that of the
    /// second. Returns the instruction.
    pub(super) fn with_constant(
        &mut self,
        row: &Row,
        class: Class,
        constants: &[u8],
    ) -> Option<Inst> {
        if class != Class::Vector {
            let Operand::Const(count) = self.operands.at(self.operands.height() - 1).operand else {
                return None;
            };
            self.operands.pop();
            let a = self.pop_vector();
            // Counts are taken modulo the number of bits of a lane, which has at most 64.
            let count = (count & 63) as u16;
            let op = row.op(Shape::VectorConst(1));
            return Some(Inst::new(op, &[a.0, count]));
        }
        for &input in constants {
            // The second vector is the top one, and each takes two entries.
            let high = self.operands.height() - if input == 1 { 1 } else { 3 };
            let halves = [high - 1, high].map(|height| self.operands.at(height).operand);
            let [Operand::Const(low), Operand::Const(high)] = halves else {
                continue;
            };
            let other = if input == 1 {
                self.pop_halves();
                self.pop_vector()
            } else {
                let second = self.pop_vector();
                self.pop_halves();
                second
            };
            let inst = Inst::new(row.op(Shape::VectorConst(input)), &[other.0]);
            return Some(inst.constant128(u128::from(low) | u128::from(high) << 64));
        }
        None
    }

    /// Pops the operands of an operator with two vectors, if they were computed by instructions that make one op with it. Removes these
    /// instructions, and returns that op.
    pub(super) fn chained(&mut self, row: &Row) -> Option<Inst> {
        match row.opcode {
            V128Or::OPCODE => self.rotated(),
            F32x4Add::OPCODE => self.multiplied(
                number::<BinaryOp<F32x4Mul, Slot, Slot, ToSlot>>(),
                number::<MulAdd<F32x4Mul, F32x4Add>>(),
            ),
            F64x2Add::OPCODE => self.multiplied(
                number::<BinaryOp<F64x2Mul, Slot, Slot, ToSlot>>(),
                number::<MulAdd<F64x2Mul, F64x2Add>>(),
            ),
            _ => None,
        }
    }

    /// Both operands of an `or` are the same vector, shifted to the left and to the right: a rotation.
    fn rotated(&mut self) -> Option<Inst> {
        let (a, b) = (self.peek_halves(4), self.peek_halves(2));
        let [.., first, second] = self.code.straight_tail() else {
            return None;
        };
        // Nothing else reads the temporaries, and the first instruction leaves the vector as it is.
        let from = first.small[0];
        let apart = first.dst.0.abs_diff(from) > 1;
        let computed = a.temp() == Some(first.dst) && b.temp() == Some(second.dst);
        if !apart || !computed || second.small[0] != from {
            return None;
        }
        let ops = (first.op, second.op);
        let counts = [first.small[1], second.small[1]];
        let (op, count) = ROTATIONS
            .iter()
            .find_map(|&(left, right, rotation, bits)| {
                let count = match ops {
                    _ if counts[0].wrapping_add(counts[1]) != bits => None,
                    _ if ops == (left, right) => Some(counts[0]),
                    _ if ops == (right, left) => Some(counts[1]),
                    _ => None,
                };
                count.map(|count| (rotation, count))
            })?;
        for _ in 0..2 {
            self.pop_halves();
            self.code.remove_last();
        }
        Some(Inst::new(op, &[from, count]))
    }

    /// One operand of an addition is the product that the last instruction has computed.
    fn multiplied(&mut self, product: OpNumber, both: OpNumber) -> Option<Inst> {
        let (a, b) = (self.peek_halves(4), self.peek_halves(2));
        let second = self.is_last_vector(&b);
        // Another operand that must be moved first would come between.
        let first = self.is_last_vector(&a) && b.slot().is_some();
        if !(first || second) {
            return None;
        }
        let (op, small) = {
            let last = self.code.last_if_reachable_only_from_above()?;
            (last.op, last.small)
        };
        if op != product {
            return None;
        }
        self.code.remove_last();
        let other = if second {
            self.pop_halves();
            self.pop_vector()
        } else {
            let other = self.pop_vector();
            self.pop_halves();
            other
        };
        Some(Inst::new(both, &[small[0], small[1], other.0]))
    }

    /// The vector whose first entry is so far below the top of the operand stack. It stays there.
    fn peek_halves(&mut self, below: usize) -> Halves {
        let height = self.operands.height() - below;
        Halves {
            low: self.peek(height),
            high: self.peek(height + 1),
        }
    }
}
