//! The op table.
use crate::dispatch::Handler;
/// The handlers by number.
pub(crate) static TABLE: [Handler; 0] = [];
