//! The subcommands and their options.

#[cfg(all(feature = "lowered-modules", feature = "freeze"))]
use std::ffi::OsString;
use std::path::PathBuf;

#[cfg(all(unix, feature = "freeze"))]
use clap::ValueEnum;
use clap::{Args, Subcommand, ValueHint};

#[cfg(feature = "debug")]
use super::DebugArgs;
#[cfg(all(feature = "replay", feature = "profile"))]
use super::ProfileArgs;
#[cfg(all(feature = "replay", feature = "probes"))]
use super::TraceArgs;
#[cfg(any(feature = "freeze", feature = "replay"))]
use super::units;
use super::{RunArgs, statuses_and_examples};

/// The subcommands.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Run a module; the word `run` is optional
    #[command(override_usage = "wasi-interp run [OPTIONS] <MODULE> [ARGS]...", after_long_help = statuses_and_examples())]
    Run(Box<RunArgs>),

    /// Run a module as it ran when `--record` wrote LOG: without files, network and clock, with the same output
    ///
    /// It needs the same module and the same release of wasi-interp, on any system and processor. The log answers the guest's calls. The
    /// exit status is that of the recorded run.
    #[cfg(feature = "replay")]
    #[command(override_usage = "wasi-interp replay [OPTIONS] <LOG> <MODULE>")]
    Replay(ReplayArgs),

    /// Debug a module, with a way back: steps, breakpoints and watch points, each also backwards in time
    ///
    /// The prompt has the commands of gdb; `help` lists them. Without a terminal, commands are read from standard input, one a line. What
    /// comes to the program from outside is recorded in memory, so going back does not read, write or wait again.
    #[cfg(feature = "debug")]
    #[command(
        override_usage = "wasi-interp debug [OPTIONS] <MODULE> [ARGS]...",
        mut_arg("module_and_args", |arg| arg.required(false).required_unless_present("dap"))
    )]
    Debug(Box<DebugArgs>),

    /// Check every function of a module without running it
    Validate {
        /// The module; `-` reads it from standard input
        #[arg(value_hint = ValueHint::FilePath)]
        module: PathBuf,
    },

    /// Print the functions of a module: wasm beside its bytecode
    List {
        /// Only the function with this name or index
        #[arg(long, value_name = "NAME|INDEX")]
        func: Option<String>,
        /// The module; `-` reads it from standard input
        #[arg(value_hint = ValueHint::FilePath)]
        module: PathBuf,
    },

    /// Write a module in lowered form: it starts at once, since no function is decoded, validated or lowered
    ///
    /// The file has the interpreter's bytecode instead of WebAssembly's code. `wasi-interp FILE` runs it. It is for this release of
    /// wasi-interp, in the same build; another one refuses it. With --for it is for the kernel of a board. Each function is verified
    /// when it is first called, so a changed file cannot harm the host.
    #[cfg(feature = "lowered-modules")]
    #[command(override_usage = "wasi-interp compile [OPTIONS] --output <FILE> <MODULE>")]
    Compile(CompileArgs),

    /// Go on with a program that was frozen by --freeze-to
    ///
    /// It goes on in the directory in which it was started, with the options that it was started with. Its standard input goes on where it
    /// was read if it is the same file. The directories and sockets that it was started with are granted again: thaw only files that you trust.
    #[cfg(feature = "freeze")]
    #[command(override_usage = "wasi-interp thaw [OPTIONS] <STATE> [MODULE]")]
    Thaw(ThawArgs),

    /// Print the bytes of modules side by side: by section, and for Go's programs by package
    ///
    /// Takes WebAssembly modules, also those of GOOS=js, and modules in lowered form.
    Size {
        /// The modules; `-` reads one from standard input
        #[arg(required = true, value_hint = ValueHint::FilePath)]
        modules: Vec<PathBuf>,
    },

    /// Write the image of a disk or an SD card that boots a board into a program
    ///
    /// The image has a partition table and a FAT32 volume with the program, files, settings, and the files of the board's
    /// firmware. The same files give the same image.
    #[command(
        override_usage = "wasi-interp image [OPTIONS] --output <FILE> <PROGRAM> [FILES]... [-- <ARGS>...]"
    )]
    Image(Box<ImageArgs>),

    /// Print the completions of a shell
    ///
    /// For bash: wasi-interp completions bash > ~/.local/share/bash-completion/completions/wasi-interp
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },

    /// Print the manual page, in the format of man(7)
    ///
    /// To read it: wasi-interp man | man -l -
    Man,
}

/// The options of `replay`.
#[cfg(feature = "replay")]
#[derive(Args, Debug)]
pub(crate) struct ReplayArgs {
    /// Stop after so many units of fuel, or at the trap, and print where the guest is
    ///
    /// A unit is a call or a backward branch, as for --fuel. A stop after N units has status 0. Without a trap the status is 1.
    #[arg(long, value_name = "FUEL|trap", value_parser = Until::parse)]
    pub(crate) until: Option<Until>,

    /// What is traced.
    #[cfg(feature = "probes")]
    #[command(flatten)]
    pub(crate) tracing: TraceArgs,

    /// What is profiled.
    #[cfg(feature = "profile")]
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,

    /// The log that `wasi-interp run --record LOG` has written
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) log: PathBuf,

    /// The module that was recorded; `-` reads it from standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) module: PathBuf,
}

/// Where a replay stops.
#[cfg(feature = "replay")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// After so many units of fuel.
    Fuel(u64),
    /// At the trap that ends the run.
    Trap,
}

#[cfg(feature = "replay")]
impl Until {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "trap" => Ok(Self::Trap),
            _ => units::count(text)
                .map(Self::Fuel)
                .map_err(|error| format!("{error}, or the word trap")),
        }
    }
}

/// The options of `compile`.
#[cfg(feature = "lowered-modules")]
#[derive(Args, Debug)]
pub(crate) struct CompileArgs {
    /// The path of the file in lowered form, usually with the ending .lwasm; an existing file is replaced
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,

    /// Make NaNs canonical, as --record and --freeze-to need it: code that computes with floats becomes longer
    #[cfg(feature = "canonical-nans")]
    #[arg(long)]
    pub(crate) canonical_nans: bool,

    /// Leave out the offsets in backtraces and the custom sections. The names of functions stay
    #[arg(long)]
    pub(crate) strip: bool,

    /// Write the file for the kernel of a board, for example raspi3b, or raspi3b:small for its small kernel
    #[arg(long = "for", value_name = "BOARD[:small]")]
    pub(crate) board: Option<String>,

    /// Write a list of the handlers that the program needs, for a kernel that has no others; cargo xtask board build --for-program
    /// uses it
    #[arg(long, value_name = "FILE", requires = "board", value_hint = ValueHint::FilePath)]
    pub(crate) handlers: Option<PathBuf>,

    /// Run the program until it calls `main.main`, and write it as it is then: later starts begin in main
    ///
    /// The file runs as other modules do, with the arguments that are given here after `--`, and without directories. The random seeds of Go's
    /// runtime are stored with it, so that they are the same in every run.
    #[cfg(feature = "freeze")]
    #[arg(long, conflicts_with_all = ["strip", "board"])]
    pub(crate) started: bool,

    /// With --started: the function in place of `main.main`, by its name or index
    #[cfg(feature = "freeze")]
    #[arg(long, value_name = "FUNC", requires = "started")]
    pub(crate) at: Option<String>,

    /// The module; `-` reads it from standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) module: PathBuf,

    /// With --started: the arguments of the program
    #[cfg(feature = "freeze")]
    #[arg(last = true, requires = "started")]
    pub(crate) args: Vec<OsString>,
}

/// The options of `thaw`.
#[cfg(feature = "freeze")]
#[derive(Args, Debug)]
pub(crate) struct ThawArgs {
    /// The file that --freeze-to has written; `-` reads it from standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) state: PathBuf,

    /// The module, if the state was written without it
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) module: Option<PathBuf>,

    /// Freeze the program again.
    #[command(flatten)]
    pub(crate) freeze: FreezeArgs,
}

/// When and where a program is frozen.
#[cfg(feature = "freeze")]
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Freezing")]
pub(crate) struct FreezeArgs {
    /// Freeze the program: write its state to FILE, and end with status 0. `wasi-interp thaw FILE` goes on
    ///
    /// The file holds the program's memory, its open files by their names, and the module. Only its owner can read it. An existing file is
    /// replaced when the new one is whole. Without another option, SIGUSR1 freezes the program.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) freeze_to: Option<PathBuf>,

    /// Freeze it when it calls this function for the first time, before the function begins: a name or an index
    #[arg(long, value_name = "FUNC", requires = "freeze_to")]
    pub(crate) freeze_at: Option<String>,

    /// Freeze it after N units of fuel
    #[arg(long, value_name = "N", requires = "freeze_to", value_parser = units::count)]
    pub(crate) freeze_after: Option<u64>,

    /// Freeze it when this signal arrives
    #[cfg(unix)]
    #[arg(long, value_name = "SIGNAL", requires = "freeze_to")]
    pub(crate) freeze_on: Option<FreezeSignal>,

    /// Go on after the state was written, and write it again at the next signal
    #[arg(long, requires = "freeze_to")]
    pub(crate) freeze_and_go_on: bool,

    /// Do not store the module in the file. `thaw FILE MODULE` then names it
    #[arg(long, requires = "freeze_to")]
    pub(crate) without_module: bool,
}

/// A signal that freezes a program.
#[cfg(all(unix, feature = "freeze"))]
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FreezeSignal {
    /// The first signal for users.
    #[value(name = "SIGUSR1", alias = "USR1")]
    Usr1,
    /// The second one.
    #[value(name = "SIGUSR2", alias = "USR2")]
    Usr2,
}

/// The options of `image`.
#[derive(Args, Debug)]
pub(crate) struct ImageArgs {
    /// The path of the image; an existing file is replaced
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,

    /// The board, for example raspi3b; adds the files that its firmware needs
    #[arg(long)]
    pub(crate) board: Option<String>,

    /// The board's kernel, made by `cargo xtask board build`, as an ELF file or flat
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "board")]
    pub(crate) kernel: Option<PathBuf>,

    /// The contents that the user puts on it.
    #[command(flatten)]
    pub(crate) contents: board_card::Contents,
}
