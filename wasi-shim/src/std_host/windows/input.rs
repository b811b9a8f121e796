//! `Input`: standard input that is a console or a pipe.
//!
//! The system can neither report whether such a handle has data, nor wait for it together with others. So a thread reads,
//! one piece at a time and only at the guest's request. It starts at the guest's first request. When a piece has arrived,
//! the guest's poller is woken and checks this stream again.

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use alloc::vec::Vec;

use super::super::poller::Waker;
use super::errno::from_os;
use crate::errno::Errno;
use crate::stream::{Readiness, Stream};
use crate::types::FileType;

/// The size of one read.
const PIECE: usize = 64 << 10;

/// An input stream.
pub(super) struct Input {
    console: bool,
    shared: Arc<Shared>,
    /// The resources of the thread, until it is started.
    waker: Option<Waker>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// The communication between the guest and the thread.
#[derive(Default)]
enum State {
    /// No piece is requested.
    #[default]
    Idle,
    /// The guest has requested a piece.
    Wanted,
    /// A piece has arrived, of which this many bytes were consumed. An empty piece is the end of the input.
    Come(Vec<u8>, usize),
    /// The read failed.
    Failed(Errno),
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No change of the state can be interrupted halfway.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Input {
    pub(super) fn new(console: bool, waker: Waker) -> Input {
        Input {
            console,
            shared: Arc::default(),
            waker: Some(waker),
        }
    }

    /// Requests a piece if necessary. Returns the state.
    fn want(&mut self) -> MutexGuard<'_, State> {
        if let Some(waker) = self.waker.take() {
            let shared = self.shared.clone();
            std::thread::spawn(move || read_on(&shared, &waker));
        }
        let mut state = self.shared.lock();
        if let State::Idle = *state {
            *state = State::Wanted;
            self.shared.changed.notify_all();
        }
        state
    }
}

/// The thread: reads a piece whenever one is requested, as long as the process exists.
fn read_on(shared: &Shared, waker: &Waker) {
    let mut stdin = std::io::stdin().lock();
    loop {
        let mut state = shared.lock();
        while !matches!(*state, State::Wanted) {
            state = shared.wait(state);
        }
        drop(state);
        let mut piece = alloc::vec![0; PIECE];
        let come = match stdin.read(&mut piece) {
            Ok(len) => {
                piece.truncate(len);
                State::Come(piece, 0)
            }
            Err(error) => State::Failed(from_os(error)),
        };
        *shared.lock() = come;
        shared.changed.notify_all();
        waker.look_again();
    }
}

impl Stream for Input {
    fn kind(&self) -> FileType {
        if self.console {
            FileType::CharacterDevice
        } else {
            FileType::Unknown
        }
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        drop(self.want());
        let mut state = self.shared.lock();
        loop {
            match &mut *state {
                State::Idle | State::Wanted => state = self.shared.wait(state),
                State::Failed(errno) => {
                    let errno = *errno;
                    *state = State::Idle;
                    return Err(errno);
                }
                State::Come(piece, taken) => {
                    let len = buf.len().min(piece.len() - *taken);
                    buf[..len].copy_from_slice(&piece[*taken..*taken + len]);
                    *taken += len;
                    if *taken == piece.len() {
                        *state = State::Idle;
                    }
                    return Ok(len);
                }
            }
        }
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        let bytes = match &*self.want() {
            State::Idle | State::Wanted => return Ok(Readiness::default()),
            State::Failed(_) => 0,
            State::Come(piece, taken) => piece.len() - taken,
        };
        Ok(Readiness {
            readable: true,
            bytes: bytes as u64,
            ..Readiness::default()
        })
    }
}
