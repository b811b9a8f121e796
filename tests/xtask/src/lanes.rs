//! Runs steps in two lanes, that is, two at a time.
//!
//! A step alone often leaves one of two processors idle: a compiler that links one program, an emulator, a test that waits. Each lane
//! takes the first waiting step whose folder is free, until none is left. Cargo would let two steps with the same folder wait for each
//! other, and a step could run the programs of another one.
//!
//! Each step is a process of its own, `cargo xtask test NAME --outcome FILE`. Its output goes to a file and is printed as a whole when
//! it ends, so the outputs of two steps are never mixed. Ctrl-C ends all of them, since they are in one process group.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::layout::Layout;
use crate::steps::{Outcome, Step};
use crate::tally::Tally;

/// Each has programs that use two processors, so more lanes gain nothing.
const LANES: usize = 2;

/// Runs steps, and returns their outcomes in the same order.
pub(crate) fn run(
    layout: &Layout,
    steps: Vec<&'static Step>,
) -> Result<Vec<(&'static Step, Outcome)>> {
    let programs = Programs::new(layout)?;
    let queue = Queue::new(steps.clone());
    let lane = || {
        let mut outcomes = Vec::new();
        while let Some(step) = queue.take() {
            println!(
                "-- {} begins: {}",
                step.name,
                programs.output(step).display()
            );
            let start = Instant::now();
            let outcome = programs.run(step).unwrap_or_else(|error| Outcome {
                tally: Tally::failure(format!("{error:#}")),
                time: start.elapsed(),
                ..Outcome::default()
            });
            programs.print(step);
            queue.give_back(step);
            outcomes.push((step, outcome));
        }
        outcomes
    };
    let mut outcomes = Vec::new();
    thread::scope(|scope| {
        for lane in [(); LANES].map(|()| scope.spawn(lane)) {
            outcomes.extend(lane.join().expect("a lane turns errors into failures"));
        }
    });
    outcomes.sort_by_key(|(step, _)| steps.iter().position(|other| other.name == step.name));
    Ok(outcomes)
}

/// The steps that wait, and the folders in use.
struct Queue {
    state: Mutex<(Vec<&'static Step>, Vec<&'static str>)>,
    changed: Condvar,
}

impl Queue {
    fn new(steps: Vec<&'static Step>) -> Queue {
        Queue {
            state: Mutex::new((steps, Vec::new())),
            changed: Condvar::new(),
        }
    }

    /// Takes the first step whose folder is free. Waits if there is none. Returns `None` if no step is left.
    fn take(&self) -> Option<&'static Step> {
        let mut state = self.state.lock().expect("no lane panics");
        loop {
            let (waiting, used) = &mut *state;
            if waiting.is_empty() {
                return None;
            }
            let is_free = |step: &&Step| step.folder.is_none_or(|folder| !used.contains(&folder));
            if let Some(at) = waiting.iter().position(is_free) {
                let step = waiting.remove(at);
                used.extend(step.folder);
                return Some(step);
            }
            state = self.changed.wait(state).expect("no lane panics");
        }
    }

    /// Frees the folder of a step that has ended.
    fn give_back(&self, step: &Step) {
        let mut state = self.state.lock().expect("no lane panics");
        state.1.retain(|folder| Some(*folder) != step.folder);
        self.changed.notify_all();
    }
}

/// The processes of steps, and their files.
struct Programs {
    /// This program. A step may build xtask anew, so this is a copy.
    program: PathBuf,
    /// The folder of all files.
    folder: PathBuf,
}

impl Programs {
    fn new(layout: &Layout) -> Result<Programs> {
        let folder = layout.target.join("steps");
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        fs::create_dir_all(&folder)?;
        let program = folder.join("xtask");
        fs::copy(std::env::current_exe()?, &program).context("cannot copy xtask")?;
        Ok(Programs { program, folder })
    }

    /// The file with the output of a step.
    fn output(&self, step: &Step) -> PathBuf {
        self.folder.join(step.name).with_extension("txt")
    }

    /// Runs a step to its end.
    fn run(&self, step: &Step) -> Result<Outcome> {
        let output = File::create(self.output(step))?;
        let outcome = self.folder.join(step.name).with_extension("json");
        let status = Command::new(&self.program)
            .args(["test", step.name, "--outcome"])
            .arg(&outcome)
            .stdout(output.try_clone()?)
            .stderr(output)
            .status()
            .context("cannot start xtask")?;
        if !status.success() {
            bail!("the step did not run to its end: {status}");
        }
        read(&outcome)
    }

    /// Prints the output of a step.
    fn print(&self, step: &Step) {
        let output = fs::read(self.output(step)).unwrap_or_default();
        // If nobody reads what is printed, the step's outcome still counts.
        let _ = std::io::stdout().lock().write_all(&output);
    }
}

fn read(outcome: &Path) -> Result<Outcome> {
    let text = fs::read_to_string(outcome)
        .with_context(|| format!("cannot read {}", outcome.display()))?;
    Ok(serde_json::from_str(&text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::STEPS;

    fn named(name: &str) -> &'static Step {
        let found = STEPS.iter().find(|step| step.name == name);
        found.expect("there is such a step")
    }

    #[test]
    fn steps_with_the_same_folder_are_never_taken_together() {
        let [clippy, tail, fmt] = ["clippy", "tail", "fmt"].map(named);
        assert_eq!(clippy.folder, tail.folder);
        let queue = Queue::new(vec![clippy, tail, fmt]);
        let take = || queue.take().map(|step| step.name);
        assert_eq!(take(), Some("clippy"));
        // The folder of `tail` is used, and `fmt` needs none.
        assert_eq!(take(), Some("fmt"));
        queue.give_back(fmt);
        queue.give_back(clippy);
        assert_eq!(take(), Some("tail"));
        assert_eq!(take(), None);
    }

    #[test]
    fn a_lane_waits_for_a_folder() {
        let [clippy, tail] = ["clippy", "tail"].map(named);
        let queue = Queue::new(vec![clippy, tail]);
        assert!(queue.take().is_some());
        thread::scope(|scope| {
            let other = scope.spawn(|| queue.take().map(|step| step.name));
            queue.give_back(clippy);
            assert_eq!(other.join().expect("it ends"), Some("tail"));
        });
    }

    /// A program in the place of xtask, with this script.
    #[cfg(unix)]
    fn outcome_of(script: &str) -> Result<Outcome> {
        use std::os::unix::fs::PermissionsExt;

        let folder = std::env::temp_dir().join(format!("xtask-lanes-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let (text, program) = (folder.join("xtask.sh"), folder.join("xtask"));
        fs::write(&text, format!("#!/bin/sh\n{script}\n"))?;
        fs::set_permissions(&text, fs::Permissions::from_mode(0o755))?;
        // A program that this process has written may still be open for writing in a child of another test.
        crate::process::capture(Command::new("cp").arg(&text).arg(&program))?;
        let programs = Programs {
            program,
            folder: folder.clone(),
        };
        let outcome = programs.run(named("fmt"));
        fs::remove_dir_all(folder)?;
        outcome
    }

    #[cfg(unix)]
    #[test]
    fn a_step_that_dies_has_failed() -> Result<()> {
        let written = serde_json::to_string(&Outcome {
            tally: Tally::failure("why".to_owned()),
            ..Outcome::default()
        })?;
        // `$4` is the file of the outcome.
        let outcome = outcome_of(&format!("echo '{written}' > $4"))?;
        assert_eq!(outcome.tally.failed, ["why"]);
        let died = outcome_of(&format!("echo '{written}' > $4; kill -9 $$")).map(|_| ());
        let died = died.expect_err("it was killed").to_string();
        assert!(died.contains("signal: 9"), "{died}");
        assert!(outcome_of("exit 101").is_err(), "a panic");
        assert!(outcome_of("exit 0").is_err(), "it has written no outcome");
        Ok(())
    }
}
