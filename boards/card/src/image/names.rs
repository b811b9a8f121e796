//! Names on a FAT volume.

/// A path in the form for FAT's comparison: without case, and without `/` at its ends.
pub(super) fn folded(path: &str) -> String {
    path.trim_matches('/').to_uppercase()
}

/// Checks a name. The error is the reason why FAT does not support it.
pub(super) fn check(name: &str) -> Result<(), &'static str> {
    match name {
        "" => Err("it is empty"),
        "." | ".." => Err("it means another folder"),
        _ if name.contains(|letter: char| letter < ' ' || "\"*/:<>?\\|\x7f".contains(letter)) => {
            Err("it has a control character or one of \" * / : < > ? \\ |")
        }
        _ if name.ends_with(['.', ' ']) => Err("it ends in a dot or a space"),
        _ if name.encode_utf16().count() > 255 => Err("it is longer than 255 letters"),
        _ => Ok(()),
    }
}
