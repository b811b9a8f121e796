//! The files of counts: a program's chains of ops, and how often each ran.
//!
//! ```text
//! program: go json, 10 % of its usual work
//! commit: 159cd07
//! dispatches: 16571749
//! ops:
//! 0 LoadOp<I64Load, Via<64>, ToSlot>
//! 1 BrIf64<Acc, true>
//! chains:
//! 423355 0
//! 96024 0 0 1
//! ```
//!
//! A chain is a row of ops that always run one after the other, as long as it can be: from where a superinstruction can begin at
//! the earliest to where it must end at the latest. So the tool can cut it as encoding does. A file leaves out chains with a small
//! share; their ops count as dispatches all the same.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The number of an op in [`Ops`].
pub(super) type Op = usize;

/// The ops of all profiles, by the Rust types that run them.
#[derive(Default)]
pub(super) struct Ops {
    numbers: BTreeMap<String, Op>,
    names: Vec<String>,
}

impl Ops {
    /// The number of the op with this type.
    pub(super) fn number(&mut self, name: &str) -> Op {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len();
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }

    /// The type of an op.
    pub(super) fn name(&self, op: Op) -> &str {
        &self.names[op]
    }
}

/// The counts of one program.
pub(super) struct Profile {
    /// The language and the name of the program.
    pub(super) program: String,
    /// How many ops ran.
    pub(super) dispatches: u64,
    /// Chains with their counts.
    pub(super) chains: Vec<(Vec<Op>, u64)>,
}

/// Reads all profiles of a folder, in the order of their names.
pub(super) fn read(folder: &Path, ops: &mut Ops) -> Result<Vec<Profile>> {
    let mut paths = Vec::new();
    for entry in folder
        .read_dir()
        .with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            paths.push(path);
        }
    }
    paths.sort();
    let profile = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path)?;
        parse(&text, ops).with_context(|| format!("{} is no profile of chains", path.display()))
    };
    paths.iter().map(profile).collect()
}

/// Reads a profile from the text of a file.
fn parse(text: &str, ops: &mut Ops) -> Result<Profile> {
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .with_context(|| format!("there is no line `{name}: …`"))
    };
    let program = field("program")?.split(',').next().unwrap_or_default();
    let (_, rest) = text.split_once("\nops:\n").context("no list of ops")?;
    let (names, chains) = rest.split_once("chains:\n").context("no chains")?;
    let mut numbers = Vec::new();
    for line in names.lines() {
        let (_, name) = line.split_once(' ').context("an op without a name")?;
        numbers.push(ops.number(name));
    }
    let mut profile = Profile {
        program: program.to_owned(),
        dispatches: field("dispatches")?.parse()?,
        chains: Vec::new(),
    };
    for line in chains.lines() {
        let bad = || format!("`{line}` is no chain");
        let mut words = line.split(' ').map(str::parse::<usize>);
        let count = words.next().with_context(bad)?.with_context(bad)? as u64;
        let mut chain = Vec::new();
        for op in words {
            chain.push(*numbers.get(op.with_context(bad)?).with_context(bad)?);
        }
        profile.chains.push((chain, count));
    }
    Ok(profile)
}

/// Formats a profile from the output of `--profile-chains`. Chains whose ops are fewer than one in `rare` dispatches are
/// omitted.
pub(super) fn text(head: &str, counted: &str, rare: u64) -> Result<String> {
    let (dispatches, chains) = counted.split_once('\n').context("the profile is empty")?;
    let least = dispatches.parse::<u64>()?.div_ceil(rare);
    let mut ops = Ops::default();
    let mut lines = String::new();
    for line in chains.lines() {
        let (count, names) = line.split_once(' ').context("a chain without ops")?;
        let names = names.split("; ");
        if count.parse::<u64>()? * (names.clone().count() as u64) < least {
            continue;
        }
        lines += count;
        for name in names {
            let _ = write!(lines, " {}", ops.number(&without_modules(name)));
        }
        lines += "\n";
    }
    let mut text = format!("{head}dispatches: {dispatches}\nops:\n");
    for (number, name) in ops.names.iter().enumerate() {
        let _ = writeln!(text, "{number} {name}");
    }
    Ok(text + "chains:\n" + &lines)
}

/// A type's name without the modules of the type and of its parameters.
fn without_modules(name: &str) -> String {
    let mut short = String::new();
    let mut word = String::new();
    for char in name.chars() {
        match char {
            ':' => word.clear(),
            char if char.is_alphanumeric() || char == '_' => word.push(char),
            _ => {
                short += &word;
                word.clear();
                short.push(char);
            }
        }
    }
    short + &word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_read_as_it_was_written() -> Result<()> {
        let counted = "1000\n500 a::Load<b::c::Near<Slot, false>>\n1 a::Load<b::c::Near<Slot, false>>; d::Br<64>\n1 e::Rare\n";
        let text = text(
            "program: go x, 5 % of its usual work\ncommit: 1\n",
            counted,
            500,
        )?;
        let mut ops = Ops::default();
        ops.number("Other");
        let profile = parse(&text, &mut ops)?;
        assert_eq!(
            (profile.program.as_str(), profile.dispatches),
            ("go x", 1000)
        );
        assert_eq!(profile.chains, [(vec![1], 500), (vec![1, 2], 1)]);
        assert_eq!(ops.name(1), "Load<Near<Slot, false>>");
        assert_eq!(ops.name(2), "Br<64>");
        assert!(parse("program: x\ndispatches: 1\nops:\nchains:\n5 0\n", &mut ops).is_err());
        Ok(())
    }
}
