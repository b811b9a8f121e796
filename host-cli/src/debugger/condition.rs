//! [`Condition`]: expressions over locals, slots, globals and memory, for breakpoints and `print`.
//!
//! ```text
//! l0 == 3 && i32[l1 + 0x10] > 5
//! ```
//! Values are integers of 64 bits. Operators are those of C, with their precedence.

use std::fmt;
use std::str::FromStr;

use interp::{AsContext, Probed, Val};

use super::code::Code;
use super::machine::Guest;

/// The maximum nesting of an expression.
const DEEPEST: usize = 64;

/// An expression.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    text: String,
    tree: Tree,
}

#[derive(Clone, Debug)]
enum Tree {
    Number(i64),
    /// A local, a slot, an accumulator or a global, by its name.
    Name(String),
    /// A number in memory.
    Memory(Load, Box<Tree>),
    Negative(Box<Tree>),
    Not(Box<Tree>),
    Inverted(Box<Tree>),
    Two(&'static str, Box<Tree>, Box<Tree>),
}

/// How a number lies in memory.
#[derive(Clone, Copy, Debug)]
struct Load {
    bytes: usize,
    signed: bool,
}

/// The operators by precedence, the loosest first. A longer one stands before its prefix.
const OPERATORS: [&[&str]; 8] = [
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
];
const SUMS: &[&str] = &["+", "-"];
const PRODUCTS: &[&str] = &["*", "/", "%"];

impl FromStr for Condition {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let mut parser = Parser {
            rest: text.trim(),
            depth: 0,
        };
        let tree = parser.level(0)?;
        match parser.rest.trim() {
            "" => Ok(Self {
                text: text.trim().to_owned(),
                tree,
            }),
            rest => anyhow::bail!("`{rest}` does not belong to an expression"),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn level(&mut self, level: usize) -> anyhow::Result<Tree> {
        let operators = match level.checked_sub(OPERATORS.len()) {
            None => OPERATORS[level],
            Some(0) => SUMS,
            Some(1) => PRODUCTS,
            Some(_) => return self.unary(),
        };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            let right = self.level(level + 1)?;
            left = Tree::Two(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn operator(&mut self, operators: &[&'static str]) -> Option<&'static str> {
        self.rest = self.rest.trim_start();
        let found = operators.iter().find(|operator| {
            let behind = self.rest.strip_prefix(**operator);
            // `&` is not the begin of `&&`, and `<` not that of `<<`.
            behind.is_some_and(|behind| {
                let last = operator.chars().last();
                operator.len() > 1 || behind.chars().next() != last || !"&|<>".contains(*operator)
            })
        })?;
        self.rest = &self.rest[found.len()..];
        Some(found)
    }

    fn unary(&mut self) -> anyhow::Result<Tree> {
        self.depth += 1;
        anyhow::ensure!(self.depth < DEEPEST, "the expression is nested too deeply");
        self.rest = self.rest.trim_start();
        let tree = if let Some(rest) = self.rest.strip_prefix('-') {
            self.rest = rest;
            Tree::Negative(Box::new(self.unary()?))
        } else if let Some(rest) = self.rest.strip_prefix('!') {
            self.rest = rest;
            Tree::Not(Box::new(self.unary()?))
        } else if let Some(rest) = self.rest.strip_prefix('~') {
            self.rest = rest;
            Tree::Inverted(Box::new(self.unary()?))
        } else if let Some(rest) = self.rest.strip_prefix('(') {
            self.rest = rest;
            let tree = self.level(0)?;
            self.expect(')')?;
            tree
        } else {
            self.word()?
        };
        self.depth -= 1;
        Ok(tree)
    }

    fn expect(&mut self, what: char) -> anyhow::Result<()> {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(what) {
            Some(rest) => self.rest = rest,
            None => anyhow::bail!("a `{what}` is missing in front of `{}`", self.rest),
        }
        Ok(())
    }

    fn word(&mut self) -> anyhow::Result<Tree> {
        let is_end = |char: char| !char.is_ascii_alphanumeric() && char != '_' && char != '$';
        let end = self.rest.find(is_end).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        if word.is_empty() {
            let what = match self.rest {
                "" => "the end".to_owned(),
                rest => format!("`{rest}`"),
            };
            anyhow::bail!("a value is missing in front of {what}");
        }
        self.rest = rest;
        if word.starts_with(|char: char| char.is_ascii_digit()) {
            return Ok(Tree::Number(number(word)?.cast_signed()));
        }
        if let Some(rest) = self.rest.trim_start().strip_prefix('[') {
            let load = match word {
                "i8" | "u8" => 1,
                "i16" | "u16" => 2,
                "i32" | "u32" => 4,
                "i64" | "u64" => 8,
                _ => anyhow::bail!(
                    "`{word}` is no type: there are i8, u8, i16, u16, i32, u32, i64 and u64"
                ),
            };
            self.rest = rest;
            let address = self.level(0)?;
            self.expect(']')?;
            let load = Load {
                bytes: load,
                signed: word.starts_with('i'),
            };
            return Ok(Tree::Memory(load, Box::new(address)));
        }
        Ok(Tree::Name(word.trim_start_matches('$').to_owned()))
    }
}

/// Reads a number, decimal or with `0x`.
pub(super) fn number(word: &str) -> anyhow::Result<u64> {
    let parsed = match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => word.parse(),
    };
    parsed.map_err(|_| anyhow::anyhow!("`{word}` is no number"))
}

impl Condition {
    /// The value where a program stands.
    ///
    /// # Errors
    /// A name is unknown, an address is outside of the memory, or a divisor is zero.
    pub(crate) fn value(&self, at: &Probed<'_, Guest>, code: &Code) -> anyhow::Result<i64> {
        value(&self.tree, at, code)
    }
}

fn value(tree: &Tree, at: &Probed<'_, Guest>, code: &Code) -> anyhow::Result<i64> {
    Ok(match tree {
        Tree::Number(number) => *number,
        Tree::Name(name) => named(name, at, code)?,
        Tree::Memory(load, address) => {
            let address = value(address, at, code)?.cast_unsigned();
            let memory = at.instance().debug_memory(at.as_context(), 0);
            let bytes = memory.as_ref().and_then(|memory| {
                let start = usize::try_from(address).ok()?;
                memory
                    .data(at.as_context())
                    .get(start..start.checked_add(load.bytes)?)
            });
            let bytes =
                bytes.ok_or_else(|| anyhow::anyhow!("{address:#x} is outside of the memory"))?;
            let mut all = [0; 8];
            all[..load.bytes].copy_from_slice(bytes);
            let bits = u64::from_le_bytes(all).cast_signed();
            let unused = 64 - 8 * load.bytes as u32;
            match load.signed {
                true => bits << unused >> unused,
                false => bits,
            }
        }
        Tree::Negative(of) => value(of, at, code)?.wrapping_neg(),
        Tree::Not(of) => i64::from(value(of, at, code)? == 0),
        Tree::Inverted(of) => !value(of, at, code)?,
        Tree::Two("&&", a, b) => i64::from(value(a, at, code)? != 0 && value(b, at, code)? != 0),
        Tree::Two("||", a, b) => i64::from(value(a, at, code)? != 0 || value(b, at, code)? != 0),
        Tree::Two(operator, a, b) => {
            let (a, b) = (value(a, at, code)?, value(b, at, code)?);
            let by_zero = || anyhow::anyhow!("division by zero");
            match *operator {
                "|" => a | b,
                "^" => a ^ b,
                "&" => a & b,
                "==" => i64::from(a == b),
                "!=" => i64::from(a != b),
                "<=" => i64::from(a <= b),
                ">=" => i64::from(a >= b),
                "<" => i64::from(a < b),
                ">" => i64::from(a > b),
                "<<" => a.wrapping_shl(b as u32),
                ">>" => a.wrapping_shr(b as u32),
                "+" => a.wrapping_add(b),
                "-" => a.wrapping_sub(b),
                "*" => a.wrapping_mul(b),
                "/" => a.checked_div(b).ok_or_else(by_zero)?,
                _ => a.checked_rem(b).ok_or_else(by_zero)?,
            }
        }
    })
}

/// The value of a local, a slot, an accumulator or a global.
fn named(name: &str, at: &Probed<'_, Guest>, code: &Code) -> anyhow::Result<i64> {
    match name {
        "acc" => return Ok(at.acc().cast_signed()),
        "facc" => return Ok(at.facc().to_bits().cast_signed()),
        _ => {}
    }
    if let Some(index) = name
        .strip_prefix("global")
        .or_else(|| name.strip_prefix('g'))
        && let Ok(index) = index.parse()
    {
        let global = at.instance().debug_global(at.as_context(), index);
        let global = global.ok_or_else(|| anyhow::anyhow!("there is no global {index}"))?;
        return Ok(match global.get(at.as_context()) {
            Val::I32(value) => value.into(),
            Val::I64(value) => value,
            Val::F32(bits) => bits.into(),
            Val::F64(bits) => bits.cast_signed(),
            _ => anyhow::bail!("global {index} is no number"),
        });
    }
    let func = code.at(at);
    let slots = at.slots();
    let slot = func.slot(name, slots.len());
    let slot = slot.ok_or_else(|| {
        anyhow::anyhow!("`{name}` is no local or slot here: they are called l0, l1, …, t0, …")
    })?;
    let bits = slots[slot];
    Ok(match func.is_i32(name) {
        true => i64::from(bits as i32),
        false => bits.cast_signed(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_expression_is_refused() {
        for (text, told) in [
            ("", "a value is missing in front of the end"),
            ("l0 ==", "a value is missing in front of the end"),
            ("(1", "a `)` is missing in front of ``"),
            (
                "i33[0]",
                "`i33` is no type: there are i8, u8, i16, u16, i32, u32, i64 and u64",
            ),
            ("1 2", "`2` does not belong to an expression"),
            ("0xg", "`0xg` is no number"),
        ] {
            let error = text.parse::<Condition>().expect_err(text);
            assert_eq!(error.to_string(), told, "{text}");
        }
        let deep = "(".repeat(10_000);
        assert!(deep.parse::<Condition>().is_err());
    }

    #[test]
    fn operators_bind_as_in_c() {
        let tree = |text: &str| format!("{:?}", text.parse::<Condition>().expect(text).tree);
        assert_eq!(tree("1+2*3==7&&4<5"), tree("((1+(2*3))==7)&&(4<5)"));
        assert_eq!(tree("1<<2|3&4"), tree("(1<<2)|(3&4)"));
        assert_eq!(tree("-l0 - 1"), tree("(-l0)-1"));
    }
}
