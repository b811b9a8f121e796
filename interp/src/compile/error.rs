//! Errors of modules that are invalid or not supported.

use alloc::string::{String, ToString};
use core::fmt;

use super::proposal::{self, Refusal};

/// An error in a module, and its place.
#[derive(Clone, Debug)]
pub struct ModuleError {
    kind: ModuleErrorKind,
    offset: u64,
    /// The function whose body contains the error.
    func: Option<u32>,
    message: String,
    turned_off: Option<&'static str>,
}

/// The kinds of [`ModuleError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModuleErrorKind {
    /// The bytes are something else than WebAssembly: an empty file, a text file, another format.
    NotWasm,
    /// A component (of the component model), not a core module.
    Component,
    /// The bytes end in the middle of the module.
    Truncated,
    /// The module breaks a rule of the specification.
    Invalid,
    /// The module needs a proposal that this interpreter does not have, or goes beyond one of its limits.
    Unsupported,
    /// A module in lowered form that another release or another build has written.
    OtherBuild,
    /// Lowering a function was stopped from outside.
    Stopped,
}

impl ModuleError {
    /// An error of `kind` at `offset`, a byte offset from the start of the module.
    pub(crate) fn new(kind: ModuleErrorKind, offset: u64, message: impl Into<String>) -> Self {
        Self {
            kind,
            offset,
            func: None,
            message: message.into(),
            turned_off: None,
        }
    }

    /// The error for something at `offset` of a proposal that is not supported.
    #[cold]
    pub(super) fn refused(offset: u64, refusal: Refusal) -> Self {
        Self {
            turned_off: refusal.turned_off,
            ..Self::new(ModuleErrorKind::Unsupported, offset, refusal.message)
        }
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ModuleErrorKind {
        self.kind
    }

    /// The byte offset in the module at which it was found.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The function whose body contains the error, if there is one.
    #[must_use]
    pub fn func(&self) -> Option<u32> {
        self.func
    }

    /// The name of the proposal that the module uses and that [`Config`](crate::Config) has turned off, if that is the reason:
    /// `simd` for `Config::wasm_simd`. Exceptions in their old form are `legacy_exceptions`; `Config::wasm_exceptions` turns both
    /// forms off.
    #[must_use]
    pub fn turned_off(&self) -> Option<&str> {
        self.turned_off
    }

    /// Adds the function to an error that was found in its body.
    pub(crate) fn in_func(mut self, func: u32) -> Self {
        self.func = Some(func);
        self
    }

    /// Returns an error that names the format of the bytes, if they do not begin like a core module.
    pub(super) fn of_other_format(bytes: &[u8]) -> Option<Self> {
        let at_start = |kind, message: &str| Some(Self::new(kind, 0, message));
        if bytes.is_empty() {
            return at_start(ModuleErrorKind::NotWasm, "the file is empty");
        }
        if wasmparser::Parser::is_component(bytes) {
            return at_start(
                ModuleErrorKind::Component,
                "this is a WebAssembly component; only core modules can be run \
                 (build for a preview 1 target, such as wasip1)",
            );
        }
        if bytes.starts_with(b"\0asm") {
            return None;
        }
        if b"\0asm".starts_with(bytes) {
            return at_start(
                ModuleErrorKind::Truncated,
                "the file ends within the magic number",
            );
        }
        if bytes.starts_with(b"\0lwasm") {
            return at_start(
                ModuleErrorKind::NotWasm,
                "this is a module in lowered form, not WebAssembly: only `wasi-interp FILE` and `Module::deserialize` of the build that \
                 wrote it run it",
            );
        }
        let first_word = bytes.trim_ascii_start();
        if first_word.starts_with(b"(") || first_word.starts_with(b";;") {
            return at_start(
                ModuleErrorKind::NotWasm,
                "this is a text file, perhaps WebAssembly text; assemble it first (wat2wasm, wasm-tools parse)",
            );
        }
        let head = &bytes[..bytes.len().min(256)];
        if core::str::from_utf8(head).is_ok() && !head.contains(&0) {
            return at_start(
                ModuleErrorKind::NotWasm,
                "this is a text file, not a WebAssembly module (magic number `\\0asm` not found)",
            );
        }
        at_start(
            ModuleErrorKind::NotWasm,
            "this is not a WebAssembly module (magic number `\\0asm` not found)",
        )
    }

    /// The error for bytes at `offset` that have changed since validation.
    pub(crate) fn changed(offset: u64) -> Self {
        Self::new(
            ModuleErrorKind::Invalid,
            offset,
            "the module's bytes have changed since they were validated; was its file overwritten while it ran?",
        )
    }

    /// The error for a stop at `offset` during lowering.
    pub(crate) fn stopped(offset: u64) -> Self {
        let message = "stopped while a function was lowered";
        Self::new(ModuleErrorKind::Stopped, offset, message)
    }

    /// The error for bytes that end at `offset` too early.
    pub(super) fn truncated(offset: u64) -> Self {
        Self::new(
            ModuleErrorKind::Truncated,
            offset,
            "the module is cut off: it ends here, but more was announced",
        )
    }
}

impl From<wasmparser::Error> for ModuleError {
    fn from(error: wasmparser::Error) -> Self {
        match proposal::of_error(&error) {
            Some(refusal) => Self::refused(error.offset(), refusal),
            None => Self::new(
                ModuleErrorKind::Invalid,
                error.offset(),
                error.message().to_string(),
            ),
        }
    }
}

impl fmt::Display for ModuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ModuleErrorKind::NotWasm | ModuleErrorKind::Component | ModuleErrorKind::OtherBuild => {
                f.write_str(&self.message)
            }
            _ => {
                write!(f, "{} (", self.message)?;
                if let Some(func) = self.func {
                    write!(f, "in function {func}, ")?;
                }
                write!(f, "at offset {:#x})", self.offset)
            }
        }
    }
}

impl core::error::Error for ModuleError {}
