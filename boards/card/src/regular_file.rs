//! Files that must be files: a pipe would make its reader wait, and a device has no end.

use std::fs::Metadata;
use std::path::Path;

/// Reads a file.
///
/// # Errors
/// The system's, or that this is no file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = path.metadata().map_err(|error| error.to_string())?;
    match metadata.is_file() {
        true => std::fs::read(path).map_err(|error| error.to_string()),
        false => Err(no_file(&metadata).to_owned()),
    }
}

/// The error about something that is no file.
pub(crate) fn no_file(metadata: &Metadata) -> &'static str {
    match metadata.is_dir() {
        true => "this is a folder, not a file",
        false => "this is a pipe, a socket or a device, not a file",
    }
}
