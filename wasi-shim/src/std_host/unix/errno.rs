//! Maps the system's errors to WASI's. This is the only place that does so.

use rustix::io::Errno as Os;

use crate::errno::Errno;

/// The number for an error of a system call.
pub(crate) fn from_os(error: Os) -> Errno {
    // On some systems `EOPNOTSUPP` and `EWOULDBLOCK` have the numbers of other errors, so they cannot be arms of the match.
    if error == Os::OPNOTSUPP {
        return Errno::NotSup;
    }
    if error == Os::WOULDBLOCK {
        return Errno::Again;
    }
    match error {
        Os::TOOBIG => Errno::TooBig,
        Os::ACCESS => Errno::Acces,
        Os::ADDRINUSE => Errno::AddrInUse,
        Os::ADDRNOTAVAIL => Errno::AddrNotAvail,
        Os::AGAIN => Errno::Again,
        Os::BADF => Errno::BadF,
        Os::BUSY => Errno::Busy,
        Os::CANCELED => Errno::Canceled,
        Os::CONNABORTED => Errno::ConnAborted,
        Os::CONNREFUSED => Errno::ConnRefused,
        Os::CONNRESET => Errno::ConnReset,
        Os::DEADLK => Errno::DeadLk,
        Os::DQUOT => Errno::DQuot,
        Os::EXIST => Errno::Exist,
        Os::FAULT => Errno::Fault,
        Os::FBIG => Errno::FBig,
        Os::HOSTUNREACH => Errno::HostUnreach,
        Os::ILSEQ => Errno::IlSeq,
        Os::INPROGRESS => Errno::InProgress,
        Os::INTR => Errno::Intr,
        Os::INVAL => Errno::Inval,
        Os::ISCONN => Errno::IsConn,
        Os::ISDIR => Errno::IsDir,
        Os::LOOP => Errno::Loop,
        Os::MFILE => Errno::MFile,
        Os::MLINK => Errno::MLink,
        Os::MSGSIZE => Errno::MsgSize,
        Os::NAMETOOLONG => Errno::NameTooLong,
        Os::NETDOWN => Errno::NetDown,
        Os::NETRESET => Errno::NetReset,
        Os::NETUNREACH => Errno::NetUnreach,
        Os::NFILE => Errno::NFile,
        Os::NOBUFS => Errno::NoBufs,
        Os::NODEV => Errno::NoDev,
        Os::NOENT => Errno::NoEnt,
        Os::NOLCK => Errno::NoLck,
        Os::NOMEM => Errno::NoMem,
        Os::NOSPC => Errno::NoSpc,
        Os::NOSYS => Errno::NoSys,
        Os::NOTCONN => Errno::NotConn,
        Os::NOTDIR => Errno::NotDir,
        Os::NOTEMPTY => Errno::NotEmpty,
        Os::NOTSOCK => Errno::NotSock,
        Os::NOTSUP => Errno::NotSup,
        Os::NOTTY => Errno::NotTty,
        Os::NXIO => Errno::NxIo,
        Os::OVERFLOW => Errno::Overflow,
        Os::PERM => Errno::Perm,
        Os::PIPE => Errno::Pipe,
        Os::PROTO => Errno::Proto,
        Os::RANGE => Errno::Range,
        Os::ROFS => Errno::RoFs,
        Os::SPIPE => Errno::SPipe,
        Os::SRCH => Errno::Srch,
        Os::STALE => Errno::Stale,
        Os::TIMEDOUT => Errno::TimedOut,
        Os::TXTBSY => Errno::TxtBsy,
        Os::XDEV => Errno::XDev,
        _ => Errno::Io,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_ask_for_keeps_its_meaning() {
        for (os, errno) in [
            (Os::NOENT, Errno::NoEnt),
            (Os::EXIST, Errno::Exist),
            (Os::WOULDBLOCK, Errno::Again),
            (Os::OPNOTSUPP, Errno::NotSup),
            (Os::NOTEMPTY, Errno::NotEmpty),
            (Os::XDEV, Errno::XDev),
        ] {
            assert_eq!(from_os(os), errno);
        }
    }
}
