//! The errors of [`Store::freeze`](crate::Store::freeze) and [`Store::thaw`](crate::Store::thaw).

use alloc::string::String;
use core::fmt;

use crate::Error;

/// Why a store was not frozen.
#[derive(Debug)]
#[non_exhaustive]
pub enum FreezeError<E> {
    /// The state contains something that cannot be kept. Nothing was written.
    Unsupported(String),
    /// The bytes could not be written.
    Write(E),
}

/// Why a store was not thawed.
#[derive(Debug)]
#[non_exhaustive]
pub enum ThawError<E> {
    /// The bytes could not be read.
    Read(E),
    /// The state was written by this other release.
    OtherRelease(String),
    /// The state is one of another module, or the store has other instances. The text says what differs.
    OtherModule(String),
    /// The state is not whole, or was changed.
    Damaged(String),
    /// A limit of the store does not allow what the state needs, or a function cannot be lowered.
    Store(Error),
}

impl<E> ThawError<E> {
    pub(super) fn damaged(what: &str) -> Self {
        Self::Damaged(what.into())
    }
}

impl<E> From<E> for FreezeError<E> {
    fn from(error: E) -> Self {
        Self::Write(error)
    }
}

impl<E: fmt::Debug> fmt::Display for FreezeError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(what) => write!(f, "the program cannot be frozen: {what}"),
            Self::Write(error) => write!(f, "the state cannot be written: {error:?}"),
        }
    }
}

impl<E: fmt::Debug> fmt::Display for ThawError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => write!(f, "the state cannot be read: {error:?}"),
            Self::OtherRelease(release) => write!(
                f,
                "the state was written by release {release}; this is wasi-interp {}",
                super::RELEASE
            ),
            Self::OtherModule(what) => {
                write!(f, "the state does not belong to this program: {what}")
            }
            Self::Damaged(what) => write!(f, "the state is damaged: {what}"),
            Self::Store(error) => write!(f, "the state cannot be thawed: {error}"),
        }
    }
}

impl<E: fmt::Debug> core::error::Error for FreezeError<E> {}
impl<E: fmt::Debug> core::error::Error for ThawError<E> {}
