//! Scenarios of kernels that thaw and write states.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use board_card::Contents;
use board_card::table::Entry;

use super::bench::{Bench, Outcome, Session};
use super::card;
use super::scenarios::{expect, told};

/// A line of the console, as long as the buffer of `tests/guests/frozen`: no part of one is lost with the desktop's input.
const LINE: &str = "fifteen letters\n";
/// More lines than the program reads.
const LINES: usize = 40;
/// The program ends with this status.
const STATUS: i32 = 7;
/// The kernel's line when a program starts or goes on. Earlier input may be lost.
const STARTS: &str = "the program starts";
/// Input is passed on as it comes, and that line is shown.
const SETTINGS: &str = "[console]\nline_editing = false\nlog = \"info\"\n";

/// The state of a Go program that the desktop has frozen in the middle.
struct State {
    /// The state, and the files that the program has open.
    files: Vec<PathBuf>,
    /// What it prints afterwards.
    rest: String,
    /// The file that it has written in the end.
    log: PathBuf,
}

impl State {
    fn new(bench: &Bench<'_>) -> Result<Self> {
        let program = bench.go_guest("frozen")?;
        let folder = bench.fresh_folder("frozen-whole")?;
        let whole = run(bench, &folder, &[&program], STATUS)?;
        let folder = bench.fresh_folder("frozen-half")?;
        let state = folder.join("state.wi");
        let to = format!("--freeze-to={}", state.display());
        // It takes some 60,000.
        let words = [Path::new(&to), "--freeze-after=30000".as_ref(), &program];
        let half = run(bench, &folder, &words, 0)?;
        let rest = whole.strip_prefix(&half).filter(|rest| !rest.is_empty());
        let rest = rest.with_context(|| format!("{half:?} is no part of {whole:?}"))?;
        ensure!(half.contains("after 10"), "it had not begun: {half:?}");
        Ok(Self {
            files: ["state.wi", "source.txt", "log.txt"]
                .map(|name| folder.join(name))
                .into(),
            rest: rest.to_owned(),
            log: bench.folder.join("frozen-whole/log.txt"),
        })
    }

    /// A card with it.
    fn card(&self, bench: &Bench<'_>, settings: &str) -> Result<PathBuf> {
        let toml = bench.folder.join("wasi.toml");
        std::fs::write(&toml, format!("program = \"state.wi\"\n{settings}"))?;
        let [state, files @ ..] = &self.files[..] else {
            unreachable!("there are three");
        };
        bench.write_card_with(&Contents {
            program: state.clone(),
            files: files.iter().cloned().chain([toml]).collect(),
            ..Contents::default()
        })
    }
}

/// Runs a program under `wasi-interp` in a folder with its files. Returns its output.
fn run(bench: &Bench<'_>, folder: &Path, words: &[&Path], status: i32) -> Result<String> {
    let source: String = (1..40).map(|n| format!("source {n}\n")).collect();
    std::fs::write(folder.join("source.txt"), source)?;
    let input = folder.join("input.txt");
    std::fs::write(&input, LINE.repeat(LINES))?;
    let mut command = bench.desktop_command();
    command.current_dir(folder).arg("--dir=.::/").args(words);
    let output = command.stdin(std::fs::File::open(input)?).output()?;
    ensure!(
        output.status.code() == Some(status),
        "wasi-interp ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// A program that the desktop has frozen goes on: it prints the rest, and its files are those of an unfrozen run.
pub(super) fn thaws(bench: &Bench<'_>) -> Result<()> {
    let state = State::new(bench)?;
    let card = state.card(bench, SETTINGS)?;
    let mut session = bench.start(&card)?;
    session.wait_for(STARTS, 1)?;
    session.send(LINE.repeat(LINES))?;
    let mut outcome = session.finish()?;
    let lines = outcome.console.split_inclusive('\n');
    outcome.console = lines.filter(|line| !line.starts_with("kernel: ")).collect();
    expect(&outcome, STATUS, &state.rest)?;
    card::check(&card)?;
    card::compare(&card, "log.txt", &state.log)
}

/// States that are damaged are refused in one line.
pub(super) fn refusals(bench: &Bench<'_>) -> Result<()> {
    let state = State::new(bench)?;
    let whole = std::fs::read(&state.files[0])?;
    let changed = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x40;
        bytes
    };
    for (bytes, words) in [
        (changed(40), "its bytes were changed"),
        (changed(whole.len() - 9), "the state is damaged"),
        (whole[..whole.len() - 100].to_vec(), "its end is missing"),
        (whole[..1000].to_vec(), "its end is missing"),
    ] {
        let card = state.card(bench, "")?;
        card::replace(&card, "state.wi", &bytes)?;
        refused(&bench.boot(&card)?, 1, words)?;
    }
    useless(bench, whole)
}

/// A state beside a program is not used, and the program starts afresh, if it is damaged or of another program.
fn useless(bench: &Bench<'_>, of_another: Vec<u8>) -> Result<()> {
    let card = bench.card_with_settings(&bench.guest, "args = [\"talk\"]\nhibernate = true\n")?;
    let mut session = bench.start(&card)?;
    session.wait_for("ready", 1)?;
    hibernate(session)?;
    let mut damaged = std::fs::read(card::copied(&card, "hibernate.wi")?)?;
    let at = damaged.len() - 9;
    damaged[at] ^= 0x40;
    let settings = "args = [\"exit\", \"3\"]\nhibernate = true\n";
    for (bytes, words) in [
        (of_another, "the state does not belong"),
        (b"nothing".to_vec(), "it is no frozen program"),
        // The store was filled before the damage is noticed.
        (damaged, "the state is damaged"),
    ] {
        let card = bench.card_with_settings(&bench.guest, settings)?;
        card::replace(&card, "hibernate.wi", &bytes)?;
        let outcome = bench.boot(&card)?;
        told(&outcome, 3, "the program starts afresh: ")?;
        refused(&outcome, 3, words)?;
        // It was removed at the end of the program.
        expect(&bench.boot(&card)?, 3, "")?;
    }
    Ok(())
}

fn refused(outcome: &Outcome, status: i32, words: &str) -> Result<()> {
    told(outcome, status, words)?;
    ensure!(
        outcome.console.lines().count() == 1,
        "one line was expected, and the console shows {:?}",
        outcome.console
    );
    Ok(())
}

/// A machine whose card does not keep what is written.
pub(super) fn volatile(entry: &Entry) -> Option<&'static str> {
    entry.volatile.then_some("its disk is lost at power-off")
}

/// How the kernel's message ends when the state is written.
const HIBERNATED: &str = ": hibernated\n";

/// A program that computes hibernates again and again, and prints in pieces what it prints in one. One that waits for its console goes on
/// to wait. After the end, the program begins anew.
pub(super) fn hibernates(bench: &Bench<'_>) -> Result<()> {
    let whole = bench.on_desktop(&["count"])?.0;
    let settings = "args = [\"count\"]\nhibernate = true\n";
    let card = bench.card_with_settings(&bench.guest, settings)?;
    let mut console = String::new();
    for seen in ["counted 20\n", "counted 100\n"] {
        let mut session = bench.start(&card)?;
        session.wait_for(seen, 1)?;
        console += &program_of(&hibernate(session)?)?;
        card::check(&card)?;
    }
    let rest = bench.boot(&card)?;
    ensure!(
        rest.status == Some(0) && console.clone() + &rest.console == whole,
        "status {:?}; the console shows {console:?} and then {:?}",
        rest.status,
        rest.console
    );
    card::check(&card)?;
    // The state is gone.
    expect(&bench.boot(&card)?, 0, &whole)?;

    let settings = "args = [\"talk\"]\nhibernate = true\n[console]\nlog = \"info\"\n";
    let card = bench.card_with_settings(&bench.guest, settings)?;
    let talk = |line: &str| {
        let mut session = bench.start(&card)?;
        session.wait_for(STARTS, 1)?;
        session.send(format!("{line}\r"))?;
        session.wait_for(&format!("heard {line:?}"), 1)?;
        Ok::<_, anyhow::Error>(session)
    };
    hibernate(talk("one")?)?;
    // The plug is pulled, which does not matter.
    talk("two")?.cut()?;
    let mut session = talk("three")?;
    session.send("\x04")?;
    let outcome = session.finish()?;
    ensure!(
        !outcome.console.contains("ready"),
        "it began anew: {:?}",
        outcome.console
    );
    told(&outcome, 0, "end <nil>")?;
    card::check(&card)
}

/// Presses the key and waits for the end. Returns the console.
fn hibernate(mut session: Session) -> Result<String> {
    session.send("\x1c")?;
    let outcome = session.finish()?;
    told(&outcome, 0, HIBERNATED)?;
    Ok(outcome.console)
}

/// What the program has printed in front of the kernel's message at the end.
fn program_of(console: &str) -> Result<String> {
    let program = console.strip_suffix(HIBERNATED);
    let program = program.and_then(|console| console.rsplit_once("kernel: "));
    let (program, _) = program.with_context(|| format!("it is not last: {console:?}"))?;
    Ok(program.to_owned())
}
