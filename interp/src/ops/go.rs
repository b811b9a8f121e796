//! What Go's compiler emits for calls, returns and the start of a function, each as one op.
//!
//! Go keeps a stack of its own in memory. Its pointer is global 0, with a copy in local 1; a function takes its resume
//! point as its parameter and returns whether the goroutine unwinds. So the frame of such a function always looks the
//! same: slot 0 the resume point and result, slots 1 and 2 the header, slot 3 the copy of the stack pointer.
//!
//! ```text
//!  ┌─────────┬──────┬─────────┬──────┐ ┌───────────┐        ┌───────────┬───────┐
//!  │ go.call │ func │ address │ base │ │ go.resume │        │ go.return │ bytes │
//!  └─────────┴──────┴─────────┴──────┘ └───────────┘        └───────────┴───────┘
//! ```
//!
//! A `go.call` is followed by a `go.resume`, which sees whether the callee unwinds, and then does so too. Where the callee's
//! frame is it reads from the call, whose last operand stands in front of it. A callee that returns by `go.return` does
//! not unwind: it passes over the `go.resume`, if the header says that there is one (`GO_CALL`).
//!
//! Nothing here depends on the program being Go's. Each op does exactly what the ops do that it stands for, in the
//! same order, whatever the values are; lowering has seen all of them (`compile/func/go.rs`).

use super::access::checked;
use super::branch::take_branch;
use super::call::{begin_at, callee, check_stack, foreign, indirect, return_value};
use super::number;
use super::operand::{Base, Count16, Func16, If, Label, Sp, Table, Type};
use super::shape::{Imm16, Imm32, In, Slot};
use crate::dispatch::{Cursor, Op, OpDef, Reader, anywhere, fields_of, granule, granules};
use crate::machine::{FuncEntry, Header, Leave, Regs, SlotIndex, Trap};

/// The slot with the copy of Go's stack pointer.
pub const SP_SLOT: SlotIndex = SlotIndex(3);

/// Where the header of a function with one parameter and one result lies.
pub const HEADER: SlotIndex = SlotIndex(1);

/// In a header's distance: the return address is that of a `go.resume`.
pub(crate) const GO_CALL: u64 = 1 << 30;

/// Granules of a `go.resume`.
const RESUME_GRANULES: usize = OpDef::of::<GoResume>().granules();

/// Bytes of a return address on Go's stack.
const WORD: u32 = 8;

/// Sets the stack pointer: global 0 and its copy.
#[inline(always)]
unsafe fn set_sp(m: &mut Regs, sp: u32) {
    // SAFETY: invariants 2 and 5: lowering has seen the frame, and the global among the instance's own.
    unsafe {
        m.slot(SP_SLOT).write(sp.into());
        (*m.cx).globals.write(sp.into());
    }
}

#[inline(always)]
unsafe fn sp(m: &Regs) -> u32 {
    // SAFETY: invariant 2. A slot read as 32 bits is its low half.
    unsafe { m.slot(SP_SLOT).read() as u32 }
}

/// `sp ← sp - 8`, then `memory[sp] ← address`.
#[inline(always)]
unsafe fn push_address(m: &mut Regs, address: u64) -> Result<(), Trap> {
    // SAFETY: invariants 2 and 3, promised by the caller; the bytes are checked before they are written.
    unsafe {
        let sp = sp(m).wrapping_sub(WORD);
        set_sp(m, sp);
        let at = checked(m.mem, m.mem_len, sp, 0, size_of::<u64>())?;
        anywhere::write(at, address.to_le());
        Ok(())
    }
}

/// Begins the frame of `entry`, the [`callee`], at the slot that is the last operand, with resume point 0. If the
/// stack must grow first, the op will run again, so what it did to the stack pointer is undone.
#[inline(always)]
fn enter(
    m: &mut Regs,
    operands: Cursor<(Base, (Sp, ()))>,
    entry: *mut FuncEntry,
) -> Result<(), Leave> {
    let (base, _) = operands.read(m);
    // SAFETY: invariants 2 and 4; lowering has checked the callee's type.
    unsafe {
        let fp = m.slot(base);
        if let Err(leave) = check_stack(m.cx, fp, (*entry).frame_slots) {
            set_sp(m, sp(m).wrapping_add(WORD));
            return Err(leave);
        }
        fp.write(0);
        let at = fp.add(HEADER.index());
        Header {
            return_ip: m.ip,
            distance: u64::from(base.0) | GO_CALL,
        }
        .write(at);
        begin_at(m, entry, fp, at)?;
        // Most functions begin like this; then the callee's first op is done with the call.
        let first = m.ip.read();
        if first == granule(number::<GoEnter<true>>()) {
            start::<true>(m);
        } else if first == granule(number::<GoEnter<false>>()) {
            start::<false>(m);
        }
        Ok(())
    }
}

/// A call: pushes the return address, then enters the callee at its beginning.
#[derive(Debug)]
pub struct GoCall;

// SAFETY: it does what the ops do that it stands for, whose operands lowering has seen (invariants 2, 3 and 5), and begins the frame of a
// function of the instance behind the running one.
unsafe impl Op for GoCall {
    const NAME: &'static str = "go.call";
    const EFFECT: &'static str =
        "`sp ← sp - 8; memory[sp] ← address`; call `funcs[index](0)` with its frame at base";
    type Operands = (Func16, In<Imm32, u64>, Base, Sp);
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (func, operands) = operands.read(m);
        // SAFETY: invariant 5 for the function.
        let entry = unsafe { (*m.cx).funcs.add(func) };
        let entry = callee(m, entry);
        let (address, operands) = operands.read(m);
        // SAFETY: lowering has seen the stack pointer.
        unsafe { push_address(m, address)? };
        enter(m, operands, entry)
    }
}

/// A call through a function value, whose upper bits are the index in the table.
#[derive(Debug)]
pub struct GoCallIndirect;

// SAFETY: it does what the ops do that it stands for, whose operands lowering has seen (invariants 2, 3 and 5), and begins the frame of the
// callee behind the running one, or leaves it to `call_foreign`.
unsafe impl Op for GoCallIndirect {
    const NAME: &'static str = "go.call_indirect";
    const EFFECT: &'static str = "`sp ← sp - 8; memory[sp] ← address`; call `tables[table][a >> 16](0)`, of type `ty`, with its frame at base";
    type Operands = (In<Imm32, u64>, In<Slot, u64>, Table, Type, Base, Sp);
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (address, operands) = operands.read(m);
        let (value, operands) = operands.read(m);
        // The accumulator is free to hold what would need a register of its own.
        m.acc = value;
        // SAFETY: lowering has seen the stack pointer.
        unsafe { push_address(m, address)? };
        // The wrap that lowering has seen.
        let element = (m.acc >> 16) as u32;
        let (entry, operands) = indirect(m, operands, element)?;
        // SAFETY: invariants 2 and 5 for the callee and the frame.
        unsafe {
            if (*entry).instance != (*m.cx).instance {
                // Or the compiler would step over the operand ahead of the branch, and keep two addresses.
                m.ip = anywhere::place(m.ip);
                let (base, _) = operands.read(m);
                m.slot(base).write(0);
                return Err(foreign(m, entry, base));
            }
        }
        enter(m, operands, entry)
    }
}

/// Behind a call of this family: out if the goroutine unwinds, else the stack pointer as the callee left it.
#[derive(Debug)]
pub struct GoResume;

// SAFETY: lowering puts it behind a call of this family only, and no label between the two. The result lies where that call says
// (invariant 2).
unsafe impl Op for GoResume {
    const NAME: &'static str = "go.resume";
    const EFFECT: &'static str = "if the callee's result, at the base of the call in front, is not 0: return 1; `sp ← globals[0]`";
    type Operands = (Sp,);

    #[inline(always)]
    fn run(m: &mut Regs, _: Reader<Self>) -> Result<(), Leave> {
        // SAFETY: as above: the last operand of the call stands in front of this op.
        unsafe {
            let base = SlotIndex(m.ip.sub(2).read());
            if m.slot(base).read() as u32 != 0 {
                return_value(m, HEADER, 1);
                return Ok(());
            }
            let sp = (*m.cx).globals.read();
            m.slot(SP_SLOT).write(sp);
            m.acc = sp;
        }
        Ok(())
    }
}

/// A return: pops the frame and the return address off Go's stack, returns 0.
#[derive(Debug)]
pub struct GoReturn;

// SAFETY: it does what the ops do that it stands for, whose operands lowering has seen (invariants 2, 3 and 5); the header says what
// follows the return address.
unsafe impl Op for GoReturn {
    const NAME: &'static str = "go.return";
    const EFFECT: &'static str =
        "`sp ← sp + bytes`; return 0, behind the caller's `go.resume` if there is one";
    type Operands = (In<Imm16, u32>, Sp);
    const ENDS_BLOCK: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (bytes, _) = operands.read(m);
        // SAFETY: as above.
        unsafe {
            let sp = sp(m).wrapping_add(bytes);
            (*m.cx).globals.write(sp.into());
            let header = Header::read(m.slot(HEADER));
            if header.distance & GO_CALL != 0 {
                m.fp = m.fp.sub(header.slots());
                m.ip = header.return_ip.add(RESUME_GRANULES);
                m.slot(SP_SLOT).write(sp.into());
                m.acc = sp.into();
            } else {
                m.slot(SlotIndex(0)).write(0);
                m.fp = m.fp.sub(header.slots());
                m.ip = header.return_ip;
                m.acc = 0;
            }
        }
        Ok(())
    }
}

/// The start of a function: if its resume point is 0, and (`GUARD`) its frame fits Go's stack, makes the frame and
/// goes to its first block. Otherwise does nothing: what follows does all of that step by step.
#[derive(Debug)]
pub struct GoEnter<const GUARD: bool>;

// SAFETY: it does what the ops do that it stands for, whose operands lowering has seen (invariants 2, 3 and 5), or nothing. It goes
// on behind its operands or at its target.
unsafe impl<const GUARD: bool> Op for GoEnter<GUARD> {
    const NAME: &'static str = if GUARD {
        "go.enter_guarded"
    } else {
        "go.enter"
    };
    const EFFECT: &'static str = if GUARD {
        "if the resume point is 0 and `globals[0] > guard + more`: `sp ← globals[0] - bytes`, go to target"
    } else {
        "if the resume point is 0: `sp ← globals[0] - bytes`, go to target"
    };
    type Operands = (If<GUARD, Count16>, In<Imm32, u32>, Label<false>, Sp);

    #[inline(always)]
    fn run(m: &mut Regs, _: Reader<Self>) -> Result<(), Leave> {
        // SAFETY: the op's number stands in front of its operands.
        unsafe {
            m.ip = m.ip.sub(1);
            let starts = m.slot(SlotIndex(0)).read() as u32 == 0 && start::<GUARD>(m);
            if !starts {
                m.ip = m.ip.add(const { granules(fields_of::<Self>()) });
            }
        }
        Ok(())
    }
}

/// What the [`GoEnter`] at `ip` does if the resume point is 0. If the frame does not fit, that is nothing: `ip` stays, and the
/// answer is no.
///
/// # Safety
/// The machine's invariants hold, and such an op is at `ip`.
#[inline(always)]
unsafe fn start<const GUARD: bool>(m: &mut Regs) -> bool {
    // SAFETY: invariants 1, 2 and 5, promised by the caller. Lowering has seen the globals among the instance's own.
    unsafe {
        let at = m.ip;
        let sp = (*m.cx).globals.read() as u32;
        m.ip = at.add(1);
        let operands: Reader<GoEnter<GUARD>> = Cursor::new();
        let (more, operands) = operands.read(m);
        if let Some(more) = more {
            let more = u32::from(more);
            let g = (*m.cx).globals.add(usize::from(G_GLOBAL)).read() as u32;
            let guard = checked(m.mem, m.mem_len, g, GUARD_OFFSET, size_of::<u32>());
            if !guard.is_ok_and(|guard| sp > u32::from_le(anywhere::read(guard)).wrapping_add(more))
            {
                // Or the op would be kept in a register since it was looked at, for the jump to it.
                m.ip = anywhere::place(at);
                return false;
            }
        }
        let (bytes, operands) = operands.read(m);
        let sp = sp.wrapping_sub(bytes);
        let (target, _) = operands.read(m);
        set_sp(m, sp);
        m.acc = sp.into();
        take_branch(m, at, target);
        true
    }
}

/// The global that holds Go's `g`, the running goroutine.
pub const G_GLOBAL: u16 = 2;
/// Where in `g` the stack guard is.
pub const GUARD_OFFSET: u32 = 16;

/// Zeroes locals from Go's stack pointer on, for a function whose fast start does not need it.
#[derive(Debug)]
pub struct ZeroLocals;

// SAFETY: it reads its operand and writes locals of the frame (invariant 2).
unsafe impl Op for ZeroLocals {
    const NAME: &'static str = "zero";
    const EFFECT: &'static str = "`count` slots from slot 3 on `← 0`";
    type Operands = (Count16,);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let count = operands.last(m);
        // SAFETY: lowering has counted them.
        unsafe {
            let locals = m.slot(SP_SLOT);
            for local in 0..usize::from(count) {
                locals.add(local).write(0);
            }
        }
        Ok(())
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<GoCall>(),
    OpDef::of::<GoCallIndirect>(),
    OpDef::of::<GoResume>(),
    OpDef::of::<GoReturn>(),
    OpDef::of::<GoEnter<true>>(),
    OpDef::of::<GoEnter<false>>(),
    OpDef::of::<ZeroLocals>(),
];
