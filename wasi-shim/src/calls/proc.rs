//! The process: its end, yielding the processor, and random bytes.

use crate::errno::Errno;
use crate::memory::Memory;
use crate::wasi::Wasi;

/// The end of the guest by its own call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exit {
    /// The exit status that the guest passed.
    pub code: u32,
}

impl Exit {
    /// The end by a signal, with the status that a shell shows for it: 128 plus its number.
    pub(super) fn by_signal(sig: u8) -> Exit {
        Exit {
            code: 128 + u32::from(sig),
        }
    }
}

/// `$signal` pipe: the reader has closed.
pub(super) const SIGPIPE: u8 = 13;

/// Signals that end a process without a handler also end the guest, because preview 1 has no handlers. These signals (none,
/// child, cont, urg, winch) are ignored by default. The signals tstp, stop, ttin and ttou cannot be supported.
const IGNORED: [u8; 5] = [0, 16, 17, 22, 27];
const STOPPING: [u8; 4] = [18, 19, 20, 21];

impl Wasi {
    /// `proc_exit(rval)`: ends the guest with a status, which is passed on unchanged. It does not return.
    pub fn proc_exit(&mut self, rval: u32) -> Exit {
        Exit { code: rval }
    }

    /// `proc_raise(sig)`: sends the guest a signal, with its default action: the guest ends with status 128 + `sig` (the
    /// number that a shell shows), or the signal is ignored. Errors: `EINVAL` for an unknown signal, `ENOTSUP` for one that
    /// would stop the process.
    pub fn proc_raise(&mut self, sig: u32) -> Result<Result<(), Exit>, Errno> {
        match u8::try_from(sig) {
            Ok(sig) if IGNORED.contains(&sig) => Ok(Ok(())),
            Ok(sig) if STOPPING.contains(&sig) => Err(Errno::NotSup),
            Ok(sig @ 1..=30) => Ok(Err(Exit::by_signal(sig))),
            _ => Err(Errno::Inval),
        }
    }

    /// `sched_yield()`: yields the processor.
    pub fn sched_yield(&mut self) -> Result<(), Errno> {
        self.poller.yield_now();
        Ok(())
    }

    /// `random_get(buf, buf_len)`: fills the whole buffer with random bytes.
    pub fn random_get(
        &mut self,
        memory: &mut Memory<'_>,
        buf: u32,
        buf_len: u32,
    ) -> Result<(), Errno> {
        self.random.fill(memory.bytes_mut(buf, buf_len)?)
    }
}
