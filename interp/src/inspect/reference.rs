//! The reference of all ops in Markdown. `OPS.md` contains the output of [`reference`].

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::decode::{kind, mnemonic, output};
use crate::dispatch::OpNumber;
use crate::ops::{COUNT, FAMILIES, def, defs, numbers, superinstruction};

/// The head of the reference.
const HEAD: &str = "# Ops

This file is written by the test `reference` of this package from the op table, and checked by it. To write it anew:
`UPDATE=1 cargo test -p wasi-interp-core --test reference`.

An op is a granule (two bytes) that names it, and its operands in the order given. Each line is an instruction: what it
does, and the shapes that it has. An output stands in front of the arrow; every output goes to the accumulator of its
type as well (`acc` for integers and references, `facc` for floats), and where no slot is named, only there. Vectors
have no accumulator.

| operand | granules | what it is |
|---|---|---|
| `slot`, `also`, `base` | 1 | a slot of the running frame; another one that is written; the first of a run of slots |
| `vector` | 1 | the first of two slots with a vector of 128 bits |
| `acc`, `facc` | 0 | the integer accumulator, the float accumulator |
| `sp` | 0 | the slot with the copy of Go's stack pointer |
| `imm16`, `imm32`, `imm64` | 1, 2, 4 | a constant; its sign is extended |
| `imm128` | 8 | a constant of 128 bits |
| `offset16`, `offset32` | 1, 2 | the constant offset of an address |
| `f32`, `f64` | 2, 4 | the bits of a float |
| `count16`, `count32` | 1, 2 | a number without a sign: of bits, of slots, of branch targets |
| `header` | 1 | where a frame's header lies, counted from the first slot of that frame |
| `func16`, `func32` | 1, 2 | a function that the module defines; imported functions are not counted |
| `import` | 2 | an imported function |
| `global16`, `global32` | 1, 2 | a global that the module defines; any global |
| `memory`, `table` | 1 | the index of a memory or of a table |
| `type`, `data`, `elem`, `tag` | 2 | the index of a type, of a data segment, of an element segment, of a tag |
| `heap` | 2 | a type of references, with or without null |
| `narrow` | 0 | a mark: the address that the op loads has 32 bits |
| `label16`, `label32` | 1, 2 | a branch target, in granules from the start of the op |
| `labels` | 2 each | the targets of a branch table |
";

/// The ops of an instruction: same name, form and effect.
struct Entry {
    first: OpNumber,
    ops: Vec<OpNumber>,
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
    let mut rest = numbers();
    for family in FAMILIES {
        let count = family.defs.len();
        let ops = if count == 1 { "op" } else { "ops" };
        let _ = writeln!(text, "\n## {}\n\n{count} {ops}.\n", family.name);
        write_family(&mut text, &entries(rest.by_ref().take(count)));
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
fn entries(ops: impl Iterator<Item = OpNumber>) -> Vec<Entry> {
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
fn shape(op: OpNumber) -> String {
    let fields = def(op).fields;
    let inputs: Vec<_> = fields
        .iter()
        .filter(|field| !field.is_output())
        .map(|field| kind(*field))
        .collect();
    let mut text = String::from("`");
    if let Some(output) = output(fields) {
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
