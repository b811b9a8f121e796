//! Where a variable of C, C++ or Rust is, by the expression in DWARF.
//!
//! Unoptimised code keeps variables in the memory, at an offset from the frame base: a local of wasm that has the stack pointer. Optimised
//! code keeps them in locals, in pieces, or nowhere, and a list says from where to where.

use addr2line::gimli::{
    self, AttributeValue, EvaluationResult, Expression, Location, Piece, Reader, ValueType,
};

use super::dies::{Die, Dies, Value};
use super::{Held, Stopped};
use crate::source::Bytes;

/// The maximum number of operations of an expression.
const MOST_OPERATIONS: u32 = 10_000;

/// The maximum number of bytes that are put together from pieces.
const MOST_BYTES: u64 = 1 << 16;

/// How deep expressions may need others.
const DEEPEST: u32 = 4;

const OPTIMISED_OUT: &str = "optimised out";

/// What expressions are evaluated with.
pub(super) struct Place<'a> {
    pub(super) dies: &'a Dies,
    /// The function whose frame it is.
    pub(super) func: Option<Die>,
    /// The address of its code that runs.
    pub(super) address: u64,
}

impl Place<'_> {
    /// Returns where a variable is.
    pub(super) fn held(&self, die: Die, stopped: &mut dyn Stopped) -> Held {
        let dies = self.dies;
        if let Some((owner, value)) = dies.attr(die, gimli::DW_AT_location) {
            return match self.expression(owner, value) {
                Ok(Some(expression)) => {
                    let held = self.evaluated(owner, expression, stopped, 0);
                    // The linker writes such addresses for what it has left out.
                    let size = dies.unit(owner).encoding().address_size;
                    match held {
                        Held::At(address) if address >= address_mask(size) - 1 => {
                            Held::Gone("left out by the linker".to_owned())
                        }
                        held => held,
                    }
                }
                Ok(None) => Held::Gone(OPTIMISED_OUT.to_owned()),
                Err(error) => Held::Gone(format!("its place cannot be read: {error}")),
            };
        }
        match dies.attr(die, gimli::DW_AT_const_value) {
            Some((_, AttributeValue::Block(bytes))) => match bytes.to_slice() {
                Ok(bytes) => Held::Bytes(bytes.into_owned()),
                Err(error) => Held::Gone(error.to_string()),
            },
            Some((_, value)) => {
                let number = value.sdata_value().map(i64::cast_unsigned);
                match number.or_else(|| value.udata_value()) {
                    Some(number) => Held::Bytes(number.to_le_bytes().to_vec()),
                    None => Held::Gone("its constant is of an unknown kind".to_owned()),
                }
            }
            None => Held::Gone(OPTIMISED_OUT.to_owned()),
        }
    }

    /// The expression that holds at this place.
    fn expression(&self, owner: Die, value: Value) -> gimli::Result<Option<Expression<Bytes>>> {
        if let AttributeValue::Exprloc(expression) = value {
            return Ok((!expression.0.is_empty()).then_some(expression));
        }
        let unit = self.dies.unit(owner);
        let Some(mut list) = self.dies.dwarf.attr_locations(unit, value)? else {
            return Ok(None);
        };
        while let Some(entry) = list.next()? {
            if (entry.range.begin..entry.range.end).contains(&self.address) {
                return Ok((!entry.data.0.is_empty()).then_some(entry.data));
            }
        }
        Ok(None)
    }

    fn evaluated(
        &self,
        owner: Die,
        expression: Expression<Bytes>,
        stopped: &mut dyn Stopped,
        depth: u32,
    ) -> Held {
        match self.pieces(owner, expression, stopped, depth) {
            Ok(pieces) => joined(&pieces, stopped),
            Err(why) => Held::Gone(why),
        }
    }

    fn pieces(
        &self,
        owner: Die,
        expression: Expression<Bytes>,
        stopped: &mut dyn Stopped,
        depth: u32,
    ) -> Result<Vec<Piece<Bytes>>, String> {
        let unit = self.dies.unit(owner);
        let mut evaluation = expression.evaluation(unit.encoding());
        evaluation.set_max_iterations(MOST_OPERATIONS);
        let unread = |error: gimli::Error| format!("its place cannot be read: {error}");
        let generic = |value: Option<u64>| {
            value
                .map(gimli::Value::Generic)
                .ok_or(OPTIMISED_OUT.to_owned())
        };
        let mut state = evaluation.evaluate().map_err(unread)?;
        loop {
            let next = match state {
                EvaluationResult::Complete => return Ok(evaluation.result()),
                EvaluationResult::RequiresMemory {
                    address,
                    size,
                    base_type,
                    ..
                } => {
                    let bytes = stopped.memory(address, usize::from(size));
                    let bytes = bytes.ok_or("it is outside of the memory")?;
                    let ty = self.value_type(owner, base_type);
                    let mut word = [0; 8];
                    let len = bytes.len().min(8);
                    word[..len].copy_from_slice(&bytes[..len]);
                    let value = gimli::Value::from_u64(ty, u64::from_le_bytes(word));
                    evaluation.resume_with_memory(value.map_err(unread)?)
                }
                EvaluationResult::RequiresFrameBase => {
                    let base = self.frame_base(stopped, depth)?;
                    evaluation.resume_with_frame_base(base)
                }
                EvaluationResult::RequiresWasmLocal { index } => {
                    evaluation.resume_with_wasm_value(generic(stopped.local(index))?)
                }
                EvaluationResult::RequiresWasmGlobal { index } => {
                    evaluation.resume_with_wasm_value(generic(stopped.global(index))?)
                }
                EvaluationResult::RequiresWasmStack { .. } => {
                    return Err("it is on wasm's operand stack".to_owned());
                }
                EvaluationResult::RequiresRelocatedAddress(address) => {
                    evaluation.resume_with_relocated_address(address)
                }
                EvaluationResult::RequiresIndexedAddress { index, .. } => {
                    let address = self.dies.dwarf.address(unit, index).map_err(unread)?;
                    evaluation.resume_with_indexed_address(address)
                }
                EvaluationResult::RequiresBaseType(base) => {
                    evaluation.resume_with_base_type(self.value_type(owner, base))
                }
                EvaluationResult::RequiresEntryValue(_) => {
                    return Err("it is known at the start of the function only".to_owned());
                }
                _ => return Err(OPTIMISED_OUT.to_owned()),
            };
            state = next.map_err(unread)?;
        }
    }

    fn value_type(&self, owner: Die, base: gimli::UnitOffset) -> ValueType {
        if base.0 == 0 {
            return ValueType::Generic;
        }
        let entry = self.dies.entry(Die { at: base, ..owner });
        let ty = entry.and_then(|entry| ValueType::from_entry(&entry).ok()?);
        ty.unwrap_or(ValueType::Generic)
    }

    /// The address from which the function's variables are counted.
    fn frame_base(&self, stopped: &mut dyn Stopped, depth: u32) -> Result<u64, String> {
        let missing = || "the frame's base is not known".to_owned();
        let func = self.func.filter(|_| depth < DEEPEST).ok_or_else(missing)?;
        let (owner, value) = self
            .dies
            .attr(func, gimli::DW_AT_frame_base)
            .ok_or_else(missing)?;
        let expression = self.expression(owner, value).ok().flatten();
        let expression = expression.ok_or_else(missing)?;
        let pieces = self.pieces(owner, expression, stopped, depth + 1)?;
        match pieces.first().map(|piece| &piece.location) {
            Some(Location::Address { address }) => Ok(*address),
            // Addresses have 32 bits unless the memory is a 64-bit one.
            Some(Location::Value { value }) => value
                .to_u64(address_mask(self.dies.unit(owner).encoding().address_size))
                .map_err(|error| error.to_string()),
            _ => Err(missing()),
        }
    }
}

fn address_mask(size: u8) -> u64 {
    match size {
        8 => u64::MAX,
        _ => u64::from(u32::MAX),
    }
}

/// Puts a value together.
fn joined(pieces: &[Piece<Bytes>], stopped: &mut dyn Stopped) -> Held {
    if let [
        Piece {
            location: Location::Address { address },
            bit_offset: None,
            ..
        },
    ] = pieces
    {
        return Held::At(*address);
    }
    let mut all = Vec::new();
    for piece in pieces {
        let bits = piece.size_in_bits;
        let len = bits.map(|bits| bits.div_ceil(8));
        if all.len() as u64 + len.unwrap_or(0) > MOST_BYTES {
            return Held::Gone("it is too long".to_owned());
        }
        // At most `MOST_BYTES`.
        let len = len.map(|len| len as usize);
        let gone = || Held::Gone(OPTIMISED_OUT.to_owned());
        let mut bytes = match &piece.location {
            Location::Empty => match pieces.len() {
                // A part of it remains.
                2.. => vec![0; len.unwrap_or(0)],
                _ => return gone(),
            },
            Location::Address { address } => match stopped.memory(*address, len.unwrap_or(0)) {
                Some(bytes) => bytes,
                None => return Held::Gone("it is outside of the memory".to_owned()),
            },
            Location::Value { value } => match value_bytes(*value) {
                Some(bytes) => bytes.to_vec(),
                None => return gone(),
            },
            Location::Bytes { value } => match value.to_slice() {
                Ok(bytes) => bytes.into_owned(),
                Err(_) => return gone(),
            },
            _ => return gone(),
        };
        if let Some(len) = len {
            bytes.resize(len, 0);
        }
        all.extend(bytes);
    }
    match all.is_empty() {
        true => Held::Gone(OPTIMISED_OUT.to_owned()),
        false => Held::Bytes(all),
    }
}

fn value_bytes(value: gimli::Value) -> Option<[u8; 8]> {
    Some(match value {
        gimli::Value::F32(value) => u64::from(value.to_bits()).to_le_bytes(),
        gimli::Value::F64(value) => value.to_bits().to_le_bytes(),
        other => other.to_u64(u64::MAX).ok()?.to_le_bytes(),
    })
}
