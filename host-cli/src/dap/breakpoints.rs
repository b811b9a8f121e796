//! Breakpoints of a client, by what it sets them on: lines, functions, instructions, data, and the end of a program in a panic.
//!
//! The client sends all of one kind each time. The engine stops at each; conditions, counts and messages are decided here.

use std::fmt::Write;

use serde_json::{Value, json};

use super::frame::AtFrame;
use super::session::{Answered, Session, told};
use crate::debugger::{At, Engine};
use crate::variables::{self, Answer};

/// The maximum number of breakpoints of a kind, or of a file.
const MOST: usize = 1000;

/// The functions of Go's runtime that end a program: in a panic, and because of an error that cannot be recovered from.
const PANICS: [&str; 2] = ["runtime.fatalpanic", "runtime.fatalthrow"];

/// The breakpoints of a client.
#[derive(Default)]
pub(super) struct Breakpoints {
    all: Vec<Breakpoint>,
    /// The last number that a client was given.
    last: i64,
}

/// The kinds of breakpoints that are set together.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Kind {
    /// Those of a file, by the client's path.
    File(String),
    Func,
    Instruction,
    Data,
    Exception,
}

struct Breakpoint {
    kind: Kind,
    /// The client's number.
    id: i64,
    /// The engine's.
    own: u32,
    condition: Option<String>,
    count: Option<Count>,
    message: Option<String>,
    hits: u64,
}

/// Which hits count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Count {
    At(u64),
    From(u64),
    Behind(u64),
    UpTo(u64),
    Before(u64),
    Each(u64),
}

/// Why the program stays at breakpoints.
pub(super) struct Hits {
    pub(super) ids: Vec<i64>,
    pub(super) reason: &'static str,
    pub(super) text: String,
}

impl Breakpoints {
    /// Removes all.
    pub(super) fn clear(&mut self, engine: &mut Engine) {
        for breakpoint in self.all.drain(..) {
            // It was there.
            let _ = engine.remove(breakpoint.own);
        }
    }

    fn clear_kind(&mut self, kind: &Kind, engine: &mut Engine) {
        self.all.retain(|breakpoint| {
            let is_other = breakpoint.kind != *kind;
            if !is_other {
                let _ = engine.remove(breakpoint.own);
            }
            is_other
        });
    }
}

impl Count {
    /// Reads `5`, `== 5`, `>= 5`, `> 5`, `<= 5`, `< 5` or `% 5`. A bare number is one hit.
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let digits = text.find(|char: char| char.is_ascii_digit());
        let (operator, number) = text.split_at(digits.unwrap_or(text.len()));
        let wrong =
            || format!("the hit condition `{text}` is none: write 5, >= 5, > 5, < 5 or % 5");
        let number: u64 = number.trim().parse().map_err(|_| wrong())?;
        Ok(match operator.trim() {
            "" | "=" | "==" => Self::At(number),
            ">=" => Self::From(number),
            ">" => Self::Behind(number),
            "<=" => Self::UpTo(number),
            "<" => Self::Before(number),
            "%" if number > 0 => Self::Each(number),
            _ => return Err(wrong()),
        })
    }

    fn holds(self, hits: u64) -> bool {
        match self {
            Self::At(number) => hits == number,
            Self::From(number) => hits >= number,
            Self::Behind(number) => hits > number,
            Self::UpTo(number) => hits <= number,
            Self::Before(number) => hits < number,
            Self::Each(number) => hits.is_multiple_of(number),
        }
    }
}

impl Session {
    pub(super) fn set_breakpoints(&mut self, arguments: &Value) -> Answered {
        let source = &arguments["source"];
        let path = source["path"].as_str().or_else(|| source["name"].as_str());
        let path = path.ok_or("the source has no path")?.to_owned();
        let wanted = self.files.to_program(&path);
        let mut lines = Vec::new();
        for item in listed(arguments)? {
            lines.push(self.line_in(&item["line"])?);
        }
        let mut known = None;
        let mut answer = self.set(Kind::File(path.clone()), arguments, |engine, _, number| {
            let line = lines[number];
            let found = engine.sources(|sources| sources.line(&wanted, line))?;
            let message = (found.line != line).then(|| {
                format!(
                    "line {line} has no code that is known: the next one is {}",
                    found.line
                )
            });
            known = Some(found.file.clone());
            let at = At::Ops {
                ops: engine.ops_at(&found.places),
                told: format!("{}:{}", found.file, found.line),
            };
            let body = json!({ "line": found.line, "message": message });
            Ok((at, body))
        })?;
        if let Some(file) = known {
            self.files.note(&file, &path);
        }
        for item in answer["breakpoints"].as_array_mut().into_iter().flatten() {
            if let Some(line) = item["line"]
                .as_u64()
                .and_then(|line| u32::try_from(line).ok())
            {
                item["line"] = self.line_out(line).into();
                item["source"] = source.clone();
            }
        }
        Ok(answer)
    }

    pub(super) fn set_function_breakpoints(&mut self, arguments: &Value) -> Answered {
        self.set(Kind::Func, arguments, |engine, item, _| {
            let name = item["name"].as_str().ok_or("a function has no name")?;
            let places = engine.sources(|sources| sources.func(name))?;
            let ops = engine.ops_at(&places);
            let told = name.to_owned();
            let message = (places.len() > 1).then(|| format!("{} functions", places.len()));
            Ok((At::Ops { ops, told }, json!({ "message": message })))
        })
    }

    pub(super) fn set_instruction_breakpoints(&mut self, arguments: &Value) -> Answered {
        self.set(Kind::Instruction, arguments, |_, item, _| {
            let place = place(item)?;
            let reference = format!("{place:#x}");
            let body = json!({ "instructionReference": reference });
            Ok((At::Offset(place), body))
        })
    }

    pub(super) fn set_data_breakpoints(&mut self, arguments: &Value) -> Answered {
        let debuggee = self.debuggee()?;
        debuggee
            .breakpoints
            .clear_kind(&Kind::Data, &mut debuggee.engine);
        let mut set = Vec::new();
        for item in listed(arguments)? {
            let added = data_range(item).and_then(|range| {
                if item["accessType"].as_str().is_some_and(|ty| ty != "write") {
                    return Err("only writes are seen".to_owned());
                }
                debuggee.engine.add_watch(range).map_err(told)
            });
            set.push((item, added.map(|added| (added.id, json!({})))));
        }
        let set: Vec<_> = set
            .into_iter()
            .map(|(item, added)| debuggee.breakpoints.note(&Kind::Data, item, added))
            .collect();
        Ok(json!({ "breakpoints": set }))
    }

    pub(super) fn set_exception_breakpoints(&mut self, arguments: &Value) -> Answered {
        let filters = arguments["filters"].as_array();
        let wants_panics = filters.is_some_and(|all| all.iter().any(|filter| filter == "panic"));
        let debuggee = self.debuggee()?;
        let kind = Kind::Exception;
        debuggee.breakpoints.clear_kind(&kind, &mut debuggee.engine);
        if wants_panics && debuggee.is_go {
            for name in PANICS {
                // A program may lack one.
                if let Ok(places) = debuggee.engine.sources(|sources| sources.func(name)) {
                    let at = At::Ops {
                        ops: debuggee.engine.ops_at(&places),
                        told: name.to_owned(),
                    };
                    let added = debuggee.engine.add_break(at);
                    let added = added.map(|added| (added.id, json!({}))).map_err(told);
                    debuggee.breakpoints.note(&kind, &json!({}), added);
                }
            }
        }
        Ok(json!({}))
    }

    /// The kinds of ends at which a program stops.
    pub(super) fn exception_filters(&self) -> Value {
        json!([
            {
                "filter": "trap",
                "label": "Traps",
                "description": "The program always stops where it traps",
                "default": true,
            },
            {
                "filter": "panic",
                "label": "Go: panics that are not recovered, and fatal errors",
                "default": true,
            },
        ])
    }

    /// The addresses of what a client wants to watch.
    pub(super) fn data_breakpoint_info(&mut self, arguments: &Value) -> Answered {
        let name = arguments["name"].as_str().ok_or("the data has no name")?;
        if arguments["asAddress"] == true {
            let address = number_of(name).ok_or_else(|| format!("`{name}` is no address"))?;
            let bytes = arguments["bytes"].as_u64().unwrap_or(1).max(1);
            return Ok(watchable(address, bytes));
        }
        let none = |why: String| Ok(json!({ "dataId": null, "description": why }));
        let found = match self.variable_called(arguments, name) {
            Ok(found) => found,
            Err(why) => return none(why),
        };
        match found {
            Some((address, bytes)) if bytes > 0 => Ok(watchable(address, bytes)),
            _ => none(format!("{name} is not in the memory")),
        }
    }

    /// The lines of a file that have code.
    pub(super) fn breakpoint_locations(&mut self, arguments: &Value) -> Answered {
        let path = arguments["source"]["path"]
            .as_str()
            .ok_or("the source has no path")?;
        let path = self.files.to_program(path);
        let first = self.line_in(&arguments["line"])?;
        let last = match &arguments["endLine"] {
            Value::Null => first,
            line => self.line_in(line)?,
        };
        let debuggee = self.debuggee()?;
        let lines = debuggee.engine.sources(|sources| sources.lines(&path))?;
        let lines = lines
            .into_iter()
            .filter(|line| (first..=last).contains(line));
        let lines: Vec<_> = lines
            .map(|line| json!({ "line": self.line_out(line) }))
            .collect();
        Ok(json!({ "breakpoints": lines }))
    }

    /// Sets all breakpoints of a kind. `found` returns where one is, and what the client is told about it.
    fn set(
        &mut self,
        kind: Kind,
        arguments: &Value,
        mut found: impl FnMut(&mut Engine, &Value, usize) -> Result<(At, Value), String>,
    ) -> Answered {
        let debuggee = self.debuggee()?;
        debuggee.breakpoints.clear_kind(&kind, &mut debuggee.engine);
        let mut set = Vec::new();
        for (number, item) in listed(arguments)?.iter().enumerate() {
            let engine = &mut debuggee.engine;
            let added = found(engine, item, number)
                .and_then(|(at, body)| Ok((engine.add_break(at).map_err(told)?.id, body)));
            set.push(debuggee.breakpoints.note(&kind, item, added));
        }
        Ok(json!({ "breakpoints": set }))
    }

    /// Decides at which breakpoints the program stays. Returns `None` if at none.
    pub(super) fn hits(&mut self, own: &[u32]) -> Option<Hits> {
        let debuggee = self.debuggee.as_mut()?;
        let mut hits = Hits {
            ids: Vec::new(),
            reason: "breakpoint",
            text: String::new(),
        };
        let mut is_known = false;
        for number in 0..debuggee.breakpoints.all.len() {
            let breakpoint = &mut debuggee.breakpoints.all[number];
            if !own.contains(&breakpoint.own) {
                continue;
            }
            is_known = true;
            let (condition, message) = (breakpoint.condition.clone(), breakpoint.message.clone());
            let holds = match &condition {
                Some(condition) => debuggee.holds(condition),
                None => Ok(true),
            };
            let breakpoint = &mut debuggee.breakpoints.all[number];
            match holds {
                Ok(false) => continue,
                Ok(true) => {}
                Err(why) => {
                    let text = condition.unwrap_or_default();
                    hits.text = format!("the condition `{text}` cannot be decided: {why}");
                }
            }
            breakpoint.hits += 1;
            if breakpoint
                .count
                .is_some_and(|count| !count.holds(breakpoint.hits))
            {
                continue;
            }
            let (id, kind) = (breakpoint.id, breakpoint.kind.clone());
            if let Some(message) = message {
                let text = debuggee.message(&message);
                self.client.writer.output("console", &(text + "\n"));
                continue;
            }
            match kind {
                Kind::Func => hits.reason = "function breakpoint",
                Kind::Instruction => hits.reason = "instruction breakpoint",
                Kind::Exception => {
                    hits.reason = "exception";
                    hits.text = "the program ends in a panic or a fatal error".to_owned();
                }
                Kind::File(_) | Kind::Data => {}
            }
            hits.ids.push(id);
        }
        // One that the client has not set is not to be passed over.
        (!hits.ids.is_empty() || !is_known).then_some(hits)
    }

    /// The client's numbers of a watch point.
    pub(super) fn watched(&mut self, own: u32) -> Vec<i64> {
        let all = self.debuggee.iter_mut();
        let all = all.flat_map(|debuggee| &mut debuggee.breakpoints.all);
        let hit = all.filter(|breakpoint| breakpoint.own == own);
        hit.map(|breakpoint| {
            breakpoint.hits += 1;
            breakpoint.id
        })
        .collect()
    }
}

impl super::session::Debuggee {
    /// Decides a condition in the innermost frame.
    fn holds(&mut self, condition: &str) -> Result<bool, String> {
        let address = self.address(0);
        let mut frame = AtFrame::new(&mut self.engine, 0, self.is_go);
        let at = variables::At {
            dies: &self.dies,
            address,
        };
        variables::holds(condition, at, &mut frame)
    }

    /// A message with the values of the expressions in its braces.
    fn message(&mut self, message: &str) -> String {
        let mut text = String::new();
        let mut rest = message;
        while let Some((before, behind)) = rest.split_once('{') {
            text.push_str(before);
            let Some((expression, behind)) = behind.split_once('}') else {
                text.push('{');
                rest = behind;
                continue;
            };
            let _ = match self.evaluated(expression, 0) {
                Ok(Answer::Variable(variable)) => {
                    let mut frame = AtFrame::new(&mut self.engine, 0, self.is_go);
                    write!(text, "{}", variable.tell(&self.dies, &mut frame))
                }
                Ok(Answer::Text(told)) => write!(text, "{told}"),
                Err(why) => write!(text, "<{why}>"),
            };
            rest = behind;
        }
        text + rest
    }
}

impl Breakpoints {
    /// Notes a breakpoint, and returns what the client is told about it.
    fn note(&mut self, kind: &Kind, item: &Value, added: Result<(u32, Value), String>) -> Value {
        self.last += 1;
        let id = self.last;
        let text = |name: &str| item[name].as_str().filter(|text| !text.trim().is_empty());
        let count = text("hitCondition").map(Count::parse).transpose();
        match (added, count) {
            (Ok((own, mut body)), Ok(count)) => {
                self.all.push(Breakpoint {
                    kind: kind.clone(),
                    id,
                    own,
                    condition: text("condition").map(str::to_owned),
                    count,
                    message: text("logMessage").map(str::to_owned),
                    hits: 0,
                });
                body["id"] = id.into();
                body["verified"] = true.into();
                if let Some(body) = body.as_object_mut() {
                    body.retain(|_, value| !value.is_null());
                }
                body
            }
            (Ok((own, _)), Err(why)) => {
                // The engine's number is kept, so it is removed with the others.
                self.all.push(Breakpoint {
                    kind: kind.clone(),
                    id,
                    own,
                    condition: None,
                    count: None,
                    message: None,
                    hits: 0,
                });
                json!({ "id": id, "verified": true, "message": why })
            }
            (Err(why), _) => json!({ "id": id, "verified": false, "message": why }),
        }
    }
}

/// The breakpoints that a client lists.
fn listed(arguments: &Value) -> Result<&[Value], String> {
    let listed = match &arguments["breakpoints"] {
        Value::Null => &[],
        Value::Array(listed) => &listed[..],
        _ => return Err("the breakpoints are no list".to_owned()),
    };
    match listed.len() > MOST {
        true => Err(format!("more than {MOST} breakpoints are set at once")),
        false => Ok(listed),
    }
}

/// The offset in the module that an instruction breakpoint is set on.
fn place(item: &Value) -> Result<usize, String> {
    let reference = item["instructionReference"].as_str();
    let reference = reference.ok_or("an instruction has no reference")?;
    let start = number_of(reference).ok_or_else(|| format!("`{reference}` is no instruction"))?;
    let place = start.checked_add_signed(item["offset"].as_i64().unwrap_or(0));
    place
        .and_then(|place| usize::try_from(place).ok())
        .ok_or_else(|| "the instruction is outside of the module".to_owned())
}

/// What can be watched.
fn watchable(address: u64, bytes: u64) -> Value {
    json!({
        "dataId": format!("{address:#x},{bytes}"),
        "description": format!("{bytes} bytes at {address:#x}"),
        "accessTypes": ["write"],
        "canPersist": false,
    })
}

fn data_range(item: &Value) -> Result<std::ops::Range<u64>, String> {
    let id = item["dataId"].as_str().unwrap_or_default();
    let (address, bytes) = id.split_once(',').unwrap_or((id, "1"));
    let range = number_of(address).zip(bytes.parse::<u64>().ok());
    let range = range.and_then(|(start, bytes)| Some(start..start.checked_add(bytes)?));
    range.ok_or_else(|| "there is no such data".to_owned())
}

/// A number, in hex with `0x`.
pub(super) fn number_of(text: &str) -> Option<u64> {
    let text = text.trim();
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_counted() {
        for (text, hits) in [
            ("3", vec![3]),
            ("== 3", vec![3]),
            (">= 4", vec![4, 5, 6]),
            (">4", vec![5, 6]),
            ("<= 2", vec![1, 2]),
            ("< 2", vec![1]),
            ("% 3", vec![3, 6]),
        ] {
            let count = Count::parse(text).unwrap_or_else(|error| panic!("{error}"));
            let held: Vec<_> = (1..=6).filter(|hit| count.holds(*hit)).collect();
            assert_eq!(held, hits, "{text}");
        }
        for text in ["", "x", "% 0", "3 x", "~ 3", "99999999999999999999"] {
            assert!(Count::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn places_of_instructions() {
        let place = |reference: &str, offset: i64| {
            place(&json!({ "instructionReference": reference, "offset": offset }))
        };
        assert_eq!(place("0x20", -2), Ok(0x1e));
        assert!(place("0x1", -2).is_err());
        assert!(place("x", 0).is_err());
        assert!(data_range(&json!({ "dataId": "0xffffffffffffffff,2" })).is_err());
        assert_eq!(data_range(&json!({ "dataId": "0x10,4" })), Ok(0x10..0x14));
    }
}
