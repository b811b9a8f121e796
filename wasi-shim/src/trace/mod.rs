//! `--trace-wasi`: one line for each call, with decoded arguments, results, the errno by name, and its duration.
//!
//! ```text
//! path_open(fd=3, dirflags=symlink_follow, path="test.txt", oflags=0, …) = opened_fd=12 <18 µs>
//! fd_read(fd=12, iovs=[512], …) = nread=5 "hello" <4 µs>
//! path_open(fd=5, dirflags=symlink_follow, path="etc/passwd", …) = ENOENT <2 µs>
//! ```
//!
//! This is a layer around the calls, which do not know it. `bind` adds it only on request. One table in `signature`
//! describes the arguments of each call. `decode` reads them, and `line` writes them as text or JSON.

mod decode;
mod line;
mod signature;

use alloc::boxed::Box;
use alloc::string::String;

use crate::errno::Errno;
use crate::memory::Memory;
use crate::types::ClockId;
use crate::wasi::Wasi;

pub use line::Format;
pub use signature::Family;

use line::Line;

/// Writes the trace of a guest.
pub struct Tracer {
    format: Format,
    /// The traced families; empty means all.
    families: Box<[Family]>,
    tell: Box<dyn FnMut(&str) + Send>,
}

impl Tracer {
    /// Passes each line, without its end, to `tell`. With `families`, only their calls are traced.
    pub fn new(format: Format, families: &[Family], tell: Box<dyn FnMut(&str) + Send>) -> Tracer {
        Tracer {
            format,
            families: families.into(),
            tell,
        }
    }

    fn wants(&self, family: Family) -> bool {
        self.families.is_empty() || self.families.contains(&family)
    }
}

impl Wasi {
    /// Traces the guest from now on, if its calls were bound with tracing.
    pub fn set_tracer(&mut self, tracer: Tracer) {
        self.tracer = Some(tracer);
    }
}

/// Runs a call and writes its line.
pub(crate) fn around(
    wasi: &mut Wasi,
    memory: &mut Memory<'_>,
    name: &'static str,
    args: &[u64],
    run: impl FnOnce(&mut Wasi, &mut Memory<'_>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    let signature = signature::find(name);
    // The tracer is taken out during the call, and put back afterwards.
    let Some(mut tracer) = wasi
        .tracer
        .take_if(|tracer| signature.is_some_and(|found| tracer.wants(found.family)))
    else {
        return run(wasi, memory);
    };
    let mut line = Line::new(tracer.format, name);
    if let Some(signature) = signature {
        decode::before(signature, args, memory, &mut line);
    }
    let start = wasi.clock.now(ClockId::Monotonic);
    let result = run(wasi, memory);
    let end = wasi.clock.now(ClockId::Monotonic);
    line.results();
    match (result, signature) {
        (Ok(()), Some(signature)) => decode::after(signature, args, memory, &mut line),
        (Ok(()), None) => {}
        (Err(errno), _) => line.errno(errno),
    }
    if let (Ok(start), Ok(end)) = (start, end) {
        line.took(end.saturating_sub(start));
    }
    (tracer.tell)(&line.finish());
    wasi.tracer = Some(tracer);
    result
}

/// Writes the line of a call that may not return.
pub(crate) fn last(wasi: &mut Wasi, name: &'static str, args: &[u64]) {
    if let Some(tracer) = &mut wasi.tracer
        && tracer.wants(Family::Proc)
    {
        let mut line = Line::new(tracer.format, name);
        line.number(
            if name == "proc_exit" { "rval" } else { "sig" },
            args.first().copied().unwrap_or_default(),
        );
        line.results();
        let text: String = line.finish();
        (tracer.tell)(&text);
    }
}
