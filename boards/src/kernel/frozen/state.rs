//! States on the volume.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use board_settings::HIBERNATED;
use embedded_io::Read;
use interp::ThawError;
use wasi_shim::{
    Errno,
    fat::FatFs,
    frozen_file::{Front, FrontError, MAGIC, is_frozen},
    whole::Reader,
};

use crate::kernel::volume;

/// A state whose front was read.
pub(in crate::kernel) struct Frozen {
    /// Its file.
    pub(super) path: String,
    front: Front,
    /// Where the front ends in the file.
    front_end: u64,
    /// Whether this kernel has written it, for the program beside it.
    pub(super) is_hibernated: bool,
}

impl Frozen {
    /// Reads the front of a program, if it is a frozen one.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(in crate::kernel) fn program(fs: &mut FatFs, path: &str) -> Result<Option<Self>, String> {
        let failed = |error: FrontError<Errno>| format!("{path}: {error}");
        let Some(mut file) = open(fs, path).map_err(|errno| failed(FrontError::Read(errno)))?
        else {
            return Ok(None);
        };
        let mut head = [0; MAGIC.len()];
        if file.read_exact(&mut head).is_err() || !is_frozen(&head) {
            return Ok(None);
        }
        Self::read(file, path).map(Some).map_err(failed)
    }

    /// Reads the front of the state of a program that hibernates, if there is one. If it cannot be used, says so, and there is none.
    ///
    /// # Errors
    /// Fails if there is no memory for it.
    pub(in crate::kernel) fn hibernated(fs: &mut FatFs) -> Result<Option<Self>, String> {
        let found = open(fs, HIBERNATED).map_err(FrontError::Read);
        let read = found.and_then(|file| file.map(|file| Self::read(file, HIBERNATED)).transpose());
        match read {
            Ok(frozen) => Ok(frozen.map(|frozen| Self {
                is_hibernated: true,
                ..frozen
            })),
            Err(FrontError::NoMemory) => Err(volume::does_not_fit(HIBERNATED)),
            Err(error) => {
                starts_afresh(&error);
                Ok(None)
            }
        }
    }

    fn read(mut file: Reader<'_, FatFs>, path: &str) -> Result<Self, FrontError<Errno>> {
        file.seek(0);
        let len = file.len();
        let front = Front::read(&mut file, len)?;
        Ok(Self {
            path: path.to_string(),
            front,
            front_end: file.position(),
            is_hibernated: false,
        })
    }

    /// Reads the module that is part of the state.
    ///
    /// # Errors
    /// Fails if there is none.
    pub(in crate::kernel) fn module(&self, fs: &mut FatFs) -> Result<Vec<u8>, String> {
        let path = &self.path;
        let Some(len) = self.front.module else {
            return Err(format!(
                "{path} was written without the module; freeze the program without --without-module"
            ));
        };
        let failed = |errno: Errno| format!("{path}: the module cannot be read: {errno}");
        let mut file = open(fs, path)
            .and_then(|file| file.ok_or(Errno::NoEnt))
            .map_err(failed)?;
        if len > file.len() {
            return Err(format!("{path}: its end is missing"));
        }
        file.seek(self.front_end);
        let mut bytes = Vec::new();
        let len = usize::try_from(len).map_err(|_| failed(Errno::FBig))?;
        bytes
            .try_reserve_exact(len)
            .map_err(|_| volume::does_not_fit(path))?;
        bytes.resize(len, 0);
        file.read_exact(&mut bytes)
            .map_err(|_| format!("{path}: its end is missing"))?;
        Ok(bytes)
    }

    /// The state of the interpreter.
    pub(super) fn rest<'a>(&self, fs: &'a mut FatFs) -> Result<Reader<'a, FatFs>, Errno> {
        let mut file = open(fs, &self.path)?.ok_or(Errno::NoEnt)?;
        // A module was read, so its end is inside of the file.
        file.seek(
            self.front_end
                .saturating_add(self.front.module.unwrap_or(0)),
        );
        Ok(file)
    }

    /// The state of WASI.
    pub(super) fn wasi(&self) -> &[u8] {
        &self.front.wasi
    }
}

/// Opens a regular file by its path from the root, if there is one.
fn open<'a>(fs: &'a mut FatFs, path: &str) -> Result<Option<Reader<'a, FatFs>>, Errno> {
    match volume::find(fs, path)? {
        Some(node) => Reader::of(fs, node).map(Some),
        None => Ok(None),
    }
}

/// Says that the state of a program that hibernates is not used.
pub(super) fn starts_afresh(why: &dyn fmt::Display) {
    log::warn!("{HIBERNATED} is not used, the program starts afresh: {why}");
}

/// Returns whether a state may never be used. Otherwise, the user can do something about it.
pub(super) fn is_useless(error: &ThawError<Errno>) -> bool {
    !matches!(error, ThawError::Store(_))
}
