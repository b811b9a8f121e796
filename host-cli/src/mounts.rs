//! The files of a guest: directories of this system, FAT images, trees in memory.

use std::env;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow, bail};
use wasi_shim::fat::{FatFs, FileDisk};
use wasi_shim::mounts::Place;
use wasi_shim::std_host::{Directories, guest_path};
use wasi_shim::wall_clock::WallClock;
use wasi_shim::{FileSystem, Grant, Node, RamFs, WasiBuilder};

use crate::args::RunArgs;
use crate::args::mount::Mount;

/// Mounts everything that the options grant: first the directories of this system in their order, then all others in their
/// order.
///
/// # Errors
/// Fails if a directory, an image or an archive cannot be opened or has the wrong format, or if a directory cannot be
/// protected.
pub(crate) fn give(builder: &mut WasiBuilder, options: &RunArgs) -> Result<()> {
    let mut directories = Directories::default();
    for mount in &options.mounts {
        if let Mount::Directory {
            host,
            guest,
            read_only,
        } = mount
        {
            add(&mut directories, host, guest.as_deref(), *read_only)?;
        }
    }
    if let Some((inner, outer)) = directories.unprotected().next() {
        if inner == outer {
            bail!("{inner} is given to the guest by --dir and by --dir-ro: one of them is wrong");
        }
        bail!(
            "--dir-ro cannot protect {inner} from the guest: it lies in {outer}, which --dir lets it change"
        );
    }
    directories.give(builder);
    for mount in &options.mounts {
        match mount {
            Mount::Directory { .. } => {}
            Mount::Fat { image, guest } => {
                let fs = fat(image).with_context(|| format!("cannot mount {}", image.display()))?;
                let root = fs.root();
                add_system(builder, fs, root, guest);
            }
            Mount::Ram { archive, guest } => {
                let fs = ram(archive.as_deref(), options.ram_size)?;
                let root = fs.root();
                add_system(builder, fs, root, guest);
            }
        }
    }
    Ok(())
}

/// Adds a directory under its name. Without a name, adds it under its absolute path and under the path that the user typed.
fn add(
    directories: &mut Directories,
    host: &Path,
    guest: Option<&str>,
    read_only: bool,
) -> Result<()> {
    let about = |error: io::Error| {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "no such directory".to_owned(),
            io::ErrorKind::NotADirectory => "not a directory".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        anyhow!("cannot give the guest {}: {reason}", host.display())
    };
    directories.add(host, guest, read_only).map_err(about)?;
    if guest.is_none()
        && let Some(known) = name_by_user(host).map_err(about)?
    {
        log::info!("{} is {known} for the guest, too", host.display());
        directories
            .add(host, Some(&known), read_only)
            .map_err(about)?;
    }
    Ok(())
}

/// Mounts the root of a file system.
fn add_system(builder: &mut WasiBuilder, fs: impl FileSystem + 'static, root: Node, guest: &str) {
    let fs = builder.file_system(Box::new(fs));
    let guest = guest.to_owned();
    builder.dir(Grant { guest, host: None }, Place { fs, node: root });
}

/// Opens the volume of an image. If the image cannot be written, the volume is read-only.
fn fat(image: &Path) -> Result<FatFs> {
    let (disk, read_only) = match FileDisk::open(image, true) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            log::warn!(
                "{} may not be written: it is mounted read-only",
                image.display()
            );
            (FileDisk::open(image, false)?, true)
        }
        other => (other?, false),
    };
    let mut fs = FatFs::mount(Box::new(disk), wall_clock(), read_only)?;
    if let Err(errno) = fs.mend() {
        log::error!("{} cannot be mended: {errno}", image.display());
    }
    Ok(fs)
}

/// Creates a tree in memory with at most `limit` bytes, empty or from a tar archive.
fn ram(archive: Option<&Path>, limit: u64) -> Result<RamFs> {
    let Some(path) = archive else {
        return Ok(RamFs::new(limit, wall_clock()));
    };
    let about = || format!("cannot unpack {}", path.display());
    let bytes = std::fs::read(path).with_context(about)?;
    RamFs::from_tar(&bytes, limit, wall_clock()).with_context(about)
}

/// This system's clock, for file systems that set times themselves.
fn wall_clock() -> WallClock {
    Box::new(|| {
        let time = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
    })
}

/// Returns the absolute path of a directory as the user writes it, if it differs from the real path because of links.
fn name_by_user(host: &Path) -> io::Result<Option<String>> {
    let real = host.canonicalize()?;
    // Only a relative path needs the current directory, which may have been removed.
    let whole = if host.is_absolute() {
        host.to_owned()
    } else {
        logical_cwd()?.join(host)
    };
    let mut path = PathBuf::new();
    for component in whole.components() {
        match component {
            Component::ParentDir => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    // The text of a path with `..` after a link does not describe the real path.
    let same = path.canonicalize().is_ok_and(|path| path == real);
    let known = guest_path(&path).filter(|_| same);
    Ok(known.filter(|known| Some(known) != guest_path(&real).as_ref()))
}

/// The current directory as the shell names it: PWD, if it is right.
fn logical_cwd() -> io::Result<PathBuf> {
    let real = env::current_dir()?;
    let told = env::var_os("PWD")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let holds = |path: &PathBuf| path.canonicalize().ok() == real.canonicalize().ok();
    Ok(told.filter(holds).unwrap_or(real))
}
