//! Why there is no card.

use std::path::PathBuf;

use crate::image::ImageError;

/// Why there is no card.
#[derive(Debug)]
pub enum CardError {
    /// The image cannot be made.
    Image(ImageError),
    /// The kernel cannot be read.
    Kernel(PathBuf, String),
    /// This board's firmware loads the kernel from the card, and no kernel was given.
    NoKernel(String),
    /// The settings cannot be read, or they are wrong.
    Settings(PathBuf, String),
    /// The program cannot be run on a board.
    Program(PathBuf, String),
    /// An argument is wrong.
    Argument(String),
}

impl std::fmt::Display for CardError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Image(error) => write!(f, "{error}"),
            Self::Kernel(path, why) | Self::Settings(path, why) | Self::Program(path, why) => {
                write!(f, "{}: {why}", path.display())
            }
            Self::NoKernel(name) => write!(
                f,
                "this board loads its kernel from the card, as {name}: say which with --kernel"
            ),
            Self::Argument(what) => write!(f, "{what}"),
        }
    }
}

impl std::error::Error for CardError {}

impl From<ImageError> for CardError {
    fn from(error: ImageError) -> Self {
        Self::Image(error)
    }
}
