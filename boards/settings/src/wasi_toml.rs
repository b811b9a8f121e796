//! `wasi.toml` in the root of the volume: the program to run, and how. Everything in it is optional.
//!
//! ```toml
//! program = "main.wasm"          # default: the only .wasm file in the root
//! args = ["-v", "data.txt"]      # after the program's name
//! env = { TZ = "UTC" }
//! dirs = ["/data", "/home::/"]   # folders of the volume, `FOLDER[::GUEST]`; default: all of it, as /
//! tmp = "4M"                     # a RAM disk of this size at /tmp; false for none
//! write_boot_files = false       # true: the program may change the boot files
//! fsck = true                    # false: do not repair the volume after a power cut
//! hibernate = false              # true: Ctrl-\ on the console writes the program's state to the card, and the next start continues
//!
//! [limits]
//! memory = "16M"                 # of the program; default: all memory of the board
//! stack = "4M"                   # for nested calls
//! fuel = 1000000000              # steps
//! timeout = "90s"                # how long the program may run
//! watchdog = "10s"               # maximum time without a wait or a read
//!
//! [console]
//! raw = false                    # true: bytes pass unchanged; Ctrl-C goes to the program
//! line_editing = true            # echo, backspace, Ctrl-U, Ctrl-D; false: each byte is passed on at once
//! log = "warn"                   # off, error, warn, info, debug, trace
//! ```

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    assignments::{self, Value},
    duration,
};

/// The name of the file.
pub const FILE: &str = "wasi.toml";

/// The file in the root of the volume with the state of a program that hibernates.
pub const HIBERNATED: &str = "hibernate.wi";

/// The same file while it is written.
pub const HIBERNATING: &str = "hibernate.new";

/// The settings of `wasi.toml`, or the defaults.
#[derive(Debug, Default)]
pub struct Settings {
    /// The program's file.
    pub program: Option<String>,
    /// Its arguments, without its name.
    pub args: Vec<String>,
    /// Its environment.
    pub env: BTreeMap<String, String>,
    /// The folders that it sees, as `FOLDER[::GUEST]`. `None` means the whole volume as `/`.
    pub dirs: Option<Vec<String>>,
    /// The RAM disk at `/tmp`.
    pub tmp: Tmp,
    /// Whether the program may change the files that the board boots from.
    pub write_boot_files: bool,
    /// Whether the volume is not repaired after a power cut.
    pub no_fsck: bool,
    /// Whether a key writes the program's state to the volume, and the next boot continues from it.
    pub hibernate: bool,
    /// Its limits.
    pub limits: Limits,
    /// The behaviour of the serial port.
    pub console: Console,
}

/// The RAM disk at `/tmp`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tmp {
    /// One of [`TMP`] bytes, unless the volume has a folder `/tmp`.
    #[default]
    Usual,
    /// None.
    Off,
    /// One with this number of bytes.
    Size(u64),
}

/// The size of the default RAM disk at `/tmp`. Unused space takes no memory.
pub const TMP: u64 = 4 << 20;

/// The limits of a program. `None` means no limit.
#[derive(Debug, Default)]
pub struct Limits {
    /// Bytes of linear memory.
    pub memory: Option<u64>,
    /// Bytes of stack for nested calls.
    pub stack: Option<u64>,
    /// Fuel, in the interpreter's units.
    pub fuel: Option<u64>,
    /// The maximum run time, in nanoseconds.
    pub timeout: Option<u64>,
    /// The maximum time without a wait or a read of the console, in nanoseconds.
    pub watchdog: Option<u64>,
}

/// The behaviour of the serial port.
#[derive(Debug)]
pub struct Console {
    /// Whether bytes pass unchanged in both directions, without an echo.
    pub raw: bool,
    /// Whether input is echoed and passed on line by line.
    pub line_editing: bool,
    /// The level of the kernel's log.
    pub log: log::LevelFilter,
}

impl Default for Console {
    fn default() -> Self {
        Self {
            raw: false,
            line_editing: true,
            log: log::LevelFilter::Warn,
        }
    }
}

/// The required form of each setting, for error messages.
const WANTED: [(&str, &str); 18] = [
    ("program", "a text"),
    ("args", "a list of texts"),
    ("env", "a table of texts"),
    ("dirs", "a list of texts"),
    ("tmp", "a size, or false"),
    ("write_boot_files", "true or false"),
    ("fsck", "true or false"),
    ("hibernate", "true or false"),
    ("limits", "a table"),
    ("limits.memory", "a size"),
    ("limits.stack", "a size"),
    ("limits.fuel", "a number"),
    ("limits.timeout", "a duration"),
    ("limits.watchdog", "a duration"),
    ("console", "a table"),
    ("console.raw", "true or false"),
    ("console.line_editing", "true or false"),
    ("console.log", "off, error, warn, info, debug or trace"),
];

/// The maximum length of the text in bytes. Reading takes time that grows with its square.
const LONGEST: usize = 64 << 10;

/// Reads the text of a `wasi.toml`. The error contains the line number.
pub fn parse(text: &str) -> Result<Settings, String> {
    if text.len() > LONGEST {
        return Err(format!("it is longer than {} KiB", LONGEST >> 10));
    }
    let mut settings = Settings::default();
    for found in assignments::read(text)? {
        let set = settings.set(&found.path, found.value);
        set.map_err(|error| format!("line {}: {error}", found.line))?;
    }
    Ok(settings)
}

impl Settings {
    fn set(&mut self, path: &str, value: Value) -> Result<(), String> {
        if let Some(name) = path.strip_prefix("env.")
            && let Value::Text(value) = value
        {
            self.env.insert(name.to_string(), value);
            return Ok(());
        }
        if path.starts_with("env.") {
            return Err(format!("{path} is a text: write the value in quotes"));
        }
        match (path, value) {
            ("program", Value::Text(name)) => self.program = Some(name),
            ("args", Value::List(args)) => self.args = args,
            ("dirs", Value::List(dirs)) => self.dirs = Some(dirs),
            ("tmp", Value::Bool(false)) => self.tmp = Tmp::Off,
            ("tmp", Value::Bool(true)) => self.tmp = Tmp::Usual,
            ("tmp", value) => self.tmp = Tmp::Size(bytes(value)?),
            ("write_boot_files", Value::Bool(on)) => self.write_boot_files = on,
            ("fsck", Value::Bool(on)) => self.no_fsck = !on,
            ("hibernate", Value::Bool(on)) => self.hibernate = on,
            ("limits.memory", value) => self.limits.memory = Some(bytes(value)?),
            ("limits.stack", value) => self.limits.stack = Some(bytes(value)?),
            ("limits.fuel", Value::Integer(fuel)) => self.limits.fuel = Some(fuel),
            ("limits.timeout", value) => self.limits.timeout = Some(nanoseconds(value)?),
            ("limits.watchdog", value) => self.limits.watchdog = Some(nanoseconds(value)?),
            ("console.raw", Value::Bool(on)) => self.console.raw = on,
            ("console.line_editing", Value::Bool(on)) => self.console.line_editing = on,
            ("console.log", Value::Text(name)) if name.parse::<log::LevelFilter>().is_ok() => {
                self.console.log = name.parse().unwrap_or(log::LevelFilter::Warn);
            }
            ("env" | "limits" | "console", Value::Table) => {}
            _ => {
                return Err(match WANTED.iter().find(|(known, _)| *known == path) {
                    Some((_, wanted)) => format!("{path} is {wanted}"),
                    None => format!("there is no setting {path}"),
                });
            }
        }
        Ok(())
    }
}

/// A duration in nanoseconds: a text with units, or an integer in seconds.
fn nanoseconds(value: Value) -> Result<u64, String> {
    let text = match value {
        Value::Integer(seconds) => seconds.to_string(),
        Value::Text(text) => text,
        _ => return Err("a duration is a text such as \"90s\" or \"1500ms\"".to_string()),
    };
    duration::parse(&text)
        .filter(|time| *time > 0)
        .ok_or_else(|| format!("{text:?} is no duration; write 90s, 1500ms or 2min"))
}

/// A number of bytes: an integer, or a text that ends with `K`, `M` or `G`.
fn bytes(value: Value) -> Result<u64, String> {
    match value {
        Value::Integer(bytes) => Ok(bytes),
        Value::Text(text) => {
            size(&text).ok_or_else(|| format!("{text:?} is no size; write 512K, 16M or 1G"))
        }
        _ => Err("a size is a number, or a text such as 512K, 16M or 1G".to_string()),
    }
}

/// A number of bytes from a text such as `512`, `64K`, `16M` or `1G`.
#[must_use]
pub fn size(text: &str) -> Option<u64> {
    let (digits, shift) = match text.as_bytes().last()? {
        b'K' | b'k' => (&text[..text.len() - 1], 10),
        b'M' | b'm' => (&text[..text.len() - 1], 20),
        b'G' | b'g' => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

/// Returns whether a file of this name is a program, if no setting names one.
#[must_use]
pub fn is_program(name: &str) -> bool {
    // Other systems leave hidden files beside a file that they copy.
    let ends_with = |ending: &[u8]| {
        let name = name.as_bytes();
        let at = name.len().checked_sub(ending.len());
        at.is_some_and(|at| at > 0 && name[at..].eq_ignore_ascii_case(ending))
    };
    let is_hibernated = name.eq_ignore_ascii_case(HIBERNATED);
    !name.starts_with('.')
        && (ends_with(b".wasm") || ends_with(b".lwasm") || ends_with(b".wi") && !is_hibernated)
}

#[cfg(test)]
mod tests {
    use super::{HIBERNATED, Tmp, is_program, parse, size};

    #[test]
    fn the_example_in_the_documentation_parses() {
        let text: String = include_str!("wasi_toml.rs")
            .lines()
            .filter_map(|line| line.strip_prefix("//! "))
            .skip_while(|line| *line != "```toml")
            .skip(1)
            .take_while(|line| *line != "```")
            .map(|line| format!("{line}\n"))
            .collect();
        let settings = parse(&text).expect("the example is right");
        assert_eq!(settings.program.as_deref(), Some("main.wasm"));
        assert_eq!(settings.args, ["-v", "data.txt"]);
        assert_eq!(settings.env["TZ"], "UTC");
        assert_eq!(settings.limits.memory, Some(16 << 20));
        assert_eq!(settings.tmp, Tmp::Size(4 << 20));
        assert!(!settings.write_boot_files && !settings.no_fsck && !settings.hibernate);
        assert_eq!(settings.limits.timeout, Some(90_000_000_000));
        assert_eq!(settings.limits.watchdog, Some(10_000_000_000));
        assert!(settings.console.line_editing && !settings.console.raw);
    }

    #[test]
    fn an_empty_file_means_the_defaults() {
        let settings = parse("").expect("nothing is required");
        assert!(settings.program.is_none() && settings.args.is_empty() && settings.dirs.is_none());
        assert_eq!(settings.console.log, log::LevelFilter::Warn);
    }

    #[test]
    fn errors_name_the_line_and_what_is_wrong() {
        let error = parse("args = []\nprogramm = \"x\"\n").expect_err("an unknown key");
        assert!(
            error.contains("line 2") && error.contains("programm"),
            "{error}"
        );
        for (text, words) in [
            ("env.A = 1", "env.A is a text: write the value in quotes"),
            ("[env]\nA = true", "line 2: env.A is a text"),
            ("env = { A = [\"x\"] }", "env.A is a text"),
            ("fsck = 1", "fsck is true or false"),
            (
                "write_boot_files = \"yes\"",
                "write_boot_files is true or false",
            ),
            ("limits.fuel = \"1\"", "limits.fuel is a number"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(words), "{error}");
        }
        let error = parse("tmp = \"4X\"\n").expect_err("an unknown unit");
        assert!(error.contains("4X"), "{error}");
        for text in ["\"5x\"", "0", "true", "\"0s\""] {
            let error = parse(&format!("[limits]\ntimeout = {text}\n")).expect_err(text);
            assert!(
                error.contains("line 2") && error.contains("duration"),
                "{error}"
            );
        }
        let error = parse("[console]\nraw = 1\n").expect_err("a number");
        assert!(error.contains("console.raw is true or false"), "{error}");
    }

    #[test]
    fn programs_are_known_by_their_names() {
        for name in ["main.wasm", "MAIN.WASM", "a.lwasm", "state.wi"] {
            assert!(is_program(name), "{name}");
        }
        for name in [".wasm", "._a.wasm", "a.txt", HIBERNATED, "HIBERNATE.WI"] {
            assert!(!is_program(name), "{name}");
        }
    }

    #[test]
    fn a_long_text_is_refused() {
        let text = |len: usize| "#".repeat(len);
        assert!(parse(&text(64 << 10)).is_ok());
        let error = parse(&text((64 << 10) + 1)).expect_err("it is too long");
        assert_eq!(error, "it is longer than 64 KiB");
    }

    #[test]
    fn the_ram_disk_can_be_left_out() {
        let tmp = |text: &str| parse(text).expect("it is right").tmp;
        assert_eq!(tmp(""), Tmp::Usual);
        assert_eq!(tmp("tmp = true"), Tmp::Usual);
        assert_eq!(tmp("tmp = false"), Tmp::Off);
        assert_eq!(tmp("tmp = 1024"), Tmp::Size(1024));
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("512"), Some(512));
        assert_eq!(size("64K"), Some(64 << 10));
        assert_eq!(size("1G"), Some(1 << 30));
        assert_eq!(size("99999999999G"), None);
        assert_eq!(size(""), None);
        assert_eq!(size("M"), None);
    }
}
