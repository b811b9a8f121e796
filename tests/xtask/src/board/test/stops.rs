//! Scenarios of the console: stopping programs that do not stop by themselves, and raw bytes.

use anyhow::{Result, ensure};

use super::bench::Bench;
use super::card;
use super::scenarios::told;

/// Programs that neither read nor wait: their argument, and their output once they are busy.
const BUSY: [(&str, &str); 3] = [
    ("spin", "spinning"),
    ("chatter", "chatter 1000"),
    ("scribble", "scribbling"),
];

/// Ctrl-C ends each of them with status 130, and the volume is unmounted.
pub(super) fn interrupts(bench: &Bench<'_>) -> Result<()> {
    for (mode, begun) in BUSY {
        let card = bench.card(&[mode], None)?;
        let mut session = bench.start(&card)?;
        session.wait_for(begun, 1)?;
        session.send("\x03")?;
        told(&session.finish()?, 130, "^C")?;
        card::check(&card)?;
    }
    Ok(())
}

/// The limits of `wasi.toml` end each of them with status 134 and a message that names the limit.
pub(super) fn limits(bench: &Bench<'_>) -> Result<()> {
    let limits = [
        ("spin", "timeout", "stopped after 1s"),
        ("talk", "timeout", "stopped after 1s"),
        ("chatter", "watchdog", "neither waited nor read for 1s"),
    ];
    for (mode, limit, words) in limits {
        let settings = format!("args = [\"{mode}\"]\n[limits]\n{limit} = \"1s\"\n");
        let card = bench.card_with_settings(&bench.guest, &settings)?;
        // The input stays open, so a program that reads waits until the limit ends it.
        told(&bench.start(&card)?.finish()?, 134, words)?;
        card::check(&card)?;
    }
    // The watchdog does not stop a program that waits, even for longer than its time. On a busy host the program needs seconds to start.
    let settings = "args = [\"naps\"]\n[limits]\nwatchdog = \"15s\"\n";
    let card = bench.card_with_settings(&bench.guest, settings)?;
    told(&bench.boot(&card)?, 0, "slept")
}

/// All 256 byte values pass to the program and back, including those with a meaning for a terminal.
pub(super) fn raw_console(bench: &Bench<'_>) -> Result<()> {
    let settings = "args = [\"raw\"]\n[console]\nraw = true\nlog = \"off\"\n";
    let card = bench.card_with_settings(&bench.guest, settings)?;
    let mut machine = bench.machine(&card);
    // Otherwise the monitor shares the console and takes Ctrl-A.
    machine.more = ["-serial", "stdio", "-monitor", "none"]
        .map(str::to_owned)
        .to_vec();
    let mut session = bench.start_machine(&machine)?;
    let all: Vec<u8> = (0..=255).collect();
    session.wait_for_bytes(all.len())?;
    ensure!(
        session.bytes() == all,
        "the program wrote all values once, and {:?} came",
        session.bytes()
    );
    let sent: Vec<u8> = all.iter().rev().chain(&all).copied().collect();
    session.send(&sent)?;
    session.wait_for_bytes(all.len() + sent.len())?;
    let echoed = session.bytes()[all.len()..].to_vec();
    let expected: Vec<u8> = sent.iter().map(|byte| byte ^ 0xff).collect();
    ensure!(
        echoed == expected,
        "the program inverts what it reads; {sent:?} came back as {echoed:?}"
    );
    let outcome = session.finish()?;
    ensure!(
        outcome.status == Some(0),
        "status {:?}; the console shows {:?}",
        outcome.status,
        outcome.console
    );
    card::check(&card)
}
