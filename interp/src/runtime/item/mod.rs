//! Handles: functions, globals, memories, tables and tags as the embedder sees them, and values.

#[cfg(feature = "exceptions")]
pub(super) mod exception;
pub(super) mod externs;
pub(super) mod func;
pub(super) mod global;
#[cfg(feature = "heap")]
mod held;
pub(super) mod memory;
#[cfg(feature = "gc")]
pub(super) mod object;
pub(super) mod table;
#[cfg(feature = "exceptions")]
pub(super) mod tag;
pub(super) mod value;
