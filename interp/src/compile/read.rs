//! Reads the operators of a function body and passes each one to a visitor.
//!
//! wasmparser reads every operator in every encoding. Before each operator it checks that a block is open and that the
//! proposal is enabled. These checks cost more than the validation of the operator itself. So one `match` in this file
//! reads the encodings that compilers emit almost always: the opcode alone, or the opcode and one or two short numbers.
//! wasmparser reads all other encodings.
//!
//! This file does not check index ranges. The visitor validates them.

use alloc::boxed::Box;

use wasmparser::{
    BinaryReader, BlockType, FrameStack, MemArg, MemArgTarget, VisitOperator, WasmFeatures,
};

use super::error::ModuleError;
use super::leb128;
use crate::ops::Opcode;

/// The result of a visit. The error is boxed, so that the result fits into registers.
pub(super) type Outcome = Result<(), Box<ModuleError>>;

/// A visitor of operators. It validates each operator, or the body is known to be valid.
pub(super) trait Visitor<'a>: VisitOperator<'a, Output = Outcome> + FrameStack {
    /// Announces the operator at byte `position` of the module, and its opcode. The method that is called next may belong to
    /// another operator with the same operand and result types.
    fn begin(&mut self, position: u32, opcode: Opcode) -> Outcome;

    /// Announces the whole opcode, if the announced one is a prefix.
    fn prefixed(&mut self, opcode: Opcode);

    /// Visits a `br_table`. Returns `None` if a target block takes values; wasmparser then reads the operator.
    fn br_table(&mut self, depths: Depths<'_>) -> Option<Outcome>;
}

/// The targets of a `br_table` as label depths. The default target is the last one.
#[derive(Clone, Debug)]
pub(super) struct Depths<'a> {
    bytes: &'a [u8],
    left: u32,
}

impl Iterator for Depths<'_> {
    type Item = u32;

    #[inline(always)]
    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        let (depth, rest) = leb128::unsigned(self.bytes)?;
        self.bytes = rest;
        Some(depth)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

impl ExactSizeIterator for Depths<'_> {}

/// Reads the operators of a body and passes them to `visitor`. The first operator is at byte `position` of the module.
///
/// # Errors
/// Fails if the body does not end with its last `end`, or if `visitor` fails.
#[inline(never)]
pub(super) fn operators<'a, V: Visitor<'a>>(
    visitor: &mut V,
    operators: &'a [u8],
    position: u64,
    features: WasmFeatures,
) -> Result<(), ModuleError> {
    let end = position + operators.len() as u64;
    let mut rest = operators;
    while let [opcode, behind @ ..] = rest {
        let at = end - rest.len() as u64;
        // Modules are smaller than 4 GiB.
        visitor
            .begin(at as u32, Opcode((*opcode).into()))
            .map_err(|error| *error)?;
        if *opcode == END {
            rest = behind;
            visitor.visit_end().map_err(|error| *error)?;
            if visitor.current_frame().is_none() {
                break;
            }
        } else if let Some((outcome, behind)) = usual(visitor, *opcode, behind) {
            rest = behind;
            outcome.map_err(|error| *error)?;
        } else {
            if *opcode >= FIRST_PREFIX {
                visitor.prefixed(prefixed(*opcode, behind));
            }
            let mut reader = BinaryReader::new_features(rest, at, features);
            reader.visit_operator(visitor)?.map_err(|error| *error)?;
            rest = &rest[(reader.original_position() - at) as usize..];
        }
    }
    let at = end - rest.len() as u64;
    Ok(BinaryReader::new_features(rest, at, features).finish_expression(visitor)?)
}

/// The opcode of `end`.
const END: u8 = 0x0b;
/// The first opcode that is a prefix.
const FIRST_PREFIX: u8 = 0xfb;

/// The opcode after a prefix. `behind` are the bytes after it. If they contain no number, the opcode is no instruction's.
#[cold]
fn prefixed(prefix: u8, behind: &[u8]) -> Opcode {
    let number = leb128::unsigned(behind).map_or(u32::from(u16::MAX), |(number, _)| number);
    Opcode(u32::from(prefix) << 16 | number.min(u16::MAX.into()))
}

/// The result of a visit, and the bytes after the operator.
type Visited<'a> = (Outcome, &'a [u8]);

/// Visits the operator with this opcode if `rest` begins with operands in their usual encoding. Otherwise returns `None`.
#[inline(always)]
fn usual<'a, V: Visitor<'a>>(visitor: &mut V, opcode: u8, rest: &'a [u8]) -> Option<Visited<'a>> {
    match opcode {
        0x02 => empty(rest, |ty| visitor.visit_block(ty)),
        0x03 => empty(rest, |ty| visitor.visit_loop(ty)),
        0x04 => empty(rest, |ty| visitor.visit_if(ty)),
        0x0c => index(rest, |depth| visitor.visit_br(depth)),
        0x0d => index(rest, |depth| visitor.visit_br_if(depth)),
        0x0e => {
            let (depths, rest) = depths(rest)?;
            Some((visitor.br_table(depths)?, rest))
        }
        0x0f => Some((visitor.visit_return(), rest)),
        0x10 => {
            let (func, rest) = leb128::unsigned(rest)?;
            Some((visitor.visit_call(func), rest))
        }

        0x20 => index(rest, |local| visitor.visit_local_get(local)),
        0x21 => index(rest, |local| visitor.visit_local_set(local)),
        0x22 => index(rest, |local| visitor.visit_local_tee(local)),
        0x23 => index(rest, |global| visitor.visit_global_get(global)),
        0x24 => index(rest, |global| visitor.visit_global_set(global)),

        0x28 => access(rest, 2, |access| visitor.visit_i32_load(access)),
        0x29 => access(rest, 3, |access| visitor.visit_i64_load(access)),
        0x2d => access(rest, 0, |access| visitor.visit_i32_load8_u(access)),
        0x36 => access(rest, 2, |access| visitor.visit_i32_store(access)),
        0x37 => access(rest, 3, |access| visitor.visit_i64_store(access)),
        0x3a => access(rest, 0, |access| visitor.visit_i32_store8(access)),

        0x41 => {
            let (number, rest) = leb128::signed(rest)?;
            Some((visitor.visit_i32_const(number), rest))
        }
        0x42 => {
            // Sign extension gives the same number in 64 bits.
            let (number, rest) = leb128::signed(rest)?;
            Some((visitor.visit_i64_const(number.into()), rest))
        }

        // All operators of one range have the same types, so one method validates them all. Lowering uses the opcode.
        0x46..=0x4f => Some((visitor.visit_i32_eq(), rest)),
        0x51..=0x5a => Some((visitor.visit_i64_eq(), rest)),
        0x6a..=0x78 => Some((visitor.visit_i32_add(), rest)),
        0x7c..=0x8a => Some((visitor.visit_i64_add(), rest)),
        0xa0..=0xa6 => Some((visitor.visit_f64_add(), rest)),

        0x45 => Some((visitor.visit_i32_eqz(), rest)),
        0x50 => Some((visitor.visit_i64_eqz(), rest)),
        0xa7 => Some((visitor.visit_i32_wrap_i64(), rest)),
        0xad => Some((visitor.visit_i64_extend_i32_u(), rest)),
        _ => None,
    }
}

/// Reads the type of a block without parameters and results.
#[inline(always)]
fn empty(rest: &[u8], visit: impl FnOnce(BlockType) -> Outcome) -> Option<Visited<'_>> {
    match rest {
        [0x40, rest @ ..] => Some((visit(BlockType::Empty), rest)),
        _ => None,
    }
}

/// Reads the operands of a `br_table`. Go's functions contain one target for each resume point, and some have hundreds.
fn depths(bytes: &[u8]) -> Option<(Depths<'_>, &[u8])> {
    let (targets, bytes) = leb128::unsigned(bytes)?;
    let left = targets.checked_add(1)?;
    let mut rest = bytes;
    for _ in 0..left {
        (_, rest) = leb128::unsigned(rest)?;
    }
    Some((Depths { bytes, left }, rest))
}

/// Reads an index that is encoded in one byte.
#[inline(always)]
fn index(rest: &[u8], visit: impl FnOnce(u32) -> Outcome) -> Option<Visited<'_>> {
    match *rest {
        [index @ 0..0x80, ref rest @ ..] => Some((visit(index.into()), rest)),
        _ => None,
    }
}

/// Reads the operands of a load or store in memory 0. `max_align` is the natural alignment of the access as an exponent of
/// 2.
#[inline(always)]
fn access(
    rest: &[u8],
    max_align: u8,
    visit: impl FnOnce(MemArg) -> Outcome,
) -> Option<Visited<'_>> {
    let [align @ 0..=3, ref rest @ ..] = *rest else {
        return None;
    };
    let (offset, rest) = leb128::unsigned(rest)?;
    let access = MemArg {
        align,
        max_align,
        offset: offset.into(),
        target: MemArgTarget::Memory(0),
        ordering: None,
    };
    Some((visit(access), rest))
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use wasmparser::Validator;

    use crate::compile::module::{FEATURES, ModuleInfo, Validation};

    /// The types i32, i64, f32 and f64.
    const TYPES: [u8; 4] = [0x7f, 0x7e, 0x7d, 0x7c];

    /// A module with a memory, two globals, and one function with these types and this body.
    fn module(params: &[u8], result: u8, body: &[u8]) -> Vec<u8> {
        let len = |bytes: usize| u8::try_from(bytes).expect("a small module");
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        let mut section = |id, content: &[u8]| {
            module.extend([id, len(content.len())]);
            module.extend(content);
        };
        let ty = [&[1, 0x60, len(params.len())], params, &[1, result]].concat();
        section(1, &ty);
        section(3, &[1, 0]);
        section(5, &[1, 0, 1]);
        section(6, b"\x02\x7f\x01\x41\x00\x0b\x7e\x00\x42\x00\x0b");
        section(10, &[&[1, len(body.len()) + 1, 0], body].concat());
        module
    }

    /// Returns whether wasmparser accepts the module, and asserts that this reader agrees.
    fn is_valid(bytes: &[u8]) -> bool {
        let mut validator = Validator::new_with_features(FEATURES);
        let theirs = validator.validate_all(bytes).map(|_| ());
        let ours = ModuleInfo::new(bytes.to_vec().into(), Validation::Eager);
        assert_eq!(ours.is_ok(), theirs.is_ok(), "{bytes:x?}: {theirs:?}");
        theirs.is_ok()
    }

    #[test]
    fn operators_of_one_range_have_the_same_types() {
        let mut valid = 0;
        for opcode in 0x45..=0xc4 {
            for (a, b, result) in (0..64).map(|n| (TYPES[n / 16], TYPES[n / 4 % 4], TYPES[n % 4])) {
                let binary = module(&[a, b], result, &[0x20, 0, 0x20, 1, opcode, 0x0b]);
                let unary = module(&[a, b], result, &[0x20, 0, opcode, 0x0b]);
                valid += usize::from(is_valid(&binary)) + 4 * usize::from(is_valid(&unary));
            }
        }
        // 76 operators have two inputs. 52 have one; for these, the other parameter has any of the four types.
        assert_eq!(valid, 76 + 4 * 4 * 52);
    }

    #[test]
    fn odd_forms_are_those_of_wasmparser() {
        let bodies: [(&[u8], bool); 30] = [
            (b"\x20\x00\x0b", true),
            (b"\x20\x80\x00\x0b", true),
            (b"\x20\x80\x80\x80\x80\x10\x0b", false),
            (b"\x20\x01\x0b", false),
            (b"\x20", false),
            (b"\x41\x80\x7f\x0b", true),
            (b"\x41\xff\xff\xff\xff\x07\x0b", true),
            (b"\x41\xff\xff\xff\xff\x0f\x0b", false),
            (b"\x42\x80\x80\x80\x80\x10\xa7\x0b", true),
            (b"\x20\x00\x28\x02\x00\x0b", true),
            (b"\x20\x00\x28\x03\x00\x0b", false),
            (b"\x20\x00\x28\x82\x00\xff\xff\xff\xff\x0f\x0b", true),
            (b"\x20\x00\x28\x02\xff\xff\xff\xff\x1f\x0b", false),
            (b"\x20\x00\x28\x42\x00\x00\x0b", true),
            (b"\x02\x40\x0b\x20\x00\x0b", true),
            (b"\x02\x7f\x20\x00\x0b\x0b", true),
            (b"\x20\x00\x04\x40\x05\x0b\x20\x00\x0b", true),
            (b"\x02\x40\x05\x0b\x20\x00\x0b", false),
            (b"\x23\x00\x24\x00\x23\x80\x00\x0b", true),
            (b"\x02\x40\x20\x00\x0e\x01\x00\x00\x0b\x20\x00\x0b", true),
            (
                b"\x02\x40\x20\x00\x0e\x01\x80\x00\x00\x0b\x20\x00\x0b",
                true,
            ),
            (b"\x02\x40\x20\x00\x0e\x01\x01\x00\x0b\x20\x00\x0b", false),
            (b"\x02\x40\x20\x00\x0e\x01\x02\x00\x0b\x20\x00\x0b", false),
            (b"\x02\x40\x23\x01\x0e\x01\x00\x00\x0b\x20\x00\x0b", false),
            (
                b"\x02\x40\x20\x00\x0e\x00\x00\x6a\x1a\x0b\x20\x00\x0b",
                true,
            ),
            (b"\x20\x00\x20\x00\x0e\x01\x00\x00\x0b", true),
            (b"\x20\x00\x0e\xff\xff\xff\xff\x0f\x00\x0b", false),
            (b"\x20\x00", false),
            (b"\x20\x00\x0b\x0b", false),
            (b"\x20\x00\x0b\x20\x00", false),
        ];
        for (body, valid) in bodies {
            assert_eq!(
                is_valid(&module(&TYPES[..1], TYPES[0], body)),
                valid,
                "{body:x?}"
            );
        }
    }
}
