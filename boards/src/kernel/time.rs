//! Time: the board's counter in nanoseconds, the calendar, and sleep.
//!
//! Without a real-time clock, the calendar starts at the time of the newest file in the volume's root. The real time cannot
//! be earlier. So time never goes back between boots, provided that programs write files.

use core::cell::Cell;

use super::once::Once;
use crate::{arch, board::Board};

const SECOND: u64 = 1_000_000_000;

struct Clock {
    board: &'static Board,
    /// Ticks at the start of the kernel: the monotonic clock's zero.
    start: u64,
    frequency: u64,
    /// Nanoseconds between 1970 and `start`.
    epoch: Cell<u64>,
}

static CLOCK: Once<Clock> = Once::new();

/// Starts the clocks. `timebase` is the counter's frequency if the board does not know it.
pub(super) fn init(board: &'static Board, timebase: u64) {
    let epoch = board.wall_clock.map_or(0, |seconds| seconds() * SECOND);
    CLOCK.set(Clock {
        board,
        start: board.timer.ticks(),
        frequency: match board.timer.frequency() {
            0 => timebase.max(1),
            hertz => hertz,
        },
        epoch: Cell::new(epoch),
    });
}

/// Nanoseconds since the kernel started.
pub(super) fn monotonic() -> u64 {
    CLOCK.get().map_or(0, |clock| {
        let ticks = clock.board.timer.ticks() - clock.start;
        nanoseconds(ticks, clock.frequency)
    })
}

/// The resolution of both clocks in nanoseconds.
pub(super) fn resolution() -> u64 {
    CLOCK
        .get()
        .map_or(1, |clock| SECOND.div_ceil(clock.frequency))
}

/// Nanoseconds since 1970.
pub(super) fn wall() -> u64 {
    CLOCK.get().map_or(0, |clock| clock.epoch.get()) + monotonic()
}

/// Returns whether a real-time clock sets the calendar.
pub(super) fn has_calendar() -> bool {
    CLOCK.get().is_some_and(|clock| clock.epoch.get() != 0)
}

/// Advances the calendar to at least `wall` nanoseconds after 1970.
pub(super) fn not_before(wall: u64) {
    if let Some(clock) = CLOCK.get() {
        let epoch = wall.saturating_sub(monotonic());
        clock.epoch.set(clock.epoch.get().max(epoch));
    }
}

/// Sleeps until the console has received a byte, or until `deadline` on the monotonic clock. It may return early.
pub(super) fn sleep(deadline: Option<u64>) {
    let Some(clock) = CLOCK.get() else { return };
    let board = clock.board;
    let alarm = deadline
        .and_then(|deadline| ticks(deadline, clock.frequency))
        .map(|ticks| clock.start + ticks);
    if alarm.is_some_and(|alarm| alarm <= board.timer.ticks()) {
        return;
    }
    let nap = board
        .wake_up
        .longest_wait()
        .map(|wait| board.timer.ticks() + wait * clock.frequency / 1000);
    board.timer.wake_at(alarm.into_iter().chain(nap).min());
    arch::wait_for_interrupt();
    board.timer.wake_at(None);
    board.wake_up.acknowledge();
}

/// `ticks` in nanoseconds, exact and without overflow for five centuries.
fn nanoseconds(ticks: u64, frequency: u64) -> u64 {
    ticks / frequency * SECOND + ticks % frequency * SECOND / frequency
}

/// The first tick at or after a time, or `None` if it is too large.
fn ticks(nanoseconds: u64, frequency: u64) -> Option<u64> {
    let whole = (nanoseconds / SECOND).checked_mul(frequency)?;
    whole.checked_add((nanoseconds % SECOND * frequency).div_ceil(SECOND))
}
