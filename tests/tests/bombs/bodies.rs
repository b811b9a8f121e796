//! Functions in which a few bytes cause much work: a table of all known kinds.
//!
//! Each module exports a function `f` with a parameter of type i32. The function returns at once if the parameter is 1.

use tests::modules::{leb, section};

/// A module that is hard to lower.
pub(crate) struct Bomb {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// Whether it must be refused. The others may be refused.
    pub(crate) refused: bool,
}

/// A function type with these numbers of parameters and results of type i32.
fn ty(params: usize, results: usize) -> Vec<u8> {
    let list = |count| [leb(count), vec![0x7f; count]].concat();
    [vec![0x60], list(params), list(results)].concat()
}

/// The types that all modules have, by their indices.
const MAIN: u8 = 0;
const TAKES: u8 = 1;
const GIVES: u8 = 2;
const BOTH: u8 = 3;

/// Values of the large types.
const MANY: usize = 1_000;

/// The number of locals, the code before the repeated part, that part, the number of repetitions, and the code after it.
struct Body<'a> {
    locals: usize,
    front: &'a [u8],
    part: &'a [u8],
    times: usize,
    back: &'a [u8],
}

/// A module with `f`, functions 1 to 3 (which take, return, and take and return many values), a table, a memory, and a
/// global.
fn module(body: &Body<'_>) -> Vec<u8> {
    let locals = match body.locals {
        0 => leb(0),
        count => [leb(1), leb(count), vec![0x7f]].concat(),
    };
    // local.get 0; i32.const 1; i32.eq; br_if 0
    let leave = [0x20, 0, 0x41, 1, 0x46, 0x0d, 0];
    let parts = [
        locals,
        leave.to_vec(),
        body.front.to_vec(),
        body.part.repeat(body.times),
    ];
    let main = [parts.concat(), body.back.to_vec(), vec![0x0b]].concat();
    let unreachable = [0, 0, 0x0b].to_vec();
    let bodies = [main, unreachable.clone(), unreachable.clone(), unreachable];
    let code: Vec<u8> = bodies
        .iter()
        .flat_map(|body| [leb(body.len()), body.clone()].concat())
        .collect();
    let types = [ty(1, 0), ty(MANY, 0), ty(0, MANY), ty(MANY, MANY)];
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &[leb(types.len()), types.concat()].concat()),
        section(3, &[4, MAIN, TAKES, GIVES, BOTH]),
        section(4, &[1, 0x70, 0, 1]),
        section(5, &[1, 0, 1]),
        section(6, &[1, 0x7f, 1, 0x41, 0, 0x0b]),
        section(7, &[1, 1, b'f', 0, 0]),
        section(10, &[leb(bodies.len()), code].concat()),
    ]
    .concat()
}

/// A long function without special operators. `nop`s would be lowered to nothing, so it changes a local.
pub(crate) fn long(bytes: usize) -> Vec<u8> {
    // local.get 0; i32.const 1; i32.xor; local.set 0
    let part = [0x20, 0, 0x41, 1, 0x73, 0x21, 0];
    let (front, back) = (&[][..], &[][..]);
    module(&Body {
        locals: 0,
        front,
        part: &part,
        times: bytes / part.len(),
        back,
    })
}

/// A `br_table` to the blocks at all depths below `depths`, in turn, with `targets` entries besides the default.
fn br_table(depths: usize, targets: usize) -> Vec<u8> {
    let entries: Vec<u8> = (0..=targets)
        .flat_map(|target| leb(target % depths))
        .collect();
    [vec![0x0e], leb(targets), entries].concat()
}

/// All kinds of functions that are hard to lower.
pub(crate) fn bombs() -> Vec<Bomb> {
    const CONST: [u8; 2] = [0x41, 0];
    const IF_1000: [u8; 2] = [0x04, BOTH];
    let drops = |count: usize| vec![0x1a; count];
    let consts = |count: usize| CONST.repeat(count);
    let plain = |name, part: &[u8], times| {
        let bytes = module(&Body {
            locals: 0,
            front: &[],
            part,
            times,
            back: &[],
        });
        Bomb {
            name,
            bytes,
            refused: false,
        }
    };
    let framed = |name, front: &[u8], part: &[u8], times, back: &[u8], refused| {
        let bytes = module(&Body {
            locals: 0,
            front,
            part,
            times,
            back,
        });
        Bomb {
            name,
            bytes,
            refused,
        }
    };
    // A value below the results prevents them from being in the block's places.
    let in_block = [&[0x41, 0, 0x02, GIVES, 0x41, 7][..], &consts(MANY)].concat();
    let behind_block = [vec![0x0c, 0, 0x0b], drops(MANY + 1)].concat();
    let in_loop = [&consts(MANY)[..], &[0x03, TAKES, 0x41, 7], &consts(MANY)].concat();
    let nest = |block: [u8; 2], levels: usize| block.repeat(levels);
    let table_to_nest = |levels: usize| {
        // Nested blocks with many results each, and a table with all of them as targets.
        let front = [
            nest([0x02, GIVES], levels),
            vec![0x41, 7],
            consts(MANY),
            vec![0x20, 0],
        ]
        .concat();
        let behind: Vec<u8> = [vec![0x0b], drops(MANY), consts(MANY)].concat();
        let back = [behind.repeat(levels - 1), vec![0x0b], drops(MANY)].concat();
        (front, br_table(levels, 3 * levels), back)
    };
    let (nest_front, nest_table, nest_back) = table_to_nest(20);
    let resume = [&[0x02, 0x40, 0x20, 0][..], &[0x0e, 1, 0, 0, 0x0b]].concat();
    // A nested block. The results of both are in other places than required.
    let detour = [
        &[0x02, 0x7f, 0x41, 5, 0x41, 3, 0x20, 0][..],
        &[0x0e, 1, 0, 1, 0x0b, 0x1a],
    ]
    .concat();
    vec![
        framed(
            "br_if that carries many values",
            &in_block,
            &[0x41, 0, 0x0d, 0],
            50_000,
            &behind_block,
            true,
        ),
        framed(
            "br_if on a variable that carries many values",
            &in_block,
            &[0x20, 0, 0x0d, 0],
            50_000,
            &behind_block,
            true,
        ),
        framed(
            "br_if to a loop with many parameters",
            &in_loop,
            &[0x20, 0, 0x0d, 0],
            50_000,
            &[drops(2 * MANY + 1), vec![0x0b]].concat(),
            true,
        ),
        framed(
            "empty blocks with many parameters",
            &consts(MANY),
            &[0x02, BOTH, 0x0b],
            300_000,
            &drops(MANY),
            true,
        ),
        framed(
            "loops with many parameters",
            &consts(MANY),
            &[0x03, BOTH, 0x0b],
            300_000,
            &drops(MANY),
            true,
        ),
        framed(
            "ifs with many parameters",
            &consts(MANY),
            &[&CONST[..], &IF_1000, &[0x05, 0x0b]].concat(),
            100_000,
            &drops(MANY),
            true,
        ),
        framed(
            "nested blocks with many parameters",
            &consts(MANY),
            &[0x02, BOTH],
            200_000,
            &[vec![0x0b; 200_000], drops(MANY)].concat(),
            true,
        ),
        framed(
            "blocks with many parameters that cannot be reached",
            &[0x00],
            &[0x02, BOTH, 0x0b],
            300_000,
            &[],
            true,
        ),
        framed(
            "calls with many values",
            &consts(MANY),
            &[0x10, 3],
            300_000,
            &drops(MANY),
            true,
        ),
        framed(
            "indirect calls with many values",
            &consts(MANY),
            &[0x41, 0, 0x11, BOTH, 0],
            200_000,
            &drops(MANY),
            true,
        ),
        framed(
            "calls whose results pile up",
            &[],
            &[0x10, 2],
            300_000,
            &[0x00],
            true,
        ),
        framed(
            "calls whose results pile up where nothing can be reached",
            &[0x00],
            &[0x10, 2],
            300_000,
            &[],
            true,
        ),
        framed(
            "returns where nothing can be reached",
            &[0x00],
            &[0x0f],
            1_000_000,
            &[],
            false,
        ),
        framed(
            "a br_table with many values to many targets",
            &in_block,
            &[&[0x20, 0][..], &br_table(1, 200_000)].concat(),
            1,
            &[vec![0x0b], drops(MANY + 1)].concat(),
            true,
        ),
        framed(
            "br_tables to nested blocks with many results",
            &nest_front,
            &nest_table,
            1,
            &nest_back,
            false,
        ),
        plain(
            "a br_table with a million targets",
            &[&[0x20, 0][..], &br_table(1, 1_000_000)].concat(),
            1,
        ),
        plain("many tables on parameter 0", &resume, 200_000),
        framed(
            "many tables on parameter 0 in a deep nest",
            &nest([0x02, 0x40], 100_000),
            &resume,
            100_000,
            &[0x0b].repeat(100_000),
            false,
        ),
        framed(
            "many tables with detours in a deep nest",
            &[&nest([0x02, 0x40], 60_000)[..], &[0x02, 0x7f, 0x41, 5]].concat(),
            &detour,
            60_000,
            &[vec![0x1a, 0x41, 0, 0x0b, 0x1a], [0x0b].repeat(60_000)].concat(),
            false,
        ),
        framed(
            "a deep nest of blocks",
            &nest([0x02, 0x40], 700_000),
            &[0x0b],
            700_000,
            &[],
            false,
        ),
        framed(
            "a deep nest of loops",
            &nest([0x03, 0x40], 700_000),
            &[0x0b],
            700_000,
            &[],
            false,
        ),
        framed(
            "a deep nest of ifs",
            &[0x20, 0, 0x04, 0x40].repeat(400_000),
            &[0x0b],
            400_000,
            &[],
            false,
        ),
        plain(
            "a chain of selects",
            &[0x20, 0, 0x20, 0, 0x20, 0, 0x1b, 0x21, 0],
            300_000,
        ),
        framed(
            "a chain of selects on the stack",
            &[0x20, 0],
            &[0x20, 0, 0x20, 0, 0x1b],
            400_000,
            &[0x1a],
            false,
        ),
        framed("eqz of eqz", &[0x20, 0], &[0x45], 2_000_000, &[0x1a], false),
        framed(
            "a local that stays on the stack while it is set",
            &[],
            &[0x20, 0, 0x20, 0, 0x21, 0],
            30_000,
            &drops(30_000),
            false,
        ),
        framed(
            "a deep stack of locals before each block",
            &[0x20, 0].repeat(30_000),
            &[0x02, 0x40, 0x0b],
            400_000,
            &drops(30_000),
            false,
        ),
        framed(
            "labels that push each other out of reach",
            &[],
            &[0x02, 0x40, 0x20, 0, 0x0d, 0, 0x23, 0, 0x24, 0, 0x0b],
            300_000,
            &[],
            false,
        ),
        framed(
            "branches of all lengths",
            &nest([0x02, 0x40], 64),
            &[&[0x20, 0][..], &br_table(64, 63), &[0x0b, 0x02, 0x40]].concat(),
            60_000,
            &[0x0b].repeat(64),
            false,
        ),
        Bomb {
            name: "many locals and many calls",
            bytes: module(&Body {
                locals: 49_000,
                front: &[],
                part: &[0x20, 0xe8, 0xfe, 0x02, 0x1a, 0x20, 0, 0x10, 0],
                times: 200_000,
                back: &[],
            }),
            refused: false,
        },
    ]
}

/// A function that drops each of `count` passive segments twice. `segments` are the section's number and each segment,
/// `front` precedes the code, and `opcode` drops.
fn dropping(count: usize, front: &[u8], segments: (u8, &[u8]), opcode: &[u8]) -> Vec<u8> {
    let drops: Vec<u8> = (0..count)
        .flat_map(|index| [opcode, &leb(index)].concat())
        .collect();
    let main = [vec![0], drops.repeat(2), vec![0x0b]].concat();
    let (id, segment) = segments;
    let segments = section(id, &[leb(count), segment.repeat(count)].concat());
    let (before, behind) = if id < 10 {
        (segments, vec![])
    } else {
        (vec![], segments)
    };
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &[leb(1), ty(1, 0)].concat()),
        section(3, &[1, 0]),
        section(4, &[1, 0x70, 0, 1]),
        section(5, &[1, 0, 1]),
        section(7, &[1, 1, b'f', 0, 0]),
        before,
        front.to_vec(),
        section(10, &[leb(1), leb(main.len()), main].concat()),
        behind,
    ]
    .concat()
}

/// Drops data segments.
pub(crate) fn data_drops(count: usize) -> Vec<u8> {
    dropping(count, &section(12, &leb(count)), (11, &[1, 0]), &[0xfc, 9])
}

/// Drops element segments.
pub(crate) fn elem_drops(count: usize) -> Vec<u8> {
    dropping(count, &[], (9, &[1, 0, 0]), &[0xfc, 13])
}
