//! Rust types for lists of wasm values: `()`, one value, and tuples of up to 16 values.

use crate::runtime::entity::handle::StoreId;
use crate::runtime::sealed::InSlots;
use crate::runtime::{ValType, WasmTy};

/// The longest list.
pub(super) const MAX: usize = 16;

/// Parameters or results of a function.
///
/// As for [`WasmTy`], no other crate can add a type:
/// ```compile_fail,E0277
/// #[derive(Clone, Copy)]
/// struct Forged(u64);
/// impl interp::WasmTyList for Forged {
///     const TYPES: &'static [interp::ValType] = &[interp::ValType::FuncRef];
/// }
/// ```
pub trait WasmTyList: InSlots + Copy + 'static {
    /// Their types.
    const TYPES: &'static [ValType];
}

impl<V: WasmTy> WasmTyList for V {
    const TYPES: &'static [ValType] = &[V::TYPE];
}

impl<V: WasmTy> InSlots for V {
    #[inline]
    fn into_slots(self, store: StoreId, slots: &mut [u64]) -> Option<()> {
        slots[0] = self.into_slot(store)?;
        Some(())
    }

    #[inline]
    fn from_slots(slots: &[u64], store: StoreId) -> Self {
        V::from_slot(slots[0], store)
    }
}

macro_rules! lists {
    ($(($($Value:ident $index:tt),*))*) => { $(
        impl<$($Value: WasmTy),*> WasmTyList for ($($Value,)*) {
            const TYPES: &'static [ValType] = &[$($Value::TYPE),*];
        }

        impl<$($Value: WasmTy),*> InSlots for ($($Value,)*) {
            #[inline]
            #[allow(unused_variables, reason = "an empty list has nothing to write")]
            fn into_slots(self, store: StoreId, slots: &mut [u64]) -> Option<()> {
                $(slots[$index] = self.$index.into_slot(store)?;)*
                Some(())
            }

            #[inline]
            #[allow(unused_variables, clippy::unused_unit, reason = "an empty list has nothing to read")]
            fn from_slots(slots: &[u64], store: StoreId) -> Self {
                ($($Value::from_slot(slots[$index], store),)*)
            }
        }
    )* };
}

lists! {
    ()
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15)
}
