//! Random modules, and random arguments for their functions. A seed always gives the same ones.

use wasm_smith::{Config, Module};

use crate::Value;

/// The number of calls and loop turns until a module traps by itself.
const TURNS: u32 = 2_000;

/// The module of `seed`.
pub(crate) fn module(seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    let length = 2048 + random.below(16 * 1024);
    let bytes: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
    let config = Config {
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
        memory_max_size_required: true,
        max_tables: 3,
        max_table_elements: 500,
        table_max_size_required: true,
        // Features that the interpreter does not support.
        simd_enabled: false,
        relaxed_simd_enabled: false,
        threads_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        memory64_enabled: false,
        wide_arithmetic_enabled: false,
        compact_imports_enabled: false,
        ..Config::default()
    };
    let mut source = arbitrary::Unstructured::new(&bytes);
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

/// The kind of an argument.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    I32,
    I64,
    F32,
    F64,
    Ref,
}

/// Random arguments, the same ones for both sides.
pub(crate) struct Arguments(Random);

impl Arguments {
    /// The arguments for the module of `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(Random(!seed))
    }

    /// The next one.
    pub(crate) fn next(&mut self, kind: Kind) -> Value {
        let small = self.0.next().is_multiple_of(2);
        let bits = if small {
            self.0.next() % 8
        } else {
            self.0.next()
        };
        match kind {
            // Random bits in a type of any width: the high ones are not needed.
            Kind::I32 => Value::I32(bits as i32),
            Kind::I64 => Value::I64(bits as i64),
            Kind::F32 if small => Value::F32((bits as f32 - 4.0).to_bits()),
            Kind::F64 if small => Value::F64((bits as f64 - 4.0).to_bits()),
            // Only canonical NaNs, because the specification does not determine the results of others.
            Kind::F32 => Value::F32(canonical32(bits as u32)),
            Kind::F64 => Value::F64(canonical64(bits)),
            Kind::Ref => Value::Null,
        }
    }
}

/// The result of host function call number `call`.
pub(crate) fn host_result(call: u64, kind: Kind) -> Value {
    Arguments(Random(call)).next(kind)
}

fn canonical32(bits: u32) -> u32 {
    let nan = f32::from_bits(bits).is_nan();
    if nan { 0x7fc0_0000 } else { bits }
}

fn canonical64(bits: u64) -> u64 {
    let nan = f64::from_bits(bits).is_nan();
    if nan { 0x7ff8_0000_0000_0000 } else { bits }
}

/// SplitMix64: a small generator whose first numbers are already well mixed.
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
