//! References: tests, casts, small integers (core specification, 4.4.6 "ref.as_non_null", "ref.test", "ref.cast", "i31.get").
//!
//! ```text
//!  ┌──────────┬───┬────────┬─────┐   ┌──────────┬───┬────────┐     type: whether null has it, and an index or a code
//!  │ ref.test │ a │  type  │ dst │   │ ref.cast │ a │  type  │
//!  └──────────┴───┴────────┴─────┘   └──────────┴───┴────────┘
//! ```
//!
//! A cast that succeeds leaves the reference where it is. Conversions between `anyref` and `externref` take no op.

use core::marker::PhantomData;

use super::operand::Heap;
use super::shape::{In, Out, Output, Slot, ToAcc, ToSlot};
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Context, HeapCode, Leave, NULL_REF, Referent, Regs, Trap, i31};

/// Returns whether a reference has a type.
#[inline(never)]
unsafe fn test(cx: *mut Context, reference: u64, ty: HeapCode) -> bool {
    if reference == NULL_REF {
        return ty.is_nullable();
    }
    // SAFETY: invariants 4 to 6: the reference is one of this store, and the index is the op's.
    unsafe {
        if ty.code() < HeapCode::ABSTRACT
            && let Referent::Object(index, generation) = Referent::of(reference)
        {
            let object = (*cx).objects.add(index as usize);
            if (*object).generation == generation
                && (*object).ty == (*cx).types.add(ty.code() as usize).read()
            {
                return true;
            }
        }
        (*(*cx).runtime).is_instance(reference, ty)
    }
}

/// `ref.test`.
#[derive(Debug)]
pub struct RefTest<O>(PhantomData<O>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<O: Output> Op for RefTest<O> {
    const NAME: &'static str = "ref.test";
    const EFFECT: &'static str = "`dst ← a has the type`";
    type Operands = (In<Slot, u64>, Heap, Out<O, u32>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (reference, operands) = operands.read(m);
        let (ty, operands) = operands.read(m);
        // SAFETY: the machine's invariants.
        let has = unsafe { test(m.cx, reference, ty) };
        operands.write(m, u32::from(has));
        Ok(())
    }
}

/// `ref.cast`.
#[derive(Debug)]
pub struct RefCast;

// SAFETY: it reads its operands.
unsafe impl Op for RefCast {
    const NAME: &'static str = "ref.cast";
    const EFFECT: &'static str = "trap unless `a` has the type";
    type Operands = (In<Slot, u64>, Heap);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (reference, ty) = operands.all(m);
        // SAFETY: the machine's invariants.
        match unsafe { test(m.cx, reference, ty) } {
            true => Ok(()),
            false => Err(Trap::CastFailure.into()),
        }
    }
}

/// `ref.as_non_null`.
#[derive(Debug)]
pub struct RefAsNonNull;

// SAFETY: it reads its operand.
unsafe impl Op for RefAsNonNull {
    const NAME: &'static str = "ref.as_non_null";
    const EFFECT: &'static str = "trap if `a` is null";
    type Operands = (In<Slot, u64>,);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (reference,) = operands.all(m);
        match reference {
            NULL_REF => Err(Trap::NullReference.into()),
            _ => Ok(()),
        }
    }
}

/// `ref.i31`.
#[derive(Debug)]
pub struct RefI31<O>(PhantomData<O>);

// SAFETY: it reads its operand and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<O: Output> Op for RefI31<O> {
    const NAME: &'static str = "ref.i31";
    const EFFECT: &'static str = "`dst ←` a reference that is `a`, its lowest 31 bits";
    type Operands = (In<Slot, u32>, Out<O, u64>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (value, operands) = operands.read(m);
        operands.write(m, i31(value));
        Ok(())
    }
}

/// `i31.get_s` and (without `SIGNED`) `i31.get_u`.
#[derive(Debug)]
pub struct I31Get<O, const SIGNED: bool>(PhantomData<O>);

// SAFETY: it reads its operand and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<O: Output, const SIGNED: bool> Op for I31Get<O, SIGNED> {
    const NAME: &'static str = if SIGNED { "i31.get_s" } else { "i31.get_u" };
    const EFFECT: &'static str = if SIGNED {
        "`dst ←` the integer that `a` is, signed"
    } else {
        "`dst ←` the integer that `a` is"
    };
    type Operands = (In<Slot, u64>, Out<O, u32>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (reference, operands) = operands.read(m);
        if reference == NULL_REF {
            return Err(Trap::NullReference.into());
        }
        // `as` takes the lower half, whose highest bit is 0.
        let value = reference as u32;
        let value = if SIGNED {
            ((value << 1).cast_signed() >> 1).cast_unsigned()
        } else {
            value
        };
        operands.write(m, value);
        Ok(())
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<RefTest<ToSlot>>(),
    OpDef::of::<RefTest<ToAcc>>(),
    OpDef::of::<RefCast>(),
    OpDef::of::<RefAsNonNull>(),
    OpDef::of::<RefI31<ToSlot>>(),
    OpDef::of::<RefI31<ToAcc>>(),
    OpDef::of::<I31Get<ToSlot, true>>(),
    OpDef::of::<I31Get<ToAcc, true>>(),
    OpDef::of::<I31Get<ToSlot, false>>(),
    OpDef::of::<I31Get<ToAcc, false>>(),
];
