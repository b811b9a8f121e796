//! Three ops, the first a load, a store or a copy.

use super::super::rows;
use crate::ops::access::load::{
    F64Load, I32Load, I32Load8S, I32Load8U, I64Load, I64Load8U, I64Load16U, I64Load32S, I64Load32U,
};
use crate::ops::access::store::{
    F64Store, I32Store, I32Store8, I64Store, I64Store8, I64Store16, I64Store32,
};
use crate::ops::access::{Absolute, LoadOp, Near, StoreOp, Sum, Via};
use crate::ops::binary::BinaryOp;
use crate::ops::branch::{Br, BrIf, BrIf64};
use crate::ops::chain::{
    AddBranch, AddTwo, Bits, CopyTwo, LoadTwo, MemoryMove, MulThen, ShlAdd, StoreTwo,
};
use crate::ops::compare::BranchIf;
use crate::ops::compare::integer::{
    I32Eq, I32GeS, I32GtS, I32GtU, I32LtS, I32LtU, I32Ne, I64Eq, I64GeS, I64GeU, I64GtS, I64GtU,
    I64LtS, I64LtU, I64Ne,
};
use crate::ops::data::{GlobalGet, GlobalSet, Move, Select};
use crate::ops::float::{F64Add, F64Div, F64Mul, F64Sub};
use crate::ops::go::GoReturn;
use crate::ops::integer::{
    I32Add, I32And, I32Mul, I32Shl, I32ShrU, I32Sub, I32Xor, I64Add, I64And, I64Mul, I64Shl,
    I64ShrS, I64ShrU, I64Sub, I64Xor,
};
use crate::ops::shape::{Acc, Imm16, Imm32, Imm64, Slot, ToAcc, ToSlot};
use crate::ops::unary::{I32WrapI64, I64Extend32S, UnaryOp};

rows! {
    Move<u64, Imm16, ToAcc>, StoreOp<I64Store, Sum, Acc> =>
        Move<u64, Imm16, ToAcc>, GoReturn, Move<u32, Imm32, ToAcc>, StoreOp<I64Store, Sum, Slot>;
    StoreOp<I64Store, Sum, Acc>, Move<u64, Imm16, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>, StoreOp<I64Store8, Sum, Acc>;
    StoreOp<I32Store8, Near<Acc, false>, Imm16>, BinaryOp<I32Add, Slot, Slot, ToSlot> =>
        BranchIf<I32LtU, Acc, Imm32, true>;
    Move<u64, Imm16, ToAcc>, StoreOp<I64Store8, Sum, Acc> =>
        GoReturn;
    LoadTwo<u64>, LoadTwo<u64> =>
        LoadOp<I64Load, Near<Slot, false>, ToSlot>, LoadTwo<u64>, Br<false>;
    StoreOp<I64Store, Sum, Slot>, StoreOp<I64Store, Sum, Slot> =>
        StoreOp<I64Store, Sum, Slot>, GoReturn, Move<u64, Imm16, ToAcc>, StoreOp<I64Store, Sum, Acc>;
    LoadOp<I64Load, Near<Slot, false>, ToAcc>, BinaryOp<I64Add, Acc, Imm16, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>, LoadOp<I64Load, Near<Slot, false>, ToAcc>, LoadTwo<u64>,
        LoadOp<I64Load, Near<Slot, false>, ToSlot>;
    Move<u64, Slot, ToSlot>, LoadOp<F64Load, Near<Acc, false>, ToSlot> =>
        ShlAdd<u64, ToSlot>, ShlAdd<u32, ToSlot>;
    MemoryMove<u64, Near<Slot, false>>, MemoryMove<u64, Sum> =>
        MemoryMove<u64, Sum>, StoreOp<I64Store, Sum, Slot>;
    LoadOp<F64Load, Near<Acc, false>, ToSlot>, ShlAdd<u64, ToSlot> =>
        LoadOp<F64Load, Near<Acc, false>, ToSlot>;
    LoadOp<F64Load, Near<Acc, false>, ToSlot>, MulThen<F64Mul, F64Add, Slot, ToAcc, false> =>
        StoreOp<F64Store, Near<Slot, false>, Acc>;
    StoreOp<F64Store, Near<Slot, false>, Acc>, AddTwo<u64> =>
        BranchIf<I64GeS, Slot, Slot, true>;
    LoadOp<F64Load, Sum, ToSlot>, LoadOp<F64Load, Sum, ToAcc> =>
        BinaryOp<F64Mul, Slot, Acc, ToSlot>, BinaryOp<F64Sub, Slot, Acc, ToSlot>;
    Move<u32, Imm32, ToAcc>, StoreOp<I64Store, Near<Slot, false>, Acc> =>
        Move<u64, Imm16, ToAcc>, StoreOp<I64Store, Sum, Slot>, MemoryMove<u64, Sum>,
        BinaryOp<I64ShrU, Slot, Imm16, ToAcc>;
    Move<u64, Imm16, ToSlot>, Move<u64, Imm16, ToSlot> =>
        Br<false>, Move<u64, Imm16, ToSlot>, Select<Slot, ToSlot>;
    Move<u32, Imm32, ToAcc>, StoreOp<I64Store, Sum, Acc> =>
        Move<u64, Imm16, ToAcc>, StoreOp<I64Store, Sum, Slot>, Move<u32, Imm32, ToAcc>;
    LoadOp<I64Load, Near<Acc, false>, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Slot>, BranchIf<I64GeU, Acc, Slot, true>;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Slot> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>, StoreOp<I64Store, Sum, Slot>;
    LoadOp<I32Load, Near<Acc, true>, ToSlot>, BinaryOp<I32ShrU, Slot, Imm16, ToAcc> =>
        BinaryOp<I32Xor, Slot, Acc, ToSlot>;
    LoadOp<I64Load, Sum, ToSlot>, LoadOp<I64Load, Sum, ToSlot> =>
        LoadOp<I64Load, Sum, ToSlot>, BrIf64<Slot, true>, StoreOp<I64Store, Sum, Slot>;
    LoadOp<F64Load, Near<Slot, false>, ToSlot>, BinaryOp<I64Add, Slot, Slot, ToSlot> =>
        BinaryOp<I64Add, Acc, Imm16, ToAcc>;
    Move<u64, Imm64, ToSlot>, BinaryOp<F64Div, Slot, Acc, ToAcc> =>
        MulThen<F64Mul, F64Add, Acc, ToSlot, false>;
    LoadOp<I32Load, Sum, ToAcc>, BinaryOp<I32Mul, Slot, Acc, ToSlot> =>
        LoadOp<I32Load, Sum, ToSlot>, LoadOp<I32Load, Near<Slot, false>, ToSlot>;
    LoadOp<F64Load, Sum, ToAcc>, BinaryOp<F64Mul, Slot, Acc, ToSlot> =>
        LoadOp<F64Load, Sum, ToSlot>;
    GlobalGet<ToAcc, false>, LoadOp<I64Load, Near<Acc, false>, ToSlot> =>
        BrIf64<Acc, true>, LoadOp<I64Load8U, Absolute, ToAcc>;
    LoadOp<F64Load, Near<Slot, false>, ToAcc>, BinaryOp<F64Mul, Acc, Slot, ToAcc> =>
        MulThen<F64Mul, F64Sub, Acc, ToAcc, false>, BinaryOp<F64Mul, Acc, Slot, ToSlot>,
        MulThen<F64Mul, F64Add, Acc, ToAcc, false>;
    LoadOp<I64Load, Via<64>, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToAcc> =>
        BranchIf<I64GeU, Acc, Slot, true>, BinaryOp<I64Shl, Acc, Imm16, ToAcc>,
        BinaryOp<I64Add, Slot, Acc, ToSlot>;
    GlobalGet<ToAcc, false>, LoadOp<I32Load, Near<Acc, false>, ToAcc> =>
        BranchIf<I32GtU, Slot, Acc, true>, BinaryOp<I32Add, Acc, Imm16, ToAcc>;
    LoadTwo<u64>, LoadOp<I64Load, Near<Slot, false>, ToSlot> =>
        LoadOp<I64Load32U, Near<Slot, false>, ToSlot>, Br<false>, StoreTwo;
    StoreOp<I64Store, Near<Slot, false>, Slot>, StoreOp<I64Store, Near<Slot, false>, Acc> =>
        AddTwo<u64>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, AddTwo<u64> =>
        BranchIf<I64GeS, Slot, Slot, true>;
    LoadOp<I64Load, Near<Slot, false>, ToAcc>, BinaryOp<I64Shl, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64Add, Slot, Acc, ToAcc>;
    LoadOp<I32Load8U, Near<Acc, false>, ToAcc>, StoreOp<I32Store8, Near<Slot, false>, Acc> =>
        StoreOp<I32Store8, Near<Slot, false>, Slot>, AddBranch<I32LtU, u32, Slot>;
    GlobalGet<ToSlot, false>, Move<u64, Slot, ToSlot> =>
        MemoryMove<u64, Near<Slot, false>>;
    MemoryMove<u64, Near<Slot, false>>, MemoryMove<u64, Near<Slot, false>> =>
        MemoryMove<u64, Near<Slot, false>>, LoadTwo<u64>, LoadOp<I64Load, Near<Slot, false>, ToSlot>;
    LoadOp<I64Load, Via<64>, ToSlot>, MemoryMove<u64, Near<Slot, false>> =>
        StoreOp<I64Store, Sum, Slot>, MemoryMove<u64, Sum>;
    MemoryMove<u64, Sum>, MemoryMove<u64, Sum> =>
        MemoryMove<u64, Sum>;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToAcc> =>
        BinaryOp<I64Shl, Acc, Imm16, ToAcc>, BinaryOp<I64Mul, Slot, Acc, ToAcc>,
        BinaryOp<I64Sub, Slot, Acc, ToSlot>, BinaryOp<I64Add, Acc, Imm16, ToSlot>;
    LoadOp<I64Load, Near<Slot, false>, ToAcc>, BinaryOp<I64Add, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Shl, Acc, Imm16, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Acc>;
    LoadOp<I64Load, Near<Acc, false>, ToSlot>, LoadTwo<u64> =>
        LoadOp<I64Load, Near<Slot, false>, ToSlot>, UnaryOp<I32WrapI64, Acc, ToSlot>;
    StoreOp<I64Store, Sum, Slot>, Move<u64, Imm16, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>, StoreOp<I64Store32, Sum, Acc>, StoreOp<I64Store8, Sum, Acc>;
    LoadOp<I32Load, Sum, ToSlot>, LoadOp<I32Load, Sum, ToAcc> =>
        BinaryOp<I32Mul, Slot, Acc, ToSlot>;
    LoadOp<I32Load8U, Near<Slot, false>, ToSlot>, BinaryOp<I32Add, Slot, Imm16, ToSlot> =>
        BrIf<Slot, true>;
    LoadOp<I64Load, Near<Slot, false>, ToAcc>, BinaryOp<I64ShrU, Acc, Imm16, ToSlot> =>
        BranchIf<I64LtU, Acc, Imm16, true>;
    LoadOp<I32Load, Near<Acc, true>, ToAcc>, BinaryOp<I32Xor, Slot, Acc, ToSlot> =>
        Bits<u32, ToAcc>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, Move<u64, Imm16, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>;
    StoreOp<I32Store8, Near<Slot, false>, Acc>, StoreOp<I32Store8, Near<Slot, false>, Slot> =>
        BinaryOp<I32Add, Slot, Imm16, ToSlot>, AddBranch<I32Ne, u32, Slot>;
    Move<u64, Slot, ToSlot>, MemoryMove<u64, Near<Slot, false>> =>
        MemoryMove<u64, Near<Slot, false>>;
    Move<u64, Imm16, ToAcc>, BinaryOp<I32Sub, Acc, Slot, ToAcc> =>
        BinaryOp<I32And, Acc, Imm16, ToSlot>;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, BinaryOp<I64Eq, Acc, Imm16, ToSlot> =>
        BrIf64<Acc, true>, BinaryOp<I64Sub, Slot, Slot, ToSlot>;
    MemoryMove<u64, Near<Slot, false>>, Move<u64, Imm16, ToAcc> =>
        StoreOp<I64Store32, Sum, Acc>, StoreOp<I64Store, Sum, Acc>;
    Move<u32, Imm16, ToAcc>, StoreOp<I32Store, Sum, Acc> =>
        Move<u32, Imm16, ToAcc>, GoReturn;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, BinaryOp<I64Mul, Slot, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64Add, Acc, Imm16, ToAcc>;
    LoadOp<I64Load, Near<Acc, false>, ToAcc>, BinaryOp<I64ShrU, Acc, Imm16, ToSlot> =>
        BranchIf<I64LtU, Acc, Imm16, true>;
    LoadOp<I32Load8U, Near<Slot, false>, ToSlot>, LoadOp<I32Load8U, Near<Slot, false>, ToSlot> =>
        BranchIf<I32Eq, Slot, Acc, true>;
    Move<u64, Imm16, ToSlot>, BinaryOp<I64Eq, Slot, Imm16, ToSlot> =>
        BrIf64<Acc, true>;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, BinaryOp<I64Add, Slot, Imm16, ToSlot> =>
        BrIf64<Slot, false>, ShlAdd<u64, ToSlot>;
    StoreOp<F64Store, Near<Slot, false>, Acc>, LoadOp<F64Load, Near<Slot, false>, ToSlot> =>
        LoadOp<F64Load, Near<Slot, false>, ToAcc>;
    LoadOp<F64Load, Near<Slot, false>, ToSlot>, LoadOp<F64Load, Near<Slot, false>, ToAcc> =>
        BinaryOp<F64Mul, Acc, Slot, ToAcc>;
    Move<u64, Imm64, ToAcc>, BinaryOp<I64Mul, Slot, Acc, ToSlot> =>
        Move<u64, Imm64, ToAcc>;
    MemoryMove<u64, Near<Slot, false>>, StoreOp<I64Store, Sum, Slot> =>
        StoreOp<I64Store, Sum, Slot>, Move<u64, Imm16, ToAcc>;
    StoreOp<I64Store, Sum, Acc>, Move<u32, Imm32, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>;
    LoadOp<I64Load8U, Near<Slot, false>, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToSlot> =>
        Br<false>;
    LoadOp<I32Load8U, Near<Acc, false>, ToSlot>, BinaryOp<I32Add, Slot, Imm32, ToAcc> =>
        LoadOp<I32Load8U, Near<Acc, false>, ToAcc>;
    LoadOp<I32Load8U, Near<Acc, false>, ToAcc>, BinaryOp<I32Xor, Acc, Slot, ToAcc> =>
        BinaryOp<I32And, Acc, Imm16, ToAcc>;
    StoreOp<I32Store, Sum, Acc>, Move<u32, Imm16, ToAcc> =>
        StoreOp<I32Store, Sum, Acc>;
    LoadOp<I32Load8U, Near<Acc, false>, ToSlot>, BinaryOp<I32Add, Slot, Imm16, ToSlot> =>
        LoadOp<I32Load8U, Near<Acc, false>, ToAcc>;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, LoadOp<I64Load, Via<64>, ToAcc> =>
        BinaryOp<I64Add, Acc, Imm16, ToAcc>;
    StoreOp<I64Store8, Near<Acc, false>, Imm16>, BinaryOp<I64Add, Slot, Slot, ToSlot> =>
        BranchIf<I64LtU, Acc, Imm32, true>;
    StoreOp<I32Store8, Near<Slot, false>, Slot>, BinaryOp<I32Add, Slot, Imm16, ToSlot> =>
        LoadOp<I32Load8U, Near<Acc, false>, ToSlot>;
    GlobalGet<ToSlot, false>, LoadOp<I64Load, Near<Acc, false>, ToSlot> =>
        LoadTwo<u64>;
    LoadOp<F64Load, Near<Acc, false>, ToAcc>, BinaryOp<F64Add, Slot, Acc, ToAcc> =>
        StoreOp<F64Store, Near<Slot, false>, Acc>;
    LoadOp<I64Load, Via<64>, ToAcc>, BinaryOp<I64Add, Acc, Imm16, ToAcc> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>;
    LoadOp<I64Load32U, Near<Slot, false>, ToSlot>, LoadOp<I64Load8U, Near<Slot, false>, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToSlot>;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, LoadOp<I64Load32U, Near<Slot, false>, ToSlot> =>
        LoadOp<I64Load8U, Near<Slot, false>, ToSlot>;
    StoreTwo, StoreOp<I64Store32, Near<Slot, false>, Slot> =>
        BrIf<Slot, false>;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Acc> =>
        StoreOp<I64Store, Near<Slot, false>, Slot>, LoadOp<I64Load, Near<Slot, false>, ToSlot>;
    LoadOp<I64Load, Sum, ToAcc>, BinaryOp<I64Xor, Slot, Acc, ToSlot> =>
        Move<u64, Imm64, ToAcc>;
    LoadOp<I64Load8U, Near<Acc, false>, ToSlot>, LoadOp<I64Load, Sum, ToAcc> =>
        BinaryOp<I64Xor, Slot, Acc, ToSlot>;
    Move<u64, Imm64, ToAcc>, BinaryOp<I64Mul, Slot, Acc, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>;
    LoadOp<I32Load, Near<Slot, false>, ToAcc>, BinaryOp<I32Add, Acc, Imm16, ToAcc> =>
        StoreOp<I32Store, Near<Slot, false>, Acc>;
    CopyTwo, CopyTwo =>
        Move<u64, Slot, ToSlot>, CopyTwo;
    Move<u64, Slot, ToSlot>, Move<u64, Imm16, ToSlot> =>
        Move<u64, Imm16, ToSlot>, Move<u64, Slot, ToSlot>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, Move<u32, Imm32, ToAcc> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>, StoreOp<I64Store, Sum, Acc>;
    GlobalGet<ToAcc, false>, BinaryOp<I32Sub, Acc, Imm16, ToSlot> =>
        GlobalSet<Acc, false>;
    LoadOp<I64Load, Sum, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Acc> =>
        LoadOp<I64Load, Sum, ToSlot>, MemoryMove<u64, Near<Slot, false>>;
    StoreOp<I64Store, Near<Slot, false>, Imm16>, Move<u32, Imm32, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>;
    LoadTwo<u32>, BinaryOp<I32GtS, Slot, Acc, ToSlot> =>
        BinaryOp<I32LtS, Slot, Slot, ToAcc>;
    MemoryMove<u64, Sum>, Move<u64, Imm16, ToAcc> =>
        StoreOp<I64Store8, Sum, Acc>, StoreOp<I64Store, Sum, Acc>;
    LoadOp<I64Load8U, Near<Slot, false>, ToSlot>, LoadOp<I64Load8U, Near<Slot, false>, ToAcc> =>
        BranchIf<I64Eq, Slot, Acc, true>;
    StoreTwo, StoreTwo =>
        StoreOp<I64Store, Near<Slot, false>, Slot>, StoreTwo;
    StoreOp<F64Store, Near<Slot, false>, Acc>, LoadOp<F64Load, Near<Slot, false>, ToAcc> =>
        BinaryOp<F64Mul, Acc, Slot, ToAcc>;
    LoadOp<F64Load, Sum, ToAcc>, BinaryOp<F64Sub, Slot, Acc, ToSlot> =>
        LoadOp<F64Load, Sum, ToSlot>, BinaryOp<F64Mul, Slot, Slot, ToSlot>;
    Move<u64, Imm16, ToSlot>, Select<Slot, ToAcc> =>
        BinaryOp<I64Xor, Acc, Imm16, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Acc>;
    Move<u64, Imm16, ToAcc>, BinaryOp<I64Sub, Acc, Slot, ToAcc> =>
        BinaryOp<I64ShrS, Acc, Imm16, ToAcc>;
    StoreOp<I64Store, Near<Slot, false>, Slot>, StoreOp<I64Store, Sum, Slot> =>
        StoreOp<I64Store, Sum, Slot>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, MemoryMove<u64, Sum> =>
        MemoryMove<u64, Sum>;
    LoadOp<F64Load, Near<Slot, false>, ToAcc>, MulThen<F64Mul, F64Add, Acc, ToAcc, true> =>
        BinaryOp<F64Add, Slot, Acc, ToAcc>;
    LoadOp<F64Load, Sum, ToSlot>, LoadOp<F64Load, Near<Slot, false>, ToAcc> =>
        MulThen<F64Mul, F64Add, Acc, ToAcc, true>;
    LoadOp<I32Load, Sum, ToAcc>, BinaryOp<I32Mul, Slot, Acc, ToAcc> =>
        BinaryOp<I32Add, Acc, Slot, ToAcc>;
    LoadOp<I32Load, Near<Slot, false>, ToSlot>, LoadOp<I32Load, Sum, ToAcc> =>
        BinaryOp<I32Mul, Slot, Acc, ToAcc>;
    LoadOp<I32Load, Sum, ToSlot>, BinaryOp<I32Add, Slot, Slot, ToSlot> =>
        LoadOp<I32Load, Sum, ToAcc>;
    LoadOp<I64Load, Via<64>, ToAcc>, StoreOp<I64Store, Sum, Acc> =>
        GoReturn;
    StoreOp<I64Store32, Near<Slot, false>, Acc>, GlobalGet<ToAcc, false> =>
        BrIf64<Acc, true>;
    LoadTwo<u64>, UnaryOp<I32WrapI64, Acc, ToSlot> =>
        UnaryOp<I32WrapI64, Slot, ToSlot>;
    Move<u64, Imm64, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToAcc>;
    LoadOp<I64Load32S, Near<Slot, false>, ToAcc>, BinaryOp<I64Add, Acc, Imm16, ToSlot> =>
        StoreOp<I64Store32, Near<Slot, false>, Acc>;
    LoadOp<I64Load8U, Near<Acc, false>, ToSlot>, UnaryOp<I32WrapI64, Acc, ToSlot> =>
        BrIf64<Acc, true>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, LoadOp<I64Load, Near<Slot, false>, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>;
    Move<u64, Imm16, ToAcc>, BinaryOp<I64Shl, Acc, Slot, ToSlot> =>
        BinaryOp<I64LtU, Slot, Imm16, ToSlot>;
    LoadOp<I32Load, Near<Slot, false>, ToSlot>, BinaryOp<I32Add, Acc, Imm16, ToAcc> =>
        StoreOp<I32Store, Near<Slot, false>, Acc>;
    Move<u32, Imm16, ToAcc>, StoreOp<I32Store8, Sum, Acc> =>
        GoReturn;
    LoadOp<I64Load, Near<Slot, false>, ToAcc>, BinaryOp<I64Shl, Acc, Imm16, ToSlot> =>
        BinaryOp<I64Add, Slot, Imm16, ToAcc>;
    LoadOp<F64Load, Sum, ToAcc>, BinaryOp<F64Mul, Acc, Slot, ToSlot> =>
        LoadOp<F64Load, Near<Acc, false>, ToAcc>;
    GlobalSet<Acc, false>, Move<u32, Imm32, ToAcc> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>;
    StoreOp<I64Store, Near<Slot, false>, Imm16>, Move<u64, Imm16, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, Move<u64, Imm16, ToSlot> =>
        Br<false>;
    LoadOp<I64Load16U, Near<Slot, false>, ToAcc>, BinaryOp<I64Add, Acc, Imm16, ToAcc> =>
        StoreOp<I64Store16, Near<Slot, false>, Acc>;
    LoadOp<I32Load, Near<Slot, false>, ToSlot>, BinaryOp<I32Mul, Slot, Imm16, ToAcc> =>
        BinaryOp<I32Add, Slot, Acc, ToSlot>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, StoreOp<I64Store, Sum, Slot> =>
        StoreOp<I64Store, Sum, Slot>;
    LoadOp<I64Load, Near<Acc, false>, ToAcc>, StoreOp<I64Store, Near<Slot, false>, Acc> =>
        MemoryMove<u64, Sum>;
    StoreOp<I64Store8, Near<Slot, false>, Acc>, Move<u64, Imm16, ToSlot> =>
        Br<false>;
    LoadOp<I64Load, Near<Acc, false>, ToSlot>, BinaryOp<I64ShrU, Acc, Imm16, ToSlot> =>
        UnaryOp<I32WrapI64, Slot, ToSlot>;
    StoreOp<I64Store, Sum, Acc>, LoadOp<I64Load, Near<Slot, false>, ToAcc> =>
        GlobalSet<Acc, false>;
    LoadOp<I64Load, Near<Slot, false>, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToAcc> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>;
    StoreOp<I64Store, Sum, Acc>, StoreOp<I64Store, Sum, Slot> =>
        StoreOp<I64Store, Sum, Slot>;
    LoadOp<I32Load, Near<Slot, false>, ToSlot>, BinaryOp<I32And, Acc, Imm16, ToAcc> =>
        BinaryOp<I32Shl, Acc, Imm16, ToAcc>;
    Move<u64, Slot, ToSlot>, LoadOp<I64Load8U, Near<Acc, false>, ToSlot> =>
        LoadOp<I64Load, Sum, ToAcc>;
    StoreOp<I64Store, Sum, Acc>, AddTwo<u64> =>
        BranchIf<I64GtS, Slot, Imm16, true>;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, Move<u32, Imm32, ToAcc> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>;
    GlobalGet<ToAcc, false>, LoadOp<I64Load8U, Near<Acc, false>, ToAcc> =>
        BrIf<Acc, false>;
    LoadOp<I64Load8U, Near<Acc, false>, ToSlot>, UnaryOp<I64Extend32S, Acc, ToAcc> =>
        BranchIf<I64GtS, Acc, Slot, true>;
    LoadOp<F64Load, Near<Acc, false>, ToSlot>, ShlAdd<u32, ToSlot> =>
        LoadOp<F64Load, Near<Acc, false>, ToSlot>;
    StoreOp<F64Store, Near<Slot, false>, Acc>, AddTwo<u32> =>
        BranchIf<I32GeS, Slot, Slot, true>;
    LoadOp<I32Load, Near<Slot, false>, ToAcc>, BinaryOp<I32Add, Acc, Imm16, ToSlot> =>
        StoreOp<I32Store, Near<Slot, false>, Acc>;
    LoadOp<I64Load8U, Near<Acc, false>, ToAcc>, BinaryOp<I64Eq, Acc, Slot, ToAcc> =>
        BinaryOp<I64And, Acc, Imm16, ToAcc>;
    StoreOp<I64Store, Sum, Slot>, StoreOp<I64Store, Sum, Acc> =>
        GoReturn;
    LoadOp<I64Load, Near<Acc, false>, ToAcc>, BinaryOp<I64Eq, Acc, Imm16, ToSlot> =>
        BrIf64<Acc, true>;
    LoadOp<I64Load8U, Near<Acc, false>, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, StoreOp<I64Store, Near<Slot, false>, Slot> =>
        BranchIf<I64GtU, Slot, Imm16, true>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, LoadOp<I64Load, Sum, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>;
    StoreOp<I64Store, Sum, Acc>, BinaryOp<I64Add, Slot, Imm16, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>;
    LoadOp<I64Load8U, Via<64>, ToAcc>, StoreOp<I64Store8, Sum, Acc> =>
        GoReturn;
    StoreOp<I64Store32, Sum, Slot>, StoreOp<I64Store, Sum, Slot> =>
        StoreOp<I64Store, Sum, Slot>;
    LoadOp<I64Load, Via<64>, ToSlot>, LoadOp<I64Load, Via<64>, ToSlot> =>
        BrIf64<Acc, true>;
    StoreOp<I64Store, Near<Slot, false>, Slot>, LoadOp<I64Load32U, Absolute, ToAcc> =>
        BrIf64<Acc, false>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, LoadOp<I64Load, Via<64>, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>;
    MemoryMove<u32, Near<Slot, false>>, MemoryMove<u32, Sum> =>
        MemoryMove<u32, Sum>;
    LoadOp<I64Load, Via<64>, ToSlot>, StoreOp<I64Store, Sum, Acc> =>
        GoReturn;
    LoadOp<I64Load32S, Sum, ToSlot>, LoadOp<I64Load, Sum, ToSlot> =>
        LoadOp<I64Load, Sum, ToSlot>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, LoadOp<I64Load8U, Via<64>, ToAcc> =>
        BrIf<Acc, false>;
    LoadOp<I64Load, Via<64>, ToSlot>, LoadOp<I64Load, Via<64>, ToAcc> =>
        BranchIf<I64GtS, Slot, Acc, true>;
    LoadOp<I64Load, Sum, ToSlot>, BinaryOp<I64Eq, Acc, Imm16, ToSlot> =>
        LoadOp<I64Load32S, Sum, ToSlot>;
    Move<u64, Slot, ToSlot>, BinaryOp<I32Add, Acc, Imm16, ToSlot> =>
        LoadOp<I32Load, Near<Slot, false>, ToSlot>;
    LoadOp<I64Load32S, Via<64>, ToAcc>, BinaryOp<I64Add, Acc, Imm16, ToSlot> =>
        UnaryOp<I32WrapI64, Acc, ToSlot>;
    LoadOp<I64Load, Via<64>, ToAcc>, BinaryOp<I64Add, Acc, Imm16, ToSlot> =>
        StoreOp<I64Store, Via<64>, Slot>;
    LoadOp<F64Load, Near<Slot, false>, ToAcc>, BinaryOp<F64Add, Slot, Acc, ToAcc> =>
        StoreOp<F64Store, Near<Slot, false>, Acc>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, BinaryOp<I64ShrU, Slot, Imm16, ToAcc> =>
        UnaryOp<I32WrapI64, Acc, ToSlot>;
    StoreOp<I64Store8, Near<Slot, false>, Slot>, LoadOp<I64Load, Near<Slot, false>, ToSlot> =>
        BinaryOp<I64Mul, Slot, Imm16, ToAcc>;
    Move<u64, Imm64, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToAcc> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToAcc>;
    LoadOp<F64Load, Near<Slot, false>, ToSlot>, LoadOp<F64Load, Near<Acc, false>, ToAcc> =>
        BinaryOp<F64Sub, Slot, Acc, ToSlot>;
    LoadOp<F64Load, Near<Acc, false>, ToSlot>, BinaryOp<I64Add, Slot, Imm16, ToSlot> =>
        LoadOp<F64Load, Near<Acc, false>, ToAcc>;
    LoadOp<F64Load, Near<Acc, false>, ToAcc>, BinaryOp<F64Sub, Slot, Acc, ToSlot> =>
        LoadOp<F64Load, Sum, ToSlot>;
    LoadOp<F64Load, Near<Acc, false>, ToAcc>, BinaryOp<F64Mul, Acc, Slot, ToSlot> =>
        AddTwo<u64>;
    StoreOp<I64Store, Via<64>, Slot>, LoadOp<I64Load32U, Absolute, ToAcc> =>
        BrIf64<Acc, false>;
    LoadOp<I32Load8S, Near<Slot, false>, ToSlot>, LoadOp<I32Load8S, Near<Slot, false>, ToSlot> =>
        BranchIf<I32Ne, Slot, Acc, true>;
    LoadOp<I64Load, Near<Acc, false>, ToAcc>, BinaryOp<I64LtS, Slot, Acc, ToAcc> =>
        StoreOp<I64Store8, Sum, Acc>;
    Move<u64, Imm16, ToAcc>, StoreOp<I64Store32, Sum, Acc> =>
        StoreOp<I64Store, Sum, Slot>;
    MemoryMove<u64, Near<Slot, false>>, LoadOp<I64Load32U, Absolute, ToAcc> =>
        BrIf64<Acc, false>;
    StoreOp<I64Store, Near<Slot, false>, Slot>, Move<u64, Imm16, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>;
    LoadOp<I64Load, Near<Slot, false>, ToAcc>, BinaryOp<I64Mul, Slot, Acc, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>;
    LoadOp<I64Load, Sum, ToSlot>, StoreOp<I64Store, Sum, Slot> =>
        StoreOp<I64Store, Sum, Acc>;
    StoreOp<I64Store32, Near<Slot, false>, Imm16>, LoadOp<I64Load, Near<Slot, false>, ToSlot> =>
        BinaryOp<I64Eq, Acc, Imm16, ToSlot>;
    Move<u64, Imm16, ToSlot>, BinaryOp<I32Add, Slot, Slot, ToSlot> =>
        LoadOp<I32Load8U, Near<Acc, false>, ToSlot>;
    LoadOp<I32Load8U, Near<Acc, false>, ToSlot>, BinaryOp<I32Add, Slot, Slot, ToSlot> =>
        LoadOp<I32Load8U, Near<Acc, false>, ToAcc>;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, StoreTwo =>
        StoreOp<I64Store, Near<Slot, false>, Slot>;
    StoreOp<I64Store, Near<Slot, false>, Imm16>, StoreOp<I64Store, Near<Slot, false>, Imm16> =>
        StoreOp<I64Store, Near<Slot, false>, Imm16>;
    LoadOp<I64Load, Near<Acc, true>, ToSlot>, BinaryOp<I64ShrU, Slot, Imm16, ToAcc> =>
        BinaryOp<I64Xor, Slot, Acc, ToSlot>;
    MemoryMove<u64, Sum>, BinaryOp<I64Add, Slot, Imm16, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>;
    StoreOp<I64Store, Near<Slot, false>, Slot>, LoadOp<I64Load, Via<64>, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>;
    LoadOp<I64Load, Near<Acc, false>, ToSlot>, LoadOp<I64Load8U, Absolute, ToAcc> =>
        BrIf<Acc, true>;
    LoadOp<I64Load32S, Near<Slot, false>, ToAcc>, UnaryOp<I32WrapI64, Acc, ToAcc> =>
        BranchIf<I64Ne, Acc, Imm16, true>;
    LoadOp<I32Load, Near<Slot, false>, ToSlot>, StoreOp<I32Store, Near<Slot, false>, Slot> =>
        StoreOp<I32Store, Near<Slot, false>, Acc>;
    LoadOp<F64Load, Near<Slot, false>, ToSlot>, BinaryOp<I32Add, Slot, Slot, ToSlot> =>
        BinaryOp<I32Add, Acc, Imm16, ToAcc>;
    LoadOp<I32Load, Near<Acc, false>, ToAcc>, BinaryOp<I32Add, Acc, Imm16, ToAcc> =>
        BranchIf<I32GtU, Slot, Acc, true>;
    StoreOp<I64Store, Near<Slot, false>, Acc>, MemoryMove<u64, Near<Slot, false>> =>
        Move<u64, Imm16, ToAcc>;
    LoadOp<I64Load, Sum, ToSlot>, StoreOp<I64Store, Sum, Acc> =>
        GoReturn;
    LoadOp<I64Load, Near<Slot, false>, ToSlot>, LoadOp<I64Load32U, Near<Slot, false>, ToAcc> =>
        StoreOp<I64Store32, Near<Slot, false>, Acc>;
    LoadOp<I64Load, Via<64>, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Slot>;
    StoreOp<I32Store, Near<Slot, false>, Acc>, LoadOp<I32Load, Near<Slot, false>, ToSlot> =>
        BinaryOp<I32Mul, Slot, Imm16, ToAcc>;
    StoreTwo, StoreOp<I64Store, Sum, Slot> =>
        StoreOp<I64Store, Sum, Slot>;
}
