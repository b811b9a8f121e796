//! In place of `lowerer.rs` in a build that lowers no functions: it runs modules in lowered form.

use alloc::vec::Vec;

use super::error::{ModuleError, ModuleErrorKind};
use super::module::ModuleInfo;
use super::{Lowered, Stage};

/// The error for the bodies at `offset` of a module.
pub(super) fn refused(offset: u64) -> ModuleError {
    let message = "this build runs modules in lowered form only: write one with `wasi-interp compile`, for a board with --for BOARD";
    ModuleError::new(ModuleErrorKind::Unsupported, offset, message)
}

/// Lowers no function.
#[derive(Debug, Default)]
pub struct Lowerer(());

impl Lowerer {
    /// The same.
    #[cfg(feature = "probes")]
    #[must_use]
    pub fn without_superinstructions() -> Self {
        Self::default()
    }

    /// Fails.
    ///
    /// # Errors
    /// Always [`ModuleErrorKind::Unsupported`].
    pub fn lower(&mut self, module: &ModuleInfo, defined: u32) -> Result<Lowered<'_>, ModuleError> {
        self.lower_unless(module, defined, &mut |_| false)
    }

    /// Fails.
    ///
    /// # Errors
    /// Always [`ModuleErrorKind::Unsupported`].
    pub fn lower_unless(
        &mut self,
        module: &ModuleInfo,
        defined: u32,
        _: &mut dyn FnMut(Stage) -> bool,
    ) -> Result<Lowered<'_>, ModuleError> {
        Err(refused(0).in_func(module.imported_funcs() + defined))
    }

    /// Returns true: there are no buffers.
    #[must_use]
    pub fn is_small(&self) -> bool {
        true
    }

    /// Fails.
    ///
    /// # Errors
    /// Always [`ModuleErrorKind::Unsupported`].
    pub fn positions(
        &mut self,
        module: &ModuleInfo,
        defined: u32,
    ) -> Result<Vec<(u32, u32)>, ModuleError> {
        self.lower(module, defined).map(|_| Vec::new())
    }
}

/// Validates no body.
#[derive(Default)]
pub(super) struct Bodies(());

impl Bodies {
    /// Fails.
    pub(super) fn validate(
        &mut self,
        func: wasmparser::FuncToValidate<wasmparser::ValidatorResources>,
        body: &wasmparser::FunctionBody<'_>,
        _: &ModuleInfo,
        _: bool,
    ) -> Result<(), ModuleError> {
        Err(refused(body.range().start).in_func(func.index))
    }
}
