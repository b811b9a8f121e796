//! `cargo xtask board …`: kernels for bare boards, the images they boot from, and the emulators to try them in.
//!
//! Reading order: this file (the commands), [`kernel`] (how a kernel is built), `boards::card` (the contents of a card),
//! [`machine`] (how QEMU is started, and how its output is split), `test` (the tests), [`measure`] (figures). [`tools`]
//! installs missing tools.

mod kernel;
mod lowered;
mod machine;
mod measure;
mod progress;
mod test;
mod tools;

use std::path::PathBuf;

use anyhow::{Context, Result};
use board_card::table::{Entry, Table, table};
use board_card::{self as card, Contents};
use clap::Subcommand;

use crate::layout::Layout;
use kernel::Size;

pub(crate) use test::{install, step};

/// The tasks for boards.
#[derive(Subcommand)]
pub(crate) enum Task {
    /// List the boards.
    List,
    /// Build a board's kernel and print its path.
    Build {
        /// The board, as `list` names it.
        board: String,
        #[command(flatten)]
        size: Size,
        /// Write the kernel without an ELF header, for boot loaders, and print the path of that file.
        #[arg(long)]
        flat: bool,
        /// Only with the handlers that this program needs, which the kernel runs in lowered form.
        #[arg(long, value_name = "PROGRAM")]
        for_program: Option<PathBuf>,
    },
    /// Write an image for an SD card or an emulated disk: the kernel where firmware looks for it, the program, and files.
    Image {
        /// The board, as `list` names it.
        board: String,
        /// Where to write the image.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        #[command(flatten)]
        size: Size,
        /// A kernel with the handlers that this program needs, and no others.
        #[arg(long)]
        for_program: bool,
        #[command(flatten)]
        contents: Contents,
    },
    /// Boot a board in QEMU and run a program on it. Exits with the program's status.
    Run {
        /// The board, as `list` names it.
        board: String,
        #[command(flatten)]
        size: Size,
        /// A kernel with the handlers that this program needs, and no others.
        #[arg(long)]
        for_program: bool,
        #[command(flatten)]
        contents: Contents,
        /// Put the program into flash, too: it runs from there, and takes no RAM for its code. On QEMU's virt machines, with --lowered.
        #[arg(long)]
        flash: bool,
        /// RAM of the machine, where it can be chosen: 32M, 1G.
        #[arg(long)]
        memory: Option<String>,
        /// Keep the image after the run, to look at what the program wrote.
        #[arg(long, value_name = "FILE")]
        keep: Option<PathBuf>,
    },
    /// Test boards in QEMU.
    Test {
        /// The boards; without any, all of tiers 1 and 2.
        boards: Vec<String>,
        #[command(flatten)]
        options: test::Options,
    },
    /// Measure boards in QEMU by counting instructions; prints the tables of boards/README.md.
    Measure {
        /// The boards; without any, all.
        boards: Vec<String>,
        #[command(flatten)]
        size: Size,
        /// Put the programs into flash.
        #[arg(long, requires = "lowered")]
        flash: bool,
    },
}

/// Runs the task. Returns the exit status.
pub(crate) fn run(layout: &Layout, task: Task) -> Result<u8> {
    let table = table();
    match task {
        Task::List => {
            for (name, entry) in &table {
                println!("{name:14} tier {}  {}", entry.tier, entry.about);
            }
            Ok(0)
        }
        Task::Build {
            board,
            size,
            flat,
            for_program,
        } => {
            let entry = find(&table, &board)?;
            let kernel = match for_program {
                Some(program) => {
                    let size = size.lowered();
                    let program = lowered::program(layout, &board, size, &program)?;
                    let handlers = lowered::handlers(&program)?;
                    kernel::build_for(layout, &board, entry, size, &handlers)?
                }
                None => kernel::build(layout, &board, entry, size)?,
            };
            let wanted = match flat {
                true => kernel::write_flat(&kernel, entry)?,
                false => kernel,
            };
            println!("{}", wanted.display());
            Ok(0)
        }
        Task::Image {
            board,
            output,
            size,
            for_program,
            contents,
        } => {
            let entry = find(&table, &board)?;
            check(&contents)?;
            let (contents, kernel) = packed(layout, entry, size, for_program, contents)?;
            card::write(
                Some(entry),
                Some(&kernel),
                &contents,
                &output,
                &card::no_validation,
                &mut progress::of_image(),
            )?;
            println!("{}", card::instructions(Some(entry), &output));
            Ok(0)
        }
        Task::Run {
            board,
            size,
            for_program,
            contents,
            flash,
            memory,
            keep,
        } => {
            let entry = find(&table, &board)?;
            check_memory(entry, memory.as_deref())?;
            check(&contents)?;
            tools::for_running(entry)?;
            let (contents, kernel) = packed(layout, entry, size, for_program, contents)?;
            let image =
                keep.unwrap_or_else(|| layout.target.join("boards").join(format!("{board}.img")));
            card::write(
                Some(entry),
                Some(&kernel),
                &contents,
                &image,
                &card::no_validation,
                &mut progress::of_image(),
            )?;
            let flash = match flash {
                true => Some(lowered::flash(entry, &contents.program)?),
                false => None,
            };
            let machine = machine::Machine {
                memory,
                flash,
                ..machine::Machine::new(entry, kernel, image)
            };
            machine.run_interactively(layout)
        }
        Task::Test { boards, options } => {
            let tally = test::run(layout, &boards, options)?;
            Ok(u8::from(!tally.print()))
        }
        Task::Measure {
            boards,
            size,
            flash,
        } => {
            let all = || table.keys().cloned().collect();
            let names: Vec<_> = if boards.is_empty() { all() } else { boards };
            let find = |name: &String| Ok((name.clone(), find(&table, name)?));
            let boards: Result<Vec<_>> = names.iter().map(find).collect();
            measure::run(layout, &boards?, size, flash)?;
            Ok(0)
        }
    }
}

/// The contents of a card in the form that the kernel runs, and the kernel.
fn packed(
    layout: &Layout,
    entry: &Entry,
    size: Size,
    for_program: bool,
    contents: Contents,
) -> Result<(Contents, PathBuf)> {
    let board = &entry.name;
    let size = if for_program { size.lowered() } else { size };
    let contents = lowered::contents(layout, board, size, contents)?;
    let kernel = match for_program {
        true => {
            let handlers = lowered::handlers(&contents.program)?;
            kernel::build_for(layout, board, entry, size, &handlers)?
        }
        false => kernel::build(layout, board, entry, size)?,
    };
    Ok((contents, kernel))
}

/// Checks that the files for a card exist, before a kernel is built, which takes minutes.
fn check(contents: &Contents) -> Result<()> {
    let folder =
        |dir: &String| PathBuf::from(dir.split_once("::").map_or(dir.as_str(), |(host, _)| host));
    let files = contents.files.iter().chain(&contents.settings).cloned();
    let all = [contents.program.clone()]
        .into_iter()
        .chain(files)
        .chain(contents.dir.iter().map(folder));
    for path in all {
        std::fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?;
    }
    Ok(())
}

/// Refuses a size of memory for a machine whose memory is fixed.
fn check_memory(entry: &Entry, memory: Option<&str>) -> Result<()> {
    let fixed = !entry.qemu.iter().any(|word| word.contains("{memory}"));
    anyhow::ensure!(
        !fixed || memory.is_none(),
        "{} always has the same memory: leave out --memory",
        entry.name
    );
    Ok(())
}

fn find<'t>(table: &'t Table, board: &str) -> Result<&'t Entry> {
    table
        .get(board)
        .with_context(|| format!("there is no board {board}; `cargo xtask board list` prints them"))
}

#[cfg(test)]
mod tests {
    use board_card::Contents;

    use super::{check, check_memory};

    #[test]
    fn missing_files_are_named_before_a_kernel_is_built() {
        let here = || Contents {
            program: "Cargo.toml".into(),
            ..Contents::default()
        };
        check(&here()).expect("the program is there");
        let missing = || "missing.file".to_owned();
        let wrong = [
            Contents {
                program: missing().into(),
                ..here()
            },
            Contents {
                files: vec![missing().into()],
                ..here()
            },
            Contents {
                dir: vec![missing() + "::/data"],
                ..here()
            },
            Contents {
                settings: Some(missing().into()),
                ..here()
            },
        ];
        for contents in wrong {
            let error = check(&contents).expect_err("a file is missing");
            assert!(error.to_string().contains("missing.file"), "{error}");
        }
    }

    #[test]
    fn memory_is_chosen_where_it_can_be() {
        let table = board_card::table::table();
        let told = |board: &str, memory| {
            check_memory(&table[board], memory).map_err(|error| error.to_string())
        };
        assert_eq!(told("riscv64-virt", Some("64M")), Ok(()));
        assert_eq!(told("raspi3b", None), Ok(()));
        for board in ["raspi3b", "raspi2b"] {
            let error = told(board, Some("64M")).expect_err("it is fixed");
            assert!(error.contains("leave out --memory"), "{error}");
        }
    }
}
