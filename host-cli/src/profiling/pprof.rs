//! The format of pprof: <https://github.com/google/pprof/blob/main/proto/profile.proto>.

use std::collections::HashMap;
use std::io::Write;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message;

use super::stacks::Stacks;
use crate::args::ProfileBy;

/// `perftools.profiles.Profile`, without the fields that are not written.
#[derive(Clone, PartialEq, Message)]
struct Profile {
    #[prost(message, repeated, tag = "1")]
    sample_type: Vec<ValueType>,
    #[prost(message, repeated, tag = "2")]
    sample: Vec<Sample>,
    #[prost(message, repeated, tag = "4")]
    location: Vec<Location>,
    #[prost(message, repeated, tag = "5")]
    function: Vec<Function>,
    #[prost(string, repeated, tag = "6")]
    string_table: Vec<String>,
    #[prost(message, optional, tag = "11")]
    period_type: Option<ValueType>,
    #[prost(int64, tag = "12")]
    period: i64,
    #[prost(int64, tag = "14")]
    default_sample_type: i64,
}

/// The type and the unit of a number, as indices of strings.
#[derive(Clone, PartialEq, Message)]
struct ValueType {
    #[prost(int64, tag = "1")]
    ty: i64,
    #[prost(int64, tag = "2")]
    unit: i64,
}

/// A stack, innermost first, and its numbers.
#[derive(Clone, PartialEq, Message)]
struct Sample {
    #[prost(uint64, repeated, tag = "1")]
    location_id: Vec<u64>,
    #[prost(int64, repeated, tag = "2")]
    value: Vec<i64>,
}

/// A place in code.
#[derive(Clone, PartialEq, Message)]
struct Location {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(message, repeated, tag = "4")]
    line: Vec<Line>,
}

/// A line of a function.
#[derive(Clone, PartialEq, Message)]
struct Line {
    #[prost(uint64, tag = "1")]
    function_id: u64,
    #[prost(int64, tag = "2")]
    line: i64,
}

/// A function.
#[derive(Clone, PartialEq, Message)]
struct Function {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(int64, tag = "2")]
    name: i64,
    #[prost(int64, tag = "3")]
    system_name: i64,
    #[prost(int64, tag = "4")]
    filename: i64,
    #[prost(int64, tag = "5")]
    start_line: i64,
}

/// The strings of a profile. The first one is empty.
struct Strings {
    all: Vec<String>,
    indices: HashMap<String, i64>,
}

impl Strings {
    fn new() -> Self {
        let mut strings = Self {
            all: Vec::new(),
            indices: HashMap::new(),
        };
        strings.index("");
        strings
    }

    fn index(&mut self, text: &str) -> i64 {
        if let Some(index) = self.indices.get(text) {
            return *index;
        }
        let index = number(self.all.len() as u64);
        self.all.push(text.to_owned());
        self.indices.insert(text.to_owned(), index);
        index
    }

    fn value_type(&mut self, ty: &str, unit: &str) -> ValueType {
        ValueType {
            ty: self.index(ty),
            unit: self.index(unit),
        }
    }
}

/// The profile as a compressed file.
///
/// # Errors
/// Fails if there is no memory.
pub(super) fn encode(stacks: &Stacks, by: ProfileBy) -> Result<Vec<u8>> {
    let mut strings = Strings::new();
    let work = match by {
        ProfileBy::Fuel => strings.value_type("fuel", "units"),
        ProfileBy::Time => strings.value_type("time", "nanoseconds"),
    };
    let mut profile = Profile {
        sample_type: vec![
            work.clone(),
            strings.value_type("wasi_calls", "count"),
            strings.value_type("wasi_time", "nanoseconds"),
        ],
        default_sample_type: work.ty,
        period_type: Some(work),
        period: 1,
        ..Profile::default()
    };
    let mut functions = HashMap::new();
    for (frame, id) in stacks.frames.iter().zip(1..) {
        let file = frame.line.as_ref().map_or("", |line| &line.file);
        let key = (frame.name.as_str(), file);
        let next = functions.len() as u64 + 1;
        let function_id = *functions.entry(key).or_insert(next);
        if function_id == next {
            let name = strings.index(&frame.name);
            profile.function.push(Function {
                id: function_id,
                name,
                system_name: name,
                filename: strings.index(file),
                start_line: frame.start.into(),
            });
        }
        let line = frame.line.as_ref().map_or(0, |line| line.line.into());
        profile.location.push(Location {
            id,
            line: vec![Line { function_id, line }],
        });
    }
    for (frames, count) in &stacks.all {
        if count.work == 0 && count.calls == 0 {
            continue;
        }
        profile.sample.push(Sample {
            location_id: frames.iter().map(|frame| u64::from(*frame) + 1).collect(),
            value: [count.work, count.calls, count.nanoseconds]
                .map(number)
                .to_vec(),
        });
    }
    profile.string_table = strings.all;
    let mut file = GzEncoder::new(Vec::new(), Compression::default());
    file.write_all(&profile.encode_to_vec())
        .and_then(|()| file.finish())
        .context("cannot compress the profile")
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
