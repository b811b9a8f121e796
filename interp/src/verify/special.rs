//! The ops that demand more than their operands say.

use crate::dispatch::OpNumber;
use crate::ops::call::{
    Call, Halt, Lower, Restore, Return, ReturnCall, ReturnCallImport, ReturnCallIndirect,
    ReturnValue,
};
use crate::ops::go::{GoCall, GoCallIndirect, GoEnter, GoResume, ZeroLocals};
use crate::ops::intrinsic::{Intrinsic, MemCompare, MemEqual, MemFind};
use crate::ops::shape::{Acc, Imm16, Slot};
use crate::ops::tables::{TableFill, TableGrow, TableSet};
use crate::ops::{COUNT, FAMILIES, number};

/// What an op demands beyond its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    /// Nothing.
    Nothing,
    /// That it is not there. It stands in stubs only; or it relies on the type of a reference in a slot, and a slot can hold
    /// any number.
    Refused,
    /// That its last operand is the place of the callee's header.
    Call,
    /// That its last operand, at this granule, is the place of the frame's own header, and that the callee has as many results.
    TailCall(u8),
    /// That its first operand is the place of the frame's own header.
    Return,
    /// The same, and that the frame has a slot for the result in front of the header.
    ReturnValue,
    /// That the callee is a function of Go's, and a `go.resume` follows.
    GoCall,
    /// That a call of Go's precedes it.
    GoResume,
    /// That it leads forwards, since it takes no fuel; if it is guarded, that there is a global for Go's running goroutine.
    GoEnter { guarded: bool },
    /// That the frame has so many slots from Go's stack pointer on.
    Zero,
    /// That the function has the parameters and the result that the op knows.
    Intrinsic,
    /// That its global is a vector.
    #[cfg_attr(
        not(feature = "simd"),
        allow(dead_code, reason = "no op moves vectors without the feature")
    )]
    VectorGlobal,
}

/// What op `number` demands.
#[inline]
pub(super) fn special(number: OpNumber) -> Special {
    BY_OP[number.index()]
}

/// Returns whether op `number` relies on the type of a reference in a slot. A program of which anybody can write the slots or the code must not
/// contain it.
#[must_use]
pub fn relies_on_references(number: OpNumber) -> bool {
    // Stubs are not part of functions.
    special(number) == Special::Refused
}

static BY_OP: [Special; COUNT] = {
    let mut all = [Special::Nothing; COUNT];
    let (mut op, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut left = FAMILIES[family].defs.len();
        while left > 0 {
            if FAMILIES[family].relies_on_references {
                all[op] = Special::Refused;
            }
            op += 1;
            left -= 1;
        }
        family += 1;
    }
    let mut at = 0;
    while at < LISTED.len() {
        all[LISTED[at].0.index()] = LISTED[at].1;
        at += 1;
    }
    all
};

const LISTED: &[(OpNumber, Special)] = &[
    (number::<Halt>(), Special::Refused),
    (number::<Lower>(), Special::Refused),
    (number::<Restore>(), Special::Refused),
    (number::<TableSet>(), Special::Refused),
    (number::<TableFill>(), Special::Refused),
    (number::<TableGrow<u32>>(), Special::Refused),
    #[cfg(feature = "memory64")]
    (number::<TableGrow<u64>>(), Special::Refused),
    (number::<Call>(), Special::Call),
    (number::<ReturnCall>(), Special::TailCall(4)),
    (number::<ReturnCallImport>(), Special::TailCall(4)),
    (number::<ReturnCallIndirect>(), Special::TailCall(6)),
    #[cfg(feature = "gc")]
    (number::<crate::ops::call::CallRef>(), Special::Refused),
    #[cfg(feature = "gc")]
    (
        number::<crate::ops::call::ReturnCallRef>(),
        Special::Refused,
    ),
    #[cfg(feature = "gc")]
    (
        number::<crate::ops::call::ReturnCallSubtype>(),
        Special::TailCall(6),
    ),
    (number::<Return>(), Special::Return),
    (number::<ReturnValue<u64, Slot>>(), Special::ReturnValue),
    (number::<ReturnValue<u64, Acc>>(), Special::ReturnValue),
    (number::<ReturnValue<u64, Imm16>>(), Special::ReturnValue),
    (number::<ReturnValue<f64, Slot>>(), Special::ReturnValue),
    (number::<ReturnValue<f64, Acc>>(), Special::ReturnValue),
    (number::<GoCall>(), Special::GoCall),
    (number::<GoCallIndirect>(), Special::GoCall),
    (number::<GoResume>(), Special::GoResume),
    (
        number::<GoEnter<true>>(),
        Special::GoEnter { guarded: true },
    ),
    (
        number::<GoEnter<false>>(),
        Special::GoEnter { guarded: false },
    ),
    (number::<ZeroLocals>(), Special::Zero),
    (number::<Intrinsic<MemEqual>>(), Special::Intrinsic),
    (number::<Intrinsic<MemCompare>>(), Special::Intrinsic),
    (number::<Intrinsic<MemFind>>(), Special::Intrinsic),
    #[cfg(feature = "simd")]
    (
        number::<crate::ops::vector::data::GlobalGet<false>>(),
        Special::VectorGlobal,
    ),
    #[cfg(feature = "simd")]
    (
        number::<crate::ops::vector::data::GlobalGet<true>>(),
        Special::VectorGlobal,
    ),
    #[cfg(feature = "simd")]
    (
        number::<crate::ops::vector::data::GlobalSet<false>>(),
        Special::VectorGlobal,
    ),
    #[cfg(feature = "simd")]
    (
        number::<crate::ops::vector::data::GlobalSet<true>>(),
        Special::VectorGlobal,
    ),
];
