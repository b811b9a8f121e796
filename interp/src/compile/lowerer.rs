//! Lowers functions one by one: validates, lowers and encodes each.

use alloc::format;
use alloc::vec::Vec;
use core::{fmt, mem};

use wasmparser::{
    BinaryReader, FuncToValidate, FuncValidatorAllocations, FunctionBody, ValidatorResources,
};

use super::error::{ModuleError, ModuleErrorKind};
use super::func::{Function, Locals};
use super::module::{ModuleInfo, bytes};
use super::operators::{self, Pass};
use super::work::{Stop, Work};
use super::{Lowered, Stage, read};
use crate::lower::encode::{self, Encoder};
#[cfg(feature = "exceptions")]
use crate::lower::handlers::HandlerTable;
use crate::lower::{Inst, fuse};
use crate::ops::Opcode;

/// Lowers functions, one after the other. Its buffers are reused from function to function.
#[derive(Default)]
pub struct Lowerer {
    function: Function,
    encoder: Encoder,
    allocations: Option<FuncValidatorAllocations>,
    /// A copy of the body, if the module's bytes may change.
    body: Vec<u8>,
    /// The handlers of the last function.
    #[cfg(feature = "exceptions")]
    handlers: Option<alloc::sync::Arc<HandlerTable>>,
}

impl fmt::Debug for Lowerer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lowerer").finish_non_exhaustive()
    }
}

/// The number of frame slots that an operand can address.
pub(super) const MOST_SLOTS: usize = 1 << 16;
/// Buffers for more instructions than this are freed after the function: 10 MiB.
const MOST_KEPT: usize = 1 << 18;

impl Lowerer {
    /// One that uses no superinstructions.
    #[cfg(any(feature = "lowered-modules", feature = "probes"))]
    #[must_use]
    pub fn without_superinstructions() -> Self {
        let mut lowerer = Self::default();
        lowerer.encoder.separate = true;
        lowerer
    }

    /// Lowers defined function `defined` of the module. Also validates it, unless it was validated already and its bytes
    /// cannot change.
    ///
    /// # Errors
    /// Fails if the body is invalid or too large. It is too large if operands cannot address all of its frame (65,536
    /// locals and values on the stack), or if lowering takes more work than its length allows.
    pub fn lower(&mut self, module: &ModuleInfo, defined: u32) -> Result<Lowered<'_>, ModuleError> {
        self.lower_unless(module, defined, &mut |_| false)
    }

    /// Does the same as [`Lowerer::lower`], and calls `stop` from time to time. If `stop` returns true, lowering fails with
    /// the kind [`ModuleErrorKind::Stopped`].
    ///
    /// # Errors
    /// The errors of [`Lowerer::lower`], and the stop.
    pub fn lower_unless(
        &mut self,
        module: &ModuleInfo,
        defined: u32,
        stop: &mut dyn FnMut(Stage) -> bool,
    ) -> Result<Lowered<'_>, ModuleError> {
        let offset = module.body_range(defined).start as u64;
        let mut buffer = mem::take(&mut self.body);
        let outcome = self.lower_body(module, defined, &mut buffer, stop);
        self.body = buffer;
        outcome.map_err(|error| error.in_func(module.imported_funcs() + defined))?;
        let frame_slots = self.function.frame_slots();
        let memory = self.function.memory();
        let mut stop_encoding = |bytes| stop(Stage::Lowering(beyond_kept(memory + bytes)));
        let encoded = encode::encode(&self.function.code, &mut self.encoder, &mut stop_encoding);
        let bytes = size_of_val(&self.encoder.granules[..]);
        #[cfg(feature = "exceptions")]
        let bytes = bytes + self.take_handlers(encoded);
        if !encoded || stop(Stage::Lowered(bytes)) {
            return Err(ModuleError::stopped(offset));
        }
        Ok(Lowered {
            code: &self.encoder.granules,
            // Both were checked to be at most 65,536.
            frame_slots: frame_slots as u32,
            local_slots: self.function.local_slots() as u32,
            zero_slots: self.function.zeroed_slots() as u32,
            #[cfg(feature = "exceptions")]
            handlers: self.handlers.as_ref(),
        })
    }

    /// Makes the table of the function's handlers, if its code is complete. Returns the bytes that it takes.
    #[cfg(feature = "exceptions")]
    fn take_handlers(&mut self, complete: bool) -> usize {
        let Function { code, regions, .. } = &self.function;
        let is_needed = complete && !regions.is_empty();
        self.handlers = is_needed.then(|| self.encoder.handlers(code, regions).into());
        self.handlers.as_ref().map_or(0, |table| table.bytes())
    }

    /// Returns whether the buffers have a usual size, so that they should be kept.
    #[must_use]
    pub fn is_small(&self) -> bool {
        self.function.code.insts.capacity() <= MOST_KEPT
    }

    /// For each op of the function that was lowered last, in ascending order, the granule at which it begins and the byte offset in the
    /// module of its instruction.
    #[cfg(feature = "lowered-modules")]
    pub(crate) fn last_positions(&self) -> impl Iterator<Item = (u32, u32)> {
        encode::positions(&self.function.code, &self.encoder).map(|(at, inst)| (at, inst.position))
    }

    /// Returns, for each op of a function in ascending order, the granule at which it begins and the byte offset in the
    /// module of its instruction.
    ///
    /// # Errors
    /// The errors of [`Lowerer::lower`].
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
        buffer: &mut Vec<u8>,
        stop: Stop<'_>,
    ) -> Result<(), ModuleError> {
        let body = module.body(defined, buffer);
        self.walk(
            module,
            defined,
            &body,
            module.bodies_are_valid(),
            true,
            stop,
        )?;
        if self.function.must_be_plain() {
            self.walk(module, defined, &body, true, false, stop)?;
        }
        self.function.finish();
        #[cfg(feature = "canonical-nans")]
        if module.has_canonical_nans() {
            fuse::canonical::drop_redundant(&mut self.function.code);
        }
        fuse::fuse(&mut self.function.code);
        Ok(())
    }

    /// Passes over the operators of a function once.
    fn walk(
        &mut self,
        module: &ModuleInfo,
        defined: u32,
        body: &FunctionBody<'_>,
        was_validated: bool,
        threading: bool,
        stop: Stop<'_>,
    ) -> Result<(), ModuleError> {
        let mut validator = if was_validated {
            None
        } else {
            Some(module.validator(defined, self.allocations.take().unwrap_or_default()))
        };
        let mut reader = body.get_binary_reader();
        let func = module.imported_funcs() + defined;
        let mut locals = Locals::default();
        if let Some(validator) = &mut validator {
            validator.read_locals(&mut reader)?;
            locals.slots = validator.len_locals() as usize - module.func_type(func).params().len();
        } else {
            for group in body.get_locals_reader()? {
                locals.slots += group?.0 as usize;
            }
            reader = body.get_binary_reader_for_operators()?;
        }
        #[cfg(feature = "simd")]
        if module.has_vector(module.func_type(func).params()) || declares_vectors(body, &reader) {
            locals.read(body)?;
        }
        let bytes = body.as_bytes();
        // Modules are smaller than 4 GiB.
        let position = reader.original_position() as u32;
        let work = Work::new(bytes.len(), position);
        self.function.begin(module, func, &locals, threading);
        self.function.limit(work.most_insts());
        self.function.begin_known(module, bytes);
        let mut pass = Pass {
            module,
            opcode: Opcode::default(),
            validator,
            function: &mut self.function,
            work,
            stop,
        };
        let code = &bytes[(position - body.range().start as u32) as usize..];
        read::operators(&mut pass, code, position.into(), module.features())?;
        pass.check_limits().map_err(|error| *error)?;
        if let Some(validator) = pass.validator {
            self.allocations = Some(validator.into_allocations());
        }
        Ok(())
    }
}

/// Returns whether one of the locals that a body declares may be a vector. `code` stands behind the declarations.
#[cfg(feature = "simd")]
fn declares_vectors(body: &FunctionBody<'_>, code: &BinaryReader<'_>) -> bool {
    /// The type v128 (core specification, 5.3.2).
    const V128: u8 = 0x7b;

    let declarations = (code.original_position() - body.range().start) as usize;
    body.as_bytes()[..declarations].contains(&V128)
}

/// Of `memory` bytes that a function takes while it is lowered, those that are more than is kept from function to function.
pub(super) fn beyond_kept(memory: usize) -> usize {
    memory.saturating_sub(MOST_KEPT * size_of::<Inst>())
}

/// The error for a function that needs `slots` slots.
pub(super) fn too_large(offset: u64, slots: usize) -> ModuleError {
    let message =
        format!("function needs {slots} slots for locals and operands; {MOST_SLOTS} are possible");
    ModuleError::new(ModuleErrorKind::Unsupported, offset, message)
}

/// Validates the bodies of a module while it is decoded, one after the other.
#[derive(Default)]
pub(super) struct Bodies {
    allocations: FuncValidatorAllocations,
    /// The function that is being validated. It has no code.
    function: Function,
    /// A copy of its body.
    body: Vec<u8>,
}

impl Bodies {
    /// Validates a body. It is copied first unless it is `constant`: nothing can change it.
    ///
    /// # Errors
    /// Fails as lowering does, but for what lowering alone finds.
    pub(super) fn validate(
        &mut self,
        func: FuncToValidate<ValidatorResources>,
        body: &FunctionBody<'_>,
        module: &ModuleInfo,
        constant: bool,
    ) -> Result<(), ModuleError> {
        let index = func.index;
        let validator = func.into_validator(mem::take(&mut self.allocations));
        let copy = (!constant).then(|| {
            bytes::copy(body.as_bytes(), &mut self.body);
            let offset = body.range().start;
            let features = module.features();
            FunctionBody::new(BinaryReader::new_features(&self.body, offset, features))
        });
        let body = copy.as_ref().unwrap_or(body);
        self.allocations = operators::validate(validator, body, module, &mut self.function)
            .map_err(|error| error.in_func(index))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;
    use crate::compile::module::Validation;

    /// Nested loops. Each loop repeats only through the loop around it. So the analysis needs as many rounds as there are
    /// loops until a read in the outermost one is visible in the innermost one.
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
