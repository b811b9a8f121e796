//! Why there is no image.

use std::io;
use std::path::PathBuf;

use wasi_shim::Errno;
use wasi_shim::fat::image::FormatError;

use super::SMALLEST;

/// Why there is no image.
#[derive(Debug)]
pub enum ImageError {
    /// A file of the host cannot be read or written.
    Host(PathBuf, io::Error),
    /// This path leads to neither a file nor a folder, or to a folder that contains itself.
    NoFile(PathBuf, &'static str),
    /// Two files have these names, which are the same name on a FAT volume.
    Twice(String, String),
    /// FAT cannot hold this name, and why.
    Name(String, &'static str),
    /// A file cannot be stored in the volume, because of its name, its size, or lack of space.
    Entry(String, Errno),
    /// The size is not a power of two, or too small for FAT32.
    Size(u64),
    /// The volume cannot be formatted.
    Format(FormatError),
    /// The new volume cannot be mounted, or not be unmounted.
    Volume(String),
    /// `SOURCE_DATE_EPOCH` is no number of seconds.
    Epoch(String),
}

impl std::fmt::Display for ImageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Host(path, error) => write!(f, "{}: {error}", path.display()),
            Self::NoFile(path, what) => write!(f, "{}: {what}", path.display()),
            Self::Twice(one, other) if one == other => {
                write!(f, "two files are to be {one} in the image")
            }
            Self::Twice(one, other) => {
                write!(
                    f,
                    "{one} and {other} are one name on a FAT volume: rename one of them"
                )
            }
            Self::Name(name, why) => {
                write!(
                    f,
                    "{name} cannot be a name on a FAT volume: {why}; rename it"
                )
            }
            Self::Entry(name, Errno::NoSpc) => {
                write!(f, "{name} does not fit; choose a larger size")
            }
            Self::Entry(name, errno) => write!(f, "{name} cannot be in the image: {errno}"),
            Self::Size(size) => {
                write!(
                    f,
                    "an image of {size} bytes cannot be: the size is a power of two of at least {SMALLEST}"
                )
            }
            Self::Format(error) => write!(f, "cannot format the image: {error}"),
            Self::Volume(what) => write!(f, "cannot write the image: {what}"),
            Self::Epoch(text) => write!(
                f,
                "SOURCE_DATE_EPOCH={text} is no number of seconds since 1970"
            ),
        }
    }
}

impl std::error::Error for ImageError {}
