//! WebAssembly proposals that the interpreter does not support, with the compiler options that avoid them.

use alloc::format;
use alloc::string::String;

use wasmparser::WasmFeatures;

use super::module::FEATURES;

/// A proposal.
struct Proposal {
    feature: WasmFeatures,
    /// The name in wasmparser's list of instructions.
    key: &'static str,
    name: &'static str,
    /// The compiler options that avoid it.
    without: &'static str,
}

const NO_THREADS: &str = "build without it: for wasm32-wasip1, not wasm32-wasip1-threads, and without -pthread and -matomics (clang, zig cc, Emscripten), \
     without -C target-feature=+atomics (rustc), with -scheduler=asyncify or none (TinyGo)";
const NO_EXCEPTIONS: &str = "build without it: -fno-exceptions, without -fwasm-exceptions and -mllvm -wasm-enable-sjlj (clang, zig c++, Emscripten), \
     -C panic=abort (rustc); Kotlin and Dart cannot do without";
const NO_GC: &str = "programs in C, C++, Rust, Zig, Go and TinyGo do without; Kotlin, Dart, Java, Scheme and OCaml compiled to it cannot";
const NO_MEMORY64: &str =
    "build for wasm32, not wasm64 (clang, zig cc, rustc), and without -sMEMORY64 (Emscripten)";
const NO_SIMD: &str = "build without it: -mno-simd128 or no -msimd128 (clang, zig cc, Emscripten), -C target-feature=-simd128 (rustc), \
     -mcpu=generic (zig), without GOEXPERIMENT=simd (Go)";
const NO_WIDE: &str = "build without it: -mno-wide-arithmetic (clang, zig cc, Emscripten), -C target-feature=-wide-arithmetic (rustc)";
const NO_COMPILER: &str = "no compiler uses it unless asked for: look for the option that asks";

/// All proposals that no build supports, and those that only some builds support.
const MISSING: [Proposal; 18] = {
    const fn row(
        feature: WasmFeatures,
        key: &'static str,
        name: &'static str,
        without: &'static str,
    ) -> Proposal {
        Proposal {
            feature,
            key,
            name,
            without,
        }
    }
    [
        row(
            WasmFeatures::SIMD,
            "simd",
            "SIMD (vectors of 128 bits)",
            NO_SIMD,
        ),
        row(
            WasmFeatures::RELAXED_SIMD,
            "relaxed_simd",
            "relaxed SIMD",
            NO_SIMD,
        ),
        row(
            WasmFeatures::THREADS,
            "threads",
            "threads (shared memories and atomic instructions)",
            NO_THREADS,
        ),
        row(
            WasmFeatures::ACQUIRE_RELEASE_ATOMICS,
            "acquire_release_atomics",
            "acquire and release atomics",
            NO_THREADS,
        ),
        row(
            WasmFeatures::SHARED_EVERYTHING_THREADS,
            "shared_everything_threads",
            "shared-everything threads",
            NO_THREADS,
        ),
        row(
            WasmFeatures::LEGACY_EXCEPTIONS,
            "legacy_exceptions",
            "exceptions in their old form (try and catch)",
            NO_EXCEPTIONS,
        ),
        row(
            WasmFeatures::EXCEPTIONS,
            "exceptions",
            "exceptions (tags, throw, try_table)",
            NO_EXCEPTIONS,
        ),
        row(
            WasmFeatures::MULTIBYTE_ARRAY_ACCESS,
            "multibyte_array_access",
            "wide access to arrays of bytes",
            NO_GC,
        ),
        row(
            WasmFeatures::CUSTOM_DESCRIPTORS,
            "custom_descriptors",
            "custom descriptors of garbage-collected types",
            NO_GC,
        ),
        row(
            WasmFeatures::GC,
            "gc",
            "garbage-collected types (GC)",
            NO_GC,
        ),
        row(
            WasmFeatures::FUNCTION_REFERENCES,
            "function_references",
            "typed function references",
            NO_GC,
        ),
        row(
            WasmFeatures::MEMORY64,
            "memory64",
            "64-bit memories and tables (memory64)",
            NO_MEMORY64,
        ),
        row(
            WasmFeatures::CUSTOM_PAGE_SIZES,
            "custom_page_sizes",
            "custom page sizes",
            "link without --page-size (wasm-ld)",
        ),
        row(
            WasmFeatures::WIDE_ARITHMETIC,
            "wide_arithmetic",
            "wide arithmetic (128-bit sums and products)",
            NO_WIDE,
        ),
        row(
            WasmFeatures::STACK_SWITCHING,
            "stack_switching",
            "stack switching (continuations)",
            NO_COMPILER,
        ),
        row(
            WasmFeatures::MEMORY_CONTROL,
            "memory_control",
            "memory control (memory.discard)",
            NO_COMPILER,
        ),
        row(
            WasmFeatures::COMPACT_IMPORTS,
            "compact_imports",
            "compact import sections",
            NO_COMPILER,
        ),
        row(
            WasmFeatures::CALL_INDIRECT_OVERLONG,
            "call_indirect_overlong",
            "table indices in a long form",
            NO_COMPILER,
        ),
    ]
};

/// Why a module is refused that uses a proposal.
pub(super) struct Refusal {
    pub(super) message: String,
    /// The proposal's name in wasmparser's list, if this build has it and it is turned off.
    pub(super) turned_off: Option<&'static str>,
}

/// Refuses an instruction of a proposal. `key` is the name in wasmparser's list.
pub(super) fn of_instruction(key: &str) -> Refusal {
    match MISSING.iter().find(|proposal| proposal.key == key) {
        Some(proposal) => proposal.refusal(),
        None => unknown(key),
    }
}

/// Messages of wasmparser that do not name the missing feature, with their proposals.
const WORDS: [(&str, &str); 6] = [
    // wasmparser is built without these instructions and has no names for them. Relaxed SIMD is one of them.
    ("unexpected SIMD opcode", "simd"),
    ("gc proposal", "gc"),
    ("GC proposal", "gc"),
    ("stack switching proposal", "stack_switching"),
    (
        "shared-everything-threads proposal",
        "shared_everything_threads",
    ),
    ("custom descriptors proposal", "custom_descriptors"),
];

/// Returns the refusal that an error of wasmparser means, if it is about a proposal.
pub(super) fn of_error(error: &wasmparser::Error) -> Option<Refusal> {
    let message = error.message();
    if let Some((_, key)) = WORDS.iter().find(|(words, _)| message.contains(words)) {
        return Some(of_instruction(key));
    }
    let features = error.missing_wasm_feature()?;
    let found = MISSING
        .iter()
        .find(|proposal| features.intersects(proposal.feature));
    Some(found.map_or_else(|| unknown(message), Proposal::refusal))
}

impl Proposal {
    fn refusal(&self) -> Refusal {
        let Self { name, without, .. } = self;
        if FEATURES.contains(self.feature) {
            return Refusal {
                message: format!("the module uses {name}, which is turned off"),
                turned_off: Some(self.key),
            };
        }
        Refusal {
            message: format!(
                "the module uses {name}, which this interpreter does not have; {without}"
            ),
            turned_off: None,
        }
    }
}

fn unknown(what: &str) -> Refusal {
    Refusal {
        message: format!(
            "the module uses a proposal that this interpreter does not have, or that is turned off: {what}"
        ),
        turned_off: None,
    }
}
