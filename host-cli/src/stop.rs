//! Requests to stop a guest: Ctrl-C, SIGQUIT, `--timeout`, SIGTERM and SIGHUP.
//!
//! Each request asks the interpreter to stop, which takes less than a millisecond of running code. A guest that is blocked
//! in a system call (such as opening a FIFO without a writer) cannot stop. After [`GRACE`], the process exits without it. A
//! second Ctrl-C or SIGTERM exits at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread;
use std::time::Duration;

use interp::InterruptHandle;
#[cfg(unix)]
use signal_hook::consts::{SIGHUP, SIGQUIT, SIGTERM};
#[cfg(unix)]
use signal_hook::iterator::Signals;
use wasi_shim::std_host::Waker;

use crate::exit::{self, Outcome};

/// The time that a guest has to stop.
const GRACE: Duration = Duration::from_secs(1);

/// The cause of a stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Cause {
    /// Ctrl-C.
    CtrlC = 1,
    /// The time of `--timeout` is over.
    Timeout = 2,
    /// SIGTERM.
    Terminated = 3,
    /// SIGQUIT: asks for a backtrace.
    Quit = 4,
    /// SIGHUP: the terminal is gone.
    HungUp = 5,
}

impl Cause {
    /// The outcome of a run that was stopped for this cause.
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            Self::CtrlC => Outcome::Interrupted,
            Self::Timeout => Outcome::Trapped,
            Self::Terminated => Outcome::Terminated,
            Self::Quit => Outcome::Quit,
            Self::HungUp => Outcome::HungUp,
        }
    }
}

/// Watches for requests to stop a guest.
#[derive(Clone)]
pub(crate) struct Watch(Arc<Inner>);

struct Inner {
    /// Stops running code.
    guest: InterruptHandle,
    /// Ends a wait for a clock or a stream.
    waker: Waker,
    /// [`RUNNING`], [`OVER`], or the [`Cause`] for which the guest is being stopped. The first change decides how the guest
    /// has ended.
    state: AtomicU8,
    /// The guest has ended, and its files are being closed.
    over: AtomicBool,
    /// A stop was requested before.
    asked: AtomicBool,
    timeout: Option<Duration>,
    /// The guest's name in messages.
    name: String,
}

/// The guest is running, and no stop was requested.
const RUNNING: u8 = 0;
/// The guest has ended by itself.
const OVER: u8 = u8::MAX;

impl Watch {
    /// Watches over the guest called `name` until the process ends.
    pub(crate) fn start(
        guest: InterruptHandle,
        waker: Waker,
        timeout: Option<Duration>,
        name: &str,
    ) -> Self {
        let watch = Self(Arc::new(Inner {
            guest,
            waker,
            state: AtomicU8::new(RUNNING),
            over: AtomicBool::new(false),
            asked: AtomicBool::new(false),
            timeout,
            name: name.to_owned(),
        }));
        let on_ctrl_c = watch.clone();
        // This fails if Ctrl-C is ignored on purpose (`nohup`, a background job of a script). It then stays ignored.
        let handled = ctrlc::try_set_handler(move || on_ctrl_c.ask(Cause::CtrlC));
        if let Err(error) = &handled {
            log::info!("Ctrl-C is left as it is: {error}");
        }
        // A process that ignores one signal ignores the other.
        #[cfg(unix)]
        if handled.is_ok()
            && let Err(error) = watch.ask_at(SIGQUIT, Cause::Quit)
        {
            log::info!("SIGQUIT is left as it is: {error}");
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

    /// Makes SIGTERM and SIGHUP stop the guest as Ctrl-C does, so that its files are closed. This is not needed for files of
    /// the system. But data that a volume in an image has not written yet would be lost. A signal that the process ignores
    /// on purpose (`nohup`) stays ignored.
    ///
    /// # Errors
    /// The errors of the system.
    #[cfg(unix)]
    pub(crate) fn terminate_gently(&self) -> std::io::Result<()> {
        for (signal, cause) in [(SIGTERM, Cause::Terminated), (SIGHUP, Cause::HungUp)] {
            if !is_ignored(signal) {
                self.ask_at(signal, cause)?;
            }
        }
        Ok(())
    }

    /// Requests a stop when a signal arrives.
    #[cfg(unix)]
    fn ask_at(&self, signal: i32, cause: Cause) -> std::io::Result<()> {
        let mut signals = Signals::new([signal])?;
        let watch = self.clone();
        thread::spawn(move || {
            for _ in signals.forever() {
                watch.ask(cause);
            }
        });
        Ok(())
    }

    /// Records that the guest has ended. From here on, only a second request terminates the process. Returns the cause if
    /// the guest was stopped.
    pub(crate) fn guest_is_over(&self) -> Option<Cause> {
        let decided = self.become_if_running(OVER);
        self.0.over.store(true, Ordering::Relaxed);
        let state = decided.err()?;
        [
            Cause::CtrlC,
            Cause::Timeout,
            Cause::Terminated,
            Cause::Quit,
            Cause::HungUp,
        ]
        .into_iter()
        .find(|known| *known as u8 == state)
    }

    /// The message that the guest was stopped for this cause.
    pub(crate) fn says(&self, cause: Cause) -> String {
        match (cause, self.0.timeout) {
            (Cause::Timeout, Some(time)) => format!(
                "stopped after {}, the limit of --timeout",
                humantime::format_duration(time)
            ),
            (Cause::Terminated, _) => "stopped by SIGTERM".to_owned(),
            (Cause::Quit, _) => "stopped by SIGQUIT".to_owned(),
            (Cause::HungUp, _) => "stopped by SIGHUP".to_owned(),
            _ => "stopped by Ctrl-C".to_owned(),
        }
    }

    /// Requests a stop. A second request ends the process without waiting.
    fn ask(&self, cause: Cause) {
        if self.0.asked.swap(true, Ordering::Relaxed) {
            std::process::exit(cause.outcome().status());
        }
        let watch = self.clone();
        thread::spawn(move || watch.stop(cause));
    }

    /// Stops the guest, unless it has ended or is already being stopped.
    fn stop(&self, cause: Cause) {
        if self.become_if_running(cause as u8).is_err() {
            return;
        }
        self.0.guest.interrupt();
        self.0.waker.wake();
        thread::sleep(GRACE);
        if !self.0.over.load(Ordering::Relaxed) {
            exit::tell(format_args!(
                "wasi-interp: {}: {}, in a call of the system",
                self.0.name,
                self.says(cause)
            ));
            std::process::exit(cause.outcome().status());
        }
    }

    fn become_if_running(&self, state: u8) -> Result<u8, u8> {
        let (success, failure) = (Ordering::AcqRel, Ordering::Acquire);
        self.0
            .state
            .compare_exchange(RUNNING, state, success, failure)
    }
}

/// Returns whether this process ignores a signal.
#[cfg(unix)]
#[expect(unsafe_code, reason = "the standard library has no signals")]
fn is_ignored(signal: i32) -> bool {
    // SAFETY: all fields of the record may be zero. Without a new action, the call only writes the present one to the record.
    let present = unsafe {
        let mut present: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &raw mut present);
        present
    };
    present.sa_sigaction == libc::SIG_IGN
}
