//! [`Tag`]: kinds of exceptions.

use crate::Error;
use crate::runtime::entity::handle::Handle;
use crate::runtime::types::TagType;
use crate::runtime::{AsContext, AsContextMut};
use alloc::format;

/// A tag of a store: a kind of exceptions. A clause catches the exceptions of one tag, whichever instance has thrown them. Two tags
/// of the same type are different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag(pub(crate) Handle);

impl Tag {
    /// The most values of an exception (WebAssembly's JavaScript interface, "limits").
    const MOST: usize = 1000;

    /// Creates a tag.
    ///
    /// # Errors
    /// Fails if the type has results, or more than 1,000 parameters.
    pub fn new(mut ctx: impl AsContextMut, ty: TagType) -> Result<Self, Error> {
        let ty = ty.ty();
        if !ty.results().is_empty() || ty.params().len() > Self::MOST {
            return Err(Error::new(format!("no tag can have the type {ty}")));
        }
        let state = &mut ctx.as_context_mut().inner.state;
        let index = state.exceptions.add_tag(ty.clone(), None);
        Ok(Self(Handle::new(state.id, index)))
    }

    /// Its type.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    #[must_use]
    pub fn ty(self, ctx: impl AsContext) -> TagType {
        let state = &ctx.as_context().inner.state;
        let tag = &state.exceptions.tags[self.0.index_in(state.id)];
        TagType::new(tag.ty.clone())
    }
}
