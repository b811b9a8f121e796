//! `WasiBuilder`: assembles the environment of a guest: arguments, variables, streams, directories, sockets, and the host.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::directories::Directories;
use crate::devices::Devices;
#[cfg(feature = "freeze")]
use crate::fd::Origin;
use crate::fd::{Descriptor, Descriptors, Object};
use crate::fs::FileSystem;
use crate::host::{Absent, Clock, Poller, Random};
use crate::mounts::{FsId, Mounts, Place};
use crate::outside::Outside;
use crate::preopen::{self, Grant};
use crate::stream::{Listener, Null, Stream};
use crate::types::{FdFlags, FileId};
use crate::wasi::Wasi;

pub use super::build_error::BuildError;

/// Builds a [`Wasi`].
pub struct WasiBuilder {
    args: Vec<Vec<u8>>,
    env: Vec<Vec<u8>>,
    stdio: [Box<dyn Stream>; 3],
    mounts: Mounts,
    grants: Vec<(Grant, Place)>,
    listeners: Vec<Box<dyn Listener>>,
    cwd: Option<String>,
    sets_pwd: bool,
    fd_limit: usize,
    broken_pipe_ends: bool,
    in_use: Vec<FileId>,
    devices: Option<Devices>,
    clock: Box<dyn Clock>,
    random: Box<dyn Random>,
    poller: Box<dyn Poller>,
    /// The resources of this system, until the guest is built.
    #[cfg(feature = "std")]
    pub(crate) system: crate::std_host::System,
}

impl Default for WasiBuilder {
    fn default() -> WasiBuilder {
        WasiBuilder::new()
    }
}

impl WasiBuilder {
    /// Begins a guest without arguments, variables and directories. Its standard streams are empty.
    ///
    /// With the feature `std`, it has the clocks and the random numbers of this system, and waits with the system's `poll`.
    /// Without that feature it has none of them: calls that need one fail with `ENOTSUP` until [`clock`](Self::clock),
    /// [`random`](Self::random) and [`poller`](Self::poller) set them.
    pub fn new() -> WasiBuilder {
        WasiBuilder::on_this_build()
    }

    #[cfg(not(feature = "std"))]
    fn on_this_build() -> WasiBuilder {
        WasiBuilder::on_nothing()
    }

    fn on_nothing() -> WasiBuilder {
        WasiBuilder::with_host(Box::new(Absent), Box::new(Absent), Box::new(Absent))
    }

    /// Does the same with these clocks, random numbers and poller.
    pub fn with_host(
        clock: Box<dyn Clock>,
        random: Box<dyn Random>,
        poller: Box<dyn Poller>,
    ) -> WasiBuilder {
        WasiBuilder {
            args: Vec::new(),
            env: Vec::new(),
            stdio: [Box::new(Null), Box::new(Null), Box::new(Null)],
            mounts: Mounts::default(),
            grants: Vec::new(),
            listeners: Vec::new(),
            cwd: None,
            sets_pwd: true,
            fd_limit: Descriptors::DEFAULT_LIMIT,
            broken_pipe_ends: false,
            in_use: Vec::new(),
            devices: None,
            clock,
            random,
            poller,
            #[cfg(feature = "std")]
            system: crate::std_host::System::default(),
        }
    }

    /// Replaces the clocks.
    pub fn clock(&mut self, clock: impl Clock + 'static) -> &mut WasiBuilder {
        self.clock = Box::new(clock);
        self
    }

    /// Replaces the source of random numbers.
    pub fn random(&mut self, random: impl Random + 'static) -> &mut WasiBuilder {
        self.random = Box::new(random);
        self
    }

    /// Replaces the poller. A `std_host::Waker` of this builder then has no effect.
    pub fn poller(&mut self, poller: impl Poller + 'static) -> &mut WasiBuilder {
        self.poller = Box::new(poller);
        self
    }

    /// Appends an argument: any bytes but NUL. The first one is the program's name.
    pub fn arg(&mut self, arg: impl AsRef<[u8]>) -> &mut WasiBuilder {
        self.args.push(arg.as_ref().to_vec());
        self
    }

    /// Appends several arguments.
    pub fn args(&mut self, args: impl IntoIterator<Item: AsRef<[u8]>>) -> &mut WasiBuilder {
        for arg in args {
            self.arg(arg);
        }
        self
    }

    /// Sets several environment variables.
    pub fn envs(
        &mut self,
        variables: impl IntoIterator<Item = (impl AsRef<[u8]>, impl AsRef<[u8]>)>,
    ) -> &mut WasiBuilder {
        for (name, value) in variables {
            self.env(name, value);
        }
        self
    }

    /// Sets an environment variable to any bytes but NUL; a later value replaces an earlier one.
    pub fn env(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> &mut WasiBuilder {
        let mut entry = name.as_ref().to_vec();
        entry.push(b'=');
        self.env.retain(|other| !other.starts_with(&entry));
        entry.extend_from_slice(value.as_ref());
        self.env.push(entry);
        self
    }

    /// Connects descriptor 0.
    pub fn stdin(&mut self, stream: Box<dyn Stream>) -> &mut WasiBuilder {
        self.stdio[0] = stream;
        self
    }

    /// Connects descriptor 1.
    pub fn stdout(&mut self, stream: Box<dyn Stream>) -> &mut WasiBuilder {
        self.stdio[1] = stream;
        self
    }

    /// Connects descriptor 2.
    pub fn stderr(&mut self, stream: Box<dyn Stream>) -> &mut WasiBuilder {
        self.stdio[2] = stream;
        self
    }

    /// Adds a file system. Its directories can then be granted.
    pub fn file_system(&mut self, fs: Box<dyn FileSystem>) -> FsId {
        self.mounts.add(fs)
    }

    /// Grants a directory. The caller's reference to it is passed to the guest.
    pub fn dir(&mut self, grant: Grant, place: Place) -> &mut WasiBuilder {
        self.grants.push((grant, place));
        self
    }

    /// Adds a listening socket. Sockets have the descriptors after those of the granted directories, and before those of
    /// the directories' further names. The first one is 3 if no directory was granted. They are non-blocking from the
    /// start, because Go relies on that.
    pub fn listener(&mut self, listener: Box<dyn Listener>) -> &mut WasiBuilder {
        self.listeners.push(listener);
        self
    }

    /// Sets the host's current directory, absolute and without links. It determines the guest's directory: see [`preopen`].
    pub fn cwd(&mut self, path: &str) -> &mut WasiBuilder {
        self.cwd = Some(path.to_string());
        self
    }

    /// Sets whether a guest with directories gets the variable `PWD` if the caller has set none (the default is yes). Go
    /// programs find their directory in it ([`preopen::reads_pwd`] recognises them). No other program needs it, and
    /// programs with a wasi-libc of December 2019 do not start if any variable is set.
    pub fn set_pwd(&mut self, yes: bool) -> &mut WasiBuilder {
        self.sets_pwd = yes;
        self
    }

    /// Limits the number of descriptors that the guest can have open.
    pub fn fd_limit(&mut self, limit: usize) -> &mut WasiBuilder {
        self.fd_limit = limit;
        self
    }

    /// Ends the guest when it writes to descriptor 1 or 2 and the reader has closed it, as `SIGPIPE` ends a native program.
    /// Otherwise the write fails with `EPIPE`, which many programs ignore.
    pub fn end_on_broken_pipe(&mut self) -> &mut WasiBuilder {
        self.broken_pipe_ends = true;
        self
    }

    /// Protects a file that the host has mapped, such as the guest's module. If a mapped file is truncated, a process that
    /// reads it ends. An open for writing and a truncation fail with `ETXTBSY`, under any name of the file, as they do
    /// natively for a running program. The file can be renamed, replaced and removed. `std_host::file_id` returns its
    /// identity.
    pub fn in_use(&mut self, file: FileId) -> &mut WasiBuilder {
        self.in_use.push(file);
        self
    }

    /// Adds `/dev/null`, `/dev/zero`, `/dev/full`, `/dev/random` and `/dev/urandom`, unless a directory is granted as
    /// `/dev` or as `/`. They reveal nothing of the host, and take no descriptor. `random` is the source of the last two.
    pub fn devices(&mut self, random: Box<dyn Random>) -> &mut WasiBuilder {
        self.devices = Some(Devices::new(random));
        self
    }

    /// Builds the guest. Afterwards the builder is empty, without clock, random numbers and poller. Errors: see
    /// [`BuildError`].
    pub fn build(&mut self) -> Result<Wasi, BuildError> {
        #[cfg(feature = "std")]
        self.give_preopened();
        core::mem::replace(self, WasiBuilder::on_nothing()).finish()
    }

    fn finish(self) -> Result<Wasi, BuildError> {
        let grants = self.checked()?;
        let pwd = self
            .env
            .iter()
            .find_map(|entry| entry.strip_prefix(b"PWD="));
        // No directory has a name that is not UTF-8. Such a PWD is treated like an empty one.
        let pwd = pwd.map(|bytes| core::str::from_utf8(bytes).unwrap_or_default());
        let plan = preopen::plan(&grants, self.cwd.as_deref(), pwd);
        let mut env = self.env;
        let pwd = plan.pwd.filter(|_| self.sets_pwd);
        env.extend(pwd.map(|pwd| format!("PWD={pwd}").into_bytes()));
        let outside = Outside::new(grants.iter().map(|grant| grant.guest.as_str()));
        let places = self.grants.iter().map(|(_, place)| *place).collect();
        let mut wasi = Wasi {
            args: self.args,
            env,
            mounts: self.mounts,
            fds: Descriptors::new(self.fd_limit),
            clock: self.clock,
            random: self.random,
            poller: self.poller,
            outside,
            in_use: self.in_use,
            devices: None,
            broken_pipe_ends: self.broken_pipe_ends,
            ended: None,
            monotonic_shift: 0,
            given_up: None,
            suspending: Arc::default(),
            #[cfg(feature = "replay")]
            recorder: None,
            tracer: None,
        };
        let access = [(true, false), (false, true), (false, true)];
        for (number, stream) in self.stdio.into_iter().enumerate() {
            let place = None;
            let object = Object::Stream { stream, place };
            #[allow(unused_mut, reason = "only what is recorded needs its number")]
            let mut descriptor = Descriptor::new(object, access[number], FdFlags::default());
            #[cfg(feature = "replay")]
            {
                use crate::replay::Standard;
                descriptor.standard = [None, Some(Standard::Out), Some(Standard::Err)][number];
            }
            wasi.give(descriptor, "stdio")?;
        }
        let mut directories = Directories {
            wasi: &mut wasi,
            places,
        };
        directories.nest(&grants);
        let root = directories.invent_root(&grants, &plan.names, self.devices);
        let mut own = plan.names;
        let others = own.split_off(plan.own);
        directories.open_all(own, false, root)?;
        for listener in self.listeners {
            let listener =
                Descriptor::new(Object::Listener(listener), (true, true), FdFlags::NONBLOCK);
            directories.wasi.give(listener, "listener")?;
        }
        directories.open_all(others, plan.wants_top_level, root)?;
        #[cfg(feature = "freeze")]
        for (fd, descriptor) in wasi.fds.all() {
            descriptor.origin = Origin::Initial(fd);
        }
        Ok(wasi)
    }

    /// Checks all settings and returns the grants.
    fn checked(&self) -> Result<Vec<Grant>, BuildError> {
        let no_name = |entry: &&Vec<u8>| entry.starts_with(b"=");
        let mut all = self.args.iter().chain(&self.env);
        let bad = all.find(|text| text.contains(&0));
        if let Some(text) = bad.or_else(|| self.env.iter().find(no_name)) {
            let text = String::from_utf8_lossy(text);
            return Err(BuildError::BadString(text.into_owned()));
        }
        let grants: Vec<Grant> = self.grants.iter().map(|(grant, _)| grant.clone()).collect();
        for (index, (grant, place)) in self.grants.iter().enumerate() {
            let same = |(other, _): &&(Grant, Place)| {
                preopen::components(&other.guest) == preopen::components(&grant.guest)
            };
            if let Some((other, elsewhere)) = self.grants[..index].iter().find(same)
                && (other.host != grant.host || (grant.host.is_none() && place != elsewhere))
            {
                return Err(BuildError::SameName(grant.guest.clone()));
            }
        }
        Ok(grants)
    }
}
