//! Where things lie: the repository and the folders below the target directory that xtask writes to.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders xtask works with.
pub(crate) struct Layout {
    /// The root of the repository.
    pub(crate) root: PathBuf,
    /// Cargo's target directory, wherever the user put it.
    pub(crate) target: PathBuf,
}

impl Layout {
    /// Finds both folders: the root from where this package lies, the target directory from where this program was built.
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

    /// Downloaded tools, one folder each with its version in its name.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The cargo target directory for a bare-metal triple: its own, since flags and toolchain differ from the host's.
    pub(crate) fn bare(&self, triple: &str) -> PathBuf {
        self.target.join("bare").join(triple)
    }
}
