//! Dispatch: how one op leads to the next. Nothing outside this folder knows it.
//!
//! An op is a type that implements [`Op`]. Its method `run` changes the machine's registers. A back end wraps each op in a
//! *handler* and puts all handlers into one table. The granule at `ip` selects the handler that runs next. There are three
//! back ends, and a build contains one of them:
//!
//! * `tail.rs`: a handler ends with a jump to the next handler. The machine's registers are the arguments of the jump, so they
//!   stay in the processor's registers from op to op. This is the fastest back end.
//! * `switched.rs`: a loop around one `match`, with an arm for each op. It serves processors on which the compiler makes no such
//!   jumps, and builds with the feature `loop-dispatch`.
//! * `looped.rs`: a handler returns, and a loop calls the next one. It is slower, needs nothing of the compiler, and so serves
//!   debug builds too.
//!
//! All back ends run the same [`Op`]s. Their bytecode differs only in the scale of op numbers ([`granule`]).
//!
//! Two more files belong here. `anywhere.rs` reads and writes numbers at unaligned addresses. `self_test.rs` checks that
//! the jumps of `tail.rs` are jumps in this build, since stable Rust does not promise them ([`self_test`]).

use crate::machine::{Leave, Regs};

#[cfg(not(all(any(tail_calls, switch), not(debug_assertions))))]
mod looped;
#[cfg(all(switch, not(debug_assertions)))]
mod switched;
#[cfg(all(tail_calls, not(debug_assertions)))]
mod tail;

#[cfg(not(all(any(tail_calls, switch), not(debug_assertions))))]
use looped as backend;
#[cfg(all(switch, not(debug_assertions)))]
use switched as backend;
#[cfg(all(tail_calls, not(debug_assertions)))]
use tail as backend;

pub use backend::{Handler, NAME, OP_SCALE, handler, run};

pub(crate) mod anywhere;
mod observe;
mod self_test;
mod slow;

pub use self_test::{SelfTestError, self_test};

#[cfg(feature = "observe")]
pub use observe::{Observer, observe};

/// One op of the bytecode.
pub trait Op {
    /// The name of the op. It is the name of the wasm instruction where there is one.
    const NAME: &'static str;
    /// The difference from another op of the same name: `br_if`, for example, for a comparison that branches.
    const FORM: &'static str = "";
    /// The effect of the op in one line, in the form `dst ← a + b`.
    const EFFECT: &'static str;
    /// The operands, in the order of their granules.
    const FIELDS: &'static [Field];

    /// Runs the op. On entry `ip` points at the first operand. On return it points at the next op to execute.
    ///
    /// # Errors
    /// The op cannot continue in the ordinary way: a trap, the end, or a pause (see [`Leave`]).
    ///
    /// # Safety
    /// The machine's invariants hold ([`crate::machine`]).
    unsafe fn run(m: &mut Regs) -> Result<(), Leave>;
}

/// The content of one handler: an op, or [several ops](crate::ops::superinstruction).
pub trait Step {
    /// True if `run` sets `m.ip` to the op that failed before it returns an error. A superinstruction does, since it contains
    /// several ops.
    const TELLS: bool;

    /// Runs the step, as [`Op::run`] does.
    ///
    /// # Errors
    /// As [`Op::run`].
    ///
    /// # Safety
    /// As [`Op::run`].
    unsafe fn run(m: &mut Regs) -> Result<(), Leave>;
}

impl<O: Op> Step for O {
    const TELLS: bool = false;

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller.
        unsafe { <O as Op>::run(m) }
    }
}

/// The kind of one operand. It determines the meaning of the operand and the number of its granules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A slot that is written. The accumulator of the value's type receives the value, too.
    Dst,
    /// A slot that is read.
    Slot,
    /// The first of several neighbouring slots: arguments, or a frame header.
    Base,
    /// The integer accumulator, which is read. It takes no granule.
    Acc,
    /// The float accumulator, which is read. It takes no granule.
    Facc,
    /// The slot with the copy of Go's stack pointer, which is read and written. It takes no granule.
    Sp,
    /// A mark: the intermediate value that the op loads has 32 bits and not 64. It takes no granule.
    Narrow,
    /// A constant of 16 bits, sign-extended.
    Imm16,
    /// A constant of 32 bits, sign-extended.
    Imm32,
    /// A constant of 64 bits.
    Imm64,
    /// The constant offset of an address, 16 bits.
    Offset16,
    /// The constant offset of an address, 32 bits.
    Offset32,
    /// A count, or an index below 65,536. The name of the op implies the kind of index.
    Index16,
    /// An index of 32 bits. The name of the op implies its kind.
    Index32,
    /// A branch target: the distance from the start of the op in granules, 16 bits, signed.
    Label16,
    /// A branch target: the distance from the start of the op in granules, 32 bits, signed.
    Label32,
    /// Branch targets in the form of `Label16`. Their number is the value of the `Index16` before them, plus one.
    Labels16,
    /// Branch targets in the form of `Label32`. Their number is the value of the `Index32` before them, plus one.
    Labels32,
}

impl Field {
    /// The number of granules of the operand. It is zero for a list of labels, whose length only the code has.
    #[must_use]
    pub const fn granules(self) -> usize {
        match self {
            Self::Acc | Self::Facc | Self::Sp | Self::Narrow | Self::Labels16 | Self::Labels32 => 0,
            Self::Dst
            | Self::Slot
            | Self::Base
            | Self::Imm16
            | Self::Offset16
            | Self::Index16
            | Self::Label16 => 1,
            Self::Imm32 | Self::Offset32 | Self::Index32 | Self::Label32 => 2,
            Self::Imm64 => 4,
        }
    }

    /// The number of granules of each branch target, if the operand is a list of them.
    #[must_use]
    pub const fn granules_each(self) -> Option<usize> {
        match self {
            Self::Labels16 => Some(1),
            Self::Labels32 => Some(2),
            _ => None,
        }
    }
}

/// The description of an op, for the op table, the encoder, listings and tests.
#[derive(Clone, Copy, Debug)]
pub struct OpDef {
    /// [`Op::NAME`].
    pub name: &'static str,
    /// [`Op::FORM`].
    pub form: &'static str,
    /// [`Op::EFFECT`].
    pub effect: &'static str,
    /// [`Op::FIELDS`].
    pub fields: &'static [Field],
    /// The code that runs the op.
    pub handler: Handler,
    /// A function that returns this definition.
    pub(crate) again: fn() -> Self,
}

impl OpDef {
    /// The definition of op `O`.
    #[must_use]
    pub const fn of<O: Op>() -> Self {
        Self {
            name: O::NAME,
            form: O::FORM,
            effect: O::EFFECT,
            fields: O::FIELDS,
            handler: handler::<O>(),
            again: Self::of::<O>,
        }
    }

    /// The number of granules of the op with its operands, without branch tables.
    #[must_use]
    pub const fn granules(&self) -> usize {
        granules(self.fields)
    }
}

/// The number of granules of an op with these operands, without branch tables.
#[must_use]
pub const fn granules(fields: &[Field]) -> usize {
    let mut sum = 1;
    let mut index = 0;
    while index < fields.len() {
        sum += fields[index].granules();
        index += 1;
    }
    sum
}

/// The granule that stands for op `number` in code.
#[must_use]
pub const fn granule(number: u16) -> u16 {
    number * OP_SCALE
}

/// The number of the op that granule `granule` stands for.
#[must_use]
pub const fn number(granule: u16) -> u16 {
    granule / OP_SCALE
}
