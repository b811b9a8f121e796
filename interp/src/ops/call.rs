//! Calls and returns (core specification, 4.4.8 and 4.4.10), and the stubs that code returns to.
//!
//! ```text
//!  ┌──────┬──────┬──────┬────────┐     base: where the arguments begin, which becomes the callee's frame
//!  │ call │ func │ base │ header │     header: max(params, results), where its header goes
//!  └──────┴──────┴──────┴────────┘
//! ```
//!
//! How a frame looks stands in [`crate::machine`], `frame.rs`. A call to a function of this instance is one
//! op; calls to the host and to other instances leave it for `call_foreign`. Each costs a unit of fuel: that of the
//! host when it has returned, any other when the callee begins.

use core::marker::PhantomData;

use super::branch::spend;
use super::shape::{Acc, Imm16, Input, Slot};
use crate::dispatch::{Field, Op, OpDef};
use crate::machine::{
    Context, Exit, ForeignFrame, FuncEntry, Header, Leave, NULL_REF, Regs, SlotValue, TableView,
    Trap,
};

/// Begins the frame of `entry` at slot `base` of the running frame. `ip` is where it returns to.
#[inline(always)]
unsafe fn enter(m: &mut Regs, entry: *mut FuncEntry, base: u16, header: u16) -> Result<(), Leave> {
    // SAFETY: invariants 2 and 4: the frame begins inside the caller's, and ends below the stack's limit.
    unsafe {
        let fp = m.slot(base);
        check_stack(m.cx, fp, (*entry).frame_slots)?;
        let at = fp.add(usize::from(header));
        Header {
            return_ip: m.ip,
            distance: base.into(),
        }
        .write(at);
        begin_at(m, entry, fp, at)
    }
}

/// Goes to the code of `entry` in the frame `fp` whose header is at `at`.
#[inline(always)]
pub(super) unsafe fn begin_at(
    m: &mut Regs,
    entry: *mut FuncEntry,
    fp: *mut u64,
    at: *mut u64,
) -> Result<(), Leave> {
    // SAFETY: the frame was checked against the stack's limit; locals follow the header.
    unsafe {
        let locals = at.add(crate::machine::HEADER_SLOTS);
        for local in 0..(*entry).zero_slots as usize {
            locals.add(local).write(0);
        }
        m.fp = fp;
        m.ip = (*entry).code;
        // The stub that lowers a function finds it here.
        m.acc = entry.expose_provenance() as u64;
        spend(m)
    }
}

/// Leaves to grow the stack unless `slots` slots at `fp` lie below its limit.
#[inline(always)]
pub(super) unsafe fn check_stack(cx: *mut Context, fp: *mut u64, slots: u32) -> Result<(), Leave> {
    // SAFETY: invariant 4.
    unsafe {
        let top = fp.wrapping_add(slots as usize);
        if top > (*cx).stack_limit {
            (*cx).stack_need = (top as usize - (*cx).stack.base() as usize) / size_of::<u64>();
            return Err(Leave::GrowStack);
        }
        Ok(())
    }
}

/// Calls `entry` whosever it is.
#[inline(always)]
unsafe fn call_any(
    m: &mut Regs,
    at: *const u16,
    entry: *mut FuncEntry,
    base: u16,
) -> Result<(), Leave> {
    // SAFETY: promised by the caller.
    unsafe {
        if (*entry).instance == (*m.cx).instance {
            return enter(m, entry, base, (*entry).header() as u16);
        }
        call_foreign(m.cx, at, m.ip, m.fp, entry, base)?;
        m.reload_memory();
        (m.ip, m.fp) = (*m.cx).resume;
        m.acc = (*m.cx).call_acc;
        spend(m)
    }
}

/// Calls a function of the host, or begins one of another instance. Where to go on is left in
/// [`Context::resume`] and [`Context::call_acc`].
#[cold]
#[inline(never)]
pub(super) unsafe fn call_foreign(
    cx: *mut Context,
    at: *const u16,
    return_ip: *const u16,
    fp: *mut u64,
    entry: *mut FuncEntry,
    base: u16,
) -> Result<(), Leave> {
    // SAFETY: the machine's invariants hold. The stack may move while the host runs, so frames are kept as
    // indices; the array of functions may move as well, so the entry is copied.
    unsafe {
        let func = entry.offset_from((*cx).all_funcs) as u32;
        let entry_now = *entry;
        let frame = fp.offset_from((*cx).stack.base()) as usize;
        (*cx).stopped = (at, fp);
        if entry_now.instance == FuncEntry::HOST {
            (*(*cx).runtime).call_host(func, frame + usize::from(base))?;
            let fp = (*cx).stack.base().add(frame);
            (*cx).resume = (return_ip, fp);
            (*cx).call_acc = fp.add(usize::from(base)).read();
            return Ok(());
        }
        let below = fp.add(usize::from(base));
        check_stack(cx, below.add(ForeignFrame::SLOTS), entry_now.frame_slots)?;
        let params = usize::from(entry_now.params);
        core::ptr::copy(below, below.add(ForeignFrame::SLOTS), params);
        ForeignFrame {
            header: Header {
                return_ip,
                distance: base.into(),
            },
            instance: (*cx).instance,
            results: entry_now.results,
        }
        .write(below);
        (*(*cx).runtime).enter(entry_now.instance);
        let fp = below.add(ForeignFrame::SLOTS);
        let header = fp.add(entry_now.header());
        Header {
            return_ip: stub::restore(),
            distance: 0,
        }
        .write(header);
        for local in 0..entry_now.zero_slots as usize {
            header.add(crate::machine::HEADER_SLOTS + local).write(0);
        }
        (*cx).resume = (entry_now.code, fp);
        (*cx).call_acc = entry.expose_provenance() as u64;
        Ok(())
    }
}

/// `call` of a function that the instance defines.
#[derive(Debug)]
pub struct Call;

impl Op for Call {
    const NAME: &'static str = "call";
    const EFFECT: &'static str = "call `funcs[index]` with the arguments from base on";
    const FIELDS: &'static [Field] = &[Field::Index32, Field::Base, Field::Index16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; invariant 5 for the function.
        unsafe {
            let entry = (*m.cx).funcs.add(m.fetch32() as usize);
            let base = m.fetch();
            let header = m.fetch();
            enter(m, entry, base, header)
        }
    }
}

/// `call` of an imported function.
#[derive(Debug)]
pub struct CallImport;

impl Op for CallImport {
    const NAME: &'static str = "call_import";
    const EFFECT: &'static str = "call import number index with the arguments from base on";
    const FIELDS: &'static [Field] = &[Field::Index32, Field::Base];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; invariant 5 for the function.
        unsafe {
            let at = m.ip.sub(1);
            let import = (*m.cx).func_imports.add(m.fetch32() as usize).read();
            let entry = (*m.cx).all_funcs.add(import as usize);
            let base = m.fetch();
            call_any(m, at, entry, base)
        }
    }
}

/// The function that an indirect call finds at `element` of a table, if its type is the expected one.
#[inline(always)]
pub(super) unsafe fn indirect(m: &mut Regs, element: u32) -> Result<*mut FuncEntry, Trap> {
    // SAFETY: invariants 1, 5 and 6.
    unsafe {
        let table = usize::from(m.fetch());
        let ty = m.fetch32() as usize;
        let TableView { elements, len } = **(*m.cx).tables.add(table);
        if u64::from(element) >= len {
            return Err(Trap::TableOutOfBounds);
        }
        let reference = elements.add(element as usize).read();
        if reference == NULL_REF {
            return Err(Trap::IndirectCallToNull);
        }
        // A reference is an index plus one.
        let entry = (*m.cx).all_funcs.add(reference as usize - 1);
        if (*entry).ty != (*m.cx).types.add(ty).read() {
            return Err(Trap::BadSignature);
        }
        Ok(entry)
    }
}

/// `call_indirect`.
#[derive(Debug)]
pub struct CallIndirect<A>(PhantomData<A>);

impl<A: Input<u32>> Op for CallIndirect<A> {
    const NAME: &'static str = "call_indirect";
    const EFFECT: &'static str =
        "call `tables[table][a]`, of type `ty`, with the arguments from base on";
    const FIELDS: &'static [Field] = &[A::FIELD, Field::Index16, Field::Index32, Field::Base];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let at = m.ip.sub(1);
            let element = A::read(m);
            let entry = indirect(m, element)?;
            let base = m.fetch();
            call_any(m, at, entry, base)
        }
    }
}

/// Replaces the running frame by that of `entry`: its arguments, from slot `args` on, become the parameters.
#[inline(always)]
unsafe fn replace(
    m: &mut Regs,
    at: *const u16,
    entry: *mut FuncEntry,
    args: u16,
    header: u16,
) -> Result<(), Leave> {
    // SAFETY: the machine's invariants hold. The header is read before anything overwrites it; the new
    // frame begins where the old one did, and ends below the stack's limit.
    unsafe {
        if (*entry).instance != (*m.cx).instance {
            // The frame of another instance cannot take the place of this one: call it from the end of
            // this frame, and return what it returns.
            call_any(m, at, entry, args)?;
            return Ok(());
        }
        check_stack(m.cx, m.fp, (*entry).frame_slots)?;
        let old = Header::read(m.slot(header));
        let params = usize::from((*entry).params);
        core::ptr::copy(m.slot(args), m.fp, params);
        let new = m.fp.add((*entry).header());
        old.write(new);
        begin_at(m, entry, m.fp, new)
    }
}

/// `return_call`. Behind it stands the return that a call of another instance needs.
#[derive(Debug)]
pub struct ReturnCall;

impl Op for ReturnCall {
    const NAME: &'static str = "return_call";
    const EFFECT: &'static str =
        "call function number index with the arguments from base on, in place of this frame";
    const FIELDS: &'static [Field] = &[Field::Index32, Field::Base, Field::Index16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; invariant 5 for the function.
        unsafe {
            let at = m.ip.sub(1);
            let entry = (*m.cx).funcs.add(m.fetch32() as usize);
            let args = m.fetch();
            let header = m.fetch();
            replace(m, at, entry, args, header)
        }
    }
}

/// `return_call` of an imported function.
#[derive(Debug)]
pub struct ReturnCallImport;

impl Op for ReturnCallImport {
    const NAME: &'static str = "return_call_import";
    const EFFECT: &'static str =
        "call import number index with the arguments from base on, in place of this frame";
    const FIELDS: &'static [Field] = &[Field::Index32, Field::Base, Field::Index16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; invariant 5 for the function.
        unsafe {
            let at = m.ip.sub(1);
            let import = (*m.cx).func_imports.add(m.fetch32() as usize).read();
            let entry = (*m.cx).all_funcs.add(import as usize);
            let args = m.fetch();
            let header = m.fetch();
            replace(m, at, entry, args, header)
        }
    }
}

/// `return_call_indirect`.
#[derive(Debug)]
pub struct ReturnCallIndirect;

impl Op for ReturnCallIndirect {
    const NAME: &'static str = "return_call_indirect";
    const EFFECT: &'static str = "call `tables[table][a]`, of type `ty`, in place of this frame";
    const FIELDS: &'static [Field] = &[
        Field::Slot,
        Field::Index16,
        Field::Index32,
        Field::Base,
        Field::Index16,
    ];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let at = m.ip.sub(1);
            let element = <Slot as Input<u32>>::read(m);
            let entry = indirect(m, element)?;
            let args = m.fetch();
            let header = m.fetch();
            replace(m, at, entry, args, header)
        }
    }
}

/// Ends the running frame.
#[inline(always)]
unsafe fn leave_frame(m: &mut Regs, header: u16) {
    // SAFETY: the frame's header was written when it began.
    unsafe {
        let header = Header::read(m.slot(header));
        m.ip = header.return_ip;
        m.fp = m.fp.sub(header.slots());
    }
}

/// `return`: results lie in the first slots already.
#[derive(Debug)]
pub struct Return;

impl Op for Return {
    const NAME: &'static str = "return";
    const EFFECT: &'static str = "return to the caller";
    const FIELDS: &'static [Field] = &[Field::Index16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller.
        unsafe {
            let header = m.fetch();
            leave_frame(m, header);
        }
        Ok(())
    }
}

/// `return` of one value, which is left in the accumulator of its type too.
#[derive(Debug)]
pub struct ReturnValue<T, A>(PhantomData<(T, A)>);

impl<T: SlotValue, A: Input<T>> Op for ReturnValue<T, A> {
    const NAME: &'static str = if T::IS_FLOAT { "freturn" } else { "return" };
    const EFFECT: &'static str = "return `a` to the caller";
    const FIELDS: &'static [Field] = &[Field::Index16, A::FIELD];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller. The header lies behind the result, which does not overwrite it.
        unsafe {
            let header = m.fetch();
            let value = A::read(m);
            m.slot(0).write(value.into_slot());
            if T::IS_FLOAT {
                m.facc = f64::from_bits(value.into_slot());
            } else {
                m.acc = value.into_slot();
            }
            leave_frame(m, header);
        }
        Ok(())
    }
}

/// What the host's call returns to: the machine is done.
#[derive(Debug)]
pub struct Halt;

impl Op for Halt {
    const NAME: &'static str = "halt";
    const EFFECT: &'static str = "return to the host";
    const FIELDS: &'static [Field] = &[];

    #[inline(always)]
    unsafe fn run(_m: &mut Regs) -> Result<(), Leave> {
        Err(Leave::Stop(Exit::Done))
    }
}

/// The code of a function that was never called: lowers it, then runs it.
#[derive(Debug)]
pub struct Lower;

impl Op for Lower {
    const NAME: &'static str = "lower";
    const EFFECT: &'static str = "lower the function that `acc` points to, then run it";
    const FIELDS: &'static [Field] = &[];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: only calls lead here, and they leave the callee's entry in `acc`, its frame in `fp`.
        unsafe {
            let ip = lower_entry(m.cx, m.ip.sub(1), m.fp, m.acc)?;
            m.ip = ip.cast_const();
        }
        Ok(())
    }
}

/// Lowers the function of the entry at address `acc`, and makes its frame, at `fp`, complete. Its code.
#[cold]
#[inline(never)]
unsafe fn lower_entry(
    cx: *mut Context,
    at: *const u16,
    fp: *mut u64,
    acc: u64,
) -> Result<*mut u16, Leave> {
    // SAFETY: promised by the caller. Lowering moves neither the stack nor the functions.
    unsafe {
        let entry: *mut FuncEntry = core::ptr::with_exposed_provenance_mut(acc as usize);
        (*cx).stopped = (at, fp);
        (*(*cx).runtime).lower(entry.offset_from((*cx).all_funcs) as u32)?;
        check_stack(cx, fp, (*entry).frame_slots)?;
        let locals = fp.add((*entry).header() + crate::machine::HEADER_SLOTS);
        for local in 0..(*entry).zero_slots as usize {
            locals.add(local).write(0);
        }
        Ok((*entry).code.cast_mut())
    }
}

/// What a function that was called from another instance returns to.
#[derive(Debug)]
pub struct Restore;

impl Op for Restore {
    const NAME: &'static str = "restore";
    const EFFECT: &'static str =
        "make the caller's instance current, move the results down, return to the caller";
    const FIELDS: &'static [Field] = &[];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: only headers that `call_foreign` wrote lead here, so its frame lies below the results.
        unsafe {
            let below = m.fp.sub(ForeignFrame::SLOTS);
            let frame = ForeignFrame::read(below);
            (*(*m.cx).runtime).enter(frame.instance);
            core::ptr::copy(m.fp, below, usize::from(frame.results));
            m.reload_memory();
            m.acc = below.read();
            m.fp = below.sub(frame.header.slots());
            m.ip = frame.header.return_ip;
        }
        Ok(())
    }
}

/// Pieces of code that are not part of any function.
pub mod stub {
    use super::{Halt, Lower, Restore};
    use crate::dispatch::granule;
    use crate::ops::number;

    static HALT: [u16; 1] = [granule(number::<Halt>())];
    static LOWER: [u16; 1] = [granule(number::<Lower>())];
    static RESTORE: [u16; 1] = [granule(number::<Restore>())];

    /// What a call by the host returns to.
    #[must_use]
    pub fn halt() -> *const u16 {
        HALT.as_ptr()
    }

    /// The code of a function that is not lowered yet. Its entry's frame ends with the header.
    #[must_use]
    pub fn lower() -> *const u16 {
        LOWER.as_ptr()
    }

    /// What a function returns to that another instance called.
    #[must_use]
    pub fn restore() -> *const u16 {
        RESTORE.as_ptr()
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<Call>(),
    OpDef::of::<CallImport>(),
    OpDef::of::<CallIndirect<Slot>>(),
    OpDef::of::<CallIndirect<Acc>>(),
    OpDef::of::<ReturnCall>(),
    OpDef::of::<ReturnCallImport>(),
    OpDef::of::<ReturnCallIndirect>(),
    OpDef::of::<Return>(),
    OpDef::of::<ReturnValue<u64, Slot>>(),
    OpDef::of::<ReturnValue<u64, Acc>>(),
    OpDef::of::<ReturnValue<u64, Imm16>>(),
    OpDef::of::<ReturnValue<f64, Slot>>(),
    OpDef::of::<ReturnValue<f64, Acc>>(),
    OpDef::of::<Halt>(),
    OpDef::of::<Lower>(),
    OpDef::of::<Restore>(),
];
