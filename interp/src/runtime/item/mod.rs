//! Handles: functions, globals, memories and tables as the embedder sees them, and values.

pub(super) mod externs;
pub(super) mod func;
pub(super) mod global;
pub(super) mod memory;
pub(super) mod table;
pub(super) mod value;
