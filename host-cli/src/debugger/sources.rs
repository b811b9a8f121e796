//! Source lines: where a line is in the module, and the text of files.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::engine::Engine;
use crate::places::Line;

/// Finds the ops at which a line begins: functions among those that the module defines, and granules. Also returns the line. If nothing is known to be on the line,
/// the next one of the file is taken.
///
/// # Errors
/// No function has this file, or nothing is behind the line.
pub(crate) fn find(
    engine: &mut Engine,
    file: &str,
    line: u32,
) -> Result<(Vec<(u32, usize)>, Line)> {
    let defined = engine.module().info().defined_funcs();
    let mut best: Option<(Line, Vec<(u32, usize)>)> = None;
    let mut is_known = false;
    for number in 0..defined {
        let func = engine.func(number);
        let mut last = None;
        for (granule, here) in func.line_starts() {
            if !is_file(&here.file, file) {
                last = None;
                continue;
            }
            is_known = true;
            let begins = last.replace(here.line) != Some(here.line);
            if here.line < line || !begins {
                continue;
            }
            let op = (number, granule);
            match &mut best {
                Some((known, ops)) if known.line == here.line => ops.push(op),
                Some((known, _)) if known.line < here.line => {}
                _ => best = Some((here.clone(), vec![op])),
            }
        }
    }
    match best {
        Some((line, ops)) => Ok((ops, line)),
        None if is_known => bail!("no code is known behind {file}:{line}"),
        None => bail!("no function is known to be in {file}"),
    }
}

/// Whether the path of a file ends with the components that somebody has typed.
fn is_file(path: &str, typed: &str) -> bool {
    let rest = path.strip_suffix(typed);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', '\\']))
}

/// The replacements of `--source-path`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    pub(crate) moved: Vec<(String, String)>,
}

impl Sources {
    /// Lines of a file around one: their numbers, and their text. `None` if the file is not there.
    pub(crate) fn around(
        &self,
        line: &Line,
        before: u32,
        behind: u32,
    ) -> Option<Vec<(u32, String)>> {
        let moved = self.moved.iter().find_map(|(from, to)| {
            let rest = line.file.strip_prefix(from.as_str())?;
            Some(format!("{to}{rest}"))
        });
        let path = moved.unwrap_or_else(|| line.file.clone());
        let text = fs::read(Path::new(&path)).ok()?;
        let text = String::from_utf8_lossy(&text);
        let first = line.line.saturating_sub(before).max(1);
        let lines = (1_u32..).zip(text.lines());
        let shown =
            lines.filter(|(number, _)| (first..=line.line.saturating_add(behind)).contains(number));
        Some(
            shown
                .map(|(number, text)| (number, text.to_owned()))
                .collect(),
        )
    }
}
