//! `wasi-interp image`: writes the image of a card for an existing kernel.
//!
//! The package of the boards does the work. This file prints the messages.

use std::path::Path;

use anyhow::{Result, bail};
use board_card::table;
use interp::{Config, Engine, Module};

use crate::args::ImageArgs;
use crate::exit::{self, Outcome};
use crate::progress;

/// Writes an image and explains how to copy it to a card.
///
/// # Errors
/// Fails if the board does not exist, if a kernel is given for a board that does not boot from its card, or if the image
/// cannot be written.
pub(crate) fn write(options: &ImageArgs) -> Result<Outcome> {
    let table = table::table();
    let board = match &options.board {
        None => None,
        Some(name) => match table.get(name) {
            Some(board) => Some(board),
            None => {
                let names: Vec<_> = table.keys().map(String::as_str).collect();
                bail!("there is no board {name}; there are {}", names.join(", "));
            }
        },
    };
    if board.is_some_and(|board| board.firmware_name.is_none()) && options.kernel.is_some() {
        bail!("this board does not load its kernel from the card: leave out --kernel");
    }
    let (kernel, output) = (options.kernel.as_deref(), &options.output);
    let contents = &options.contents;
    let validate = |module: &[u8]| validate(&contents.program, module);
    let mut progress = progress::written(output);
    board_card::write(board, kernel, contents, output, &validate, &mut progress)?;
    exit::print(board_card::instructions(board, output).as_bytes())?;
    Ok(Outcome::Done)
}

/// Whether a kernel, which has the same interpreter, takes the module at `path` for valid.
fn validate(path: &Path, module: &[u8]) -> Result<(), String> {
    let mut config = Config::new();
    progress::show(&mut config, path, 0);
    Module::validate(&Engine::new(&config), module).map_err(|error| error.to_string())
}
