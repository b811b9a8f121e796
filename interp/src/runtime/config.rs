//! [`Config`]: what an embedder decides before it makes an engine.

use alloc::sync::Arc;

use super::MemoryCreator;
use super::linear::{self, default_creator};
use crate::compile::module::{FEATURES, Validation};
use wasmparser::WasmFeatures;

/// The settings of an [`Engine`](super::Engine).
#[derive(Clone)]
pub struct Config {
    pub(crate) consume_fuel: bool,
    pub(crate) max_stack: usize,
    pub(crate) max_host_depth: u32,
    pub(crate) validation: Validation,
    pub(crate) features: WasmFeatures,
    pub(crate) memory: Arc<dyn MemoryCreator>,
}

impl Config {
    /// The value stack of a store where nothing else is said, in bytes. It is allocated as it is needed.
    // A Go call takes 3 or 4 slots of value stack at least, a call of a usual function 10 to 30: this
    // is what a million nested calls of usual functions take.
    const MAX_STACK: usize = if cfg!(feature = "std") {
        512 << 20
    } else {
        1 << 20
    };

    /// How deep host functions may call back where nothing else is said: each level takes some
    /// hundred bytes of native stack, and whatever the host function takes.
    const MAX_HOST_DEPTH: u32 = if cfg!(feature = "std") { 200 } else { 16 };

    /// The default settings.
    #[must_use]
    pub fn new() -> Self {
        Self {
            consume_fuel: false,
            max_stack: Self::MAX_STACK,
            max_host_depth: Self::MAX_HOST_DEPTH,
            validation: Validation::Eager,
            features: FEATURES,
            memory: default_creator(),
        }
    }

    /// Whether programs consume fuel ([`Store::set_fuel`](super::Store::set_fuel)): one unit for each call that wasm
    /// makes, whoever the callee is, and one for each backward branch that its bytecode takes. A call by the embedder
    /// itself costs nothing, and no instruction costs more for handling more bytes.
    ///
    /// The same program with the same input consumes the same on every machine, with either dispatcher. Another version
    /// of this crate may turn other branches of wasm into backward ones, and so count otherwise.
    pub fn consume_fuel(&mut self, yes: bool) -> &mut Self {
        self.consume_fuel = yes;
        self
    }

    /// Whether programs consume fuel.
    #[must_use]
    pub fn consumes_fuel(&self) -> bool {
        self.consume_fuel
    }

    /// The most bytes that the value stack of a store may take. Deeper recursion is
    /// [`Trap::StackOverflow`](crate::Trap::StackOverflow).
    pub fn max_stack_bytes(&mut self, bytes: usize) -> &mut Self {
        self.max_stack = bytes;
        self
    }

    /// How often host functions and wasm may call each other in turn. Unlike calls between wasm functions, these
    /// nest on the native stack.
    pub fn max_host_depth(&mut self, depth: u32) -> &mut Self {
        self.max_host_depth = depth;
        self
    }

    /// When function bodies are validated.
    pub fn validation(&mut self, validation: Validation) -> &mut Self {
        self.validation = validation;
        self
    }

    /// Whether modules may have several memories (on by default).
    pub fn wasm_multi_memory(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::MULTI_MEMORY, yes);
        self
    }

    /// Whether modules may call in tail position without growing the stack (on by default).
    pub fn wasm_tail_call(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::TAIL_CALL, yes);
        self
    }

    /// Whether modules may compute in constant expressions (on by default).
    pub fn wasm_extended_const(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::EXTENDED_CONST, yes);
        self
    }

    /// Where the linear memories of programs come from.
    ///
    /// The default reserves address space on 64-bit hosts with an operating system, so that a growing memory
    /// is never copied, and allocates elsewhere. A board hands over a [`FixedRegion`](super::FixedRegion).
    pub fn memory_creator(&mut self, creator: Arc<dyn MemoryCreator>) -> &mut Self {
        self.memory = creator;
        self
    }

    /// Allocates linear memories instead of reserving address space for them; they are copied when
    /// they grow. For hosts that restrict address space.
    pub fn memory_reallocated(&mut self) -> &mut Self {
        self.memory_creator(Arc::new(linear::Reallocated))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}

impl core::fmt::Debug for Config {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Config")
            .field("consume_fuel", &self.consume_fuel)
            .field("max_stack", &self.max_stack)
            .field("max_host_depth", &self.max_host_depth)
            .field("validation", &self.validation)
            .finish_non_exhaustive()
    }
}
