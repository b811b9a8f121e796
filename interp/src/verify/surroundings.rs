//! What verification must know of the module around a function.

use super::Signature;

/// A global.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Global {
    /// Whether code may write to it.
    pub mutable: bool,
    /// Whether it has two slots, a vector, and is named by the first one.
    pub is_vector: bool,
}

/// What the module around a function has.
pub trait Surroundings {
    /// A function that the module defines, by its number among these.
    fn func(&self, defined: u32) -> Option<Signature>;
    /// An imported function.
    fn import(&self, import: u32) -> Option<Signature>;
    /// A type of functions that have no references.
    fn ty(&self, index: u32) -> Option<Signature>;
    /// The global that is a number or a vector and has this slot among those of the globals that the module defines.
    fn own_global(&self, slot: u32) -> Option<Global>;
    /// A global that is a number or a vector, imported ones first.
    fn global(&self, global: u32) -> Option<Global>;
    /// The number of memories.
    fn memories(&self) -> u32;
    /// A number for the type of a table's elements. Types whose references can be confused have the same.
    fn table(&self, table: u32) -> Option<u32>;
    /// The same for an element segment.
    fn element(&self, element: u32) -> Option<u32>;
    /// The number of data segments.
    fn data(&self) -> u32;
    /// The slots of the values of a tag's exceptions, if none is a reference.
    fn tag(&self, tag: u32) -> Option<u16>;
}
