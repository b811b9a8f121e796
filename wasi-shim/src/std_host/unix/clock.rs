//! The system's clocks.

use rustix::time::ClockId as OsClock;

use crate::errno::Errno;
use crate::host::Clock;
use crate::types::ClockId;

/// The system's clocks, all four.
pub struct StdClock;

fn os_clock(clock: ClockId) -> OsClock {
    match clock {
        ClockId::Realtime => OsClock::Realtime,
        ClockId::Monotonic => OsClock::Monotonic,
        ClockId::ProcessCpu => OsClock::ProcessCPUTime,
        ClockId::ThreadCpu => OsClock::ThreadCPUTime,
    }
}

/// A time of the system in nanoseconds. A time before the epoch becomes the epoch.
fn nanoseconds(seconds: i64, nanoseconds: i64) -> u64 {
    let whole = i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
    u64::try_from(whole.max(0)).unwrap_or(u64::MAX)
}

impl Clock for StdClock {
    fn now(&mut self, clock: ClockId) -> Result<u64, Errno> {
        let time = rustix::time::clock_gettime(os_clock(clock));
        #[allow(
            clippy::useless_conversion,
            reason = "the width of the fields differs between systems"
        )]
        Ok(nanoseconds(time.tv_sec.into(), time.tv_nsec.into()))
    }

    fn resolution(&mut self, clock: ClockId) -> Result<u64, Errno> {
        let step = rustix::time::clock_getres(os_clock(clock));
        #[allow(
            clippy::useless_conversion,
            reason = "the width of the fields differs between systems"
        )]
        Ok(nanoseconds(step.tv_sec.into(), step.tv_nsec.into()).max(1))
    }
}
