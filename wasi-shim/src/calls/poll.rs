//! Waits for clocks, and for descriptors to become readable or writable.
//!
//! ```text
//! $subscription, 48 bytes                      $event, 32 bytes
//! 0        8   16                              0        8     10   16     24    32
//! userdata tag clock: id 16, timeout 24,       userdata error type nbytes flags
//!              precision 32, flags 40
//!              fd_read, fd_write: fd 16
//! ```
//!
//! `poll_oneoff` does not fail because of a wrong subscription: the error is reported in the event of that subscription. It
//! never spins: either an event is available at once, or the host sleeps until the next clock or stream.

use alloc::vec::Vec;

use crate::errno::Errno;
use crate::fd::Object;
use crate::host::Source;
use crate::memory::Memory;
use crate::stream::Readiness;
use crate::types::{ClockId, Rights};
use crate::wasi::Wasi;

const SUBSCRIPTION_SIZE: u32 = 48;
const EVENT_SIZE: u32 = 32;

/// The maximum number of subscriptions in a call: more than two for each descriptor of a guest. It bounds the cost for the
/// host.
const MOST_SUBSCRIPTIONS: u32 = 1 << 18;

/// The flag `subscription_clock_abstime`: the timeout is a time, not a duration.
const ABSTIME: u16 = 1;
/// The flag `fd_readwrite_hangup` of an event: the other side has closed.
const HANGUP: u16 = 1;

/// The condition of a subscription. `EINVAL` is the error for an unknown tag.
#[derive(Clone, Copy)]
enum Wanted {
    /// The monotonic clock must reach this time.
    Monotonic(u64),
    /// The wall clock, which can be set meanwhile, must reach this time.
    Realtime(u64),
    /// A descriptor must be ready for the operation of this right.
    Descriptor(u32, Rights),
    /// The event is available at once, with an error.
    Wrong(Errno),
}

#[derive(Clone, Copy)]
struct Subscription {
    userdata: u64,
    tag: u8,
    wanted: Wanted,
}

/// An event: the error, the number of bytes ready, and whether the other side has closed.
type Outcome = Result<Readiness, Errno>;

impl Wasi {
    /// `poll_oneoff(in, out, nsubscriptions) -> size`: waits until at least one of the subscriptions has an event, and
    /// writes all events. Files and directories are always ready. An error of a single subscription (`EBADF`, an unknown
    /// clock) is an event.
    ///
    /// A relative timeout counts from the call. If it is too large for the clock, it never expires. Errors: `EINVAL` if
    /// there are no subscriptions, or more than 262,144; `EINTR` if the embedder interrupts the guest.
    pub fn poll_oneoff(
        &mut self,
        memory: &mut Memory<'_>,
        subscriptions: u32,
        events: u32,
        count: u32,
        nevents: u32,
    ) -> Result<(), Errno> {
        if count == 0 {
            return Err(Errno::Inval);
        }
        memory.check(events, count.checked_mul(EVENT_SIZE).ok_or(Errno::Fault)?)?;
        memory.check(nevents, 4)?;
        if count > MOST_SUBSCRIPTIONS {
            return Err(Errno::Inval);
        }
        let began = match self.given_up.take() {
            Some(began) => began,
            // A machine without clocks has no timeouts.
            None => self.monotonic().unwrap_or_default(),
        };
        let subscriptions = self.subscriptions(memory, subscriptions, count, began)?;
        let outcomes = self.wait_for_any(&subscriptions).inspect_err(|errno| {
            self.given_up = (*errno == Errno::Intr && self.is_suspending()).then_some(began);
        })?;
        let mut written = 0;
        for (subscription, outcome) in subscriptions.iter().zip(outcomes) {
            if let Some(outcome) = outcome {
                // Within the checked range, whose end may be the end of the address space.
                let at = events + written * EVENT_SIZE;
                memory.write(at, &event(subscription, outcome))?;
                written += 1;
            }
        }
        memory.set_u32(nevents, written)
    }

    /// Reads the subscriptions. Relative timeouts become absolute times: they count from `began`.
    fn subscriptions(
        &mut self,
        memory: &Memory<'_>,
        at: u32,
        count: u32,
        began: u64,
    ) -> Result<Vec<Subscription>, Errno> {
        let bytes = memory.bytes(
            at,
            count.checked_mul(SUBSCRIPTION_SIZE).ok_or(Errno::Fault)?,
        )?;
        let mut list = Vec::with_capacity(count as usize);
        for record in bytes.chunks_exact(SUBSCRIPTION_SIZE as usize) {
            let word = |at: usize| {
                let mut word = [0; 8];
                word.copy_from_slice(&record[at..at + 8]);
                u64::from_le_bytes(word)
            };
            // The low half of the word at 16 is a descriptor or a clock, both of 32 bits.
            let number = word(16) as u32;
            let tag = record[8];
            let wanted = match tag {
                0 => {
                    let flags = u16::from_le_bytes([record[40], record[41]]);
                    clock_wanted(number, word(24), flags, began)
                }
                1 => Wanted::Descriptor(number, Rights::FD_READ),
                2 => Wanted::Descriptor(number, Rights::FD_WRITE),
                _ => Wanted::Wrong(Errno::Inval),
            };
            list.push(Subscription {
                userdata: word(0),
                tag,
                wanted,
            });
        }
        Ok(list)
    }

    /// Waits until there is at least one event. `None` is a subscription without an event.
    fn wait_for_any(&mut self, list: &[Subscription]) -> Result<Vec<Option<Outcome>>, Errno> {
        let mut sources: Vec<Source> = Vec::new();
        loop {
            sources.clear();
            let mut indices: Vec<usize> = Vec::new();
            let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(list.len());
            for (index, subscription) in list.iter().enumerate() {
                let outcome = match subscription.wanted {
                    Wanted::Wrong(errno) => Some(Err(errno)),
                    Wanted::Monotonic(_) | Wanted::Realtime(_) => None,
                    Wanted::Descriptor(fd, right) => match self.look(fd, right) {
                        Look::Outcome(outcome) => Some(outcome),
                        Look::Wait(source) => {
                            sources.push(source);
                            indices.push(index);
                            None
                        }
                    },
                };
                outcomes.push(outcome);
            }
            let any = outcomes.iter().any(Option::is_some);
            let deadline = if any { Some(0) } else { self.deadline(list)? };
            // If an event is available and no stream must be asked, there is no need to wait.
            let passed = deadline.is_some_and(|deadline| deadline == 0);
            if !sources.is_empty() || !passed {
                // The poller counts by the clock of the host. 0 means to look only.
                let shift = self.monotonic_shift;
                let deadline = deadline.map(|time| match time {
                    0 => 0,
                    time => time.wrapping_sub(shift).max(1),
                });
                self.poller.wait(&mut sources, deadline)?;
            }
            for (source, index) in sources.iter().zip(indices) {
                outcomes[index] = outcome(source);
            }
            for (subscription, outcome) in list.iter().zip(&mut outcomes) {
                if self.has_come(subscription.wanted)? {
                    *outcome = Some(Ok(Readiness::default()));
                }
            }
            if outcomes.iter().any(Option::is_some) {
                return Ok(outcomes);
            }
        }
    }

    /// The earliest expiry of a subscription on the monotonic clock, or 0 if one has expired already.
    fn deadline(&mut self, list: &[Subscription]) -> Result<Option<u64>, Errno> {
        let mut earliest = None;
        for subscription in list {
            let time = match subscription.wanted {
                Wanted::Monotonic(time) => time,
                Wanted::Realtime(time) => {
                    let left = time.saturating_sub(self.clock.now(ClockId::Realtime)?);
                    self.monotonic()?.saturating_add(left)
                }
                _ => continue,
            };
            earliest = Some(earliest.map_or(time, |earliest: u64| earliest.min(time)));
        }
        match earliest {
            Some(time) if time <= self.monotonic()? => Ok(Some(0)),
            // A time that never comes.
            Some(u64::MAX) => Ok(None),
            other => Ok(other),
        }
    }

    fn has_come(&mut self, wanted: Wanted) -> Result<bool, Errno> {
        Ok(match wanted {
            Wanted::Monotonic(u64::MAX) | Wanted::Realtime(u64::MAX) => false,
            Wanted::Monotonic(time) => self.monotonic()? >= time,
            Wanted::Realtime(time) => self.clock.now(ClockId::Realtime)? >= time,
            Wanted::Descriptor(..) | Wanted::Wrong(_) => false,
        })
    }

    /// Returns the state of a descriptor if it is known without waiting, or the stream to ask.
    fn look(&mut self, fd: u32, right: Rights) -> Look {
        let descriptor = match self.fds.get_mut(fd) {
            Ok(descriptor) => descriptor,
            Err(errno) => return Look::Outcome(Err(errno)),
        };
        let read = right == Rights::FD_READ;
        let (handle, ready) = match &mut descriptor.object {
            Object::Directory { .. } => return Look::Outcome(Ok(Readiness::default())),
            Object::File { place, offset, .. } => {
                let (place, offset) = (*place, *offset);
                let size = self.mounts.stat(place).map_or(offset, |stat| stat.size);
                let bytes = if read { size.saturating_sub(offset) } else { 0 };
                return Look::Outcome(Ok(Readiness {
                    bytes,
                    ..Readiness::default()
                }));
            }
            _ if !descriptor.rights.contains(right)
                && !descriptor.rights.contains(Rights::SOCK_ACCEPT) =>
            {
                return Look::Outcome(Err(Errno::BadF));
            }
            Object::Stream { stream, .. } => match stream.poll_handle() {
                Some(handle) => (Some(handle), Ok(Readiness::default())),
                None => (None, stream.ready()),
            },
            Object::Listener(listener) => match listener.poll_handle() {
                Some(handle) => (Some(handle), Ok(Readiness::default())),
                None => (None, listener.ready()),
            },
        };
        let source = Source {
            handle,
            read,
            write: !read,
            ready,
        };
        match outcome(&source) {
            Some(outcome) => Look::Outcome(outcome),
            None => Look::Wait(source),
        }
    }

    /// Waits before a stream is read or written, or a connection accepted. Returns `EAGAIN` if the operation would wait and
    /// the descriptor is non-blocking. Files are always ready.
    pub(super) fn wait_ready(&mut self, fd: u32, right: Rights) -> Result<(), Errno> {
        let nonblock = self.fds.get(fd)?.nonblock();
        loop {
            let source = match self.look(fd, right) {
                // The operation itself will report the error.
                Look::Outcome(_) => return Ok(()),
                Look::Wait(source) => source,
            };
            let mut sources = [source];
            self.poller
                .wait(&mut sources, if nonblock { Some(0) } else { None })?;
            if outcome(&sources[0]).is_some() {
                return Ok(());
            }
            if nonblock {
                return Err(Errno::Again);
            }
        }
    }
}

/// The condition of a clock. A relative timeout counts from `began` on the monotonic clock.
fn clock_wanted(id: u32, timeout: u64, flags: u16, began: u64) -> Wanted {
    let absolute = flags & ABSTIME != 0;
    match ClockId::from_raw(id) {
        _ if flags & !ABSTIME != 0 => Wanted::Wrong(Errno::Inval),
        // A duration is the same on both clocks, and the monotonic one cannot be set meanwhile.
        Some(ClockId::Realtime | ClockId::Monotonic) if !absolute => {
            Wanted::Monotonic(began.saturating_add(timeout))
        }
        Some(ClockId::Monotonic) => Wanted::Monotonic(timeout),
        Some(ClockId::Realtime) => Wanted::Realtime(timeout),
        Some(ClockId::ProcessCpu | ClockId::ThreadCpu) => Wanted::Wrong(Errno::NotSup),
        None => Wanted::Wrong(Errno::Inval),
    }
}

/// The result of `look`.
enum Look {
    Outcome(Outcome),
    Wait(Source),
}

/// The event for a source, if its condition is met.
fn outcome(source: &Source) -> Option<Outcome> {
    match source.ready {
        Err(errno) => Some(Err(errno)),
        Ok(ready) => {
            let happened =
                source.read && ready.readable || source.write && ready.writable || ready.hangup;
            happened.then_some(Ok(ready))
        }
    }
}

/// The record of an event.
fn event(subscription: &Subscription, outcome: Outcome) -> [u8; EVENT_SIZE as usize] {
    let mut record = [0; EVENT_SIZE as usize];
    record[0..8].copy_from_slice(&subscription.userdata.to_le_bytes());
    record[10] = subscription.tag;
    match outcome {
        Err(errno) => record[8..10].copy_from_slice(&errno.raw().to_le_bytes()),
        Ok(ready) => {
            record[16..24].copy_from_slice(&ready.bytes.to_le_bytes());
            let flags = if ready.hangup { HANGUP } else { 0 };
            record[24..26].copy_from_slice(&flags.to_le_bytes());
        }
    }
    record
}
