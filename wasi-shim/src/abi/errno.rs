//! `Errno`: the error numbers of WASI preview 1, the only error type of the shim.
//!
//! The numbers are those of `$errno` in the witx file `wasi_snapshot_preview1`. Number 0, success, is `Ok(())` here and has
//! no variant. A host maps its own errors to these once, at its edge, and no layer above it sees another kind.

use core::fmt;

/// Declares the numbers, names and texts in one table. A row is a variant, its number, its C name and its description.
macro_rules! errnos {
    ($($variant:ident = $number:literal, $name:literal, $text:literal;)*) => {
        /// An error, by WASI's number.
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u16)]
        pub enum Errno {
            $(#[doc = concat!($name, ": ", $text, ".")] $variant = $number,)*
        }

        impl Errno {
            /// Every error number, in order, from 1 to 76.
            pub const ALL: [Errno; 76] = [$(Errno::$variant),*];

            /// The name that C programs use, such as `ENOENT`.
            pub fn name(self) -> &'static str {
                match self { $(Errno::$variant => $name,)* }
            }

            /// A short description of the error.
            pub fn text(self) -> &'static str {
                match self { $(Errno::$variant => $text,)* }
            }
        }
    };
}

errnos! {
    TooBig = 1, "E2BIG", "argument list too long";
    Acces = 2, "EACCES", "permission denied";
    AddrInUse = 3, "EADDRINUSE", "address in use";
    AddrNotAvail = 4, "EADDRNOTAVAIL", "address not available";
    AfNoSupport = 5, "EAFNOSUPPORT", "address family not supported";
    Again = 6, "EAGAIN", "resource unavailable, or the operation would block";
    Already = 7, "EALREADY", "connection already in progress";
    BadF = 8, "EBADF", "bad file descriptor";
    BadMsg = 9, "EBADMSG", "bad message";
    Busy = 10, "EBUSY", "device or resource busy";
    Canceled = 11, "ECANCELED", "operation canceled";
    Child = 12, "ECHILD", "no child processes";
    ConnAborted = 13, "ECONNABORTED", "connection aborted";
    ConnRefused = 14, "ECONNREFUSED", "connection refused";
    ConnReset = 15, "ECONNRESET", "connection reset";
    DeadLk = 16, "EDEADLK", "resource deadlock would occur";
    DestAddrReq = 17, "EDESTADDRREQ", "destination address required";
    Dom = 18, "EDOM", "argument out of the function's domain";
    DQuot = 19, "EDQUOT", "disk quota exceeded";
    Exist = 20, "EEXIST", "file exists";
    Fault = 21, "EFAULT", "bad address";
    FBig = 22, "EFBIG", "file too large";
    HostUnreach = 23, "EHOSTUNREACH", "host is unreachable";
    IdRm = 24, "EIDRM", "identifier removed";
    IlSeq = 25, "EILSEQ", "illegal byte sequence";
    InProgress = 26, "EINPROGRESS", "operation in progress";
    Intr = 27, "EINTR", "interrupted function";
    Inval = 28, "EINVAL", "invalid argument";
    Io = 29, "EIO", "input or output error";
    IsConn = 30, "EISCONN", "socket is connected";
    IsDir = 31, "EISDIR", "is a directory";
    Loop = 32, "ELOOP", "too many levels of symbolic links";
    MFile = 33, "EMFILE", "file descriptor table is full";
    MLink = 34, "EMLINK", "too many links";
    MsgSize = 35, "EMSGSIZE", "message too large";
    MultiHop = 36, "EMULTIHOP", "multihop attempted";
    NameTooLong = 37, "ENAMETOOLONG", "file name too long";
    NetDown = 38, "ENETDOWN", "network is down";
    NetReset = 39, "ENETRESET", "connection aborted by the network";
    NetUnreach = 40, "ENETUNREACH", "network is unreachable";
    NFile = 41, "ENFILE", "too many files open in the system";
    NoBufs = 42, "ENOBUFS", "no buffer space available";
    NoDev = 43, "ENODEV", "no such device";
    NoEnt = 44, "ENOENT", "no such file or directory";
    NoExec = 45, "ENOEXEC", "not an executable file";
    NoLck = 46, "ENOLCK", "no locks available";
    NoLink = 47, "ENOLINK", "link has been severed";
    NoMem = 48, "ENOMEM", "not enough space in memory";
    NoMsg = 49, "ENOMSG", "no message of the desired type";
    NoProtoOpt = 50, "ENOPROTOOPT", "protocol not available";
    NoSpc = 51, "ENOSPC", "no space left on device";
    NoSys = 52, "ENOSYS", "function not supported";
    NotConn = 53, "ENOTCONN", "socket is not connected";
    NotDir = 54, "ENOTDIR", "not a directory";
    NotEmpty = 55, "ENOTEMPTY", "directory not empty";
    NotRecoverable = 56, "ENOTRECOVERABLE", "state not recoverable";
    NotSock = 57, "ENOTSOCK", "not a socket";
    NotSup = 58, "ENOTSUP", "not supported";
    NotTty = 59, "ENOTTY", "inappropriate input or output control operation";
    NxIo = 60, "ENXIO", "no such device or address";
    Overflow = 61, "EOVERFLOW", "value too large for its type";
    OwnerDead = 62, "EOWNERDEAD", "previous owner died";
    Perm = 63, "EPERM", "operation not permitted";
    Pipe = 64, "EPIPE", "broken pipe";
    Proto = 65, "EPROTO", "protocol error";
    ProtoNoSupport = 66, "EPROTONOSUPPORT", "protocol not supported";
    ProtoType = 67, "EPROTOTYPE", "wrong protocol type for the socket";
    Range = 68, "ERANGE", "result too large";
    RoFs = 69, "EROFS", "read-only file system";
    SPipe = 70, "ESPIPE", "illegal seek";
    Srch = 71, "ESRCH", "no such process";
    Stale = 72, "ESTALE", "stale file handle";
    TimedOut = 73, "ETIMEDOUT", "connection timed out";
    TxtBsy = 74, "ETXTBSY", "text file busy";
    XDev = 75, "EXDEV", "cross-device link";
    NotCapable = 76, "ENOTCAPABLE", "capabilities insufficient";
}

impl Errno {
    /// The number that the guest receives.
    pub fn raw(self) -> u16 {
        self as u16
    }

    /// Returns the error with this number, or `None` for 0 (success) and for numbers that preview 1 does not define.
    pub fn from_raw(number: u16) -> Option<Errno> {
        let index = usize::from(number).checked_sub(1)?;
        Errno::ALL.get(index).copied()
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text(), self.name())
    }
}

impl core::error::Error for Errno {}

/// An `Errno` is an `embedded-io` error, so a stream that fails with one can be used with that crate.
impl embedded_io::Error for Errno {
    fn kind(&self) -> embedded_io::ErrorKind {
        use embedded_io::ErrorKind as Kind;
        match self {
            Errno::NoEnt => Kind::NotFound,
            Errno::Acces | Errno::Perm => Kind::PermissionDenied,
            Errno::ConnRefused => Kind::ConnectionRefused,
            Errno::ConnReset => Kind::ConnectionReset,
            Errno::ConnAborted => Kind::ConnectionAborted,
            Errno::NotConn => Kind::NotConnected,
            Errno::AddrInUse => Kind::AddrInUse,
            Errno::AddrNotAvail => Kind::AddrNotAvailable,
            Errno::Pipe => Kind::BrokenPipe,
            Errno::Exist => Kind::AlreadyExists,
            Errno::Inval => Kind::InvalidInput,
            Errno::TimedOut => Kind::TimedOut,
            Errno::Intr => Kind::Interrupted,
            Errno::NotSup | Errno::NoSys => Kind::Unsupported,
            Errno::NoMem => Kind::OutOfMemory,
            _ => Kind::Other,
        }
    }
}

impl From<embedded_io::ErrorKind> for Errno {
    fn from(kind: embedded_io::ErrorKind) -> Errno {
        use embedded_io::ErrorKind as Kind;
        match kind {
            Kind::NotFound => Errno::NoEnt,
            Kind::PermissionDenied => Errno::Acces,
            Kind::ConnectionRefused => Errno::ConnRefused,
            Kind::ConnectionReset => Errno::ConnReset,
            Kind::ConnectionAborted => Errno::ConnAborted,
            Kind::NotConnected => Errno::NotConn,
            Kind::AddrInUse => Errno::AddrInUse,
            Kind::AddrNotAvailable => Errno::AddrNotAvail,
            Kind::BrokenPipe => Errno::Pipe,
            Kind::AlreadyExists => Errno::Exist,
            Kind::InvalidInput | Kind::InvalidData => Errno::Inval,
            Kind::TimedOut => Errno::TimedOut,
            Kind::Interrupted => Errno::Intr,
            Kind::Unsupported => Errno::NotSup,
            Kind::OutOfMemory => Errno::NoMem,
            _ => Errno::Io,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dense_and_round_trip() {
        for (index, errno) in Errno::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(errno.raw()), index + 1);
            assert_eq!(Errno::from_raw(errno.raw()), Some(errno));
        }
        assert_eq!(Errno::from_raw(0), None);
        assert_eq!(Errno::from_raw(77), None);
    }

    #[test]
    fn numbers_that_go_and_c_rely_on() {
        let known = [
            (Errno::Acces, 2),
            (Errno::Again, 6),
            (Errno::BadF, 8),
            (Errno::Exist, 20),
            (Errno::Inval, 28),
            (Errno::IsDir, 31),
            (Errno::NoEnt, 44),
            (Errno::NoSys, 52),
            (Errno::NotDir, 54),
            (Errno::NotEmpty, 55),
            (Errno::Perm, 63),
            (Errno::SPipe, 70),
            (Errno::NotCapable, 76),
        ];
        for (errno, number) in known {
            assert_eq!(errno.raw(), number, "{}", errno.name());
        }
    }
}
