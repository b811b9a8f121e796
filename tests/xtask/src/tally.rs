//! Counts of passed, failed and skipped tests, with reasons.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// The counts of a step, or of all of them.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Tally {
    /// How many tests or checks passed.
    pub(crate) passed: usize,
    /// The names of those that failed.
    pub(crate) failed: Vec<String>,
    /// The names of the skipped ones, with reasons.
    pub(crate) skipped: Vec<(String, String)>,
    /// The output of the failed ones, line by line.
    pub(crate) said: Vec<String>,
}

impl Tally {
    /// One check that passed.
    pub(crate) fn pass() -> Tally {
        Tally {
            passed: 1,
            ..Tally::default()
        }
    }

    /// One failure with this message.
    pub(crate) fn failure(message: String) -> Tally {
        Tally {
            failed: vec![message],
            ..Tally::default()
        }
    }

    /// Prints every skip with its reason, the output and names of failures, and the totals as the last line. Returns
    /// whether nothing failed.
    pub(crate) fn print(&self) -> bool {
        for (name, reason) in &self.skipped {
            println!("skipped {name}: {reason}");
        }
        for line in &self.said {
            println!("{line}");
        }
        for name in &self.failed {
            println!("failed  {name}");
        }
        println!(
            "{} passed, {} failed, {} skipped",
            self.passed,
            self.failed.len(),
            self.skipped.len()
        );
        self.failed.is_empty()
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed.extend(other.failed);
        self.skipped.extend(other.skipped);
        self.said.extend(other.said);
    }
}
