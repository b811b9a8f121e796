//! Runs, forward and backward, and why they stop.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};

use super::client::{Activity, Writer};
use super::session::{Answered, Next, Session};
use crate::debugger::{Direction, End, Move, Stop};

/// How often progress is told.
const PROGRESS: Duration = Duration::from_millis(250);

/// The name of the progress of a way back.
const PROGRESS_ID: &str = "back";

impl Session {
    /// A request to run or to step.
    pub(super) fn moved(&mut self, command: &str, arguments: &Value) -> Answered {
        let is_small = arguments["granularity"] == "instruction";
        let (direction, how) = match command {
            "continue" => (Direction::Forward, Move::Continue),
            "reverseContinue" => (Direction::Backward, Move::Continue),
            "next" if is_small => (Direction::Forward, Move::OverInstruction),
            "next" => (Direction::Forward, Move::Over),
            "stepIn" if is_small => (Direction::Forward, Move::Instruction),
            "stepIn" => (Direction::Forward, Move::Line),
            "stepBack" if is_small => (Direction::Backward, Move::Instruction),
            "stepBack" => (Direction::Backward, Move::Over),
            _ => (Direction::Forward, Move::Out),
        };
        self.stopped()?;
        self.next = Some(Next::Go(direction, how));
        Ok(match command {
            "continue" => json!({ "allThreadsContinued": true }),
            _ => json!({}),
        })
    }

    pub(super) fn pause(&mut self) -> Answered {
        self.debuggee()?;
        if self.is_running {
            self.is_to_pause = true;
        }
        Ok(json!({}))
    }

    /// Runs the program until it stops, and tells why. Messages that arrive are answered.
    ///
    /// # Errors
    /// Fails if a message is damaged.
    pub(super) fn go(&mut self, direction: Direction, how: Move) -> Result<()> {
        let Some(debuggee) = &mut self.debuggee else {
            return Ok(());
        };
        if let Some(status) = debuggee.status
            && direction == Direction::Forward
        {
            self.tell_exit(status);
            return Ok(());
        }
        debuggee.status = None;
        debuggee.frames.clear();
        debuggee.nodes.clear();
        self.is_running = true;
        self.is_to_pause = false;
        let result = self.run(direction, how);
        self.is_running = false;
        self.client.set_activity(Activity::Stopped);
        if let Some(progress) = &self.progress {
            progress.end();
        }
        result
    }

    fn run(&mut self, direction: Direction, how: Move) -> Result<()> {
        let activity = match how {
            Move::Continue => Activity::Runs,
            _ => Activity::Steps,
        };
        loop {
            self.client.set_activity(activity);
            // A message that arrives from here on interrupts.
            while let Some(message) = self.client.waiting() {
                self.handle(message)?;
            }
            if self.is_over {
                return Ok(());
            }
            if self.is_to_pause {
                self.tell_stop("pause", "paused", &[]);
                return Ok(());
            }
            let Some(debuggee) = &mut self.debuggee else {
                return Ok(());
            };
            let stop = debuggee.engine.run(direction, how);
            self.client.set_activity(Activity::Stopped);
            match stop {
                // The message is answered above.
                Ok(Stop::Interrupted) => {}
                Ok(stop) => {
                    if self.arrived(direction, how, &stop) {
                        return Ok(());
                    }
                }
                Err(error) => {
                    self.complain(&format!("{error:#}"));
                    self.tell_stop("pause", "the debugger cannot go there", &[]);
                    return Ok(());
                }
            }
        }
    }

    /// Tells where the program has arrived. Returns whether it stays there.
    fn arrived(&mut self, direction: Direction, how: Move, stop: &Stop) -> bool {
        match stop {
            Stop::Breakpoint(ids) => {
                let Some(hits) = self.hits(ids) else {
                    // A step that was not complete goes on from here.
                    return false;
                };
                let (reason, text) = (hits.reason, hits.text.as_str());
                self.tell_stop(reason, text, &hits.ids);
            }
            Stop::Watch {
                id,
                address,
                old,
                new,
                ..
            } => {
                let ids = self.watched(*id);
                let text = format!("{address:#x}: {} became {}", number(old), number(new));
                self.tell_stop("data breakpoint", &text, &ids);
            }
            Stop::Ended(end @ (End::Returned | End::Exited(_))) => {
                let status = match end {
                    End::Exited(status) => *status,
                    _ => 0,
                };
                if let Some(debuggee) = &mut self.debuggee {
                    debuggee.status = Some(status);
                }
                match self.launch.stops_on_exit {
                    true => {
                        let text = format!("the program ends with status {status}");
                        self.tell_stop("exit", &text, &[]);
                    }
                    false => self.tell_exit(status),
                }
            }
            Stop::Ended(End::Failed(why)) => self.tell_stop("exception", why, &[]),
            Stop::Recorded(why) => self.tell_stop("exit", why, &[]),
            Stop::Begin => self.tell_stop("entry", "the run begins here", &[]),
            Stop::Start => self.tell_stop("entry", "at the beginning", &[]),
            Stop::Step if how == Move::Continue => self.tell_stop("pause", "", &[]),
            Stop::Step => {
                let back = match direction {
                    Direction::Forward => "",
                    Direction::Backward => "a step back",
                };
                self.tell_stop("step", back, &[]);
            }
            Stop::Interrupted => return false,
        }
        true
    }

    /// Tells that the program stands still.
    pub(super) fn tell_stop(&mut self, reason: &str, text: &str, ids: &[i64]) {
        self.is_running = false;
        self.client.set_activity(Activity::Stopped);
        let thread = self.running_thread();
        let mut body = json!({
            "reason": reason,
            "threadId": thread,
            "allThreadsStopped": true,
        });
        if !text.is_empty() {
            body["description"] = text.into();
            body["text"] = text.into();
        }
        if !ids.is_empty() {
            body["hitBreakpointIds"] = ids.into();
        }
        self.client.writer.event("stopped", body);
    }

    /// Tells that the program has ended, and ends the session.
    fn tell_exit(&self, status: i32) {
        let writer = &self.client.writer;
        writer.event("exited", json!({ "exitCode": status }));
        writer.event("terminated", json!({}));
    }

    /// Why the program stopped with a trap.
    pub(super) fn exception_info(&mut self) -> Answered {
        let debuggee = self.stopped()?;
        match debuggee.engine.stop() {
            Stop::Ended(End::Failed(why)) => Ok(json!({
                "exceptionId": "trap",
                "description": why,
                "breakMode": "always",
            })),
            _ => Err("the program did not stop at a trap".to_owned()),
        }
    }
}

/// Bytes as a number, or in hex.
fn number(bytes: &[u8]) -> String {
    let mut word = [0; 8];
    match bytes.len() {
        1..=8 => {
            word[..bytes.len()].copy_from_slice(bytes);
            u64::from_le_bytes(word).to_string()
        }
        _ => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// Tells the client how far a way back has come.
#[derive(Clone)]
pub(super) struct Progress {
    writer: Writer,
    last: Arc<Mutex<Option<Instant>>>,
}

impl Progress {
    pub(super) fn new(writer: Writer) -> Self {
        Self {
            writer,
            last: Arc::default(),
        }
    }

    pub(super) fn tell(&self, part: f64) {
        let mut last = self.last();
        match *last {
            None => self.writer.event(
                "progressStart",
                json!({ "progressId": PROGRESS_ID, "title": "going back" }),
            ),
            Some(last) if last.elapsed() < PROGRESS => return,
            Some(_) => {}
        }
        *last = Some(Instant::now());
        let percentage = (part.clamp(0.0, 1.0) * 100.0).round();
        self.writer.event(
            "progressUpdate",
            json!({ "progressId": PROGRESS_ID, "percentage": percentage }),
        );
    }

    /// Tells that the program has arrived.
    pub(super) fn end(&self) {
        if self.last().take().is_some() {
            self.writer
                .event("progressEnd", json!({ "progressId": PROGRESS_ID }));
        }
    }

    fn last(&self) -> MutexGuard<'_, Option<Instant>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
