//! `cargo xtask board test`: every machine boots, works, fails and is cut off as it should.
//!
//! A scenario is a row of [`SCENARIOS`]: a name and a function over a [`Bench`]. What the machine prints and exits with is
//! compared with the same program under `wasi-interp` on this host, and what it leaves on the card with fsck and mtools.

mod bench;
mod card;
mod scenarios;

use anyhow::{Context, Result};
use boards::table::{Table, table};

use super::find;
use crate::layout::Layout;
use crate::tally::Tally;
use bench::Bench;

/// One thing that must hold on a machine.
struct Scenario {
    name: &'static str,
    /// The highest tier that it is tried on.
    tier: u8,
    run: fn(&Bench<'_>) -> Result<()>,
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "a Go program works with files as on the desktop",
        tier: 3,
        run: scenarios::work,
    },
    Scenario {
        name: "the exit status reaches the host",
        tier: 3,
        run: scenarios::exit_status,
    },
    Scenario {
        name: "a trap is told",
        tier: 3,
        run: scenarios::trap,
    },
    Scenario {
        name: "too little memory is told",
        tier: 2,
        run: scenarios::out_of_memory,
    },
    Scenario {
        name: "a missing program is told",
        tier: 2,
        run: scenarios::missing_program,
    },
    Scenario {
        name: "wrong settings are told",
        tier: 1,
        run: scenarios::wrong_settings,
    },
    Scenario {
        name: "a card without a volume is told",
        tier: 2,
        run: scenarios::no_volume,
    },
    Scenario {
        name: "a large card (SDHC)",
        tier: 2,
        run: scenarios::large_card,
    },
    Scenario {
        name: "a person types while a ticker ticks",
        tier: 2,
        run: scenarios::conversation,
    },
    Scenario {
        name: "Ctrl-C ends the program",
        tier: 1,
        run: scenarios::interrupt,
    },
    Scenario {
        name: "the power fails during writes",
        tier: 1,
        run: scenarios::power_cut,
    },
];

/// Tests the boards named, or all of tiers 1 and 2.
pub(crate) fn run(layout: &Layout, names: &[String]) -> Result<Tally> {
    let table = table();
    let mut tally = Tally::default();
    for name in chosen(&table, names)? {
        let entry = find(&table, name)?;
        let bench = match Bench::new(layout, name, entry) {
            Ok(bench) => bench,
            Err(error) => {
                tally.failed.push(format!("{name}: {error:#}"));
                continue;
            }
        };
        for scenario in SCENARIOS {
            let title = format!("{name}: {}", scenario.name);
            if entry.tier > scenario.tier {
                let reason = format!("tried on boards of tier {} and below", scenario.tier);
                tally.skipped.push((title, reason));
                continue;
            }
            match (scenario.run)(&bench) {
                Ok(()) => {
                    println!("passed  {title}");
                    tally.passed += 1;
                }
                Err(error) => {
                    println!("FAILED  {title}: {error:#}");
                    tally.failed.push(title);
                }
            }
        }
    }
    Ok(tally)
}

/// The step of `cargo xtask test`.
pub(crate) fn step(layout: &Layout) -> Result<Tally> {
    run(layout, &[])
}

fn chosen<'t>(table: &'t Table, names: &'t [String]) -> Result<Vec<&'t str>> {
    if names.is_empty() {
        let tested = table.iter().filter(|(_, entry)| entry.tier <= 2);
        return Ok(tested.map(|(name, _)| name.as_str()).collect());
    }
    names
        .iter()
        .map(|name| {
            let known = table.get_key_value(name);
            known
                .map(|(name, _)| name.as_str())
                .with_context(|| format!("there is no board {name}"))
        })
        .collect()
}
