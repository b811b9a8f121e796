//! Handles: functions, globals, memories, tables and tags as the embedder sees them, and values.

#[cfg(feature = "exceptions")]
pub(super) mod exception;
pub(super) mod externs;
pub(super) mod func;
pub(super) mod global;
pub(super) mod memory;
pub(super) mod table;
#[cfg(feature = "exceptions")]
pub(super) mod tag;
pub(super) mod value;
