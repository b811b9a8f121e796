//! Every op against its row: what running it leaves must be what [`Row::eval`] says, whatever its shape.
//!
//! Which operands an op has, and so where a test must put its inputs, comes from the op table: a new row or a new
//! shape is tested without a word here. What has no row (constants, `select`, globals, branches) is told by name in
//! the second half.

mod bare;

use std::collections::BTreeSet;
use std::fmt;

use bare::{Bare, Code, MEMORY, Start};
use interp::Trap;
use interp::dispatch::{Field, OpDef};
use interp::machine::Exit;
use interp::ops::call::Halt;
use interp::ops::data::Move;
use interp::ops::shape::{Acc, Imm16, ToSlot};
use interp::ops::{COUNT, FAMILIES, Kind, OPS, Row, branch, data, number, row_of};

/// The slots of operands.
const A: i64 = 3;
const B: i64 = 4;
const C: i64 = 5;
const DST: i64 = 6;
/// Where the accumulators are copied to behind the op.
const ACC: i64 = 7;
const FACC: i64 = 8;
/// Where a branch leaves which way it went.
const WAY: i64 = 9;
/// `slot ← constant`.
const WAY_IS: u16 = number::<Move<u64, Imm16, ToSlot>>();

/// Pseudo-random pairs of inputs for each op, besides all pairs of edge values.
const RANDOM: usize = 2000;

/// Values at the borders of what types hold, as integers and as floats.
const EDGES: [u64; 22] = [
    0,
    1,
    2,
    31,
    32,
    63,
    0x7f,
    0x80,
    0x7fff,
    0x8000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0xffff_ffff_ffff_ffff,
    // 1.5 and -∞ as f32, 2.5, -2^63, NaN as f64.
    0x3fc0_0000,
    0xff80_0000,
    0x4004_0000_0000_0000,
    0xc3e0_0000_0000_0000,
    0x7ff8_0000_0000_0001,
];

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    /// Any number (xorshift64).
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number that is often small, or a float of ordinary size.
    fn value(&mut self) -> u64 {
        let any = self.next();
        match self.next() % 5 {
            0 => any,
            1 => any >> (any % 64),
            2 => ((any as i64) >> (any % 64)) as u64,
            3 => ((any as i32) as f32 / 1000.0).to_bits().into(),
            _ => ((any as i32) as f64 / 1000.0).to_bits(),
        }
    }
}

/// Pairs of inputs.
fn pairs() -> Vec<(u64, u64)> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let edges = EDGES
        .iter()
        .flat_map(|a| EDGES.iter().map(move |b| (*a, *b)));
    let some = std::iter::repeat_with(|| (random.value(), random.value())).take(RANDOM);
    edges.chain(some).collect()
}

/// The ops that come from rows, of these kinds.
fn ops_of(kinds: &[Kind]) -> Vec<(u16, &'static Row)> {
    let all = (0..COUNT as u16).filter_map(|op| Some((op, row_of(op)?.0)));
    all.filter(|(_, row)| kinds.contains(&row.kind)).collect()
}

fn def(op: u16) -> &'static OpDef {
    &OPS[usize::from(op)]
}

/// An op with inputs in place: its operands, and what it sees of the inputs.
struct Placed {
    op: u16,
    operands: Vec<i64>,
    seen: Vec<u64>,
    start: Start,
}

/// Puts `inputs`, in the order of the op's fields, where it reads them, as far as they fit there. `target` is where it
/// branches to, `memory` which memory it uses, `offset` the offset of an address.
fn place(
    bare: &mut Bare,
    op: u16,
    inputs: &[u64],
    target: i64,
    memory: i64,
    offset: i64,
) -> Placed {
    let mut inputs = inputs.iter().copied();
    let mut slots = [A, B, C].into_iter();
    let mut placed = Placed {
        op,
        operands: Vec::new(),
        seen: Vec::new(),
        start: Start::default(),
    };
    for &field in def(op).fields {
        if field == Field::Narrow {
            continue;
        }
        let fixed = match field {
            Field::Dst => Some(DST),
            Field::Label16 | Field::Label32 => Some(target),
            Field::Offset16 | Field::Offset32 => Some(offset),
            Field::Index16 | Field::Index32 => Some(memory),
            _ => None,
        };
        if let Some(operand) = fixed {
            placed.operands.push(operand);
            continue;
        }
        let value = inputs.next().expect("as many inputs as the op reads");
        // `as` cuts a value down to what the operand holds, then extends its sign.
        let seen = match field {
            Field::Slot => {
                let slot = slots.next().expect("three slots will do");
                bare.slots[slot as usize] = value;
                placed.operands.push(slot);
                value
            }
            Field::Acc => {
                placed.start.acc = value;
                value
            }
            Field::Facc => {
                placed.start.facc = value;
                value
            }
            Field::Imm16 | Field::Imm32 | Field::Imm64 => {
                let constant = match field {
                    Field::Imm16 => i64::from(value as i16),
                    Field::Imm32 => i64::from(value as i32),
                    _ => value as i64,
                };
                placed.operands.push(constant);
                constant as u64
            }
            other => panic!("{}: {other:?} is no input", def(op).name),
        };
        placed.seen.push(seen);
    }
    placed
}

impl Placed {
    fn append(&self, code: &mut Code) {
        code.with(self.op, &self.operands);
    }
}

impl fmt::Display for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let def = def(self.op);
        write!(
            f,
            "{} {} {:?} of {:x?}",
            def.form, def.name, def.fields, self.seen
        )
    }
}

/// How many of an op's fields are inputs.
fn arity(op: u16) -> usize {
    use Field::{Acc, Facc, Imm16, Imm32, Imm64, Slot};
    let inputs = [Slot, Acc, Facc, Imm16, Imm32, Imm64];
    def(op)
        .fields
        .iter()
        .filter(|field| inputs.contains(field))
        .count()
}

/// Copies both accumulators to slots, then stops.
fn finish(code: &mut Code) {
    code.with(number::<Move<u64, Acc, ToSlot>>(), &[ACC]);
    code.with(number::<Move<f64, Acc, ToSlot>>(), &[FACC]);
    code.with(number::<Halt>(), &[]);
}

/// The same number, or a NaN for a NaN where arithmetic made it: which of them is not specified (4.3.3).
fn same(name: &str, found: u64, expected: u64) -> bool {
    let keeps_bits = ["abs", "neg", "copysign"]
        .iter()
        .any(|end| name.ends_with(end));
    let nans = match &name[..3] {
        "f32" => {
            f32::from_bits(found as u32).is_nan()
                && f32::from_bits(expected as u32).is_nan()
                && found >> 32 == 0
        }
        "f64" => f64::from_bits(found).is_nan() && f64::from_bits(expected).is_nan(),
        _ => false,
    };
    found == expected || nans && !keeps_bits
}

#[test]
fn ops_with_a_value_compute_what_their_row_says() {
    let kinds = [
        Kind::Integer,
        Kind::Float,
        Kind::IntegerCompare,
        Kind::FloatCompare,
        Kind::Unary,
    ];
    let pairs = pairs();
    let mut bare = Bare::new();
    for (op, row) in ops_of(&kinds) {
        for &pair in pairs.iter().filter(|_| !branches(op)) {
            check_value(&mut bare, op, row, pair);
        }
    }
}

fn branches(op: u16) -> bool {
    def(op).fields.contains(&Field::Label16)
}

fn check_value(bare: &mut Bare, op: u16, row: &Row, (a, b): (u64, u64)) {
    let placed = place(bare, op, &[a, b][..arity(op)], 0, 0, 0);
    let mut code = Code::default();
    placed.append(&mut code);
    finish(&mut code);
    let (exit, _) = bare.run(&code, placed.start);
    match (row.eval)(placed.seen[0], placed.seen.get(1).copied().unwrap_or(0)) {
        Err(trap) => assert_eq!(exit, Exit::Trap(trap), "{placed}"),
        Ok(expected) => {
            assert_eq!(exit, Exit::Done, "{placed}");
            check_output(bare, &placed, row.float_out, expected);
        }
    }
}

/// Checks the slot, if the op writes one, and the accumulator.
fn check_output(bare: &Bare, placed: &Placed, float: bool, expected: u64) {
    let accumulator = if float { FACC } else { ACC };
    let slot = def(placed.op).fields.contains(&Field::Dst).then_some(DST);
    for at in slot.into_iter().chain([accumulator]) {
        let found = bare.slots[at as usize];
        assert!(
            same(def(placed.op).name, found, expected),
            "{placed}: {found:#x}, not {expected:#x}, in slot {at}"
        );
    }
}

#[test]
fn fused_branches_go_where_their_row_says() {
    let pairs = pairs();
    let mut bare = Bare::new();
    let mut senses = BTreeSet::new();
    for (op, row) in ops_of(&[Kind::IntegerCompare, Kind::FloatCompare]) {
        if branches(op) {
            let sense = match def(op).form {
                "br_if" => 1,
                "br_unless" => 0,
                other => panic!("the test does not know branches of the form {other}"),
            };
            senses.insert(sense);
            for &(a, b) in &pairs {
                check_branch(&mut bare, op, &[a, b], |seen| {
                    (row.eval)(seen[0], seen[1]) == Ok(sense)
                });
            }
        }
    }
    assert_eq!(senses.len(), 2);
}

/// Checks where a branch goes, forwards and backwards, and that only a backward branch costs fuel.
fn check_branch(bare: &mut Bare, op: u16, inputs: &[u64], taken: impl Fn(&[u64]) -> bool) {
    for backwards in [false, true] {
        let mut taken_way = Code::default();
        taken_way
            .with(WAY_IS, &[2, WAY])
            .with(number::<Halt>(), &[]);
        let mut other_way = Code::default();
        other_way
            .with(WAY_IS, &[1, WAY])
            .with(number::<Halt>(), &[]);
        let target = if backwards {
            -(taken_way.len() as i64)
        } else {
            (def(op).granules() + other_way.len()) as i64
        };
        let mut placed = place(bare, op, inputs, target, 0, 0);
        let mut code = Code::default();
        if backwards {
            code.granules.extend(&taken_way.granules);
            placed.start.at = code.len();
        }
        placed.append(&mut code);
        code.granules.extend(&other_way.granules);
        code.granules.extend(&taken_way.granules);
        let (exit, fuel) = bare.run(
            &code,
            Start {
                fuel: 9,
                ..placed.start
            },
        );
        let taken = taken(&placed.seen);
        assert_eq!(exit, Exit::Done, "{placed}");
        assert_eq!(
            bare.slots[WAY as usize],
            if taken { 2 } else { 1 },
            "{placed}"
        );
        assert_eq!(fuel, if taken && backwards { 8 } else { 9 }, "{placed}");
    }
}

/// The bytes that an access of memory reads or writes, and whether a load extends their sign.
fn access(name: &str) -> (usize, bool) {
    let (ty, rest) = name.split_once('.').expect("a type in front");
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let bits: usize = if digits.is_empty() {
        ty[1..].parse()
    } else {
        digits.parse()
    }
    .expect("a number of bits");
    (bits / 8, rest.ends_with("_s"))
}

/// Addresses, offsets and values to access memory with.
fn accesses() -> Vec<(u64, i64, u64)> {
    let end = MEMORY as u64;
    let addresses = [
        0,
        1,
        7,
        255,
        256,
        1000,
        end - 9,
        end - 8,
        end - 4,
        end - 2,
        end - 1,
        end,
        0x7fff_ffff,
        0xffff_ffff,
    ];
    let offsets = [
        0,
        1,
        8,
        255,
        0x7fff,
        0xfff8,
        0xffff,
        0x1_0000,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_ffff,
    ];
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut all = Vec::new();
    for address in addresses {
        for offset in offsets {
            all.push((address, offset, random.value()));
        }
    }
    for _ in 0..200 {
        let (address, offset) = (random.next() % end, random.next() % 300);
        all.push((address, offset as i64, random.value()));
    }
    all
}

#[test]
fn loads_and_stores_reach_the_bytes_they_name() {
    let accesses = accesses();
    let mut bare = Bare::new();
    let mut shapes = BTreeSet::new();
    for (op, row) in ops_of(&[Kind::Load, Kind::Store]) {
        shapes.insert(format!("{:?}", def(op).fields));
        for memory in 0..if def(op).fields.contains(&Field::Index16) {
            2
        } else {
            1
        } {
            for &(address, offset, value) in &accesses {
                if def(op).fields.contains(&Field::Offset32) || offset <= 0xffff {
                    check_access(&mut bare, op, row, memory, (address, offset, value));
                }
            }
        }
    }
    assert!(shapes.len() >= 12, "{shapes:?}");
}

/// Where an address lies that an access finds in memory.
const POINTER: u64 = 40;

fn check_access(
    bare: &mut Bare,
    op: u16,
    row: &Row,
    memory: usize,
    (address, offset, value): (u64, i64, u64),
) {
    let is_store = row.kind == Kind::Store;
    let fields = def(op).fields;
    let is_sum = fields.starts_with(&[Field::Slot, Field::Imm16, Field::Offset16]);
    // The address is itself in memory 0, and what `place` takes for the memory is the offset of that place.
    let is_via = fields.starts_with(&[Field::Slot, Field::Index16, Field::Offset16]);
    // An absolute access has no address.
    let has_address = arity(op) > usize::from(is_store);
    let mut inputs = Vec::new();
    if is_via {
        let at = POINTER as usize + memory;
        bare.memories[0][at..at + 8].copy_from_slice(&address.to_le_bytes());
        inputs.push(POINTER);
    } else if has_address {
        inputs.push(address);
    }
    if is_sum {
        inputs.push(value);
    }
    inputs.push(value);
    let placed = place(bare, op, &inputs, 0, memory as i64, offset);
    let memory = if is_via { 0 } else { memory };
    let before = bare.memories.clone();
    let mut code = Code::default();
    placed.append(&mut code);
    finish(&mut code);
    let (exit, _) = bare.run(&code, placed.start);

    let (size, signed) = access(def(op).name);
    let mut start = if has_address { address as usize } else { 0 };
    if is_sum {
        // Modulo 2³², before the offset is added.
        start = (address as u32).wrapping_add(placed.seen[1] as u32) as usize;
    }
    start += offset as usize;
    let mut expected = before;
    if start + size > MEMORY {
        assert_eq!(
            exit,
            Exit::Trap(Trap::MemoryOutOfBounds),
            "{placed} at {start:#x}"
        );
    } else {
        assert_eq!(exit, Exit::Done, "{placed} at {start:#x}");
        let bytes = &mut expected[memory][start..start + size];
        if is_store {
            let value = *placed.seen.last().expect("a store has a value");
            bytes.copy_from_slice(&value.to_le_bytes()[..size]);
        } else {
            check_output(
                bare,
                &placed,
                row.float_out,
                extend(bytes, signed, row.is_32),
            );
        }
    }
    assert!(
        bare.memories == expected,
        "{placed}: memory {memory} at {start:#x}"
    );
}

/// The number that some bytes are, as a slot holds it.
fn extend(bytes: &[u8], signed: bool, is_32: bool) -> u64 {
    let fill = if signed && bytes[bytes.len() - 1] >= 0x80 {
        0xff
    } else {
        0
    };
    let mut wide = [fill; 8];
    wide[..bytes.len()].copy_from_slice(bytes);
    let value = u64::from_le_bytes(wide);
    if is_32 { value & 0xffff_ffff } else { value }
}

#[test]
fn every_op_of_a_row_was_run() {
    // The tests above take all ops of each kind; this one counts that there is no other kind, and no family whose
    // rows lost ops.
    let kinds = [
        Kind::Integer,
        Kind::Float,
        Kind::IntegerCompare,
        Kind::FloatCompare,
        Kind::Unary,
        Kind::Load,
        Kind::Store,
    ];
    let in_families: usize = FAMILIES
        .iter()
        .filter(|family| !family.rows.is_empty())
        .map(|family| family.defs.len())
        .sum();
    assert_eq!(ops_of(&kinds).len(), in_families);
}

/// All ops of a family that has no rows, by number.
fn family(defs: &[OpDef]) -> Vec<u16> {
    let member = |op: &u16| {
        let of = |one: &OpDef| {
            (one.form, one.name, one.fields) == (def(*op).form, def(*op).name, def(*op).fields)
        };
        defs.iter().any(of)
    };
    (0..COUNT as u16).filter(member).collect()
}

#[test]
fn values_move_unchanged() {
    let mut bare = Bare::new();
    for op in family(data::DEFS) {
        for &(a, b) in &pairs() {
            check_move(&mut bare, op, a, b);
        }
    }
}

fn check_move(bare: &mut Bare, op: u16, a: u64, b: u64) {
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
    check_output(bare, &placed, name.starts_with('f'), expected);
}

#[test]
fn branches_go_where_they_should() {
    let mut bare = Bare::new();
    for op in family(branch::DEFS) {
        let conditions = || EDGES.iter().copied();
        match def(op).name {
            "br" => check_branch(&mut bare, op, &[], |_| true),
            "br_if" => conditions().for_each(|value| {
                check_branch(&mut bare, op, &[value], |seen| seen[0] as u32 != 0)
            }),
            "br_unless" => conditions().for_each(|value| {
                check_branch(&mut bare, op, &[value], |seen| seen[0] as u32 == 0)
            }),
            "br_if64" => conditions()
                .for_each(|value| check_branch(&mut bare, op, &[value], |seen| seen[0] != 0)),
            "br_unless64" => conditions()
                .for_each(|value| check_branch(&mut bare, op, &[value], |seen| seen[0] == 0)),
            "br_table" => conditions().for_each(|value| check_table(&mut bare, op, value)),
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
}

/// A table of five targets, the last for all other numbers.
fn check_table(bare: &mut Bare, op: u16, value: u64) {
    let targets = 5;
    let mut way = Code::default();
    way.with(WAY_IS, &[0, WAY]).with(number::<Halt>(), &[]);
    let length = def(op).granules() + 2 * targets;
    bare.slots[A as usize] = value;
    let mut code = Code::default();
    let mut next = 0..;
    code.op(op, |_, field| match field {
        Field::Labels => (length + way.len() * next.next().expect("endless")) as i64,
        Field::Index32 => targets as i64 - 1,
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
