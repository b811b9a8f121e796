//! Rust types as 64-bit slots: the representation of every value in a frame.

/// A type that fits into one slot.
///
/// Integers narrower than a slot are zero-extended: an `i32` slot read as 64 bits *is*
/// `i64.extend_i32_u`, and any slot read as 32 bits is `i32.wrap_i64`. Lowering builds on both.
pub trait SlotValue: Copy {
    /// Whether the value uses the float accumulator.
    const IS_FLOAT: bool;
    /// Whether it has at most 32 bits. Constants of such types are sign-extended.
    const IS_32: bool = size_of::<Self>() <= 4;
    /// Returns the value in a slot.
    fn from_slot(slot: u64) -> Self;
    /// Returns the slot for the value.
    fn into_slot(self) -> u64;
}

macro_rules! slot_value {
    ($($Type:ty: $float:literal, |$slot:ident| $from:expr, |$value:ident| $into:expr;)*) => { $(
        impl SlotValue for $Type {
            const IS_FLOAT: bool = $float;
            #[inline(always)]
            fn from_slot($slot: u64) -> Self { $from }
            #[inline(always)]
            fn into_slot(self) -> u64 { let $value = self; $into }
        }
    )* };
}

// `as` between integers of different width or sign drops or reinterprets bits. That is intended.
slot_value! {
    u32: false, |slot| slot as u32, |value| u64::from(value);
    i32: false, |slot| slot as i32, |value| u64::from(value as u32);
    u64: false, |slot| slot, |value| value;
    i64: false, |slot| slot as i64, |value| value as u64;
    bool: false, |slot| slot as u32 != 0, |value| u64::from(value);
    f32: true, |slot| f32::from_bits(slot as u32), |value| u64::from(value.to_bits());
    f64: true, |slot| f64::from_bits(slot), |value| value.to_bits();
}

#[cfg(test)]
mod tests {
    use super::SlotValue;

    #[test]
    fn narrow_integers_are_zero_extended() {
        assert_eq!((-1_i32).into_slot(), 0xffff_ffff);
        assert_eq!(i32::from_slot(0xdead_beef_ffff_fffe), -2);
    }

    #[test]
    fn a_float_keeps_its_bits() {
        let signalling = f64::from_bits(0x7ff0_0000_0000_0001);
        assert_eq!(signalling.into_slot(), 0x7ff0_0000_0000_0001);
    }
}
