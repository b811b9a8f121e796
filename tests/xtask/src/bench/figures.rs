//! Figures from runs: minima, medians, ratios and their geometric means.

use super::measure::Run;
use super::programs::{Group, HELLO};
use super::rounds::{Cell, Table};
use super::runners::Kind;

impl Cell {
    /// The minimum CPU time in seconds.
    pub(super) fn least(&self) -> Option<f64> {
        self.seconds().first().copied()
    }

    /// The median CPU time in seconds. For an even number of runs, the upper of the two middle values.
    pub(super) fn median(&self) -> Option<f64> {
        let seconds = self.seconds();
        seconds.get(seconds.len() / 2).copied()
    }

    /// The minimum of the peak memories, in MiB.
    pub(super) fn peak(&self) -> Option<f64> {
        let least = self.runs().iter().map(|run| run.peak).min()?;
        Some(least as f64 / f64::from(1 << 20))
    }

    fn runs(&self) -> &[Run] {
        match self {
            Cell::Runs(runs) => runs,
            Cell::Failed(_) => &[],
        }
    }

    /// The CPU times in ascending order.
    fn seconds(&self) -> Vec<f64> {
        let mut seconds: Vec<f64> = self
            .runs()
            .iter()
            .map(|run| run.cpu.as_secs_f64())
            .collect();
        seconds.sort_by(f64::total_cmp);
        seconds
    }
}

/// A geometric mean, and the number of ratios.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mean {
    /// The mean.
    pub(super) ratio: f64,
    /// The number of programs.
    pub(super) count: usize,
}

/// The geometric mean of ratios, or `None` without ratios.
pub(super) fn geometric_mean(ratios: &[f64]) -> Option<Mean> {
    let sum: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    (!ratios.is_empty()).then(|| Mean {
        ratio: (sum / ratios.len() as f64).exp(),
        count: ratios.len(),
    })
}

impl Table {
    /// The column of a runner.
    pub(super) fn column(&self, runner: &str) -> Option<usize> {
        self.runners.iter().position(|found| found.name == runner)
    }

    /// The rows of a group that do work: all but the one for start-up.
    pub(super) fn working_rows(&self, group: Group) -> impl Iterator<Item = usize> + '_ {
        let works = move |row: &usize| {
            self.programs[*row].group == group && self.programs[*row].name != HELLO
        };
        (0..self.programs.len()).filter(works)
    }

    /// The time of one runner divided by that of another.
    pub(super) fn ratio(&self, row: usize, column: usize, base: usize) -> Option<f64> {
        Some(self.cells[row][column].least()? / self.cells[row][base].least()?)
    }

    /// The column of the fastest peer for a program.
    pub(super) fn fastest_peer(&self, row: usize) -> Option<usize> {
        let time = |column: &usize| self.cells[row][*column].least();
        (0..self.runners.len())
            .filter(|column| self.runners[*column].kind == Kind::Peer && time(column).is_some())
            .min_by(|a, b| time(a).partial_cmp(&time(b)).expect("both ran"))
    }

    /// The mean ratio of a runner to another over the programs of a group.
    pub(super) fn mean(&self, group: Group, column: usize, base: usize) -> Option<Mean> {
        let ratios: Vec<f64> = self
            .working_rows(group)
            .filter_map(|row| self.ratio(row, column, base))
            .collect();
        geometric_mean(&ratios)
    }

    /// The mean ratio of two builds of the same programs under one runner. `None` unless all of both groups ran.
    pub(super) fn mean_of_builds(&self, new: Group, old: Group, column: usize) -> Option<Mean> {
        let seconds = |group| -> Option<Vec<f64>> {
            let rows = self.working_rows(group);
            rows.map(|row| self.cells[row][column].least()).collect()
        };
        let (new, old) = (seconds(new)?, seconds(old)?);
        let ratios: Vec<f64> = new.iter().zip(&old).map(|(new, old)| new / old).collect();
        geometric_mean(&ratios).filter(|_| new.len() == old.len())
    }

    /// The mean ratio of a runner to the fastest peer of each program.
    pub(super) fn mean_to_fastest(&self, group: Group, column: usize) -> Option<Mean> {
        let ratios: Vec<f64> = self
            .working_rows(group)
            .filter_map(|row| self.ratio(row, column, self.fastest_peer(row)?))
            .collect();
        geometric_mean(&ratios)
    }

    /// The program with the highest ratio of one runner to another, and that ratio.
    pub(super) fn worst(&self, group: Group, column: usize, base: usize) -> Option<(&str, f64)> {
        self.working_rows(group)
            .filter_map(|row| {
                Some((
                    self.programs[row].name.as_str(),
                    self.ratio(row, column, base)?,
                ))
            })
            .max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The excess of the median over the minimum of the rounds: the median of all cells, and the 90th percentile.
    pub(super) fn spread(&self) -> Option<(f64, f64)> {
        let mut spreads: Vec<f64> = self
            .cells
            .iter()
            .flatten()
            .filter_map(|cell| Some(cell.median()? / cell.least()?))
            .collect();
        spreads.sort_by(f64::total_cmp);
        let at = |percent: usize| spreads.get(spreads.len() * percent / 100).copied();
        Some((at(50)?, at(90)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_mean_of_a_ratio_and_its_inverse_is_one() {
        let mean = geometric_mean(&[4.0, 0.25]).expect("two ratios");
        assert!((mean.ratio - 1.0).abs() < 1e-12 && mean.count == 2);
        assert_eq!(geometric_mean(&[]), None);
    }

    #[test]
    fn a_cell_knows_its_least_and_its_median() {
        let run = |milliseconds, peak| Run {
            cpu: Duration::from_millis(milliseconds),
            peak,
            output: Vec::new(),
        };
        let cell = Cell::Runs(vec![run(30, 3 << 20), run(10, 2 << 20), run(20, 4 << 20)]);
        assert_eq!(cell.least(), Some(0.01));
        assert_eq!(cell.median(), Some(0.02));
        assert_eq!(cell.peak(), Some(2.0));
        assert_eq!(Cell::Failed(String::new()).least(), None);
    }
}
