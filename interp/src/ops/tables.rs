//! Whole tables, and references: get, set, size, grow, fill, copy, init, drop (core specification, 4.4.6).
//!
//! ```text
//!  ┌────────────┬───────┬───────┬─────┬─────┬─────┐
//!  │ table.copy │ table │ table │ dst │ src │ len │     operands in slots, whatever their number
//!  └────────────┴───────┴───────┴─────┴─────┴─────┘
//! ```
//!
//! Indices have 32 bits. `table.index64` comes before the ops on a table with 64-bit indices: no table has 2³² elements. `cost.rs` has the
//! fuel of long ops.

use core::marker::PhantomData;

use super::cost;
use super::operand::{Dst, Elem, Func32, Import, Marked, Table};
use super::shape::{In, Slot};
#[cfg(feature = "memory64")]
use super::shape::{Out, Output, ToAcc, ToSlot};
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{
    Context, Exit, FuncEntry, Leave, Regs, SlotIndex, SlotValue, TableView, Trap,
};

#[inline(always)]
unsafe fn table(m: &Regs, index: u16) -> TableView {
    // SAFETY: invariant 5.
    unsafe { **(*m.cx).tables.add(usize::from(index)) }
}

/// Writes an output that is an integer or a reference.
#[inline(always)]
pub(super) unsafe fn output(m: &mut Regs, dst: SlotIndex, value: u64) {
    // SAFETY: invariant 2.
    unsafe { m.slot(dst).write(value) };
    m.acc = value;
}

/// Checks that `len` elements at `start` lie below `end`.
#[inline(always)]
fn check(start: u32, len: u32, end: u64) -> Result<(), Trap> {
    if u64::from(start) + u64::from(len) > end {
        Err(Trap::TableOutOfBounds)
    } else {
        Ok(())
    }
}

/// Grows a table. Leaves the old size, or -1, in [`Context::call_acc`]: an answer that is returned in memory would
/// cost the op its tail call.
#[cold]
#[inline(never)]
unsafe fn grow_table(cx: *mut Context, index: u16, delta: u32, init: u64) -> Result<(), Exit> {
    // SAFETY: invariant 4.
    unsafe {
        let old = (*(*cx).runtime).table_grow(index.into(), delta.into(), init)?;
        (*cx).call_acc = old.unwrap_or(u64::MAX);
    }
    Ok(())
}

/// An index or a length, in a slot.
type Word = In<Slot, u32>;

/// `dst ←` the index, or 2³² - 1 if it is greater.
#[cfg(feature = "memory64")]
#[derive(Debug)]
pub struct Index64<O>(PhantomData<O>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
#[cfg(feature = "memory64")]
unsafe impl<O: Output> Op for Index64<O> {
    const NAME: &'static str = "table.index64";
    const EFFECT: &'static str = "`dst ← min(a, 2³² - 1)`";
    type Operands = (Marked<u64>, In<Slot, u64>, Out<O, u64>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let ((), operands) = operands.read(m);
        let (index, operands) = operands.read(m);
        operands.write(m, index.min(u32::MAX.into()));
        Ok(())
    }
}

/// `table.grow` of a table whose indices are a `W`, 32 or 64 bits.
#[derive(Debug)]
pub struct TableGrow<W>(PhantomData<W>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2). The runtime renews the
// views of invariant 5.
unsafe impl<W: SlotValue> Op for TableGrow<W> {
    const NAME: &'static str = "table.grow";
    const EFFECT: &'static str =
        "`dst ←` old size of the table, which grows by delta elements; or -1";
    type Operands = (Dst, Table, In<Slot, u64>, Word, Marked<W>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (dst, index, init, delta, ()) = operands.all(m);
        // SAFETY: invariant 4.
        unsafe {
            grow_table(m.cx, index, delta, init)?;
            let old = W::from_slot((*m.cx).call_acc).into_slot();
            output(m, dst, old);
        }
        Ok(())
    }
}

macro_rules! table_ops {
    ($($(#[doc = $effect:literal])+ $Name:ident $name:literal |$m:ident, $($arg:ident: $Operand:ty),+| $body:block)+) => {
        $(
            #[doc = concat!("`", $name, "`:", $($effect),+)]
            #[derive(Debug)]
            pub struct $Name;

            // SAFETY: it reads its operands. Ranges are checked against the views of invariant 5 before they are read or
            // written.
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
        pub const DEFS: &[OpDef] = &[
            $(OpDef::of::<$Name>(),)+
            OpDef::of::<TableGrow<u32>>(),
            #[cfg(feature = "memory64")]
            OpDef::of::<TableGrow<u64>>(),
            #[cfg(feature = "memory64")]
            OpDef::of::<Index64<ToSlot>>(),
            #[cfg(feature = "memory64")]
            OpDef::of::<Index64<ToAcc>>(),
        ];
    };
}

// Sizes and lengths that passed their check lie below the length of something in memory, so `as usize` loses nothing.
table_ops! {
    /// `dst ← table[index]`
    TableGet "table.get" |m, dst: Dst, index: Table, element: Word| {
        let TableView { elements, len } = table(m, index);
        check(element, 1, len)?;
        let value = elements.add(element as usize).read();
        output(m, dst, value);
    }
    /// `table[index] ← value`
    TableSet "table.set" |m, index: Table, element: Word, value: In<Slot, u64>| {
        let TableView { elements, len } = table(m, index);
        check(element, 1, len)?;
        elements.add(element as usize).write(value);
    }
    /// `dst ←` elements of the table
    TableSize "table.size" |m, dst: Dst, index: Table| {
        let len = table(m, index).len;
        output(m, dst, len);
    }
    /// `table[dst..dst + len] ← value`
    TableFill "table.fill" |m, index: Table, dst: Word, value: In<Slot, u64>, len: Word| {
        let TableView { elements, len: end } = table(m, index);
        check(dst, len, end)?;
        cost::fill_slots(m.cx, elements.add(dst as usize), value, len as usize)?;
    }
    /// `table[dst..dst + len] ← other[src..src + len]`
    TableCopy "table.copy" |m, to: Table, from: Table, dst: Word, src: Word, len: Word| {
        let (to, from) = (table(m, to), table(m, from));
        check(dst, len, to.len)?;
        check(src, len, from.len)?;
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
