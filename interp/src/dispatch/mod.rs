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
//! Operands are types: `operand.rs` has what an op reads, `field.rs` what the encoder and the listing know of it.
//!
//! Three more files belong here. `anywhere.rs` reads and writes numbers at unaligned addresses. `choose/` has operations on vectors for
//! which compilers do not find the instruction. `self_test.rs` checks that
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
#[cfg(feature = "simd")]
pub(crate) mod choose;
mod field;
mod observe;
mod operand;
mod self_test;
mod slow;

pub use field::{Field, Fields, granules};
pub use operand::{Cursor, Operand, Operands, Read};
#[cfg(chosen_handlers)]
pub(crate) use self_test::SELF_TEST;
pub use self_test::{SelfTestError, self_test};

#[cfg(feature = "observe")]
pub use observe::{Observer, observe};

/// The number of an op or of a superinstruction: its place in the op table ([`crate::ops`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpNumber(pub u16);

impl OpNumber {
    /// The number as an index.
    #[must_use]
    #[inline(always)]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One op of the bytecode.
///
/// ```
/// use core::ptr;
/// use interp::dispatch::{Cursor, Field, Op, OpDef, Reader};
/// use interp::machine::{Leave, Regs};
/// use interp::ops::shape::{In, Out, Slot, ToSlot};
///
/// /// `dst ← a` with its bytes in reverse order.
/// struct Reverse;
///
/// // SAFETY: it reads its operands and writes its output.
/// unsafe impl Op for Reverse {
///     const NAME: &'static str = "i64.reverse";
///     const EFFECT: &'static str = "`dst ← a` with its bytes in reverse order";
///     type Operands = (In<Slot, u64>, Out<ToSlot, u64>);
///
///     fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
///         let (a, operands) = operands.read(m);
///         operands.write(m, a.swap_bytes());
///         Ok(())
///     }
/// }
///
/// let def = OpDef::of::<Reverse>();
/// assert_eq!(def.fields, [Field::Slot, Field::Dst]);
/// assert_eq!(def.granules(), 3);
///
/// // Slot 1 is read, slot 0 is written.
/// let code: [u16; 2] = [1, 0];
/// let mut slots: [u64; 2] = [0, 0x0102];
/// let mut m = Regs {
///     ip: code.as_ptr(),
///     fp: slots.as_mut_ptr(),
///     mem: ptr::null_mut(),
///     mem_len: 0,
///     cx: ptr::null_mut(),
///     acc: 0,
///     facc: 0.0,
/// };
/// // SAFETY: both operands stand in `code` and name slots that exist; the op uses nothing else.
/// let operands = unsafe { Cursor::new() };
/// assert_eq!(Reverse::run(&mut m, operands), Ok(()));
/// assert_eq!((slots[0], m.acc), (0x0201 << 48, 0x0201 << 48));
/// ```
///
/// Operands can be read in the order of [`Op::Operands`] only, and with these types: this op does not compile, since it writes its
/// output before it has read its input.
///
/// ```compile_fail,E0599
/// # use interp::dispatch::{Op, Reader};
/// # use interp::machine::{Leave, Regs};
/// # use interp::ops::shape::{In, Out, Slot, ToSlot};
/// # struct Reverse;
/// # // SAFETY: it does not compile.
/// # unsafe impl Op for Reverse {
/// #     const NAME: &'static str = "i64.reverse";
/// #     const EFFECT: &'static str = "";
/// type Operands = (In<Slot, u64>, Out<ToSlot, u64>);
///
/// fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
///     let operands = operands.write(m, 0);
/// #   Ok(())
/// # }
/// # }
/// ```
///
/// # Safety
/// `run` keeps the machine's invariants ([`crate::machine`]): if they hold when it is called, they hold when it returns `Ok`, and `ip`
/// is then at the start of an op. For this, `run` can rely on the encoding that [`Op::Operands`] describes, and on the validated
/// module. Each implementation gives its reason.
pub unsafe trait Op: Sized {
    /// The name of the op. It is the name of the wasm instruction where there is one.
    const NAME: &'static str;
    /// The difference from another op of the same name: `br_if`, for example, for a comparison that branches.
    const FORM: &'static str = "";
    /// The effect of the op in one line, in the form `dst ← a + b`.
    const EFFECT: &'static str;
    /// The operands, in the order of their granules. Encoding, listings and the reads in `run` come from here.
    type Operands: Operands;
    /// True if execution never continues with the op behind this one.
    const ENDS_BLOCK: bool = false;
    /// True if the op can pause the machine before it has done anything, and then runs again from its start. Such an op cannot be a
    /// part of a superinstruction.
    const RUNS_AGAIN: bool = false;

    /// Runs the op. On entry `ip` points at the first operand. On return it points at the next op to execute.
    ///
    /// # Errors
    /// The op cannot continue in the ordinary way: a trap, the end, or a pause (see [`Leave`]).
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave>;
}

/// The cursor with which op `O` begins: over all of its operands.
pub type Reader<O> = Cursor<<<O as Op>::Operands as Operands>::List>;

/// The operands of op `O` as data.
#[must_use]
pub const fn fields_of<O: Op>() -> &'static [Field] {
    <O::Operands as Operands>::FIELDS_AT.as_slice()
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
    /// The machine's invariants hold ([`crate::machine`]), and the operands of the step stand at `ip`.
    unsafe fn run(m: &mut Regs) -> Result<(), Leave>;
}

impl<O: Op> Step for O {
    const TELLS: bool = false;

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: invariants 1 to 6, promised by the caller; an op changes `ip` as a cursor demands.
        let operands = unsafe { Cursor::new() };
        <O as Op>::run(m, operands)
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
    /// The fields of [`Op::Operands`].
    pub fields: &'static [Field],
    /// [`Op::ENDS_BLOCK`].
    pub ends_block: bool,
    /// [`Op::RUNS_AGAIN`].
    pub runs_again: bool,
    /// The code that runs the op.
    pub handler: Handler,
    /// A function that returns the Rust type of the op, for profiles.
    #[cfg(feature = "observe")]
    pub type_name: fn() -> &'static str,
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
            fields: fields_of::<O>(),
            ends_block: O::ENDS_BLOCK,
            runs_again: O::RUNS_AGAIN,
            handler: handler::<O>(),
            #[cfg(feature = "observe")]
            type_name: core::any::type_name::<O>,
            again: Self::of::<O>,
        }
    }

    /// The number of granules of the op with its operands, without branch tables.
    #[must_use]
    pub const fn granules(&self) -> usize {
        granules(self.fields)
    }
}

/// The scale of op numbers in an optimised build for `target`, a name as Rust's compiler has it: the size of a pointer where handlers
/// end in jumps (`build.rs`).
#[must_use]
pub const fn op_scale(target: &str) -> u16 {
    match target.as_bytes() {
        [b'x', b'8', b'6', b'_', b'6', b'4', ..]
        | [b'a', b'a', b'r', b'c', b'h', b'6', b'4', ..]
        | [b'r', b'i', b's', b'c', b'v', b'6', b'4', ..] => 8,
        [b'r', b'i', b's', b'c', b'v', b'3', b'2', ..] => 4,
        _ => 1,
    }
}

// What `op_scale` returns for this target is true.
#[cfg(all(tail_calls, not(debug_assertions)))]
const _: () = assert!(OP_SCALE == op_scale(env!("TARGET_ARCH")));
#[cfg(all(switch, not(feature = "loop-dispatch")))]
const _: () = assert!(op_scale(env!("TARGET_ARCH")) == 1);

/// The granule that stands for op `number` in code.
#[must_use]
pub const fn granule(number: OpNumber) -> u16 {
    number.0 * OP_SCALE
}

/// The number of the op that granule `granule` stands for.
#[must_use]
pub const fn number(granule: u16) -> OpNumber {
    OpNumber(granule / OP_SCALE)
}
