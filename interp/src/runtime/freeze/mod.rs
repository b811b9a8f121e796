//! Frozen stores: [`Store::freeze`] writes a store and its suspended call, [`Store::thaw`] reads them into another store.
//!
//! The bytes are the same for every processor and every build of a release. A place in code is the number of an op in its function,
//! counted before ops are joined to superinstructions ([`positions`]). Slots, memories and references (which are indices) are the
//! same in all builds.
//!
//! ```text
//!   magic      "\0wistate", the number of this format (4 bytes)
//!   release    its length (1 byte), its text
//!   NaNs       a byte: whether arithmetic gives canonical NaNs, for which there are ops of their own
//!   instances  their number; for each the length (8) and the hash (8) of its WebAssembly module; the number of its element segments, and a
//!              byte for each: whether it was dropped; the number of its dropped data segments, and their indices
//!   sizes      the numbers of functions, globals, tables and memories of the store
//!   globals    for each its value: 16 bytes for a vector, otherwise 8
//!   tables     for each its length (8), then its elements: 4 bytes, the index of a function plus one, or 0
//!   memories   for each its length in pages (8), then the pieces of 4 KiB that differ from those after instantiation: the number of the
//!              piece plus one (8), a byte (0: all zeros; 1: its bytes follow), the bytes. Then 0 (8).
//!   fuel       a byte (whether it is metered), the fuel that is left (8)
//!   call       the called function, the host function that is called again plus one or 0, accumulators (8 each), fuel that is owed (8)
//!   frames     their number; from the outermost on: the function, and the number of the next op, or 2³² - 1 before the function begins
//!   slots      their number, then 8 bytes each; headers of frames are zero
//!   hash       of all bytes before (8; FNV-1a)
//! ```
//!
//! Numbers are little-endian, and have 4 bytes if nothing is said.
//!
//! # Who may have written the bytes
//! Anybody. What `thaw` reads can make the program wrong, but not harm the host: each frame must be that of a call which exists in the
//! code below it, so headers are not read but made anew ([`frames`]). A slot can hold any number, so code that relies on references in
//! slots is refused, as in modules in lowered form ([`crate::verify::relies_on_references`]).

mod contents;
mod error;
mod frames;
mod pieces;
mod positions;
mod wire;

use alloc::format;
use alloc::string::String;

use embedded_io::{Read, Write};

use crate::runtime::entity::handle::Handle;
use crate::runtime::item::func::ResumableSuspended;
use crate::runtime::module::code::Code;
use crate::runtime::store::state::State;
use crate::runtime::{Func, ResumableCall, Store};
use crate::{Error, inspect, verify};
pub use error::{FreezeError, ThawError};
use wire::{Reader, Writer};

/// How the bytes begin.
const MAGIC: [u8; 8] = *b"\0wistate";
/// The number of this format.
const FORMAT: u32 = 1;
/// The release of this crate.
const RELEASE: &str = env!("CARGO_PKG_VERSION");

impl<T> Store<T> {
    /// Writes the state of the store and of a suspended call, in a form that [`Store::thaw`] reads in any build of this release on any
    /// processor. Nothing is changed: the call can be resumed.
    ///
    /// The embedder's data, host functions, limits and other suspended calls are not part of the state.
    ///
    /// # Errors
    /// Before anything is written, [`FreezeError::Unsupported`] names what cannot be kept: references in slots, objects, values of
    /// type `externref`. Later, [`FreezeError::Write`] is the error of `out`.
    pub fn freeze<W: Write>(
        &mut self,
        call: &ResumableSuspended,
        out: &mut W,
    ) -> Result<(), FreezeError<W::Error>> {
        let inner = &mut self.0;
        if call.call.store != inner.state.id {
            return Err(FreezeError::Unsupported(
                "the call belongs to another store".into(),
            ));
        }
        // Objects that nobody can refer to do not matter.
        #[cfg(feature = "heap")]
        inner.state.collect_now();
        contents::check(&mut inner.state).map_err(FreezeError::Unsupported)?;
        let stack =
            frames::Frozen::of(&inner.state, &call.call).map_err(FreezeError::Unsupported)?;
        let fuel = inner.get_fuel().ok();
        let fuel = fuel.map(|fuel| fuel.saturating_add(stack.refund));
        let mut out = Writer::new(out);
        out.bytes(&MAGIC)?;
        out.u32(FORMAT)?;
        out.u8(RELEASE.len() as u8)?;
        out.bytes(RELEASE.as_bytes())?;
        out.u8(inner.state.has_canonical_nans().into())?;
        contents::write(&inner.state, &mut out)?;
        out.u8(fuel.is_some().into())?;
        out.u64(fuel.unwrap_or_default())?;
        stack.write(&mut out)?;
        out.finish()?;
        Ok(())
    }

    /// Prepares a store to be thawed: instances that are created from here on do not run their start functions, which have run before. Without
    /// this, what they do to the store is undone, but not what they do elsewhere.
    pub fn prepare_to_thaw(&mut self) {
        self.0.state.is_thawed = true;
    }

    /// Reads what [`Store::freeze`] has written, and returns the suspended call. The store must have been built as the frozen one was:
    /// the same modules were instantiated in the same order, with host functions of the same types. What instances have done since is undone.
    ///
    /// The bytes need not be trusted. The limits of this store apply, but for fuel: it has then what the state says. Whoever limits the fuel of a
    /// program that others have frozen sets it afterwards ([`Store::set_fuel`]).
    ///
    /// # Errors
    /// [`ThawError::Read`] is the error of `input`. [`ThawError::OtherRelease`] and [`ThawError::OtherModule`] name what does not fit,
    /// [`ThawError::Damaged`] says what is wrong, and [`ThawError::Store`] is the error of a limit or of a function that cannot be lowered. The store
    /// must not be used after an error.
    pub fn thaw<R: Read>(
        &mut self,
        input: &mut R,
    ) -> Result<ResumableSuspended, ThawError<R::Error>> {
        let inner = &mut *self.0;
        let mut input = Reader::new(input);
        let mut magic = [0; MAGIC.len()];
        input.bytes(&mut magic)?;
        if magic != MAGIC {
            return Err(ThawError::Damaged("it is no frozen state".into()));
        }
        let format = input.u32()?;
        let mut release = [0; u8::MAX as usize];
        let len = input.u8()?;
        let release = &mut release[..len.into()];
        input.bytes(release)?;
        if format != FORMAT || release != RELEASE.as_bytes() {
            let release = String::from_utf8_lossy(release);
            return Err(ThawError::OtherRelease(format!(
                "{}",
                release.escape_debug()
            )));
        }
        if input.u8()? != u8::from(inner.state.has_canonical_nans()) {
            let what = "the setting of canonical NaNs is another one";
            return Err(ThawError::OtherModule(what.into()));
        }
        inner.state.is_thawed = true;
        contents::read(inner, &mut input)?;
        let metered = input.u8()? != 0;
        let fuel = input.u64()?;
        if metered {
            // A store that does not meter fuel needs none.
            let _ = inner.set_fuel(fuel);
        }
        let call = frames::read(inner, &mut input)?;
        input.finish()?;
        Ok(ResumableSuspended { call })
    }
}

impl ResumableSuspended {
    /// The function that the embedder has called.
    #[must_use]
    pub fn func(&self) -> Func {
        Func(Handle::new(self.call.store, self.call.func as usize))
    }
}

impl ResumableCall {
    /// The same call, if it can continue or be frozen: its reason to stop is forgotten. A host function that has failed is called again.
    #[must_use]
    pub fn into_suspended(self) -> Option<ResumableSuspended> {
        match self {
            Self::Finished => None,
            Self::HostTrap(call) => Some(call.into_suspended()),
            Self::OutOfFuel(call) => Some(call.into_suspended()),
            Self::Suspended(call) => Some(call),
        }
    }
}

impl State {
    /// Whether the code of the store has ops that make NaNs canonical.
    fn has_canonical_nans(&self) -> bool {
        self.engine.config().wants_canonical_nans()
    }
}

/// Fails if a store that was thawed cannot run this code, of function `func`.
pub(crate) fn check_code(state: &State, func: u32, code: Code) -> Result<(), Error> {
    // In a module in lowered form, each function is verified, which checks the same.
    let is_verified = || {
        let instance = state.funcs[func as usize].instance as usize;
        !state.instances[instance].module.info().has_bodies()
    };
    match state.is_thawed && !is_verified() && relies_on_references(state, code) {
        true => Err(Error::new(
            "a thawed program cannot run a function that uses references as values",
        )),
        false => Ok(()),
    }
}

/// Returns whether code relies on the types of references in slots.
fn relies_on_references(state: &State, code: Code) -> bool {
    let ops = inspect::decode::decode(positions::granules(state, code).as_ref());
    ops.is_none_or(|ops| ops.iter().any(|op| verify::relies_on_references(op.op)))
}
