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
mod tests {
    use super::*;

    /// A directory that is granted under its own name.
    fn given(path: &str) -> Grant {
        Grant {
            guest: path.to_string(),
            host: Some(path.to_string()),
        }
    }

    /// A directory that is granted under another name.
    fn renamed(host: &str, guest: &str) -> Grant {
        Grant {
            guest: guest.to_string(),
            host: Some(host.to_string()),
        }
    }

    /// A plan, and the settings of the working directory.
    struct Guest {
        plan: Plan,
        grants: Vec<Grant>,
        pwd: Option<String>,
    }

    fn guest(grants: &[Grant], cwd: &str, pwd: Option<&str>) -> Guest {
        let plan = plan(grants, Some(cwd), pwd);
        let pwd = pwd.map(str::to_string).or(plan.pwd.clone());
        Guest {
            plan,
            grants: grants.to_vec(),
            pwd,
        }
    }

    impl Guest {
        /// Models a program built by Go: returns the host's path of a file. It follows `preparePath` in
        /// `syscall/fs_wasip1.go`.
        fn go(&self, path: &str) -> Option<String> {
            let names = &self.plan.names;
            let cwd = match self.pwd.as_deref() {
                None | Some("") => names.first()?.name.clone(),
                Some(pwd) => join(&components(pwd)),
            };
            let whole = if path.starts_with('/') {
                path.to_string()
            } else {
                format!("{cwd}/{path}")
            };
            let slash = if path.ends_with('/') { "/" } else { "" };
            let whole = join(&components(&whole)) + slash;
            let mut best: Option<&Name> = None;
            for name in names.iter().filter(|name| whole.starts_with(&name.name)) {
                if best.is_none_or(|best| name.name.len() > best.name.len()) {
                    best = Some(name);
                }
            }
            let best = best?;
            self.host(best, whole[best.name.len()..].trim_start_matches('/'))
        }

        /// Models a program built with wasi-libc: returns the host's path of a file. It follows `__wasilibc_find_abspath`
        /// in `preopens.c`.
        fn libc(&self, path: &str) -> Option<String> {
            let path = path.trim_start_matches('/');
            let mut best: Option<(usize, &Name)> = None;
            for name in self.plan.names.iter().rev() {
                let mut prefix = name.name.as_str();
                while prefix.starts_with('/') || prefix.starts_with("./") || prefix == "." {
                    prefix = prefix.strip_prefix("./").unwrap_or(&prefix[1..]);
                }
                let whole = path
                    .strip_prefix(prefix.trim_end_matches('/'))
                    .is_some_and(|rest| {
                        prefix.is_empty()
                            || (path.starts_with(prefix)
                                && (rest.is_empty() || rest.starts_with('/')))
                    });
                if whole && best.is_none_or(|(len, _)| prefix.len() > len) {
                    best = Some((prefix.len(), name));
                }
            }
            let (len, name) = best?;
            self.host(name, path[len..].trim_start_matches('/'))
        }

        /// The host's path for a path below a name; `None` if it is outside.
        fn host(&self, name: &Name, path: &str) -> Option<String> {
            let mut depth = 0;
            for part in path.split('/') {
                depth += match part {
                    "" | "." => 0,
                    ".." => -1,
                    _ => 1,
                };
                if depth < 0 {
                    return None;
                }
            }
            match &name.target {
                To::Below(grant, below) => {
                    let host = self.grants[*grant].host.clone()?;
                    Some(join(&components(&format!(
                        "{host}/{}/{path}",
                        below.join("/")
                    ))))
                }
                // The invented directories lead to the granted ones.
                To::Invented(above) => {
                    let whole = format!("{}/{path}", above.join("/"));
                    let names = components(&whole);
                    let into = |grant: &&Grant| names.starts_with(&components(&grant.guest));
                    let grant = self.grants.iter().find(into)?;
                    let below = names[components(&grant.guest).len()..].join("/");
                    Some(join(&components(&format!(
                        "{}/{below}",
                        grant.host.clone()?
                    ))))
                }
            }
        }

        /// Asserts that both kinds of program reach the same file.
        #[track_caller]
        fn both(&self, path: &str, host: &str) {
            assert_eq!(self.go(path).as_deref(), Some(host), "Go: {path}");
            assert_eq!(self.libc(path).as_deref(), Some(host), "wasi-libc: {path}");
        }
    }

    #[test]
    fn the_list_of_the_documentation() {
        let guest = guest(&[given("/home/ann"), given("/tmp")], "/home/ann", None);
        let names: Vec<&str> = guest
            .plan
            .names
            .iter()
            .map(|name| name.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "/home/ann/",
                "/tmp/",
                "/",
                "home/ann",
                "tmp",
                "../../tmp",
                "..",
                "../..",
                "."
            ]
        );
        assert_eq!(guest.pwd.as_deref(), Some("/home/ann"));
    }

    #[test]
    fn relative_and_absolute_paths_in_any_order() {
        for order in [["/home/ann", "/tmp"], ["/tmp", "/home/ann"]] {
            let guest = guest(&order.map(given), "/home/ann", None);
            for path in ["test.txt", ".hidden", "sub/x", "./test.txt"] {
                let clean = path.trim_start_matches("./");
                guest.both(path, &format!("/home/ann/{clean}"));
                guest.both(&format!("/home/ann/{clean}"), &format!("/home/ann/{clean}"));
            }
            guest.both("/tmp/somewhere.txt", "/tmp/somewhere.txt");
            guest.both("../../tmp/x", "/tmp/x");
            guest.both("/tmp", "/tmp");
            guest.both("/tmp/", "/tmp");
            guest.both("/home/ann", "/home/ann");
            guest.both(".", "/home/ann");
        }
    }

    #[test]
    fn a_name_that_begins_like_a_directory_is_not_in_it() {
        let guest = guest(&[given("/w"), given("/tmp")], "/w", None);
        assert_eq!(guest.go("/tmpfoo/x"), None);
        assert_eq!(guest.go("/wide"), None);
        assert_eq!(guest.go("/etc/passwd"), None);
    }

    #[test]
    fn directories_around_the_current_one() {
        let below = guest(&[given("/w/ann/sub")], "/w/ann", None);
        below.both("sub/x", "/w/ann/sub/x");
        below.both("/w/ann/sub/x", "/w/ann/sub/x");
        assert_eq!(below.go("x"), None, "not given");
        assert_eq!(below.libc("x"), None, "not given");

        let above = guest(&[given("/w")], "/w/ann", None);
        above.both("x", "/w/ann/x");
        above.both("../bob/x", "/w/bob/x");
        above.both("..", "/w");
        above.both("/w/x", "/w/x");

        let beside = guest(&[given("/w/bob")], "/w/ann", None);
        beside.both("../bob/x", "/w/bob/x");
    }

    #[test]
    fn the_whole_host() {
        let guest = guest(&[given("/")], "/w/ann", None);
        guest.both("x", "/w/ann/x");
        guest.both("../../etc/hosts", "/etc/hosts");
        assert_eq!(guest.go("/etc/hosts").as_deref(), Some("/etc/hosts"));
        assert!(
            guest.plan.wants_top_level,
            "or wasi-libc would look for /etc below the current directory"
        );
    }

    #[test]
    fn elsewhere_the_host_path_is_named_but_not_given() {
        let guest = guest(&[given("/tmp")], "/w/ann", None);
        assert_eq!(guest.pwd.as_deref(), Some("/w/ann"));
        assert_eq!(guest.go("x"), None);
        assert_eq!(guest.libc("x"), None);
        guest.both("/tmp/x", "/tmp/x");
    }

    #[test]
    fn a_new_name_hides_the_host() {
        let inside = guest(&[renamed("/w/ann", "/work")], "/w/ann/sub", None);
        assert_eq!(inside.pwd.as_deref(), Some("/work/sub"));
        inside.both("x", "/w/ann/sub/x");
        inside.both("/work/x", "/w/ann/x");
        assert!(
            inside
                .plan
                .names
                .iter()
                .all(|name| !name.name.contains("ann"))
        );

        let elsewhere = guest(&[renamed("/srv", "/data")], "/w", None);
        assert_eq!(elsewhere.pwd.as_deref(), Some("/data"));
        elsewhere.both("x", "/srv/x");

        let relative = guest(&[renamed("/srv", "data.dir")], "/w", None);
        assert_eq!(relative.plan.names[0].name, "data.dir");
        assert_eq!(relative.libc("data.dir/x").as_deref(), Some("/srv/x"));
        assert_eq!(relative.go("/data.dir/x").as_deref(), Some("/srv/x"));

        let root = guest(&[renamed("/srv", "/")], "/w", None);
        root.both("/x", "/srv/x");
        root.both("x", "/srv/x");
    }

    #[test]
    fn a_link_to_a_directory_is_one_more_name() {
        let grants = [given("/w/real"), renamed("/w/real", "/w/ann/link")];
        let guest = guest(&grants, "/w/ann", None);
        assert_eq!(guest.pwd.as_deref(), Some("/w/ann"));
        guest.both("link/x", "/w/real/x");
        guest.both("../real/x", "/w/real/x");
        guest.both("/w/ann/link/x", "/w/real/x");
    }

    #[test]
    fn what_is_no_directory_of_the_host_moves_nobody() {
        let memory = Grant {
            guest: "/data".to_string(),
            host: None,
        };
        let both = [given("/w/ann/sub"), memory.clone()];
        let beside = guest(&both, "/w/ann", None);
        assert_eq!(beside.pwd.as_deref(), Some("/w/ann"));
        beside.both("sub/x", "/w/ann/sub/x");
        let alone = guest(&[memory], "/w/ann", None);
        assert_eq!(alone.pwd.as_deref(), Some("/data"));
    }

    #[test]
    fn the_users_pwd_wins() {
        let grants = [given("/w/ann"), given("/w/bob")];
        let there = guest(&grants, "/w/ann", Some("/w/bob"));
        assert_eq!(there.plan.pwd, None);
        there.both("x", "/w/bob/x");
        let empty = guest(&grants, "/w/ann", Some(""));
        empty.both("x", "/w/ann/x");
    }

    #[test]
    fn without_directories_there_is_only_the_empty_root() {
        let guest = guest(&[], "/w", None);
        assert_eq!(guest.pwd, None);
        assert_eq!(guest.plan.names.len(), 1);
        assert_eq!(guest.go("x"), None);
        assert_eq!(guest.libc("/w/x"), None);
    }
}
