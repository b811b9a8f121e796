//! Functions of Go's runtime: what each op answers, byte by byte, and when it leaves the answer to the body.

use interp::dispatch::OpNumber;
use interp::machine::Exit;
use interp::ops::call::ReturnValue;
use interp::ops::intrinsic::PARAMETERS;
use interp::ops::number;
use interp::ops::shape::Imm16;

use crate::bare::{Bare, Code};
use crate::def;
use crate::frame::*;
use crate::place::{ACC, finish};

/// What the body returns where the op does not.
const BODY: u64 = 77;

/// Checks an op of the family.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    let (name, mut answers) = (def(op).name, 0);
    for arguments in cases(bare.memories[0].len() as u64) {
        for (place, byte) in bare.memories[0].iter_mut().enumerate() {
            *byte = (place % 40) as u8;
        }
        // Two bytes differ from what lies 40 and 80 before and behind them.
        bare.memories[0][100] = 200;
        bare.memories[0][121] = 255;
        let expected = answer(name, &bare.memories[0], arguments);
        answers += u32::from(expected.is_some());
        check_call(bare, op, arguments, expected.unwrap_or(BODY));
    }
    assert!(answers > 100, "{name} answers");
}

/// Calls a function that begins with the op.
fn check_call(bare: &mut Bare, op: OpNumber, arguments: [u64; 3], expected: u64) {
    let header = i64::from(PARAMETERS);
    let mut callee = Code::default();
    callee.with(op, &[]);
    callee.with(number::<ReturnValue<u64, Imm16>>(), &[header, BODY as i64]);
    bare.set_func(0, callee);
    bare.slots[BASE as usize..][..3].copy_from_slice(&arguments);
    let memory = bare.memories.clone();
    let mut code = Code::default();
    code.with(number::<interp::ops::call::Call>(), &[0, BASE, header]);
    finish(&mut code);
    let what = format!("{} of {arguments:?}", def(op).name);
    assert_eq!(run(bare, &code, 0), (Exit::Done, 1), "{what}");
    assert_eq!(slot(bare, BASE, 0), expected, "{what}");
    assert_eq!(bare.slots[ACC as usize], expected, "{what}: acc");
    assert!(bare.memories == memory, "{what} writes to memory");
}

/// Pairs of places, bytes and lengths: in memory, at its end, beyond it, and with bits above 32.
fn cases(end: u64) -> Vec<[u64; 3]> {
    let places = [
        0,
        3,
        40,
        41,
        80,
        81,
        120,
        end - 8,
        end - 1,
        end,
        end + 1,
        0xffff_ffff,
        1 << 32 | 40,
    ];
    let lengths = [
        0,
        1,
        2,
        7,
        8,
        9,
        20,
        39,
        60,
        61,
        62,
        100,
        end,
        0xffff_ffff,
        1 << 32,
        u64::MAX,
    ];
    let mut cases = Vec::new();
    for p in places {
        for q in places.into_iter().chain([5, 200, 255, 256, 300]) {
            cases.extend(lengths.map(|n| [p, q, n]));
        }
    }
    cases
}

/// What the function returns; nothing if a byte that it may look at lies beyond memory.
fn answer(name: &str, memory: &[u8], [p, q, n]: [u64; 3]) -> Option<u64> {
    let end = memory.len() as u64;
    let holds = |at: u64| {
        u64::from(at as u32)
            .checked_add(n)
            .is_some_and(|behind| behind <= end)
    };
    let byte = |at: u64| memory[at as u32 as usize];
    if !holds(p) || (name != "go.memchr" && !holds(q)) {
        return None;
    }
    let differ = |i: &u64| byte(p + i) != byte(q + i);
    match name {
        "go.memequal" => Some(u64::from(!(0..n).any(|i| differ(&i)))),
        "go.memcmp" => Some((0..n).find(differ).map_or(0, |i| {
            u64::from((i32::from(byte(p + i)) - i32::from(byte(q + i))).cast_unsigned())
        })),
        "go.memchr" if q > 255 => None,
        "go.memchr" => Some(
            (0..n)
                .find(|i| u64::from(byte(p + i)) == q)
                .map_or(0, |i| u64::from((p + i) as u32)),
        ),
        other => panic!("what should {other} do? Say it here"),
    }
}
