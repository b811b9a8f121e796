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
use super::shape::{Input, Slot};
use crate::dispatch::{Field, Op, OpDef, anywhere, granule, granules};
use crate::machine::{FuncEntry, Header, Leave, Regs, Trap};

/// The slot with the copy of Go's stack pointer.
pub const SP_SLOT: u16 = 3;

/// Where the header of a function with one parameter and one result lies.
pub const HEADER: u16 = 1;

/// In a header's distance: the return address is that of a `go.resume`.
const GO_CALL: u64 = 1 << 30;

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
    // SAFETY: promised by the caller; the bytes are checked before they are written.
    unsafe {
        let sp = sp(m).wrapping_sub(WORD);
        set_sp(m, sp);
        let at = checked(m.mem, m.mem_len, sp, 0, size_of::<u64>())?;
        anywhere::write(at, address.to_le());
        Ok(())
    }
}

/// Begins the frame of `entry`, the [`callee`], at the slot that stands at `ip`, with resume point 0. If the
/// stack must grow first, the op will run again, so what it did to the stack pointer is undone.
#[inline(always)]
unsafe fn enter(m: &mut Regs, entry: *mut FuncEntry) -> Result<(), Leave> {
    // SAFETY: invariants 2 and 4; lowering has checked the callee's type.
    unsafe {
        let base = m.fetch();
        let fp = m.slot(base);
        if let Err(leave) = check_stack(m.cx, fp, (*entry).frame_slots) {
            set_sp(m, sp(m).wrapping_add(WORD));
            return Err(leave);
        }
        fp.write(0);
        let at = fp.add(usize::from(HEADER));
        Header {
            return_ip: m.ip,
            distance: u64::from(base) | GO_CALL,
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

impl Op for GoCall {
    const NAME: &'static str = "go.call";
    const EFFECT: &'static str =
        "`sp ← sp - 8; memory[sp] ← address`; call `funcs[index](0)` with its frame at base";
    const FIELDS: &'static [Field] = &[Field::Index16, Field::Imm32, Field::Base, Field::Sp];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let entry = (*m.cx).funcs.add(usize::from(m.fetch()));
            let entry = callee(m, entry);
            // The casts sign-extend.
            let address = m.fetch32() as i32 as i64 as u64;
            push_address(m, address)?;
            enter(m, entry)
        }
    }
}

/// A call through a function value, whose upper bits are the index in the table.
#[derive(Debug)]
pub struct GoCallIndirect;

impl Op for GoCallIndirect {
    const NAME: &'static str = "go.call_indirect";
    const EFFECT: &'static str = "`sp ← sp - 8; memory[sp] ← address`; call `tables[table][a >> 16](0)`, of type `ty`, with its frame at base";
    const FIELDS: &'static [Field] = &[
        Field::Imm32,
        Field::Slot,
        Field::Index16,
        Field::Index32,
        Field::Base,
        Field::Sp,
    ];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let address = m.fetch32() as i32 as i64 as u64;
            // The accumulator is free to hold what would need a register of its own.
            m.acc = <Slot as Input<u64>>::read(m);
            push_address(m, address)?;
            // The wrap that lowering has seen.
            let entry = indirect(m, (m.acc >> 16) as u32)?;
            if (*entry).instance != (*m.cx).instance {
                // Or the compiler would step over the operand ahead of the branch, and keep two addresses.
                m.ip = anywhere::place(m.ip);
                let base = m.fetch();
                m.slot(base).write(0);
                return Err(foreign(m, entry, base));
            }
            enter(m, entry)
        }
    }
}

/// Behind a call of this family: out if the goroutine unwinds, else the stack pointer as the callee left it.
#[derive(Debug)]
pub struct GoResume;

impl Op for GoResume {
    const NAME: &'static str = "go.resume";
    const EFFECT: &'static str = "if the callee's result, at the base of the call in front, is not 0: return 1; `sp ← globals[0]`";
    const FIELDS: &'static [Field] = &[Field::Sp];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; lowering puts this behind a call only, and no label between the two.
        unsafe {
            let base = m.ip.sub(2).read();
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

impl Op for GoReturn {
    const NAME: &'static str = "go.return";
    const EFFECT: &'static str =
        "`sp ← sp + bytes`; return 0, behind the caller's `go.resume` if there is one";
    const FIELDS: &'static [Field] = &[Field::Imm16, Field::Sp];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; the header says what follows the return address.
        unsafe {
            // The casts sign-extend.
            let bytes = m.fetch() as i16 as i32 as u32;
            let sp = sp(m).wrapping_add(bytes);
            (*m.cx).globals.write(sp.into());
            let header = Header::read(m.slot(HEADER));
            if header.distance & GO_CALL != 0 {
                m.fp = m.fp.sub(header.slots());
                m.ip = header.return_ip.add(RESUME_GRANULES);
                m.slot(SP_SLOT).write(sp.into());
                m.acc = sp.into();
            } else {
                m.slot(0).write(0);
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

impl<const GUARD: bool> Op for GoEnter<GUARD> {
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
    const FIELDS: &'static [Field] = if GUARD {
        &[Field::Index16, Field::Imm32, Field::Label16, Field::Sp]
    } else {
        &[Field::Imm32, Field::Label16, Field::Sp]
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller.
        unsafe {
            m.ip = m.ip.sub(1);
            let starts = m.slot(0).read() as u32 == 0 && start::<GUARD>(m);
            if !starts {
                m.ip = m.ip.add(granules(Self::FIELDS));
            }
        }
        Ok(())
    }
}

/// What the [`GoEnter`] at `ip` does if the resume point is 0. If the frame does not fit, that is nothing: `ip` stays, and the
/// answer is no.
#[inline(always)]
unsafe fn start<const GUARD: bool>(m: &mut Regs) -> bool {
    // SAFETY: promised by the caller; operands are read in the order of `FIELDS`. Lowering has seen the globals among the
    // instance's own.
    unsafe {
        let at = m.ip;
        let sp = (*m.cx).globals.read() as u32;
        m.ip = at.add(1);
        if GUARD {
            let more = u32::from(m.fetch());
            let g = (*m.cx).globals.add(usize::from(G_GLOBAL)).read() as u32;
            let guard = checked(m.mem, m.mem_len, g, GUARD_OFFSET, size_of::<u32>());
            if !guard.is_ok_and(|guard| sp > u32::from_le(anywhere::read(guard)).wrapping_add(more))
            {
                // Or the op would be kept in a register since it was looked at, for the jump to it.
                m.ip = anywhere::place(at);
                return false;
            }
        }
        let sp = sp.wrapping_sub(m.fetch32());
        let target = m.fetch() as i16;
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

impl Op for ZeroLocals {
    const NAME: &'static str = "zero";
    const EFFECT: &'static str = "`count` slots from slot 3 on `← 0`";
    const FIELDS: &'static [Field] = &[Field::Index16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; the slots are those of locals.
        unsafe {
            let count = m.fetch();
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
