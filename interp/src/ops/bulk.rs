//! Whole memories and tables: size, grow, fill, copy, init, drop (core specification, 4.4.6 and 4.4.7).
//!
//! ```text
//!  ┌─────────────┬────────┬────────┬─────┬─────┬─────┐
//!  │ memory.copy │ memory │ memory │ dst │ src │ len │     operands in slots, whatever their number
//!  └─────────────┴────────┴────────┴─────┴─────┴─────┘
//! ```
//!
//! These are rare or long, so they have one shape each.

use core::ptr;

use super::shape::{Input, Slot};
use crate::dispatch::{Field, Op, OpDef};
use crate::machine::{
    Context, Exit, FuncEntry, Leave, MemoryView, Regs, SlotValue, TableView, Trap,
};

/// Bytes of a page (4.2.8).
const PAGE: u64 = 65_536;

/// Reads a slot operand.
#[inline(always)]
unsafe fn slot<T: SlotValue>(m: &mut Regs) -> T {
    // SAFETY: promised by the caller.
    unsafe { <Slot as Input<T>>::read(m) }
}

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
unsafe fn output(m: &mut Regs, dst: u16, value: u64) {
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

macro_rules! bulk_ops {
    ($($(#[doc = $effect:literal])+ $Name:ident $name:literal [$($field:ident)*] |$m:ident| $body:block)+) => {
        $(
            #[doc = concat!("`", $name, "`:", $($effect),+)]
            #[derive(Debug)]
            pub struct $Name;

            impl Op for $Name {
                const NAME: &'static str = $name;
                const EFFECT: &'static str = concat!($($effect),+);
                const FIELDS: &'static [Field] = &[$(Field::$field),*];
                #[inline(always)]
                unsafe fn run($m: &mut Regs) -> Result<(), Leave> {
                    // SAFETY: promised by the caller; operands are read in the order of `FIELDS`, and
                    // ranges are checked against the views of invariant 5.
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
    MemorySize "memory.size" [Dst Index16] |m| {
        let dst = m.fetch();
        let index = m.fetch();
        let pages = memory(m, index).len / PAGE;
        output(m, dst, pages);
    }
    /// `dst ←` old pages of the memory, which grows by delta; or -1
    MemoryGrow "memory.grow" [Dst Index16 Slot] |m| {
        let dst = m.fetch();
        let index = m.fetch();
        let delta: u32 = slot(m);
        grow_memory(m.cx, index, delta)?;
        m.reload_memory();
        let old = (*m.cx).call_acc;
        output(m, dst, old);
    }
    /// `memory[dst..dst + len] ← value`
    MemoryFill "memory.fill" [Index16 Slot Slot Slot] |m| {
        let index = m.fetch();
        let MemoryView { base, len: end } = memory(m, index);
        let (dst, value, len): (u32, u32, u32) = (slot(m), slot(m), slot(m));
        check(dst, len, end, Trap::MemoryOutOfBounds)?;
        ptr::write_bytes(base.add(dst as usize), value as u8, len as usize);
    }
    /// `memory[dst..dst + len] ← other[src..src + len]`
    MemoryCopy "memory.copy" [Index16 Index16 Slot Slot Slot] |m| {
        let index = m.fetch();
        let to = memory(m, index);
        let index = m.fetch();
        let from = memory(m, index);
        let (dst, src, len): (u32, u32, u32) = (slot(m), slot(m), slot(m));
        check(dst, len, to.len, Trap::MemoryOutOfBounds)?;
        check(src, len, from.len, Trap::MemoryOutOfBounds)?;
        ptr::copy(from.base.add(src as usize), to.base.add(dst as usize), len as usize);
    }
    /// `memory[dst..dst + len] ← data[src..src + len]`
    MemoryInit "memory.init" [Index32 Index16 Slot Slot Slot] |m| {
        let data = m.fetch32();
        let index = m.fetch();
        let (dst, src, len): (u32, u32, u32) = (slot(m), slot(m), slot(m));
        (*(*m.cx).runtime).memory_init(index.into(), data, dst.into(), src.into(), len.into())?;
    }
    /// `data ← empty`
    DataDrop "data.drop" [Index32] |m| {
        let data = m.fetch32();
        (*(*m.cx).runtime).data_drop(data);
    }
    /// `dst ← table[index]`
    TableGet "table.get" [Dst Index16 Slot] |m| {
        let dst = m.fetch();
        let index = m.fetch();
        let TableView { elements, len } = table(m, index);
        let element: u32 = slot(m);
        check(element, 1, len, Trap::TableOutOfBounds)?;
        let value = elements.add(element as usize).read();
        output(m, dst, value);
    }
    /// `table[index] ← value`
    TableSet "table.set" [Index16 Slot Slot] |m| {
        let index = m.fetch();
        let TableView { elements, len } = table(m, index);
        let element: u32 = slot(m);
        check(element, 1, len, Trap::TableOutOfBounds)?;
        elements.add(element as usize).write(slot(m));
    }
    /// `dst ←` elements of the table
    TableSize "table.size" [Dst Index16] |m| {
        let dst = m.fetch();
        let index = m.fetch();
        let len = table(m, index).len;
        output(m, dst, len);
    }
    /// `dst ←` old size of the table, which grows by delta elements; or -1
    TableGrow "table.grow" [Dst Index16 Slot Slot] |m| {
        let dst = m.fetch();
        let index = m.fetch();
        let init: u64 = slot(m);
        let delta: u32 = slot(m);
        grow_table(m.cx, index, delta, init)?;
        let old = (*m.cx).call_acc;
        output(m, dst, old);
    }
    /// `table[dst..dst + len] ← value`
    TableFill "table.fill" [Index16 Slot Slot Slot] |m| {
        let index = m.fetch();
        let TableView { elements, len: end } = table(m, index);
        let dst: u32 = slot(m);
        let value: u64 = slot(m);
        let len: u32 = slot(m);
        check(dst, len, end, Trap::TableOutOfBounds)?;
        for element in 0..len as usize {
            elements.add(dst as usize + element).write(value);
        }
    }
    /// `table[dst..dst + len] ← other[src..src + len]`
    TableCopy "table.copy" [Index16 Index16 Slot Slot Slot] |m| {
        let index = m.fetch();
        let to = table(m, index);
        let index = m.fetch();
        let from = table(m, index);
        let (dst, src, len): (u32, u32, u32) = (slot(m), slot(m), slot(m));
        check(dst, len, to.len, Trap::TableOutOfBounds)?;
        check(src, len, from.len, Trap::TableOutOfBounds)?;
        ptr::copy(from.elements.add(src as usize), to.elements.add(dst as usize), len as usize);
    }
    /// `table[dst..dst + len] ← elem[src..src + len]`
    TableInit "table.init" [Index32 Index16 Slot Slot Slot] |m| {
        let elem = m.fetch32();
        let index = m.fetch();
        let (dst, src, len): (u32, u32, u32) = (slot(m), slot(m), slot(m));
        (*(*m.cx).runtime).table_init(index.into(), elem, dst.into(), src.into(), len.into())?;
    }
    /// `elem ← empty`
    ElemDrop "elem.drop" [Index32] |m| {
        let elem = m.fetch32();
        (*(*m.cx).runtime).elem_drop(elem);
    }
    /// `dst ←` a reference to an imported function
    RefImport "ref.func_import" [Dst Index32] |m| {
        let dst = m.fetch();
        let func = (*m.cx).func_imports.add(m.fetch32() as usize).read();
        output(m, dst, u64::from(func) + 1);
    }
    /// `dst ←` a reference to a function that the instance defines
    RefFunc "ref.func" [Dst Index32] |m| {
        let dst = m.fetch();
        let entry: *const FuncEntry = (*m.cx).funcs.add(m.fetch32() as usize);
        let func = entry.offset_from((*m.cx).all_funcs);
        output(m, dst, func as u64 + 1);
    }
}
