//! The scenarios, in the order of the table.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::bench::{Bench, Outcome};
use super::card;
use crate::process;

/// `(module (memory (export "memory") 1) (func (export "_start") unreachable))`
pub(super) const TRAPPING: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\
    \x07\x13\x02\x06memory\x02\0\x06_start\0\0\x0a\x05\x01\x03\0\0\x0b";

/// The number of real power cuts. All other cuts are simulated by copies of the card.
const PLUGS: usize = 2;

/// The program that every user runs first. It copies a file between a relative and an absolute path.
pub(super) fn file_copy(bench: &Bench<'_>) -> Result<()> {
    let text = bench.folder.join("test.txt");
    std::fs::write(&text, "Some text, ἄλλο κείμενο.\n")?;
    let card = bench.card_with_copy(&text, &["test.txt", "/copied.txt"])?;
    expect(&bench.boot(&card)?, 0, "")?;
    card::check(&card)?;
    if bench.entry.volatile {
        return Ok(());
    }
    card::compare(&card, "copied.txt", &text)
}

/// The console and the files are the same as on the desktop, and the volume is clean.
pub(super) fn work(bench: &Bench<'_>) -> Result<()> {
    work_with(bench, None)
}

/// Does the same with little memory.
pub(super) fn little_memory(bench: &Bench<'_>) -> Result<()> {
    work_with(bench, Some("32M"))
}

fn work_with(bench: &Bench<'_>, memory: Option<&str>) -> Result<()> {
    let (console, root) = bench.on_desktop(&["work"])?;
    let card = bench.card(&["work"], None)?;
    let outcome = bench.boot_with(memory, &card)?;
    expect(&outcome, 0, &console)?;
    card::check(&card)?;
    if bench.entry.volatile {
        return Ok(());
    }
    card::compare(&card, "data", &root.join("data"))
}

pub(super) fn exit_status(bench: &Bench<'_>) -> Result<()> {
    let statuses = match bench.all || bench.entry.tier == 1 {
        true => &[0, 1, 42, 255][..],
        false => &[0, 42],
    };
    for &status in statuses {
        let card = bench.card(&["exit", &status.to_string()], None)?;
        expect(&bench.boot(&card)?, status, "")?;
    }
    Ok(())
}

pub(super) fn trap(bench: &Bench<'_>) -> Result<()> {
    let program = bench.folder.join("trap.wasm");
    std::fs::write(&program, TRAPPING)?;
    let card = bench.card_with_settings(&program, "")?;
    told(&bench.boot(&card)?, 134, "unreachable")?;
    card::check(&card)
}

pub(super) fn out_of_memory(bench: &Bench<'_>) -> Result<()> {
    let settings = "args = [\"hog\"]\n[limits]\nmemory = \"16M\"\n";
    let card = bench.card_with_settings(&bench.guest, settings)?;
    told(&bench.boot(&card)?, 2, "out of memory")?;
    card::check(&card)
}

pub(super) fn missing_program(bench: &Bench<'_>) -> Result<()> {
    let card = bench.card(&[], None)?;
    // The builder of images would refuse this file.
    card::replace_settings(&card, "program = \"other.wasm\"\n")?;
    told(&bench.boot(&card)?, 1, "other.wasm is not on the volume")
}

pub(super) fn wrong_settings(bench: &Bench<'_>) -> Result<()> {
    let card = bench.card(&[], None)?;
    card::replace_settings(&card, "args = []\nprogramm = \"x\"\n")?;
    told(&bench.boot(&card)?, 1, "programm")
}

pub(super) fn no_volume(bench: &Bench<'_>) -> Result<()> {
    let card = bench.folder.join("empty.img");
    std::fs::File::create(&card)?.set_len(64 << 20)?;
    told(&bench.boot(&card)?, 1, "no FAT")
}

/// A sparse image of 4 GiB: a card that is addressed in blocks.
pub(super) fn large_card(bench: &Bench<'_>) -> Result<()> {
    let card = bench.card(&["exit", "7"], Some("4G"))?;
    expect(&bench.boot(&card)?, 7, "")?;
    Ok(std::fs::remove_file(card)?)
}

pub(super) fn conversation(bench: &Bench<'_>) -> Result<()> {
    let card = bench.card(&["talk"], None)?;
    let mut session = bench.start(&card)?;
    session.wait_for("ready", 1)?;
    for (number, line) in ["first\r", "secnd\x7f\x7fond\r"].into_iter().enumerate() {
        // Long enough for a tick in an emulator on a busy machine.
        thread::sleep(Duration::from_secs(1));
        session.send(line)?;
        session.wait_for("heard", number + 1)?;
    }
    session.send("\x04")?;
    let outcome = session.finish()?;
    let heard = outcome.console.contains("heard \"first\", ticked: true")
        && outcome.console.contains("heard \"second\", ticked: true");
    ensure!(heard, "the console shows {:?}", outcome.console);
    told(&outcome, 0, "end <nil>")
}

pub(super) fn interrupt(bench: &Bench<'_>) -> Result<()> {
    let card = bench.card(&["talk"], None)?;
    let mut session = bench.start(&card)?;
    session.wait_for("ready", 1)?;
    session.send("\x03")?;
    told(&session.finish()?, 130, "^C")?;
    card::check(&card)
}

/// The power fails while a program writes. Afterwards the volume passes fsck, and every synced file is whole.
///
/// The contents of the card at a moment are those that a power cut at that moment would leave. So a machine is stopped at
/// many moments of one run, and each copy of its card is checked on this host, where `wasi-interp` mounts it with the same
/// file system as the kernel. At the end the power is really cut, and the board boots from the rest.
pub(super) fn power_cut(bench: &Bench<'_>) -> Result<()> {
    let mut moments = Moments(0x9e37_79b9);
    for plug in 0..PLUGS {
        let card = bench.card(&["write"], None)?;
        let mut session = bench.start(&card)?;
        session.wait_for("synced", 2)?;
        for _ in 0..bench.power_cuts / PLUGS {
            thread::sleep(moments.next());
            let (console, left) = session.hold(|| copy_of(&card))?;
            card::check_after_power_cut(&left)?;
            bench.verify_on_desktop(&left, synced(&console))?;
        }
        thread::sleep(moments.next());
        let console = session.cut()?;
        card::check_after_power_cut(&card)?;
        let settings = format!("args = [\"verify\", \"{}\"]\n", synced(&console));
        card::replace_settings(&card, &settings)?;
        told(&bench.boot(&card)?, 0, "whole:")
            .with_context(|| format!("after the plug was pulled for time {}", plug + 1))?;
        // That start has repaired the volume.
        card::check(&card)?;
    }
    Ok(())
}

/// The number of files that the console reports as synced. The last line may be incomplete.
fn synced(console: &str) -> usize {
    let lines = console.lines().filter(|line| line.starts_with("synced"));
    lines.count().saturating_sub(1)
}

/// Copies a card, with holes in place of zeros.
fn copy_of(card: &Path) -> Result<PathBuf> {
    let copy = card.with_extension("cut");
    let mut command = Command::new("cp");
    let output = process::capture(command.arg("--sparse=always").arg(card).arg(&copy))?;
    ensure!(
        output.status.success(),
        "cannot copy {}: {}",
        card.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(copy)
}

/// Different pauses of up to 100 milliseconds, the same in each run. The program's position after each pause varies
/// nevertheless.
struct Moments(u32);

impl Moments {
    fn next(&mut self) -> Duration {
        // Xorshift (Marsaglia 2003).
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        Duration::from_micros(u64::from(self.0 % 100_000))
    }
}

/// Checks the status, and that the console shows exactly this text.
pub(super) fn expect(outcome: &Outcome, status: i32, console: &str) -> Result<()> {
    ensure!(
        outcome.status == Some(status) && outcome.console == console,
        "status {:?}, expected {status}; the console shows {:?}, expected {console:?}",
        outcome.status,
        outcome.console
    );
    Ok(())
}

/// Checks the status, and that the console contains this text.
pub(super) fn told(outcome: &Outcome, status: i32, words: &str) -> Result<()> {
    ensure!(
        outcome.status == Some(status) && outcome.console.contains(words),
        "status {:?}, expected {status}; the console shows {:?}, expected {words:?} in it",
        outcome.status,
        outcome.console
    );
    Ok(())
}
