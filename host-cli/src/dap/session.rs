//! A session: the requests of a client, one after the other.

use std::collections::HashMap;

use anyhow::{Result, anyhow};
use interp::inspect::Spelled;
use serde_json::{Value, json};

use super::breakpoints::Breakpoints;
use super::client::{Client, Message};
use super::files::Files;
use super::launch::Launch;
use super::running::Progress;
use super::values::Node;
use crate::args::DebugArgs;
use crate::debugger::Engine;
use crate::variables::Dies;

/// The result of a request: the body of the answer, or what went wrong.
pub(super) type Answered = Result<Value, String>;

/// A program that is debugged.
pub(super) struct Debuggee {
    pub(super) engine: Engine,
    pub(super) dies: Dies,
    /// Whether Go has built it.
    pub(super) is_go: bool,
    /// Frames that a client knows by their numbers in this list: the thread, and the number in its stack. They are forgotten when it runs.
    pub(super) frames: Vec<(i64, usize)>,
    /// Values that have parts. The same holds for them.
    pub(super) nodes: Vec<Node>,
    pub(super) breakpoints: Breakpoints,
    /// It has ended, and nothing but to go back is possible.
    pub(super) status: Option<i32>,
}

/// A session.
pub(super) struct Session {
    pub(super) client: Client,
    /// The options of the command line. They hold for a launch that names no program.
    pub(super) options: DebugArgs,
    pub(super) launch: Launch,
    pub(super) files: Files,
    pub(super) debuggee: Option<Debuggee>,
    /// The client counts from 0.
    pub(super) counts_lines_from_0: bool,
    pub(super) shows_progress: bool,
    pub(super) progress: Option<Progress>,
    /// The program runs: what is known of a stopped one is not known.
    pub(super) is_running: bool,
    /// The client has asked it to stop.
    pub(super) is_to_pause: bool,
    /// What is to happen when the answer to this request has been sent.
    pub(super) next: Option<Next>,
    /// The session is over.
    pub(super) is_over: bool,
}

/// What follows an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Next {
    /// The client may set breakpoints now.
    Initialized,
    /// The program is no more.
    Terminated,
    /// The program begins to run.
    Begin,
    /// It moves.
    Go(crate::debugger::Direction, crate::debugger::Move),
}

impl Session {
    pub(super) fn new(client: Client, options: DebugArgs) -> Self {
        Self {
            client,
            options,
            launch: Launch::default(),
            files: Files::default(),
            debuggee: None,
            counts_lines_from_0: false,
            shows_progress: false,
            progress: None,
            is_running: false,
            is_to_pause: false,
            next: None,
            is_over: false,
        }
    }

    /// Answers requests until the session is over.
    ///
    /// # Errors
    /// Fails if the messages are damaged. The client has been told.
    pub(super) fn serve(mut self) -> Result<()> {
        while !self.is_over {
            let Some(message) = self.client.next() else {
                break;
            };
            self.handle(message)?;
            while let Some(next) = self.next.take() {
                self.follow(next)?;
            }
        }
        Ok(())
    }

    /// Answers a message.
    ///
    /// # Errors
    /// Fails if it is damaged.
    pub(super) fn handle(&mut self, message: Message) -> Result<()> {
        match message {
            Message::Request {
                seq,
                command,
                arguments,
            } => {
                let result = self.answered(&command, &arguments);
                self.client.writer.answer(seq, &command, result);
                Ok(())
            }
            Message::Unclear(why) => {
                self.complain(&why);
                Ok(())
            }
            Message::Gone => {
                self.is_over = true;
                Ok(())
            }
            Message::Damaged(damage) => {
                self.is_over = true;
                self.complain(&damage.to_string());
                self.client.writer.event("terminated", json!({}));
                Err(anyhow!("the debugger's client: {damage}"))
            }
        }
    }

    fn follow(&mut self, next: Next) -> Result<()> {
        match next {
            Next::Initialized => {
                self.client.writer.event("initialized", json!({}));
                Ok(())
            }
            Next::Terminated => {
                self.client.writer.event("terminated", json!({}));
                Ok(())
            }
            Next::Begin => self.begin(),
            Next::Go(direction, how) => self.go(direction, how),
        }
    }

    /// Tells the client's user what went wrong.
    pub(super) fn complain(&self, why: &str) {
        self.client
            .writer
            .output("important", &format!("wasi-interp: {why}\n"));
    }

    fn answered(&mut self, command: &str, arguments: &Value) -> Answered {
        match command {
            "initialize" => self.initialize(arguments),
            "launch" | "attach" => self.launch(arguments),
            "configurationDone" => self.configured(),
            "disconnect" => Ok(self.end()),
            "terminate" => Ok(self.terminate()),
            "cancel" => Ok(json!({})),

            "setBreakpoints" => self.set_breakpoints(arguments),
            "setFunctionBreakpoints" => self.set_function_breakpoints(arguments),
            "setInstructionBreakpoints" => self.set_instruction_breakpoints(arguments),
            "setDataBreakpoints" => self.set_data_breakpoints(arguments),
            "setExceptionBreakpoints" => self.set_exception_breakpoints(arguments),
            "dataBreakpointInfo" => self.data_breakpoint_info(arguments),
            "breakpointLocations" => self.breakpoint_locations(arguments),

            "continue" | "reverseContinue" | "next" | "stepIn" | "stepOut" | "stepBack" => {
                self.moved(command, arguments)
            }
            "pause" => self.pause(),

            "threads" => self.threads(),
            "stackTrace" => self.stack_trace(arguments),
            "scopes" => self.scopes(arguments),
            "exceptionInfo" => self.exception_info(),

            "variables" => self.variables(arguments),
            "evaluate" => self.evaluate(arguments),
            "readMemory" => self.read_memory(arguments),

            "disassemble" => self.disassemble(arguments),
            "loadedSources" => self.loaded_sources(),
            "source" => self.source(arguments),
            _ => Err(format!(
                "the request `{}` is not supported",
                Spelled(command)
            )),
        }
    }

    /// Tells what is supported.
    fn initialize(&mut self, arguments: &Value) -> Answered {
        if arguments["pathFormat"] == "uri" {
            return Err("paths as URIs are not supported: use the path format `path`".to_owned());
        }
        self.counts_lines_from_0 = arguments["linesStartAt1"] == false;
        self.shows_progress = arguments["supportsProgressReporting"] == true;
        let mut body: HashMap<&str, Value> = [
            "supportsConfigurationDoneRequest",
            "supportsFunctionBreakpoints",
            "supportsConditionalBreakpoints",
            "supportsHitConditionalBreakpoints",
            "supportsLogPoints",
            "supportsInstructionBreakpoints",
            "supportsDataBreakpoints",
            "supportsDataBreakpointBytes",
            "supportsBreakpointLocationsRequest",
            "supportsStepBack",
            "supportsSteppingGranularity",
            "supportsEvaluateForHovers",
            "supportsReadMemoryRequest",
            "supportsDisassembleRequest",
            "supportsLoadedSourcesRequest",
            "supportsDelayedStackTraceLoading",
            "supportsTerminateRequest",
            "supportsExceptionInfoRequest",
        ]
        .into_iter()
        .map(|name| (name, Value::Bool(true)))
        .collect();
        body.insert("exceptionBreakpointFilters", self.exception_filters());
        Ok(json!(body))
    }

    fn configured(&mut self) -> Answered {
        self.stopped()?;
        self.next = Some(Next::Begin);
        Ok(json!({}))
    }

    fn end(&mut self) -> Value {
        self.is_over = true;
        json!({})
    }

    /// Ends the program. The client disconnects then.
    fn terminate(&mut self) -> Value {
        self.debuggee = None;
        self.next = Some(Next::Terminated);
        json!({})
    }

    /// The program.
    ///
    /// # Errors
    /// Fails if none was launched.
    pub(super) fn debuggee(&mut self) -> Result<&mut Debuggee, String> {
        self.debuggee
            .as_mut()
            .ok_or_else(|| "no program was launched".to_owned())
    }

    /// The program, standing still.
    ///
    /// # Errors
    /// Fails if none was launched, or if it runs.
    pub(super) fn stopped(&mut self) -> Result<&mut Debuggee, String> {
        if self.is_running {
            return Err("the program runs: pause it first".to_owned());
        }
        self.debuggee()
    }

    /// A line as the client counts it.
    pub(super) fn line_out(&self, line: u32) -> u32 {
        match self.counts_lines_from_0 {
            true => line.saturating_sub(1),
            false => line,
        }
    }

    /// A line of the client's, counted from 1.
    pub(super) fn line_in(&self, line: &Value) -> Result<u32, String> {
        let line = line.as_u64().and_then(|line| u32::try_from(line).ok());
        let line = line.ok_or("a line is no number")?;
        Ok(line.saturating_add(u32::from(self.counts_lines_from_0)))
    }
}

/// An error of the engine's, in a line.
pub(super) fn told(error: anyhow::Error) -> String {
    format!("{error:#}")
}
