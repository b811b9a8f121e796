//! The reference of all ops in Markdown. `OPS.md` contains the output of [`reference`].

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::decode::{kind, mnemonic, output};
use crate::dispatch::Field;
use crate::ops::{COUNT, FAMILIES, def, defs, superinstruction};

/// The head of the reference.
const HEAD: &str = "# Ops

This file is written by the test `reference` of this package from the op table, and checked by it. To write it anew:
`UPDATE=1 cargo test -p wasi-interp-core --test reference`.

An op is a granule (two bytes) that names it, and its operands in the order given. Each line is an instruction: what it
does, and the shapes that it has. An output stands in front of the arrow; every output goes to the accumulator of its
type as well (`acc` for integers and references, `facc` for floats), and where no slot is named, only there.

| operand | granules | what it is |
|---|---|---|
| `slot`, `base` | 1 | a slot of the running frame; the first of a run of slots |
| `acc`, `facc` | 0 | the integer accumulator, the float accumulator |
| `sp` | 0 | the slot with the copy of Go's stack pointer |
| `imm16`, `imm32`, `imm64` | 1, 2, 4 | a constant; its sign is extended |
| `offset16`, `offset32` | 1, 2 | the constant offset of an address |
| `index16`, `index32` | 1, 2 | a count or an index, of what the op's name tells |
| `label16`, `label32` | 1, 2 | a branch target, in granules from the start of the op |
| `labels` | 2 each | the targets of a branch table |
";

/// The ops of an instruction: same name, form and effect.
struct Entry {
    first: u16,
    ops: Vec<u16>,
}

/// The reference, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut text = String::from(HEAD);
    let _ = writeln!(
        text,
        "\n{COUNT} ops of {} families; without branch tables they take {} to {} granules.",
        FAMILIES.len(),
        defs().map(|def| def.granules()).min().unwrap_or(0),
        defs().map(|def| def.granules()).max().unwrap_or(0),
    );
    let _ = writeln!(
        text,
        "\nBesides them {} superinstructions: two ops or three with one name, their operands one after the other. \
         `src/ops/superinstruction/` lists them.",
        superinstruction::COUNT
    );
    let mut number = 0;
    for family in FAMILIES {
        // There are fewer than 65,536 ops.
        let ops = number..number + family.defs.len() as u16;
        number = ops.end;
        let _ = writeln!(text, "\n## {}\n\n{} ops.\n", family.name, ops.len());
        write_family(&mut text, &entries(ops));
    }
    text
}

/// Writes a family's table. Lists of shapes that several of its instructions have are written once before it.
fn write_family(text: &mut String, entries: &[Entry]) {
    let shapes: Vec<String> = entries.iter().map(shapes).collect();
    let mut common: Vec<&String> = Vec::new();
    for (index, list) in shapes.iter().enumerate() {
        let repeats = list.len() > SHORT && shapes[..index].contains(list);
        if repeats && !common.contains(&list) {
            common.push(list);
        }
    }
    for (letter, list) in ('A'..='Z').zip(&common) {
        let _ = writeln!(text, "Shapes {letter}: {list}.\n");
    }
    text.push_str("| op | effect | shapes |\n|---|---|---|\n");
    for (entry, list) in entries.iter().zip(&shapes) {
        let def = def(entry.first);
        let _ = write!(text, "| `{}` | {} | ", mnemonic(&def), def.effect.trim());
        let _ = match ('A'..='Z')
            .zip(&common)
            .find(|(_, common)| **common == list)
        {
            Some((letter, _)) => writeln!(text, "{letter} |"),
            None => writeln!(text, "{list} |"),
        };
    }
}

/// The length of a list of shapes that is short enough to repeat.
const SHORT: usize = 40;

/// The shapes of an instruction.
fn shapes(entry: &Entry) -> String {
    let shapes: Vec<_> = entry.ops.iter().map(|op| shape(*op)).collect();
    shapes.join(", ")
}

/// Groups ops by instruction, in the order of their numbers.
fn entries(ops: core::ops::Range<u16>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for op in ops {
        let this = def(op);
        let same = |entry: &&mut Entry| {
            let first = def(entry.first);
            (first.form, first.name, first.effect) == (this.form, this.name, this.effect)
        };
        match entries.iter_mut().find(same) {
            Some(entry) => entry.ops.push(op),
            None => entries.push(Entry {
                first: op,
                ops: [op].into(),
            }),
        }
    }
    entries
}

/// The operands of an op in short form.
fn shape(op: u16) -> String {
    let fields = def(op).fields;
    let inputs: Vec<_> = fields
        .iter()
        .filter(|field| **field != Field::Dst)
        .map(|field| kind(*field))
        .collect();
    let mut text = String::from("`");
    if let Some(output) = output(op) {
        text.push_str(output);
        text.push_str(" ← ");
    }
    text.push_str(&inputs.join(" "));
    text.push('`');
    if text == "``" {
        String::from("–")
    } else {
        text
    }
}
