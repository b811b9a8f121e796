//! The subcommands and their options.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::{RunArgs, statuses_and_examples};

/// The subcommands.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Run a module; the word `run` is optional
    #[command(override_usage = "wasi-interp run [OPTIONS] <MODULE> [ARGS]...", after_long_help = statuses_and_examples())]
    Run(Box<RunArgs>),

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
    /// wasi-interp, in the same build; another one refuses it. Each function is verified when it is first called, so a changed
    /// file cannot harm the host.
    #[cfg(feature = "lowered-modules")]
    #[command(override_usage = "wasi-interp compile [OPTIONS] --output <FILE> <MODULE>")]
    Compile(CompileArgs),

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

/// The options of `compile`.
#[cfg(feature = "lowered-modules")]
#[derive(Args, Debug)]
pub(crate) struct CompileArgs {
    /// The path of the file in lowered form, usually with the ending .lwasm; an existing file is replaced
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,

    /// Leave out the offsets in backtraces and the custom sections. The names of functions stay
    #[arg(long)]
    pub(crate) strip: bool,

    /// The module; `-` reads it from standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) module: PathBuf,
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
