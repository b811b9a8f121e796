//! Folded stacks, and flame graphs of them.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use inferno::flamegraph::{Options, from_lines};

use super::stacks::Stacks;
use crate::args::ProfileBy;

/// A line for each stack: its functions from the outermost inwards, separated by `;`, and what was counted.
pub(super) fn folded(stacks: &Stacks) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (frames, count) in &stacks.all {
        if count.work == 0 {
            continue;
        }
        let names = frames.iter().rev().map(|frame| {
            let name = &stacks.frames[*frame as usize].name;
            // What separates functions, and the count.
            name.replace([';', ' '], "_")
        });
        let names: Vec<_> = names.collect();
        lines.push(names.join(";"));
        if let Some(line) = lines.last_mut() {
            let _ = write!(line, " {}", count.work);
        }
    }
    // Stacks that differ in lines alone are the same here.
    lines.sort_unstable();
    let mut text = String::new();
    let parts = |line: &str| {
        let (stack, count) = line.rsplit_once(' ').unwrap_or_default();
        (stack.to_owned(), count.parse::<u64>().unwrap_or(0))
    };
    for same in lines.chunk_by(|a, b| parts(a).0 == parts(b).0) {
        let sum: u64 = same.iter().map(|line| parts(line).1).sum();
        let _ = writeln!(text, "{} {sum}", parts(&same[0]).0);
    }
    text
}

/// A flame graph.
///
/// # Errors
/// Fails if there are no stacks.
pub(super) fn graph(stacks: &Stacks, by: ProfileBy) -> Result<Vec<u8>> {
    let folded = folded(stacks);
    let mut options = Options::default();
    options.title = "wasi-interp".to_owned();
    options.deterministic = true;
    options.hash = true;
    options.count_name = match by {
        ProfileBy::Fuel => "units of fuel",
        ProfileBy::Time => "ns",
    }
    .to_owned();
    let mut svg = Vec::new();
    from_lines(&mut options, folded.lines(), &mut svg)
        .context("the program was too short for a flame graph")?;
    Ok(svg)
}
