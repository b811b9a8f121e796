//! The options of `debug`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{RunArgs, units};

/// The options of `debug`.
#[derive(Args, Debug)]
pub(crate) struct DebugArgs {
    /// Debug the run that `--record LOG` has written, in place of a new one. Nothing of the outside is needed
    #[arg(long, value_name = "LOG", help_heading = "Debugging", value_hint = ValueHint::FilePath)]
    pub(crate) replay: Option<PathBuf>,

    /// The memory for snapshots, from which the way back begins: more of them make it shorter
    #[arg(long, value_name = "SIZE", help_heading = "Debugging", default_value = "256M", value_parser = units::size)]
    pub(crate) snapshots: u64,

    /// The program's standard input. Without a terminal it is empty, since the commands come from there
    #[arg(long, value_name = "FILE", help_heading = "Debugging", value_hint = ValueHint::FilePath)]
    pub(crate) stdin: Option<PathBuf>,

    /// Serve an editor in place of the prompt: the Debug Adapter Protocol on standard input and output
    #[arg(long, help_heading = "Debugging", conflicts_with_all = ["command_files", "execute", "batch"])]
    pub(crate) dap: bool,

    /// Serve one editor on this port of 127.0.0.1; 0 takes a free one, which is printed
    #[arg(long, value_name = "N", help_heading = "Debugging", requires = "dap")]
    pub(crate) port: Option<u16>,

    /// Read commands from FILE first, one a line
    #[arg(short = 'x', long = "command", value_name = "FILE", help_heading = "Debugging", value_hint = ValueHint::FilePath)]
    pub(crate) command_files: Vec<PathBuf>,

    /// Execute this command first, after those of -x
    #[arg(long, value_name = "COMMAND", help_heading = "Debugging")]
    pub(crate) execute: Vec<String>,

    /// End after the commands of -x and --execute
    #[arg(long, help_heading = "Debugging")]
    pub(crate) batch: bool,

    /// Look for source files whose path begins with FROM below TO
    #[arg(long, value_name = "FROM=TO", help_heading = "Debugging", value_parser = moved)]
    pub(crate) source_path: Vec<(String, String)>,

    /// The program and its world.
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

fn moved(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((from, to)) if !from.is_empty() => Ok((from.to_owned(), to.to_owned())),
        _ => Err("it has the form FROM=TO".to_owned()),
    }
}
