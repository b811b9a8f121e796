//! From the bytes of a module to code: what the module contains, and what each function becomes.
//!
//! * `module/`: the module as an index of offsets.
//! * `read.rs`: reads the operators of a body.
//! * `operators.rs`: the pass over them: validates each one, and hands it on.
//! * `func/`: one function, from operators to ops.
//! * `leb128.rs`: numbers, where reading them takes time.
//! * here: [`Lowerer`], which validates, lowers and encodes a function.

mod func;
mod leb128;
pub mod module;
mod operators;
mod read;

use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use wasmparser::FuncValidatorAllocations;

use crate::lower::encode::{self, Encoder};
use crate::lower::fuse;
use func::Function;
use module::{ModuleError, ModuleErrorKind, ModuleInfo};
use operators::Pass;

/// Lowers functions, one after the other. It is kept for the memory that it has gathered.
#[derive(Default)]
pub struct Lowerer {
    function: Function,
    encoder: Encoder,
    allocations: Option<FuncValidatorAllocations>,
}

impl fmt::Debug for Lowerer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lowerer").finish_non_exhaustive()
    }
}

/// A lowered function.
#[derive(Clone, Copy, Debug)]
pub struct Lowered<'a> {
    /// Its code, position independent.
    pub code: &'a [u16],
    /// Slots of its frame.
    pub frame_slots: u32,
    /// Slots behind the frame's header that are locals.
    pub local_slots: u32,
    /// How many of them, from the first on, must be zero at entry.
    pub zero_slots: u32,
}

/// Slots of a frame that operands can name.
const MOST_SLOTS: usize = 1 << 16;

impl Lowerer {
    /// Lowers defined function `defined` of the module, and validates it on the way if that was put off.
    ///
    /// # Errors
    /// If the body is invalid, or its frame larger than operands can name: 65,536 locals and values on the stack.
    pub fn lower(&mut self, module: &ModuleInfo, defined: u32) -> Result<Lowered<'_>, ModuleError> {
        self.lower_body(module, defined, module.bodies_are_valid())
            .map_err(|error| error.in_func(module.imported_funcs() + defined))?;
        let frame_slots = self.function.frame_slots();
        if frame_slots > MOST_SLOTS {
            let offset = module.body_range(defined).start as u64;
            let message = format!(
                "function needs {frame_slots} slots for locals and operands; {MOST_SLOTS} are possible"
            );
            return Err(ModuleError::new(
                ModuleErrorKind::Unsupported,
                offset,
                message,
            ));
        }
        encode::encode(&self.function.code, &mut self.encoder);
        Ok(Lowered {
            code: &self.encoder.granules,
            // Both were checked to be at most 65,536.
            frame_slots: frame_slots as u32,
            local_slots: self.function.local_slots() as u32,
            zero_slots: self.function.zeroed_slots() as u32,
        })
    }

    /// For each op of a function, in ascending order: the granule where it begins, and the byte offset in the
    /// module of the instruction that it comes from.
    ///
    /// # Errors
    /// As [`Lowerer::lower`].
    pub fn positions(
        &mut self,
        module: &ModuleInfo,
        defined: u32,
    ) -> Result<Vec<(u32, u32)>, ModuleError> {
        self.lower(module, defined)?;
        Ok(encode::positions(&self.function.code, &self.encoder)
            .map(|(at, inst)| (at, inst.position))
            .collect())
    }

    fn lower_body(
        &mut self,
        module: &ModuleInfo,
        defined: u32,
        was_validated: bool,
    ) -> Result<(), ModuleError> {
        self.walk(module, defined, was_validated, true)?;
        if self.function.must_be_plain() {
            self.walk(module, defined, true, false)?;
        }
        self.function.finish();
        fuse::fuse(&mut self.function.code);
        Ok(())
    }

    /// Walks over the operators of a function, once.
    fn walk(
        &mut self,
        module: &ModuleInfo,
        defined: u32,
        was_validated: bool,
        threading: bool,
    ) -> Result<(), ModuleError> {
        let body = module.body(defined);
        let mut validator = if was_validated {
            None
        } else {
            Some(module.validator(defined, self.allocations.take().unwrap_or_default()))
        };
        let mut reader = body.get_binary_reader();
        let mut locals = 0;
        let func = module.imported_funcs() + defined;
        if let Some(validator) = &mut validator {
            validator.read_locals(&mut reader)?;
            locals = validator.len_locals() as usize - module.func_type(func).params().len();
        } else {
            for group in body.get_locals_reader()? {
                locals += group?.0 as usize;
            }
            reader = body.get_binary_reader_for_operators()?;
        }
        self.function.begin(module, func, locals, threading);
        self.function.begin_known(body.as_bytes());
        let mut pass = Pass {
            module,
            validator,
            function: &mut self.function,
        };
        let position = reader.original_position();
        let code = &module.bytes()[position as usize..module.body_range(defined).end];
        read::operators(&mut pass, code, position, module.features())?;
        if let Some(validator) = pass.validator {
            self.allocations = Some(validator.into_allocations());
        }
        Ok(())
    }
}

/// The byte offset in the module of the instruction whose op has granule `granule` of the code of defined function
/// `defined`. Nothing is kept for this: the function is lowered again.
#[must_use]
pub fn position(module: &ModuleInfo, defined: u32, granule: usize) -> Option<usize> {
    let positions = Lowerer::default().positions(module, defined).ok()?;
    let behind = positions.partition_point(|&(at, _)| at as usize <= granule);
    Some(positions[behind.checked_sub(1)?].1 as usize)
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::module::Validation;
    use super::*;

    /// Loops within each other, each of which goes on only by way of the one around it: what the outermost reads takes as
    /// many rounds of data flow to be seen from the innermost.
    fn nested(loops: usize) -> String {
        let inner = (1..loops).rev().fold(String::new(), |inner, depth| {
            format!("(loop (br_if 1 (local.get 0)) (block {inner}) (br 0)) (; {depth} ;)")
        });
        format!(
            "(module (func (param i32) (local i64) (loop (drop (i64.eqz (local.get 1))) (block {inner}) (br 0))))"
        )
    }

    #[test]
    fn no_more_slots_are_zeroed_than_there_are_locals() {
        for loops in [1, 5, 12, 13, 14, 40] {
            let bytes = wat::parse_str(nested(loops)).expect("the text is a module");
            let module = ModuleInfo::new(bytes.into(), Validation::Eager).expect("it is valid");
            let mut lowerer = Lowerer::default();
            let lowered = lowerer.lower(&module, 0).expect("it is small");
            assert_eq!(lowered.local_slots, 1);
            assert_eq!(
                lowered.zero_slots, 1,
                "{loops} loops: the local is read first"
            );
        }
    }
}
