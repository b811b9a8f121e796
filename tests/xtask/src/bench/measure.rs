//! Measures one run: CPU time and peak memory of the whole process, as reported by the operating system.
//!
//! A separate process (a hidden command of xtask) starts the run. It has no other child, so the system's figures for "all
//! children" are those of this run. It also keeps the figure of memory honest: that figure starts at the memory of the
//! *starting* process, and a fresh process takes less than any runner.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::{self, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;

/// The maximum wall time of a run. A busy machine may need many times the CPU time.
const LIMIT: Duration = Duration::from_secs(600);

/// The hidden command: runs a program and writes its costs as the last line to stderr.
#[derive(Args)]
pub(crate) struct Command {
    /// The program and its arguments.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

/// The costs and the output of a run.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// User and system time together.
    pub(super) cpu: Duration,
    /// The peak of resident memory in bytes.
    pub(super) peak: u64,
    /// Its standard output.
    pub(super) output: Vec<u8>,
}

/// Runs a program and measures it.
///
/// # Errors
/// Fails if the program cannot be started, fails, or takes too long. The error contains the last line that it wrote to
/// stderr.
pub(super) fn run(words: &[OsString]) -> Result<Run> {
    let exe = std::env::current_exe().context("cannot tell where xtask itself lies")?;
    let output = process::Command::new(exe)
        .arg("measure")
        .arg("--")
        .args(words)
        .stdin(Stdio::null())
        .output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    let (messages, last) = match stderr.trim_end().rsplit_once('\n') {
        Some((messages, last)) => (messages, last),
        None => ("", stderr.trim_end()),
    };
    let Some((cpu, peak, status)) = parse(last) else {
        bail!("{last}");
    };
    if status != "0" {
        let reason = messages.lines().rfind(|line| !line.trim().is_empty());
        bail!("{status}: {}", reason.unwrap_or("no message").trim());
    }
    Ok(Run {
        cpu,
        peak,
        output: output.stdout,
    })
}

/// The hidden command: starts the program, waits for it, and writes its costs.
pub(crate) fn child(command: &Command) -> Result<()> {
    let (program, arguments) = command
        .words
        .split_first()
        .context("no program to measure")?;
    let mut child = process::Command::new(program)
        .args(arguments)
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break match status.code() {
                Some(code) => code.to_string(),
                None => "signal".to_owned(),
            };
        }
        if start.elapsed() > LIMIT {
            kill(&mut child)?;
            break format!("longer-than-{}-s", LIMIT.as_secs());
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let (microseconds, bytes) = taken_by_children()?;
    eprintln!("\ntook {microseconds} {bytes} {status}");
    Ok(())
}

/// CPU time in microseconds and peak memory in bytes of the children that have ended.
#[cfg(unix)]
fn taken_by_children() -> Result<(i64, i64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = usage.user_time() + usage.system_time();
    // Linux reports KiB, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    Ok((cpu.num_microseconds(), usage.max_rss() * unit))
}

/// Other systems report it differently and are not supported.
#[cfg(not(unix))]
fn taken_by_children() -> Result<(i64, i64)> {
    bail!("CPU time and memory of processes are measured on Unix only")
}

/// Kills a child. It may have ended by itself before.
fn kill(child: &mut process::Child) -> Result<()> {
    match child.kill() {
        Err(error) if error.kind() != ErrorKind::InvalidInput => return Err(error.into()),
        _ => child.wait()?,
    };
    Ok(())
}

/// Parses CPU time, bytes and status from the line of [`child`].
fn parse(line: &str) -> Option<(Duration, u64, &str)> {
    let mut words = line.strip_prefix("took ")?.split(' ');
    let cpu = Duration::from_micros(words.next()?.parse().ok()?);
    let peak = words.next()?.parse().ok()?;
    Some((cpu, peak, words.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_back() {
        let parsed = parse("took 1500 8192 2");
        assert_eq!(parsed, Some((Duration::from_micros(1500), 8192, "2")));
        assert_eq!(parse("error: cannot start x"), None);
        assert_eq!(parse("took 1 2"), None);
    }
}
