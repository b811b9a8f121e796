//! Code: instructions of WebAssembly beside the bytecode, and files of source text.
//!
//! An address is an offset in the module. An instruction of the protocol is one of WebAssembly, with its ops behind it.

use interp::inspect::Line;
use serde_json::{Value, json};

use super::breakpoints::number_of;
use super::session::{Answered, Session};
use crate::debugger::Func;

/// The maximum number of instructions that are sent at once.
const MOST: usize = 10_000;

/// An instruction.
struct Instruction {
    offset: usize,
    wasm: String,
    ops: Vec<String>,
}

impl Session {
    pub(super) fn disassemble(&mut self, arguments: &Value) -> Answered {
        let reference = arguments["memoryReference"].as_str().unwrap_or_default();
        let start = number_of(reference).and_then(|start| {
            let offset = arguments["offset"].as_i64().unwrap_or(0);
            usize::try_from(start.checked_add_signed(offset)?).ok()
        });
        let start = start.ok_or_else(|| {
            let spelled = interp::inspect::Spelled(reference);
            format!("`{spelled}` is no instruction")
        })?;
        let wanted = arguments["instructionCount"].as_u64().unwrap_or(0);
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX).min(MOST);
        let skipped = arguments["instructionOffset"].as_i64().unwrap_or(0);
        let skipped = skipped.clamp(-(MOST as i64), MOST as i64);
        let debuggee = self.stopped()?;
        let defined = debuggee.engine.sources(|sources| sources.func_at(start));
        let defined = defined.ok_or_else(|| format!("{start:#x} is in no function"))?;
        let func = debuggee.engine.func(defined);
        let lines = func.listing.as_ref().map(|listing| &listing.lines[..]);
        let all = instructions(lines.unwrap_or_default());
        let here = all.partition_point(|instruction| instruction.offset < start);
        let mut shown = Vec::new();
        for number in 0..wanted {
            let number = i64::try_from(here + number).unwrap_or(i64::MAX);
            let number = number.saturating_add(skipped);
            let instruction = usize::try_from(number).ok().and_then(|at| all.get(at));
            shown.push(match instruction {
                Some(instruction) => self.instruction(instruction, &func),
                // As many as were asked for must be there.
                None => json!({
                    "address": format!("{:#x}", outside(&all, number)),
                    "instruction": "…",
                    "presentationHint": "invalid",
                }),
            });
        }
        Ok(json!({ "instructions": shown }))
    }

    fn instruction(&self, instruction: &Instruction, func: &Func) -> Value {
        let Instruction { offset, wasm, ops } = instruction;
        let text = match ops.is_empty() {
            true => wasm.clone(),
            false => format!("{wasm:<32} {}", ops.join("; ")),
        };
        let mut told = json!({
            "address": format!("{offset:#x}"),
            "instruction": text,
            "symbol": func.name,
        });
        let granule = func.granule(*offset);
        let line = granule.and_then(|granule| func.line(granule));
        if let Some(line) = line {
            told["line"] = self.line_out(line.line).into();
            told["location"] = self.files.source(&line.file);
        }
        told
    }

    pub(super) fn loaded_sources(&mut self) -> Answered {
        let files: Vec<String> = {
            let debuggee = self.debuggee()?;
            debuggee
                .engine
                .sources(|sources| sources.files().map(str::to_owned).collect())
        };
        let sources: Vec<_> = files.iter().map(|file| self.files.source(file)).collect();
        Ok(json!({ "sources": sources }))
    }

    /// The text of a file that the client cannot open.
    pub(super) fn source(&mut self, arguments: &Value) -> Answered {
        let path = arguments["source"]["path"].as_str();
        let path = path.ok_or("the source has no path")?;
        let spelled = interp::inspect::Spelled(path);
        let found = self.files.on_disk(path);
        let found = found.ok_or_else(|| {
            format!(
                "{spelled} is not on this machine, and modules have no source text: \
                 say where it is with substitutePath in the launch"
            )
        })?;
        let text = std::fs::read_to_string(&found).map_err(|error| format!("{found}: {error}"))?;
        Ok(json!({ "content": text }))
    }
}

/// The instructions of a listing.
fn instructions(lines: &[Line]) -> Vec<Instruction> {
    let mut all: Vec<Instruction> = Vec::new();
    for Line { wasm, op } in lines {
        if let Some((offset, depth, text)) = wasm {
            all.push(Instruction {
                // It fits: the module is in memory.
                offset: *offset as usize,
                wasm: format!("{:depth$}{text}", "", depth = 2 * depth.min(&16)),
                ops: Vec::new(),
            });
        }
        if let (Some((_, granule, text)), Some(last)) = (op, all.last_mut()) {
            last.ops.push(format!("{granule}: {text}"));
        }
    }
    all
}

/// An address for an instruction that is in front of a function or behind it.
fn outside(all: &[Instruction], number: i64) -> u64 {
    let (first, last) = match all {
        [first, .., last] => (first.offset as u64, last.offset as u64),
        _ => (0, 0),
    };
    match number < 0 {
        true => first.saturating_add_signed(number),
        false => last.saturating_add(number.unsigned_abs()),
    }
}
