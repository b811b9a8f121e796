//! Advice after a failure: the paths outside of the granted directories that the guest looked for, with the options that
//! grant them.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// The maximum number of paths for each option, and of options.
const NAMED: usize = 3;

/// Paths, and the option that grants them.
struct Group<'a> {
    option: String,
    paths: Vec<&'a str>,
}

/// Returns a line about the paths that lay outside, as the guest saw them from its root, grouped by the options that grant
/// them. Returns `None` if no option would have helped, because such a path does not exist natively either.
///
/// `granted` is true if the guest had any directory. A guest without one believes to be in `/`, so a relative path of its
/// command line arrives here as `/test.txt`.
pub(crate) fn advice(outside: &[String], granted: bool) -> Option<String> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for path in outside {
        let Some(option) = option(Path::new(path), granted) else {
            continue;
        };
        match groups.iter_mut().find(|group| group.option == option) {
            Some(group) => group.paths.push(path),
            None => groups.push(Group {
                option,
                paths: vec![path],
            }),
        }
    }
    if let [Group { option, paths }] = &groups[..] {
        let (verb, object) = match paths.len() {
            1 => ("lies", "it"),
            _ => ("lie", "them"),
        };
        let names = names(paths);
        return Some(format!(
            "{names} {verb} outside of what the guest was given; {option} would grant {object}"
        ));
    }
    let count: usize = groups.iter().map(|group| group.paths.len()).sum();
    let mut parts: Vec<_> = groups
        .iter()
        .map(|Group { option, paths }| format!("{option} would grant {}", names(paths)))
        .collect();
    let more = parts.len().saturating_sub(NAMED);
    parts.truncate(NAMED);
    if more > 0 {
        let options = if more == 1 { "option" } else { "options" };
        parts.push(format!("{more} more {options} would grant the others"));
    }
    (count > 0).then(|| {
        format!(
            "{count} paths lie outside of what the guest was given; {}",
            parts.join("; ")
        )
    })
}

/// The first few paths, and the number of the others.
fn names(paths: &[&str]) -> String {
    let named = paths.len().min(NAMED);
    let more = match paths.len() - named {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", paths[..named].join(", "))
}

/// Returns a line about the start directory of a Go program, if an option sets its `PWD` to a directory that was not
/// granted, and the guest looked for a path there.
pub(crate) fn about_pwd(outside: &[String], pwd: Option<&OsStr>) -> Option<String> {
    let told = Path::new(pwd.filter(|pwd| !pwd.is_empty())?);
    // Go adds a slash in front of the value.
    let mut place = PathBuf::from("/");
    for component in told.components() {
        match component {
            Component::ParentDir => {
                place.pop();
            }
            Component::Normal(name) => place.push(name),
            _ => {}
        }
    }
    let path = outside
        .iter()
        .find(|path| Path::new(path).starts_with(&place))?;
    let (pwd, place) = (told.display(), place.display());
    if told.has_root() {
        if place.to_string() == "/" {
            return None;
        }
        let grant = if Path::new(&place.to_string()).is_dir() {
            format!("{} would grant it", quoted(format!("--dir={place}")))
        } else {
            "set it to a directory that --dir grants".to_owned()
        };
        return Some(format!(
            "PWD={pwd} lies outside of what the guest was given, and its relative paths start there ({path}); {grant}"
        ));
    }
    let real = std::env::current_dir()
        .ok()
        .and_then(|here| here.join(told).canonicalize().ok())
        .map(|real| format!(", or set it to {}", real.display()))
        .unwrap_or_default();
    Some(format!(
        "PWD={pwd} is no absolute path: a Go program takes it for {place}, where its relative paths then start ({path}); \
         leave the option out: with --dir=. the program is in the current directory{real}"
    ))
}

/// Returns a line about a path that was not found by its relative name, but exists or can be created as an absolute path. A
/// program built with wasi-libc, which does not distinguish the two, may have meant the absolute path.
pub(crate) fn second_guess(perhaps: &[String]) -> Option<String> {
    let root = Path::new("/");
    let likely = |path: &&Path| {
        let folder = path.parent().filter(|folder| *folder != root);
        path.exists() || folder.is_some_and(Path::is_dir)
    };
    let mut paths = perhaps.iter().map(Path::new);
    let path = paths.find(likely)?;
    let option = option(path, true)?;
    let name = path.strip_prefix(root).unwrap_or(path);
    Some(format!(
        "{} was not found; if {} was meant, it lies outside of what the guest was given, and {option} would grant it",
        name.display(),
        path.display()
    ))
}

/// Returns the option that grants a path, or the directory in which it could be created. Returns `None` if there is no such
/// directory.
fn option(path: &Path, granted: bool) -> Option<String> {
    let relative = path.strip_prefix("/").unwrap_or(path);
    let folder = relative
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if !granted && !path.exists() && folder.is_none_or(Path::is_dir) {
        return Some("--dir=.".to_owned());
    }
    let dir = if path.is_dir() { path } else { path.parent()? };
    if !dir.is_dir() {
        return None;
    }
    let dir = dir.display().to_string();
    // What follows `::` would be a name for the guest.
    (!dir.contains("::")).then(|| quoted(format!("--dir={dir}")))
}

/// Returns an option as a shell takes it. The guest has chosen the path, and the person may copy the option to a shell.
fn quoted(option: String) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_=./,:+@%".contains(char);
    if option.chars().all(plain) {
        return option;
    }
    format!("'{}'", option.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(paths: &[&str], granted: bool) -> Option<String> {
        let paths: Vec<_> = paths.iter().map(|path| (*path).to_owned()).collect();
        advice(&paths, granted)
    }

    #[test]
    fn nothing_outside_is_nothing_to_say() {
        assert_eq!(about(&[], true), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_directory_is_named() {
        let line = about(&["/dev/no-such"], true).expect("something lay outside");
        assert_eq!(
            line,
            "/dev/no-such lies outside of what the guest was given; --dir=/dev would grant it"
        );
        let line = about(&["/dev/no1", "/dev/no2"], true).expect("something lay outside");
        assert_eq!(
            line,
            "/dev/no1, /dev/no2 lie outside of what the guest was given; --dir=/dev would grant them"
        );
        let many: Vec<_> = (0..5).map(|number| format!("/dev/no{number}")).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        let line = about(&many, true).expect("something lay outside");
        assert!(
            line.starts_with("/dev/no0, /dev/no1, /dev/no2 and 2 more lie outside"),
            "{line}"
        );
        assert!(about(&["/dev"], true).is_some_and(|line| line.contains("--dir=/dev would")));
    }

    /// The advice never names an option that does not grant the path.
    #[cfg(unix)]
    #[test]
    fn paths_stand_with_their_options() {
        let line = about(&["/dev/no1", "/no2", "/dev/no3", "/tmp/no4"], true)
            .expect("something lay outside");
        assert_eq!(
            line,
            "4 paths lie outside of what the guest was given; --dir=/dev would grant /dev/no1, /dev/no3; \
             --dir=/ would grant /no2; --dir=/tmp would grant /tmp/no4"
        );
        let five = ["/dev/1", "/1", "/tmp/1", "/proc/1a", "/usr/1"];
        let line = about(&five, true).expect("something lay outside");
        assert!(
            line.ends_with("; 2 more options would grant the others"),
            "{line}"
        );
    }

    /// The guest chooses the path, and the person copies the option to a shell.
    #[cfg(unix)]
    #[test]
    fn options_are_written_for_a_shell() {
        let top = std::env::temp_dir().join(format!("wasi-interp-outside-{}", std::process::id()));
        let line = |name: &str| {
            let dir = top.join(name);
            std::fs::create_dir_all(&dir).expect("a folder");
            about(&[&dir.join("file").display().to_string()], true)
        };
        let top_name = top.display();
        let told = line("a b").expect("it is outside");
        assert!(told.contains(&format!("; '--dir={top_name}/a b' would")));
        let told = line("$(x);'y").expect("it is outside");
        let wanted = format!(r"; '--dir={top_name}/$(x);'\''y' would");
        assert!(told.contains(&wanted), "{told}");
        // No option grants such a directory: what follows `::` is a name for the guest.
        assert_eq!(line("a::b"), None);
        std::fs::remove_dir_all(&top).expect("it is ours");
    }

    #[cfg(unix)]
    #[test]
    fn where_the_program_starts() {
        let line = |paths: &[&str], pwd: &str| {
            let paths: Vec<_> = paths.iter().map(|path| (*path).to_owned()).collect();
            about_pwd(&paths, Some(OsStr::new(pwd)))
        };
        let relative = line(&["/test.txt"], ".").expect("it is relative");
        assert!(
            relative.starts_with("PWD=. is no absolute path: a Go program takes it for /"),
            "{relative}"
        );
        assert!(line(&["/sub/x"], "sub").is_some_and(|line| line.contains("takes it for /sub")));
        let granted = line(&["/tmp/test.txt"], "/tmp").expect("it is outside");
        assert!(granted.contains("--dir=/tmp would grant it"), "{granted}");
        let nowhere = line(&["/no-such/test.txt"], "/no-such").expect("it is outside");
        assert!(
            nowhere.contains("set it to a directory that --dir grants"),
            "{nowhere}"
        );
        // Nothing was looked for there, or all other paths exist as well.
        assert_eq!(line(&["/etc/x"], "/tmp"), None);
        assert_eq!(line(&["/etc/x"], "/"), None);
        assert_eq!(line(&["/etc/x"], ""), None);
    }

    #[cfg(unix)]
    #[test]
    fn what_leads_nowhere_natively_is_not_mentioned() {
        assert_eq!(about(&["/dev/no-such/file"], true), None);
        let line = about(&["/no-such/file", "/dev/null"], true).expect("one lay outside");
        assert!(line.starts_with("/dev/null lies"), "{line}");
    }

    #[test]
    fn a_relative_path_of_a_guest_without_directories() {
        let line = about(&["/test.txt"], false).expect("something lay outside");
        assert!(line.contains("--dir=. would grant it"), "{line}");
    }

    #[cfg(unix)]
    #[test]
    fn a_relative_path_that_may_have_been_absolute() {
        let line = |path: &str| second_guess(&[path.to_owned()]);
        let told = "dev/null was not found; if /dev/null was meant, it lies outside of what the guest was given, and --dir=/dev would grant it";
        assert_eq!(line("/dev/null").as_deref(), Some(told));
        assert!(line("/dev/new").is_some_and(|line| line.contains("--dir=/dev ")));
        // Any relative name could be created in the root.
        assert_eq!(line("/missing.txt"), None);
        assert_eq!(line("/no-such/file"), None);
    }
}
