//! Counting: every program of the benchmark in a build without superinstructions.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{HELD_BACK, PROFILES, profiles};
use crate::layout::Layout;
use crate::process::{capture, run, stdout_of};
use crate::{bench, cargo};

/// The share of its usual work that a program performs while it is counted, in percent.
const PERCENT: &str = "10";

/// Chains whose ops are less than one in so many dispatches are left out of the files.
const RARE: u64 = 20_000;

/// Counts the chains of all programs: those of the first set for `bench/profiles`, those of the held-back set for the target
/// directory.
pub(super) fn renew(layout: &Layout) -> Result<()> {
    let target = layout.target.join("observe");
    run(cargo::cargo(layout)
        .args(["build", "--profile=quick", "--package", "wasi-interp"])
        .args([
            "--no-default-features",
            "--features",
            "observe",
            "--target-dir",
        ])
        .arg(&target))?;
    let mut git = Command::new("git");
    git.current_dir(&layout.root)
        .args(["describe", "--always", "--dirty"]);
    let commit = stdout_of(&mut git).unwrap_or_else(|| "unknown".to_owned());
    for folder in [layout.root.join(PROFILES), layout.target.join(HELD_BACK)] {
        fs::create_dir_all(&folder)?;
        for entry in folder.read_dir()? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "txt") {
                fs::remove_file(path)?;
            }
        }
    }
    for program in bench::programs_of_both_sets(layout)? {
        let folder = match program.held_back {
            false => layout.root.join(PROFILES),
            true => layout.target.join(HELD_BACK),
        };
        let counts = layout.target.join("observe/chains.txt");
        let text = count(&target.join("quick/wasi-interp"), &program.wasm, &counts)?;
        let head = format!(
            "program: {}, {PERCENT} % of its usual work\ncommit: {commit}\n",
            program.name
        );
        let file = folder.join(format!("{}.txt", program.name.replace(' ', "-")));
        fs::write(&file, profiles::text(&head, &text, RARE)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
        println!("counted: {}", program.name);
    }
    Ok(())
}

/// The chains of one program.
fn count(wasi_interp: &Path, wasm: &Path, file: &Path) -> Result<String> {
    let output = capture(
        Command::new(wasi_interp)
            .arg("--profile-chains")
            .arg(file)
            .arg(wasm)
            .arg(PERCENT),
    )?;
    if !output.status.success() {
        let messages = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} ended with {}:\n{messages}",
            wasm.display(),
            output.status
        );
    }
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
