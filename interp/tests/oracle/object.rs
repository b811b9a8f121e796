//! Structures and arrays: fields and elements of all sizes, and what lies beside them.

use interp::Trap;
use interp::dispatch::OpNumber;
use interp::machine::{Contents, Exit};

use crate::alone::{FUEL, With, ends, run, run_with};
use crate::bare::{Asked, Bare, Thing};
use crate::inputs::{EDGES, Random};
use crate::{bulk, create, def};

/// The elements of array 0 and array 1.
const LENS: [usize; 2] = [9, 5];
/// The slots of array 0, array 1 and a structure, more than they need: nothing may change behind their ends.
const DATA: usize = 24;
/// The structure, and the slot of the field in it.
const STRUCT: usize = 2;
const PLACE: u16 = 3;
/// Bits above an `i32`.
const HIGH: u64 = 9 << 32;

/// Checks an op of the family.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    let mut random = Random::from(0x6a09_e667_f3bc_c908);
    bare.objects = [LENS[0], LENS[1], DATA]
        .map(|len| Thing {
            ty: 1,
            generation: 7 + len as u32,
            len: len as u32,
            data: std::iter::repeat_with(|| random.next())
                .take(DATA)
                .collect(),
        })
        .to_vec();
    match def(op).name {
        "struct.get" => check_struct_get(bare, op),
        "struct.set" => check_struct_set(bare, op),
        "array.get" => check_array_get(bare, op),
        "array.set" => check_array_set(bare, op),
        "array.fill" => {
            check_fill(bare, op);
            costs(bare, op, |array, len| vec![array, 5, len]);
        }
        "array.copy" => {
            check_copy(bare, op);
            costs(bare, op, |array, len| vec![array, 5, array, 2, len]);
        }
        "array.len" => {
            bare.objects[1].len = 0;
            bare.objects[2].len = u32::MAX;
            for (array, len) in [LENS[0] as u64, 0, u32::MAX.into()].into_iter().enumerate() {
                let slots = [bare.reference(array)];
                run(bare, op, &with(&slots)).gives([len, 0], "the length");
            }
            ends(bare, op, &with(&[0]), Exit::Trap(Trap::NullReference));
        }
        "array.init_data" => create::check_init(bare, op, Contents::Data),
        "array.init_elem" => create::check_init(bare, op, Contents::Elem),
        _ => create::check(bare, op),
    }
}

/// An op with these numbers in slots, on the field.
fn with(slots: &[u64]) -> With<'_> {
    With {
        slots,
        number: PLACE,
        ..With::default()
    }
}

/// The same with a value behind some of the numbers: in the vector, if the op reads it there.
fn run_on(bare: &mut Bare, op: OpNumber, slots: &[u64], value: [u64; 2], at: usize) -> Exit {
    let mut slots = slots.to_vec();
    if size(op) < 16 {
        slots.insert(at, value[0]);
    }
    let with = With {
        vector: value,
        ..with(&slots)
    };
    run(bare, op, &with).exit
}

/// The size in bytes of a place of the op.
fn size(op: OpNumber) -> usize {
    match def(op).form {
        "i8_s" | "i8_u" => 1,
        "i16_s" | "i16_u" => 2,
        "32" => 4,
        "64" => 8,
        "128" => 16,
        other => panic!("how large is {other}? Say it here"),
    }
}

/// What an op finds in a place with these bytes.
fn found(op: OpNumber, bytes: &[u8]) -> [u64; 2] {
    let extended = |value: u64, bits: u32| {
        // The highest bit counts negative, in an `i32`.
        let sign = value >> (bits - 1) << bits;
        value.wrapping_sub(sign) & 0xffff_ffff
    };
    let whole = |at: usize| u64::from_ne_bytes(bytes[at..at + 8].try_into().expect("8 bytes"));
    let half = || u16::from_ne_bytes(bytes.try_into().expect("2 bytes")).into();
    let value = match def(op).form {
        "i8_u" => bytes[0].into(),
        "i8_s" => extended(bytes[0].into(), 8),
        "i16_u" => half(),
        "i16_s" => extended(half(), 16),
        "32" => u32::from_ne_bytes(bytes.try_into().expect("4 bytes")).into(),
        "64" => whole(0),
        _ => return [whole(0), whole(8)],
    };
    [value, 0]
}

/// The bytes of a place of `size` bytes that has this value: its lowest ones.
fn stored(size: usize, value: [u64; 2]) -> Vec<u8> {
    let [low, high] = value;
    match size {
        1 => vec![low as u8],
        2 => (low as u16).to_ne_bytes().to_vec(),
        4 => (low as u32).to_ne_bytes().to_vec(),
        8 => low.to_ne_bytes().to_vec(),
        _ => [low.to_ne_bytes(), high.to_ne_bytes()].concat(),
    }
}

fn bytes(data: &[u64]) -> Vec<u8> {
    data.iter().flat_map(|slot| slot.to_ne_bytes()).collect()
}

fn slots(bytes: &[u8]) -> Vec<u64> {
    let slots = bytes.chunks_exact(8);
    slots
        .map(|slot| u64::from_ne_bytes(slot.try_into().expect("8 bytes")))
        .collect()
}

/// Values at the limits of all types, with another upper half for vectors.
fn values() -> impl Iterator<Item = [u64; 2]> {
    EDGES
        .into_iter()
        .zip(EDGES.into_iter().rev())
        .map(|(low, high)| [low, high])
}

fn check_struct_get(bare: &mut Bare, op: OpNumber) {
    ends(bare, op, &with(&[0]), Exit::Trap(Trap::NullReference));
    let (object, place) = (bare.reference(STRUCT), PLACE as usize);
    for value in values() {
        // A field has its whole slot. What stands above the bits of a small one does not count.
        bare.objects[STRUCT].data[place..place + 2].copy_from_slice(&value);
        let before = bare.objects.clone();
        let expected = found(op, &stored(size(op), value));
        run(bare, op, &with(&[object])).gives(expected, "a field");
        assert_eq!(bare.objects, before);
    }
}

fn check_struct_set(bare: &mut Bare, op: OpNumber) {
    let before = bare.objects.clone();
    let exit = run_on(bare, op, &[0], [1, 2], 1);
    assert_eq!(exit, Exit::Trap(Trap::NullReference));
    assert_eq!(bare.objects, before);
    let (object, place) = (bare.reference(STRUCT), PLACE as usize);
    for value in values() {
        let mut expected = bare.objects.clone();
        assert_eq!(run_on(bare, op, &[object], value, 1), Exit::Done);
        let data = &mut expected[STRUCT].data;
        let written = bare.objects[STRUCT].data[place];
        data[place] = match size(op) {
            // Reading cuts what a small field has above its bits.
            1 | 2 => {
                let mask = if size(op) == 1 { 0xff } else { 0xffff };
                assert_eq!(written & mask, value[0] & mask);
                written
            }
            4 => value[0] & 0xffff_ffff,
            _ => value[0],
        };
        if size(op) == 16 {
            data[place + 1] = value[1];
        }
        assert_eq!(bare.objects, expected, "{value:x?}");
    }
}

/// Indices, and the element of array 0 that they name. Whatever the slot holds above 32 bits does not count.
const INDICES: [(u64, Option<usize>); 6] = [
    (0, Some(0)),
    (8, Some(8)),
    (HIGH | 3, Some(3)),
    (9, None),
    (1 << 31, None),
    (0xffff_ffff, None),
];

fn check_array_get(bare: &mut Bare, op: OpNumber) {
    ends(bare, op, &with(&[0, 0]), Exit::Trap(Trap::NullReference));
    let (array, size) = (bare.reference(0), size(op));
    for (index, element) in INDICES {
        for value in values() {
            let Some(element) = element else {
                let exit = Exit::Trap(Trap::ArrayOutOfBounds);
                ends(bare, op, &with(&[array, index]), exit);
                break;
            };
            let stored = stored(size, value);
            let mut all = bytes(&bare.objects[0].data);
            all[element * size..][..size].copy_from_slice(&stored);
            bare.objects[0].data = slots(&all);
            let before = bare.objects.clone();
            run(bare, op, &with(&[array, index])).gives(found(op, &stored), "an element");
            assert_eq!(bare.objects, before);
        }
    }
}

fn check_array_set(bare: &mut Bare, op: OpNumber) {
    let before = bare.objects.clone();
    let exit = run_on(bare, op, &[0, 0], [1, 2], 2);
    assert_eq!(exit, Exit::Trap(Trap::NullReference));
    assert_eq!(bare.objects, before);
    let (array, size) = (bare.reference(0), size(op));
    for (index, element) in INDICES {
        for value in values() {
            let mut expected = bare.objects.clone();
            let exit = run_on(bare, op, &[array, index], value, 2);
            if let Some(element) = element {
                let mut all = bytes(&expected[0].data);
                all[element * size..][..size].copy_from_slice(&stored(size, value));
                expected[0].data = slots(&all);
                assert_eq!(exit, Exit::Done);
            } else {
                assert_eq!(exit, Exit::Trap(Trap::ArrayOutOfBounds));
            }
            assert_eq!(bare.objects, expected, "{value:x?} at {index}");
        }
    }
}

fn check_fill(bare: &mut Bare, op: OpNumber) {
    let before = bare.objects.clone();
    let exit = run_on(bare, op, &[0, 0, 0], [1, 2], 2);
    assert_eq!(exit, Exit::Trap(Trap::NullReference));
    assert_eq!(bare.objects, before);
    let (array, size, end) = (bare.reference(0), size(op), LENS[0]);
    for (start, len) in bulk::ranges(end) {
        for value in values() {
            let mut expected = bare.objects.clone();
            let outcome = bulk::outcome(len, &[(start, end)], Trap::ArrayOutOfBounds);
            if outcome == Exit::Done {
                let mut all = bytes(&expected[0].data);
                let elements = stored(size, value).repeat(len);
                all[start * size..][..len * size].copy_from_slice(&elements);
                expected[0].data = slots(&all);
            }
            let operands = [array, HIGH | start as u64, HIGH | len as u64];
            assert_eq!(run_on(bare, op, &operands, value, 2), outcome);
            assert_eq!(bare.objects, expected, "{value:x?}, {len} from {start} on");
        }
    }
}

fn check_copy(bare: &mut Bare, op: OpNumber) {
    let (arrays, size) = ([0, 1].map(|array| bare.reference(array)), size(op));
    for nulls in [[0, arrays[1]], [arrays[0], 0], [0, 0]] {
        let exit = Exit::Trap(Trap::NullReference);
        ends(bare, op, &with(&[nulls[0], 0, nulls[1], 0, 0]), exit);
    }
    let original = bare.objects.clone();
    // Overlapping in both directions, and all pairs of arrays.
    for (to, from) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let (to_end, from_end) = (LENS[to], LENS[from]);
        for (start, len) in bulk::ranges(to_end)
            .into_iter()
            .chain(bulk::ranges(from_end))
        {
            for other in [0, 1, 2, from_end - 3, from_end, 0xffff_ffff] {
                for (dst, src) in [(start, other), (other, start)] {
                    bare.objects.clone_from(&original);
                    let mut expected = original.clone();
                    let fits = [(dst, to_end), (src, from_end)];
                    let outcome = bulk::outcome(len, &fits, Trap::ArrayOutOfBounds);
                    if outcome == Exit::Done {
                        let read = bytes(&expected[from].data)[src * size..][..len * size].to_vec();
                        let mut all = bytes(&expected[to].data);
                        all[dst * size..][..len * size].copy_from_slice(&read);
                        expected[to].data = slots(&all);
                    }
                    let numbers = [dst, src, len].map(|number| HIGH | number as u64);
                    let [dst32, src32, len32] = numbers;
                    let operands = [arrays[to], dst32, arrays[from], src32, len32];
                    ends(bare, op, &with(&operands), outcome);
                    assert_eq!(bare.objects, expected, "{dst} ← {src}, {len} elements");
                }
            }
        }
    }
}

/// Checks that an op on many elements pays for them, that it has no effect without the fuel, and that a very long one can be stopped.
/// `numbers` are those in slots, without a value.
fn costs(bare: &mut Bare, op: OpNumber, numbers: fn(u64, u64) -> Vec<u64>) {
    /// Bytes after which an op has asked for a stop at the latest.
    const PIECE: usize = 1 << 20;
    let size = size(op);
    let array = bare.reference(0);
    for len in [1500, 5 * PIECE / 2 / size] {
        bare.objects[0].len = len as u32 + 5;
        let slots_of_data = (len + 5) * size / 8 + 2;
        bare.objects[0].data = (0..slots_of_data as u64).collect();
        let before = bare.objects.clone();
        let mut all = bytes(&before[0].data);
        if def(op).name == "array.fill" {
            let elements = stored(size, [0x55, 0x66]).repeat(len);
            all[5 * size..][..len * size].copy_from_slice(&elements);
        } else {
            all.copy_within(2 * size..(2 + len) * size, 5 * size);
        }
        let expected = slots(&all);
        let mut operands = numbers(array, len as u64);
        if def(op).name == "array.fill" && size < 16 {
            operands.insert(2, 0x55);
        }
        let with = With {
            vector: [0x55, 0x66],
            ..with(&operands)
        };
        let units = (len * size / 1024) as u64;
        bare.asked();
        let ran = run_with(bare, op, &with, units - 1);
        assert_eq!((ran.exit, ran.cost), (Exit::Trap(Trap::OutOfFuel), 0));
        assert_eq!(bare.asked(), [Asked::Pay(units)]);
        assert!(bare.objects == before, "without the fuel, no effect");
        let ran = run_with(bare, op, &with, FUEL);
        assert_eq!((ran.exit, ran.cost), (Exit::Done, units));
        assert!(bare.objects[0].data == expected, "{len} elements");
        assert!(bare.objects[1..] == before[1..]);
        let asked = bare.asked();
        assert!(asked.iter().all(|asked| *asked == Asked::Look), "{asked:?}");
        let pieces = len * size / PIECE;
        assert!(asked.len() >= pieces && (pieces > 0 || asked.is_empty()));
    }
}
