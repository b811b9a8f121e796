//! [`Group`]: types that are declared together, and their numbers (core specification, 3.3.2 "recursive types").
//!
//! In a group's definition, a reference to a member names its place in the group, and a reference to another type the number of
//! that type. So two groups declare the same types if their definitions are equal.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::numbers::{Known, Type, TypeNumbers, TypeUses};
use crate::runtime::ref_type::Kind;
use crate::runtime::types::KIND_BITS;
use crate::runtime::{
    ConcreteType, Engine, FieldType, FuncType, HeapType, RefType, StorageType, ValType,
};

/// What a type describes (core specification, 2.3.11 "composite types").
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Composite {
    Func(FuncType),
    /// The fields of a structure.
    Struct(Box<[FieldType]>),
    /// The elements of an array.
    Array(FieldType),
}

/// The declaration of a type (core specification, 2.3.12 "sub types").
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Definition {
    pub(crate) is_final: bool,
    /// The number of the supertype.
    pub(crate) supertype: Option<u32>,
    pub(crate) composite: Composite,
}

/// Types that are declared together. Numbers of members are those of [`own`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Group(Arc<[Definition]>);

/// The numbers of groups.
pub(super) type Groups = HashMap<Group, Arc<[u32]>>;

/// A member of a group.
#[derive(Debug)]
pub(super) struct Member {
    group: Group,
    /// The numbers of all members of its group.
    numbers: Arc<[u32]>,
    composite: Composite,
    /// The numbers of its supertypes, those that have none first.
    supers: Box<[u32]>,
}

/// The bit that marks a number of a member within a group's definition. No number of a type has it.
const OWN: u32 = 1 << 31;

/// The number by which a definition names the member at `place` of its group.
pub(crate) fn own(place: u32) -> u32 {
    OWN | place << KIND_BITS
}

impl Group {
    pub(crate) fn new(members: Vec<Definition>) -> Self {
        Self(members.into())
    }

    /// The group's only type, if its parameters and results say which one it is.
    fn plain(&self) -> Option<&FuncType> {
        let [
            Definition {
                is_final: true,
                supertype: None,
                composite: Composite::Func(ty),
            },
        ] = &*self.0
        else {
            return None;
        };
        let own = |ty: &ValType| number_in(*ty).is_some_and(|number| number & OWN != 0);
        (!ty.params().iter().chain(ty.results()).any(own)).then_some(ty)
    }
}

/// The number in a type of values, if there is one.
fn number_in(ty: ValType) -> Option<u32> {
    match ty {
        ValType::Ref(ty) => match ty.heap_type() {
            HeapType::Concrete(ConcreteType(number)) => Some(number),
            _ => None,
        },
        _ => None,
    }
}

impl Composite {
    fn kind(&self) -> Kind {
        match self {
            Self::Func(_) => Kind::Func,
            Self::Struct(_) => Kind::Struct,
            Self::Array(_) => Kind::Array,
        }
    }

    /// The types of all values in it.
    fn values(&self) -> Vec<ValType> {
        match self {
            Self::Func(ty) => ty.params().iter().chain(ty.results()).copied().collect(),
            Self::Struct(fields) => fields
                .iter()
                .map(|field| field.storage.unpacked())
                .collect(),
            Self::Array(element) => alloc::vec![element.storage.unpacked()],
        }
    }

    /// The same with the numbers of members in place of their places.
    fn resolved(&self, numbers: &[u32]) -> Self {
        let value = |ty: ValType| match (ty, number_in(ty)) {
            (ValType::Ref(ty), Some(number)) => {
                let heap = HeapType::Concrete(ConcreteType(resolve(number, numbers)));
                ValType::reference(RefType::new(ty.is_nullable(), heap))
            }
            _ => ty,
        };
        let field = |field: &FieldType| FieldType {
            storage: match field.storage {
                StorageType::Val(ty) => StorageType::Val(value(ty)),
                packed => packed,
            },
            mutable: field.mutable,
        };
        match self {
            Self::Func(ty) => {
                let convert =
                    |types: &[ValType]| -> Vec<_> { types.iter().copied().map(value).collect() };
                Self::Func(FuncType::new(convert(ty.params()), convert(ty.results())))
            }
            Self::Struct(fields) => Self::Struct(fields.iter().map(field).collect()),
            Self::Array(element) => Self::Array(field(element)),
        }
    }
}

fn resolve(number: u32, numbers: &[u32]) -> u32 {
    match number & OWN {
        0 => number,
        _ => numbers[((number & !OWN) >> KIND_BITS) as usize],
    }
}

impl Member {
    /// Its type, as the one with this number.
    pub(super) fn func_type(&self, number: u32) -> FuncType {
        match &self.composite {
            Composite::Func(ty) => ty.clone().declared(number),
            _ => FuncType::new([], []),
        }
    }
}

impl TypeNumbers {
    /// The number at which uses of a type are counted, if the type is in use.
    fn counted_at(&self, number: u32) -> Option<u32> {
        match &self.get(number)?.ty {
            Type::Plain(_) => Some(number),
            Type::Member(member) => Some(member.numbers[0]),
        }
    }

    /// Counts one more use of the type with this number. Returns whether it is in use.
    pub(super) fn take_again(&mut self, number: u32) -> bool {
        let Some(counted) = self.counted_at(number) else {
            return false;
        };
        if let Some(known) = &mut self.types[(counted >> KIND_BITS) as usize] {
            known.uses += 1;
        }
        true
    }

    /// Counts one more use of each type that these types refer to. Returns their numbers.
    pub(super) fn refer_to(&mut self, types: impl Iterator<Item = ValType>) -> Vec<u32> {
        let numbers = types.filter_map(number_in);
        let outside = numbers.filter(|number| number & OWN == 0);
        outside.filter(|number| self.take_again(*number)).collect()
    }

    /// Counts one more use of a group. Adds the numbers of its members to `numbers`.
    pub(super) fn take_group(&mut self, group: Group, numbers: &mut Vec<u32>) {
        if let Some(ty) = group.plain() {
            numbers.push(self.take(ty));
            return;
        }
        if let Some(known) = self.groups.get(&group) {
            let known = known.clone();
            for _ in &*known {
                self.take_again(known[0]);
            }
            numbers.extend_from_slice(&known);
            return;
        }
        let own: Arc<[u32]> = group
            .0
            .iter()
            .map(|member| self.reserve(member.composite.kind() as u32))
            .collect();
        for (place, definition) in group.0.iter().enumerate() {
            let mut refers_to = self.refer_to(definition.composite.values().into_iter());
            let supertype = definition.supertype.map(|number| resolve(number, &own));
            let mut supers = Vec::new();
            if let Some(supertype) = supertype {
                if definition.supertype.is_some_and(|number| number & OWN == 0)
                    && self.take_again(supertype)
                {
                    refers_to.push(supertype);
                }
                if let Some(Type::Member(member)) = self.get(supertype).map(|known| &known.ty) {
                    supers.extend_from_slice(&member.supers);
                }
                supers.push(supertype);
            }
            let known = Known {
                ty: Type::Member(Member {
                    group: group.clone(),
                    numbers: own.clone(),
                    composite: definition.composite.resolved(&own),
                    supers: supers.into(),
                }),
                // One for each member: each is given back.
                uses: if place == 0 { own.len() } else { 0 },
                refers_to,
            };
            self.types[(own[place] >> KIND_BITS) as usize] = Some(known);
        }
        numbers.extend_from_slice(&own);
        self.groups.insert(group, own);
    }

    /// Ends a use of the type with this number, and then uses of the types to which only this one referred.
    pub(super) fn give_back(&mut self, number: u32) {
        let mut ended = alloc::vec![number];
        while let Some(number) = ended.pop() {
            let Some(counted) = self.counted_at(number) else {
                continue;
            };
            let Some(known) = self.end_use(counted) else {
                continue;
            };
            ended.extend(&known.refers_to);
            match known.ty {
                Type::Plain(ty) => {
                    self.numbers.remove(&ty);
                    self.free.push(counted >> KIND_BITS);
                }
                Type::Member(member) => {
                    self.groups.remove(&member.group);
                    for number in &*member.numbers {
                        let place = (number >> KIND_BITS) as usize;
                        if let Some(known) = self.types[place].take() {
                            ended.extend(known.refers_to);
                        }
                        self.free.push(number >> KIND_BITS);
                    }
                }
            }
        }
    }
}

impl TypeUses {
    /// Adds a use of the type with this number. Returns whether there is one.
    pub(crate) fn add_again(&mut self, number: u32) -> bool {
        let is_used = self.engine().types().with(|known| known.take_again(number));
        if is_used {
            self.push(number);
        }
        is_used
    }
}

impl Engine {
    /// The number of a function type that has one.
    pub(crate) fn number_of(&self, ty: &FuncType) -> Option<u32> {
        ty.declaration()
            .or_else(|| self.types().with(|known| known.numbers.get(ty).copied()))
    }

    /// Returns whether the type with number `ty` is the one with number `other`, or declared as a subtype of it.
    pub(crate) fn is_subtype(&self, ty: u32, other: u32) -> bool {
        ty == other
            || self
                .types()
                .with(|known| match known.get(ty).map(|known| &known.ty) {
                    Some(Type::Member(member)) => member.supers.contains(&other),
                    _ => false,
                })
    }

    /// What the type with this number describes, if it is in use.
    pub(crate) fn composite(&self, number: u32) -> Option<Composite> {
        self.types().with(|known| match &known.get(number)?.ty {
            Type::Plain(ty) => Some(Composite::Func(ty.clone())),
            Type::Member(member) => Some(member.composite.clone()),
        })
    }

    /// The numbers of all supertypes of the type with this number.
    pub(crate) fn supertypes(&self, number: u32) -> Box<[u32]> {
        self.types()
            .with(|known| match known.get(number).map(|known| &known.ty) {
                Some(Type::Member(member)) => member.supers.clone(),
                _ => Box::default(),
            })
    }
}
