//! Branches: which way they go, from where, and what that costs.

use interp::Trap;
use interp::dispatch::{Field, OpNumber};
use interp::machine::Exit;
use interp::ops::call::Halt;
use interp::ops::data::Move;
use interp::ops::shape::{Imm16, ToSlot};
use interp::ops::{Row, number};

use crate::bare::{Bare, Code, Start};
use crate::def;
use crate::inputs::{EDGES, pairs};
use crate::place::{A, Placed, keep_accumulators, place};

/// Where a branch leaves which way it went.
const WAY: i64 = 9;
/// `slot ← constant`.
const WAY_IS: OpNumber = number::<Move<u64, Imm16, ToSlot>>();

/// Checks a comparison that branches, against its row.
pub(crate) fn check_compared(bare: &mut Bare, op: OpNumber, row: &Row) {
    let sense = match def(op).form {
        "br_if" => 1,
        "br_unless" => 0,
        other => panic!("when do branches of the form {other} go? Say it here"),
    };
    for (a, b) in pairs() {
        check_branch(bare, op, &[a, b], |seen| {
            row.fold(seen[0], seen[1]) == Some(sense)
        });
    }
}

/// Checks an op of the family of branches.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    let conditions = || EDGES.iter().copied();
    match def(op).name {
        "br" => check_branch(bare, op, &[], |_| true),
        "br_if" => conditions()
            .for_each(|value| check_branch(bare, op, &[value], |seen| seen[0] as u32 != 0)),
        "br_unless" => conditions()
            .for_each(|value| check_branch(bare, op, &[value], |seen| seen[0] as u32 == 0)),
        "br_if64" => {
            conditions().for_each(|value| check_branch(bare, op, &[value], |seen| seen[0] != 0))
        }
        "br_unless64" => {
            conditions().for_each(|value| check_branch(bare, op, &[value], |seen| seen[0] == 0))
        }
        "br_table" => conditions().for_each(|value| check_table(bare, op, value)),
        "unreachable" => {
            let mut code = Code::default();
            code.with(op, &[]);
            assert_eq!(
                bare.run(&code, Start::default()).0,
                Exit::Trap(Trap::UnreachableCodeReached)
            );
        }
        other => panic!("where should {other} go? Say it here"),
    }
}

/// Checks where a branch goes, forwards and backwards, and that only a backward branch costs fuel.
fn check_branch(bare: &mut Bare, op: OpNumber, inputs: &[u64], taken: impl Fn(&[u64]) -> bool) {
    for backwards in [false, true] {
        let (placed, exit, went) = way(bare, op, backwards, |bare, target| {
            place(bare, op, inputs, target, 0, 0)
        });
        assert_eq!(exit, Exit::Done, "{placed}");
        assert_eq!(went, Way::of(taken(&placed.seen), backwards), "{placed}");
    }
}

/// Which way an op went that may branch.
#[derive(Debug, PartialEq)]
pub(crate) struct Way {
    taken: bool,
    /// In units of fuel.
    cost: i64,
}

impl Way {
    /// The way it should go.
    pub(crate) fn of(taken: bool, backwards: bool) -> Self {
        let cost = i64::from(taken && backwards);
        Self { taken, cost }
    }
}

/// Runs an op that may branch to a place behind or in front of it; `place` puts it together for a target. How the run
/// ended, and which way the op went.
pub(crate) fn way(
    bare: &mut Bare,
    op: OpNumber,
    backwards: bool,
    place: impl FnOnce(&mut Bare, i64) -> Placed,
) -> (Placed, Exit, Way) {
    let leave = |way: i64| {
        let mut code = Code::default();
        keep_accumulators(&mut code);
        code.with(WAY_IS, &[way, WAY]).with(number::<Halt>(), &[]);
        code
    };
    let (other_way, taken_way) = (leave(1), leave(2));
    let target = if backwards {
        -(taken_way.len() as i64)
    } else {
        (def(op).granules() + other_way.len()) as i64
    };
    let mut placed = place(bare, target);
    let mut code = Code::default();
    if backwards {
        code.granules.extend(&taken_way.granules);
        placed.start.at = code.len();
    }
    placed.append(&mut code);
    code.granules.extend(&other_way.granules);
    code.granules.extend(&taken_way.granules);
    placed.start.fuel = 9;
    bare.slots[WAY as usize] = 0;
    let (exit, fuel) = bare.run(&code, placed.start);
    let taken = bare.slots[WAY as usize] == 2;
    (
        placed,
        exit,
        Way {
            taken,
            cost: 9 - fuel,
        },
    )
}

/// A table of five targets, the last for all other numbers.
fn check_table(bare: &mut Bare, op: OpNumber, value: u64) {
    let targets = 5;
    let mut way = Code::default();
    way.with(WAY_IS, &[0, WAY]).with(number::<Halt>(), &[]);
    let labels = def(op).fields.last().expect("a table has targets");
    let each = labels.granules_each().expect("a table has targets");
    let length = def(op).granules() + each * targets;
    bare.slots[A as usize] = value;
    let mut code = Code::default();
    let mut next = 0..;
    code.op(op, |_, field| match field {
        Field::Labels16 | Field::Labels32 => {
            (length + way.len() * next.next().expect("endless")) as i64
        }
        Field::Count16 | Field::Count32 => targets as i64 - 1,
        _ => A,
    });
    for target in 0..targets as i64 {
        code.with(WAY_IS, &[target, WAY])
            .with(number::<Halt>(), &[]);
    }
    let (exit, fuel) = bare.run(
        &code,
        Start {
            acc: value,
            ..Start::default()
        },
    );
    assert_eq!((exit, fuel), (Exit::Done, 0));
    assert_eq!(
        bare.slots[WAY as usize],
        u64::from(value as u32).min(targets as u64 - 1),
        "br_table of {value:#x}"
    );
}
