//! [`Func`]: what the table says about a function, at each of its PCs.
//!
//! ```text
//!  a function: 44 bytes, then two lists of offsets
//!  ┌───────┬──────┬───┬──────┬────────┬──────┬─────────┬──────┬────────────┬────┬───┬───────────┬────────┬──────────┐
//!  │ entry │ name │ … │ pcsp │ pcfile │ pcln │ npcdata │ unit │ start line │ id │ … │ nfuncdata │ pcdata │ funcdata │
//!  └───────┴──────┴───┴──────┴────────┴──────┴─────────┴──────┴────────────┴────┴───┴───────────┴────────┴──────────┘
//!    0       4      8   16     20       24     28        32     36           40   41  43          44
//! ```
//!
//! `pcsp`, `pcfile`, `pcln` and `pcdata` are offsets of lists of values by PC ([`Values`]). `funcdata` are offsets from `go.func.*`, whose
//! address is in the module's record.

use crate::Tables;
use crate::values::{Values, text, u32_at};

/// The length of a function's record, without its lists.
const RECORD: usize = 44;

/// The list of `pcdata` with the number of the innermost inlined call at each PC: `abi.PCDATA_InlTreeIndex`.
const INLINED_AT: u32 = 2;

/// The entry of `funcdata` with the inlined calls: `abi.FUNCDATA_InlTree`.
const INLINED: u32 = 3;

/// The length of an inlined call: the callee's id, its name, the PC of the call, the line at which the callee starts.
const CALL: usize = 16;

/// A limit on the depth of inlined calls. In a damaged table they may form a circle.
const DEEPEST: u32 = 1000;

/// The record of a function in the table.
#[derive(Clone, Copy, Debug)]
pub struct Func<'a> {
    pub(crate) tables: Tables<'a>,
    /// Its offset from the header.
    pub(crate) at: usize,
}

/// A line of source text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place<'a> {
    /// The file, as it was passed to the compiler.
    pub file: &'a str,
    /// The line, from 1 on.
    pub line: u32,
}

/// A call that was running: that of a function, or one that the compiler has inlined into it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Call<'a> {
    /// The name of the called function, with its package.
    pub name: &'a str,
    /// Where it was.
    pub place: Option<Place<'a>>,
    /// Whether its code is part of the caller's.
    pub is_inlined: bool,
}

impl<'a> Func<'a> {
    /// The function's name, with its package.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        self.name_at(self.field(4)?)
    }

    /// The line of the function's first line of source text, if the table has it.
    #[must_use]
    pub fn start_line(&self) -> Option<u32> {
        self.field(36)
            .filter(|line| (1..=i32::MAX.cast_unsigned()).contains(line))
    }

    /// The number of bytes on Go's stack for the function's arguments and results. A function with any number of arguments has none here.
    #[must_use]
    pub fn arguments(&self) -> Option<u32> {
        let bytes = self.field(8)?;
        (bytes < 1 << 31).then_some(bytes)
    }

    /// Returns the line of the code before a resume point: that of the call that returns there. It belongs to the innermost of the
    /// [`calls`](Self::calls).
    #[must_use]
    pub fn place(&self, resume: u16) -> Option<Place<'a>> {
        self.place_at(resume.saturating_sub(1))
    }

    /// Returns the line of the code at a PC of this function.
    #[must_use]
    pub fn place_at(&self, pc: u16) -> Option<Place<'a>> {
        let line = u32::try_from(self.values(24)?.at(pc)?).ok()?;
        let file = self.file_at(pc)?;
        Some(Place { file, line })
    }

    /// Returns the calls that were running before a resume point, innermost first: those that the compiler has inlined, and at the end
    /// that of the function itself.
    pub fn calls(&self, resume: u16) -> impl Iterator<Item = Call<'a>> + use<'a> {
        self.calls_at(resume.saturating_sub(1))
    }

    /// Returns the calls that were running at a PC of this function, innermost first.
    pub fn calls_at(&self, pc: u16) -> impl Iterator<Item = Call<'a>> + use<'a> {
        let func = *self;
        let mut next = Some(pc);
        let mut depth = 0;
        core::iter::from_fn(move || {
            let pc = next.take()?;
            let place = func.place_at(pc);
            depth += 1;
            if let Some((name, parent)) = func.inlined_at(pc).filter(|_| depth < DEEPEST) {
                next = Some(parent);
                return Some(Call {
                    name,
                    place,
                    is_inlined: true,
                });
            }
            Some(Call {
                name: func.name()?,
                place,
                is_inlined: false,
            })
        })
    }

    /// Returns the last PC of the function.
    #[must_use]
    pub fn last_pc(&self) -> Option<u16> {
        let (pcs, _) = self.values(16)?.last()?;
        u16::try_from(pcs.end.checked_sub(1)?).ok()
    }

    /// Returns the number of bytes of Go's stack that the function uses at a resume point, without its return address.
    #[must_use]
    pub fn frame_size(&self, resume: u16) -> Option<u32> {
        u32::try_from(self.values(16)?.at(resume)?).ok()
    }

    /// Returns the numbers of bytes of Go's stack that the function uses, from its start on. Some may be repeated.
    pub fn frame_sizes(&self) -> impl Iterator<Item = u32> + use<'a> {
        let sizes = self.values(16).into_iter().flatten();
        sizes.filter_map(|(_, size)| u32::try_from(size).ok())
    }

    /// Returns the first PC of each part of the function that belongs to one line, and the line. PCs of inlined calls are among them.
    pub fn lines(&self) -> impl Iterator<Item = (u16, u32)> + use<'a> {
        let lines = self.values(24).into_iter().flatten();
        lines.filter_map(|(pcs, line)| {
            Some((
                u16::try_from(pcs.start).ok()?,
                u32::try_from(line).ok().filter(|line| *line > 0)?,
            ))
        })
    }

    /// Returns the file of the code at a PC.
    #[must_use]
    pub fn file_at(&self, pc: u16) -> Option<&'a str> {
        let Tables { bytes, header, .. } = self.tables;
        let file = u32::try_from(self.values(20)?.at(pc)?).ok()?;
        let number = usize::try_from(self.field(32)?.checked_add(file)?).ok()?;
        let offset = u32_at(bytes, header.units.checked_add(number.checked_mul(4)?)?)?;
        text(
            bytes,
            header.files.checked_add(usize::try_from(offset).ok()?)?,
        )
    }

    /// Returns the name of the function that was inlined at a PC, and the PC of its call.
    fn inlined_at(&self, pc: u16) -> Option<(&'a str, u16)> {
        let memory = self.tables.memory;
        let calls = self.func_data(INLINED)?;
        let number = usize::try_from(self.pc_data(INLINED_AT)?.at(pc)?).ok()?;
        let call = calls.checked_add(number.checked_mul(CALL)?)?;
        let name = self.name_at(u32_at(memory, call.checked_add(4)?)?)?;
        let parent = u16::try_from(u32_at(memory, call.checked_add(8)?)?).ok()?;
        Some((name, parent))
    }

    fn name_at(&self, offset: u32) -> Option<&'a str> {
        let Tables { bytes, header, .. } = self.tables;
        let offset = usize::try_from(offset).ok()?;
        text(bytes, header.names.checked_add(offset)?).filter(|name| !name.is_empty())
    }

    fn field(&self, offset: usize) -> Option<u32> {
        u32_at(self.tables.bytes, self.at.checked_add(offset)?)
    }

    /// Returns the list of values whose offset is in a field.
    fn values(&self, field: usize) -> Option<Values<'a>> {
        let offset = usize::try_from(self.field(field)?).ok()?;
        if offset == 0 {
            return None;
        }
        let start = self.tables.header.values.checked_add(offset)?;
        Some(Values::new(self.tables.bytes.get(start..)?))
    }

    /// Returns a list of `pcdata`.
    fn pc_data(&self, number: u32) -> Option<Values<'a>> {
        let count = self.field(28)?;
        (number < count).then(|| self.values(RECORD + 4 * usize::try_from(number).ok()?))?
    }

    /// Returns the address of an entry of `funcdata`.
    pub(crate) fn func_data(&self, number: u32) -> Option<usize> {
        let count = *self.tables.bytes.get(self.at.checked_add(RECORD - 1)?)?;
        let pc_data = self.field(28)?;
        if number >= u32::from(count) {
            return None;
        }
        let index = usize::try_from(pc_data.checked_add(number)?).ok()?;
        let offset = self.field(RECORD.checked_add(index.checked_mul(4)?)?)?;
        if offset == u32::MAX {
            return None;
        }
        let base = self.tables.func_data?;
        base.checked_add(usize::try_from(offset).ok()?)
    }
}
