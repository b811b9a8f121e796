//! Where an absolute symbolic link leads: to what the guest itself would reach by that path.
//!
//! Programs do not see the host's root but directories that they were given under names, and a path such as `/etc/localtime` means: the
//! longest of these names that it begins with, and the rest from there. A link that holds such a path is followed in the same way, so that what the
//! guest reads in a link and what it finds there are one. This gives it nothing that it could not open by the path itself, because:
//! 1. the walk must have started from a directory that the guest was given, not from one that it opened: a program that confines itself to a
//!    descriptor of its own (Go's `os.Root`) stays confined;
//! 2. the link leads only to a directory that the guest was given, too, and has not closed;
//! 3. and only if that one's descriptor has every right that the first one has.

use alloc::string::String;

use crate::fd::{Descriptor, Descriptors, Object};
use crate::mounts::Place;
use crate::outside::Start;

/// A directory and the rest of a path from there.
pub(crate) type Way = (Place, String);

/// Where an absolute path leads that stands in a link; `None` if nothing is there for the guest.
pub(crate) fn resolve(fds: &Descriptors, start: Start, path: &str) -> Option<Way> {
    let from = fds.get(start.fd).ok()?;
    from.preopen.as_ref()?;
    let ways = fds.preopens().filter_map(|(name, to)| {
        let rest = below(name, path)?;
        let place = place(to)?;
        (to.rights.contains(from.rights) && to.inheriting.contains(from.inheriting))
            .then_some((place, rest))
    });
    // The longest name leaves the least.
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

/// What an absolute path has behind the absolute name of a directory; `None` if it does not begin with that.
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
