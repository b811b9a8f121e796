//! Which file of a program a path means. Programs name files as they were passed to the compiler: absolute, relative, or by module
//! (Go's `-trimpath`). Editors name them as they are on this machine.

/// The files that a path may mean.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Match<'a> {
    One(&'a str),
    Several(Vec<&'a str>),
    None,
}

/// Finds the file with the most last parts in common with `wanted`, its name at least. A file that is wholly the end of `wanted`, or the
/// other way round, comes first.
pub(super) fn find<'a>(known: impl Iterator<Item = &'a str>, wanted: &str) -> Match<'a> {
    let mut best = Vec::new();
    let mut most = (false, 1);
    for path in known {
        let common = parts(path)
            .zip(parts(wanted))
            .take_while(|(a, b)| a == b)
            .count();
        let is_whole = common == parts(path).count() || common == parts(wanted).count();
        let fit = (is_whole, common);
        if common == 0 || fit < most {
            continue;
        }
        if fit > most {
            (most, best) = (fit, Vec::new());
        }
        best.push(path);
    }
    match best[..] {
        [] => Match::None,
        [one] => Match::One(one),
        // The whole path, where others end with it.
        _ => match best.iter().find(|path| **path == wanted) {
            Some(exact) => Match::One(exact),
            None => Match::Several(best),
        },
    }
}

/// The parts of a path, the last one first.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    let parts = path.rsplit(['/', '\\']);
    parts.filter(|part| !part.is_empty() && *part != ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_their_last_parts() {
        let known = [
            "/usr/go/src/runtime/proc.go",
            "/home/me/app/main.go",
            "/home/me/app/sub/main.go",
            "guests/stuck/main.go",
            "./near.c",
            "proc.go",
        ];
        let find = |wanted| find(known.into_iter(), wanted);
        assert_eq!(find("runtime/proc.go"), Match::One(known[0]));
        assert_eq!(find("/home/me/app/main.go"), Match::One(known[1]));
        assert_eq!(find("app/main.go"), Match::One(known[1]));
        assert_eq!(find("/x/guests/stuck/main.go"), Match::One(known[3]));
        assert_eq!(find("/elsewhere/stuck/main.go"), Match::One(known[3]));
        assert_eq!(find("/a/b/near.c"), Match::One(known[4]));
        assert_eq!(find("C:\\b\\near.c"), Match::One(known[4]));
        assert_eq!(find("proc.go"), Match::One(known[5]));
        assert_eq!(
            find("main.go"),
            Match::Several(vec![known[1], known[2], known[3]])
        );
        for wanted in ["other.go", "", "/", "ain.go"] {
            assert_eq!(find(wanted), Match::None, "{wanted}");
        }
    }
}
