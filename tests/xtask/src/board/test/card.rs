//! Examines the card of a machine with independent programs: `fsck.fat` and mtools.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::board::tools;
use crate::process;

/// Where the volume begins: at 1 MiB.
const VOLUME: u64 = 1 << 20;

/// Faults that a power cut may cause, in the words of `fsck.fat`.
const HARMLESS: [&str; 10] = [
    "Dirty bit is set",
    "Automatically removing dirty bit",
    "Reclaimed ",
    "Leaving filesystem unchanged",
    "Free cluster summary wrong",
    "Auto-correcting",
    "There are differences between boot sector and its backup",
    "FATs differ",
    "Using first FAT",
    "fsck.fat ",
];

/// Fails if the volume has any fault.
pub(super) fn check(card: &Path) -> Result<()> {
    let (clean, text) = fsck(card)?;
    ensure!(clean, "fsck.fat: {text}");
    Ok(())
}

/// Fails if the volume has a fault other than lost clusters.
pub(super) fn check_after_power_cut(card: &Path) -> Result<()> {
    let (clean, text) = fsck(card)?;
    let harmless = |line: &str| {
        let line = line.trim();
        line.is_empty()
            || HARMLESS.iter().any(|start| line.starts_with(start))
            || line.contains(" files, ")
            // Differences of the dirty bit, by offset.
            || line.split([':', '/', ',']).all(|part| part.trim().chars().all(|c| c.is_ascii_hexdigit()))
    };
    match text.lines().find(|line| !clean && !harmless(line)) {
        Some(line) => bail!("fsck.fat: {line}"),
        None => Ok(()),
    }
}

/// Replaces the `wasi.toml` on the card.
pub(super) fn replace_settings(card: &Path, text: &str) -> Result<()> {
    replace(card, "wasi.toml", text.as_bytes())
}

/// Puts another file of this name into the root of the volume.
pub(super) fn replace(card: &Path, name: &str, contents: &[u8]) -> Result<()> {
    tools::fat()?;
    let file = card.with_file_name(format!("new-{name}"));
    std::fs::write(&file, contents)?;
    let mut copy = Command::new("mcopy");
    copy.env("MTOOLS_SKIP_CHECK", "1").args(["-o", "-i"]);
    copy.arg(format!("{}@@{VOLUME}", card.display()));
    process::run(copy.arg(file).arg(format!("::{name}")))
}

/// Makes a FAT32 volume look as after a power cut: marked as not unmounted, with a cluster that no file has.
pub(super) fn leave_as_a_power_cut(card: &Path) -> Result<()> {
    /// Set in entry 1 of a file allocation table if the volume was unmounted.
    const UNMOUNTED: u32 = 1 << 27;
    const END_OF_CHAIN: u32 = 0x0fff_ffff;
    /// A cluster that every FAT32 volume has, far after the files of a test.
    const LOST: u64 = 60_000;

    let mut file = File::options().read(true).write(true).open(card)?;
    let mut boot = [0; 512];
    file.seek(SeekFrom::Start(VOLUME))?;
    file.read_exact(&mut boot)?;
    let word = |at: usize| u64::from(u16::from_le_bytes([boot[at], boot[at + 1]]));
    // Bytes in a sector, reserved sectors, number of tables, sectors of a table.
    let (sector, reserved, tables) = (word(11), word(14), u64::from(boot[16]));
    let sectors = word(36) | word(38) << 16;
    for table in 0..tables {
        let start = VOLUME + (reserved + table * sectors) * sector;
        let mut change = |entry: u64, change: &dyn Fn(u32) -> u32| -> Result<u32> {
            let (at, mut bytes) = (SeekFrom::Start(start + entry * 4), [0; 4]);
            file.seek(at)?;
            file.read_exact(&mut bytes)?;
            let before = u32::from_le_bytes(bytes);
            file.seek(at)?;
            std::io::Write::write_all(&mut file, &change(before).to_le_bytes())?;
            Ok(before)
        };
        change(1, &|entry| entry & !UNMOUNTED)?;
        let before = change(LOST, &|_| END_OF_CHAIN)?;
        ensure!(before == 0, "cluster {LOST} is not free: {before:#x}");
    }
    Ok(())
}

/// Compares the file or folder `name` of the volume with one of the host.
pub(super) fn compare(card: &Path, name: &str, expected: &Path) -> Result<()> {
    let copy = copied(card, name)?;
    process::run(Command::new("diff").arg("-r").arg(expected).arg(copy))
}

/// Copies the file or folder `name` of the volume to the host. Returns its path there.
pub(super) fn copied(card: &Path, name: &str) -> Result<PathBuf> {
    let copy = card.with_extension("copy");
    if copy.exists() {
        std::fs::remove_dir_all(&copy)?;
    }
    std::fs::create_dir(&copy)?;
    let mut mcopy = Command::new("mcopy");
    mcopy
        .env("MTOOLS_SKIP_CHECK", "1")
        .env("LC_ALL", "C.UTF-8")
        .args(["-s", "-n", "-i"])
        .arg(format!("{}@@{VOLUME}", card.display()))
        .arg(format!("::{name}"))
        .arg(&copy);
    tools::fat()?;
    process::run(&mut mcopy)?;
    Ok(copy.join(name))
}

/// Returns whether `fsck.fat` finds no fault, and its output.
fn fsck(card: &Path) -> Result<(bool, String)> {
    tools::fat()?;
    let volume = extract(card)?;
    let output = Command::new("fsck.fat")
        .arg("-n")
        .arg(&volume)
        .env("PATH", "/usr/sbin:/sbin:/usr/bin:/bin")
        .output()
        .context("cannot start fsck.fat")?;
    std::fs::remove_file(&volume)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok((output.status.success(), text))
}

/// Copies the volume to a file, with holes in place of zeros.
fn extract(card: &Path) -> Result<PathBuf> {
    let path = card.with_extension("volume");
    let (mut from, mut to) = (File::open(card)?, File::create(&path)?);
    let size = from.metadata()?.len() - VOLUME;
    to.set_len(size)?;
    from.seek(SeekFrom::Start(VOLUME))?;
    let mut buf = vec![0; 1 << 20];
    for chunk in 0..size / buf.len() as u64 {
        from.read_exact(&mut buf)?;
        if buf.iter().any(|byte| *byte != 0) {
            to.seek(SeekFrom::Start(chunk * buf.len() as u64))?;
            std::io::Write::write_all(&mut to, &buf)?;
        }
    }
    Ok(path)
}
