//! The two files that the choice is written to: the list, and short names for the types of its ops.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::alias::alias;
use super::choose::Member;
use super::profiles::{Op, Ops};

/// The modules of the ops that a list may name.
const IMPORTS: &str = "use crate::ops::access::{load::*, store::*, *};
use crate::ops::compare::{BranchIf, float::*, integer::*};
use crate::ops::{
    binary::*, branch::*, call::*, chain::*, data::*, float::*, go::*, integer::*, shape::*, unary::*,
};
";

/// The list of pairs and triples, grouped by the op or pair before the last op. Groups and members that save most come
/// first.
pub(super) fn list(members: &[Member], programs: usize, ops: &Ops) -> Result<String> {
    let saved: f64 = members.iter().map(|member| member.share).sum();
    let mut text = format!(
        "//! The superinstructions. `cargo xtask superinstructions` chooses them from `bench/profiles` and writes this file.\n\
         //!\n\
         //! Beside each stands the share of the dispatches that it saves, which is the mean of {programs} programs, and the number of\n\
         //! programs that gain. A saved dispatch counts once. All {} together save {:.1} %.\n",
        members.len(),
        100.0 * saved
    );
    for (module, about, len) in [
        ("pairs", "Two ops.", 2),
        ("triples", "Three ops: a pair, and a third.", 3),
    ] {
        let mut groups = BTreeMap::<Vec<String>, Vec<(String, &Member)>>::new();
        for member in members.iter().filter(|member| member.ops.len() == len) {
            let mut names = aliases_of(&member.ops, ops)?;
            let last = names.pop().context("a superinstruction has several ops")?;
            groups.entry(names).or_default().push((last, member));
        }
        let _ = write!(
            text,
            "\n/// {about}\npub(super) mod {module} {{\n    use crate::ops::superinstruction::{{aliases::*, rows}};\n\n    rows! {{\n"
        );
        let mut groups: Vec<_> = groups.into_iter().collect();
        // Sorts are stable, so equal shares stay in the order of names.
        groups.sort_by(|(_, a), (_, b)| share(b).total_cmp(&share(a)));
        for (first, mut lasts) in groups {
            lasts.sort_by(|(_, a), (_, b)| b.share.total_cmp(&a.share));
            let _ = writeln!(text, "        {} =>", first.join(", "));
            let count = lasts.len();
            for (at, (last, member)) in lasts.into_iter().enumerate() {
                let end = if at + 1 == count { ';' } else { ',' };
                let (share, programs) = (100.0 * member.share, member.programs);
                let _ = writeln!(text, "            {last}{end} // {share:.3} %, {programs}");
            }
        }
        text += "    }\n}\n";
    }
    formatted(&text)
}

fn share(members: &[(String, &Member)]) -> f64 {
    members.iter().map(|(_, member)| member.share).sum()
}

fn aliases_of(sequence: &[Op], ops: &Ops) -> Result<Vec<String>> {
    sequence.iter().map(|op| alias(ops.name(*op))).collect()
}

/// The short names of all ops of these members.
pub(super) fn aliases(members: &[Member], ops: &Ops) -> Result<String> {
    let used: BTreeSet<Op> = members
        .iter()
        .flat_map(|member| &member.ops)
        .copied()
        .collect();
    let mut names = BTreeMap::new();
    for op in used {
        let name = ops.name(op);
        if let Some(other) = names.insert(alias(name)?, name) {
            bail!("{name} and {other} get the same short name: change `alias.rs`");
        }
    }
    let mut text = format!(
        "//! Short names for the ops of `chosen.rs`. `cargo xtask superinstructions` writes this file.\n//!\n\
         //! A slot as first input is not named if a constant follows, nor a slot as output. `Near` is an address in a slot with a short\n\
         //! offset, `Far` one with a long offset.\n\n{IMPORTS}\n"
    );
    for (alias, name) in names {
        let _ = writeln!(text, "pub(super) type {alias} = {name};");
    }
    formatted(&text)
}

/// Formats a file with rustfmt.
fn formatted(text: &str) -> Result<String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start rustfmt; rustup component add rustfmt installs it")?;
    let mut input = rustfmt.stdin.take().context("rustfmt has an input")?;
    let text = text.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = rustfmt.wait_with_output()?;
    writer.join().expect("writing does not panic")?;
    if !output.status.success() {
        bail!("rustfmt failed");
    }
    Ok(String::from_utf8(output.stdout)?)
}
