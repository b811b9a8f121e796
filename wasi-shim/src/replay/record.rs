//! [`Recorder`]: writes the log while the guest runs.

use alloc::string::ToString;
use alloc::vec::Vec;

use embedded_io::Write;
use serde::Serialize;

use super::chunks::Writer;
use super::error::LogError;
use super::mark::Mark;
use super::{Call, END, End, Header, MOST, REFUSAL, RELEASE, Standard};
use crate::calls::Exit;
use crate::calls::table;
use crate::errno::Errno;
use crate::memory::{IoVec, Memory};
use crate::wasi::Wasi;

/// Writes the log of a guest. After a failure it writes nothing more, and the guest's next call ends it.
pub struct Recorder {
    log: Writer,
    /// The fuel with which the guest began.
    fuel: u64,
    /// The time of the last record that has one.
    before: u64,
    /// The ranges of the guest's memory that the present call has written.
    written: Vec<IoVec>,
    /// The requests to grow that were granted since the last record.
    granted: u64,
    failure: Option<LogError>,
}

impl Recorder {
    /// Begins the log of a guest that has `fuel` units of fuel: the limit of the header, or [`u64::MAX`].
    ///
    /// # Errors
    /// The errors of the sink.
    pub fn new(sink: impl Write + Send + 'static, header: &Header) -> Result<Self, LogError> {
        let mut log = Writer::new(sink)?;
        let mut bytes = encoded(&RELEASE)?;
        bytes.extend(encoded(header)?);
        block(&mut log, &bytes)?;
        Ok(Self {
            log,
            fuel: header.fuel.unwrap_or(u64::MAX),
            before: 0,
            written: Vec::new(),
            granted: 0,
            failure: None,
        })
    }

    /// The fuel with which the guest must begin.
    pub fn fuel(&self) -> u64 {
        self.fuel
    }

    /// Changes the limit of fuel, by which the time of calls is measured: the guest has consumed `fuel` units when its tank is empty.
    pub fn set_fuel(&mut self, fuel: u64) {
        self.fuel = fuel;
    }

    /// The place in the log behind all that was recorded so far.
    pub fn mark(&self) -> Mark {
        Mark {
            place: self.log.place(),
            before: self.before,
            granted: self.granted,
            ahead: None,
        }
    }

    /// Writes to the sink what is still in memory, so that it can be replayed.
    ///
    /// # Errors
    /// The log could not be written, now or before.
    pub fn flush(&mut self) -> Result<(), LogError> {
        self.keep(Writer::finish);
        self.failure.clone().map_or(Ok(()), Err)
    }

    /// Records the answer to a request of the guest to grow a memory or a table.
    pub fn grown(&mut self, granted: bool) {
        if granted {
            self.granted += 1;
            return;
        }
        let granted = core::mem::take(&mut self.granted);
        self.keep(|log| {
            log.bytes(&[REFUSAL])?;
            log.number(granted)
        });
    }

    /// Records that the host could not do what was granted last.
    pub fn grow_failed(&mut self) {
        self.granted = self.granted.saturating_sub(1);
        self.grown(false);
    }

    /// Records the end of the guest, and writes what is still in memory.
    ///
    /// # Errors
    /// The log could not be written, now or before.
    pub fn finish(&mut self, end: &End) -> Result<(), LogError> {
        let bytes = encoded(end)?;
        self.keep(|log| {
            log.bytes(&[END])?;
            block(log, &bytes)?;
            log.finish()
        });
        self.failure.take().map_or(Ok(()), Err)
    }

    /// Returns why the log could not be written, once.
    pub fn take_failure(&mut self) -> Option<LogError> {
        self.failure.take()
    }

    /// Records a call: its result, the end of the guest if it ended it, and the bytes that it has written.
    fn call(
        &mut self,
        call: &Call<'_>,
        result: Result<(), Errno>,
        end: Option<Exit>,
        stream: Option<Standard>,
        memory: &Memory<'_>,
    ) {
        let now = self.fuel.saturating_sub(call.fuel);
        let time = now.saturating_sub(core::mem::replace(&mut self.before, now));
        self.granted = 0;
        let written = core::mem::take(&mut self.written);
        let errno = result.map_or_else(|errno| u64::from(errno.raw()), |()| 0);
        // Each write of a call that has succeeded returns its number of bytes.
        let output = stream.filter(|_| result.is_ok()).and_then(|stream| {
            let bytes = memory.u32(*call.args.last()? as u32).ok()?;
            Some((stream, bytes))
        });
        self.keep(|log| {
            log.bytes(&[call.number])?;
            log.number(time)?;
            log.bytes(&call.digest().to_le_bytes())?;
            let stream = output.map_or(0, |(stream, _)| stream as u64);
            log.number(errno << 3 | stream << 1 | u64::from(end.is_some()))?;
            if let Some((_, bytes)) = output {
                log.number(bytes.into())?;
            }
            if let Some(end) = end {
                log.number(end.code.into())?;
            }
            log.number(written.len() as u64)?;
            for range in &written {
                log.number(range.buf.into())?;
                log.number(range.len.into())?;
                // The range was checked when it was written.
                log.bytes(memory.bytes(range.buf, range.len).unwrap_or_default())?;
            }
            Ok(())
        });
        self.written = written;
        self.written.clear();
    }

    /// Writes something, unless a write has failed.
    fn keep(&mut self, write: impl FnOnce(&mut Writer) -> Result<(), LogError>) {
        if self.failure.is_none() {
            self.failure = write(&mut self.log).err();
        }
    }
}

impl Wasi {
    /// Records the guest from now on, if its calls were bound with a recorder.
    pub fn set_recorder(&mut self, recorder: Recorder) {
        self.recorder = Some(recorder);
    }

    /// The guest's recorder.
    pub fn recorder(&mut self) -> Option<&mut Recorder> {
        self.recorder.as_mut()
    }

    /// The standard stream to which a call writes.
    fn stream_of(&self, call: &Call<'_>) -> Option<Standard> {
        let writes = [table::FD_WRITE, table::FD_PWRITE, table::SOCK_SEND];
        let fd = *call
            .args
            .first()
            .filter(|_| writes.contains(&call.number))?;
        self.fds.get(u32::try_from(fd).ok()?).ok()?.standard
    }
}

/// Makes a call and records it.
pub(crate) fn around(
    wasi: &mut Wasi,
    memory: &mut Memory<'_>,
    call: &Call<'_>,
    run: impl FnOnce(&mut Wasi, &mut Memory<'_>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    // The recorder is taken out during the call, and put back afterwards.
    let Some(mut recorder) = wasi.recorder.take() else {
        return run(wasi, memory);
    };
    let stream = wasi.stream_of(call);
    let result = run(wasi, &mut memory.noting(&mut recorder.written));
    if result == Err(Errno::Intr) && wasi.ended.is_none() && wasi.is_suspending() {
        // The wait was given up, and the call will be made again.
        recorder.written.clear();
    } else {
        recorder.call(call, result, wasi.ended, stream, memory);
    }
    wasi.recorder = Some(recorder);
    result
}

/// Appends bytes with their length in front.
fn block(log: &mut Writer, bytes: &[u8]) -> Result<(), LogError> {
    log.number(bytes.len() as u64)?;
    log.bytes(bytes)
}

fn encoded(value: &impl Serialize) -> Result<Vec<u8>, LogError> {
    let bytes = postcard::to_allocvec(value).map_err(|error| LogError::Write(error.to_string()))?;
    match bytes.len() <= MOST / 2 {
        true => Ok(bytes),
        false => Err(LogError::Write(
            "the options take more than 512 KiB".to_string(),
        )),
    }
}
