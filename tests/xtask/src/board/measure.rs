//! `cargo xtask board measure`: figures of boards that do not depend on the speed of this host.
//!
//! QEMU's clock counts instructions (`-icount shift=0`: one nanosecond for each). With `log = "info"`, a kernel prints when
//! its program starts and ends, and how much memory was taken. So a microsecond of the machine is a thousand instructions.
//! Waiting for the emulated disk is included, because it is a loop.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use board_card::table::Entry;
use board_card::{self as card, Contents};

use super::kernel::{self, Size};
use super::lowered;
use super::machine::{Machine, status};
use crate::bench::callgrind;
use crate::layout::Layout;
use crate::{cargo, go, process};

/// Programs of the benchmark. They perform a twentieth of their usual work.
const PROGRAMS: [&str; 8] = [
    "hello", "fannkuch", "gzip", "json", "maps", "regexp", "sha256", "sort",
];
const PERCENT: &str = "5";

/// The number of measurements of file throughput. The best one is used, because a busy host makes the machine wait longer.
const SPEEDS: usize = 7;

/// The results of a run on a board, in thousands of instructions and in KiB.
struct Run {
    /// The start of the program.
    start: u64,
    /// The end of the machine.
    end: u64,
    /// The kernel with its stack, the program's memory, the heap.
    memory: [u64; 3],
    console: String,
}

/// Measures boards and prints two tables in Markdown.
pub(super) fn run(
    layout: &Layout,
    boards: &[(String, &Entry)],
    size: Size,
    flash: bool,
) -> Result<()> {
    let folder = layout.target.join("boards/measure");
    std::fs::create_dir_all(&folder)?;
    let programs = programs(layout, &folder)?;
    let mut table = String::new();
    let mut columns = BTreeMap::<_, Vec<u64>>::new();
    for (name, entry) in boards {
        let kernel = kernel::build(layout, name, entry, size)?;
        let weight = kernel::weight(&kernel, entry)?;
        let machine = |image, program: &Path| {
            let flash = match flash {
                true => Some(lowered::flash(entry, program)?),
                false => None,
            };
            Ok(Machine {
                counts: true,
                flash,
                ..Machine::new(entry, kernel.clone(), image)
            })
        };
        let programs: Result<Vec<_>> = programs
            .iter()
            .map(|program| lowered::program(layout, name, size, program))
            .collect();
        let programs = programs?;
        let hello = once(layout, &machine, &folder, &programs[0], "5")?;
        let [mut written, mut read] = [u64::MAX; 2];
        for _ in 0..SPEEDS {
            let ours = &programs[PROGRAMS.len()];
            let run = once(layout, &machine, &folder, ours, "speed")?;
            let [now_written, now_read] = microseconds(&run.console)?;
            (written, read) = (written.min(now_written), read.min(now_read));
        }
        let [image, guest, heap] = hello.memory;
        table += &format!(
            "| `{name}` | {} | {:.0} | {image} + {guest} + {heap} | {:.1} | {:.1} |\n",
            weight / 1000,
            hello.start as f64 / 1000.0,
            written as f64 / 4096.0,
            read as f64 / 4096.0
        );
        for program in &programs[..PROGRAMS.len()] {
            let run = once(layout, &machine, &folder, program, PERCENT)?;
            columns
                .entry(name.clone())
                .or_default()
                .push(run.end / 1000);
        }
    }
    println!(
        "\n| board | kernel, KB | until the program starts, million instructions | RAM: kernel with stack + program + heap, KiB | writing 1 KiB, thousand instructions | reading 1 KiB |"
    );
    println!("|---|---|---|---|---|---|\n{table}");
    let names: Vec<_> = columns.keys().map(|name| format!("`{name}`")).collect();
    println!("| program | desktop, x86-64 | {} |", names.join(" | "));
    println!("|---|---|{}", "---|".repeat(names.len()));
    let desktop = cargo::programs(layout)?.join("wasi-interp");
    for (row, program) in programs[..PROGRAMS.len()].iter().enumerate() {
        let here = callgrind::count(&desktop, program, PERCENT)? / 1_000_000;
        let cells = columns
            .values()
            .map(|counts| format!("{} ({:.2})", counts[row], counts[row] as f64 / here as f64));
        let cells: Vec<_> = cells.collect();
        println!("| {} | {here} | {} |", PROGRAMS[row], cells.join(" | "));
    }
    Ok(())
}

/// Builds the benchmark's programs, followed by the program of the boards' tests.
fn programs(layout: &Layout, folder: &Path) -> Result<Vec<PathBuf>> {
    let go = go::toolchain(layout, go::CURRENT)?;
    let of_bench = PROGRAMS.map(|name| (layout.root.join("bench/programs/go"), name));
    let ours = (layout.root.join("tests/guests"), "board");
    let build = |(source, name): (PathBuf, &str)| {
        let output = folder.join(name).with_extension("wasm");
        let mut command = go.command(&source);
        command.env("GOOS", "wasip1").env("GOARCH", "wasm");
        command
            .args(["build", "-trimpath", "-o"])
            .arg(&output)
            .arg(format!("./{name}"));
        process::run(&mut command)?;
        Ok(output)
    };
    of_bench.into_iter().chain([ours]).map(build).collect()
}

/// Boots a machine with a program once.
fn once<'t>(
    layout: &Layout,
    machine: &dyn Fn(PathBuf, &Path) -> Result<Machine<'t>>,
    folder: &Path,
    program: &Path,
    argument: &str,
) -> Result<Run> {
    let settings = folder.join("wasi.toml");
    std::fs::write(
        &settings,
        format!("args = [\"{argument}\"]\n[console]\nlog = \"info\"\n"),
    )?;
    let machine = machine(folder.join("card.img"), program)?;
    let contents = Contents {
        program: program.to_owned(),
        settings: Some(settings),
        ..Contents::default()
    };
    card::write(
        Some(machine.entry),
        Some(&machine.kernel),
        &contents,
        &machine.image,
        &card::no_validation,
        &mut |_, _| {},
    )?;
    let mut child = machine.start(layout, Stdio::null())?;
    let mut console = String::new();
    let mut output = child.stdout.take().context("stdout was not piped")?;
    output.read_to_string(&mut console)?;
    let status = status(child)?;
    ensure!(
        status == 0,
        "{} ended with {status}: {console}",
        program.display()
    );
    let number = |before: &str| number_after(&console, before);
    Ok(Run {
        start: number("the program starts at ")?,
        end: number("status 0 at ")?,
        memory: [
            number("KiB of RAM: kernel ")?,
            number(", program ")?,
            number(", heap ")?,
        ],
        console,
    })
}

fn microseconds(console: &str) -> Result<[u64; 2]> {
    Ok([
        number_after(console, "written in ")?,
        number_after(console, "read in ")?,
    ])
}

fn number_after(text: &str, before: &str) -> Result<u64> {
    let Some((_, rest)) = text.split_once(before) else {
        bail!("{before:?} is not on the console: {text:?}");
    };
    let digits = rest
        .split(|c: char| !c.is_ascii_digit())
        .next()
        .unwrap_or_default();
    digits
        .parse()
        .with_context(|| format!("no number behind {before:?}: {text:?}"))
}
