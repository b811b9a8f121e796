//! A kernel without code to thaw: it refuses states and hibernation in words.

use alloc::{format, string::String, vec::Vec};
use core::convert::Infallible;

use interp::Error;
use wasi_shim::{fat::FatFs, frozen_file, wasi::Wasi};

use crate::kernel::guest::Guest;

const BUILD: &str = "cargo xtask board … --hibernate builds one that can";

/// There are none.
pub(in crate::kernel) struct Frozen(Infallible);

impl Frozen {
    /// Finds none.
    pub(in crate::kernel) fn program(_fs: &mut FatFs, _path: &str) -> Result<Option<Self>, String> {
        Ok(None)
    }

    /// Fails, because the settings ask for hibernation.
    pub(in crate::kernel) fn hibernated(_fs: &mut FatFs) -> Result<Option<Self>, String> {
        Err(format!(
            "{}: hibernate: this kernel cannot write states; {BUILD}",
            board_settings::FILE
        ))
    }

    /// There is none.
    pub(in crate::kernel) fn module(&self, _fs: &mut FatFs) -> Result<Vec<u8>, String> {
        match self.0 {}
    }
}

/// Fails if the bytes of a program are a state.
pub(in crate::kernel) fn check(program: &str, bytes: &[u8]) -> Result<(), String> {
    match frozen_file::is_frozen(bytes) {
        true => Err(format!(
            "{program} is a frozen program, and this kernel cannot thaw; {BUILD}"
        )),
        false => Ok(()),
    }
}

/// Runs a program to its end.
///
/// # Errors
/// The inner error is that of the program. The outer one is a message: it could not be run.
pub(in crate::kernel) fn run(
    guest: &Guest<'_>,
    wasi: Wasi,
    _frozen: Option<Frozen>,
) -> Result<Result<(), Error>, String> {
    let mut store = guest.store(wasi)?;
    let instance = guest.instantiate(&mut store)?;
    let start = guest.start(&store, instance)?;
    guest.begin(&store, None);
    Ok(start.call(&mut store, ()))
}
