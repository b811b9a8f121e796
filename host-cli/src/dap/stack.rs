//! Threads, their stacks, and the scopes of a frame. A goroutine is a thread. Only the one that runs has frames of the interpreter.

use serde_json::{Value, json};

use super::session::{Answered, Debuggee, Session, told};
use super::values::{Node, ScopeKind};
use crate::go::ThreadCall;
use crate::places::Line;

/// The thread of a program without goroutines, and the one on which Go's scheduler runs. Goroutines have small numbers.
const ONLY: i64 = 1;
const SCHEDULER: i64 = i32::MAX as i64;

/// The maximum number of frames that are sent at once.
const MOST_FRAMES: usize = 1000;

/// A call of a thread.
struct Frame {
    name: String,
    line: Option<Line>,
    /// The offset in the module, if the interpreter runs it.
    offset: Option<usize>,
    inlined: bool,
}

impl Session {
    pub(super) fn threads(&mut self) -> Answered {
        let debuggee = self.debuggee()?;
        Ok(json!({ "threads": debuggee.threads() }))
    }

    /// The thread that runs.
    pub(super) fn running_thread(&mut self) -> i64 {
        self.debuggee.as_mut().map_or(ONLY, Debuggee::running)
    }

    pub(super) fn stack_trace(&mut self, arguments: &Value) -> Answered {
        self.stopped()?;
        let thread = arguments["threadId"].as_i64().ok_or("no thread is named")?;
        let start = count(&arguments["startFrame"]).unwrap_or(0);
        let levels = count(&arguments["levels"]).filter(|levels| *levels > 0);
        let levels = levels.unwrap_or(MOST_FRAMES).min(MOST_FRAMES);
        let debuggee = self.debuggee()?;
        let frames = debuggee.stack(thread)?;
        let total = frames.len();
        let mut shown = Vec::new();
        for (number, frame) in frames.into_iter().enumerate().skip(start).take(levels) {
            debuggee.frames.push((thread, number));
            shown.push((debuggee.frames.len(), frame));
        }
        let shown: Vec<_> = shown
            .into_iter()
            .map(|(id, frame)| self.frame(id, &frame))
            .collect();
        Ok(json!({ "stackFrames": shown, "totalFrames": total }))
    }

    /// A frame, as the protocol has it.
    fn frame(&self, id: usize, frame: &Frame) -> Value {
        let mut name = frame.name.clone();
        if frame.inlined {
            name.push_str(" [inlined]");
        }
        let mut told = json!({ "id": id, "name": name, "line": 0, "column": 0 });
        match &frame.line {
            Some(line) => {
                told["line"] = self.line_out(line.line).into();
                told["source"] = self.files.source(&line.file);
            }
            None => told["presentationHint"] = "subtle".into(),
        }
        if let Some(offset) = frame.offset {
            told["instructionPointerReference"] = format!("{offset:#x}").into();
        }
        told
    }

    pub(super) fn scopes(&mut self, arguments: &Value) -> Answered {
        let debuggee = self.stopped()?;
        let frame = debuggee.frame_known(&arguments["frameId"])?;
        let mut kinds = Vec::new();
        if !debuggee.dies.is_empty() {
            kinds.extend([ScopeKind::Arguments, ScopeKind::Locals, ScopeKind::Globals]);
        }
        kinds.extend([
            ScopeKind::Slots,
            ScopeKind::Registers,
            ScopeKind::WasmGlobals,
        ]);
        let scopes: Vec<_> = kinds
            .into_iter()
            .map(|kind| {
                let reference = debuggee.node(Node::Scope(kind, frame));
                json!({
                    "name": kind.name(),
                    "presentationHint": kind.hint(),
                    "variablesReference": reference,
                    "expensive": kind == ScopeKind::Globals,
                })
            })
            .collect();
        Ok(json!({ "scopes": scopes }))
    }
}

impl Debuggee {
    /// The frame with a number that a client was given: only frames of the running thread have values.
    pub(super) fn frame_known(&mut self, id: &Value) -> Result<usize, String> {
        let known = count(id).and_then(|id| id.checked_sub(1));
        let known = known.and_then(|id| self.frames.get(id).copied());
        let (thread, number) = known.ok_or("there is no such frame: the program has moved on")?;
        match thread == self.running() {
            true => Ok(number),
            false => {
                Err("the values of this frame are in Go's stack, and nothing says where".to_owned())
            }
        }
    }

    /// The address of a frame's code in DWARF, and how many calls were inlined around it.
    pub(super) fn address(&mut self, frame: usize) -> Option<(u64, usize)> {
        let frames = self.engine.frames().ok()?;
        let offset = frames.get(frame)?.offset?;
        let level = frames[frame..]
            .iter()
            .take_while(|frame| frame.inlined)
            .count();
        let address = (self.engine).sources(|sources| sources.dwarf()?.address(offset))?;
        Some((address, level))
    }

    /// The thread that runs.
    fn running(&mut self) -> i64 {
        if !self.is_go {
            return ONLY;
        }
        let all = self.engine.threads().unwrap_or_default();
        if all.is_empty() {
            return ONLY;
        }
        let running = all.iter().find(|goroutine| goroutine.is_running);
        running.map_or(SCHEDULER, |goroutine| number(goroutine.id))
    }

    fn threads(&mut self) -> Vec<Value> {
        let all = match self.is_go {
            true => self.engine.threads().unwrap_or_default(),
            false => Vec::new(),
        };
        if all.is_empty() {
            return vec![json!({ "id": ONLY, "name": "main" })];
        }
        let mut threads = Vec::new();
        if !all.iter().any(|goroutine| goroutine.is_running) {
            threads.push(json!({ "id": SCHEDULER, "name": "Go's scheduler" }));
        }
        threads.extend(all.iter().map(|goroutine| {
            let name = format!("goroutine {} [{}]", goroutine.id, goroutine.state);
            json!({ "id": number(goroutine.id), "name": name })
        }));
        threads
    }

    /// The frames of a thread, innermost first.
    fn stack(&mut self, thread: i64) -> Result<Vec<Frame>, String> {
        if thread == self.running() {
            let frames = self.engine.frames().map_err(told)?.into_iter();
            let frames = frames.map(|frame| Frame {
                name: frame.name,
                line: frame.line,
                offset: frame.offset,
                inlined: frame.inlined,
            });
            return Ok(frames.collect());
        }
        let all = match self.is_go {
            true => self.engine.threads().map_err(told)?,
            false => Vec::new(),
        };
        let goroutine = all.iter().find(|goroutine| number(goroutine.id) == thread);
        let goroutine = goroutine.ok_or_else(|| format!("there is no thread {thread}"))?;
        let calls = self.engine.thread_calls(goroutine.id).map_err(told)?;
        let frame = |call: ThreadCall| Frame {
            name: call.name,
            line: call.place.map(|(file, line)| Line { file, line }),
            offset: None,
            inlined: call.is_inlined,
        };
        Ok(calls.into_iter().map(frame).collect())
    }
}

fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// A number of a client's that counts something.
pub(super) fn count(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64()?).ok()
}
