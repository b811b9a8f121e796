//! The op table: every op of the bytecode, family by family.
//!
//! An op lives in its family's file, which holds a picture of its encoding, what its rows mean, and how they
//! run. From the families come the op table, the numbers in code, the listing, the constant folding and the
//! tests; nothing is listed twice.
//!
//! Start with `shape.rs` (where ops find inputs), then `binary.rs` and `integer.rs` (the simplest family), then
//! `branch.rs` and `call/`.
//!
//! To add an op, write it in its family and name it in the family's `DEFS`. To add a family, name it in
//! [`FAMILIES`]. Two or three ops behind one dispatch are a [`superinstruction`].

use crate::dispatch::{Field, Handler, Op, OpDef};
use shape::{Acc, Imm16, Slot};

pub mod access;
pub mod binary;
pub mod branch;
pub mod bulk;
pub mod call;
pub mod chain;
pub mod compare;
pub mod data;
pub mod float;
mod float_math;
pub mod go;
pub mod integer;
pub mod intrinsic;
mod row;
pub mod shape;
pub mod superinstruction;
pub mod unary;

pub(crate) use call::call_foreign;
pub use call::stub;
pub use row::{Kind, Row};

/// A family of ops.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// What its ops have in common.
    pub name: &'static str,
    /// Its ops.
    pub defs: &'static [OpDef],
    /// Its rows, if its ops come from rows.
    pub rows: &'static [Row],
}

/// All families, in the order of their numbers.
pub const FAMILIES: [Family; 14] = [
    Family {
        name: "Integer arithmetic",
        defs: integer::DEFS,
        rows: integer::ROWS,
    },
    Family {
        name: "Integer comparisons",
        defs: compare::integer::DEFS,
        rows: compare::integer::ROWS,
    },
    Family {
        name: "Float arithmetic",
        defs: float::DEFS,
        rows: float::ROWS,
    },
    Family {
        name: "Float comparisons",
        defs: compare::float::DEFS,
        rows: compare::float::ROWS,
    },
    Family {
        name: "One input: counting, rounding, conversions",
        defs: unary::DEFS,
        rows: unary::ROWS,
    },
    Family {
        name: "Loads",
        defs: access::load::DEFS,
        rows: access::load::ROWS,
    },
    Family {
        name: "Stores",
        defs: access::store::DEFS,
        rows: access::store::ROWS,
    },
    Family {
        name: "Copies, constants, select, globals",
        defs: data::DEFS,
        rows: &[],
    },
    Family {
        name: "Branches",
        defs: branch::DEFS,
        rows: &[],
    },
    Family {
        name: "Calls and returns",
        defs: call::DEFS,
        rows: &[],
    },
    Family {
        name: "Memories, tables and references",
        defs: bulk::DEFS,
        rows: &[],
    },
    Family {
        name: "Go's calls",
        defs: go::DEFS,
        rows: &[],
    },
    Family {
        name: "Functions of Go's runtime",
        defs: intrinsic::DEFS,
        rows: &[],
    },
    Family {
        name: "Chains",
        defs: chain::DEFS,
        rows: &[],
    },
];

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
        handlers[number] = if number < COUNT {
            OPS[number].handler
        } else {
            superinstruction::ALL[number - COUNT].handler
        };
        number += 1;
    }
    handlers
};

/// The definition of op `number`, which is below [`COUNT`].
///
/// Definitions stand behind functions, and not in a table: so many words would have to be relocated each time that a
/// program starts.
#[must_use]
pub fn def(number: u16) -> OpDef {
    static DEFS: [fn() -> OpDef; COUNT] = {
        let mut defs = [OPS[0].again; COUNT];
        let mut op = 0;
        while op < COUNT {
            defs[op] = OPS[op].again;
            op += 1;
        }
        defs
    };
    DEFS[usize::from(number)]()
}

/// The definitions of all ops, in the order of their numbers.
pub fn defs() -> impl Iterator<Item = OpDef> {
    (0..COUNT as u16).map(def)
}

/// The operands of op `number`, as its [`OpDef`] has them. Lowering asks here and not for the definition: a kernel that
/// lists no code then has no names and effects of ops in it.
#[must_use]
pub fn fields(number: u16) -> &'static [Field] {
    LISTS[usize::from(list(number))]
}

/// The number of the list of operands of op `number` in [`LISTS`].
#[must_use]
#[inline(always)]
pub fn list(number: u16) -> u8 {
    static BY_OP: [u8; COUNT] = OPERANDS.by_op;
    BY_OP[usize::from(number)]
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
pub const fn number<O: Op>() -> u16 {
    const { find(O::FORM, O::NAME, O::FIELDS) }
}

/// The number of the op with this form, name and operands.
const fn find(form: &str, name: &str, fields: &[Field]) -> u16 {
    let mut op = 0;
    while op < COUNT {
        if same_name(OPS[op].name, name)
            && same_name(OPS[op].form, form)
            && same_fields(OPS[op].fields, fields)
        {
            // There are fewer than 65,536 ops: the assertion below.
            return op as u16;
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

/// The row of the instruction with this opcode (see [`Row::opcode`]), its first op counted in the whole table.
#[must_use]
pub const fn row(opcode: u16) -> Option<&'static Row> {
    let slot = match opcode {
        0..0x100 => opcode as usize,
        0xfc00..0xfc08 => (opcode - 0xfc00) as usize + 0x100,
        _ => return None,
    };
    BY_OPCODE[slot].as_ref()
}

static BY_OPCODE: [Option<Row>; 0x108] = {
    let mut table = [None; 0x108];
    let (mut base, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let rows = FAMILIES[family].rows;
        let mut index = 0;
        while index < rows.len() {
            let mut row = rows[index];
            row.first += base;
            let opcode = row.opcode as usize;
            table[if opcode < 0x100 {
                opcode
            } else {
                opcode - 0xfc00 + 0x100
            }] = Some(row);
            index += 1;
        }
        base += FAMILIES[family].defs.len() as u16;
        family += 1;
    }
    table
};

/// Whether op `number` never goes on to the op behind it.
#[must_use]
pub fn leaves_block(op: u16) -> bool {
    const LEAVING: [u16; 13] = [
        number::<branch::Br<false>>(),
        number::<branch::Br<true>>(),
        number::<branch::BrTable<Slot, false>>(),
        number::<branch::BrTable<Slot, true>>(),
        number::<branch::BrTable<Acc, false>>(),
        number::<branch::BrTable<Acc, true>>(),
        number::<branch::Unreachable>(),
        number::<call::Return>(),
        number::<call::ReturnValue<u64, Slot>>(),
        number::<call::ReturnValue<u64, Acc>>(),
        number::<call::ReturnValue<u64, Imm16>>(),
        number::<call::ReturnValue<f64, Acc>>(),
        number::<go::GoReturn>(),
    ];
    static LEAVES: [bool; COUNT] = {
        let mut leaves = [false; COUNT];
        let mut index = 0;
        while index < LEAVING.len() {
            leaves[LEAVING[index] as usize] = true;
            index += 1;
        }
        leaves
    };
    LEAVES[usize::from(op)]
}

/// The row that op `number` comes from, and the op's place among that row's ops.
#[must_use]
pub fn row_of(number: u16) -> Option<(&'static Row, u16)> {
    let found = row(*OPCODES.get(usize::from(number))?)?;
    Some((found, number - found.first))
}

/// For each op the opcode of its row; one that no row has for other ops.
static OPCODES: [u16; COUNT] = {
    let mut opcodes = [u16::MAX; COUNT];
    let (mut base, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let Family { defs, rows, .. } = FAMILIES[family];
        let mut op = 0;
        while op < defs.len() && !rows.is_empty() {
            // All rows of a family have the same number of ops.
            opcodes[base + op] = rows[op / (defs.len() / rows.len())].opcode;
            op += 1;
        }
        base += defs.len();
        family += 1;
    }
    opcodes
};

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::format;

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
    fn operands_are_those_of_the_definition() {
        for (number, op) in (0..).zip(defs()) {
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
                    family.defs[usize::from(declared.first)].name
                );
            }
        }
    }
}
