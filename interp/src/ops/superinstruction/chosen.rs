//! The superinstructions. `cargo xtask superinstructions` chooses them from `bench/profiles` and writes this file.
//!
//! Beside each stands the share of the dispatches that it saves, which is the mean of 30 programs, and the number of
//! programs that gain. A saved dispatch counts once. All 1525 together save 44.9 %.

/// Two ops.
pub(super) mod pairs {
    use crate::ops::superinstruction::{aliases::*, rows};

    rows! {
        I64LoadNear =>
            I64StoreNear, // 0.297 %, 8
            I64LoadNearToAcc, // 0.253 %, 16
            I64AddImm, // 0.145 %, 3
            I64MulImmToAcc, // 0.127 %, 2
            BrIf64Acc, // 0.125 %, 15
            BrOp, // 0.108 %, 17
            I64StoreNearOfAcc, // 0.090 %, 11
            MemoryMove64Near, // 0.070 %, 11
            ShlAdd64, // 0.053 %, 7
            ShlAdd64ToAcc, // 0.049 %, 5
            BrIfI64GeUAccSlot, // 0.049 %, 1
            BrIfI64GtSAccImm, // 0.049 %, 1
            BrUnless64Acc, // 0.045 %, 9
            I64LoadVia64ToAcc, // 0.044 %, 10
            I64EqAccImm, // 0.039 %, 11
            I64Store32Near, // 0.038 %, 2
            StoreTwoOp, // 0.038 %, 2
            Move64Imm, // 0.036 %, 9
            I64Load16UVia64ToAcc, // 0.034 %, 11
            I64AddAccImm, // 0.029 %, 3
            BrIfI64GeUSlotAcc, // 0.028 %, 3
            I64ShlImm, // 0.028 %, 2
            I64Load32UNearToAcc, // 0.026 %, 4
            BrIfI64GeUSlotSlot, // 0.025 %, 4
            I64ShrUImm, // 0.021 %, 4
            I64Load8UNear, // 0.020 %, 2
            I64SubSlotAcc, // 0.019 %, 5
            I64LoadVia64, // 0.018 %, 6
            I64LoadSumToAcc, // 0.018 %, 6
            BrIfI64NeSlotAcc, // 0.017 %, 2
            BrIfI64GeSSlotAcc, // 0.016 %, 2
            BrIf64Slot, // 0.015 %, 6
            Move64Slot, // 0.015 %, 8
            I64Load32UNear, // 0.013 %, 2
            SelectSlot, // 0.013 %, 4
            BrIfI64LtSSlotAcc, // 0.012 %, 1
            I64Load8UVia64ToAcc, // 0.011 %, 3
            I64LoadAbsoluteToAcc, // 0.009 %, 4
            I32WrapI64AccToAcc, // 0.006 %, 1
            I64ExtendI32SSlotToAcc, // 0.006 %, 1
            BrIfI64GtUSlotAcc, // 0.006 %, 3
            I64Load8UVia64, // 0.005 %, 2
            I64SubSlotSlot, // 0.004 %, 3
            BrIfI64GtUAccSlot, // 0.003 %, 2
            I64Load32UVia64ToAcc, // 0.003 %, 1
            I64ShlAccImmToAcc, // 0.003 %, 2
            CopyTwoOp, // 0.002 %, 2
            I64CtzSlotToAcc, // 0.002 %, 2
            I64AddImmToAcc, // 0.002 %, 1
            BrIfI64GeUAccImm, // 0.002 %, 2
            I64LoadNear; // 0.000 %, 0
        I64LoadNearToAcc =>
            I64AddAccImm, // 0.199 %, 17
            I64AddAccImmToAcc, // 0.144 %, 12
            BrIfI64GeUAccSlot, // 0.087 %, 3
            I64ShlAccImm, // 0.072 %, 4
            BrIfI64GeSAccImm, // 0.071 %, 2
            I64AddSlotAcc, // 0.055 %, 13
            I64AddAccSlotToAcc, // 0.049 %, 8
            GlobalSetAcc, // 0.044 %, 5
            BrIfI64GeSSlotAcc, // 0.040 %, 8
            BrIfI64NeAccImm, // 0.037 %, 8
            I64ShrUAccImm, // 0.035 %, 7
            I64ShlAccImmToAcc, // 0.032 %, 6
            I64SubSlotAcc, // 0.031 %, 6
            I64AndSlotAccToAcc, // 0.028 %, 8
            BrIfI64EqAccImm, // 0.026 %, 5
            BrIfI64GeUSlotAcc, // 0.026 %, 5
            BrIfI64GtUAccSlot, // 0.026 %, 4
            I64SubAccSlot, // 0.023 %, 6
            BrIfI64GtUSlotAcc, // 0.021 %, 6
            I64AndAccImm, // 0.021 %, 8
            BrIfI64GeUAccImm, // 0.021 %, 10
            BrIfI64GtSAccSlot, // 0.019 %, 3
            BrIfI64GtSAccImm, // 0.019 %, 3
            I64EqAccImm, // 0.018 %, 8
            I64AddAccSlot, // 0.017 %, 9
            BrIfBits64Acc, // 0.017 %, 7
            BrIfI64LtSAccImm, // 0.014 %, 7
            BrIfI64LtUAccImm, // 0.012 %, 6
            BrIfI64GtSSlotAcc, // 0.012 %, 3
            I64AndAccImmToAcc, // 0.009 %, 3
            BrIfI64EqSlotAcc, // 0.009 %, 5
            I64MulSlotAccToAcc, // 0.008 %, 2
            I64MulAccSlotToAcc, // 0.008 %, 1
            BrIfI64LtSSlotAcc, // 0.008 %, 4
            BrIfI64EqAccSlot, // 0.007 %, 3
            BrIfI64LeUSlotAcc, // 0.006 %, 3
            BrIfI64LeSAccImm, // 0.006 %, 5
            I64AddSlotAccToAcc, // 0.005 %, 3
            I64MulSlotAcc, // 0.005 %, 3
            BrIfI64GeSAccSlot, // 0.005 %, 2
            I32WrapI64Acc, // 0.004 %, 2
            BrIfI64NeAccImm32, // 0.004 %, 3
            BrIfI64GtUAccImm, // 0.004 %, 4
            BrUnlessBits64Acc, // 0.004 %, 2
            I64LtSAccSlotToAcc, // 0.003 %, 2
            I64NeAccImm, // 0.002 %, 2
            I64XorAccImm; // 0.002 %, 2
        Move64Imm =>
            BrIfI32LtUImm, // 0.425 %, 3
            BrOp, // 0.345 %, 21
            Move64Imm, // 0.135 %, 17
            SelectSlotToAcc, // 0.065 %, 11
            BrUnlessSlot, // 0.050 %, 3
            SelectSlot, // 0.046 %, 10
            I64StoreNearOfAcc, // 0.030 %, 4
            BrIfI32EqSlotSlot, // 0.020 %, 2
            I32Load8UNear, // 0.010 %, 2
            AddTwo32, // 0.010 %, 1
            Move32Imm, // 0.008 %, 2
            Move64Slot, // 0.007 %, 4
            BrUnlessLoaded32, // 0.006 %, 1
            BrIfI32NeImm, // 0.006 %, 1
            I32Load8UNearToAcc, // 0.006 %, 2
            I32LoadNear, // 0.004 %, 1
            I32LoadNearToAcc, // 0.004 %, 2
            BrIfSlot, // 0.004 %, 1
            CopyTwoOp, // 0.002 %, 2
            I64AddImm; // 0.002 %, 2
        I64LoadVia64 =>
            I64LoadNearToAcc, // 0.237 %, 12
            I64LoadVia64, // 0.138 %, 14
            MemoryMove64Near, // 0.129 %, 11
            BrUnless64Acc, // 0.079 %, 10
            BrIf64Acc, // 0.049 %, 12
            I64LoadVia64ToAcc, // 0.036 %, 8
            BrIfI64EqAccImm, // 0.036 %, 7
            BrOp, // 0.027 %, 7
            I64StoreNearOfAcc, // 0.027 %, 8
            BrIfI64GeUSlotSlot, // 0.024 %, 5
            LoadTwo64, // 0.023 %, 6
            I64StoreSumOfAcc, // 0.023 %, 6
            I64Store32Near, // 0.021 %, 1
            I64EqAccImm, // 0.019 %, 7
            I64LoadNear, // 0.017 %, 6
            I64StoreNear, // 0.017 %, 4
            BrIfI64GeUSlotAcc, // 0.014 %, 3
            BrIfI64GtUSlotAcc, // 0.013 %, 5
            ShlAdd64, // 0.013 %, 3
            I64ShrUImm, // 0.009 %, 1
            BrIfI64NeAccImm, // 0.008 %, 2
            I64LoadSum, // 0.008 %, 5
            I64AddAccImm, // 0.007 %, 3
            BrIfI64LeSAccImm, // 0.005 %, 4
            BrIfI64GtSAccImm, // 0.005 %, 3
            BrIfI64GeUAccSlot, // 0.005 %, 1
            BrIfI64EqSlotAcc, // 0.004 %, 1
            I64SubSlotSlot, // 0.003 %, 2
            I64Load16UVia64ToAcc, // 0.003 %, 1
            BrIfI64GtUImm, // 0.003 %, 2
            I64Load8UVia64, // 0.003 %, 2
            BrIf64Slot, // 0.003 %, 3
            BrIfI64LeUSlotSlot; // 0.002 %, 2
        I32AddImm32ToAcc =>
            I32Store8NearAccImm, // 0.598 %, 1
            I32Load8UNearAcc, // 0.154 %, 2
            I32Load8UNearAccToAcc, // 0.134 %, 2
            I32LoadNearAcc, // 0.052 %, 3
            I32LoadNearAccToAcc, // 0.038 %, 2
            I32StoreNearAcc; // 0.005 %, 1
        I32AddSlotSlot =>
            ReturnValue64Acc, // 0.387 %, 1
            I32AddSlotSlot, // 0.173 %, 4
            Move64Slot, // 0.061 %, 1
            I32AddImm, // 0.048 %, 4
            I32Load8UNearAcc, // 0.037 %, 1
            I32Load16SSumToAcc, // 0.021 %, 1
            AddBranchI32Ne32Slot, // 0.015 %, 1
            I32AddAccImm32, // 0.005 %, 2
            I32Load8SSum, // 0.004 %, 1
            BrUnlessLoaded32; // 0.004 %, 1
        I32AddImm =>
            BrIfI32NeAccImm32, // 0.245 %, 3
            BrIfSlot, // 0.153 %, 2
            I32Load8UNearAcc, // 0.116 %, 2
            BrOp, // 0.062 %, 3
            I32LoadNearAcc, // 0.061 %, 2
            Move64Imm, // 0.035 %, 4
            BrUnlessSlot, // 0.027 %, 3
            BrIfI32GtUImm32, // 0.018 %, 1
            Move64Slot, // 0.012 %, 3
            ReturnValue64Acc, // 0.004 %, 2
            I32WrapI64Slot, // 0.004 %, 2
            SelectSlotToAcc, // 0.004 %, 1
            I32LoadNearToAcc; // 0.003 %, 2
        F64LoadNearAcc =>
            MulThenF64MulF64AddSlotToAcc, // 0.303 %, 1
            ShlAdd64; // 0.303 %, 1
        I64AddSlotAccToAcc =>
            I64AddAccImmToAcc, // 0.271 %, 3
            I64ShrUAccImmToAcc, // 0.119 %, 15
            I64AddSlotAcc, // 0.037 %, 3
            I64Load8UNearAccToAcc, // 0.034 %, 4
            I64LoadNearAcc, // 0.030 %, 3
            I64Store32NearOfAcc, // 0.029 %, 2
            I64StoreNearOfAcc, // 0.026 %, 6
            I64Load8UNearAcc, // 0.014 %, 2
            I64AddAccSlotToAcc, // 0.012 %, 1
            I64AndSlotAcc, // 0.008 %, 2
            I64ShrUAccImm, // 0.007 %, 3
            I64AddAccImm, // 0.004 %, 1
            I64StoreSumOfAcc; // 0.003 %, 2
        I64StoreNear =>
            I64Store8Near, // 0.066 %, 9
            I64StoreSum, // 0.048 %, 11
            I64LoadNearToAcc, // 0.048 %, 9
            BrIfLoaded64, // 0.043 %, 4
            I64AddImmToAcc, // 0.040 %, 6
            BrIf64Slot, // 0.034 %, 6
            BrIf64Acc, // 0.027 %, 6
            LoadTwo64, // 0.026 %, 5
            I64LoadNear, // 0.024 %, 8
            StoreTwoOp, // 0.021 %, 2
            I64StoreSumOfAcc, // 0.020 %, 5
            I64AddImm, // 0.020 %, 5
            BrOp, // 0.019 %, 5
            I64StoreNear, // 0.019 %, 4
            GoReturnOp, // 0.017 %, 2
            I64LoadVia64, // 0.017 %, 4
            BrIfI64LeSSlotSlot, // 0.016 %, 2
            MemoryMove64Near, // 0.015 %, 9
            MemoryMove64Sum, // 0.013 %, 6
            BrIfI64GeSSlotSlot, // 0.010 %, 5
            I64SubSlotSlot, // 0.010 %, 4
            BrIfI64LtSSlotSlot, // 0.008 %, 1
            I64Store32Near, // 0.007 %, 2
            I64Load8UNear, // 0.007 %, 2
            I64LoadSum, // 0.006 %, 2
            BrIfI64EqSlotSlot, // 0.004 %, 1
            I64Store8SumOfAcc, // 0.004 %, 2
            I64Load32UVia64, // 0.002 %, 2
            Move64ImmToAcc, // 0.002 %, 2
            I64Load32SNear; // 0.002 %, 2
        Move64ImmToAcc =>
            I64StoreSumOfAcc, // 0.261 %, 17
            I64Store8SumOfAcc, // 0.131 %, 12
            I64SubAccSlotToAcc, // 0.059 %, 8
            I64SubAccSlot, // 0.040 %, 10
            I64ShlAccSlot, // 0.039 %, 4
            I64ShlAccSlotToAcc, // 0.031 %, 6
            I32SubAccSlot, // 0.007 %, 2
            I32StoreSumOfAcc, // 0.004 %, 1
            I32Store16SumOfAcc, // 0.004 %, 1
            I64Store32SumOfAcc; // 0.003 %, 2
        I64LoadNearAccToAcc =>
            BrIf64Acc, // 0.277 %, 16
            BrUnless64Acc, // 0.147 %, 13
            I64StoreNearOfAcc, // 0.073 %, 11
            I64EqAccImm, // 0.032 %, 8
            BrIfI64EqSlotAcc, // 0.027 %, 2
            I64AndAccImm, // 0.004 %, 2
            BrIfI64GeUAccImm, // 0.003 %, 3
            I64AddAccImm; // 0.003 %, 3
        I64AddSlotAcc =>
            I64ShrUAccImmToAcc, // 0.139 %, 15
            I64LoadNearAcc, // 0.109 %, 5
            I64StoreNearOfAcc, // 0.055 %, 5
            I32WrapI64SlotToAcc, // 0.044 %, 3
            I64StoreNear, // 0.040 %, 1
            I64AndAccImm32, // 0.031 %, 8
            I64ShrUImm, // 0.026 %, 1
            I64SubSlotSlot, // 0.017 %, 2
            I64LoadSum, // 0.012 %, 3
            I64LoadVia64, // 0.011 %, 2
            I64ShrUAccImm, // 0.011 %, 4
            I64XorImmToAcc, // 0.008 %, 4
            I64StoreSumOfAcc, // 0.006 %, 3
            I64AddImmToAcc, // 0.006 %, 2
            I64AndImmToAcc, // 0.006 %, 1
            BrIf64Slot, // 0.005 %, 2
            BrOp, // 0.005 %, 2
            I64XorAccSlotToAcc, // 0.005 %, 2
            I64XorAccSlot, // 0.005 %, 2
            I64AddImm, // 0.005 %, 3
            BrIfI64GeUAccSlot, // 0.004 %, 1
            I64LoadNearAccToAcc; // 0.002 %, 2
        F64AddSlotAccToAcc =>
            Move64Imm64, // 0.246 %, 1
            F64StoreNearOfAcc, // 0.160 %, 1
            F64AddSlotAccToAcc, // 0.087 %, 1
            F64DivAccSlot; // 0.014 %, 1
        I64AddImmToAcc =>
            I64AddAccSlotToAcc, // 0.167 %, 7
            I64AddAccSlot, // 0.115 %, 12
            I64StoreSumOfAcc, // 0.046 %, 11
            I64AddSlotAccToAcc, // 0.038 %, 5
            I64AddSlotAcc, // 0.036 %, 5
            BrIfI64NeAccSlot, // 0.030 %, 2
            I64StoreNearOfAcc, // 0.021 %, 8
            I64Extend32SAcc, // 0.018 %, 1
            I64Store32NearOfAcc, // 0.012 %, 2
            I64ShrUAccImmToAcc, // 0.011 %, 2
            I32WrapI64AccToAcc, // 0.006 %, 4
            I64AndAccImm, // 0.003 %, 3
            BrIfI64LeUAccImm; // 0.002 %, 2
        I64AddSlotSlotToAcc =>
            I64Load8UNearAcc, // 0.186 %, 7
            I64Load8UNearAccToAcc, // 0.078 %, 7
            I64LoadNearAcc, // 0.067 %, 1
            I64ShrUAccImm, // 0.033 %, 4
            I64StoreSumOfAcc, // 0.030 %, 3
            I64LoadNearAccToAcc, // 0.029 %, 2
            I64AddAccImm, // 0.023 %, 6
            I64StoreNearOfAcc, // 0.019 %, 7
            I64Store8NearAcc, // 0.012 %, 2
            I64AddSlotAcc; // 0.010 %, 1
        I64StoreNearOfAcc =>
            AddTwo64, // 0.199 %, 3
            I64LoadNearToAcc, // 0.029 %, 7
            I64Load8UNearAcc, // 0.029 %, 1
            I64LoadNearAcc, // 0.026 %, 2
            GoReturnOp, // 0.024 %, 3
            I64AddSlotSlot, // 0.020 %, 3
            Move64Imm, // 0.016 %, 4
            I64StoreSum, // 0.014 %, 6
            LoadTwo64, // 0.013 %, 6
            BrOp, // 0.010 %, 6
            MemoryMove64Sum, // 0.009 %, 2
            MemoryMove64Near, // 0.009 %, 4
            I64LoadSum, // 0.008 %, 3
            I64StoreSumOfAcc, // 0.006 %, 2
            I64AddImm, // 0.005 %, 3
            I64MulSlotAccToAcc, // 0.005 %, 1
            BrUnless64Slot, // 0.005 %, 3
            BrIf64Acc, // 0.005 %, 2
            I64StoreNear, // 0.004 %, 2
            I64StoreNearOfAcc, // 0.004 %, 1
            I64SubSlotSlot, // 0.003 %, 2
            I64LoadVia64, // 0.001 %, 1
            I64StoreNearImm; // 0.000 %, 0
        ShlAdd64 =>
            I64LoadNearAcc, // 0.217 %, 4
            BrIfI64LtUSlotSlot, // 0.206 %, 1
            I64StoreNearOfAcc, // 0.007 %, 3
            BrIfSlot; // 0.006 %, 1
        I64AddAccImmToAcc =>
            I64MulAccSlotToAcc, // 0.263 %, 2
            I64Store16NearOfAcc, // 0.062 %, 10
            I64AddSlotAcc, // 0.051 %, 1
            I64StoreNearOfAcc, // 0.047 %, 12
            F64ConvertI64SAcc, // 0.007 %, 1
            I64AddSlotAccToAcc; // 0.003 %, 2
        I64LoadSum =>
            I64LoadSum, // 0.072 %, 11
            I64StoreNearOfAcc, // 0.068 %, 11
            I64EqAccImm, // 0.067 %, 9
            BrIf64Acc, // 0.049 %, 10
            BrUnless64Acc, // 0.030 %, 8
            I64LoadSumToAcc, // 0.027 %, 3
            I64LoadNearToAcc, // 0.020 %, 5
            BrIfI64GeSAccImm, // 0.014 %, 2
            BrIf64Slot, // 0.010 %, 3
            Move32Imm32ToAcc, // 0.010 %, 4
            I64LoadNear, // 0.010 %, 7
            I64AddAccSlot, // 0.006 %, 1
            Move64ImmToAcc, // 0.005 %, 2
            StoreTwoOp, // 0.005 %, 3
            I64Load32UNearToAcc, // 0.005 %, 1
            BrIfI64LeUSlotSlot, // 0.004 %, 1
            I64LoadVia64, // 0.002 %, 2
            BrIfI64LtSAccImm, // 0.002 %, 2
            I64StoreSum, // 0.001 %, 1
            MemoryMove64Near; // 0.001 %, 1
        I32AddAccSlot =>
            AddBranchI32GtU32Imm, // 0.387 %, 1
            I32AddImmToAcc; // 0.015 %, 1
        I64StoreSumOfAcc =>
            GoReturnOp, // 0.172 %, 15
            Move64ImmToAcc, // 0.144 %, 16
            I64StoreSum, // 0.039 %, 10
            I64LoadNearToAcc, // 0.011 %, 2
            BrIfLoaded64, // 0.008 %, 2
            MemoryMove64Sum, // 0.008 %, 4
            I64LoadNear, // 0.005 %, 3
            GlobalSetSlot, // 0.005 %, 2
            I64AddImmToAcc, // 0.005 %, 3
            I64LoadNearAcc; // 0.004 %, 1
        Move64Imm64ToAcc =>
            I64MulSlotAcc, // 0.204 %, 17
            I64MulSlotAccToAcc, // 0.122 %, 10
            I64AndSlotAcc, // 0.035 %, 5
            I64AndSlotAccToAcc, // 0.014 %, 6
            I64StoreSumOfAcc, // 0.010 %, 2
            BrIfI64NeSlotAcc; // 0.007 %, 2
        I32AndAccImmToAcc =>
            I32ShlAccImmToAcc, // 0.338 %, 2
            I32LoadFarAcc, // 0.032 %, 1
            BrIfI32EqSlotAcc; // 0.017 %, 1
        I64LoadNearAcc =>
            LoadTwo64, // 0.184 %, 14
            I64LoadNear, // 0.089 %, 11
            I64LoadNearToAcc, // 0.050 %, 9
            I64StoreNear, // 0.023 %, 2
            BrIf64Acc, // 0.018 %, 9
            BrIfI64EqImm, // 0.006 %, 1
            I64StoreNearOfAcc, // 0.005 %, 3
            BrIfI64LtSSlotAcc, // 0.005 %, 1
            BrIfI64NeAccSlot, // 0.003 %, 1
            BrOp, // 0.003 %, 1
            I64ShrUAccImm; // 0.001 %, 1
        I64StoreSum =>
            I64StoreSum, // 0.164 %, 13
            GoReturnOp, // 0.085 %, 14
            I64StoreSumOfAcc, // 0.047 %, 9
            Move64ImmToAcc, // 0.017 %, 7
            MemoryMove64Sum, // 0.013 %, 4
            I64LoadNear, // 0.013 %, 4
            I64LoadNearToAcc, // 0.009 %, 4
            I64AddImmToAcc, // 0.007 %, 4
            Move32Imm32ToAcc, // 0.003 %, 2
            I64AddImm, // 0.003 %, 1
            GlobalSetSlot, // 0.002 %, 2
            I64LoadSum; // 0.002 %, 1
        GlobalGetToAcc =>
            I64LoadNearAcc, // 0.175 %, 14
            BrIf64Acc, // 0.107 %, 12
            I64Load8UNearAccToAcc, // 0.043 %, 12
            I32SubAccImmToAcc, // 0.010 %, 1
            I64StoreNearOfAcc, // 0.007 %, 3
            BrUnlessAcc, // 0.005 %, 1
            BrIfI64NeAccSlot; // 0.004 %, 2
        F64LoadSum =>
            F64LoadSumToAcc; // 0.351 %, 2
        I64AddImm =>
            BrOp, // 0.084 %, 11
            F64LoadNearAccToAcc, // 0.046 %, 1
            F64LoadNearAcc, // 0.046 %, 1
            BrIfBits64Acc, // 0.032 %, 8
            I64ShrUSlotAcc, // 0.031 %, 8
            I32Load8UNear, // 0.024 %, 1
            Move64Slot, // 0.019 %, 5
            I64StoreNearOfAcc, // 0.016 %, 3
            I64AndImmToAcc, // 0.013 %, 2
            LoadTwo64, // 0.011 %, 1
            I64AndAccImm, // 0.006 %, 5
            I64ShrUImm, // 0.005 %, 2
            BrIf64Slot, // 0.004 %, 3
            BrUnless64Slot, // 0.004 %, 1
            I64Load8UNear; // 0.002 %, 2
        I64ShlAccImmToAcc =>
            I64AddSlotAcc, // 0.174 %, 10
            I64AddSlotAccToAcc, // 0.141 %, 6
            I64OrSlotAcc, // 0.024 %, 5
            I64AddAccImm32ToAcc; // 0.002 %, 1
        I32LoadNear =>
            I32LoadSumToAcc, // 0.087 %, 1
            I32StoreNearOfAcc, // 0.030 %, 2
            BrOp, // 0.030 %, 2
            BrUnlessAcc, // 0.028 %, 1
            BrIfAcc, // 0.027 %, 3
            Move64Slot, // 0.019 %, 3
            ShlAdd32, // 0.017 %, 2
            I32LoadNearToAcc, // 0.016 %, 2
            AddBranchI32GeS32Slot, // 0.016 %, 1
            I32LoadNearAcc, // 0.015 %, 2
            I32LoadVia32, // 0.009 %, 1
            BrIfI32LtSAccImm, // 0.009 %, 1
            I64Load32UNearAcc, // 0.008 %, 1
            CopyTwoOp, // 0.008 %, 2
            I32Load8UNearAccToAcc, // 0.005 %, 2
            BrIfI64GtUImm32, // 0.004 %, 1
            BrIfI32LeUSlotAcc, // 0.004 %, 1
            I32LoadNearAccToAcc; // 0.003 %, 2
        F64LoadNearToAcc =>
            F64MulAccSlotToAcc, // 0.229 %, 1
            MulThenF64MulF64AddAccToAccReversed; // 0.087 %, 1
        LoadTwo64 =>
            I64LoadNear, // 0.123 %, 14
            LoadTwo64, // 0.070 %, 13
            BrOp, // 0.033 %, 11
            Move64Imm, // 0.017 %, 5
            I64LoadNearToAcc, // 0.012 %, 6
            BrIf64Acc, // 0.008 %, 2
            I64Load8UNear, // 0.008 %, 2
            I64LoadSum, // 0.007 %, 1
            I64StoreNear, // 0.005 %, 3
            F64LoadNear, // 0.005 %, 1
            I64Load16UNearToAcc, // 0.004 %, 1
            I64Load32UNearToAcc, // 0.004 %, 1
            I64StoreNearOfAcc, // 0.004 %, 2
            I64Load32SNear, // 0.004 %, 1
            ShlAdd64; // 0.001 %, 1
        I32ShrUImmToAcc =>
            I32XorSlotAcc, // 0.257 %, 1
            I32XorSlotAccToAcc, // 0.028 %, 1
            I32AddAccImm; // 0.010 %, 1
        F64MulSlotSlot =>
            F64MulSlotSlot, // 0.246 %, 1
            MulThenF64MulF64AddSlot; // 0.046 %, 1
        Move64Slot =>
            BrOp, // 0.083 %, 16
            I64Load8UNearAcc, // 0.058 %, 3
            I64Load32UNear, // 0.034 %, 1
            I64LoadNear, // 0.034 %, 8
            BrIfI32GtSImm, // 0.031 %, 1
            I32AddImm, // 0.021 %, 3
            Move64Imm, // 0.014 %, 5
            I32StoreNear; // 0.008 %, 2
        MemoryMove64Sum =>
            MemoryMove64Sum, // 0.133 %, 14
            GoReturnOp, // 0.069 %, 13
            I64StoreSum, // 0.036 %, 10
            I64Store32Sum, // 0.009 %, 1
            Move64ImmToAcc, // 0.008 %, 3
            Move64Imm64, // 0.005 %, 1
            I64AddImmToAcc, // 0.003 %, 2
            I64Load8UNearToAcc; // 0.001 %, 1
        I32LoadSumToAcc =>
            I32MulSlotAcc; // 0.260 %, 1
        F64LoadNear =>
            I64AddSlotSlot, // 0.253 %, 1
            BrOp; // 0.004 %, 1
        F64DivSlotAccToAcc =>
            MulThenF64MulF64AddAcc; // 0.253 %, 1
        I64AddSlotSlot =>
            I64Load8UNearAcc, // 0.066 %, 5
            I64AddSlotSlot, // 0.044 %, 3
            BrIf64Slot, // 0.037 %, 6
            BrIfI64LtUSlotSlot, // 0.026 %, 2
            I64ShrUImm, // 0.013 %, 3
            BrIfI64GeUSlotSlot, // 0.009 %, 4
            I64AndAccImm, // 0.009 %, 1
            I64StoreNearOfAcc, // 0.007 %, 3
            BrIfI64GtUSlotSlot, // 0.006 %, 1
            BrOp, // 0.006 %, 3
            I64StoreNear, // 0.005 %, 4
            I64EqSlotSlotToAcc, // 0.005 %, 1
            I64Load8UNearAccToAcc, // 0.004 %, 2
            I64AddImmToAcc, // 0.004 %, 1
            I64Store8NearAcc, // 0.004 %, 1
            BrIfI64NeAccSlot, // 0.004 %, 1
            I64SubSlotSlot; // 0.002 %, 2
        AddTwo32 =>
            BrIfAcc, // 0.180 %, 4
            BrIfI32NeAccImm, // 0.034 %, 2
            SelectSlot, // 0.021 %, 1
            BrOp, // 0.004 %, 2
            I32LoadNear, // 0.004 %, 1
            AddBranchI32Ne32Imm; // 0.002 %, 2
        F64AddSlotSlot =>
            AddBranchI64LtS64Imm; // 0.236 %, 1
        F64AddSlotSlotToAcc =>
            F64MulSlotAcc; // 0.236 %, 1
        I32WrapI64Slot =>
            I32WrapI64Slot, // 0.125 %, 15
            I64MulSlotSlot, // 0.040 %, 1
            BrIfI64GeUAccSlot, // 0.030 %, 2
            BrIfI64EqAccImm, // 0.015 %, 2
            BrIfI64GtUAccImm, // 0.014 %, 1
            I32StoreNearOfAcc, // 0.005 %, 1
            BrOp, // 0.003 %, 1
            I64Load32UNearToAcc; // 0.003 %, 1
        I32Load8UFarToAcc =>
            BrIfAcc, // 0.220 %, 1
            BrIfI32LtUAccImm; // 0.004 %, 1
        I32Load8UNear =>
            I32Load8UNear, // 0.156 %, 3
            Move32ImmToAcc, // 0.016 %, 1
            BrIfI32NeAccImm, // 0.010 %, 1
            I32Store8NearOfAcc, // 0.007 %, 1
            BrIfI32EqAccImm, // 0.006 %, 1
            I32Load8UNearToAcc, // 0.005 %, 2
            BrIfBits32Acc, // 0.004 %, 1
            I64LoadNear, // 0.003 %, 3
            Move64Slot; // 0.003 %, 1
        StoreTwoOp =>
            I64StoreNear, // 0.078 %, 13
            StoreTwoOp, // 0.033 %, 9
            BrUnless64Slot, // 0.031 %, 8
            BrIfLoaded64, // 0.031 %, 3
            I64Store8Near, // 0.012 %, 5
            I64Load32UNear, // 0.009 %, 2
            BrIf64Slot, // 0.008 %, 3
            I64LoadNear, // 0.002 %, 2
            MemoryMove64Near; // 0.002 %, 2
        I64MulSlotSlot =>
            I64MulSlotSlot, // 0.121 %, 1
            I64AddAccSlot, // 0.040 %, 1
            I64ShrUImmToAcc; // 0.040 %, 1
        I32AndAccImm =>
            Move64ImmToAcc, // 0.156 %, 1
            Bits32ToAcc; // 0.042 %, 1
        I64LoadVia64ToAcc =>
            I64AddAccImm, // 0.045 %, 10
            BrUnless64Acc, // 0.043 %, 7
            I64StoreNearOfAcc, // 0.027 %, 10
            BrIf64Acc, // 0.026 %, 6
            I64EqAccImm, // 0.021 %, 7
            I64AddAccSlotToAcc, // 0.017 %, 2
            I64AddAccSlot, // 0.010 %, 4
            I64StoreNearAcc; // 0.009 %, 1
        I32LoadFarAccToAcc =>
            I32XorSlotAcc; // 0.193 %, 1
        I64Load32UAbsoluteToAcc =>
            BrUnless64Acc, // 0.118 %, 13
            I64EqAccImm, // 0.046 %, 10
            BrIf64Acc; // 0.022 %, 6
        I32AddImmToAcc =>
            GlobalSetAcc, // 0.037 %, 2
            I32AddAccSlot, // 0.035 %, 2
            I32Store8NearOfAcc, // 0.031 %, 2
            I32EqSlotAccToAcc, // 0.028 %, 1
            I32NeSlotAccToAcc, // 0.028 %, 1
            I32StoreNearOfAcc, // 0.012 %, 3
            I32AndAccImmToAcc, // 0.007 %, 2
            I32AndAccImm; // 0.004 %, 1
        CopyTwoOp =>
            CopyTwoOp, // 0.078 %, 5
            Move64Slot, // 0.066 %, 7
            BrOp, // 0.030 %, 8
            LoadTwo64; // 0.007 %, 1
        I64AndAccImmToAcc =>
            I64EqAccImm, // 0.075 %, 9
            I64AddSlotAcc, // 0.063 %, 3
            BrIfI64GtUAccImm, // 0.013 %, 2
            I64ShrUSlotAcc, // 0.010 %, 1
            BrIfI64LeUAccImm, // 0.009 %, 5
            I64ShlAccImm; // 0.008 %, 2
        I64Load32SNearToAcc =>
            I64AddAccImm, // 0.078 %, 13
            I64AddAccImmToAcc, // 0.028 %, 5
            I64AddSlotAcc, // 0.015 %, 4
            I64Extend32SAcc, // 0.013 %, 3
            BrIfI64LtSAccImm, // 0.011 %, 2
            I64Store32SumOfAcc, // 0.008 %, 2
            BrIfI64GtSAccSlot, // 0.006 %, 1
            BrIfI64GtSSlotAcc, // 0.005 %, 1
            I64Store32NearOfAcc; // 0.002 %, 2
        I64Load8UNearToAcc =>
            I64Store8NearOfAcc, // 0.038 %, 7
            I64Store8SumOfAcc, // 0.036 %, 10
            I64EqAccImm, // 0.023 %, 6
            I64ShlAccImm, // 0.020 %, 2
            BrUnlessAcc, // 0.016 %, 4
            I64EqAccSlotToAcc, // 0.014 %, 1
            I64AndAccImm, // 0.008 %, 5
            BrIf64Acc, // 0.005 %, 4
            I64OrSlotAcc, // 0.005 %, 2
            BrIfAcc; // 0.002 %, 2
        I32AndImmToAcc =>
            I32XorSlotAccToAcc, // 0.149 %, 1
            BrIfI32GeUAccImm, // 0.009 %, 1
            I32AddAccImmToAcc, // 0.004 %, 2
            I32OrSlotAcc; // 0.003 %, 1
        I32AndImm32ToAcc =>
            I32ShrUAccImmToAcc, // 0.157 %, 2
            SelectAcc; // 0.007 %, 1
        F64MulAccSlot =>
            F64LoadNearAccToAcc, // 0.114 %, 1
            F64LoadNearToAcc; // 0.046 %, 1
        I32Load8UNearAccToAcc =>
            I32Store8NearOfAcc, // 0.150 %, 1
            BrUnlessBits32Acc; // 0.008 %, 2
        I32MulAccImm32 =>
            I32Load8UNear; // 0.152 %, 2
        I64XorSlotAccToAcc =>
            I64AddSlotAcc, // 0.096 %, 2
            I32WrapI64AccToAcc, // 0.022 %, 5
            I32WrapI64Acc, // 0.017 %, 5
            I32RotlAccImm; // 0.014 %, 2
        Move32Imm32ToAcc =>
            I64StoreNearOfAcc, // 0.068 %, 10
            I64StoreSumOfAcc, // 0.030 %, 9
            I64MulSlotAcc, // 0.027 %, 3
            I64MulSlotAccToAcc, // 0.010 %, 3
            BrIfI64NeSlotAcc; // 0.003 %, 3
        I64ShrUAccImmToAcc =>
            I64AddSlotAcc, // 0.099 %, 4
            I64XorSlotAccToAcc, // 0.013 %, 3
            I64AndAccImmToAcc, // 0.012 %, 1
            I32WrapI64AccToAcc, // 0.008 %, 1
            I64AddAccSlotToAcc; // 0.004 %, 1
        MemoryMove64Near =>
            MemoryMove64Sum, // 0.067 %, 12
            I64StoreSum, // 0.031 %, 7
            Move64ImmToAcc, // 0.017 %, 8
            MemoryMove64Near, // 0.016 %, 5
            AddTwo32; // 0.005 %, 1
        I64ShlImm =>
            I64AddSlotAcc, // 0.110 %, 5
            I64AddAccImm, // 0.015 %, 2
            I64AddImm; // 0.007 %, 2
        I64MulImmToAcc =>
            I64AddSlotAcc; // 0.131 %, 6
        I64LoadSumToAcc =>
            I64XorSlotAcc, // 0.101 %, 4
            BrIfI64EqAccImm, // 0.009 %, 1
            I64StoreNearOfAcc, // 0.008 %, 5
            I64LtSAccImm, // 0.008 %, 2
            I64GeSAccImm; // 0.005 %, 2
        I32ShrUImm =>
            AddBranchI32Ne32Imm, // 0.059 %, 1
            I32XorSlotSlotToAcc, // 0.059 %, 1
            I32ShrUImm; // 0.007 %, 1
        I32RotlImm =>
            I32RotlImmToAcc; // 0.120 %, 1
        MulThenF64MulF64SubAccToAcc =>
            F64StoreNearOfAcc; // 0.117 %, 2
        ShlAdd64ToAcc =>
            I64LoadNearAcc, // 0.072 %, 10
            I64LoadNearAccToAcc, // 0.027 %, 3
            I64Load32SNearAccToAcc, // 0.011 %, 1
            I64StoreNearAcc; // 0.004 %, 3
        I32Load8UNearToAcc =>
            BrIfI32NeAccImm, // 0.026 %, 2
            BrIfBits32Acc, // 0.026 %, 2
            I32Store8NearOfAcc, // 0.018 %, 1
            BrUnlessBits32Acc, // 0.018 %, 2
            I32AndAccImm, // 0.011 %, 2
            I32AndAccImmToAcc, // 0.009 %, 2
            BrIfI32EqAccImm; // 0.007 %, 2
        I32AddAccImm =>
            GlobalSetAcc, // 0.064 %, 13
            I32LoadNear, // 0.045 %, 2
            I32StoreNearOfAcc; // 0.005 %, 1
        I64Store8SumOfAcc =>
            GoReturnOp, // 0.084 %, 11
            Move64ImmToAcc, // 0.016 %, 4
            GlobalSetSlot, // 0.009 %, 6
            MemoryMove64Sum; // 0.004 %, 2
        I32MulSlotAccToAcc =>
            I32AddAccSlotToAcc, // 0.108 %, 2
            I32ShrUAccImmToAcc; // 0.003 %, 1
        I64AddAccImm =>
            I32WrapI64Acc, // 0.042 %, 12
            I64LoadNear, // 0.032 %, 8
            I64LoadSum, // 0.025 %, 2
            I64Extend32SAcc, // 0.004 %, 1
            I64StoreVia64, // 0.003 %, 2
            I64StoreSum, // 0.003 %, 2
            LoadTwo64; // 0.000 %, 0
        I32AddSlotAccToAcc =>
            I32AddSlotAccToAcc, // 0.087 %, 1
            I32MulAccSlot, // 0.013 %, 1
            I32AddAccImm, // 0.005 %, 2
            I32LoadNearAcc; // 0.005 %, 2
        I64Load8USumToAcc =>
            BrIfAcc, // 0.054 %, 9
            BrUnlessAcc; // 0.049 %, 10
        I64XorAccSlotToAcc =>
            I32WrapI64Acc, // 0.067 %, 5
            I32WrapI64AccToAcc, // 0.015 %, 4
            I32RotlAccImm, // 0.008 %, 1
            I64AddSlotAcc; // 0.008 %, 1
        Bits32ToAcc =>
            I32AddSlotAcc, // 0.087 %, 1
            I32AddSlotAccToAcc; // 0.008 %, 1
        I64Load8UAbsoluteToAcc =>
            BrIfAcc, // 0.054 %, 11
            BrUnlessAcc; // 0.040 %, 12
        I32LoadNearToAcc =>
            BrIfI32NeAccSlot, // 0.027 %, 2
            BrIfI32LtUSlotAcc, // 0.017 %, 2
            I32AddAccImm, // 0.015 %, 2
            BrIfI32EqAccSlot, // 0.010 %, 1
            BrIfI32GeUSlotAcc, // 0.009 %, 2
            I32AddAccSlotToAcc, // 0.004 %, 2
            I32MulAccImm, // 0.004 %, 1
            I32ShrUAccImmToAcc, // 0.003 %, 1
            I32AddAccSlot; // 0.003 %, 2
        I32GtSSlotAcc =>
            I32LtSSlotSlotToAcc; // 0.090 %, 1
        I64EqAccImm =>
            BrIf64Acc, // 0.068 %, 13
            BrUnless64Acc, // 0.011 %, 5
            I64LoadNear, // 0.006 %, 2
            BrUnlessAcc, // 0.004 %, 3
            I64LoadSum, // 0.000 %, 0
            I64CtzSlotToAcc; // 0.000 %, 0
        I32LoadSum =>
            I32AddSlotSlot; // 0.087 %, 1
        I64Load8UNear =>
            BrUnlessAcc, // 0.071 %, 12
            BrIfAcc, // 0.006 %, 2
            BrIf64Slot, // 0.005 %, 2
            Move64Slot, // 0.002 %, 2
            BrUnless64Acc, // 0.002 %, 2
            I64EqAccImm; // 0.000 %, 0
        GlobalGetOp =>
            CopyTwoOp, // 0.032 %, 6
            ReturnValue64Slot, // 0.027 %, 5
            Move64Imm; // 0.026 %, 4
        Move64Acc =>
            BrOp, // 0.034 %, 4
            BrUnlessAcc, // 0.017 %, 3
            BrIfAcc, // 0.014 %, 2
            I64SubSlotAcc, // 0.005 %, 1
            I32LoadNear, // 0.004 %, 2
            I32StoreNear, // 0.004 %, 2
            BrUnlessSlot; // 0.003 %, 2
        I32AddSlotSlotToAcc =>
            I32Load8UNearAccToAcc, // 0.076 %, 4
            I32AddAccImmToAcc; // 0.004 %, 2
        I64XorAccImm =>
            I64OrSlotSlotToAcc, // 0.049 %, 1
            I64ShlSlotSlot, // 0.021 %, 5
            Move64Imm64ToAcc; // 0.008 %, 2
        I64ShrUImmToAcc =>
            I64AddSlotAcc, // 0.046 %, 3
            I64AddSlotAccToAcc, // 0.022 %, 4
            I32WrapI64AccToAcc; // 0.009 %, 1
        I64AddAccImm32ToAcc =>
            I64Load8UNearAcc, // 0.030 %, 5
            I32RotlAccImmToAcc, // 0.024 %, 1
            I64Load8UNearAccToAcc; // 0.021 %, 1
        I64AndSlotAcc =>
            I64AndSlotSlotToAcc, // 0.049 %, 1
            I64EqImm, // 0.018 %, 2
            I64SubSlotSlot; // 0.004 %, 1
        I64LoadAbsolute =>
            I64LoadVia64ToAcc, // 0.034 %, 10
            I64LoadNearToAcc, // 0.022 %, 5
            BrIf64Acc, // 0.007 %, 3
            I64LoadAbsolute, // 0.005 %, 3
            I64StoreNearImm; // 0.002 %, 2
        I32StoreNear =>
            Move64Slot, // 0.018 %, 2
            I32StoreNear, // 0.017 %, 2
            ReturnOp, // 0.008 %, 3
            MemoryMove32Near, // 0.006 %, 2
            I32Store16NearImm, // 0.005 %, 2
            AddBranchI32LeU32Slot, // 0.005 %, 1
            BrOp, // 0.004 %, 1
            ShlAdd32ToAcc, // 0.004 %, 1
            I32LoadNearToAcc; // 0.004 %, 2
        I64ShrUImm =>
            AddTwo64, // 0.023 %, 3
            I64AndImm, // 0.019 %, 4
            I64ShrUImm, // 0.013 %, 3
            BrIfI64GeUAccSlot, // 0.009 %, 1
            BrIfI64GeUAccImm, // 0.003 %, 2
            Move32Imm32ToAcc; // 0.002 %, 2
        I32RotlImmToAcc =>
            I64XorSlotAccToAcc, // 0.034 %, 1
            I64XorSlotAcc; // 0.034 %, 1
        I64StoreVia64 =>
            I64AddImmToAcc, // 0.026 %, 6
            I64StoreVia64, // 0.012 %, 6
            I64Store8Via64Imm, // 0.010 %, 2
            BrOp, // 0.010 %, 4
            BrIf64Slot, // 0.004 %, 2
            BrUnlessSlot, // 0.004 %, 3
            I64LoadNear, // 0.003 %, 2
            Move64ImmToAcc; // 0.000 %, 0
        I64ShrUAccImm =>
            I32WrapI64Slot, // 0.044 %, 3
            BrUnlessLoaded64, // 0.009 %, 4
            I64StoreNearOfAcc, // 0.008 %, 3
            I64AndSlotAcc, // 0.004 %, 1
            I64LoadNearToAcc; // 0.003 %, 3
        I64Extend32SAccToAcc =>
            BrIfI64GtSAccSlot, // 0.041 %, 2
            BrIfI64GtSAccImm, // 0.020 %, 1
            BrIfI64GeSAccSlot, // 0.004 %, 1
            BrIfI64LeSSlotAcc; // 0.002 %, 2
        AddTwo64 =>
            AddTwo64, // 0.051 %, 2
            I64AddImm; // 0.015 %, 2
        I64MulSlotAccToAcc =>
            I64AddSlotAcc, // 0.052 %, 6
            I64ShrUAccImm, // 0.006 %, 3
            I64AddSlotAccToAcc; // 0.006 %, 2
        I32WrapI64SlotToAcc =>
            I64AddSlotAccToAcc, // 0.047 %, 4
            I64ShrUAccImmToAcc, // 0.011 %, 2
            BrIfI64EqAccSlot; // 0.007 %, 1
        F64DivSlotAcc =>
            MulThenF64MulF64SubAcc, // 0.046 %, 1
            F64ConvertI64SSlot; // 0.014 %, 1
        I64Load8UVia64ToAcc =>
            BrUnlessAcc, // 0.030 %, 5
            BrIf64Acc, // 0.017 %, 5
            BrIfAcc; // 0.013 %, 4
        I64Store8Near =>
            I64Store8NearOfAcc, // 0.023 %, 3
            StoreTwoOp, // 0.010 %, 6
            I64LoadNear, // 0.009 %, 1
            I64StoreNear, // 0.008 %, 3
            I64AddImm; // 0.006 %, 2
        I64XorImmToAcc =>
            I64AndAccSlot, // 0.052 %, 2
            I64Store32NearOfAcc; // 0.004 %, 1
        I64AddImm32ToAcc =>
            I64Load32UNearAccToAcc, // 0.034 %, 1
            I64Load8UNearAccToAcc, // 0.015 %, 2
            I64Load8UNearAcc; // 0.005 %, 2
        I32WrapI64AccToAcc =>
            BrIfI64NeSlotAcc, // 0.036 %, 6
            I64StoreSumOfAcc, // 0.009 %, 1
            BrIfI64NeAccImm, // 0.005 %, 3
            BrIf64Acc; // 0.003 %, 2
        Move64Imm64 =>
            F64SubSlotSlot, // 0.027 %, 1
            F64MulAccSlot, // 0.020 %, 2
            F64StoreSum; // 0.005 %, 1
        I32AddAccImmToAcc =>
            I32StoreNearOfAcc, // 0.048 %, 4
            I32Store8NearOfAcc; // 0.003 %, 1
        I64MulSlotAcc =>
            I64ShrUAccImmToAcc, // 0.046 %, 6
            Move32Imm32ToAcc; // 0.004 %, 2
        I32AddAccImm32 =>
            I32LoadFar, // 0.026 %, 1
            Move32Imm32, // 0.021 %, 1
            I32LoadNear; // 0.003 %, 1
        I64ShlAccImm =>
            I64AddSlotAcc, // 0.046 %, 5
            I64Load8UNear; // 0.003 %, 2
        I32LoadNearAccToAcc =>
            I32StoreNearOfAcc, // 0.034 %, 3
            I32LoadNearAcc; // 0.013 %, 1
        F64LoadNearAccToAcc =>
            F64SubSlotAcc; // 0.046 %, 1
        F64SqrtSlotToAcc =>
            F64MulAccSlotToAcc; // 0.046 %, 1
        I64SubSlotSlot =>
            I64SubSlotSlot, // 0.032 %, 4
            I64StoreNearOfAcc, // 0.008 %, 3
            I64ShrUAccImm, // 0.003 %, 2
            BrIfI64GeUImm; // 0.002 %, 2
        I64AndImmToAcc =>
            I64AddSlotAcc, // 0.016 %, 3
            BrIfI64NeAccSlot, // 0.014 %, 3
            I64EqAccImm, // 0.008 %, 2
            BrIfI64LtUAccImm, // 0.005 %, 1
            I64ShlAccImm; // 0.002 %, 2
        I64Store32Near =>
            BrIfI64GtUImm, // 0.018 %, 1
            BrIf64Acc, // 0.010 %, 6
            I64Store32Near, // 0.009 %, 2
            I64StoreNear, // 0.004 %, 2
            I64Store32NearOfAcc, // 0.003 %, 1
            CopyTwoOp; // 0.000 %, 0
        I64Store8NearOfAcc =>
            I32AddImm32, // 0.012 %, 1
            BrUnlessAcc, // 0.008 %, 3
            Move64Slot, // 0.008 %, 2
            GoReturnOp, // 0.007 %, 3
            BrIf64Slot, // 0.005 %, 2
            BrOp, // 0.002 %, 2
            Move64ImmToAcc, // 0.000 %, 0
            I64AddImmToAcc; // 0.000 %, 0
        I32MulSlotAcc =>
            I32ShrUAccImmToAcc; // 0.042 %, 1
        I64Store32NearImm =>
            I64LoadNear, // 0.039 %, 11
            I64Load32SNearToAcc; // 0.003 %, 3
        I32SubAccImm =>
            GlobalSetAcc; // 0.041 %, 3
        I64Store32Sum =>
            I64StoreSum, // 0.034 %, 2
            GoReturnOp; // 0.007 %, 3
        I64Load32UNear =>
            BrOp, // 0.034 %, 2
            I64Load32UNear; // 0.007 %, 3
        I64StoreNearImm =>
            Move32Imm32ToAcc, // 0.016 %, 2
            AddBranchI64LtS64Slot, // 0.011 %, 1
            I64StoreNearImm, // 0.009 %, 5
            BrOp, // 0.003 %, 3
            I64StoreSumOfAcc; // 0.000 %, 0
        I32AddImm32 =>
            I32AndImm, // 0.021 %, 1
            Move64Slot, // 0.013 %, 1
            F64ConvertI32SSlotToAcc; // 0.006 %, 1
        I64XorSlotSlotToAcc =>
            I32WrapI64AccToAcc, // 0.031 %, 5
            I32WrapI64Acc; // 0.009 %, 4
        I64StoreVia64Imm =>
            GoReturnOp, // 0.026 %, 2
            I64StoreVia64Imm; // 0.013 %, 4
        I64OrSlotAccToAcc =>
            I64StoreNearOfAcc, // 0.024 %, 1
            I64Store32NearOfAcc, // 0.011 %, 2
            I64OrSlotAcc; // 0.005 %, 3
        I32MulAccImmToAcc =>
            I32AddSlotAcc; // 0.039 %, 2
        I64Extend32SSlot =>
            BrIfI64GtUAccSlot, // 0.018 %, 1
            BrIfI64GtSAccSlot, // 0.016 %, 1
            BrIfI64GeSSlotAcc; // 0.005 %, 1
        I64SubSlotAccToAcc =>
            BrIfI64NeAccImm, // 0.029 %, 2
            I64Extend32SAcc, // 0.005 %, 1
            I64StoreSumOfAcc; // 0.003 %, 2
        I64MulAccImmToAcc =>
            I64ShrUAccImm, // 0.033 %, 8
            I64SubSlotAcc; // 0.005 %, 1
        I64Load32SNear =>
            BrIfI64LtSAccImm, // 0.011 %, 2
            I64Store32Near, // 0.010 %, 1
            I64Load32SNear, // 0.006 %, 1
            I32WrapI64AccToAcc, // 0.006 %, 3
            BrOp; // 0.002 %, 2
        I64XorAccImmToAcc =>
            I64AndAccSlot, // 0.018 %, 6
            I64AndSlotAccToAcc; // 0.018 %, 1
        I64AndImm =>
            I64AndImm, // 0.014 %, 2
            I64SubSlotSlot, // 0.009 %, 1
            BrOp, // 0.005 %, 1
            BrIfI64GtUAccImm, // 0.004 %, 2
            BrIfI64NeAccImm, // 0.002 %, 2
            LoadTwo64; // 0.000 %, 0
        I64AndSlotSlotToAcc =>
            I64XorSlotAcc; // 0.034 %, 1
        I64Store32Via64Imm =>
            I64Load32SVia64ToAcc; // 0.034 %, 10
        I64AndAccSlotToAcc =>
            I32WrapI64AccToAcc, // 0.025 %, 2
            I64AddSlotAcc; // 0.007 %, 4
        I32WrapI64Acc =>
            I64Store32Near, // 0.010 %, 6
            BrIfI64NeAccImm, // 0.008 %, 3
            BrIfI64LeUAccImm, // 0.005 %, 2
            BrIfI64EqAccImm, // 0.005 %, 2
            Move64Imm; // 0.004 %, 4
        I32XorAccImmToAcc =>
            I32ShrUAccImmToAcc; // 0.032 %, 1
        I64Store16Near =>
            I64Load16UNearToAcc; // 0.031 %, 8
        I64Load8UNearAcc =>
            BrIfI64GtUAccImm, // 0.029 %, 2
            BrUnlessAcc; // 0.002 %, 2
        I32AddAccSlotToAcc =>
            I32Store8NearAcc; // 0.031 %, 1
        I64CtzSlot =>
            I64Load16UNearToAcc; // 0.031 %, 8
        I64Load16UNearToAcc =>
            BrIfI64LeUSlotAcc, // 0.007 %, 1
            BrIf64Acc, // 0.006 %, 2
            BrIfI64GtUSlotAcc, // 0.004 %, 2
            BrIfI64LtUSlotAcc, // 0.004 %, 1
            I64ShlAccImm, // 0.004 %, 1
            I64Store16NearOfAcc; // 0.004 %, 1
        I64Load32UNearToAcc =>
            I64Store32SumOfAcc, // 0.009 %, 1
            I64AddSlotAccToAcc, // 0.006 %, 1
            I32WrapI64Acc, // 0.005 %, 1
            I64OrAccImm, // 0.004 %, 1
            BrIfBits64Acc, // 0.004 %, 1
            BrIf64Acc; // 0.002 %, 2
        I32ShrUAccImmToAcc =>
            I32AddAccSlot; // 0.029 %, 1
        I64Load32UNearAcc =>
            I64AndImm; // 0.029 %, 2
        I64Store32SumOfAcc =>
            GoReturnOp; // 0.029 %, 6
        I64AndAccImm =>
            BrIfI64LeUAccImm, // 0.013 %, 2
            BrIf64Acc, // 0.008 %, 4
            I64AddImm, // 0.004 %, 1
            BrIfI64GeUAccImm; // 0.004 %, 1
        I32AddSlotAcc =>
            I32AddSlotSlotToAcc, // 0.021 %, 1
            I32LoadNear, // 0.005 %, 1
            I32AddSlotSlot; // 0.002 %, 2
        I32MulAccSlotToAcc =>
            I32AddSlotAcc; // 0.027 %, 1
        I64OrSlotAcc =>
            I64StoreNear; // 0.027 %, 1
        I64SubSlotSlotToAcc =>
            I64SubAccSlot, // 0.018 %, 1
            I64Extend32SAccToAcc, // 0.005 %, 1
            I64AddAccImmToAcc; // 0.004 %, 1
        I64Store8Sum =>
            GoReturnOp; // 0.025 %, 7
        I32Load8UFarAccToAcc =>
            I32Store8NearOfAcc; // 0.025 %, 1
        I64ShlImmToAcc =>
            I64StoreSumOfAcc, // 0.018 %, 2
            I64AddAccImm32ToAcc; // 0.007 %, 4
        I32Load16SNear =>
            I32Load16SNearToAcc, // 0.021 %, 1
            BrIfAcc; // 0.004 %, 1
        I32AndImm32 =>
            BrIfI32GtUAccImm, // 0.009 %, 1
            BrIfI32LtUAccImm, // 0.009 %, 1
            I32AddAccSlotToAcc; // 0.007 %, 1
        I32MulSlotSlotToAcc =>
            I32AddSlotAcc; // 0.024 %, 1
        I64AndSlotAccToAcc =>
            I64AddSlotAcc, // 0.014 %, 7
            I64AddSlotAccToAcc, // 0.006 %, 4
            I64EqAccImmToAcc; // 0.004 %, 1
        I64AddAccImm32 =>
            BrIfI64GeUSlotSlot, // 0.012 %, 1
            BrIfI64LtUSlotSlot; // 0.012 %, 1
        I64Load32UNearAccToAcc =>
            I64XorSlotAcc, // 0.016 %, 1
            BrIfBits64Acc, // 0.004 %, 1
            I32WrapI64Acc; // 0.002 %, 2
        I32DivUImmToAcc =>
            I32MulAccImm32ToAcc; // 0.021 %, 1
        I32MulAccImm =>
            I32Load8UFarAcc; // 0.021 %, 1
        I32Load16SNearToAcc =>
            I32GtSSlotAcc; // 0.021 %, 1
        I64LtUSlotSlotToAcc =>
            SelectAcc; // 0.021 %, 2
        I64ExtendI32SAcc =>
            BrIf64Acc; // 0.021 %, 2
        I64OrSlotSlotToAcc =>
            I64Store32NearOfAcc; // 0.021 %, 1
        I32SubSlotSlot =>
            I32SubSlotSlot; // 0.020 %, 1
        F64StoreNearAcc =>
            I32AddImm, // 0.011 %, 1
            AddBranchI64LtS64Imm; // 0.009 %, 2
        I32ShlAccImm =>
            I32Load16UFarAccToAcc, // 0.010 %, 1
            ShlAdd32ToAcc, // 0.005 %, 1
            I32Load8UNearToAcc; // 0.004 %, 1
        I64Load8UVia64 =>
            BrIfI64GeUSlotSlot, // 0.009 %, 1
            I64XorAccImm; // 0.009 %, 2
        I64MulAccSlotToAcc =>
            I64AddSlotAcc; // 0.018 %, 3
        I64LtSSlotSlot =>
            I64MulSlotSlot, // 0.015 %, 1
            BrUnlessAcc; // 0.003 %, 2
        I64Load32UVia64 =>
            I64Load32UNearToAcc, // 0.013 %, 3
            I64Load32UVia64ToAcc; // 0.004 %, 2
        I64OrSlotSlot =>
            I64AddSlotSlot; // 0.016 %, 2
        LoadTwo32 =>
            I32LoadNear, // 0.006 %, 2
            I32SubSlotAccToAcc, // 0.005 %, 1
            I32LoadNearAcc; // 0.005 %, 1
        I32ShlAccSlotToAcc =>
            I32XorAccImmToAcc; // 0.016 %, 1
        I64Store32NearOfAcc =>
            I64Store8NearImm, // 0.008 %, 1
            I64Load32SNear; // 0.008 %, 2
        I64AndAccSlot =>
            I64AndImm, // 0.012 %, 4
            I64AndAccImm; // 0.003 %, 1
        I64LtUSlotSlot =>
            BrUnlessAcc; // 0.014 %, 1
        F64SubSlotSlot =>
            Move64Imm, // 0.014 %, 1
            Move64Imm64; // 0.000 %, 0
        I64LeUAccImmToAcc =>
            SelectAccToAcc; // 0.013 %, 1
        I64Store8NearAcc =>
            BrOp; // 0.013 %, 1
        SelectSlot =>
            SelectSlot, // 0.006 %, 2
            BrIfI64EqSlotSlot, // 0.003 %, 2
            I64Store8NearOfAcc; // 0.003 %, 1
        I64LoadAbsoluteToAcc =>
            I64XorAccImm; // 0.013 %, 3
        I64CtzSlotToAcc =>
            I64ShrUAccImm; // 0.012 %, 1
        I32MulImmToAcc =>
            I32AddSlotAcc; // 0.011 %, 2
        I64AddAccSlotToAcc =>
            I64Load8UNearAccToAcc, // 0.007 %, 2
            I64StoreNearOfAcc; // 0.004 %, 2
        I64AddAccSlot =>
            I64StoreNearOfAcc, // 0.004 %, 3
            I64LoadSum, // 0.004 %, 1
            I64AddSlotSlot; // 0.003 %, 2
        I64Extend32SSlotToAcc =>
            BrIfI64GeSSlotAcc, // 0.007 %, 1
            BrIfI64GeSAccSlot; // 0.004 %, 1
        I64Load32SNearAccToAcc =>
            I32WrapI64Acc; // 0.011 %, 3
        I32AndAccImm32ToAcc =>
            I32SubSlotAcc, // 0.004 %, 1
            BrIfAcc, // 0.004 %, 2
            I32AddSlotAccToAcc; // 0.003 %, 1
        I32LoadVia32 =>
            BrIfAcc, // 0.006 %, 1
            I32Load8UNearAcc; // 0.004 %, 1
        I32ShrSAccImm =>
            I32StoreNearOfAcc, // 0.006 %, 1
            I32Load8UNear; // 0.004 %, 1
        I64XorSlotSlot =>
            I64Load32UNear, // 0.005 %, 1
            I64XorSlotSlot; // 0.004 %, 2
        I64ShrUAccSlotToAcc =>
            I64Store32NearOfAcc; // 0.009 %, 1
        I32ShlImmToAcc =>
            I32Load16UFarAcc; // 0.009 %, 1
        I64StoreNearAccImm =>
            Move64ImmToAcc, // 0.006 %, 2
            I64StoreNearAccImm; // 0.003 %, 2
        I64Store8NearAccImm =>
            I64StoreNearAcc; // 0.009 %, 2
        I64ShlAccSlotToAcc =>
            I64OrSlotAcc; // 0.008 %, 2
        I64Load16UNearAcc =>
            BrIfI64GeUAccSlot; // 0.008 %, 1
        I64Load32UVia64ToAcc =>
            BrUnless64Acc, // 0.004 %, 1
            BrIf64Acc; // 0.004 %, 1
        I32OrAccImmToAcc =>
            I32RemUSlotAcc, // 0.004 %, 1
            I32Store8NearOfAcc; // 0.003 %, 2
        I64ShlSlotSlot =>
            I64LtUImm; // 0.007 %, 2
        MemoryMove32Near =>
            I32LoadNearToAcc, // 0.007 %, 1
            CopyTwoOp; // 0.000 %, 0
        I32ShlImm =>
            I32Load16UFarAcc; // 0.007 %, 1
        I64LtSAccSlot =>
            I64SubSlotSlot; // 0.007 %, 3
        I64EqImm =>
            BrIf64Acc; // 0.006 %, 4
        I64LtSSlotAccToAcc =>
            SelectAcc; // 0.006 %, 2
        I64ShlSlotAccToAcc =>
            I64OrSlotAcc; // 0.006 %, 1
        I32Load16UNearToAcc =>
            I32ShlAccImmToAcc; // 0.006 %, 1
        I32Load8USumToAcc =>
            BrUnlessBits32Acc; // 0.006 %, 2
        ShlAdd32ToAcc =>
            I32StoreNearOfAcc; // 0.006 %, 1
        I64LtSAccImmToAcc =>
            SelectAcc; // 0.006 %, 1
        F64MulAccSlotToAcc =>
            F64StoreNearOfAcc; // 0.006 %, 1
        I64ShrUAccSlot =>
            I64LtUImm; // 0.006 %, 1
        I64MulImm32ToAcc =>
            I32WrapI64Acc; // 0.005 %, 1
        I32SubSlotSlotToAcc =>
            I32ShrSAccImm; // 0.005 %, 2
        I32Load8UNearAcc =>
            I32AddAccImmToAcc; // 0.005 %, 1
        SelectAcc =>
            I64LtUAccSlot, // 0.005 %, 1
            I32WrapI64Slot; // 0.000 %, 0
        I32AddAccImm32ToAcc =>
            I32Load16UNearAcc; // 0.005 %, 1
        I64XorAccSlot =>
            AddTwo64; // 0.005 %, 1
        I64XorSlotAcc =>
            I32WrapI64Acc; // 0.005 %, 1
        I64Load8USum =>
            LoadTwo64; // 0.005 %, 2
        I64LtSSlotAcc =>
            BrOp; // 0.005 %, 2
        I64ShlAccSlot =>
            I64OrSlotAcc; // 0.005 %, 1
        I64Extend32SAcc =>
            Move64Imm; // 0.004 %, 2
        I32Load8SNearToAcc =>
            BrIfI32GtSAccImm; // 0.004 %, 1
        I64LtUAccImm =>
            BrUnlessAcc; // 0.004 %, 1
        I64ShrSAccImmToAcc =>
            I64AddSlotAcc; // 0.004 %, 1
        I32SubSlotAcc =>
            BrIfAcc; // 0.004 %, 2
        I64Load16UVia64ToAcc =>
            BrUnless64Acc; // 0.004 %, 1
        I32Store8Near =>
            I32ShrUImmToAcc; // 0.004 %, 1
        I32Load16UNear =>
            BrUnlessBits32Acc; // 0.004 %, 1
        I64EqAccImmToAcc =>
            SelectAccToAcc; // 0.004 %, 1
        SelectAccToAcc =>
            I64StoreNearOfAcc; // 0.004 %, 1
        I32Load16UVia32 =>
            I32LoadNear; // 0.004 %, 1
        I32Store16Near =>
            I32GtUImm; // 0.004 %, 1
        I32Load8SNear =>
            I64AndAccImm; // 0.004 %, 1
        I32XorSlotSlot =>
            Move32Imm; // 0.004 %, 1
        I32StoreNearAccImm =>
            I32StoreNearAcc; // 0.003 %, 2
        I32RemUAccImm =>
            Move64Imm64ToAcc; // 0.003 %, 1
        GlobalSetSlot =>
            I64LoadNear; // 0.003 %, 2
        I64Load16UNear =>
            I64LoadNear; // 0.003 %, 2
        I64SubSlotAcc =>
            I64LoadVia64; // 0.003 %, 2
        I64Load32SVia64 =>
            I64LoadNear; // 0.003 %, 2
        I32Store8NearImm =>
            I32StoreNearImm; // 0.003 %, 2
        I64LtSAccSlotToAcc =>
            SelectAcc; // 0.002 %, 2
        I64SubAccSlotToAcc =>
            I64AddAccImmToAcc; // 0.002 %, 2
        I64StoreNearAcc =>
            BrOp; // 0.001 %, 1
        I32XorSlotAcc =>
            I32XorSlotAccToAcc; // 0.000 %, 0
        I64LtSAccImm =>
            LoadTwo64; // 0.000 %, 0
    }
}

/// Three ops: a pair, and a third.
pub(super) mod triples {
    use crate::ops::superinstruction::{aliases::*, rows};

    rows! {
        I32AddImm32ToAcc, I32Store8NearAccImm =>
            I32AddSlotSlot; // 0.598 %, 1
        F64LoadSum, F64LoadSumToAcc =>
            F64MulSlotAcc, // 0.260 %, 1
            F64SubSlotAcc; // 0.091 %, 1
        I32AndAccImmToAcc, I32ShlAccImmToAcc =>
            I32LoadFarAcc, // 0.257 %, 1
            I32LoadFarAccToAcc; // 0.082 %, 2
        F64LoadNearAcc, MulThenF64MulF64AddSlotToAcc =>
            F64StoreNearOfAcc; // 0.303 %, 1
        I64AddSlotAccToAcc, I64AddAccImmToAcc =>
            F64ConvertI64SAccToAcc, // 0.253 %, 1
            I64ShrSAccImm; // 0.010 %, 1
        I32ShrUImmToAcc, I32XorSlotAcc =>
            AddBranchI32Ne32Imm, // 0.128 %, 1
            I32XorSlotAccToAcc; // 0.128 %, 1
        F64DivSlotAccToAcc, MulThenF64MulF64AddAcc =>
            AddTwo64; // 0.253 %, 1
        I64AddAccImmToAcc, I64MulAccSlotToAcc =>
            I64ShrUAccImmToAcc; // 0.253 %, 1
        F64AddSlotAccToAcc, Move64Imm64 =>
            BrIfF64LtSlotAcc; // 0.246 %, 1
        F64AddSlotSlotToAcc, F64MulSlotAcc =>
            F64AddSlotSlot; // 0.236 %, 1
        I32LoadFarAccToAcc, I32XorSlotAcc =>
            Bits32ToAcc, // 0.161 %, 1
            AddBranchI32Ne32Imm; // 0.032 %, 1
        Move64Imm64ToAcc, I64MulSlotAcc =>
            Move64Imm64ToAcc; // 0.182 %, 15
        I32LoadSumToAcc, I32MulSlotAcc =>
            I32LoadSum; // 0.173 %, 1
        I32AddSlotSlot, I32AddSlotSlot =>
            I32AddImm, // 0.131 %, 2
            Move64Imm, // 0.033 %, 1
            AddBranchI32Ne32Slot; // 0.005 %, 1
        I64AddImmToAcc, I64AddAccSlotToAcc =>
            I64Load32UNearAcc, // 0.086 %, 1
            I64Load32UNearAccToAcc, // 0.067 %, 2
            I64Store32NearAcc, // 0.005 %, 1
            I64Load8UNearAcc; // 0.004 %, 2
        I32AndImm32ToAcc, I32ShrUAccImmToAcc =>
            I32XorSlotAcc; // 0.157 %, 1
        I32AndAccImm, Move64ImmToAcc =>
            I32SubAccSlotToAcc; // 0.156 %, 1
        I32Load8UNear, I32Load8UNear =>
            BrIfI32EqSlotAcc, // 0.131 %, 2
            BrIfI32NeSlotAcc; // 0.025 %, 3
        I32Load8UNearAccToAcc, I32Store8NearOfAcc =>
            I32Store8Near; // 0.150 %, 1
        I64LoadNearToAcc, I64AddAccImm =>
            I64StoreNearOfAcc, // 0.071 %, 7
            LoadTwo64, // 0.030 %, 7
            I64LoadNearToAcc, // 0.021 %, 8
            I32WrapI64SlotToAcc, // 0.013 %, 1
            I64AndImmToAcc, // 0.012 %, 2
            I64LoadVia64; // 0.003 %, 2
        I64LoadVia64, I64LoadNearToAcc =>
            BrIfI64GeUAccSlot, // 0.082 %, 4
            I64AddSlotAcc, // 0.030 %, 3
            BrIfI64GeSAccSlot, // 0.020 %, 1
            BrIfI64LeUSlotAcc, // 0.002 %, 2
            BrIfI64NeSlotAcc; // 0.002 %, 2
        I32AddImm32ToAcc, I32Load8UNearAccToAcc =>
            I32XorAccSlotToAcc, // 0.128 %, 1
            BrIfAcc; // 0.005 %, 1
        GlobalGetToAcc, I64LoadNearAcc =>
            BrIf64Acc, // 0.113 %, 13
            I64StoreNearOfAcc, // 0.012 %, 2
            I64LoadNearAcc; // 0.006 %, 3
        I64LoadNearToAcc, I64AddAccImmToAcc =>
            I64ShlAccImm, // 0.103 %, 1
            I64StoreNearOfAcc; // 0.025 %, 7
        I32RotlImm, I32RotlImmToAcc =>
            I64XorSlotAcc, // 0.069 %, 1
            I64XorSlotAccToAcc; // 0.052 %, 1
        Move64Imm64ToAcc, I64MulSlotAccToAcc =>
            I64StoreSumOfAcc, // 0.101 %, 4
            I64ShrUAccImmToAcc, // 0.010 %, 1
            I64XorSlotAcc, // 0.005 %, 3
            I64XorAccSlot; // 0.004 %, 1
        MulThenF64MulF64SubAccToAcc, F64StoreNearOfAcc =>
            F64LoadNear, // 0.091 %, 1
            AddBranchI64LtS64Imm; // 0.026 %, 1
        I32AddImm, I32Load8UNearAcc =>
            I32AddImm, // 0.112 %, 1
            BrIfI32GtUAccImm; // 0.004 %, 1
        I64LoadVia64, MemoryMove64Near =>
            MemoryMove64Sum, // 0.059 %, 9
            I64StoreSum; // 0.056 %, 8
        F64AddSlotAccToAcc, F64StoreNearOfAcc =>
            AddBranchI64GeS64Slot, // 0.069 %, 1
            I64AddAccImm, // 0.023 %, 1
            I64AddImm; // 0.023 %, 1
        I64MulImmToAcc, I64AddSlotAcc =>
            F64LoadNear, // 0.046 %, 1
            I64AddImm, // 0.023 %, 1
            F64LoadSumToAcc, // 0.023 %, 1
            I64Load32UNearAccToAcc; // 0.006 %, 2
        I32GtSSlotAcc, I32LtSSlotSlotToAcc =>
            I32SubSlotAcc; // 0.090 %, 1
        I64AddSlotSlotToAcc, I64Load8UNearAcc =>
            BrIfI64GeUAccImm, // 0.026 %, 2
            I64MulImm32ToAcc, // 0.017 %, 2
            I64AddAccImmToAcc, // 0.014 %, 2
            I64MulAccImmToAcc, // 0.012 %, 1
            BrIfI64EqAccImm, // 0.012 %, 2
            BrIfI64LtUAccImm; // 0.006 %, 3
        F64AddSlotAccToAcc, F64AddSlotAccToAcc =>
            F64AddSlotAcc; // 0.087 %, 1
        I32AddSlotAccToAcc, I32AddSlotAccToAcc =>
            I32AddSlotAcc; // 0.087 %, 1
        I64AddSlotAcc, I64ShrUAccImmToAcc =>
            I64MulAccImmToAcc, // 0.047 %, 9
            I32WrapI64Acc, // 0.024 %, 2
            I32RemUAccImmToAcc; // 0.013 %, 1
        I64LoadNearAcc, LoadTwo64 =>
            I32WrapI64Acc, // 0.077 %, 13
            LoadTwo64; // 0.004 %, 1
        I64ShlAccImmToAcc, I64AddSlotAccToAcc =>
            I64StoreNearAcc, // 0.035 %, 1
            I64LoadNearAccToAcc, // 0.023 %, 1
            I64Load32UNearAcc; // 0.022 %, 1
        I64Load32SNearToAcc, I64AddAccImm =>
            I64Store32NearOfAcc, // 0.054 %, 12
            I64Load32SNear; // 0.013 %, 1
        I64LoadNear, I64LoadNearToAcc =>
            I64AddSlotAcc, // 0.023 %, 8
            BrIfI64NeSlotAcc, // 0.011 %, 3
            I64SubSlotAcc, // 0.011 %, 6
            I64AddSlotAccToAcc, // 0.007 %, 4
            BrIfI64GeUSlotAcc, // 0.007 %, 3
            BrIfI64LeUSlotAcc, // 0.003 %, 2
            BrIfI64GtUSlotAcc, // 0.003 %, 2
            BrIfI64LtUSlotAcc; // 0.003 %, 3
        I64AddSlotSlotToAcc, I64Load8UNearAccToAcc =>
            I64EqAccSlotToAcc, // 0.048 %, 1
            I64ShlAccImm, // 0.009 %, 1
            BrIfI64NeAccImm; // 0.008 %, 3
        I32AddAccImm, GlobalSetAcc =>
            ReturnValue64Imm; // 0.064 %, 13
        I64LoadNear, I64StoreNearOfAcc =>
            I64StoreNear, // 0.050 %, 2
            BrIf64Acc, // 0.006 %, 1
            I64ShrUImm, // 0.005 %, 2
            MemoryMove64Near; // 0.002 %, 2
        I32AddSlotSlotToAcc, I32Load8UNearAccToAcc =>
            I32Store8NearOfAcc, // 0.035 %, 2
            I32SubSlotAccToAcc, // 0.014 %, 1
            BrIfI32EqSlotAcc, // 0.012 %, 2
            I32AndAccImm; // 0.002 %, 2
        I64AddImmToAcc, I64AddAccSlot =>
            I64AddImm32ToAcc, // 0.033 %, 7
            I64StoreNearOfAcc, // 0.014 %, 4
            I64Load16UNearAccToAcc, // 0.007 %, 1
            I64LoadNearAcc, // 0.005 %, 2
            I64StoreSum; // 0.003 %, 1
        I64AndAccImmToAcc, I64AddSlotAcc =>
            AddBranchI64GeS64Slot, // 0.048 %, 1
            AddTwo64; // 0.014 %, 1
        I32AddImm, I32LoadNearAcc =>
            BrIfI32LtSAccSlot, // 0.047 %, 1
            BrIfI32GtSAccSlot; // 0.014 %, 1
        I64LoadVia64, I64LoadVia64 =>
            BrIfI64LeSImm, // 0.009 %, 1
            I64Load32UVia64, // 0.009 %, 1
            I64SubAccSlot, // 0.009 %, 3
            BrIfI64GeUAccSlot, // 0.008 %, 3
            BrIfI64LeSSlotAcc, // 0.008 %, 1
            I64LoadNear, // 0.007 %, 4
            I64SubSlotSlot, // 0.005 %, 3
            BrIfI64EqSlotAcc; // 0.003 %, 1
        Move64ImmToAcc, I64SubAccSlotToAcc =>
            I64ShrSAccImmToAcc, // 0.056 %, 8
            I64ShrSAccImm; // 0.002 %, 2
        Move64Imm, Move64Imm =>
            SelectSlot, // 0.032 %, 7
            BrOp, // 0.018 %, 4
            I32AddImm, // 0.007 %, 2
            SelectSlotToAcc; // 0.002 %, 2
        I64LoadSum, I64EqAccImm =>
            BrIf64Acc, // 0.023 %, 2
            I64LoadSum, // 0.021 %, 6
            BrUnless64Acc; // 0.013 %, 4
        I64AndAccImmToAcc, I64EqAccImm =>
            Move64Slot, // 0.021 %, 5
            BrOp, // 0.013 %, 1
            BrUnless64Acc, // 0.013 %, 4
            BrIf64Acc; // 0.009 %, 4
        Move64Imm, SelectSlotToAcc =>
            I64StoreNearOfAcc, // 0.037 %, 10
            I64OrAccSlot, // 0.006 %, 1
            I64EqAccSlot, // 0.005 %, 1
            I64AddAccImmToAcc; // 0.004 %, 2
        I64XorImmToAcc, I64AndAccSlot =>
            I64AndSlotSlotToAcc, // 0.034 %, 1
            I64XorSlotSlotToAcc; // 0.018 %, 1
        AddTwo64, AddTwo64 =>
            AddTwo64, // 0.046 %, 1
            I64Load32UNearToAcc; // 0.005 %, 1
        I64AddAccImmToAcc, I64AddSlotAcc =>
            LoadTwo64; // 0.049 %, 1
        I64LoadNear, I64AddImm =>
            ShlAdd64; // 0.049 %, 1
        I64AddAccImmToAcc, I64Store16NearOfAcc =>
            I64AndImm32ToAcc, // 0.028 %, 8
            I64Load16UNearToAcc, // 0.014 %, 3
            AddTwo64; // 0.004 %, 1
        I64LoadNearAccToAcc, I64StoreNearOfAcc =>
            MemoryMove64Sum; // 0.047 %, 9
        F64DivSlotAcc, MulThenF64MulF64SubAcc =>
            F64StoreNearOfAcc; // 0.046 %, 1
        F64LoadNearToAcc, F64MulAccSlotToAcc =>
            MulThenF64MulF64AddAccToAcc; // 0.046 %, 1
        F64MulSlotSlot, MulThenF64MulF64AddSlot =>
            MulThenF64MulF64AddSlot; // 0.046 %, 1
        I64AddImm, F64LoadNearAccToAcc =>
            F64MulAccSlot; // 0.046 %, 1
        I32AddSlotSlot, I32AddImm =>
            Move64Acc; // 0.044 %, 3
        Move64ImmToAcc, I64Store8SumOfAcc =>
            GoReturnOp, // 0.039 %, 8
            BrIfLoaded64, // 0.003 %, 2
            I64AddImm; // 0.002 %, 2
        LoadTwo64, LoadTwo64 =>
            LoadTwo64, // 0.041 %, 8
            BrOp; // 0.003 %, 2
        I32AddAccImm, I32LoadNear =>
            BrIfI32GtSAccSlot; // 0.043 %, 1
        GlobalGetToAcc, I64Load8UNearAccToAcc =>
            BrUnlessAcc; // 0.043 %, 12
        I64LoadNearAcc, I64LoadNearToAcc =>
            BrIfI64EqSlotAcc, // 0.020 %, 4
            BrIfI64NeSlotAcc, // 0.008 %, 1
            BrIfI64GeUAccSlot, // 0.007 %, 1
            I64SubSlotAcc, // 0.005 %, 2
            BrIfI64LtSSlotAcc; // 0.002 %, 2
        I64AddImm32ToAcc, I64Load8UNearAccToAcc =>
            I64Store8NearOfAcc, // 0.028 %, 6
            BrUnless64Acc; // 0.014 %, 1
        I64LoadNearToAcc, I64AddSlotAcc =>
            BrOp, // 0.028 %, 7
            BrIfI64GtUAccImm, // 0.008 %, 5
            BrIfI64GtUAccSlot; // 0.005 %, 3
        Bits32ToAcc, I32AddSlotAcc =>
            I32Load8UNearAccToAcc, // 0.021 %, 1
            I32Store8NearAcc, // 0.011 %, 1
            Bits32, // 0.006 %, 1
            Move64Imm; // 0.004 %, 1
        I64LoadVia64ToAcc, I64AddAccImm =>
            I64StoreVia64, // 0.034 %, 9
            I64StoreNearOfAcc, // 0.004 %, 2
            BrIfI64GtUAccImm; // 0.003 %, 2
        I64AddSlotAcc, I64StoreNear =>
            AddBranchI64GeS64Slot; // 0.040 %, 1
        I64AndSlotAcc, I64AndSlotSlotToAcc =>
            I64OrSlotAccToAcc; // 0.040 %, 1
        I64AddAccImm, I32WrapI64Acc =>
            I64Store32Via64; // 0.038 %, 11
        I64ShlAccImm, I64AddSlotAcc =>
            I64Load32UNearAccToAcc; // 0.038 %, 4
        I64ShlImm, I64AddSlotAcc =>
            I64Load32UNearAcc; // 0.038 %, 4
        I32AddImm32ToAcc, I32LoadNearAccToAcc =>
            I32XorAccSlot, // 0.032 %, 1
            BrIfI32NeSlotAcc; // 0.005 %, 1
        I32AddSlotSlot, I32Load8UNearAcc =>
            I32AddSlotSlot; // 0.037 %, 1
        I64AddImmToAcc, I64AddSlotAccToAcc =>
            I64Load8UNearAccToAcc, // 0.029 %, 3
            I64Store8NearAccImm, // 0.004 %, 1
            I64Store8NearAcc; // 0.004 %, 2
        I64XorAccSlotToAcc, I32WrapI64Acc =>
            I64LoadAbsolute, // 0.022 %, 5
            I64LoadNearToAcc; // 0.013 %, 3
        I64ShlAccImmToAcc, I64AddSlotAcc =>
            I64Load32UNearAcc, // 0.016 %, 1
            I64Store32NearAcc, // 0.011 %, 2
            I64Load32UNearToAcc; // 0.008 %, 1
        I64LoadNear, I64EqAccImm =>
            BrIf64Acc; // 0.035 %, 10
        I32AddImmToAcc, GlobalSetAcc =>
            ReturnValue64Slot, // 0.028 %, 2
            ReturnOp; // 0.007 %, 2
        I32RotlImmToAcc, I64XorSlotAcc =>
            I64AndSlotSlot; // 0.034 %, 1
        I32RotlImmToAcc, I64XorSlotAccToAcc =>
            I64AddAccSlot; // 0.034 %, 1
        I64AndSlotSlotToAcc, I64XorSlotAcc =>
            I64AndSlotSlotToAcc; // 0.034 %, 1
        I64AddSlotAccToAcc, I64Load8UNearAccToAcc =>
            I64MulSlotAccToAcc, // 0.017 %, 2
            I64Store8NearOfAcc, // 0.012 %, 1
            BrIfI64EqAccImm; // 0.006 %, 2
        I64LoadAbsolute, I64LoadVia64ToAcc =>
            BrIfI64EqSlotAcc; // 0.034 %, 10
        I64AddSlotSlotToAcc, I64ShrUAccImm =>
            BrIfI64GeUAccSlot, // 0.020 %, 2
            I64ShlAccImm, // 0.007 %, 1
            I64StoreNearOfAcc; // 0.005 %, 1
        I64StoreNear, I64Store8Near =>
            BrIf64Slot, // 0.023 %, 6
            BrIfI64GeSSlotSlot; // 0.010 %, 1
        I64LoadNearToAcc, I64AddAccSlotToAcc =>
            F64LoadNearAccToAcc, // 0.026 %, 1
            I64Load8UNearAcc; // 0.007 %, 1
        I32AndAccImmToAcc, I32LoadFarAcc =>
            I32AndImmToAcc; // 0.032 %, 1
        I64LoadNear, I64Load16UVia64ToAcc =>
            I64Store16NearOfAcc; // 0.032 %, 10
        ShlAdd64ToAcc, I64LoadNearAcc =>
            BrIf64Acc, // 0.011 %, 4
            BrIfI64GeUSlotSlot, // 0.011 %, 1
            BrOp; // 0.010 %, 1
        I32XorAccImmToAcc, I32ShrUAccImmToAcc =>
            I32AddSlotAcc; // 0.032 %, 1
        I64AddImm, I64ShrUSlotAcc =>
            I64LtUImm; // 0.031 %, 8
        I64LoadSum, I64LoadSum =>
            I64LoadSum, // 0.026 %, 5
            BrIf64Slot, // 0.003 %, 1
            BrIf64Acc; // 0.002 %, 2
        GlobalGetOp, CopyTwoOp =>
            I64StoreNear, // 0.021 %, 2
            I64Store8Near, // 0.007 %, 4
            Move64Slot; // 0.003 %, 2
        I64MulAccImmToAcc, I64ShrUAccImm =>
            I64StoreNear, // 0.028 %, 6
            I64StoreSum; // 0.003 %, 2
        Move64ImmToAcc, I64StoreSumOfAcc =>
            GoReturnOp; // 0.030 %, 6
        I64AddSlotAcc, I64AndAccImm32 =>
            I64Load16UNear, // 0.027 %, 6
            BrIfI64GeUAccImm; // 0.003 %, 3
        I64LoadVia64, I64LoadVia64ToAcc =>
            I64AddAccImm, // 0.024 %, 4
            I64SubAccSlot; // 0.005 %, 2
        I64LoadNearAccToAcc, I64EqAccImm =>
            BrIf64Acc; // 0.028 %, 7
        I64AddSlotSlotToAcc, I64LoadNearAccToAcc =>
            I64ShlAccSlot, // 0.017 %, 1
            I64ShrUAccSlot, // 0.007 %, 1
            I64XorSlotAcc; // 0.004 %, 1
        I32AddImmToAcc, I32EqSlotAccToAcc =>
            I32SubSlotAcc; // 0.028 %, 1
        I32AddImmToAcc, I32NeSlotAccToAcc =>
            I32SubSlotAcc; // 0.028 %, 1
        I64AddSlotSlotToAcc, I64LoadNearAcc =>
            I64AddSlotSlot; // 0.027 %, 1
        I64OrSlotAcc, I64StoreNear =>
            I64ShrUAccImm; // 0.027 %, 1
        I64LoadNear, MemoryMove64Near =>
            MemoryMove64Sum, // 0.020 %, 6
            GoReturnOp, // 0.004 %, 3
            BrIfLoaded64; // 0.002 %, 2
        I64Load32SNearToAcc, I64AddAccImmToAcc =>
            I32WrapI64AccToAcc, // 0.014 %, 1
            I64Store32NearOfAcc; // 0.011 %, 2
        LoadTwo64, I64LoadNear =>
            I64Load8UNear, // 0.015 %, 2
            BrOp, // 0.007 %, 5
            BrIfI64NeSlotSlot; // 0.005 %, 1
        I64LoadNear, I64Load32UNearToAcc =>
            I64Store32NearOfAcc, // 0.016 %, 3
            I32WrapI64Acc; // 0.009 %, 1
        I32AddAccImm32, I32LoadFar =>
            BrUnlessAcc, // 0.021 %, 1
            BrIfAcc; // 0.004 %, 1
        I64AddAccImm, I64LoadSum =>
            BrIfI64GeUSlotSlot; // 0.025 %, 2
        I64LoadNear, I64ShlImm =>
            I64LoadNear; // 0.025 %, 1
        I32AddImm32ToAcc, I32Load8UNearAcc =>
            BrIfI32EqAccImm; // 0.025 %, 1
        I32Load8UFarAccToAcc, I32Store8NearOfAcc =>
            AddBranchI32Ne32Imm, // 0.013 %, 1
            I32AddImm32; // 0.013 %, 1
        I64LoadSum, I64StoreNearOfAcc =>
            MemoryMove64Near, // 0.018 %, 4
            I64Store8Via64; // 0.007 %, 1
        I64AddSlotAccToAcc, I64ShrUAccImmToAcc =>
            I32RemUAccImmToAcc, // 0.016 %, 2
            I64Store16NearOfAcc, // 0.005 %, 1
            I32WrapI64Acc, // 0.004 %, 1
            I64AddSlotAcc; // 0.000 %, 0
        I64LoadNear, I64AddAccImm =>
            BrIfI64GeUAccSlot; // 0.024 %, 2
        I64AddAccImm32ToAcc, I32RotlAccImmToAcc =>
            I64AddSlotAcc; // 0.024 %, 1
        ShlAdd64ToAcc, I64LoadNearAccToAcc =>
            BrIfI64GtSAccSlot, // 0.017 %, 1
            I64ShlAccSlotToAcc; // 0.007 %, 1
        I64LoadNearToAcc, I64SubSlotAcc =>
            BrIfI64GeUImm, // 0.020 %, 1
            I64EqImm; // 0.003 %, 3
        I64AddImmToAcc, I64AddSlotAcc =>
            I64StoreSum; // 0.023 %, 2
        I64XorSlotAccToAcc, I32WrapI64AccToAcc =>
            I64MulAccSlot; // 0.022 %, 5
        I64AddSlotAcc, I64XorAccSlotToAcc =>
            I32RotlAccImm, // 0.011 %, 3
            I64XorSlotAccToAcc, // 0.006 %, 1
            I64AndSlotAccToAcc; // 0.005 %, 1
        I64AndAccSlotToAcc, I32WrapI64AccToAcc =>
            I64NeAccImm; // 0.022 %, 1
        I64ShrUImmToAcc, I64AddSlotAccToAcc =>
            I64AndAccImmToAcc, // 0.015 %, 1
            I64Load8UNearAccToAcc; // 0.007 %, 3
        I64LoadVia64, I64StoreSumOfAcc =>
            GoReturnOp, // 0.020 %, 5
            BrIfLoaded64; // 0.002 %, 2
        I64LoadNearToAcc, I64AndSlotAccToAcc =>
            I64OrAccSlot; // 0.022 %, 5
        Move64Imm64ToAcc, I64AndSlotAcc =>
            BrOp, // 0.017 %, 4
            BrUnless64Acc; // 0.005 %, 2
        I32AddImm32, I32AndImm =>
            I32MulAccImm; // 0.021 %, 1
        I32DivUImmToAcc, I32MulAccImm32ToAcc =>
            I32SubSlotAccToAcc; // 0.021 %, 1
        I32MulAccImm, I32Load8UFarAcc =>
            BrIfAcc; // 0.021 %, 1
        I32AddSlotAcc, I32AddSlotSlotToAcc =>
            I32AddSlotAcc; // 0.021 %, 1
        I32AndAccImm, Bits32ToAcc =>
            I32MulSlotAcc; // 0.021 %, 1
        StoreTwoOp, StoreTwoOp =>
            I64StoreSum, // 0.017 %, 3
            BrIf64Slot; // 0.004 %, 1
        Move64Imm, SelectSlot =>
            ReturnValue64Acc; // 0.021 %, 2
        I64Store32Sum, I64StoreSum =>
            GoReturnOp; // 0.020 %, 1
        I64StoreNear, StoreTwoOp =>
            I64StoreNear, // 0.016 %, 1
            AddTwo64, // 0.002 %, 2
            Move64Slot; // 0.002 %, 2
        I32MulSlotSlotToAcc, I32AddSlotAcc =>
            I32AddImm; // 0.020 %, 1
        I64LoadVia64ToAcc, I64EqAccImm =>
            BrIf64Acc, // 0.016 %, 7
            BrUnless64Acc; // 0.004 %, 1
        I64Store8Near, I64Store8NearOfAcc =>
            AddTwo64; // 0.019 %, 1
        I64AddSlotSlotToAcc, I64AddAccImm =>
            BrIf64Acc; // 0.019 %, 5
        I64LoadNear, I64StoreNear =>
            BrIfI64GeUSlotSlot, // 0.012 %, 1
            I64StoreSumOfAcc; // 0.007 %, 1
        I64LoadNear, Move64Imm =>
            BrOp; // 0.019 %, 2
        I32SubAccImm, GlobalSetAcc =>
            I32LoadNear; // 0.018 %, 2
        I64LoadNear, I64SubSlotAcc =>
            I64ShrUAccImm; // 0.017 %, 4
        I64ShrUImm, I64AndImm =>
            I64ShlImm; // 0.017 %, 4
        I64LoadNear, ShlAdd64ToAcc =>
            I64StoreNearAcc; // 0.017 %, 2
        I32AddSlotAcc, I32AddSlotSlot =>
            AddBranchI32Ne32Slot; // 0.016 %, 1
        I64Load32UNearAccToAcc, I64XorSlotAcc =>
            Bits64ToAcc, // 0.011 %, 1
            I64AndImmToAcc; // 0.005 %, 1
        I64SubSlotSlot, I64SubSlotSlot =>
            BrIfI64GeUImm; // 0.016 %, 1
        I64LtSSlotSlot, I64MulSlotSlot =>
            SelectSlot; // 0.015 %, 1
        I64StoreNearOfAcc, I64AddSlotSlot =>
            I64LoadNearAccToAcc; // 0.015 %, 1
        I32StoreNear, I32StoreNear =>
            BrIfI32LeUSlotSlot; // 0.015 %, 1
        I64LoadVia64ToAcc, I64AddAccSlotToAcc =>
            I64Load8UNearAcc, // 0.010 %, 2
            I64Store8NearAcc; // 0.004 %, 1
        I64XorSlotAccToAcc, I32RotlAccImm =>
            I64AddSlotAcc, // 0.010 %, 2
            I64AddAccSlot; // 0.005 %, 2
        Move64ImmToAcc, I64SubAccSlot =>
            I64LoadNearToAcc, // 0.010 %, 7
            I64ShrSAccImmToAcc; // 0.004 %, 3
        I32StoreNear, Move64Slot =>
            BrIfI32GtUSlotSlot, // 0.010 %, 1
            BrIfSlot; // 0.004 %, 1
        I64AddSlotAcc, I64XorImmToAcc =>
            I64AndSlotAcc, // 0.008 %, 4
            I64OrSlotAccToAcc; // 0.006 %, 1
        F64AddSlotAccToAcc, F64DivAccSlot =>
            I64ShlImm; // 0.014 %, 1
        Move64Imm64, F64MulAccSlot =>
            F64ConvertI64SSlot; // 0.014 %, 1
        I64LoadSum, I64LoadNearToAcc =>
            I64AddAccSlot, // 0.009 %, 1
            I64AndAccImm; // 0.004 %, 1
        I64LoadVia64, I64EqAccImm =>
            BrIf64Acc, // 0.008 %, 4
            BrUnless64Acc; // 0.005 %, 4
        I64ShlImm, I64AddAccImm =>
            I64LoadNearToAcc; // 0.013 %, 1
        I64AddSlotSlot, I64ShrUImm =>
            AddBranchI64LtU64Imm; // 0.013 %, 3
        I64LoadNear, I64ShrUImm =>
            BrIfI64GeUAccSlot; // 0.013 %, 1
        I64LoadNear, I64Load32UNear =>
            BrIfI64GeUAccSlot; // 0.013 %, 1
        I64LoadVia64ToAcc, I64StoreNearOfAcc =>
            MemoryMove64Sum; // 0.012 %, 6
        I64LoadNear, ShlAdd64 =>
            I64AddImm; // 0.012 %, 1
        I64StoreNear, I64LoadNearToAcc =>
            BrIfI64GeSSlotAcc, // 0.007 %, 1
            I64AddAccImm; // 0.005 %, 1
        I64AddSlotAcc, I64LoadNearAcc =>
            BrUnless64Acc; // 0.012 %, 1
        Move64Slot, I32AddImm =>
            BrOp; // 0.011 %, 1
        I32ShlAccSlotToAcc, I32XorAccImmToAcc =>
            I32AndSlotAccToAcc; // 0.011 %, 1
        I64StoreSum, I64LoadNear =>
            BrIfI64LtUSlotAcc, // 0.007 %, 1
            I64XorAccSlot; // 0.005 %, 2
        I32MulAccImmToAcc, I32AddSlotAcc =>
            BrIfSlot, // 0.006 %, 1
            I32Load16UNearAcc; // 0.005 %, 1
        I64AddImmToAcc, I64Extend32SAcc =>
            BrIfI64GtUAccSlot; // 0.011 %, 1
        ShlAdd64ToAcc, I64Load32SNearAccToAcc =>
            BrIfI64GtSAccSlot, // 0.007 %, 1
            BrIfI64LeSSlotAcc; // 0.004 %, 1
        GlobalGetToAcc, I32SubAccImmToAcc =>
            I32LoadNearAccToAcc, // 0.005 %, 1
            I32Load16UNearAcc; // 0.005 %, 1
        I64Load32UAbsoluteToAcc, I64EqAccImm =>
            BrIf64Acc; // 0.010 %, 2
        Move64Imm, I32Load8UNear =>
            I32Load8UFarAccToAcc, // 0.005 %, 1
            I32AddAccImmToAcc; // 0.004 %, 2
        I64StoreNear, I64LoadVia64 =>
            BrIf64Acc; // 0.009 %, 1
        I64AddSlotAccToAcc, I64Load8UNearAcc =>
            BrIfI64EqAccImm; // 0.009 %, 1
        I64AddAccImmToAcc, I64StoreNearOfAcc =>
            I64Load32UNear, // 0.006 %, 1
            MemoryMove64Near; // 0.003 %, 1
        I64AddSlotSlot, I64AddSlotSlot =>
            I64LtUSlotAccToAcc, // 0.005 %, 1
            AddTwo64; // 0.004 %, 1
        I64AndImm, I64SubSlotSlot =>
            I32WrapI64SlotToAcc; // 0.009 %, 1
        I64ShrUAccSlotToAcc, I64Store32NearOfAcc =>
            I64StoreNear; // 0.009 %, 1
        I64Load8UVia64, I64XorAccImm =>
            I64LoadSum; // 0.009 %, 2
        I64LoadNear, I64Load8UVia64ToAcc =>
            I64XorAccImmToAcc; // 0.009 %, 2
        I64AddImmToAcc, I64StoreSumOfAcc =>
            I64StoreSum; // 0.009 %, 3
        Move32Imm32ToAcc, I64StoreNearOfAcc =>
            MemoryMove64Sum; // 0.009 %, 4
        I32AddImm32ToAcc, I32LoadNearAcc =>
            BrUnlessAcc; // 0.009 %, 1
        I64OrSlotAccToAcc, I64Store32NearOfAcc =>
            BrOp; // 0.009 %, 1
        MemoryMove64Near, I64StoreSum =>
            MemoryMove64Sum; // 0.009 %, 2
        I64LoadNear, I64LoadAbsoluteToAcc =>
            I64XorSlotAcc; // 0.009 %, 4
        I64StoreVia64, I64Store8Via64Imm =>
            I64Store8Sum; // 0.008 %, 1
        I32LoadNear, Move64Slot =>
            BrIfI32LeUSlotSlot, // 0.005 %, 1
            BrOp; // 0.004 %, 1
        Move64ImmToAcc, I64ShlAccSlot =>
            I64LtUImm; // 0.008 %, 2
        I32LoadNear, I64Load32UNearAcc =>
            BrIfI64LtUSlotAcc; // 0.008 %, 1
        I32Load8UNearToAcc, I32AndAccImm =>
            I32AddAccImmToAcc; // 0.008 %, 1
        MemoryMove64Sum, MemoryMove64Sum =>
            GoReturnOp; // 0.008 %, 5
        I64LoadVia64, I64StoreNearOfAcc =>
            MemoryMove64Sum, // 0.006 %, 2
            MemoryMove64Near; // 0.002 %, 1
        StoreTwoOp, I64Store8Near =>
            StoreTwoOp; // 0.008 %, 2
        I64Store32NearOfAcc, I64Store8NearImm =>
            MemoryMove64Near; // 0.008 %, 1
        I64LoadSumToAcc, I64LtSAccImm =>
            LoadTwo64; // 0.008 %, 2
        Move32Imm32ToAcc, I64StoreSumOfAcc =>
            MemoryMove64Sum; // 0.008 %, 3
        I64LoadNearToAcc, I64ShlAccImmToAcc =>
            I64AddAccImm32ToAcc; // 0.008 %, 5
        I64StoreSum, I64StoreSum =>
            GoReturnOp; // 0.007 %, 4
        I64Load32SNearAccToAcc, I32WrapI64Acc =>
            BrIfI64GtUAccImm; // 0.007 %, 1
        I64LoadNearToAcc, I64EqAccImm =>
            BrIf64Acc; // 0.007 %, 5
        I64AddAccImm32ToAcc, I64Load8UNearAccToAcc =>
            BrIf64Acc; // 0.007 %, 1
        I64AddImm, I32Load8UNear =>
            I32AddImm; // 0.007 %, 1
        I64StoreSum, I64LoadNearToAcc =>
            I64XorAccSlot; // 0.007 %, 2
        I64StoreNear, LoadTwo64 =>
            I64LoadNearToAcc; // 0.007 %, 1
        I64Load32SNearToAcc, I64AddSlotAcc =>
            I64Store32Via64; // 0.007 %, 3
        I32AddAccImmToAcc, I32StoreNearOfAcc =>
            ReturnValue64Slot; // 0.007 %, 1
        I64LoadVia64, I64LoadNear =>
            I64StoreNear, // 0.004 %, 3
            I64AndImm; // 0.002 %, 2
        StoreTwoOp, I64Load32UNear =>
            BrIfI64GeUAccImm; // 0.007 %, 1
        I32ShlAccImm, I32Load16UFarAccToAcc =>
            BrIfI32EqAccSlot; // 0.007 %, 1
        I32ShlImm, I32Load16UFarAcc =>
            Move64Slot; // 0.007 %, 1
        I64OrSlotAccToAcc, I64StoreNearOfAcc =>
            AddBranchI64GeS64Slot; // 0.007 %, 1
        I32LoadNearToAcc, I32AddAccImm =>
            I32StoreNearOfAcc; // 0.007 %, 2
        I64LoadNear, I32WrapI64AccToAcc =>
            BrIfI64GeUSlotAcc; // 0.006 %, 1
        I64LoadNear, Move64Slot =>
            I64LoadNear; // 0.006 %, 5
        LoadTwo64, Move64Imm =>
            BrOp; // 0.006 %, 3
        Move32Imm32ToAcc, I64MulSlotAcc =>
            I32WrapI64SlotToAcc; // 0.006 %, 2
        I64StoreNearOfAcc, AddTwo64 =>
            BrOp; // 0.006 %, 1
        Move64Imm, Move32Imm =>
            Move64Slot; // 0.006 %, 1
        I32AddImm32, F64ConvertI32SSlotToAcc =>
            Move64Imm64; // 0.006 %, 1
        I64StoreNear, I64AddImmToAcc =>
            I64StoreNearOfAcc; // 0.006 %, 2
        I64Load32SNear, I32WrapI64AccToAcc =>
            BrUnless64Acc; // 0.006 %, 3
        I64MulImm32ToAcc, I32WrapI64Acc =>
            I64ShlImm; // 0.005 %, 1
        I64LoadVia64ToAcc, I64AddAccSlot =>
            I64Load8UNearAcc; // 0.005 %, 2
        I64LoadNear, I64Load8UVia64 =>
            I64Load8UNearToAcc; // 0.005 %, 2
        I64AddSlotSlot, I64EqSlotSlotToAcc =>
            SelectAcc; // 0.005 %, 1
        SelectSlot, SelectSlot =>
            AddBranchI64LtS64Slot; // 0.005 %, 1
        I32AddAccImm32ToAcc, I32Load16UNearAcc =>
            I32Store16NearOfAcc; // 0.005 %, 1
        I32Load16UNearToAcc, I32ShlAccImmToAcc =>
            I32Load16SFarAccToAcc; // 0.005 %, 1
        I32ShlImmToAcc, I32Load16UFarAcc =>
            I32Store16SumOfAcc; // 0.005 %, 1
        MemoryMove64Near, Move64ImmToAcc =>
            I64Store32SumOfAcc; // 0.005 %, 2
        I64LoadSumToAcc, I64GeSAccImm =>
            LoadTwo64; // 0.005 %, 2
        I64Load8UNearToAcc, I64Store8NearOfAcc =>
            GoReturnOp; // 0.005 %, 3
        I32LoadNear, I32LoadNearToAcc =>
            I32ShlAccImmToAcc; // 0.005 %, 1
        I64AddSlotAcc, I64ShrUAccImm =>
            I64AddImm32ToAcc; // 0.005 %, 1
        I64Store8Near, I64StoreNear =>
            BrIfI64GeUSlotSlot; // 0.005 %, 1
        I64LoadVia64, I64LoadSum =>
            BrIfI64NeImm; // 0.005 %, 3
        I32Load8UNearToAcc, I32Store8NearOfAcc =>
            BrOp; // 0.004 %, 1
        I64AddSlotSlot, I64Load8UNearAccToAcc =>
            BrIfI64LtUAccImm; // 0.004 %, 2
        I32OrAccImmToAcc, I32RemUSlotAcc =>
            BrOp; // 0.004 %, 1
        I64LoadVia64, I64AddAccImm =>
            I64StoreVia64; // 0.004 %, 1
        I64ShlAccSlotToAcc, I64OrSlotAcc =>
            BrIfI64LtUImm; // 0.004 %, 1
        I64LtSSlotAccToAcc, SelectAcc =>
            I64LtSAccImm; // 0.004 %, 1
        I32AddImmToAcc, I32AndAccImm =>
            I32MulAccImm; // 0.004 %, 1
        Move64Slot, Move64Imm =>
            BrOp; // 0.004 %, 1
        I64StoreNear, I64SubSlotSlot =>
            I64SubSlotSlot; // 0.004 %, 1
        I64Load32UNearToAcc, I32WrapI64Acc =>
            I64Load32UNearToAcc; // 0.004 %, 1
        LoadTwo32, I32LoadNear =>
            I32SubSlotAccToAcc; // 0.004 %, 1
        Move64Slot, I64LoadNear =>
            I64Load8UNearToAcc; // 0.004 %, 2
        AddTwo32, I32LoadNear =>
            BrIfI32NeSlotSlot; // 0.004 %, 1
        I64XorSlotAccToAcc, I32WrapI64Acc =>
            I64AndAccSlot; // 0.004 %, 2
        I64Store8NearOfAcc, Move64Slot =>
            AddBranchI32Ne32Imm; // 0.004 %, 1
        I64XorSlotSlot, I64XorSlotSlot =>
            BrOp; // 0.004 %, 2
        Move64Slot, I32StoreNear =>
            BrIfI32GeSImm; // 0.004 %, 1
        I64AddAccImm32ToAcc, I64Load8UNearAcc =>
            I32WrapI64SlotToAcc; // 0.004 %, 2
        CopyTwoOp, Move64Slot =>
            BrOp; // 0.004 %, 2
        I64XorSlotSlot, I64Load32UNear =>
            I64AddSlotAccToAcc; // 0.004 %, 1
        I64Load8UNearToAcc, I64ShlAccImm =>
            I64Load8UNearToAcc; // 0.004 %, 1
        I64Load8UNearToAcc, I64OrSlotAcc =>
            BrIfI64GtUImm; // 0.004 %, 1
        I64AddSlotSlot, I64Store8NearAcc =>
            GoReturnOp; // 0.004 %, 1
        I32LoadVia32, I32Load8UNearAcc =>
            Move64Slot; // 0.004 %, 1
        I32ShrSAccImm, I32Load8UNear =>
            BrIfI32GtSSlotAcc; // 0.004 %, 1
        I32StoreNear, I32Store16NearImm =>
            I32Store16Near; // 0.004 %, 1
        I32SubSlotSlotToAcc, I32ShrSAccImm =>
            BrIfI32LtSSlotAcc; // 0.004 %, 1
        I64AddImm, I64ShrUImm =>
            I32WrapI64Slot; // 0.004 %, 1
        I64MulAccImmToAcc, I64SubSlotAcc =>
            BrIfI64LtUSlotSlot; // 0.004 %, 1
        I32AddImmToAcc, I32StoreNearOfAcc =>
            I32LoadNear; // 0.004 %, 1
        I32AddSlotSlot, I32Load8SSum =>
            BrIfI32GtSAccImm; // 0.004 %, 1
        I64StoreNear, I64LoadNear =>
            BrIf64Acc; // 0.004 %, 2
        I64AndSlotAcc, I64SubSlotSlot =>
            I64AddSlotSlot; // 0.004 %, 1
        I64AndAccImmToAcc, I64ShrUSlotAcc =>
            I64LoadVia64; // 0.004 %, 1
        Move64Acc, I64SubSlotAcc =>
            BrIfI64LtSAccImm; // 0.004 %, 1
        I32AddImm, SelectSlotToAcc =>
            I32Store16NearOfAcc; // 0.004 %, 1
        I64LoadNear, SelectSlot =>
            LoadTwo64; // 0.004 %, 1
        I32AddImm32ToAcc, I32StoreNearAcc =>
            I32AddImm32; // 0.004 %, 1
        I64AddSlotSlot, I64Load8UNearAcc =>
            I64AddAccImmToAcc; // 0.004 %, 1
        I32WrapI64Acc, Move64Imm =>
            I32WrapI64Slot; // 0.003 %, 3
        I32AddImmToAcc, I32AndAccImmToAcc =>
            I32LtUAccImm; // 0.003 %, 1
        I32AndImmToAcc, I32OrSlotAcc =>
            ReturnValue64Acc; // 0.003 %, 1
        I32LoadNear, ShlAdd32 =>
            BrOp; // 0.003 %, 1
        I64Load8UNearToAcc, I64Store8SumOfAcc =>
            GoReturnOp; // 0.003 %, 1
        Move64Imm, I32Load8UNearToAcc =>
            BrIfI32NeAccImm; // 0.003 %, 1
        I64LoadNearAccToAcc, I64AndAccImm =>
            BrIfI64NeAccImm; // 0.003 %, 2
        I64OrSlotAccToAcc, I64OrSlotAcc =>
            I64XorSlotAcc; // 0.003 %, 2
        I64Load8UNearToAcc, I64AndAccImm =>
            BrIfI64GeUAccImm; // 0.003 %, 2
        I32LoadNearToAcc, I32AddAccSlotToAcc =>
            I32StoreNearOfAcc; // 0.003 %, 2
        I64AndSlotAccToAcc, I64AddSlotAcc =>
            BrIf64Slot; // 0.003 %, 2
        I64StoreNear, MemoryMove64Sum =>
            I64Store8Sum; // 0.003 %, 2
        I64LoadNearToAcc, I64AddAccSlot =>
            BrIf64Slot; // 0.003 %, 2
        I64Store8Near, StoreTwoOp =>
            BrIf64Slot; // 0.003 %, 3
        I64AndImmToAcc, I64ShlAccImm =>
            I64AndImmToAcc; // 0.002 %, 2
        I64LoadNear, I64LoadSumToAcc =>
            BrIfI64GeUSlotAcc; // 0.002 %, 2
        ShlAdd64, I64LoadNearAcc =>
            BrIfI64GeUSlotSlot; // 0.002 %, 2
        I64ShlImmToAcc, I64AddAccImm32ToAcc =>
            I64Load16UNearAcc; // 0.002 %, 2
        I64LoadNear, I64LoadVia64ToAcc =>
            BrIfI64NeSlotAcc; // 0.002 %, 2
        I64AddImm, Move64Slot =>
            BrOp; // 0.002 %, 2
        I64StoreSum, I64StoreSumOfAcc =>
            GoReturnOp; // 0.001 %, 1
    }
}
