//! Probes: the runtime is asked once, and the op that it names then runs with the operands behind the probe.

use interp::dispatch::{OpNumber, granule};
use interp::machine::{Class, Exit, Trap};
use interp::ops::binary::Binary;
use interp::ops::integer::I64Sub;
use interp::ops::shapes::Shape;
use interp::ops::{Kind, number, probe::Probe, row};

use crate::bare::{Asked, Bare, Code};
use crate::place::{check_output, finish, place};

/// Checks the op of the family.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    assert_eq!(op, number::<Probe>());
    let row = row(I64Sub::OPCODE).expect("subtraction has a row");
    for &shape in Shape::all(Kind::Integer) {
        let placed = place(bare, row.op(shape), &[50, 8], 0, 0, 0);
        let mut code = Code::default();
        placed.append(&mut code);
        code.rename(op);
        finish(&mut code);
        bare.set_answer(Ok(Some(granule(row.op(shape)).into())));
        bare.asked();
        let (exit, _) = bare.run(&code, placed.start);
        assert_eq!(exit, Exit::Done, "{placed}");
        assert_eq!(bare.asked(), [Asked::Probe], "{placed}");
        check_output(bare, &placed, Class::Integer, 42);

        bare.set_answer(Err(Trap::Interrupt.into()));
        let (exit, _) = bare.run(&code, placed.start);
        assert_eq!(exit, Exit::Trap(Trap::Interrupt), "{placed}");
    }
}
