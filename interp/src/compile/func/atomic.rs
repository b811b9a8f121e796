//! Atomic instructions, for one thread (proposal "threads").
//!
//! One thread runs a store, and nothing stops it between two ops without a call or a branch. So an atomic instruction is a check of
//! the address, then an ordinary load, an operation, a store:
//!
//! ```text
//!     i32.atomic.rmw.add      atomic.check      traps if the address is misaligned or out of bounds
//!                             i32.load → old
//!                             i32.add → new
//!                             i32.store
//!                             copy old → result
//! ```

use wasmparser::MemArg;

use super::Function;
use super::memory::{Access, Far};
use super::value::Value;
use crate::compile::module::ModuleInfo;
use crate::dispatch::OpNumber;
use crate::lower::Inst;
use crate::machine::{Class, SlotIndex};
use crate::ops::access::Long;
use crate::ops::atomic::{Check, Unshared, Wait};
use crate::ops::binary::Binary;
use crate::ops::compare::integer::{I32Eq, I64Eq};
use crate::ops::data::{Move, Select};
use crate::ops::integer::{
    I32Add, I32And, I32Or, I32Sub, I32Xor, I64Add, I64And, I64Or, I64Sub, I64Xor,
};
use crate::ops::shape::{Slot, ToSlot};
use crate::ops::shapes::{Pair, Shape, Source, To};
use crate::ops::{Opcode, number, row};

const COPY: OpNumber = number::<Move<u64, Slot, ToSlot>>();
const SELECT: OpNumber = number::<Select<Slot, ToSlot>>();

/// The opcode of the first load after the prefix `0xfe`. From there on, each operation has an instruction for each [`Width`].
const FIRST: u32 = 0xfe << 16 | 0x10;

/// The widths of accesses, in the order of their opcodes: the load, the store, the bytes in memory, whether the numbers have 64 bits.
const WIDTHS: [Width; 7] = [
    Width::new(0x28, 0x36, 4, false),
    Width::new(0x29, 0x37, 8, true),
    Width::new(0x2d, 0x3a, 1, false),
    Width::new(0x2f, 0x3b, 2, false),
    Width::new(0x31, 0x3c, 1, true),
    Width::new(0x33, 0x3d, 2, true),
    Width::new(0x35, 0x3e, 4, true),
];

#[derive(Clone, Copy)]
struct Width {
    load: Opcode,
    store: Opcode,
    bytes: u16,
    is_64: bool,
}

impl Width {
    const fn new(load: u32, store: u32, bytes: u16, is_64: bool) -> Self {
        Self {
            load: Opcode(load),
            store: Opcode(store),
            bytes,
            is_64,
        }
    }

    /// The op of an operation on two numbers.
    fn op(self, opcodes: [Opcode; 2]) -> OpNumber {
        let row = row(opcodes[usize::from(self.is_64)]).expect("operations stand in rows");
        row.op(Shape::Value(Pair::SlotSlot, To::Slot))
    }
}

/// The operations of read-modify-write instructions that are those of another instruction, in the order of their opcodes.
const OPERATIONS: [[Opcode; 2]; 5] = [
    [I32Add::OPCODE, I64Add::OPCODE],
    [I32Sub::OPCODE, I64Sub::OPCODE],
    [I32And::OPCODE, I64And::OPCODE],
    [I32Or::OPCODE, I64Or::OPCODE],
    [I32Xor::OPCODE, I64Xor::OPCODE],
];

impl Function {
    /// Lowers an atomic operator with the constant operands `memarg`.
    pub(in crate::compile) fn atomic(
        &mut self,
        module: &ModuleInfo,
        memarg: &MemArg,
        Opcode(opcode): Opcode,
    ) {
        let access = Access::of_memarg(memarg).filter(|_| self.alive);
        let Some(access) = access else {
            return;
        };
        let is_wide = module.has_long_addresses(access.memory);
        let is_shared = module.memory_type(access.memory).shared;
        let number = opcode.wrapping_sub(FIRST);
        match (opcode & 0xff, number / 7) {
            (0, _) => self.notify(&access, is_wide),
            (1, _) => self.wait(&access, is_wide, is_shared, false),
            (2, _) => self.wait(&access, is_wide, is_shared, true),
            (_, operation) => {
                let width = WIDTHS[(number % 7) as usize];
                self.atomic_access(&access, is_wide, width, operation);
            }
        }
    }

    /// Pops an address and checks it.
    fn atomic_address(&mut self, access: &Access, is_wide: bool, bytes: u16) -> Far {
        let address = self.pop();
        let far = self.far_address(access, is_wide, address);
        let checks = [number::<Check<u32>>(), number::<Check<Long>>()];
        let log2 = bytes.trailing_zeros() as u16;
        self.code
            .push(far.inst(checks[usize::from(is_wide)], &[log2]));
        far
    }

    /// Lowers a load, a store or a read-modify-write instruction.
    fn atomic_access(&mut self, access: &Access, is_wide: bool, width: Width, operation: u32) {
        // A load, a store, five operations, an exchange, a conditional exchange.
        let operands = match operation {
            0 => 0,
            1..=7 => 1,
            _ => 2,
        };
        let mut values = [SlotIndex(0); 2];
        for value in values[..operands].iter_mut().rev() {
            let popped = self.pop();
            *value = self.whole_slot_of(popped);
        }
        let at = self.atomic_address(access, is_wide, width.bytes);
        if operation == 1 {
            return self.atomic_store(at, width, values[0]);
        }
        // Above the operands, whose temporaries may hold the address and the values.
        let height = self.operands.height();
        let [old, new, equal] = [3, 4, 5].map(|above| self.temp(height + above));
        let load = row(width.load).expect("loads stand in rows");
        self.scratch(at.inst(load.op(Shape::Load(at.place, To::Slot)), &[]), old);
        match operation {
            0 => {}
            2..=6 => {
                let op = width.op(OPERATIONS[operation as usize - 2]);
                self.scratch(Inst::new(op, &[old.0, values[0].0]), new);
                self.atomic_store(at, width, new);
            }
            7 => self.atomic_store(at, width, values[0]),
            _ => {
                // The number in memory is zero-extended, and compared with the whole expected one.
                let op = width.op([I32Eq::OPCODE, I64Eq::OPCODE]);
                self.scratch(Inst::new(op, &[old.0, values[0].0]), equal);
                self.scratch(Inst::new(SELECT, &[values[1].0, old.0, equal.0]), new);
                self.atomic_store(at, width, new);
            }
        }
        self.push_result(Inst::new(COPY, &[old.0]), Class::Integer);
    }

    /// Appends an op that writes a scratch slot.
    fn scratch(&mut self, inst: Inst, slot: SlotIndex) {
        self.code.push_value(inst.dst(slot), Class::Integer);
        self.code.pin(slot);
    }

    fn atomic_store(&mut self, at: Far, width: Width, value: SlotIndex) {
        let row = row(width.store).expect("stores stand in rows");
        let op = row.op(Shape::Store(at.place, Source::Slot));
        self.code.push(at.inst(op, &[value.0]));
    }

    /// `memory.atomic.notify`: nobody waits.
    fn notify(&mut self, access: &Access, is_wide: bool) {
        self.pop();
        self.atomic_address(access, is_wide, 4);
        self.push_const(0);
    }

    /// `memory.atomic.wait32` and `memory.atomic.wait64`.
    fn wait(&mut self, access: &Access, is_wide: bool, is_shared: bool, is_64: bool) {
        let [timeout, expected] = [self.pop(), self.pop()];
        let [timeout, expected]: [SlotIndex; 2] =
            [timeout, expected].map(|value: Value| self.whole_slot_of(value));
        let at = self.atomic_address(access, is_wide, if is_64 { 8 } else { 4 });
        if !is_shared {
            self.code.push(Inst::new(number::<Unshared>(), &[]));
            return self.push_const(0);
        }
        let op = match (is_wide, is_64) {
            (false, false) => number::<Wait<u32, false>>(),
            (false, true) => number::<Wait<u32, true>>(),
            (true, false) => number::<Wait<Long, false>>(),
            (true, true) => number::<Wait<Long, true>>(),
        };
        self.push_unfolded(at.inst(op, &[expected.0, timeout.0]));
    }
}
