//! What the guest sees of this system: arguments, environment, streams, sockets, and through [`mounts`] files.

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

/// A guest's world, and the means to wake it when it waits for something there.
pub(crate) struct World {
    /// What the calls of WASI work on.
    pub(crate) wasi: Wasi,
    /// Ends a wait.
    pub(crate) waker: Waker,
}

impl World {
    /// Puts together what the options grant to a program. The program's own file, which is mapped, cannot be written by it.
    ///
    /// # Errors
    /// A directory cannot be opened, or an address cannot be listened on; a path cannot be told to the guest, because names in WASI are UTF-8.
    pub(crate) fn build(options: &RunArgs, module: &Module, file: Option<FileId>) -> Result<Self> {
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
        let mut wasi = builder.build()?;
        if let Some(trace) = &options.trace_wasi {
            let tell = Box::new(|line: &str| exit::tell(line));
            wasi.set_tracer(Tracer::new(trace.format, &trace.families, tell));
        }
        Ok(Self { wasi, waker })
    }
}

/// The guest's argument 0: the module's file name, without its folder, which is the host's business.
fn program_name(options: &RunArgs) -> Result<Vec<u8>> {
    let path = options.module();
    let name = match &options.argv0 {
        Some(name) => name,
        None => path.file_name().unwrap_or(path.as_os_str()),
    };
    Ok(bytes(name).context("argument 0 of the guest")?.to_vec())
}

/// Variables in the order of their options; of two with one name the later counts.
fn set_environment(builder: &mut WasiBuilder, options: &RunArgs) -> Result<()> {
    if options.inherits_env() {
        for (name, value) in env::vars_os() {
            // Where the guest is follows from its directories, unless `--env PWD` says otherwise.
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

/// As a string of WASI. On Unix its strings and the system's are both bytes.
#[cfg(unix)]
fn bytes(text: &OsStr) -> Result<&[u8]> {
    use std::os::unix::ffi::OsStrExt;
    Ok(text.as_bytes())
}

/// As a string of WASI. Where the system's strings are no bytes, UTF-8 is what programs expect.
#[cfg(not(unix))]
fn bytes(text: &OsStr) -> Result<&[u8]> {
    let text = text
        .to_str()
        .with_context(|| format!("{text:?} is not Unicode"))?;
    Ok(text.as_bytes())
}
