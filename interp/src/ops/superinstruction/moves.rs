//! Copies, constants and globals, and who uses them.

use super::rows;
use crate::ops::access::load::{F64Load, I32Load, I64Load, I64Load8U, I64Load32U};
use crate::ops::access::store::{I32Store, I32Store8, I64Store, I64Store8, I64Store32};
use crate::ops::access::{LoadOp, Near, StoreOp, Sum};
use crate::ops::binary::BinaryOp;
use crate::ops::branch::{Br, BrIf, BrIf64};
use crate::ops::call::ReturnValue;
use crate::ops::chain::{BrIfByte, CopyTwo, MemoryMove};
use crate::ops::compare::BranchIf;
use crate::ops::compare::float::F64Lt;
use crate::ops::compare::integer::{I32Eq, I32GtS, I32LtU, I64Eq, I64GeS, I64LtU};
use crate::ops::data::{GlobalGet, GlobalSet, Move, Select};
use crate::ops::float::{F64Div, F64Sub};
use crate::ops::integer::{I32Add, I32Shl, I32Sub, I64Add, I64And, I64Mul, I64Shl, I64Sub, I64Xor};
use crate::ops::shape::{Acc, Imm16, Imm32, Imm64, Slot, ToAcc, ToSlot};
use crate::ops::unary::{I32WrapI64, UnaryOp};

rows! {
    Move<u64, Imm16, ToSlot> =>
        Br<false>, BranchIf<I32LtU, Slot, Imm16, true>, Move<u64, Imm16, ToSlot>,
        BinaryOp<I32Add, Slot, Imm16, ToSlot>, Select<Slot, ToSlot>, Select<Slot, ToAcc>,
        BinaryOp<I64Eq, Slot, Imm16, ToSlot>, Move<u64, Slot, ToSlot>, BrIf<Slot, false>, Move<u32, Imm32, ToSlot>,
        UnaryOp<I32WrapI64, Slot, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Acc>,
        BinaryOp<I32Add, Slot, Slot, ToSlot>, CopyTwo, LoadOp<I32Load, Near<Slot, false>, ToSlot>;
    Move<u64, Imm16, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>, StoreOp<I64Store8, Sum, Acc>, StoreOp<I64Store32, Sum, Acc>,
        BinaryOp<I32Sub, Acc, Slot, ToAcc>, BinaryOp<I64Shl, Acc, Slot, ToSlot>,
        BinaryOp<I64Sub, Acc, Slot, ToSlot>, BinaryOp<I64Sub, Acc, Slot, ToAcc>,
        BinaryOp<I64Shl, Acc, Slot, ToAcc>;
    Move<u64, Slot, ToSlot> =>
        LoadOp<F64Load, Near<Acc, false>, ToSlot>, Move<u64, Imm16, ToSlot>, MemoryMove<u64, Near<Slot, false>>,
        Br<false>, BinaryOp<I32Add, Slot, Imm16, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToSlot>,
        Move<u32, Imm16, ToSlot>, Move<u32, Imm32, ToSlot>, BrIf64<Acc, true>, BranchIf<I64GeS, Slot, Slot, true>,
        LoadOp<I64Load8U, Near<Acc, false>, ToSlot>, MemoryMove<u32, Near<Slot, false>>,
        BinaryOp<I32Add, Acc, Imm16, ToSlot>, LoadOp<I32Load, Near<Slot, false>, ToSlot>,
        LoadOp<I64Load32U, Near<Slot, false>, ToSlot>, BranchIf<I32GtS, Slot, Imm16, true>;
    Move<u32, Imm32, ToAcc> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>, StoreOp<I64Store, Sum, Acc>,
        BinaryOp<I64Mul, Slot, Acc, ToSlot>, StoreOp<I32Store, Near<Slot, false>, Acc>;
    GlobalGet<ToAcc, false> =>
        LoadOp<I64Load, Near<Acc, false>, ToSlot>, LoadOp<I32Load, Near<Acc, false>, ToAcc>, BrIf64<Acc, true>,
        BinaryOp<I32Sub, Acc, Imm16, ToSlot>, LoadOp<I32Load, Near<Acc, false>, ToSlot>,
        LoadOp<I64Load, Near<Acc, false>, ToAcc>, LoadOp<I64Load8U, Near<Acc, false>, ToAcc>, BrIf<Acc, true>;
    Move<u32, Imm16, ToAcc> =>
        StoreOp<I32Store, Sum, Acc>, StoreOp<I32Store8, Sum, Acc>, BinaryOp<I32Shl, Acc, Slot, ToAcc>,
        BinaryOp<I64Sub, Acc, Slot, ToAcc>, BinaryOp<I32Shl, Acc, Slot, ToSlot>,
        BinaryOp<I32Sub, Acc, Slot, ToSlot>, BinaryOp<I32Sub, Acc, Slot, ToAcc>;
    Move<u32, Imm16, ToSlot> =>
        Br<false>, BranchIf<I64LtU, Slot, Imm16, true>, Move<u32, Imm16, ToSlot>,
        BinaryOp<I64Add, Slot, Imm16, ToSlot>, Select<Slot, ToSlot>, Select<Slot, ToAcc>,
        BinaryOp<I32Eq, Slot, Imm16, ToSlot>, Move<u64, Slot, ToSlot>;
    GlobalGet<ToSlot, false> =>
        Move<u64, Slot, ToSlot>, LoadOp<I64Load, Near<Acc, false>, ToSlot>, BrIf<Slot, true>,
        LoadOp<I32Load, Near<Acc, false>, ToSlot>, ReturnValue<u64, Slot>, BinaryOp<I32Add, Acc, Imm16, ToSlot>,
        Move<u64, Imm16, ToSlot>, CopyTwo;
    Move<u64, Imm64, ToAcc> =>
        BinaryOp<I64Mul, Slot, Acc, ToSlot>, BinaryOp<I64Mul, Slot, Acc, ToAcc>,
        BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64And, Slot, Acc, ToSlot>,
        BinaryOp<I64Add, Slot, Acc, ToAcc>, BinaryOp<I64And, Slot, Acc, ToAcc>;
    Move<u64, Imm64, ToSlot> =>
        BranchIf<F64Lt, Slot, Acc, true>, BinaryOp<F64Div, Slot, Acc, ToAcc>, BinaryOp<F64Sub, Slot, Slot, ToSlot>;
    GlobalSet<Acc, false> =>
        ReturnValue<u64, Imm16>, Move<u32, Imm32, ToAcc>, ReturnValue<u64, Slot>,
        BinaryOp<I32Add, Acc, Imm16, ToSlot>, LoadOp<I64Load, Near<Acc, false>, ToAcc>;
    Move<u64, Acc, ToSlot> =>
        Br<false>, BrIf<Acc, false>, BrIf<Acc, true>, BrIfByte<true>, LoadOp<I32Load, Near<Slot, false>, ToSlot>;
    Move<u64, Imm32, ToAcc> =>
        StoreOp<I32Store, Near<Slot, false>, Acc>, StoreOp<I32Store, Sum, Acc>;
    Select<Slot, ToAcc> =>
        BinaryOp<I64Xor, Acc, Imm16, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Acc>;
    Move<u32, Imm32, ToSlot> =>
        Br<false>, Move<u64, Imm16, ToSlot>;
    Select<Slot, ToSlot> =>
        ReturnValue<u64, Acc>;
}
