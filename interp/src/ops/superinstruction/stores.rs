//! Stores, and what stands behind them: more stores, most of all.

use super::rows;
use crate::ops::access::load::{
    F64Load, I32Load, I32Load8U, I64Load, I64Load8U, I64Load16U, I64Load32S, I64Load32U,
};
use crate::ops::access::store::{
    F64Store, I32Store, I32Store8, I64Store, I64Store8, I64Store16, I64Store32,
};
use crate::ops::access::{Absolute, LoadOp, Near, StoreOp, Sum, Via};
use crate::ops::binary::BinaryOp;
use crate::ops::branch::{Br, BrIf, BrIf64};
use crate::ops::chain::{AddBranch, AddTwo, BrIfLoaded, CopyTwo, LoadTwo, MemoryMove};
use crate::ops::compare::BranchIf;
use crate::ops::compare::integer::{I32LtU, I32Ne, I64GeS, I64GtU, I64LtS};
use crate::ops::data::{GlobalGet, Move};
use crate::ops::go::GoReturn;
use crate::ops::integer::{I32Add, I64Add, I64ShrU};
use crate::ops::shape::{Acc, Imm16, Imm32, Slot, ToAcc, ToSlot};

rows! {
    StoreOp<I64Store, Near<Slot, false>, Acc> =>
        MemoryMove<u64, Sum>, Move<u64, Imm16, ToAcc>, AddTwo<u64>, LoadOp<I64Load, Near<Slot, false>, ToSlot>,
        StoreOp<I64Store, Sum, Slot>, StoreOp<I64Store, Near<Slot, false>, Acc>,
        MemoryMove<u64, Near<Slot, false>>, LoadOp<I64Load, Near<Slot, false>, ToAcc>,
        StoreOp<I64Store, Near<Slot, false>, Slot>, Move<u32, Imm32, ToAcc>, Move<u64, Imm16, ToSlot>,
        LoadOp<I64Load, Via<64>, ToSlot>, BrIf64<Acc, true>, LoadOp<I64Load, Sum, ToSlot>,
        LoadOp<I64Load, Near<Acc, false>, ToSlot>, Br<false>, LoadOp<I64Load8U, Via<64>, ToAcc>,
        BinaryOp<I64ShrU, Slot, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Imm16, ToAcc>,
        StoreOp<I64Store, Near<Slot, false>, Imm16>, GoReturn, AddBranch<I64GeS, u64, Imm16>,
        BinaryOp<I64Add, Slot, Slot, ToSlot>, StoreOp<I64Store16, Near<Slot, false>, Slot>, LoadTwo<u64>,
        BrIf64<Slot, true>, LoadOp<I64Load8U, Near<Acc, false>, ToSlot>;
    StoreOp<I64Store, Sum, Acc> =>
        Move<u64, Imm16, ToAcc>, GoReturn, StoreOp<I64Store, Sum, Slot>, Move<u32, Imm32, ToAcc>,
        MemoryMove<u64, Sum>, LoadOp<I64Load, Near<Slot, false>, ToAcc>, BinaryOp<I64Add, Slot, Imm16, ToAcc>,
        AddTwo<u64>, AddBranch<I64GeS, u64, Slot>;
    StoreOp<I64Store, Near<Slot, false>, Slot> =>
        StoreOp<I64Store, Sum, Slot>, StoreOp<I64Store, Near<Slot, false>, Acc>, StoreOp<I64Store, Sum, Acc>,
        LoadOp<I64Load, Near<Slot, false>, ToSlot>, StoreOp<I64Store8, Near<Slot, false>, Slot>,
        MemoryMove<u64, Sum>, LoadOp<I64Load, Near<Slot, false>, ToAcc>, LoadOp<I64Load, Via<64>, ToSlot>,
        BrIfLoaded<u64, true>, BinaryOp<I64Add, Slot, Slot, ToAcc>, BinaryOp<I64Add, Slot, Imm16, ToAcc>,
        AddBranch<I64GeS, u64, Slot>, BrIf64<Slot, true>, LoadOp<I64Load32U, Absolute, ToAcc>,
        Move<u32, Imm32, ToAcc>, Move<u64, Imm16, ToAcc>, BranchIf<I64GtU, Slot, Imm16, true>,
        MemoryMove<u64, Near<Slot, false>>, Br<false>, BinaryOp<I64Add, Slot, Imm16, ToSlot>,
        StoreOp<I64Store, Near<Slot, false>, Slot>, BinaryOp<I64ShrU, Acc, Imm16, ToSlot>, LoadTwo<u64>,
        BrIf64<Acc, true>, BranchIf<I64GeS, Slot, Slot, true>;
    StoreOp<I64Store, Sum, Slot> =>
        StoreOp<I64Store, Sum, Slot>, GoReturn, Move<u64, Imm16, ToAcc>, StoreOp<I64Store, Sum, Acc>,
        MemoryMove<u64, Sum>, Move<u32, Imm32, ToAcc>;
    StoreOp<I32Store8, Near<Acc, false>, Imm16> =>
        BinaryOp<I32Add, Slot, Slot, ToSlot>;
    StoreOp<I64Store8, Sum, Acc> =>
        GoReturn, Move<u64, Imm16, ToAcc>;
    StoreOp<I32Store, Near<Slot, false>, Acc> =>
        LoadOp<I32Load, Near<Slot, false>, ToSlot>, StoreOp<I32Store, Near<Slot, false>, Slot>,
        BinaryOp<I32Add, Slot, Imm16, ToAcc>, MemoryMove<u32, Sum>, Move<u32, Imm16, ToAcc>, AddTwo<u32>,
        LoadOp<I32Load, Near<Slot, false>, ToAcc>, Br<false>, StoreOp<I32Store, Near<Slot, false>, Acc>,
        StoreOp<I32Store, Sum, Slot>, BinaryOp<I32Add, Slot, Imm16, ToSlot>, MemoryMove<u32, Near<Slot, false>>,
        LoadOp<I32Load8U, Near<Slot, false>, ToSlot>;
    StoreOp<F64Store, Near<Slot, false>, Acc> =>
        AddTwo<u64>, LoadOp<F64Load, Near<Slot, false>, ToSlot>, AddTwo<u32>,
        LoadOp<F64Load, Near<Slot, false>, ToAcc>, AddBranch<I64GeS, u64, Slot>;
    StoreOp<I32Store, Sum, Acc> =>
        Move<u32, Imm16, ToAcc>, GoReturn, StoreOp<I32Store, Sum, Slot>, Move<u64, Imm32, ToAcc>;
    StoreOp<I32Store, Near<Slot, false>, Slot> =>
        StoreOp<I32Store, Near<Slot, false>, Acc>, StoreOp<I32Store, Sum, Slot>,
        StoreOp<I32Store, Near<Slot, false>, Slot>, Move<u64, Slot, ToSlot>,
        LoadOp<I32Load, Near<Slot, false>, ToSlot>, Br<false>, LoadOp<I32Load, Near<Slot, false>, ToAcc>,
        StoreOp<I32Store8, Near<Slot, false>, Slot>;
    StoreOp<I32Store, Sum, Slot> =>
        StoreOp<I32Store, Sum, Slot>, GoReturn, Move<u32, Imm16, ToAcc>, StoreOp<I32Store, Sum, Acc>;
    StoreOp<I64Store, Near<Slot, false>, Imm16> =>
        Move<u32, Imm32, ToAcc>, StoreOp<I64Store, Near<Slot, false>, Imm16>, Move<u64, Imm16, ToAcc>,
        StoreOp<I64Store, Sum, Slot>;
    StoreOp<I32Store8, Near<Slot, false>, Acc> =>
        StoreOp<I32Store8, Near<Slot, false>, Slot>, AddBranch<I32LtU, u32, Slot>,
        BinaryOp<I32Add, Slot, Slot, ToSlot>;
    StoreOp<I64Store32, Near<Slot, false>, Slot> =>
        BrIf<Slot, false>, LoadOp<I64Load, Near<Slot, false>, ToAcc>, CopyTwo;
    StoreOp<I64Store8, Near<Acc, false>, Imm16> =>
        BinaryOp<I64Add, Slot, Slot, ToSlot>;
    StoreOp<I32Store8, Sum, Acc> =>
        GoReturn;
    StoreOp<I64Store8, Near<Slot, false>, Acc> =>
        Move<u64, Imm16, ToSlot>, StoreOp<I64Store8, Near<Slot, false>, Slot>, GoReturn, AddTwo<u64>;
    StoreOp<I32Store8, Near<Slot, false>, Slot> =>
        BinaryOp<I32Add, Slot, Imm16, ToSlot>, AddBranch<I32Ne, u32, Slot>;
    StoreOp<I64Store32, Sum, Acc> =>
        GoReturn, StoreOp<I64Store, Sum, Slot>;
    StoreOp<I64Store, Via<64>, Slot> =>
        LoadOp<I64Load32U, Absolute, ToAcc>, BranchIf<I64LtS, Slot, Imm16, true>,
        BinaryOp<I64Add, Slot, Imm16, ToAcc>;
    StoreOp<I64Store32, Near<Slot, false>, Acc> =>
        GlobalGet<ToAcc, false>, Move<u64, Imm16, ToAcc>;
    StoreOp<I64Store32, Sum, Slot> =>
        StoreOp<I64Store, Sum, Slot>;
    StoreOp<I64Store, Via<64>, Imm16> =>
        GoReturn, StoreOp<I64Store, Via<64>, Imm16>;
    StoreOp<I64Store8, Near<Slot, false>, Slot> =>
        LoadOp<I64Load, Near<Slot, false>, ToSlot>, BinaryOp<I64Add, Slot, Imm16, ToSlot>;
    StoreOp<I64Store, Near<Acc, false>, Slot> =>
        Br<false>, AddTwo<u64>;
    StoreOp<I64Store8, Sum, Slot> =>
        GoReturn;
    StoreOp<I64Store32, Via<64>, Slot> =>
        BrIf64<Slot, true>;
    StoreOp<I32Store, Near<Slot, false>, Imm16> =>
        StoreOp<I32Store, Near<Slot, false>, Imm16>;
    StoreOp<I64Store32, Near<Slot, false>, Imm16> =>
        LoadOp<I64Load, Near<Slot, false>, ToSlot>;
    StoreOp<I32Store, Near<Acc, false>, Slot> =>
        StoreOp<I32Store, Near<Acc, false>, Slot>;
    StoreOp<I64Store16, Near<Slot, false>, Slot> =>
        LoadOp<I64Load16U, Near<Slot, false>, ToAcc>;
    StoreOp<I64Store32, Via<64>, Imm16> =>
        LoadOp<I64Load32S, Via<64>, ToAcc>;
    StoreOp<I64Store8, Via<64>, Imm16> =>
        LoadOp<I64Load, Near<Slot, false>, ToSlot>;
    StoreOp<I64Store16, Near<Slot, false>, Acc> =>
        LoadOp<I64Load, Via<64>, ToAcc>;
    StoreOp<I32Store8, Near<Acc, false>, Slot> =>
        BinaryOp<I32Add, Slot, Slot, ToSlot>;
}
