//! `--dir` and similar options: the files of a guest, and their names in the guest.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap_lex::OsStrExt;

/// A file system that is mounted for the guest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Mount {
    /// A directory of the host: `--dir`, `--dir-ro`.
    Directory {
        /// Its path on the host.
        host: PathBuf,
        /// The guest's name for it; `None` for the host's name.
        guest: Option<String>,
        /// Whether the guest can only read it.
        read_only: bool,
    },
    /// A FAT or exFAT volume: `--fat`.
    Fat {
        /// The image of a disk, or the disk.
        image: PathBuf,
        /// The guest's name for its root.
        guest: String,
    },
    /// A tree in memory: `--ram`.
    Ram {
        /// The tar archive with its initial contents.
        archive: Option<PathBuf>,
        /// The guest's name for it.
        guest: String,
    },
}

impl Mount {
    /// Whether it is a volume to which this process itself writes.
    #[cfg(unix)]
    pub(crate) fn is_volume(&self) -> bool {
        matches!(self, Self::Fat { .. })
    }

    /// Reads the value of `--dir`.
    pub(crate) fn directory(text: OsString) -> Result<Self, String> {
        Self::host(&text, false)
    }

    /// Reads the value of `--dir-ro`.
    pub(crate) fn read_only_directory(text: OsString) -> Result<Self, String> {
        Self::host(&text, true)
    }

    /// Reads the value of `--fat`. Without a name for the guest, the volume is the guest's root.
    pub(crate) fn fat(text: OsString) -> Result<Self, String> {
        let (image, guest) = split(&text)?;
        Ok(Self::Fat {
            image: image.into(),
            guest: guest.unwrap_or_else(|| "/".to_owned()),
        })
    }

    /// Reads the value of `--ram`.
    pub(crate) fn ram(text: OsString) -> Result<Self, String> {
        let (archive, guest) = match split(&text)? {
            (archive, Some(guest)) => (Some(archive.into()), guest),
            (guest, None) => (None, guest_name(guest)?),
        };
        Ok(Self::Ram { archive, guest })
    }

    fn host(text: &OsStr, read_only: bool) -> Result<Self, String> {
        let (host, guest) = split(text)?;
        Ok(Self::Directory {
            host: host.into(),
            guest,
            read_only,
        })
    }
}

/// Splits at the first `::`, as wasmtime does. The host's name may contain any bytes. The guest's name is UTF-8, as WASI
/// requires.
fn split(text: &OsStr) -> Result<(&OsStr, Option<String>), String> {
    let (host, guest) = match text.split_once("::") {
        Some((host, guest)) => (host, Some(guest)),
        None => (text, None),
    };
    if host.is_empty() {
        return Err("the name before :: is missing".to_owned());
    }
    Ok((host, guest.map(guest_name).transpose()?))
}

/// A name that the guest will see.
fn guest_name(name: &OsStr) -> Result<String, String> {
    match name.to_str() {
        Some("") => Err("the guest's name is missing behind ::, for example ::/work".to_owned()),
        Some(name) => Ok(name.to_owned()),
        None => Err("the guest's name must be UTF-8".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<(String, Option<String>), String> {
        match Mount::directory(text.into())? {
            Mount::Directory {
                host,
                guest,
                read_only: false,
            } => Ok((host.display().to_string(), guest)),
            other => panic!("{text} is {other:?}"),
        }
    }

    #[test]
    fn directories() {
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
        let read_only = Mount::read_only_directory(".".into());
        assert!(matches!(
            read_only,
            Ok(Mount::Directory {
                read_only: true,
                ..
            })
        ));
    }

    #[test]
    fn ram_disks() {
        let is = |archive: Option<&str>, guest: &str| {
            Ok(Mount::Ram {
                archive: archive.map(PathBuf::from),
                guest: guest.to_owned(),
            })
        };
        assert_eq!(Mount::ram("/tmp".into()), is(None, "/tmp"));
        assert_eq!(
            Mount::ram("files.tar::/data".into()),
            is(Some("files.tar"), "/data")
        );
        for text in ["", "::/data", "files.tar::"] {
            assert!(Mount::ram(text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn volumes() {
        let is = |guest: &str| {
            Ok(Mount::Fat {
                image: "disk.img".into(),
                guest: guest.to_owned(),
            })
        };
        assert_eq!(Mount::fat("disk.img".into()), is("/"));
        assert_eq!(Mount::fat("disk.img::/guest".into()), is("/guest"));
        for text in ["", "::/guest", "disk.img::"] {
            assert!(Mount::fat(text.into()).is_err(), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn host_names_of_any_bytes() {
        use std::os::unix::ffi::OsStringExt as _;
        let bytes = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
        let mount = Mount::directory(bytes(b"\xff::/x")).expect("the guest's name is text");
        assert!(
            matches!(mount, Mount::Directory { host, .. } if host.as_os_str() == bytes(b"\xff"))
        );
        assert!(Mount::directory(bytes(b"x::\xff")).is_err());
        assert!(Mount::ram(bytes(b"\xff")).is_err());
    }
}
