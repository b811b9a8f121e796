//! `--record`: the log of a run, in a file.

use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use interp::{Error, Module, ResourceLimiter, Store, StorePart, Trap};
use wasi_shim::replay::{End, Header, LogError, Recorder};
use wasi_shim::std_host;
use wasi_shim::types::FileId;

use crate::args::RunArgs;
use crate::exit::{self, Outcome};
use crate::run::Guest;
use crate::stop::Watch;

/// The file of a log.
struct LogFile(File);

impl embedded_io::ErrorType for LogFile {
    type Error = io::Error;
}

impl embedded_io::Write for LogFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::Write::write(&mut self.0, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Creates the log of a run that is about to start. `file` is the module's, which the log must not replace.
///
/// # Errors
/// The file cannot be written, or is the module's.
pub(crate) fn start(
    path: &Path,
    store: &mut Store<Guest>,
    module: &Module,
    options: &RunArgs,
    file: Option<FileId>,
) -> Result<()> {
    let about = || format!("cannot write {}", path.display());
    // It is emptied when it is known not to be the module.
    let log = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .with_context(about)?;
    if file.is_some() && std_host::file_id(&log).ok() == file {
        bail!("{}: the log would replace the module", path.display());
    }
    if log.metadata().is_ok_and(|metadata| metadata.is_file()) {
        log.set_len(0).with_context(about)?;
    }
    let limits = options.limits();
    let words = options.guest_args().iter();
    let header = Header {
        module: module.length_and_hash(),
        fuel: limits.fuel,
        max_stack: limits.max_stack,
        max_heap: limits.max_heap,
        invoke: options.invoke.clone(),
        words: match options.invoke {
            Some(_) => words.map(|word| word.to_string_lossy().into()).collect(),
            None => Vec::new(),
        },
    };
    let recorder = Recorder::new(LogFile(log), &header)
        .map_err(|error| anyhow!("{}: {error}", path.display()))?;
    store.set_fuel(recorder.fuel())?;
    store.data_mut().wasi.set_recorder(recorder);
    store.limiter(|guest| guest);
    Ok(())
}

/// The end of a run, as far as it is known before it is reported.
pub(crate) struct Ended {
    /// The request that has stopped the guest.
    stopped: Option<String>,
    /// Whether a replayed run ends in the same way by itself.
    by_itself: bool,
    /// Lines that were printed at the end.
    pub(crate) advice: Vec<String>,
}

impl Ended {
    /// The end of a run with this result.
    pub(crate) fn of(end: &Result<()>, watch: &Watch) -> Self {
        let stopped = watch.guest_is_over().map(|cause| watch.says(cause));
        let error = end.as_ref().err();
        let by_itself = match error.and_then(|error| error.downcast_ref::<Error>()) {
            None => error.is_none(),
            Some(error) => {
                let traps = error.as_trap().is_some_and(|trap| trap != Trap::Interrupt);
                #[cfg(feature = "exceptions")]
                let traps = traps || error.downcast_ref::<interp::ThrownException>().is_some();
                traps || error.i32_exit_status().is_some() || error.as_module_error().is_some()
            }
        };
        Self {
            stopped,
            by_itself,
            advice: Vec::new(),
        }
    }
}

/// Records the end of a run, and completes the file.
///
/// # Errors
/// The file could not be written.
pub(crate) fn finish(
    path: &Path,
    store: &mut Store<Guest>,
    ended: Ended,
    outcome: &Result<Outcome>,
) -> Result<()> {
    let left = store.get_fuel()?;
    let stopped = match outcome {
        // The run was ended because of it, and the message says so.
        Err(error) if is_log_error(error) => return Ok(()),
        Err(error) if ended.stopped.is_none() && !ended.by_itself => Some(format!("{error:#}")),
        _ => ended.stopped,
    };
    let Some(recorder) = store.data_mut().wasi.recorder() else {
        return Ok(());
    };
    let end = End {
        fuel: recorder.fuel().saturating_sub(left),
        stopped,
        status: outcome
            .as_ref()
            .map_or(exit::FAILED, |outcome| outcome.status()),
        advice: ended.advice,
    };
    recorder
        .finish(&end)
        .map_err(|error| anyhow!("{}: {error}", path.display()))
}

fn is_log_error(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<Error>();
    error.is_some_and(|error| error.downcast_ref::<LogError>().is_some())
}

impl Guest {
    /// Records the answer to a request to grow.
    fn grown(&mut self, answer: &Result<bool, Error>) {
        if let Some(recorder) = self.wasi.recorder() {
            recorder.grown(matches!(answer, Ok(true)));
        }
    }
}

/// The limits of a recorded guest. A request to grow a memory or a table is granted twice: [`ResourceLimiter::total_growing`] comes second.
impl ResourceLimiter for Guest {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        let answer = self.growth.memory_growing(current, desired, maximum);
        if !matches!(answer, Ok(true)) {
            self.grown(&answer);
        }
        answer
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        let answer = self.growth.table_growing(current, desired, maximum);
        if !matches!(answer, Ok(true)) {
            self.grown(&answer);
        }
        answer
    }

    fn grow_failed(&mut self) {
        if let Some(recorder) = self.wasi.recorder() {
            recorder.grow_failed();
        }
    }

    #[cfg(any(feature = "gc", feature = "exceptions"))]
    fn heap_growing(&mut self, current: usize, desired: usize) -> Result<bool, Error> {
        self.growth.heap_growing(current, desired)
    }

    fn total_growing(
        &mut self,
        part: StorePart,
        current: usize,
        desired: usize,
    ) -> Result<bool, Error> {
        let answer = self.growth.total_growing(part, current, desired);
        if matches!(part, StorePart::Memories | StorePart::Tables) {
            self.grown(&answer);
        }
        answer
    }
}
