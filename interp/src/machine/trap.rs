//! The ways in which running code stops: [`Trap`] is the program's own fault, and [`Exit`] any reason.

use core::fmt;

/// A fault of the running program (core specification, 4.2.1 "results": `trap`), or a limit that its embedder has set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Trap {
    /// `unreachable` was executed.
    UnreachableCodeReached,
    /// A load, store or bulk operation beyond the end of a memory or data segment.
    MemoryOutOfBounds,
    /// An access beyond the end of a table or element segment.
    TableOutOfBounds,
    /// `call_indirect` through a null table element.
    IndirectCallToNull,
    /// `call_indirect` of a function with another signature.
    BadSignature,
    /// A null reference where a value is required.
    NullReference,
    /// A signed division or a conversion whose result does not fit.
    IntegerOverflow,
    /// An integer division by zero.
    IntegerDivisionByZero,
    /// A conversion of NaN to an integer.
    BadConversionToInteger,
    /// More nested calls than the configured stack holds.
    StackOverflow,
    /// The fuel that the embedder granted is used up.
    OutOfFuel,
    /// The embedder interrupted the program.
    Interrupt,
    /// The host could not provide memory that running the program needs.
    OutOfMemory,
    /// A cast of a reference to a type that it does not have.
    #[cfg(feature = "gc")]
    CastFailure,
    /// An access beyond the end of an array.
    #[cfg(feature = "gc")]
    ArrayOutOfBounds,
    /// No more objects or exceptions with references fit into the heap: a limit forbids them, or the host has no memory.
    #[cfg(feature = "heap")]
    HeapFull,
    /// An atomic access whose address is not a multiple of its size.
    HeapMisaligned,
    /// `memory.atomic.wait32` or `wait64` on a memory that is not shared.
    AtomicWaitNonSharedMemory,
    /// `memory.atomic.wait32` or `wait64` without a timeout. No other thread could end the wait.
    AtomicWaitForever,
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The messages of the official test suite, which other runtimes use, too.
        f.write_str(match self {
            Self::UnreachableCodeReached => "unreachable executed",
            Self::MemoryOutOfBounds => "out of bounds memory access",
            Self::TableOutOfBounds => "out of bounds table access",
            Self::IndirectCallToNull => "uninitialized element",
            Self::BadSignature => "indirect call type mismatch",
            Self::NullReference => "null reference",
            Self::IntegerOverflow => "integer overflow",
            Self::IntegerDivisionByZero => "integer divide by zero",
            Self::BadConversionToInteger => "invalid conversion to integer",
            Self::StackOverflow => "call stack exhausted",
            Self::OutOfFuel => "all fuel consumed",
            Self::Interrupt => "interrupted",
            Self::OutOfMemory => "host out of memory",
            #[cfg(feature = "gc")]
            Self::CastFailure => "cast failure",
            #[cfg(feature = "gc")]
            Self::ArrayOutOfBounds => "out of bounds array access",
            #[cfg(feature = "heap")]
            Self::HeapFull => "no room for more objects",
            Self::HeapMisaligned => "unaligned atomic",
            Self::AtomicWaitNonSharedMemory => "expected shared memory",
            Self::AtomicWaitForever => "atomic wait without a timeout, and without another thread",
        })
    }
}

impl core::error::Error for Trap {}

/// The reason why the machine stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The function that the host called has returned.
    Done,
    /// The program trapped.
    Trap(Trap),
    /// The runtime stopped it and has stored the error: a host function failed, or a function to lower is invalid.
    Runtime,
    /// An exception was thrown, which the runtime has stored. `dispatch` asks the runtime for a handler
    /// ([`Runtime::unwind`](super::Runtime::unwind)), so the machine never stops for this reason.
    #[cfg(feature = "exceptions")]
    Exception,
}

impl From<Trap> for Exit {
    fn from(trap: Trap) -> Self {
        Self::Trap(trap)
    }
}

/// The reason why an op does not continue with the next op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// The machine stops at this op.
    Stop(Exit),
    /// The op is complete, but [`Context::fuel`](super::Context::fuel) is used up. Ask the runtime, then continue at the
    /// new `ip`.
    Refuel,
    /// The frame that the op was about to enter ends above the stack, at
    /// [`Context::stack_need`](super::Context::stack_need). Grow the stack, then run the op again.
    GrowStack,
    /// The callee, [`Context::foreign`](super::Context::foreign), belongs to the host or to another instance. Perform the
    /// call, then continue at the resulting place.
    Foreign,
    /// The op hides another one. Ask the runtime, then run the hidden op.
    #[cfg(feature = "probes")]
    Probe,
}

impl<E: Into<Exit>> From<E> for Leave {
    fn from(exit: E) -> Self {
        Self::Stop(exit.into())
    }
}
