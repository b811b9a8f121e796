//! Installs the packages of `tests/registry/modules.toml`.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::install;
use crate::layout::Layout;

/// The folder of a package's files. Installs the package if it is missing.
///
/// # Errors
/// Fails if the text is not `pypi NAME VERSION` or `npm NAME VERSION`, or if the package cannot be installed.
pub(super) fn installed(layout: &Layout, package: &str) -> Result<PathBuf> {
    let words: Vec<&str> = package.split(' ').collect();
    match words[..] {
        ["pypi", name, version] => install::pypi(layout, name, version),
        ["npm", name, version] => Ok(install::npm(layout, name, version)?
            .join("node_modules")
            .join(name)),
        _ => bail!("{package:?} is not `pypi NAME VERSION` or `npm NAME VERSION`"),
    }
}
