//! The line about work that takes more than a second: on terminals only, and never beside a message.
#![cfg(unix)]

use std::fs::{File, OpenOptions};
use std::io::{PipeReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tests::same::folder;
use tests::terminal::terminal;
use tests::tools::programs;

/// A run that waits for its module, and the other end of its standard error.
struct Waiting<R> {
    child: Child,
    messages: R,
}

impl Waiting<File> {
    /// Starts a run whose standard error is a terminal of this kind.
    fn on_terminal(folder: &Path, kind: &str, args: &[&str]) -> Self {
        let (master, path) = terminal();
        let stderr = OpenOptions::new().write(true).open(path);
        let stderr = stderr.expect("it is a terminal").into();
        Self::start(folder, kind, args, stderr, master.into())
    }
}

impl Waiting<PipeReader> {
    fn on_pipe(folder: &Path, args: &[&str]) -> Self {
        let (reader, writer) = std::io::pipe().expect("the system has pipes");
        Self::start(folder, "xterm", args, writer.into(), reader)
    }
}

impl<R: Read> Waiting<R> {
    fn start(folder: &Path, term: &str, args: &[&str], stderr: Stdio, messages: R) -> Self {
        let mut command = Command::new(programs().join("wasi-interp"));
        command.current_dir(folder).env_clear().env("TERM", term);
        command.args(args).stdin(Stdio::piped()).stderr(stderr);
        Self {
            child: command.spawn().expect("it can be started"),
            messages,
        }
    }

    /// Gives the run its module. Returns what it writes to standard error.
    fn receives(mut self, module: &[u8]) -> String {
        let mut stdin = self.child.stdin.take().expect("stdin is piped");
        stdin.write_all(module).expect("the run reads its module");
        drop(stdin);
        self.child.wait().expect("it ends");
        let mut text = Vec::new();
        // If no process has the other end of a terminal open, reading ends with an error.
        let _ = self.messages.read_to_end(&mut text);
        String::from_utf8(text).expect("UTF-8")
    }
}

/// The time that a run waits for its module counts, so the line is due at the first function.
#[test]
fn the_line_is_shown_and_erased() {
    let here = folder();
    let start = |kind, args: &[&str]| Waiting::on_terminal(here.path(), kind, args);
    let valid = wat::parse_str(r#"(module (func) (func (export "_start")))"#);
    let valid = valid.expect("the text is a module");
    let invalid = wat::parse_str("(module (func) (func (result i32)))").expect("it is well-formed");
    let good = start("xterm", &["validate", "-"]);
    let bad = start("xterm", &["validate", "-"]);
    let dumb = start("dumb", &["validate", "-"]);
    let piped = Waiting::on_pipe(here.path(), &["validate", "-"]);
    let run = start("xterm", &["run", "--eager", "-"]);
    let logged = start("xterm", &["run", "--eager", "-v", "-"]);
    let compile = start("xterm", &["compile", "-", "-o", "main.lwasm"]);
    let at_once = start("xterm", &["validate", "-"]);
    assert_eq!(at_once.receives(&valid), "");
    thread::sleep(Duration::from_secs(3));

    let line = "\rvalidating standard input: 1 of 2 functions\x1b[K\r\x1b[K";
    assert_eq!(good.receives(&valid), line);
    let told = bad.receives(&invalid);
    let message = told.strip_prefix(line).unwrap_or_default();
    assert!(
        message.starts_with("wasi-interp: standard input: "),
        "{told:?}"
    );
    assert_eq!(dumb.receives(&valid), "");
    assert_eq!(piped.receives(&valid), "");
    assert_eq!(run.receives(&valid), line);
    assert!(!logged.receives(&valid).contains('\x1b'));
    let lowering = line.replace("validating", "compiling");
    assert_eq!(compile.receives(&valid), lowering);
    assert!(here.path().join("main.lwasm").exists());
}
