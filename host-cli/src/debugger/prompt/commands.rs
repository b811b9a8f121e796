//! The commands.

use std::ops::Range;

use anyhow::{Context, Result, bail};

use super::Prompt;
use crate::debugger::condition::{Condition, number};
use crate::debugger::sources;
use crate::debugger::stops::At;
use crate::debugger::{Direction, Move, Position};

/// A command.
pub(super) struct Command {
    /// Its name, and its short forms.
    pub(super) names: &'static [&'static str],
    /// What follows the name.
    pub(super) takes: &'static str,
    /// What it does, in one line.
    pub(super) help: &'static str,
    pub(super) run: fn(&mut Prompt, &str) -> Result<()>,
}

/// All commands, in the order of `help`.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        names: &["break", "b"],
        takes: "FUNC | FILE:LINE | LINE | *OFFSET  [if EXPR]",
        help: "stop at a function, a line, or an instruction by its byte offset in the module",
        run: add_break,
    },
    Command {
        names: &["watch"],
        takes: "ADDRESS [LENGTH]",
        help: "stop behind each op that changes these bytes of the memory",
        run: |prompt, words| {
            let range = prompt.range(words, 4)?;
            let added = prompt.engine.add_watch(range)?;
            prompt.say(&format!("watch point {}: {}", added.id, added.told));
            Ok(())
        },
    },
    Command {
        names: &["delete", "d"],
        takes: "[NUMBER]",
        help: "remove a breakpoint or watch point, or all",
        run: |prompt, words| {
            let ids = prompt.ids(words)?;
            ids.into_iter().try_for_each(|id| prompt.engine.remove(id))
        },
    },
    Command {
        names: &["enable"],
        takes: "[NUMBER]",
        help: "let a breakpoint or watch point stop the program again, or all",
        run: |prompt, words| prompt.enable(words, true),
    },
    Command {
        names: &["disable"],
        takes: "[NUMBER]",
        help: "let a breakpoint or watch point stop the program no more, or all",
        run: |prompt, words| prompt.enable(words, false),
    },
    Command {
        names: &["condition"],
        takes: "NUMBER [EXPR]",
        help: "stop at a breakpoint only if the expression is not 0",
        run: |prompt, words| {
            let (id, rest) = id(words)?;
            let condition: Option<Condition> = match rest {
                "" => None,
                text => Some(text.parse()?),
            };
            prompt.engine.change(id, |one| one.condition = condition)
        },
    },
    Command {
        names: &["ignore"],
        takes: "NUMBER COUNT",
        help: "do not stop at a breakpoint the next COUNT times",
        run: |prompt, words| {
            let (id, rest) = id(words)?;
            let count = number(rest)?;
            prompt.engine.change(id, |one| {
                one.ignore
                    .store(count, std::sync::atomic::Ordering::Relaxed);
            })
        },
    },
    Command {
        names: &["continue", "c"],
        takes: "[TIMES]",
        help: "run until something stops the program",
        run: |prompt, words| prompt.times(words, Direction::Forward, Move::Continue),
    },
    Command {
        names: &["reverse-continue", "rc"],
        takes: "[TIMES]",
        help: "run backwards until something stops the program",
        run: |prompt, words| prompt.times(words, Direction::Backward, Move::Continue),
    },
    Command {
        names: &["step", "s"],
        takes: "[TIMES]",
        help: "run to the next source line, into calls",
        run: |prompt, words| prompt.times(words, Direction::Forward, Move::Line),
    },
    Command {
        names: &["reverse-step", "rs"],
        takes: "[TIMES]",
        help: "run backwards to the begin of the line before, into calls",
        run: |prompt, words| prompt.times(words, Direction::Backward, Move::Line),
    },
    Command {
        names: &["next", "n"],
        takes: "[TIMES]",
        help: "run to the next source line, over calls",
        run: |prompt, words| prompt.times(words, Direction::Forward, Move::Over),
    },
    Command {
        names: &["reverse-next", "rn"],
        takes: "[TIMES]",
        help: "run backwards to the begin of the line before, over calls",
        run: |prompt, words| prompt.times(words, Direction::Backward, Move::Over),
    },
    Command {
        names: &["finish", "fin"],
        takes: "",
        help: "run until the function has returned",
        run: |prompt, words| prompt.times(words, Direction::Forward, Move::Out),
    },
    Command {
        names: &["reverse-finish", "rfin"],
        takes: "",
        help: "run backwards to the call of the function",
        run: |prompt, words| prompt.times(words, Direction::Backward, Move::Out),
    },
    Command {
        names: &["stepi", "si"],
        takes: "[TIMES]",
        help: "run one instruction of WebAssembly",
        run: |prompt, words| prompt.times(words, Direction::Forward, Move::Instruction),
    },
    Command {
        names: &["reverse-stepi", "rsi"],
        takes: "[TIMES]",
        help: "run one instruction of WebAssembly backwards",
        run: |prompt, words| prompt.times(words, Direction::Backward, Move::Instruction),
    },
    Command {
        names: &["nexti", "ni"],
        takes: "[TIMES]",
        help: "run one instruction of WebAssembly, over calls",
        run: |prompt, words| prompt.times(words, Direction::Forward, Move::OverInstruction),
    },
    Command {
        names: &["reverse-nexti", "rni"],
        takes: "[TIMES]",
        help: "run one instruction of WebAssembly backwards, over calls",
        run: |prompt, words| prompt.times(words, Direction::Backward, Move::OverInstruction),
    },
    Command {
        names: &["stepop", "so"],
        takes: "[TIMES]",
        help: "run one op of the bytecode",
        run: |prompt, words| prompt.times(words, Direction::Forward, Move::Op),
    },
    Command {
        names: &["reverse-stepop", "rso"],
        takes: "[TIMES]",
        help: "run one op of the bytecode backwards",
        run: |prompt, words| prompt.times(words, Direction::Backward, Move::Op),
    },
    Command {
        names: &["goto"],
        takes: "FUEL:FRAME:GRANULE | start | end",
        help: "go to a position that `info position` has shown, or to an end of what has run",
        run: goto,
    },
    Command {
        names: &["backtrace", "bt", "where"],
        takes: "",
        help: "print the calls that run",
        run: |prompt, _| prompt.backtrace(),
    },
    Command {
        names: &["frame", "f"],
        takes: "[NUMBER]",
        help: "look at a frame of the backtrace",
        run: |prompt, words| match words {
            "" => prompt.show_frame(),
            words => prompt.choose_frame(usize::try_from(number(words)?)?),
        },
    },
    Command {
        names: &["up"],
        takes: "",
        help: "look at the caller",
        run: |prompt, _| prompt.choose_frame(prompt.frame + 1),
    },
    Command {
        names: &["down"],
        takes: "",
        help: "look at the callee",
        run: |prompt, _| {
            let inner = prompt.frame.checked_sub(1);
            prompt.choose_frame(inner.context("this is the innermost frame")?)
        },
    },
    Command {
        names: &["goroutines"],
        takes: "[NUMBER]",
        help: "print the goroutines of a Go program with their backtraces, or one",
        run: |prompt, words| prompt.goroutines(words),
    },
    Command {
        names: &["print", "p"],
        takes: "EXPR",
        help: "print a value: l0, t1, acc, global0, i32[ADDRESS], sums and comparisons of these",
        run: |prompt, words| {
            let value = prompt.value(words)?;
            prompt.say(&format!("{value} ({:#x})", value.cast_unsigned()));
            Ok(())
        },
    },
    Command {
        names: &["x"],
        takes: "[/LENGTH] ADDRESS",
        help: "print bytes of the memory",
        run: |prompt, words| {
            let (len, address) = match words.strip_prefix('/') {
                Some(rest) => rest
                    .split_once(char::is_whitespace)
                    .context("an address is missing")?,
                None => ("64", words),
            };
            let address = prompt.value(address)?.cast_unsigned();
            prompt.bytes(address, number(len)?)
        },
    },
    Command {
        names: &["list", "l"],
        takes: "",
        help: "print the source lines around here, then the next ones",
        run: |prompt, _| prompt.list(),
    },
    Command {
        names: &["disassemble", "disas"],
        takes: "[FUNC]",
        help: "print the code around here, or a function: wasm beside its bytecode",
        run: |prompt, words| prompt.disassemble(words),
    },
    Command {
        names: &["info", "i"],
        takes: "breakpoints | locals | slots | registers | globals | calls | position | snapshots",
        help: "print what is known about the program",
        run: |prompt, words| prompt.info(words),
    },
    Command {
        names: &["help", "h"],
        takes: "[COMMAND]",
        help: "print the commands",
        run: help,
    },
    Command {
        names: &["quit", "q", "exit"],
        takes: "",
        help: "end the program and the debugger",
        run: |prompt, _| {
            prompt.is_over = true;
            Ok(())
        },
    },
];

fn help(prompt: &mut Prompt, word: &str) -> Result<()> {
    let chosen = match word {
        "" => None,
        word => Some(super::find(word)?.names[0]),
    };
    for command in COMMANDS {
        if chosen.is_none_or(|name| name == command.names[0]) {
            let usage = format!("{} {}", command.names.join(", "), command.takes);
            prompt.say(&format!("{usage}\n    {}", command.help));
        }
    }
    if chosen.is_none() {
        prompt.say("The begin of a name is enough. An empty line repeats the last command. Ctrl-C stops the program.");
    }
    Ok(())
}

fn add_break(prompt: &mut Prompt, words: &str) -> Result<()> {
    let (place, condition) = match words.split_once(" if ") {
        Some((place, condition)) => (place.trim(), Some(condition.parse::<Condition>()?)),
        None => (words, None),
    };
    let added = if let Some(offset) = place.strip_prefix('*') {
        let offset = usize::try_from(number(offset)?)?;
        prompt.engine.add_break(At::Offset(offset))?
    } else if let Some((file, line)) = prompt.line_of(place)? {
        let (ops, found) = sources::find(&mut prompt.engine, &file, line)?;
        let moved = match found.line == line {
            true => String::new(),
            false => format!(" (no code is known on line {line})"),
        };
        let told = format!("{}:{}{moved}", found.file, found.line);
        prompt.engine.add_break(At::Ops { ops, told })?
    } else if place.is_empty() {
        let at = prompt.engine.position();
        prompt.engine.add_break(At::Op {
            func: at.func,
            granule: at.granule,
        })?
    } else {
        prompt.engine.add_break(At::Func(place.to_owned()))?
    };
    prompt
        .engine
        .change(added.id, |one| one.condition = condition)?;
    prompt.say(&format!("breakpoint {}: {}", added.id, added.told));
    Ok(())
}

fn goto(prompt: &mut Prompt, words: &str) -> Result<()> {
    let to = match words {
        "start" => prompt.engine.first(),
        "end" => {
            prompt.engine.goto_end()?;
            return prompt.arrived();
        }
        words => {
            let numbers: Result<Vec<u64>> = words.split(':').map(number).collect();
            let [fuel, frame, granule] = numbers?[..] else {
                bail!("a position has the form FUEL:FRAME:GRANULE");
            };
            Position {
                fuel,
                frame: usize::try_from(frame)?,
                granule: usize::try_from(granule)?,
                func: u32::MAX,
            }
        }
    };
    prompt.engine.goto(to)?;
    prompt.arrived()
}

/// The number in front, and the rest.
fn id(words: &str) -> Result<(u32, &str)> {
    let (id, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    Ok((u32::try_from(number(id)?)?, rest.trim()))
}

impl Prompt {
    fn arrived(&mut self) -> Result<()> {
        (self.frame, self.listed) = (0, None);
        self.stands();
        Ok(())
    }

    fn times(&mut self, words: &str, direction: Direction, how: Move) -> Result<()> {
        let times = match words {
            "" => 1,
            words => number(words)?,
        };
        self.go(direction, how, times)
    }

    /// The breakpoint with a number, or all.
    fn ids(&self, words: &str) -> Result<Vec<u32>> {
        Ok(match words {
            "" => self.engine.breakpoints().iter().map(|one| one.id).collect(),
            words => vec![id(words)?.0],
        })
    }

    fn enable(&mut self, words: &str, yes: bool) -> Result<()> {
        for id in self.ids(words)? {
            self.engine.change(id, |one| one.enabled = yes)?;
        }
        Ok(())
    }

    /// A part of the memory: an address, and a length behind a space or a comma.
    fn range(&mut self, words: &str, len: u64) -> Result<Range<u64>> {
        let split = words.rsplit_once([' ', ',']);
        let split = split.filter(|(_, len)| number(len).is_ok());
        let (address, len) = match split {
            Some((address, len)) => (address, number(len)?),
            None => (words, len),
        };
        let start = self.value(address)?.cast_unsigned();
        let end = start
            .checked_add(len)
            .context("it is outside of the memory")?;
        Ok(start..end)
    }

    /// The value of an expression.
    fn value(&mut self, text: &str) -> Result<i64> {
        let expression: Condition = text.parse()?;
        let code = self.engine.code().clone();
        self.engine.look(|at| expression.value(at, &code))?
    }

    /// A file and a line, if these are words for them: `main.go:7`, or `7` in the present file.
    fn line_of(&mut self, words: &str) -> Result<Option<(String, u32)>> {
        if let Some((file, line)) = words.rsplit_once(':')
            && let Ok(line) = line.parse()
            && !file.is_empty()
        {
            return Ok(Some((file.to_owned(), line)));
        }
        let Ok(line) = words.parse() else {
            return Ok(None);
        };
        let frames = self.engine.frames()?;
        let here = frames.get(self.frame).and_then(|frame| frame.line.clone());
        Ok(here.map(|here| (here.file, line)))
    }
}
