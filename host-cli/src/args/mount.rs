//! `--dir` and its like: what of the host the guest sees, and under which name.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap_lex::OsStrExt;

/// Something that the guest finds at a place in its file system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Mount {
    /// The directory of the host.
    pub(crate) host: PathBuf,
    /// The guest's name for it; `None` for the host's own.
    pub(crate) guest: Option<String>,
    /// Nothing in it can be changed.
    pub(crate) read_only: bool,
}

impl Mount {
    /// Reads the value of `--dir`.
    pub(crate) fn directory(text: OsString) -> Result<Self, String> {
        let (host, guest) = split(&text)?;
        Ok(Self {
            host: host.into(),
            guest,
            read_only: false,
        })
    }

    /// Reads the value of `--dir-ro`.
    pub(crate) fn read_only_directory(text: OsString) -> Result<Self, String> {
        Self::directory(text).map(|mount| Self {
            read_only: true,
            ..mount
        })
    }
}

/// Splits at the first `::`, as wasmtime does. The host's name may be any bytes; the guest's is text, as WASI wants names to be.
fn split(text: &OsStr) -> Result<(&OsStr, Option<String>), String> {
    let (host, guest) = match text.split_once("::") {
        Some((host, guest)) => (host, Some(guest)),
        None => (text, None),
    };
    if host.is_empty() {
        return Err("the host's directory is missing: HOST or HOST::GUEST".to_owned());
    }
    let Some(guest) = guest else {
        return Ok((host, None));
    };
    if guest.is_empty() {
        return Err("the guest's name is missing behind ::, for example HOST::/work".to_owned());
    }
    let guest = guest.to_str().ok_or("the guest's name must be UTF-8")?;
    Ok((host, Some(guest.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<(String, Option<String>), String> {
        let mount = Mount::directory(text.into())?;
        assert!(!mount.read_only);
        Ok((mount.host.display().to_string(), mount.guest))
    }

    #[test]
    fn forms() {
        let is = |host: &str, guest: Option<&str>| Ok((host.to_owned(), guest.map(str::to_owned)));
        assert_eq!(parts("."), is(".", None));
        assert_eq!(parts("/tmp"), is("/tmp", None));
        assert_eq!(parts(".::/work"), is(".", Some("/work")));
        assert_eq!(parts("a:b::/"), is("a:b", Some("/")));
        assert_eq!(parts(r"C:\work::/work"), is(r"C:\work", Some("/work")));
        assert_eq!(parts("a::b::c"), is("a", Some("b::c")));
        for text in ["", "::", "::/work", ".::"] {
            assert!(parts(text).is_err(), "{text}");
        }
        assert!(Mount::read_only_directory(".".into()).is_ok_and(|mount| mount.read_only));
    }

    #[cfg(unix)]
    #[test]
    fn host_names_of_any_bytes() {
        use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
        let mount = Mount::directory(OsString::from_vec(b"\xff::/x".to_vec()))
            .expect("the guest's name is text");
        assert_eq!(mount.host.as_os_str().as_bytes(), b"\xff");
        assert!(Mount::directory(OsString::from_vec(b"x::\xff".to_vec())).is_err());
    }
}
