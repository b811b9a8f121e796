//! `cargo xtask board test`: every machine boots, works, fails and is cut off as it should.
//!
//! A scenario is a row of [`SCENARIOS`]: a name and a function over a [`Bench`]. What the machine prints and exits with is
//! compared with the same program under `wasi-interp` on this host, and what it leaves on the card with fsck and mtools.

mod bench;
mod card;
mod scenarios;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result};
use boards::table::{Entry, Table, table};

use super::{kernel, tools};
use crate::layout::Layout;
use crate::tally::Tally;
use crate::{cargo, process};
use bench::Bench;

/// One thing that must hold on a machine.
struct Scenario {
    name: &'static str,
    /// The highest tier that it is tried on.
    tier: u8,
    /// Why it cannot be tried on this board, if so.
    unless: fn(&Entry) -> Option<&'static str>,
    run: fn(&Bench<'_>) -> Result<()>,
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "the Go file copy",
        tier: 3,
        unless: |_| None,
        run: scenarios::file_copy,
    },
    Scenario {
        name: "a Go program works with files as on the desktop",
        tier: 3,
        unless: |_| None,
        run: scenarios::work,
    },
    Scenario {
        name: "a Go program works with files in 32 MiB of RAM",
        tier: 2,
        unless: |entry| {
            let fixed = entry.volatile || !entry.qemu.iter().any(|word| word == "{memory}");
            fixed.then_some("the emulator gives this machine the memory that it has")
        },
        run: scenarios::little_memory,
    },
    Scenario {
        name: "the exit status reaches the host",
        tier: 3,
        unless: |_| None,
        run: scenarios::exit_status,
    },
    Scenario {
        name: "a trap is told",
        tier: 3,
        unless: |_| None,
        run: scenarios::trap,
    },
    Scenario {
        name: "too little memory is told",
        tier: 2,
        unless: |_| None,
        run: scenarios::out_of_memory,
    },
    Scenario {
        name: "a missing program is told",
        tier: 2,
        unless: |_| None,
        run: scenarios::missing_program,
    },
    Scenario {
        name: "wrong settings are told",
        tier: 1,
        unless: |_| None,
        run: scenarios::wrong_settings,
    },
    Scenario {
        name: "a card without a volume is told",
        tier: 2,
        unless: |_| None,
        run: scenarios::no_volume,
    },
    Scenario {
        name: "a large card (SDHC)",
        tier: 2,
        unless: |_| None,
        run: scenarios::large_card,
    },
    Scenario {
        name: "a person types while a ticker ticks",
        tier: 2,
        unless: |_| None,
        run: scenarios::conversation,
    },
    Scenario {
        name: "Ctrl-C ends the program",
        tier: 1,
        unless: |_| None,
        run: scenarios::interrupt,
    },
    Scenario {
        name: "the power fails during writes",
        tier: 1,
        unless: |_| None,
        run: scenarios::power_cut,
    },
];

/// How many boards are tested at the same time: an emulator keeps one processor busy.
const AT_ONCE: usize = 2;

/// Tests the boards named, or all of tiers 1 and 2.
pub(crate) fn run(layout: &Layout, names: &[String]) -> Result<Tally> {
    let table = table();
    let boards = chosen(&table, names)?;
    let entries: Vec<_> = boards.iter().map(|(_, entry)| *entry).collect();
    tools::all(&entries)?;
    let mut build = cargo::cargo(layout);
    build.args([
        "build",
        "--quiet",
        "--profile=quick",
        "--package",
        "host-cli",
        "--bins",
    ]);
    process::run(&mut build)?;
    let desktop = layout.target.join("quick/wasi-interp");
    Ok(test(layout, &desktop, &boards))
}

/// The step of `cargo xtask test`: tiers 1 and 2. What cannot be installed here is a reason to skip it.
pub(crate) fn step(layout: &Layout) -> Result<Tally> {
    let table = table();
    let boards = chosen(&table, &[])?;
    let entries: Vec<_> = boards.iter().map(|(_, entry)| *entry).collect();
    if let Err(error) = tools::all(&entries) {
        let skipped = |(name, _): &(&str, _)| ((*name).to_owned(), format!("{error:#}"));
        return Ok(Tally {
            skipped: boards.iter().map(skipped).collect(),
            ..Tally::default()
        });
    }
    let desktop = cargo::programs(layout, "tail", &[])?.join("wasi-interp");
    Ok(test(layout, &desktop, &boards))
}

/// Builds the kernels of these boards, processor by processor, and tries every scenario on each board, two boards at a time.
fn test(layout: &Layout, desktop: &Path, boards: &[(&str, &Entry)]) -> Tally {
    let mut kernels = BTreeMap::<_, Vec<_>>::new();
    for (name, entry) in boards {
        kernels
            .entry(&entry.target)
            .or_default()
            .push((*name, *entry));
    }
    let mut tally = Tally::default();
    let mut built = Vec::new();
    for together in kernels.into_values() {
        let names: Vec<_> = together.iter().map(|(name, _)| *name).collect();
        match kernel::build_together(layout, &names, together[0].1) {
            Ok(()) => built.extend(together),
            Err(error) => tally.failed.push(format!("{error:#}")),
        }
    }
    // Boards that go through all scenarios take longest, so they begin.
    built.sort_by_key(|(_, entry)| entry.tier);
    let queue = Mutex::new(built.into_iter());
    let next = || queue.lock().ok()?.next();
    let worker = || {
        let mut tally = Tally::default();
        while let Some((name, entry)) = next() {
            tally += test_board(layout, desktop, name, entry);
        }
        tally
    };
    thread::scope(|scope| {
        for worker in [(); AT_ONCE].map(|()| scope.spawn(worker)) {
            match worker.join() {
                Ok(part) => tally += part,
                Err(_) => tally.failed.push("a test panicked".to_owned()),
            }
        }
    });
    tally
}

fn test_board(layout: &Layout, desktop: &Path, name: &str, entry: &Entry) -> Tally {
    let mut tally = Tally::default();
    let bench = match Bench::new(layout, desktop, name, entry) {
        Ok(bench) => bench,
        Err(error) => {
            tally.failed.push(format!("{name}: {error:#}"));
            return tally;
        }
    };
    for scenario in SCENARIOS {
        let title = format!("{name}: {}", scenario.name);
        if entry.tier > scenario.tier {
            let reason = format!("tried on boards of tier {} and below", scenario.tier);
            tally.skipped.push((title, reason));
            continue;
        }
        if let Some(reason) = (scenario.unless)(entry) {
            tally.skipped.push((title, reason.to_owned()));
            continue;
        }
        let start = Instant::now();
        match (scenario.run)(&bench) {
            Ok(()) => {
                println!("passed  {title}, {:.1} s", start.elapsed().as_secs_f64());
                tally.passed += 1;
            }
            Err(error) => {
                println!("FAILED  {title}: {error:#}");
                tally.failed.push(title);
            }
        }
    }
    tally
}

/// The boards with these names, or all of tiers 1 and 2.
fn chosen<'t>(table: &'t Table, names: &[String]) -> Result<Vec<(&'t str, &'t Entry)>> {
    let row = |(name, entry): (&'t String, &'t Entry)| (name.as_str(), entry);
    if names.is_empty() {
        let tested = table.iter().filter(|(_, entry)| entry.tier <= 2);
        return Ok(tested.map(row).collect());
    }
    let known = |name: &String| table.get_key_value(name).map(row);
    names
        .iter()
        .map(|name| known(name).with_context(|| format!("there is no board {name}")))
        .collect()
}
