//! `Outside`: what a guest looked for outside of everything that it was given, so that an embedder can say which grant is missing.
//!
//! A path that starts from an invented directory and leads into no grant is *certainly* outside. wasi-libc takes an absolute path to the
//! directory named `.` as well, if it knows no better name for it: there `etc/hosts` may stand for `/etc/hosts`, or for a relative
//! path. Where not even its first name is found, it is *perhaps* outside.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::mounts::Place;
use crate::preopen::{clean, components};

/// How many paths of either sort are remembered.
const MOST: usize = 16;

/// Where a path starts: the directory that a descriptor stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Start {
    /// The descriptor.
    pub(crate) fd: u32,
    pub(crate) place: Place,
    /// The descriptor was open from the start under the name `.`.
    pub(crate) is_dot: bool,
}

/// The paths that were looked for, oldest first, each once.
#[derive(Default)]
pub(crate) struct Outside {
    /// What the guest was given, by its own names.
    grants: Vec<String>,
    /// The invented directories that it has open from the start, with their absolute paths.
    invented: Vec<(Place, String)>,
    certain: Vec<String>,
    perhaps: Vec<String>,
}

impl Outside {
    /// Nothing yet, for a guest that was given directories of these names.
    pub(crate) fn new<'a>(grants: impl Iterator<Item = &'a str>) -> Outside {
        Outside {
            grants: grants.map(clean).collect(),
            ..Outside::default()
        }
    }

    /// Tells that a directory is an invented one.
    pub(crate) fn invented(&mut self, place: Place, path: String) {
        self.invented.push((place, path));
    }

    pub(crate) fn certain(&self) -> &[String] {
        &self.certain
    }

    pub(crate) fn perhaps(&self) -> &[String] {
        &self.perhaps
    }

    /// Whether it matters what is not found from there.
    pub(crate) fn cares(&self, start: Start) -> bool {
        let is_invented = self.invented.iter().any(|(place, _)| *place == start.place);
        (start.is_dot && self.perhaps.len() < MOST) || (is_invented && self.certain.len() < MOST)
    }

    /// Remembers a path that was not found; `alone` tells that not even its first name was.
    pub(crate) fn note(&mut self, start: Start, path: &str, alone: bool) {
        let invented = self
            .invented
            .iter()
            .find(|(place, _)| *place == start.place);
        let (list, path) = match invented {
            // `.` itself may be invented: then the path is outside, whichever it stands for.
            Some((_, above)) => (&mut self.certain, clean(&format!("{above}/{path}"))),
            None if start.is_dot && alone => (&mut self.perhaps, clean(&format!("/{path}"))),
            None => return,
        };
        let names = components(&path);
        let granted = self
            .grants
            .iter()
            .any(|grant| names.starts_with(&components(grant)));
        if !granted && list.len() < MOST && !list.contains(&path) {
            list.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::Node;
    use crate::mounts::FsId;

    fn start(number: u64, is_dot: bool) -> Start {
        let place = Place {
            fs: FsId(0),
            node: Node(number),
        };
        Start {
            fd: 3,
            place,
            is_dot,
        }
    }

    #[test]
    fn what_leads_into_no_grant_is_outside() {
        let mut outside = Outside::new(["/home/ann", "/tmp/"].into_iter());
        let (root, home, dot) = (start(1, false), start(2, false), start(3, true));
        outside.invented(root.place, "/".into());
        outside.invented(home.place, "/home".into());
        for path in ["etc/hosts", "tmp/missing", "home/ann/x", "etc/../etc/hosts"] {
            outside.note(root, path, false);
        }
        outside.note(home, "bob/x", false);
        outside.note(home, "../etc/passwd", false);
        assert_eq!(
            outside.certain(),
            ["/etc/hosts", "/home/bob/x", "/etc/passwd"]
        );
        outside.note(dot, "var/log/x", true);
        outside.note(dot, "here/missing", false);
        outside.note(dot, "tmp/x", true);
        assert_eq!(outside.perhaps(), ["/var/log/x"]);
    }

    #[test]
    fn not_all_is_remembered() {
        let mut outside = Outside::default();
        let dot = start(3, true);
        for number in 0..100 {
            outside.note(dot, &format!("file{number}"), true);
        }
        assert_eq!(outside.perhaps().len(), MOST);
        assert!(!outside.cares(dot));
        assert!(!outside.cares(start(1, false)));
    }
}
