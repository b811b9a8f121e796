//! The rows of all families: found by the opcode of an instruction, and by the number of an op.

use super::shapes::Shape;
use super::{COUNT, FAMILIES, Family, Opcode, Row};
use crate::dispatch::OpNumber;

/// The number of rows.
const ROW_COUNT: usize = {
    let (mut count, mut family) = (0, 0);
    while family < FAMILIES.len() {
        count += FAMILIES[family].rows.len();
        family += 1;
    }
    count
};

/// All rows, their first ops counted in the whole table.
static ROWS: [Row; ROW_COUNT] = ALL.rows;
/// For each op the number of its row, or [`NONE`].
static BY_OP: [u16; COUNT] = ALL.by_op;
/// The number of no row.
const NONE: u16 = u16::MAX;

struct All {
    rows: [Row; ROW_COUNT],
    by_op: [u16; COUNT],
}

const ALL: All = {
    let mut all = All {
        rows: [super::integer::ROWS[0]; ROW_COUNT],
        by_op: [NONE; COUNT],
    };
    let (mut row, mut first, mut family) = (0, 0, 0);
    while family < FAMILIES.len() {
        let Family { defs, rows, .. } = FAMILIES[family];
        let (before, mut op) = (row, 0);
        while op < defs.len() && !rows.is_empty() {
            // All rows of a family have the same number of ops.
            all.by_op[first + op] = (before + op / (defs.len() / rows.len())) as u16;
            op += 1;
        }
        while row < before + rows.len() {
            all.rows[row] = rows[row - before];
            all.rows[row].first.0 += first as u16;
            row += 1;
        }
        first += defs.len();
        family += 1;
    }
    all
};

/// For each opcode of one byte the number of its row, or [`NONE`].
static BYTES: [u16; 0x100] = OF_BYTES;
/// The same for the numbers after the prefix `0xfc`.
static AFTER_FC: [u16; end(0xfc)] = OF_FC;
/// The same for the numbers after the prefix `0xfd`.
static AFTER_FD: [u16; end(0xfd)] = OF_FD;

const OF_BYTES: [u16; 0x100] = numbers(0);
const OF_FC: [u16; end(0xfc)] = numbers(0xfc);
const OF_FD: [u16; end(0xfd)] = numbers(0xfd);
const _: () = assert!(
    count(&OF_BYTES) + count(&OF_FC) + count(&OF_FD) == ROW_COUNT,
    "each row has an opcode of its own, after a prefix that has a table"
);

/// The row numbers of the instructions after a prefix.
const fn numbers<const N: usize>(prefix: u32) -> [u16; N] {
    let mut numbers = [NONE; N];
    let mut row = 0;
    while row < ROW_COUNT {
        let Opcode(opcode) = ALL.rows[row].opcode;
        if opcode >> 16 == prefix {
            numbers[(opcode & 0xffff) as usize] = row as u16;
        }
        row += 1;
    }
    numbers
}

/// One more than the greatest number of a row after a prefix.
const fn end(prefix: u32) -> usize {
    let (mut end, mut row) = (0, 0);
    while row < ROW_COUNT {
        let Opcode(opcode) = ALL.rows[row].opcode;
        if opcode >> 16 == prefix && (opcode & 0xffff) as usize >= end {
            end = (opcode & 0xffff) as usize + 1;
        }
        row += 1;
    }
    end
}

const fn count(numbers: &[u16]) -> usize {
    let (mut count, mut index) = (0, 0);
    while index < numbers.len() {
        count += (numbers[index] != NONE) as usize;
        index += 1;
    }
    count
}

/// The number of rows of the instructions after the prefix `0xfd`: those on vectors.
#[cfg(all(feature = "simd", feature = "lowering"))]
pub(crate) const AFTER_FD_COUNT: usize = count(&OF_FD);

/// The row of the instruction with this opcode.
#[must_use]
pub const fn row(Opcode(opcode): Opcode) -> Option<&'static Row> {
    let numbers: &[u16] = match opcode >> 16 {
        0 => &BYTES,
        0xfc => &AFTER_FC,
        0xfd => &AFTER_FD,
        _ => return None,
    };
    let number = (opcode & 0xffff) as usize;
    if number < numbers.len() && numbers[number] != NONE {
        Some(&ROWS[numbers[number] as usize])
    } else {
        None
    }
}

/// The row that op `number` comes from, and the op's shape.
#[must_use]
pub fn row_of(number: OpNumber) -> Option<(&'static Row, Shape)> {
    // Superinstructions have greater numbers than all ops, and no row.
    let found = ROWS.get(usize::from(*BY_OP.get(number.index())?))?;
    let place = usize::from(number.0 - found.first.0);
    Some((found, Shape::all(found.kind)[place]))
}
