//! After a guest has failed: which paths it looked for outside of what it was given, and which option gives them.

use std::path::Path;

/// How many paths are named.
const NAMED: usize = 3;

/// One line about the paths that lay outside, as the guest saw them from its root; `None` if no option would have helped: natively,
/// too, such a path leads nowhere.
///
/// `granted` tells whether the guest was given any directory. A guest without one believes to be in `/`, so that what was a
/// relative path on its command line arrives here as `/test.txt`.
pub(crate) fn advice(outside: &[String], granted: bool) -> Option<String> {
    let mut paths: Vec<&str> = Vec::new();
    let mut options: Vec<String> = Vec::new();
    for path in outside {
        let Some(option) = option(Path::new(path), granted) else {
            continue;
        };
        paths.push(path);
        if paths.len() <= NAMED && !options.contains(&option) {
            options.push(option);
        }
    }
    let (verb, object) = match paths.len() {
        0 => return None,
        1 => ("lies", "it"),
        _ => ("lie", "them"),
    };
    let more = match paths.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    paths.truncate(NAMED);
    Some(format!(
        "{}{more} {verb} outside of what the guest was given; {} would grant {object}",
        paths.join(", "),
        options.join(" ")
    ))
}

/// One line about a path that was not found by its relative name, and that is there, or could be made, by the absolute one: a program
/// built with wasi-libc, which does not tell the two apart, may have meant that.
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

/// The option that grants a path, or the directory where it could be made; `None` if there is no such directory.
fn option(path: &Path, granted: bool) -> Option<String> {
    let relative = path.strip_prefix("/").unwrap_or(path);
    let folder = relative
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if !granted && !path.exists() && folder.is_none_or(Path::is_dir) {
        return Some("--dir=.".to_owned());
    }
    let dir = if path.is_dir() { path } else { path.parent()? };
    dir.is_dir().then(|| format!("--dir={}", dir.display()))
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
        let line =
            about(&["/dev/no1", "/dev/no2", "/no3", "/no4"], true).expect("something lay outside");
        assert!(
            line.starts_with("/dev/no1, /dev/no2, /no3 and 1 more lie outside"),
            "{line}"
        );
        assert!(
            line.contains("--dir=/dev --dir=/ would grant them"),
            "{line}"
        );
        assert!(about(&["/dev"], true).is_some_and(|line| line.contains("--dir=/dev would")));
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
        // Any relative name could be made in the root.
        assert_eq!(line("/missing.txt"), None);
        assert_eq!(line("/no-such/file"), None);
    }
}
