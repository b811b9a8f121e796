//! Makes a command of a library: a module gets one more function, exported as `_start`, that calls two others.
//!
//! The packages of ITK contain libraries. A host calls `_initialize`, then a function that reads the arguments and returns
//! an exit status.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

const TYPES: u8 = 1;
const IMPORTS: u8 = 2;
const FUNCTIONS: u8 = 3;
const EXPORTS: u8 = 7;
const CODE: u8 = 10;

/// Adds `_start` to a module. It calls `_initialize`, then the exported `function` of type `() -> i32`, and traps unless
/// that returns 0.
///
/// # Errors
/// Fails if the module does not export both, or imports anything but functions.
pub(super) fn from_library(module: &[u8], function: &str) -> Result<Vec<u8>> {
    let (header, mut rest) = module.split_at_checked(8).context("too short")?;
    let mut sections = Vec::new();
    while let Some((id, after)) = rest.split_first() {
        rest = after;
        let length = number(&mut rest)?;
        sections.push((*id, take(&mut rest, length)?));
    }
    let section = |wanted| {
        let found = sections.iter().find(|(id, _)| *id == wanted);
        // A section that is missing has no entries.
        found.map_or(&[0][..], |(_, content)| *content)
    };
    let exports = exported_functions(section(EXPORTS))?;
    let exported = |name: &str| {
        let index = exports.get(name).copied();
        index.with_context(|| format!("it does not export `{name}`"))
    };
    let (mut types, mut functions) = (section(TYPES), section(FUNCTIONS));
    let ty = number(&mut types)?;
    let new = imported_functions(section(IMPORTS))? + number(&mut functions)?;

    let mut body = vec![0, 0x10];
    body.extend(leb(exported("_initialize")?));
    body.push(0x10);
    body.extend(leb(exported(function)?));
    // if unreachable end end
    body.extend([0x04, 0x40, 0x00, 0x0b, 0x0b]);
    let mut code = leb(body.len());
    code.extend(body);
    let mut export = b"\x06_start\0".to_vec();
    export.extend(leb(new));

    let mut made = header.to_vec();
    for (id, content) in &sections {
        let content = match *id {
            TYPES => one_more(content, b"\x60\0\0")?,
            FUNCTIONS => one_more(content, &leb(ty))?,
            EXPORTS => one_more(content, &export)?,
            CODE => one_more(content, &code)?,
            _ => content.to_vec(),
        };
        made.push(*id);
        made.extend(leb(content.len()));
        made.extend(content);
    }
    Ok(made)
}

/// The content of a section with one more entry at its end.
fn one_more(mut entries: &[u8], entry: &[u8]) -> Result<Vec<u8>> {
    let count = number(&mut entries)?;
    Ok([&leb(count + 1), entries, entry].concat())
}

/// The indices of exported functions, by name.
fn exported_functions(mut exports: &[u8]) -> Result<BTreeMap<String, usize>> {
    let mut found = BTreeMap::new();
    for _ in 0..number(&mut exports)? {
        let name = name(&mut exports)?;
        let kind = take(&mut exports, 1)?[0];
        let index = number(&mut exports)?;
        if kind == 0 {
            found.insert(String::from_utf8_lossy(name).into_owned(), index);
        }
    }
    Ok(found)
}

/// How many functions are imported, if nothing else is.
fn imported_functions(mut imports: &[u8]) -> Result<usize> {
    let count = number(&mut imports)?;
    for _ in 0..count {
        name(&mut imports)?;
        name(&mut imports)?;
        if take(&mut imports, 1)? != [0] {
            bail!("it imports something else than functions");
        }
        number(&mut imports)?;
    }
    Ok(count)
}

fn name<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8]> {
    let length = number(bytes)?;
    take(bytes, length)
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length).context("it is cut short")?;
    *bytes = rest;
    Ok(taken)
}

/// Reads an unsigned number in LEB128.
fn number(bytes: &mut &[u8]) -> Result<usize> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let byte = take(bytes, 1)?[0];
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    bail!("a number is too long")
}

/// Writes an unsigned number in LEB128.
fn leb(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(module (func (export "_initialize")) (func (export "main") (result i32) i32.const 0))`
    const LIBRARY: &[u8] = b"\0asm\x01\0\0\0\x01\x08\x02\x60\0\0\x60\0\x01\x7f\x03\x03\x02\0\x01\
        \x07\x16\x02\x0b_initialize\0\0\x04main\0\x01\x0a\x09\x02\x02\0\x0b\x04\0\x41\0\x0b";

    #[test]
    fn a_library_gets_a_start() -> Result<()> {
        assert!(from_library(LIBRARY, "other").is_err());
        let error = from_library(&LIBRARY[..LIBRARY.len() - 1], "main");
        assert!(error.is_err());
        let made = from_library(LIBRARY, "main")?;
        let again = exported_functions(b"\x01\x06_start\0\x02")?;
        assert_eq!(again.get("_start"), Some(&2));
        let end = b"\x03\x02\0\x0b\x04\0\x41\0\x0b\x0a\0\x10\0\x10\x01\x04\x40\0\x0b\x0b";
        assert!(made.ends_with(end), "{made:x?}");
        assert_eq!(
            &made[8..22],
            b"\x01\x0b\x03\x60\0\0\x60\0\x01\x7f\x60\0\0\x03"
        );
        Ok(())
    }

    #[test]
    fn numbers_are_read_back() -> Result<()> {
        for value in [0, 1, 127, 128, 300, 65_536, usize::from(u16::MAX) << 9] {
            assert_eq!(number(&mut &leb(value)[..])?, value);
        }
        Ok(())
    }
}
