//! `Outside`: a record of the paths that a guest looked for outside of all grants, so that an embedder can name the missing
//! grant.
//!
//! A path that starts at an invented directory and leads to no grant is *certainly* outside. wasi-libc also looks up an
//! absolute path in the directory named `.`, if it knows no better name. `etc/hosts` there may mean `/etc/hosts` or a
//! relative path. If not even its first name exists, it is *perhaps* outside.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::mounts::Place;
use crate::preopen::{clean, components};

/// The maximum number of recorded paths of each kind.
const MOST: usize = 16;

/// The start of a path: the directory of a descriptor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Start {
    /// The descriptor.
    pub(crate) fd: u32,
    pub(crate) place: Place,
    /// Whether the descriptor is preopened under the name `.`.
    pub(crate) is_dot: bool,
}

/// The recorded paths, oldest first, each once.
#[derive(Default)]
pub(crate) struct Outside {
    /// The names of the grants in the guest.
    grants: Vec<String>,
    /// The preopened invented directories, with their absolute paths.
    invented: Vec<(Place, String)>,
    certain: Vec<String>,
    perhaps: Vec<String>,
}

impl Outside {
    /// Creates an empty record for a guest with these grants.
    pub(crate) fn new<'a>(grants: impl Iterator<Item = &'a str>) -> Outside {
        Outside {
            grants: grants.map(clean).collect(),
            ..Outside::default()
        }
    }

    /// Records that a directory is invented.
    pub(crate) fn invented(&mut self, place: Place, path: String) {
        self.invented.push((place, path));
    }

    pub(crate) fn certain(&self) -> &[String] {
        &self.certain
    }

    pub(crate) fn perhaps(&self) -> &[String] {
        &self.perhaps
    }

    /// Returns whether failed lookups from there are recorded.
    pub(crate) fn cares(&self, start: Start) -> bool {
        let is_invented = self.invented.iter().any(|(place, _)| *place == start.place);
        (start.is_dot && self.perhaps.len() < MOST) || (is_invented && self.certain.len() < MOST)
    }

    /// Records a path that was not found. `alone` is true if not even its first name exists.
    pub(crate) fn note(&mut self, start: Start, path: &str, alone: bool) {
        let invented = self
            .invented
            .iter()
            .find(|(place, _)| *place == start.place);
        let (list, path) = match invented {
            // `.` itself may be invented. The path is outside in both cases.
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
