//! Resolution of absolute symbolic links, as the guest itself would resolve the path.
//!
//! Programs do not see the host's root. They see directories that were granted under names. A path such as `/etc/localtime`
//! is resolved from the longest of these names that is a prefix of the path. A link with such a target is resolved in the
//! same way, so the text of a link and the file behind it agree. This grants nothing that the guest could not open by the
//! path itself, because:
//! 1. the walk must have started at a directory that was granted, not at one that the guest opened: a program that confines
//!    itself to a descriptor of its own (Go's `os.Root`) stays confined;
//! 2. the link leads only to a granted directory that the guest has not closed;
//! 3. the descriptor of that directory must have every right of the first one.

use alloc::string::String;

use crate::fd::{Descriptor, Descriptors, Object};
use crate::mounts::Place;
use crate::outside::Start;

/// A directory and the rest of a path from there.
pub(crate) type Way = (Place, String);

/// Resolves an absolute path from a link. Returns `None` if it leads to no directory of the guest.
pub(crate) fn resolve(fds: &Descriptors, start: Start, path: &str) -> Option<Way> {
    let from = fds.get(start.fd).ok()?;
    from.preopen.as_ref()?;
    let ways = fds.preopens().filter_map(|(name, to)| {
        let rest = below(name, path)?;
        let place = place(to)?;
        (to.rights.contains(from.rights) && to.inheriting.contains(from.inheriting))
            .then_some((place, rest))
    });
    // The longest name leaves the shortest rest.
    let (place, rest) = ways.min_by_key(|(_, rest)| rest.len())?;
    let rest = if rest.is_empty() { "." } else { rest };
    Some((place, String::from(rest)))
}

fn place(descriptor: &Descriptor) -> Option<Place> {
    match descriptor.object {
        Object::Directory { place } => Some(place),
        _ => None,
    }
}

/// Returns the part of an absolute path after the absolute name of a directory, or `None` if the path is not below it.
fn below<'a>(name: &str, path: &'a str) -> Option<&'a str> {
    let mut rest = path.trim_start_matches('/');
    for known in name.strip_prefix('/')?.split('/') {
        if known.is_empty() || known == "." {
            continue;
        }
        let behind = rest.strip_prefix(known)?;
        if !behind.is_empty() && !behind.starts_with('/') {
            return None;
        }
        rest = behind.trim_start_matches('/');
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_begins_with_whole_names() {
        for (name, path, rest) in [
            ("/", "/etc/hosts", Some("etc/hosts")),
            ("/", "/", Some("")),
            ("/tmp", "/tmp", Some("")),
            ("/tmp/", "//tmp//x/", Some("x/")),
            ("/tmp", "/tmpfoo", None),
            ("/tmp", "/../tmp", None),
            ("/a/b", "/a/b/../c", Some("../c")),
            ("/a/b", "/a", None),
            (".", "/x", None),
            ("tmp", "/tmp/x", None),
        ] {
            assert_eq!(below(name, path), rest, "{name} {path}");
        }
    }
}
