//! How much work and code a function may make when it is lowered.
//!
//! Most operators move a handful of values. A block, a branch or a call can carry a thousand in an operator of two bytes: they
//! are validated and moved one by one. Nothing in the length of a body bounds that, and lowering costs the guest no fuel. So
//! [`Work`] counts the values that operators carry, and the instructions that they become. Both may be some number for each
//! byte of the body, which is more than compilers come near, and a fixed number besides.
//!
//! It also says when to look whether lowering shall be stopped: after at most [`INTERVAL`] bytes and values.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;

use wasmparser::{BlockType, FuncType, FuncValidator, Operator, ValidatorResources};

use super::error::{ModuleError, ModuleErrorKind};
use super::module::ModuleInfo;
use super::read::Outcome;

/// Values that the operators of any body may carry, and those for each byte of it.
const VALUES: usize = 1 << 20;
const VALUES_PER_BYTE: usize = 8;

/// Instructions that any body may become, and those for each byte of it.
const INSTS: usize = 1 << 16;
const INSTS_PER_BYTE: usize = 4;

/// The most values on the operand stack, reachable or not.
const HEIGHT: usize = 1 << 20;

/// Bytes and values between two looks: less than a millisecond.
const INTERVAL: u32 = 1 << 14;

/// Whether lowering shall be stopped.
pub(super) type Stop<'a> = &'a mut dyn FnMut() -> bool;

/// What the body that is validated or lowered may still take.
#[derive(Debug)]
pub(super) struct Work {
    /// Bytes of the body.
    bytes: usize,
    /// How many values were carried so far.
    values: usize,
    /// The byte of the module at which to look next; values bring it nearer.
    next: u32,
}

impl Work {
    /// For a body of `bytes` bytes whose operators begin at byte `position` of the module.
    pub(super) fn new(bytes: usize, position: u32) -> Self {
        Self {
            bytes,
            values: 0,
            next: position.saturating_add(INTERVAL),
        }
    }

    /// The most instructions that the body may become.
    pub(super) fn most_insts(&self) -> usize {
        INSTS + INSTS_PER_BYTE * self.bytes
    }

    fn most_values(&self) -> usize {
        VALUES + VALUES_PER_BYTE * self.bytes
    }

    /// Whether it is time to look, at byte `position` of the module.
    #[inline(always)]
    pub(super) fn is_due(&self, position: u32) -> bool {
        position >= self.next
    }

    /// Looks whether the body keeps within its limits.
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

    /// Says that an operator carries `values`.
    #[inline(always)]
    pub(super) fn carry(&mut self, values: usize) {
        self.values += values;
        // Saturates where it is time to look in any case.
        let nearer = u32::try_from(values).unwrap_or(u32::MAX);
        self.next = self.next.saturating_sub(nearer);
    }

    /// Says that a `br_table` at byte `position` carries `values` to each of `targets` blocks. It is not begun if that is too much.
    pub(super) fn carry_to(&mut self, values: usize, targets: usize, position: u32) -> Outcome {
        self.carry(values.saturating_mul(targets));
        match self.values > self.most_values() {
            true => self.look(position, 0, 0),
            false => Ok(()),
        }
    }
}

/// A body that is valid, but too much.
fn refused(position: u32, words: String) -> Box<ModuleError> {
    let kind = ModuleErrorKind::Unsupported;
    Box::new(ModuleError::new(kind, position.into(), words))
}

/// How many values an operator carries over the edge of a block or function, if it was just validated. An operator that carries
/// none is known by its name: nothing is left of this for it.
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
    (it, $op:expr, $pass:expr, $validator:expr) => {{
        let values = $crate::compile::work::carried($op, $pass.module, $validator);
        $pass.work.carry(values);
    }};
    ($other:ident, $op:expr, $pass:expr, $validator:expr) => {};
}
pub(super) use carry;

/// How many values an operator carries that was just validated.
#[inline(always)]
pub(super) fn carried(
    operator: &Operator<'_>,
    module: &ModuleInfo,
    validator: &FuncValidator<ValidatorResources>,
) -> usize {
    match *operator {
        Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
            // Taken off and put on the stack where it begins, and again where it ends.
            2 * of_block(blockty, module)
        }
        Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
            to_block(relative_depth, module, validator)
        }
        Operator::Return => to_block(validator.control_stack_height() - 1, module, validator),
        Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
            of_type(module.func_type(function_index))
        }
        Operator::CallIndirect { type_index, .. }
        | Operator::ReturnCallIndirect { type_index, .. } => {
            of_type(&module.types()[type_index as usize])
        }
        _ => 0,
    }
}

/// About how many values a branch to the block at `depth` carries: never fewer than there are. None if there is no such block.
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
        BlockType::Type(_) => 1,
        BlockType::FuncType(index) => of_type(&module.types()[index as usize]),
    }
}

fn of_type(ty: &FuncType) -> usize {
    ty.params().len() + ty.results().len()
}
