//! Limits on the work and the code of one function.
//!
//! Most operators move a few values. But a block, a branch or a call of two bytes can carry a thousand values, and each of
//! them is validated and moved. The length of a body does not limit this, and lowering consumes no fuel. So [`Work`] counts
//! the values that operators carry and the instructions that are emitted. Both are limited to a constant plus a number for
//! each byte of the body. Compilers stay far below these limits.
//!
//! [`Work`] also determines when lowering polls for a stop: after at most [`INTERVAL`] bytes and values.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;

use wasmparser::{BlockType, FuncType, FuncValidator, Operator, ValidatorResources};

use super::Stage;
use super::class::slots;
use super::error::{ModuleError, ModuleErrorKind};
use super::module::ModuleInfo;
use super::read::Outcome;

/// Values that operators may carry in any body, and additionally for each byte of the body.
const VALUES: usize = 1 << 20;
const VALUES_PER_BYTE: usize = 8;

/// Instructions that any body may become, and additionally for each byte of the body.
const INSTS: usize = 1 << 16;
const INSTS_PER_BYTE: usize = 4;

/// The most values on the operand stack, reachable or not.
const HEIGHT: usize = 1 << 20;

/// Bytes and values between two polls: less than a millisecond.
const INTERVAL: u32 = 1 << 14;

/// Decides whether lowering shall be stopped.
pub(super) type Stop<'a> = &'a mut dyn FnMut(Stage) -> bool;

/// The remaining work that is allowed for a body.
#[derive(Debug)]
pub(super) struct Work {
    /// Bytes of the body.
    bytes: usize,
    /// The number of values carried so far.
    values: usize,
    /// The byte of the module at which to poll next. Carried values reduce it.
    next: u32,
}

impl Work {
    /// Begins with a body of `bytes` bytes whose operators start at byte `position` of the module.
    pub(super) fn new(bytes: usize, position: u32) -> Self {
        Self {
            bytes,
            values: 0,
            next: position.saturating_add(INTERVAL),
        }
    }

    /// The maximum number of instructions for the body.
    pub(super) fn most_insts(&self) -> usize {
        INSTS + INSTS_PER_BYTE * self.bytes
    }

    fn most_values(&self) -> usize {
        VALUES + VALUES_PER_BYTE * self.bytes
    }

    /// Returns whether the next poll is due at byte `position` of the module.
    #[inline(always)]
    pub(super) fn is_due(&self, position: u32) -> bool {
        position >= self.next
    }

    /// Fails if the body exceeds its limits.
    #[cold]
    pub(super) fn look(&mut self, position: u32, insts: usize, height: usize) -> Outcome {
        self.next = position.saturating_add(INTERVAL);
        let (most_values, most_insts) = (self.most_values(), self.most_insts());
        let words = if self.values > most_values {
            format!(
                "the function takes too much work: its blocks, branches and calls carry more than {most_values} values"
            )
        } else if insts > most_insts {
            format!(
                "the function takes too much code: its {} bytes become more than {most_insts} instructions, \
                 because branches carry many values",
                self.bytes
            )
        } else if height > HEIGHT {
            format!("the function has more than {HEIGHT} values on the stack")
        } else {
            return Ok(());
        };
        Err(refused(position, words))
    }

    /// Counts an operator that carries `values`.
    #[inline(always)]
    pub(super) fn carry(&mut self, values: usize) {
        self.values += values;
        // If this saturates, the poll is due in any case.
        let nearer = u32::try_from(values).unwrap_or(u32::MAX);
        self.next = self.next.saturating_sub(nearer);
    }

    /// Counts a `br_table` at byte `position` that carries `values` to each of `targets` blocks. Fails before the work
    /// starts if that is too much.
    pub(super) fn carry_to(&mut self, values: usize, targets: usize, position: u32) -> Outcome {
        self.carry(values.saturating_mul(targets));
        match self.values > self.most_values() {
            true => self.look(position, 0, 0),
            false => Ok(()),
        }
    }
}

/// The error for a valid body that is too expensive.
fn refused(position: u32, words: String) -> Box<ModuleError> {
    let kind = ModuleErrorKind::Unsupported;
    Box::new(ModuleError::new(kind, position.into(), words))
}

/// Returns the number of values that an operator carries across the edge of a block or function. Call it right after the
/// validation of the operator. For operators that carry none, the compiler reduces it to nothing.
macro_rules! carry {
    (Block, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (Loop, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (If, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (Br, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (BrIf, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (Return, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (Call, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (CallIndirect, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (ReturnCall, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (ReturnCallIndirect, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (CallRef, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (ReturnCallRef, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (StructNew, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (ArrayNewFixed, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (BrOnNull, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (BrOnNonNull, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (BrOnCast, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (BrOnCastFail, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (TryTable, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (Try, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (Catch, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (Throw, $op:expr, $pass:expr, $validator:expr) => {
        $crate::compile::work::carry!(it, $op, $pass, $validator)
    };
    (it, $op:expr, $pass:expr, $validator:expr) => {{
        let values = $crate::compile::work::carried($op, $pass.module, $validator);
        $pass.work.carry(values);
    }};
    ($other:ident, $op:expr, $pass:expr, $validator:expr) => {};
}
pub(super) use carry;

/// Returns the number of values that the operator validated last carries.
#[inline(always)]
pub(super) fn carried(
    operator: &Operator<'_>,
    module: &ModuleInfo,
    validator: &FuncValidator<ValidatorResources>,
) -> usize {
    match *operator {
        Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
            // The values are popped and pushed at the start, and again at the end.
            2 * of_block(blockty, module)
        }
        Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
            to_block(relative_depth, module, validator)
        }
        Operator::Return => to_block(validator.control_stack_height() - 1, module, validator),
        Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
            of_type(module, module.func_type(function_index))
        }
        Operator::CallIndirect { type_index, .. }
        | Operator::ReturnCallIndirect { type_index, .. } => {
            of_type(module, &module.types()[type_index as usize])
        }
        #[cfg(feature = "gc")]
        Operator::CallRef { type_index } | Operator::ReturnCallRef { type_index } => {
            of_type(module, &module.types()[type_index as usize])
        }
        #[cfg(feature = "gc")]
        Operator::BrOnNull { relative_depth }
        | Operator::BrOnNonNull { relative_depth }
        | Operator::BrOnCast { relative_depth, .. }
        | Operator::BrOnCastFail { relative_depth, .. } => {
            to_block(relative_depth, module, validator)
        }
        #[cfg(feature = "gc")]
        Operator::StructNew { struct_type_index } => {
            match &module.declared_type(struct_type_index).composite_type.inner {
                wasmparser::CompositeInnerType::Struct(ty) => ty.fields.len(),
                _ => 0,
            }
        }
        #[cfg(feature = "gc")]
        Operator::ArrayNewFixed { array_size, .. } => array_size as usize,
        #[cfg(feature = "exceptions")]
        Operator::Throw { tag_index } | Operator::Catch { tag_index } => {
            of_type(module, module.tag_type(tag_index))
        }
        #[cfg(feature = "exceptions")]
        Operator::Try { blockty } => 2 * of_block(blockty, module),
        #[cfg(feature = "exceptions")]
        Operator::TryTable { ref try_table } => {
            use wasmparser::Catch;
            let values = |catch: &Catch| match *catch {
                Catch::One { tag, .. } | Catch::OneRef { tag, .. } => {
                    2 + of_type(module, module.tag_type(tag))
                }
                Catch::All { .. } | Catch::AllRef { .. } => 2,
            };
            2 * of_block(try_table.ty, module) + try_table.catches.iter().map(values).sum::<usize>()
        }
        _ => 0,
    }
}

/// Returns at least the number of values that a branch to the block at `depth` carries, or `None` if there is no such
/// block.
#[inline(always)]
pub(super) fn to_block(
    depth: u32,
    module: &ModuleInfo,
    validator: &FuncValidator<ValidatorResources>,
) -> usize {
    let frame = validator.get_control_frame(depth as usize);
    frame.map_or(0, |frame| of_block(frame.block_type, module))
}

#[inline(always)]
fn of_block(ty: BlockType, module: &ModuleInfo) -> usize {
    match ty {
        BlockType::Empty => 0,
        BlockType::Type(ty) => slots(&[ty]),
        BlockType::FuncType(index) => of_type(module, &module.types()[index as usize]),
    }
}

#[inline(always)]
fn of_type(module: &ModuleInfo, ty: &FuncType) -> usize {
    module.slots(ty.params()) + module.slots(ty.results())
}
