//! Ends the process with a message if another program truncates the mapped module.
//!
//! Mapped pages beyond the end of the file cannot be read: the system sends SIGBUS. The guest's code may be there, so the
//! run cannot continue. The signal handler prints the message and ends the process.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::exit;

/// The start and the length of the mapped bytes.
static START: AtomicUsize = AtomicUsize::new(0);
static LEN: AtomicUsize = AtomicUsize::new(0);
/// The message.
static LINE: OnceLock<Box<[u8]>> = OnceLock::new();
/// The previous action of SIGBUS.
static BEFORE: OnceLock<libc::sigaction> = OnceLock::new();

/// Ends the process if a read of `mapped` fails, with a message that names the module `name`. Only the first call has an
/// effect, because a process has one module.
pub(crate) fn expect(mapped: &[u8], name: &str) {
    let line = format!("wasi-interp: {name}: the module's file was cut short while it was in use");
    let line = format!("{}\n", exit::harmless(&line));
    if LINE.set(line.into_bytes().into()).is_err() {
        return;
    }
    START.store(mapped.as_ptr().addr(), Ordering::Relaxed);
    LEN.store(mapped.len(), Ordering::Release);
    install();
}

#[expect(unsafe_code, reason = "the standard library has no signals")]
fn install() {
    // SAFETY: a plain C structure, all of whose fields may be zero.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) = on_bus_error;
    action.sa_sigaction = handler as libc::sighandler_t;
    action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
    // SAFETY: the call only reads the current action into a structure that can be written.
    unsafe {
        let mut before: libc::sigaction = std::mem::zeroed();
        libc::sigaction(libc::SIGBUS, std::ptr::null(), &raw mut before);
        let _ = BEFORE.set(before);
    }
    // SAFETY: the handler does only what a handler may do: it reads atomics, writes, and ends the process.
    unsafe { libc::sigaction(libc::SIGBUS, &raw const action, std::ptr::null_mut()) };
}

#[expect(unsafe_code, reason = "a signal's handler")]
extern "C" fn on_bus_error(signal: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the system passes valid information about the signal, and SIGBUS has an address.
    let at = unsafe { (*info).si_addr() }.addr();
    let len = LEN.load(Ordering::Acquire);
    let is_module = at.wrapping_sub(START.load(Ordering::Relaxed)) < len;
    if is_module && let Some(line) = LINE.get() {
        // SAFETY: both functions may be called in a handler, and the message is never freed.
        unsafe {
            libc::write(libc::STDERR_FILENO, line.as_ptr().cast(), line.len());
            libc::_exit(exit::FAILED);
        }
    }
    // The cause is different. With the previous action, the failing access raises the signal again.
    if let Some(before) = BEFORE.get() {
        // SAFETY: this action was set before.
        unsafe { libc::sigaction(signal, before, std::ptr::null_mut()) };
    }
}
