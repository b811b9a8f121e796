//! Sleeps until a stream is ready or a deadline is reached, with `poll(2)`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alloc::vec::Vec;
use hashbrown::HashMap;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, OwnedFd};

use super::system::{Alarm, Bell, StdClock, from_os, pair};
use crate::errno::Errno;
use crate::host::{Clock, Poller, Source};
use crate::stream::Readiness;
use crate::types::ClockId;

/// A longer wait is split: the caller checks again after a day.
const LONGEST: u64 = 86_400 * 1_000_000_000;

/// Sleeps in `poll(2)`. Its [`Waker`] ends the sleep.
pub struct StdPoller {
    interrupted: Arc<AtomicBool>,
    paused: Arc<AtomicBool>,
    bell: Option<Bell>,
}

/// Ends the waits of a guest from any thread.
#[derive(Clone)]
pub struct Waker {
    interrupted: Arc<AtomicBool>,
    paused: Arc<AtomicBool>,
    alarm: Option<Arc<Alarm>>,
}

impl Waker {
    /// Ends the current wait of the guest, and every later one, with `EINTR`.
    pub fn wake(&self) {
        self.interrupted.store(true, Ordering::SeqCst);
        self.look_again();
    }

    /// Ends the current wait of the guest with `EINTR`, and every later one until [`go_on`](Self::go_on).
    pub fn pause(&self) {
        self.paused.store(true, Ordering::SeqCst);
        self.look_again();
    }

    /// Lets the guest wait again.
    pub fn go_on(&self) {
        self.paused.store(false, Ordering::SeqCst);
    }

    /// Ends the current wait of the guest, so that it checks streams that its poller does not know.
    pub(super) fn look_again(&self) {
        if let Some(alarm) = &self.alarm {
            alarm.ring();
        }
    }
}

impl StdPoller {
    /// Creates a poller and its waker. If the system has no descriptors left, a sleeping guest is not woken, but sees
    /// `EINTR` afterwards.
    pub fn new() -> (StdPoller, Waker) {
        let interrupted = Arc::new(AtomicBool::new(false));
        let paused = Arc::new(AtomicBool::new(false));
        let (bell, alarm) = pair().unzip();
        let waker = Waker {
            interrupted: interrupted.clone(),
            paused: paused.clone(),
            alarm: alarm.map(Arc::new),
        };
        let poller = StdPoller {
            interrupted,
            paused,
            bell,
        };
        (poller, waker)
    }

    /// Errors: `EINTR` if the guest must stop or is paused.
    fn check(&self) -> Result<(), Errno> {
        if self.interrupted.load(Ordering::SeqCst) || self.paused.load(Ordering::SeqCst) {
            return Err(Errno::Intr);
        }
        Ok(())
    }
}

impl Poller for StdPoller {
    fn wait(&mut self, sources: &mut [Source], deadline: Option<u64>) -> Result<(), Errno> {
        self.check()?;
        // Several sources can have the same descriptor. A system call gets it once.
        let mut wanted: Vec<(Arc<OwnedFd>, PollFlags)> = Vec::with_capacity(sources.len());
        let mut index_of: HashMap<*const OwnedFd, usize> = HashMap::new();
        let mut indices = Vec::with_capacity(sources.len());
        for source in sources.iter() {
            let handle = source
                .handle
                .clone()
                .and_then(|handle| handle.downcast::<OwnedFd>().ok());
            indices.push(handle.map(|handle| {
                let index = *index_of.entry(Arc::as_ptr(&handle)).or_insert(wanted.len());
                if index == wanted.len() {
                    wanted.push((handle, PollFlags::empty()));
                }
                let flags = &mut wanted[index].1;
                flags.set(PollFlags::IN, flags.contains(PollFlags::IN) || source.read);
                flags.set(
                    PollFlags::OUT,
                    flags.contains(PollFlags::OUT) || source.write,
                );
                index
            }));
        }
        let mut fds: Vec<PollFd<'_>> = wanted
            .iter()
            .map(|(fd, flags)| PollFd::from_borrowed_fd(fd.as_fd(), *flags))
            .collect();
        if let Some(bell) = &self.bell {
            fds.push(PollFd::from_borrowed_fd(bell.as_fd(), PollFlags::IN));
        }
        let timeout = timeout(deadline)?;
        match poll(&mut fds, Some(&timeout)) {
            // A signal that does not concern the guest. The caller checks again.
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => log::warn!("poll: {error}"),
        }
        if let Some(bell) = &self.bell {
            bell.answer();
        }
        self.check()?;
        for (source, index) in sources.iter_mut().zip(indices) {
            if let Some(index) = index {
                source.ready = readiness(&wanted[index].0, fds[index].revents());
            }
        }
        Ok(())
    }

    fn yield_now(&mut self) {
        std::thread::yield_now();
    }
}

/// The time until a deadline.
fn timeout(deadline: Option<u64>) -> Result<Timespec, Errno> {
    let left = match deadline {
        Some(0) => 0,
        Some(deadline) => deadline
            .saturating_sub(StdClock.now(ClockId::Monotonic)?)
            .min(LONGEST),
        None => LONGEST,
    };
    let seconds = i64::try_from(left / 1_000_000_000).map_err(|_| Errno::Overflow)?;
    // Less than a thousand million, so it fits into every system's field.
    Ok(Timespec {
        tv_sec: seconds as _,
        tv_nsec: (left % 1_000_000_000) as _,
    })
}

/// The result of the system for a descriptor.
fn readiness(fd: &OwnedFd, got: PollFlags) -> Result<Readiness, Errno> {
    if got.contains(PollFlags::NVAL) {
        return Err(Errno::BadF);
    }
    let hangup = got.intersects(PollFlags::HUP | PollFlags::ERR);
    // Winsock's `POLLIN` consists of two bits, of which one is returned.
    let readable = got.intersects(PollFlags::IN) || hangup;
    let bytes = if readable {
        rustix::io::ioctl_fionread(fd).unwrap_or(0)
    } else {
        0
    };
    Ok(Readiness {
        readable,
        writable: got.contains(PollFlags::OUT) || hangup,
        hangup,
        bytes,
    })
}

/// Returns whether a descriptor can be read or written now, without its poller.
pub(super) fn look(fd: &OwnedFd) -> Result<Readiness, Errno> {
    let mut fds = [PollFd::new(fd, PollFlags::IN | PollFlags::OUT)];
    let none = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    rustix::io::retry_on_intr(|| poll(&mut fds, Some(&none))).map_err(from_os)?;
    readiness(fd, fds[0].revents())
}
