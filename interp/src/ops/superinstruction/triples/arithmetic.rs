//! Three ops, the first one of arithmetic.

use super::super::rows;
use crate::ops::access::load::{
    F64Load, I32Load, I32Load8U, I64Load, I64Load8U, I64Load32S, I64Load32U,
};
use crate::ops::access::store::{F64Store, I32Store, I32Store8, I64Store, I64Store8, I64Store32};
use crate::ops::access::{LoadOp, Near, StoreOp, Sum, Via};
use crate::ops::binary::BinaryOp;
use crate::ops::branch::{Br, BrIf, BrIf64};
use crate::ops::call::ReturnValue;
use crate::ops::chain::{AddBranch, AddTwo, Bits, BrIfByte, LoadTwo, MulThen, ShlAdd};
use crate::ops::compare::BranchIf;
use crate::ops::compare::float::F64Lt;
use crate::ops::compare::integer::{
    I32GeS, I32GtS, I32LtS, I32Ne, I64Eq, I64GeS, I64GeU, I64LtS, I64LtU,
};
use crate::ops::data::{GlobalGet, GlobalSet, Move, Select};
use crate::ops::float::{F64Add, F64Div, F64Mul, F64Sub};
use crate::ops::go::GoReturn;
use crate::ops::integer::{
    I32Add, I32And, I32Mul, I32Rotl, I32Shl, I32ShrU, I32Sub, I32Xor, I64Add, I64And, I64Mul,
    I64Or, I64Shl, I64ShrU, I64Sub, I64Xor,
};
use crate::ops::shape::{Acc, Imm16, Imm32, Imm64, Slot, ToAcc, ToSlot};
use crate::ops::unary::{
    F64ConvertI32S, F64ConvertI64S, F64Sqrt, I32WrapI64, I64Ctz, I64Extend32S, UnaryOp,
};

rows! {
    BinaryOp<I32Add, Slot, Imm32, ToAcc>, StoreOp<I32Store8, Near<Acc, false>, Imm16> =>
        BinaryOp<I32Add, Slot, Slot, ToSlot>;
    UnaryOp<I32WrapI64, Slot, ToAcc>, BinaryOp<I64ShrU, Acc, Imm16, ToSlot> =>
        AddTwo<u64>;
    BinaryOp<I64ShrU, Acc, Imm16, ToSlot>, AddTwo<u64> =>
        BranchIf<I64GeS, Slot, Imm16, true>;
    MulThen<F64Mul, F64Add, Slot, ToAcc, false>, StoreOp<F64Store, Near<Slot, false>, Acc> =>
        AddTwo<u64>, AddTwo<u32>;
    ShlAdd<u64, ToSlot>, LoadOp<F64Load, Near<Acc, false>, ToSlot> =>
        MulThen<F64Mul, F64Add, Slot, ToAcc, false>;
    BinaryOp<I32And, Acc, Imm16, ToAcc>, BinaryOp<I32Shl, Acc, Imm16, ToAcc> =>
        LoadOp<I32Load, Near<Acc, true>, ToSlot>, LoadOp<I32Load, Near<Acc, true>, ToAcc>;
    ShlAdd<u64, ToAcc>, LoadOp<I64Load, Near<Acc, false>, ToSlot> =>
        BrIf64<Slot, false>, BrIf64<Acc, false>;
    BinaryOp<F64Add, Slot, Slot, ToSlot>, BinaryOp<F64Add, Slot, Slot, ToSlot> =>
        AddBranch<I64LtS, u64, Imm16>, AddBranch<I32LtS, u32, Imm16>;
    BinaryOp<F64Div, Slot, Acc, ToAcc>, MulThen<F64Mul, F64Add, Acc, ToSlot, false> =>
        AddTwo<u64>, AddTwo<u32>;
    BinaryOp<F64Add, Slot, Acc, ToAcc>, Move<u64, Imm64, ToSlot> =>
        BranchIf<F64Lt, Slot, Acc, true>;
    BinaryOp<F64Mul, Slot, Slot, ToSlot>, BinaryOp<F64Mul, Slot, Slot, ToSlot> =>
        BinaryOp<F64Add, Slot, Acc, ToAcc>;
    BinaryOp<F64Mul, Slot, Slot, ToSlot>, BinaryOp<F64Add, Slot, Acc, ToAcc> =>
        Move<u64, Imm64, ToSlot>;
    BinaryOp<F64Sub, Slot, Slot, ToSlot>, BinaryOp<F64Add, Slot, Slot, ToAcc> =>
        BinaryOp<F64Mul, Slot, Acc, ToSlot>;
    BinaryOp<F64Add, Slot, Slot, ToAcc>, BinaryOp<F64Mul, Slot, Acc, ToSlot> =>
        BinaryOp<F64Add, Slot, Slot, ToSlot>;
    BinaryOp<F64Mul, Slot, Acc, ToSlot>, BinaryOp<F64Add, Slot, Slot, ToSlot> =>
        BinaryOp<F64Add, Slot, Slot, ToSlot>;
    BinaryOp<I64ShrU, Acc, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToAcc> =>
        BinaryOp<I64Add, Acc, Imm16, ToAcc>;
    BinaryOp<I32Shl, Acc, Imm16, ToAcc>, LoadOp<I32Load, Near<Acc, true>, ToSlot> =>
        BinaryOp<I32ShrU, Slot, Imm16, ToAcc>;
    BinaryOp<I32ShrU, Slot, Imm16, ToAcc>, BinaryOp<I32Xor, Slot, Acc, ToSlot> =>
        BinaryOp<I32Xor, Slot, Acc, ToAcc>, AddBranch<I32Ne, u32, Imm16>;
    MulThen<F64Mul, F64Add, Acc, ToSlot, false>, AddTwo<u64> =>
        BranchIf<I64LtS, Slot, Imm16, true>;
    BinaryOp<I64Add, Slot, Acc, ToAcc>, BinaryOp<I64Add, Acc, Imm16, ToAcc> =>
        UnaryOp<F64ConvertI64S, Acc, ToAcc>;
    BinaryOp<I64Add, Acc, Imm16, ToAcc>, BinaryOp<I64Mul, Acc, Slot, ToAcc> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I64Add, Acc, Imm16, ToAcc>, UnaryOp<F64ConvertI64S, Acc, ToAcc> =>
        Move<u64, Imm64, ToSlot>;
    BinaryOp<I64Mul, Acc, Slot, ToAcc>, BinaryOp<I64ShrU, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToAcc>;
    BinaryOp<I64Add, Slot, Slot, ToSlot>, BinaryOp<I64Add, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Mul, Acc, Slot, ToAcc>;
    UnaryOp<F64ConvertI64S, Acc, ToAcc>, Move<u64, Imm64, ToSlot> =>
        BinaryOp<F64Div, Slot, Acc, ToAcc>;
    BinaryOp<F64Mul, Slot, Acc, ToSlot>, LoadOp<F64Load, Sum, ToSlot> =>
        LoadOp<F64Load, Sum, ToAcc>, LoadOp<F64Load, Near<Slot, false>, ToAcc>;
    ShlAdd<u64, ToSlot>, LoadOp<I64Load, Near<Acc, false>, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToSlot>;
    BinaryOp<I64Shl, Acc, Imm16, ToSlot>, BinaryOp<I64Add, Slot, Imm16, ToAcc> =>
        BinaryOp<I64Add, Acc, Slot, ToAcc>, BinaryOp<I64Add, Acc, Slot, ToSlot>;
    BinaryOp<I32Xor, Slot, Acc, ToSlot>, BinaryOp<I32Xor, Slot, Acc, ToAcc> =>
        BinaryOp<I32And, Acc, Imm16, ToAcc>, BinaryOp<I32And, Acc, Imm16, ToSlot>;
    BinaryOp<I32Add, Slot, Slot, ToSlot>, BinaryOp<I32Add, Slot, Imm16, ToSlot> =>
        LoadOp<I32Load8U, Near<Slot, false>, ToSlot>, Move<u64, Acc, ToSlot>;
    BinaryOp<I64Mul, Slot, Slot, ToSlot>, BinaryOp<I64Mul, Slot, Slot, ToSlot> =>
        BinaryOp<I64Mul, Slot, Slot, ToSlot>, BinaryOp<I64ShrU, Slot, Imm16, ToAcc>;
    BinaryOp<I64Shl, Acc, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToAcc> =>
        LoadOp<I64Load, Near<Acc, false>, ToAcc>, LoadOp<I64Load, Near<Acc, false>, ToSlot>,
        StoreOp<I64Store, Near<Acc, false>, Slot>;
    BinaryOp<I32Mul, Slot, Acc, ToSlot>, LoadOp<I32Load, Sum, ToSlot> =>
        LoadOp<I32Load, Sum, ToAcc>;
    BinaryOp<I32Mul, Acc, Imm32, ToSlot>, LoadOp<I32Load8U, Near<Slot, false>, ToSlot> =>
        BinaryOp<I32Add, Slot, Imm16, ToSlot>;
    BinaryOp<I32And, Slot, Imm16, ToAcc>, BinaryOp<I32Xor, Slot, Acc, ToAcc> =>
        BinaryOp<I32Mul, Acc, Imm32, ToSlot>;
    BinaryOp<I32Xor, Slot, Acc, ToAcc>, BinaryOp<I32Mul, Acc, Imm32, ToSlot> =>
        LoadOp<I32Load8U, Near<Slot, false>, ToSlot>;
    Bits<u32, ToAcc>, LoadOp<I32Load, Near<Acc, true>, ToAcc> =>
        BinaryOp<I32Xor, Slot, Acc, ToSlot>;
    BinaryOp<I32Xor, Slot, Acc, ToSlot>, Bits<u32, ToAcc> =>
        LoadOp<I32Load, Near<Acc, true>, ToAcc>;
    BinaryOp<I32And, Slot, Imm32, ToAcc>, BinaryOp<I32ShrU, Acc, Imm16, ToAcc> =>
        BinaryOp<I32Xor, Slot, Acc, ToSlot>;
    BinaryOp<I32And, Acc, Imm16, ToSlot>, Move<u64, Imm16, ToAcc> =>
        BinaryOp<I32Sub, Acc, Slot, ToAcc>;
    BinaryOp<I64Add, Slot, Imm16, ToAcc>, BinaryOp<I64Add, Acc, Slot, ToAcc> =>
        LoadOp<I64Load32U, Near<Acc, false>, ToSlot>, LoadOp<I64Load32U, Near<Acc, false>, ToAcc>;
    BinaryOp<I32And, Acc, Imm16, ToSlot>, BinaryOp<I32And, Slot, Imm32, ToAcc> =>
        BinaryOp<I32ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I32Sub, Acc, Slot, ToAcc>, BinaryOp<I32And, Acc, Imm16, ToSlot> =>
        BinaryOp<I32And, Slot, Imm32, ToAcc>;
    BinaryOp<I32Add, Slot, Slot, ToSlot>, BinaryOp<I32Add, Slot, Slot, ToSlot> =>
        BinaryOp<I32Add, Slot, Imm16, ToSlot>;
    BinaryOp<I32Add, Slot, Imm16, ToSlot>, LoadOp<I32Load8U, Near<Slot, false>, ToSlot> =>
        LoadOp<I32Load8U, Near<Slot, false>, ToSlot>;
    BinaryOp<I64Mul, Slot, Acc, ToSlot>, Move<u64, Imm64, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64Add, Slot, Acc, ToAcc>;
    BinaryOp<I64And, Acc, Imm16, ToAcc>, BinaryOp<I64Eq, Acc, Imm16, ToSlot> =>
        BrIf64<Acc, false>, BrIf64<Acc, true>;
    BinaryOp<I32Xor, Slot, Acc, ToAcc>, BinaryOp<I32And, Acc, Imm16, ToAcc> =>
        BinaryOp<I32Shl, Acc, Imm16, ToAcc>;
    BinaryOp<I32Add, Slot, Imm32, ToAcc>, LoadOp<I32Load8U, Near<Acc, false>, ToSlot> =>
        BinaryOp<I32Add, Slot, Imm32, ToAcc>;
    BinaryOp<I32Add, Slot, Imm32, ToAcc>, LoadOp<I32Load8U, Near<Acc, false>, ToAcc> =>
        BinaryOp<I32Xor, Acc, Slot, ToAcc>;
    BinaryOp<I32Xor, Acc, Slot, ToAcc>, BinaryOp<I32And, Acc, Imm16, ToAcc> =>
        BinaryOp<I32Shl, Acc, Imm16, ToAcc>;
    BinaryOp<I32ShrU, Acc, Imm16, ToAcc>, BinaryOp<I32Xor, Slot, Acc, ToSlot> =>
        BinaryOp<I32Xor, Slot, Acc, ToAcc>, BinaryOp<I32ShrU, Slot, Imm16, ToSlot>;
    BinaryOp<I64ShrU, Acc, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot> =>
        UnaryOp<I32WrapI64, Slot, ToAcc>, BinaryOp<I64Mul, Slot, Slot, ToSlot>;
    BinaryOp<I64LtU, Slot, Imm16, ToSlot>, Move<u64, Imm16, ToSlot> =>
        Select<Slot, ToAcc>;
    BinaryOp<I32Add, Slot, Imm16, ToSlot>, LoadOp<I32Load8U, Near<Acc, false>, ToAcc> =>
        StoreOp<I32Store8, Near<Slot, false>, Acc>;
    BinaryOp<I32Add, Slot, Imm16, ToSlot>, LoadOp<I32Load8U, Near<Acc, false>, ToSlot> =>
        BinaryOp<I32Add, Slot, Imm16, ToSlot>;
    BinaryOp<I32Shl, Acc, Imm16, ToAcc>, LoadOp<I32Load, Near<Acc, true>, ToAcc> =>
        BinaryOp<I32Xor, Slot, Acc, ToSlot>, BinaryOp<I32Add, Acc, Imm16, ToAcc>;
    BinaryOp<I64Shl, Acc, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToAcc>, LoadOp<I64Load, Near<Acc, false>, ToSlot>;
    BinaryOp<I64Add, Slot, Imm32, ToAcc>, StoreOp<I64Store8, Near<Acc, false>, Imm16> =>
        BinaryOp<I64Add, Slot, Slot, ToSlot>;
    BinaryOp<I64Add, Acc, Imm16, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Acc> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>, LoadOp<I64Load, Near<Slot, false>, ToSlot>;
    BinaryOp<I32Rotl, Slot, Imm16, ToSlot>, BinaryOp<I32Rotl, Slot, Imm16, ToAcc> =>
        BinaryOp<I64Xor, Slot, Acc, ToSlot>, BinaryOp<I64Xor, Slot, Acc, ToAcc>;
    BinaryOp<F64Add, Slot, Acc, ToAcc>, StoreOp<F64Store, Near<Slot, false>, Acc> =>
        AddBranch<I64GeS, u64, Slot>, LoadOp<F64Load, Near<Slot, false>, ToAcc>;
    BinaryOp<F64Mul, Acc, Slot, ToSlot>, LoadOp<F64Load, Near<Acc, false>, ToAcc> =>
        BinaryOp<F64Add, Slot, Acc, ToAcc>;
    BinaryOp<I64Add, Slot, Acc, ToSlot>, LoadOp<I64Load, Near<Acc, false>, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToSlot>, LoadTwo<u64>;
    BinaryOp<I64Xor, Slot, Acc, ToSlot>, Move<u64, Imm64, ToAcc> =>
        BinaryOp<I64Mul, Slot, Acc, ToAcc>;
    BinaryOp<I64Mul, Slot, Acc, ToAcc>, StoreOp<I64Store, Sum, Acc> =>
        AddTwo<u64>, AddBranch<I64GeS, u64, Slot>;
    BinaryOp<I32Add, Acc, Imm16, ToSlot>, GlobalSet<Acc, false> =>
        ReturnValue<u64, Imm16>;
    BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64Add, Slot, Slot, ToAcc> =>
        LoadOp<I64Load, Near<Acc, false>, ToSlot>, LoadOp<I64Load, Near<Acc, false>, ToAcc>;
    BinaryOp<I64Add, Acc, Imm16, ToAcc>, BinaryOp<I64Shl, Acc, Imm16, ToSlot> =>
        BinaryOp<I64Add, Slot, Imm16, ToAcc>;
    BinaryOp<I64Mul, Slot, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot> =>
        LoadOp<I64Load, Near<Acc, false>, ToSlot>, LoadOp<F64Load, Near<Slot, false>, ToSlot>;
    BinaryOp<I32Xor, Slot, Acc, ToAcc>, BinaryOp<I32And, Acc, Imm16, ToSlot> =>
        Move<u64, Imm16, ToAcc>;
    BinaryOp<I32GtS, Slot, Acc, ToSlot>, BinaryOp<I32LtS, Slot, Slot, ToAcc> =>
        BinaryOp<I32Sub, Slot, Acc, ToSlot>;
    BinaryOp<I32LtS, Slot, Slot, ToAcc>, BinaryOp<I32Sub, Slot, Acc, ToSlot> =>
        ReturnValue<u64, Acc>;
    BinaryOp<I64Add, Slot, Slot, ToAcc>, LoadOp<I64Load8U, Near<Acc, false>, ToSlot> =>
        LoadOp<I64Load, Sum, ToAcc>, UnaryOp<I64Extend32S, Acc, ToAcc>;
    BinaryOp<I64Add, Acc, Imm16, ToAcc>, StoreOp<I64Store, Near<Slot, false>, Acc> =>
        Move<u64, Imm16, ToAcc>, LoadOp<I64Load8U, Via<64>, ToAcc>;
    AddTwo<u64>, BinaryOp<I64Sub, Slot, Imm16, ToSlot> =>
        Br<false>;
    BinaryOp<F64Mul, Acc, Slot, ToAcc>, MulThen<F64Mul, F64Sub, Acc, ToAcc, false> =>
        StoreOp<F64Store, Near<Slot, false>, Acc>;
    BinaryOp<F64Sub, Slot, Acc, ToSlot>, LoadOp<F64Load, Sum, ToSlot> =>
        LoadOp<F64Load, Sum, ToAcc>;
    MulThen<F64Mul, F64Sub, Acc, ToAcc, false>, StoreOp<F64Store, Near<Slot, false>, Acc> =>
        LoadOp<F64Load, Near<Slot, false>, ToSlot>;
    BinaryOp<F64Mul, Acc, Slot, ToAcc>, BinaryOp<F64Mul, Acc, Slot, ToSlot> =>
        LoadOp<F64Load, Near<Slot, false>, ToAcc>, LoadOp<F64Load, Near<Acc, false>, ToAcc>;
    AddTwo<u64>, AddTwo<u64> =>
        AddTwo<u64>, UnaryOp<F64Sqrt, Slot, ToAcc>;
    BinaryOp<I64Shl, Slot, Imm16, ToSlot>, BinaryOp<I64Add, Slot, Acc, ToSlot> =>
        BinaryOp<I64Add, Slot, Slot, ToAcc>;
    BinaryOp<I32Add, Acc, Slot, ToAcc>, BinaryOp<I32Add, Slot, Acc, ToAcc> =>
        BinaryOp<I32Add, Slot, Acc, ToAcc>;
    BinaryOp<I32Add, Slot, Acc, ToAcc>, BinaryOp<I32Add, Slot, Acc, ToAcc> =>
        BinaryOp<I32Add, Slot, Acc, ToSlot>;
    BinaryOp<I32Add, Slot, Acc, ToAcc>, BinaryOp<I32Add, Slot, Acc, ToSlot> =>
        AddTwo<u32>;
    BinaryOp<F64Add, Slot, Acc, ToSlot>, AddTwo<u32> =>
        BrIf<Acc, true>;
    BinaryOp<F64Add, Slot, Acc, ToAcc>, BinaryOp<F64Add, Slot, Acc, ToAcc> =>
        BinaryOp<F64Add, Slot, Acc, ToSlot>;
    BinaryOp<I32Add, Slot, Acc, ToSlot>, AddTwo<u32> =>
        BrIf<Acc, true>;
    BinaryOp<I32Add, Slot, Slot, ToSlot>, LoadOp<F64Load, Sum, ToSlot> =>
        LoadOp<F64Load, Sum, ToAcc>;
    BinaryOp<I32Add, Slot, Slot, ToSlot>, LoadOp<I32Load, Sum, ToAcc> =>
        BinaryOp<I32Mul, Slot, Acc, ToSlot>;
    BinaryOp<F64Add, Slot, Acc, ToAcc>, BinaryOp<F64Add, Slot, Acc, ToSlot> =>
        AddTwo<u32>;
    MulThen<F64Mul, F64Add, Acc, ToAcc, true>, BinaryOp<F64Add, Slot, Acc, ToAcc> =>
        BinaryOp<F64Add, Slot, Acc, ToAcc>;
    BinaryOp<I32Mul, Slot, Acc, ToSlot>, LoadOp<I32Load, Near<Slot, false>, ToSlot> =>
        LoadOp<I32Load, Sum, ToAcc>;
    BinaryOp<I32Mul, Slot, Acc, ToAcc>, BinaryOp<I32Add, Acc, Slot, ToAcc> =>
        BinaryOp<I32Add, Slot, Acc, ToAcc>;
    UnaryOp<I32WrapI64, Acc, ToSlot>, UnaryOp<I32WrapI64, Slot, ToSlot> =>
        UnaryOp<I32WrapI64, Slot, ToSlot>;
    UnaryOp<I32WrapI64, Slot, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToAcc> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I64Xor, Acc, Imm16, ToSlot>, BinaryOp<I64Or, Slot, Slot, ToAcc> =>
        BinaryOp<I64And, Slot, Acc, ToSlot>;
    BinaryOp<I64Or, Slot, Slot, ToAcc>, BinaryOp<I64And, Slot, Acc, ToSlot> =>
        BinaryOp<I64And, Slot, Slot, ToAcc>;
    BinaryOp<I64And, Slot, Slot, ToAcc>, BinaryOp<I64Xor, Slot, Acc, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>;
    BinaryOp<I64Add, Slot, Acc, ToAcc>, LoadOp<I64Load8U, Near<Acc, false>, ToSlot> =>
        UnaryOp<I32WrapI64, Acc, ToSlot>;
    BinaryOp<I64ShrU, Slot, Imm16, ToSlot>, BinaryOp<I64Add, Slot, Acc, ToAcc> =>
        LoadOp<I64Load8U, Near<Acc, false>, ToSlot>;
    BinaryOp<I64Shl, Acc, Slot, ToSlot>, BinaryOp<I64LtU, Slot, Imm16, ToSlot> =>
        Move<u64, Imm16, ToSlot>;
    BinaryOp<I64Add, Slot, Imm16, ToAcc>, BinaryOp<I64Shl, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToAcc>;
    BinaryOp<I64Add, Slot, Acc, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToAcc> =>
        BranchIf<I64GeU, Acc, Slot, true>;
    BinaryOp<I64Eq, Acc, Slot, ToAcc>, BinaryOp<I64And, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>;
    BinaryOp<I64Add, Slot, Acc, ToSlot>, UnaryOp<I32WrapI64, Slot, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToAcc>;
    BinaryOp<I32ShrU, Acc, Imm16, ToSlot>, AddTwo<u32> =>
        BranchIf<I32GeS, Slot, Imm16, true>;
    BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64ShrU, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>;
    BinaryOp<I32Rotl, Slot, Imm16, ToAcc>, BinaryOp<I64Xor, Slot, Acc, ToSlot> =>
        BinaryOp<I32Rotl, Slot, Imm16, ToAcc>;
    BinaryOp<I64Eq, Acc, Imm16, ToSlot>, BinaryOp<I64Sub, Slot, Slot, ToSlot> =>
        BrIf64<Slot, true>;
    BinaryOp<I64Add, Acc, Imm16, ToSlot>, StoreOp<I64Store32, Near<Slot, false>, Acc> =>
        GlobalGet<ToAcc, false>;
    BinaryOp<I64Xor, Slot, Acc, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToAcc>;
    BinaryOp<I64Eq, Slot, Imm16, ToSlot>, BinaryOp<I64Eq, Acc, Imm16, ToSlot> =>
        StoreOp<I64Store8, Near<Slot, false>, Acc>;
    BinaryOp<I64Add, Slot, Acc, ToAcc>, BinaryOp<I64ShrU, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>;
    BinaryOp<I32Sub, Slot, Imm16, ToSlot>, GlobalSet<Acc, false> =>
        Move<u32, Imm32, ToAcc>;
    BinaryOp<I32Xor, Slot, Slot, ToAcc>, BinaryOp<I32And, Acc, Imm16, ToSlot> =>
        Move<u64, Imm16, ToAcc>;
    BinaryOp<I32ShrU, Slot, Imm16, ToSlot>, BinaryOp<I32Xor, Slot, Slot, ToAcc> =>
        BinaryOp<I32And, Acc, Imm16, ToSlot>;
    BinaryOp<I64ShrU, Slot, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToAcc>;
    UnaryOp<I32WrapI64, Slot, ToSlot>, BinaryOp<I64Mul, Slot, Slot, ToSlot> =>
        BinaryOp<I64Mul, Slot, Slot, ToSlot>;
    BinaryOp<I32Xor, Slot, Acc, ToSlot>, BinaryOp<I32ShrU, Slot, Imm16, ToSlot> =>
        AddBranch<I32Ne, u32, Imm16>;
    BinaryOp<I64Add, Slot, Imm16, ToAcc>, BinaryOp<I64Add, Acc, Slot, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>;
    BinaryOp<I64ShrU, Acc, Imm16, ToSlot>, UnaryOp<I32WrapI64, Slot, ToSlot> =>
        BinaryOp<I64Mul, Slot, Slot, ToSlot>;
    BinaryOp<I64ShrU, Acc, Imm16, ToSlot>, BinaryOp<I64Add, Slot, Acc, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Slot>;
    BinaryOp<I64And, Slot, Slot, ToAcc>, BinaryOp<I64Or, Slot, Acc, ToAcc> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToSlot>;
    BinaryOp<I64Add, Slot, Slot, ToAcc>, LoadOp<I64Load, Near<Acc, false>, ToSlot> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToSlot>;
    BinaryOp<I64Or, Slot, Acc, ToAcc>, BinaryOp<I64ShrU, Acc, Imm16, ToSlot> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>;
    BinaryOp<I64Add, Acc, Slot, ToSlot>, BinaryOp<I64Xor, Acc, Imm16, ToSlot> =>
        BinaryOp<I64Or, Slot, Slot, ToAcc>;
    BinaryOp<I64Mul, Slot, Slot, ToSlot>, BinaryOp<I64ShrU, Slot, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>;
    BinaryOp<I64Mul, Slot, Slot, ToSlot>, BinaryOp<I64Add, Acc, Slot, ToSlot> =>
        BinaryOp<I64Xor, Acc, Imm16, ToSlot>;
    BinaryOp<I64And, Slot, Acc, ToSlot>, BinaryOp<I64And, Slot, Slot, ToAcc> =>
        BinaryOp<I64Or, Slot, Acc, ToAcc>;
    BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64Mul, Slot, Slot, ToSlot> =>
        BinaryOp<I64Add, Acc, Slot, ToSlot>;
    BinaryOp<I64Add, Slot, Acc, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Slot> =>
        AddBranch<I64GeS, u64, Slot>;
    BinaryOp<I64Eq, Acc, Imm16, ToSlot>, StoreOp<I64Store8, Near<Slot, false>, Acc> =>
        Move<u64, Imm16, ToSlot>;
    BinaryOp<I32Add, Slot, Imm16, ToAcc>, GlobalSet<Acc, false> =>
        ReturnValue<u64, Slot>;
    UnaryOp<I32WrapI64, Acc, ToAcc>, BinaryOp<I64Mul, Slot, Acc, ToSlot> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I64Add, Slot, Imm16, ToAcc>, StoreOp<I64Store, Sum, Acc> =>
        Move<u64, Imm16, ToAcc>;
    BinaryOp<I64Mul, Slot, Imm16, ToAcc>, BinaryOp<I64Add, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>;
    BinaryOp<I64And, Slot, Slot, ToSlot>, BinaryOp<I64Add, Slot, Slot, ToSlot> =>
        BrIf64<Slot, true>;
    BinaryOp<I64Shl, Slot, Imm16, ToSlot>, BinaryOp<I64And, Slot, Slot, ToSlot> =>
        BinaryOp<I64Add, Slot, Slot, ToSlot>;
    BinaryOp<I64Add, Slot, Imm16, ToSlot>, BinaryOp<I64Shl, Slot, Imm16, ToSlot> =>
        BinaryOp<I64And, Slot, Slot, ToSlot>;
    UnaryOp<I64Ctz, Slot, ToSlot>, BinaryOp<I64Add, Slot, Imm16, ToSlot> =>
        BinaryOp<I64Shl, Slot, Imm16, ToSlot>;
    ShlAdd<u32, ToSlot>, LoadOp<F64Load, Near<Acc, false>, ToSlot> =>
        MulThen<F64Mul, F64Add, Slot, ToAcc, false>;
    BinaryOp<I64Add, Slot, Slot, ToAcc>, LoadOp<I64Load8U, Near<Acc, false>, ToAcc> =>
        BinaryOp<I64Eq, Acc, Slot, ToAcc>;
    BinaryOp<I64And, Acc, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot> =>
        AddBranch<I64GeS, u64, Slot>;
    BinaryOp<I64Add, Slot, Acc, ToSlot>, LoadTwo<u64> =>
        BranchIf<I64GeU, Acc, Slot, true>;
    BinaryOp<I64Add, Acc, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot> =>
        LoadTwo<u64>;
    BinaryOp<I64Add, Slot, Imm16, ToSlot>, ShlAdd<u64, ToSlot> =>
        LoadOp<I64Load8U, Near<Acc, false>, ToSlot>;
    ShlAdd<u64, ToSlot>, LoadOp<I64Load8U, Near<Acc, false>, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToSlot>;
    BinaryOp<I32Add, Slot, Imm16, ToSlot>, Move<u64, Acc, ToSlot> =>
        BrIfByte<true>;
    UnaryOp<I64Ctz, Slot, ToSlot>, Move<u64, Imm16, ToAcc> =>
        BinaryOp<I64Shl, Acc, Slot, ToSlot>;
    BinaryOp<I64Add, Acc, Imm16, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToAcc> =>
        BinaryOp<I64Add, Acc, Imm16, ToSlot>;
    BinaryOp<I32Add, Slot, Imm16, ToSlot>, LoadOp<I32Load, Near<Acc, false>, ToSlot> =>
        BranchIf<I32LtS, Acc, Slot, true>;
    BinaryOp<I64Eq, Acc, Imm16, ToSlot>, LoadOp<I64Load32S, Sum, ToSlot> =>
        LoadOp<I64Load, Sum, ToSlot>;
    BinaryOp<I32Add, Acc, Imm16, ToSlot>, LoadOp<I32Load, Near<Slot, false>, ToSlot> =>
        BranchIf<I32GtS, Acc, Slot, true>;
    UnaryOp<I32WrapI64, Acc, ToSlot>, StoreOp<I64Store32, Via<64>, Slot> =>
        BrIf64<Slot, true>;
    BinaryOp<I64Add, Acc, Imm16, ToSlot>, UnaryOp<I32WrapI64, Acc, ToSlot> =>
        StoreOp<I64Store32, Via<64>, Slot>;
    BinaryOp<I64ShrU, Slot, Imm16, ToAcc>, UnaryOp<I32WrapI64, Acc, ToSlot> =>
        Move<u64, Imm16, ToSlot>;
    BinaryOp<F64Mul, Acc, Slot, ToSlot>, AddTwo<u64> =>
        AddTwo<u64>;
    BinaryOp<F64Mul, Acc, Slot, ToSlot>, LoadOp<F64Load, Near<Slot, false>, ToAcc> =>
        BinaryOp<F64Add, Slot, Acc, ToAcc>;
    BinaryOp<I64Add, Slot, Acc, ToSlot>, LoadOp<F64Load, Near<Slot, false>, ToSlot> =>
        LoadOp<F64Load, Near<Acc, false>, ToAcc>;
    MulThen<F64Mul, F64Add, Slot, ToSlot, false>, MulThen<F64Mul, F64Add, Slot, ToSlot, false> =>
        BinaryOp<I64Add, Slot, Imm16, ToSlot>;
    MulThen<F64Mul, F64Add, Slot, ToSlot, false>, BinaryOp<I64Add, Slot, Imm16, ToSlot> =>
        LoadOp<F64Load, Near<Acc, false>, ToSlot>;
    MulThen<F64Mul, F64Add, Acc, ToAcc, false>, StoreOp<F64Store, Near<Slot, false>, Acc> =>
        LoadOp<F64Load, Near<Slot, false>, ToAcc>;
    BinaryOp<F64Mul, Slot, Slot, ToSlot>, MulThen<F64Mul, F64Add, Slot, ToSlot, false> =>
        MulThen<F64Mul, F64Add, Slot, ToSlot, false>;
    UnaryOp<F64Sqrt, Slot, ToAcc>, BinaryOp<F64Mul, Acc, Slot, ToAcc> =>
        BinaryOp<F64Div, Slot, Acc, ToSlot>;
    BinaryOp<F64Mul, Acc, Slot, ToAcc>, BinaryOp<F64Div, Slot, Acc, ToSlot> =>
        MulThen<F64Mul, F64Sub, Acc, ToSlot, false>;
    BinaryOp<F64Mul, Acc, Slot, ToAcc>, MulThen<F64Mul, F64Add, Acc, ToAcc, false> =>
        StoreOp<F64Store, Near<Slot, false>, Acc>;
    MulThen<F64Mul, F64Sub, Acc, ToSlot, false>, StoreOp<F64Store, Near<Slot, false>, Acc> =>
        LoadOp<F64Load, Near<Slot, false>, ToSlot>;
    BinaryOp<I64Add, Slot, Imm16, ToSlot>, LoadOp<F64Load, Near<Acc, false>, ToSlot> =>
        BinaryOp<I64Add, Slot, Imm16, ToSlot>;
    BinaryOp<I64Add, Slot, Imm16, ToSlot>, LoadOp<F64Load, Near<Acc, false>, ToAcc> =>
        BinaryOp<F64Mul, Acc, Slot, ToSlot>;
    AddTwo<u64>, UnaryOp<F64Sqrt, Slot, ToAcc> =>
        BinaryOp<F64Mul, Acc, Slot, ToAcc>;
    BinaryOp<F64Sub, Slot, Acc, ToSlot>, BinaryOp<F64Mul, Slot, Slot, ToSlot> =>
        MulThen<F64Mul, F64Add, Slot, ToSlot, false>;
    BinaryOp<F64Div, Slot, Acc, ToSlot>, MulThen<F64Mul, F64Sub, Acc, ToSlot, false> =>
        StoreOp<F64Store, Near<Slot, false>, Acc>;
    BinaryOp<I64Mul, Slot, Acc, ToSlot>, BinaryOp<I64ShrU, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Xor, Acc, Slot, ToAcc>;
    BinaryOp<I64Add, Slot, Imm16, ToSlot>, BinaryOp<I64Shl, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToAcc>;
    BinaryOp<I32Mul, Slot, Acc, ToSlot>, BinaryOp<I32ShrU, Acc, Imm16, ToAcc> =>
        BinaryOp<I32And, Acc, Imm16, ToSlot>;
    BinaryOp<I32ShrU, Acc, Imm16, ToAcc>, BinaryOp<I32And, Acc, Imm16, ToSlot> =>
        Bits<u32, ToAcc>;
    BinaryOp<I64LtS, Slot, Acc, ToAcc>, StoreOp<I64Store8, Sum, Acc> =>
        GoReturn;
    BinaryOp<I64Add, Slot, Acc, ToAcc>, LoadOp<I64Load, Near<Acc, false>, ToAcc> =>
        BinaryOp<I64LtS, Slot, Acc, ToAcc>;
    BinaryOp<I32Add, Slot, Slot, ToSlot>, LoadOp<I32Load8U, Near<Acc, false>, ToSlot> =>
        BinaryOp<I32Add, Slot, Slot, ToSlot>;
    BinaryOp<I32Add, Slot, Imm16, ToAcc>, StoreOp<I32Store, Near<Slot, false>, Acc> =>
        LoadOp<I32Load, Near<Slot, false>, ToSlot>;
    BinaryOp<I64Sub, Slot, Slot, ToSlot>, Move<u64, Imm16, ToAcc> =>
        BinaryOp<I64Sub, Acc, Slot, ToAcc>;
    BinaryOp<I64And, Slot, Acc, ToAcc>, BinaryOp<I64And, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Eq, Acc, Imm16, ToSlot>;
    BinaryOp<I32ShrU, Acc, Imm16, ToAcc>, BinaryOp<I32Add, Slot, Acc, ToAcc> =>
        BinaryOp<I32Add, Acc, Imm16, ToAcc>;
    Bits<u32, ToAcc>, BinaryOp<I32Add, Slot, Acc, ToSlot> =>
        Bits<u32, ToAcc>;
    BinaryOp<I32Add, Slot, Slot, ToAcc>, LoadOp<I32Load8U, Near<Acc, false>, ToAcc> =>
        StoreOp<I32Store8, Near<Slot, false>, Acc>;
    BinaryOp<I32Add, Slot, Slot, ToSlot>, LoadOp<I32Load8U, Near<Acc, false>, ToAcc> =>
        StoreOp<I32Store8, Near<Slot, false>, Acc>;
    BinaryOp<I32Add, Slot, Slot, ToSlot>, BinaryOp<I32Add, Slot, Slot, ToAcc> =>
        LoadOp<I32Load8U, Near<Acc, false>, ToAcc>;
    BinaryOp<I64Shl, Acc, Imm16, ToAcc>, LoadOp<I64Load, Near<Acc, true>, ToSlot> =>
        BinaryOp<I64ShrU, Slot, Imm16, ToAcc>;
    BinaryOp<I64And, Acc, Imm16, ToAcc>, BinaryOp<I64Shl, Acc, Imm16, ToAcc> =>
        LoadOp<I64Load, Near<Acc, true>, ToSlot>;
    MulThen<F64Mul, F64Add, Acc, ToSlot, false>, AddTwo<u32> =>
        BranchIf<I32LtS, Slot, Imm16, true>;
    BinaryOp<I32Add, Slot, Acc, ToAcc>, BinaryOp<I32Add, Acc, Imm16, ToAcc> =>
        UnaryOp<F64ConvertI32S, Acc, ToAcc>;
    BinaryOp<I32Add, Acc, Imm16, ToAcc>, BinaryOp<I32Mul, Acc, Slot, ToAcc> =>
        BinaryOp<I32ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I32Mul, Acc, Slot, ToAcc>, BinaryOp<I32ShrU, Acc, Imm16, ToAcc> =>
        BinaryOp<I32Add, Slot, Acc, ToAcc>;
    BinaryOp<I32Add, Slot, Slot, ToSlot>, BinaryOp<I32Add, Acc, Imm16, ToAcc> =>
        BinaryOp<I32Mul, Acc, Slot, ToAcc>;
    BinaryOp<I64ShrU, Acc, Imm16, ToAcc>, BinaryOp<I64Mul, Acc, Imm16, ToAcc> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToSlot>;
    BinaryOp<I64ShrU, Acc, Imm16, ToAcc>, BinaryOp<I64Xor, Acc, Slot, ToAcc> =>
        UnaryOp<I32WrapI64, Acc, ToSlot>;
    UnaryOp<I32WrapI64, Acc, ToSlot>, BinaryOp<I64Xor, Slot, Slot, ToAcc> =>
        UnaryOp<I32WrapI64, Acc, ToAcc>;
    BinaryOp<I64Xor, Slot, Slot, ToAcc>, UnaryOp<I32WrapI64, Acc, ToAcc> =>
        BinaryOp<I64Mul, Slot, Acc, ToSlot>;
    BinaryOp<I64Add, Slot, Slot, ToSlot>, BinaryOp<I64Add, Slot, Slot, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToAcc>;
}
