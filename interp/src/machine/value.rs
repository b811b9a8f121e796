//! Rust types as slots: the representation of every value in a frame.

use super::{Class, Regs};

/// A type whose values live in the slots of a frame.
pub trait Value: Copy {
    /// Its class, which determines the number of slots.
    const CLASS: Class;
    /// Whether it has at most 32 bits. Constants of such types are sign-extended.
    const IS_32: bool = size_of::<Self>() <= 4;

    /// Reads the value from its slots, of which `slot` is the first.
    ///
    /// # Safety
    /// The slots can be read.
    unsafe fn load(slot: *const u64) -> Self;

    /// Writes the value to its slots, of which `slot` is the first.
    ///
    /// # Safety
    /// The slots can be written.
    unsafe fn store(self, slot: *mut u64);

    /// Writes the value to the accumulator of its class, if there is one.
    fn accumulate(self, m: &mut Regs);
}

/// A type that fits into one slot.
///
/// Integers narrower than a slot are zero-extended: an `i32` slot read as 64 bits *is*
/// `i64.extend_i32_u`, and any slot read as 32 bits is `i32.wrap_i64`. Lowering builds on both.
pub trait SlotValue: Value {
    /// Returns the value in a slot.
    fn from_slot(slot: u64) -> Self;
    /// Returns the slot for the value.
    fn into_slot(self) -> u64;
}

macro_rules! slot_value {
    ($($Type:ty: $Class:ident, |$slot:ident| $from:expr, |$value:ident| $into:expr;)*) => { $(
        impl Value for $Type {
            const CLASS: Class = Class::$Class;
            #[inline(always)]
            unsafe fn load(slot: *const u64) -> Self {
                // SAFETY: promised by the caller.
                Self::from_slot(unsafe { slot.read() })
            }
            #[inline(always)]
            unsafe fn store(self, slot: *mut u64) {
                // SAFETY: promised by the caller.
                unsafe { slot.write(self.into_slot()) }
            }
            #[inline(always)]
            fn accumulate(self, m: &mut Regs) {
                slot_value!(@$Class m, self.into_slot());
            }
        }

        impl SlotValue for $Type {
            #[inline(always)]
            fn from_slot($slot: u64) -> Self { $from }
            #[inline(always)]
            fn into_slot(self) -> u64 { let $value = self; $into }
        }
    )* };
    (@Integer $m:ident, $slot:expr) => { $m.acc = $slot };
    (@Float $m:ident, $slot:expr) => { $m.facc = f64::from_bits($slot) };
}

// `as` between integers of different width or sign drops or reinterprets bits. That is intended.
slot_value! {
    u32: Integer, |slot| slot as u32, |value| u64::from(value);
    i32: Integer, |slot| slot as i32, |value| u64::from(value as u32);
    u64: Integer, |slot| slot, |value| value;
    i64: Integer, |slot| slot as i64, |value| value as u64;
    bool: Integer, |slot| slot as u32 != 0, |value| u64::from(value);
    f32: Float, |slot| f32::from_bits(slot as u32), |value| u64::from(value.to_bits());
    f64: Float, |slot| f64::from_bits(slot), |value| value.to_bits();
}

/// A vector of 128 bits: its bytes, the lowest first, as in memory.
///
/// It is no `u128`: of a number that is loaded as a whole and then cut into lanes, LLVM makes code for each lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct V128(pub [u8; 16]);

/// A vector in two slots: at an address that is a multiple of eight. Without this, compilers for RISC-V access each byte.
#[repr(C, align(8))]
struct InSlots(V128);

impl Value for V128 {
    const CLASS: Class = Class::Vector;
    #[inline(always)]
    unsafe fn load(slot: *const u64) -> Self {
        // One access of 16 bytes, where the bytes of a slot are in the order of those of a vector.
        if cfg!(target_endian = "little") {
            // SAFETY: promised by the caller: both slots can be read.
            return unsafe { slot.cast::<InSlots>().read() }.0;
        }
        // SAFETY: as above.
        Self::from_halves(unsafe { [slot.read(), slot.add(1).read()] })
    }
    #[inline(always)]
    unsafe fn store(self, slot: *mut u64) {
        if cfg!(target_endian = "little") {
            // SAFETY: promised by the caller: both slots can be written.
            return unsafe { slot.cast::<InSlots>().write(InSlots(self)) };
        }
        let bits = u128::from_le_bytes(self.0);
        // `as` keeps the low half.
        // SAFETY: as above.
        unsafe {
            slot.write(bits as u64);
            slot.add(1).write((bits >> 64) as u64);
        }
    }
    /// Vectors have no accumulator.
    #[inline(always)]
    fn accumulate(self, _: &mut Regs) {}
}

impl V128 {
    /// The vector of two slots, the lower one first.
    #[inline(always)]
    #[must_use]
    pub fn from_halves([low, high]: [u64; 2]) -> Self {
        Self((u128::from(low) | u128::from(high) << 64).to_le_bytes())
    }
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
