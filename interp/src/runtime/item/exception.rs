//! [`ExnRef`]: references to exceptions, and [`ThrownException`]: exceptions as errors.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::Error;
use crate::runtime::entity::exception::find;
use crate::runtime::entity::handle::{Handle, StoreId};
use crate::runtime::entity::heap::Keep;
use crate::runtime::item::func::slots_of;
use crate::runtime::run::unwind::stale;
use crate::runtime::store::state::State;
use crate::runtime::{AsContext, AsContextMut, Tag, Val};

/// A reference to an exception of a store.
///
/// A reference that a host function receives or creates is valid until that host function returns. Outside of host functions it is valid as
/// long as the store. In a global, in a table or in an exception it is valid as long as that contains it. A reference that is no
/// longer valid names no exception: what uses it fails, and nothing else happens.
///
/// ```
/// use interp::{Caller, Engine, Error, ExnRef, FuncType, Linker, Module, Store, Tag, TagType};
/// use interp::{ThrownException, Val, ValType};
///
/// fn main() -> Result<(), Error> {
///     let program = wat::parse_str(
///         r#"(module
///             (import "host" "failed" (tag $failed (param i32)))
///             (import "host" "open" (func $open (param i32)))
///             (func (export "caught") (param i32) (result i32)
///                 (block $handler (result i32)
///                     (try_table (catch $failed $handler) (call $open (local.get 0)))
///                     (i32.const 0)))
///             (func (export "uncaught") (throw $failed (i32.const 7))))"#,
///     );
///     let engine = Engine::default();
///     let module = Module::new(&engine, program.map_err(Error::host)?)?;
///     let mut store = Store::new(&engine, ());
///     let mut linker = Linker::new(&engine);
///     let failed = Tag::new(&mut store, TagType::new(FuncType::new([ValType::I32], [])))?;
///     linker.define("host", "failed", failed)?;
///     // The host throws.
///     linker.func_wrap("host", "open", move |mut caller: Caller<'_, ()>, file: i32| {
///         match file {
///             0 => Ok(()),
///             _ => Err(ExnRef::new(&mut caller, failed, &[Val::I32(-file)])?.throw(&mut caller)),
///         }
///     })?;
///     let instance = linker.instantiate(&mut store, &module)?;
///     let caught = instance.get_typed_func::<i32, i32>(&store, "caught")?;
///     assert_eq!((caught.call(&mut store, 0)?, caught.call(&mut store, 3)?), (0, -3));
///
///     // The host catches.
///     let uncaught = instance.get_typed_func::<(), ()>(&store, "uncaught")?;
///     let error = uncaught.call(&mut store, ()).expect_err("it throws");
///     let thrown: &ThrownException = error.downcast_ref().expect("it is an exception");
///     assert_eq!(thrown.exception().tag(&store)?, failed);
///     assert_eq!(thrown.exception().values(&mut store)?, [Val::I32(7)]);
///     assert!(error.to_string().starts_with("uncaught exception"));
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExnRef {
    store: StoreId,
    /// Never null.
    slot: u64,
}

impl ExnRef {
    /// Creates an exception. It is not thrown yet: see [`ExnRef::throw`].
    ///
    /// # Errors
    /// Fails if `values` do not match the type of `tag`, if an item belongs to another store, or if a limit forbids the exception.
    pub fn new(mut ctx: impl AsContextMut, tag: Tag, values: &[Val]) -> Result<Self, Error> {
        let inner = ctx.as_context_mut().inner;
        let store = inner.state.id;
        let tag = tag.0.find(store)?;
        let ty = inner.state.exceptions.tags[tag].ty.clone();
        ty.check_lengths(values.len(), 0)?;
        let slots = slots_of(&ty, ty.params(), values, &inner.state)?;
        let top = inner.state.free_top;
        // `Handle` has checked that it is below 2^32.
        let slot = inner.store_exception(tag as u32, &slots, top)?;
        inner.state.hold(slot);
        Ok(Self { store, slot })
    }

    /// Its tag.
    ///
    /// # Errors
    /// Fails if the reference is no longer valid, or belongs to another store.
    pub fn tag(self, ctx: impl AsContext) -> Result<Tag, Error> {
        let state = &ctx.as_context().inner.state;
        let (tag, _) = self.find(state)?;
        Ok(Tag(Handle::new(state.id, tag as usize)))
    }

    /// Its values.
    ///
    /// # Errors
    /// As [`ExnRef::tag`].
    pub fn values(self, mut ctx: impl AsContextMut) -> Result<Vec<Val>, Error> {
        let state = &mut ctx.as_context_mut().inner.state;
        let (tag, slots) = self.find(state)?;
        let ty = &state.exceptions.tags[tag as usize].ty;
        let values: Vec<_> = Val::list(ty.params(), slots, state.id).collect();
        state.hold_all(&values);
        Ok(values)
    }

    /// Returns the error with which a host function throws the exception: it returns this error. The program may catch the exception.
    /// If the program does not, the call that runs it fails with this error.
    #[must_use]
    pub fn throw(self, mut ctx: impl AsContextMut) -> Error {
        let state = &mut ctx.as_context_mut().inner.state;
        match self.slot_in(state.id) {
            Some(slot) => state.error_of(slot).unwrap_or_else(stale),
            None => Error::new("the exception belongs to another store"),
        }
    }

    pub(super) fn slot(self) -> u64 {
        self.slot
    }

    /// The slot of the reference in `store`, unless it belongs to another store.
    pub(crate) fn slot_in(self, store: StoreId) -> Option<u64> {
        (self.store == store).then_some(self.slot)
    }

    /// The reference in a slot of `store`, unless that is null.
    pub(crate) fn from_slot(slot: u64, store: StoreId) -> Option<Self> {
        (slot != crate::machine::NULL_REF).then_some(Self { store, slot })
    }

    fn find(self, state: &State) -> Result<(u32, &[u64]), Error> {
        let slot = self.slot_in(state.id);
        let slot = slot.ok_or_else(|| Error::new("the exception belongs to another store"))?;
        find(&state.heap, slot).ok_or_else(stale)
    }
}

/// An exception that no frame has caught, as the cause of an [`Error`] ([`Error::downcast_ref`] returns it). The exception exists at least
/// as long as this. A host function that returns the error throws the exception again.
pub struct ThrownException {
    exception: ExnRef,
    /// The tag's name, and its index in its module.
    name: Option<String>,
    number: Option<u32>,
    _keep: Keep,
}

impl ThrownException {
    /// The exception.
    #[must_use]
    pub fn exception(&self) -> ExnRef {
        self.exception
    }

    /// The name of its tag: from the name section of the module that defines the tag, or else of the tag's first export.
    #[must_use]
    pub fn tag_name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl fmt::Debug for ThrownException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for ThrownException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, self.number) {
            (Some(name), _) => write!(f, "uncaught exception: tag `{}`", name.escape_debug()),
            (None, Some(number)) => write!(f, "uncaught exception: tag {number}"),
            (None, None) => write!(f, "uncaught exception: a tag of the host"),
        }
    }
}

impl core::error::Error for ThrownException {}

impl State {
    /// Prepares a throw of the exception that the error of a host function is.
    ///
    /// # Errors
    /// Returns the error if it is another one.
    pub(crate) fn launch(&mut self, error: Error) -> Result<(), Error> {
        let Some(thrown) = error.downcast_ref::<ThrownException>() else {
            return Err(error);
        };
        let ExnRef { store, slot } = thrown.exception;
        if store != self.id {
            return Err(error);
        }
        let exists = self.exceptions.launch(&self.heap, slot, Some(error));
        debug_assert!(exists, "the error keeps the exception");
        Ok(())
    }

    /// The error with which an exception leaves the program, or with which a host function throws it.
    pub(crate) fn error_of(&mut self, slot: u64) -> Option<Error> {
        let (tag, _) = find(&self.heap, slot)?;
        let origin = self.exceptions.tags[tag as usize].origin.as_ref();
        let name = origin.and_then(|(module, tag)| module.info().tag_name(*tag));
        let number = origin.map(|(_, tag)| *tag);
        Some(Error::host(ThrownException {
            exception: ExnRef {
                store: self.id,
                slot,
            },
            name,
            number,
            _keep: self.heap.keep(slot)?,
        }))
    }
}
