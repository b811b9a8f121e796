//! Maps the system's errors to WASI's. This is the only place that does so.

use std::io::{self, ErrorKind};

use crate::errno::Errno;

/// Errors for which the standard library has no kind or a less specific one: numbers of `winerror.h` and of Winsock.
const NUMBERS: [(i32, Errno); 22] = [
    (4, Errno::MFile),         // ERROR_TOO_MANY_OPEN_FILES
    (6, Errno::BadF),          // ERROR_INVALID_HANDLE
    (19, Errno::RoFs),         // ERROR_WRITE_PROTECT
    (32, Errno::Busy),         // ERROR_SHARING_VIOLATION
    (33, Errno::Busy),         // ERROR_LOCK_VIOLATION
    (39, Errno::NoSpc),        // ERROR_HANDLE_DISK_FULL
    (50, Errno::NotSup),       // ERROR_NOT_SUPPORTED
    (109, Errno::Pipe),        // ERROR_BROKEN_PIPE
    (112, Errno::NoSpc),       // ERROR_DISK_FULL
    (123, Errno::NoEnt),       // ERROR_INVALID_NAME: `allows` has refused those that are to be made
    (206, Errno::NameTooLong), // ERROR_FILENAME_EXCED_RANGE
    (223, Errno::FBig),        // ERROR_FILE_TOO_LARGE
    (232, Errno::Pipe),        // ERROR_NO_DATA: a pipe that is being closed
    (303, Errno::Busy),        // ERROR_DELETE_PENDING
    (681, Errno::Loop),        // ERROR_STOPPED_ON_SYMLINK
    (1142, Errno::MLink),      // ERROR_TOO_MANY_LINKS
    (1314, Errno::Perm),       // ERROR_PRIVILEGE_NOT_HELD
    (4390, Errno::Inval),      // ERROR_NOT_A_REPARSE_POINT
    (10024, Errno::MFile),     // WSAEMFILE
    (10038, Errno::NotSock),   // WSAENOTSOCK
    (10040, Errno::MsgSize),   // WSAEMSGSIZE
    (10055, Errno::NoBufs),    // WSAENOBUFS
];

/// The number for an error of a system call.
pub(crate) fn from_os(error: impl Into<io::Error>) -> Errno {
    let error = error.into();
    let number = error.raw_os_error();
    if let Some((_, errno)) = NUMBERS.iter().find(|(known, _)| number == Some(*known)) {
        return *errno;
    }
    match error.kind() {
        ErrorKind::NotFound => Errno::NoEnt,
        // cap-std refuses paths that lead outside, without an error number.
        ErrorKind::PermissionDenied if number.is_none() => Errno::Perm,
        ErrorKind::PermissionDenied => Errno::Acces,
        ErrorKind::AlreadyExists => Errno::Exist,
        ErrorKind::NotADirectory => Errno::NotDir,
        ErrorKind::IsADirectory => Errno::IsDir,
        ErrorKind::DirectoryNotEmpty => Errno::NotEmpty,
        ErrorKind::ReadOnlyFilesystem => Errno::RoFs,
        ErrorKind::StorageFull => Errno::NoSpc,
        ErrorKind::QuotaExceeded => Errno::DQuot,
        ErrorKind::FileTooLarge => Errno::FBig,
        ErrorKind::ResourceBusy => Errno::Busy,
        ErrorKind::Deadlock => Errno::DeadLk,
        ErrorKind::CrossesDevices => Errno::XDev,
        ErrorKind::TooManyLinks => Errno::MLink,
        ErrorKind::InvalidInput | ErrorKind::InvalidFilename => Errno::Inval,
        ErrorKind::InvalidData => Errno::IlSeq,
        ErrorKind::NotSeekable => Errno::SPipe,
        ErrorKind::BrokenPipe | ErrorKind::WriteZero => Errno::Pipe,
        ErrorKind::WouldBlock => Errno::Again,
        ErrorKind::TimedOut => Errno::TimedOut,
        ErrorKind::Interrupted => Errno::Intr,
        ErrorKind::OutOfMemory => Errno::NoMem,
        ErrorKind::Unsupported => Errno::NotSup,
        ErrorKind::ConnectionRefused => Errno::ConnRefused,
        ErrorKind::ConnectionReset => Errno::ConnReset,
        ErrorKind::ConnectionAborted => Errno::ConnAborted,
        ErrorKind::NotConnected => Errno::NotConn,
        ErrorKind::AddrInUse => Errno::AddrInUse,
        ErrorKind::AddrNotAvailable => Errno::AddrNotAvail,
        ErrorKind::HostUnreachable => Errno::HostUnreach,
        ErrorKind::NetworkUnreachable => Errno::NetUnreach,
        ErrorKind::NetworkDown => Errno::NetDown,
        _ => Errno::Io,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_ask_for_keeps_its_meaning() {
        for (number, errno) in [
            (2, Errno::NoEnt),
            (3, Errno::NoEnt),
            (5, Errno::Acces),
            (17, Errno::XDev),
            (32, Errno::Busy),
            (80, Errno::Exist),
            (145, Errno::NotEmpty),
            (183, Errno::Exist),
            (267, Errno::NotDir),
            (10035, Errno::Again),
            (10054, Errno::ConnReset),
        ] {
            assert_eq!(
                from_os(io::Error::from_raw_os_error(number)),
                errno,
                "{number}"
            );
        }
    }
}
