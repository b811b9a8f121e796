//! The op that is written over another one, to look at a program while it runs.
//!
//! ```text
//!  ┌─────────┬───┬───┬───┐          ┌───────┬───┬───┬───┐
//!  │ i64.add │ a │ b │ … │   ────►  │ probe │ a │ b │ … │     the runtime keeps the number of i64.add
//!  └─────────┴───┴───┴───┘          └───────┴───┴───┴───┘
//! ```
//!
//! Only the number of the op is replaced; its operands stay. The op pauses the machine. The runtime calls the embedder and names the op
//! that is hidden, and its handler then runs at the same place ([`Runtime::probe`](crate::machine::Runtime::probe)). So no handler tests
//! for a probe, and code without probes runs as ever.

use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Leave, Regs};

/// Pauses the machine before another op.
#[derive(Debug)]
pub struct Probe;

// SAFETY: it changes nothing, and never returns `Ok`.
unsafe impl Op for Probe {
    const NAME: &'static str = "probe";
    const EFFECT: &'static str = "call the embedder, then run the op that it hides";
    type Operands = ();
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(_: &mut Regs, _: Reader<Self>) -> Result<(), Leave> {
        Err(Leave::Probe)
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[OpDef::of::<Probe>()];
