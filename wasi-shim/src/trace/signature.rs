//! The signatures of the calls, for traces.

/// A group of calls that can be traced separately.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// Arguments and environment.
    Args,
    /// Clocks.
    Clock,
    /// Descriptors and paths.
    Fs,
    /// `poll_oneoff` and `sched_yield`.
    Poll,
    /// The end of the guest, and signals.
    Proc,
    /// Random bytes.
    Random,
    /// Sockets.
    Sock,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 7] = [
        Family::Args,
        Family::Clock,
        Family::Fs,
        Family::Poll,
        Family::Proc,
        Family::Random,
        Family::Sock,
    ];

    /// The name that a user writes.
    pub fn name(self) -> &'static str {
        match self {
            Family::Args => "args",
            Family::Clock => "clock",
            Family::Fs => "fs",
            Family::Poll => "poll",
            Family::Proc => "proc",
            Family::Random => "random",
            Family::Sock => "sock",
        }
    }

    /// The family of a name that a user wrote.
    pub fn from_name(name: &str) -> Option<Family> {
        Family::ALL.into_iter().find(|family| family.name() == name)
    }
}

/// The kind of one argument, or of a pair of arguments. The first kinds are inputs, and the last are outputs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A descriptor.
    Fd,
    /// A number.
    Number,
    /// A signed number.
    Signed,
    /// A clock.
    Clock,
    /// The origin of an offset.
    Whence,
    /// Flags, by the names of their bits.
    LookupFlags,
    OFlags,
    FdFlags,
    FstFlags,
    RiFlags,
    SdFlags,
    Rights,
    /// Address and length of a text.
    Text,
    /// Address and length of a buffer that is filled. Its length is shown.
    Space,
    /// Address and count of buffers that are filled. Their lengths are shown.
    Reading,
    /// Address and count of buffers that are written. The start of their contents is shown.
    Writing,
    /// Addresses of subscriptions and events, and their count.
    Subscriptions,
    /// An address where a number of 32 or 64 bits is stored.
    Out32,
    Out64,
    /// An address where a record is stored.
    OutStat,
    OutFdStat,
    OutPrestat,
    /// An address where a value is stored that is not shown.
    OutHidden,
}

impl Kind {
    /// The number of arguments that it consists of.
    pub(super) fn width(self) -> usize {
        match self {
            Kind::Text | Kind::Space | Kind::Reading | Kind::Writing => 2,
            Kind::Subscriptions => 3,
            _ => 1,
        }
    }
}

/// A call, its family, and its arguments in order.
pub(super) struct Signature {
    pub(super) name: &'static str,
    pub(super) family: Family,
    pub(super) params: &'static [(&'static str, Kind)],
}

/// Returns the signature of a call.
pub(super) fn find(name: &str) -> Option<&'static Signature> {
    SIGNATURES
        .binary_search_by(|signature| signature.name.cmp(name))
        .ok()
        .map(|at| &SIGNATURES[at])
}

const fn row(
    name: &'static str,
    family: Family,
    params: &'static [(&'static str, Kind)],
) -> Signature {
    Signature {
        name,
        family,
        params,
    }
}

use Family as F;
use Kind as K;

/// All calls, by name.
pub(super) static SIGNATURES: [Signature; 46] = [
    row(
        "args_get",
        F::Args,
        &[("argv", K::OutHidden), ("argv_buf", K::OutHidden)],
    ),
    row(
        "args_sizes_get",
        F::Args,
        &[("argc", K::Out32), ("argv_buf_size", K::Out32)],
    ),
    row(
        "clock_res_get",
        F::Clock,
        &[("id", K::Clock), ("resolution", K::Out64)],
    ),
    row(
        "clock_time_get",
        F::Clock,
        &[
            ("id", K::Clock),
            ("precision", K::Number),
            ("time", K::Out64),
        ],
    ),
    row(
        "environ_get",
        F::Args,
        &[("environ", K::OutHidden), ("environ_buf", K::OutHidden)],
    ),
    row(
        "environ_sizes_get",
        F::Args,
        &[("environc", K::Out32), ("environ_buf_size", K::Out32)],
    ),
    row(
        "fd_advise",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("offset", K::Number),
            ("len", K::Number),
            ("advice", K::Number),
        ],
    ),
    row(
        "fd_allocate",
        F::Fs,
        &[("fd", K::Fd), ("offset", K::Number), ("len", K::Number)],
    ),
    row("fd_close", F::Fs, &[("fd", K::Fd)]),
    row("fd_datasync", F::Fs, &[("fd", K::Fd)]),
    row(
        "fd_fdstat_get",
        F::Fs,
        &[("fd", K::Fd), ("stat", K::OutFdStat)],
    ),
    row(
        "fd_fdstat_set_flags",
        F::Fs,
        &[("fd", K::Fd), ("flags", K::FdFlags)],
    ),
    row(
        "fd_fdstat_set_rights",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("base", K::Rights),
            ("inheriting", K::Rights),
        ],
    ),
    row(
        "fd_filestat_get",
        F::Fs,
        &[("fd", K::Fd), ("stat", K::OutStat)],
    ),
    row(
        "fd_filestat_set_size",
        F::Fs,
        &[("fd", K::Fd), ("size", K::Number)],
    ),
    row(
        "fd_filestat_set_times",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("atim", K::Signed),
            ("mtim", K::Signed),
            ("flags", K::FstFlags),
        ],
    ),
    row(
        "fd_pread",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("iovs", K::Reading),
            ("offset", K::Number),
            ("nread", K::Out32),
        ],
    ),
    row(
        "fd_prestat_dir_name",
        F::Fs,
        &[("fd", K::Fd), ("path", K::Space)],
    ),
    row(
        "fd_prestat_get",
        F::Fs,
        &[("fd", K::Fd), ("prestat", K::OutPrestat)],
    ),
    row(
        "fd_pwrite",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("iovs", K::Writing),
            ("offset", K::Number),
            ("nwritten", K::Out32),
        ],
    ),
    row(
        "fd_read",
        F::Fs,
        &[("fd", K::Fd), ("iovs", K::Reading), ("nread", K::Out32)],
    ),
    row(
        "fd_readdir",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("buf", K::Space),
            ("cookie", K::Number),
            ("used", K::Out32),
        ],
    ),
    row("fd_renumber", F::Fs, &[("fd", K::Fd), ("to", K::Fd)]),
    row(
        "fd_seek",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("offset", K::Signed),
            ("whence", K::Whence),
            ("moved", K::Out64),
        ],
    ),
    row("fd_sync", F::Fs, &[("fd", K::Fd)]),
    row("fd_tell", F::Fs, &[("fd", K::Fd), ("offset", K::Out64)]),
    row(
        "fd_write",
        F::Fs,
        &[("fd", K::Fd), ("iovs", K::Writing), ("nwritten", K::Out32)],
    ),
    row(
        "path_create_directory",
        F::Fs,
        &[("fd", K::Fd), ("path", K::Text)],
    ),
    row(
        "path_filestat_get",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("flags", K::LookupFlags),
            ("path", K::Text),
            ("stat", K::OutStat),
        ],
    ),
    row(
        "path_filestat_set_times",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("flags", K::LookupFlags),
            ("path", K::Text),
            ("atim", K::Signed),
            ("mtim", K::Signed),
            ("fst_flags", K::FstFlags),
        ],
    ),
    row(
        "path_link",
        F::Fs,
        &[
            ("old_fd", K::Fd),
            ("old_flags", K::LookupFlags),
            ("old_path", K::Text),
            ("new_fd", K::Fd),
            ("new_path", K::Text),
        ],
    ),
    row(
        "path_open",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("dirflags", K::LookupFlags),
            ("path", K::Text),
            ("oflags", K::OFlags),
            ("base", K::Rights),
            ("inheriting", K::Rights),
            ("fdflags", K::FdFlags),
            ("opened_fd", K::Out32),
        ],
    ),
    row(
        "path_readlink",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("path", K::Text),
            ("buf", K::Space),
            ("used", K::Out32),
        ],
    ),
    row(
        "path_remove_directory",
        F::Fs,
        &[("fd", K::Fd), ("path", K::Text)],
    ),
    row(
        "path_rename",
        F::Fs,
        &[
            ("fd", K::Fd),
            ("old_path", K::Text),
            ("new_fd", K::Fd),
            ("new_path", K::Text),
        ],
    ),
    row(
        "path_symlink",
        F::Fs,
        &[("old_path", K::Text), ("fd", K::Fd), ("new_path", K::Text)],
    ),
    row(
        "path_unlink_file",
        F::Fs,
        &[("fd", K::Fd), ("path", K::Text)],
    ),
    row(
        "poll_oneoff",
        F::Poll,
        &[("subscriptions", K::Subscriptions), ("nevents", K::Out32)],
    ),
    row("proc_exit", F::Proc, &[("rval", K::Number)]),
    row("proc_raise", F::Proc, &[("sig", K::Number)]),
    row("random_get", F::Random, &[("buf", K::Space)]),
    row("sched_yield", F::Poll, &[]),
    row(
        "sock_accept",
        F::Sock,
        &[("fd", K::Fd), ("flags", K::FdFlags), ("new_fd", K::Out32)],
    ),
    row(
        "sock_recv",
        F::Sock,
        &[
            ("fd", K::Fd),
            ("ri_data", K::Reading),
            ("ri_flags", K::RiFlags),
            ("ro_datalen", K::Out32),
            ("ro_flags", K::OutHidden),
        ],
    ),
    row(
        "sock_send",
        F::Sock,
        &[
            ("fd", K::Fd),
            ("si_data", K::Writing),
            ("si_flags", K::Number),
            ("so_datalen", K::Out32),
        ],
    ),
    row(
        "sock_shutdown",
        F::Sock,
        &[("fd", K::Fd), ("how", K::SdFlags)],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_found() {
        for signature in &SIGNATURES {
            assert_eq!(
                find(signature.name).map(|found| found.name),
                Some(signature.name),
                "the table is sorted"
            );
        }
        assert!(find("fd_dup").is_none());
        for family in Family::ALL {
            assert_eq!(Family::from_name(family.name()), Some(family));
        }
    }
}
