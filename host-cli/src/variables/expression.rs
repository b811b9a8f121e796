//! What a person asks for: a variable or a part of one (`list->next.name`, `a[3]`, `*p`), a value of a type at an address
//! (`string@0x1234`, `[]int@sp+16`), a register (`l0`, `acc`, `global0`), or bytes of the memory (`hex@0x400,64`).

use std::fmt::Write;
use std::rc::Rc;

use interp::inspect::Spelled;

use super::dies::Dies;
use super::types::{Shape, Type, TypeRef};
use super::{Held, Stopped, Variable, go, named, scope};

/// The maximum length of an expression, in bytes.
const LONGEST: usize = 1 << 12;

/// The maximum number of operators of an expression.
const MOST_OPERATORS: usize = 64;

/// How deep addresses may be nested.
const DEEPEST: usize = 8;

/// The number of bytes that are shown if no other is named, and the maximum.
const BYTES: usize = 64;
const MOST_BYTES: usize = 1 << 12;

/// Bytes in a line of hex.
const IN_A_LINE: usize = 16;

/// Where names are looked up.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) dies: &'a Dies,
    /// The address of the code in DWARF, and how many calls were inlined around it; see [`scope`].
    pub(crate) address: Option<(u64, usize)>,
}

/// What was found.
#[derive(Debug)]
pub(crate) enum Answer {
    Variable(Variable),
    Text(String),
}

/// Evaluates an expression.
///
/// # Errors
/// Fails if it cannot be read, or if it names what there is not.
pub(crate) fn evaluate(
    text: &str,
    at: At<'_>,
    stopped: &mut dyn Stopped,
) -> Result<Answer, String> {
    let text = text.trim();
    if text.len() > LONGEST {
        return Err(format!("the expression is longer than {LONGEST} bytes"));
    }
    if let Some((ty, place)) = text.split_once('@') {
        let ty = ty.trim();
        if matches!(ty, "hex" | "mem") {
            return hex(place, stopped).map(Answer::Text);
        }
        let ty = go::parse(ty)?;
        return Ok(Answer::Variable(Variable {
            name: text.to_owned(),
            ty,
            held: Held::At(address(place, stopped)?),
            bits: None,
        }));
    }
    let mut parser = Parser {
        rest: text,
        at,
        left: MOST_OPERATORS,
    };
    let mut found = parser.prefix(stopped)?;
    if !parser.rest.trim().is_empty() {
        return Err(format!(
            "`{}` is not understood",
            Spelled(parser.rest.trim())
        ));
    }
    found.name = text.to_owned();
    Ok(Answer::Variable(found))
}

/// Decides a condition: comparisons of numbers, joined by `&&` and `||`.
///
/// # Errors
/// Fails if it cannot be read, or if a part is no number.
pub(crate) fn holds(text: &str, at: At<'_>, stopped: &mut dyn Stopped) -> Result<bool, String> {
    if text.len() > LONGEST {
        return Err(format!("the condition is longer than {LONGEST} bytes"));
    }
    for any in text.split("||") {
        let mut all = true;
        for part in any.split("&&") {
            all = all && compared(part, at, stopped)?;
        }
        if all {
            return Ok(true);
        }
    }
    Ok(false)
}

fn compared(text: &str, at: At<'_>, stopped: &mut dyn Stopped) -> Result<bool, String> {
    let mut number = |text: &str| integer(text, at, stopped);
    type Holds = fn(i128, i128) -> bool;
    let operators: [(&str, Holds); 6] = [
        ("==", |a, b| a == b),
        ("!=", |a, b| a != b),
        ("<=", |a, b| a <= b),
        (">=", |a, b| a >= b),
        ("<", |a, b| a < b),
        (">", |a, b| a > b),
    ];
    // `->` is no comparison.
    let masked = text.replace("->", "\0\0");
    for (operator, holds) in operators {
        if let Some(place) = masked.find(operator) {
            let (left, right) = (&text[..place], &text[place + operator.len()..]);
            return Ok(holds(number(left)?, number(right)?));
        }
    }
    match text.trim().strip_prefix('!') {
        Some(rest) => Ok(number(rest)? == 0),
        None => Ok(number(text)? != 0),
    }
}

fn integer(text: &str, at: At<'_>, stopped: &mut dyn Stopped) -> Result<i128, String> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    if let Some(number) = literal(digits) {
        return Ok(sign * i128::from(number));
    }
    match evaluate(text, at, stopped)? {
        Answer::Variable(variable) => variable
            .integer(at.dies, stopped)
            .ok_or_else(|| format!("`{}` is no number", Spelled(text))),
        Answer::Text(_) => Err(format!("`{}` is no number", Spelled(text))),
    }
}

struct Parser<'t, 'a> {
    rest: &'t str,
    at: At<'a>,
    /// The operators that may follow.
    left: usize,
}

impl<'t> Parser<'t, '_> {
    fn count(&mut self) -> Result<(), String> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or("the expression has too many operators")?;
        Ok(())
    }

    fn eat(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn prefix(&mut self, stopped: &mut dyn Stopped) -> Result<Variable, String> {
        let dies = self.at.dies;
        if self.eat("*") {
            self.count()?;
            let pointer = self.prefix(stopped)?;
            return target(&pointer, dies, stopped);
        }
        if self.eat("&") {
            self.count()?;
            let variable = self.prefix(stopped)?;
            return variable
                .pointer_to(dies)
                .ok_or_else(|| format!("{} is not in the memory", variable.name));
        }
        self.postfix(stopped)
    }

    fn postfix(&mut self, stopped: &mut dyn Stopped) -> Result<Variable, String> {
        let dies = self.at.dies;
        let mut found = if self.eat("(") {
            self.count()?;
            let inner = self.prefix(stopped)?;
            if !self.eat(")") {
                return Err("`)` is missing".to_owned());
            }
            inner
        } else {
            let name = self.word()?;
            self.variable(name, stopped)?
        };
        loop {
            if self.eat("->") {
                found = target(&found, dies, stopped)?;
                found = self.member(&found)?;
            } else if self.eat(".") {
                found = self.member(&found)?;
            } else if self.eat("[") {
                let (index, rest) = self.rest.split_once(']').ok_or("`]` is missing")?;
                let index = integer(index, self.at, stopped)?;
                self.rest = rest;
                let number = u64::try_from(index).map_err(|_| format!("[{index}] is negative"))?;
                let behind = number.checked_add(1).ok_or("the index is too large")?;
                let parts = match found.has_elements(dies) {
                    true => found.part(dies, stopped, number..behind),
                    false => return Err(format!("{} has no elements", found.name)),
                };
                let len = found.parts(dies, stopped);
                found = parts.into_iter().next().ok_or_else(|| {
                    format!("[{number}] is behind the end: {} has {len}", found.name)
                })?;
            } else {
                return Ok(found);
            }
            self.count()?;
        }
    }

    fn member(&mut self, of: &Variable) -> Result<Variable, String> {
        let name = self.word()?;
        of.member_called(self.at.dies, name)
            .ok_or_else(|| format!("{} has no member {}", of.name, Spelled(name)))
    }

    /// A name: of C, C++ (`a::b`) or Rust.
    fn word(&mut self) -> Result<&'t str, String> {
        let text = self.rest.trim_start();
        let is_in_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | ':' | '$');
        let end = text.find(|char| !is_in_name(char)).unwrap_or(text.len());
        if end == 0 {
            return Err("a name is missing".to_owned());
        }
        let (word, rest) = text.split_at(end);
        self.rest = rest;
        Ok(word)
    }

    fn variable(&mut self, name: &str, stopped: &mut dyn Stopped) -> Result<Variable, String> {
        let dies = self.at.dies;
        if let Some((address, level)) = self.at.address {
            let scope = scope(dies, address, level, stopped);
            let mut own = scope.locals.into_iter().chain(scope.arguments);
            if let Some(found) = own.find(|variable| variable.name == name) {
                return Ok(found);
            }
        }
        let address = self.at.address.map_or(u64::MAX, |(address, _)| address);
        if let Some(found) = named(dies, address, name, stopped) {
            return Ok(found);
        }
        match stopped.register(name) {
            Some(bits) => Ok(register(name, bits)),
            None if dies.is_empty() => Err(format!(
                "nothing here is called {}: the module does not describe variables; a value is named by type and address, as in string@0x1234",
                Spelled(name)
            )),
            None => Err(format!("nothing here is called {}", Spelled(name))),
        }
    }
}

/// What a pointer points to.
fn target(pointer: &Variable, dies: &Dies, stopped: &mut dyn Stopped) -> Result<Variable, String> {
    let is_pointer = pointer.points_to(dies, stopped).is_some() && !pointer.has_elements(dies);
    let target = match is_pointer {
        true => pointer.part(dies, stopped, 0..1).into_iter().next(),
        false => return Err(format!("{} is no pointer", pointer.name)),
    };
    target.ok_or_else(|| format!("{} points to nothing that is known", pointer.name))
}

/// A register as a variable.
pub(crate) fn register(name: &str, bits: u64) -> Variable {
    Variable {
        name: name.to_owned(),
        ty: TypeRef::Written(Rc::new(Type {
            name: "u64".to_owned(),
            size: Some(8),
            shape: Shape::Unsigned,
        })),
        held: Held::Bytes(bits.to_le_bytes().to_vec()),
        bits: None,
    }
}

/// Reads an address: numbers, registers, and words of the memory (`[sp+8]`), with `+` and `-` between them.
///
/// # Errors
/// Fails if a part is neither.
fn address(text: &str, stopped: &mut dyn Stopped) -> Result<u64, String> {
    address_within(text, stopped, 0)
}

fn address_within(text: &str, stopped: &mut dyn Stopped, depth: usize) -> Result<u64, String> {
    if depth > DEEPEST {
        return Err("the address is nested too deeply".to_owned());
    }
    let mut sum = 0_u64;
    let mut is_first = true;
    let mut rest = text.trim();
    while !rest.is_empty() || is_first {
        let is_minus = rest.starts_with('-');
        if !is_first || is_minus {
            rest = rest[1..].trim_start();
        }
        let end = end_of_part(rest);
        let (part, behind) = rest.split_at(end);
        let part = part.trim();
        let inner = part
            .strip_prefix('[')
            .and_then(|part| part.strip_suffix(']'));
        let value = match inner {
            Some(inner) => {
                let place = address_within(inner, stopped, depth + 1)?;
                Some(word_at(place, stopped)?)
            }
            None => literal(part).or_else(|| stopped.register(part)),
        };
        let value =
            value.ok_or_else(|| format!("`{}` is no address and no register", Spelled(part)))?;
        sum = match is_minus {
            true => sum.wrapping_sub(value),
            false => sum.wrapping_add(value),
        };
        (rest, is_first) = (behind, false);
    }
    Ok(sum)
}

/// The first `+` or `-` outside of brackets.
fn end_of_part(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, char) in text.char_indices() {
        match char {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '+' | '-' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// A word of the memory.
fn word_at(place: u64, stopped: &mut dyn Stopped) -> Result<u64, String> {
    let len = stopped.word();
    let bytes = stopped.memory(place, len);
    let bytes = bytes.ok_or_else(|| format!("[{place:#x}] is outside of the memory"))?;
    let mut word = [0; 8];
    word[..len].copy_from_slice(&bytes);
    Ok(u64::from_le_bytes(word))
}

fn literal(text: &str) -> Option<u64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None if text.starts_with(|char: char| char.is_ascii_digit()) => text.parse().ok(),
        None => None,
    }
}

/// Bytes of the memory in hex and as text.
fn hex(text: &str, stopped: &mut dyn Stopped) -> Result<String, String> {
    let (place, len) = match text.split_once(',') {
        Some((place, len)) => {
            let len = literal(len.trim()).and_then(|len| usize::try_from(len).ok());
            let len = len.filter(|len| (1..=MOST_BYTES).contains(len));
            (
                place,
                len.ok_or_else(|| format!("the length must be from 1 to {MOST_BYTES}"))?,
            )
        }
        None => (text, BYTES),
    };
    let start = address(place, stopped)?;
    let bytes = stopped
        .memory(start, len)
        .ok_or_else(|| format!("{start:#x} to {len} bytes behind are not all in the memory"))?;
    let mut shown = String::new();
    for (number, line) in bytes.chunks(IN_A_LINE).enumerate() {
        if number > 0 {
            shown.push('\n');
        }
        let _ = write!(shown, "{:#010x} ", start + (number * IN_A_LINE) as u64);
        for byte in line {
            let _ = write!(shown, " {byte:02x}");
        }
        let gap = (IN_A_LINE - line.len()) * 3;
        let _ = write!(shown, "{:gap$}  ", "");
        for byte in line {
            let is_shown = byte.is_ascii_graphic() || *byte == b' ';
            shown.push(if is_shown { char::from(*byte) } else { '.' });
        }
    }
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A memory of 256 bytes, and two registers.
    struct Fake(Vec<u8>);

    impl Stopped for Fake {
        fn memory(&mut self, address: u64, len: usize) -> Option<Vec<u8>> {
            let start = usize::try_from(address).ok()?;
            Some(self.0.get(start..start.checked_add(len)?)?.to_vec())
        }

        fn local(&mut self, _: u32) -> Option<u64> {
            None
        }

        fn global(&mut self, _: u32) -> Option<u64> {
            None
        }

        fn word(&self) -> usize {
            8
        }

        fn register(&mut self, name: &str) -> Option<u64> {
            match name {
                "l0" => Some(7),
                "sp" => Some(64),
                _ => None,
            }
        }
    }

    fn fake() -> Fake {
        let mut memory = vec![0; 256];
        let mut put = |at: usize, bytes: &[u8]| memory[at..at + bytes.len()].copy_from_slice(bytes);
        let word = |number: u64| number.to_le_bytes();
        put(8, b"hello\n\xff");
        // A string, a slice of three int16 with capacity 5, a string outside of the memory.
        put(64, &[word(8), word(7)].concat());
        put(80, &[word(128), word(3), word(5)].concat());
        put(104, &[word(1 << 40), word(9)].concat());
        put(128, &[1, 0, 0xff, 0xff, 3, 0]);
        // A slice as long as possible.
        put(
            152,
            &[word(u64::MAX - 4), word(u64::MAX), word(u64::MAX)].concat(),
        );
        Fake(memory)
    }

    fn told(text: &str) -> Result<String, String> {
        let dies = Dies::none();
        let at = At {
            dies: &dies,
            address: None,
        };
        let mut fake = fake();
        match evaluate(text, at, &mut fake)? {
            Answer::Variable(variable) => Ok(variable.tell(&dies, &mut fake)),
            Answer::Text(text) => Ok(text),
        }
    }

    #[test]
    fn values_of_go() {
        for (text, value) in [
            ("string@64", r#""hello\n\xff" (len 7)"#),
            ("string@sp", r#""hello\n\xff" (len 7)"#),
            ("[3]int16@[sp+16]", "[1, -1, 3]"),
            ("[]int16@sp+16", "len 3 cap 5 [1, -1, 3]"),
            ("[3]int16@128", "[1, -1, 3]"),
            ("*string@64", "0x8"),
            ("string@104", "<outside of the memory>"),
            ("string@0xffffffffffffffff", "<outside of the memory>"),
            ("int8@130", "-1"),
            ("bool@128", "true"),
            ("rune@8", "1819043176"),
            ("l0", "7"),
        ] {
            assert_eq!(told(text).as_deref(), Ok(value), "{text}");
        }
        let endless = told("[]int64@152").expect("it has a type");
        assert!(endless.contains("<outside of the memory>"), "{endless}");
    }

    #[test]
    fn bytes_in_hex() {
        let shown = told("hex@8,20").expect("it is in the memory");
        assert_eq!(
            shown,
            "0x00000008  68 65 6c 6c 6f 0a ff 00 00 00 00 00 00 00 00 00  hello...........\n\
             0x00000018  00 00 00 00                                      ...."
        );
        for text in ["hex@250", "hex@0,0", "hex@0,5000", "hex@-1"] {
            assert!(told(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (text, said) in [
            ("x", "nothing here is called x"),
            ("", "a name is missing"),
            ("*l0", "l0 is no pointer"),
            ("l0[1]", "l0 has no elements"),
            ("l0.x", "l0 has no member x"),
            ("l0 l0", "`l0` is not understood"),
            ("(l0", "`)` is missing"),
            ("string@", "no address"),
            ("string@x", "`x` is no address"),
            ("int@4+-", "no address"),
            ("int@[250]", "outside of the memory"),
            ("int@[[8]", "no address"),
            ("int@[[[[[[[[[[[8]]]]]]]]]]]", "nested too deeply"),
        ] {
            let error = told(text).expect_err(text);
            assert!(error.contains(said), "{text}: {error}");
        }
        assert!(told(&"*".repeat(4000)).is_err());
        assert!(told(&"(".repeat(4000)).is_err());
        assert!(told(&"l0".repeat(4000)).is_err());
    }

    #[test]
    fn conditions() {
        let dies = Dies::none();
        let at = At {
            dies: &dies,
            address: None,
        };
        for (text, expected) in [
            ("l0 == 7", true),
            ("l0 != 7", false),
            ("l0 >= 8 || int8@130 < 0", true),
            ("l0 && int8@130 == -1", true),
            ("!l0", false),
            ("l0 > 0x10", false),
        ] {
            assert_eq!(holds(text, at, &mut fake()), Ok(expected), "{text}");
        }
        for text in ["x == 1", "", "string@64 == 1", "l0 == "] {
            assert!(holds(text, at, &mut fake()).is_err(), "{text}");
        }
    }
}
