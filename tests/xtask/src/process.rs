//! Starts other programs. Every command is printed before it runs, so that it can be repeated by hand.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Runs a command to its end with this process's stdout and stderr. Fails unless it exits with 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", shown(command));
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs a command and passes each line of its stdout to `each`. Returns whether it exited with 0.
pub(crate) fn lines(command: &mut Command, mut each: impl FnMut(&str)) -> Result<bool> {
    println!("$ {}", shown(command));
    let context = || format!("cannot start {}", shown(command));
    let context = context();
    let mut child = command.stdout(Stdio::piped()).spawn().context(context)?;
    let stdout = child.stdout.take().context("stdout was not piped")?;
    let mut reader = BufReader::new(stdout);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        each(String::from_utf8_lossy(&line).trim_end_matches('\n'));
        line.clear();
    }
    Ok(child.wait()?.success())
}

/// Runs a command quietly. Returns its stdout, or `None` if it is missing or fails.
pub(crate) fn stdout_of(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command quietly to its end. Returns its output. If its standard input is a pipe, the pipe stays open and empty.
pub(crate) fn capture(command: &mut Command) -> Result<Output> {
    let context = format!("cannot start {}", shown(command));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().context(context)?;
    let stdin = child.stdin.take();
    let output = child.wait_with_output()?;
    drop(stdin);
    Ok(output)
}

/// User and system time of this process and of all processes that it has started and waited for, with theirs.
#[cfg(unix)]
pub(crate) fn processor_time() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN]
        .into_iter()
        .filter_map(|who| getrusage(who).ok())
        .map(|usage| (usage.user_time() + usage.system_time()).num_microseconds())
        .map(|microseconds| Duration::from_micros(microseconds.try_into().unwrap_or(0)))
        .sum()
}

/// Other systems report it differently.
#[cfg(not(unix))]
pub(crate) fn processor_time() -> Duration {
    Duration::ZERO
}

/// Formats a command as it would be typed: changes of the environment, program and arguments.
pub(crate) fn shown(command: &Command) -> String {
    let changes = command
        .get_envs()
        .filter_map(|(key, value)| Some(format!("{}={}", key.display(), quoted(value?))));
    let words = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(quoted);
    changes.chain(words).collect::<Vec<_>>().join(" ")
}

/// Quotes a word if a shell would interpret it.
fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+:,./@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
