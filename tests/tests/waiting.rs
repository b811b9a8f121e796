//! Standard input without data: a pipe, a FIFO, a terminal. Goroutines continue, and waiting takes no processor time.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rustix::fs::{CWD, FileType, Mode};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tests::same::folder;
use tests::tools::programs;
use tests::{Guest, run};

/// Ends the input if it is typed at the start of a line.
const CTRL_D: &[u8] = b"\x04";

/// Starts the ticker in a folder with this standard input. `typist` is the other end of it, and `end` ends the input.
#[track_caller]
fn ticks<W: Write>(guest: Guest, here: &Path, stdin: Stdio, mut typist: W, end: impl FnOnce(W)) {
    let mut child = Command::new(programs().join("wasi-interp"))
        .arg(guest.wasm())
        .current_dir(here)
        .stdin(stdin)
        .stdout(Stdio::piped())
        .spawn()
        .expect("wasi-interp can be started");
    let mut line = run::lines(&mut child);
    assert_eq!(line(), "waiting");
    for text in ["first", "second"] {
        // Long enough for a few ticks on a busy machine.
        sleep(Duration::from_secs(1));
        writeln!(typist, "{text}").expect("the guest reads");
        assert_eq!(line(), format!("got {text:?}, ticked meanwhile: true"));
    }
    end(typist);
    assert_eq!(line(), "end of input: <nil>");
    assert!(child.wait().expect("the guest ends").success());
}

#[test]
fn a_ticker_ticks_while_a_pipe_is_empty() {
    let here = folder();
    for guest in [Guest::named("ticker"), Guest::named("ticker").old()] {
        let (reader, writer) = std::io::pipe().expect("there is a free descriptor");
        ticks(guest, here.path(), reader.into(), writer, drop);
    }
}

#[test]
fn a_ticker_ticks_while_a_fifo_is_empty() {
    let here = folder();
    let path = here.path().join("fifo");
    rustix::fs::mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
        .expect("a fresh folder can hold a FIFO");
    // Opened for reading and writing, so that neither end waits for the other.
    let both = OpenOptions::new().read(true).write(true).open(&path);
    let both = both.expect("the FIFO can be opened");
    let reader = File::open(&path).expect("the FIFO can be opened");
    let writer = OpenOptions::new().write(true).open(&path);
    let writer = writer.expect("the FIFO can be opened");
    drop(both);
    let guest = Guest::named("ticker");
    ticks(guest, here.path(), reader.into(), writer, drop);
}

#[test]
fn a_ticker_ticks_while_nobody_types() {
    let here = folder();
    let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are terminals");
    grantpt(&keyboard).expect("it is ours");
    unlockpt(&keyboard).expect("it is ours");
    let name = ptsname(&keyboard, Vec::new()).expect("it has a name");
    let name = name.into_string().expect("its name is ASCII");
    let terminal = OpenOptions::new().read(true).write(true).open(name);
    let terminal = terminal.expect("it can be opened");
    let guest = Guest::named("ticker");
    let keyboard = File::from(keyboard);
    ticks(
        guest,
        here.path(),
        terminal.into(),
        keyboard,
        |mut keyboard| {
            keyboard.write_all(CTRL_D).expect("the guest reads");
            // The terminal ends with its keyboard. Until then the guest reads.
            sleep(Duration::from_millis(300));
        },
    );
}

/// A guest that waits costs no processor time.
#[test]
fn waiting_does_not_spin() {
    let here = folder();
    let mut child = Command::new(programs().join("wasi-interp"))
        .arg(Guest::named("stdin").wasm())
        .current_dir(here.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("wasi-interp can be started");
    sleep(Duration::from_millis(500));
    let before = processor_time(child.id());
    sleep(Duration::from_millis(700));
    let spent = processor_time(child.id()) - before;
    drop(child.stdin.take());
    assert!(child.wait().expect("the guest ends").success());
    assert!(
        spent <= 10,
        "{spent} ticks of processor time in 0.7 s of waiting"
    );
}

/// Processor time of a process in clock ticks (10 ms): fields 14 and 15 of its stat file.
fn processor_time(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("the process runs");
    let fields = stat
        .rsplit_once(')')
        .expect("the name stands in parentheses")
        .1;
    fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().expect("a number"))
        .sum()
}
