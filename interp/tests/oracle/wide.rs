//! Wide arithmetic: the high halves of sums, differences and products of 128 bits.

use interp::dispatch::OpNumber;
use interp::machine::{Class, Exit};

use crate::bare::{Bare, Code};
use crate::def;
use crate::inputs::pairs;
use crate::place::{A, B, C, D, DST, Placed, check_output, finish};

/// Checks an op of the family.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    let pairs = pairs();
    for (index, &(a, b)) in pairs.iter().enumerate() {
        let (c, d) = pairs[pairs.len() - 1 - index];
        check_high(bare, op, [a, b, c, d]);
    }
}

/// The high half of what an instruction computes, from its operands in the order of the text format.
fn high(name: &str, [a, b, c, d]: [u64; 4]) -> u64 {
    match name {
        "i64.add128" => {
            let carry = a.checked_add(c).is_none();
            b.wrapping_add(d).wrapping_add(carry.into())
        }
        "i64.sub128" => {
            let borrow = a < c;
            b.wrapping_sub(d).wrapping_sub(borrow.into())
        }
        "i64.mul_wide_u" => multiply(a, b),
        "i64.mul_wide_s" => {
            // Each negative factor was taken for one that is greater by 2⁶⁴.
            let too_much = [(a, b), (b, a)].map(|(x, y)| if (x as i64) < 0 { y } else { 0 });
            let high = multiply(a, b).wrapping_sub(too_much[0]);
            high.wrapping_sub(too_much[1])
        }
        other => panic!("what should {other} do? Say it here"),
    }
}

/// The high half of a product without signs, by halves of 32 bits as on paper.
fn multiply(a: u64, b: u64) -> u64 {
    let low = |number: u64| number & 0xffff_ffff;
    let (a, b) = ([low(a), a >> 32], [low(b), b >> 32]);
    let carried = (a[0] * b[0]) >> 32;
    let first = a[1] * b[0] + carried;
    let second = a[0] * b[1] + low(first);
    a[1] * b[1] + (first >> 32) + (second >> 32)
}

fn check_high(bare: &mut Bare, op: OpNumber, inputs: [u64; 4]) {
    for (slot, input) in [A, B, C, D].into_iter().zip(inputs) {
        bare.slots[slot as usize] = input;
    }
    let count = if def(op).name.contains("mul") { 2 } else { 4 };
    let mut operands = [A, B, C, D][..count].to_vec();
    operands.push(DST);
    let placed = Placed::with(op, &operands);
    let mut code = Code::default();
    placed.append(&mut code);
    finish(&mut code);
    let (exit, _) = bare.run(&code, placed.start);
    assert_eq!(exit, Exit::Done);
    check_output(bare, &placed, Class::Integer, high(def(op).name, inputs));
}
