//! Modules in WebAssembly's text format: assembled before they are decoded. Messages name lines and columns of the text.

use std::fmt::{self, Display};

use interp::inspect::Spelled;
use interp::{Engine, Module, ModuleError};
use wasmparser::{FunctionBody, Parser, Payload};
use wast::core::{EncodeOptions, FuncKind, ModuleField, ModuleKind};
use wast::parser::{self, ParseBuffer};
use wast::token::Span;
use wast::{Error, Wat};

use crate::refuse;

/// The maximum number of characters of a line that a message shows.
const MOST: usize = 160;

/// Assembles the module called `name`, and validates all of it, because only here the place of an instruction in the text is known.
///
/// # Errors
/// A message for the user, which begins with the file's name, the line and the column.
#[cold]
#[inline(never)]
pub(crate) fn assemble(engine: &Engine, name: &str, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = error.valid_up_to();
            let text = String::from_utf8_lossy(&bytes[..valid]);
            let place = Place::at(&text, valid);
            let byte = bytes[valid];
            return Err(format!(
                "{name}:{place}: the text is not UTF-8: byte {byte:#04x}"
            ));
        }
    };
    let told = |error: &Error| message(name, text, Some(error.span()), &Spelled(&error.message()));
    let mut buffer = ParseBuffer::new(text).map_err(|error| told(&error))?;
    buffer.track_instr_spans(true);
    let mut wat = parser::parse::<Wat>(&buffer).map_err(|error| told(&error))?;
    let assembled = EncodeOptions::default().encode_wat(&mut wat);
    let binary = assembled.map_err(|error| told(&error))?;
    if let Err(error) = Module::validate(engine, &binary) {
        return Err(match error.as_module_error() {
            Some(error) => {
                let said = format!(
                    "{}; offsets are of the assembled module",
                    refuse::told(error)
                );
                message(name, text, span(&wat, &binary, error), &said)
            }
            None => format!("{name}: {error}"),
        });
    }
    Ok(binary)
}

/// The instruction in the text where validation failed. Outside of functions, the text has no place for it.
fn span(wat: &Wat<'_>, binary: &[u8], error: &ModuleError) -> Option<Span> {
    let Wat::Module(module) = wat else {
        return None;
    };
    let ModuleKind::Text(fields) = &module.kind else {
        return None;
    };
    let bodies = Parser::new(0)
        .parse_all(binary)
        .filter_map(|payload| match payload {
            Ok(Payload::CodeSectionEntry(body)) => Some(body),
            _ => None,
        });
    let funcs = fields.iter().filter_map(|field| match field {
        ModuleField::Func(func) => match &func.kind {
            FuncKind::Inline { expression, .. } => Some((func.span, expression)),
            FuncKind::Import(..) => None,
        },
        _ => None,
    });
    let offset = error.offset();
    let mut found = funcs
        .zip(bodies)
        .filter(|(_, body)| body.range().contains(&offset));
    let ((func, expression), body) = found.next()?;
    let spans = expression.instr_spans.as_deref().unwrap_or_default();
    // The function's own `end` is not written in the text.
    Some(
        spans
            .get(operators_before(&body, offset))
            .copied()
            .unwrap_or(func),
    )
}

/// The number of operators of a body that end at an offset or before it.
fn operators_before(body: &FunctionBody<'_>, offset: u64) -> usize {
    let Ok(mut reader) = body.get_operators_reader() else {
        return 0;
    };
    let mut count = 0;
    while reader.read().is_ok() && reader.original_position() <= offset {
        count += 1;
    }
    count
}

/// A message with its place, followed by the line and a mark below the column.
fn message(name: &str, text: &str, span: Option<Span>, said: &dyn Display) -> String {
    let Some(span) = span else {
        return format!("{name}: {said}");
    };
    let place = Place::at(text, span.offset());
    let line = text.lines().nth(place.line).unwrap_or_default();
    let head: String = line.chars().take(place.column).collect();
    // Tabs are shown as they are, so that the mark is below its column.
    let shown = |text: &str| {
        text.split('\t')
            .map(|part| Spelled(part).to_string())
            .collect::<Vec<_>>()
            .join("\t")
    };
    let blank = |char| if char == '\t' { '\t' } else { ' ' };
    let mark: String = shown(&head).chars().map(blank).collect();
    match line.chars().count() <= MOST {
        true => format!("{name}:{place}: {said}\n  {}\n  {mark}^", shown(line)),
        false => format!("{name}:{place}: {said}"),
    }
}

/// A place in a text, from 0. It is shown from 1.
struct Place {
    line: usize,
    /// In characters.
    column: usize,
}

impl Place {
    fn at(text: &str, offset: usize) -> Self {
        let before = &text[..text.floor_char_boundary(offset)];
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        Self {
            line: before.matches('\n').count(),
            column: before[start..].chars().count(),
        }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line + 1, self.column + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: impl AsRef<[u8]>) -> String {
        assemble(&Engine::default(), "a.wat", text.as_ref()).expect_err("it is wrong")
    }

    #[test]
    fn messages_name_the_place() {
        let unknown = "(module\n\t(func\n\t\tcall $x))";
        assert_eq!(
            refused(unknown),
            "a.wat:3:8: unknown func: failed to find name `$x`\n  \t\tcall $x))\n  \t\t     ^"
        );
        let deep = "(".repeat(1 << 20);
        assert!(refused(&deep).starts_with("a.wat:1:"), "{}", refused(&deep));
        // Whether the parser knows components depends on what else is built.
        let component = refused("(component)");
        assert!(component.starts_with("a.wat:"), "{component}");
        let bytes = b"(module)\n  \xff";
        assert_eq!(
            refused(bytes),
            "a.wat:2:3: the text is not UTF-8: byte 0xff"
        );
        assert!(refused("(module (func $\"\u{1b}[31m\" call $\"\u{1b}\"))").contains("\\u{1b}"));
    }

    #[test]
    fn what_is_invalid_is_found_in_the_text() {
        let text =
            "(module (func)\n (func (result i32)\n  (i32.add (i32.const 1)\n   (i64.const 2))))";
        let told = refused(text);
        assert!(
            told.starts_with(
                "a.wat:3:4: type mismatch: expected i32, found i64 (in function 1, at offset 0x"
            ),
            "{told}"
        );
        assert!(refused("(module\n (func (result i32)))").starts_with("a.wat:2:3: type mismatch"));
        let twice =
            refused("(module (memory 1) (export \"a\" (memory 0)) (export \"a\" (memory 0)))");
        assert!(twice.starts_with("a.wat: duplicate export"), "{twice}");
    }
}
