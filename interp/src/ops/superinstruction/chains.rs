//! Chains, which are pairs themselves: here they become triples.

use super::rows;
use crate::ops::access::load::{F64Load, I32Load, I64Load, I64Load8U, I64Load32U};
use crate::ops::access::store::{F64Store, I32Store, I64Store, I64Store32};
use crate::ops::access::{Absolute, LoadOp, Near, StoreOp, Sum};
use crate::ops::binary::BinaryOp;
use crate::ops::branch::{Br, BrIf, BrIf64};
use crate::ops::chain::{
    AddTwo, Bits, BrIfLoaded, CopyTwo, LoadTwo, MemoryMove, MulThen, ShlAdd, StoreTwo,
};
use crate::ops::compare::BranchIf;
use crate::ops::compare::integer::{
    I32GeS, I32GtS, I32LtS, I32LtU, I32Ne, I64GeS, I64GeU, I64GtS, I64LeS, I64LtS, I64LtU,
};
use crate::ops::data::Move;
use crate::ops::float::{F64Add, F64Mul, F64Sub};
use crate::ops::go::GoReturn;
use crate::ops::integer::{I32Add, I64Add, I64Sub};
use crate::ops::shape::{Acc, Imm16, Slot, ToAcc, ToSlot};
use crate::ops::unary::{F64Sqrt, I32WrapI64, UnaryOp};

rows! {
    AddTwo<u64> =>
        BranchIf<I64GeS, Slot, Slot, true>, BranchIf<I64GeS, Slot, Imm16, true>,
        BranchIf<I64LtS, Slot, Imm16, true>, BranchIf<I64LeS, Slot, Imm16, true>,
        BranchIf<I64GtS, Slot, Imm16, true>, AddTwo<u64>, BinaryOp<I64Sub, Slot, Imm16, ToSlot>, BrIf<Acc, true>,
        UnaryOp<F64Sqrt, Slot, ToAcc>;
    LoadTwo<u64> =>
        LoadTwo<u64>, LoadOp<I64Load, Near<Slot, false>, ToSlot>, Br<false>, UnaryOp<I32WrapI64, Acc, ToSlot>,
        Move<u64, Slot, ToSlot>, Move<u64, Imm16, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Slot>,
        BranchIf<I64GeU, Acc, Slot, true>, CopyTwo, LoadOp<I64Load8U, Near<Slot, false>, ToSlot>,
        LoadOp<I64Load, Near<Slot, false>, ToAcc>;
    MemoryMove<u64, Near<Slot, false>> =>
        MemoryMove<u64, Sum>, MemoryMove<u64, Near<Slot, false>>, StoreOp<I64Store, Sum, Slot>,
        Move<u64, Imm16, ToAcc>, LoadOp<I64Load, Near<Slot, false>, ToSlot>, LoadTwo<u64>,
        LoadOp<I64Load32U, Absolute, ToAcc>, GoReturn, LoadOp<I64Load, Near<Slot, false>, ToAcc>;
    MemoryMove<u64, Sum> =>
        MemoryMove<u64, Sum>, StoreOp<I64Store, Sum, Slot>, GoReturn, Move<u64, Imm16, ToAcc>,
        BinaryOp<I64Add, Slot, Imm16, ToAcc>, LoadOp<I64Load8U, Near<Slot, false>, ToAcc>;
    ShlAdd<u64, ToSlot> =>
        LoadOp<F64Load, Near<Acc, false>, ToSlot>, LoadOp<I64Load, Near<Acc, false>, ToSlot>,
        BranchIf<I64LtU, Slot, Slot, true>, LoadOp<I64Load8U, Near<Acc, false>, ToSlot>;
    StoreTwo =>
        StoreOp<I64Store, Near<Slot, false>, Slot>, StoreTwo, MemoryMove<u64, Sum>,
        StoreOp<I64Store32, Near<Slot, false>, Slot>, StoreOp<I64Store, Sum, Slot>, BrIfLoaded<u64, true>,
        BrIf64<Slot, false>;
    ShlAdd<u64, ToAcc> =>
        LoadOp<I64Load, Near<Acc, false>, ToSlot>, StoreOp<I64Store, Near<Acc, false>, Slot>,
        LoadOp<I64Load, Near<Acc, false>, ToAcc>;
    AddTwo<u32> =>
        BrIf<Acc, true>, BranchIf<I32GeS, Slot, Slot, true>, BranchIf<I32GeS, Slot, Imm16, true>,
        BranchIf<I32LtS, Slot, Imm16, true>, BranchIf<I32Ne, Acc, Imm16, true>;
    CopyTwo =>
        Move<u64, Slot, ToSlot>, CopyTwo, Move<u64, Imm16, ToSlot>, Br<false>,
        BinaryOp<I32Add, Slot, Imm16, ToSlot>;
    LoadTwo<u32> =>
        LoadOp<I32Load, Near<Slot, false>, ToSlot>, LoadTwo<u32>, BinaryOp<I32GtS, Slot, Acc, ToSlot>, Br<false>;
    MemoryMove<u32, Near<Slot, false>> =>
        MemoryMove<u32, Sum>, MemoryMove<u32, Near<Slot, false>>, StoreOp<I32Store, Sum, Slot>,
        Move<u32, Imm16, ToAcc>, LoadOp<I32Load, Near<Slot, false>, ToSlot>,
        StoreOp<I32Store, Near<Slot, false>, Slot>;
    MulThen<F64Mul, F64Add, Slot, ToAcc, false> =>
        StoreOp<F64Store, Near<Slot, false>, Acc>;
    MulThen<F64Mul, F64Add, Acc, ToSlot, false> =>
        AddTwo<u64>, AddTwo<u32>;
    Bits<u32, ToAcc> =>
        LoadOp<I32Load, Near<Acc, true>, ToAcc>, BinaryOp<I32Add, Slot, Acc, ToSlot>;
    MemoryMove<u32, Sum> =>
        MemoryMove<u32, Sum>, StoreOp<I32Store, Sum, Slot>, GoReturn;
    ShlAdd<u32, ToSlot> =>
        LoadOp<F64Load, Near<Acc, false>, ToSlot>, LoadOp<I32Load, Near<Acc, false>, ToSlot>,
        BranchIf<I32LtU, Slot, Slot, true>;
    ShlAdd<u32, ToAcc> =>
        LoadOp<I32Load, Near<Acc, false>, ToSlot>;
    MulThen<F64Mul, F64Sub, Acc, ToAcc, false> =>
        StoreOp<F64Store, Near<Slot, false>, Acc>;
    MulThen<F64Mul, F64Add, Slot, ToSlot, false> =>
        BinaryOp<I64Add, Slot, Imm16, ToSlot>, MulThen<F64Mul, F64Add, Slot, ToSlot, false>;
    MulThen<F64Mul, F64Add, Acc, ToAcc, true> =>
        BinaryOp<F64Add, Slot, Acc, ToAcc>;
    MulThen<F64Mul, F64Add, Acc, ToAcc, false> =>
        StoreOp<F64Store, Near<Slot, false>, Acc>;
    MulThen<F64Mul, F64Sub, Acc, ToSlot, false> =>
        StoreOp<F64Store, Near<Slot, false>, Acc>;
    Bits<u64, ToAcc> =>
        LoadOp<I64Load, Near<Acc, true>, ToAcc>;
}
