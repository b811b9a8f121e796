//! The table of the 46 calls: name, family, and parameters in the order of the specification, by name.
//!
//! The host functions in `bind` and the signatures of the tracer are made from it. The methods of [`Wasi`](crate::Wasi) have the same names and
//! parameters, or `bind` does not compile.
//!
//! `memory` is first if the call accesses the guest's memory, and `ends` if it can end the guest. After `=` follows the
//! tracer's kind for a parameter, together with the following parameters without a `=`.

/// Passes all rows to a macro.
macro_rules! with_calls {
    ($take:ident) => {
        $take! {
            args_get: Args (memory, argv: u32 = OutHidden, argv_buf: u32 = OutHidden);
            args_sizes_get: Args (memory, argc: u32 = Out32, argv_buf_size: u32 = Out32);
            clock_res_get: Clock (memory, id: u32 = Clock, resolution: u32 = Out64);
            clock_time_get: Clock (memory, id: u32 = Clock, precision: u64 = Number, time: u32 = Out64);
            environ_get: Args (memory, environ: u32 = OutHidden, environ_buf: u32 = OutHidden);
            environ_sizes_get: Args (memory, environc: u32 = Out32, environ_buf_size: u32 = Out32);
            fd_advise: Fs (fd: u32 = Fd, offset: u64 = Number, len: u64 = Number, advice: u32 = Number);
            fd_allocate: Fs (fd: u32 = Fd, offset: u64 = Number, len: u64 = Number);
            fd_close: Fs (fd: u32 = Fd);
            fd_datasync: Fs (fd: u32 = Fd);
            fd_fdstat_get: Fs (memory, fd: u32 = Fd, stat: u32 = OutFdStat);
            fd_fdstat_set_flags: Fs (fd: u32 = Fd, flags: u32 = FdFlags);
            fd_fdstat_set_rights: Fs (fd: u32 = Fd, base: u64 = Rights, inheriting: u64 = Rights);
            fd_filestat_get: Fs (memory, fd: u32 = Fd, stat: u32 = OutStat);
            fd_filestat_set_size: Fs (fd: u32 = Fd, size: u64 = Number);
            fd_filestat_set_times: Fs (fd: u32 = Fd, atim: u64 = Signed, mtim: u64 = Signed, flags: u32 = FstFlags);
            fd_pread: Fs (memory, fd: u32 = Fd, iovs: u32 = Reading, iovs_len: u32, offset: u64 = Number, nread: u32 = Out32);
            fd_prestat_dir_name: Fs (memory, fd: u32 = Fd, path: u32 = Space, path_len: u32);
            fd_prestat_get: Fs (memory, fd: u32 = Fd, prestat: u32 = OutPrestat);
            fd_pwrite: Fs (memory, fd: u32 = Fd, iovs: u32 = Writing, iovs_len: u32, offset: u64 = Number, nwritten: u32 = Out32);
            fd_read: Fs (memory, fd: u32 = Fd, iovs: u32 = Reading, iovs_len: u32, nread: u32 = Out32);
            fd_readdir: Fs (memory, fd: u32 = Fd, buf: u32 = Space, buf_len: u32, cookie: u64 = Number, used: u32 = Out32);
            fd_renumber: Fs (fd: u32 = Fd, to: u32 = Fd);
            fd_seek: Fs (memory, fd: u32 = Fd, offset: i64 = Signed, whence: u32 = Whence, moved: u32 = Out64);
            fd_sync: Fs (fd: u32 = Fd);
            fd_tell: Fs (memory, fd: u32 = Fd, offset: u32 = Out64);
            fd_write: Fs (memory, fd: u32 = Fd, iovs: u32 = Writing, iovs_len: u32, nwritten: u32 = Out32);
            path_create_directory: Fs (memory, fd: u32 = Fd, path: u32 = Text, path_len: u32);
            path_filestat_get: Fs (memory, fd: u32 = Fd, flags: u32 = LookupFlags, path: u32 = Text, path_len: u32, stat: u32 = OutStat);
            path_filestat_set_times: Fs (
                memory, fd: u32 = Fd, flags: u32 = LookupFlags, path: u32 = Text, path_len: u32, atim: u64 = Signed, mtim: u64 = Signed,
                fst_flags: u32 = FstFlags
            );
            path_link: Fs (
                memory, old_fd: u32 = Fd, old_flags: u32 = LookupFlags, old_path: u32 = Text, old_path_len: u32, new_fd: u32 = Fd,
                new_path: u32 = Text, new_path_len: u32
            );
            path_open: Fs (
                memory, fd: u32 = Fd, dirflags: u32 = LookupFlags, path: u32 = Text, path_len: u32, oflags: u32 = OFlags,
                base: u64 = Rights, inheriting: u64 = Rights, fdflags: u32 = FdFlags, opened_fd: u32 = Out32
            );
            path_readlink: Fs (memory, fd: u32 = Fd, path: u32 = Text, path_len: u32, buf: u32 = Space, buf_len: u32, used: u32 = Out32);
            path_remove_directory: Fs (memory, fd: u32 = Fd, path: u32 = Text, path_len: u32);
            path_rename: Fs (
                memory, fd: u32 = Fd, old_path: u32 = Text, old_path_len: u32, new_fd: u32 = Fd, new_path: u32 = Text, new_path_len: u32
            );
            path_symlink: Fs (memory, old_path: u32 = Text, old_path_len: u32, fd: u32 = Fd, new_path: u32 = Text, new_path_len: u32);
            path_unlink_file: Fs (memory, fd: u32 = Fd, path: u32 = Text, path_len: u32);
            poll_oneoff: Poll (memory, subscriptions: u32 = Subscriptions, events: u32, count: u32, nevents: u32 = Out32);
            proc_exit: Proc (ends, rval: u32 = Number);
            proc_raise: Proc (ends, sig: u32 = Number);
            random_get: Random (memory, buf: u32 = Space, buf_len: u32);
            sched_yield: Poll ();
            sock_accept: Sock (memory, fd: u32 = Fd, flags: u32 = FdFlags, new_fd: u32 = Out32);
            sock_recv: Sock (
                memory, fd: u32 = Fd, ri_data: u32 = Reading, ri_data_len: u32, ri_flags: u32 = RiFlags, ro_datalen: u32 = Out32,
                ro_flags: u32 = OutHidden
            );
            sock_send: Sock (memory, fd: u32 = Fd, si_data: u32 = Writing, si_data_len: u32, si_flags: u32 = Number, so_datalen: u32 = Out32);
            sock_shutdown: Sock (fd: u32 = Fd, how: u32 = SdFlags);
        }
    };
}

pub(crate) use with_calls;

/// The names of all calls, in the order of their rows.
#[cfg(feature = "replay")]
const NAMES: &[&str] = {
    macro_rules! names {
        ($($name:ident: $family:ident $params:tt;)*) => { &[$(stringify!($name)),*] };
    }
    with_calls!(names)
};

/// The number of calls.
#[cfg(feature = "replay")]
pub(crate) const COUNT: usize = NAMES.len();

#[cfg(feature = "replay")]
pub(crate) const FD_PWRITE: u8 = number("fd_pwrite");
#[cfg(feature = "replay")]
pub(crate) const FD_WRITE: u8 = number("fd_write");
#[cfg(feature = "replay")]
pub(crate) const SOCK_SEND: u8 = number("sock_send");

/// The name of the call in this row.
#[cfg(feature = "replay")]
pub(crate) fn name(number: u8) -> &'static str {
    NAMES[usize::from(number)]
}

/// The row of a call.
///
/// # Panics
/// There is no such call.
#[cfg(feature = "replay")]
pub(crate) const fn number(name: &str) -> u8 {
    let mut number = 0;
    while !is_same(NAMES[number as usize].as_bytes(), name.as_bytes()) {
        number += 1;
    }
    number
}

#[cfg(feature = "replay")]
const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}
