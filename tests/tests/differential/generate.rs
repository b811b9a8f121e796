//! Random modules, and random arguments for their functions. A seed always gives the same ones.

use wasm_smith::{Config, Module};

use super::seen::Random;

/// The number of calls and loop turns until a module traps by itself.
const TURNS: u32 = 2_000;

/// The module of `seed`, with or without vectors and other proposals.
pub(crate) fn module(seed: u64, proposals: bool) -> Vec<u8> {
    let mut random = Random::new(seed);
    let length = 2048 + random.below(16 * 1024);
    let bytes: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
    module_of(seed, &bytes, proposals)
}

/// A module with exceptions, typed references, structures and arrays. It imports nothing.
#[allow(
    dead_code,
    reason = "the fuzz target compares with an engine that has no objects"
)]
pub(crate) fn with_objects(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let length = 2048 + random.below(16 * 1024);
    let bytes: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
    let config = Config {
        max_imports: 0,
        exceptions_enabled: true,
        gc_enabled: true,
        max_types: 60,
        // Most bodies end in a trap otherwise.
        disallow_traps: !seed.is_multiple_of(4),
        min_exports: 4,
        ..config(seed, false)
    };
    generated(config, &bytes)
}

/// The module that wasm-smith makes of `bytes`; the seed decides how it may look.
pub(crate) fn module_of(seed: u64, bytes: &[u8], proposals: bool) -> Vec<u8> {
    generated(config(seed, proposals), bytes)
}

fn config(seed: u64, proposals: bool) -> Config {
    Config {
        export_everything: true,
        canonicalize_nans: true,
        max_imports: [0, 0, 8][seed as usize % 3],
        max_instructions: [50, 200, 1000][seed as usize / 3 % 3],
        min_funcs: 4,
        max_funcs: 20,
        disallow_traps: guarded(seed),
        // Segments seldom fit, and nothing runs then.
        max_data_segments: 2,
        max_element_segments: 4,
        allow_start_export: (seed as usize / 18).is_multiple_of(4),
        max_memories: 1 + seed as usize % 3,
        max_memory32_bytes: 8 * 65_536,
        max_memory64_bytes: 8 * 65_536,
        memory_max_size_required: true,
        max_tables: 3,
        max_table_elements: 500,
        table_max_size_required: true,
        simd_enabled: proposals,
        // The results depend on the engine.
        relaxed_simd_enabled: false,
        memory64_enabled: proposals,
        custom_page_sizes_enabled: proposals,
        wide_arithmetic_enabled: proposals,
        // Features that wasmi does not support.
        threads_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        compact_imports_enabled: false,
        ..Config::default()
    }
}

fn generated(config: Config, bytes: &[u8]) -> Vec<u8> {
    let mut source = arbitrary::Unstructured::new(bytes);
    let mut module = Module::new(config, &mut source).expect("any bytes make a module");
    let limited = module.ensure_termination(TURNS);
    limited.expect("the module has no more globals than it may");
    module.to_bytes()
}

/// Returns whether the module of `seed` guards all instructions that could trap, except for the limit of turns. Such code
/// runs longer. The other half of the modules compares traps.
pub(crate) fn guarded(seed: u64) -> bool {
    (seed / 9).is_multiple_of(2)
}
