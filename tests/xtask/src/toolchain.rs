//! The Rust toolchain for bare machines: rustup's, or the system's with the sources of the standard library.
//!
//! [`choose`] decides. A target that rustup has installed is used first. Next is a compiler of the system that is new
//! enough; it builds `core` and `alloc` from their sources. This is Debian's `rustc-web`, which some releases have and
//! Ubuntu does not. It is in /usr/bin and is called by its full path, so it never replaces rustup's compiler. Otherwise the
//! missing parts are installed: as Debian packages as root, or else by rustup. If both are impossible, the error names what
//! to install.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::install;
use crate::process::{self, stdout_of};

/// The folder of the system's compiler.
const SYSTEM: &str = "/usr/bin";

/// The linker of that compiler.
const RUST_LLD: &str = "/usr/bin/rust-lld";

/// Debian's Rust with sources of the standard library and the linker.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

/// A release of Rust, without the part after the second dot.
type Version = (u32, u32);

/// The available toolchains for a target. Slow queries are made only when they are needed.
struct Found<'a> {
    /// Whether rustup has the target; `None` without rustup.
    rustup: Option<bool>,
    /// The compiler of the system, if the library's sources are installed beside it.
    system: Option<Version>,
    /// The compiler that apt would install, if this is allowed.
    packages: &'a dyn Fn() -> Option<Version>,
}

/// The toolchain to use, or the step to take first.
#[derive(Debug, PartialEq, Eq)]
enum Choice {
    Rustup,
    System,
    InstallPackages,
    AddTarget,
    Nothing,
}

/// Chooses a compiler with at least the release `wanted`.
fn choose(found: &Found<'_>, wanted: Version) -> Choice {
    let is_new = |version: Option<Version>| version.is_some_and(|version| version >= wanted);
    if found.rustup == Some(true) {
        Choice::Rustup
    } else if is_new(found.system) {
        Choice::System
    } else if is_new((found.packages)()) {
        Choice::InstallPackages
    } else if found.rustup.is_some() {
        Choice::AddTarget
    } else {
        Choice::Nothing
    }
}

/// A `cargo SUBCOMMAND --target` command that works on this machine. `library` lists the parts of the standard library of
/// the target.
///
/// # Errors
/// Fails if there is no compiler and none can be installed.
pub(crate) fn cargo(triple: &str, subcommand: &str, library: &str) -> Result<Command> {
    let wanted =
        version(env!("CARGO_PKG_RUST_VERSION")).context("the release of Rust is no number")?;
    let found = Found {
        rustup: rustup(triple),
        system: system(Path::new(SYSTEM)),
        packages: &|| install::is_root().then(packages).flatten(),
    };
    match choose(&found, wanted) {
        Choice::Rustup => Ok(rustup_cargo(triple, subcommand)),
        Choice::System => Ok(system_cargo(triple, subcommand, library)),
        Choice::InstallPackages => {
            install::debian(&PACKAGES)
                .with_context(|| format!("or: rustup target add {triple}"))?;
            Ok(system_cargo(triple, subcommand, library))
        }
        Choice::AddTarget => {
            process::run(Command::new("rustup").args(["target", "add", triple]))?;
            Ok(rustup_cargo(triple, subcommand))
        }
        Choice::Nothing => bail!(nothing(triple, wanted, found.system)),
    }
}

/// The message if no toolchain supports a target.
fn nothing(triple: &str, (major, minor): Version, system: Option<Version>) -> String {
    let old = system.map_or(String::new(), |(major, minor)| {
        format!(" (the one in {SYSTEM}, {major}.{minor}, is too old)")
    });
    format!(
        "no Rust {major}.{minor} or newer for {triple}{old}; install rustup (https://rustup.rs, on Ubuntu: sudo apt-get install \
         rustup), then: rustup target add {triple}; on a Debian that has it, this does as well: sudo apt-get install {}",
        PACKAGES.join(" ")
    )
}

/// Checks that there is a linker for a target. rustup's compilers include one.
///
/// Debian's linker is in two packages: one with the name that the compiler calls, and one with the program under its own
/// name, for example `lld-22`. They are installed if that is possible.
pub(crate) fn linker(triple: &str) -> Result<()> {
    let runs = || stdout_of(Command::new(RUST_LLD).args(["-flavor", "gnu", "--version"])).is_some();
    if rustup(triple) == Some(true) || runs() {
        return Ok(());
    }
    if std::fs::read_link(RUST_LLD).is_err() {
        install::debian(&["rust-web-llvm"]).context("the linker is missing")?;
    }
    if !runs() {
        let program = std::fs::read_link(RUST_LLD).context("the linker is missing")?;
        let package = program.file_name().and_then(|name| name.to_str());
        install::debian(&[package.context("the linker's name is no text")?])
            .context("the linker is missing")?;
    }
    Ok(())
}

/// Returns whether rustup has this target installed; `None` without rustup.
fn rustup(triple: &str) -> Option<bool> {
    let list = stdout_of(Command::new("rustup").args(["target", "list", "--installed"]))?;
    Some(list.lines().any(|line| line == triple))
}

/// The release of the compiler in a folder, if cargo is there too and the library's sources are where the compiler looks
/// for them. rustup's packages put rustup's own programs into /usr/bin; those have their sources elsewhere.
fn system(folder: &Path) -> Option<Version> {
    let ask = |argument: &[&str]| stdout_of(Command::new(folder.join("rustc")).args(argument));
    let sysroot = ask(&["--print", "sysroot"])?;
    let own = folder.parent() == Some(Path::new(&sysroot));
    let sources = Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock");
    if !own || !sources.exists() || !folder.join("cargo").exists() {
        return None;
    }
    version(&ask(&["--version"])?)
}

/// The release that apt would install.
fn packages() -> Option<Version> {
    version(&install::debian_version(PACKAGES[0])?)
}

/// The first two numbers of a text such as `rustc 1.95.0 (59807616e 2026-04-14)` or `1.96.0+dfsg1-1`.
fn version(text: &str) -> Option<Version> {
    let word = text
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut numbers = word.split(['.', '+', '-', '~']);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn rustup_cargo(triple: &str, subcommand: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args([subcommand, "--target", triple]);
    command
}

fn system_cargo(triple: &str, subcommand: &str, library: &str) -> Command {
    let mut command = Command::new(Path::new(SYSTEM).join("cargo"));
    command
        .arg(subcommand)
        .arg(format!("-Zbuild-std={library}"))
        .args(["--target", triple]);
    command
        .env("RUSTC", Path::new(SYSTEM).join("rustc"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTUP_TOOLCHAIN");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Option<Version> = Some((1, 96));
    const OLD: Option<Version> = Some((1, 75));

    fn chosen(rustup: Option<bool>, system: Option<Version>, packages: Option<Version>) -> Choice {
        let packages = &|| packages;
        let found = Found {
            rustup,
            system,
            packages,
        };
        choose(&found, (1, 95))
    }

    #[test]
    fn what_is_installed_comes_first() {
        let unasked = &|| panic!("apt is only asked if it must be");
        let with = |rustup, system| {
            choose(
                &Found {
                    rustup,
                    system,
                    packages: unasked,
                },
                (1, 95),
            )
        };
        assert_eq!(with(Some(true), NEW), Choice::Rustup);
        assert_eq!(with(Some(false), NEW), Choice::System);
        assert_eq!(with(None, NEW), Choice::System);
    }

    #[test]
    fn then_what_can_be_installed() {
        assert_eq!(chosen(Some(false), None, NEW), Choice::InstallPackages);
        assert_eq!(chosen(Some(false), None, None), Choice::AddTarget);
        // Ubuntu 24.04 with its own Rust, which is too old, and rustup.
        assert_eq!(chosen(Some(false), OLD, None), Choice::AddTarget);
        // Debian's first release of the package is too old; an update is not.
        assert_eq!(chosen(Some(false), OLD, OLD), Choice::AddTarget);
        assert_eq!(chosen(None, OLD, NEW), Choice::InstallPackages);
    }

    #[test]
    fn else_it_is_told_what_to_install() {
        assert_eq!(chosen(None, OLD, None), Choice::Nothing);
        let told = nothing("aarch64-unknown-none", (1, 95), OLD);
        assert!(
            told.contains("rustup target add aarch64-unknown-none"),
            "{told}"
        );
        assert!(
            told.contains("1.75, is too old") && told.contains("1.95 or newer"),
            "{told}"
        );
    }

    #[test]
    fn releases_are_read() {
        assert_eq!(
            version("rustc 1.95.0 (59807616e 2026-04-14)"),
            Some((1, 95))
        );
        assert_eq!(version("1.96.0+dfsg1-1~deb12u2"), Some((1, 96)));
        assert_eq!(version("1.95"), Some((1, 95)));
        assert_eq!(version("rustc"), None);
    }

    /// A `rustc` in the form of a script, in a folder that stands for the system's.
    #[cfg(unix)]
    #[test]
    fn the_system_needs_cargo_and_sources_of_its_own() {
        use std::fs;
        use std::os::unix::fs::PermissionsExt;
        let root = std::env::temp_dir().join(format!("xtask-toolchain-{}", std::process::id()));
        let (bin, library) = (root.join("bin"), root.join("lib/rustlib/src/rust/library"));
        fs::create_dir_all(&bin).expect("a folder");
        let rustc = |sysroot: &Path| {
            let script = format!(
                "#!/bin/sh\ncase $1 in --print) echo {};; *) echo rustc 1.97.1;; esac\n",
                sysroot.display()
            );
            let path = bin.join("rustc");
            fs::write(&path, script).expect("a script");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
        };
        assert_eq!(system(&bin), None, "no compiler");
        rustc(&root);
        assert_eq!(system(&bin), None, "no sources");
        fs::create_dir_all(&library).expect("a folder");
        fs::write(library.join("Cargo.lock"), "").expect("a file");
        assert_eq!(system(&bin), None, "no cargo");
        fs::write(bin.join("cargo"), "").expect("a file");
        assert_eq!(system(&bin), Some((1, 97)));
        rustc(Path::new("/elsewhere"));
        assert_eq!(system(&bin), None, "rustup's");
        fs::remove_dir_all(root).expect("it is ours");
    }
}
