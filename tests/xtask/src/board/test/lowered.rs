//! Kernels that run programs in lowered form.

use anyhow::Result;
use board_card::Contents;

use super::bench::Bench;
use super::card;
use super::scenarios::told;
use crate::board::kernel::Size;

/// What a kernel of another size runs, what another processor runs, and WebAssembly.
pub(super) fn refusals(bench: &Bench<'_>) -> Result<()> {
    let full = Size {
        small: false,
        lowered: true,
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
    refused(bench, bench.guest.clone(), "wasi-interp compile --for")
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
