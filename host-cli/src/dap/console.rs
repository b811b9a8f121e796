//! Commands of the debugger's prompt that show something, for a client's console. Those that move the program have requests of their own.

use super::session::{Debuggee, told};
use crate::debugger::told_call;

/// The maximum number of calls that are shown.
const MOST_CALLS: usize = 100;

const HELP: &str = "info calls: the last calls of WASI\n\
    info goroutines: all goroutines with their stacks\n\
    info position: where the program stands in its run\n\
    an expression: number, list->next.name, string@sp+8, []int@[sp+8], hex@0x400,64, l0, acc, global0";

impl Debuggee {
    /// Performs a command. Returns `None` if the words are none.
    pub(super) fn commanded(&mut self, text: &str) -> Option<Result<String, String>> {
        let words: Vec<&str> = text.split_whitespace().collect();
        Some(match words[..] {
            ["help"] => Ok(HELP.to_owned()),
            ["info", "calls"] => self.calls(),
            ["info", "goroutines"] => self.engine.goroutines().map_err(told),
            ["info", "position"] => {
                let time = match self.engine.is_present() {
                    true => "the present",
                    false => "the past",
                };
                Ok(format!("{} in {time}", self.engine.position()))
            }
            ["info", ..] => Err("there are info calls, info goroutines, info position".to_owned()),
            _ => return None,
        })
    }

    fn calls(&mut self) -> Result<String, String> {
        let calls = self.engine.calls().map_err(told)?;
        let left_out = calls.len().saturating_sub(MOST_CALLS);
        let mut lines = Vec::new();
        if left_out > 0 {
            lines.push(format!("… {left_out} calls before"));
        }
        lines.extend(calls[left_out..].iter().map(told_call));
        Ok(lines.join("\n"))
    }
}
