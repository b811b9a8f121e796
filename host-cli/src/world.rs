//! The guest's view of this system: arguments, environment, streams, sockets, and files (see [`mounts`]).

use std::borrow::Cow;
use std::env;
use std::ffi::OsStr;

use anyhow::{Context, Result};
use interp::Module;
use wasi_shim::std_host::{self, StdListener, StdRandom, Waker};
use wasi_shim::trace::Tracer;
use wasi_shim::types::FileId;
use wasi_shim::{Wasi, WasiBuilder};

use crate::args::{RunArgs, Variable};
use crate::{exit, go, mounts};

/// The world of a guest, and the means to end its waits.
pub(crate) struct World {
    /// The state of the WASI calls.
    pub(crate) wasi: Wasi,
    /// Ends a wait.
    pub(crate) waker: Waker,
}

impl World {
    /// Builds the world that the options grant to a program. The program cannot write to its own file, which is mapped.
    ///
    /// # Errors
    /// Fails if a directory cannot be opened, if an address cannot be listened on, or if a path is not UTF-8, as WASI
    /// requires.
    pub(crate) fn build(options: &RunArgs, module: &Module, file: Option<FileId>) -> Result<Self> {
        Self::with(options, module, file, |_| {})
    }

    /// Does the same. `change` can replace what the world has, such as the streams.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub(crate) fn with(
        options: &RunArgs,
        module: &Module,
        file: Option<FileId>,
        change: impl FnOnce(&mut WasiBuilder),
    ) -> Result<Self> {
        let (mut builder, waker) = std_host::builder();
        builder.set_pwd(go::built(module));
        builder.end_on_broken_pipe();
        builder.devices(Box::new(StdRandom));
        if let Some(file) = file {
            builder.in_use(file);
        }
        builder.arg(&program_name(options)?);
        for (index, arg) in options.guest_args().iter().enumerate() {
            builder
                .arg(bytes(arg).with_context(|| format!("argument {} of the guest", index + 1))?);
        }
        set_environment(&mut builder, options)?;
        mounts::give(&mut builder, options)?;
        for address in options.listen() {
            listen(&mut builder, address)?;
        }
        change(&mut builder);
        let mut wasi = builder.build()?;
        if let Some(trace) = &options.trace_wasi {
            let tell = Box::new(|line: &str| exit::tell(line));
            wasi.set_tracer(Tracer::new(trace.format, &trace.families, tell));
        }
        Ok(Self { wasi, waker })
    }
}

/// The guest's argument 0: the module's file name. The folder is not revealed.
fn program_name(options: &RunArgs) -> Result<Vec<u8>> {
    let path = options.module();
    let name = match &options.argv0 {
        Some(name) => name,
        None => path.file_name().unwrap_or(path.as_os_str()),
    };
    Ok(bytes(name).context("argument 0 of the guest")?.to_vec())
}

/// Sets the variables in the order of their options. If a name occurs twice, the later value applies.
fn set_environment(builder: &mut WasiBuilder, options: &RunArgs) -> Result<()> {
    if options.inherits_env() {
        for (name, value) in env::vars_os() {
            // The guest's directory follows from its mounts, unless `--env PWD` sets it.
            if name != "PWD" && name != "OLDPWD" {
                set(builder, &name, &value)?;
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
        set(builder, name, &value)?;
    }
    Ok(())
}

fn set(builder: &mut WasiBuilder, name: &OsStr, value: &OsStr) -> Result<()> {
    let about = || format!("the variable {}", name.display());
    builder.env(
        bytes(name).with_context(about)?,
        bytes(value).with_context(about)?,
    );
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

/// Converts text to a WASI string. On Unix, both are bytes.
#[cfg(unix)]
fn bytes(text: &OsStr) -> Result<&[u8]> {
    use std::os::unix::ffi::OsStrExt;
    Ok(text.as_bytes())
}

/// Converts text to a WASI string. On systems whose strings are not bytes, programs expect UTF-8.
#[cfg(not(unix))]
fn bytes(text: &OsStr) -> Result<&[u8]> {
    let text = text
        .to_str()
        .with_context(|| format!("{text:?} is not Unicode"))?;
    Ok(text.as_bytes())
}
