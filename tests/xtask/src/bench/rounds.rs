//! All runs: each round runs every program under every runner.

use std::collections::HashMap;

use anyhow::Result;

use super::measure::{self, Run};
use super::programs::{HELLO, Program};
use super::runners::{Kind, Runner};

/// The number of runs of the smallest program in each round. One run takes milliseconds, which is too short for a reliable
/// figure.
const HELLOS: u32 = 5;

/// The results of one program under one runner.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// All measured runs.
    Runs(Vec<Run>),
    /// The program failed, or its output differs from that of most runners. Contains the reason.
    Failed(String),
}

/// All results: a row for each program, a cell for each runner.
pub(super) struct Table {
    /// The programs, in order.
    pub(super) programs: Vec<Program>,
    /// The runners, in order.
    pub(super) runners: Vec<Runner>,
    /// The cells, by program, then by runner.
    pub(super) cells: Vec<Vec<Cell>>,
    /// The number of rounds.
    pub(super) rounds: u32,
}

impl Table {
    /// Returns whether all programs ran with the right output under the runners of this repository.
    pub(super) fn ours_succeeded(&self) -> bool {
        let ours = |row: &Vec<Cell>| {
            self.runners
                .iter()
                .zip(row)
                .all(|(runner, cell)| runner.kind != Kind::Ours || matches!(cell, Cell::Runs(_)))
        };
        self.cells.iter().all(ours)
    }
}

/// Runs everything. A program that fails under a runner is not repeated there.
pub(super) fn run(runners: &[Runner], programs: &[Program], rounds: u32) -> Result<Table> {
    let empty = vec![Cell::Runs(Vec::new()); runners.len()];
    let mut cells = vec![empty; programs.len()];
    for round in 1..=rounds {
        for (program, row) in programs.iter().zip(&mut cells) {
            let times = if program.name == HELLO { HELLOS } else { 1 };
            for _ in 0..times {
                for (runner, cell) in runners.iter().zip(row.iter_mut()) {
                    once(runner, program, cell)?;
                }
            }
            if round == 1 {
                compare(row, program.expected.as_deref());
            }
            println!("{}", progress(round, program, runners, row));
        }
    }
    Ok(Table {
        programs: programs.to_vec(),
        runners: runners.to_vec(),
        cells,
        rounds,
    })
}

/// Adds one run to a cell. If the output differs from earlier runs, the cell has failed.
fn once(runner: &Runner, program: &Program, cell: &mut Cell) -> Result<()> {
    let Cell::Runs(runs) = cell else {
        return Ok(());
    };
    match measure::run(&runner.words(program)?) {
        Ok(run) if runs.first().is_some_and(|first| first.output != run.output) => {
            *cell = Cell::Failed("prints something else each time".to_owned());
        }
        Ok(run) => runs.push(run),
        Err(error) => *cell = Cell::Failed(format!("{error:#}")),
    }
    Ok(())
}

/// Marks the cells of a row whose output is not the expected one; if that is not known, not that of most.
fn compare(row: &mut [Cell], expected: Option<&str>) {
    if let Some(expected) = expected {
        for cell in row {
            if matches!(cell, Cell::Runs(runs) if runs[0].output != expected.as_bytes()) {
                *cell = Cell::Failed(format!("does not print {}", expected.trim_end()));
            }
        }
        return;
    }
    let mut votes: HashMap<&[u8], usize> = HashMap::new();
    for cell in row.iter() {
        if let Cell::Runs(runs) = cell {
            *votes.entry(&runs[0].output).or_default() += 1;
        }
    }
    let Some((usual, _)) = votes.into_iter().max_by_key(|(_, count)| *count) else {
        return;
    };
    let usual = usual.to_vec();
    for cell in row {
        if matches!(cell, Cell::Runs(runs) if runs[0].output != usual) {
            *cell = Cell::Failed("prints something else than most".to_owned());
        }
    }
}

/// One line with the costs of a program's last runs.
fn progress(round: u32, program: &Program, runners: &[Runner], row: &[Cell]) -> String {
    let mut line = format!(
        "round {round} {:2} {:12}",
        program.group.language.name(),
        program.name
    );
    for (runner, cell) in runners.iter().zip(row) {
        line += &match cell {
            Cell::Runs(runs) => {
                let seconds = runs.last().map_or(0.0, |run| run.cpu.as_secs_f64());
                format!("  {} {seconds:.3}", runner.name)
            }
            Cell::Failed(_) => format!("  {} failed", runner.name),
        };
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn printed(text: &str) -> Cell {
        Cell::Runs(vec![Run {
            cpu: Duration::from_secs(1),
            peak: 1,
            output: text.into(),
        }])
    }

    #[test]
    fn the_odd_output_is_marked() {
        let mut row = [
            printed("a"),
            printed("b"),
            Cell::Failed("no".into()),
            printed("a"),
        ];
        compare(&mut row, None);
        let failed: Vec<bool> = row
            .iter()
            .map(|cell| matches!(cell, Cell::Failed(_)))
            .collect();
        assert_eq!(failed, [false, true, true, false]);
    }

    #[test]
    fn what_is_not_expected_is_marked_even_if_most_print_it() {
        let mut row = [printed("a"), printed("b"), printed("a")];
        compare(&mut row, Some("b"));
        let failed = row.map(|cell| matches!(cell, Cell::Failed(_)));
        assert_eq!(failed, [true, false, true]);
    }
}
