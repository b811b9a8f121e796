//! Returns, with a value or without.

use core::marker::PhantomData;

use crate::dispatch::{Op, Reader};
use crate::machine::{Class, Header, Leave, Regs, SlotIndex, SlotValue};
use crate::ops::operand;
use crate::ops::shape::{In, Input};

/// Ends the running frame.
#[inline(always)]
unsafe fn leave_frame(m: &mut Regs, header: SlotIndex) {
    // SAFETY: the frame's header was written when it began.
    unsafe {
        let header = Header::read(m.slot(header));
        m.ip = header.return_ip;
        m.fp = m.fp.sub(header.slots());
    }
}

/// Ends the running frame with one integer or reference as its result.
#[inline(always)]
pub(in crate::ops) unsafe fn return_value(m: &mut Regs, header: SlotIndex, value: u64) {
    // SAFETY: the header lies behind the result, which does not overwrite it.
    unsafe {
        m.slot(SlotIndex(0)).write(value);
        m.acc = value;
        leave_frame(m, header);
    }
}

/// `return`: results lie in the first slots already.
#[derive(Debug)]
pub struct Return;

// SAFETY: it goes on where the header of the running frame says, which the call wrote (invariant 2).
unsafe impl Op for Return {
    const NAME: &'static str = "return";
    const EFFECT: &'static str = "return to the caller";
    type Operands = (operand::Header,);
    const ENDS_BLOCK: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let header = operands.last(m);
        // SAFETY: it is the place of the running frame's header.
        unsafe { leave_frame(m, header) };
        Ok(())
    }
}

/// `return` of one value, which is left in the accumulator of its class too.
#[derive(Debug)]
pub struct ReturnValue<T, A>(PhantomData<(T, A)>);

// SAFETY: as `Return`. The first slot of a frame can be written (invariant 2).
unsafe impl<T: SlotValue, A: Input<T>> Op for ReturnValue<T, A> {
    const NAME: &'static str = match T::CLASS {
        Class::Float => "freturn",
        _ => "return",
    };
    const EFFECT: &'static str = "return `a` to the caller";
    type Operands = (operand::Header, In<A, T>);
    const ENDS_BLOCK: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (header, value) = operands.all(m);
        let value = value.into_slot();
        // SAFETY: the header lies behind the result, which does not overwrite it.
        unsafe {
            if matches!(T::CLASS, Class::Float) {
                m.slot(SlotIndex(0)).write(value);
                m.facc = f64::from_bits(value);
                leave_frame(m, header);
            } else {
                return_value(m, header, value);
            }
        }
        Ok(())
    }
}
