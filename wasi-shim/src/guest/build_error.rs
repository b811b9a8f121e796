//! The errors of building a guest.

use alloc::string::String;
use core::fmt;

use crate::errno::Errno;

/// The reason why a guest cannot be built.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BuildError {
    /// An argument or an environment variable contains a NUL byte, or a variable's name is empty or contains an `=`.
    BadString(String),
    /// A granted directory cannot be opened.
    Directory(String, Errno),
    /// Two different directories were given the same name.
    SameName(String),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::BadString(text) => write!(
                f,
                "{text:?} cannot be passed to the guest: NUL bytes are not allowed, nor names of variables with `=` or without a letter"
            ),
            BuildError::Directory(name, errno) => write!(
                f,
                "the directory {name} cannot be given to the guest: {errno}"
            ),
            BuildError::SameName(name) => write!(
                f,
                "two different directories are given to the guest as {name}"
            ),
        }
    }
}

impl core::error::Error for BuildError {}
