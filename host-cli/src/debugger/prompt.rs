//! The prompt: commands of people and scripts, with the names that gdb gives them.

mod commands;
mod shown;

use std::io::{self, BufRead, Write};
use std::path::Path;

use anyhow::{Context, Result};
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use super::engine::{Engine, prompt_is_terminal};
use super::sources::Sources;
use super::{Direction, Move};
use crate::args::DebugArgs;
use crate::exit::Outcome;
use crate::refuse;
use commands::{COMMANDS, Command};
pub(crate) use shown::told_call;

/// The prompt of a terminal.
const PROMPT: &str = "(debug) ";

/// Debugs a program until somebody ends it.
///
/// # Errors
/// The program cannot begin, or a file with commands cannot be read.
pub(crate) fn debug(options: &DebugArgs) -> Result<Outcome> {
    let mut engine = Engine::launch(options)?;
    let interrupter = engine.interrupter();
    // This fails if Ctrl-C is ignored on purpose. It then stays ignored.
    if let Err(error) = ctrlc::try_set_handler(move || interrupter.stop()) {
        log::info!("Ctrl-C is left as it is: {error}");
    }
    if prompt_is_terminal() {
        engine.on_progress(|done| {
            let _ = write!(io::stderr(), "\r{:3.0} % ", done * 100.0);
        });
    }
    let mut prompt = Prompt {
        engine,
        sources: Sources {
            moved: options.source_path.clone(),
        },
        frame: 0,
        last: String::new(),
        listed: None,
        is_over: false,
    };
    prompt.stands();
    for file in &options.command_files {
        prompt.execute_file(file)?;
    }
    for command in &options.execute {
        prompt.execute(command);
    }
    if options.batch || prompt.is_over {
        return Ok(Outcome::Done);
    }
    match prompt_is_terminal() {
        true => prompt.talk()?,
        false => prompt.execute_all(io::stdin().lock())?,
    }
    Ok(Outcome::Done)
}

/// A conversation about a program.
struct Prompt {
    engine: Engine,
    sources: Sources,
    /// The frame that is looked at, from the innermost outwards.
    frame: usize,
    /// The last command, which an empty line repeats.
    last: String,
    /// The last line that was listed.
    listed: Option<crate::places::Line>,
    is_over: bool,
}

impl Prompt {
    /// Reads commands from a terminal.
    fn talk(&mut self) -> Result<()> {
        let mut editor = DefaultEditor::new().context("the terminal cannot be used")?;
        while !self.is_over {
            match editor.readline(PROMPT) {
                Ok(line) => {
                    if !line.trim().is_empty() {
                        let _ = editor.add_history_entry(&line);
                    }
                    self.line(&line);
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => break,
                Err(error) => return Err(error).context("the terminal cannot be read"),
            }
        }
        Ok(())
    }

    fn execute_file(&mut self, path: &Path) -> Result<()> {
        let file = std::fs::File::open(path).map_err(|error| refuse::unopened(path, &error))?;
        self.execute_all(io::BufReader::new(file))
            .with_context(|| format!("cannot read {}", path.display()))
    }

    /// Executes commands, one a line. `#` begins a comment.
    fn execute_all(&mut self, mut lines: impl BufRead) -> Result<()> {
        let mut line = Vec::new();
        while !self.is_over && lines.read_until(b'\n', &mut line)? > 0 {
            let text = String::from_utf8_lossy(&line).into_owned();
            self.line(&text);
            line.clear();
        }
        Ok(())
    }

    /// Executes a line. An empty one repeats the last command.
    fn line(&mut self, line: &str) {
        let line = line.trim();
        if line.starts_with('#') {
            return;
        }
        match line.is_empty() {
            true => {
                let last = self.last.clone();
                self.execute(&last);
            }
            false => {
                line.clone_into(&mut self.last);
                self.execute(line);
            }
        }
    }

    /// Executes a command. An error is printed.
    fn execute(&mut self, line: &str) {
        let end = line.find(|char: char| char.is_whitespace() || char == '/');
        let (word, rest) = line.split_at(end.unwrap_or(line.len()));
        if word.is_empty() {
            return;
        }
        let outcome = match find(word) {
            Ok(command) => (command.run)(self, rest.trim()),
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            self.say(&format!("error: {error:#}"));
        }
    }

    /// Prints a line to standard output. Control characters of names and files are not sent to the terminal.
    fn say(&self, text: &str) {
        let mut out = io::stdout().lock();
        let text = crate::exit::harmless(text);
        // Nobody reads any more: the next read of a command ends.
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }

    /// Runs the program, `times` times unless something else stops it, and tells where it stands.
    fn go(&mut self, direction: Direction, how: Move, times: u64) -> Result<()> {
        for time in 0..times.max(1) {
            let stop = self.engine.run(direction, how)?;
            let is_last = time + 1 == times.max(1);
            let goes_on = matches!(stop, super::Stop::Step)
                || (how == Move::Continue && matches!(stop, super::Stop::Breakpoint(_)));
            if is_last || !goes_on {
                break;
            }
        }
        (self.frame, self.listed) = (0, None);
        if prompt_is_terminal() {
            // The line with the progress.
            let _ = write!(io::stderr(), "\r      \r");
        }
        self.stands();
        Ok(())
    }
}

/// The command with a name, or the only one that begins so.
fn find(word: &str) -> Result<&'static Command> {
    if let Some(command) = COMMANDS
        .iter()
        .find(|command| command.names.contains(&word))
    {
        return Ok(command);
    }
    let begins = |command: &&Command| command.names[0].starts_with(word);
    let found: Vec<_> = COMMANDS.iter().filter(begins).collect();
    match found[..] {
        [command] => Ok(command),
        [] => anyhow::bail!("there is no command `{word}`: help lists them"),
        _ => {
            let names: Vec<_> = found.iter().map(|command| command.names[0]).collect();
            anyhow::bail!("`{word}` is the begin of {}", names.join(", "))
        }
    }
}
