//! A line about work that takes more than a second, on a terminal. It is erased at the end of the work, and before any message.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use interp::{Config, Pass};

use crate::exit::harmless;

/// The time without a line.
const SILENCE: Duration = Duration::from_secs(1);
/// The time between two versions of the line.
const INTERVAL: Duration = Duration::from_millis(100);
/// The maximum number of characters of a file's name. With it, the line fits 80 columns.
const LONGEST: usize = 30;

/// Erases the row of the cursor.
const ERASE: &str = "\r\x1b[K";

/// Whether the line is on the terminal.
static SHOWN: AtomicBool = AtomicBool::new(false);

/// Shows the work on all functions of the module at `path` by engines with these settings.
pub(crate) fn show(config: &mut Config, path: &Path, verbose: u8) {
    let Some(line) = Line::on_terminal(path, verbose) else {
        return;
    };
    let line = Mutex::new(line);
    config.on_progress(move |progress| {
        let work = match progress.pass {
            Pass::Lowering => "compiling",
            Pass::Verification => "verifying",
            _ => "validating",
        };
        let (done, total) = (progress.done, progress.total);
        let amount = || format!("{} of {} functions", grouped(done), grouped(total));
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        line.report(work, done == total, amount);
    });
}

/// Returns what shows how many of the bytes of the file at `path` are written.
pub(crate) fn written(path: &Path) -> impl FnMut(u64, u64) {
    let mut line = Line::on_terminal(path, 0);
    move |done, total| {
        if let Some(line) = &mut line {
            let amount = || format!("{} %", done * 100 / total.max(1));
            line.report("writing", done >= total, amount);
        }
    }
}

/// Erases the line, if there is one.
pub(crate) fn erase() {
    print(erasure(&SHOWN));
}

/// The characters that erase the line, if `shown` is set.
fn erasure(shown: &AtomicBool) -> Option<String> {
    let is_shown = shown.swap(false, Ordering::Relaxed);
    is_shown.then(|| ERASE.to_owned())
}

/// Prints to the terminal. Ignores errors, as for messages.
fn print(text: Option<String>) {
    if let Some(text) = text {
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

/// A line about one file.
struct Line {
    path: PathBuf,
    /// The time at which the line may be shown next.
    next: Instant,
}

impl Line {
    /// A line that can be shown and erased: standard error is a terminal, and nothing is logged there.
    fn on_terminal(path: &Path, verbose: u8) -> Option<Self> {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let fits = verbose == 0 && !is_dumb && io::stderr().is_terminal();
        fits.then(|| Self::new(path, Instant::now()))
    }

    fn new(path: &Path, now: Instant) -> Self {
        Self {
            path: path.to_owned(),
            next: now + SILENCE,
        }
    }

    /// Shows `amount`, or erases the line if the work is complete.
    fn report(&mut self, work: &str, is_complete: bool, amount: impl FnOnce() -> String) {
        print(match is_complete {
            true => erasure(&SHOWN),
            false => self.due(Instant::now(), &SHOWN, work, amount),
        });
    }

    /// The characters that show the line, if it is due. Sets `shown` then.
    fn due(
        &mut self,
        now: Instant,
        shown: &AtomicBool,
        work: &str,
        amount: impl FnOnce() -> String,
    ) -> Option<String> {
        if now < self.next {
            return None;
        }
        self.next = now + INTERVAL;
        shown.store(true, Ordering::Relaxed);
        let name = shortened(&self.path);
        Some(format!("\r{work} {name}: {}\x1b[K", amount()))
    }
}

/// The name of a file without its folder, and without its middle if it is long.
fn shortened(path: &Path) -> String {
    let name = match path.file_name() {
        Some(name) if name != "-" => name.to_string_lossy().replace(['\n', '\t'], " "),
        _ => crate::load::name(path),
    };
    let name: Vec<char> = harmless(&name).chars().collect();
    if name.len() <= LONGEST {
        return name.into_iter().collect();
    }
    let half = LONGEST / 2;
    let (start, end) = (&name[..half - 1], &name[name.len() - half..]);
    start.iter().chain(&['…']).chain(end).collect()
}

/// A number with commas between thousands.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups = groups.map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_comes_after_a_second_and_ten_times_in_a_second() {
        let (start, shown) = (Instant::now(), AtomicBool::new(false));
        let mut line = Line::new(Path::new("folder/main.wasm"), start);
        let mut due = |now| line.due(now, &shown, "compiling", || "3 of 4 functions".to_owned());
        let mut times = Vec::new();
        for milliseconds in 0..2000 {
            let now = start + Duration::from_millis(milliseconds);
            if let Some(text) = due(now) {
                assert_eq!(text, "\rcompiling main.wasm: 3 of 4 functions\x1b[K");
                times.push(milliseconds);
            }
        }
        assert_eq!(times, (1000..2000).step_by(100).collect::<Vec<_>>());
        // The time of long work between two reports is not made up for.
        let later = start + Duration::from_secs(10);
        assert!(due(later).is_some());
        assert!(due(later + Duration::from_millis(99)).is_none());
    }

    #[test]
    fn the_line_is_erased_once_and_only_if_it_was_shown() {
        let (start, shown) = (Instant::now(), AtomicBool::new(false));
        let mut line = Line::new(Path::new("main.wasm"), start);
        let mut due = |now| line.due(now, &shown, "compiling", || "1 of 2 functions".to_owned());
        assert!(due(start).is_none());
        assert_eq!(erasure(&shown), None);
        assert!(due(start + SILENCE).is_some());
        assert_eq!(erasure(&shown).as_deref(), Some("\r\x1b[K"));
        assert_eq!(erasure(&shown), None);
    }

    #[test]
    fn names_fit_the_line_and_do_not_move_the_cursor() {
        let short = |name: &str| shortened(Path::new(name));
        assert_eq!(short("a/b/main.wasm"), "main.wasm");
        assert_eq!(short("-"), "standard input");
        assert_eq!(short("a\r\n\u{1b}.wasm"), r"a\r \u{1b}.wasm");
        let long = short(&format!("{}.wasm", "ü".repeat(200)));
        assert_eq!(long, format!("{}…{}.wasm", "ü".repeat(14), "ü".repeat(10)));
        assert_eq!(long.chars().count(), LONGEST);
    }

    #[test]
    fn numbers_are_grouped() {
        let numbers = [0, 999, 1000, 9_876_543].map(grouped);
        assert_eq!(numbers, ["0", "999", "1,000", "9,876,543"]);
    }
}
