//! A value as text, and its parts.

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;
use std::rc::Rc;

use interp::inspect::Spelled;

use super::dies::Dies;
use super::types::{Member, Shape, Type, TypeRef};
use super::{Held, Stopped, Variable};

/// The maximum number of bytes of a text, and of elements and members within a line, that are shown.
const MOST_TEXT: u64 = 256;
const MOST_INNER: u64 = 8;

/// How deep a line shows parts of parts.
const DEEPEST: u32 = 2;

/// The length of a chain of names for one type that is followed.
const LONGEST_ALIAS: usize = 32;

/// Bytes of a pointer that is a part of a text or a slice, of Go and of Rust.
const GO_WORD: u64 = 8;
const SHORT_WORD: u64 = 4;

impl Dies {
    /// A type, read.
    pub(super) fn read<'a>(&self, ty: &'a TypeRef) -> Cow<'a, Type> {
        match ty {
            TypeRef::Die(die) => Cow::Owned(self.described(*die)),
            TypeRef::Written(ty) => Cow::Borrowed(ty),
            TypeRef::Void => Cow::Owned(Type::unknown("void", "it has no type")),
        }
    }

    /// A type behind its other names.
    fn plain(&self, ty: &TypeRef) -> Type {
        let mut ty = self.read(ty).into_owned();
        for _ in 0..LONGEST_ALIAS {
            let Shape::Alias(of) = &ty.shape else {
                return ty;
            };
            ty = self.read(of).into_owned();
        }
        Type::unknown("?", "its type refers to itself")
    }

    /// The name of a type.
    pub(crate) fn name_of(&self, ty: &TypeRef) -> String {
        match ty {
            TypeRef::Die(die) => self.type_name(*die),
            other => self.read(other).name.clone(),
        }
    }

    /// The bytes of a type.
    pub(crate) fn size_of(&self, ty: &TypeRef) -> Option<u64> {
        let own = self.read(ty).size;
        own.or_else(|| self.plain(ty).size)
    }
}

impl Variable {
    /// The value in one line.
    pub(crate) fn tell(&self, dies: &Dies, stopped: &mut dyn Stopped) -> String {
        let mut text = String::new();
        self.write(dies, stopped, &mut text, 0);
        text
    }

    /// The address, if it is in the memory.
    pub(crate) fn address(&self) -> Option<u64> {
        match self.held {
            Held::At(address) => Some(address),
            _ => None,
        }
    }

    /// Where a pointer, a text or a slice points to.
    pub(crate) fn points_to(&self, dies: &Dies, stopped: &mut dyn Stopped) -> Option<u64> {
        let ty = dies.plain(&self.ty);
        match ty.shape {
            Shape::Pointer(_) => self.number(ty.size?, stopped),
            Shape::Text => self.number(ty.size? / 2, stopped),
            Shape::Slice(_) => self.number(GO_WORD, stopped),
            _ => None,
        }
    }

    /// The number of parts.
    pub(crate) fn parts(&self, dies: &Dies, stopped: &mut dyn Stopped) -> u64 {
        if matches!(self.held, Held::Gone(_)) {
            return 0;
        }
        let ty = dies.plain(&self.ty);
        match ty.shape {
            Shape::Struct(members) => members.len() as u64,
            Shape::Array(_, len) => len,
            Shape::Slice(_) => self.word(1, GO_WORD, stopped).unwrap_or(0),
            Shape::Pointer(ref to) => {
                let address = ty.size.and_then(|size| self.number(size, stopped));
                let is_known = !matches!(dies.plain(to).shape, Shape::Unknown(_));
                u64::from(is_known && address.is_some_and(|address| address != 0))
            }
            _ => 0,
        }
    }

    /// Whether the parts are elements, with numbers for names.
    pub(crate) fn has_elements(&self, dies: &Dies) -> bool {
        let shape = dies.plain(&self.ty).shape;
        matches!(shape, Shape::Array(..) | Shape::Slice(_))
    }

    /// Some of the parts. `wanted` are the numbers.
    pub(crate) fn part(
        &self,
        dies: &Dies,
        stopped: &mut dyn Stopped,
        wanted: Range<u64>,
    ) -> Vec<Self> {
        let ty = dies.plain(&self.ty);
        let len = self.parts(dies, stopped);
        let wanted = wanted.start..wanted.end.min(len);
        let element = |of: &TypeRef, held: &Held, number: u64| {
            let size = dies.size_of(of).unwrap_or(0);
            let held = match number.checked_mul(size) {
                Some(offset) => held.part(offset),
                None => Held::Gone("outside of the memory".to_owned()),
            };
            Self {
                name: format!("[{number}]"),
                ty: of.clone(),
                held,
                bits: None,
            }
        };
        match &ty.shape {
            Shape::Struct(members) => {
                let count = wanted.end.saturating_sub(wanted.start);
                let members = members.iter().skip(clamped(wanted.start));
                let members = members.take(clamped(count));
                members.map(|member| self.member(member)).collect()
            }
            Shape::Array(of, _) => wanted.map(|at| element(of, &self.held, at)).collect(),
            Shape::Slice(of) => match self.number(GO_WORD, stopped) {
                Some(start) => wanted.map(|at| element(of, &Held::At(start), at)).collect(),
                None => Vec::new(),
            },
            Shape::Pointer(to) => match self.points_to(dies, stopped) {
                Some(address) if !wanted.is_empty() => vec![Self {
                    name: format!("*{}", self.name),
                    ty: to.clone(),
                    held: Held::At(address),
                    bits: None,
                }],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// A member by its name.
    pub(crate) fn member_called(&self, dies: &Dies, name: &str) -> Option<Self> {
        match dies.plain(&self.ty).shape {
            Shape::Struct(members) => {
                let member = members.iter().find(|member| member.name == name)?;
                Some(self.member(member))
            }
            _ => None,
        }
    }

    /// A variable of this type at an address.
    pub(crate) fn pointer_to(&self, dies: &Dies) -> Option<Self> {
        let address = self.address()?;
        let name = format!("{}*", dies.name_of(&self.ty));
        Some(Self {
            name: format!("&{}", self.name),
            ty: TypeRef::Written(Rc::new(Type {
                name,
                size: Some(GO_WORD),
                shape: Shape::Pointer(self.ty.clone()),
            })),
            held: Held::Bytes(address.to_le_bytes().to_vec()),
            bits: None,
        })
    }

    /// The value as a number, if it is one.
    pub(crate) fn integer(&self, dies: &Dies, stopped: &mut dyn Stopped) -> Option<i128> {
        let ty = dies.plain(&self.ty);
        let size = ty.size.filter(|size| *size <= 8)?;
        let number = self.number(size, stopped)?;
        match ty.shape {
            Shape::Signed | Shape::Byte { signed: true } | Shape::Enum(_) => {
                Some(signed(number, self.width(size)))
            }
            Shape::Unsigned
            | Shape::Byte { signed: false }
            | Shape::Bool
            | Shape::Char
            | Shape::Pointer(_) => Some(i128::from(number)),
            _ => None,
        }
    }

    fn member(&self, member: &Member) -> Self {
        let (held, bits) = match member.bits {
            // Bits are counted from the start of the structure.
            Some((offset, len)) => (self.held.part(offset / 8), Some((offset % 8, len))),
            None => (self.held.part(member.offset), None),
        };
        Self {
            name: member.name.clone(),
            ty: member.ty.clone(),
            held,
            bits,
        }
    }

    fn width(&self, size: u64) -> u64 {
        self.bits.map_or(size * 8, |(_, len)| len)
    }

    fn write(&self, dies: &Dies, stopped: &mut dyn Stopped, text: &mut String, depth: u32) {
        if let Held::Gone(why) = &self.held {
            let _ = write!(text, "<{why}>");
            return;
        }
        let ty = dies.plain(&self.ty);
        let outside = "<outside of the memory>";
        let size = ty.size.unwrap_or(0);
        match &ty.shape {
            Shape::Unknown(why) => {
                let _ = write!(text, "<{why}>");
            }
            Shape::Alias(_) => {}
            Shape::Text => match self.chars(size / 2, stopped) {
                Some(shown) => text.push_str(&shown),
                None => text.push_str(outside),
            },
            Shape::Struct(members) => {
                text.push('{');
                self.list(dies, stopped, text, depth, members.len() as u64, true);
                text.push('}');
            }
            Shape::Array(of, len) => {
                if let Some(shown) = self.char_array(dies, of, *len, stopped) {
                    text.push_str(&shown);
                    return;
                }
                text.push('[');
                self.list(dies, stopped, text, depth, *len, false);
                text.push(']');
            }
            Shape::Slice(_) => {
                let words = [1, 2].map(|word| self.word(word, GO_WORD, stopped));
                let [Some(len), Some(capacity)] = words else {
                    text.push_str(outside);
                    return;
                };
                let _ = write!(text, "len {len} cap {capacity} [");
                self.list(dies, stopped, text, depth, len, false);
                text.push(']');
            }
            shape => match self.number(size, stopped) {
                Some(_) if size == 0 || size > 8 => {
                    let _ = write!(text, "<numbers of {size} bytes are not shown>");
                }
                Some(number) => {
                    let width = self.width(size);
                    text.push_str(&scalar(shape, number, width));
                    if let Shape::Pointer(to) = shape
                        && number != 0
                        && matches!(dies.plain(to).shape, Shape::Byte { .. })
                        && let Some(shown) = c_text(number, stopped)
                    {
                        let _ = write!(text, " {shown}");
                    }
                }
                None => text.push_str(outside),
            },
        }
    }

    /// Writes the first parts.
    fn list(
        &self,
        dies: &Dies,
        stopped: &mut dyn Stopped,
        text: &mut String,
        depth: u32,
        len: u64,
        is_named: bool,
    ) {
        if depth == DEEPEST {
            text.push_str(if len > 0 { "…" } else { "" });
            return;
        }
        for (number, part) in self
            .part(dies, stopped, 0..len.min(MOST_INNER))
            .iter()
            .enumerate()
        {
            if number > 0 {
                text.push_str(", ");
            }
            if is_named {
                let _ = write!(text, "{}: ", Spelled(&part.name));
            }
            part.write(dies, stopped, text, depth + 1);
        }
        if len > MOST_INNER {
            text.push_str(", …");
        }
    }

    /// The text of a pointer and a length.
    fn chars(&self, word: u64, stopped: &mut dyn Stopped) -> Option<String> {
        let word = if word == SHORT_WORD {
            SHORT_WORD
        } else {
            GO_WORD
        };
        let start = self.number(word, stopped)?;
        let len = self.word(1, word, stopped)?;
        if len == 0 {
            return Some("\"\"".to_owned());
        }
        let bytes = stopped.memory(start, clamped(len.min(MOST_TEXT)))?;
        // All of it must be there.
        if len > MOST_TEXT {
            let last = start.checked_add(len - 1)?;
            stopped.memory(last, 1)?;
        }
        let more = if len > MOST_TEXT { "…" } else { "" };
        Some(format!("{}{more} (len {len})", quoted(&bytes)))
    }

    /// The text of an array of characters.
    fn char_array(
        &self,
        dies: &Dies,
        of: &TypeRef,
        len: u64,
        stopped: &mut dyn Stopped,
    ) -> Option<String> {
        if !matches!(dies.plain(of).shape, Shape::Byte { .. }) || len == 0 {
            return None;
        }
        let bytes = self.bytes(len.min(MOST_TEXT), stopped)?;
        let end = bytes.iter().position(|byte| *byte == 0);
        let shown = &bytes[..end.unwrap_or(bytes.len())];
        let more = if end.is_none() && len > MOST_TEXT {
            "…"
        } else {
            ""
        };
        Some(quoted(shown) + more)
    }

    /// A word of it as a number.
    fn word(&self, number: u64, size: u64, stopped: &mut dyn Stopped) -> Option<u64> {
        let word = Self {
            held: self.held.part(number * size),
            bits: None,
            ..self.clone()
        };
        word.number(size, stopped)
    }

    /// The first bytes as a number.
    fn number(&self, size: u64, stopped: &mut dyn Stopped) -> Option<u64> {
        let (shift, len) = self.bits.unwrap_or((0, size.min(8) * 8));
        // A bit field may end behind its type's last byte.
        let bytes = self.bytes((shift + len).div_ceil(8), stopped)?;
        let mut word = [0; 16];
        word[..bytes.len().min(16)].copy_from_slice(&bytes[..bytes.len().min(16)]);
        let number = u128::from_le_bytes(word) >> shift;
        let mask = match len {
            64.. => u64::MAX,
            len => (1 << len) - 1,
        };
        // The mask has 64 bits.
        Some(number as u64 & mask)
    }

    fn bytes(&self, len: u64, stopped: &mut dyn Stopped) -> Option<Vec<u8>> {
        let len = clamped(len);
        match &self.held {
            Held::At(address) => stopped.memory(*address, len),
            Held::Bytes(bytes) => {
                // A constant may have fewer bytes than its type.
                let mut bytes = bytes[..bytes.len().min(len)].to_vec();
                bytes.resize(len.min(1 << 16), 0);
                Some(bytes)
            }
            Held::Gone(_) => None,
        }
    }
}

/// A number of bytes in memory. Those that do not fit are outside of it.
fn clamped(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

fn signed(number: u64, width: u64) -> i128 {
    let number = i128::from(number);
    match width {
        1..=64 if number >> (width - 1) & 1 == 1 => number - (1 << width),
        _ => number,
    }
}

/// A value of at most eight bytes.
fn scalar(shape: &Shape, number: u64, width: u64) -> String {
    // The casts keep the bits that the width says.
    match shape {
        Shape::Signed => signed(number, width).to_string(),
        Shape::Bool => match number {
            0 => "false".to_owned(),
            1 => "true".to_owned(),
            other => format!("true ({other})"),
        },
        Shape::Byte { signed: true } => {
            format!("{} {}", signed(number, width), char_of(number as u8))
        }
        Shape::Byte { signed: false } => format!("{number} {}", char_of(number as u8)),
        Shape::Char => match u32::try_from(number).ok().and_then(char::from_u32) {
            Some(char) => format!("{number} {char:?}"),
            None => number.to_string(),
        },
        Shape::Float if width == 32 => f32::from_bits(number as u32).to_string(),
        Shape::Float => f64::from_bits(number).to_string(),
        Shape::Pointer(_) => format!("{number:#x}"),
        Shape::Enum(names) => {
            let value = signed(number, width);
            let named = names
                .iter()
                .find(|(_, known)| i128::from(*known) == value || known.cast_unsigned() == number);
            match named {
                Some((name, _)) => format!("{} ({value})", Spelled(name)),
                None => value.to_string(),
            }
        }
        _ => number.to_string(),
    }
}

fn char_of(byte: u8) -> String {
    match byte {
        0x20..=0x7e => format!("{:?}", char::from(byte)),
        _ => format!("'\\x{byte:02x}'"),
    }
}

/// A text of C that ends with a zero.
fn c_text(address: u64, stopped: &mut dyn Stopped) -> Option<String> {
    // The memory may end soon behind it.
    let mut len = MOST_TEXT;
    let bytes = loop {
        if let Some(bytes) = stopped.memory(address, clamped(len)) {
            break bytes;
        }
        len /= 2;
        if len == 0 {
            return None;
        }
    };
    let end = bytes.iter().position(|byte| *byte == 0);
    let more = if end.is_none() { "…" } else { "" };
    Some(quoted(&bytes[..end.unwrap_or(bytes.len())]) + more)
}

/// Bytes as a quoted text.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from('"');
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '"' | '\\' => text.extend(['\\', char]),
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                '\r' => text.push_str("\\r"),
                _ => text.push_str(&Spelled(char.encode_utf8(&mut [0; 4])).to_string()),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text.push('"');
    text
}
