//! Numbers in memory at any address, as WebAssembly allows them.
//!
//! Most processors access such a number in one instruction. On RISC-V that may trap, so the compiler takes it apart into bytes: 18
//! instructions for a load of eight. Nearly all addresses are multiples of the number's size, though, and asking takes two.

/// Whether the compiler goes byte by byte where it does not know the address.
const BYTEWISE: bool = cfg!(any(target_arch = "riscv64", target_arch = "riscv32"));

/// Reads the number at `at`.
///
/// # Safety
/// Its bytes can be read.
#[inline(always)]
pub(crate) unsafe fn read<T: Copy>(at: *const u8) -> T {
    let at = at.cast::<T>();
    // SAFETY: promised by the caller; the address is asked where it matters.
    unsafe {
        if BYTEWISE && at.is_aligned() {
            // Volatile, or the compiler would make one access of both again: the slow one.
            at.read_volatile()
        } else {
            at.read_unaligned()
        }
    }
}

/// Writes a number to `at`.
///
/// # Safety
/// Its bytes can be written.
#[inline(always)]
pub(crate) unsafe fn write<T: Copy>(at: *mut u8, number: T) {
    let at = at.cast::<T>();
    // SAFETY: as in `read`.
    unsafe {
        if BYTEWISE && at.is_aligned() {
            at.write_volatile(number);
        } else {
            at.write_unaligned(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lie_at_any_address() {
        let mut bytes = [0_u8; 32];
        for at in 0..bytes.len() - size_of::<u64>() {
            let number = 0x0123_4567_89ab_cdef_u64.rotate_left(at as u32);
            // SAFETY: eight bytes from there on are in the array.
            let (place, again) = unsafe {
                let place = bytes.as_mut_ptr().add(at);
                write(place, number.to_le());
                (place, u64::from_le(read(place)))
            };
            assert_eq!(again, number);
            // SAFETY: as above.
            let halves: [u32; 2] = unsafe { [read(place), read(place.add(4))] };
            let whole = halves.map(u32::from_le).map(u64::from);
            assert_eq!(whole[0] | whole[1] << 32, number);
            assert_eq!(bytes[at..at + 8], number.to_le_bytes());
        }
    }
}
