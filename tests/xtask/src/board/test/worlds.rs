//! Scenarios of what a program finds on a board: devices, `/tmp`, boot files, and what `wasi.toml` changes about them.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use board_card::Contents;
use board_card::table::Entry;

use super::bench::Bench;
use super::card;
use super::scenarios::{expect, told};

/// The board for scenarios that do not depend on the machine.
const SAMPLE: &str = "riscv64-virt";

/// Why a scenario is not tried on a board.
pub(super) fn no_sample(entry: &Entry) -> Option<&'static str> {
    let is = entry.name == SAMPLE;
    (!is).then_some("it is the same on all boards, and tried on riscv64-virt")
}

/// A module that imports a function from `gojs`.
const GO_JS: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x0a\x01\x04gojs\x01f\0\0";

/// `/dev` and `/tmp` are there without a setting, and what the board boots from cannot be changed.
pub(super) fn usual(bench: &Bench<'_>) -> Result<()> {
    let card = bench.card(&["world"], None)?;
    expect(&bench.boot(&card)?, 0, "looked at the world\n")?;
    card::check(&card)
}

/// A volume's own `/tmp` and `/dev` win; `write_boot_files` lets a program change its settings; `fsck = false` leaves a volume as a power cut
/// left it. The next start, with the settings that the program wrote, mends it.
pub(super) fn own(bench: &Bench<'_>) -> Result<()> {
    let folders = bench.folder.join("own");
    for name in ["tmp", "dev"] {
        let folder = folders.join(name);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("old.txt"), "old")?;
    }
    let settings = bench.folder.join("wasi.toml");
    let text = "args = [\"own\"]\nwrite_boot_files = true\nfsck = false\n";
    std::fs::write(&settings, text)?;
    let card = bench.write_card(&Contents {
        program: bench.guest.clone(),
        files: vec![settings],
        dir: vec![folders.display().to_string()],
        ..Contents::default()
    })?;
    card::leave_as_a_power_cut(&card)?;
    let warning = "kernel: WARN: the volume was not unmounted the last time, and fsck is off\n";
    expect(
        &bench.boot(&card)?,
        0,
        &format!("{warning}no /dev/null: true\n"),
    )?;
    ensure!(
        card::check(&card).is_err(),
        "fsck is off, and the lost cluster was mended"
    );
    let expected = bench.folder.join("expected");
    std::fs::create_dir_all(&expected)?;
    std::fs::write(expected.join("old.txt"), "old")?;
    std::fs::write(expected.join("new.txt"), "on the volume")?;
    card::compare(&card, "tmp", &expected)?;
    told(&bench.boot(&card)?, 9, "1 lost clusters")
        .context("with the settings that the program wrote")?;
    card::check(&card)
}

/// Faults that the builder of images would reject, and what only another kernel can do. The kernel also describes each in one line.
pub(super) fn refusals(bench: &Bench<'_>) -> Result<()> {
    let name = bench.guest.file_name().map(Path::new);
    let name = name.context("the guest has a name")?.display().to_string();
    let faults: [(&str, &[u8], &str); 4] = [
        (
            "wasi.toml",
            b"hibernate = true\n",
            "this kernel cannot write states",
        ),
        (
            &name,
            b"\0wifrzn\n",
            "is a frozen program, and this kernel cannot thaw",
        ),
        (
            "wasi.toml",
            b"dirs = [\"/wasi.toml\"]\n",
            "dirs: /wasi.toml is a file, not a folder",
        ),
        (
            &name,
            GO_JS,
            "it was built for GOOS=js; rebuild with GOOS=wasip1",
        ),
    ];
    for (file, contents, words) in faults {
        let card = bench.card(&[], None)?;
        card::replace(&card, file, contents)?;
        let outcome = bench.boot(&card)?;
        told(&outcome, 1, words)?;
        ensure!(
            outcome.console.lines().count() == 1,
            "one line was expected, and the console shows {:?}",
            outcome.console
        );
    }
    Ok(())
}
