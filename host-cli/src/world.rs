//! What the guest sees of this system: arguments, environment, streams, sockets, and through [`mounts`] files.

use std::borrow::Cow;
use std::env;
use std::ffi::OsStr;

use anyhow::{Context, Result, anyhow};
use wasi_shim::std_host::{self, StdListener, Waker};
use wasi_shim::trace::Tracer;
use wasi_shim::{Wasi, WasiBuilder};

use crate::args::{RunArgs, Variable};
use crate::{exit, mounts};

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
        builder.end_on_broken_pipe();
        builder.arg(&program_name(options)?);
        for (index, arg) in options.guest_args().iter().enumerate() {
            builder.arg(text(arg).with_context(|| format!("argument {} of the guest", index + 1))?);
        }
        set_environment(&mut builder, options)?;
        mounts::give(&mut builder, options)?;
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

/// As a string of WASI.
fn text(bytes: &OsStr) -> Result<&str> {
    bytes
        .to_str()
        .ok_or_else(|| anyhow!("{bytes:?} is not UTF-8, as WASI wants its strings to be"))
}
