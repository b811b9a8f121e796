//! Integer arithmetic (core specification, 4.3.2 "Integer Operations").

use super::binary::{Binary, eval_slots, integer_shapes};
use super::row::{Kind, Row, rows};
use crate::machine::Trap;

rows! { Binary: integer_shapes, 14, Kind::Integer, eval2: eval_slots;
    /// `dst ← a + b`
    I32Add "i32.add" 0x6a (a, b: u32) -> u32 { a.wrapping_add(b) }
    /// `dst ← a - b`
    I32Sub "i32.sub" 0x6b (a, b: u32) -> u32 { a.wrapping_sub(b) }
    /// `dst ← a × b`
    I32Mul "i32.mul" 0x6c (a, b: u32) -> u32 { a.wrapping_mul(b) }
    /// `dst ← a ÷ b` toward zero; traps on `b = 0` and on `MIN ÷ -1`
    I32DivS "i32.div_s" 0x6d (a, b: i32) -> i32 {
        if b == 0 { return Err(Trap::IntegerDivisionByZero) }
        a.checked_div(b).ok_or(Trap::IntegerOverflow)?
    }
    /// `dst ← a ÷ b`; traps on `b = 0`
    I32DivU "i32.div_u" 0x6e (a, b: u32) -> u32 { a.checked_div(b).ok_or(Trap::IntegerDivisionByZero)? }
    /// `dst ← a mod b` with the sign of a; traps on `b = 0`
    I32RemS "i32.rem_s" 0x6f (a, b: i32) -> i32 {
        if b == 0 { return Err(Trap::IntegerDivisionByZero) }
        a.wrapping_rem(b)
    }
    /// `dst ← a mod b`; traps on `b = 0`
    I32RemU "i32.rem_u" 0x70 (a, b: u32) -> u32 { a.checked_rem(b).ok_or(Trap::IntegerDivisionByZero)? }
    /// `dst ← a ∧ b`
    I32And "i32.and" 0x71 (a, b: u32) -> u32 { a & b }
    /// `dst ← a ∨ b`
    I32Or "i32.or" 0x72 (a, b: u32) -> u32 { a | b }
    /// `dst ← a ⊕ b`
    I32Xor "i32.xor" 0x73 (a, b: u32) -> u32 { a ^ b }
    /// `dst ← a << (b mod 32)`
    I32Shl "i32.shl" 0x74 (a, b: u32) -> u32 { a.wrapping_shl(b) }
    /// `dst ← a >> (b mod 32)`, keeping the sign
    I32ShrS "i32.shr_s" 0x75 (a, b: i32) -> i32 { a.wrapping_shr(b as u32) }
    /// `dst ← a >> (b mod 32)`
    I32ShrU "i32.shr_u" 0x76 (a, b: u32) -> u32 { a.wrapping_shr(b) }
    /// `dst ← a` rotated left by `b mod 32`
    I32Rotl "i32.rotl" 0x77 (a, b: u32) -> u32 { a.rotate_left(b & 31) }
    /// `dst ← a` rotated right by `b mod 32`
    I32Rotr "i32.rotr" 0x78 (a, b: u32) -> u32 { a.rotate_right(b & 31) }
    /// `dst ← a + b`
    I64Add "i64.add" 0x7c (a, b: u64) -> u64 { a.wrapping_add(b) }
    /// `dst ← a - b`
    I64Sub "i64.sub" 0x7d (a, b: u64) -> u64 { a.wrapping_sub(b) }
    /// `dst ← a × b`
    I64Mul "i64.mul" 0x7e (a, b: u64) -> u64 { a.wrapping_mul(b) }
    /// `dst ← a ÷ b` toward zero; traps on `b = 0` and on `MIN ÷ -1`
    I64DivS "i64.div_s" 0x7f (a, b: i64) -> i64 {
        if b == 0 { return Err(Trap::IntegerDivisionByZero) }
        a.checked_div(b).ok_or(Trap::IntegerOverflow)?
    }
    /// `dst ← a ÷ b`; traps on `b = 0`
    I64DivU "i64.div_u" 0x80 (a, b: u64) -> u64 { a.checked_div(b).ok_or(Trap::IntegerDivisionByZero)? }
    /// `dst ← a mod b` with the sign of a; traps on `b = 0`
    I64RemS "i64.rem_s" 0x81 (a, b: i64) -> i64 {
        if b == 0 { return Err(Trap::IntegerDivisionByZero) }
        a.wrapping_rem(b)
    }
    /// `dst ← a mod b`; traps on `b = 0`
    I64RemU "i64.rem_u" 0x82 (a, b: u64) -> u64 { a.checked_rem(b).ok_or(Trap::IntegerDivisionByZero)? }
    /// `dst ← a ∧ b`
    I64And "i64.and" 0x83 (a, b: u64) -> u64 { a & b }
    /// `dst ← a ∨ b`
    I64Or "i64.or" 0x84 (a, b: u64) -> u64 { a | b }
    /// `dst ← a ⊕ b`
    I64Xor "i64.xor" 0x85 (a, b: u64) -> u64 { a ^ b }
    /// `dst ← a << (b mod 64)`
    I64Shl "i64.shl" 0x86 (a, b: u64) -> u64 { a.wrapping_shl(b as u32) }
    /// `dst ← a >> (b mod 64)`, keeping the sign
    I64ShrS "i64.shr_s" 0x87 (a, b: i64) -> i64 { a.wrapping_shr(b as u32) }
    /// `dst ← a >> (b mod 64)`
    I64ShrU "i64.shr_u" 0x88 (a, b: u64) -> u64 { a.wrapping_shr(b as u32) }
    /// `dst ← a` rotated left by `b mod 64`
    I64Rotl "i64.rotl" 0x89 (a, b: u64) -> u64 { a.rotate_left(b as u32 & 63) }
    /// `dst ← a` rotated right by `b mod 64`
    I64Rotr "i64.rotr" 0x8a (a, b: u64) -> u64 { a.rotate_right(b as u32 & 63) }
}
