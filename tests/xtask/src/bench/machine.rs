//! The machine and the compilers of a measurement.

use std::process::Command;

use anyhow::Result;

use crate::layout::Layout;
use crate::process::stdout_of;
use crate::{go, install};

/// The lines at the head of the report.
pub(super) fn describe(layout: &Layout) -> Result<Vec<String>> {
    let said = |command: &mut Command| stdout_of(command).unwrap_or_else(|| "unknown".to_owned());
    let cores = std::thread::available_parallelism()?;
    let mut git = Command::new("git");
    git.current_dir(&layout.root);
    Ok(vec![
        format!(
            "Date: {}",
            said(Command::new("date").args(["-u", "+%Y-%m-%d"]))
        ),
        format!(
            "Commit: {}",
            said(git.args(["describe", "--always", "--dirty"]))
        ),
        format!(
            "Machine: {}, {cores} cores, {}",
            processor(),
            field("/proc/meminfo", "MemTotal").unwrap_or_else(|| "unknown memory".to_owned()),
        ),
        format!("System: {}", said(Command::new("uname").arg("-sr"))),
        format!(
            "Compilers: {}; {}; zig {} (clang, -O2)",
            said(Command::new("rustc").arg("--version")),
            said(
                go::toolchain(layout, go::CURRENT)?
                    .command(&layout.root)
                    .arg("version")
            ),
            said(Command::new(install::zig(layout)?).arg("version")),
        ),
    ])
}

/// The name of the processor, or its architecture where the system does not name it.
pub(super) fn processor() -> String {
    field("/proc/cpuinfo", "model name")
        .or_else(|| stdout_of(Command::new("uname").arg("-m")))
        .unwrap_or_else(|| "unknown processor".to_owned())
}

/// The first value of a field in a Linux file of `name : value` lines.
fn field(path: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let value = text.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        (found.trim() == name).then(|| value.trim().to_owned())
    });
    value.filter(|value| !value.is_empty())
}
