//! A client of the Debug Adapter Protocol, as small as the tests allow.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tests::tools;

/// The time limit of an answer or an event. It is far above the need, so one that takes as long never comes.
const LIMIT: Duration = Duration::from_secs(120);

/// A running `wasi-interp debug --dap`, and the messages that it has sent.
pub(crate) struct Client {
    pub(crate) child: Child,
    to: Box<dyn Write>,
    messages: Receiver<Value>,
    /// Events that nobody has waited for yet.
    events: VecDeque<Value>,
    /// What the program has written: on standard output, and on standard error.
    pub(crate) output: [String; 2],
    /// What the debugger says to its user.
    pub(crate) said: String,
    seq: i64,
}

/// The command.
fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(tools::programs().join("wasi-interp"));
    command.current_dir(folder).env_clear();
    command.args(["debug", "--dap"]).args(words);
    command
}

impl Client {
    /// Starts the command in a folder, with the protocol on its standard input and output.
    pub(crate) fn start(folder: &Path, words: &[&str]) -> Self {
        let mut command = command(folder, words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command
            .stderr(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let to: ChildStdin = child.stdin.take().expect("stdin is piped");
        let from = child.stdout.take().expect("stdout is piped");
        Self::new(child, Box::new(to), from)
    }

    /// Starts it with the protocol on a port.
    pub(crate) fn on_port(folder: &Path, words: &[&str]) -> Self {
        let mut command = command(folder, &[&["--port", "0"], words].concat());
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it can be started");
        let mut line = String::new();
        let stderr = child.stderr.take().expect("stderr is piped");
        let mut stderr = BufReader::new(stderr);
        stderr.read_line(&mut line).expect("it names its port");
        child.stderr = Some(stderr.into_inner());
        let address = line.trim().rsplit(' ').next().expect("it has words");
        assert!(address.starts_with("127.0.0.1:"), "{line}");
        let to = TcpStream::connect(address).expect("it listens");
        let from = to.try_clone().expect("a connection has two ends");
        Self::new(child, Box::new(to), from)
    }

    fn new(child: Child, to: Box<dyn Write>, from: impl Read + Send + 'static) -> Self {
        let (sender, messages) = channel();
        thread::spawn(move || {
            let mut from = BufReader::new(from);
            while let Some(message) = read(&mut from) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            to,
            messages,
            events: VecDeque::new(),
            output: Default::default(),
            said: String::new(),
            seq: 0,
        }
    }

    /// Sends bytes as they are.
    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        self.to.write_all(bytes).expect("it reads its input");
        self.to.flush().expect("it reads its input");
    }

    /// Sends a request without waiting for the answer. Returns its number.
    pub(crate) fn send(&mut self, command: &str, arguments: Value) -> i64 {
        self.seq += 1;
        let request = json!({
            "seq": self.seq,
            "type": "request",
            "command": command,
            "arguments": arguments,
        });
        let text = request.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
        self.seq
    }

    /// Waits for the answer to a request.
    #[track_caller]
    pub(crate) fn answer(&mut self, seq: i64) -> Value {
        loop {
            let message = self.next().expect("an answer comes");
            if message["type"] == "response" && message["request_seq"] == seq {
                return message;
            }
            self.keep(message);
        }
    }

    /// Sends a request that succeeds. Returns the body of the answer.
    #[track_caller]
    pub(crate) fn ask(&mut self, command: &str, arguments: Value) -> Value {
        let seq = self.send(command, arguments);
        let mut answer = self.answer(seq);
        assert_eq!(answer["success"], true, "{command}: {answer}");
        answer["body"].take()
    }

    /// Sends a request that fails. Returns the message.
    #[track_caller]
    pub(crate) fn refused(&mut self, command: &str, arguments: Value) -> String {
        let seq = self.send(command, arguments);
        let answer = self.answer(seq);
        assert_eq!(answer["success"], false, "{command}: {answer}");
        let message = answer["message"].as_str();
        message.expect("it says why").to_owned()
    }

    /// Waits for an event. Returns its body.
    #[track_caller]
    pub(crate) fn event(&mut self, name: &str) -> Value {
        loop {
            let place = self.events.iter().position(|event| event["event"] == name);
            if let Some(place) = place {
                let mut event = self.events.remove(place).expect("it is there");
                return event["body"].take();
            }
            let message = self
                .next()
                .unwrap_or_else(|| panic!("no event {name} comes; {}", self.said));
            self.keep(message);
        }
    }

    /// Begins a session: `launch` with these arguments.
    #[track_caller]
    pub(crate) fn launch(&mut self, arguments: Value) {
        let can = self.ask("initialize", json!({ "adapterID": "wasi-interp" }));
        assert_eq!(can["supportsStepBack"], true);
        self.ask("launch", arguments);
        self.event("initialized");
    }

    /// Sends a request that moves the program, and waits until it stops. Returns why.
    #[track_caller]
    pub(crate) fn go(&mut self, command: &str, arguments: Value) -> Value {
        self.ask(command, arguments);
        self.event("stopped")
    }

    /// The frames of a thread.
    #[track_caller]
    pub(crate) fn frames(&mut self, thread: &Value) -> Vec<Value> {
        let mut stack = self.ask("stackTrace", json!({ "threadId": thread }));
        let frames = stack["stackFrames"].take();
        frames.as_array().expect("it is a list").clone()
    }

    /// The variables of a scope of a frame, or the parts of one.
    #[track_caller]
    pub(crate) fn variables(&mut self, reference: &Value) -> Vec<Value> {
        let body = self.ask("variables", json!({ "variablesReference": reference }));
        body["variables"].as_array().expect("it is a list").clone()
    }

    /// The variables of the scope with this name.
    #[track_caller]
    pub(crate) fn scope(&mut self, frame: &Value, name: &str) -> Vec<Value> {
        let scopes = self.ask("scopes", json!({ "frameId": frame["id"] }));
        let scopes = scopes["scopes"].as_array().expect("it is a list");
        let scope = scopes.iter().find(|scope| scope["name"] == name);
        let scope = scope.unwrap_or_else(|| panic!("no scope {name}: {scopes:?}"));
        let reference = scope["variablesReference"].clone();
        self.variables(&reference)
    }

    /// The value of an expression in the innermost frame.
    #[track_caller]
    pub(crate) fn value(&mut self, expression: &str) -> String {
        let body = self.ask(
            "evaluate",
            json!({ "expression": expression, "context": "watch" }),
        );
        body["result"].as_str().expect("it is text").to_owned()
    }

    /// Ends the session. Returns the exit status of the command and its standard error.
    #[track_caller]
    pub(crate) fn finish(mut self) -> (Option<i32>, String) {
        self.ask("disconnect", json!({}));
        self.end()
    }

    /// Waits until the command has ended.
    #[track_caller]
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        drop(self.to);
        let mut text = String::new();
        let stderr = self.child.stderr.take();
        let mut stderr = stderr.expect("stderr is piped");
        stderr.read_to_string(&mut text).expect("it is text");
        let status = self.child.wait().expect("it was started");
        (status.code(), text)
    }

    fn next(&mut self) -> Option<Value> {
        self.messages.recv_timeout(LIMIT).ok()
    }

    fn keep(&mut self, message: Value) {
        if message["event"] == "output" {
            let text = message["body"]["output"].as_str().unwrap_or_default();
            match message["body"]["category"].as_str() {
                Some("stdout") => self.output[0].push_str(text),
                Some("stderr") => self.output[1].push_str(text),
                _ => self.said.push_str(text),
            }
        } else {
            self.events.push_back(message);
        }
    }
}

/// Reads a message. Every byte of the stream must belong to one.
fn read(from: &mut impl BufRead) -> Option<Value> {
    let mut header = String::new();
    if from.read_line(&mut header).ok()? == 0 {
        return None;
    }
    let len = header.strip_prefix("Content-Length: ");
    let len = len.unwrap_or_else(|| panic!("{header:?} is no header"));
    let len: usize = len.trim().parse().expect("the length is a number");
    let mut line = String::new();
    from.read_line(&mut line).ok()?;
    assert_eq!(line, "\r\n");
    let mut bytes = vec![0; len];
    from.read_exact(&mut bytes).ok()?;
    Some(serde_json::from_slice(&bytes).expect("a message is JSON"))
}
