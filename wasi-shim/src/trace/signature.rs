//! How the arguments of each call are to be read, from the table in `calls`.

use crate::calls::table::with_calls;

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

/// The parameters of a row that the tracer reads.
macro_rules! params {
    ($before:ident $(, $arg:ident: $ty:ty $(= $kind:ident)?)*) => {
        params!($($arg: $ty $(= $kind)?),*)
    };
    ($($arg:ident: $ty:ty $(= $kind:ident)?),*) => {
        &[$($((stringify!($arg), Kind::$kind),)?)*]
    };
}

macro_rules! signatures {
    ($($name:ident: $family:ident ($($params:tt)*);)*) => {
        &[$(Signature {
            name: stringify!($name),
            family: Family::$family,
            params: params!($($params)*),
        }),*]
    };
}

/// All calls, by name.
static SIGNATURES: &[Signature] = with_calls!(signatures);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_found() {
        for signature in SIGNATURES {
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
