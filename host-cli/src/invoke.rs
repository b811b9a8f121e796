//! `--invoke`: converts words of the command line to wasm values, and results to text.

use std::ffi::OsString;
use std::fmt::Write;

use anyhow::{Context, Result, bail};
use interp::{FuncType, Val, ValType};

/// Reads the parameters of a call, one word for each.
///
/// # Errors
/// Fails if the number of words is wrong, or if a word is no value of its parameter's type.
pub(crate) fn parameters(ty: &FuncType, words: &[OsString]) -> Result<Vec<Val>> {
    let wanted = ty.params();
    if words.len() != wanted.len() {
        let (takes, got) = (wanted.len(), words.len());
        bail!("its type is {ty}: it takes {takes} parameter(s), not {got}");
    }
    wanted
        .iter()
        .zip(words)
        .map(|(ty, word)| {
            let word = word.to_string_lossy();
            parameter(*ty, &word).with_context(|| format!("{word:?} is no {ty}"))
        })
        .collect()
}

fn parameter(ty: ValType, word: &str) -> Result<Val> {
    Ok(match ty {
        // Only the low bits matter, because wasm's integers have no sign of their own.
        ValType::I32 => Val::I32(integer(word, 32)? as i32),
        ValType::I64 => Val::I64(integer(word, 64)? as i64),
        ValType::F32 => Val::F32(word.parse::<f32>()?.to_bits()),
        ValType::F64 => Val::F64(word.parse::<f64>()?.to_bits()),
        _ => bail!("values of this type cannot be written down"),
    })
}

/// Reads an integer that fits into `bits` bits, signed or unsigned, decimal or hexadecimal (`0x10`).
fn integer(word: &str, bits: u32) -> Result<i128> {
    let (negative, digits) = match word.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, word),
    };
    let magnitude = match digits.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16)?,
        None => digits.parse()?,
    };
    let value = if negative {
        -i128::from(magnitude)
    } else {
        i128::from(magnitude)
    };
    if !(-(1_i128 << (bits - 1))..1_i128 << bits).contains(&value) {
        bail!("it does not fit into {bits} bits");
    }
    Ok(value)
}

/// Formats results, one in each line, with integers as signed numbers.
pub(crate) fn results(values: &[Val]) -> String {
    let mut text = String::new();
    for value in values {
        let _ = match value {
            Val::I32(value) => writeln!(text, "{value}"),
            Val::I64(value) => writeln!(text, "{value}"),
            Val::F32(bits) => writeln!(text, "{}", f32::from_bits(*bits)),
            Val::F64(bits) => writeln!(text, "{}", f64::from_bits(*bits)),
            Val::FuncRef(None) | Val::ExternRef(None) => writeln!(text, "null"),
            other => writeln!(text, "a {}", other.ty()),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(ty: ValType, word: &str) -> Result<String> {
        let values = parameters(&FuncType::new([ty], []), &[word.into()])?;
        Ok(results(&values).trim_end().to_owned())
    }

    #[test]
    fn words_become_values() {
        for (ty, word, value) in [
            (ValType::I32, "7", "7"),
            (ValType::I32, "-1", "-1"),
            (ValType::I32, "4294967295", "-1"),
            (ValType::I32, "0x80000000", "-2147483648"),
            (ValType::I64, "18446744073709551615", "-1"),
            (ValType::I64, "-9223372036854775808", "-9223372036854775808"),
            (ValType::F32, "1.5", "1.5"),
            (ValType::F64, "-inf", "-inf"),
            (ValType::F64, "1e3", "1000"),
        ] {
            let read = one(ty, word).unwrap_or_else(|error| panic!("{word}: {error:#}"));
            assert_eq!(read, value, "{word}");
        }
    }

    #[test]
    fn other_words_are_refused() {
        for (ty, word) in [
            (ValType::I32, ""),
            (ValType::I32, "4294967296"),
            (ValType::I32, "-2147483649"),
            (ValType::I32, "1.5"),
            (ValType::I64, "18446744073709551616"),
            (ValType::I64, "--1"),
            (ValType::F64, "pi"),
            (ValType::FuncRef, "null"),
        ] {
            assert!(one(ty, word).is_err(), "{ty} {word}");
        }
        let error =
            parameters(&FuncType::new([ValType::I32], []), &[]).expect_err("one is missing");
        assert!(error.to_string().contains("(i32) -> ()"), "{error}");
    }
}
