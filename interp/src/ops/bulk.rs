//! Whole memories and tables: size, grow, fill, copy, init, drop (core specification, 4.4.6 and 4.4.7).
//!
//! ```text
//!  ┌─────────────┬────────┬────────┬─────┬─────┬─────┐
//!  │ memory.copy │ memory │ memory │ dst │ src │ len │     operands in slots, whatever their number
//!  └─────────────┴────────┴────────┴─────┴─────┴─────┘
//! ```
//!
//! These are rare or long, so they have one shape each. `cost.rs` has their fuel.

use super::cost;
use super::operand::{Data, Dst, Elem, Func32, Import, Memory, Table};
use super::shape::{In, Slot};
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{
    Context, Exit, FuncEntry, Leave, MemoryView, Regs, SlotIndex, TableView, Trap,
};

/// Bytes of a page (4.2.8).
const PAGE: u64 = 65_536;

#[inline(always)]
unsafe fn memory(m: &Regs, index: u16) -> MemoryView {
    // SAFETY: invariant 5.
    unsafe { **(*m.cx).memories.add(usize::from(index)) }
}

#[inline(always)]
unsafe fn table(m: &Regs, index: u16) -> TableView {
    // SAFETY: invariant 5.
    unsafe { **(*m.cx).tables.add(usize::from(index)) }
}

/// Writes an output that is an integer or a reference.
#[inline(always)]
unsafe fn output(m: &mut Regs, dst: SlotIndex, value: u64) {
    // SAFETY: invariant 2.
    unsafe { m.slot(dst).write(value) };
    m.acc = value;
}

/// Checks that `len` units at `start` lie below `end`.
#[inline(always)]
fn check(start: u32, len: u32, end: u64, trap: Trap) -> Result<(), Trap> {
    if u64::from(start) + u64::from(len) > end {
        Err(trap)
    } else {
        Ok(())
    }
}

/// Grows a memory. Leaves the old size, or -1, in [`Context::call_acc`]: an answer that is returned in memory would
/// cost the op its tail call.
#[cold]
#[inline(never)]
unsafe fn grow_memory(cx: *mut Context, index: u16, delta: u32) -> Result<(), Exit> {
    // SAFETY: invariant 4.
    unsafe {
        let old = (*(*cx).runtime).memory_grow(index.into(), delta.into())?;
        (*cx).call_acc = old.unwrap_or(u64::from(u32::MAX));
    }
    Ok(())
}

/// Grows a table, as [`grow_memory`].
#[cold]
#[inline(never)]
unsafe fn grow_table(cx: *mut Context, index: u16, delta: u32, init: u64) -> Result<(), Exit> {
    // SAFETY: invariant 4.
    unsafe {
        let old = (*(*cx).runtime).table_grow(index.into(), delta.into(), init)?;
        (*cx).call_acc = old.unwrap_or(u64::from(u32::MAX));
    }
    Ok(())
}

/// An address, an index or a length, in a slot.
type Word = In<Slot, u32>;

macro_rules! bulk_ops {
    ($($(#[doc = $effect:literal])+ $Name:ident $name:literal |$m:ident, $($arg:ident: $Operand:ty),+| $body:block)+) => {
        $(
            #[doc = concat!("`", $name, "`:", $($effect),+)]
            #[derive(Debug)]
            pub struct $Name;

            // SAFETY: it reads its operands. Ranges are checked against the views of invariant 5 before they are read or
            // written, and whatever may change memory 0 reloads it (invariant 3).
            unsafe impl Op for $Name {
                const NAME: &'static str = $name;
                const EFFECT: &'static str = concat!($($effect),+);
                type Operands = ($($Operand,)+);
                #[inline(always)]
                fn run($m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
                    let ($($arg,)+) = operands.all($m);
                    // SAFETY: as above.
                    unsafe { $body }
                    Ok(())
                }
            }
        )+

        /// The family's ops.
        pub const DEFS: &[OpDef] = &[$(OpDef::of::<$Name>()),+];
    };
}

// Sizes and lengths that passed their check lie below the length of something in memory, so `as usize` loses nothing.
bulk_ops! {
    /// `dst ←` pages of the memory
    MemorySize "memory.size" |m, dst: Dst, index: Memory| {
        let pages = memory(m, index).len / PAGE;
        output(m, dst, pages);
    }
    /// `dst ←` old pages of the memory, which grows by delta; or -1
    MemoryGrow "memory.grow" |m, dst: Dst, index: Memory, delta: Word| {
        grow_memory(m.cx, index, delta)?;
        m.reload_memory();
        let old = (*m.cx).call_acc;
        output(m, dst, old);
    }
    /// `memory[dst..dst + len] ← value`
    MemoryFill "memory.fill" |m, index: Memory, dst: Word, value: Word, len: Word| {
        let MemoryView { base, len: end } = memory(m, index);
        check(dst, len, end, Trap::MemoryOutOfBounds)?;
        cost::fill(m.cx, base.add(dst as usize), value as u8, len as usize)?;
    }
    /// `memory[dst..dst + len] ← other[src..src + len]`
    MemoryCopy "memory.copy" |m, to: Memory, from: Memory, dst: Word, src: Word, len: Word| {
        let (to, from) = (memory(m, to), memory(m, from));
        check(dst, len, to.len, Trap::MemoryOutOfBounds)?;
        check(src, len, from.len, Trap::MemoryOutOfBounds)?;
        cost::copy(m.cx, from.base.add(src as usize), to.base.add(dst as usize), len as usize)?;
    }
    /// `memory[dst..dst + len] ← data[src..src + len]`
    MemoryInit "memory.init" |m, data: Data, index: Memory, dst: Word, src: Word, len: Word| {
        (*(*m.cx).runtime).memory_init(index.into(), data, dst.into(), src.into(), len.into())?;
    }
    /// `data ← empty`
    DataDrop "data.drop" |m, data: Data| {
        (*(*m.cx).runtime).data_drop(data);
    }
    /// `dst ← table[index]`
    TableGet "table.get" |m, dst: Dst, index: Table, element: Word| {
        let TableView { elements, len } = table(m, index);
        check(element, 1, len, Trap::TableOutOfBounds)?;
        let value = elements.add(element as usize).read();
        output(m, dst, value);
    }
    /// `table[index] ← value`
    TableSet "table.set" |m, index: Table, element: Word, value: In<Slot, u64>| {
        let TableView { elements, len } = table(m, index);
        check(element, 1, len, Trap::TableOutOfBounds)?;
        elements.add(element as usize).write(value);
    }
    /// `dst ←` elements of the table
    TableSize "table.size" |m, dst: Dst, index: Table| {
        let len = table(m, index).len;
        output(m, dst, len);
    }
    /// `dst ←` old size of the table, which grows by delta elements; or -1
    TableGrow "table.grow" |m, dst: Dst, index: Table, init: In<Slot, u64>, delta: Word| {
        grow_table(m.cx, index, delta, init)?;
        let old = (*m.cx).call_acc;
        output(m, dst, old);
    }
    /// `table[dst..dst + len] ← value`
    TableFill "table.fill" |m, index: Table, dst: Word, value: In<Slot, u64>, len: Word| {
        let TableView { elements, len: end } = table(m, index);
        check(dst, len, end, Trap::TableOutOfBounds)?;
        cost::fill_slots(m.cx, elements.add(dst as usize), value, len as usize)?;
    }
    /// `table[dst..dst + len] ← other[src..src + len]`
    TableCopy "table.copy" |m, to: Table, from: Table, dst: Word, src: Word, len: Word| {
        let (to, from) = (table(m, to), table(m, from));
        check(dst, len, to.len, Trap::TableOutOfBounds)?;
        check(src, len, from.len, Trap::TableOutOfBounds)?;
        let (from, to) = (from.elements.add(src as usize), to.elements.add(dst as usize));
        cost::copy(m.cx, from.cast(), to.cast(), len as usize * size_of::<u64>())?;
    }
    /// `table[dst..dst + len] ← elem[src..src + len]`
    TableInit "table.init" |m, elem: Elem, index: Table, dst: Word, src: Word, len: Word| {
        (*(*m.cx).runtime).table_init(index.into(), elem, dst.into(), src.into(), len.into())?;
    }
    /// `elem ← empty`
    ElemDrop "elem.drop" |m, elem: Elem| {
        (*(*m.cx).runtime).elem_drop(elem);
    }
    /// `dst ←` a reference to an imported function
    RefImport "ref.func_import" |m, dst: Dst, import: Import| {
        let func = (*m.cx).func_imports.add(import).read();
        output(m, dst, u64::from(func.0) + 1);
    }
    /// `dst ←` a reference to a function that the instance defines
    RefFunc "ref.func" |m, dst: Dst, func: Func32| {
        let entry: *const FuncEntry = (*m.cx).funcs.add(func);
        let func = entry.offset_from((*m.cx).all_funcs);
        output(m, dst, func as u64 + 1);
    }
}
