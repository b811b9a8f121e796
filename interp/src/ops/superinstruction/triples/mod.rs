//! Three ops: pairs of the other lists, and what stands behind them.

pub(super) mod arithmetic;
pub(super) mod memory;
