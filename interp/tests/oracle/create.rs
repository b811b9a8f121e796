//! New objects, and elements from segments: what the runtime is asked for.

use interp::Trap;
use interp::dispatch::OpNumber;
use interp::machine::{Contents, Exit};

use crate::alone::{FIRST_VALUE, FRAME, With, ends, run};
use crate::bare::{Asked, Bare};
use crate::def;

/// A type, a segment and a number of values that need all bits of their fields.
const TYPE: u32 = 70_000;
const SEGMENT: u32 = 0xfedc_ba98;
const NUMBER: u16 = 40_000;
/// The new reference.
const NEW: u64 = 0x3_0000_0005;
/// Bits above an `i32`.
const HIGH: u64 = 9 << 32;

/// Checks an op that creates an object.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    // Numbers in slots have 32 bits.
    for (src, len) in [
        (0, 0),
        (20, 30),
        (HIGH | 40, HIGH | 7),
        (u32::MAX.into(), u32::MAX.into()),
    ] {
        let (src32, len32) = (src as u32, len as u32);
        let own: [u64; 2] = [src, len];
        let (slots, number, contents): (&[u64], _, _) = match def(op).name {
            "struct.new" => (&[], 0, Contents::Slots(FIRST_VALUE)),
            "struct.new_default" => (&[], 0, Contents::Zeros),
            "array.new" => (&own[1..], len32, Contents::Value(FIRST_VALUE)),
            "array.new_default" => (&own[1..], len32, Contents::Zeros),
            "array.new_fixed" => (&[], NUMBER.into(), Contents::Slots(FIRST_VALUE)),
            "array.new_data" => (&own, len32, Contents::Data(SEGMENT, src32)),
            "array.new_elem" => (&own, len32, Contents::Elem(SEGMENT, src32)),
            other => panic!("what should {other} do? Say it here"),
        };
        let with = With {
            slots,
            number: NUMBER,
            ty: TYPE,
            segment: SEGMENT,
            ..With::default()
        };
        bare.set_answer(Ok(Some(NEW)));
        bare.asked();
        let ran = run(bare, op, &with);
        ran.gives([NEW, 0], def(op).name);
        let asked = Asked::Create(TYPE, number, contents, ran.next, FRAME);
        assert_eq!(bare.asked(), [asked]);

        let exit = Exit::Trap(Trap::HeapFull);
        bare.set_answer(Err(exit));
        ends(bare, op, &with, exit);
    }
}

/// Checks an op that writes elements of a segment into an array. The runtime checks all but null.
pub(crate) fn check_init(bare: &mut Bare, op: OpNumber, contents: fn(u32, u32) -> Contents) {
    let array = bare.reference(0);
    for (at, src, len) in [
        (1, 2, 3),
        (HIGH | 4, HIGH | 5, HIGH | 6),
        (1 << 31, 0xffff_ffff, 0),
    ] {
        let with = |slots| With {
            slots,
            segment: SEGMENT,
            ..With::default()
        };
        bare.asked();
        bare.set_answer(Ok(None));
        let slots = [0, at, src, len];
        ends(bare, op, &with(&slots), Exit::Trap(Trap::NullReference));
        assert_eq!(bare.asked(), [], "there is no array");
        let slots = [array, at, src, len];
        ends(bare, op, &with(&slots), Exit::Done);
        let contents = contents(SEGMENT, src as u32);
        let asked = Asked::ArrayInit(array, at as u32, len as u32, contents);
        assert_eq!(bare.asked(), [asked]);
        let exit = Exit::Trap(Trap::ArrayOutOfBounds);
        bare.set_answer(Err(exit));
        ends(bare, op, &with(&slots), exit);
    }
}
