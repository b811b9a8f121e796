//! Times: between nanoseconds since 1970 and the calendar times of FAT, and the clock that stamps directory entries.
//!
//! FAT knows 1980-01-01 to 2107-12-31 and stores local time without a zone; it is taken for UTC here. Times outside of this range
//! become its ends. The time of the last change has steps of two seconds (exFAT: 10 ms), that of the last access of a day (exFAT:
//! two seconds).

use alloc::boxed::Box;
use core::sync::atomic::{AtomicU32, Ordering};

use hadris_fs::{Clock, DateTime};

use crate::wall_clock::WallClock;

const SECOND: u64 = 1_000_000_000;

/// 1980-01-01 00:00:00, where the calendar of FAT starts.
const EARLIEST: u64 = 315_532_800;

/// 2107-12-31 23:59:58, where it ends.
const LATEST: u64 = 4_354_819_198;

/// Nanoseconds since 1970 as the driver's time. They are a signed number in two's complement.
pub(super) fn to_fat(time: u64) -> DateTime {
    let time = u64::try_from(time.cast_signed()).unwrap_or(0);
    let seconds = time / SECOND;
    let (seconds, rest) = match seconds {
        ..EARLIEST => (EARLIEST, 0),
        EARLIEST..=LATEST => (seconds, (time % SECOND) as u32),
        _ => (LATEST, 0),
    };
    DateTime::new(seconds as i64, rest).expect("the range of FAT lies within that of DateTime")
}

/// The driver's time as nanoseconds since 1970; a missing one is the earliest.
pub(super) fn from_fat(time: Option<DateTime>) -> u64 {
    let Some(time) = time else {
        return EARLIEST * SECOND;
    };
    let seconds = u64::try_from(time.unix_seconds()).unwrap_or(0);
    seconds * SECOND + u64::from(time.nanoseconds())
}

/// The clock that the driver reads: the time of the last [`set`](Stamp::set).
///
/// The driver wants a clock that lives for ever and can be shared between threads, which a host's need not be. Each mount therefore leaks
/// these eight bytes, and sets them before it lets the driver write.
pub(super) struct Stamp {
    seconds: AtomicU32,
    nanoseconds: AtomicU32,
}

impl Stamp {
    pub(super) fn leak() -> &'static Stamp {
        Box::leak(Box::new(Stamp {
            seconds: AtomicU32::new(EARLIEST as u32),
            nanoseconds: AtomicU32::new(0),
        }))
    }

    /// Reads the host's clock and returns the time.
    pub(super) fn set(&self, clock: &WallClock) -> u64 {
        let now = clock();
        let time = to_fat(now);
        // LATEST is less than 2³² seconds after 1970.
        let seconds = u32::try_from(time.unix_seconds()).unwrap_or(u32::MAX);
        self.seconds.store(seconds, Ordering::Relaxed);
        self.nanoseconds
            .store(time.nanoseconds(), Ordering::Relaxed);
        now
    }
}

impl Clock for Stamp {
    fn now(&self) -> DateTime {
        let seconds = u64::from(self.seconds.load(Ordering::Relaxed));
        to_fat(seconds * SECOND + u64::from(self.nanoseconds.load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_outside_of_the_calendar_become_its_ends() {
        assert_eq!(from_fat(Some(to_fat(0))), EARLIEST * SECOND);
        assert_eq!(from_fat(Some(to_fat(i64::MAX as u64))), LATEST * SECOND);
        assert_eq!(from_fat(Some(to_fat((-1i64) as u64))), EARLIEST * SECOND);
        let time = 1_700_000_000_123_456_789;
        assert_eq!(from_fat(Some(to_fat(time))), time);
    }
}
