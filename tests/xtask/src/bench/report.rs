//! The results of one processor, in Markdown: a section of the file.

use super::figures::Mean;
use super::programs::{GROUPS, Group, HELLO, Language, Set, WITH_SIMD, WITHOUT_SIMD};
use super::rounds::{Cell, Table};
use super::runners::{BASE, Found, Kind, OURS, Runner};

/// The whole section, without its heading.
pub(super) fn page(head: &[String], found: &Found, table: &Table) -> String {
    let mut page = String::new();
    for line in head {
        page += &format!("- {line}\n");
    }
    page += &format!("- Rounds: {}, interleaved", table.rounds);
    if let Some((median, high)) = table.spread() {
        page += &format!(
            "; the median run took {median:.2} times the least (90th percentile: {high:.2})"
        );
    }
    page += "\n\n| runner | version |\n|---|---|\n";
    for runner in &table.runners {
        page += &format!("| {} | {} |\n", runner.name, runner.version);
    }
    for (name, reason) in &found.missing {
        page += &format!("| {name} | not measured: {reason} |\n");
    }
    page += &summary(table);
    for group in GROUPS {
        page += &times(table, group);
    }
    page += &memory(table);
    page += &failures(table);
    page
}

/// One row, its cells separated.
fn row(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().collect();
    format!("| {} |\n", cells.join(" | "))
}

/// A table's head: an empty corner, then a column for each runner, then others.
fn head(runners: &[Runner], corner: &str, others: &[&str]) -> String {
    let names = runners.iter().map(|runner| runner.name.clone());
    let others = others.iter().map(|name| (*name).to_owned());
    let cells: Vec<String> = std::iter::once(corner.to_owned())
        .chain(names)
        .chain(others)
        .collect();
    let line = format!("|{}\n", "---|".repeat(cells.len()));
    row(cells) + &line
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}

/// Means, the worst program, start-up and memory: a column for each runner.
fn summary(table: &Table) -> String {
    let mut text = format!(
        "\n### Summary\n\nRatios of CPU time, geometric means; the count of programs where not all ran. Less is better.\n\n{}",
        head(&table.runners, "", &[])
    );
    let mut line = |name: String, cell: &dyn Fn(usize) -> Option<String>| {
        let cells: Vec<_> = (0..table.runners.len()).map(cell).collect();
        if cells.iter().any(Option::is_some) {
            text += &row(std::iter::once(name).chain(cells.into_iter().map(or_dash)));
        }
    };
    let base = table.column(BASE);
    for group in GROUPS {
        let name = group.name();
        let all = table.working_rows(group).count();
        let shown = |mean: Mean| match mean.count == all {
            true => format!("{:.2}", mean.ratio),
            false => format!("{:.2} ({} of {all})", mean.ratio, mean.count),
        };
        if all == 0 {
            continue;
        }
        line(format!("{name}, to {BASE}"), &|column| {
            table.mean(group, column, base?).map(shown)
        });
        line(
            format!("{name}, to the fastest peer of each program"),
            &|column| table.mean_to_fastest(group, column).map(shown),
        );
        line(format!("{name}, worst to {BASE}"), &|column| {
            let (program, ratio) = table.worst(group, column, base?)?;
            Some(format!("{ratio:.2} {program}"))
        });
    }
    for language in [Language::Go, Language::C] {
        let mean = |set, column| table.mean(Group { language, set }, column, base?);
        line(
            format!("{}, held back to the first set", language.name()),
            &|column| {
                let ratio = mean(Set::HeldBack, column)?.ratio / mean(Set::First, column)?.ratio;
                Some(format!("{ratio:.2}"))
            },
        );
    }
    line("C, with SIMD to without".to_owned(), &|column| {
        let mean = table.mean_of_builds(WITH_SIMD, WITHOUT_SIMD, column)?;
        Some(format!("{:.2}", mean.ratio))
    });
    if let Some(hello) = table
        .programs
        .iter()
        .position(|program| program.name == HELLO)
    {
        let cells = &table.cells[hello];
        line("Go hello, start to exit, CPU ms".to_owned(), &|column| {
            cells[column]
                .least()
                .map(|seconds| format!("{:.1}", seconds * 1e3))
        });
        line(format!("Go hello, to {BASE}"), &|column| {
            table
                .ratio(hello, column, base?)
                .map(|ratio| format!("{ratio:.2}"))
        });
        line("Go hello, peak RSS MiB".to_owned(), &|column| {
            cells[column].peak().map(|peak| format!("{peak:.1}"))
        });
    }
    text
}

/// CPU times of the programs of a group.
fn times(table: &Table, group: Group) -> String {
    let rows: Vec<usize> = (0..table.programs.len())
        .filter(|at| table.programs[*at].group == group)
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let to_base = format!("to {BASE}");
    let mut text = format!(
        "\n### {} programs\n\nCPU seconds, user and system: the least of all rounds, the median in parentheses. The ratios are those of {OURS}.\n\n{}",
        group.name(),
        head(
            &table.runners,
            "program",
            &[&to_base, "to the fastest peer"]
        )
    );
    let ours = table.column(OURS);
    for at in rows {
        let seconds = table.cells[at].iter().map(|cell| {
            let both = cell.least().zip(cell.median());
            or_dash(both.map(|(least, median)| format!("{least:.3} ({median:.3})")))
        });
        let ratio = |base: Option<usize>| table.ratio(at, ours?, base?);
        let fastest = table.fastest_peer(at);
        let to_fastest = ratio(fastest)
            .zip(fastest)
            .map(|(ratio, peer)| format!("{ratio:.2} {}", table.runners[peer].name));
        text += &row(std::iter::once(table.programs[at].name.clone())
            .chain(seconds)
            .chain([
                or_dash(ratio(table.column(BASE)).map(|ratio| format!("{ratio:.2}"))),
                or_dash(to_fastest),
            ]));
    }
    text
}

/// Peaks of memory.
fn memory(table: &Table) -> String {
    let mut text = format!(
        "\n### Memory\n\nPeak resident memory of the process, MiB: the least of all rounds.\n\n{}",
        head(&table.runners, "program", &[])
    );
    for (program, cells) in table.programs.iter().zip(&table.cells) {
        let name = format!("{} {}", program.group.name(), program.name);
        let peaks = cells
            .iter()
            .map(|cell| or_dash(cell.peak().map(|peak| format!("{peak:.1}"))));
        text += &row(std::iter::once(name).chain(peaks));
    }
    text
}

/// The programs that did not run, with reasons; empty if all ran.
fn failures(table: &Table) -> String {
    let mut text = String::new();
    for (program, cells) in table.programs.iter().zip(&table.cells) {
        for (runner, cell) in table.runners.iter().zip(cells) {
            if let Cell::Failed(reason) = cell {
                let ours = if runner.kind == Kind::Ours { "**" } else { "" };
                text += &format!(
                    "- {ours}{}, {}{ours}: {reason}\n",
                    runner.name, program.name
                );
            }
        }
    }
    if text.is_empty() {
        return "\nAll programs ran under all runners, and printed the same.\n".to_owned();
    }
    format!("\n### Not run\n\n{text}")
}
