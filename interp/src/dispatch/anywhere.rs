//! Access to numbers at any address, as WebAssembly allows it, and other code that depends on the processor.
//!
//! Some functions here contain assembly without an instruction: it keeps the compiler from changes that would make code slower. Their
//! result does not depend on it. Where stable Rust has no assembly for the processor (`cfg(assembly)`, see `build.rs`), they have a plain
//! form.
//!
//! Most processors access an unaligned number in one instruction. On RISC-V such an access may trap, so the compiler makes byte
//! accesses of it: 18 instructions for a load of eight bytes. Nearly all addresses are aligned, though, and a test of the
//! alignment takes two instructions. So the functions here test first.

#[cfg(assembly)]
use core::arch::asm;
use core::ptr;

/// True if the compiler makes byte accesses of a number whose alignment it does not know.
const BYTEWISE: bool = cfg!(any(target_arch = "riscv64", target_arch = "riscv32"));

/// Reads the number at `at`.
///
/// # Safety
/// Its bytes can be read.
#[inline(always)]
pub(crate) unsafe fn read<T: Copy>(at: *const u8) -> T {
    let at = at.cast::<T>();
    // SAFETY: invariant 1 or 3 at the call: the bytes can be read. The alignment is tested where it matters.
    unsafe {
        if BYTEWISE && at.is_aligned() {
            // Volatile: otherwise the compiler would merge both accesses into the slow one.
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
        if !BYTEWISE {
            at.write_unaligned(number);
        } else if at.is_aligned() {
            at.write_volatile(number);
        } else {
            write_bytes(at.cast(), number);
        }
    }
}

/// Writes a number byte by byte, from one register. The compiler's own code would hold each byte in a register before it writes
/// the first one, and would spill other registers.
///
/// # Safety
/// As [`write`].
#[inline(always)]
unsafe fn write_bytes<T: Copy>(at: *mut u8, number: T) {
    let bytes = ptr::from_ref(&number).cast::<u8>();
    let size = size_of::<T>();
    for start in (0..size).step_by(size_of::<usize>()) {
        let mut word = [0; size_of::<usize>()];
        let len = word.len().min(size - start);
        // SAFETY: invariant 3 at the call: the bytes can be written. `len` bytes of the number and of the word exist.
        unsafe {
            ptr::copy_nonoverlapping(bytes.add(start), word.as_mut_ptr(), len);
            let mut rest = usize::from_le_bytes(word);
            for index in start..start + len {
                at.add(index).write(rest as u8);
                rest = one(rest >> 8);
            }
        }
    }
}

/// Returns `number`, and hides its computation from the compiler, which would otherwise repeat it elsewhere.
#[inline(always)]
#[cfg_attr(not(assembly), expect(unused_mut, reason = "assembly would change it"))]
pub(crate) fn one(mut number: usize) -> usize {
    #[cfg(assembly)]
    // SAFETY: no instruction at all.
    unsafe {
        asm!("/* {0} */", inout(reg) number, options(pure, nomem, nostack, preserves_flags));
    }
    number
}

/// Keeps the code before it and the code behind it apart: the compiler neither merges the place with another one nor makes a
/// conditional move of a branch around it.
#[inline(always)]
pub(crate) fn apart() {
    #[cfg(assembly)]
    // SAFETY: no instruction at all.
    unsafe {
        asm!("", options(nomem, nostack, preserves_flags));
    }
}

/// Keeps the compiler from joining the stores before it and behind it, as in a loop that it would otherwise replace by a call of
/// `memset`.
#[inline(always)]
pub(crate) fn stores_apart() {
    #[cfg(assembly)]
    // SAFETY: no instruction at all.
    unsafe {
        asm!("", options(nostack, preserves_flags));
    }
}

/// Forces `bits` into an integer register, on processors whose registers can hold them.
#[inline(always)]
#[cfg_attr(
    not(all(assembly, target_pointer_width = "64")),
    expect(unused_mut, reason = "assembly would change it")
)]
#[cfg_attr(
    not(all(switch, not(debug_assertions))),
    expect(dead_code, reason = "only one back end needs it")
)]
pub(crate) fn in_register(mut bits: u64) -> u64 {
    #[cfg(all(assembly, target_pointer_width = "64"))]
    // SAFETY: no instruction at all. The comment names the register, since there must be a place for it.
    unsafe {
        asm!("/* {} */", inlateout(reg) bits, options(nomem, nostack, preserves_flags));
    }
    bits
}

/// Returns `address`, and hides its computation as [`one`] does.
#[inline(always)]
pub(crate) fn place<T>(address: *const T) -> *const T {
    ptr::with_exposed_provenance(one(address.expose_provenance()))
}

/// The start address of an access. On x86-64 the compiler would otherwise add its parts twice, before the bounds check and after
/// it, and keep both parts in registers until then.
#[inline(always)]
pub(crate) fn start(sum: u64) -> u64 {
    if cfg!(target_arch = "x86_64") {
        one(sum as usize) as u64
    } else {
        sum
    }
}

/// The square root in builds without `std`. The library `libm` computes it digit by digit, so an instruction is used where the
/// processor has one.
#[cfg(not(feature = "std"))]
#[inline(always)]
pub(crate) fn sqrt64(x: f64) -> f64 {
    #[cfg(all(target_arch = "riscv64", target_feature = "d"))]
    {
        let root;
        // SAFETY: every processor with this feature has the instruction.
        unsafe {
            asm!("fsqrt.d {0}, {1}", out(freg) root, in(freg) x, options(pure, nomem, nostack));
        }
        root
    }
    #[cfg(not(all(target_arch = "riscv64", target_feature = "d")))]
    libm::sqrt(x)
}

/// As [`sqrt64`].
#[cfg(not(feature = "std"))]
#[inline(always)]
pub(crate) fn sqrt32(x: f32) -> f32 {
    #[cfg(all(target_arch = "riscv64", target_feature = "f"))]
    {
        let root;
        // SAFETY: every processor with this feature has the instruction.
        unsafe {
            asm!("fsqrt.s {0}, {1}", out(freg) root, in(freg) x, options(pure, nomem, nostack));
        }
        root
    }
    #[cfg(not(all(target_arch = "riscv64", target_feature = "f")))]
    libm::sqrtf(x)
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
