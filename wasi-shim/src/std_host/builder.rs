//! The methods of [`WasiBuilder`] for this process and this system: clocks, streams, arguments, variables, directories.

use std::ffi::OsStr;
use std::path::Path;

use alloc::boxed::Box;

use super::{Directories, StdClock, StdPoller, StdRandom, Waker, real_path, system};
use crate::builder::WasiBuilder;

/// The resources of this system, until the guest is built.
#[derive(Default)]
pub(crate) struct System {
    waker: Option<Waker>,
    /// The granted directories, if there are any.
    directories: Option<Directories>,
}

/// A builder on this system, and the waker of its guest.
pub(crate) fn begin() -> (WasiBuilder, Waker) {
    let (poller, waker) = StdPoller::new();
    let (clock, random) = (Box::new(StdClock), Box::new(StdRandom));
    let mut builder = WasiBuilder::with_host(clock, random, Box::new(poller));
    builder.system.waker = Some(waker.clone());
    (builder, waker)
}

impl WasiBuilder {
    pub(crate) fn on_this_build() -> WasiBuilder {
        begin().0
    }

    /// Returns the waker, which ends the guest's waits from any thread. Returns `None` if the builder began [with a
    /// host](Self::with_host) of its own, or after the guest was built.
    pub fn waker(&self) -> Option<Waker> {
        self.system.waker.clone()
    }

    /// Connects descriptors 0, 1 and 2 to this process's standard streams.
    pub fn inherit_stdio(&mut self) -> &mut WasiBuilder {
        let [stdin, stdout, stderr] = system::standard_streams(&self.any_waker());
        self.stdin(stdin).stdout(stdout).stderr(stderr)
    }

    /// Connects descriptor 0 to this process's standard input.
    pub fn inherit_stdin(&mut self) -> &mut WasiBuilder {
        let [stdin, _, _] = system::standard_streams(&self.any_waker());
        self.stdin(stdin)
    }

    /// Connects descriptor 1 to this process's standard output.
    pub fn inherit_stdout(&mut self) -> &mut WasiBuilder {
        let [_, stdout, _] = system::standard_streams(&self.any_waker());
        self.stdout(stdout)
    }

    /// Connects descriptor 2 to this process's standard error.
    pub fn inherit_stderr(&mut self) -> &mut WasiBuilder {
        let [_, _, stderr] = system::standard_streams(&self.any_waker());
        self.stderr(stderr)
    }

    /// Appends this process's arguments, its name first.
    pub fn inherit_args(&mut self) -> &mut WasiBuilder {
        self.args(std::env::args_os().map(|arg| bytes(&arg).to_vec()))
    }

    /// Sets all environment variables of this process except `PWD` and `OLDPWD`, which describe the directory of the
    /// process and not that of the guest.
    pub fn inherit_env(&mut self) -> &mut WasiBuilder {
        for (name, value) in std::env::vars_os() {
            if name != "PWD" && name != "OLDPWD" {
                self.env(bytes(&name), bytes(&value));
            }
        }
        self
    }

    /// Sets the current directory to that of this process ([`cwd`](Self::cwd)), if its path is UTF-8.
    pub fn inherit_cwd(&mut self) -> &mut WasiBuilder {
        let here = std::env::current_dir().and_then(|path| real_path(&path));
        if let Ok(here) = here {
            self.cwd(&here);
        }
        self
    }

    /// Grants a directory of this system under the name `guest`, such as `/data` or `.`.
    ///
    /// Directories of this method and of [`preopened_dir_read_only`](Self::preopened_dir_read_only) follow those of
    /// [`dir`](Self::dir). A file can be renamed from one writable directory to another if the system allows it.
    ///
    /// Errors: it is no directory, or cannot be opened.
    pub fn preopened_dir(
        &mut self,
        host: impl AsRef<Path>,
        guest: &str,
    ) -> std::io::Result<&mut WasiBuilder> {
        self.preopen(host.as_ref(), guest, false)
    }

    /// Does the same read-only.
    ///
    /// Errors: it is no directory, or cannot be opened.
    pub fn preopened_dir_read_only(
        &mut self,
        host: impl AsRef<Path>,
        guest: &str,
    ) -> std::io::Result<&mut WasiBuilder> {
        self.preopen(host.as_ref(), guest, true)
    }

    fn preopen(
        &mut self,
        host: &Path,
        guest: &str,
        read_only: bool,
    ) -> std::io::Result<&mut WasiBuilder> {
        let directories = self.system.directories.get_or_insert_default();
        directories.add(host, Some(guest), read_only)?;
        Ok(self)
    }

    /// Passes the directories named so far to the guest.
    pub(crate) fn give_preopened(&mut self) {
        if let Some(directories) = self.system.directories.take() {
            directories.give(self);
        }
    }

    /// The guest's waker, or one without an effect.
    fn any_waker(&self) -> Waker {
        self.waker().unwrap_or_else(|| StdPoller::new().1)
    }
}

/// Converts text to a WASI string. On Unix both are bytes. On other systems it is UTF-8 if the text is Unicode.
fn bytes(text: &OsStr) -> &[u8] {
    text.as_encoded_bytes()
}
