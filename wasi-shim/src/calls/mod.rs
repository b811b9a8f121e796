//! The 46 functions of `wasi_snapshot_preview1`, by family, as methods of [`Wasi`](crate::wasi::Wasi).
//!
//! | file | functions |
//! |---|---|
//! | `args` | args_get, args_sizes_get, environ_get, environ_sizes_get |
//! | `clock` | clock_res_get, clock_time_get |
//! | `fd` | fd_advise to fd_write: operations on an open descriptor as a whole |
//! | `io` | fd_read, fd_pread, fd_write, fd_pwrite: moving data |
//! | `readdir` | fd_readdir |
//! | `open` | path_open |
//! | `path` | the other path_* functions |
//! | `poll` | poll_oneoff |
//! | `proc` | proc_exit, proc_raise, sched_yield, random_get |
//! | `sock` | sock_accept, sock_recv, sock_send, sock_shutdown |
//!
//! A method has the parameters of the function in its witx order: addresses and lengths as `u32`, and the address for its
//! results. Nothing is written to that address unless the call succeeds. All errors are numbers of [`Errno`](crate::Errno),
//! and each call lists its own. `EBADF` (no such descriptor), `EFAULT` (an address outside of the memory), and the errors
//! of paths listed in `path` can come from every call with such an argument.

mod args;
mod clock;
mod fd;
mod io;
mod open;
mod path;
mod poll;
mod proc;
mod readdir;
mod sock;
pub(crate) mod table;

pub use proc::Exit;
