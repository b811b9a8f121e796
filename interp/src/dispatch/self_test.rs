//! A test at start-up: do the handlers of this build jump to each other?
//!
//! Stable Rust does not promise tail calls (`tail.rs` explains why LLVM makes them). In a build where they are ordinary
//! calls, each op would leave a frame on the native stack, which would overflow far from the cause. So a few ops run
//! first, and a runtime for this test records the native stack pointer in each round.

use core::fmt;
use core::hint::black_box;
use core::ptr;

use super::{granule, run};
use crate::machine::{Context, Exit, FuncIndex, Regs, Runtime, Trap};
use crate::ops::binary::BinaryOp;
use crate::ops::branch::Br;
use crate::ops::data::Move;
use crate::ops::integer::I64Add;
use crate::ops::number;
use crate::ops::shape::{Acc, Imm16, ToAcc};

/// The error of [`self_test`]: handlers call each other and do not return before the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfTestError {
    /// The number of bytes of native stack that a few ops took.
    taken: usize,
}

impl fmt::Display for SelfTestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "this build of the interpreter would overflow the native stack: its ops call each other where they should \
             jump ({} bytes for a few ops); build it with optimisation, or with the feature `loop-dispatch`",
            self.taken
        )
    }
}

impl core::error::Error for SelfTestError {}

/// The code of the test: a constant, additions, and a backward branch. Each round asks the runtime for fuel.
static CODE: [u16; 10] = [
    granule(number::<Move<u64, Imm16, ToAcc>>()),
    1,
    granule(number::<BinaryOp<I64Add, Acc, Imm16, ToAcc>>()),
    2,
    granule(number::<BinaryOp<I64Add, Acc, Imm16, ToAcc>>()),
    3,
    granule(number::<BinaryOp<I64Add, Acc, Imm16, ToAcc>>()),
    4,
    granule(number::<Br<false>>()),
    (-8_i16).cast_unsigned(),
];

/// The ops of [`CODE`].
#[cfg(chosen_handlers)]
pub(crate) const SELF_TEST: [super::OpNumber; 3] = [
    number::<Move<u64, Imm16, ToAcc>>(),
    number::<BinaryOp<I64Add, Acc, Imm16, ToAcc>>(),
    number::<Br<false>>(),
];

/// The number of rounds.
const ROUNDS: usize = 4;

/// Runs a few ops and compares the native stack pointer between rounds. It takes less than a microsecond. The first call also finds out
/// what the processor has.
///
/// # Errors
/// The native stack has grown: this build cannot run programs.
pub fn self_test() -> Result<(), SelfTestError> {
    #[cfg(feature = "simd")]
    super::choose::detect();
    let mut probe = Probe {
        depths: [0; ROUNDS],
        rounds: 0,
    };
    let probe_at: *mut Probe = &raw mut probe;
    let mut cx = Context::new(0, probe_at);
    let cx: *mut Context = &raw mut cx;
    // SAFETY: the code is complete, and touches neither frame nor memory: the machine's invariants 1 and 4 are all it
    // needs. `probe` and `cx` are only used through these pointers until the machine has stopped.
    let exit = unsafe {
        run(Regs {
            ip: CODE.as_ptr(),
            fp: ptr::null_mut(),
            mem: ptr::null_mut(),
            mem_len: 0,
            cx,
            acc: 0,
            facc: 0.0,
        })
    };
    debug_assert_eq!(exit, Exit::Trap(Trap::OutOfFuel));
    judge(&probe.depths)
}

/// Compares the stack pointer of the first and the last round.
fn judge(depths: &[usize]) -> Result<(), SelfTestError> {
    let (first, last) = (depths[0], depths[depths.len() - 1]);
    match first.abs_diff(last) {
        0 => Ok(()),
        taken => Err(SelfTestError { taken }),
    }
}

/// The runtime of the test. It records the native stack pointer.
struct Probe {
    depths: [usize; ROUNDS],
    rounds: usize,
}

/// The address of a local variable: the position of the native stack.
#[inline(never)]
fn depth() -> usize {
    let local = 0_u8;
    ptr::from_ref(black_box(&local)).addr()
}

impl Runtime for Probe {
    fn refuel(&mut self) -> Result<(), Exit> {
        self.depths[self.rounds] = depth();
        self.rounds += 1;
        if self.rounds < ROUNDS {
            Ok(())
        } else {
            Err(Trap::OutOfFuel.into())
        }
    }

    fn pay(&mut self, _units: u64) -> Result<(), Exit> {
        NOT_IN_CODE
    }

    fn look(&mut self) -> Result<(), Exit> {
        NOT_IN_CODE
    }

    fn lower(&mut self, _func: FuncIndex) -> Result<(), Exit> {
        NOT_IN_CODE
    }

    fn call_host(&mut self, _func: FuncIndex, _args: usize) -> Result<(), Exit> {
        NOT_IN_CODE
    }

    fn enter(&mut self, _instance: u32) {}

    fn atomic_wait(&mut self, _timeout: i64) -> Result<(), Exit> {
        Err(Exit::Runtime)
    }

    fn memory_grow(&mut self, _memory: u32, _delta: u64) -> Result<Option<u64>, Exit> {
        Ok(None)
    }

    fn table_grow(&mut self, _table: u32, _delta: u64, _init: u64) -> Result<Option<u64>, Exit> {
        Ok(None)
    }

    fn memory_init(
        &mut self,
        _memory: u32,
        _data: u32,
        _dst: u64,
        _src: u64,
        _len: u64,
    ) -> Result<(), Exit> {
        NOT_IN_CODE
    }

    fn data_drop(&mut self, _data: u32) {}

    fn table_init(
        &mut self,
        _table: u32,
        _elem: u32,
        _dst: u64,
        _src: u64,
        _len: u64,
    ) -> Result<(), Exit> {
        NOT_IN_CODE
    }

    fn elem_drop(&mut self, _elem: u32) {}

    #[cfg(feature = "exceptions")]
    fn throw(&mut self, _tag: u32, _values: usize) -> Exit {
        Trap::UnreachableCodeReached.into()
    }

    #[cfg(feature = "exceptions")]
    fn throw_ref(&mut self, _exception: u64) -> Exit {
        Trap::UnreachableCodeReached.into()
    }

    #[cfg(feature = "exceptions")]
    fn unwind(&mut self) -> Result<(), Exit> {
        NOT_IN_CODE
    }
}

/// The result of the requests that [`CODE`] never makes.
const NOT_IN_CODE: Result<(), Exit> = Err(Exit::Trap(Trap::UnreachableCodeReached));

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn this_build_can_run() {
        assert_eq!(self_test(), Ok(()));
    }

    #[test]
    fn a_growing_stack_is_an_error_that_says_what_to_do() {
        let error = judge(&[4096, 4000, 3904]).unwrap_err().to_string();
        assert!(
            error.contains("192 bytes") && error.contains("loop-dispatch"),
            "{error}"
        );
        assert_eq!(judge(&[4096, 4096, 4096]), Ok(()));
    }
}
