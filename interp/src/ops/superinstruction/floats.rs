//! Float arithmetic.

use super::rows;
use crate::ops::access::load::F64Load;
use crate::ops::access::store::F64Store;
use crate::ops::access::{LoadOp, Near, StoreOp, Sum};
use crate::ops::binary::BinaryOp;
use crate::ops::chain::{AddBranch, AddTwo, MulThen};
use crate::ops::compare::integer::{I32LtS, I64LtS};
use crate::ops::data::Move;
use crate::ops::float::{F64Add, F64Div, F64Mul, F64Sub};
use crate::ops::shape::{Acc, Imm16, Imm64, Slot, ToAcc, ToSlot};
use crate::ops::unary::{F64ConvertI64S, F64Sqrt, UnaryOp};

rows! {
    BinaryOp<F64Add, Slot, Acc, ToAcc> =>
        Move<u64, Imm64, ToSlot>, StoreOp<F64Store, Near<Slot, false>, Acc>, BinaryOp<F64Add, Slot, Acc, ToAcc>,
        BinaryOp<F64Add, Slot, Acc, ToSlot>;
    BinaryOp<F64Add, Slot, Slot, ToSlot> =>
        BinaryOp<F64Add, Slot, Slot, ToSlot>, AddBranch<I64LtS, u64, Imm16>, AddBranch<I32LtS, u32, Imm16>;
    BinaryOp<F64Mul, Slot, Slot, ToSlot> =>
        BinaryOp<F64Mul, Slot, Slot, ToSlot>, BinaryOp<F64Add, Slot, Acc, ToAcc>,
        MulThen<F64Mul, F64Add, Slot, ToSlot, false>;
    BinaryOp<F64Mul, Slot, Acc, ToSlot> =>
        BinaryOp<F64Add, Slot, Slot, ToSlot>, LoadOp<F64Load, Sum, ToSlot>;
    BinaryOp<F64Add, Slot, Slot, ToAcc> =>
        BinaryOp<F64Mul, Slot, Acc, ToSlot>;
    BinaryOp<F64Sub, Slot, Slot, ToSlot> =>
        BinaryOp<F64Add, Slot, Slot, ToAcc>;
    BinaryOp<F64Mul, Acc, Slot, ToAcc> =>
        BinaryOp<F64Mul, Acc, Slot, ToSlot>, MulThen<F64Mul, F64Sub, Acc, ToAcc, false>,
        MulThen<F64Mul, F64Add, Acc, ToAcc, false>, BinaryOp<F64Div, Slot, Acc, ToSlot>;
    BinaryOp<F64Div, Slot, Acc, ToAcc> =>
        MulThen<F64Mul, F64Add, Acc, ToSlot, false>;
    UnaryOp<F64ConvertI64S, Acc, ToAcc> =>
        Move<u64, Imm64, ToSlot>;
    BinaryOp<F64Mul, Acc, Slot, ToSlot> =>
        LoadOp<F64Load, Near<Acc, false>, ToAcc>, LoadOp<F64Load, Near<Slot, false>, ToAcc>, AddTwo<u64>;
    BinaryOp<F64Sub, Slot, Acc, ToSlot> =>
        LoadOp<F64Load, Sum, ToSlot>, BinaryOp<F64Mul, Slot, Slot, ToSlot>;
    BinaryOp<F64Add, Slot, Acc, ToSlot> =>
        AddTwo<u32>;
    BinaryOp<F64Div, Slot, Acc, ToSlot> =>
        MulThen<F64Mul, F64Sub, Acc, ToSlot, false>;
    UnaryOp<F64Sqrt, Slot, ToAcc> =>
        BinaryOp<F64Mul, Acc, Slot, ToAcc>;
}
