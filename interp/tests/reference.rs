//! `OPS.md` is what the op table says. Run with `UPDATE=1` to write it anew.
//!
//! The second test reads the tables of that text and compares them with the op table by other means than those by which it was
//! written. It does not read the file, which the first test may be writing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use interp::dispatch::OpDef;
use interp::inspect::reference;
use interp::ops::FAMILIES;

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("OPS.md")
}

#[test]
fn the_reference_is_what_the_op_table_says() {
    let now = reference();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(file(), &now).expect("OPS.md can be written");
    }
    let text = fs::read_to_string(file()).expect("OPS.md exists");
    assert!(
        text == now,
        "OPS.md is out of date: UPDATE=1 cargo test -p wasi-interp-core --test reference"
    );
}

/// A line of a table: the instruction, its effect, and its shapes one by one.
struct Line {
    effect: String,
    shapes: Vec<String>,
}

/// The lines of a family's section, by instruction. An instruction may have several, with different effects.
fn lines(section: &str) -> BTreeMap<&str, Vec<Line>> {
    let mut common = BTreeMap::new();
    let mut lines: BTreeMap<&str, Vec<Line>> = BTreeMap::new();
    let split = |list: &str| list.split(", ").map(str::to_owned).collect::<Vec<_>>();
    for line in section.lines() {
        if let Some((letter, list)) = line
            .strip_prefix("Shapes ")
            .and_then(|rest| rest.split_once(": "))
        {
            common.insert(letter, split(list.trim_end_matches('.')));
        }
        let Some(cells) = line
            .strip_prefix("| `")
            .and_then(|rest| rest.strip_suffix(" |"))
        else {
            continue;
        };
        let (name, rest) = cells.split_once("` | ").expect("a name, then its effect");
        let (effect, shapes) = rest.rsplit_once(" | ").expect("an effect, then shapes");
        let shapes = common.get(shapes).cloned().unwrap_or_else(|| split(shapes));
        let effect = effect.to_owned();
        lines.entry(name).or_default().push(Line { effect, shapes });
    }
    lines
}

/// The number of operands of an op that are named behind the arrow of its shape.
fn operands(def: &OpDef) -> usize {
    def.fields.iter().filter(|field| !field.is_output()).count()
}

/// Each op has a shape in the line of its instruction, in the section of its family, and there is nothing else.
#[test]
fn every_op_stands_in_the_reference_once() {
    let text = reference();
    for family in FAMILIES {
        let heading = format!("\n## {}\n", family.name);
        let mut sections = text.split(&heading);
        let section = sections.nth(1).expect("the family has a section");
        assert!(sections.next().is_none(), "{} has one section", family.name);
        let section = section.split("\n## ").next().unwrap_or_default();
        let lines = lines(section);
        let mut shapes = 0;
        for def in family.defs {
            let name = [def.form, def.name].join(" ");
            let name = name.trim();
            let found = lines.get(name);
            let found = found.unwrap_or_else(|| panic!("{name} has no line in {}", family.name));
            let line = found
                .iter()
                .find(|line| line.effect == def.effect.trim())
                .unwrap_or_else(|| panic!("{name} has no line with its effect"));
            assert!(line.effect.len() > 3, "{name}: nobody knows what it does");
            let fits = |shape: &&String| {
                let inputs = shape.trim_matches(['`', '–']).rsplit("← ").next();
                inputs.unwrap_or_default().split_whitespace().count() == operands(def)
            };
            assert!(
                line.shapes.iter().any(|shape| fits(&shape)),
                "{name} has no shape with {} operands: {:?}",
                operands(def),
                line.shapes
            );
        }
        for line in lines.values().flatten() {
            let mut different = line.shapes.clone();
            different.sort();
            different.dedup();
            assert_eq!(different.len(), line.shapes.len(), "{:?}", line.shapes);
            shapes += line.shapes.len();
        }
        assert_eq!(shapes, family.defs.len(), "shapes of {}", family.name);
    }
}
