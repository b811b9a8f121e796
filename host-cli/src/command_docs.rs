//! `completions` and `man`: texts that are derived from the definition of the command line.

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;
use roff::{Roff, roman};

use crate::args::{self, Cli};
use crate::exit::{self, Outcome};

/// Prints the completions of a shell.
pub(crate) fn completions(shell: Shell) -> Result<Outcome> {
    let mut page = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "wasi-interp", &mut page);
    exit::print(&page)?;
    Ok(Outcome::Done)
}

/// Prints the manual page.
pub(crate) fn man() -> Result<Outcome> {
    let man = clap_mangen::Man::new(Cli::command());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    man.render_subcommands_section(&mut page)?;
    tail().to_writer(&mut page)?;
    exit::print(&page)?;
    Ok(Outcome::Done)
}

/// The sections that are tables in `--help`.
fn tail() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for (status, meaning) in args::STATUSES {
        roff.control("TP", [])
            .text([roman(status)])
            .text([roman(meaning)]);
    }
    roff.control("SH", ["EXAMPLES"]).control("nf", []);
    for line in args::EXAMPLES {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff
}
