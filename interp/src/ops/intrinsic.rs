//! Functions of Go's runtime that are known by their bytes, each as one op.
//!
//! Go compares strings and looks for bytes in a few functions of assembly, which go from byte to byte. Their bodies call
//! nothing, use no global, and are the same in every program; Go 1.21, 1.25 and 1.27 agree in each byte. So a function
//! whose body has exactly these bytes begins with an op that knows its answer:
//!
//! ```text
//!  ┌─────────────┐
//!  │ go.memequal │      no operands: the function's parameters are its first slots
//!  └─────────────┘
//! ```
//!
//! If memory does not hold all bytes that the function may look at, or the answer is not known for another reason, the
//! op does nothing, and the body behind it, which is lowered as any other, goes from byte to byte until it traps or
//! returns. An op only reads, so nobody can tell that it ran but by the time and the fuel: the backward branches of the
//! body's loop are not taken.
//!
//! Nothing here depends on the program being Go's: what has the same body and the same number of parameters and results
//! does the same.

use core::marker::PhantomData;

use super::call::return_value;
use super::number;
use crate::dispatch::{Op, OpDef, OpNumber, Reader};
use crate::machine::{Leave, Regs, SlotIndex};

/// A function that is known by its body.
pub trait Known {
    /// Its name in Go's runtime, as that of an op.
    const NAME: &'static str;
    /// What [`Op::EFFECT`] says.
    const EFFECT: &'static str;
    /// Its body: the locals that it declares, then its instructions. With [`PARAMETERS`] parameters and a result, what
    /// their types are follows from this: validation admits no others.
    const BODY: &'static [u8];

    /// What it returns for these arguments; nothing if that depends on bytes that are not in `memory`.
    fn answer(memory: &[u8], arguments: [u64; PARAMETERS as usize]) -> Option<u64>;
}

/// How many parameters each has.
pub const PARAMETERS: u16 = 3;

/// `memeqbody(p, q, n i64) i64`: whether the `n` bytes at `p` are those at `q`.
#[derive(Debug)]
pub struct MemEqual;

impl Known for MemEqual {
    const NAME: &'static str = "go.memequal";
    const EFFECT: &'static str =
        "if memory holds both: return whether the `l2` bytes at `l0` equal those at `l1`";
    #[rustfmt::skip]
    const BODY: &'static [u8] = &[
        0,                                            // no locals
        0x20, 0, 0x20, 1, 0x51,                       // p == q
        0x04, 0x40, 0x42, 1, 0x0f, 0x0b,              // if: return 1
        0x03, 0x40,                                   // loop
        0x20, 2, 0x50,                                //   n == 0
        0x04, 0x40, 0x42, 1, 0x0f, 0x0b,              //   if: return 1
        0x20, 0, 0xa7, 0x31, 0, 0,                    //   the byte at p
        0x20, 1, 0xa7, 0x31, 0, 0,                    //   the byte at q
        0x52, 0x04, 0x40, 0x42, 0, 0x0f, 0x0b,        //   if they differ: return 0
        0x20, 0, 0x42, 1, 0x7c, 0x21, 0,              //   p += 1
        0x20, 1, 0x42, 1, 0x7c, 0x21, 1,              //   q += 1
        0x20, 2, 0x42, 1, 0x7d, 0x21, 2,              //   n -= 1
        0x0c, 0,                                      //   again
        0x0b, 0x00, 0x00, 0x0b,                       // end, unreachable twice, end
    ];

    #[inline(always)]
    fn answer(memory: &[u8], [p, q, n]: [u64; 3]) -> Option<u64> {
        let equal = bytes(memory, p, n)? == bytes(memory, q, n)?;
        Some(equal.into())
    }
}

/// `memcmp(p, q, n i32) i32`: the difference of the first two bytes that differ, among the `n` at `p` and at `q`.
#[derive(Debug)]
pub struct MemCompare;

impl Known for MemCompare {
    const NAME: &'static str = "go.memcmp";
    const EFFECT: &'static str =
        "if memory holds both: return the first difference of the `l2` bytes at `l0` and at `l1`";
    #[rustfmt::skip]
    const BODY: &'static [u8] = &[
        1, 2, 0x7f,                                   // a, b: i32
        0x20, 2, 0x04, 0x7f,                          // if n
        0x03, 0x40,                                   //   loop
        0x20, 0, 0x2c, 0, 0, 0x22, 3,                 //     a = the byte at p
        0x20, 1, 0x2c, 0, 0, 0x22, 4,                 //     b = the byte at q
        0x46, 0x04, 0x40,                             //     if they are equal
        0x20, 0, 0x41, 1, 0x6a, 0x21, 0,              //       p += 1
        0x20, 1, 0x41, 1, 0x6a, 0x21, 1,              //       q += 1
        0x41, 0,
        0x20, 2, 0x41, 0x7f, 0x6a, 0x22, 2,           //       n -= 1
        0x45, 0x0d, 3,                                //       if n is 0: return 0
        0x1a, 0x0c, 1,                                //       again
        0x0b, 0x0b,
        0x20, 3, 0x41, 0xff, 1, 0x71,                 //   a as a byte
        0x20, 4, 0x41, 0xff, 1, 0x71, 0x6b,           //   less b as a byte
        0x05, 0x41, 0, 0x0b,                          // else 0
        0x0f, 0x00, 0x0b,                             // return, unreachable, end
    ];

    #[inline(always)]
    fn answer(memory: &[u8], [p, q, n]: [u64; 3]) -> Option<u64> {
        let difference = first_difference(bytes(memory, p, n)?, bytes(memory, q, n)?);
        Some(difference.cast_unsigned().into())
    }
}

/// `memchr(p, c, n i32) i32`: the address of the first of the `n` bytes at `p` that is `c`, or 0.
#[derive(Debug)]
pub struct MemFind;

impl Known for MemFind {
    const NAME: &'static str = "go.memchr";
    const EFFECT: &'static str =
        "if memory holds them: return where among the `l2` bytes at `l0` the first `l1` is, or 0";
    #[rustfmt::skip]
    const BODY: &'static [u8] = &[
        1, 2, 0x7f,                                   // t, w: i32
        0x20, 1, 0x21, 4,                             // w = c
        0x02, 0x40, 0x02, 0x40,                       // block, block
        0x20, 2, 0x41, 0, 0x47, 0x22, 3,              //     t = n != 0
        0x20, 0, 0x41, 3, 0x71, 0x41, 0, 0x47, 0x71,
        0x04, 0x40, 0x03, 0x40,                       //     while p is not aligned, and n is not 0
        0x20, 0, 0x2d, 0, 0, 0x20, 1, 0x46, 0x0d, 2,  //       if the byte at p is c: leave
        0x20, 2, 0x41, 0x7f, 0x6a, 0x22, 2,           //       n -= 1
        0x41, 0, 0x47, 0x22, 3,
        0x20, 0, 0x41, 1, 0x6a, 0x22, 0,              //       p += 1
        0x41, 3, 0x71, 0x41, 0, 0x47, 0x71, 0x0d, 0,
        0x0b, 0x0b,
        0x20, 3, 0x0d, 0,                             //     if n is 0
        0x41, 0, 0x21, 1, 0x0c, 1, 0x0b,              //       n' = 0, and to the end
        0x20, 0, 0x2d, 0, 0, 0x20, 4, 0x22, 3, 0x46,  //   if the byte at p is c
        0x04, 0x40, 0x20, 2, 0x21, 1, 0x05,           //     n' = n, and to the end
        0x20, 4, 0x41, 0x81, 0x82, 0x84, 8, 0x6c, 0x21, 4, // w = c in four bytes
        0x02, 0x40, 0x02, 0x40,
        0x20, 2, 0x41, 3, 0x4b, 0x04, 0x40,           //     if four bytes are left
        0x20, 2, 0x21, 1, 0x03, 0x40,                 //       loop
        0x20, 0, 0x28, 2, 0, 0x20, 4, 0x73, 0x22, 2,  //         the word at p, zero where it has c
        0x41, 0x80, 0x81, 0x82, 0x84, 0x78, 0x71,
        0x41, 0x80, 0x81, 0x82, 0x84, 0x78, 0x73,
        0x20, 2, 0x41, 0xff, 0xfd, 0xfb, 0x77, 0x6a, 0x71,
        0x45, 0x04, 0x40,                             //         if it has none
        0x20, 0, 0x41, 4, 0x6a, 0x21, 0,              //           p += 4
        0x20, 1, 0x41, 0x7c, 0x6a, 0x22, 1,           //           n' -= 4
        0x41, 3, 0x4b, 0x0d, 1, 0x0c, 3,              //           again, while four are left
        0x0b, 0x0b, 0x05,
        0x20, 2, 0x21, 1, 0x0c, 1, 0x0b,              //     else n' = n
        0x0c, 1, 0x0b,
        0x20, 1, 0x45, 0x04, 0x40,                    //     if n' is 0
        0x41, 0, 0x21, 1, 0x0c, 3, 0x0b, 0x0b,        //       to the end
        0x03, 0x40,                                   //     loop
        0x20, 0, 0x2d, 0, 0, 0x20, 3, 0x46, 0x0d, 2,  //       if the byte at p is c: leave
        0x20, 0, 0x41, 1, 0x6a, 0x21, 0,              //       p += 1
        0x20, 1, 0x41, 0x7f, 0x6a, 0x22, 1, 0x0d, 0,  //       n' -= 1, again if that is not 0
        0x41, 0, 0x21, 1,
        0x0b, 0x0b, 0x0b,
        0x20, 0, 0x41, 0, 0x20, 1, 0x1b,              // p if n' is not 0, else 0
        0x0f, 0x00, 0x0b,                             // return, unreachable, end
    ];

    #[inline(always)]
    fn answer(memory: &[u8], [p, c, n]: [u64; 3]) -> Option<u64> {
        let byte = u8::try_from(c).ok()?;
        let found = memchr::memchr(byte, bytes(memory, p, n)?);
        // An address in memory has 32 bits.
        Some(found.map_or(0, |at| (p as u32 as usize + at) as u64))
    }
}

/// The `n` bytes of memory at `p`, of which 32 bits count.
#[inline(always)]
fn bytes(memory: &[u8], p: u64, n: u64) -> Option<&[u8]> {
    let rest = memory.get(p as u32 as usize..)?;
    rest.get(..usize::try_from(n).ok()?)
}

/// The first two bytes that differ, subtracted; 0 if none does. Both slices are of one length.
#[inline(always)]
fn first_difference(a: &[u8], b: &[u8]) -> i32 {
    // Words first: equal beginnings are long in what is sorted.
    let words = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    let equal = words.take_while(|(a, b)| a == b).count() * 8;
    let mut rest = a[equal..].iter().zip(&b[equal..]);
    rest.find(|(a, b)| a != b)
        .map_or(0, |(&a, &b)| i32::from(a) - i32::from(b))
}

/// The start of a function that is known: its answer, if that can be told.
#[derive(Debug)]
pub struct Intrinsic<K>(PhantomData<K>);

// SAFETY: invariants 2 and 3: lowering has seen that the function has these parameters, and nobody writes to memory while the answer
// is found. It goes on behind itself, or returns as the function would.
unsafe impl<K: Known> Op for Intrinsic<K> {
    const NAME: &'static str = K::NAME;
    const EFFECT: &'static str = K::EFFECT;
    type Operands = ();

    #[inline(always)]
    fn run(m: &mut Regs, _: Reader<Self>) -> Result<(), Leave> {
        // SAFETY: as above. A length that memory has is a `usize`.
        unsafe {
            // An empty memory may lie nowhere.
            if m.mem.is_null() {
                return Ok(());
            }
            let memory = core::slice::from_raw_parts(m.mem, m.mem_len as usize);
            let arguments = [0, 1, 2].map(|slot| m.slot(SlotIndex(slot)).read());
            if let Some(answer) = K::answer(memory, arguments) {
                return_value(m, SlotIndex(PARAMETERS), answer);
            }
        }
        Ok(())
    }
}

/// The op that a function with this body begins with, if it is known. It must have [`PARAMETERS`] parameters and one result.
#[must_use]
pub fn of_body(body: &[u8]) -> Option<OpNumber> {
    const KNOWN: [(&[u8], OpNumber); 3] = [
        (MemEqual::BODY, number::<Intrinsic<MemEqual>>()),
        (MemCompare::BODY, number::<Intrinsic<MemCompare>>()),
        (MemFind::BODY, number::<Intrinsic<MemFind>>()),
    ];
    let known = KNOWN.iter().find(|(bytes, _)| *bytes == body);
    known.map(|&(_, op)| op)
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<Intrinsic<MemEqual>>(),
    OpDef::of::<Intrinsic<MemCompare>>(),
    OpDef::of::<Intrinsic<MemFind>>(),
];
