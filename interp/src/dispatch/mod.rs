//! How one op leads to the next. Nothing outside this folder knows.
//!
//! An op is a type that implements [`Op`]: what it does to the registers. A back end wraps each op in
//! a *handler*, puts all handlers into one table, and threads them: the granule at `ip` selects the
//! handler that runs next.
//!
//! * `tail.rs`: a handler ends by jumping to the next one. The machine's registers are the arguments of
//!   that call, so they stay in the processor's registers from op to op.
//! * `switched.rs`: a loop around one `match`, whose arms are the handlers. For processors without such jumps, or on request.
//! * `looped.rs`: a handler returns, and a loop calls the next one. Slower; works everywhere, and so do its builds for debugging.
//! * `anywhere.rs`: how a processor gets at numbers in memory that may lie at odd addresses, for the ops.
//!
//! Stable Rust does not promise the jumps of `tail.rs`; [`self_test`] finds out whether this build has them.
//!
//! All run the same [`Op`]s and the same code but for the scale of op numbers ([`granule`]).

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

/// What one op does.
pub trait Op {
    /// Its name: the wasm instruction's where there is one.
    const NAME: &'static str;
    /// What sets it apart from another op of that name, as `br_if` for a comparison that branches.
    const FORM: &'static str = "";
    /// A line that says what it does, in the form `dst ← a + b`.
    const EFFECT: &'static str;
    /// Its operands, in the order of their granules.
    const FIELDS: &'static [Field];

    /// Runs it. `ip` stands on the first operand; when `run` returns, on the next op to execute.
    ///
    /// # Errors
    /// Leaves the ordinary path: a trap, the end, or a pause (see [`Leave`]).
    ///
    /// # Safety
    /// The machine's invariants hold ([`crate::machine`]).
    unsafe fn run(m: &mut Regs) -> Result<(), Leave>;
}

/// What one handler runs: an op, or [several](crate::ops::superinstruction).
pub trait Step {
    /// Whether `m.ip` tells what was left, when `run` leaves the ordinary path: one of several.
    const TELLS: bool;

    /// Runs it, as [`Op::run`] does.
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

/// One operand of an op: what it means and how many granules it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A slot that is written. The value is left in its accumulator too.
    Dst,
    /// A slot that is read.
    Slot,
    /// A slot that begins a run of slots: arguments, or the place of a header.
    Base,
    /// The integer accumulator is read; takes no granule.
    Acc,
    /// The float accumulator is read; takes no granule.
    Facc,
    /// The slot with the copy of Go's stack pointer is read and written; takes no granule.
    Sp,
    /// What is loaded on the way has 32 bits, not 64; takes no granule.
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
    /// A count, or an index below 65,536 of a kind that the op's name tells.
    Index16,
    /// An index of a kind that the op's name tells.
    Index32,
    /// A branch target: granules from the start of the op, 16 bits, signed.
    Label16,
    /// A branch target: granules from the start of the op, 32 bits, signed.
    Label32,
    /// Branch targets as in `Label16`, as many as the `Index16` before them says, and one more.
    Labels16,
    /// Branch targets as in `Label32`, as many as the `Index32` before them says, and one more.
    Labels32,
}

impl Field {
    /// Granules of the operand; of labels there are as many as the code says.
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

    /// Granules of each of the branch targets that this operand is.
    #[must_use]
    pub const fn granules_each(self) -> Option<usize> {
        match self {
            Self::Labels16 => Some(1),
            Self::Labels32 => Some(2),
            _ => None,
        }
    }
}

/// An op as data: what the op table, the encoder, the listing and the tests know of it.
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
    /// The code that runs it.
    pub handler: Handler,
    /// The same definition again, when it is asked for.
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

    /// Granules of the op with its operands, without branch tables.
    #[must_use]
    pub const fn granules(&self) -> usize {
        granules(self.fields)
    }
}

/// Granules of an op with these operands, without branch tables.
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

/// The op whose granule this is.
#[must_use]
pub const fn number(granule: u16) -> u16 {
    granule / OP_SCALE
}
