//! The book about interpreters, `interp/book`, as web pages.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::layout::Layout;
use crate::{install, process};

/// The program that makes pages of chapters.
const MDBOOK: &str = "0.5.4";

/// Builds the book. Returns the path of its first page.
///
/// # Errors
/// mdBook cannot be installed, or it refuses the book.
pub(crate) fn build(layout: &Layout) -> Result<PathBuf> {
    let mdbook = install::crates_io(layout, "mdbook", MDBOOK)?.join("bin/mdbook");
    let folder = layout.target.join("book");
    let book = layout.root.join("interp/book");
    process::run(
        Command::new(mdbook)
            .arg("build")
            .arg(book)
            .arg("--dest-dir")
            .arg(&folder),
    )?;
    Ok(folder.join("index.html"))
}
