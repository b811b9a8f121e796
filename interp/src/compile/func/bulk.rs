//! Operators on whole memories and tables.

use wasmparser::Operator;

use super::Function;
use crate::compile::module::ModuleInfo;
use crate::dispatch::OpNumber;
use crate::lower::Inst;
use crate::ops::access::Long;
use crate::ops::memories::{DataDrop, MemoryCopy, MemoryFill, MemoryGrow, MemoryInit, MemorySize};
use crate::ops::number;
use crate::ops::tables::{
    ElemDrop, TableCopy, TableFill, TableGet, TableGrow, TableInit, TableSet, TableSize,
};

/// How an op reads an operand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Width {
    /// As it is.
    Same,
    /// The operand has 32 bits, and the op reads 64.
    #[cfg(feature = "memory64")]
    Extended,
    /// The operand is an index of 64 bits, and the op reads 32.
    #[cfg(feature = "memory64")]
    Index,
}
use Width::Same;
#[cfg(feature = "memory64")]
use Width::{Extended, Index};

impl Function {
    /// Lowers an operator on whole memories and tables. Returns false if `operator` is none.
    #[inline(always)]
    pub(super) fn bulk(&mut self, module: &ModuleInfo, operator: &Operator<'_>) -> bool {
        let long = |memory| usize::from(module.has_long_addresses(memory));
        match *operator {
            Operator::MemorySize { mem } => self.memory_size(module, mem),
            Operator::MemoryGrow { mem } => {
                let ops = [number::<MemoryGrow<u32>>(), number::<MemoryGrow<Long>>()];
                self.bulk_result(ops[long(mem)], &[mem], &[Same]);
            }
            Operator::MemoryFill { mem } => {
                let ops = [number::<MemoryFill<u32>>(), number::<MemoryFill<Long>>()];
                self.bulk_op(ops[long(mem)], 0, &[mem], &[Same; 3]);
            }
            Operator::MemoryCopy { dst_mem, src_mem } => {
                self.memory_copy(module, dst_mem, src_mem);
            }
            Operator::MemoryInit { data_index, mem } => {
                let ops = [number::<MemoryInit<u32>>(), number::<MemoryInit<Long>>()];
                self.bulk_op(ops[long(mem)], data_index, &[mem], &[Same; 3]);
            }
            Operator::DataDrop { data_index } => {
                self.bulk_op(number::<DataDrop>(), data_index, &[], &[]);
            }
            Operator::TableGet { table } => {
                self.bulk_result(number::<TableGet>(), &[table], &[index(module, table)]);
            }
            Operator::TableSet { table } => {
                let widths = [index(module, table), Same];
                self.bulk_op(number::<TableSet>(), 0, &[table], &widths);
            }
            Operator::TableSize { table } => {
                self.push_unfolded(Inst::new(number::<TableSize>(), &[small(table)]));
            }
            Operator::TableGrow { table } => {
                let ops = [number::<TableGrow<u32>>(), number::<TableGrow<Long>>()];
                let op = ops[usize::from(module.has_long_indices(table))];
                self.bulk_result(op, &[table], &[Same, index(module, table)]);
            }
            Operator::TableFill { table } => {
                let width = index(module, table);
                self.bulk_op(number::<TableFill>(), 0, &[table], &[width, Same, width]);
            }
            Operator::TableCopy {
                dst_table,
                src_table,
            } => {
                let (dst, src) = (index(module, dst_table), index(module, src_table));
                // The length has 64 bits if both tables have such indices.
                let len = if dst == Same { dst } else { src };
                let widths = [dst, src, len];
                self.bulk_op(number::<TableCopy>(), 0, &[dst_table, src_table], &widths);
            }
            Operator::TableInit { elem_index, table } => {
                let widths = [index(module, table), Same, Same];
                self.bulk_op(number::<TableInit>(), elem_index, &[table], &widths);
            }
            Operator::ElemDrop { elem_index } => {
                self.bulk_op(number::<ElemDrop>(), elem_index, &[], &[]);
            }
            _ => return false,
        }
        true
    }

    fn memory_size(&mut self, module: &ModuleInfo, memory: u32) {
        let in_bytes = module.memory_type(memory).page_size_log2 == Some(0);
        let ops = [number::<MemorySize<false>>(), number::<MemorySize<true>>()];
        self.push_unfolded(Inst::new(ops[usize::from(in_bytes)], &[small(memory)]));
    }

    fn memory_copy(&mut self, module: &ModuleInfo, dst: u32, src: u32) {
        let (op, widths) = match [dst, src].map(|memory| module.has_long_addresses(memory)) {
            #[cfg(feature = "memory64")]
            [true, true] => (number::<MemoryCopy<u64>>(), [Same; 3]),
            // The length has 64 bits if the addresses of both memories have.
            #[cfg(feature = "memory64")]
            [true, false] => (number::<MemoryCopy<u64>>(), [Same, Extended, Extended]),
            #[cfg(feature = "memory64")]
            [false, true] => (number::<MemoryCopy<u64>>(), [Extended, Same, Extended]),
            _ => (number::<MemoryCopy<u32>>(), [Same; 3]),
        };
        self.bulk_op(op, 0, &[dst, src], &widths);
    }

    /// Appends an op with indices and with operands in slots.
    fn bulk_op(&mut self, op: OpNumber, imm: u32, indices: &[u32], operands: &[Width]) {
        let inst = self.bulk_inst(op, indices, operands);
        self.code.push(inst.imm(imm.into()));
    }

    /// Does the same for an op with a result.
    fn bulk_result(&mut self, op: OpNumber, indices: &[u32], operands: &[Width]) {
        let inst = self.bulk_inst(op, indices, operands);
        self.push_unfolded(inst);
    }

    fn bulk_inst(&mut self, op: OpNumber, indices: &[u32], operands: &[Width]) -> Inst {
        let mut inst = Inst::new(op, &[]);
        for (operand, &index) in inst.small.iter_mut().zip(indices) {
            *operand = small(index);
        }
        for (at, width) in operands.iter().enumerate().rev() {
            let value = self.pop();
            let slot = match width {
                Same => self.whole_slot_of(value),
                #[cfg(feature = "memory64")]
                Extended => self.extended(value),
                #[cfg(feature = "memory64")]
                Index => {
                    let value = self.index64(value);
                    self.slot_of(value)
                }
            };
            inst.small[indices.len() + at] = slot.0;
        }
        inst
    }
}

/// How an op reads an index of a table.
fn index(module: &ModuleInfo, table: u32) -> Width {
    match module.has_long_indices(table) {
        #[cfg(feature = "memory64")]
        true => Index,
        _ => Same,
    }
}

/// Encodes the index of a memory or table. The decoder limits them to 100 memories and 65,536 tables.
fn small(index: u32) -> u16 {
    index as u16
}
