//! The superinstructions. `cargo xtask superinstructions` chooses them from `bench/profiles` and writes this file.
//!
//! Beside each stands the share of the dispatches that it saves, which is the mean of 30 programs, and the number of
//! programs that gain. A saved dispatch counts once. All 1525 together save 48.4 %.

/// Two ops.
pub(super) mod pairs {
    use crate::ops::superinstruction::{aliases::*, rows};

    rows! {
        I64LoadNear =>
            I64LoadNearToAcc, // 0.259 %, 19
            I64AddImm, // 0.146 %, 5
            BrIf64Acc, // 0.130 %, 20
            BrOp, // 0.109 %, 18
            I64MulImmToAcc, // 0.099 %, 2
            I64StoreNear, // 0.095 %, 12
            I64EqAccImm, // 0.080 %, 17
            MemoryMove64Near, // 0.076 %, 17
            ShlAdd64, // 0.054 %, 9
            ShlAdd64ToAcc, // 0.049 %, 9
            BrIfI64GtSAccImm, // 0.049 %, 3
            I64LoadVia64ToAcc, // 0.047 %, 15
            BrUnless64Acc, // 0.046 %, 15
            I64StoreNearOfAcc, // 0.045 %, 18
            I64Store32Near, // 0.038 %, 2
            I64Load16UVia64ToAcc, // 0.035 %, 16
            Move64Imm64ToAcc, // 0.033 %, 13
            I32WrapI64Slot, // 0.032 %, 10
            Move64Imm, // 0.032 %, 17
            I64AddAccImm, // 0.030 %, 7
            BrIfI64GeUSlotAcc, // 0.028 %, 5
            I64ShlImm, // 0.028 %, 4
            I64Load32UNearToAcc, // 0.027 %, 12
            I64Load8UNear, // 0.023 %, 12
            I64LoadVia64, // 0.021 %, 17
            I64SubSlotAcc, // 0.021 %, 12
            BrIfI64NeSlotAcc, // 0.020 %, 16
            BrIf64Slot, // 0.020 %, 12
            I64LoadSumToAcc, // 0.019 %, 13
            SelectSlot, // 0.014 %, 6
            I64Load32UNear, // 0.013 %, 3
            Move64Slot, // 0.013 %, 13
            I64Load8UVia64ToAcc, // 0.013 %, 12
            I64LoadAbsoluteToAcc, // 0.009 %, 8
            I64ShrUImm, // 0.008 %, 3
            BrIfI64LtUSlotAcc, // 0.007 %, 3
            I32WrapI64AccToAcc, // 0.006 %, 2
            I64ExtendI32SSlotToAcc, // 0.006 %, 2
            BrIfI64GtUSlotAcc, // 0.006 %, 4
            I64Load8UVia64, // 0.006 %, 10
            I64SubSlotSlot; // 0.004 %, 10
        I64LoadNearToAcc =>
            I64AddAccImm, // 0.224 %, 22
            I64AddAccImmToAcc, // 0.099 %, 19
            BrIfI64GeSAccImm, // 0.072 %, 9
            I64AddSlotAcc, // 0.061 %, 17
            I64AddAccSlotToAcc, // 0.051 %, 12
            BrIfI64GeSSlotAcc, // 0.043 %, 10
            I64ShlAccImmToAcc, // 0.042 %, 15
            BrIfI64NeAccImm, // 0.039 %, 12
            GlobalSetAcc, // 0.038 %, 8
            I64SubSlotAcc, // 0.035 %, 18
            I64AddAccSlot, // 0.033 %, 17
            BrIfI64GeUSlotAcc, // 0.029 %, 10
            I64SubAccSlot, // 0.029 %, 18
            I64AndSlotAccToAcc, // 0.029 %, 12
            I64AndAccImm, // 0.029 %, 15
            BrIfI64EqAccImm, // 0.028 %, 8
            BrIfI64GtUAccSlot, // 0.027 %, 7
            BrIfI64GtUSlotAcc, // 0.026 %, 16
            I64ShrUAccImm, // 0.025 %, 11
            BrIfI64GeUAccImm, // 0.022 %, 14
            BrIfI64GtSAccImm, // 0.020 %, 6
            BrIfI64LtSAccImm, // 0.018 %, 14
            I64EqAccImm, // 0.018 %, 12
            BrIfBits64Acc, // 0.017 %, 10
            I64ShlAccImm, // 0.015 %, 16
            BrIfI64LtUAccImm, // 0.014 %, 13
            BrIfI64LeSAccSlot, // 0.014 %, 2
            BrIfI64GtSSlotAcc, // 0.014 %, 4
            I64AndAccImmToAcc, // 0.012 %, 5
            BrIfI64EqSlotAcc, // 0.009 %, 7
            I64AddSlotAccToAcc, // 0.009 %, 13
            BrIfI64LtUSlotAcc, // 0.009 %, 10
            I64MulSlotAcc, // 0.009 %, 15
            BrIfI64GeUAccSlot, // 0.009 %, 5
            BrIfI64LeSAccImm, // 0.009 %, 14
            BrIfI64EqAccSlot, // 0.008 %, 5
            BrIfI64GtUAccImm, // 0.007 %, 11
            BrIfI64LtSSlotAcc, // 0.007 %, 9
            BrIfI64GtSAccSlot, // 0.006 %, 4
            BrIfI64LeUSlotAcc, // 0.005 %, 4
            BrIfI64GeSAccSlot, // 0.005 %, 2
            BrIfI64LtUAccSlot, // 0.005 %, 12
            BrIfI64NeAccImm32, // 0.004 %, 3
            BrUnlessBits64Acc, // 0.004 %, 3
            I64ShrUAccSlot; // 0.002 %, 6
        Move64Imm =>
            BrIfI32LtUImm, // 0.426 %, 4
            BrOp, // 0.333 %, 23
            Move64Imm, // 0.112 %, 23
            SelectSlotToAcc, // 0.074 %, 23
            BrUnlessSlot, // 0.050 %, 4
            SelectSlot, // 0.041 %, 21
            I64StoreNearOfAcc, // 0.032 %, 13
            BrIfI32EqSlotSlot, // 0.020 %, 3
            AddTwo32, // 0.012 %, 6
            I32Load8UNear, // 0.010 %, 2
            Move32Imm, // 0.009 %, 4
            Move64Slot, // 0.009 %, 4
            BrUnlessLoaded32, // 0.006 %, 2
            BrIfI32NeImm, // 0.006 %, 1
            BrIfSlot; // 0.004 %, 3
        I64LoadVia64 =>
            I64LoadNearToAcc, // 0.239 %, 18
            MemoryMove64Near, // 0.131 %, 13
            I64LoadVia64, // 0.128 %, 17
            BrUnless64Acc, // 0.082 %, 15
            BrIf64Acc, // 0.060 %, 16
            I64LoadVia64ToAcc, // 0.039 %, 10
            BrIfI64EqAccImm, // 0.037 %, 11
            I64StoreNearOfAcc, // 0.031 %, 11
            BrOp, // 0.028 %, 11
            LoadTwo64, // 0.025 %, 11
            BrIfI64GeUSlotSlot, // 0.024 %, 5
            I64Store32Near, // 0.021 %, 2
            I64EqAccImm, // 0.021 %, 13
            I64LoadNear, // 0.018 %, 8
            I64StoreNear, // 0.015 %, 8
            BrIfI64GeUSlotAcc, // 0.015 %, 6
            BrIfI64GtUSlotAcc, // 0.014 %, 5
            ShlAdd64, // 0.013 %, 7
            BrIfI64NeAccImm, // 0.010 %, 6
            I64LoadSum, // 0.008 %, 10
            BrIfI64LeSAccImm, // 0.006 %, 6
            BrIfI64GtSAccImm, // 0.005 %, 3
            BrIfI64EqSlotAcc, // 0.005 %, 2
            BrIfI64GeUAccSlot; // 0.005 %, 1
        I32AddImm32ToAcc =>
            I32Store8NearAccImm, // 0.598 %, 1
            I32Load8UNearAcc, // 0.154 %, 2
            I32Load8UNearAccToAcc, // 0.135 %, 3
            I32LoadNearAccToAcc, // 0.038 %, 2
            I32LoadNearAcc, // 0.020 %, 3
            I32StoreNearAcc; // 0.005 %, 1
        I64StoreNear =>
            I64StoreNearOfAcc, // 0.191 %, 2
            I64Store8Near, // 0.067 %, 14
            BrIfI64GtUImm, // 0.049 %, 2
            I64LoadNearToAcc, // 0.049 %, 16
            BrIfLoaded64, // 0.044 %, 11
            I64AddImmToAcc, // 0.041 %, 11
            AddBranchI64GeS64Slot, // 0.040 %, 1
            I64StoreSum, // 0.037 %, 12
            BrIf64Slot, // 0.035 %, 9
            BrIfI64LtSAccSlot, // 0.029 %, 8
            BrIf64Acc, // 0.029 %, 11
            LoadTwo64, // 0.026 %, 7
            I64Load32UAbsoluteToAcc, // 0.025 %, 16
            I64LoadNear, // 0.023 %, 13
            StoreTwoOp, // 0.021 %, 3
            I64AddImm, // 0.021 %, 15
            BrOp, // 0.021 %, 11
            I64StoreNear, // 0.019 %, 6
            I64AddSlotSlotToAcc, // 0.018 %, 5
            GoReturnOp, // 0.018 %, 3
            BrIfI64LeSSlotSlot, // 0.017 %, 3
            MemoryMove64Near, // 0.017 %, 15
            I64StoreSumOfAcc, // 0.013 %, 11
            MemoryMove64Sum, // 0.012 %, 10
            I64SubSlotSlot, // 0.011 %, 7
            BrIfI64GeSSlotSlot, // 0.010 %, 5
            BrIfI64LtSSlotSlot, // 0.008 %, 1
            I64Store32Near, // 0.008 %, 4
            I64LoadSum, // 0.007 %, 8
            I32Store16Near; // 0.004 %, 1
        I32AddSlotSlot =>
            ReturnValue64Acc, // 0.387 %, 1
            I32AddSlotSlot, // 0.173 %, 4
            F64LoadSum, // 0.087 %, 1
            I32AddImm, // 0.048 %, 4
            Move64Slot, // 0.045 %, 3
            I32Load8UNearAcc, // 0.037 %, 1
            I32AddSlotSlotToAcc, // 0.035 %, 3
            AddBranchI32Ne32Slot, // 0.030 %, 1
            I32Load16SSumToAcc, // 0.021 %, 1
            I32Load8SSum, // 0.004 %, 1
            BrUnlessLoaded32; // 0.004 %, 1
        Move64ImmToAcc =>
            I64StoreSumOfAcc, // 0.312 %, 18
            I64Store8SumOfAcc, // 0.168 %, 19
            I32SubAccSlotToAcc, // 0.156 %, 3
            I64SubAccSlotToAcc, // 0.071 %, 15
            I64SubAccSlot, // 0.040 %, 20
            I64ShlAccSlotToAcc, // 0.033 %, 19
            I64ShlAccSlot, // 0.020 %, 16
            I64Store32SumOfAcc, // 0.014 %, 14
            I32ShlAccSlot, // 0.008 %, 3
            I32SubAccSlot, // 0.008 %, 3
            I32Store16SumOfAcc, // 0.004 %, 2
            I32StoreSumOfAcc; // 0.004 %, 2
        ShlAdd64 =>
            F64LoadNearAcc, // 0.303 %, 1
            I64LoadNearAcc, // 0.212 %, 8
            BrIfI64LtUSlotSlot, // 0.206 %, 2
            I64LoadNearAccToAcc, // 0.026 %, 1
            I64StoreNearOfAcc, // 0.009 %, 11
            BrIfSlot; // 0.006 %, 1
        I32AddImm =>
            BrIfI32NeAccImm32, // 0.245 %, 3
            I32Load8UNearAcc, // 0.117 %, 3
            I32LoadNearAcc, // 0.061 %, 2
            BrOp, // 0.043 %, 4
            Move64Imm, // 0.036 %, 5
            BrUnlessSlot, // 0.028 %, 3
            BrIfI32GtUImm32, // 0.018 %, 1
            Move64Slot, // 0.014 %, 5
            ReturnValue64Acc, // 0.005 %, 3
            I32WrapI64Slot; // 0.005 %, 4
        Move64Slot =>
            F64LoadNearAcc, // 0.303 %, 1
            BrOp, // 0.086 %, 20
            I64Load8UNearAcc, // 0.058 %, 3
            BrIfI32GtSImm, // 0.032 %, 2
            I64LoadNear, // 0.024 %, 13
            I32AddImm, // 0.024 %, 3
            BrUnless64Slot, // 0.022 %, 9
            Move64Imm, // 0.014 %, 7
            I32StoreNear; // 0.008 %, 2
        I64LoadNearAccToAcc =>
            BrIf64Acc, // 0.278 %, 19
            BrUnless64Acc, // 0.147 %, 17
            I64StoreNearOfAcc, // 0.076 %, 16
            I64ShlAccSlot, // 0.017 %, 1
            I64AndAccImm, // 0.004 %, 2
            BrIfI64EqSlotAcc; // 0.001 %, 3
        I64AddSlotSlotToAcc =>
            I64Load8UNearAcc, // 0.174 %, 11
            I64Load8UNearAccToAcc, // 0.076 %, 10
            I64ShrUAccImm, // 0.033 %, 5
            I64StoreSumOfAcc, // 0.031 %, 4
            I64LoadNearAcc, // 0.028 %, 2
            I64AddAccImm, // 0.025 %, 12
            I64StoreNearOfAcc, // 0.020 %, 16
            I64LoadNearAccToAcc, // 0.012 %, 3
            I64Store8NearAcc, // 0.012 %, 2
            I64AddSlotAcc; // 0.010 %, 1
        F64StoreNearOfAcc =>
            AddTwo64, // 0.303 %, 1
            F64LoadNear, // 0.046 %, 1
            I64AddAccImm, // 0.023 %, 1
            I64AddImm, // 0.023 %, 1
            AddBranchI64GeS64Slot; // 0.023 %, 1
        I32AddAccSlot =>
            AddBranchI32GtU32Imm, // 0.387 %, 1
            I32AddImmToAcc; // 0.015 %, 2
        I64LoadSum =>
            I64LoadSum, // 0.077 %, 16
            I64StoreNearOfAcc, // 0.070 %, 14
            I64EqAccImm, // 0.068 %, 11
            BrIf64Acc, // 0.050 %, 13
            BrUnless64Acc, // 0.031 %, 14
            I64LoadSumToAcc, // 0.028 %, 7
            BrIfI64GeUSlotSlot, // 0.025 %, 5
            BrIf64Slot, // 0.016 %, 9
            BrIfI64GeSAccImm, // 0.014 %, 3
            I64LoadNear, // 0.011 %, 15
            I64Load32UNearToAcc, // 0.006 %, 5
            BrIfI64LeUSlotSlot; // 0.005 %, 2
        I64AddAccImmToAcc =>
            F64ConvertI64SAccToAcc, // 0.253 %, 1
            I64Store16NearOfAcc, // 0.034 %, 8
            I64StoreNearOfAcc, // 0.027 %, 13
            I64ShlAccImm, // 0.026 %, 1
            I64AndAccImmToAcc, // 0.014 %, 3
            I64MulAccSlotToAcc, // 0.009 %, 1
            F64ConvertI64SAcc, // 0.007 %, 1
            I64AddSlotAcc; // 0.004 %, 4
        I64AddSlotAcc =>
            I64LoadNearToAcc, // 0.099 %, 16
            I64ShrUAccImmToAcc, // 0.064 %, 16
            LoadTwo64, // 0.049 %, 1
            I64LoadNearAcc, // 0.040 %, 10
            I64ShrUImm, // 0.026 %, 1
            I64StoreNearOfAcc, // 0.021 %, 15
            I64SubSlotSlot, // 0.018 %, 3
            I64LoadVia64, // 0.013 %, 3
            I64ShrUAccImm, // 0.013 %, 11
            I64XorImmToAcc, // 0.008 %, 5
            I64StoreSumOfAcc, // 0.007 %, 8
            BrIf64Slot, // 0.006 %, 7
            BrOp, // 0.005 %, 4
            I64AndAccImm32, // 0.002 %, 10
            I32WrapI64SlotToAcc, // 0.001 %, 14
            I64StoreNear; // 0.000 %, 0
        I32Load8UNear =>
            I32Load8UNear, // 0.157 %, 4
            I32AddImm, // 0.153 %, 2
            Move32ImmToAcc, // 0.016 %, 1
            BrIfI32NeAccImm, // 0.011 %, 2
            BrIfI32EqAccImm, // 0.007 %, 2
            I32Store8NearOfAcc, // 0.007 %, 1
            I32Load8UNearToAcc, // 0.005 %, 2
            BrIfBits32Acc, // 0.004 %, 1
            I32AddAccImmToAcc; // 0.004 %, 2
        GlobalGetToAcc =>
            I64LoadNearAcc, // 0.179 %, 19
            BrIf64Acc, // 0.110 %, 17
            I64Load8UNearAccToAcc, // 0.044 %, 17
            I32SubAccImmToAcc, // 0.011 %, 2
            I64StoreNearOfAcc, // 0.008 %, 4
            BrUnlessAcc, // 0.006 %, 2
            BrIfI64NeAccSlot; // 0.005 %, 11
        I64AddImmToAcc =>
            I64AddAccSlot, // 0.085 %, 19
            I64AddAccSlotToAcc, // 0.063 %, 15
            I64StoreSumOfAcc, // 0.058 %, 17
            I64AddSlotAcc, // 0.037 %, 10
            I64StoreNearOfAcc, // 0.033 %, 17
            BrIfI64NeAccSlot, // 0.030 %, 3
            I64Extend32SAcc, // 0.018 %, 2
            I64AddSlotAccToAcc, // 0.015 %, 9
            I64Store32NearOfAcc, // 0.013 %, 8
            I32WrapI64AccToAcc; // 0.007 %, 5
        I64AddSlotSlot =>
            I64Load8UNearAcc, // 0.066 %, 6
            I64AddSlotSlot, // 0.046 %, 20
            BrIf64Slot, // 0.039 %, 10
            BrIfI64LtUSlotSlot, // 0.026 %, 2
            I64Load8UNearToAcc, // 0.025 %, 3
            Move64Imm, // 0.020 %, 4
            I64LoadNearAccToAcc, // 0.015 %, 2
            I64ShrUImm, // 0.013 %, 4
            BrIfI64GeUSlotSlot, // 0.010 %, 7
            I64AndAccImm, // 0.009 %, 1
            I64StoreNear, // 0.009 %, 12
            I64StoreNearOfAcc, // 0.009 %, 7
            BrIfI64GtUSlotSlot, // 0.007 %, 2
            BrOp, // 0.007 %, 13
            I64EqSlotSlotToAcc, // 0.007 %, 20
            I64Store8NearAcc, // 0.005 %, 8
            I64Load8UNearAccToAcc, // 0.004 %, 2
            BrIfI64NeAccSlot; // 0.004 %, 1
        I64AddImm =>
            BrOp, // 0.085 %, 13
            I64ShlAccImm, // 0.042 %, 21
            BrIfBits64Acc, // 0.035 %, 15
            I64ShrUSlotAcc, // 0.034 %, 17
            I32Load8UNear, // 0.024 %, 1
            I64StoreNearOfAcc, // 0.020 %, 18
            Move64Slot, // 0.020 %, 9
            I64AndImmToAcc, // 0.014 %, 3
            LoadTwo64, // 0.011 %, 3
            Move64Acc, // 0.008 %, 3
            I64AndAccImm, // 0.008 %, 11
            I64ShrUImm, // 0.007 %, 11
            BrIf64Slot, // 0.005 %, 5
            BrUnless64Slot, // 0.004 %, 2
            F64LoadNearAccToAcc, // 0.000 %, 0
            F64LoadNearAcc; // 0.000 %, 0
        I32LoadNear =>
            I32AndAccImmToAcc, // 0.050 %, 2
            BrUnlessAcc, // 0.033 %, 2
            I32StoreNearOfAcc, // 0.032 %, 3
            BrOp, // 0.031 %, 3
            BrIfAcc, // 0.029 %, 3
            Move64Slot, // 0.021 %, 3
            I32LoadNearToAcc, // 0.020 %, 2
            ShlAdd32, // 0.017 %, 2
            AddBranchI32GeS32Slot, // 0.016 %, 2
            I32LoadNearAcc, // 0.016 %, 2
            I32LoadVia32, // 0.009 %, 1
            BrIfI32LtSAccImm, // 0.009 %, 1
            CopyTwoOp, // 0.009 %, 2
            I64Load32UNearAcc, // 0.008 %, 1
            I32Load8UNearAccToAcc, // 0.006 %, 2
            BrIfI64GtUImm32, // 0.004 %, 1
            I32LoadSumToAcc; // 0.000 %, 1
        F64LoadNear =>
            I64AddSlotSlot, // 0.253 %, 1
            F64LoadNearToAcc, // 0.046 %, 2
            BrOp; // 0.004 %, 1
        Move64Imm64 =>
            BrIfF64LtSlotAcc, // 0.246 %, 2
            F64SubSlotSlot, // 0.027 %, 1
            F64MulAccSlot, // 0.020 %, 2
            F64MulAccSlotToAcc; // 0.006 %, 2
        I32AndAccImmToAcc =>
            I32ShlAccImmToAcc, // 0.289 %, 2
            I32LoadFarAcc; // 0.000 %, 0
        I64StoreSumOfAcc =>
            GoReturnOp, // 0.140 %, 18
            AddTwo64, // 0.054 %, 3
            AddBranchI64GeS64Slot, // 0.047 %, 4
            I64StoreSum, // 0.035 %, 13
            I64LoadNearToAcc; // 0.009 %, 7
        LoadTwo64 =>
            LoadTwo64, // 0.086 %, 17
            I64LoadNear, // 0.079 %, 17
            BrOp, // 0.041 %, 15
            Move64Slot, // 0.021 %, 10
            I64LoadNearToAcc, // 0.014 %, 17
            I64Load8UNear, // 0.011 %, 12
            BrIf64Acc, // 0.009 %, 4
            I64LoadSum, // 0.007 %, 2
            I64Load32UNearToAcc, // 0.004 %, 5
            I64Load16UNearToAcc, // 0.004 %, 5
            I64StoreNearOfAcc; // 0.004 %, 3
        I64MulAccSlotToAcc =>
            I64ShrUAccImmToAcc, // 0.253 %, 1
            I64AddSlotAcc; // 0.020 %, 9
        I32ShrUImmToAcc =>
            I32XorSlotAcc, // 0.257 %, 1
            I32AddAccImm, // 0.010 %, 1
            I32AndAccImm32ToAcc; // 0.004 %, 1
        Move64Imm64ToAcc =>
            I64MulSlotAcc, // 0.099 %, 19
            I64AddSlotAccToAcc, // 0.076 %, 18
            I64AndSlotAcc, // 0.038 %, 11
            I64MulSlotAccToAcc, // 0.019 %, 10
            I64AndSlotAccToAcc, // 0.017 %, 20
            I64StoreSumOfAcc, // 0.012 %, 4
            BrIfI64NeSlotAcc; // 0.008 %, 6
        F64MulSlotAcc =>
            F64LoadSum; // 0.260 %, 1
        I32MulSlotAcc =>
            I32LoadSum, // 0.173 %, 1
            I32LoadNear; // 0.087 %, 1
        GlobalGetOp =>
            I64LoadNearAcc, // 0.137 %, 18
            I32AddAccImm, // 0.036 %, 17
            CopyTwoOp, // 0.033 %, 12
            ReturnValue64Slot, // 0.027 %, 6
            Move64Imm; // 0.026 %, 6
        F64DivSlotAccToAcc =>
            MulThenF64MulF64AddAcc; // 0.253 %, 1
        F64MulSlotSlot =>
            F64MulSlotSlot, // 0.246 %, 1
            F64AddSlotAccToAcc; // 0.000 %, 0
        I64AddSlotAccToAcc =>
            I64ShrUAccImmToAcc, // 0.058 %, 17
            I64LoadNearAccToAcc, // 0.043 %, 11
            I64Load8UNearAccToAcc, // 0.043 %, 4
            I64StoreNearOfAcc, // 0.028 %, 17
            I64StoreNearAcc, // 0.023 %, 5
            I64Load8UNearAcc, // 0.015 %, 5
            I64AddAccSlotToAcc, // 0.012 %, 1
            I64AddAccImmToAcc, // 0.008 %, 4
            I64AddAccImm, // 0.005 %, 5
            I64LoadNearAcc, // 0.002 %, 4
            I64AndAccImmToAcc; // 0.000 %, 0
        F64AddSlotSlot =>
            F64AddSlotSlot, // 0.236 %, 1
            AddBranchI64LtS64Imm; // 0.000 %, 0
        F64SubSlotSlot =>
            F64AddSlotSlotToAcc; // 0.236 %, 1
        I32Load8UFarToAcc =>
            BrIfAcc, // 0.220 %, 2
            BrIfI32LtUAccImm; // 0.004 %, 1
        StoreTwoOp =>
            I64StoreNear, // 0.064 %, 16
            StoreTwoOp, // 0.034 %, 12
            BrUnless64Slot, // 0.032 %, 13
            BrIfLoaded64, // 0.031 %, 5
            MemoryMove64Sum, // 0.015 %, 13
            I64Store8Near, // 0.013 %, 13
            BrIf64Slot, // 0.009 %, 7
            I64Load32UNear, // 0.009 %, 2
            I64Store16Near; // 0.004 %, 7
        I64StoreSum =>
            I64StoreSum, // 0.105 %, 18
            GoReturnOp, // 0.063 %, 17
            I64StoreSumOfAcc, // 0.031 %, 14
            MemoryMove64Sum; // 0.007 %, 9
        I64LoadNearAcc =>
            I64LoadNear, // 0.063 %, 13
            I64LoadNearToAcc, // 0.043 %, 14
            I64ShrUAccImm, // 0.040 %, 1
            LoadTwo64, // 0.039 %, 10
            BrIf64Acc; // 0.016 %, 14
        I32AndImmToAcc =>
            I32XorSlotAccToAcc, // 0.149 %, 1
            I32ShlAccImmToAcc, // 0.032 %, 2
            BrIfI32GeUAccImm, // 0.009 %, 1
            I32AddAccImmToAcc, // 0.004 %, 2
            BrIfI32NeAccImm; // 0.004 %, 2
        I64Load32SNearToAcc =>
            I64AddAccImm, // 0.086 %, 17
            I64AddAccImmToAcc, // 0.028 %, 10
            I64AddSlotAcc, // 0.017 %, 15
            I64Extend32SAcc, // 0.015 %, 6
            BrIfI64LtSAccImm, // 0.012 %, 3
            I64Store32SumOfAcc, // 0.010 %, 6
            I32WrapI64Acc, // 0.009 %, 6
            BrIfI64GtSAccSlot, // 0.006 %, 2
            BrIfI64GtSSlotAcc; // 0.005 %, 2
        I64LoadVia64ToAcc =>
            I64AddAccImm, // 0.047 %, 15
            BrUnless64Acc, // 0.043 %, 7
            I64StoreNearOfAcc, // 0.029 %, 14
            BrIf64Acc, // 0.028 %, 12
            I64AddAccSlotToAcc, // 0.020 %, 15
            I64AddAccSlot, // 0.010 %, 6
            I64StoreNearAcc; // 0.009 %, 1
        F64LoadNearToAcc =>
            F64MulAccSlotToAcc, // 0.137 %, 1
            F64AddSlotAccToAcc, // 0.046 %, 1
            MulThenF64MulF64AddAccToAccReversed; // 0.000 %, 0
        CopyTwoOp =>
            Move64Slot, // 0.068 %, 12
            CopyTwoOp, // 0.047 %, 9
            BrOp, // 0.035 %, 12
            I32AddImm, // 0.023 %, 2
            LoadTwo64; // 0.008 %, 2
        I32LoadFarAccToAcc =>
            I32XorSlotAcc, // 0.128 %, 1
            I32AddAccImmToAcc; // 0.049 %, 1
        I64Load32UAbsoluteToAcc =>
            BrUnless64Acc, // 0.107 %, 17
            I64EqAccImm, // 0.046 %, 13
            BrIf64Acc; // 0.023 %, 9
        I32AddImmToAcc =>
            GlobalSetAcc, // 0.040 %, 2
            I32AddAccSlotToAcc, // 0.031 %, 1
            I32EqSlotAccToAcc, // 0.028 %, 1
            I32NeSlotAccToAcc, // 0.028 %, 1
            I32AddAccSlot, // 0.020 %, 4
            I32StoreNearOfAcc, // 0.015 %, 3
            I32AndAccImmToAcc, // 0.007 %, 2
            I32AndAccImm; // 0.005 %, 4
        Move32Imm32ToAcc =>
            I64StoreNearOfAcc, // 0.093 %, 16
            I64StoreSumOfAcc, // 0.034 %, 15
            I64MulSlotAcc, // 0.030 %, 15
            I64MulSlotAccToAcc; // 0.016 %, 14
        I64ShlImm =>
            I64AddSlotAcc, // 0.115 %, 21
            I64AddSlotAccToAcc, // 0.029 %, 1
            I64AddAccImm, // 0.015 %, 3
            I64AddImm; // 0.008 %, 4
        I32AndImm32ToAcc =>
            I32ShrUAccImmToAcc, // 0.157 %, 2
            SelectAcc; // 0.007 %, 1
        I32Load8UNearAccToAcc =>
            I32Store8NearOfAcc, // 0.151 %, 3
            BrUnlessBits32Acc; // 0.009 %, 2
        AddTwo32 =>
            BrIfAcc, // 0.094 %, 4
            BrIfI32NeAccImm, // 0.034 %, 4
            SelectSlot, // 0.021 %, 2
            BrOp, // 0.005 %, 2
            I32LoadNear; // 0.004 %, 2
        I64ShlAccImmToAcc =>
            I64AddSlotAccToAcc, // 0.080 %, 17
            I64AddSlotAcc, // 0.051 %, 13
            I64OrSlotAcc; // 0.024 %, 9
        I64ShrUAccImmToAcc =>
            I64AddSlotAcc, // 0.059 %, 15
            I64MulAccImmToAcc, // 0.037 %, 17
            I32WrapI64AccToAcc, // 0.017 %, 1
            I64XorSlotAccToAcc, // 0.016 %, 13
            I64AndAccImmToAcc, // 0.012 %, 3
            I64AddSlotAccToAcc; // 0.011 %, 7
        I32WrapI64Acc =>
            I32WrapI64Slot, // 0.080 %, 16
            I64Store32Via64, // 0.035 %, 17
            I64LoadNearToAcc, // 0.014 %, 7
            Move64Imm, // 0.006 %, 12
            GlobalSetAcc, // 0.005 %, 12
            BrIfI64LeUAccImm, // 0.005 %, 2
            BrIfI64NeAccImm; // 0.005 %, 3
        MemoryMove64Sum =>
            GoReturnOp, // 0.082 %, 16
            I64StoreSum; // 0.065 %, 15
        I64Load8UNearToAcc =>
            I64Store8SumOfAcc, // 0.044 %, 17
            I64EqAccImm, // 0.024 %, 11
            BrUnlessAcc, // 0.017 %, 6
            I64Store8NearOfAcc, // 0.017 %, 13
            I64EqAccSlotToAcc, // 0.014 %, 1
            I64AndAccImm, // 0.010 %, 10
            I64OrSlotAccToAcc, // 0.007 %, 10
            I64OrSlotAcc, // 0.006 %, 10
            BrIf64Acc; // 0.006 %, 8
        I64XorSlotAccToAcc =>
            I64AddSlotAcc, // 0.072 %, 2
            I64XorSlotAcc, // 0.026 %, 1
            I32WrapI64AccToAcc, // 0.023 %, 9
            I32WrapI64Acc; // 0.018 %, 7
        I64Load32UNearAccToAcc =>
            I64AddSlotAccToAcc, // 0.060 %, 1
            BrIfI64GeUAccSlot, // 0.042 %, 21
            I64XorSlotAcc, // 0.032 %, 1
            BrIfBits64Acc; // 0.005 %, 2
        I32LoadNearToAcc =>
            I32AddAccImmToAcc, // 0.042 %, 3
            BrIfI32NeAccSlot, // 0.027 %, 3
            I32AddAccImm, // 0.018 %, 2
            BrIfI32LtUSlotAcc, // 0.017 %, 2
            BrIfI32GeUSlotAcc, // 0.012 %, 2
            BrIfI32EqAccSlot, // 0.011 %, 2
            I32AddAccSlotToAcc, // 0.006 %, 2
            I32MulAccImm; // 0.005 %, 1
        I64ShlAccImm =>
            I64AddImmToAcc, // 0.128 %, 11
            I64AddSlotAcc; // 0.008 %, 2
        I64MulImmToAcc =>
            I64AddSlotAcc; // 0.134 %, 16
        I64AndAccImmToAcc =>
            I64AddSlotAcc, // 0.063 %, 6
            I64EqAccImm, // 0.063 %, 13
            BrIfI64LeUAccImm; // 0.007 %, 6
        I32Load8UNearToAcc =>
            BrIfI32NeAccImm, // 0.031 %, 2
            BrIfBits32Acc, // 0.027 %, 2
            BrUnlessBits32Acc, // 0.021 %, 2
            I32Store8NearOfAcc, // 0.018 %, 2
            I32AndAccImmToAcc, // 0.013 %, 2
            I32AndAccImm, // 0.012 %, 2
            BrIfI32EqAccImm; // 0.008 %, 2
        I64MulSlotSlot =>
            I64MulSlotSlot, // 0.042 %, 3
            I64ShrUImmToAcc, // 0.040 %, 2
            I64AddAccSlot; // 0.040 %, 1
        I64XorSlotAcc =>
            Move64Imm64ToAcc, // 0.114 %, 13
            I32WrapI64Acc; // 0.005 %, 1
        I32ShrUImm =>
            I32XorSlotSlotToAcc, // 0.060 %, 1
            AddBranchI32Ne32Imm; // 0.059 %, 1
        F64MulAccSlot =>
            F64LoadNearAccToAcc, // 0.069 %, 1
            AddTwo64, // 0.046 %, 1
            F64LoadNearToAcc; // 0.000 %, 0
        ShlAdd64ToAcc =>
            I64LoadNearAcc, // 0.075 %, 19
            I64LoadNearAccToAcc, // 0.027 %, 4
            I64Load32SNearAccToAcc; // 0.011 %, 1
        I32AddSlotAccToAcc =>
            I32AddSlotAccToAcc, // 0.087 %, 2
            I32MulAccSlot, // 0.013 %, 1
            I32AddAccImm, // 0.007 %, 3
            I32LoadNearAcc; // 0.006 %, 2
        I64XorAccSlotToAcc =>
            I32WrapI64Acc, // 0.056 %, 10
            I32RotlAccImm, // 0.026 %, 21
            I32WrapI64AccToAcc, // 0.018 %, 12
            I64AddSlotAcc, // 0.008 %, 1
            I64AndSlotAccToAcc; // 0.005 %, 1
        I64StoreNearOfAcc =>
            I64LoadNearToAcc, // 0.031 %, 15
            Move64ImmToAcc, // 0.018 %, 7
            I64StoreNearOfAcc, // 0.011 %, 13
            LoadTwo64, // 0.010 %, 7
            I64LoadNearAcc, // 0.010 %, 5
            MemoryMove64Sum, // 0.008 %, 10
            BrOp, // 0.007 %, 8
            MemoryMove64Near, // 0.007 %, 4
            I64AddSlotSlot, // 0.006 %, 4
            BrIf64Acc; // 0.005 %, 6
        I64EqAccImm =>
            BrIf64Acc, // 0.082 %, 18
            BrUnless64Acc, // 0.017 %, 8
            I64LoadNear, // 0.007 %, 3
            BrUnlessAcc; // 0.005 %, 6
        LoadTwo32 =>
            I32GtSSlotAcc, // 0.090 %, 1
            I32LoadNear, // 0.007 %, 3
            I32SubSlotAccToAcc, // 0.006 %, 1
            I32LoadNearAcc, // 0.005 %, 2
            BrIfI32GtSSlotAcc; // 0.004 %, 1
        I32MulSlotAccToAcc =>
            I32AddAccSlotToAcc; // 0.108 %, 2
        I64Load8USumToAcc =>
            BrIfAcc, // 0.055 %, 13
            BrUnlessAcc; // 0.051 %, 16
        I32ShrUAccImmToAcc =>
            I32AndAccImm, // 0.042 %, 2
            I32AndAccImmToAcc, // 0.032 %, 1
            I32AddAccSlot, // 0.029 %, 1
            I32AddSlotAcc; // 0.000 %, 0
        I64Load8UVia64ToAcc =>
            I64AndAccImmToAcc, // 0.035 %, 11
            BrUnlessAcc, // 0.032 %, 8
            BrIf64Acc, // 0.018 %, 9
            BrIfAcc; // 0.015 %, 6
        I64Load8UAbsoluteToAcc =>
            BrIfAcc, // 0.058 %, 17
            BrUnlessAcc; // 0.041 %, 16
        I64Load8UNear =>
            BrUnlessAcc, // 0.078 %, 17
            BrIfAcc, // 0.009 %, 10
            I64Load8UNear, // 0.007 %, 8
            BrOp; // 0.005 %, 8
        I32XorSlotAcc =>
            Bits32ToAcc, // 0.064 %, 1
            I32AddImm32ToAcc; // 0.032 %, 1
        Bits32ToAcc =>
            I32AddSlotAcc, // 0.088 %, 1
            I32AddSlotAccToAcc; // 0.009 %, 1
        I32XorSlotAccToAcc =>
            I32AndAccImm; // 0.095 %, 1
        I32RotlImmToAcc =>
            I64XorSlotAccToAcc, // 0.060 %, 1
            I64XorSlotAcc; // 0.034 %, 1
        I64Load8UNearAcc =>
            I64LoadNear, // 0.050 %, 3
            BrIfI64GtUAccImm, // 0.029 %, 3
            I64XorAccImmToAcc; // 0.014 %, 1
        F64LoadSumToAcc =>
            F64SubSlotAcc; // 0.091 %, 1
        I32LtSSlotSlotToAcc =>
            I32SubSlotAcc; // 0.090 %, 1
        I64Store8Near =>
            I64ShrUImm, // 0.026 %, 20
            I64Store8NearOfAcc, // 0.024 %, 5
            StoreTwoOp, // 0.013 %, 14
            I64LoadNear, // 0.009 %, 1
            I64StoreNear, // 0.009 %, 14
            I64AddImm; // 0.006 %, 3
        F64AddSlotAcc =>
            AddTwo32; // 0.087 %, 1
        I32LoadSum =>
            I32AddSlotSlot; // 0.087 %, 1
        MulThenF64MulF64AddAccToAccReversed =>
            F64AddSlotAccToAcc; // 0.087 %, 1
        Move64Acc =>
            BrOp, // 0.038 %, 14
            BrUnlessAcc, // 0.017 %, 3
            BrIfAcc, // 0.014 %, 2
            I64SubSlotAcc, // 0.005 %, 1
            I32StoreNear, // 0.004 %, 2
            I32LoadNear; // 0.004 %, 2
        I32AddImm32 =>
            Move64Imm64ToAcc, // 0.042 %, 4
            I32AndImm, // 0.021 %, 1
            Move64Slot, // 0.013 %, 1
            F64ConvertI32SSlotToAcc; // 0.006 %, 1
        I32WrapI64AccToAcc =>
            BrIfI64NeSlotAcc, // 0.037 %, 8
            I64MulSlotAcc, // 0.033 %, 12
            BrIf64Acc, // 0.005 %, 8
            BrIfI64NeAccImm; // 0.005 %, 4
        I64StoreVia64 =>
            I64AddImmToAcc, // 0.027 %, 12
            I64StoreVia64, // 0.014 %, 8
            I64StoreSum, // 0.014 %, 18
            I64Store8Via64Imm, // 0.010 %, 3
            BrOp, // 0.010 %, 5
            BrIf64Slot; // 0.004 %, 4
        I32AddAccImm =>
            I32LoadNear, // 0.046 %, 3
            GlobalSetAcc; // 0.032 %, 14
        MulThenF64MulF64SubAccToAcc =>
            F64StoreNearOfAcc; // 0.072 %, 2
        I64AndImmToAcc =>
            I64AddSlotAcc, // 0.016 %, 5
            BrIfI64NeAccSlot, // 0.014 %, 3
            I64SubSlotAccToAcc, // 0.014 %, 1
            I64AddAccImm32ToAcc, // 0.014 %, 2
            I64EqAccImm, // 0.009 %, 9
            BrIfI64LtUAccImm; // 0.005 %, 1
        I64OrSlotSlotToAcc =>
            I64AndSlotAcc, // 0.049 %, 1
            I64Store32NearOfAcc; // 0.021 %, 1
        I32RotlImm =>
            I32RotlImmToAcc; // 0.069 %, 1
        I64ShrUAccImm =>
            I32RotlImm, // 0.026 %, 1
            I64LoadAbsolute, // 0.014 %, 5
            BrUnlessLoaded64, // 0.009 %, 8
            I64MulAccImmToAcc, // 0.007 %, 10
            I32WrapI64Slot, // 0.006 %, 15
            I64StoreNearOfAcc; // 0.006 %, 4
        AddTwo64 =>
            F64SqrtSlotToAcc, // 0.046 %, 1
            I64AddImm, // 0.015 %, 14
            AddTwo64; // 0.005 %, 1
        I64Store8SumOfAcc =>
            GoReturnOp; // 0.063 %, 14
        I32WrapI64Slot =>
            I32WrapI64Slot, // 0.024 %, 7
            BrIfI64EqAccImm, // 0.015 %, 3
            BrIfI64GtUAccImm, // 0.014 %, 3
            I32StoreNearOfAcc, // 0.005 %, 1
            BrOp, // 0.004 %, 2
            BrIfI64GeUAccSlot; // 0.001 %, 1
        F64AddSlotAccToAcc =>
            F64StoreNearOfAcc, // 0.046 %, 1
            F64DivAccSlot, // 0.014 %, 1
            F64AddSlotAccToAcc; // 0.000 %, 0
        F64DivSlotAcc =>
            MulThenF64MulF64SubAcc, // 0.046 %, 1
            F64ConvertI64SSlot; // 0.014 %, 1
        MemoryMove64Near =>
            I64StoreSum, // 0.042 %, 14
            I64Store32Sum, // 0.012 %, 5
            AddTwo32; // 0.005 %, 1
        I64LoadAbsolute =>
            I64LoadVia64ToAcc, // 0.035 %, 16
            I64LoadNearToAcc, // 0.010 %, 8
            BrIf64Acc, // 0.007 %, 4
            I64LoadAbsolute; // 0.006 %, 5
        I64XorImmToAcc =>
            I64AndAccSlot, // 0.052 %, 2
            I64OrSlotAccToAcc; // 0.006 %, 1
        I64ShrUImm =>
            BrIfI64GeUAccSlot, // 0.022 %, 1
            I64AndImm, // 0.020 %, 11
            I64ShrUImm, // 0.016 %, 19
            AddTwo64; // 0.000 %, 0
        I64SubSlotSlot =>
            I64SubSlotSlot, // 0.033 %, 4
            I64StoreNearOfAcc, // 0.013 %, 7
            I64LoadNearToAcc; // 0.009 %, 4
        I64Extend32SAccToAcc =>
            BrIfI64GtSAccSlot, // 0.042 %, 3
            BrIfI64GtSAccImm, // 0.007 %, 2
            BrIfI64GeSAccSlot; // 0.005 %, 1
        SelectSlot =>
            ReturnValue64Acc, // 0.022 %, 6
            I64EqImm, // 0.022 %, 5
            SelectSlot, // 0.009 %, 21
            I64AddSlotSlot; // 0.002 %, 9
        I64AddAccImm32ToAcc =>
            I32RotlAccImmToAcc, // 0.026 %, 2
            I64Load8UNearAcc, // 0.021 %, 11
            I64Load8UNearAccToAcc; // 0.007 %, 2
        I64OrSlotAccToAcc =>
            I64ShrUAccImm, // 0.040 %, 1
            I64StoreNearOfAcc, // 0.007 %, 7
            I64OrSlotAcc; // 0.007 %, 9
        I64AndImm =>
            Move64ImmToAcc, // 0.029 %, 14
            I64AndImm, // 0.010 %, 18
            I64SubSlotSlot, // 0.009 %, 1
            BrIfI64GtUAccImm; // 0.004 %, 2
        I32LoadNearAccToAcc =>
            I32StoreNearOfAcc, // 0.035 %, 4
            I32LoadNearAcc, // 0.014 %, 2
            BrUnlessAcc; // 0.003 %, 1
        I64MulSlotAcc =>
            Move64Imm64ToAcc, // 0.036 %, 10
            I64ShrUAccImmToAcc; // 0.016 %, 7
        I64AddAccImm =>
            I64LoadNear, // 0.036 %, 15
            I64StoreVia64, // 0.010 %, 9
            I32WrapI64Acc; // 0.006 %, 3
        I32Store8NearOfAcc =>
            AddBranchI32LtU32Slot, // 0.035 %, 3
            I32AddSlotSlot; // 0.016 %, 2
        I64Load8UNearAccToAcc =>
            I64Store8NearOfAcc, // 0.032 %, 8
            I64MulSlotAccToAcc; // 0.017 %, 2
        I32XorAccImmToAcc =>
            I32ShrUAccImmToAcc, // 0.032 %, 1
            I32AndSlotAccToAcc, // 0.011 %, 1
            I32OrAccImmToAcc; // 0.005 %, 2
        I64MulAccImmToAcc =>
            I64ShrUAccImm, // 0.035 %, 10
            I64ShrUAccImmToAcc; // 0.012 %, 4
        I64StoreNearImm =>
            Move32Imm32ToAcc, // 0.019 %, 8
            I64StoreNearImm, // 0.016 %, 14
            AddBranchI64LtS64Slot; // 0.011 %, 1
        F64LoadNearAcc =>
            I64AddImm; // 0.046 %, 1
        F64LoadNearAccToAcc =>
            F64SubSlotAcc; // 0.046 %, 1
        F64MulAccSlotToAcc =>
            MulThenF64MulF64AddAccToAcc; // 0.046 %, 1
        MulThenF64MulF64AddSlot =>
            MulThenF64MulF64AddSlot; // 0.046 %, 1
        I64StoreVia64Imm =>
            GoReturnOp, // 0.026 %, 5
            I64StoreVia64Imm; // 0.017 %, 17
        I64Store32Sum =>
            I64StoreSum, // 0.035 %, 5
            GoReturnOp; // 0.008 %, 13
        I64Load32UNear =>
            BrOp, // 0.034 %, 12
            I64Load32UNear; // 0.009 %, 12
        I32StoreNear =>
            Move64Slot, // 0.019 %, 4
            I32StoreNear, // 0.018 %, 3
            MemoryMove32Near; // 0.006 %, 2
        I32SubAccImm =>
            GlobalSetAcc; // 0.042 %, 8
        I64Load32UNearAcc =>
            I64AddImm32ToAcc, // 0.034 %, 1
            I64AndImm, // 0.007 %, 1
            I64LoadNearToAcc, // 0.000 %, 1
            I64ShrUAccImm; // 0.000 %, 0
        I32MulAccImmToAcc =>
            I32AddSlotAcc; // 0.041 %, 2
        I64Load32UNearToAcc =>
            I64Store32SumOfAcc, // 0.010 %, 3
            I64Store32NearOfAcc, // 0.009 %, 9
            I32WrapI64Acc, // 0.007 %, 2
            I64AddSlotAccToAcc, // 0.006 %, 1
            BrIfBits64Acc, // 0.005 %, 2
            I64OrAccImm; // 0.005 %, 2
        I64Store32Near =>
            BrIfI64GtUImm, // 0.018 %, 1
            BrIf64Acc, // 0.012 %, 14
            I64Store32Near; // 0.009 %, 2
        I64Extend32SSlot =>
            BrIfI64GtUAccSlot, // 0.018 %, 1
            BrIfI64GtSAccSlot, // 0.016 %, 1
            BrIfI64GeSSlotAcc; // 0.005 %, 1
        I64MulSlotAccToAcc =>
            I64AddSlotAcc, // 0.024 %, 9
            I64AddSlotAccToAcc, // 0.007 %, 6
            I64ShrUAccImm, // 0.005 %, 3
            I64SubSlotAcc; // 0.001 %, 13
        GlobalSetAcc =>
            ReturnValue64Imm; // 0.036 %, 17
        I64Load32SNear =>
            BrIfI64LtSAccImm, // 0.012 %, 3
            I64Store32Near, // 0.010 %, 1
            I64Load32SNear, // 0.008 %, 1
            I32WrapI64AccToAcc; // 0.006 %, 4
        I64Store32Via64Imm =>
            I64Load32SVia64ToAcc; // 0.035 %, 17
        I64AndSlotSlotToAcc =>
            I64XorSlotAcc; // 0.034 %, 1
        I64AddAccSlotToAcc =>
            I64Load32UNearAcc, // 0.026 %, 1
            I64Load8UNearAccToAcc; // 0.008 %, 6
        I64AndAccImm =>
            BrIfI64LeUAccImm, // 0.014 %, 2
            BrIf64Acc, // 0.009 %, 9
            BrIfI64GeUAccImm, // 0.006 %, 10
            I64AddImm; // 0.005 %, 3
        I64ShrUImmToAcc =>
            I64AddSlotAccToAcc, // 0.024 %, 11
            I32WrapI64AccToAcc; // 0.009 %, 1
        I64Store16Near =>
            I64Load16UNearToAcc; // 0.034 %, 17
        I64Store8NearOfAcc =>
            BrUnlessAcc, // 0.014 %, 8
            Move64Slot, // 0.008 %, 2
            GoReturnOp, // 0.006 %, 10
            BrIf64Slot, // 0.005 %, 2
            AddBranchI64LtS64Slot; // 0.000 %, 1
        I64AndAccSlotToAcc =>
            I32WrapI64AccToAcc, // 0.025 %, 2
            I64AddSlotAcc; // 0.008 %, 16
        I64LoadSumToAcc =>
            BrIfI64EqAccImm, // 0.009 %, 1
            I64StoreNearOfAcc, // 0.009 %, 7
            I64LtSAccImm, // 0.008 %, 4
            I64GeSAccImm, // 0.006 %, 3
            I64XorSlotAcc; // 0.000 %, 1
        I64CtzSlot =>
            I64Load16UNearToAcc; // 0.032 %, 15
        I64XorAccImmToAcc =>
            I64AndSlotAccToAcc, // 0.018 %, 2
            I64Store8NearOfAcc, // 0.010 %, 9
            I64AndAccSlot; // 0.004 %, 5
        I64Store32SumOfAcc =>
            GoReturnOp; // 0.031 %, 15
        I64Store16NearOfAcc =>
            I64AndImm32ToAcc; // 0.030 %, 16
        I64ShlImmToAcc =>
            I64StoreSumOfAcc, // 0.019 %, 14
            I64AddAccImm32ToAcc; // 0.010 %, 16
        I64Load32SSum =>
            I64LoadNearToAcc, // 0.016 %, 6
            I64LoadSum; // 0.014 %, 7
        I64Store32NearOfAcc =>
            I64LoadNear, // 0.010 %, 15
            I64StoreNear, // 0.009 %, 3
            BrOp; // 0.009 %, 3
        I32AddSlotSlotToAcc =>
            I32Load8UNearAccToAcc; // 0.028 %, 3
        I32MulAccSlotToAcc =>
            I32AddSlotAcc; // 0.028 %, 1
        I64Store8Sum =>
            GoReturnOp; // 0.028 %, 13
        I64AndAccImm32 =>
            I64Load16UNear; // 0.028 %, 12
        I64Load16UNearToAcc =>
            BrIfI64LeUSlotAcc, // 0.008 %, 2
            BrIf64Acc, // 0.007 %, 4
            BrIfI64GtUSlotAcc, // 0.004 %, 2
            BrIfI64LtUSlotAcc, // 0.004 %, 1
            I64Store16NearOfAcc; // 0.004 %, 1
        I64OrSlotAcc =>
            I64StoreNear; // 0.027 %, 3
        I64AndSlotAcc =>
            I64EqImm, // 0.018 %, 3
            LoadTwo64, // 0.004 %, 4
            I64SubSlotSlot, // 0.004 %, 3
            I64AndSlotSlotToAcc; // 0.000 %, 0
        I32AddSlotAcc =>
            I32AddSlotSlotToAcc, // 0.021 %, 2
            I32LoadNear; // 0.005 %, 1
        I32AddAccImm32 =>
            I32LoadFar, // 0.026 %, 1
            Move32Imm32; // 0.000 %, 1
        I32Load16UNearToAcc =>
            I32AndAccImmToAcc, // 0.018 %, 2
            I32ShlAccImmToAcc; // 0.007 %, 1
        I32RemUAccImmToAcc =>
            I32Load8UFarAccToAcc; // 0.025 %, 1
        I64Load32SNearAccToAcc =>
            I64Extend32SAccToAcc, // 0.014 %, 1
            I32WrapI64Acc; // 0.011 %, 4
        I32MulSlotSlotToAcc =>
            I32AddSlotAcc; // 0.025 %, 1
        I32AndImm32 =>
            BrIfI32GtUAccImm, // 0.009 %, 1
            BrIfI32LtUAccImm, // 0.009 %, 1
            I32AddAccSlotToAcc; // 0.007 %, 1
        I64XorAccImm =>
            I64ShlSlotSlot, // 0.023 %, 12
            I64OrSlotSlotToAcc; // 0.000 %, 0
        I64SubSlotSlotToAcc =>
            I64SubAccSlot, // 0.018 %, 1
            I64Extend32SAccToAcc; // 0.005 %, 1
        I64NeAccImm =>
            BrIfAcc; // 0.022 %, 3
        I64CtzSlotToAcc =>
            I64ShrUAccImm, // 0.017 %, 9
            I64ShrUAccImmToAcc; // 0.005 %, 3
        I64LtUSlotSlotToAcc =>
            SelectAcc; // 0.022 %, 9
        I64AndSlotAccToAcc =>
            I64AddSlotAcc, // 0.016 %, 11
            I64AddSlotAccToAcc; // 0.006 %, 11
        I64LtSImm =>
            Move64Imm; // 0.022 %, 5
        I64ExtendI32SAcc =>
            BrIf64Acc; // 0.021 %, 4
        I32Load16SNear =>
            I32Load16SNearToAcc; // 0.021 %, 2
        I32MulAccImm =>
            I32Load8UFarAcc; // 0.021 %, 1
        I32MulImm =>
            I32DivUImmToAcc; // 0.021 %, 1
        I32SubSlotAccToAcc =>
            I32AddAccImm32; // 0.021 %, 1
        I64AddImm32ToAcc =>
            I64Load8UNearAccToAcc, // 0.015 %, 6
            I64Load8UNearAcc; // 0.006 %, 11
        I32Load16SVia32 =>
            I32Load16SNearToAcc; // 0.021 %, 1
        I32SubSlotSlot =>
            I32SubSlotSlot; // 0.020 %, 2
        I64Load8UVia64 =>
            I64XorAccImm, // 0.010 %, 9
            BrIfI64GeUSlotSlot; // 0.009 %, 1
        F64StoreNearAcc =>
            I32AddImm, // 0.011 %, 1
            AddBranchI64LtS64Imm; // 0.009 %, 2
        I32RotlAccImm =>
            I64AddSlotAcc, // 0.013 %, 21
            I64AddAccSlot; // 0.006 %, 21
        I32ShlAccImm =>
            I32Load16UFarAccToAcc, // 0.010 %, 1
            ShlAdd32ToAcc, // 0.005 %, 1
            I32Load8UNearToAcc; // 0.004 %, 1
        I64XorAccSlot =>
            I64XorAccImm, // 0.008 %, 6
            AddTwo64, // 0.005 %, 1
            I64AddSlotSlot; // 0.005 %, 21
        I64ShrUAccSlotToAcc =>
            I64OrSlotAccToAcc; // 0.017 %, 1
        I64OrSlotSlot =>
            I64AddSlotSlot; // 0.017 %, 7
        I64Load32UVia64 =>
            I64Load32UNearToAcc, // 0.013 %, 5
            I64Load32UVia64ToAcc; // 0.004 %, 2
        I64LtSSlotSlot =>
            I64MulSlotSlot; // 0.015 %, 1
        I64SubSlotAccToAcc =>
            BrIfI64NeAccImm; // 0.015 %, 1
        I64LoadAbsoluteToAcc =>
            I64XorAccImm; // 0.014 %, 5
        I32AddAccImmToAcc =>
            I32StoreNearOfAcc; // 0.014 %, 3
        I64LtUSlotSlot =>
            BrUnlessAcc; // 0.014 %, 1
        I64Store8NearAcc =>
            BrOp; // 0.014 %, 2
        I64LeUAccImmToAcc =>
            SelectAccToAcc; // 0.013 %, 1
        I32MulAccSlot =>
            I32AddSlotSlotToAcc; // 0.013 %, 1
        I64AndAccSlot =>
            I64AndImm; // 0.012 %, 6
        I64Extend32SSlotToAcc =>
            BrIfI64GeSSlotAcc, // 0.008 %, 1
            BrIfI64GeSAccSlot; // 0.004 %, 1
        I64AddAccImm32 =>
            BrIfI64LtUSlotSlot; // 0.012 %, 1
        I32MulImmToAcc =>
            I32AddSlotAcc; // 0.011 %, 2
        I64XorSlotSlot =>
            I64Load32UNear, // 0.006 %, 1
            I64XorSlotSlot; // 0.005 %, 7
        I64ShrSAccImm =>
            BrIfI64EqAccSlot; // 0.010 %, 1
        I32ShrSAccImm =>
            I32StoreNearOfAcc, // 0.006 %, 1
            I32Load8UNear; // 0.004 %, 1
        I32Load8UNearAcc =>
            I32AddAccImmToAcc, // 0.005 %, 2
            Move64Slot; // 0.004 %, 2
        I64XorSlotSlotToAcc =>
            I32WrapI64Acc, // 0.009 %, 9
            I32WrapI64AccToAcc; // 0.000 %, 0
        I32ShlImmToAcc =>
            I32Load16UFarAcc; // 0.009 %, 1
        I64ShlAccSlotToAcc =>
            I64OrSlotAcc; // 0.009 %, 12
        I64Store8NearAccImm =>
            I64StoreNearAcc; // 0.009 %, 2
        I64Load16UNearAcc =>
            BrIfI64GeUAccSlot; // 0.008 %, 1
        I32StoreNearOfAcc =>
            I32LoadNear; // 0.008 %, 2
        I32OrAccImmToAcc =>
            I32Store16NearOfAcc, // 0.004 %, 1
            I32Store8NearOfAcc; // 0.004 %, 2
        I64EqImm =>
            BrIf64Acc; // 0.008 %, 10
        I64Store8NearImm =>
            MemoryMove64Near; // 0.008 %, 1
        I64ShlSlotSlot =>
            I64LtUImm; // 0.008 %, 12
        I32StoreNearImm =>
            BrOp, // 0.004 %, 1
            I32StoreNear; // 0.004 %, 2
        I64LtUSlotAccToAcc =>
            SelectAcc; // 0.007 %, 20
        MemoryMove32Near =>
            I32StoreNear; // 0.007 %, 2
        I64LtSSlotAccToAcc =>
            SelectAcc; // 0.007 %, 4
        I32WrapI64SlotToAcc =>
            BrIfI64EqAccSlot; // 0.007 %, 1
        I32Load8USumToAcc =>
            BrUnlessBits32Acc; // 0.007 %, 2
        I32ShlImm =>
            I32Load16UFarAcc; // 0.007 %, 1
        I64LtSAccSlot =>
            I64SubSlotSlot; // 0.007 %, 3
        I32LoadVia32 =>
            BrIfAcc; // 0.006 %, 1
        I32Store16NearImm =>
            I32Store16Near; // 0.006 %, 1
        ShlAdd32ToAcc =>
            I32StoreNearOfAcc; // 0.006 %, 2
        I64LtSAccImmToAcc =>
            SelectAcc; // 0.006 %, 2
        I32SubSlotSlotToAcc =>
            I32ShrSAccImm; // 0.006 %, 2
        I64SubSlotAcc =>
            I64SubSlotAccToAcc; // 0.006 %, 1
        I64MulImm32ToAcc =>
            I32WrapI64Acc; // 0.005 %, 1
        I32AddAccImm32ToAcc =>
            I32Load16UNearAcc; // 0.005 %, 1
        I64StoreNearAccImm =>
            I64StoreNearAccImm; // 0.005 %, 6
        I64LtSSlotAcc =>
            BrOp; // 0.005 %, 4
        I64ShlAccSlot =>
            I64OrSlotAcc, // 0.005 %, 1
            I64AddImm; // 0.000 %, 0
        I32Load8SNearToAcc =>
            BrIfI32GtSAccImm; // 0.005 %, 2
        I64Extend32SAcc =>
            Move64Imm; // 0.005 %, 4
        Move32Imm =>
            SelectSlot; // 0.005 %, 3
        I32RemUSlotAcc =>
            BrOp; // 0.004 %, 1
        I32Load16UNear =>
            BrUnlessBits32Acc; // 0.004 %, 1
        I64Store32NearAcc =>
            I64ShlImm; // 0.004 %, 1
        I64Load32UVia64ToAcc =>
            BrUnless64Acc; // 0.004 %, 2
        I64ShrSAccImmToAcc =>
            I64AddSlotAcc; // 0.004 %, 2
        I64LtUAccImm =>
            BrUnlessAcc; // 0.004 %, 2
        I32AndAccImm32ToAcc =>
            BrIfAcc; // 0.004 %, 3
        I64Load8USum =>
            I64Store8NearOfAcc; // 0.004 %, 5
        SelectSlotToAcc =>
            I32Store16NearOfAcc; // 0.004 %, 1
        I32Load16UVia32 =>
            I32LoadNear; // 0.004 %, 1
        I32GtUImm =>
            I32AddImm; // 0.004 %, 1
        I32Load8SNear =>
            I64AndAccImm; // 0.004 %, 1
        I32StoreNearAcc =>
            I32StoreNearAcc; // 0.004 %, 1
        I64StoreNearAcc =>
            BrOp; // 0.002 %, 3
        I64ShrUSlotAcc =>
            I64LtUImm; // 0.001 %, 2
        F64ConvertI64SAccToAcc =>
            Move64Imm64; // 0.000 %, 2
        I32AddAccSlotToAcc =>
            I32Store8NearAcc; // 0.000 %, 1
        F64AddSlotSlotToAcc =>
            F64MulSlotAcc; // 0.000 %, 0
        F64LoadSum =>
            F64LoadSumToAcc; // 0.000 %, 0
        F64SqrtSlotToAcc =>
            F64MulAccSlotToAcc; // 0.000 %, 0
        I32DivUImmToAcc =>
            I32MulAccImm32ToAcc; // 0.000 %, 0
        I32Load16SNearToAcc =>
            I32GtSSlotAcc; // 0.000 %, 0
        I32LoadSumToAcc =>
            I32MulSlotAcc; // 0.000 %, 0
        MulThenF64MulF64AddAcc =>
            AddTwo64; // 0.000 %, 0
    }
}

/// Three ops: a pair, and a third.
pub(super) mod triples {
    use crate::ops::superinstruction::{aliases::*, rows};

    rows! {
        I32AddImm32ToAcc, I32Store8NearAccImm =>
            I32AddSlotSlot; // 0.598 %, 1
        ShlAdd64, F64LoadNearAcc =>
            MulThenF64MulF64AddSlotToAcc; // 0.303 %, 1
        F64MulSlotAcc, F64LoadSum =>
            F64LoadSumToAcc, // 0.173 %, 1
            F64LoadNearToAcc; // 0.087 %, 1
        I32AndAccImmToAcc, I32ShlAccImmToAcc =>
            I32LoadFarAcc; // 0.257 %, 1
        I32ShrUImmToAcc, I32XorSlotAcc =>
            AddBranchI32Ne32Imm, // 0.128 %, 1
            I32XorSlotAccToAcc; // 0.128 %, 1
        F64DivSlotAccToAcc, MulThenF64MulF64AddAcc =>
            AddTwo64; // 0.253 %, 1
        F64LoadNear, I64AddSlotSlot =>
            I64AddAccImmToAcc; // 0.253 %, 1
        I64AddAccImmToAcc, F64ConvertI64SAccToAcc =>
            Move64Imm64; // 0.253 %, 1
        I64MulAccSlotToAcc, I64ShrUAccImmToAcc =>
            I64AddSlotAccToAcc; // 0.253 %, 1
        F64MulSlotSlot, F64MulSlotSlot =>
            F64AddSlotAccToAcc; // 0.246 %, 1
        F64AddSlotSlot, F64AddSlotSlot =>
            AddBranchI64LtS64Imm; // 0.236 %, 1
        F64SubSlotSlot, F64AddSlotSlotToAcc =>
            F64MulSlotAcc; // 0.236 %, 1
        I64LoadVia64, I64LoadNearToAcc =>
            BrIfI64GeUAccSlot, // 0.082 %, 5
            I64ShlAccImmToAcc, // 0.082 %, 7
            I64AddSlotAcc, // 0.034 %, 18
            BrIfI64GeSAccSlot, // 0.020 %, 1
            I64ShrUAccImm; // 0.004 %, 5
        ShlAdd64, I64LoadNearAcc =>
            I64LoadNear; // 0.207 %, 4
        I64StoreNear, I64StoreNearOfAcc =>
            AddTwo64; // 0.191 %, 1
        I64LoadNear, I64LoadNearToAcc =>
            I64ShlAccImmToAcc, // 0.057 %, 7
            I64MulSlotAccToAcc, // 0.032 %, 10
            I64AddSlotAcc, // 0.023 %, 12
            BrIfI64GeUAccSlot, // 0.016 %, 1
            I64SubSlotAcc, // 0.014 %, 12
            BrIfI64NeSlotAcc, // 0.012 %, 5
            BrIfI64GeUSlotAcc, // 0.008 %, 6
            I64AddSlotAccToAcc, // 0.008 %, 6
            BrIfI64LtUSlotAcc; // 0.005 %, 12
        I32MulSlotAcc, I32LoadSum =>
            I32LoadSumToAcc; // 0.173 %, 1
        I32AddSlotSlot, I32AddSlotSlot =>
            I32AddImm, // 0.131 %, 3
            Move64Imm, // 0.033 %, 1
            AddBranchI32Ne32Slot; // 0.005 %, 1
        I32AndImm32ToAcc, I32ShrUAccImmToAcc =>
            I32XorSlotAcc; // 0.157 %, 1
        I32Load8UNear, I32Load8UNear =>
            BrIfI32EqSlotAcc, // 0.131 %, 3
            BrIfI32NeSlotAcc; // 0.025 %, 3
        I32Load8UNear, I32AddImm =>
            BrIfSlot; // 0.153 %, 2
        Move64ImmToAcc, I32SubAccSlotToAcc =>
            I32AndAccImm; // 0.152 %, 1
        I32Load8UNearAccToAcc, I32Store8NearOfAcc =>
            I32Store8Near; // 0.150 %, 2
        I32AndImmToAcc, I32XorSlotAccToAcc =>
            I32MulAccImm32; // 0.149 %, 1
        I64LoadNearToAcc, I64AddAccImm =>
            I64StoreNearOfAcc, // 0.081 %, 22
            LoadTwo64, // 0.032 %, 11
            I32WrapI64SlotToAcc, // 0.013 %, 1
            I64AndImmToAcc, // 0.012 %, 4
            I64LoadNear; // 0.010 %, 15
        F64LoadNearToAcc, F64MulAccSlotToAcc =>
            F64MulAccSlot, // 0.091 %, 1
            MulThenF64MulF64SubAccToAcc, // 0.046 %, 1
            MulThenF64MulF64AddAccToAcc; // 0.000 %, 0
        GlobalGetToAcc, I64LoadNearAcc =>
            BrIf64Acc, // 0.116 %, 19
            I64StoreNearOfAcc, // 0.013 %, 5
            I64LoadNearAcc; // 0.008 %, 12
        I32AddImm32ToAcc, I32Load8UNearAccToAcc =>
            I32XorAccSlotToAcc, // 0.128 %, 1
            BrIfAcc; // 0.005 %, 1
        I64AddSlotSlotToAcc, I64Load8UNearAcc =>
            I64LoadSumToAcc, // 0.047 %, 4
            BrIfI64GeUAccImm, // 0.026 %, 2
            I64MulImm32ToAcc, // 0.017 %, 2
            I64AddAccImm32ToAcc, // 0.014 %, 1
            I64MulAccImmToAcc, // 0.012 %, 1
            BrIfI64EqAccImm, // 0.012 %, 2
            BrIfI64LtUAccImm; // 0.006 %, 3
        I32LoadFarAccToAcc, I32XorSlotAcc =>
            Bits32ToAcc, // 0.096 %, 1
            AddBranchI32Ne32Imm; // 0.032 %, 1
        I64MulImmToAcc, I64AddSlotAcc =>
            F64LoadNear, // 0.046 %, 1
            I64StoreNearOfAcc, // 0.029 %, 2
            I64AddImm, // 0.023 %, 1
            F64LoadSumToAcc, // 0.023 %, 1
            I64Load32UNearAccToAcc; // 0.008 %, 14
        GlobalGetOp, I64LoadNearAcc =>
            LoadTwo64, // 0.109 %, 17
            I64LoadNear, // 0.006 %, 11
            BrIf64Acc; // 0.005 %, 5
        I64ShlAccImm, I64AddImmToAcc =>
            I64AddAccSlotToAcc, // 0.081 %, 7
            I64AddAccSlot; // 0.038 %, 7
        I32AddImm, I32Load8UNearAcc =>
            I32AddImm, // 0.113 %, 2
            BrIfI32GtUAccImm; // 0.004 %, 1
        I64ShlImm, I64AddSlotAcc =>
            I64AddSlotSlotToAcc, // 0.057 %, 1
            I64Load32UNearAcc, // 0.042 %, 21
            I64LoadNearAcc; // 0.016 %, 5
        Move64ImmToAcc, I64StoreSumOfAcc =>
            GoReturnOp, // 0.088 %, 15
            BrIfLoaded64, // 0.009 %, 6
            I64StoreSum, // 0.009 %, 10
            MemoryMove64Sum; // 0.007 %, 9
        I64XorSlotAcc, Move64Imm64ToAcc =>
            I64MulSlotAccToAcc, // 0.104 %, 6
            I64MulSlotAcc; // 0.005 %, 5
        I64LoadNear, I64MulImmToAcc =>
            I64AddSlotAcc, // 0.050 %, 2
            I64AddAccImmToAcc; // 0.049 %, 1
        I64AddSlotAcc, I64LoadNearToAcc =>
            BrIfI64GeUAccSlot, // 0.071 %, 2
            I64AddAccImmToAcc; // 0.026 %, 1
        F64LoadSumToAcc, F64SubSlotAcc =>
            F64MulSlotSlot, // 0.046 %, 1
            F64LoadSum; // 0.046 %, 1
        I32LtSSlotSlotToAcc, I32SubSlotAcc =>
            ReturnValue64Acc; // 0.090 %, 1
        Move64Imm64ToAcc, I64MulSlotAcc =>
            Move64Imm64ToAcc, // 0.078 %, 16
            I64StoreSum; // 0.012 %, 6
        I64LoadNearToAcc, I64AddAccImmToAcc =>
            I64ShlAccImm, // 0.052 %, 1
            I64StoreNearOfAcc; // 0.036 %, 17
        F64AddSlotAcc, AddTwo32 =>
            BrIfAcc; // 0.087 %, 1
        I32AddSlotAccToAcc, I32AddSlotAccToAcc =>
            I32AddSlotAcc; // 0.087 %, 1
        I32AddSlotSlot, F64LoadSum =>
            F64LoadSumToAcc; // 0.087 %, 1
        I32LoadSum, I32AddSlotSlot =>
            I32LoadSumToAcc; // 0.087 %, 1
        I32MulSlotAcc, I32LoadNear =>
            I32LoadSumToAcc; // 0.087 %, 1
        MulThenF64MulF64AddAccToAccReversed, F64AddSlotAccToAcc =>
            F64AddSlotAccToAcc; // 0.087 %, 1
        I64Load32SNearToAcc, I64AddAccImm =>
            I64Store32NearOfAcc, // 0.056 %, 17
            I64Load32SNear, // 0.013 %, 1
            I32WrapI64Acc; // 0.012 %, 14
        I32WrapI64Acc, I32WrapI64Slot =>
            I32WrapI64Slot; // 0.078 %, 16
        I64LoadVia64, I64LoadVia64 =>
            I64LoadVia64, // 0.017 %, 9
            BrIfI64LeSImm, // 0.009 %, 1
            I64Load32UVia64, // 0.009 %, 1
            I64LoadNearToAcc, // 0.009 %, 6
            I64SubAccSlot, // 0.009 %, 3
            BrIfI64GeUAccSlot, // 0.009 %, 3
            BrIfI64LeSSlotAcc, // 0.008 %, 1
            I64LoadNear; // 0.008 %, 15
        Move64Imm64ToAcc, I64AddSlotAccToAcc =>
            I64ShrUAccImmToAcc, // 0.066 %, 13
            I64AndSlotAcc; // 0.009 %, 9
        I64LoadNear, I64EqAccImm =>
            BrIf64Acc; // 0.075 %, 17
        MulThenF64MulF64SubAccToAcc, F64StoreNearOfAcc =>
            F64LoadNear, // 0.046 %, 1
            AddBranchI64LtS64Imm; // 0.026 %, 1
        Move64Imm, Move64Imm =>
            BrOp, // 0.044 %, 18
            SelectSlot, // 0.014 %, 16
            I32AddImm; // 0.011 %, 11
        I32RotlImm, I32RotlImmToAcc =>
            I64XorSlotAcc, // 0.069 %, 1
            I64XorSlotAccToAcc; // 0.000 %, 0
        F64MulAccSlot, F64LoadNearAccToAcc =>
            F64AddSlotAccToAcc; // 0.069 %, 1
        I64LoadNear, I64StoreNear =>
            I64StoreSum, // 0.028 %, 7
            I64StoreNearOfAcc, // 0.021 %, 2
            BrIfI64GeUSlotSlot, // 0.012 %, 1
            I64StoreSumOfAcc; // 0.007 %, 2
        Move64ImmToAcc, I64Store8SumOfAcc =>
            GoReturnOp; // 0.068 %, 17
        LoadTwo64, LoadTwo64 =>
            LoadTwo64, // 0.044 %, 15
            I64LoadNear; // 0.023 %, 12
        I32XorSlotAcc, Bits32ToAcc =>
            I32LoadFarAccToAcc; // 0.064 %, 1
        Move64Imm, SelectSlotToAcc =>
            I64StoreNearOfAcc, // 0.038 %, 17
            I64EqAccSlot, // 0.007 %, 20
            I64OrAccSlot, // 0.007 %, 11
            I64AndAccImmToAcc, // 0.006 %, 5
            I64AddAccImmToAcc; // 0.005 %, 12
        I64StoreNear, I64Store8Near =>
            I64LoadNear, // 0.029 %, 1
            BrIf64Slot, // 0.024 %, 11
            BrIfI64GeSSlotSlot; // 0.010 %, 1
        I64AndAccImmToAcc, I64AddSlotAcc =>
            AddBranchI64GeS64Slot, // 0.048 %, 2
            AddTwo64; // 0.014 %, 1
        Move64ImmToAcc, I64SubAccSlotToAcc =>
            I64ShrSAccImmToAcc; // 0.061 %, 12
        I32AddImm, I32LoadNearAcc =>
            BrIfI32LtSAccSlot, // 0.047 %, 1
            BrIfI32GtSAccSlot; // 0.014 %, 1
        I32RotlImmToAcc, I64XorSlotAccToAcc =>
            I64AddAccSlot, // 0.034 %, 1
            I64XorSlotAccToAcc; // 0.026 %, 1
        I64Load32UNearAccToAcc, I64AddSlotAccToAcc =>
            I64AddSlotAcc, // 0.034 %, 1
            I64Store32NearOfAcc; // 0.026 %, 1
        I32ShrUImm, I32XorSlotSlotToAcc =>
            I32AndAccImm; // 0.060 %, 1
        I64LoadSum, I64EqAccImm =>
            BrIf64Acc, // 0.025 %, 6
            I64LoadSum, // 0.021 %, 9
            BrUnless64Acc; // 0.013 %, 5
        I64ShlAccImmToAcc, I64AddSlotAccToAcc =>
            I64LoadNearAccToAcc, // 0.023 %, 2
            I64Load32UNearAcc, // 0.022 %, 1
            I64StoreNearAcc; // 0.014 %, 2
        Move64Slot, I64Load8UNearAcc =>
            I64LoadSumToAcc, // 0.054 %, 2
            I64Load16UNearToAcc; // 0.004 %, 1
        I64LoadVia64, MemoryMove64Near =>
            I64StoreSum; // 0.058 %, 13
        I64AddSlotSlotToAcc, I64Load8UNearAccToAcc =>
            I64EqAccSlotToAcc, // 0.048 %, 2
            BrIfI64NeAccImm; // 0.008 %, 4
        I64StoreSum, I64StoreSum =>
            I64StoreSum, // 0.029 %, 16
            GoReturnOp, // 0.016 %, 8
            I64StoreSumOfAcc; // 0.011 %, 8
        I64AddSlotAccToAcc, I64ShrUAccImmToAcc =>
            I64AddSlotAcc, // 0.042 %, 3
            I64AddSlotAccToAcc; // 0.010 %, 15
        I64XorImmToAcc, I64AndAccSlot =>
            I64AndSlotSlotToAcc, // 0.034 %, 1
            I64XorSlotSlotToAcc; // 0.018 %, 1
        I64AddImmToAcc, I64AddAccSlotToAcc =>
            I64Load32UNearAcc, // 0.026 %, 1
            I64Load32UNearAccToAcc; // 0.026 %, 1
        LoadTwo64, I64LoadNear =>
            StoreTwoOp, // 0.017 %, 10
            I64Load8UNear, // 0.015 %, 4
            BrOp, // 0.009 %, 9
            BrIfI64NeSlotSlot, // 0.005 %, 4
            I64StoreNear; // 0.005 %, 4
        I64AddImmToAcc, I64AddAccSlot =>
            I64AddImm32ToAcc, // 0.033 %, 9
            I64StoreNearOfAcc, // 0.010 %, 12
            I64Load16UNearAccToAcc; // 0.007 %, 1
        I32LoadNear, I32AndAccImmToAcc =>
            I32ShlAccImmToAcc; // 0.049 %, 1
        I64OrSlotSlotToAcc, I64AndSlotAcc =>
            I64AndSlotSlotToAcc; // 0.049 %, 1
        I64AddSlotAcc, LoadTwo64 =>
            BrIfI64GeUAccSlot; // 0.049 %, 1
        I64Load8UNearAcc, I64LoadNear =>
            I64StoreNearOfAcc; // 0.049 %, 1
        I64LoadNear, I64AddImm =>
            ShlAdd64; // 0.049 %, 1
        I64LoadNearAcc, I64LoadNear =>
            BrIfI64GeUAccSlot; // 0.049 %, 1
        I64LoadNearToAcc, I64AddSlotAcc =>
            BrOp, // 0.034 %, 17
            BrIfI64GtUAccImm, // 0.010 %, 11
            BrIfI64GtUAccSlot; // 0.005 %, 3
        I64LoadNearAccToAcc, I64StoreNearOfAcc =>
            MemoryMove64Sum; // 0.048 %, 14
        I64LoadNear, ShlAdd64 =>
            I64LoadNearAcc, // 0.023 %, 6
            I64Load32UNearAcc, // 0.013 %, 1
            I64AddImm; // 0.012 %, 1
        I64XorAccSlotToAcc, I32WrapI64Acc =>
            I64XorSlotSlotToAcc, // 0.023 %, 10
            I64LoadAbsolute, // 0.023 %, 9
            I64LoadNearToAcc; // 0.000 %, 0
        AddTwo64, F64SqrtSlotToAcc =>
            F64MulAccSlotToAcc; // 0.046 %, 1
        F64AddSlotAccToAcc, F64StoreNearOfAcc =>
            AddBranchI64GeS64Slot, // 0.046 %, 1
            I64AddAccImm, // 0.000 %, 0
            I64AddImm; // 0.000 %, 0
        F64DivSlotAcc, MulThenF64MulF64SubAcc =>
            F64StoreNearOfAcc; // 0.046 %, 1
        F64LoadNear, F64LoadNearToAcc =>
            F64MulAccSlotToAcc; // 0.046 %, 1
        F64LoadNearAcc, I64AddImm =>
            F64LoadNearAccToAcc; // 0.046 %, 1
        F64LoadNearAccToAcc, F64SubSlotAcc =>
            F64LoadSum; // 0.046 %, 1
        F64LoadNearToAcc, F64AddSlotAccToAcc =>
            F64StoreNearOfAcc; // 0.046 %, 1
        F64MulAccSlot, AddTwo64 =>
            AddTwo64; // 0.046 %, 1
        F64MulAccSlotToAcc, MulThenF64MulF64AddAccToAcc =>
            F64StoreNearOfAcc; // 0.046 %, 1
        F64StoreNearOfAcc, F64LoadNear =>
            F64LoadNearToAcc; // 0.046 %, 1
        MulThenF64MulF64AddSlot, MulThenF64MulF64AddSlot =>
            I64AddImm; // 0.046 %, 1
        I64ShrUAccImmToAcc, I64AddSlotAcc =>
            I32WrapI64SlotToAcc; // 0.045 %, 4
        ShlAdd64ToAcc, I64LoadNearAcc =>
            I64LoadNear, // 0.012 %, 1
            BrIf64Acc, // 0.012 %, 7
            BrIfI64GeUSlotSlot, // 0.011 %, 1
            BrOp; // 0.010 %, 1
        I32AddSlotSlot, I32AddImm =>
            Move64Acc; // 0.044 %, 3
        GlobalGetToAcc, I64Load8UNearAccToAcc =>
            BrUnlessAcc; // 0.044 %, 16
        I32AddAccImm, I32LoadNear =>
            BrIfI32GtSAccSlot; // 0.043 %, 1
        I32ShrUAccImmToAcc, I32AndAccImm =>
            Bits32ToAcc; // 0.042 %, 1
        I32AddImm32, Move64Imm64ToAcc =>
            I64MulSlotAcc; // 0.042 %, 4
        I64AddImm, I64ShlAccImm =>
            I64AddSlotAcc; // 0.042 %, 21
        I64AddSlotAccToAcc, I64LoadNearAccToAcc =>
            I64LtSSlotAccToAcc; // 0.042 %, 2
        I64MulSlotSlot, I64MulSlotSlot =>
            I64MulSlotSlot, // 0.041 %, 3
            I64ShrUImmToAcc; // 0.000 %, 0
        I64LoadNear, ShlAdd64ToAcc =>
            I64LoadNearAcc, // 0.024 %, 3
            I64StoreNearAcc; // 0.017 %, 2
        I64StoreNear, I64LoadNearToAcc =>
            I64ShlAccImmToAcc, // 0.016 %, 1
            BrIfI64GeSSlotAcc, // 0.007 %, 1
            I64AddAccImm, // 0.007 %, 6
            I64ShrUAccSlot, // 0.006 %, 3
            I64AddSlotAcc; // 0.005 %, 2
        I64LoadVia64ToAcc, I64AddAccImm =>
            I64StoreVia64, // 0.036 %, 15
            I64StoreNearOfAcc; // 0.004 %, 5
        I64MulSlotSlot, I64ShrUImmToAcc =>
            I64AddSlotAcc; // 0.040 %, 2
        I64LoadNearAcc, I64ShrUAccImm =>
            I32WrapI64Slot; // 0.040 %, 1
        I64MulSlotSlot, I64AddAccSlot =>
            I64XorAccImm; // 0.040 %, 1
        I64OrSlotAccToAcc, I64ShrUAccImm =>
            I64AddSlotAcc; // 0.040 %, 1
        CopyTwoOp, Move64Slot =>
            I64Load32UNear, // 0.034 %, 1
            BrOp; // 0.005 %, 6
        I64LoadNearToAcc, I64ShlAccImmToAcc =>
            I64AddSlotAcc, // 0.030 %, 7
            I64AddAccImm32ToAcc; // 0.009 %, 11
        I32LoadNearToAcc, I32AddAccImmToAcc =>
            I32StoreNearOfAcc; // 0.039 %, 3
        I64LoadNearToAcc, I64AddAccSlotToAcc =>
            F64LoadNearAccToAcc, // 0.026 %, 1
            I64Load8UNearAcc, // 0.007 %, 2
            I64StoreNearOfAcc; // 0.006 %, 2
        I64AndAccImmToAcc, I64EqAccImm =>
            BrUnless64Acc, // 0.016 %, 9
            BrOp, // 0.013 %, 1
            BrIf64Acc; // 0.009 %, 10
        I64StoreNear, I64AddImmToAcc =>
            I64ShlAccImmToAcc, // 0.031 %, 4
            I64StoreNearOfAcc; // 0.007 %, 6
        I32AddImmToAcc, GlobalSetAcc =>
            ReturnValue64Slot, // 0.030 %, 2
            ReturnOp; // 0.007 %, 2
        I32AddImm32ToAcc, I32LoadNearAccToAcc =>
            I32XorAccSlot, // 0.032 %, 1
            BrIfI32NeSlotAcc; // 0.005 %, 1
        I32AddSlotSlot, I32Load8UNearAcc =>
            I32AddSlotSlot; // 0.037 %, 1
        Bits32ToAcc, I32AddSlotAcc =>
            I32Load8UNearAccToAcc, // 0.021 %, 1
            I32Store8NearAcc, // 0.011 %, 1
            Bits32; // 0.006 %, 1
        I64LoadNearAcc, I64LoadNearToAcc =>
            BrIfI64EqSlotAcc, // 0.022 %, 8
            BrIfI64NeSlotAcc, // 0.008 %, 2
            I64SubSlotAcc; // 0.006 %, 10
        I64MulSlotAcc, Move64Imm64ToAcc =>
            I64AddSlotAcc; // 0.036 %, 10
        I64Load8UVia64ToAcc, I64AndAccImmToAcc =>
            I64EqAccImm, // 0.025 %, 10
            I64ShrUSlotAcc; // 0.010 %, 1
        I32AddSlotSlot, I32AddSlotSlotToAcc =>
            I32Load8UNearAccToAcc; // 0.035 %, 3
        I32WrapI64Acc, I64Store32Via64 =>
            BrIf64Slot; // 0.035 %, 17
        I64Store32Via64Imm, I64Load32SVia64ToAcc =>
            I64AddAccImm; // 0.035 %, 17
        I64LoadAbsolute, I64LoadVia64ToAcc =>
            BrIfI64EqSlotAcc; // 0.035 %, 16
        I32RotlImmToAcc, I64XorSlotAcc =>
            I64AndSlotSlot; // 0.034 %, 1
        I64AndSlotSlotToAcc, I64XorSlotAcc =>
            I64AndSlotSlotToAcc; // 0.034 %, 1
        I64XorSlotAccToAcc, I64AddSlotAcc =>
            I64LoadNearToAcc; // 0.034 %, 1
        I64AddImm, I64ShrUSlotAcc =>
            I64LtUImm; // 0.034 %, 17
        I64Store16Near, I64Load16UNearToAcc =>
            I64AddAccImmToAcc; // 0.034 %, 17
        I64AddSlotSlotToAcc, I64ShrUAccImm =>
            BrIfI64GeUAccSlot, // 0.020 %, 2
            I64ShlAccImm, // 0.007 %, 1
            I64StoreNearOfAcc; // 0.005 %, 1
        I64LoadNear, I64Load16UVia64ToAcc =>
            I64Store16NearOfAcc; // 0.033 %, 16
        I64MulAccImmToAcc, I64ShrUAccImm =>
            Move64Imm64ToAcc, // 0.033 %, 9
            I64StoreNear; // 0.000 %, 0
        I32WrapI64AccToAcc, I64MulSlotAcc =>
            I64ShrUAccImmToAcc; // 0.033 %, 12
        I32AndImmToAcc, I32ShlAccImmToAcc =>
            I32LoadFarAccToAcc; // 0.032 %, 1
        I32ShrUAccImmToAcc, I32AndAccImmToAcc =>
            I32LoadFarAcc; // 0.032 %, 1
        I32XorSlotAcc, I32AddImm32ToAcc =>
            I32LoadNearAcc; // 0.032 %, 1
        I64CtzSlot, I64Load16UNearToAcc =>
            I64AddSlotAcc; // 0.032 %, 15
        I32XorAccImmToAcc, I32ShrUAccImmToAcc =>
            I32AddSlotAcc; // 0.032 %, 1
        I32AddAccImm, GlobalSetAcc =>
            ReturnValue64Imm; // 0.032 %, 14
        I64LoadVia64, I64LoadVia64ToAcc =>
            I64AddAccImm, // 0.026 %, 7
            I64SubAccSlot; // 0.005 %, 3
        I64ShrUAccImmToAcc, I64MulAccImmToAcc =>
            I64ShrUAccImm; // 0.031 %, 8
        I32AddImmToAcc, I32AddAccSlotToAcc =>
            I32Store8NearAcc; // 0.031 %, 1
        I64LoadNearAcc, LoadTwo64 =>
            I64LoadNear, // 0.030 %, 3
            I32WrapI64Acc; // 0.000 %, 0
        I64LoadSum, I64LoadSum =>
            I64LoadSum; // 0.030 %, 10
        I64LoadNear, Move64Imm =>
            BrOp; // 0.029 %, 15
        GlobalGetOp, CopyTwoOp =>
            I64StoreNear, // 0.021 %, 4
            I64Store8Near; // 0.008 %, 10
        I64ShlImm, I64AddSlotAccToAcc =>
            I64LoadNearAcc; // 0.029 %, 1
        I64LoadNear, I32WrapI64Slot =>
            BrIfI64GeUAccSlot; // 0.029 %, 1
        I64LoadNear, Move64Imm64ToAcc =>
            I64MulSlotAcc; // 0.029 %, 8
        I64Load8UNearAccToAcc, I64Store8NearOfAcc =>
            AddBranchI64LtS64Slot; // 0.029 %, 8
        I64AddSlotAcc, I64LoadNearAcc =>
            LoadTwo64, // 0.016 %, 1
            BrUnless64Acc; // 0.012 %, 1
        I64AndAccImm32, I64Load16UNear =>
            BrIfI64GeUSlotAcc; // 0.028 %, 12
        I32AddImmToAcc, I32EqSlotAccToAcc =>
            I32SubSlotAcc; // 0.028 %, 1
        I32AddImmToAcc, I32NeSlotAccToAcc =>
            I32SubSlotAcc; // 0.028 %, 1
        I64AddSlotSlotToAcc, I64LoadNearAcc =>
            I64AddSlotSlot; // 0.027 %, 1
        I64OrSlotAcc, I64StoreNear =>
            I64ShrUAccImm; // 0.027 %, 1
        I64Store16NearOfAcc, I64AndImm32ToAcc =>
            I64ShlAccImm; // 0.027 %, 15
        I64StoreNear, I64StoreSum =>
            I64StoreSum; // 0.027 %, 10
        I64Load32UNearAccToAcc, I64XorSlotAcc =>
            I64Load8UNearToAcc, // 0.011 %, 1
            Bits64ToAcc, // 0.011 %, 1
            I64AndImmToAcc; // 0.005 %, 1
        I64Store8Near, I64ShrUImm =>
            AddTwo64; // 0.026 %, 20
        I64LoadNear, I64Load32UNearToAcc =>
            I64Store32NearOfAcc, // 0.017 %, 8
            I32WrapI64Acc; // 0.010 %, 7
        ShlAdd64, I64LoadNearAccToAcc =>
            BrIfI64EqSlotAcc; // 0.026 %, 1
        I64Load32SNearToAcc, I64AddAccImmToAcc =>
            I32WrapI64AccToAcc, // 0.014 %, 1
            I64Store32NearOfAcc; // 0.012 %, 6
        I32AddSlotSlotToAcc, I32Load8UNearAccToAcc =>
            I32SubSlotAccToAcc, // 0.014 %, 1
            BrIfI32EqSlotAcc, // 0.012 %, 2
            I32Store8NearOfAcc; // 0.000 %, 0
        I64AddAccImmToAcc, I64ShlAccImm =>
            I64AddImmToAcc; // 0.026 %, 1
        I64AddAccSlotToAcc, I64Load32UNearAcc =>
            I64LoadNearToAcc; // 0.026 %, 1
        I64AddSlotAcc, I64ShrUImm =>
            I32RotlImm; // 0.026 %, 1
        I64ShrUAccImm, I32RotlImm =>
            I32RotlImmToAcc; // 0.026 %, 1
        I64XorSlotAccToAcc, I64XorSlotAcc =>
            I64LoadNearToAcc; // 0.026 %, 1
        I64XorAccSlotToAcc, I32RotlAccImm =>
            I64AddSlotAcc, // 0.013 %, 21
            I64AddSlotSlot, // 0.006 %, 21
            I64AddAccSlot; // 0.006 %, 21
        I64AddSlotAccToAcc, I64Load8UNearAccToAcc =>
            I64Store8NearOfAcc, // 0.012 %, 1
            I64OrSlotAccToAcc, // 0.009 %, 1
            BrIfI64EqAccImm; // 0.006 %, 2
        I64LoadSum, I64LoadSumToAcc =>
            I64AddAccImm; // 0.026 %, 5
        I64LoadNear, I64ShlImm =>
            I64LoadNear; // 0.025 %, 1
        I32AddImm32ToAcc, I32Load8UNearAcc =>
            BrIfI32EqAccImm; // 0.025 %, 1
        I32RemUAccImmToAcc, I32Load8UFarAccToAcc =>
            I32Store8NearOfAcc; // 0.025 %, 1
        I64AddSlotSlot, I64Load8UNearToAcc =>
            I64Store8NearOfAcc; // 0.025 %, 3
        I64LoadNear, I64AddAccImm =>
            BrIfI64GeUAccSlot; // 0.024 %, 2
        I64AndImm, Move64ImmToAcc =>
            I64ShlAccSlot; // 0.024 %, 2
        I64AddAccImm32ToAcc, I32RotlAccImmToAcc =>
            I64AddSlotAcc; // 0.024 %, 1
        ShlAdd64ToAcc, I64LoadNearAccToAcc =>
            BrIfI64GtSAccSlot, // 0.017 %, 1
            I64ShlAccSlotToAcc; // 0.007 %, 1
        I64AddAccImm, I64LoadNear =>
            BrIfI64GeUSlotSlot; // 0.024 %, 4
        I64AddSlotAcc, I64ShrUAccImmToAcc =>
            I32WrapI64Acc; // 0.024 %, 2
        I64AddImmToAcc, I64AddSlotAcc =>
            I64StoreSum; // 0.023 %, 2
        I64AddAccImmToAcc, I64Store16NearOfAcc =>
            I64Load16UNearToAcc, // 0.015 %, 7
            AddTwo64, // 0.004 %, 1
            I64LoadSum, // 0.004 %, 5
            I64AndImm32ToAcc; // 0.000 %, 0
        I64LoadNearToAcc, I64AndSlotAccToAcc =>
            I64OrAccSlot; // 0.023 %, 10
        I64XorSlotAccToAcc, I32WrapI64AccToAcc =>
            I64MulAccSlot; // 0.023 %, 9
        F64StoreNearOfAcc, I64AddAccImm =>
            F64LoadSumToAcc; // 0.023 %, 1
        F64StoreNearOfAcc, I64AddImm =>
            F64LoadSumToAcc; // 0.023 %, 1
        I64AddSlotAccToAcc, I64StoreNearAcc =>
            BrOp; // 0.023 %, 2
        StoreTwoOp, StoreTwoOp =>
            I64StoreSum, // 0.018 %, 6
            MemoryMove64Near; // 0.004 %, 6
        StoreTwoOp, I64StoreNear =>
            I64StoreNearOfAcc; // 0.022 %, 1
        I64LtSImm, Move64Imm =>
            Move64Imm; // 0.022 %, 5
        I64StoreNear, I64Load32UAbsoluteToAcc =>
            BrUnless64Acc; // 0.022 %, 5
        I64LtUSlotSlotToAcc, SelectAcc =>
            I32WrapI64Slot; // 0.021 %, 4
        SelectSlot, I64EqImm =>
            Move64Imm; // 0.021 %, 4
        CopyTwoOp, I32AddImm =>
            BrOp; // 0.021 %, 1
        I32AddAccImm32, I32LoadFar =>
            BrUnlessAcc; // 0.021 %, 1
        I32AddImm32, I32AndImm =>
            I32MulAccImm; // 0.021 %, 1
        I32MulAccImm, I32Load8UFarAcc =>
            BrIfAcc; // 0.021 %, 1
        I32MulImm, I32DivUImmToAcc =>
            I32MulAccImm32ToAcc; // 0.021 %, 1
        I32SubSlotAccToAcc, I32AddAccImm32 =>
            Move32Imm32; // 0.021 %, 1
        I32AddSlotAcc, I32AddSlotSlotToAcc =>
            I32AddSlotAcc; // 0.021 %, 1
        I32AddSlotSlot, I32Load16SSumToAcc =>
            I32MulSlotAcc; // 0.021 %, 1
        I32Load16SNear, I32Load16SNearToAcc =>
            I32MulSlotAcc; // 0.021 %, 1
        I32Load16SVia32, I32Load16SNearToAcc =>
            I32GtSSlotAcc; // 0.021 %, 1
        I64LoadSum, I64StoreNearOfAcc =>
            MemoryMove64Near, // 0.013 %, 10
            I64Store8Via64; // 0.008 %, 9
        I64AddSlotSlotToAcc, I64AddAccImm =>
            BrIf64Acc; // 0.021 %, 12
        Move64Imm64, F64MulAccSlot =>
            F64ConvertI64SSlot, // 0.014 %, 1
            I64StoreSum; // 0.007 %, 1
        I64LoadNearToAcc, I64SubSlotAcc =>
            BrIfI64GeUImm; // 0.020 %, 1
        I64Store32Sum, I64StoreSum =>
            GoReturnOp; // 0.020 %, 1
        I64AddSlotSlot, Move64Imm =>
            BrOp; // 0.020 %, 4
        I32MulSlotSlotToAcc, I32AddSlotAcc =>
            I32AddImm; // 0.020 %, 1
        I64Store8Near, I64Store8NearOfAcc =>
            AddTwo64; // 0.019 %, 1
        I64StoreNearImm, Move32Imm32ToAcc =>
            I64StoreSumOfAcc; // 0.019 %, 7
        I64ShlAccImmToAcc, I64AddSlotAcc =>
            I64Load32UNearAcc, // 0.016 %, 1
            I64Store32NearAcc; // 0.003 %, 1
        I64LoadNear, I64SubSlotAcc =>
            I64ShrUAccImm; // 0.018 %, 11
        I64ShrUImm, I64AndImm =>
            I64ShlImm; // 0.018 %, 11
        I32SubAccImm, GlobalSetAcc =>
            I32LoadNear; // 0.018 %, 2
        Move32Imm32ToAcc, I64StoreSumOfAcc =>
            MemoryMove64Sum, // 0.010 %, 11
            I64StoreSum; // 0.007 %, 7
        I32Load16UNearToAcc, I32AndAccImmToAcc =>
            BrIfI32EqSlotAcc; // 0.017 %, 1
        I64ShlAccImmToAcc, I64OrSlotAcc =>
            I64AddImmToAcc; // 0.017 %, 1
        I64AddSlotAcc, I64SubSlotSlot =>
            I64AddSlotAccToAcc; // 0.017 %, 2
        I64Load8UNearAccToAcc, I64MulSlotAccToAcc =>
            I64SubSlotAcc; // 0.017 %, 2
        I64LoadNearAccToAcc, I64ShlAccSlot =>
            I64AddImm; // 0.017 %, 1
        I64ShrUAccSlotToAcc, I64OrSlotAccToAcc =>
            I64StoreNearOfAcc; // 0.017 %, 1
        I32MulAccImmToAcc, I32AddSlotAcc =>
            BrIfSlot, // 0.006 %, 1
            I32AddAccImm, // 0.006 %, 1
            I32Load16UNearAcc; // 0.005 %, 1
        I64MulSlotAccToAcc, I64AddSlotAcc =>
            I64LoadNear, // 0.013 %, 1
            I64LoadSum; // 0.004 %, 2
        I32AddImmToAcc, I32AddAccSlot =>
            I32AddImmToAcc; // 0.017 %, 1
        Move64Imm64ToAcc, I64AndSlotAcc =>
            BrOp; // 0.016 %, 6
        I64AddSlotAcc, I64StoreNearOfAcc =>
            I64LoadNearAcc; // 0.016 %, 1
        I64StoreNear, StoreTwoOp =>
            I64StoreNear; // 0.016 %, 1
        I32Load8UNear, Move32ImmToAcc =>
            I32ShlAccSlotToAcc; // 0.016 %, 1
        I32Store8NearOfAcc, I32AddSlotSlot =>
            Move64Slot; // 0.016 %, 1
        I64SubSlotSlot, I64SubSlotSlot =>
            BrIfI64GeUImm; // 0.016 %, 1
        Move32Imm32ToAcc, I64StoreNearOfAcc =>
            MemoryMove64Sum; // 0.016 %, 13
        I64StoreNearOfAcc, Move64ImmToAcc =>
            I64SubAccSlot; // 0.015 %, 2
        I64LtSSlotSlot, I64MulSlotSlot =>
            SelectSlot; // 0.015 %, 1
        I64AddSlotSlot, I64LoadNearAccToAcc =>
            I64AddAccImmToAcc; // 0.015 %, 1
        I64ShrUImmToAcc, I64AddSlotAccToAcc =>
            I64AndAccImmToAcc; // 0.015 %, 1
        I64LoadVia64, I64EqAccImm =>
            BrIf64Acc, // 0.009 %, 11
            BrUnless64Acc; // 0.005 %, 4
        I32StoreNear, I32StoreNear =>
            BrIfI32LeUSlotSlot; // 0.015 %, 1
        I64LoadVia64ToAcc, I64AddAccSlotToAcc =>
            I64Load8UNearAcc, // 0.010 %, 3
            I64Store8NearAcc; // 0.004 %, 1
        I32AddAccSlot, I32AddImmToAcc =>
            I32Store8NearOfAcc; // 0.015 %, 1
        I32ShrUAccImmToAcc, I32AddAccSlot =>
            I32AddImmToAcc; // 0.015 %, 1
        I32WrapI64Acc, I64LoadNearToAcc =>
            I64XorAccSlotToAcc; // 0.014 %, 5
        I64LoadAbsoluteToAcc, I64XorAccImm =>
            I64LoadNearToAcc; // 0.014 %, 5
        I64ShrUAccImm, I64LoadAbsolute =>
            I64LoadNearToAcc; // 0.014 %, 5
        I64ShrUAccImmToAcc, I64XorSlotAccToAcc =>
            I64XorAccSlotToAcc; // 0.014 %, 5
        I64AddImm32ToAcc, I64Load8UNearAccToAcc =>
            BrUnless64Acc; // 0.014 %, 1
        I64StoreNear, I64AddSlotSlotToAcc =>
            I64Load8UNearAcc; // 0.014 %, 2
        I64LoadVia64ToAcc, I64StoreNearOfAcc =>
            MemoryMove64Sum; // 0.014 %, 11
        F64AddSlotAccToAcc, F64DivAccSlot =>
            I64ShlImm; // 0.014 %, 1
        I64AndImmToAcc, I64SubSlotAccToAcc =>
            BrIfI64NeAccImm; // 0.014 %, 1
        Move64Imm64, F64SubSlotSlot =>
            Move64Imm; // 0.014 %, 1
        I64Load32SNearAccToAcc, I64Extend32SAccToAcc =>
            BrIfI64GtSAccImm; // 0.014 %, 1
        I64Load32SSum, I64LoadNearToAcc =>
            BrIfI64GtSAccSlot; // 0.014 %, 1
        I64Load8UNearAcc, I64XorAccImmToAcc =>
            I64AndAccSlot; // 0.014 %, 1
        I64AndImmToAcc, I64AddAccImm32ToAcc =>
            I64Load8UNearAccToAcc; // 0.014 %, 2
        MemoryMove64Sum, I64StoreSum =>
            I64StoreSum; // 0.013 %, 9
        Move32Imm32ToAcc, I64MulSlotAcc =>
            I64ShrUImmToAcc, // 0.007 %, 15
            I32WrapI64SlotToAcc; // 0.006 %, 3
        I64LoadNear, I64StoreNearOfAcc =>
            BrIf64Acc, // 0.006 %, 2
            I64ShrUImm, // 0.005 %, 5
            I64StoreNear; // 0.002 %, 3
        I64AddSlotSlot, I64ShrUImm =>
            AddBranchI64LtU64Imm; // 0.013 %, 4
        I64StoreSumOfAcc, I64StoreSum =>
            I64StoreSum; // 0.013 %, 7
        I64LoadNear, I64Load32UNear =>
            BrIfI64GeUAccSlot; // 0.013 %, 1
        I32MulAccSlot, I32AddSlotSlotToAcc =>
            I32Load8UNearAccToAcc; // 0.013 %, 1
        LoadTwo64, Move64Slot =>
            I64LoadNear; // 0.012 %, 4
        I64AddAccImmToAcc, I64AndAccImmToAcc =>
            BrIfI64GtUAccImm; // 0.012 %, 1
        I64AddImmToAcc, I64StoreSumOfAcc =>
            I64StoreSum; // 0.012 %, 10
        I64StoreSum, I64StoreSumOfAcc =>
            GoReturnOp; // 0.012 %, 12
        I64ShrUAccImmToAcc, I64AndAccImmToAcc =>
            I64AddAccImm32; // 0.012 %, 1
        Move64ImmToAcc, I64ShlAccSlot =>
            I64LtUImm; // 0.011 %, 12
        Move64Slot, I32AddImm =>
            BrOp; // 0.011 %, 1
        I64StoreVia64, I64StoreSum =>
            GoReturnOp; // 0.011 %, 18
        I64AddImmToAcc, I64Extend32SAcc =>
            BrIfI64GtUAccSlot; // 0.011 %, 1
        GlobalGetToAcc, I32SubAccImmToAcc =>
            I32LoadNearAccToAcc, // 0.006 %, 2
            I32Load16UNearAcc; // 0.006 %, 2
        I64AddImmToAcc, I64AddSlotAccToAcc =>
            I64Store8NearAcc, // 0.006 %, 3
            I64Store8NearAccImm; // 0.005 %, 2
        I64AddSlotSlotToAcc, I64LoadNearAccToAcc =>
            I64ShrUAccSlot, // 0.007 %, 1
            I64XorSlotAcc; // 0.004 %, 1
        Move64Imm64ToAcc, I64MulSlotAccToAcc =>
            I64ShrUAccImmToAcc, // 0.010 %, 1
            I64StoreSumOfAcc; // 0.000 %, 0
        I64ShrUAccImmToAcc, I64AddSlotAccToAcc =>
            I64AddAccImmToAcc; // 0.010 %, 3
        I32StoreNear, Move64Slot =>
            BrIfI32GtUSlotSlot; // 0.010 %, 1
        I64Load32UAbsoluteToAcc, I64EqAccImm =>
            BrIf64Acc; // 0.010 %, 6
        I64Load32SNear, I64Store32Near =>
            I64Store32NearOfAcc; // 0.010 %, 1
        I64LoadNearToAcc, I64EqAccImm =>
            BrIf64Acc; // 0.010 %, 8
        Move64Imm, I32Load8UNear =>
            I32Load8UFarAccToAcc, // 0.005 %, 1
            I32AddAccImmToAcc; // 0.004 %, 2
        I64AddSlotSlotToAcc, I64AddSlotAcc =>
            I64XorAccImm; // 0.010 %, 1
        I64AddSlotAccToAcc, I64Load8UNearAcc =>
            BrIfI64EqAccImm; // 0.009 %, 1
        I64LoadVia64, ShlAdd64 =>
            I64Load32UNearAcc; // 0.009 %, 1
        I64Store8Near, I64LoadNear =>
            I64MulImmToAcc; // 0.009 %, 1
        I64Load32SSum, I64LoadSum =>
            I64StoreNearOfAcc; // 0.009 %, 1
        I64AndImm, I64SubSlotSlot =>
            I32WrapI64SlotToAcc; // 0.009 %, 1
        I64ShrUAccImmToAcc, I32WrapI64AccToAcc =>
            I64StoreSumOfAcc; // 0.009 %, 1
        I64Store32NearOfAcc, I64StoreNear =>
            I32WrapI64SlotToAcc; // 0.009 %, 1
        I64XorSlotSlotToAcc, I32WrapI64Acc =>
            I64XorSlotSlotToAcc; // 0.009 %, 9
        I64LoadNear, I64LoadAbsoluteToAcc =>
            I64XorSlotAcc; // 0.009 %, 8
        I64LoadVia64, I64StoreNear =>
            MemoryMove64Sum; // 0.009 %, 2
        I32AddImm32ToAcc, I32LoadNearAcc =>
            BrUnlessAcc; // 0.009 %, 1
        I64LoadNear, Move64Slot =>
            I64LoadNear; // 0.009 %, 12
        MemoryMove64Near, I64StoreSum =>
            GoReturnOp; // 0.009 %, 4
        I64StoreVia64, I64Store8Via64Imm =>
            I64Store8Sum; // 0.008 %, 1
        StoreTwoOp, I64Store8Near =>
            StoreTwoOp; // 0.008 %, 3
        I32LoadNear, I64Load32UNearAcc =>
            BrIfI64LtUSlotAcc; // 0.008 %, 1
        I64StoreSumOfAcc, I64LoadNearToAcc =>
            GlobalSetAcc; // 0.008 %, 2
        I32Load8UNearToAcc, I32AndAccImm =>
            I32AddAccImmToAcc; // 0.008 %, 1
        I64Load32SNearToAcc, I64AddSlotAcc =>
            I64Store32Via64; // 0.008 %, 13
        I64LoadVia64, I64StoreNearOfAcc =>
            MemoryMove64Sum; // 0.008 %, 5
        I64ShrUImm, I64ShrUImm =>
            I64AndImm; // 0.008 %, 18
        I64AddSlotAcc, I64XorImmToAcc =>
            I64AndSlotAcc; // 0.008 %, 5
        I64AndAccSlot, I64AndImm =>
            LoadTwo64; // 0.008 %, 3
        ShlAdd64ToAcc, I64Load32SNearAccToAcc =>
            BrIfI64GtSAccSlot; // 0.007 %, 1
        I64Load32SNearAccToAcc, I32WrapI64Acc =>
            BrIfI64GtUAccImm; // 0.007 %, 1
        I64AddAccImm32ToAcc, I64Load8UNearAccToAcc =>
            BrIf64Acc; // 0.007 %, 1
        I64AddImm, I32Load8UNear =>
            I32AddImm; // 0.007 %, 1
        I64AddSlotSlot, I64EqSlotSlotToAcc =>
            SelectAcc; // 0.007 %, 20
        I64LtUSlotAccToAcc, SelectAcc =>
            I64LtUAccSlot; // 0.007 %, 20
        SelectSlot, SelectSlot =>
            AddBranchI64LtS64Slot; // 0.007 %, 20
        I64AndImm, I64AndImm =>
            BrOp; // 0.007 %, 18
        StoreTwoOp, I64Load32UNear =>
            BrIfI64GeUAccImm; // 0.007 %, 1
        I64LoadVia64, I64LoadNear =>
            ShlAdd64; // 0.007 %, 1
        I32ShlAccImm, I32Load16UFarAccToAcc =>
            BrIfI32EqAccSlot; // 0.007 %, 1
        I32ShlImm, I32Load16UFarAcc =>
            Move64Slot; // 0.007 %, 1
        I64OrSlotAccToAcc, I64StoreNearOfAcc =>
            AddBranchI64GeS64Slot; // 0.007 %, 1
        CopyTwoOp, CopyTwoOp =>
            Move64Slot; // 0.007 %, 5
        I32RotlAccImm, I64AddAccSlot =>
            I64XorSlotAccToAcc; // 0.006 %, 21
        I32RotlAccImm, I64AddSlotAcc =>
            I64XorSlotAccToAcc; // 0.006 %, 21
        I64LoadNearToAcc, I64AndAccImmToAcc =>
            I64ShlSlotAccToAcc; // 0.006 %, 2
        I64LoadNear, I32WrapI64AccToAcc =>
            BrIfI64GeUSlotAcc; // 0.006 %, 1
        I64AddAccImmToAcc, I64StoreNearOfAcc =>
            I64Load32UNear; // 0.006 %, 1
        I64MulAccSlotToAcc, I64AddSlotAcc =>
            I64Load32UNear; // 0.006 %, 6
        I32LoadNear, I32LoadNearToAcc =>
            I32ShlAccImmToAcc; // 0.006 %, 1
        I64Load8UNearToAcc, I64Store8NearOfAcc =>
            GoReturnOp; // 0.006 %, 11
        I64StoreNear, I64LoadNear =>
            I64LoadNearToAcc; // 0.006 %, 6
        Move64Imm, Move32Imm =>
            Move64Slot; // 0.006 %, 1
        Move64Imm64, F64MulAccSlotToAcc =>
            F64StoreNearOfAcc; // 0.006 %, 1
        I64Load32SNear, I32WrapI64AccToAcc =>
            BrUnless64Acc; // 0.006 %, 4
        I64CtzSlotToAcc, I64ShrUAccImm =>
            I64StoreNearOfAcc; // 0.006 %, 5
        I64MulImm32ToAcc, I32WrapI64Acc =>
            I64ShlImm; // 0.005 %, 1
        I64LoadVia64ToAcc, I64AddAccSlot =>
            I64Load8UNearAcc; // 0.005 %, 2
        StoreTwoOp, MemoryMove64Sum =>
            I64StoreSum; // 0.005 %, 4
        I64ShrUAccImm, I64MulAccImmToAcc =>
            I64SubSlotAcc; // 0.005 %, 4
        I64LoadNear, MemoryMove64Near =>
            GoReturnOp; // 0.005 %, 6
        I32AddAccImm32ToAcc, I32Load16UNearAcc =>
            I32Store16NearOfAcc; // 0.005 %, 1
        I32Load16UNearToAcc, I32ShlAccImmToAcc =>
            I32Load16SFarAccToAcc; // 0.005 %, 1
        I32ShlImmToAcc, I32Load16UFarAcc =>
            I32Store16SumOfAcc; // 0.005 %, 1
        AddTwo64, AddTwo64 =>
            I64Load32UNearToAcc, // 0.005 %, 1
            AddTwo64; // 0.000 %, 0
        Move64ImmToAcc, I64SubAccSlot =>
            I64ShrSAccImmToAcc; // 0.005 %, 13
        I32WrapI64Acc, Move64Imm =>
            I32WrapI64Slot; // 0.005 %, 11
        I64LoadVia64, I64LoadSum =>
            BrIfI64NeImm; // 0.005 %, 4
        I64XorSlotSlot, I64XorSlotSlot =>
            BrOp; // 0.005 %, 7
        I64AddSlotAcc, I64ShrUAccImm =>
            I64AddImm32ToAcc; // 0.005 %, 1
        I64Load32UNearToAcc, I32WrapI64Acc =>
            I64Load32UNearToAcc; // 0.005 %, 2
        I64Store8Near, I64StoreNear =>
            BrIfI64GeUSlotSlot; // 0.005 %, 1
        I64AddImm, I64StoreNearOfAcc =>
            I64StoreSumOfAcc; // 0.005 %, 1
        I64AddAccImm, I32WrapI64Acc =>
            I64Store32Via64; // 0.005 %, 2
        I64Load8UNearToAcc, I64Store8SumOfAcc =>
            GlobalSetSlot; // 0.005 %, 9
        I64AddAccImm32ToAcc, I64Load8UNearAcc =>
            I32WrapI64SlotToAcc; // 0.005 %, 3
        I32Load8UNearToAcc, I32Store8NearOfAcc =>
            BrOp; // 0.004 %, 1
        I64AddSlotSlot, I64Load8UNearAccToAcc =>
            BrIfI64LtUAccImm; // 0.004 %, 2
        I64Store8Near, StoreTwoOp =>
            BrIf64Slot; // 0.004 %, 10
        I64ShlAccSlotToAcc, I64OrSlotAcc =>
            BrIfI64LtUImm; // 0.004 %, 1
        I64AddSlotAcc, I64StoreSumOfAcc =>
            I64LoadNearAcc; // 0.004 %, 5
        I64LtSSlotAccToAcc, SelectAcc =>
            I64LtSAccImm; // 0.004 %, 1
        I64XorSlotAccToAcc, I32WrapI64Acc =>
            I64AndAccSlot; // 0.004 %, 3
        I64AddSlotSlot, I64Store8NearAcc =>
            GoReturnOp; // 0.004 %, 5
        I64StoreNear, I64StoreSumOfAcc =>
            GlobalSetSlot; // 0.004 %, 4
        I64CtzSlotToAcc, I64ShrUAccImmToAcc =>
            I64AddAccSlotToAcc; // 0.004 %, 1
        I64StoreNear, I64SubSlotSlot =>
            I64SubSlotSlot; // 0.004 %, 1
        I64ShrSAccImmToAcc, I64AddSlotAcc =>
            I64AddAccImm; // 0.004 %, 2
        LoadTwo32, I32LoadNear =>
            I32SubSlotAccToAcc; // 0.004 %, 1
        Move64Slot, I64LoadNear =>
            I64Load8UNearToAcc; // 0.004 %, 2
        AddTwo32, I32LoadNear =>
            BrIfI32NeSlotSlot; // 0.004 %, 1
        I64AddSlotSlotToAcc, I64StoreNearOfAcc =>
            MemoryMove64Sum; // 0.004 %, 3
        I64LoadSumToAcc, I64StoreNearOfAcc =>
            MemoryMove64Sum; // 0.004 %, 2
        I64Load32SNearToAcc, I32WrapI64Acc =>
            BrIfI64NeAccImm; // 0.004 %, 2
        I32Load8UNear, I32Load8UNearToAcc =>
            I32SubSlotAcc; // 0.004 %, 2
        I32ShrUImmToAcc, I32AndAccImm32ToAcc =>
            I32SubSlotAcc; // 0.004 %, 1
        I32Load8UNearToAcc, I32AndAccImmToAcc =>
            I32Store8NearOfAcc; // 0.004 %, 2
        I32AddAccImmToAcc, I32StoreNearOfAcc =>
            I32StoreNear; // 0.004 %, 2
        I32AddImmToAcc, I32StoreNearOfAcc =>
            I32LoadNear; // 0.004 %, 1
        MemoryMove32Near, I32StoreNear =>
            ReturnOp; // 0.004 %, 1
        I32AddSlotSlot, I32Load8SSum =>
            BrIfI32GtSAccImm; // 0.004 %, 1
        Move64Acc, I64SubSlotAcc =>
            BrIfI64LtSAccImm; // 0.004 %, 1
        I32StoreNearOfAcc, I32LoadNear =>
            BrIfI32LeUSlotAcc; // 0.004 %, 1
        I32ShlAccImm, I32Load8UNearToAcc =>
            I32OrSlotAcc; // 0.003 %, 1
        I64AddSlotAcc, I64AndAccImm32 =>
            I64Load16UNear; // 0.002 %, 10
        I64LoadNearToAcc, I64ShrUAccSlot =>
            I64LtUImm; // 0.001 %, 5
        F64ConvertI64SAccToAcc, Move64Imm64 =>
            F64DivSlotAccToAcc; // 0.000 %, 1
        F64AddSlotAccToAcc, F64AddSlotAccToAcc =>
            F64AddSlotAcc; // 0.000 %, 0
        F64AddSlotSlotToAcc, F64MulSlotAcc =>
            F64AddSlotSlot; // 0.000 %, 0
        F64LoadSum, F64LoadSumToAcc =>
            F64MulSlotAcc, // 0.000 %, 0
            F64SubSlotAcc; // 0.000 %, 0
        I32DivUImmToAcc, I32MulAccImm32ToAcc =>
            I32SubSlotAccToAcc; // 0.000 %, 0
        I32LoadSumToAcc, I32MulSlotAcc =>
            I32LoadSum; // 0.000 %, 0
        I64AddAccImmToAcc, I64AddSlotAcc =>
            LoadTwo64; // 0.000 %, 0
        I64AddImm, F64LoadNearAccToAcc =>
            F64MulAccSlot; // 0.000 %, 0
        I64AddSlotAcc, I64StoreNear =>
            AddBranchI64GeS64Slot; // 0.000 %, 0
        I64AndSlotAcc, I64AndSlotSlotToAcc =>
            I64OrSlotAccToAcc; // 0.000 %, 0
        I64ShlAccImm, I64AddSlotAcc =>
            I64Load32UNearAccToAcc; // 0.000 %, 0
        Move64Imm, SelectSlot =>
            ReturnValue64Acc; // 0.000 %, 0
    }
}
