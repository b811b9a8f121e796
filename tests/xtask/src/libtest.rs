//! Rust's test harness: counts results in its output, and omits the output of passing tests.

use crate::tally::Tally;

/// Reads the output of `cargo test -- --show-output`, line by line.
#[derive(Default)]
pub(crate) struct Report {
    /// The counts so far.
    pub(crate) tally: Tally,
    part: Part,
}

/// The parts of the output of one test binary, in order.
#[derive(Clone, Copy, Default, PartialEq)]
enum Part {
    /// A line for each test.
    #[default]
    Verdicts,
    /// The output of the tests that passed.
    Successes,
    /// The output of the tests that failed.
    Failures,
}

impl Report {
    /// Reads a line. Returns whether it should be printed.
    pub(crate) fn line(&mut self, line: &str) -> bool {
        self.part = match line {
            "successes:" => Part::Successes,
            "failures:" => Part::Failures,
            _ if line.starts_with("test result: ") => Part::Verdicts,
            _ => self.part,
        };
        self.count(line);
        match self.part {
            Part::Verdicts => !line.ends_with(" ... ok"),
            Part::Successes => false,
            Part::Failures => {
                self.tally.said.push(line.to_owned());
                true
            }
        }
    }

    /// Counts a line. The totals come from the harness's `test result:` lines. Names and reasons come from its `test NAME
    /// ...` lines, and from lines `left out: COUNT × REASON` or `skipped: REASON` that a test prints about its cases.
    fn count(&mut self, line: &str) {
        let tally = &mut self.tally;
        if let Some(totals) = line.strip_prefix("test result: ") {
            let passed = totals
                .split_whitespace()
                .zip(totals.split_whitespace().skip(1));
            let passed = passed.filter(|(_, word)| word.starts_with("passed"));
            tally.passed += passed
                .filter_map(|(count, _)| count.parse::<usize>().ok())
                .sum::<usize>();
        } else if let Some((name, verdict)) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.split_once(" ... "))
        {
            if verdict == "FAILED" {
                tally.failed.push(name.to_owned());
            } else if let Some(reason) = verdict.strip_prefix("ignored") {
                let reason = reason.trim_start_matches([',', ' ']);
                let reason = if reason.is_empty() {
                    "no reason given"
                } else {
                    reason
                };
                tally.skipped.push((name.to_owned(), reason.to_owned()));
            }
        } else if let Some((count, reason)) = line
            .trim_start()
            .strip_prefix("left out: ")
            .and_then(|rest| rest.split_once(" × "))
            .filter(|(count, _)| *count != "0")
        {
            tally
                .skipped
                .push((format!("{count} cases in a test"), reason.to_owned()));
        } else if let Some(reason) = line.strip_prefix("skipped: ") {
            tally
                .skipped
                .push(("a case in a test".to_owned(), reason.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Report;

    #[test]
    fn counts_what_the_harness_prints() {
        let mut report = Report::default();
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
            report.line(line);
        }
        let tally = report.tally;
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

    #[test]
    fn shows_what_failures_say_and_nothing_else() {
        let mut report = Report::default();
        let lines = [
            "test ops::add ... ok",
            "test files::links ... FAILED",
            "successes:",
            "---- ops::add stdout ----",
            "2 + 2 = 4",
            "failures:",
            "---- files::links stdout ----",
            "a link leads nowhere",
            "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ];
        let shown = lines.map(|line| report.line(line));
        let [passes, fails, _, _, success, _, _, failure, result] = shown;
        assert_eq!([passes, success], [false; 2]);
        assert_eq!([fails, failure, result], [true; 3]);
        assert_eq!(report.tally.said, lines[5..8]);
    }
}
