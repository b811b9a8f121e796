//! Loads, and what is done with what they loaded.

use super::rows;
use crate::ops::access::load::{
    F64Load, I32Load, I32Load8S, I32Load8U, I32Load16U, I64Load, I64Load8U, I64Load16U, I64Load32S,
    I64Load32U,
};
use crate::ops::access::store::{I32Store, I32Store8, I64Store, I64Store8, I64Store16, I64Store32};
use crate::ops::access::{Absolute, LoadOp, Near, StoreOp, Sum, Via};
use crate::ops::binary::BinaryOp;
use crate::ops::branch::{Br, BrIf, BrIf64};
use crate::ops::chain::{BrIfBits, CopyTwo, LoadTwo, MemoryMove, MulThen, ShlAdd, StoreTwo};
use crate::ops::compare::BranchIf;
use crate::ops::compare::integer::{
    I32Eq, I32GeU, I32GtS, I32GtU, I32LtS, I32LtU, I32Ne, I64Eq, I64GeS, I64GeU, I64GtS, I64GtU,
    I64LeU, I64LtS, I64LtU, I64Ne,
};
use crate::ops::data::{GlobalSet, Move};
use crate::ops::float::{F64Add, F64Mul, F64Sub};
use crate::ops::integer::{
    I32Add, I32And, I32Mul, I32Shl, I32ShrU, I32Xor, I64Add, I64And, I64Mul, I64Shl, I64ShrU,
    I64Sub, I64Xor,
};
use crate::ops::shape::{Acc, Imm16, Imm32, Imm64, Slot, ToAcc, ToSlot};
use crate::ops::unary::{I32WrapI64, I64Extend32S, UnaryOp};

rows! {
    LoadOp<I64Load, Near<Slot, false>, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToAcc>, StoreOp<I64Store, Near<Slot, false>, Slot>, Br<false>,
        BrIf64<Acc, true>, StoreOp<I64Store, Near<Slot, false>, Acc>, BrIf64<Acc, false>,
        MemoryMove<u64, Near<Slot, false>>, BinaryOp<I64Eq, Acc, Imm16, ToSlot>,
        BinaryOp<I64Add, Slot, Imm16, ToSlot>, BinaryOp<I64Mul, Slot, Imm16, ToAcc>,
        LoadOp<I64Load, Via<64>, ToAcc>, LoadOp<I64Load32U, Near<Slot, false>, ToSlot>, Move<u64, Imm16, ToSlot>,
        Move<u64, Slot, ToSlot>, ShlAdd<u64, ToSlot>, ShlAdd<u64, ToAcc>, LoadOp<I64Load, Via<64>, ToSlot>,
        LoadOp<I64Load8U, Near<Slot, false>, ToSlot>, LoadOp<I64Load, Sum, ToAcc>, Move<u32, Imm32, ToAcc>,
        StoreOp<I64Store32, Near<Slot, false>, Slot>, LoadOp<I64Load32U, Near<Slot, false>, ToAcc>,
        BranchIf<I64GtS, Acc, Imm16, true>, BranchIf<I64GeU, Acc, Slot, true>,
        LoadOp<I64Load, Near<Acc, false>, ToSlot>, StoreTwo, BinaryOp<I64Add, Acc, Imm16, ToSlot>,
        BinaryOp<I64Add, Slot, Imm16, ToAcc>, LoadOp<I64Load16U, Via<64>, ToAcc>,
        UnaryOp<I32WrapI64, Slot, ToSlot>, BrIf<Acc, false>, BrIf64<Slot, true>, Move<u64, Imm64, ToAcc>,
        BranchIf<I64GeU, Slot, Slot, true>, BrIf64<Slot, false>, CopyTwo;
    LoadOp<I64Load, Near<Slot, false>, ToAcc> =>
        BinaryOp<I64Add, Acc, Imm16, ToSlot>, BinaryOp<I64ShrU, Acc, Imm16, ToSlot>,
        BinaryOp<I64Add, Acc, Imm16, ToAcc>, BinaryOp<I64Shl, Acc, Imm16, ToAcc>,
        BranchIf<I64GeU, Acc, Slot, true>, BinaryOp<I64Add, Slot, Acc, ToSlot>, GlobalSet<Acc, false>,
        BinaryOp<I64Sub, Acc, Slot, ToSlot>, BinaryOp<I64Add, Slot, Acc, ToAcc>,
        BinaryOp<I64Sub, Slot, Acc, ToSlot>, BinaryOp<I64Add, Acc, Slot, ToSlot>,
        BranchIf<I64GeS, Slot, Acc, true>, BinaryOp<I64Shl, Acc, Imm16, ToSlot>,
        BranchIf<I64GeS, Acc, Imm16, true>, BinaryOp<I64Mul, Slot, Acc, ToAcc>, BinaryOp<I64Add, Acc, Slot, ToAcc>,
        BinaryOp<I64And, Acc, Imm16, ToSlot>, BranchIf<I64Eq, Slot, Acc, true>, BinaryOp<I64Xor, Acc, Slot, ToAcc>,
        BinaryOp<I64Eq, Acc, Imm16, ToSlot>, BranchIf<I64GtU, Slot, Acc, true>, BranchIf<I64GeU, Slot, Acc, true>,
        BranchIf<I64Ne, Acc, Imm16, true>, BranchIf<I64Ne, Slot, Acc, true>, BinaryOp<I64And, Slot, Acc, ToAcc>,
        BinaryOp<I64Mul, Acc, Slot, ToAcc>, BranchIf<I64Eq, Acc, Imm16, true>, BranchIf<I64LtU, Slot, Acc, true>,
        BranchIf<I64GtU, Acc, Slot, true>, BinaryOp<I64Eq, Slot, Acc, ToAcc>, BranchIf<I64GeS, Acc, Slot, true>;
    LoadOp<I64Load, Via<64>, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToAcc>, LoadOp<I64Load, Via<64>, ToSlot>,
        MemoryMove<u64, Near<Slot, false>>, StoreOp<I64Store, Near<Slot, false>, Acc>, BrIf64<Acc, true>,
        BrIf64<Acc, false>, LoadOp<I64Load, Via<64>, ToAcc>, StoreOp<I64Store, Near<Slot, false>, Slot>,
        LoadOp<I64Load, Near<Slot, false>, ToSlot>, BinaryOp<I64Eq, Acc, Imm16, ToSlot>, Br<false>,
        StoreOp<I64Store, Sum, Acc>, BranchIf<I64Eq, Acc, Imm16, true>,
        StoreOp<I64Store32, Near<Slot, false>, Slot>, BranchIf<I64GeU, Slot, Slot, true>,
        LoadOp<I64Load, Sum, ToSlot>, LoadTwo<u64>;
    LoadOp<I32Load, Near<Slot, false>, ToSlot> =>
        LoadOp<I32Load, Near<Slot, false>, ToAcc>, BrIf<Acc, false>, BrIf<Acc, true>, Br<false>,
        StoreOp<I32Store, Near<Slot, false>, Acc>, StoreOp<I32Store, Near<Slot, false>, Slot>,
        Move<u64, Slot, ToSlot>, LoadOp<I32Load, Near<Acc, false>, ToSlot>, BinaryOp<I32Mul, Slot, Imm16, ToAcc>,
        LoadOp<I32Load, Sum, ToAcc>, BinaryOp<I32Add, Slot, Imm16, ToSlot>, BinaryOp<I32Add, Acc, Imm16, ToAcc>,
        MemoryMove<u32, Near<Slot, false>>, ShlAdd<u32, ToSlot>, BinaryOp<I32And, Acc, Imm16, ToAcc>,
        LoadOp<I32Load8U, Near<Acc, false>, ToAcc>, Move<u64, Imm16, ToSlot>, BinaryOp<I32Eq, Acc, Imm16, ToSlot>,
        BranchIf<I32GtS, Acc, Slot, true>, CopyTwo, LoadOp<I32Load, Via<64>, ToAcc>,
        LoadOp<I64Load32U, Near<Slot, false>, ToSlot>, LoadOp<I32Load, Near<Acc, false>, ToAcc>,
        ShlAdd<u32, ToAcc>;
    LoadOp<I64Load, Sum, ToSlot> =>
        LoadOp<I64Load, Sum, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Acc>, BrIf64<Acc, false>,
        BinaryOp<I64Eq, Acc, Imm16, ToSlot>, BrIf64<Acc, true>, LoadOp<I64Load, Near<Slot, false>, ToAcc>,
        BrIf64<Slot, true>, LoadOp<I64Load, Sum, ToAcc>, Move<u32, Imm32, ToAcc>, StoreOp<I64Store, Sum, Slot>,
        LoadOp<I64Load, Near<Slot, false>, ToSlot>, LoadTwo<u64>, StoreOp<I64Store, Sum, Acc>,
        MemoryMove<u64, Near<Slot, false>>, Br<false>;
    LoadOp<I64Load, Near<Acc, false>, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToSlot>, BrIf64<Acc, true>, LoadTwo<u64>, BrIf64<Slot, false>,
        BrIf64<Acc, false>, LoadOp<I64Load, Near<Slot, false>, ToAcc>, StoreOp<I64Store, Near<Slot, false>, Acc>,
        BinaryOp<I64ShrU, Acc, Imm16, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Slot>,
        LoadOp<I64Load8U, Absolute, ToAcc>, BinaryOp<I64Add, Slot, Slot, ToSlot>,
        BinaryOp<I64Add, Slot, Slot, ToAcc>, BinaryOp<I64Add, Slot, Imm16, ToAcc>;
    LoadOp<I64Load, Near<Acc, false>, ToAcc> =>
        BrIf64<Acc, true>, BrIf64<Acc, false>, BinaryOp<I64ShrU, Acc, Imm16, ToSlot>,
        StoreOp<I64Store, Near<Slot, false>, Acc>, BinaryOp<I64Eq, Acc, Imm16, ToSlot>,
        BranchIf<I64GtU, Slot, Acc, true>, BinaryOp<I64LtS, Slot, Acc, ToAcc>, BinaryOp<I64Add, Acc, Imm16, ToAcc>;
    LoadOp<I32Load, Near<Slot, false>, ToAcc> =>
        BinaryOp<I32Add, Acc, Imm16, ToSlot>, BinaryOp<I32Add, Acc, Imm16, ToAcc>,
        BinaryOp<I32ShrU, Acc, Imm16, ToSlot>, BinaryOp<I32Shl, Acc, Imm16, ToAcc>,
        BranchIf<I32LtU, Slot, Acc, true>, BinaryOp<I32Add, Slot, Acc, ToSlot>, BinaryOp<I32Add, Acc, Slot, ToAcc>,
        BranchIf<I32GeU, Acc, Slot, true>, BinaryOp<I32Add, Acc, Slot, ToSlot>, BinaryOp<I32Add, Slot, Acc, ToAcc>,
        BranchIf<I32Ne, Acc, Slot, true>, BranchIf<I32GeU, Slot, Acc, true>, BinaryOp<I32Mul, Acc, Imm16, ToAcc>,
        BranchIf<I32Eq, Slot, Acc, true>, GlobalSet<Acc, false>;
    LoadOp<F64Load, Near<Acc, false>, ToSlot> =>
        ShlAdd<u64, ToSlot>, MulThen<F64Mul, F64Add, Slot, ToAcc, false>, ShlAdd<u32, ToSlot>,
        BinaryOp<I64Add, Slot, Imm16, ToSlot>;
    LoadOp<I32Load8U, Near<Slot, false>, ToSlot> =>
        LoadOp<I32Load8U, Near<Slot, false>, ToSlot>, BinaryOp<I32Add, Slot, Imm16, ToSlot>,
        BranchIf<I32Eq, Slot, Acc, true>, LoadOp<I32Load, Near<Slot, false>, ToSlot>, BrIf<Acc, false>,
        LoadOp<I32Load8U, Near<Slot, false>, ToAcc>, BranchIf<I32Ne, Slot, Acc, true>;
    LoadOp<I64Load, Via<64>, ToAcc> =>
        BinaryOp<I64Add, Acc, Imm16, ToAcc>, BinaryOp<I64Add, Acc, Imm16, ToSlot>, StoreOp<I64Store, Sum, Acc>,
        BrIf64<Acc, false>, StoreOp<I64Store, Near<Slot, false>, Acc>, BranchIf<I64GtS, Slot, Acc, true>,
        BrIf64<Acc, true>, BinaryOp<I64Eq, Acc, Imm16, ToSlot>, BranchIf<I64Eq, Slot, Acc, true>;
    LoadOp<I64Load, Absolute, ToSlot> =>
        BrIf64<Acc, true>, StoreOp<I64Store, Near<Slot, false>, Acc>, LoadOp<I64Load, Absolute, ToSlot>,
        LoadOp<I64Load, Near<Slot, false>, ToAcc>, BinaryOp<I64Xor, Slot, Acc, ToAcc>,
        LoadOp<I64Load, Via<64>, ToAcc>;
    LoadOp<I32Load, Sum, ToSlot> =>
        LoadOp<I32Load, Sum, ToAcc>, LoadOp<I32Load, Sum, ToSlot>, BinaryOp<I32Add, Slot, Slot, ToSlot>,
        StoreOp<I32Store, Near<Slot, false>, Acc>, BrIf<Acc, false>, BinaryOp<I32Eq, Acc, Imm16, ToSlot>,
        BrIf<Acc, true>;
    LoadOp<I32Load, Near<Acc, false>, ToAcc> =>
        BranchIf<I32GtU, Slot, Acc, true>, BrIf<Acc, true>, StoreOp<I32Store, Near<Slot, false>, Acc>,
        BrIf<Acc, false>, BinaryOp<I32Add, Acc, Imm16, ToAcc>, BinaryOp<I32ShrU, Acc, Imm16, ToSlot>,
        BinaryOp<I32Xor, Acc, Slot, ToSlot>;
    LoadOp<I64Load8U, Near<Acc, false>, ToSlot> =>
        LoadOp<I64Load, Sum, ToAcc>, UnaryOp<I32WrapI64, Acc, ToSlot>, UnaryOp<I64Extend32S, Acc, ToAcc>,
        LoadOp<I64Load, Near<Slot, false>, ToSlot>, BranchIf<I64Eq, Acc, Imm16, true>,
        BranchIf<I64GtU, Acc, Imm16, true>, BinaryOp<I64Add, Slot, Imm16, ToSlot>,
        BranchIf<I64GeU, Acc, Imm16, true>, BinaryOp<I64Add, Slot, Imm32, ToAcc>,
        BinaryOp<I64And, Slot, Imm16, ToSlot>, BinaryOp<I64Add, Slot, Slot, ToSlot>;
    LoadOp<I64Load8U, Near<Slot, false>, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToSlot>, BrIf<Acc, false>, LoadOp<I64Load8U, Near<Slot, false>, ToAcc>,
        LoadOp<I64Load8U, Near<Slot, false>, ToSlot>, BinaryOp<I64Add, Slot, Imm16, ToSlot>,
        BranchIf<I64Eq, Slot, Acc, true>;
    LoadOp<I32Load, Near<Acc, false>, ToSlot> =>
        LoadOp<I32Load, Near<Slot, false>, ToSlot>, BrIf<Acc, false>, BrIf<Acc, true>, LoadTwo<u32>,
        BranchIf<I32LtS, Acc, Slot, true>, BrIf<Slot, false>, LoadOp<I32Load, Near<Slot, false>, ToAcc>,
        BinaryOp<I32And, Acc, Imm16, ToAcc>;
    LoadOp<I64Load8U, Sum, ToAcc> =>
        BrIf<Acc, true>, BrIf<Acc, false>, StoreOp<I64Store8, Sum, Acc>;
    LoadOp<F64Load, Near<Slot, false>, ToSlot> =>
        BinaryOp<I64Add, Slot, Slot, ToSlot>, LoadOp<F64Load, Near<Slot, false>, ToAcc>,
        BinaryOp<I32Add, Slot, Slot, ToSlot>, LoadOp<F64Load, Near<Acc, false>, ToAcc>;
    LoadOp<I64Load32U, Absolute, ToAcc> =>
        BrIf64<Acc, false>, BinaryOp<I64Eq, Acc, Imm16, ToSlot>, BrIf<Acc, false>;
    LoadOp<F64Load, Sum, ToSlot> =>
        LoadOp<F64Load, Sum, ToAcc>, LoadOp<F64Load, Near<Slot, false>, ToAcc>;
    LoadOp<I64Load32S, Near<Slot, false>, ToAcc> =>
        BinaryOp<I64Add, Acc, Imm16, ToSlot>, UnaryOp<I32WrapI64, Acc, ToAcc>, StoreOp<I64Store32, Sum, Acc>,
        BinaryOp<I64Add, Acc, Imm16, ToAcc>, UnaryOp<I64Extend32S, Acc, ToAcc>, UnaryOp<I32WrapI64, Acc, ToSlot>,
        BinaryOp<I32Add, Acc, Imm16, ToSlot>;
    LoadOp<F64Load, Sum, ToAcc> =>
        BinaryOp<F64Mul, Slot, Acc, ToSlot>, BinaryOp<F64Sub, Slot, Acc, ToSlot>,
        BinaryOp<F64Mul, Acc, Slot, ToSlot>;
    LoadOp<I32Load8U, Near<Acc, false>, ToAcc> =>
        StoreOp<I32Store8, Near<Slot, false>, Acc>, BinaryOp<I32Xor, Acc, Slot, ToAcc>, BrIfBits<u32, Acc, false>,
        BranchIf<I32Ne, Acc, Imm16, true>;
    LoadOp<I64Load8U, Near<Slot, false>, ToAcc> =>
        BranchIf<I64Eq, Slot, Acc, true>, StoreOp<I64Store8, Sum, Acc>, StoreOp<I64Store8, Near<Slot, false>, Acc>,
        BranchIf<I64Ne, Acc, Imm16, true>, BinaryOp<I64And, Acc, Imm16, ToAcc>,
        BinaryOp<I64Eq, Acc, Imm16, ToSlot>, BrIf<Acc, false>;
    LoadOp<I32Load, Via<64>, ToSlot> =>
        LoadOp<I32Load, Near<Slot, false>, ToAcc>, LoadOp<I32Load, Via<64>, ToSlot>,
        MemoryMove<u32, Near<Slot, false>>, StoreOp<I32Store, Near<Slot, false>, Acc>, BrIf<Acc, true>,
        BrIf<Acc, false>;
    LoadOp<F64Load, Near<Slot, false>, ToAcc> =>
        BinaryOp<F64Mul, Acc, Slot, ToAcc>, MulThen<F64Mul, F64Add, Acc, ToAcc, true>,
        BinaryOp<F64Add, Slot, Acc, ToAcc>;
    LoadOp<I32Load8U, Near<Acc, false>, ToSlot> =>
        BinaryOp<I32Add, Slot, Imm32, ToAcc>, BinaryOp<I32Add, Slot, Imm16, ToSlot>,
        BinaryOp<I32Add, Slot, Slot, ToSlot>, BranchIf<I32Eq, Acc, Imm16, true>;
    LoadOp<I32Load, Sum, ToAcc> =>
        BinaryOp<I32Mul, Slot, Acc, ToSlot>, BinaryOp<I32Mul, Slot, Acc, ToAcc>;
    LoadOp<I64Load8U, Absolute, ToAcc> =>
        BrIf<Acc, true>, BrIf<Acc, false>;
    LoadOp<I64Load8U, Near<Acc, false>, ToAcc> =>
        BinaryOp<I64Eq, Acc, Slot, ToAcc>, StoreOp<I64Store8, Near<Slot, false>, Acc>, BrIf<Acc, false>,
        BinaryOp<I64And, Acc, Imm16, ToAcc>, BinaryOp<I64Xor, Acc, Slot, ToAcc>;
    LoadOp<I32Load8U, Near<Slot, false>, ToAcc> =>
        BranchIf<I32Ne, Acc, Imm16, true>, BrIfBits<u32, Acc, true>, BinaryOp<I32And, Acc, Imm16, ToAcc>,
        BrIfBits<u32, Acc, false>, StoreOp<I32Store8, Near<Slot, false>, Acc>;
    LoadOp<I64Load8U, Via<64>, ToAcc> =>
        BrIf<Acc, false>, StoreOp<I64Store8, Sum, Acc>, BrIf<Acc, true>, BinaryOp<I64And, Acc, Imm16, ToAcc>;
    LoadOp<I32Load8U, Near<Slot, true>, ToAcc> =>
        BrIf<Acc, true>;
    LoadOp<I32Load, Near<Acc, true>, ToSlot> =>
        BinaryOp<I32ShrU, Slot, Imm16, ToAcc>, BinaryOp<I32And, Slot, Imm16, ToAcc>;
    LoadOp<I32Load, Near<Acc, true>, ToAcc> =>
        BinaryOp<I32Xor, Slot, Acc, ToSlot>, BinaryOp<I32Add, Acc, Imm16, ToAcc>;
    LoadOp<I64Load, Sum, ToAcc> =>
        BinaryOp<I64Xor, Slot, Acc, ToSlot>, BinaryOp<I64Mul, Slot, Acc, ToSlot>,
        BinaryOp<I64Add, Acc, Imm16, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Acc>;
    LoadOp<I64Load32U, Near<Slot, false>, ToAcc> =>
        BranchIf<I64LeU, Slot, Acc, true>, StoreOp<I64Store32, Near<Slot, false>, Acc>,
        UnaryOp<I32WrapI64, Acc, ToSlot>, UnaryOp<I32WrapI64, Acc, ToAcc>;
    LoadOp<F64Load, Near<Acc, false>, ToAcc> =>
        BinaryOp<F64Add, Slot, Acc, ToAcc>, BinaryOp<F64Sub, Slot, Acc, ToSlot>,
        BinaryOp<F64Mul, Acc, Slot, ToSlot>;
    LoadOp<I64Load32U, Near<Slot, false>, ToSlot> =>
        LoadOp<I64Load8U, Near<Slot, false>, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToAcc>, Br<false>;
    LoadOp<I64Load16U, Near<Slot, false>, ToAcc> =>
        BinaryOp<I64Add, Acc, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot>;
    LoadOp<I32Load, Absolute, ToSlot> =>
        BrIf<Acc, true>, Move<u64, Slot, ToSlot>;
    LoadOp<I64Load32U, Near<Acc, false>, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToAcc>, BinaryOp<I64Xor, Slot, Acc, ToSlot>, BranchIf<I64Ne, Slot, Acc, true>;
    LoadOp<I64Load32U, Near<Acc, false>, ToSlot> =>
        BranchIf<I64GtU, Acc, Slot, true>, BinaryOp<I64And, Slot, Imm16, ToSlot>,
        BinaryOp<I64Add, Slot, Imm32, ToAcc>;
    LoadOp<I32Load8U, Sum, ToAcc> =>
        BrIf<Acc, true>, BrIf<Acc, false>;
    LoadOp<I32Load8S, Near<Slot, false>, ToSlot> =>
        LoadOp<I32Load8S, Near<Slot, false>, ToSlot>, BranchIf<I32Ne, Slot, Acc, true>;
    LoadOp<I64Load8U, Near<Slot, true>, ToAcc> =>
        BrIf<Acc, true>;
    LoadOp<I64Load, Near<Acc, true>, ToSlot> =>
        BinaryOp<I64ShrU, Slot, Imm16, ToAcc>;
    LoadOp<I32Load8U, Absolute, ToAcc> =>
        BrIf<Acc, true>;
    LoadOp<I64Load32S, Sum, ToSlot> =>
        LoadOp<I64Load, Sum, ToSlot>;
    LoadOp<I64Load, Near<Acc, true>, ToAcc> =>
        BinaryOp<I64Xor, Slot, Acc, ToSlot>;
    LoadOp<I64Load32S, Via<64>, ToAcc> =>
        BinaryOp<I64Add, Acc, Imm16, ToSlot>;
    LoadOp<I64Load32U, Via<64>, ToAcc> =>
        StoreOp<I64Store32, Sum, Acc>;
    LoadOp<I64Load16U, Near<Slot, false>, ToSlot> =>
        BranchIf<I64GeU, Slot, Acc, true>;
    LoadOp<I64Load16U, Via<64>, ToAcc> =>
        StoreOp<I64Store16, Near<Slot, false>, Acc>;
    LoadOp<I64Load32U, Via<64>, ToSlot> =>
        LoadOp<I64Load32U, Near<Slot, false>, ToAcc>;
    LoadOp<I32Load, Via<64>, ToAcc> =>
        BinaryOp<I32Add, Acc, Imm16, ToAcc>;
    LoadOp<I32Load16U, Near<Slot, false>, ToAcc> =>
        BinaryOp<I32Add, Acc, Imm16, ToAcc>;
}
