//! Superinstructions: each must do what its ops do one after the other, whatever they find.

use interp::dispatch::{Field, OpNumber};
use interp::ops::call::Halt;
use interp::ops::data::Move;
use interp::ops::shape::{Imm16, ToSlot};
use interp::ops::superinstruction::{COUNT, ops_of};
use interp::ops::{self, number};

use crate::bare::{Bare, Code, Start};
use crate::inputs::Random;
use crate::place::finish;

/// How often each is tried, with other numbers.
const TRIES: usize = 20;
/// Slots that operands name.
const SLOTS: u64 = 6;
/// The slot that tells whether the code went where its branch leads, or returned.
const BRANCHED: i64 = 9;
/// Where the frame's header lies.
const HEADER: i64 = 1;

#[test]
fn does_what_its_parts_do() {
    let mut random = Random::from(20);
    let (mut ended, mut branched) = (0, 0);
    let mut landing = Code::default();
    landing
        .with(number::<Move<u64, Imm16, ToSlot>>(), &[1, BRANCHED])
        .with(number::<Halt>(), &[]);
    for index in 0..COUNT {
        // There are fewer than 65,536 numbers.
        let joined = OpNumber((ops::COUNT + index) as u16);
        let parts: Vec<_> = ops_of(joined).collect();
        for _ in 0..TRIES {
            let ops: Vec<_> = parts
                .iter()
                .map(|op| (*op, operands(*op, &mut random)))
                .collect();
            let seed = random.next();
            let alone = run(&ops, None, seed, &landing);
            let together = run(&ops, Some(joined), seed, &landing);
            let names: Vec<_> = parts
                .iter()
                .map(|op| format!("{} {}", ops::def(*op).form, ops::def(*op).name))
                .collect();
            assert_eq!(
                together,
                alone,
                "{} of {ops:?}, seed {seed}",
                names.join(";")
            );
            ended += usize::from(alone.exit == "Done");
            branched += usize::from(alone.slots[BRANCHED as usize] == 1);
        }
    }
    println!(
        "{COUNT} superinstructions tried {TRIES} times each: {ended} to the end, {branched} branched"
    );
    // If nearly all trapped or none branched, the numbers would be badly chosen.
    assert!(2 * ended > COUNT * TRIES && branched > COUNT);
}

/// What a run leaves.
#[derive(Debug, PartialEq)]
struct Left {
    exit: String,
    fuel: i64,
    slots: Vec<u64>,
    memory: Vec<u8>,
    globals: Vec<u64>,
}

/// Operands for an op; a target stays open.
fn operands(op: OpNumber, random: &mut Random) -> Vec<i64> {
    let mut operands = Vec::new();
    let def = ops::def(op);
    for &field in def.fields {
        let number = random.next();
        operands.push(match field {
            Field::Header => HEADER,
            Field::Dst | Field::Also | Field::Slot | Field::Base => 3 + (number % SLOTS) as i64,
            Field::Global16 | Field::Global32 | Field::Count16 => (number % 4) as i64,
            Field::Offset16 | Field::Offset32 | Field::EachOffset16 => (number % 16) as i64,
            Field::Imm16 | Field::EachImm16 => i64::from(number as i16 >> ((number >> 32) % 16)),
            Field::Imm32 => i64::from(number as i32),
            Field::Float32 | Field::Imm64 | Field::Float64 => ordinary(number) as i64,
            Field::Label16 => 0,
            Field::DstAcc
            | Field::DstFacc
            | Field::Acc
            | Field::Facc
            | Field::Narrow
            | Field::Wide
            | Field::Sp => continue,
            other => panic!("{other:?} in a superinstruction"),
        });
    }
    operands
}

/// Runs ops, behind one dispatch if there is one for them; a return and a branch lead to `landing`.
fn run(ops: &[(OpNumber, Vec<i64>)], joined: Option<OpNumber>, seed: u64, landing: &Code) -> Left {
    let mut behind = Code::default();
    finish(&mut behind);
    let mut code = Code::default();
    for (op, operands) in ops {
        let length = ops::def(*op).granules() as i64 + behind.len() as i64;
        let mut values = operands.iter();
        let mut next = Code::default();
        next.op(*op, |_, field| {
            let value = *values.next().expect("an operand");
            if field == Field::Label16 {
                length
            } else {
                value
            }
        });
        if joined.is_some() && code.len() > 0 {
            code.append_unnamed(&next);
        } else {
            code.append(&next);
        }
    }
    if let Some(joined) = joined {
        code.rename(joined);
    }
    code.append(&behind);
    code.append(landing);
    let mut bare = Bare::new();
    bare.slots[HEADER as usize] = landing.granules.as_ptr() as u64;
    let mut random = Random::from(seed);
    for slot in 0..SLOTS as usize {
        // Often an address inside the memory.
        let any = random.value();
        bare.slots[3 + slot] = if any.is_multiple_of(3) {
            ordinary(any)
        } else {
            any % 4000
        };
    }
    let start = Start {
        acc: random.next() % 4000,
        facc: ordinary(random.value()),
        fuel: 5,
        ..Start::default()
    };
    let (exit, fuel) = bare.run(&code, start);
    Left {
        exit: format!("{exit:?}"),
        fuel,
        slots: bare.slots,
        memory: bare.memories[0].clone(),
        globals: bare.globals,
    }
}

/// The same bits, but for numbers that are NaN as a float of either type: which NaN comes of two is not specified
/// (4.3.3), and compilers take either.
fn ordinary(bits: u64) -> u64 {
    let wide = if f64::from_bits(bits).is_nan() {
        1 << 62
    } else {
        0
    };
    let narrow = if f32::from_bits(bits as u32).is_nan() {
        1 << 30
    } else {
        0
    };
    bits & !(wide | narrow)
}
