//! From a line of source text to the PCs at which a program can stop.

use crate::{Func, Tables};

/// A PC at which code of a line starts: a place for a breakpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Point {
    /// The function's index. Imported functions are not counted.
    pub func: u32,
    /// The PC in the function. It is a resume point, or the start of other code that the table distinguishes.
    pub pc: u16,
}

impl<'a> Tables<'a> {
    /// Returns the next line with code, from this one on, and the PCs at which code of that line starts: several if the line was inlined,
    /// or belongs to several functions. `file` is a path, or its last parts. Returns `None` if no such line is known.
    #[must_use]
    pub fn find_line(&self, file: &str, line: u32) -> Option<(u32, impl Iterator<Item = Point>)> {
        let mut known: Option<u32> = None;
        for (_, func) in self.funcs() {
            for (pc, found) in func.lines() {
                if found >= line
                    && known.is_none_or(|known| found < known)
                    && func.file_at(pc).is_some_and(|path| is_path(path, file))
                {
                    known = Some(found);
                }
            }
        }
        let known = known?;
        let points = self.funcs().flat_map(move |(index, func)| {
            let points = func.lines().filter(move |(_, found)| *found == known);
            points.map(move |(pc, _)| (index, func, pc))
        });
        let points = points
            .filter(move |(_, func, pc)| func.file_at(*pc).is_some_and(|path| is_path(path, file)));
        Some((known, points.map(|(func, _, pc)| Point { func, pc })))
    }

    /// The functions of the table, with their indices. Imported functions are not counted.
    pub fn funcs(&self) -> impl Iterator<Item = (u32, Func<'a>)> + use<'a> {
        let tables = *self;
        (0..tables.header.funcs)
            .filter_map(move |number| Some((tables.entry(number)?, tables.numbered(number)?)))
    }
}

/// Returns whether a path is `wanted`, or ends with it.
fn is_path(path: &str, wanted: &str) -> bool {
    let start = path.strip_suffix(wanted);
    !wanted.is_empty() && start.is_some_and(|start| start.is_empty() || start.ends_with('/'))
}
