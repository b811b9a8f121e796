//! [`Player`]: answers the calls of a guest from a log.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::format;
use alloc::string::String;

use embedded_io::Read;

use super::chunks::Reader;
use super::error::LogError;
use super::mark::{Mark, Next};
use super::{Call, END, End, Header, REFUSAL, RELEASE, Standard};
use crate::calls::table;
use crate::memory::Memory;

/// The maximum number of refusals between two calls. A guest has fewer: what is granted between two refusals takes a page at least.
const MOST_REFUSALS: usize = 1 << 18;

/// What became of bytes for a standard stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// They were written.
    All,
    /// Nobody reads them any more. The guest ends, with this status.
    Closed(u32),
}

/// Writes bytes to a standard stream.
type Output = Box<dyn FnMut(Standard, &[u8]) -> Result<Written, String> + Send>;

/// Answers the calls of a guest from a log.
pub struct Player {
    log: Reader,
    header: Header,
    next: Next,
    /// The fuel that the guest has consumed when its tank is empty.
    limit: u64,
    /// The time of the last record that has one.
    before: u64,
    /// Refusals before the next call: how many requests are granted before each.
    refusals: VecDeque<u64>,
    output: Output,
    failure: Option<LogError>,
    /// Whether the run is still recorded, so that the log has no end.
    is_open: bool,
}

/// The answer to a call.
pub(crate) enum Answer {
    /// It returns this errno.
    Returns(u32),
    /// It ends the guest with this status.
    Exits(u32),
}

impl Player {
    /// Opens a log. The guest's output goes to `output`.
    ///
    /// # Errors
    /// The source cannot be read, or is no log of this release, or is damaged.
    pub fn new(
        source: impl Read + Send + 'static,
        output: impl FnMut(Standard, &[u8]) -> Result<Written, String> + Send + 'static,
    ) -> Result<Self, LogError> {
        let mut log = Reader::new(source)?;
        let block = log.block()?;
        let unreadable = || log.damaged("the header cannot be read");
        let (release, rest) =
            postcard::take_from_bytes::<&str>(&block).map_err(|_| unreadable())?;
        if release != RELEASE {
            return Err(LogError::OtherRelease(release.into()));
        }
        let header: Header = postcard::from_bytes(rest).map_err(|_| unreadable())?;
        let mut player = Self {
            log,
            limit: header.fuel.unwrap_or(u64::MAX),
            header,
            next: Next::Call(0),
            before: 0,
            refusals: VecDeque::new(),
            output: Box::new(output),
            failure: None,
            is_open: false,
        };
        if player.look_ahead(0)? == Some(0) {
            player.limit = 0;
        }
        Ok(player)
    }

    /// Goes on in the middle of a log. `header` is the log's, and `source` begins at [`Mark::offset`]. The log may have no end yet: a call
    /// that it does not know is answered with [`LogError::Ahead`]. The limit of fuel must be set ([`Player::set_limit`]).
    ///
    /// # Errors
    /// As [`Player::new`].
    pub fn resume(
        header: Header,
        source: impl Read + Send + 'static,
        mark: &Mark,
        output: impl FnMut(Standard, &[u8]) -> Result<Written, String> + Send + 'static,
    ) -> Result<Self, LogError> {
        let mut player = Self {
            log: Reader::resume(source, mark.place)?,
            limit: header.fuel.unwrap_or(u64::MAX),
            header,
            next: Next::Nothing,
            before: mark.before,
            refusals: VecDeque::new(),
            output: Box::new(output),
            failure: None,
            is_open: true,
        };
        match &mark.ahead {
            Some((refusals, next)) => {
                player.refusals = refusals.clone();
                player.next = next.clone();
            }
            None => {
                player.look_ahead(0)?;
                // These were granted in front of the mark.
                if let Some(first) = player.refusals.front_mut() {
                    *first = first.saturating_sub(mark.granted);
                }
            }
        }
        Ok(player)
    }

    /// The place in the log of the guest as it is now.
    pub fn mark(&self) -> Mark {
        Mark {
            place: self.log.place(),
            before: self.before,
            granted: 0,
            ahead: Some((self.refusals.clone(), self.next.clone())),
        }
    }

    /// Changes the limit of fuel, by which the time of calls is measured: the guest has consumed `fuel` units when its tank is empty.
    pub fn set_limit(&mut self, fuel: u64) {
        self.limit = fuel;
    }

    /// The end of the recorded run, if the guest has made its last call.
    pub fn end(&self) -> Option<&End> {
        match &self.next {
            Next::End(end) => Some(end),
            _ => None,
        }
    }

    /// The recorded settings.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The fuel that the guest has consumed when its tank is empty. Before it starts, this is the fuel that it must be given.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Stops the guest when it has consumed `fuel` units, unless it ends earlier. This is set before it starts.
    pub fn stop_at(&mut self, fuel: u64) {
        self.limit = self.limit.min(fuel);
    }

    /// Answers a request of the guest to grow a memory or a table.
    pub fn may_grow(&mut self) -> bool {
        if let Err(failure) = self.look_again() {
            self.failure = Some(failure);
        }
        match self.refusals.front_mut() {
            None => true,
            Some(0) => {
                self.refusals.pop_front();
                false
            }
            Some(granted) => {
                *granted -= 1;
                true
            }
        }
    }

    /// Records that a memory could not grow here, although it did in the recorded run.
    pub fn grow_failed(&mut self) {
        let what = "this system has no memory for the guest, and the recorded one had";
        self.failure = Some(LogError::Read(what.into()));
    }

    /// Returns the end of the recorded run for a guest that has ended after `fuel` units, by itself or because its tank is empty.
    ///
    /// # Errors
    /// The recorded run did not end there, or a request to grow has failed.
    pub fn finish(&mut self, fuel: u64) -> Result<&End, LogError> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        match &self.next {
            Next::End(end) if end.fuel == fuel => Ok(end),
            Next::End(end) => {
                let what = format!("it ended, and the recorded one ended at {}", end.fuel);
                Err(LogError::Differs(fuel, what))
            }
            Next::Call(number) => {
                let name = table::name(*number);
                let what = format!("it ended, and the recorded one called {name}");
                Err(LogError::Differs(fuel, what))
            }
            Next::Nothing => Err(LogError::Ahead),
        }
    }

    /// Answers a call. If fuel must be set because the guest was stopped before its next call, also returns how much.
    pub(crate) fn call(
        &mut self,
        call: &Call<'_>,
        memory: &mut Memory<'_>,
    ) -> Result<(Answer, Option<u64>), LogError> {
        let now = self.limit.saturating_sub(call.fuel);
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        self.look_again()?;
        let differs = |what: String| LogError::Differs(now, what);
        let name = table::name(call.number);
        let number = match &self.next {
            Next::Nothing => return Err(LogError::Ahead),
            Next::Call(number) => *number,
            Next::End(end) if end.stopped.is_some() && end.fuel == now => {
                return Err(LogError::Stopped);
            }
            Next::End(end) => {
                let at = end.fuel;
                let what = format!("it calls {name}, and the recorded one ended at {at}");
                return Err(differs(what));
            }
        };
        let time = self.log.number()?;
        let then = self.before.saturating_add(time);
        if (number, then) != (call.number, now) {
            let other = table::name(number);
            let what = format!("it calls {name}, and the recorded one called {other} at {then}");
            return Err(differs(what));
        }
        self.before = now;
        if !self.refusals.is_empty() {
            let what = format!("it calls {name}, and the recorded one was refused memory before");
            return Err(differs(what));
        }
        if self.log.array()? != call.digest().to_le_bytes() {
            let what = format!("it calls {name} with other arguments");
            return Err(differs(what));
        }
        let answer = self.answer(call)?;
        if let Some(closed) = self.writes(&answer, call, memory)? {
            return Ok((Answer::Exits(closed), None));
        }
        let fuel = self.look_ahead(now)?;
        // The call's own fuel is consumed after it has returned, so the stop came before.
        if fuel == Some(0) {
            return Err(LogError::Stopped);
        }
        let (outcome, status) = (answer.outcome, answer.status);
        Ok((status.map_or(Answer::Returns(outcome), Answer::Exits), fuel))
    }

    /// Reads the outcome of a call.
    fn answer(&mut self, call: &Call<'_>) -> Result<Outcome, LogError> {
        let outcome = self.log.small()?;
        let stream = match outcome >> 1 & 3 {
            0 => None,
            1 => Some(Standard::Out),
            2 => Some(Standard::Err),
            _ => return Err(self.log.damaged("a call wrote to an unknown stream")),
        };
        if stream.is_some() && call.args.len() < 4 {
            return Err(self
                .log
                .damaged("a call that writes nothing wrote to a stream"));
        }
        let output = match stream {
            Some(stream) => Some((stream, self.log.small()?)),
            None => None,
        };
        let status = match outcome & 1 {
            0 => None,
            _ => Some(self.log.small()?),
        };
        Ok(Outcome {
            outcome: outcome >> 3,
            output,
            status,
        })
    }

    /// Writes to the standard stream what the guest wrote, and then to the guest's memory what the call wrote. The call's own order: the
    /// writes may hit the buffers. Returns the status of the guest if nobody reads the stream.
    fn writes(
        &mut self,
        answer: &Outcome,
        call: &Call<'_>,
        memory: &mut Memory<'_>,
    ) -> Result<Option<u32>, LogError> {
        let outside = |log: &Reader| log.damaged("a call wrote outside of the guest's memory");
        if let Some((stream, mut bytes)) = answer.output {
            // The table of buffers and its length: two numbers of 32 bits.
            let (iovs, len) = (call.args[1] as u32, call.args[2] as u32);
            let buffers = memory.iovecs(iovs, len);
            let (buffers, total) = buffers.map_err(|_| outside(&self.log))?;
            if bytes > total {
                return Err(outside(&self.log));
            }
            for buffer in buffers {
                let piece = memory.bytes(buffer.buf, buffer.len.min(bytes));
                let piece = piece.map_err(|_| outside(&self.log))?;
                bytes -= piece.len() as u32;
                match (self.output)(stream, piece).map_err(LogError::Output)? {
                    Written::All => {}
                    Written::Closed(status) => return Ok(Some(status)),
                }
            }
        }
        for _ in 0..self.log.number()? {
            let (address, len) = (self.log.small()?, self.log.small()?);
            match memory.bytes_mut(address, len) {
                Ok(bytes) => self.log.fill(bytes)?,
                Err(_) => return Err(outside(&self.log)),
            }
        }
        Ok(None)
    }

    /// Reads what was recorded since the log had nothing more.
    fn look_again(&mut self) -> Result<(), LogError> {
        match (&self.next, self.is_open) {
            (Next::Nothing, true) => self.look_ahead(0).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Reads up to the next call or the end. If the recorded guest was stopped before its next call, sets the limit to the place, and
    /// returns how much fuel is left until there from `now` on.
    fn look_ahead(&mut self, now: u64) -> Result<Option<u64>, LogError> {
        loop {
            if self.is_open && !self.log.has_more()? {
                self.next = Next::Nothing;
                return Ok(None);
            }
            let [tag] = self.log.array()?;
            match tag {
                REFUSAL if self.refusals.len() < MOST_REFUSALS => {
                    let granted = self.log.number()?;
                    self.refusals.push_back(granted);
                }
                REFUSAL => return Err(self.log.damaged("there are too many refusals")),
                END => break,
                call if usize::from(call) < table::COUNT => {
                    self.next = Next::Call(call);
                    return Ok(None);
                }
                _ => return Err(self.log.damaged("a record is of no known kind")),
            }
        }
        let block = self.log.block()?;
        let end: End = postcard::from_bytes(&block)
            .map_err(|_| self.log.damaged("the end of the run cannot be read"))?;
        if self.log.has_more()? {
            return Err(self.log.damaged("something follows the end of the run"));
        }
        // Whoever resumes a log sets the limits, and looks at the end himself.
        let is_earlier = !self.is_open && end.stopped.is_some() && end.fuel < self.limit;
        let left = is_earlier.then(|| end.fuel.saturating_sub(now));
        if let Some(left) = left.filter(|left| *left > 0) {
            self.limit = now.saturating_add(left);
        }
        self.next = Next::End(end);
        Ok(left)
    }
}

/// The outcome of a call.
struct Outcome {
    /// The errno.
    outcome: u32,
    /// The stream to which it wrote, and how much.
    output: Option<(Standard, u32)>,
    /// The status, if it ended the guest.
    status: Option<u32>,
}
