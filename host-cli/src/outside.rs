//! After a guest has failed: which paths it looked for outside of what it was given, and which option gives them.

use std::path::Path;

/// How many paths are named.
const NAMED: usize = 3;

/// One line about the paths that lay outside, as the guest saw them from its root; `None` if there are none.
///
/// `granted` tells whether the guest was given any directory. A guest without one believes to be in `/`, so that what was a
/// relative path on its command line arrives here as `/test.txt`.
pub(crate) fn advice(outside: &[String], granted: bool) -> Option<String> {
    let first = outside.get(..outside.len().min(NAMED))?;
    let mut options: Vec<String> = Vec::new();
    for path in first {
        let option = option(path, granted);
        if !options.contains(&option) {
            options.push(option);
        }
    }
    let (verb, object) = match first {
        [] => return None,
        [_] => ("lies", "it"),
        _ => ("lie", "them"),
    };
    let more = match outside.len() - first.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!(
        "{}{more} {verb} outside of what the guest was given; {} would grant {object}",
        first.join(", "),
        options.join(" ")
    ))
}

/// The option that grants a path: the directory that the path is in, or the nearest one above it that exists.
fn option(path: &str, granted: bool) -> String {
    let path = Path::new(path);
    let relative = path.strip_prefix("/").unwrap_or(path);
    if !granted
        && !path.exists()
        && relative
            .parent()
            .is_some_and(|dir| dir.as_os_str().is_empty() || dir.is_dir())
    {
        return "--dir=.".to_owned();
    }
    let mut above = path.ancestors().skip(usize::from(!path.is_dir()));
    let dir = above.find(|dir| dir.is_dir()).unwrap_or(Path::new("/"));
    format!("--dir={}", dir.display())
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
    fn the_directory_that_exists_is_named() {
        let line = about(&["/dev/no-such/file"], true).expect("something lay outside");
        assert_eq!(
            line,
            "/dev/no-such/file lies outside of what the guest was given; --dir=/dev would grant it"
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

    #[test]
    fn a_relative_path_of_a_guest_without_directories() {
        let line = about(&["/test.txt"], false).expect("something lay outside");
        assert!(line.contains("--dir=. would grant it"), "{line}");
    }
}
