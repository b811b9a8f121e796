//! The directories that are open from the start, their names, and the guest's working directory.
//!
//! A guest receives descriptors with names, and the library of the program chooses among them by name. Two libraries
//! matter, and they choose differently:
//!
//! * **Go** makes every path absolute by joining it to the working directory, which is `/` + `PWD` or, without `PWD`, the
//!   first name. Then it chooses the longest name that is a prefix of the path *byte for byte*: `/tmp` also matches
//!   `/tmpfoo`.
//! * **wasi-libc** (C, C++, Rust, TinyGo, Python …) has no working directory. It strips `/` and `./` from the front of
//!   paths and names alike. Then it chooses the longest name that is a prefix in whole components, and among equal names
//!   the last one. It does not distinguish absolute and relative paths, and `.` and `/` are both the empty name.
//!
//! The list of names must work for both kinds of program: with `--dir=. --dir=/tmp` (in `/home/ann`), files below these
//! directories must be found by relative and by absolute paths, including hidden names, in any order of the options. So the
//! list is:
//!
//! | descriptor | name | for |
//! |---|---|---|
//! | 3, 4 | `/home/ann/`, `/tmp/` | Go. The grants come first and in order. The slash at the end makes Go respect components. |
//! | 5 | `/` | Go: `/home/ann` and `/tmp` themselves, the directories above them, [`devices`](crate::devices), and all other paths (`ENOENT`). |
//! | 6, 7 | `home/ann`, `tmp` | wasi-libc: absolute paths. Go never chooses these, because its paths start with `/`. |
//! | 8, 9, 10 | `../../tmp`, `..`, `../..` | wasi-libc: relative paths that lead up, to a granted or an invented directory. |
//! | last | `.` | wasi-libc: all other relative paths. It must be the last, because it is equal to `/`. |
//!
//! and `PWD=/home/ann` is added to the environment of a program that Go built ([`reads_pwd`]). The working directory is
//! determined by the first rule that applies:
//! 1. `PWD`, if the user set it;
//! 2. the current directory of the host, if it is in a granted directory, under the guest's name for it. So `--dir
//!    .::/work` puts the guest into `/work`, and reveals nothing of the host's path;
//! 3. the current directory of the host, if directories of the host are granted and each of them has its own path as a name
//!    (and perhaps further names, as one behind a link has). A relative path then means what the user expects. If it was not
//!    granted, the guest finds nothing there;
//! 4. the first granted directory.
//!
//! A name that is not absolute (`--dir data::data`) is kept, and `/data` is added for it.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A directory that is granted to the guest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// Its name in the guest, as the user wrote it. Without one, its absolute path on the host.
    pub guest: String,
    /// Its absolute path on the host, if it has one, with `/` between the names and without links.
    pub host: Option<String>,
}

/// A name of an open directory in the guest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// The name.
    pub name: String,
    /// Its target.
    pub target: To,
}

/// The target of a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum To {
    /// An invented directory: the names from the root down, empty for the root.
    Invented(Vec<String>),
    /// A directory in a grant: the index of the grant, and the names from there down.
    Below(usize, Vec<String>),
}

/// The names of a guest's directories, in the order of their descriptors.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// The names.
    pub names: Vec<Name>,
    /// The number of names, at the beginning, that belong to the grants. The others are further names. The descriptors of
    /// sockets are between them.
    pub own: usize,
    /// The value to add to the environment as `PWD`.
    pub pwd: Option<String>,
    /// Whether the working directory is not the root, and a directory is granted as the root. wasi-libc then needs a name
    /// for each directory in the root. These names precede the last one.
    pub wants_top_level: bool,
}

/// Returns whether a program reads the variable `PWD` to find its working directory. Go's runtime does, and wasi-libc does
/// not. `custom` are the module's custom sections. Go's linker writes `go:buildid`, and its name into `producers`, also in
/// stripped programs.
pub fn reads_pwd<'a>(mut custom: impl Iterator<Item = (&'a str, &'a [u8])>) -> bool {
    // Each text is preceded by its length: the field's name and the language, with the number of values between them.
    const LANGUAGE: &[u8] = b"\x08language\x01\x02Go";
    custom.any(|(name, data)| match name {
        "go:buildid" => true,
        "producers" => data.windows(LANGUAGE.len()).any(|part| part == LANGUAGE),
        _ => false,
    })
}

/// Plans the names. `cwd` is the host's current directory, and `pwd` the user's value of `PWD`.
pub fn plan(grants: &[Grant], cwd: Option<&str>, pwd: Option<&str>) -> Plan {
    let Some(first) = grants.first() else {
        return Plan {
            names: alloc::vec![Name {
                name: "/".to_string(),
                target: To::Invented(Vec::new())
            }],
            ..Plan::default()
        };
    };
    let dirs: Vec<Vec<&str>> = grants
        .iter()
        .map(|grant| components(&grant.guest))
        .collect();
    let place = match pwd {
        Some("") => join(&components(&first.guest)),
        Some(pwd) => join(&components(pwd)),
        None => working_directory(grants, cwd).unwrap_or_else(|| join(&dirs[0])),
    };
    let here = components(&place);
    let mut names = Names {
        dirs: &dirs,
        list: Vec::new(),
    };
    for (grant, dir) in grants.iter().zip(&dirs) {
        let absolute = grant.guest.starts_with('/');
        names.add(
            if absolute {
                closed(dir)
            } else {
                grant.guest.clone()
            },
            dir,
        );
    }
    let own = names.list.len();
    for dir in &dirs {
        names.add(closed(dir), dir);
    }
    let given_root = dirs.iter().any(Vec::is_empty);
    if !given_root {
        names.list.push(Name {
            name: "/".to_string(),
            target: To::Invented(Vec::new()),
        });
    }
    for dir in dirs.iter().filter(|dir| !dir.is_empty()) {
        names.add(dir.join("/"), dir);
    }
    for dir in dirs.iter().filter(|dir| **dir != here) {
        names.add(relative(&here, dir), dir);
    }
    for up in 1..=here.len() {
        let above = &here[..here.len() - up];
        names.add(relative(&here, above), above);
    }
    names.add(".".to_string(), &here);
    Plan {
        names: names.list,
        own,
        pwd: pwd.is_none().then_some(place.clone()),
        wants_top_level: given_root && !here.is_empty(),
    }
}

/// Rules 2 to 4 of the module documentation.
fn working_directory(grants: &[Grant], cwd: Option<&str>) -> Option<String> {
    let cwd = components(cwd?);
    let mut best: Option<(usize, String)> = None;
    for grant in grants {
        let Some(host) = &grant.host else { continue };
        let host = components(host);
        if cwd.starts_with(&host) && best.as_ref().is_none_or(|(len, _)| host.len() > *len) {
            let mut guest = components(&grant.guest);
            guest.extend_from_slice(&cwd[host.len()..]);
            best = Some((host.len(), join(&guest)));
        }
    }
    let own_name = |host: &String| grants.iter().any(|own| own.guest == *host);
    let mut hosts = grants.iter().filter_map(|grant| grant.host.as_ref());
    let known = hosts.clone().next().is_some() && hosts.all(own_name);
    match best {
        Some((_, guest)) => Some(guest),
        None => known.then(|| join(&cwd)),
    }
}

/// The list under construction.
struct Names<'a> {
    dirs: &'a [Vec<&'a str>],
    list: Vec<Name>,
}

impl Names<'_> {
    /// Adds a name for a directory, unless the name exists already, or the directory is neither in a grant nor above one.
    fn add(&mut self, name: String, dir: &[&str]) {
        let inside = |grant: &&(usize, &Vec<&str>)| dir.starts_with(grant.1);
        let grants = self.dirs.iter().enumerate();
        // Of two grants with the same name, the first one is used.
        let innermost = grants
            .rev()
            .filter(|grant| inside(&grant))
            .max_by_key(|grant| grant.1.len());
        let owned = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
        let target = match innermost {
            Some((index, grant)) => To::Below(index, owned(&dir[grant.len()..])),
            None if self.dirs.iter().any(|grant| grant.starts_with(dir)) => {
                To::Invented(owned(dir))
            }
            None => return,
        };
        if !self.list.iter().any(|known| known.name == name) {
            self.list.push(Name { name, target });
        }
    }
}

/// The names in a path from the root down. `.` and `..` are resolved as text.
pub(crate) fn components(path: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            _ => names.push(name),
        }
    }
    names
}

/// An absolute path without `.`, `..` and redundant slashes. They are resolved as text.
pub(crate) fn clean(path: &str) -> String {
    join(&components(path))
}

fn join(names: &[&str]) -> String {
    format!("/{}", names.join("/"))
}

/// An absolute name with a slash at the end.
fn closed(names: &[&str]) -> String {
    if names.is_empty() {
        "/".to_string()
    } else {
        format!("/{}/", names.join("/"))
    }
}

/// The relative path from one directory to another; `.` if they are the same.
fn relative(from: &[&str], to: &[&str]) -> String {
    let common = from.iter().zip(to).take_while(|(a, b)| a == b).count();
    let up = core::iter::repeat_n("..", from.len() - common);
    let way: Vec<&str> = up.chain(to[common..].iter().copied()).collect();
    if way.is_empty() {
        ".".to_string()
    } else {
        way.join("/")
    }
}

#[cfg(test)]
mod tests;
