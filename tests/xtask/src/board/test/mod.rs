//! `cargo xtask board test`: tests the boot, the work, the failures and the power cuts of machines.
//!
//! A scenario is a row of [`SCENARIOS`] in `list.rs`: a name and a function over a [`Bench`]. The machine's output and status are
//! compared with those of the same program under `wasi-interp` on this host. The files on its card are checked with fsck
//! and mtools.

mod bench;
mod card;
mod frozen;
mod list;
mod lowered;
mod machines;
mod scenarios;
mod stops;
mod worlds;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use board_card::table::{Entry, Table, table};
use clap::Args;

use super::kernel::{self, Size};
use super::tools;
use crate::layout::Layout;
use crate::tally::Tally;
use crate::{asm, cargo};
use bench::Bench;
use list::{HIBERNATE, LOWERED, LOWERED_HIBERNATE, SCENARIOS, Scenario};

/// The last tier that `cargo xtask test` tests.
const TIER: u8 = 2;

/// The board whose small kernel is tested by `cargo xtask test`, and the number of scenarios, from the first on.
const SMALL: &str = "riscv64-virt";
const FOR_SMALL: usize = 1;

/// The boards whose kernels for programs in lowered form are tested by `cargo xtask test`, and whether they hibernate: one for each processor.
const FOR_LOWERED: [(&str, bool); 3] = [
    ("riscv64-virt", false),
    ("aarch64-virt", false),
    ("armv7-virt", true),
];

/// The number of power cuts while a program writes, on each board.
const POWER_CUTS: usize = 40;

/// The same in `cargo xtask test`. The tests of the file system cut the power at every write.
const FEW_POWER_CUTS: usize = 10;

/// The number of boards that are tested at the same time. An emulator keeps one processor busy.
const AT_ONCE: usize = 2;

/// Options of the tests.
#[derive(Clone, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    size: Size,
    /// How often the power fails while a program writes.
    #[arg(long, value_name = "COUNT", default_value_t = POWER_CUTS)]
    power_cuts: usize,
    /// Try every variant of devices, sizes of memory and silent devices, not a sample: an hour for a board.
    #[arg(long)]
    all: bool,
    /// Only the scenarios whose names contain this.
    #[arg(long, value_name = "TEXT")]
    scenario: Option<String>,
}

/// A board to test.
struct Candidate<'t> {
    name: &'t str,
    entry: &'t Entry,
    options: Options,
    scenarios: &'static [Scenario],
    /// Only scenarios that depend on the board's devices.
    of_devices: bool,
}

/// Tests the boards named, or all of tiers 1 and 2.
pub(crate) fn run(layout: &Layout, names: &[String], options: Options) -> Result<Tally> {
    let table = table();
    let scenarios = match (options.size.lowered, options.size.hibernate) {
        (false, false) => SCENARIOS,
        (false, true) => HIBERNATE,
        (true, false) => LOWERED,
        (true, true) => LOWERED_HIBERNATE,
    };
    let boards = chosen(&table, names, &options, scenarios)?;
    tools(&boards)?;
    let desktop = cargo::desktop(layout)?;
    let mut tally = Tally::default();
    let boards = compiled(layout, boards, &mut tally);
    tally += test(layout, &desktop, boards);
    Ok(tally)
}

/// The step of `cargo xtask test`: tiers 1 and 2, and a small kernel. If an emulator cannot be installed, the kernels are built, and
/// the rest is skipped with that reason.
pub(crate) fn step(layout: &Layout) -> Result<Tally> {
    let table = table();
    let of_size = |small, lowered, hibernate| Options {
        size: Size {
            small,
            lowered,
            hibernate,
        },
        power_cuts: FEW_POWER_CUTS,
        all: false,
        scenario: None,
    };
    let mut boards = chosen(
        &table,
        &[SMALL.to_owned()],
        &of_size(true, false, false),
        &SCENARIOS[..FOR_SMALL],
    )?;
    for (name, hibernate) in FOR_LOWERED {
        let scenarios = if hibernate {
            LOWERED_HIBERNATE
        } else {
            LOWERED
        };
        let options = of_size(false, true, hibernate);
        boards.extend(chosen(&table, &[name.to_owned()], &options, scenarios)?);
    }
    boards.extend(chosen(
        &table,
        &[],
        &of_size(false, false, false),
        SCENARIOS,
    )?);
    let (tiers, processors): (Vec<_>, Vec<_>) = boards
        .iter()
        .map(|board| (board.entry.tier, board.entry.target.clone()))
        .unzip();
    for (at, board) in boards.iter_mut().enumerate() {
        let is_like = |other: usize| {
            processors[other] == processors[at] && (tiers[other], other) < (tiers[at], at)
        };
        board.of_devices = board.entry.tier == TIER && (0..tiers.len()).any(is_like);
    }
    let mut tally = Tally::default();
    // The kernels are compiled even if there is no emulator: no other step compiles the shim for these processors.
    let boards = compiled(layout, boards, &mut tally);
    if let Err(error) = tools(&boards) {
        let skipped = |board: &Candidate<'_>| (board.title(), format!("{error:#}"));
        tally.skipped.extend(boards.iter().map(skipped));
        return Ok(tally);
    }
    let desktop = cargo::programs(layout)?.join("wasi-interp");
    tally += test(layout, &desktop, boards);
    Ok(tally)
}

/// Installs all tools of the step, also those that single scenarios need.
pub(crate) fn install() -> Result<()> {
    let table = table();
    let tested = table.values().filter(|entry| entry.tier <= TIER);
    let tested = tested.collect::<Vec<_>>();
    tools::all(&tested)?;
    for entry in tested {
        if machines::no_slots(entry).is_none() {
            tools::u_boot(&entry.qemu[0])?;
        }
    }
    Ok(())
}

/// Installs the tools for testing these boards.
fn tools(boards: &[Candidate<'_>]) -> Result<()> {
    let entries: Vec<_> = boards.iter().map(|board| board.entry).collect();
    tools::all(&entries)
}

/// Builds the kernels of these boards, processor by processor. Returns the boards whose kernels were built.
fn compiled<'t>(
    layout: &Layout,
    boards: Vec<Candidate<'t>>,
    tally: &mut Tally,
) -> Vec<Candidate<'t>> {
    // Small kernels are built when it is their turn: other boards are tested while one is linked.
    let (mut ready, full): (Vec<_>, Vec<_>) = boards
        .into_iter()
        .partition(|board| board.options.size.small);
    let mut kernels = BTreeMap::<_, Vec<_>>::new();
    for board in full {
        let size = board.options.size;
        let key = (&board.entry.target, size.lowered, size.hibernate);
        kernels.entry(key).or_default().push(board);
    }
    for together in kernels.into_values() {
        let names: Vec<_> = together.iter().map(|board| board.name).collect();
        match kernel::build_together(layout, &names, together[0].entry, together[0].options.size) {
            Ok(()) => {
                tally.passed += names.len();
                ready.extend(together);
            }
            Err(error) => tally.failed.push(format!("{error:#}")),
        }
    }
    ready
}

/// Runs every scenario on each board, two boards at a time.
fn test(layout: &Layout, desktop: &Path, mut ready: Vec<Candidate<'_>>) -> Tally {
    let mut tally = Tally::default();
    // Boards with all scenarios take longest, so they are first.
    ready.sort_by_key(|board| board.entry.tier);
    let queue = Mutex::new(ready.into_iter());
    let next = || queue.lock().ok()?.next();
    let worker = || {
        let mut tally = Tally::default();
        while let Some(board) = next() {
            match board.bench(layout, desktop) {
                Ok(bench) => tally += board.test(&bench),
                Err(error) => tally.failed.push(format!("{}: {error:#}", board.title())),
            }
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

impl<'t> Candidate<'t> {
    fn title(&self) -> String {
        let size = self.options.size;
        let small = if size.small { " small" } else { "" };
        let lowered = if size.lowered { " lowered" } else { "" };
        let hibernate = if size.hibernate { " hibernate" } else { "" };
        format!("{}{small}{lowered}{hibernate}", self.name)
    }

    fn bench(&self, layout: &'t Layout, desktop: &'t Path) -> Result<Bench<'t>> {
        let kernel = match self.options.size.small {
            true => kernel::build(layout, self.name, self.entry, self.options.size)?,
            false => kernel::path(layout, self.name, self.options.size),
        };
        let title = self.title();
        let options = (self.options.power_cuts, self.options.all);
        let bench = Bench::new(layout, desktop, &title, self.entry, kernel, options)?;
        let size = self.options.size;
        Ok(match size.lowered {
            true => bench.with_lowered(size),
            false => bench,
        })
    }

    fn test(&self, bench: &Bench<'_>) -> Tally {
        let mut tally = Tally::default();
        match self.weigh(&bench.kernel) {
            Ok(()) => tally.passed += 1,
            Err(error) => tally.failed.push(format!("{}: {error:#}", self.title())),
        }
        match asm::kernel::handlers(&bench.kernel) {
            Ok(None) => {}
            Ok(Some(count)) => {
                println!("{}: {count} handlers leave by a jump", self.title());
                tally.passed += 1;
            }
            Err(error) => tally.failed.push(format!("{}: {error:#}", self.title())),
        }
        let wanted = |scenario: &&Scenario| match &self.options.scenario {
            Some(text) => scenario.name.contains(text.as_str()),
            None => true,
        };
        for scenario in self.scenarios.iter().filter(wanted) {
            let title = format!("{}: {}", self.title(), scenario.name);
            if self.entry.tier > scenario.tier {
                let reason = format!("tried on boards of tier {} and below", scenario.tier);
                tally.skipped.push((title, reason));
                continue;
            }
            if self.of_devices && !scenario.of_devices {
                let reason = "tried on another board with this processor; `cargo xtask board test` tries it here";
                tally.skipped.push((title, reason.to_owned()));
                continue;
            }
            if let Some(reason) = (scenario.unless)(self.entry) {
                tally.skipped.push((title, reason.to_owned()));
                continue;
            }
            let start = Instant::now();
            match (scenario.run)(bench) {
                Ok(()) => {
                    println!("passed  {title}, {:.1} s", start.elapsed().as_secs_f64());
                    tally.passed += 1;
                }
                Err(error) => {
                    let said = format!("FAILED  {title}: {error:#}");
                    println!("{said}");
                    tally.said.push(said);
                    tally.failed.push(title);
                }
            }
        }
        tally
    }

    /// Fails if the kernel is larger than allowed.
    fn weigh(&self, kernel: &Path) -> Result<()> {
        let (weight, limit) = (
            kernel::weight(kernel, self.entry)?,
            self.options.size.limit(),
        );
        println!("{} weighs {} KB", self.title(), weight / 1000);
        ensure!(
            weight <= limit,
            "the kernel weighs {weight} bytes, more than {limit}"
        );
        Ok(())
    }
}

/// The boards with these names, or all of tiers 1 and 2.
fn chosen<'t>(
    table: &'t Table,
    names: &[String],
    options: &Options,
    scenarios: &'static [Scenario],
) -> Result<Vec<Candidate<'t>>> {
    let row = |(name, entry): (&'t String, &'t Entry)| Candidate {
        name,
        entry,
        options: options.clone(),
        scenarios,
        of_devices: false,
    };
    if names.is_empty() {
        let tested = table.iter().filter(|(_, entry)| entry.tier <= TIER);
        return Ok(tested.map(row).collect());
    }
    let known = |name: &String| table.get_key_value(name).map(row);
    names
        .iter()
        .map(|name| known(name).with_context(|| format!("there is no board {name}")))
        .collect()
}
