//! Regular files only: a pipe would block the reader, and a device has no end.

use std::fs::Metadata;
use std::path::Path;

/// Reads a regular file.
///
/// # Errors
/// The errors of the system. Also fails if it is no regular file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = path.metadata().map_err(|error| error.to_string())?;
    match metadata.is_file() {
        true => std::fs::read(path).map_err(|error| error.to_string()),
        false => Err(no_file(&metadata).to_owned()),
    }
}

/// Names the kind of an object that is neither a file nor a folder.
pub(crate) fn no_file(metadata: &Metadata) -> &'static str {
    match metadata.is_dir() {
        true => "this is a folder, not a file",
        false => "this is a pipe, a socket or a device, not a file",
    }
}
