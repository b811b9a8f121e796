//! Reading the clocks.

use crate::errno::Errno;
use crate::memory::Memory;
use crate::types::ClockId;
use crate::wasi::Wasi;

impl Wasi {
    /// `clock_res_get(id) -> timestamp`: returns the resolution of a clock in nanoseconds. Errors: `EINVAL` for an unknown
    /// clock.
    pub fn clock_res_get(
        &mut self,
        memory: &mut Memory<'_>,
        id: u32,
        resolution: u32,
    ) -> Result<(), Errno> {
        let clock = ClockId::from_raw(id).ok_or(Errno::Inval)?;
        let value = self.clock.resolution(clock)?;
        memory.set_u64(resolution, value)
    }

    /// `clock_time_get(id, precision) -> timestamp`: returns the time of a clock in nanoseconds. `precision` is the
    /// tolerated error. It is ignored: the result is always as exact as the clock. Errors: `EINVAL` for an unknown clock.
    pub fn clock_time_get(
        &mut self,
        memory: &mut Memory<'_>,
        id: u32,
        _precision: u64,
        time: u32,
    ) -> Result<(), Errno> {
        let clock = ClockId::from_raw(id).ok_or(Errno::Inval)?;
        let value = match clock {
            ClockId::Monotonic => self.monotonic()?,
            _ => self.clock.now(clock)?,
        };
        memory.set_u64(time, value)
    }
}
