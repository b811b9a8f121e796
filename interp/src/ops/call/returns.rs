//! Returns, with a value or without.

use core::marker::PhantomData;

use crate::dispatch::{Field, Op};
use crate::machine::{Header, Leave, Regs, SlotValue};
use crate::ops::shape::Input;

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

/// Ends the running frame with one integer or reference as its result.
#[inline(always)]
pub(in crate::ops) unsafe fn return_value(m: &mut Regs, header: u16, value: u64) {
    // SAFETY: the header lies behind the result, which does not overwrite it.
    unsafe {
        m.slot(0).write(value);
        m.acc = value;
        leave_frame(m, header);
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
            let value = A::read(m).into_slot();
            if T::IS_FLOAT {
                m.slot(0).write(value);
                m.facc = f64::from_bits(value);
                leave_frame(m, header);
            } else {
                return_value(m, header, value);
            }
        }
        Ok(())
    }
}
