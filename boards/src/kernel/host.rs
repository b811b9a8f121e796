//! The board's implementation of the shim's services: clocks, random numbers, and sleep.

use wasi_shim::{Clock, Errno, Poller, Random, host::Source, stream::Readiness, types::ClockId};

use super::{random, stop, terminal, time};

/// The board's clocks.
pub(super) struct Clocks;

impl Clock for Clocks {
    fn now(&mut self, clock: ClockId) -> Result<u64, Errno> {
        Ok(match clock {
            ClockId::Realtime => time::wall(),
            // One program has the processor to itself.
            ClockId::Monotonic | ClockId::ProcessCpu | ClockId::ThreadCpu => time::monotonic(),
        })
    }

    fn resolution(&mut self, _clock: ClockId) -> Result<u64, Errno> {
        Ok(time::resolution())
    }
}

impl Random for random::Random {
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), Errno> {
        self.fill(buf);
        Ok(())
    }
}

/// Waits for the console and the clock.
pub(super) struct Wait;

impl Poller for Wait {
    fn wait(&mut self, sources: &mut [Source], deadline: Option<u64>) -> Result<(), Errno> {
        loop {
            let console = terminal::ready();
            let mut any = false;
            for source in &mut *sources {
                if source
                    .handle
                    .as_ref()
                    .is_some_and(|handle| handle.is::<terminal::Handle>())
                {
                    source.ready = Ok(console);
                    any |= source.read && console.readable || source.write && console.writable;
                } else {
                    // The caller checks a source without a handle, so the wait must return.
                    source.ready = Ok(Readiness::default());
                    any |= source.read || source.write;
                }
            }
            stop::check();
            if stop::ends_waits() {
                return Err(Errno::Intr);
            }
            if any || deadline.is_some_and(|deadline| deadline <= time::monotonic()) {
                return Ok(());
            }
            // Go's scheduler sometimes polls without a wait. That does not reset the watchdog.
            let limit = stop::rest();
            time::sleep(deadline.into_iter().chain(limit).min());
            // The whole wait counts as rest, however long it took.
            stop::rest();
        }
    }
}
