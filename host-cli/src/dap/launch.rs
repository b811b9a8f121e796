//! What a client starts: `launch` and `attach`.
//!
//! ```text
//! program        the module; without it, that of the command line
//! args           the guest's arguments
//! options        options of `wasi-interp debug`: ["--dir=.", "--fuel=…"]
//! env            variables of the guest: {"NAME": "value"}
//! cwd            the folder in which wasi-interp works
//! stopOnEntry    stop before the first instruction
//! stopOnExit     stop where the program ends, to go back from there
//! substitutePath [{"from": FOLDER HERE, "to": FOLDER IN THE PROGRAM}]
//! ```

use std::env;
use std::ffi::OsString;
use std::sync::{Arc, Mutex};

use clap::Parser;
use serde_json::{Value, json};
use wasi_shim::replay::Standard;

use super::breakpoints::Breakpoints;
use super::client::Writer;
use super::files::Files;
use super::running::Progress;
use super::session::{Answered, Debuggee, Next, Session, told};
use crate::args::{Cli, Command, DebugArgs};
use crate::debugger::{Direction, Engine, Move};
use crate::variables::Dies;

/// What a launch asks for, besides the program.
#[derive(Default)]
pub(super) struct Launch {
    pub(super) stops_on_entry: bool,
    pub(super) stops_on_exit: bool,
    /// Run without breakpoints.
    is_without_debugger: bool,
}

impl Session {
    pub(super) fn launch(&mut self, arguments: &Value) -> Answered {
        if self.debuggee.is_some() {
            return Err("the program was launched before".to_owned());
        }
        if let Some(folder) = text(arguments, "cwd")? {
            env::set_current_dir(folder).map_err(|error| format!("cwd: {folder}: {error}"))?;
        }
        let folder = env::current_dir().unwrap_or_default();
        self.files = Files::new(&arguments["substitutePath"], folder)?;
        self.launch = Launch {
            stops_on_entry: arguments["stopOnEntry"] == true,
            stops_on_exit: arguments["stopOnExit"] == true,
            is_without_debugger: arguments["noDebug"] == true,
        };
        let parsed;
        let options = match words(arguments)? {
            Some(words) => {
                parsed = options(words)?;
                &parsed
            }
            None => &self.options,
        };
        if options.run.module().as_os_str().is_empty() {
            return Err("the launch names no program, and the command line names none".to_owned());
        }
        let writer = self.client.writer.clone();
        let output = Arc::new(Mutex::new(output(writer)));
        let mut engine = Engine::launch_with(options, Some(output)).map_err(told)?;
        let interrupter = engine.interrupter();
        self.client.interrupt_by(move || interrupter.stop());
        if self.shows_progress {
            let progress = Progress::new(self.client.writer.clone());
            self.progress = Some(progress.clone());
            engine.on_progress(move |part| progress.tell(part));
        }
        let (is_go, dies) = engine.sources(|sources| {
            let dies = match sources.dwarf() {
                Some(sections) => Dies::new(sections.dwarf.clone()),
                None => Dies::none(),
            };
            (sources.is_go(), dies)
        });
        self.debuggee = Some(Debuggee {
            engine,
            dies,
            is_go,
            frames: Vec::new(),
            nodes: Vec::new(),
            breakpoints: Breakpoints::default(),
            status: None,
        });
        self.next = Some(Next::Initialized);
        Ok(json!({}))
    }

    /// Begins to run, with all breakpoints set.
    pub(super) fn begin(&mut self) -> anyhow::Result<()> {
        if self.launch.is_without_debugger
            && let Some(debuggee) = &mut self.debuggee
        {
            debuggee.breakpoints.clear(&mut debuggee.engine);
        }
        match self.launch.stops_on_entry {
            true => {
                self.tell_stop("entry", "at the beginning", &[]);
                Ok(())
            }
            false => self.go(Direction::Forward, Move::Continue),
        }
    }
}

/// Tells the client what the program writes. A character whose bytes come in several pieces is told with the last one.
fn output(writer: Writer) -> impl FnMut(Standard, &[u8]) + Send {
    let mut kept = [Vec::new(), Vec::new()];
    move |stream, bytes| {
        let (category, kept) = match stream {
            Standard::Out => ("stdout", &mut kept[0]),
            Standard::Err => ("stderr", &mut kept[1]),
        };
        kept.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(kept) {
            // The rest may be the start of a character.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => kept.len(),
        };
        if whole > 0 {
            let told: Vec<u8> = kept.drain(..whole).collect();
            writer.output(category, &String::from_utf8_lossy(&told));
        }
    }
}

/// The command line that a launch stands for. `None` if it names no program.
fn words(arguments: &Value) -> Result<Option<Vec<String>>, String> {
    let Some(program) = text(arguments, "program")? else {
        return Ok(None);
    };
    let mut words = vec!["wasi-interp".to_owned(), "debug".to_owned()];
    words.extend(texts(arguments, "options")?);
    for (name, value) in arguments["env"].as_object().into_iter().flatten() {
        let value = value
            .as_str()
            .ok_or_else(|| format!("env: {name} is no text"))?;
        words.push(format!("--env={name}={value}"));
    }
    // A path that begins with a hyphen is no option.
    words.push("--".to_owned());
    words.push(program.to_owned());
    words.extend(texts(arguments, "args")?);
    Ok(Some(words))
}

fn options(words: Vec<String>) -> Result<DebugArgs, String> {
    let words = words.into_iter().map(OsString::from);
    let cli = Cli::try_parse_from(words).map_err(|error| {
        let error = error.to_string();
        // Usage and hints follow.
        let line = error.lines().next().unwrap_or_default();
        format!("options: {}", line.trim_start_matches("error: "))
    })?;
    match cli.command {
        Some(Command::Debug(options)) => Ok(*options),
        _ => Err("options: these are no options of `debug`".to_owned()),
    }
}

fn text<'a>(arguments: &'a Value, name: &str) -> Result<Option<&'a str>, String> {
    match &arguments[name] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(format!("{name} is no text")),
    }
}

fn texts(arguments: &Value, name: &str) -> Result<Vec<String>, String> {
    let wrong = || format!("{name} is no list of texts");
    match &arguments[name] {
        Value::Null => Ok(Vec::new()),
        Value::Array(values) => values
            .iter()
            .map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect(),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_launch_is_a_command_line() {
        let arguments = json!({
            "program": "a.wasm",
            "args": ["x", "--y"],
            "options": ["--dir=."],
            "env": { "A": "b c" },
        });
        let words = words(&arguments).expect("the form is right");
        let expected = [
            "wasi-interp",
            "debug",
            "--dir=.",
            "--env=A=b c",
            "--",
            "a.wasm",
            "x",
            "--y",
        ];
        assert_eq!(words, Some(expected.map(str::to_owned).to_vec()));
        assert!(super::words(&json!({})).is_ok_and(|words| words.is_none()));
        for wrong in [
            json!({ "program": 3 }),
            json!({ "program": "a", "args": "b" }),
            json!({ "program": "a", "options": [1] }),
            json!({ "program": "a", "env": { "A": 1 } }),
        ] {
            assert!(super::words(&wrong).is_err(), "{wrong}");
        }
    }
}
