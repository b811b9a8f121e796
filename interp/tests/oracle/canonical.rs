//! Canonical NaNs: every number stays as it is, and every NaN becomes the canonical one. `tests/canonical.rs` has the lanes of vectors.

use interp::dispatch::OpNumber;
use interp::machine::{Class, Exit};

use crate::bare::{Bare, Code};
use crate::def;
use crate::inputs::pairs;
use crate::place::{arity, check_output, finish, place};

/// Bits of NaNs with 64 bits, and with 32 in the low half.
const NANS: [u64; 4] = [
    0x7ff8_0000_0000_0000,
    0xfff0_0000_0000_0001,
    0x7ff8_1234_ffc5_6789,
    0x7f80_0001,
];

/// Checks an op of the family.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    #[cfg(feature = "simd")]
    if def(op).name.contains('x') {
        return crate::vector::check(bare, op);
    }
    assert_eq!(arity(op), 1);
    for input in pairs().iter().flat_map(|(a, b)| [*a, *b]).chain(NANS) {
        let placed = place(bare, op, &[input], 0, 0, 0);
        let mut code = Code::default();
        placed.append(&mut code);
        finish(&mut code);
        let (exit, _) = bare.run(&code, placed.start);
        assert_eq!(exit, Exit::Done, "{placed}");
        let expected = match def(op).name {
            // The low half, a NaN if all bits of the exponent are set and one of the fraction.
            "f32.canonical" if input as u32 & 0x7fff_ffff > 0x7f80_0000 => 0x7fc0_0000,
            "f32.canonical" => input & 0xffff_ffff,
            "f64.canonical" if input & (u64::MAX >> 1) > 0x7ff0_0000_0000_0000 => 0x7ff8 << 48,
            "f64.canonical" => input,
            other => panic!("what should {other} do? Say it here"),
        };
        check_output(bare, &placed, Class::Float, expected);
    }
}
