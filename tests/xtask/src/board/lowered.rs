//! Programs in lowered form, for kernels that run only these.

use std::io::Read;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use board_card::Contents;

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
    if !size.lowered || is_lowered(&contents.program)? {
        return Ok(contents);
    }
    let folder = layout.target.join("boards/lowered").join(size.name());
    let folder = folder.join(board);
    std::fs::create_dir_all(&folder)?;
    let name = contents.program.file_name();
    let name = name.with_context(|| format!("{} names no file", contents.program.display()))?;
    let output = folder.join(name).with_extension("lwasm");
    compile(
        &cargo::desktop(layout)?,
        board,
        size,
        &contents.program,
        &output,
    )?;
    Ok(Contents {
        program: output,
        ..contents
    })
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
        .arg("--output")
        .args([output, program]);
    process::run(&mut command)
}

fn is_lowered(path: &Path) -> Result<bool> {
    let mut head = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LOWERED.len() as u64).read_to_end(&mut head))
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(head == LOWERED)
}
