//! [`Config`]: the settings of an engine.

use alloc::sync::Arc;

use crate::compile::module::{FEATURES, Validation};
use crate::compile::progress::Observer;
#[cfg(feature = "std")]
use crate::compile::progress::{Callback, Progress};
use crate::runtime::MemoryCreator;
use crate::runtime::engine::linear::{self, default_creator};
use wasmparser::WasmFeatures;

/// The settings of an [`Engine`](crate::Engine).
#[derive(Clone)]
pub struct Config {
    pub(crate) consume_fuel: bool,
    pub(crate) max_stack: usize,
    pub(crate) max_host_depth: u32,
    pub(crate) validation: Validation,
    pub(crate) features: WasmFeatures,
    #[cfg(feature = "canonical-nans")]
    pub(crate) canonical_nans: bool,
    pub(crate) memory: Arc<dyn MemoryCreator>,
    #[cfg(feature = "std")]
    progress: Option<Arc<Callback>>,
}

impl Config {
    /// The default limit of a store's value stack, in bytes. The stack is allocated when it is needed.
    // A Go call takes at least 3 or 4 slots of value stack, and a call of a usual function 10 to 30. This is enough for a
    // million nested calls of usual functions.
    const MAX_STACK: usize = if cfg!(feature = "std") {
        512 << 20
    } else {
        1 << 20
    };

    /// The default limit of nested host functions. Each level takes some hundred bytes of native stack, plus the stack of
    /// the host function.
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
            #[cfg(feature = "canonical-nans")]
            canonical_nans: false,
            memory: default_creator(),
            #[cfg(feature = "std")]
            progress: None,
        }
    }

    /// Sets whether programs consume fuel ([`Store::set_fuel`](crate::Store::set_fuel)): one unit for each call that wasm
    /// makes, to any callee, one for each backward branch of its bytecode, and one for each frame in which a thrown exception
    /// looks for its handler. A call by the embedder costs nothing.
    /// Instructions that process more bytes do not cost more.
    ///
    /// The same program with the same input consumes the same amount on every machine and with every back end. Another
    /// version of this crate may lower branches differently, and then count differently.
    pub fn consume_fuel(&mut self, yes: bool) -> &mut Self {
        self.consume_fuel = yes;
        self
    }

    /// Sets whether arithmetic gives the canonical NaN wherever WebAssembly does not say which NaN (off by default). Programs then compute
    /// the same bits on all processors. wasmtime calls it `cranelift_nan_canonicalization`.
    ///
    /// An op follows each instruction that may give such a NaN; others do not become slower.
    #[cfg(feature = "canonical-nans")]
    pub fn canonical_nans(&mut self, yes: bool) -> &mut Self {
        self.canonical_nans = yes;
        self
    }

    /// Whether NaNs are canonical.
    #[cfg(feature = "lowered-modules")]
    pub(crate) fn wants_canonical_nans(&self) -> bool {
        #[cfg(feature = "canonical-nans")]
        return self.canonical_nans;
        #[cfg(not(feature = "canonical-nans"))]
        return false;
    }

    /// Whether programs consume fuel.
    #[must_use]
    pub fn consumes_fuel(&self) -> bool {
        self.consume_fuel
    }

    /// Sets the maximum size of a store's value stack in bytes. A deeper recursion fails with
    /// [`Trap::StackOverflow`](crate::Trap::StackOverflow).
    pub fn max_stack_bytes(&mut self, bytes: usize) -> &mut Self {
        self.max_stack = bytes;
        self
    }

    /// Sets how deep host functions and wasm may call each other in turn. Unlike calls between wasm functions, these calls
    /// nest on the native stack.
    pub fn max_host_depth(&mut self, depth: u32) -> &mut Self {
        self.max_host_depth = depth;
        self
    }

    /// Sets when function bodies are validated.
    pub fn validation(&mut self, validation: Validation) -> &mut Self {
        self.validation = validation;
        self
    }

    /// Sets a function that is called after each function of a module when all of them are validated, lowered or verified: by
    /// [`Module::new`](crate::Module::new) and `Module::deserialize` with eager validation, and by
    /// [`Module::validate`](crate::Module::validate) and `Module::serialize`. The last call has all functions done. There is none after an error.
    ///
    /// Functions that are lowered at their first call are not reported.
    #[cfg(feature = "std")]
    pub fn on_progress(
        &mut self,
        callback: impl Fn(Progress) + Send + Sync + 'static,
    ) -> &mut Self {
        self.progress = Some(Arc::new(callback));
        self
    }

    /// What receives the progress.
    pub(crate) fn observer(&self) -> Observer<'_> {
        #[cfg(feature = "std")]
        return Observer(self.progress.as_deref());
        #[cfg(not(feature = "std"))]
        return Observer::NONE;
    }

    /// Sets whether modules may have several memories (on by default).
    pub fn wasm_multi_memory(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::MULTI_MEMORY, yes);
        self
    }

    /// Sets whether modules may use tail calls (on by default).
    pub fn wasm_tail_call(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::TAIL_CALL, yes);
        self
    }

    /// Sets whether modules may use vectors of 128 bits (on by default).
    #[cfg(feature = "simd")]
    pub fn wasm_simd(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::SIMD, yes);
        self
    }

    /// Sets whether modules may use relaxed instructions on vectors (on by default). Their results are the same on all hosts.
    #[cfg(feature = "simd")]
    pub fn wasm_relaxed_simd(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::RELAXED_SIMD, yes);
        self
    }

    /// Sets whether modules may use exceptions, references to them, and exceptions in the proposal's old form (on by default).
    #[cfg(feature = "exceptions")]
    pub fn wasm_exceptions(&mut self, yes: bool) -> &mut Self {
        let both = WasmFeatures::EXCEPTIONS.union(WasmFeatures::LEGACY_EXCEPTIONS);
        self.features.set(both, yes);
        self
    }

    /// Sets whether modules may use references to functions of a declared type, and references without null (on by default). Garbage
    /// collection needs them.
    #[cfg(feature = "gc")]
    pub fn wasm_function_references(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::FUNCTION_REFERENCES, yes);
        self
    }

    /// Sets whether modules may use structures, arrays and other values that are garbage collected (on by default).
    #[cfg(feature = "gc")]
    pub fn wasm_gc(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::GC, yes);
        self
    }

    /// Sets whether modules may use arithmetic in constant expressions (on by default).
    pub fn wasm_extended_const(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::EXTENDED_CONST, yes);
        self
    }

    /// Sets whether memories and tables may have 64-bit addresses and indices (on by default). Such a memory can have up to
    /// 1 TiB on hosts with 64-bit addresses.
    #[cfg(feature = "memory64")]
    pub fn wasm_memory64(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::MEMORY64, yes);
        self
    }

    /// Sets whether memories may have pages of one byte (on by default).
    pub fn wasm_custom_page_sizes(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::CUSTOM_PAGE_SIZES, yes);
        self
    }

    /// Sets whether modules may use wide arithmetic, sums and products of 128 bits (on by default).
    #[cfg(feature = "wide-arithmetic")]
    pub fn wasm_wide_arithmetic(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::WIDE_ARITHMETIC, yes);
        self
    }

    /// Sets whether modules may use atomic instructions and shared memories (on by default). One thread runs a store: a
    /// program that starts threads does not work.
    #[cfg(feature = "threads")]
    pub fn wasm_threads(&mut self, yes: bool) -> &mut Self {
        self.features.set(WasmFeatures::THREADS, yes);
        self
    }

    /// Sets the source of linear memories.
    ///
    /// By default, 64-bit hosts with an operating system reserve address space, so that a growing memory is never copied.
    /// Other hosts allocate memory. A board provides a [`FixedRegion`](crate::FixedRegion).
    pub fn memory_creator(&mut self, creator: Arc<dyn MemoryCreator>) -> &mut Self {
        self.memory = creator;
        self
    }

    /// Allocates linear memories instead of reserving address space for them. They are copied when they grow. This is for
    /// hosts that restrict address space.
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
