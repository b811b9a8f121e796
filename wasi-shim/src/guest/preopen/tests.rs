//! Models of Go and of wasi-libc reach the same files by the planned names.

use super::*;

/// A directory given by its own name.
fn given(path: &str) -> Grant {
    Grant {
        guest: path.to_string(),
        host: Some(path.to_string()),
    }
}

/// A directory given under another name.
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
                        || (path.starts_with(prefix) && (rest.is_empty() || rest.starts_with('/')))
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

    /// Both kinds of program reach the same file.
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
