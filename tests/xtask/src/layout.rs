//! The folders of the repository, and those in the target directory to which xtask writes.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders xtask works with.
pub(crate) struct Layout {
    /// The root of the repository.
    pub(crate) root: PathBuf,
    /// Cargo's target directory.
    pub(crate) target: PathBuf,
}

impl Layout {
    /// Finds both folders: the root from the place of this package, and the target directory from the place of this
    /// program.
    pub(crate) fn find() -> Result<Layout> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
        let exe = std::env::current_exe().context("cannot tell where xtask itself lies")?;
        let target = exe.ancestors().nth(2);
        Ok(Layout {
            root: root
                .context("xtask does not lie in tests/xtask")?
                .to_owned(),
            target: target
                .context("xtask does not lie in target/PROFILE")?
                .to_owned(),
        })
    }

    /// The folder of downloaded tools. Each has a folder with its version in the name.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The cargo target directory of all kernels. They share what build scripts and macros need; cargo keeps the rest apart by triple.
    pub(crate) fn kernels(&self) -> PathBuf {
        self.target.join("boards")
    }

    /// The cargo target directory for a bare-metal triple. It is separate because flags and toolchain differ from the
    /// host's.
    pub(crate) fn bare(&self, triple: &str) -> PathBuf {
        self.target.join("bare").join(triple)
    }
}
