//! Programs in lowered form, for kernels that run only these.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use board_card::Contents;
use board_card::table::Entry;

use super::kernel::Size;
use crate::layout::Layout;
use crate::{cargo, process};

/// How a module in lowered form begins.
const LOWERED: &[u8] = b"\0lwasm";

/// The contents of a card for a kernel of this size: if it runs programs in lowered form, with the program compiled for it.
pub(super) fn contents(
    layout: &Layout,
    board: &str,
    size: Size,
    contents: Contents,
) -> Result<Contents> {
    Ok(Contents {
        program: program(layout, board, size, &contents.program)?,
        ..contents
    })
}

/// A program for a kernel of this size: if that runs programs in lowered form, the program compiled for it.
pub(super) fn program(layout: &Layout, board: &str, size: Size, program: &Path) -> Result<PathBuf> {
    if !size.lowered || is_lowered(program)? {
        return Ok(program.to_owned());
    }
    let folder = layout.target.join("boards/lowered").join(size.name());
    let folder = folder.join(board);
    std::fs::create_dir_all(&folder)?;
    let name = program.file_name();
    let name = name.with_context(|| format!("{} names no file", program.display()))?;
    let output = folder.join(name).with_extension("lwasm");
    compile(&cargo::desktop(layout)?, board, size, program, &output)?;
    Ok(output)
}

/// The list of the handlers that [`program`] has written beside a program in lowered form.
pub(super) fn handlers(program: &Path) -> Result<PathBuf> {
    let list = program.with_extension("handlers");
    ensure!(
        list.exists(),
        "{} is in lowered form, from which no list of handlers is made: name the WebAssembly",
        program.display()
    );
    Ok(list)
}

/// Compiles a program for a kernel of this size, with `wasi-interp` of this host.
pub(super) fn compile(
    desktop: &Path,
    board: &str,
    size: Size,
    program: &Path,
    output: &Path,
) -> Result<()> {
    let flavour = if size.small { ":small" } else { "" };
    let mut command = Command::new(desktop);
    command
        .args(["compile", "--for"])
        .arg(format!("{board}{flavour}"))
        .arg("--handlers")
        .arg(output.with_extension("handlers"))
        .arg("--output")
        .args([output, program]);
    process::run(&mut command)
}

/// Writes the flash of a board with a program in lowered form. Returns its path.
pub(super) fn flash(entry: &Entry, program: &Path) -> Result<PathBuf> {
    let size = entry.flash;
    let size = size.with_context(|| format!("{} has no flash for a program", entry.name))?;
    ensure!(
        is_lowered(program)?,
        "a program in flash is in lowered form: add --lowered"
    );
    let len = std::fs::metadata(program)?.len();
    ensure!(
        len <= size,
        "{} has {len} bytes, and the flash {size}",
        program.display()
    );
    let flash = program.with_extension("flash");
    std::fs::copy(program, &flash)
        .and_then(|_| File::options().write(true).open(&flash)?.set_len(size))
        .with_context(|| format!("cannot write {}", flash.display()))?;
    Ok(flash)
}

fn is_lowered(path: &Path) -> Result<bool> {
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LOWERED.len() as u64).read_to_end(&mut head))
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(head == LOWERED)
}
