//! The same check of a kernel that was linked: no handler in it returns.
//!
//! A kernel is optimised as a whole, so its handlers are not those of the interpreter compiled alone. They are read from the program
//! itself: a handler is a symbol with an address and a size. Only the lengths of instructions and the returns must be known.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use object::{Architecture, Object as _, ObjectSection as _, ObjectSymbol as _};

use super::HANDLER;

/// A kernel without superinstructions has more handlers than this.
const FEWEST: usize = 1_000;

/// Returns the number of handlers, which all leave by jumps; `None` for a processor on which ops are not dispatched by tail calls.
///
/// # Errors
/// Fails if the file is not a kernel with symbols, or names a handler that returns.
pub(crate) fn handlers(kernel: &Path) -> Result<Option<usize>> {
    let bytes =
        std::fs::read(kernel).with_context(|| format!("cannot read {}", kernel.display()))?;
    let object = object::File::parse(&*bytes)?;
    let returns = match object.architecture() {
        Architecture::Aarch64 => aarch64_returns,
        Architecture::Riscv64 => riscv_returns,
        Architecture::Arm => return Ok(None),
        other => bail!("{other:?} has no kernels"),
    };
    let mut count = 0;
    for symbol in object.symbols() {
        let name = symbol.name()?;
        let Some(section) = symbol.section_index().filter(|_| name.contains(HANDLER)) else {
            continue;
        };
        let section = object.section_by_index(section)?;
        let code = section.data_range(symbol.address(), symbol.size())?;
        let code = code.with_context(|| format!("{name} lies outside of its section"))?;
        ensure!(!returns(code), "{name} returns instead of jumping on");
        count += 1;
    }
    ensure!(
        count >= FEWEST,
        "only {count} handlers were found in {}",
        kernel.display()
    );
    Ok(Some(count))
}

/// `ret`, through any register (Arm Architecture Reference Manual, C6.2).
fn aarch64_returns(code: &[u8]) -> bool {
    let words = code
        .as_chunks()
        .0
        .iter()
        .map(|word| u32::from_le_bytes(*word));
    words
        .into_iter()
        .any(|word| word & 0xffff_fc1f == 0xd65f_0000)
}

/// `jalr zero, 0(ra)` in four bytes or in two (RISC-V Unprivileged Specification, 2.5 and 26.4).
fn riscv_returns(mut code: &[u8]) -> bool {
    while let [low, high, rest @ ..] = code {
        if low & 3 != 3 {
            if [*low, *high] == [0x82, 0x80] {
                return true;
            }
            code = rest;
        } else {
            if code.starts_with(&[0x67, 0x80, 0, 0]) {
                return true;
            }
            code = rest.get(2..).unwrap_or_default();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{aarch64_returns, riscv_returns};

    #[test]
    fn returns_are_found_on_aarch64() {
        // ldr x1, [x0]; br x1; ret
        let code = b"\x01\0\x40\xf9\x20\0\x1f\xd6\xc0\x03\x5f\xd6";
        assert!(aarch64_returns(code));
        assert!(!aarch64_returns(&code[..8]));
    }

    /// The bytes of a return are none within another instruction.
    #[test]
    fn returns_are_found_on_riscv() {
        // addi a0, a0, 8 in two bytes; jr a1 in two; lui a0, 0x80820 in four
        let code = b"\x21\x05\x82\x85\x37\x05\x82\x80";
        assert!(!riscv_returns(code));
        assert!(riscv_returns(&[code.as_slice(), b"\x82\x80"].concat()));
        assert!(riscv_returns(&[code.as_slice(), b"\x67\x80\0\0"].concat()));
    }
}
