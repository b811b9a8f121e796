//! Lines of a trace: columns for people, JSON objects for programs.

use std::fmt::{self, Write as _};

use interp::Step;
use interp::inspect::Spelled;
use interp::inspect::values::Value;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::places::Line;

/// Characters of the columns of WebAssembly and of bytecode.
const WASM_WIDTH: usize = 36;
const OP_WIDTH: usize = 40;
/// Levels of calls that are indented.
const MOST_INDENT: usize = 24;

/// The format of lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    Text,
    Json,
}

/// An op that has run.
pub(super) struct OpEvent<'a> {
    pub(super) step: &'a Step,
    /// The number of calls around it.
    pub(super) depth: usize,
    pub(super) name: &'a str,
    pub(super) line: Option<&'a Line>,
    /// Whether the function or the line is another one than before.
    pub(super) is_elsewhere: bool,
}

/// A call that begins or returns.
pub(super) struct CallEvent<'a> {
    pub(super) depth: usize,
    pub(super) func: u32,
    pub(super) name: &'a str,
    /// The line at which the function begins.
    pub(super) line: Option<&'a Line>,
    pub(super) is_return: bool,
    /// The point at which a Go function goes on that has waited.
    pub(super) resume: Option<u64>,
    /// Arguments or results.
    pub(super) values: &'a [Argument],
}

/// An argument or a result.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Argument {
    Value(Value),
    /// The parts of a string, a slice or a structure.
    Parts(Vec<Self>),
    /// A part that the program's table does not tell.
    Unknown,
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Parts(parts) => write!(f, "{{{}}}", list(parts)),
            Self::Unknown => f.write_str("…"),
        }
    }
}

fn list(values: &[Argument]) -> String {
    let values: Vec<_> = values.iter().map(Argument::to_string).collect();
    values.join(", ")
}

impl Serialize for Argument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => Number(*value).serialize(serializer),
            Self::Parts(parts) => parts.serialize(serializer),
            Self::Unknown => serializer.serialize_none(),
        }
    }
}

impl Format {
    pub(super) fn new(json: bool) -> Self {
        if json { Self::Json } else { Self::Text }
    }

    /// The lines of an op.
    pub(super) fn op(self, event: &OpEvent<'_>) -> Vec<String> {
        match self {
            Self::Text => op_text(event),
            Self::Json => vec![json(&OpJson::of(event))],
        }
    }

    /// The line of a call or a return.
    pub(super) fn call(self, event: &CallEvent<'_>) -> String {
        match self {
            Self::Text => call_text(event),
            Self::Json => json(&CallJson::of(event)),
        }
    }
}

/// `main.main (main.go:7)`
fn title(name: &str, line: Option<&Line>) -> String {
    let mut title = Spelled(name).to_string();
    if let Some(Line { file, line }) = line {
        let file = file.rsplit('/').next().unwrap_or(file);
        let _ = write!(title, " ({}:{line})", Spelled(file));
    }
    title
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth.min(MOST_INDENT))
}

fn op_text(event: &OpEvent<'_>) -> Vec<String> {
    let indent = indent(event.depth);
    let mut lines = Vec::new();
    if event.is_elsewhere {
        lines.push(format!("{indent}{}", title(event.name, event.line)));
    }
    let step = event.step;
    let offset = step.wasm.last().map(|(offset, _)| offset.to_string());
    let texts: Vec<_> = step.wasm.iter().map(|(_, text)| text.as_str()).collect();
    let wasm = fitted(&texts.join("; "), WASM_WIDTH);
    let mut text = format!(
        "{indent}  {:>8} {wasm:<WASM_WIDTH$} {:<OP_WIDTH$}",
        offset.unwrap_or_default(),
        step.op
    );
    let list = |values: &[(String, Value)]| {
        let values = values.iter().map(|(name, value)| format!("{name}={value}"));
        values.collect::<Vec<_>>().join(" ")
    };
    let (reads, writes) = (list(&step.reads), list(&step.writes));
    let mut parts = vec![reads];
    if !writes.is_empty() {
        parts.push(format!("→ {writes}"));
    }
    if let Some(granule) = step.goes_to {
        parts.push(format!("→ @{granule}"));
    }
    parts.retain(|part| !part.is_empty());
    let _ = write!(text, "  {}", parts.join(" "));
    lines.push(text.trim_end().to_owned());
    lines
}

/// The end of a text, if it does not fit: the last instruction is the one that the op is named after.
fn fitted(text: &str, width: usize) -> String {
    let chars = text.chars().count();
    match chars.checked_sub(width) {
        None | Some(0) => text.to_owned(),
        Some(more) => {
            let end: String = text.chars().skip(more + 1).collect();
            format!("…{end}")
        }
    }
}

fn call_text(event: &CallEvent<'_>) -> String {
    let indent = indent(event.depth);
    let values = list(event.values);
    let name = Spelled(event.name);
    let mut text = match event.is_return {
        false => format!("{indent}{name}({values})"),
        true if values.is_empty() => format!("{indent}← {name}"),
        true => format!("{indent}← {name} = {values}"),
    };
    if let Some(resume) = event.resume {
        let _ = write!(text, " goes on at resume point {resume}");
    }
    if let (false, Some(Line { file, line })) = (event.is_return, event.line) {
        let file = file.rsplit('/').next().unwrap_or(file);
        let _ = write!(text, "  {}:{line}", Spelled(file));
    }
    text
}

/// A line of JSON. What is written here has string keys only, so it cannot fail.
fn json(event: &impl Serialize) -> String {
    serde_json::to_string(event).unwrap_or_default()
}

/// An op in JSON.
#[derive(Serialize)]
struct OpJson<'a> {
    depth: usize,
    func: u32,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// The instructions, each with its byte offset in the module.
    wasm: &'a [(u32, String)],
    granule: usize,
    op: &'a str,
    reads: Values<'a>,
    writes: Values<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goes_to: Option<usize>,
}

impl<'a> OpJson<'a> {
    fn of(event: &OpEvent<'a>) -> Self {
        let step = event.step;
        Self {
            depth: event.depth,
            func: step.func,
            name: event.name,
            file: event.line.map(|line| line.file.as_str()),
            line: event.line.map(|line| line.line),
            wasm: &step.wasm,
            granule: step.granule,
            op: &step.op,
            reads: Values(&step.reads),
            writes: Values(&step.writes),
            goes_to: step.goes_to,
        }
    }
}

/// A call or a return in JSON.
#[derive(Serialize)]
struct CallJson<'a> {
    event: &'static str,
    depth: usize,
    func: u32,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resume: Option<u64>,
    values: &'a [Argument],
}

impl<'a> CallJson<'a> {
    fn of(event: &CallEvent<'a>) -> Self {
        Self {
            event: if event.is_return { "return" } else { "call" },
            depth: event.depth,
            func: event.func,
            name: event.name,
            file: event.line.map(|line| line.file.as_str()),
            line: event.line.map(|line| line.line),
            resume: event.resume,
            values: event.values,
        }
    }
}

/// Values by the names of their slots.
struct Values<'a>(&'a [(String, Value)]);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, &Number(*value))?;
        }
        map.end()
    }
}

/// A value: a number if JSON's numbers are exact for it in every reader, and otherwise a text.
struct Number(Value);

/// Integers up to here are exact in a double.
const EXACT: u64 = 1 << 53;

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::I32(value) => serializer.serialize_i32(value),
            Value::I64(value) if value.unsigned_abs() <= EXACT => serializer.serialize_i64(value),
            Value::F64(value) if value.is_finite() => serializer.serialize_f64(value),
            Value::F32(value) if value.is_finite() => serializer.serialize_f32(value),
            Value::Bits(value) if value <= EXACT => serializer.serialize_u64(value),
            other => serializer.serialize_str(&other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_text_is_kept() {
        assert_eq!(fitted("abc", 3), "abc");
        assert_eq!(fitted("abcdef", 3), "…ef");
    }

    #[test]
    fn numbers_that_json_cannot_hold_are_texts() {
        let text = |value| json(&Number(value));
        assert_eq!(text(Value::I64(-7)), "-7");
        assert_eq!(text(Value::I64(i64::MAX)), "\"9223372036854775807\"");
        assert_eq!(text(Value::F64(f64::NAN)), "\"NaN\"");
        assert_eq!(text(Value::Bits(u64::MAX)), "\"-1\"");
    }
}
