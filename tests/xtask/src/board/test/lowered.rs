//! Kernels that run programs in lowered form.

use anyhow::{Result, bail, ensure};
use board_card::Contents;
use board_card::table::Entry;

use super::bench::Bench;
use super::card;
use super::scenarios::told;
use crate::board::kernel::Size;
use crate::board::lowered;
use crate::board::machine::Machine;

/// What a kernel of another size runs, what another processor runs, and WebAssembly.
pub(super) fn refusals(bench: &Bench<'_>) -> Result<()> {
    let full = Size {
        lowered: true,
        ..Size::default()
    };
    let small = Size {
        small: true,
        ..full
    };
    let other = match bench.entry.target.starts_with("arm") {
        true => "riscv64-virt",
        false => "armv7-virt",
    };
    for (board, size) in [(bench.entry.name.as_str(), small), (other, full)] {
        let program = bench.compiled(&bench.guest, board, size)?;
        refused(bench, program, "compile the module again")?;
    }
    refused(
        bench,
        bench.guest.clone(),
        "runs modules in lowered form only",
    )
}

/// A machine without flash for a program.
pub(super) fn no_flash(entry: &Entry) -> Option<&'static str> {
    match entry.flash {
        Some(_) => None,
        None => Some("it has no flash for a program"),
    }
}

/// The program does the same from flash as from the card, and leaves more than its own size of the heap.
pub(super) fn in_flash(bench: &Bench<'_>) -> Result<()> {
    let settings = "args = [\"exit\", \"7\"]\n[console]\nlog = \"info\"\n";
    let card = bench.card_with_settings(&bench.guest, settings)?;
    let from_card = bench.boot(&card)?;
    told(&from_card, 7, "status 7")?;
    let program = bench.compiled(&bench.guest, &bench.entry.name, bench.size()?)?;
    let machine = Machine {
        flash: Some(lowered::flash(bench.entry, &program)?),
        ..bench.machine(&card)
    };
    let from_flash = bench.boot_machine(&machine)?;
    told(&from_flash, 7, "status 7")?;
    let heaps = [&from_card, &from_flash].map(|outcome| heap(&outcome.console));
    let [Some(of_card), Some(of_flash)] = heaps else {
        bail!("the kernel does not print its heap: {}", from_flash.console);
    };
    let saved = program.metadata()?.len() >> 10;
    ensure!(
        of_flash + saved / 2 < of_card,
        "the heap takes {of_flash} KiB from flash and {of_card} KiB from the card"
    );
    Ok(())
}

/// The KiB of heap that a kernel prints at its end.
fn heap(console: &str) -> Option<u64> {
    let (_, rest) = console.split_once(", heap ")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn refused(bench: &Bench<'_>, program: std::path::PathBuf, words: &str) -> Result<()> {
    let contents = Contents {
        program,
        ..Contents::default()
    };
    let card = bench.write_card_with(&contents)?;
    told(&bench.boot(&card)?, 1, words)?;
    card::check(&card)
}
