//! [`Engine`]: the settings and the numbers of function types, which modules and stores share.

pub(super) mod config;
mod epoch;
#[cfg(feature = "gc")]
pub(super) mod groups;
pub(super) mod linear;
pub(super) mod lock;
mod numbers;

use alloc::sync::Arc;

use crate::runtime::engine::lock::Lock;
use crate::runtime::{Config, FuncType};
use epoch::Epoch;
use numbers::{Type, TypeNumbers};

pub(crate) use numbers::TypeUses;

/// The settings that modules and stores share. Cheap to clone; can be used from several threads.
#[derive(Clone, Debug, Default)]
pub struct Engine(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    config: Config,
    types: Lock<TypeNumbers>,
    epoch: Epoch,
}

impl Engine {
    /// Creates an engine with these settings.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self(Arc::new(Inner {
            config: config.clone(),
            types: Lock::default(),
            epoch: Epoch::default(),
        }))
    }

    /// Its settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Returns whether two handles refer to the same engine.
    #[must_use]
    pub fn same(a: &Self, b: &Self) -> bool {
        Arc::ptr_eq(&a.0, &b.0)
    }

    /// Its clock.
    pub(crate) fn epoch(&self) -> &Epoch {
        &self.0.epoch
    }

    /// The types that have numbers.
    fn types(&self) -> &Lock<TypeNumbers> {
        &self.0.types
    }

    /// Returns the function type of a number that is in use.
    ///
    /// # Panics
    /// Panics if the number is not in use. Callers pass the number of an existing function, whose module or store uses it.
    pub(crate) fn type_of(&self, number: u32) -> FuncType {
        self.0.types.with(|known| {
            let known = known.get(number).expect("a function's type is in use");
            match &known.ty {
                Type::Plain(ty) => ty.clone(),
                #[cfg(feature = "gc")]
                Type::Member(member) => member.func_type(number),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::{Module, ValType};

    /// A type that differs for each `number`.
    fn distinct(number: u32) -> FuncType {
        let all = [ValType::I32, ValType::I64, ValType::F32, ValType::F64];
        let digit = |at: u32| all[(number >> (2 * at)) as usize % all.len()];
        FuncType::new((0..9).map(digit), [])
    }

    fn lists(engine: &Engine) -> (usize, usize, usize) {
        let lists =
            |known: &mut TypeNumbers| (known.types.len(), known.free.len(), known.numbers.len());
        engine.0.types.with(lists)
    }

    #[test]
    fn equal_types_have_one_number_until_the_last_use_ends() {
        let engine = Engine::default();
        let (mut one, mut two) = (TypeUses::new(&engine), TypeUses::new(&engine));
        let number = one.add(&distinct(7));
        assert_eq!(two.add(&distinct(7)), number);
        assert_ne!(two.add(&distinct(8)), number);
        drop(one);
        assert_eq!(engine.type_of(number), distinct(7));
        drop(two);
        assert_eq!(lists(&engine), (2, 2, 0));
    }

    #[test]
    fn types_of_modules_that_are_gone_take_no_place() {
        let engine = Engine::default();
        let mut kept = TypeUses::new(&engine);
        let number = kept.add(&distinct(0));
        for other in 1..=100_000_u32 {
            // A module with one function type, which has the nine parameters of `distinct(other)`.
            let mut bytes = b"\0asm\x01\0\0\0\x01\x0d\x01\x60\x09".to_vec();
            bytes.extend((0..9).map(|at| 0x7f - ((other >> (2 * at)) % 4) as u8));
            bytes.push(0);
            let module = Module::new(&engine, bytes).expect("it is valid");
            if other == 12_345 {
                assert_eq!(engine.type_of(module.types()[0]), distinct(other));
            }
        }
        assert_eq!(lists(&engine), (2, 1, 1));
        assert_eq!(engine.type_of(number), distinct(0));
    }
}
