//! The end of a process whose mapped module another program cuts short: a line instead of a bare SIGBUS.
//!
//! A mapped page behind the file's end cannot be read: the system sends SIGBUS. The guest's code may lie there, so there is no
//! way to go on. The signal's handler prints the line and ends the process.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::exit;

/// Where the mapped bytes begin, and how many there are.
static START: AtomicUsize = AtomicUsize::new(0);
static LEN: AtomicUsize = AtomicUsize::new(0);
/// What to print.
static LINE: OnceLock<Box<[u8]>> = OnceLock::new();
/// What SIGBUS did before.
static BEFORE: OnceLock<libc::sigaction> = OnceLock::new();

/// Makes a read of `mapped` that fails end the process, with a line that calls the module `name`. The first call counts: a
/// process has one module.
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
    // SAFETY: asks for what is set; the structure is there to be written.
    unsafe {
        let mut before: libc::sigaction = std::mem::zeroed();
        libc::sigaction(libc::SIGBUS, std::ptr::null(), &raw mut before);
        let _ = BEFORE.set(before);
    }
    // SAFETY: the handler does nothing but what a handler may: it reads atomics, writes and ends the process.
    unsafe { libc::sigaction(libc::SIGBUS, &raw const action, std::ptr::null_mut()) };
}

#[expect(unsafe_code, reason = "a signal's handler")]
extern "C" fn on_bus_error(signal: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the system passes what it knows of the signal, and SIGBUS has an address.
    let at = unsafe { (*info).si_addr() }.addr();
    let len = LEN.load(Ordering::Acquire);
    let is_module = at.wrapping_sub(START.load(Ordering::Relaxed)) < len;
    if is_module && let Some(line) = LINE.get() {
        // SAFETY: both functions may be called in a handler, and the line lives for ever.
        unsafe {
            libc::write(libc::STDERR_FILENO, line.as_ptr().cast(), line.len());
            libc::_exit(exit::FAILED);
        }
    }
    // Something else has gone wrong: with the former handler it does so again, and is treated as ever.
    if let Some(before) = BEFORE.get() {
        // SAFETY: it was in force before.
        unsafe { libc::sigaction(signal, before, std::ptr::null_mut()) };
    }
}
