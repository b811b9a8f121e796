//! Reads TOML as a list of assignments, `path.to.key = value`. Readers of settings need no more.
//!
//! The crate `toml_parser` implements the grammar. This file replaces the crate `toml`, which would add dates, floats, a
//! tree of values and serde to a kernel that uses none of them: 70 KB (DECISIONS.md).

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use toml_parser::{
    ErrorSink, ParseError, Source, Span,
    decoder::{Encoding, ScalarKind},
    parser::{EventReceiver, RecursionGuard, parse_document},
};

/// The maximum nesting of tables and arrays. The settings need two levels.
const DEPTH: u32 = 8;

/// One line of the text, or one entry of an inline table.
#[derive(Debug)]
pub(crate) struct Assignment {
    /// The names of the enclosing tables and its own name, separated by dots.
    pub(crate) path: String,
    /// The assigned value.
    pub(crate) value: Value,
    /// The line number, from 1.
    pub(crate) line: usize,
}

/// An assigned value.
#[derive(Debug)]
pub(crate) enum Value {
    Text(String),
    Integer(u64),
    Bool(bool),
    List(Vec<String>),
    /// The header of a table, or an inline table.
    Table,
}

/// Reads a text. The error contains the line number.
pub(crate) fn read(text: &str) -> Result<Vec<Assignment>, String> {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut reader = Reader {
        source,
        path: Vec::new(),
        bases: Vec::from([0]),
        list: None,
        found: Vec::new(),
    };
    let mut error = None;
    let mut guarded = RecursionGuard::new(&mut reader, DEPTH);
    parse_document(&tokens, &mut guarded, &mut error);
    match error {
        None => Ok(reader.found),
        Some(error) => {
            let place = error.unexpected().or(error.context());
            let line = reader.line(place.map_or(0, |span| span.start()));
            Err(alloc::format!("line {line}: {}", error.description()))
        }
    }
}

/// Processes the events of the parser.
struct Reader<'t> {
    source: Source<'t>,
    /// The keys that lead to the parser's position.
    path: Vec<String>,
    /// The number of keys in `path` that belong to the table, and to each inline table in it.
    bases: Vec<usize>,
    /// The items of the current array.
    list: Option<Vec<String>>,
    found: Vec<Assignment>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        let before = self.source.input().bytes().take(at);
        1 + before.filter(|byte| *byte == b'\n').count()
    }

    fn assign(&mut self, value: Value, span: Span, error: &mut dyn ErrorSink) {
        let (path, line) = (self.path.join("."), self.line(span.start()));
        if self.found.iter().any(|other| other.path == path) {
            refuse(error, span, "this stands twice");
        }
        self.found.push(Assignment { path, value, line });
    }

    /// Returns to the current table.
    fn end_of_value(&mut self) {
        self.path.truncate(self.bases.last().copied().unwrap_or(0));
    }

    fn value(
        &self,
        span: Span,
        kind: Option<Encoding>,
        error: &mut dyn ErrorSink,
    ) -> Option<Value> {
        let mut text = String::new();
        let raw = self.source.get(span)?;
        let raw = toml_parser::Raw::new_unchecked(raw.as_str(), kind, span);
        match raw.decode_scalar(&mut text, error) {
            ScalarKind::String => Some(Value::Text(text)),
            ScalarKind::Boolean(value) => Some(Value::Bool(value)),
            ScalarKind::Integer(radix) => u64::from_str_radix(&text, radix.value())
                .ok()
                .map(Value::Integer),
            ScalarKind::Float | ScalarKind::DateTime => None,
        }
    }
}

fn refuse(error: &mut dyn ErrorSink, span: Span, why: &'static str) {
    error.report_error(ParseError::new(why).with_unexpected(span));
}

impl EventReceiver for Reader<'_> {
    fn std_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.path.clear();
        self.bases = Vec::from([0]);
    }

    fn std_table_close(&mut self, span: Span, error: &mut dyn ErrorSink) {
        self.bases = Vec::from([self.path.len()]);
        self.assign(Value::Table, span, error);
    }

    fn array_table_open(&mut self, span: Span, error: &mut dyn ErrorSink) {
        refuse(error, span, "no setting is a list of tables");
    }

    fn inline_table_open(&mut self, span: Span, error: &mut dyn ErrorSink) -> bool {
        if self.list.is_some() {
            refuse(error, span, "no setting is a list of tables");
            return false;
        }
        self.assign(Value::Table, span, error);
        self.bases.push(self.path.len());
        true
    }

    fn inline_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.bases.pop();
        self.end_of_value();
    }

    fn array_open(&mut self, span: Span, error: &mut dyn ErrorSink) -> bool {
        if self.list.replace(Vec::new()).is_some() {
            refuse(error, span, "no setting is a list of lists");
            return false;
        }
        true
    }

    fn array_close(&mut self, span: Span, error: &mut dyn ErrorSink) {
        let list = self.list.take().unwrap_or_default();
        self.assign(Value::List(list), span, error);
        self.end_of_value();
    }

    fn simple_key(&mut self, span: Span, kind: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut key = String::new();
        if let Some(raw) = self.source.get(span) {
            let raw = toml_parser::Raw::new_unchecked(raw.as_str(), kind, span);
            raw.decode_key(&mut key, error);
        }
        self.path.push(key);
    }

    fn scalar(&mut self, span: Span, kind: Option<Encoding>, error: &mut dyn ErrorSink) {
        let value = self.value(span, kind, error);
        match (&mut self.list, value) {
            (Some(list), Some(Value::Text(text))) => list.push(text.to_string()),
            (Some(_), _) => refuse(error, span, "lists are of texts in quotes"),
            (None, Some(value)) => {
                self.assign(value, span, error);
                self.end_of_value();
            }
            (None, None) => refuse(
                error,
                span,
                "a text in quotes, a number from 0 on, true or false is wanted",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, read};

    fn shown(text: &str) -> String {
        let found = read(text).expect("it is TOML");
        let shown = found.into_iter().map(|found| {
            let value = match found.value {
                Value::Text(text) => format!("{text:?}"),
                Value::Integer(number) => number.to_string(),
                Value::Bool(value) => value.to_string(),
                Value::List(list) => format!("{list:?}"),
                Value::Table => "table".to_owned(),
            };
            format!("{}:{}={value}", found.line, found.path)
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn tables_in_brackets_and_braces_give_paths() {
        let text = "a = 1_000\n[t]\nb.c = 'x'\nd = { e = \"\\u00e9\", f = 0x10 }\ng = true\n";
        assert_eq!(
            shown(text),
            "1:a=1000 2:t=table 3:t.b.c=\"x\" 4:t.d=table 4:t.d.e=\"é\" 4:t.d.f=16 5:t.g=true"
        );
    }

    #[test]
    fn lists_are_of_texts() {
        assert_eq!(
            shown("a = [\n \"x\", # one\n 'y',\n]\nb = []"),
            "4:a=[\"x\", \"y\"] 5:b=[]"
        );
        for text in [
            "a = [1]",
            "a = [[\"x\"]]",
            "a = [{ b = \"x\" }]",
            "[[a]]\nb = 1",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn errors_name_the_line() {
        for text in [
            "a = 1\nb =\n",
            "a = 1\na = 2",
            "a = 1\nb = \"x",
            "\nb = 1.5",
            "\nb = -1",
            "[t]\n[t]",
        ] {
            let error = read(text).expect_err(text);
            assert!(error.starts_with("line 2: "), "{text:?}: {error}");
        }
        assert!(read(&"a = [".repeat(1000)).is_err());
        assert!(read(&"a = {b = ".repeat(1000)).is_err());
    }
}
