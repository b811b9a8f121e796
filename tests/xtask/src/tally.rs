//! Counting: what passed, what failed, what was skipped and why.

use std::ops::AddAssign;

/// The outcome of a step, or of all of them.
#[derive(Default)]
pub(crate) struct Tally {
    /// How many tests or checks passed.
    pub(crate) passed: usize,
    /// The names of those that failed.
    pub(crate) failed: Vec<String>,
    /// The names of those that were not run, each with its reason.
    pub(crate) skipped: Vec<(String, String)>,
}

impl Tally {
    /// One check that passed.
    pub(crate) fn pass() -> Tally {
        Tally {
            passed: 1,
            ..Tally::default()
        }
    }

    /// Prints every skip with its reason, every failure, and the totals as the last line; says whether nothing failed.
    pub(crate) fn print(&self) -> bool {
        for (name, reason) in &self.skipped {
            println!("skipped {name}: {reason}");
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

    /// Counts from the output of Rust's test harness.
    ///
    /// The totals come from its `test result:` lines; names and reasons from its `test NAME ...` lines, and from lines
    /// `left out: COUNT × REASON` or `skipped: REASON` that a test prints about cases within it.
    pub(crate) fn read_libtest_line(&mut self, line: &str) {
        if let Some(totals) = line.strip_prefix("test result: ") {
            let passed = totals
                .split_whitespace()
                .zip(totals.split_whitespace().skip(1));
            let passed = passed.filter(|(_, word)| word.starts_with("passed"));
            self.passed += passed
                .filter_map(|(count, _)| count.parse::<usize>().ok())
                .sum::<usize>();
        } else if let Some((name, verdict)) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.split_once(" ... "))
        {
            if verdict == "FAILED" {
                self.failed.push(name.to_owned());
            } else if let Some(reason) = verdict.strip_prefix("ignored") {
                let reason = reason.trim_start_matches([',', ' ']);
                let reason = if reason.is_empty() {
                    "no reason given"
                } else {
                    reason
                };
                self.skipped.push((name.to_owned(), reason.to_owned()));
            }
        } else if let Some((count, reason)) = line
            .trim_start()
            .strip_prefix("left out: ")
            .and_then(|rest| rest.split_once(" × "))
            .filter(|(count, _)| *count != "0")
        {
            self.skipped
                .push((format!("{count} cases in a test"), reason.to_owned()));
        } else if let Some(reason) = line.strip_prefix("skipped: ") {
            self.skipped
                .push(("a case in a test".to_owned(), reason.to_owned()));
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed.extend(other.failed);
        self.skipped.extend(other.skipped);
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn counts_what_the_harness_prints() {
        let mut tally = Tally::default();
        for line in [
            "running 4 tests",
            "test ops::add ... ok",
            "test files::links ... FAILED",
            "test slow ... ignored, takes an hour",
            "  left out: 12 × they need vectors",
            "left out: 0 × nothing to say",
            "skipped: there is no tar",
            "test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ] {
            tally.read_libtest_line(line);
        }
        assert_eq!(tally.passed, 1);
        assert_eq!(tally.failed, ["files::links"]);
        assert_eq!(
            tally.skipped,
            [
                ("slow".to_owned(), "takes an hour".to_owned()),
                (
                    "12 cases in a test".to_owned(),
                    "they need vectors".to_owned()
                ),
                ("a case in a test".to_owned(), "there is no tar".to_owned()),
            ]
        );
    }
}
