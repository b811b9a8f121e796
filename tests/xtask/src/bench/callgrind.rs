//! Counts instructions instead of time. The count is the same in every run, so a change of one percent is visible.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::programs::Program;
use super::runners;
use crate::layout::Layout;
use crate::process::stdout_of;

/// The share of its usual work that a program performs, in percent. Valgrind is about fifty times slower than the
/// processor.
const PERCENT: &str = "5";

/// Counts the instructions of wasi-interp for each program, and compares them with the last count.
pub(super) fn run(layout: &Layout, programs: &[Program]) -> Result<()> {
    let ours = runners::ours(layout, "tail", &[])?;
    let path = layout.target.join("bench/instructions.json");
    let mut counts: BTreeMap<String, u64> = match std::fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text)
            .with_context(|| format!("{} is no table of counts", path.display()))?,
        Err(_) => BTreeMap::new(),
    };
    println!(
        "{:16} {:>14}  since the last time",
        "program", "instructions"
    );
    for program in programs {
        let count = count(&ours, &program.wasm, PERCENT)?;
        let name = format!("{} {}", program.group.language.name(), program.name);
        let change = match counts.insert(name.clone(), count) {
            Some(before) => format!("{:+.2} %", (count as f64 / before as f64 - 1.0) * 100.0),
            None => "–".to_owned(),
        };
        println!("{name:16} {count:>14}  {change}");
    }
    std::fs::write(&path, serde_json::to_vec_pretty(&counts)?)?;
    Ok(())
}

/// Counts the instructions of a program under wasi-interp, with `percent` of its usual work.
pub(crate) fn count(wasi_interp: &Path, program: &Path, percent: &str) -> Result<u64> {
    if stdout_of(Command::new("valgrind").arg("--version")).is_none() {
        bail!("valgrind is not installed; on Debian: apt-get install valgrind");
    }
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(wasi_interp)
        .arg(program)
        .arg(percent)
        .output()?;
    let messages = String::from_utf8_lossy(&output.stderr);
    collected(&messages)
        .filter(|_| output.status.success())
        .with_context(|| format!("{} failed under valgrind:\n{messages}", program.display()))
}

/// Parses the count in callgrind's summary: `==PID== Collected : COUNT`.
fn collected(messages: &str) -> Option<u64> {
    messages
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, count)| count.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::collected;

    #[test]
    fn the_count_is_found() {
        assert_eq!(
            collected("==7== Events    : Ir\n==7== Collected : 1234567\n"),
            Some(1_234_567)
        );
        assert_eq!(collected("==7== Collected : \n"), None);
    }
}
