//! The op table: every op of the bytecode, family by family.
//!
//! An op lives in its family's file, which holds a picture of its encoding, what its rows mean, and how they
//! run. From the families come the op table, the numbers in code, the listing, the constant folding and the
//! tests; nothing is listed twice.
//!
//! Start with `shape.rs` (where ops find inputs) and `operand.rs` (what else stands in their code), then `binary.rs` and `integer.rs` (the simplest family), then
//! `branch.rs` and `call/`.
//!
//! To add an op, write it in its family and name it in the family's `DEFS`. To add a family, name it in
//! [`FAMILIES`]. Two or three ops behind one dispatch are a [`superinstruction`].

use crate::dispatch::{Field, Handler, Op, OpDef, OpNumber, fields_of};

pub mod access;
#[cfg(feature = "threads")]
pub mod atomic;
pub mod binary;
pub mod branch;
pub mod call;
#[cfg(feature = "canonical-nans")]
pub mod canonical;
pub mod chain;
#[cfg(chosen_handlers)]
mod chosen;
pub mod compare;
mod cost;
pub mod data;
#[cfg(feature = "exceptions")]
pub mod exception;
mod families;
mod feature;
#[cfg(feature = "lowered-modules")]
mod flavour;
pub mod float;
mod float_math;
pub mod go;
pub mod integer;
pub mod intrinsic;
pub mod memories;
#[cfg(feature = "gc")]
pub mod object;
pub mod operand;
#[cfg(feature = "probes")]
pub mod probe;
#[cfg(feature = "gc")]
pub mod reference;
mod row;
mod rows;
pub mod shape;
pub mod shapes;
pub mod superinstruction;
pub mod tables;
pub mod unary;
#[cfg(feature = "simd")]
pub mod vector;
#[cfg(feature = "wide-arithmetic")]
pub mod wide;

pub(crate) use call::call_foreign;
pub use call::stub;
#[cfg(chosen_handlers)]
pub use chosen::has_handler;
pub(crate) use cost::{BYTES_PER_UNIT, PIECE};
pub use families::{FAMILIES, Family};
pub use feature::Features;
#[cfg(feature = "lowered-modules")]
pub use flavour::{FLAVOUR, Flavour};
pub use row::{Constants, Eval, Inputs, Kind, Opcode, Row};
#[cfg(all(feature = "simd", feature = "lowering"))]
pub(crate) use rows::AFTER_FD_COUNT;
pub use rows::{row, row_of};

/// How many ops there are.
pub const COUNT: usize = {
    let mut count = 0;
    let mut family = 0;
    while family < FAMILIES.len() {
        count += FAMILIES[family].defs.len();
        family += 1;
    }
    count
};

/// All ops by number. Only the compiler reads it.
static OPS: [OpDef; COUNT] = {
    let mut ops = [FAMILIES[0].defs[0]; COUNT];
    let (mut at, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut index = 0;
        while index < FAMILIES[family].defs.len() {
            ops[at] = FAMILIES[family].defs[index];
            at += 1;
            index += 1;
        }
        family += 1;
    }
    ops
};

/// The handlers by number, of ops and then of superinstructions: all that running code touches.
pub(crate) static TABLE: [Handler; COUNT + superinstruction::COUNT] = {
    let mut handlers = [OPS[0].handler; COUNT + superinstruction::COUNT];
    let mut number = 0;
    while number < handlers.len() {
        // Numbers fit a granule: the assertion below.
        handlers[number] = if !has_handler(OpNumber(number as u16)) {
            MISSING
        } else if number < COUNT {
            OPS[number].handler
        } else {
            superinstruction::ALL[number - COUNT].handler
        };
        number += 1;
    }
    handlers
};

/// Whether this build has the handler of op or superinstruction `number`: it has all of them.
#[cfg(not(chosen_handlers))]
#[must_use]
#[inline(always)]
pub const fn has_handler(_: OpNumber) -> bool {
    true
}

/// The handler in place of one that this build does not have.
#[cfg(chosen_handlers)]
const MISSING: Handler = crate::dispatch::handler::<chosen::Missing>();
/// The handler in place of one that this build does not have: there is none.
#[cfg(not(chosen_handlers))]
const MISSING: Handler = OPS[0].handler;

/// The definition of op `number`, which is below [`COUNT`].
///
/// Definitions stand behind functions, and not in a table: so many words would have to be relocated each time that a
/// program starts.
#[must_use]
pub fn def(number: OpNumber) -> OpDef {
    static DEFS: [fn() -> OpDef; COUNT] = {
        let mut defs = [OPS[0].again; COUNT];
        let mut op = 0;
        while op < COUNT {
            defs[op] = OPS[op].again;
            op += 1;
        }
        defs
    };
    DEFS[number.index()]()
}

/// The numbers of all ops.
pub fn numbers() -> impl Iterator<Item = OpNumber> {
    // There are fewer than 65,536 ops: the assertion below.
    (0..COUNT as u16).map(OpNumber)
}

/// The definitions of all ops, in the order of their numbers.
pub fn defs() -> impl Iterator<Item = OpDef> {
    numbers().map(def)
}

/// The operands of op `number`, as its [`OpDef`] has them. Lowering asks here and not for the definition: a kernel that
/// lists no code then has no names and effects of ops in it.
#[must_use]
pub fn fields(number: OpNumber) -> &'static [Field] {
    LISTS[usize::from(list(number))]
}

/// The number of the list of operands of op `number` in [`LISTS`].
#[must_use]
#[inline(always)]
pub fn list(number: OpNumber) -> u8 {
    static BY_OP: [u8; COUNT] = OPERANDS.by_op;
    BY_OP[number.index()]
}

/// The lists of operands: many ops share few.
pub static LISTS: [&[Field]; 256] = OPERANDS.lists;

struct Operands {
    lists: [&'static [Field]; 256],
    /// For each op its place in `lists`.
    by_op: [u8; COUNT],
}

const OPERANDS: Operands = {
    let mut all = Operands {
        lists: [&[]; 256],
        by_op: [0; COUNT],
    };
    let (mut op, mut len) = (0, 0);
    while op < COUNT {
        let mut list = 0;
        while list < len && !same_fields(all.lists[list], OPS[op].fields) {
            list += 1;
        }
        // Beyond 256 lists this index ends the compilation.
        all.lists[list] = OPS[op].fields;
        all.by_op[op] = list as u8;
        if list == len {
            len += 1;
        }
        op += 1;
    }
    all
};

/// The number of op `O`, found when the program is compiled.
#[must_use]
#[inline(always)]
pub const fn number<O: Op>() -> OpNumber {
    const { find(O::FORM, O::NAME, fields_of::<O>()) }
}

/// The number of the op with this form, name and operands.
const fn find(form: &str, name: &str, fields: &[Field]) -> OpNumber {
    let mut op = 0;
    while op < COUNT {
        if same_name(OPS[op].name, name)
            && same_name(OPS[op].form, form)
            && same_fields(OPS[op].fields, fields)
        {
            // There are fewer than 65,536 ops: the assertion below.
            return OpNumber(op as u16);
        }
        op += 1;
    }
    panic!("the op stands in its family's DEFS")
}

const _: () = assert!(
    TABLE.len() * size_of::<usize>() <= u16::MAX as usize,
    "scaled op numbers fit a granule"
);

const fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}

const fn same_fields(a: &[Field], b: &[Field]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] as u8 != b[index] as u8 {
            return false;
        }
        index += 1;
    }
    true
}

/// True if execution never continues with the op behind op `number` ([`Op::ENDS_BLOCK`]).
#[must_use]
pub fn ends_block(number: OpNumber) -> bool {
    static ENDS: [bool; COUNT] = {
        let mut ends = [false; COUNT];
        let mut op = 0;
        while op < COUNT {
            ends[op] = OPS[op].ends_block;
            op += 1;
        }
        ends
    };
    ENDS[number.index()]
}

/// The op that does what op `number` does, but leaves its output in an accumulator alone: the neighbour.
#[must_use]
#[inline(always)]
pub fn without_slot(number: OpNumber) -> OpNumber {
    let other = OpNumber(number.0 + 1);
    debug_assert!(
        fields(number).last() == Some(&Field::Dst)
            && fields(other).last().is_some_and(|field| field.is_output())
            && fields(other).last() != Some(&Field::Dst),
        "an op whose output may stay in an accumulator has a form for that"
    );
    other
}

#[cfg(test)]
mod tests {
    use super::shapes::Shape;
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::format;
    use alloc::vec::Vec;

    #[test]
    fn no_two_ops_are_the_same() {
        let mut seen = BTreeSet::new();
        for op in defs() {
            assert!(
                seen.insert(format!("{} {} {:?}", op.form, op.name, op.fields)),
                "{} {:?} stands twice",
                op.name,
                op.fields
            );
        }
    }

    #[test]
    fn a_row_has_an_op_of_each_shape() {
        for row in FAMILIES.iter().flat_map(|family| family.rows) {
            let row = super::row(row.opcode).expect("declared rows are found");
            for &shape in Shape::all(row.kind) {
                let op = row.op(shape);
                let (found, again) = row_of(op).expect("the op comes from the row");
                assert_eq!((found.opcode, again), (row.opcode, shape));
                let inputs = |field: &&Field| !field.is_output();
                let read: Vec<_> = fields(op).iter().filter(inputs).copied().collect();
                assert_eq!(
                    read,
                    shape.inputs(row),
                    "{:?} of {:#x}",
                    shape,
                    row.opcode.0
                );
                let written = fields(op).iter().find(|field| field.is_output());
                assert_eq!(written.copied(), shape.output(row), "{shape:?}");
            }
        }
    }

    #[test]
    fn an_op_without_a_slot_follows_the_same_op_with_one() {
        let mut pairs = 0;
        for other in numbers().skip(1) {
            let op = OpNumber(other.0 - 1);
            if let [inputs @ .., Field::DstAcc | Field::DstFacc] = fields(other) {
                pairs += 1;
                assert_eq!(without_slot(op), other);
                assert_eq!(fields(op), [inputs, &[Field::Dst]].concat());
                let names = [op, other].map(|op| (def(op).form, def(op).name));
                // A copy between accumulators has the name of a copy.
                assert_eq!(names[0], names[1]);
            }
        }
        assert!(pairs > 400);
    }

    #[test]
    fn operands_are_those_of_the_definition() {
        for (number, op) in numbers().zip(defs()) {
            assert_eq!(fields(number), op.fields, "{} {}", op.form, op.name);
        }
    }

    #[test]
    fn rows_point_at_their_ops() {
        for family in FAMILIES {
            for declared in family.rows {
                let found = row(declared.opcode).expect("declared rows are found");
                assert_eq!(
                    def(found.first).name,
                    family.defs[declared.first.index()].name
                );
            }
        }
    }
}
