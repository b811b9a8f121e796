//! `--trace-ops`, `--trace-calls` and `--coverage`: what is traced, and in which format.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::units;

/// The traces of ops, of calls and of lines.
#[derive(Args, Clone, PartialEq, Eq, Debug, Default)]
#[command(next_help_heading = "Looking inside")]
pub(crate) struct TraceArgs {
    /// Print each op that runs to standard error: where it was lowered from, and the values that it reads and writes
    ///
    /// With names, only ops of these functions; `main.*` stands for all that begin with `main.`. With the word `json`, each line is a JSON
    /// object. Nothing is joined to superinstructions, so each op is seen.
    #[arg(long, value_name = "FUNC,...", num_args = 0..=1, require_equals = true, default_missing_value = "",
          value_parser = Which::parse, group = "traced", conflicts_with = "trace_calls")]
    pub(crate) trace_ops: Option<Which>,

    /// Print each call and each return to standard error, with arguments and results
    ///
    /// Takes the same words as --trace-ops. Of Go's functions it prints the words of arguments and results; those of a string, a slice or a
    /// structure are in braces.
    #[arg(long, value_name = "FUNC,...", num_args = 0..=1, require_equals = true, default_missing_value = "",
          value_parser = Which::parse, group = "traced")]
    pub(crate) trace_calls: Option<Which>,

    /// Write to FILE which lines of a Go program ran, for `go tool cover`; not with --freeze-to
    ///
    /// `go tool cover -func=FILE` and `-html=FILE` read it in the folder of the program's module. It has the lines that Go's table of
    /// functions knows: about one for each call and each branch. Lines of which that table does not tell whether they ran are left out. A
    /// count of 1 is certain. A line that ran has 0 in rare cases, when the compiler has moved its code to another line's. Lines of Go's
    /// library and of tests are left out, too. Programs of other languages are refused.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["trace_ops", "trace_calls"])]
    pub(crate) coverage: Option<PathBuf>,

    /// Begin with the trace after N units of fuel; not with --record, --freeze-to and replay
    #[arg(long, value_name = "N", requires = "traced", value_parser = units::count)]
    pub(crate) trace_from: Option<u64>,

    /// End the trace after N lines. The program goes on
    #[arg(long, value_name = "N", requires = "traced", value_parser = units::count)]
    pub(crate) trace_for: Option<u64>,
}

/// The functions to trace, and the format.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Which {
    /// Whether lines are JSON objects.
    pub(crate) json: bool,
    /// Names and indices. If there are none, all functions are traced.
    pub(crate) funcs: Vec<String>,
}

impl Which {
    /// Reads words that are separated by commas. The names of Go's generic functions contain commas in brackets.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut which = Self::default();
        let mut depth = 0_usize;
        let words = text.split(|char| {
            match char {
                '[' | '(' | '{' => depth += 1,
                ']' | ')' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            char == ',' && depth == 0
        });
        for word in words.filter(|word| !word.is_empty()) {
            match word {
                "json" => which.json = true,
                name => which.funcs.push(name.to_owned()),
            }
        }
        Ok(which)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let is = |json, funcs: &[&str]| {
            let funcs = funcs.iter().map(|name| (*name).to_owned()).collect();
            Ok(Which { json, funcs })
        };
        assert_eq!(Which::parse(""), is(false, &[]));
        assert_eq!(Which::parse("json"), is(true, &[]));
        assert_eq!(Which::parse("main.f,7"), is(false, &["main.f", "7"]));
        assert_eq!(
            Which::parse("main.F[int,string],json"),
            is(true, &["main.F[int,string]"])
        );
    }
}
