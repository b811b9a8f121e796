//! The ops that Go programs run most, and the cost of their handlers.
//!
//! The list is the file `hottest.txt`, because counting needs a separate build. `cargo xtask hottest` writes it.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Count;
use crate::layout::Layout;
use crate::tally::Tally;
use crate::{bench, cargo, process};

/// Titles of ops, the most frequent first.
const LIST: &str = include_str!("hottest.txt");

/// The number of ops in the list.
const LISTED: usize = 100;

/// The share of its usual work that a program performs while it is counted, in percent.
const PERCENT: &str = "5";

/// The numbers of ops by title. The interpreter itself prints them: `xtask` does not contain it, so `xtask` starts at once.
pub(super) fn numbers(layout: &Layout) -> Result<BTreeMap<String, u16>> {
    let mut command = cargo::cargo(layout);
    command.args([
        "run",
        "--quiet",
        "--profile=quick",
        "--package",
        "wasi-interp-core",
    ]);
    let output = process::capture(command.args(["--example", "op_titles"]))?;
    if !output.status.success() {
        bail!(
            "the example op_titles of interp ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let titles = String::from_utf8(output.stdout).context("titles of ops are text")?;
    Ok(titles.lines().map(str::to_owned).zip(0..).collect())
}

/// Prints the costs of the handlers of the list. Checks that at most `spilling` of them use the native stack before the
/// dispatch.
pub(super) fn check(count: &Count, numbers: &BTreeMap<String, u16>, spilling: usize) -> Tally {
    let mut tally = Tally::default();
    let (mut instructions, mut exits, mut spill) = (Vec::new(), Vec::new(), Vec::new());
    for op in LIST.lines() {
        let Some(facts) = numbers.get(op).and_then(|&number| count.of(number)) else {
            tally.failed.push(format!(
                "no handler of {op:?} was found; if there is no such op any more, cargo xtask hottest renews the list"
            ));
            continue;
        };
        instructions.push(facts.instructions);
        exits.extend(&facts.dispatch);
        if facts.frame || facts.stack > 0 {
            spill.push(op);
        }
    }
    let mean = |values: &[usize]| values.iter().sum::<usize>() as f64 / values.len().max(1) as f64;
    println!(
        "  of the {} ops that Go programs run most: {:.1} instructions on average; from one op to the next {:.2}, at most {}; {} use the native stack: {}",
        instructions.len(),
        mean(&instructions),
        mean(&exits),
        exits.iter().max().copied().unwrap_or_default(),
        spill.len(),
        spill.join(", ")
    );
    tally.passed = instructions.len() - spill.len();
    if spill.len() > spilling {
        tally.failed.push(format!(
            "{} of the ops that run most use the native stack, more than the {spilling} that did before",
            spill.len()
        ));
    }
    tally
}

/// Counts the ops of the benchmark's Go programs and writes the list.
pub(crate) fn renew(layout: &Layout) -> Result<()> {
    let target = layout.target.join("observe");
    let build = [
        "build",
        "--profile=quick",
        "--package",
        "wasi-interp",
        "--features",
        "observe",
        "--target-dir",
    ];
    process::run(cargo::cargo(layout).args(build).arg(&target))?;
    let mut shares = BTreeMap::<String, f64>::new();
    for program in bench::go_programs(layout)? {
        let output = process::capture(
            Command::new(target.join("quick/wasi-interp"))
                .arg("--profile-ops")
                .arg(&program)
                .arg(PERCENT),
        )?;
        let messages = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            bail!(
                "{} ended with {}:\n{messages}",
                program.display(),
                output.status
            );
        }
        let single = messages
            .split("one after the other:")
            .next()
            .unwrap_or_default();
        for (share, op) in single.lines().filter_map(counted) {
            *shares.entry(op.to_owned()).or_default() += share;
        }
    }
    let mut ops: Vec<_> = shares.into_iter().collect();
    ops.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let lines: String = ops
        .into_iter()
        .take(LISTED)
        .map(|(op, _)| op + "\n")
        .collect();
    let path = layout.root.join("tests/xtask/src/asm/hottest.txt");
    fs::write(&path, lines).with_context(|| format!("cannot write {}", path.display()))?;
    println!("written: {}", path.display());
    Ok(())
}

/// Parses a line of the profile: count, share, op.
fn counted(line: &str) -> Option<(f64, &str)> {
    let (numbers, op) = line.split_once(" %  ")?;
    let share = numbers.split_whitespace().nth(1)?;
    Some((share.parse().ok()?, op))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn lines_of_the_profile_are_read() {
        assert_eq!(
            counted("       1234567 12.34 %  slot ← i64.add slot, imm16"),
            Some((12.34, "slot ← i64.add slot, imm16"))
        );
        assert_eq!(counted("1234 ops executed, of 7 kinds"), None);
    }

    #[test]
    fn the_list_is_whole() {
        let titles: BTreeSet<&str> = LIST.lines().collect();
        assert_eq!(titles.len(), LISTED);
    }

    #[test]
    fn an_op_without_a_handler_is_a_failure() {
        let tally = check(&Count::default(), &BTreeMap::new(), LISTED);
        assert_eq!((tally.passed, tally.failed.len()), (0, LISTED));
    }
}
