//! The other side: an editor on standard input and output, or on a TCP connection. A thread reads its messages.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::wire::{self, Damage};

/// The maximum number of messages that wait.
const MOST_WAITING: usize = 64;

/// What the program does while messages arrive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Activity {
    /// It stands still.
    Stopped = 0,
    /// It steps. Only messages that change the step interrupt it.
    Steps = 1,
    /// It runs. All messages interrupt it.
    Runs = 2,
}

/// A message from the client.
pub(super) enum Message {
    Request {
        seq: i64,
        command: String,
        arguments: Value,
    },
    /// A frame that has no request. The text says why.
    Unclear(String),
    /// The frames are damaged.
    Damaged(Damage),
    /// The client is gone.
    Gone,
}

/// Writes messages. Its clones write to the same stream.
#[derive(Clone)]
pub(super) struct Writer {
    to: Arc<Mutex<Box<dyn Write + Send>>>,
    seq: Arc<AtomicI64>,
}

impl Writer {
    fn new(to: Box<dyn Write + Send>) -> Self {
        Self {
            to: Arc::new(Mutex::new(to)),
            seq: Arc::new(AtomicI64::new(1)),
        }
    }

    /// Sends an event.
    pub(super) fn event(&self, event: &str, body: Value) {
        self.send(json!({ "type": "event", "event": event, "body": body }));
    }

    /// Sends an event with text that the program or the debugger has written.
    pub(super) fn output(&self, category: &str, text: &str) {
        self.event("output", json!({ "category": category, "output": text }));
    }

    /// Answers a request.
    pub(super) fn answer(&self, seq: i64, command: &str, result: Result<Value, String>) {
        let mut answer = json!({ "type": "response", "request_seq": seq, "command": command });
        answer["success"] = result.is_ok().into();
        match result {
            Ok(body) => answer["body"] = body,
            Err(message) => {
                answer["body"] =
                    json!({ "error": { "id": 1, "format": message, "showUser": true } });
                answer["message"] = message.into();
            }
        }
        self.send(answer);
    }

    fn send(&self, mut message: Value) {
        // The lock is taken first, so numbers ascend on the stream.
        let mut to = self.to.lock().unwrap_or_else(PoisonError::into_inner);
        message["seq"] = self.seq.fetch_add(1, Ordering::Relaxed).into();
        // A client that is gone reads nothing. Its input ends, too, and that ends the session.
        let _ = wire::write(&mut **to, &message);
    }
}

/// The messages of a client.
pub(super) struct Client {
    pub(super) writer: Writer,
    messages: Receiver<Message>,
    shared: Arc<Shared>,
}

/// What the thread that reads needs.
#[derive(Default)]
struct Shared {
    activity: AtomicU8,
    interrupt: Mutex<Option<Box<dyn Fn() + Send>>>,
}

impl Client {
    /// The process that started this one, on standard input and output.
    pub(super) fn on_stdio() -> Self {
        Self::new(BufReader::new(io::stdin()), Box::new(io::stdout()))
    }

    /// Waits for a client on a port of this machine. Port 0 is a free one. The port is printed on standard error.
    ///
    /// # Errors
    /// Fails if the port cannot be used.
    pub(super) fn on_port(port: u16) -> Result<Self> {
        let at = (Ipv4Addr::LOCALHOST, port);
        let listener =
            TcpListener::bind(at).with_context(|| format!("cannot listen on 127.0.0.1:{port}"))?;
        let address = listener.local_addr().context("the port has no number")?;
        crate::exit::tell(format_args!(
            "wasi-interp: waiting for a debugger's client on {address}"
        ));
        let (stream, _) = listener.accept().context("no client can connect")?;
        let reader = stream
            .try_clone()
            .context("the connection cannot be read")?;
        // Answers are short, and the client waits for them.
        let _ = stream.set_nodelay(true);
        Ok(Self::new(BufReader::new(reader), Box::new(stream)))
    }

    fn new(from: impl BufRead + Send + 'static, to: Box<dyn Write + Send>) -> Self {
        let (sender, messages) = sync_channel(MOST_WAITING);
        let shared = Arc::new(Shared::default());
        let of_thread = shared.clone();
        // It ends with the input, or with the process.
        thread::spawn(move || listen(from, &sender, &of_thread));
        Self {
            writer: Writer::new(to),
            messages,
            shared,
        }
    }

    /// Says how messages interrupt the program that runs.
    pub(super) fn interrupt_by(&self, interrupt: impl Fn() + Send + 'static) {
        let mut known = (self.shared.interrupt.lock()).unwrap_or_else(PoisonError::into_inner);
        *known = Some(Box::new(interrupt));
    }

    /// Says what the program does from now on.
    pub(super) fn set_activity(&self, activity: Activity) {
        self.shared.activity.store(activity as u8, Ordering::SeqCst);
    }

    /// Waits for the next message. Returns `None` if there are no more.
    pub(super) fn next(&self) -> Option<Message> {
        self.messages.recv().ok()
    }

    /// The next message, if one waits.
    pub(super) fn waiting(&self) -> Option<Message> {
        self.messages.try_recv().ok()
    }
}

/// Reads messages until the input ends or is damaged.
fn listen(mut from: impl BufRead, to: &SyncSender<Message>, shared: &Shared) {
    loop {
        let (message, is_last) = match wire::read(&mut from) {
            Ok(Some(bytes)) => (parsed(&bytes), false),
            Ok(None) => (Message::Gone, true),
            Err(damage) => (Message::Damaged(damage), true),
        };
        let changes = matches!(&message, Message::Request { command, .. } if changes_step(command));
        if to.send(message).is_err() {
            return;
        }
        // The sequentially consistent order with `set_activity`: either this sees that the program runs, or the program's side sees
        // the message before it runs.
        let activity = shared.activity.load(Ordering::SeqCst);
        if activity == Activity::Runs as u8
            || activity == Activity::Steps as u8 && (changes || is_last)
        {
            interrupt(shared);
        }
        if is_last {
            return;
        }
    }
}

/// Whether a request is not to wait for the end of a step.
fn changes_step(command: &str) -> bool {
    matches!(
        command,
        "pause" | "disconnect" | "terminate" | "cancel" | "setBreakpoints"
    ) || command.ends_with("Breakpoints")
}

fn interrupt(shared: &Shared) {
    let interrupt = shared
        .interrupt
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(interrupt) = &*interrupt {
        interrupt();
    }
}

fn parsed(bytes: &[u8]) -> Message {
    let mut value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => return Message::Unclear(format!("a message is not JSON: {error}")),
    };
    let kind = value["type"].as_str().unwrap_or_default();
    if kind != "request" {
        return Message::Unclear(format!(
            "a message has the type `{}`: only requests are understood",
            interp::inspect::Spelled(kind)
        ));
    }
    let (Some(seq), Some(command)) = (value["seq"].as_i64(), value["command"].as_str()) else {
        return Message::Unclear("a request has no seq or no command".to_owned());
    };
    Message::Request {
        seq,
        command: command.to_owned(),
        arguments: value["arguments"].take(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_from_others() {
        let text = br#"{"seq":3,"type":"request","command":"next","arguments":{"threadId":1}}"#;
        let Message::Request {
            seq,
            command,
            arguments,
        } = parsed(text)
        else {
            panic!("it is a request");
        };
        assert_eq!((seq, command.as_str()), (3, "next"));
        assert_eq!(arguments["threadId"], 1);
        let deep = "[".repeat(100_000);
        for (text, said) in [
            ("{", "not JSON"),
            ("[]", "only requests"),
            ("\u{fffd}", "not JSON"),
            (r#"{"type":"response"}"#, "only requests"),
            (r#"{"type":"request","seq":"1","command":"x"}"#, "no seq"),
            (r#"{"type":"request","seq":1,"command":7}"#, "no command"),
            (deep.as_str(), "not JSON"),
        ] {
            match parsed(text.as_bytes()) {
                Message::Unclear(why) => assert!(why.contains(said), "{why}"),
                _ => panic!("{said}"),
            }
        }
    }
}
