//! Atomic accesses: which addresses pass the check, and who waits.

use interp::Trap;
use interp::dispatch::{Field, OpNumber};
use interp::machine::Exit;

use crate::bare::{Asked, Bare, Code, MEMORY};
use crate::def;
use crate::place::{A, ACC, B, C, DST, Placed, finish};

/// Checks an op of the family.
pub(crate) fn check(bare: &mut Bare, op: OpNumber) {
    match def(op).name {
        "atomic.check" => check_addresses(bare, op),
        "memory.atomic.wait32" => check_wait(bare, op, 4),
        "memory.atomic.wait64" => check_wait(bare, op, 8),
        "atomic.unshared" => {
            let exit = run(bare, op, &[]);
            assert_eq!(exit, Exit::Trap(Trap::AtomicWaitNonSharedMemory));
        }
        other => panic!("what should {other} do? Say it here"),
    }
}

fn run(bare: &mut Bare, op: OpNumber, operands: &[i64]) -> Exit {
    let placed = Placed::with(op, operands);
    let mut code = Code::default();
    placed.append(&mut code);
    finish(&mut code);
    bare.run(&code, placed.start).0
}

/// Addresses and offsets: small ones, those around the end of memory 1, and those beyond 32 bits.
fn addresses() -> impl Iterator<Item = (u64, i64)> {
    let end = 2 * MEMORY as u64;
    let ends = end - 9..end + 9;
    let far = [
        0xffff_fff8,
        0xffff_ffff,
        1 << 32,
        1 << 32 | 8,
        u64::MAX - 7,
        u64::MAX,
    ];
    let addresses = (0..20).chain(ends).chain(far);
    addresses.flat_map(|address| [0, 1, 8, 0xffff_ffff].map(|offset| (address, offset)))
}

fn check_addresses(bare: &mut Bare, op: OpNumber) {
    let is_wide = def(op).fields.contains(&Field::Wide);
    for (address, offset) in addresses() {
        for log2 in 0..4 {
            bare.slots[A as usize] = address;
            let address = if is_wide {
                address
            } else {
                address & 0xffff_ffff
            };
            let start = u128::from(address) + offset as u128;
            let size = 1 << log2;
            let expected = if !start.is_multiple_of(size) {
                Exit::Trap(Trap::HeapMisaligned)
            } else if start + size > 2 * MEMORY as u128 {
                Exit::Trap(Trap::MemoryOutOfBounds)
            } else {
                Exit::Done
            };
            let exit = run(bare, op, &[1, A, offset, log2]);
            assert_eq!(exit, expected, "{size} bytes at {start:#x}");
        }
    }
}

fn check_wait(bare: &mut Bare, op: OpNumber, size: usize) {
    let number = 0x0123_4567_89ab_cdef_u64;
    bare.memories[1][24..32].copy_from_slice(&number.to_le_bytes());
    let before = bare.memories.clone();
    // Other bits than those that are read decide in a slot of 64 bits only.
    let other_bits = number ^ 1 << 63;
    for (expected, waits) in [(number, true), (number ^ 1, false), (other_bits, size == 4)] {
        bare.slots[A as usize] = 16;
        bare.slots[B as usize] = expected;
        bare.slots[C as usize] = 77;
        bare.set_answer(Ok(None));
        bare.asked();
        assert_eq!(run(bare, op, &[DST, 1, A, B, C, 8]), Exit::Done);
        let asked = if waits { vec![Asked::Wait(77)] } else { vec![] };
        assert_eq!(bare.asked(), asked);
        for slot in [DST, ACC] {
            assert_eq!(bare.slots[slot as usize], if waits { 2 } else { 1 });
        }
    }
    bare.slots[B as usize] = number;
    bare.set_answer(Err(Exit::Trap(Trap::AtomicWaitForever)));
    let exit = run(bare, op, &[DST, 1, A, B, C, 8]);
    assert_eq!(exit, Exit::Trap(Trap::AtomicWaitForever));
    bare.slots[A as usize] = 2 * MEMORY as u64 - 8;
    let exit = run(bare, op, &[DST, 1, A, B, C, 8]);
    assert_eq!(exit, Exit::Trap(Trap::MemoryOutOfBounds));
    assert!(bare.memories == before, "waiting changes no memory");
}
