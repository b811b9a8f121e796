//! [`WasmBacktrace`]: the calls of a program at the moment it stopped. The runtime fills it.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::compile::Spelled;

/// The functions that were running when a program stopped, from the innermost outwards.
///
/// If host functions and wasm have called each other, the backtrace ends at the last call by a host function.
#[derive(Clone, Debug, Default)]
pub struct WasmBacktrace {
    pub(crate) frames: Vec<FrameSymbol>,
    pub(crate) complete: bool,
}

/// One of the functions of a [`WasmBacktrace`].
#[derive(Clone, Debug)]
pub struct FrameSymbol {
    pub(crate) func_index: u32,
    /// Shared by all frames of the function: a name can be megabytes long.
    pub(crate) func_name: Option<Arc<str>>,
    pub(crate) module_offset: Option<usize>,
}

impl WasmBacktrace {
    /// The frames, innermost first.
    #[must_use]
    pub fn frames(&self) -> &[FrameSymbol] {
        &self.frames
    }

    /// Whether these are all frames. The backtrace of a deep recursion is incomplete.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }
}

impl FrameSymbol {
    /// The function's index in its module.
    #[must_use]
    pub fn func_index(&self) -> u32 {
        self.func_index
    }

    /// The function's name, if the module's name section contains it.
    #[must_use]
    pub fn func_name(&self) -> Option<&str> {
        self.func_name.as_deref()
    }

    /// The byte offset in the module of the instruction that was running, or that performed the call.
    #[must_use]
    pub fn module_offset(&self) -> Option<usize> {
        self.module_offset
    }
}

impl fmt::Display for WasmBacktrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wasm backtrace:")?;
        for (number, frame) in self.frames.iter().enumerate() {
            write!(f, "\n  {number:3}: ")?;
            match frame.module_offset {
                Some(offset) => write!(f, "{offset:#8x}")?,
                None => f.write_str("       ?")?,
            }
            match &frame.func_name {
                Some(name) => write!(f, " - {}", Spelled(name))?,
                None => write!(f, " - <wasm function {}>", frame.func_index)?,
            }
        }
        if !self.complete {
            f.write_str("\n  … and more")?;
        }
        Ok(())
    }
}
