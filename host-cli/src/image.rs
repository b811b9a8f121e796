//! `wasi-interp image`: the image of a card, for a kernel that was built before.
//!
//! The work is done by the package of the boards; here are the command's words.

use anyhow::{Result, bail};
use boards::{card, table};

use crate::args::ImageArgs;
use crate::exit::{self, Outcome};

/// Writes an image and tells how it gets onto a card.
///
/// # Errors
/// There is no such board, it boots without a kernel from its card but one was given, or the image cannot be written.
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
    card::write(board, kernel, &options.contents, output)?;
    exit::print(card::instructions(board, output).as_bytes())?;
    Ok(Outcome::Done)
}
