//! [`Engine`]: the settings, and the numbers of function types, that modules and stores share.

use alloc::sync::Arc;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::lock::Lock;
use super::{Config, FuncType};

/// What modules and stores have in common. Cheap to clone; can be used from several threads.
#[derive(Clone, Debug, Default)]
pub struct Engine(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    config: Config,
    types: Lock<TypeNumbers>,
}

/// Each function type has one number: comparing two types at an indirect call is comparing numbers.
#[derive(Debug, Default)]
struct TypeNumbers {
    types: Vec<FuncType>,
    numbers: HashMap<FuncType, u32>,
}

impl Engine {
    /// An engine with these settings.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self(Arc::new(Inner {
            config: config.clone(),
            types: Lock::default(),
        }))
    }

    /// Its settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Whether two handles are the same engine.
    #[must_use]
    pub fn same(a: &Self, b: &Self) -> bool {
        Arc::ptr_eq(&a.0, &b.0)
    }

    /// The number of a function type.
    pub(crate) fn type_number(&self, ty: &FuncType) -> u32 {
        self.0.types.with(|known| {
            if let Some(number) = known.numbers.get(ty) {
                return *number;
            }
            let number = u32::try_from(known.types.len())
                .expect("types are at least as large as their numbers, so memory ends before");
            known.types.push(ty.clone());
            known.numbers.insert(ty.clone(), number);
            number
        })
    }

    /// The function type of a number.
    pub(crate) fn type_of(&self, number: u32) -> FuncType {
        self.0
            .types
            .with(|known| known.types[number as usize].clone())
    }
}
