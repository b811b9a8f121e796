//! The command line: all options, with the texts that `--help`, the manual page and the completions show.
//!
//! clap fills in [`Cli`]. The options of a run are in [`RunArgs`]. Options before the module belong to wasi-interp;
//! everything after the module belongs to the guest. [`wasmtime`] reads wasmtime's spellings (`-W`, `-S`), and
//! [`RunArgs::limits`] merges them with the plain options, so the rest of the program knows one spelling only.

mod commands;
#[cfg(feature = "debug")]
mod debug;
pub(crate) mod mount;
#[cfg(feature = "profile")]
mod profiling;
pub(crate) mod trace;
#[cfg(feature = "probes")]
mod tracing;
mod units;
mod variable;
pub(crate) mod wasmtime;

use std::ffi::OsString;
use std::fmt::Write;
#[cfg(all(feature = "lowered-modules", feature = "freeze"))]
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, ValueHint};
use interp::Config;

#[cfg(feature = "lowered-modules")]
pub(crate) use commands::CompileArgs;
#[cfg(all(unix, feature = "freeze"))]
pub(crate) use commands::FreezeSignal;
pub(crate) use commands::{Command, ImageArgs};
#[cfg(feature = "freeze")]
pub(crate) use commands::{FreezeArgs, ThawArgs};
#[cfg(feature = "replay")]
pub(crate) use commands::{ReplayArgs, Until};
#[cfg(feature = "debug")]
pub(crate) use debug::DebugArgs;
use mount::Mount;
#[cfg(feature = "profile")]
pub(crate) use profiling::{Profile, ProfileArgs, ProfileBy, ProfileFormat};
use trace::Trace;
#[cfg(feature = "probes")]
pub(crate) use tracing::TraceArgs;
pub(crate) use variable::Variable;
use wasmtime::{WasiOption, WasmOption};

/// The two forms of a run.
const USAGE: &str = "wasi-interp [run] [OPTIONS] <MODULE> [ARGS]...\n       wasi-interp <COMMAND>";

/// The meaning of each exit status.
pub(crate) const STATUSES: [(&str, &str); 8] = [
    ("0-255", "the guest ended by itself with this status"),
    (
        "1",
        "wasi-interp could not run it: the module is missing, not valid or cut short, or a directory cannot be opened",
    ),
    ("2", "the command line is wrong"),
    (
        "129",
        "stopped by SIGHUP, the volumes of --fat written first",
    ),
    (
        "130",
        "stopped by Ctrl-C; a second Ctrl-C does not wait for the guest",
    ),
    (
        "131",
        "stopped by SIGQUIT; standard error says where, and what the goroutines of a Go program do",
    ),
    (
        "134",
        "the guest trapped, or used up --fuel or --timeout; standard error says where",
    ),
    (
        "143",
        "stopped by SIGTERM, the volumes of --fat written first",
    ),
];

/// Examples that can be typed.
pub(crate) const EXAMPLES: [&str; 3] = [
    "GOOS=wasip1 GOARCH=wasm go build -o main.wasm . && wasi-interp main.wasm",
    "wasi-interp --dir=. --dir=/tmp main.wasm test.txt /tmp/somewhere.txt",
    "wasi-interp --dir-ro=/usr/share::/data --env TZ=UTC --timeout 10s main.wasm --flag-of-the-guest",
];

/// The end of the text of `--help`.
fn statuses_and_examples() -> String {
    let mut text = "Exit status:\n".to_owned();
    for (status, meaning) in STATUSES {
        let _ = writeln!(text, "  {status:<6} {meaning}");
    }
    text.push_str("\nExamples:");
    for line in EXAMPLES {
        let _ = write!(text, "\n  {line}");
    }
    text
}

/// Runs WebAssembly programs that were built for WASI preview 1, such as those of Go (GOOS=wasip1), C and Rust.
///
/// A guest sees its arguments, the three standard streams, clocks and random numbers. It sees files, directories and
/// environment variables only if an option grants them.
#[derive(Parser, Debug)]
#[command(
    name = "wasi-interp",
    version,
    override_usage = USAGE,
    after_long_help = statuses_and_examples(),
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub(crate) struct Cli {
    /// The subcommand, if there is one.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// The options of a run without the word `run`.
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// The options of a run.
#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// The module (`-`: standard input), followed by the guest's arguments, including those that begin with `-`
    #[arg(required = true, trailing_var_arg = true, value_names = ["MODULE", "ARGS"], value_hint = ValueHint::AnyPath)]
    module_and_args: Vec<OsString>,

    /// Grant a directory of the host, under its own path or under the name GUEST
    ///
    /// Relative and absolute paths below it work as they do natively, wherever wasi-interp is started. The first relative
    /// directory becomes the guest's working directory. With `::GUEST` the guest does not learn the host's path.
    #[arg(long, value_name = "HOST[::GUEST]", help_heading = "Files", value_hint = ValueHint::DirPath,
          value_parser = OsStringValueParser::new().try_map(Mount::directory))]
    dir: Vec<Mount>,

    /// Grant a directory of the host read-only
    ///
    /// It cannot be inside of a directory of --dir. The opposite nesting works: --dir-ro=. --dir=./out.
    #[arg(long, value_name = "HOST[::GUEST]", help_heading = "Files", value_hint = ValueHint::DirPath,
          value_parser = OsStringValueParser::new().try_map(Mount::read_only_directory))]
    dir_ro: Vec<Mount>,

    /// Grant the FAT or exFAT volume of a disk image, which has the layout of a board's card
    ///
    /// Without `::GUEST` it is the guest's root directory.
    #[arg(long, value_name = "IMAGE[::GUEST]", help_heading = "Files", value_hint = ValueHint::FilePath,
          value_parser = OsStringValueParser::new().try_map(Mount::fat))]
    fat: Vec<Mount>,

    /// Grant a directory in memory, empty or filled from a tar archive
    ///
    /// Its contents are lost when the guest ends.
    #[arg(long, value_name = "[ARCHIVE::]GUEST", help_heading = "Files", value_hint = ValueHint::FilePath,
          value_parser = OsStringValueParser::new().try_map(Mount::ram))]
    ram: Vec<Mount>,

    /// The maximum size of each --ram directory
    #[arg(long, value_name = "SIZE", help_heading = "Files", default_value = "256M", value_parser = units::size)]
    pub(crate) ram_size: u64,

    /// Grant a listening TCP socket on an address; port 0 chooses a free port
    ///
    /// The guest finds the socket as an open descriptor after those of --dir and similar options; it is 3 if there are
    /// none. In Go, net.FileListener(os.NewFile(3, "")) makes a listener from it.
    #[arg(
        long,
        value_name = "HOST:PORT",
        help_heading = "Network",
        visible_alias = "tcplisten"
    )]
    listen: Vec<String>,

    /// Set an environment variable of the guest; without a value, pass on the host's variable
    ///
    /// PWD is the directory in which a Go program starts.
    #[arg(long, value_name = "NAME[=VALUE]", help_heading = "Environment",
          value_parser = OsStringValueParser::new().try_map(Variable::parse))]
    pub(crate) env: Vec<Variable>,

    /// Pass on all environment variables of the host; --env adds and overrides
    #[arg(long, help_heading = "Environment")]
    inherit_env: bool,

    /// The guest's argument 0, instead of the module's name
    #[arg(long, value_name = "NAME", help_heading = "Environment")]
    pub(crate) argv0: Option<OsString>,

    /// Call the exported function NAME with ARGS as its parameters, and print its results
    ///
    /// A module that has no `_start` but an `_initialize` is initialised first.
    #[arg(long, value_name = "NAME", help_heading = "Environment")]
    pub(crate) invoke: Option<String>,

    /// Trap after N units of fuel: each call and each backward branch costs one unit. The place is the same in every run
    #[arg(long, value_name = "N", help_heading = "Limits", value_parser = units::count)]
    #[cfg_attr(feature = "freeze", arg(conflicts_with = "freeze_after"))]
    fuel: Option<u64>,

    /// Trap after this time: 90, 90s, 1500ms, 2min
    #[arg(long, value_name = "DURATION", help_heading = "Limits", value_parser = units::duration)]
    timeout: Option<Duration>,

    /// Limit the sum of the guest's memories, tables, objects, instance and lowered code: in bytes, or as 64M, 1.5GiB
    #[arg(long, value_name = "SIZE", help_heading = "Limits", value_parser = units::size)]
    max_memory: Option<u64>,

    /// Limit the heap of objects that are garbage collected
    #[cfg(any(feature = "gc", feature = "exceptions"))]
    #[arg(long, value_name = "SIZE", help_heading = "Limits", value_parser = units::size)]
    max_gc_heap: Option<u64>,

    /// Limit the stack of the guest's nested calls
    #[arg(long, value_name = "SIZE", help_heading = "Limits", value_parser = units::size)]
    max_stack: Option<u64>,

    /// When and where the program is frozen.
    #[cfg(feature = "freeze")]
    #[command(flatten)]
    pub(crate) freeze: FreezeArgs,

    /// What is traced.
    #[cfg(feature = "probes")]
    #[command(flatten)]
    pub(crate) tracing: TraceArgs,

    /// What is profiled.
    #[cfg(feature = "profile")]
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,

    /// Check the whole module before it runs, instead of each function at its first call
    #[arg(long, help_heading = "Running")]
    pub(crate) eager: bool,

    /// Write to FILE all that comes from outside, for `wasi-interp replay FILE MODULE`
    ///
    /// The file contains what the guest reads, its arguments and its environment, but not what it writes. If it cannot be written, the
    /// guest is stopped.
    #[cfg(feature = "replay")]
    #[arg(long, value_name = "FILE", help_heading = "Running", value_hint = ValueHint::FilePath)]
    #[cfg_attr(feature = "freeze", arg(conflicts_with = "freeze_to"))]
    pub(crate) record: Option<PathBuf>,

    /// Count the executed ops and their successors, and print the counts to standard error
    #[cfg(feature = "observe")]
    #[arg(long, help_heading = "Running")]
    pub(crate) profile_ops: bool,

    /// Write to FILE how often each chain of ops ran: what superinstructions are chosen from
    #[cfg(feature = "observe")]
    #[arg(long, value_name = "FILE", help_heading = "Running")]
    pub(crate) profile_chains: Option<PathBuf>,

    /// Log the work of wasi-interp to standard error; -vv logs more, -vvv everything
    #[arg(short, long, action = ArgAction::Count, help_heading = "Running")]
    pub(crate) verbose: u8,

    /// Log WASI calls to standard error: all, or those of `args`, `clock`, `fs`, `poll`, `proc`, `random`, `sock`
    ///
    /// With the word `json`, each line is a JSON object.
    #[arg(long, value_name = "WHICH,...", help_heading = "Looking inside", num_args = 0..=1, require_equals = true,
          default_missing_value = "", value_parser = Trace::parse)]
    pub(crate) trace_wasi: Option<Trace>,

    /// wasmtime's spelling of limits and proposals: fuel=N, timeout=T, max-memory-size=N, max-wasm-stack=N, ...
    #[arg(short = 'W', long, value_name = "NAME[=VALUE],...", help_heading = "As wasmtime",
          value_delimiter = ',', value_parser = WasmOption::parse)]
    wasm: Vec<WasmOption>,

    /// wasmtime's spelling of WASI options: inherit-env, tcplisten=HOST:PORT, cli, common, ...
    #[arg(short = 'S', long, value_name = "NAME[=VALUE],...", help_heading = "As wasmtime",
          value_delimiter = ',', value_parser = WasiOption::parse)]
    wasi: Vec<WasiOption>,

    /// The variable that contains the options of `go_wasip1_wasm_exec`, for messages.
    #[arg(long, hide = true, require_equals = true)]
    options_of: Option<String>,

    /// The words of the command line, if they are not those of this process.
    #[cfg(feature = "freeze")]
    #[arg(skip)]
    pub(crate) line: Option<Vec<OsString>>,

    /// `--dir`, `--dir-ro`, `--fat` and `--ram` in the order of the command line.
    #[arg(skip)]
    pub(crate) mounts: Vec<Mount>,
}

/// The limits of a guest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Limits {
    /// Units of fuel.
    pub(crate) fuel: Option<u64>,
    /// Time on the host's clock.
    pub(crate) timeout: Option<Duration>,
    /// Bytes of memories, tables, objects, the instance and lowered code.
    pub(crate) max_memory: Option<u64>,
    /// Bytes of objects.
    pub(crate) max_heap: Option<u64>,
    /// Bytes of the interpreter's stack.
    pub(crate) max_stack: Option<u64>,
    /// Elements of a table.
    pub(crate) max_table: Option<u64>,
    /// Whether the guest ends if it requests more memory than allowed. Otherwise the request fails.
    pub(crate) trap_on_grow_failure: bool,
}

impl Cli {
    /// Reads a command line. Its first element is the program's name.
    pub(crate) fn read(line: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut matches = Self::command().try_get_matches_from(line)?;
        let ordered = match matches.subcommand() {
            Some(("run" | "debug", run)) => Mount::in_order(run),
            Some(_) => Vec::new(),
            None => Mount::in_order(&matches),
        };
        let mut cli = Self::from_arg_matches_mut(&mut matches)?;
        match &mut cli.command {
            Some(Command::Run(run)) => run.mounts = ordered,
            #[cfg(feature = "debug")]
            Some(Command::Debug(debug)) => debug.run.mounts = ordered,
            Some(_) => {}
            None => cli.run.mounts = ordered,
        }
        Ok(cli)
    }
}

impl RunArgs {
    /// The options that run `module` until it calls function `at` for the first time, and write its state to `state`.
    ///
    /// # Errors
    /// The words cannot be read as options.
    #[cfg(all(feature = "lowered-modules", feature = "freeze"))]
    pub(crate) fn until(
        at: &str,
        state: &Path,
        module: &Path,
        args: &[OsString],
    ) -> Result<Self, clap::Error> {
        let mut line: Vec<OsString> = vec!["wasi-interp".into()];
        for (option, value) in [
            ("--freeze-at=", at.as_ref()),
            ("--freeze-to=", state.as_os_str()),
        ] {
            let mut word = OsString::from(option);
            word.push(value);
            line.push(word);
        }
        line.extend(["--".into(), module.into()]);
        line.extend_from_slice(args);
        let mut run = Cli::read(line.iter().cloned())?.run;
        run.line = Some(line);
        Ok(run)
    }

    /// The module's path.
    pub(crate) fn module(&self) -> PathBuf {
        self.module_and_args
            .first()
            .map(PathBuf::from)
            .unwrap_or_default()
    }

    /// Whether the run is recorded.
    pub(crate) fn records(&self) -> bool {
        #[cfg(feature = "replay")]
        return self.record.is_some();
        #[cfg(not(feature = "replay"))]
        return false;
    }

    /// The value of `PWD` that an option sets for the guest.
    pub(crate) fn pwd(&self) -> Option<OsString> {
        let pwd = self.env.iter().rev().find_map(|variable| match variable {
            Variable::Set(name, value) => (name == "PWD").then(|| Some(value.clone())),
            Variable::Inherit(name) => (name == "PWD").then(|| std::env::var_os("PWD")),
        });
        pwd.flatten()
    }

    /// Whether the run can be frozen.
    pub(crate) fn freezes(&self) -> bool {
        #[cfg(feature = "freeze")]
        return self.freeze.freeze_to.is_some();
        #[cfg(not(feature = "freeze"))]
        false
    }

    /// Whether fuel is counted, even if it has no limit.
    pub(crate) fn needs_fuel(&self) -> bool {
        #[cfg(feature = "freeze")]
        let freezes = self.freeze.freeze_after.is_some();
        #[cfg(not(feature = "freeze"))]
        let freezes = false;
        #[cfg(feature = "probes")]
        let traces = self.tracing.trace_from.is_some();
        #[cfg(not(feature = "probes"))]
        let traces = false;
        self.records() || freezes || traces
    }

    /// Whether an option grants files or sockets of the host.
    #[cfg(feature = "freeze")]
    pub(crate) fn reaches_host(&self) -> bool {
        !self.mounts.is_empty() || self.listen().next().is_some()
    }

    /// Whether an option or an argument gives the guest something.
    #[cfg(feature = "freeze")]
    pub(crate) fn grants(&self) -> bool {
        let words = self.guest_args().len() + self.env.len();
        let has_name = self.argv0.is_some() || self.invoke.is_some();
        words > 0 || has_name || self.inherits_env() || self.reaches_host()
    }

    /// The words after the module.
    pub(crate) fn guest_args(&self) -> &[OsString] {
        self.module_and_args.get(1..).unwrap_or_default()
    }

    /// Whether the guest receives all variables of the host.
    pub(crate) fn inherits_env(&self) -> bool {
        let mut inherits = self.inherit_env;
        for option in &self.wasi {
            if let WasiOption::InheritEnv(value) = option {
                inherits |= value;
            }
        }
        inherits
    }

    /// The addresses to listen on, from both spellings.
    pub(crate) fn listen(&self) -> impl Iterator<Item = &str> {
        let wasmtime = self.wasi.iter().filter_map(|option| match option {
            WasiOption::TcpListen(address) => Some(address),
            _ => None,
        });
        self.listen.iter().chain(wasmtime).map(String::as_str)
    }

    /// Sets the proposals that modules may use, and their NaNs, as `-W` says. The last option applies.
    pub(crate) fn set_proposals(&self, config: &mut Config) {
        for option in &self.wasm {
            match *option {
                #[cfg(feature = "threads")]
                WasmOption::Threads(yes) => config.wasm_threads(yes),
                #[cfg(feature = "memory64")]
                WasmOption::Memory64(yes) => config.wasm_memory64(yes),
                WasmOption::CustomPageSizes(yes) => config.wasm_custom_page_sizes(yes),
                #[cfg(feature = "wide-arithmetic")]
                WasmOption::WideArithmetic(yes) => config.wasm_wide_arithmetic(yes),
                #[cfg(feature = "simd")]
                WasmOption::Simd(yes) => config.wasm_simd(yes).wasm_relaxed_simd(yes),
                #[cfg(feature = "simd")]
                WasmOption::RelaxedSimd(yes) => config.wasm_relaxed_simd(yes),
                #[cfg(feature = "exceptions")]
                WasmOption::Exceptions(yes) => config.wasm_exceptions(yes),
                #[cfg(feature = "canonical-nans")]
                WasmOption::NanCanonicalization(yes) => config.canonical_nans(yes),
                #[cfg(feature = "gc")]
                WasmOption::FunctionReferences(yes) => config.wasm_function_references(yes),
                #[cfg(feature = "gc")]
                WasmOption::Gc(yes) => config.wasm_gc(yes),
                _ => continue,
            };
        }
    }

    /// The limits from both spellings. The last one applies, and plain options override `-W`.
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        for option in &self.wasm {
            match *option {
                WasmOption::Fuel(units) => limits.fuel = Some(units),
                WasmOption::Timeout(time) => limits.timeout = Some(time),
                WasmOption::MaxMemory(bytes) => limits.max_memory = Some(bytes),
                WasmOption::MaxStack(bytes) => limits.max_stack = Some(bytes),
                WasmOption::MaxTable(elements) => limits.max_table = Some(elements),
                WasmOption::TrapOnGrowFailure(yes) => limits.trap_on_grow_failure = yes,
                #[cfg(feature = "simd")]
                WasmOption::Simd(_) | WasmOption::RelaxedSimd(_) => {}
                #[cfg(feature = "threads")]
                WasmOption::Threads(_) => {}
                #[cfg(feature = "canonical-nans")]
                WasmOption::NanCanonicalization(_) => {}
                #[cfg(feature = "exceptions")]
                WasmOption::Exceptions(_) => {}
                #[cfg(feature = "gc")]
                WasmOption::FunctionReferences(_) | WasmOption::Gc(_) => {}
                #[cfg(feature = "memory64")]
                WasmOption::Memory64(_) => {}
                #[cfg(feature = "wide-arithmetic")]
                WasmOption::WideArithmetic(_) => {}
                WasmOption::CustomPageSizes(_) | WasmOption::Settled => {}
            }
        }
        Limits {
            fuel: self.fuel.or(limits.fuel),
            timeout: self.timeout.or(limits.timeout),
            max_memory: self.max_memory.or(limits.max_memory),
            #[cfg(any(feature = "gc", feature = "exceptions"))]
            max_heap: self.max_gc_heap,
            max_stack: self.max_stack.or(limits.max_stack),
            ..limits
        }
    }
}

impl Mount {
    /// All mounts in the order of the command line.
    fn in_order(matches: &ArgMatches) -> Vec<Self> {
        let mut found = Vec::new();
        for id in ["dir", "dir_ro", "fat", "ram"] {
            let indices = matches.indices_of(id).into_iter().flatten();
            let mounts = matches.get_many::<Self>(id).into_iter().flatten();
            found.extend(indices.zip(mounts.cloned()));
        }
        found.sort_by_key(|(index, _)| *index);
        found.into_iter().map(|(_, mount)| mount).collect()
    }
}

#[cfg(test)]
mod tests;
