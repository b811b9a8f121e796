//! Ops that compute a value, against their row; and those that move one.

use interp::dispatch::{Field, OpNumber};
use interp::machine::{Class, Exit};
use interp::ops::Row;

use crate::bare::{Bare, Code};
use crate::inputs::pairs;
use crate::place::{arity, check_output, finish, place};
use crate::{branch, def};

/// Checks an op of a row of values: its output, or that it branches as its comparison says.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    let row = crate::row_of_op(op);
    if def(op).fields.contains(&Field::Label16) {
        return branch::check_compared(bare, op, row);
    }
    for pair in pairs() {
        check_value(bare, op, row, pair);
    }
}

fn check_value(bare: &mut Bare, op: OpNumber, row: &Row, (a, b): (u64, u64)) {
    let placed = place(bare, op, &[a, b][..arity(op)], 0, 0, 0);
    let mut code = Code::default();
    placed.append(&mut code);
    finish(&mut code);
    let (exit, _) = bare.run(&code, placed.start);
    let eval = row.eval.expect("a row of values of one slot");
    match eval(placed.seen[0], placed.seen.get(1).copied().unwrap_or(0)) {
        Err(trap) => assert_eq!(exit, Exit::Trap(trap), "{placed}"),
        Ok(expected) => {
            assert_eq!(exit, Exit::Done, "{placed}");
            check_output(bare, &placed, row.class_out, expected);
        }
    }
}

/// Checks an op that moves a value: copies, constants, `select`, globals.
pub(crate) fn check_move(bare: &mut Bare, op: OpNumber) {
    for (a, b) in pairs() {
        check_moved(bare, op, a, b);
    }
}

fn check_moved(bare: &mut Bare, op: OpNumber, a: u64, b: u64) {
    let name = def(op).name;
    let index = (b % 4) as i64;
    let placed = place(bare, op, &[a, b, a ^ b][..arity(op)], 0, index, 0);
    let global = bare.globals[index as usize];
    let mut code = Code::default();
    placed.append(&mut code);
    finish(&mut code);
    let (exit, _) = bare.run(&code, placed.start);
    assert_eq!(exit, Exit::Done, "{placed}");
    let seen = |input: usize| placed.seen[input];
    let expected = match name {
        "copy" | "fcopy" | "i64.const" | "f64.const" => seen(0),
        "i32.const" | "f32.const" => seen(0) & 0xffff_ffff,
        "select" => seen(if seen(2) as u32 == 0 { 1 } else { 0 }),
        "global.get" => global,
        "global.set" => {
            assert_eq!(bare.globals[index as usize], seen(0), "{placed}");
            return;
        }
        other => panic!("what should {other} do? Say it here"),
    };
    let class = if name.starts_with('f') {
        Class::Float
    } else {
        Class::Integer
    };
    check_output(bare, &placed, class, expected);
}
