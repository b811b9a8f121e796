//! [`TypeNumbers`]: the numbers of types, so that running code compares numbers instead of types.
//!
//! A number is reused after its last use has ended ([`TypeUses`]). Its lowest bits tell functions, structures and arrays apart.
//!
//! Modules declare types in groups, whose members can refer to each other. Two members are the same type if their groups have equal
//! definitions and they have the same place there (core specification, 3.3.2 "rolled-up types"). Most groups are one function type
//! that has no supertype and allows no subtypes. Such a type is known by its parameters and results.

use alloc::vec::Vec;

use hashbrown::HashMap;

#[cfg(feature = "gc")]
use super::groups::{Groups, Member};
use crate::runtime::types::KIND_BITS;
use crate::runtime::{Engine, FuncType};

/// The types that have numbers.
#[derive(Debug, Default)]
pub(super) struct TypeNumbers {
    /// By number; `None` for a number that is free.
    pub(super) types: Vec<Option<Known>>,
    pub(super) free: Vec<u32>,
    /// The numbers of function types that are known by their parameters and results.
    pub(super) numbers: HashMap<FuncType, u32>,
    #[cfg(feature = "gc")]
    pub(super) groups: Groups,
}

/// A type that has a number.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) ty: Type,
    pub(super) uses: usize,
    /// The numbers to which the type refers, and of which it is a use.
    #[cfg(feature = "gc")]
    pub(super) refers_to: Vec<u32>,
}

/// A type, as its number knows it.
#[derive(Debug)]
pub(super) enum Type {
    /// A function type that is known by its parameters and results.
    Plain(FuncType),
    /// A member of a group. Uses are counted at the group's first member.
    #[cfg(feature = "gc")]
    Member(Member),
}

impl TypeNumbers {
    /// The type with this number, if it is in use.
    pub(super) fn get(&self, number: u32) -> Option<&Known> {
        self.types.get((number >> KIND_BITS) as usize)?.as_ref()
    }

    /// Counts one more use of a type. Returns its number.
    pub(super) fn take(&mut self, ty: &FuncType) -> u32 {
        #[cfg(feature = "gc")]
        if let Some(number) = ty.declaration()
            && self.take_again(number)
        {
            return number;
        }
        if let Some(&number) = self.numbers.get(ty) {
            let known = self.types[(number >> KIND_BITS) as usize].as_mut();
            known.expect("a number that is found is in use").uses += 1;
            return number;
        }
        #[cfg(feature = "gc")]
        let refers_to = self.refer_to(ty.params().iter().chain(ty.results()).copied());
        let number = self.reserve(0);
        self.types[(number >> KIND_BITS) as usize] = Some(Known {
            ty: Type::Plain(ty.clone()),
            uses: 1,
            #[cfg(feature = "gc")]
            refers_to,
        });
        self.numbers.insert(ty.clone(), number);
        number
    }

    /// A number that is free, of a type of kind `kind`.
    pub(super) fn reserve(&mut self, kind: u32) -> u32 {
        let index = self.free.pop().unwrap_or_else(|| {
            self.types.push(None);
            u32::try_from(self.types.len() - 1)
                .ok()
                .filter(|index| index.leading_zeros() > KIND_BITS)
                .expect("types are at least as large as their numbers, so memory ends before")
        });
        index << KIND_BITS | kind
    }

    /// Ends a use of the type with this number.
    #[cfg(not(feature = "gc"))]
    pub(super) fn give_back(&mut self, number: u32) {
        if let Some(Known {
            ty: Type::Plain(ty),
            ..
        }) = self.end_use(number)
        {
            self.numbers.remove(&ty);
            self.free.push(number);
        }
    }

    /// Ends a use of the type with this number. Returns the type if it was the last one.
    pub(super) fn end_use(&mut self, number: u32) -> Option<Known> {
        let slot = &mut self.types[(number >> KIND_BITS) as usize];
        let known = slot.as_mut();
        let known = known.expect("a number that is given back is in use");
        known.uses -= 1;
        match known.uses {
            0 => slot.take(),
            _ => None,
        }
    }
}

/// The types that a module, or the host functions of a store, use. Their numbers stay the same as long as this
/// value exists.
#[derive(Debug)]
pub(crate) struct TypeUses {
    engine: Engine,
    numbers: Vec<u32>,
}

impl TypeUses {
    /// Creates an empty set.
    pub(crate) fn new(engine: &Engine) -> Self {
        Self {
            engine: engine.clone(),
            numbers: Vec::new(),
        }
    }

    /// The engine that numbers them.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Adds a type. Returns its number.
    pub(crate) fn add(&mut self, ty: &FuncType) -> u32 {
        let number = self.engine.types().with(|known| known.take(ty));
        self.numbers.push(number);
        number
    }

    /// Adds the types of a group. Their numbers follow each other.
    #[cfg(feature = "gc")]
    pub(crate) fn add_group(&mut self, group: super::groups::Group) {
        let numbers = &mut self.numbers;
        self.engine
            .types()
            .with(|known| known.take_group(group, numbers));
    }

    #[cfg(feature = "gc")]
    pub(super) fn push(&mut self, number: u32) {
        self.numbers.push(number);
    }

    /// The number of each type, in the order in which they were added.
    pub(crate) fn numbers(&self) -> &[u32] {
        &self.numbers
    }
}

impl Drop for TypeUses {
    fn drop(&mut self) {
        self.engine.types().with(|known| {
            for number in &self.numbers {
                known.give_back(*number);
            }
        });
    }
}
