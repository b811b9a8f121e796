//! Source lines: where a line is in the module, and the text of files.

use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow};

use super::engine::Engine;
use crate::places::Line;
use crate::source::Found;

/// Finds the ops at which a line begins: functions among those that the module defines, and granules. Also returns the line. If nothing
/// is known to be on the line, the next one of the file is taken.
///
/// # Errors
/// No function has this file, or nothing is behind the line.
pub(crate) fn find(
    engine: &mut Engine,
    file: &str,
    line: u32,
) -> Result<(Vec<(u32, usize)>, Line)> {
    let found = engine.sources(|sources| sources.line(file, line));
    let Found { file, line, places } = found.map_err(|why| anyhow!(why))?;
    Ok((engine.ops_at(&places), Line { file, line }))
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
