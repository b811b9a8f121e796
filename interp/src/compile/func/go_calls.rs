//! Calls, returns and function starts of Go, each replaced by one op (see `ops/go.rs`).
//!
//! The replaced code is matched instruction by instruction, with all operands. If anything differs, the generic code stays.
//! So the patterns work for every release of Go that emits these sequences (1.21 to 1.27 do), and the result is right for
//! any other program.
//!
//! # Assumptions of each op
//! Each op performs the same steps in the same order as the instructions that it replaces. This table lists its further
//! assumptions, and where each is checked:
//!
//! | op | assumption | checked in |
//! |---|---|---|
//! | all but `go.resume` | the function has type `(i32) → i32`, so its header is in slot 1 | [`has_type_of_go`] |
//! | all | a local 1 exists, in slot 3; global 0 belongs to the instance and is a mutable `i32`, so a write of 32 bits replaces all of it | [`has_type_of_go`], `Function::begin` |
//! | `go.call` | the callee's header is in its slot 1; the argument is 0; the address has 32 bits | `match_go_call`, [`pushed_address`] |
//! | `go.call_indirect` | the same for the callee's type; the function value is not in slot 3, which is written before the value is read | `match_go_call` |
//! | `go.call_indirect` | the element that is left in local 0 is never read: no value on the operand stack is local 0, and local 0 is not live after the call | `match_go_call`, `must_be_plain` |
//! | `go.resume` | it follows a call of Go's, whose last operand is the frame's base; no label is between them | [`Function::go_call`] |
//! | `go.resume` | the branch leads to a return of constant 1, which reads nothing | [`Function::returns_one`], by `must_be_plain` |
//! | `go.resume` | the branch is taken if the result is not 0, and the result has no other use: it is a temporary | [`Function::go_call`] |
//! | `go.return` | the constant 0 is returned, directly after the addition to the stack pointer | `match_go_return` |
//! | `go.return` | a `go.resume` follows at the return address of a call of Go's, and is skipped | the header contains a mark for it (`ops/go.rs`) |
//! | `go.enter` | the function begins with a read of global 0 into slot 3, and a branch table on local 0 | `go_enter` |
//! | `go.enter` | only local 1 may be read before it is written after entry 0; otherwise all locals are zeroed | [`Function::finish`] |
//! | `go.enter` | the code at its target assumes no accumulator, or that it contains slot 3 | `go_enter`: the target is a label, or follows the two instructions that are replaced |
//! | `go.memequal` … | the body has exactly these bytes, three parameters and a result; addresses have 32 bits; memory contains all that it may read | `begin_known`, `ops/intrinsic.rs` |
//!
//! One difference remains. If a `go.call` finds no room on the value stack, it undoes its change of global 0, because it
//! will run again. If the stack may not grow, the call traps, and the global has its earlier value.
//!
//! The differential test generates these sequences with deviations (`tests/tests/differential/go_shaped`). `shapes.rs`
//! beside it contains the faults that were found.

use wasmparser::{FuncType, ValType};

use super::Function;
use super::value::Value;
use crate::compile::module::ModuleInfo;
use crate::lower::{Inst, Label, liveness};
use crate::machine::{HEADER_SLOTS, SlotIndex};
use crate::ops::access::load::I32Load;
use crate::ops::access::store::I64Store;
use crate::ops::access::{LoadOp, Near, StoreOp};
use crate::ops::binary::BinaryOp;
use crate::ops::branch::BrTable;
use crate::ops::call::{Call, CallIndirect, ReturnValue};
use crate::ops::compare::BranchIf;
use crate::ops::compare::integer::I32GtU;
use crate::ops::data::{GlobalGet, GlobalSet, Move};
use crate::ops::go::{
    G_GLOBAL, GUARD_OFFSET, GoCall, GoCallIndirect, GoEnter, GoResume, GoReturn, HEADER, SP_SLOT,
    ZeroLocals,
};
use crate::ops::integer::{I32Add, I32Sub, I64ShrU};
use crate::ops::intrinsic;
use crate::ops::number;
use crate::ops::shape::{Acc, Imm16, Imm32, Slot, ToAcc, ToSlot};
use crate::ops::unary::{I32WrapI64, UnaryOp};

/// The index of the global that contains Go's stack pointer.
const SP_GLOBAL: u16 = 0;
/// Bytes of a return address.
const WORD: u64 = 8;

impl Function {
    /// Reserves instructions at the start of the function, for [`Function::finish_go`].
    pub(super) fn begin_go(&mut self) {
        if self.resume.is_go {
            for _ in 0..2 {
                self.code.push(Inst {
                    op: Inst::NONE,
                    ..Inst::default()
                });
            }
        }
    }

    /// Puts the op for a known function (see `ops/intrinsic.rs`) before its body.
    pub(in crate::compile) fn begin_known(&mut self, module: &ModuleInfo, body: &[u8]) {
        let has_memory64 = !module.memories().is_empty() && module.has_long_addresses(0);
        if self.params == intrinsic::PARAMETERS
            && self.results == 1
            && !has_memory64
            && let Some(op) = intrinsic::of_body(body)
        {
            self.code.push(Inst::new(op, &[]));
        }
    }

    /// Replaces a branch on the result of a call of Go's by a `go.call` with its `go.resume`, if the code ends with such a
    /// call. The code so far must be
    ///
    /// ```text
    ///     i32.sub s3 #8 → s3         global.set [0] acc           sp ← sp - 8
    ///     i64.const #address → acc   i64.store s3 +0 acc          memory[sp] ← address
    ///     (i64.shr_u a #16 → acc     i32.wrap_i64 acc → s0)       for an indirect call
    ///     i64.const #0 → base        call [f] base [1]
    ///     global.get [0] → s3
    /// ```
    ///
    /// The `go.resume` returns 1 by itself. Whether the branch leads to such a return is checked when the function is
    /// complete. If it does not, the function is lowered again (`must_be_plain`).
    pub(super) fn go_call(&mut self, result: Value, sense: bool, unwind: Label) -> bool {
        if !sense || !self.resume.is_go || !result.is_temp() {
            return false;
        }
        if self.resume.unwind.is_some_and(|label| label != unwind) {
            return false;
        }
        let Some((length, inst)) = self.match_go_call(result.slot) else {
            return false;
        };
        self.resume.unwind = Some(unwind);
        self.code.replace_last(length, inst);
        self.code
            .push_branch(Inst::new(number::<GoResume>(), &[]), unwind);
        self.code.acc_is(SP_SLOT);
        if inst.op == number::<GoCallIndirect>() {
            // Local 0 is no longer set. If anything could read it, the function is lowered again.
            let behind = self.code.label();
            self.code.pass(behind);
            self.unset.push(behind);
        }
        true
    }

    /// Returns whether a label of the complete code stands before the return of constant 1.
    pub(super) fn returns_one(&self, label: Label) -> bool {
        let inst = self.code.insts.get(self.code.target(label));
        inst.is_some_and(|inst| {
            inst.op == number::<ReturnValue<u64, Imm16>>()
                && inst.small[0] == HEADER.0
                && inst.imm == 1
        })
    }

    fn match_go_call(&mut self, base: SlotIndex) -> Option<(usize, Inst)> {
        let [.., call, reload] = self.code.straight_tail() else {
            return None;
        };
        if reload.op != number::<GlobalGet<ToSlot, false>>()
            || reload.small[0] != SP_GLOBAL
            || reload.dst != SP_SLOT
        {
            return None;
        }
        if call.op == number::<Call>() && call.small[..2] == [base.0, 1] {
            let [.., sub, set, constant, store, zero, _, _] = self.code.straight_tail() else {
                return None;
            };
            let address = pushed_address([sub, set, constant, store])?;
            is_zero(zero, base).then_some(())?;
            // An address has 31 bits, and its upper 15 bits name the caller, so no module has more functions.
            let func = u16::try_from(call.imm).ok()?;
            let inst = Inst::new(number::<GoCall>(), &[func, base.0]);
            return Some((7, inst.imm(address.into())));
        }
        if call.op == number::<CallIndirect<Slot>>()
            && call.small[0] == 0
            && call.small[2] == base.0
            && self.resume.callee_header == HEADER.0
            && !self.operands.has_local(SlotIndex(0))
        {
            let [.., sub, set, constant, store, shift, wrap, zero, _, _] =
                self.code.straight_tail()
            else {
                return None;
            };
            let address = pushed_address([sub, set, constant, store])?;
            let is_shift = shift.op == number::<BinaryOp<I64ShrU, Slot, Imm16, ToAcc>>()
                && shift.imm == 16
                && shift.small[0] != SP_SLOT.0;
            let is_wrap =
                wrap.op == number::<UnaryOp<I32WrapI64, Acc, ToSlot>>() && wrap.dst == SlotIndex(0);
            (is_shift && is_wrap && is_zero(zero, base)).then_some(())?;
            let inst = Inst::new(
                number::<GoCallIndirect>(),
                &[shift.small[0], call.small[1], base.0],
            )
            .imm(call.imm);
            return Some((
                9,
                Inst {
                    offset: address,
                    ..inst
                },
            ));
        }
        None
    }

    /// Replaces the return of constant 0 by a `go.return`, if an addition to Go's stack pointer precedes it.
    pub(super) fn go_return(&mut self) -> bool {
        if !self.resume.is_go {
            return false;
        }
        let Some((length, bytes)) = self.match_go_return() else {
            return false;
        };
        self.code
            .replace_last(length, Inst::new(number::<GoReturn>(), &[]).imm(bytes));
        true
    }

    fn match_go_return(&self) -> Option<(usize, u64)> {
        let [.., add, set] = self.code.straight_tail() else {
            return None;
        };
        is_set_sp(set).then_some(())?;
        if add.op == number::<BinaryOp<I32Add, Slot, Imm16, ToSlot>>()
            && add.small[0] == SP_SLOT.0
            && add.dst == SP_SLOT
        {
            return Some((2, add.imm));
        }
        if add.op != number::<BinaryOp<I32Add, Acc, Imm16, ToSlot>>() || add.dst != SP_SLOT {
            return None;
        }
        let [.., frame, set_frame, _, _] = self.code.straight_tail() else {
            return None;
        };
        let is_frame = frame.op == number::<BinaryOp<I32Add, Slot, Imm16, ToSlot>>()
            && frame.small[0] == SP_SLOT.0
            && frame.dst == SP_SLOT
            && is_set_sp(set_frame);
        let bytes = i16::try_from(add.imm as i16 as i32 + frame.imm as i16 as i32).ok()?;
        is_frame.then_some((4, bytes as u64))
    }

    /// Ends the function: determines the locals that must be zero at entry, and adds the fast start to a function of Go's.
    pub(in crate::compile) fn finish(&mut self) {
        let body = self.go_enter();
        self.code.mark_targets();
        let locals = self.local_slots();
        if locals == 0 {
            return;
        }
        let first = self.header() + HEADER_SLOTS as u16;
        if locals > liveness::TRACKED {
            return;
        }
        let liveness = &mut self.code.liveness;
        liveness.analyse();
        if let Some(body) = body
            && liveness.live_at(Some(body)) & !(1 << (SP_SLOT.0 - first)) == 0
        {
            // The slow start zeroes them itself.
            self.code.insts[1] = Inst::new(number::<ZeroLocals>(), &[locals as u16]);
            self.zeroed = 0;
            return;
        }
        let behind_last = (u64::BITS - liveness.live_at(None).leading_zeros()) as usize;
        // If the data flow analysis stopped early, it reports more live slots than the frame has.
        self.zeroed = behind_last.min(locals);
    }

    /// Puts a `go.enter` at the start, if the function begins like one of Go's. Returns the label of its body. The body may
    /// begin with the instructions that the `go.enter` replaces.
    ///
    /// ```text
    ///     global.get [0] → s3     br_table s0 first …
    ///     first:                                          (GUARD:)
    ///         global.get [2] → acc   i32.load acc +16 → acc   (i32.add acc #more → acc)
    ///         br_if i32.gt_u s3 acc body
    ///     body:
    ///         i32.sub s3 #bytes → s3     global.set [0] acc   (or nothing)
    /// ```
    fn go_enter(&mut self) -> Option<Label> {
        if !self.resume.is_go {
            return None;
        }
        let [room, zero, reload, table, ..] = &self.code.insts[..] else {
            return None;
        };
        let is_start = room.op == Inst::NONE
            && zero.op == Inst::NONE
            && reload.op == number::<GlobalGet<ToSlot, false>>()
            && reload.small[0] == SP_GLOBAL
            && reload.dst == SP_SLOT
            && table.op == number::<BrTable<Slot, false>>()
            && table.small[0] == 0;
        if !is_start {
            return None;
        }
        let first = self.code.tables[table.label as usize];
        let guard = self.match_guard(self.code.target(first));
        let body = guard.map_or(first, |(_, target)| target);
        let mut at = self.code.target(body);
        let bytes = self.frame_bytes(at);
        if bytes.is_some() {
            at += 2;
        }
        let label = self.code.label();
        self.code.place_at(label, at);
        let enter = match guard {
            Some((more, _)) => Inst::new(number::<GoEnter<true>>(), &[more]),
            None => Inst::new(number::<GoEnter<false>>(), &[]),
        };
        self.code.insts[0] = enter.imm(bytes.unwrap_or(0)).label(label);
        Some(body)
    }

    /// Matches the stack check at instruction `at`. Returns the number that is added to the guard, and the label after the
    /// check.
    fn match_guard(&self, at: usize) -> Option<(u16, Label)> {
        let insts = &self.code.insts[at..];
        let [get, load, rest @ ..] = insts else {
            return None;
        };
        let loads_guard = get.op == number::<GlobalGet<ToAcc, false>>()
            && get.small[0] == G_GLOBAL
            && load.op == number::<LoadOp<I32Load, Near<Acc, false>, ToAcc>>()
            && load.offset == GUARD_OFFSET;
        let (more, branch) = match rest {
            [add, branch, ..] if add.op == number::<BinaryOp<I32Add, Acc, Imm16, ToAcc>>() => {
                (u16::try_from(add.imm).ok()?, branch)
            }
            [branch, ..] => (0, branch),
            [] => return None,
        };
        let branches = branch.op == number::<BranchIf<I32GtU, Slot, Acc, true>>()
            && branch.small[0] == SP_SLOT.0;
        (loads_guard && branches).then_some((more, Label(branch.label)))
    }

    /// Returns the number of bytes that the instructions at `at` subtract from Go's stack pointer.
    fn frame_bytes(&self, at: usize) -> Option<u64> {
        let [sub, set, ..] = &self.code.insts[at..] else {
            return None;
        };
        let is_sub = sub.op == number::<BinaryOp<I32Sub, Slot, Imm16, ToSlot>>()
            || sub.op == number::<BinaryOp<I32Sub, Slot, Imm32, ToSlot>>();
        (is_sub && sub.small[0] == SP_SLOT.0 && sub.dst == SP_SLOT && is_set_sp(set))
            .then_some(sub.imm)
    }
}

/// Returns whether a function of type `ty` may be one of Go's: it takes a resume point and returns whether it unwinds, and
/// a stack pointer exists.
pub(super) fn has_type_of_go(module: &ModuleInfo, ty: &FuncType) -> bool {
    let globals = &module.globals()[module.imported_globals() as usize..];
    ty.params() == [ValType::I32]
        && ty.results() == [ValType::I32]
        && globals
            .get(usize::from(SP_GLOBAL))
            .is_some_and(|global| global.content_type == ValType::I32 && global.mutable)
}

/// Returns whether an instruction sets Go's stack pointer from the accumulator.
fn is_set_sp(inst: &Inst) -> bool {
    inst.op == number::<GlobalSet<Acc, false>>() && inst.small[0] == SP_GLOBAL
}

/// Returns whether an instruction sets `slot` to 0.
fn is_zero(inst: &Inst, slot: SlotIndex) -> bool {
    inst.op == number::<Move<u64, Imm16, ToSlot>>() && inst.imm == 0 && inst.dst == slot
}

/// Returns the address that these instructions push on Go's stack.
fn pushed_address([sub, set, constant, store]: [&Inst; 4]) -> Option<u32> {
    let is_sub = sub.op == number::<BinaryOp<I32Sub, Slot, Imm16, ToSlot>>()
        && sub.small[0] == SP_SLOT.0
        && sub.dst == SP_SLOT
        && sub.imm == WORD;
    let is_constant = constant.op == number::<Move<u32, Imm32, ToAcc>>()
        || constant.op == number::<Move<u64, Imm32, ToAcc>>()
        || constant.op == number::<Move<u32, Imm16, ToAcc>>();
    let is_store = store.op == number::<StoreOp<I64Store, Near<Slot, false>, Acc>>()
        && store.small[0] == SP_SLOT.0
        && store.offset == 0;
    // The op extends the sign of its 32 bits.
    let fits = constant.imm as i64 == i64::from(constant.imm as i32);
    (is_sub && is_set_sp(set) && is_constant && is_store && fits).then_some(constant.imm as u32)
}
