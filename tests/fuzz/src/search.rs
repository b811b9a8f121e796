//! The search: an input is chosen and changed; if it reaches something new, it is kept and changed further.

use std::fs;
use std::io::{self, Seek, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::coverage::{self, Reached};
use crate::mutate::{Random, mutate};
use crate::targets::Target;

/// When a search ends, and where it keeps what it finds.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The most inputs that are tried.
    pub runs: u64,
    /// How long it goes on at most.
    pub time: Duration,
    /// From which all random numbers follow.
    pub seed: u64,
    /// The input that is being tried is always in the file `current` of this folder: it is there even if the process was killed by a
    /// signal. Inputs that fail are kept there as well.
    pub folder: PathBuf,
    /// Inputs that reach something new are added to the corpus in this folder.
    pub grow: Option<PathBuf>,
}

/// What a search has done.
#[derive(Debug)]
pub struct Outcome {
    /// Inputs that were tried.
    pub runs: u64,
    /// Inputs that reach something that no other one does.
    pub kept: usize,
    /// Edges of the control flow that were reached.
    pub edges: usize,
    /// The file with the input that has failed, if one has.
    pub failed: Option<PathBuf>,
}

/// The inputs in a folder, in the order of their names.
///
/// # Errors
/// Those of the system.
pub fn corpus(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    paths.iter().map(fs::read).collect()
}

/// The search for input that makes a target fail.
struct Search<'a> {
    target: &'a Target,
    plan: &'a Plan,
    current: fs::File,
    reached: Reached,
    inputs: Vec<Vec<u8>>,
    runs: u64,
}

/// Searches from `inputs` on.
///
/// # Errors
/// Those of the system when files are written.
pub fn search(target: &Target, inputs: Vec<Vec<u8>>, plan: &Plan) -> io::Result<Outcome> {
    fs::create_dir_all(&plan.folder)?;
    let mut search = Search {
        target,
        plan,
        current: fs::File::create(plan.folder.join("current"))?,
        reached: Reached::default(),
        inputs: Vec::new(),
        runs: 0,
    };
    let failed = search.all(inputs)?;
    Ok(Outcome {
        runs: search.runs,
        kept: search.inputs.len(),
        edges: search.reached.edges(),
        failed,
    })
}

impl Search<'_> {
    /// Tries the inputs given, then others. Returns the file with one that fails.
    fn all(&mut self, inputs: Vec<Vec<u8>>) -> io::Result<Option<PathBuf>> {
        for input in inputs {
            if let Some(failed) = self.try_one(input, false)? {
                return Ok(Some(failed));
            }
        }
        let (mut random, begun) = (Random(self.plan.seed), Instant::now());
        while self.runs < self.plan.runs && begun.elapsed() < self.plan.time {
            // The newest ones are tried more often.
            let count = self.inputs.len().max(1);
            let back = random.below(count).min(random.below(count));
            let index = count - 1 - back;
            let mut input = self.inputs.get(index).cloned().unwrap_or_default();
            let other = random.below(count);
            let other = self.inputs.get(other).cloned().unwrap_or_default();
            mutate(
                &mut random,
                &mut input,
                &other,
                self.target.words,
                self.target.longest,
            );
            if let Some(failed) = self.try_one(input, true)? {
                return Ok(Some(failed));
            }
        }
        Ok(None)
    }

    /// Tries an input and keeps it if it reaches something new.
    fn try_one(&mut self, input: Vec<u8>, is_new: bool) -> io::Result<Option<PathBuf>> {
        self.runs += 1;
        self.current.rewind()?;
        self.current.set_len(0)?;
        self.current.write_all(&input)?;
        coverage::clear();
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| (self.target.run)(&input)));
        let new = self.reached.add();
        if outcome.is_err() {
            return self.keep(&self.plan.folder, &input).map(Some);
        }
        if new > 0 || self.inputs.is_empty() {
            if let Some(folder) = self.plan.grow.as_deref().filter(|_| is_new) {
                self.keep(folder, &input)?;
            }
            self.inputs.push(input);
        }
        Ok(None)
    }

    /// Writes an input to a file that is named after its content.
    fn keep(&self, folder: &Path, input: &[u8]) -> io::Result<PathBuf> {
        let step = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        let sum = input.iter().fold(0xcbf2_9ce4_8422_2325, step);
        let path = folder.join(format!("{sum:016x}"));
        fs::write(&path, input)?;
        Ok(path)
    }
}
