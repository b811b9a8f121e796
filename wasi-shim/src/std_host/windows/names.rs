//! Valid names of files on Windows, and the guest's form of paths.

use std::path::{Component, Path, Prefix};

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Names of devices, in every directory and with every extension.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
/// Device names that are followed by a digit.
const PORTS: [&str; 2] = ["COM", "LPT"];

/// Returns whether a file can have this name ("Naming Files, Paths, and Namespaces" in the system's documentation). Names
/// with another meaning for the system are rejected: a drive, a stream within a file, a device, a name with dots or spaces
/// at its end.
pub(crate) fn allows(name: &str) -> bool {
    let bad = |c: char| c < ' ' || "<>:\"/\\|?*".contains(c);
    !name.contains(bad) && !name.ends_with(['.', ' ']) && !is_device(name)
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end_matches(' ');
    let stem = stem.to_uppercase();
    let digit = |c: char| matches!(c, '0'..='9' | '¹' | '²' | '³');
    let port = |port: &str| {
        stem.strip_prefix(port)
            .is_some_and(|rest| rest.chars().count() == 1 && rest.chars().all(digit))
    };
    DEVICES.contains(&&*stem) || PORTS.into_iter().any(port)
}

/// The guest's form of an absolute path without links: `/C:/Users/ann` for `C:\Users\ann`, `/UNC/server/share/x` for
/// `\\server\share\x`. Returns `None` if it is not Unicode.
pub(crate) fn guest_path(real: &Path) -> Option<String> {
    let mut names = Vec::new();
    for component in real.components() {
        match component {
            Component::Prefix(prefix) => match prefix.kind() {
                Prefix::Disk(letter) | Prefix::VerbatimDisk(letter) => {
                    names.push(format!("{}:", char::from(letter).to_ascii_uppercase()));
                }
                Prefix::UNC(server, share) | Prefix::VerbatimUNC(server, share) => {
                    names.push("UNC".to_string());
                    names.push(server.to_str()?.to_string());
                    names.push(share.to_str()?.to_string());
                }
                Prefix::Verbatim(name) | Prefix::DeviceNS(name) => {
                    names.push(name.to_str()?.to_string());
                }
            },
            Component::Normal(name) => names.push(name.to_str()?.to_string()),
            Component::RootDir | Component::CurDir | Component::ParentDir => {}
        }
    }
    Some(format!("/{}", names.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_something_else_are_refused() {
        for name in [
            "C:", "a:b", "a\\b", "..\\x", "... ", "...", "a.", "a ", "NUL", "nul.txt", "con .x",
            "COM1", "lpt9.log", "a?", "a*", "\u{1}",
        ] {
            assert!(!allows(name), "{name:?}");
        }
        for name in ["a", ".x", "a b", "null", "COM", "COM10", "console", "ä.txt"] {
            assert!(allows(name), "{name:?}");
        }
    }

    #[test]
    fn the_guest_sees_paths_from_one_root() {
        for (host, guest) in [
            ("C:\\", "/C:"),
            ("\\\\?\\c:\\Users\\ann", "/C:/Users/ann"),
            ("\\\\server\\share\\x", "/UNC/server/share/x"),
            ("\\\\?\\UNC\\server\\share\\x", "/UNC/server/share/x"),
        ] {
            assert_eq!(guest_path(Path::new(host)).as_deref(), Some(guest));
        }
    }
}
