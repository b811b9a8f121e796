//! The files that a guest sees: directories of this system, FAT images, trees in memory.

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

/// Gives the guest what the options grant: this system's directories in their order, then all else in its order.
///
/// # Errors
/// A directory, an image or an archive cannot be opened, or is not what it should be; a directory cannot be protected.
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

/// Adds a directory under its name; without one, under its absolute path and under the one that the user knows it by.
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

/// Gives the guest the root of a file system.
fn add_system(builder: &mut WasiBuilder, fs: impl FileSystem + 'static, root: Node, guest: &str) {
    let fs = builder.file_system(Box::new(fs));
    let guest = guest.to_owned();
    builder.dir(Grant { guest, host: None }, Place { fs, node: root });
}

/// The volume in an image; one that may not be written is mounted read-only.
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

/// A tree in memory that holds at most `limit` bytes, empty or filled from a tar archive.
fn ram(archive: Option<&Path>, limit: u64) -> Result<RamFs> {
    let Some(path) = archive else {
        return Ok(RamFs::new(limit, wall_clock()));
    };
    let about = || format!("cannot unpack {}", path.display());
    let bytes = std::fs::read(path).with_context(about)?;
    RamFs::from_tar(&bytes, limit, wall_clock()).with_context(about)
}

/// This system's clock, for file systems that stamp their own files.
fn wall_clock() -> WallClock {
    Box::new(|| {
        let time = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
    })
}

/// The absolute path of a directory as the user writes it, if links make it differ from its real path.
fn name_by_user(host: &Path) -> io::Result<Option<String>> {
    let real = host.canonicalize()?;
    // Where this process is matters to a relative path only, and may be nowhere: its directory may have been removed.
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
    // `..` behind a link does not lead where the text says.
    let same = path.canonicalize().is_ok_and(|path| path == real);
    let known = guest_path(&path).filter(|_| same);
    Ok(known.filter(|known| Some(known) != guest_path(&real).as_ref()))
}

/// The current directory as the shell calls it: PWD, if that is true.
fn logical_cwd() -> io::Result<PathBuf> {
    let real = env::current_dir()?;
    let told = env::var_os("PWD")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let holds = |path: &PathBuf| path.canonicalize().ok() == real.canonicalize().ok();
    Ok(told.filter(holds).unwrap_or(real))
}
