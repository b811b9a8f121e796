//! What the commands print.

use std::fmt::Write;
use std::sync::atomic::Ordering;

use anyhow::{Result, bail};
use wasi_shim::replay::Recorded;

use super::Prompt;
use crate::debugger::view::{Frame, Instruction};
use crate::debugger::{End, Stop};
use crate::list;
use crate::places::Line;

/// Source lines of `list`.
const LINES: u32 = 10;
/// Lines of code on each side of the present op.
const AROUND: usize = 8;
/// The most bytes that `x` prints.
const MOST_BYTES: u64 = 1 << 16;
/// The most calls that `info calls` prints, the last ones.
const MOST_CALLS: usize = 100;

impl Prompt {
    /// Why conditions of breakpoints cannot be computed here. The program stops at them then.
    fn conditions_that_fail(&mut self, ids: &[u32]) -> String {
        let code = self.engine.code().clone();
        let hit = self.engine.breakpoints().iter();
        let hit = hit.filter(|breakpoint| ids.contains(&breakpoint.id));
        let conditions = hit.filter_map(|hit| Some((hit.id, hit.condition.clone()?)));
        let conditions: Vec<_> = conditions.collect();
        let mut told = String::new();
        for (id, condition) in conditions {
            if let Ok(Err(error)) = self.engine.look(|at| condition.value(at, &code)) {
                told += &format!(
                    "\nthe condition of breakpoint {id} cannot be computed here: {error:#}"
                );
            }
        }
        told
    }

    /// Tells why the program stands, and where.
    pub(super) fn stands(&mut self) {
        let told = match &self.engine.stop().clone() {
            Stop::Start | Stop::Step => None,
            Stop::Breakpoint(ids) => {
                let failures = self.conditions_that_fail(ids);
                let ids: Vec<_> = ids.iter().map(u32::to_string).collect();
                Some(format!("breakpoint {}{failures}", ids.join(", ")))
            }
            Stop::Watch {
                id,
                address,
                old,
                new,
                by,
            } => {
                let (old, new) = (hex(old), hex(new));
                let by = *by;
                let func = self.engine.func(by.func);
                let place = place(func.line(by.granule), func.offset(by.granule));
                Some(format!(
                    "watch point {id}: {address:#x} was {old}, is {new}, written by {}{place} at {by}",
                    func.name
                ))
            }
            Stop::Ended(End::Returned) => Some("the program ends here: its entry returns".into()),
            Stop::Ended(End::Exited(status)) => Some(format!(
                "the program ends here: it exits with status {status}"
            )),
            Stop::Ended(End::Failed(what)) => Some(format!("the program ends here: {what}")),
            Stop::Interrupted => Some("interrupted".into()),
            Stop::Begin => Some("this is the begin of the run".into()),
            Stop::Recorded(what) => Some(format!("the recorded run ends here: {what}")),
        };
        if let Some(told) = told {
            self.say(&told);
        }
        if let Err(error) = self.show_frame() {
            self.say(&format!("error: {error:#}"));
        }
        if let Some(what) = self.engine.take_refusal() {
            self.say(&format!(
                "the way back begins at the start: no snapshots can be taken ({what})"
            ));
        }
    }

    fn chosen(&mut self) -> Result<Frame> {
        let frames = self.engine.frames()?;
        match frames.get(self.frame) {
            Some(frame) => Ok(frame.clone()),
            None => bail!(
                "there is no frame {}; there are {}",
                self.frame,
                frames.len()
            ),
        }
    }

    pub(super) fn choose_frame(&mut self, frame: usize) -> Result<()> {
        let frames = self.engine.frames()?.len();
        if frame >= frames {
            bail!(
                "there is no frame {frame}: {} is the outermost one",
                frames - 1
            );
        }
        (self.frame, self.listed) = (frame, None);
        self.show_frame()
    }

    /// Prints the chosen frame, and its source line or its op.
    pub(super) fn show_frame(&mut self) -> Result<()> {
        let frame = self.chosen()?;
        let head = format!(
            "#{:<2} {}{}  [{}]",
            self.frame,
            frame.name,
            place(frame.line.as_ref(), frame.offset),
            self.engine.position()
        );
        self.say(&head);
        let shown = frame
            .line
            .as_ref()
            .and_then(|line| self.sources.around(line, 0, 0));
        if let Some([(number, text)]) = shown.as_deref() {
            self.say(&format!("{number:>6}  {text}"));
            return Ok(());
        }
        let code = self.engine.disassemble(frame.defined);
        if let Some(here) = position_in(&code, frame.granule) {
            let text = instruction(&code, here, frame.granule);
            self.say(&text);
        }
        Ok(())
    }

    pub(super) fn backtrace(&mut self) -> Result<()> {
        for (number, frame) in self.engine.frames()?.iter().enumerate() {
            let mark = if number == self.frame { '>' } else { ' ' };
            let inlined = if frame.inlined { " [inlined]" } else { "" };
            let place = place(frame.line.as_ref(), frame.offset);
            self.say(&format!(
                "{mark}#{number:<3} {}{place}{inlined}",
                frame.name
            ));
        }
        Ok(())
    }

    pub(super) fn goroutines(&mut self, words: &str) -> Result<()> {
        let all = self.engine.goroutines()?;
        let wanted = match words {
            "" => None,
            words => Some(format!("goroutine {words} ")),
        };
        let mut shown = all.split("\n\n").filter(|one| {
            wanted
                .as_ref()
                .is_none_or(|wanted| one.starts_with(wanted.as_str()))
        });
        let told = shown.by_ref().collect::<Vec<_>>().join("\n\n");
        if told.is_empty() {
            bail!("there is no goroutine {words}");
        }
        self.say(&told);
        Ok(())
    }

    /// Prints bytes of the memory, 16 in a line.
    pub(super) fn bytes(&mut self, address: u64, len: u64) -> Result<()> {
        if len > MOST_BYTES {
            bail!("at most {MOST_BYTES} bytes are printed at once");
        }
        let bytes = self.engine.memory(address, len as usize)?;
        for (row, bytes) in bytes.chunks(16).enumerate() {
            let at = address + row as u64 * 16;
            let mut text = String::new();
            for byte in bytes {
                let _ = write!(text, " {byte:02x}");
            }
            let is_shown = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
            let chars = bytes
                .iter()
                .map(|byte| if is_shown(byte) { *byte as char } else { '.' });
            let chars: String = chars.collect();
            self.say(&format!("{at:#010x} {text:<48}  {chars}"));
        }
        Ok(())
    }

    /// Prints source lines around the chosen frame, or those behind the last ones.
    pub(super) fn list(&mut self) -> Result<()> {
        let (line, before) = match self.listed.take() {
            Some(line) => (line, 0),
            None => match self.chosen()?.line {
                Some(line) => (line, LINES / 2),
                None => bail!("no source line is known here; `disassemble` prints the code"),
            },
        };
        let behind = LINES - before - 1;
        let Some(lines) = self.sources.around(&line, before, behind) else {
            bail!(
                "{} cannot be read; --source-path FROM=TO says where it is",
                line.file
            );
        };
        let Some((last, _)) = lines.last() else {
            bail!("{} has no more lines", line.file);
        };
        let next = Line {
            line: last + 1,
            file: line.file.clone(),
        };
        for (number, text) in &lines {
            let mark = if *number == line.line && before > 0 {
                '>'
            } else {
                ' '
            };
            self.say(&format!("{mark}{number:>5}  {text}"));
        }
        self.listed = Some(next);
        Ok(())
    }

    /// Prints the code around the chosen frame, or of a function.
    pub(super) fn disassemble(&mut self, name: &str) -> Result<()> {
        let (funcs, granule) = match name {
            "" => {
                let frame = self.chosen()?;
                (vec![frame.defined], Some(frame.granule))
            }
            name => {
                let names = self.engine.code().names();
                (list::find(self.engine.module().info(), &names, name)?, None)
            }
        };
        for func in funcs {
            let code = self.engine.disassemble(func);
            let here = granule.and_then(|granule| position_in(&code, granule));
            let shown = match here {
                Some(here) => here.saturating_sub(AROUND)..(here + AROUND + 1).min(code.len()),
                None => 0..code.len(),
            };
            for line in shown {
                let text = instruction(&code, line, granule.unwrap_or(usize::MAX));
                self.say(&text);
            }
        }
        Ok(())
    }

    pub(super) fn info(&mut self, words: &str) -> Result<()> {
        let topics = [
            "breakpoints",
            "locals",
            "slots",
            "registers",
            "globals",
            "calls",
            "position",
            "snapshots",
        ];
        let found = topics
            .into_iter()
            .find(|topic| !words.is_empty() && topic.starts_with(words));
        match found {
            Some("breakpoints") => self.info_breakpoints(),
            Some("locals") => return self.info_slots(|name| name.starts_with('l')),
            Some("slots") => return self.info_slots(|_| true),
            Some("registers") => {
                let (acc, facc) = self.engine.look(|at| (at.acc(), at.facc()))?;
                self.say(&format!(
                    "acc   {acc:#x} ({})\nfacc  {facc:?}",
                    acc.cast_signed()
                ));
            }
            Some("globals") => {
                for (index, value) in self.engine.globals().into_iter().enumerate() {
                    self.say(&format!("global{index:<4} {value:?}"));
                }
            }
            Some("calls") => return self.info_calls(),
            Some("position") => {
                let at = self.engine.position();
                let hash = self.engine.memory_hash();
                let time = if self.engine.is_present() {
                    "the present"
                } else {
                    "the past"
                };
                self.say(&format!(
                    "{at} in {time}: {} units of fuel, the frame at slot {}, granule {}\nmemory {hash:016x}",
                    at.fuel, at.frame, at.granule
                ));
            }
            Some("snapshots") => {
                let (count, bytes) = self.engine.snapshots();
                self.say(&format!("{count} snapshots, {bytes} bytes"));
            }
            _ => bail!("there are {}", topics.join(", ")),
        }
        Ok(())
    }

    fn info_breakpoints(&mut self) {
        let mut lines = Vec::new();
        for one in self.engine.breakpoints() {
            let mut text = format!("{}: {}", one.id, one.told);
            if let Some(condition) = &one.condition {
                let _ = write!(text, ", if {condition}");
            }
            let hits = one.hits.load(Ordering::Relaxed);
            let ignored = one.ignore.load(Ordering::Relaxed);
            if hits > 0 {
                let _ = write!(text, ", reached {hits} times");
            }
            if ignored > 0 {
                let _ = write!(text, ", ignored {ignored} times more");
            }
            if !one.enabled {
                text.push_str(", disabled");
            }
            lines.push(text);
        }
        match lines.is_empty() {
            true => self.say("there are no breakpoints"),
            false => self.say(&lines.join("\n")),
        }
    }

    fn info_slots(&mut self, wanted: impl Fn(&str) -> bool) -> Result<()> {
        let frame = self.chosen()?;
        for (name, value) in self.engine.slots(&frame)? {
            if wanted(&name) {
                self.say(&format!("{name:<5} {value}"));
            }
        }
        Ok(())
    }

    fn info_calls(&mut self) -> Result<()> {
        let calls = self.engine.calls()?;
        let left_out = calls.len().saturating_sub(MOST_CALLS);
        if left_out > 0 {
            self.say(&format!("… {left_out} calls before"));
        }
        for call in &calls[left_out..] {
            self.say(&told_call(call));
        }
        Ok(())
    }
}

/// A call of WASI, in words.
pub(crate) fn told_call(call: &Recorded) -> String {
    let mut text = format!("{:>12}  {} → errno {}", call.fuel, call.name, call.errno);
    if let Some((_, bytes)) = call.written {
        let _ = write!(text, ", wrote {bytes} bytes");
    }
    if call.read > 0 {
        let _ = write!(text, ", {} bytes came to the memory", call.read);
    }
    if let Some(status) = call.status {
        let _ = write!(text, ", ended the program with status {status}");
    }
    text
}

/// The source line and the offset of a place, in words.
fn place(line: Option<&Line>, offset: Option<usize>) -> String {
    let line = line.map(|line| format!(" ({}:{})", line.file, line.line));
    let offset = offset.map(|offset| format!("  {offset:#08x}"));
    line.unwrap_or_default() + &offset.unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<_> = bytes
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    digits.join(" ") + if bytes.len() > 16 { " …" } else { "" }
}

/// The line with the op at a granule.
fn position_in(code: &[Instruction], granule: usize) -> Option<usize> {
    let is_behind = |line: &Instruction| line.op.as_ref().is_some_and(|(at, _)| *at > granule);
    let has_op = |line: &Instruction| line.op.is_some();
    let behind = code.iter().position(is_behind).unwrap_or(code.len());
    code[..behind].iter().rposition(has_op)
}

/// A line of code. The op at `granule` is marked.
fn instruction(code: &[Instruction], line: usize, granule: usize) -> String {
    let Instruction { wasm, op } = &code[line];
    let wasm = match wasm {
        Some((offset, text)) => format!("{offset:#08x}  {text}"),
        None => String::new(),
    };
    let is_here = position_in(code, granule) == Some(line);
    let mark = if is_here { "=>" } else { "  " };
    match op {
        Some((at, text)) => format!("{mark} {wasm:<44} {at:>5}  {text}"),
        None => format!("{mark} {wasm}"),
    }
}
