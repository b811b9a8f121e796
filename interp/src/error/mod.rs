//! [`Error`]: the error type for embedders, in one pointer.
//!
//! An invalid module, a call that cannot be made, a trap, a failure of a host function, the exit of a program: all of them
//! are an [`Error`], and its methods distinguish them.

mod backtrace;

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

pub use backtrace::{FrameSymbol, WasmBacktrace};

use crate::compile::error::ModuleError;
use crate::machine::Trap;

/// A host's own error inside of an [`Error`].
type HostError = Box<dyn core::error::Error + Send + Sync>;

/// The reason of a failure.
pub struct Error(Box<Inner>);

struct Inner {
    cause: Cause,
    backtrace: Option<WasmBacktrace>,
    /// See [`Error::lowered_func`].
    lowered: Option<u32>,
}

enum Cause {
    Module(ModuleError),
    Trap(Trap),
    Exit(i32),
    Host(HostError),
    Message(String),
}

impl Error {
    /// Creates an error from a message.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self::of(Cause::Message(message.into()))
    }

    /// Wraps an error of the host, for example the failure of a host function. The program stops, and the call that ran it
    /// fails with this error ([`Error::downcast_ref`] returns it).
    #[must_use]
    pub fn host(error: impl core::error::Error + Send + Sync + 'static) -> Self {
        Self::of(Cause::Host(Box::new(error)))
    }

    /// The exit of the program with status `status` (WASI's `proc_exit`).
    #[must_use]
    pub fn i32_exit(status: i32) -> Self {
        Self::of(Cause::Exit(status))
    }

    /// The exit status, if the program has exited.
    #[must_use]
    pub fn i32_exit_status(&self) -> Option<i32> {
        match self.0.cause {
            Cause::Exit(status) => Some(status),
            _ => None,
        }
    }

    /// The trap, if it is one.
    #[must_use]
    pub fn as_trap(&self) -> Option<Trap> {
        match self.0.cause {
            Cause::Trap(trap) => Some(trap),
            _ => None,
        }
    }

    /// The error of the module, if that is the cause.
    #[must_use]
    pub fn as_module_error(&self) -> Option<&ModuleError> {
        match &self.0.cause {
            Cause::Module(error) => Some(error),
            _ => None,
        }
    }

    /// The host's error, if it is an `E`.
    #[must_use]
    pub fn downcast_ref<E: core::error::Error + 'static>(&self) -> Option<&E> {
        match &self.0.cause {
            Cause::Host(error) => error.downcast_ref(),
            _ => None,
        }
    }

    /// Returns the host's error, if it is an `E`.
    ///
    /// # Errors
    /// Returns the error itself, unchanged, if it is something else.
    pub fn downcast<E: core::error::Error + 'static>(self) -> Result<E, Self> {
        let Inner {
            cause,
            backtrace,
            lowered,
        } = *self.0;
        let cause = match cause {
            Cause::Host(error) => match error.downcast() {
                Ok(error) => return Ok(*error),
                Err(other) => Cause::Host(other),
            },
            other => other,
        };
        Err(Self(Box::new(Inner {
            cause,
            backtrace,
            lowered,
        })))
    }

    /// The calls of the program at the moment it stopped.
    #[must_use]
    pub fn backtrace(&self) -> Option<&WasmBacktrace> {
        self.0.backtrace.as_ref()
    }

    /// The index in its module of the function that was being lowered when an interrupt arrived. The function was about to
    /// run for the first time. The backtrace, if there is one, begins with its caller.
    #[must_use]
    pub fn lowered_func(&self) -> Option<u32> {
        self.0.lowered
    }

    pub(crate) fn while_lowering(mut self, func: u32) -> Self {
        self.0.lowered = Some(func);
        self
    }

    /// Returns whether a backtrace would add information to this error.
    pub(crate) fn wants_backtrace(&self) -> bool {
        self.0.backtrace.is_none() && self.i32_exit_status().is_none()
    }

    pub(crate) fn with_backtrace(mut self, backtrace: WasmBacktrace) -> Self {
        self.0.backtrace = Some(backtrace);
        self
    }

    fn of(cause: Cause) -> Self {
        Self(Box::new(Inner {
            cause,
            backtrace: None,
            lowered: None,
        }))
    }
}

impl From<Trap> for Error {
    fn from(trap: Trap) -> Self {
        Self::of(Cause::Trap(trap))
    }
}

impl From<core::convert::Infallible> for Error {
    fn from(never: core::convert::Infallible) -> Self {
        match never {}
    }
}

impl From<ModuleError> for Error {
    fn from(error: ModuleError) -> Self {
        Self::of(Cause::Module(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.cause {
            Cause::Module(error) => error.fmt(f)?,
            Cause::Trap(trap) => write!(f, "wasm trap: {trap}")?,
            Cause::Exit(status) => write!(f, "exited with status {status}")?,
            Cause::Host(error) => error.fmt(f)?,
            Cause::Message(message) => f.write_str(message)?,
        }
        if let Some(func) = self.0.lowered {
            write!(f, ", while function {func} was lowered")?;
        }
        match &self.0.backtrace {
            Some(backtrace) => write!(f, "\n{backtrace}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `unwrap` and `main` print errors in this way, so they should be readable.
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.0.cause {
            Cause::Host(error) => error.source(),
            _ => None,
        }
    }
}
