//! Types of Go, as a person writes them: `string`, `[]byte`, `[4]*int32`, `map[string]int`.
//!
//! Go writes no DWARF for WebAssembly, so nothing says where a variable is. A person who knows the address of a value names its type.
//! A pointer, an `int` and a `uint` have eight bytes.

use std::rc::Rc;

use super::types::{Member, Shape, Type, TypeRef};

/// The bytes of a word.
const WORD: u64 = 8;

/// How deep types may be nested.
const DEEPEST: usize = 16;

/// Reads a type.
///
/// # Errors
/// Fails if there is no such type, or if it cannot be shown. The message names it.
pub(super) fn parse(text: &str) -> Result<TypeRef, String> {
    let (ty, rest) = prefix(text.trim(), 0)?;
    match rest.trim() {
        "" => Ok(ty),
        rest => Err(format!("`{rest}` follows the type")),
    }
}

/// Reads a type at the start of a text. Returns it and the rest.
fn prefix(text: &str, depth: usize) -> Result<(TypeRef, &str), String> {
    if depth > DEEPEST {
        return Err("the type is nested too deeply".to_owned());
    }
    let written = |name: String, size, shape| {
        TypeRef::Written(Rc::new(Type {
            name,
            size: Some(size),
            shape,
        }))
    };
    if let Some(rest) = text.strip_prefix('*') {
        let (of, rest) = prefix(rest, depth + 1)?;
        let name = format!("*{}", name(&of));
        return Ok((written(name, WORD, Shape::Pointer(of)), rest));
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (len, rest) = rest.split_once(']').ok_or("`]` is missing")?;
        let (of, rest) = prefix(rest, depth + 1)?;
        let of_name = name(&of);
        if len.is_empty() {
            return Ok((
                written(format!("[]{of_name}"), 3 * WORD, Shape::Slice(of)),
                rest,
            ));
        }
        let count: u64 = len
            .trim()
            .parse()
            .map_err(|_| format!("`{len}` is no length"))?;
        let size = size(&of)
            .checked_mul(count)
            .ok_or("the array is too long")?;
        let name = format!("[{count}]{of_name}");
        return Ok((written(name, size, Shape::Array(of, count)), rest));
    }
    let end = text.find(|char: char| !char.is_ascii_alphanumeric() && char != '_');
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    let (size, shape) = match word {
        "string" => (2 * WORD, Shape::Text),
        "int" | "int64" => (8, Shape::Signed),
        "int32" => (4, Shape::Signed),
        "int16" => (2, Shape::Signed),
        "int8" => (1, Shape::Signed),
        "uint" | "uint64" | "uintptr" => (8, Shape::Unsigned),
        "uint32" => (4, Shape::Unsigned),
        "uint16" => (2, Shape::Unsigned),
        "uint8" | "byte" => (1, Shape::Unsigned),
        "rune" => (4, Shape::Char),
        "bool" => (1, Shape::Bool),
        "float32" => (4, Shape::Float),
        "float64" => (8, Shape::Float),
        "error" | "any" => (2 * WORD, interface()),
        "interface" => {
            let rest = rest
                .trim_start()
                .strip_prefix("{}")
                .ok_or("write `interface{}` or `any`")?;
            return Ok((written("interface{}".to_owned(), 16, interface()), rest));
        }
        _ => {
            return Err(format!(
                "no type is called `{}`: there are Go's basic types, string, error, any, *T, []T and [N]T",
                interp::inspect::Spelled(if word.is_empty() { text } else { word })
            ));
        }
    };
    Ok((written(word.to_owned(), size, shape), rest))
}

/// The two words of an interface.
fn interface() -> Shape {
    let word = |name: &str, offset| Member {
        name: name.to_owned(),
        ty: TypeRef::Written(Rc::new(Type {
            name: "uintptr".to_owned(),
            size: Some(WORD),
            shape: Shape::Pointer(TypeRef::Void),
        })),
        offset,
        bits: None,
    };
    Shape::Struct(vec![word("type", 0), word("data", WORD)])
}

fn name(ty: &TypeRef) -> &str {
    match ty {
        TypeRef::Written(ty) => &ty.name,
        _ => "?",
    }
}

fn size(ty: &TypeRef) -> u64 {
    match ty {
        TypeRef::Written(ty) => ty.size.unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read() {
        for (text, bytes) in [
            ("string", 16),
            ("[]byte", 24),
            ("[4]*int32", 32),
            ("[2][3]uint16", 12),
            ("*[]string", 8),
            ("interface{}", 16),
            ("rune", 4),
        ] {
            let ty = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((name(&ty), size(&ty)), (text, bytes));
        }
    }

    #[test]
    fn what_is_no_type_is_refused() {
        for (text, said) in [
            ("", "no type is called"),
            ("map[string]int", "no type is called `map`"),
            ("[]", "no type is called"),
            ("[3", "`]` is missing"),
            ("[-1]int", "`-1` is no length"),
            ("[18446744073709551615]int", "too long"),
            ("int x", "`x` follows"),
            ("interface", "interface{}"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(said), "{text}: {error}");
        }
        assert!(parse(&"*".repeat(100_000)).is_err());
    }
}
