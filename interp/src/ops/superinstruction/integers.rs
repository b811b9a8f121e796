//! Integer arithmetic, conversions among it, and who uses the result.

use super::rows;
use crate::ops::access::load::{
    F64Load, I32Load, I32Load8U, I64Load, I64Load8U, I64Load16U, I64Load32S, I64Load32U,
};
use crate::ops::access::store::{I32Store, I32Store8, I64Store, I64Store8, I64Store16, I64Store32};
use crate::ops::access::{Absolute, LoadOp, Near, StoreOp, Sum, Via};
use crate::ops::binary::BinaryOp;
use crate::ops::branch::{Br, BrIf, BrIf64};
use crate::ops::call::ReturnValue;
use crate::ops::chain::{AddBranch, AddTwo, Bits, BrIfBits, CopyTwo, LoadTwo, ShlAdd};
use crate::ops::compare::BranchIf;
use crate::ops::compare::integer::{
    I32Eq, I32GtS, I32GtU, I32LtS, I32LtU, I32Ne, I64Eq, I64GeS, I64GeU, I64GtS, I64GtU, I64LtS,
    I64LtU, I64Ne,
};
use crate::ops::data::{GlobalSet, Move};
use crate::ops::integer::{
    I32Add, I32And, I32Mul, I32Or, I32Rotl, I32Shl, I32ShrU, I32Sub, I32Xor, I64Add, I64And,
    I64Mul, I64Or, I64Rotl, I64Shl, I64ShrS, I64ShrU, I64Sub, I64Xor,
};
use crate::ops::shape::{Acc, Imm16, Imm32, Imm64, Slot, ToAcc, ToSlot};
use crate::ops::unary::{
    F64ConvertI32S, F64ConvertI64S, I32WrapI64, I64Ctz, I64Extend32S, UnaryOp,
};

rows! {
    BinaryOp<I32Add, Slot, Slot, ToSlot> =>
        BranchIf<I32LtU, Acc, Imm32, true>, ReturnValue<u64, Acc>, BinaryOp<I32Add, Slot, Slot, ToSlot>,
        BinaryOp<I32Add, Slot, Imm16, ToSlot>, LoadOp<I32Load, Sum, ToAcc>, LoadOp<F64Load, Sum, ToSlot>,
        Move<u64, Slot, ToSlot>, BinaryOp<I32Add, Acc, Imm16, ToAcc>, LoadOp<I32Load8U, Near<Acc, false>, ToSlot>,
        BrIf<Acc, true>, BinaryOp<I32Add, Slot, Slot, ToAcc>, LoadOp<I32Load8U, Near<Acc, false>, ToAcc>,
        Move<u64, Imm16, ToSlot>, BrIf<Slot, true>, AddBranch<I32Ne, u32, Slot>;
    BinaryOp<I64Add, Slot, Acc, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToAcc>, LoadOp<I64Load, Near<Acc, false>, ToSlot>,
        BinaryOp<I64ShrU, Acc, Imm16, ToAcc>, AddBranch<I64GeS, u64, Slot>,
        LoadOp<I64Load32U, Near<Acc, false>, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Acc>,
        BinaryOp<I64Add, Slot, Slot, ToAcc>, LoadOp<I64Load32U, Near<Acc, false>, ToAcc>,
        UnaryOp<I32WrapI64, Slot, ToAcc>, StoreOp<I64Store, Near<Slot, false>, Slot>,
        BinaryOp<I64Mul, Slot, Slot, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToSlot>, Br<false>, LoadTwo<u64>,
        AddTwo<u64>, BinaryOp<I64Add, Slot, Slot, ToSlot>, LoadOp<F64Load, Near<Slot, false>, ToSlot>,
        BinaryOp<I64Add, Slot, Imm16, ToSlot>, BinaryOp<I64And, Acc, Imm32, ToSlot>, LoadOp<I64Load, Sum, ToSlot>,
        BinaryOp<I32Rotl, Slot, Imm16, ToSlot>, StoreOp<I64Store, Sum, Slot>, BinaryOp<I64Add, Slot, Imm16, ToAcc>;
    BinaryOp<I32Add, Slot, Imm16, ToSlot> =>
        BranchIf<I32Ne, Acc, Imm32, true>, BrIf<Slot, true>, Br<false>,
        LoadOp<I32Load8U, Near<Slot, false>, ToSlot>, LoadOp<I32Load8U, Near<Acc, false>, ToSlot>,
        Move<u64, Imm16, ToSlot>, LoadOp<I32Load8U, Near<Acc, false>, ToAcc>, Move<u64, Slot, ToSlot>,
        Move<u64, Acc, ToSlot>, LoadOp<I32Load, Near<Acc, false>, ToSlot>, BrIf<Slot, false>, CopyTwo,
        LoadOp<I32Load, Near<Slot, false>, ToSlot>, GlobalSet<Acc, false>;
    BinaryOp<I64Add, Slot, Slot, ToSlot> =>
        BinaryOp<I64Add, Acc, Imm16, ToAcc>, BranchIf<I64LtU, Acc, Imm32, true>, BrIf64<Acc, true>,
        BrIf64<Slot, true>, ReturnValue<u64, Acc>, BinaryOp<I64Add, Slot, Slot, ToSlot>,
        LoadOp<I64Load8U, Near<Acc, false>, ToSlot>, BinaryOp<I64Add, Slot, Imm16, ToSlot>,
        LoadOp<I64Load, Near<Slot, false>, ToAcc>, BranchIf<I64LtU, Slot, Imm16, true>;
    BinaryOp<I64Add, Slot, Imm16, ToSlot> =>
        Br<false>, BinaryOp<I64Shl, Slot, Imm16, ToSlot>, BrIf64<Slot, false>, BrIf64<Slot, true>,
        BranchIf<I64Ne, Acc, Imm32, true>, BinaryOp<I64Shl, Acc, Imm16, ToAcc>,
        StoreOp<I64Store, Near<Slot, false>, Acc>, ShlAdd<u64, ToSlot>, Move<u64, Acc, ToSlot>,
        LoadOp<I64Load, Near<Slot, false>, ToAcc>, Move<u64, Slot, ToSlot>, BrIf<Slot, true>,
        LoadOp<F64Load, Near<Acc, false>, ToSlot>, LoadOp<F64Load, Near<Acc, false>, ToAcc>,
        LoadOp<I64Load8U, Near<Slot, false>, ToSlot>, BrIfBits<u64, Acc, true>,
        BinaryOp<I64ShrU, Slot, Acc, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToSlot>,
        LoadOp<I64Load8U, Near<Acc, false>, ToSlot>, Move<u32, Imm16, ToSlot>;
    BinaryOp<I64ShrU, Acc, Imm16, ToSlot> =>
        AddTwo<u64>, BranchIf<I64LtU, Acc, Imm16, true>, BranchIf<I64GeU, Acc, Slot, true>,
        UnaryOp<I32WrapI64, Slot, ToSlot>, BinaryOp<I64Add, Slot, Acc, ToSlot>,
        BinaryOp<I64And, Slot, Imm16, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToAcc>,
        AddBranch<I64GeS, u64, Slot>;
    BinaryOp<I32Add, Slot, Imm32, ToAcc> =>
        StoreOp<I32Store8, Near<Acc, false>, Imm16>, LoadOp<I32Load8U, Near<Acc, false>, ToSlot>,
        LoadOp<I32Load8U, Near<Acc, false>, ToAcc>, LoadOp<I32Load, Near<Acc, false>, ToSlot>,
        LoadOp<I32Load, Near<Acc, false>, ToAcc>;
    BinaryOp<I64Add, Slot, Acc, ToAcc> =>
        BinaryOp<I64Add, Acc, Imm16, ToAcc>, BinaryOp<I64ShrU, Acc, Imm16, ToAcc>,
        StoreOp<I64Store, Near<Slot, false>, Acc>, LoadOp<I64Load8U, Near<Acc, false>, ToSlot>,
        LoadOp<I64Load, Near<Acc, false>, ToSlot>, LoadOp<I64Load, Near<Acc, false>, ToAcc>,
        LoadOp<I64Load8U, Near<Acc, false>, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot>,
        LoadOp<I64Load32U, Near<Acc, false>, ToSlot>, StoreOp<I64Store, Near<Acc, false>, Slot>,
        StoreOp<I64Store32, Near<Slot, false>, Acc>;
    BinaryOp<I64Add, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Mul, Acc, Slot, ToAcc>, StoreOp<I64Store, Near<Slot, false>, Acc>,
        UnaryOp<F64ConvertI64S, Acc, ToAcc>, StoreOp<I64Store16, Near<Slot, false>, Acc>,
        BinaryOp<I64Shl, Acc, Imm16, ToSlot>, BinaryOp<I64Add, Slot, Acc, ToSlot>,
        StoreOp<I64Store32, Near<Slot, false>, Acc>;
    BinaryOp<I64Add, Slot, Imm16, ToAcc> =>
        BinaryOp<I64Add, Acc, Slot, ToAcc>, BinaryOp<I64Add, Acc, Slot, ToSlot>, StoreOp<I64Store, Sum, Acc>,
        StoreOp<I64Store, Near<Slot, false>, Acc>, BinaryOp<I64Shl, Acc, Imm16, ToAcc>,
        BinaryOp<I64Add, Slot, Acc, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot>, BranchIf<I64Ne, Acc, Slot, true>;
    BinaryOp<I64Eq, Acc, Imm16, ToSlot> =>
        BrIf64<Acc, true>, BrIf64<Acc, false>, StoreOp<I64Store8, Near<Slot, false>, Acc>,
        BinaryOp<I64Sub, Slot, Slot, ToSlot>, LoadOp<I64Load, Sum, ToSlot>,
        LoadOp<I64Load, Near<Slot, false>, ToSlot>, BinaryOp<I64Add, Slot, Slot, ToSlot>,
        LoadOp<I64Load32S, Sum, ToSlot>;
    BinaryOp<I64Add, Acc, Imm16, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Acc>, LoadOp<I64Load, Near<Slot, false>, ToSlot>,
        LoadOp<I64Load, Near<Slot, false>, ToAcc>, LoadTwo<u64>, StoreOp<I64Store32, Near<Slot, false>, Acc>,
        UnaryOp<I32WrapI64, Acc, ToSlot>, StoreOp<I64Store, Via<64>, Slot>, BrIf64<Acc, true>,
        LoadOp<I64Load, Via<64>, ToSlot>, LoadOp<I64Load, Sum, ToSlot>;
    BinaryOp<I64Add, Slot, Slot, ToAcc> =>
        LoadOp<I64Load8U, Near<Acc, false>, ToSlot>, LoadOp<I64Load8U, Near<Acc, false>, ToAcc>,
        BinaryOp<I64ShrU, Acc, Imm16, ToSlot>, LoadOp<I64Load, Near<Acc, false>, ToSlot>,
        LoadOp<I64Load, Near<Acc, false>, ToAcc>, StoreOp<I64Store, Near<Slot, false>, Acc>,
        StoreOp<I64Store, Sum, Acc>, BinaryOp<I64Add, Acc, Imm16, ToSlot>;
    BinaryOp<I64ShrU, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot>,
        BinaryOp<I64Xor, Slot, Acc, ToAcc>, BinaryOp<I64Mul, Acc, Imm16, ToAcc>,
        BinaryOp<I64Xor, Acc, Slot, ToAcc>, BinaryOp<I64Xor, Slot, Acc, ToSlot>, UnaryOp<I32WrapI64, Acc, ToSlot>,
        BinaryOp<I64And, Acc, Imm16, ToAcc>;
    UnaryOp<I32WrapI64, Slot, ToAcc> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToSlot>, BinaryOp<I64Add, Slot, Acc, ToAcc>,
        BinaryOp<I64ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I32Xor, Slot, Acc, ToSlot> =>
        BinaryOp<I32Xor, Slot, Acc, ToAcc>, Bits<u32, ToAcc>, AddBranch<I32Ne, u32, Imm16>,
        BinaryOp<I32ShrU, Slot, Imm16, ToSlot>, BinaryOp<I32Add, Slot, Imm32, ToAcc>;
    BinaryOp<I64Shl, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot>,
        LoadOp<I64Load, Near<Acc, true>, ToSlot>, BinaryOp<I64Or, Slot, Acc, ToSlot>;
    BinaryOp<I32Add, Acc, Slot, ToSlot> =>
        AddBranch<I32GtU, u32, Imm16>, BinaryOp<I32Add, Slot, Imm16, ToAcc>;
    BinaryOp<I32Shl, Acc, Imm16, ToAcc> =>
        LoadOp<I32Load, Near<Acc, true>, ToSlot>, LoadOp<I32Load, Near<Acc, true>, ToAcc>,
        BinaryOp<I32Add, Slot, Acc, ToAcc>, BinaryOp<I32Add, Slot, Acc, ToSlot>;
    BinaryOp<I32Add, Slot, Imm16, ToAcc> =>
        StoreOp<I32Store, Near<Slot, false>, Acc>, BinaryOp<I32Add, Acc, Slot, ToAcc>,
        BinaryOp<I32Add, Acc, Slot, ToSlot>, GlobalSet<Acc, false>, StoreOp<I32Store, Sum, Acc>,
        StoreOp<I32Store8, Near<Slot, false>, Acc>;
    BinaryOp<I32Add, Slot, Acc, ToAcc> =>
        BinaryOp<I32Add, Slot, Acc, ToSlot>, BinaryOp<I32Add, Slot, Acc, ToAcc>,
        BinaryOp<I32Add, Acc, Imm16, ToAcc>, LoadOp<I32Load, Near<Acc, false>, ToSlot>,
        StoreOp<I32Store, Near<Slot, false>, Acc>, LoadOp<I32Load8U, Near<Acc, false>, ToSlot>,
        LoadOp<I32Load, Near<Acc, false>, ToAcc>, LoadOp<I32Load8U, Near<Acc, false>, ToAcc>,
        BinaryOp<I32Add, Acc, Imm16, ToSlot>, BinaryOp<I32ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I64And, Acc, Imm16, ToAcc> =>
        BinaryOp<I64Eq, Acc, Imm16, ToSlot>, BinaryOp<I64Add, Slot, Acc, ToSlot>,
        BinaryOp<I64Shl, Acc, Imm16, ToAcc>;
    BinaryOp<I32And, Acc, Imm16, ToAcc> =>
        BinaryOp<I32Shl, Acc, Imm16, ToAcc>, BinaryOp<I32Eq, Acc, Imm16, ToSlot>,
        BinaryOp<I32Add, Slot, Acc, ToSlot>, LoadOp<I32Load, Near<Acc, true>, ToSlot>;
    UnaryOp<I32WrapI64, Acc, ToSlot> =>
        UnaryOp<I32WrapI64, Slot, ToSlot>, BrIf64<Acc, true>, Move<u64, Imm16, ToSlot>,
        BinaryOp<I64Xor, Slot, Slot, ToAcc>, StoreOp<I64Store32, Via<64>, Slot>, StoreOp<I64Store, Sum, Acc>,
        LoadOp<I64Load, Absolute, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToAcc>;
    BinaryOp<I32Add, Slot, Acc, ToSlot> =>
        AddTwo<u32>, LoadOp<I32Load, Near<Acc, false>, ToSlot>, LoadOp<I32Load8U, Near<Acc, false>, ToAcc>,
        LoadOp<I32Load, Near<Slot, false>, ToAcc>, BinaryOp<I32Add, Slot, Slot, ToAcc>, Bits<u32, ToAcc>,
        BinaryOp<I32ShrU, Acc, Imm16, ToAcc>, StoreOp<I32Store, Near<Acc, false>, Imm16>,
        BinaryOp<I32Add, Slot, Imm16, ToSlot>;
    BinaryOp<I32ShrU, Acc, Imm16, ToAcc> =>
        BinaryOp<I32Xor, Slot, Acc, ToSlot>, BinaryOp<I32Add, Slot, Acc, ToAcc>,
        BinaryOp<I32Add, Slot, Acc, ToSlot>, BinaryOp<I32And, Acc, Imm16, ToSlot>,
        BinaryOp<I32And, Acc, Imm16, ToAcc>, BinaryOp<I32Add, Acc, Slot, ToSlot>;
    BinaryOp<I32Add, Acc, Imm16, ToAcc> =>
        StoreOp<I32Store, Near<Slot, false>, Acc>, BinaryOp<I32Mul, Acc, Slot, ToAcc>,
        UnaryOp<F64ConvertI32S, Acc, ToAcc>, BranchIf<I32GtU, Slot, Acc, true>;
    BinaryOp<I64Add, Acc, Slot, ToSlot> =>
        AddBranch<I64GtU, u64, Imm16>, StoreOp<I64Store, Near<Slot, false>, Acc>,
        LoadOp<I64Load, Near<Slot, false>, ToAcc>, BinaryOp<I64Xor, Acc, Imm16, ToSlot>,
        BinaryOp<I64Xor, Slot, Imm16, ToAcc>, BinaryOp<I64Mul, Slot, Imm16, ToAcc>;
    BinaryOp<I64Xor, Slot, Acc, ToSlot> =>
        Move<u64, Imm64, ToAcc>, BinaryOp<I32Rotl, Slot, Imm16, ToAcc>, Bits<u64, ToAcc>,
        BinaryOp<I64Xor, Slot, Acc, ToAcc>, AddBranch<I64Ne, u64, Imm16>, BinaryOp<I64And, Slot, Slot, ToSlot>,
        BinaryOp<I64And, Slot, Slot, ToAcc>;
    BinaryOp<I64Mul, Slot, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64Add, Acc, Imm16, ToAcc>;
    BinaryOp<I32Xor, Slot, Acc, ToAcc> =>
        BinaryOp<I32Mul, Acc, Imm32, ToSlot>, BinaryOp<I32And, Acc, Imm16, ToAcc>,
        BinaryOp<I32And, Acc, Imm16, ToSlot>;
    BinaryOp<I32Add, Acc, Imm16, ToSlot> =>
        LoadOp<I32Load, Near<Slot, false>, ToSlot>, GlobalSet<Acc, false>,
        StoreOp<I32Store, Near<Slot, false>, Acc>, Br<false>, LoadOp<I32Load, Near<Slot, false>, ToAcc>;
    BinaryOp<I64Shl, Slot, Imm16, ToSlot> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64Add, Slot, Imm16, ToAcc>,
        BinaryOp<I64And, Slot, Slot, ToSlot>, LoadOp<I64Load, Near<Slot, false>, ToSlot>,
        BinaryOp<I64Add, Slot, Acc, ToAcc>;
    BinaryOp<I32And, Acc, Imm16, ToSlot> =>
        Move<u64, Imm16, ToAcc>, BinaryOp<I32And, Slot, Imm32, ToAcc>, Bits<u32, ToAcc>;
    BinaryOp<I64Add, Slot, Imm32, ToAcc> =>
        StoreOp<I64Store8, Near<Acc, false>, Imm16>, LoadOp<I64Load8U, Near<Acc, false>, ToAcc>,
        LoadOp<I64Load8U, Near<Acc, false>, ToSlot>, LoadOp<I64Load32U, Near<Acc, false>, ToAcc>;
    BinaryOp<I64Mul, Acc, Slot, ToAcc> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot>;
    BinaryOp<I64Xor, Slot, Acc, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64Mul, Acc, Imm32, ToSlot>,
        BinaryOp<I64And, Acc, Imm16, ToAcc>, UnaryOp<I32WrapI64, Acc, ToAcc>, BinaryOp<I64Add, Acc, Slot, ToSlot>,
        UnaryOp<I32WrapI64, Acc, ToSlot>, BinaryOp<I64Xor, Acc, Slot, ToAcc>;
    BinaryOp<I32Mul, Slot, Acc, ToSlot> =>
        LoadOp<I32Load, Sum, ToSlot>, LoadOp<I32Load, Near<Slot, false>, ToSlot>,
        BinaryOp<I32ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I64Shl, Acc, Imm16, ToSlot> =>
        BinaryOp<I64Add, Slot, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Acc, ToSlot>,
        LoadOp<I64Load, Near<Slot, false>, ToAcc>;
    BinaryOp<I64Mul, Slot, Slot, ToSlot> =>
        BinaryOp<I64Mul, Slot, Slot, ToSlot>, BinaryOp<I64ShrU, Slot, Imm16, ToAcc>,
        BinaryOp<I64Add, Acc, Slot, ToSlot>;
    UnaryOp<I32WrapI64, Slot, ToSlot> =>
        UnaryOp<I32WrapI64, Slot, ToSlot>, BinaryOp<I64Mul, Slot, Slot, ToSlot>, BranchIf<I64GeU, Acc, Slot, true>,
        BranchIf<I64Eq, Acc, Imm16, true>;
    BinaryOp<I32Sub, Slot, Imm16, ToSlot> =>
        GlobalSet<Acc, false>;
    BinaryOp<I64Add, Acc, Slot, ToAcc> =>
        LoadOp<I64Load32U, Near<Acc, false>, ToSlot>, LoadOp<I64Load32U, Near<Acc, false>, ToAcc>,
        LoadOp<I64Load8U, Near<Acc, false>, ToSlot>, LoadOp<I64Load, Near<Acc, false>, ToSlot>;
    BinaryOp<I64Mul, Slot, Acc, ToSlot> =>
        Move<u64, Imm64, ToAcc>, BinaryOp<I64ShrU, Acc, Imm16, ToAcc>, LoadOp<I64Load, Sum, ToSlot>;
    BinaryOp<I32ShrU, Slot, Imm16, ToAcc> =>
        BinaryOp<I32Xor, Slot, Acc, ToSlot>;
    BinaryOp<I32Add, Slot, Slot, ToAcc> =>
        LoadOp<I32Load8U, Near<Acc, false>, ToAcc>, LoadOp<I32Load8U, Near<Acc, false>, ToSlot>,
        BinaryOp<I32ShrU, Acc, Imm16, ToSlot>;
    BinaryOp<I64Eq, Slot, Imm16, ToSlot> =>
        BrIf64<Acc, true>, BinaryOp<I64Eq, Acc, Imm16, ToSlot>;
    BinaryOp<I64Mul, Slot, Acc, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>, BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64ShrU, Acc, Imm16, ToSlot>;
    UnaryOp<I32WrapI64, Acc, ToAcc> =>
        BinaryOp<I64Mul, Slot, Acc, ToSlot>, BranchIf<I64Ne, Slot, Acc, true>, BranchIf<I64Ne, Acc, Imm16, true>,
        BinaryOp<I64Mul, Acc, Slot, ToSlot>;
    BinaryOp<I32ShrU, Acc, Imm16, ToSlot> =>
        AddTwo<u32>, BranchIf<I32LtU, Acc, Imm16, true>;
    BinaryOp<I32And, Slot, Imm16, ToAcc> =>
        BinaryOp<I32Xor, Slot, Acc, ToAcc>, BinaryOp<I32Shl, Acc, Imm16, ToAcc>;
    BinaryOp<I64Sub, Slot, Slot, ToSlot> =>
        BrIf64<Slot, true>, Move<u64, Imm16, ToAcc>, BinaryOp<I64Sub, Slot, Slot, ToSlot>;
    BinaryOp<I64ShrU, Slot, Imm16, ToAcc> =>
        BinaryOp<I64Add, Slot, Acc, ToSlot>, BinaryOp<I64Xor, Slot, Acc, ToSlot>, UnaryOp<I32WrapI64, Acc, ToSlot>;
    BinaryOp<I64Xor, Acc, Slot, ToAcc> =>
        UnaryOp<I32WrapI64, Acc, ToSlot>, UnaryOp<I32WrapI64, Acc, ToAcc>, BinaryOp<I64And, Acc, Imm16, ToAcc>;
    BinaryOp<I32Rotl, Slot, Imm16, ToAcc> =>
        BinaryOp<I64Xor, Slot, Acc, ToSlot>, BinaryOp<I64Xor, Slot, Acc, ToAcc>;
    BinaryOp<I64And, Slot, Slot, ToAcc> =>
        BinaryOp<I64Xor, Slot, Acc, ToAcc>, BinaryOp<I64Or, Slot, Acc, ToAcc>, BinaryOp<I64Xor, Slot, Acc, ToSlot>;
    BinaryOp<I32Mul, Acc, Imm32, ToSlot> =>
        LoadOp<I32Load8U, Near<Slot, false>, ToSlot>;
    BinaryOp<I64Sub, Slot, Imm16, ToSlot> =>
        Br<false>, GlobalSet<Acc, false>;
    BinaryOp<I32And, Slot, Imm32, ToAcc> =>
        BinaryOp<I32ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I32Sub, Acc, Slot, ToAcc> =>
        BinaryOp<I32And, Acc, Imm16, ToSlot>;
    BinaryOp<I32Eq, Acc, Imm16, ToSlot> =>
        BrIf<Acc, true>, BrIf<Acc, false>;
    BinaryOp<I64And, Slot, Acc, ToSlot> =>
        BinaryOp<I64And, Slot, Slot, ToAcc>, Move<u64, Imm64, ToAcc>, BrIfBits<u64, Acc, false>;
    BinaryOp<I32Mul, Slot, Imm16, ToAcc> =>
        BinaryOp<I32Add, Slot, Acc, ToSlot>;
    BinaryOp<I64LtU, Slot, Imm16, ToSlot> =>
        Move<u64, Imm16, ToSlot>;
    UnaryOp<I64Ctz, Slot, ToSlot> =>
        BinaryOp<I64Add, Slot, Imm16, ToSlot>, Move<u64, Imm16, ToAcc>,
        LoadOp<I64Load16U, Near<Slot, false>, ToAcc>;
    BinaryOp<I64Eq, Acc, Slot, ToAcc> =>
        BinaryOp<I64And, Acc, Imm16, ToAcc>;
    BinaryOp<I64Sub, Acc, Slot, ToAcc> =>
        BinaryOp<I64ShrS, Acc, Imm16, ToAcc>, BinaryOp<I64And, Acc, Imm16, ToSlot>;
    BinaryOp<I32Xor, Acc, Slot, ToAcc> =>
        BinaryOp<I32And, Acc, Imm16, ToAcc>;
    BinaryOp<I64And, Slot, Slot, ToSlot> =>
        BinaryOp<I64Add, Slot, Slot, ToSlot>, BinaryOp<I64And, Slot, Slot, ToAcc>;
    BinaryOp<I32Add, Acc, Slot, ToAcc> =>
        BinaryOp<I32Add, Slot, Acc, ToAcc>, StoreOp<I32Store8, Near<Acc, false>, Slot>;
    BinaryOp<I32ShrU, Slot, Imm16, ToSlot> =>
        AddBranch<I32Ne, u32, Imm16>, BinaryOp<I32Xor, Slot, Slot, ToAcc>;
    BinaryOp<I32Rotl, Slot, Imm16, ToSlot> =>
        BinaryOp<I32Rotl, Slot, Imm16, ToAcc>;
    BinaryOp<I64And, Slot, Imm16, ToSlot> =>
        Move<u64, Imm16, ToAcc>, BinaryOp<I64Add, Slot, Imm16, ToAcc>;
    BinaryOp<I64And, Slot, Imm16, ToAcc> =>
        BinaryOp<I64Xor, Slot, Acc, ToAcc>, BinaryOp<I64Shl, Acc, Imm16, ToAcc>,
        BinaryOp<I64Eq, Acc, Imm16, ToSlot>;
    BinaryOp<I32Mul, Acc, Slot, ToAcc> =>
        BinaryOp<I32ShrU, Acc, Imm16, ToAcc>, BinaryOp<I32Add, Slot, Acc, ToSlot>;
    BinaryOp<I64Xor, Acc, Imm16, ToSlot> =>
        BinaryOp<I64Or, Slot, Slot, ToAcc>, BinaryOp<I64Shl, Slot, Imm16, ToSlot>;
    BinaryOp<I64Or, Slot, Acc, ToAcc> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToSlot>, StoreOp<I64Store, Near<Slot, false>, Acc>;
    BinaryOp<I32Sub, Acc, Imm16, ToSlot> =>
        GlobalSet<Acc, false>;
    BinaryOp<I32Mul, Slot, Acc, ToAcc> =>
        BinaryOp<I32Add, Acc, Slot, ToAcc>;
    BinaryOp<I32Sub, Slot, Acc, ToSlot> =>
        ReturnValue<u64, Acc>;
    BinaryOp<I32LtS, Slot, Slot, ToAcc> =>
        BinaryOp<I32Sub, Slot, Acc, ToSlot>;
    BinaryOp<I32GtS, Slot, Acc, ToSlot> =>
        BinaryOp<I32LtS, Slot, Slot, ToAcc>;
    BinaryOp<I64Shl, Slot, Imm16, ToAcc> =>
        StoreOp<I64Store, Sum, Acc>, BinaryOp<I64Add, Acc, Imm32, ToAcc>;
    BinaryOp<I32Mul, Acc, Imm16, ToAcc> =>
        BinaryOp<I32Add, Slot, Acc, ToSlot>;
    BinaryOp<I64ShrU, Slot, Imm16, ToSlot> =>
        BinaryOp<I64Add, Slot, Acc, ToAcc>;
    BinaryOp<I64Sub, Acc, Slot, ToSlot> =>
        LoadOp<I64Load, Near<Slot, false>, ToAcc>, Move<u64, Imm16, ToAcc>;
    BinaryOp<I64Mul, Acc, Imm16, ToAcc> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToSlot>, BinaryOp<I64Add, Slot, Acc, ToSlot>;
    BinaryOp<I64And, Acc, Imm16, ToSlot> =>
        Move<u32, Imm16, ToAcc>, BinaryOp<I64And, Slot, Imm32, ToAcc>;
    BinaryOp<I64Shl, Acc, Slot, ToSlot> =>
        BinaryOp<I64LtU, Slot, Imm16, ToSlot>;
    BinaryOp<I64Or, Slot, Slot, ToAcc> =>
        BinaryOp<I64And, Slot, Acc, ToSlot>;
    BinaryOp<I32Shl, Acc, Imm16, ToSlot> =>
        BinaryOp<I32Add, Slot, Imm16, ToAcc>;
    UnaryOp<I64Extend32S, Acc, ToAcc> =>
        BranchIf<I64GtS, Acc, Slot, true>;
    BinaryOp<I32Xor, Slot, Slot, ToAcc> =>
        BinaryOp<I32And, Acc, Imm16, ToSlot>;
    BinaryOp<I64Xor, Slot, Imm16, ToAcc> =>
        BinaryOp<I64And, Acc, Slot, ToSlot>;
    BinaryOp<I64Xor, Slot, Slot, ToAcc> =>
        UnaryOp<I32WrapI64, Acc, ToAcc>;
    BinaryOp<I64And, Slot, Acc, ToAcc> =>
        BinaryOp<I64And, Acc, Imm16, ToAcc>;
    BinaryOp<I32Mul, Slot, Slot, ToSlot> =>
        BinaryOp<I32Mul, Slot, Slot, ToSlot>;
    BinaryOp<I64Add, Acc, Imm32, ToAcc> =>
        LoadOp<I64Load8U, Near<Acc, false>, ToSlot>;
    BinaryOp<I32Eq, Slot, Imm16, ToSlot> =>
        BrIf<Acc, true>;
    BinaryOp<I32Shl, Slot, Imm16, ToSlot> =>
        BinaryOp<I32Add, Slot, Acc, ToSlot>;
    BinaryOp<I64Mul, Acc, Imm32, ToSlot> =>
        LoadOp<I64Load8U, Near<Slot, false>, ToSlot>;
    BinaryOp<I64Rotl, Slot, Imm16, ToSlot> =>
        BinaryOp<I64Rotl, Slot, Imm16, ToAcc>;
    BinaryOp<I64LtS, Slot, Acc, ToAcc> =>
        StoreOp<I64Store8, Sum, Acc>;
    BinaryOp<I64And, Slot, Imm32, ToAcc> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I64ShrS, Acc, Imm16, ToAcc> =>
        BinaryOp<I64And, Slot, Acc, ToSlot>;
    BinaryOp<I32And, Slot, Acc, ToAcc> =>
        BrIf<Acc, true>;
    BinaryOp<I32Xor, Acc, Imm16, ToAcc> =>
        BinaryOp<I32ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I64Sub, Slot, Slot, ToAcc> =>
        BranchIf<I64GtU, Slot, Acc, true>;
    BinaryOp<I64And, Acc, Slot, ToSlot> =>
        BinaryOp<I64And, Slot, Slot, ToAcc>;
    BinaryOp<I64Or, Slot, Acc, ToSlot> =>
        StoreOp<I64Store, Near<Slot, false>, Slot>;
    BinaryOp<I64ShrU, Slot, Acc, ToSlot> =>
        BinaryOp<I64LtU, Slot, Imm16, ToSlot>;
    BinaryOp<I32LtU, Slot, Imm16, ToSlot> =>
        Move<u32, Imm16, ToSlot>;
    BinaryOp<I64Eq, Slot, Acc, ToAcc> =>
        StoreOp<I64Store8, Sum, Acc>;
    BinaryOp<I32Sub, Slot, Slot, ToSlot> =>
        BinaryOp<I32Sub, Slot, Slot, ToSlot>;
    BinaryOp<I32Or, Acc, Imm16, ToAcc> =>
        StoreOp<I32Store8, Near<Slot, false>, Acc>;
    BinaryOp<I32Xor, Acc, Slot, ToSlot> =>
        BinaryOp<I32ShrU, Acc, Imm16, ToAcc>;
    BinaryOp<I64And, Acc, Imm32, ToSlot> =>
        LoadOp<I64Load16U, Near<Slot, false>, ToSlot>;
    BinaryOp<I32Eq, Acc, Slot, ToAcc> =>
        BinaryOp<I32And, Acc, Imm16, ToAcc>;
    UnaryOp<I64Ctz, Slot, ToAcc> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToSlot>;
    BinaryOp<I64Sub, Slot, Acc, ToSlot> =>
        BinaryOp<I64ShrU, Acc, Imm16, ToSlot>;
    BinaryOp<I64Sub, Slot, Acc, ToAcc> =>
        BranchIf<I64Ne, Acc, Imm16, true>;
    BinaryOp<I64Shl, Acc, Slot, ToAcc> =>
        BinaryOp<I64And, Slot, Acc, ToSlot>;
}
