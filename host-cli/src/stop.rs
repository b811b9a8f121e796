//! Stopping a guest from outside: Ctrl-C and `--timeout`.
//!
//! Both ask the interpreter to stop, which it does within a millisecond of running code. A guest that sits in a system call that
//! does not end (opening a FIFO that nobody writes to) cannot be asked: after [`GRACE`] the process leaves without it, as it does
//! at once at a second Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread;
use std::time::Duration;

use interp::InterruptHandle;
use wasi_shim::std_host::Waker;

use crate::exit::{self, Outcome};

/// How long a guest may take to stop.
const GRACE: Duration = Duration::from_secs(1);

/// Why a guest was stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Cause {
    /// Ctrl-C.
    CtrlC = 1,
    /// The time given by `--timeout` was over.
    Timeout = 2,
}

impl Cause {
    /// How a run ends that was stopped for this cause.
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            Self::CtrlC => Outcome::Interrupted,
            Self::Timeout => Outcome::Trapped,
        }
    }
}

/// Watches for reasons to stop a guest.
#[derive(Clone)]
pub(crate) struct Watch(Arc<Inner>);

struct Inner {
    /// Stops running code.
    guest: InterruptHandle,
    /// Ends a wait for the clock or for a stream.
    waker: Waker,
    /// 0, or a [`Cause`].
    cause: AtomicU8,
    /// The guest has ended, and its files are being closed.
    over: AtomicBool,
}

impl Watch {
    /// Watches over a guest from now on, until the process ends.
    pub(crate) fn start(guest: InterruptHandle, waker: Waker, timeout: Option<Duration>) -> Self {
        let watch = Self(Arc::new(Inner {
            guest,
            waker,
            cause: AtomicU8::new(0),
            over: AtomicBool::new(false),
        }));
        let on_ctrl_c = watch.clone();
        // This fails where Ctrl-C is ignored on purpose (`nohup`, a job in the background of a script): then it stays so.
        let handled = ctrlc::try_set_handler(move || on_ctrl_c.ctrl_c());
        if let Err(error) = handled {
            log::info!("Ctrl-C is left as it is: {error}");
        }
        if let Some(timeout) = timeout {
            let watch = watch.clone();
            thread::spawn(move || {
                thread::sleep(timeout);
                watch.stop(Cause::Timeout);
            });
        }
        watch
    }

    /// Why the guest was stopped, if it was.
    pub(crate) fn cause(&self) -> Option<Cause> {
        let cause = self.0.cause.load(Ordering::Relaxed);
        [Cause::CtrlC, Cause::Timeout]
            .into_iter()
            .find(|known| *known as u8 == cause)
    }

    /// Tells that the guest has ended: from now on only a second Ctrl-C ends the process.
    pub(crate) fn guest_is_over(&self) {
        self.0.over.store(true, Ordering::Relaxed);
    }

    fn ctrl_c(&self) {
        if self.cause().is_some() {
            std::process::exit(exit::INTERRUPTED);
        }
        let watch = self.clone();
        thread::spawn(move || watch.stop(Cause::CtrlC));
    }

    /// Stops the guest, unless it is being stopped already.
    fn stop(&self, cause: Cause) {
        let first =
            self.0
                .cause
                .compare_exchange(0, cause as u8, Ordering::Relaxed, Ordering::Relaxed);
        if first.is_err() {
            return;
        }
        self.0.guest.interrupt();
        self.0.waker.wake();
        thread::sleep(GRACE);
        if !self.0.over.load(Ordering::Relaxed) {
            log::info!("the guest waits for the system and does not stop: leaving it");
            std::process::exit(cause.outcome().status());
        }
    }
}
