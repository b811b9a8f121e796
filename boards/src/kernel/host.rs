//! What the shim wants from a machine, from this one: clocks, random numbers, and sleep.

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
                    // A source without a handle is asked by the caller, who must get his turn.
                    source.ready = Ok(Readiness::default());
                    any |= source.read || source.write;
                }
            }
            stop::check();
            if stop::cause().is_some() {
                return Err(Errno::Intr);
            }
            if any || deadline.is_some_and(|deadline| deadline <= time::monotonic()) {
                return Ok(());
            }
            // Go's scheduler asks now and then without a wait: that is no rest.
            let limit = stop::rest();
            time::sleep(deadline.into_iter().chain(limit).min());
            // All of the wait was rest, however long it took.
            stop::rest();
        }
    }
}
