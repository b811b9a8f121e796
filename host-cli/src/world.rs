//! What the guest sees of this system: arguments, environment, streams, directories.

use std::borrow::Cow;
use std::env;
use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use wasi_shim::mounts::Place;
use wasi_shim::std_host::{self, Directories, StdListener, Waker};
use wasi_shim::trace::Tracer;
use wasi_shim::{Grant, RamFs, Wasi, WasiBuilder};

use crate::args::mount::Mount;
use crate::args::{RunArgs, Variable};
use crate::exit;

/// A guest's world, and the means to wake it when it waits for something there.
pub(crate) struct World {
    /// What the calls of WASI work on.
    pub(crate) wasi: Wasi,
    /// Ends a wait.
    pub(crate) waker: Waker,
}

impl World {
    /// Puts together what the options grant.
    ///
    /// # Errors
    /// A directory cannot be opened; or an argument, a variable or a path cannot be told to the guest, because WASI's strings
    /// are UTF-8.
    pub(crate) fn build(options: &RunArgs) -> Result<Self> {
        let (mut builder, waker) = std_host::builder();
        builder.arg(&program_name(options)?);
        for (index, arg) in options.guest_args().iter().enumerate() {
            builder.arg(text(arg).with_context(|| format!("argument {} of the guest", index + 1))?);
        }
        set_environment(&mut builder, options)?;
        let mut directories = Directories::default();
        for mount in &options.mounts {
            match mount {
                Mount::Directory {
                    host,
                    guest,
                    read_only,
                } => add(&mut directories, host, guest.as_deref(), *read_only)?,
                Mount::Ram { archive, guest } => {
                    add_ram(&mut builder, archive.as_deref(), guest, options.ram_size)?
                }
            }
        }
        directories.give(&mut builder);
        for address in options.listen() {
            listen(&mut builder, address)?;
        }
        let mut wasi = builder.build()?;
        if let Some(trace) = &options.trace_wasi {
            let tell = Box::new(|line: &str| exit::tell(line));
            wasi.set_tracer(Tracer::new(trace.format, &trace.families, tell));
        }
        Ok(Self { wasi, waker })
    }
}

/// The guest's argument 0: the module's file name, without its folder, which is the host's business.
fn program_name(options: &RunArgs) -> Result<Cow<'_, str>> {
    match &options.argv0 {
        Some(name) => Ok(text(name).context("--argv0")?.into()),
        None => {
            let path = options.module();
            let name = path.file_name().unwrap_or(path.as_os_str());
            Ok(name.to_string_lossy().into_owned().into())
        }
    }
}

/// Variables in the order of their options; of two with one name the later counts.
fn set_environment(builder: &mut WasiBuilder, options: &RunArgs) -> Result<()> {
    if options.inherits_env() {
        for (name, value) in env::vars_os() {
            match (name.to_str(), value.to_str()) {
                // Where the guest is follows from its directories, unless `--env PWD` says otherwise.
                (Some("PWD" | "OLDPWD"), _) => {}
                (Some(name), Some(value)) => {
                    builder.env(name, value);
                }
                _ => log::warn!(
                    "the variable {} is not handed on: it is not UTF-8",
                    name.display()
                ),
            }
        }
    }
    for variable in &options.env {
        let (name, value) = match variable {
            Variable::Set(name, value) => (name, Cow::from(value)),
            Variable::Inherit(name) => match env::var_os(name) {
                Some(value) => (name, Cow::from(value)),
                None => {
                    log::info!(
                        "the variable {} is not set, so the guest does not get it",
                        name.display()
                    );
                    continue;
                }
            },
        };
        let about = || format!("the variable {}", name.display());
        builder.env(
            text(name).with_context(about)?,
            text(&value).with_context(about)?,
        );
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

/// Adds a tree in memory.
fn add_ram(
    builder: &mut WasiBuilder,
    archive: Option<&Path>,
    guest: &str,
    limit: u64,
) -> Result<()> {
    let clock = Box::new(|| {
        let time = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
    });
    let fs = match archive {
        None => RamFs::new(limit, clock),
        Some(path) => {
            let about = || format!("cannot fill {guest} from {}", path.display());
            let bytes = std::fs::read(path).with_context(about)?;
            RamFs::from_tar(&bytes, limit, clock).with_context(about)?
        }
    };
    let node = fs.root();
    let fs = builder.file_system(Box::new(fs));
    let guest = guest.to_owned();
    builder.dir(Grant { guest, host: None }, Place { fs, node });
    Ok(())
}

/// Opens a listening socket.
fn listen(builder: &mut WasiBuilder, address: &str) -> Result<()> {
    let listener =
        StdListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    if address.ends_with(":0") {
        exit::tell(format_args!(
            "wasi-interp: listening on {}",
            listener.local_addr()
        ));
    }
    builder.listener(Box::new(listener));
    Ok(())
}

/// The absolute path of a directory as the user writes it, if links make it differ from its real path.
fn name_by_user(host: &Path) -> io::Result<Option<String>> {
    let real = host.canonicalize()?;
    let mut path = PathBuf::new();
    for component in logical_cwd()?.join(host).components() {
        match component {
            Component::ParentDir => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    // `..` behind a link does not lead where the text says.
    let same = path != real && path.canonicalize().is_ok_and(|path| path == real);
    Ok(path.to_str().filter(|_| same).map(str::to_owned))
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

/// As a string of WASI.
fn text(bytes: &OsStr) -> Result<&str> {
    bytes
        .to_str()
        .ok_or_else(|| anyhow!("{bytes:?} is not UTF-8, as WASI wants its strings to be"))
}
