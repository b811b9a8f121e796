//! Variables and other values of a stopped program, with their types.
//!
//! * `types.rs`: types, whichever language they come from, and `go.rs`: those of Go, as a person writes them;
//! * `dies.rs`: the entries of DWARF, `dwarf_types.rs`: the types that they describe;
//! * `scopes.rs`: the variables at a place of C, C++ and Rust, and `location.rs`: where they are;
//! * `show.rs`: a value as text, and its parts;
//! * `expression.rs`: what a person asks for.
//!
//! Types and values come from the module and the guest's memory, and either may be damaged. What cannot be read says so in place of the value.

mod dies;
mod dwarf_types;
mod expression;
mod go;
mod location;
mod scopes;
mod show;
mod types;

pub(crate) use dies::Dies;
pub(crate) use expression::{Answer, At, evaluate, holds};
pub(crate) use scopes::{globals, named, scope};
pub(crate) use types::TypeRef;

/// The parts of a stopped program that values are read from.
pub(crate) trait Stopped {
    /// Bytes of the memory, or `None` if they are not all inside.
    fn memory(&mut self, address: u64, len: usize) -> Option<Vec<u8>>;
    /// A local of the frame, as bits.
    fn local(&mut self, index: u32) -> Option<u64>;
    /// The bytes of an address: 8 in Go, although its memory is small.
    fn word(&self) -> usize;
    /// A global, as bits.
    fn global(&mut self, index: u32) -> Option<u64>;
    /// Another value by its name: an accumulator, a slot.
    fn register(&mut self, name: &str) -> Option<u64>;
}

/// A value with a name and a type.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) ty: TypeRef,
    pub(crate) held: Held,
    /// The bits of a bit field: the lowest one, and how many.
    pub(crate) bits: Option<(u64, u64)>,
}

/// Where a value is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Held {
    /// In the memory.
    At(u64),
    /// Here.
    Bytes(Vec<u8>),
    /// Nowhere, for a reason.
    Gone(String),
}

impl Held {
    /// The bytes of a part.
    fn part(&self, offset: u64) -> Self {
        match self {
            Self::At(address) => match address.checked_add(offset) {
                Some(address) => Self::At(address),
                None => Self::Gone("outside of the memory".to_owned()),
            },
            Self::Bytes(bytes) => {
                let offset = usize::try_from(offset).unwrap_or(usize::MAX);
                match bytes.get(offset..) {
                    Some(rest) => Self::Bytes(rest.to_vec()),
                    None => Self::Gone("optimised out".to_owned()),
                }
            }
            Self::Gone(why) => Self::Gone(why.clone()),
        }
    }
}
