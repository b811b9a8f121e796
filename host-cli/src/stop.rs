//! Stopping a guest from outside: Ctrl-C, SIGQUIT, `--timeout`, and a request to terminate.
//!
//! All ask the interpreter to stop, which it does within a millisecond of running code. A guest that sits in a system call that
//! does not end (opening a FIFO that nobody writes to) cannot be asked: after [`GRACE`] the process leaves without it, as it does
//! at once at a second Ctrl-C or SIGTERM.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread;
use std::time::Duration;

use interp::InterruptHandle;
#[cfg(unix)]
use signal_hook::consts::{SIGQUIT, SIGTERM};
#[cfg(unix)]
use signal_hook::iterator::Signals;
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
    /// SIGTERM.
    Terminated = 3,
    /// SIGQUIT: where does it hang?
    Quit = 4,
}

impl Cause {
    /// How a run ends that was stopped for this cause.
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            Self::CtrlC => Outcome::Interrupted,
            Self::Timeout => Outcome::Trapped,
            Self::Terminated => Outcome::Terminated,
            Self::Quit => Outcome::Quit,
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
    /// [`RUNNING`], [`OVER`], or the [`Cause`] for which the guest is being stopped. Whoever changes it first decides how the
    /// guest has ended.
    state: AtomicU8,
    /// The guest has ended, and its files are being closed.
    over: AtomicBool,
    /// Somebody has asked the guest to stop before.
    asked: AtomicBool,
    timeout: Option<Duration>,
    /// What messages call the guest.
    name: String,
}

/// The guest has not ended, and nobody wants it to.
const RUNNING: u8 = 0;
/// The guest has ended by itself.
const OVER: u8 = u8::MAX;

impl Watch {
    /// Watches over the guest called `name` from now on, until the process ends.
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
        // This fails where Ctrl-C is ignored on purpose (`nohup`, a job in the background of a script): then it stays so.
        let handled = ctrlc::try_set_handler(move || on_ctrl_c.ask(Cause::CtrlC));
        if let Err(error) = &handled {
            log::info!("Ctrl-C is left as it is: {error}");
        }
        // Who ignores the one ignores the other.
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

    /// Has SIGTERM stop the guest as Ctrl-C does, so that its files are closed. Where they are the system's the signal can end
    /// the process at once; what a volume in an image has not written yet would be lost.
    ///
    /// # Errors
    /// The system's.
    #[cfg(unix)]
    pub(crate) fn terminate_gently(&self) -> std::io::Result<()> {
        self.ask_at(SIGTERM, Cause::Terminated)
    }

    /// Asks the guest to stop whenever a signal comes.
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

    /// Tells that the guest has ended: from now on only who asks a second time ends the process. Answers why it was stopped, if it was.
    pub(crate) fn guest_is_over(&self) -> Option<Cause> {
        let decided = self.become_if_running(OVER);
        self.0.over.store(true, Ordering::Relaxed);
        let state = decided.err()?;
        [Cause::CtrlC, Cause::Timeout, Cause::Terminated, Cause::Quit]
            .into_iter()
            .find(|known| *known as u8 == state)
    }

    /// In words, that the guest was stopped for this cause.
    pub(crate) fn says(&self, cause: Cause) -> String {
        match (cause, self.0.timeout) {
            (Cause::Timeout, Some(time)) => format!(
                "stopped after {}, the limit of --timeout",
                humantime::format_duration(time)
            ),
            (Cause::Terminated, _) => "stopped by SIGTERM".to_owned(),
            (Cause::Quit, _) => "stopped by SIGQUIT".to_owned(),
            _ => "stopped by Ctrl-C".to_owned(),
        }
    }

    /// Asks the guest to stop. Who asks again does not want to wait for it.
    fn ask(&self, cause: Cause) {
        if self.0.asked.swap(true, Ordering::Relaxed) {
            std::process::exit(cause.outcome().status());
        }
        let watch = self.clone();
        thread::spawn(move || watch.stop(cause));
    }

    /// Stops the guest, unless it has ended or is being stopped already.
    fn stop(&self, cause: Cause) {
        if self.become_if_running(cause as u8).is_err() {
            return;
        }
        self.0.guest.interrupt();
        self.0.waker.wake();
        thread::sleep(GRACE);
        if !self.0.over.load(Ordering::Relaxed) {
            exit::tell(format_args!(
                "wasi-interp: {}: {}, in a call of the system or a long operation on memory",
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
