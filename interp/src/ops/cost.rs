//! The cost of ops that fill or copy many bytes: fuel in proportion, and pieces between which a program can be stopped.
//!
//! A branch or a call costs one unit of fuel and takes about a nanosecond. These ops can take a second. So each pays a unit for every
//! [`BYTES_PER_UNIT`] bytes before it begins. If the fuel is not enough, the op has no effect; a resumable call runs it
//! when the rest was paid. Only a stop of the program can end an op that has begun. The op asks for a stop after each
//! [`PIECE`] bytes.

use core::ptr;

use crate::machine::{Context, Exit};

/// Bytes that are filled or copied for a unit of fuel. The rest of a division is free.
pub(crate) const BYTES_PER_UNIT: u64 = 1024;

/// The number of bytes between two questions for a stop: some 100 microseconds. It is a multiple of the size of a slot.
pub(crate) const PIECE: usize = 1 << 20;

/// Pays for an op that fills or copies `bytes` bytes, fewer than 2⁶³.
///
/// # Errors
/// As [`Runtime::pay`](crate::machine::Runtime::pay).
///
/// # Safety
/// Invariant 4.
#[inline(always)]
pub(super) unsafe fn pay(cx: *mut Context, bytes: u64) -> Result<(), Exit> {
    // SAFETY: invariant 4. The caller promises that the bytes can be accessed.
    unsafe {
        let left = (*cx).fuel - (bytes / BYTES_PER_UNIT).cast_signed();
        if left < 0 {
            return ask(cx, bytes / BYTES_PER_UNIT);
        }
        (*cx).fuel = left;
        Ok(())
    }
}

/// Asks the runtime for fuel.
#[cold]
#[inline(never)]
unsafe fn ask(cx: *mut Context, units: u64) -> Result<(), Exit> {
    // SAFETY: invariant 4.
    unsafe { (*(*cx).runtime).pay(units) }
}

/// Asks the runtime whether the program must stop.
#[cold]
#[inline(never)]
pub(super) unsafe fn look(cx: *mut Context) -> Result<(), Exit> {
    // SAFETY: invariant 4.
    unsafe { (*(*cx).runtime).look() }
}

/// Fills `len` bytes at `at` with `value`.
///
/// # Errors
/// As [`pay`], and [`Runtime::look`](crate::machine::Runtime::look): then the first bytes are filled.
///
/// # Safety
/// Invariant 4; the bytes can be written.
#[inline(always)]
pub(super) unsafe fn fill(
    cx: *mut Context,
    at: *mut u8,
    value: u8,
    len: usize,
) -> Result<(), Exit> {
    // SAFETY: invariant 4. The caller promises that the bytes can be accessed.
    unsafe {
        pay(cx, len as u64)?;
        if len > PIECE {
            return fill_pieces(cx, at, value, len);
        }
        ptr::write_bytes(at, value, len);
        Ok(())
    }
}

#[cold]
#[inline(never)]
unsafe fn fill_pieces(cx: *mut Context, at: *mut u8, value: u8, len: usize) -> Result<(), Exit> {
    for start in (0..len).step_by(PIECE) {
        // SAFETY: invariant 4, and the bytes can be written: the caller of `fill` promises both.
        unsafe {
            ptr::write_bytes(at.add(start), value, PIECE.min(len - start));
            look(cx)?;
        }
    }
    Ok(())
}

/// Fills `len` slots at `at` with `value`.
///
/// # Errors
/// As [`fill`].
///
/// # Safety
/// As [`fill`].
#[cold]
#[inline(never)]
pub(super) unsafe fn fill_slots(
    cx: *mut Context,
    at: *mut u64,
    value: u64,
    len: usize,
) -> Result<(), Exit> {
    const PIECE_SLOTS: usize = PIECE / size_of::<u64>();
    // SAFETY: invariant 4. The caller promises that the bytes can be accessed.
    unsafe {
        pay(cx, (len * size_of::<u64>()) as u64)?;
        for start in (0..len).step_by(PIECE_SLOTS) {
            for slot in start..len.min(start + PIECE_SLOTS) {
                at.add(slot).write(value);
            }
            if len > PIECE_SLOTS {
                look(cx)?;
            }
        }
    }
    Ok(())
}

/// Copies `len` bytes from `from` to `to`, which may overlap.
///
/// # Errors
/// As [`pay`], and [`Runtime::look`](crate::machine::Runtime::look): then a part of the bytes is copied.
///
/// # Safety
/// Invariant 4; the bytes can be read and written.
#[inline(always)]
pub(super) unsafe fn copy(
    cx: *mut Context,
    from: *const u8,
    to: *mut u8,
    len: usize,
) -> Result<(), Exit> {
    // SAFETY: invariant 4. The caller promises that the bytes can be accessed.
    unsafe {
        pay(cx, len as u64)?;
        if len > PIECE {
            return copy_pieces(cx, from, to, len);
        }
        ptr::copy(from, to, len);
        Ok(())
    }
}

#[cold]
#[inline(never)]
unsafe fn copy_pieces(
    cx: *mut Context,
    from: *const u8,
    to: *mut u8,
    len: usize,
) -> Result<(), Exit> {
    // No piece may overwrite bytes that a later piece reads.
    let forwards = to.cast_const() <= from;
    for done in (0..len).step_by(PIECE) {
        let piece = PIECE.min(len - done);
        let start = if forwards { done } else { len - done - piece };
        // SAFETY: invariant 4, and the bytes can be read and written: the caller of `copy` promises both.
        unsafe {
            ptr::copy(from.add(start), to.add(start), piece);
            look(cx)?;
        }
    }
    Ok(())
}
