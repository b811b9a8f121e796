//! From the bytes of a module to code: what the module contains, and what each function becomes.
//!
//! Start with `module/`: the module as an index of offsets.

pub mod module;

use module::{ModuleError, ModuleErrorKind, ModuleInfo};

/// The work space of lowering, to be used again and again.
#[derive(Debug, Default)]
pub struct Lowering {}

/// A lowered function.
#[derive(Debug)]
pub struct Lowered<'a> {
    /// Its code.
    pub code: &'a [u16],
    /// See [`FuncEntry`](crate::machine::FuncEntry).
    pub frame_slots: u32,
    /// See [`FuncEntry`](crate::machine::FuncEntry).
    pub zero_slots: u32,
}

/// Lowers defined function `defined`.
///
/// # Errors
/// If its body is invalid.
pub fn lower<'a>(
    info: &ModuleInfo,
    defined: u32,
    _work: &'a mut Lowering,
) -> Result<Lowered<'a>, ModuleError> {
    let at = info.body_range(defined).start as u64;
    Err(ModuleError::new(
        ModuleErrorKind::Unsupported,
        at,
        "functions are not lowered yet",
    ))
}

/// The byte offset in the module of the instruction behind the granule at `offset` of a function.
#[must_use]
pub fn position(_info: &ModuleInfo, _defined: u32, _offset: usize) -> Option<usize> {
    None
}
