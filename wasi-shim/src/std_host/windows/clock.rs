//! The system's clocks.

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cpu_time::{ProcessTime, ThreadTime};

use super::errno::from_os;
use crate::errno::Errno;
use crate::host::Clock;
use crate::types::ClockId;

/// The system's clocks, all four.
pub struct StdClock;

/// The start of the monotonic clock: an hour before its first read, so that no time is 0.
static START: OnceLock<Instant> = OnceLock::new();
const HOUR: Duration = Duration::from_secs(3600);

/// A time in nanoseconds.
fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// A time of the system in nanoseconds since 1970. Earlier times become 1970.
fn since_epoch(time: SystemTime) -> u64 {
    nanoseconds(time.duration_since(UNIX_EPOCH).unwrap_or_default())
}

impl Clock for StdClock {
    fn now(&mut self, clock: ClockId) -> Result<u64, Errno> {
        Ok(match clock {
            ClockId::Realtime => since_epoch(SystemTime::now()),
            ClockId::Monotonic => nanoseconds(START.get_or_init(Instant::now).elapsed() + HOUR),
            ClockId::ProcessCpu => {
                nanoseconds(ProcessTime::try_now().map_err(from_os)?.as_duration())
            }
            ClockId::ThreadCpu => {
                nanoseconds(ThreadTime::try_now().map_err(from_os)?.as_duration())
            }
        })
    }

    /// The unit of the system's clocks. The clocks of the processor advance with its timer, every 15.6 ms.
    fn resolution(&mut self, clock: ClockId) -> Result<u64, Errno> {
        Ok(match clock {
            ClockId::Realtime | ClockId::Monotonic => 100,
            ClockId::ProcessCpu | ClockId::ThreadCpu => 15_625_000,
        })
    }
}
