//! Runs the interpreter, compiled to wasm32, in the interpreter of this processor. Both must record the same results.
//!
//! The inner interpreter dispatches by the loop, has addresses of 32 bits, and contains no assembly. It is `tests/wasm32`,
//! built by `cargo xtask test wasm32`.

use interp::{Engine, Instance, Module, Store};

use crate::{generate, go_shaped, ours};

/// The number of seeds of each generator.
const SEEDS: u64 = 40;

#[test]
#[ignore = "needs the interpreter as a WebAssembly module: cargo xtask test wasm32"]
fn the_interpreter_in_wasm32_sees_the_same() {
    let path = std::env::var_os("WASI_INTERP_WASM32").expect("the step wasm32 sets it");
    let engine = Engine::default();
    let inner = Module::from_file(&engine, path).expect("it was built");
    let mut returned = 0;
    for seed in 0..SEEDS {
        for bytes in [generate::module(seed, false), go_shaped::module(seed)] {
            let here = ours::run(seed, &bytes);
            let there = there(&engine, &inner, seed, &bytes);
            returned += here
                .iter()
                .filter(|line| line.contains(" returned "))
                .count();
            // Names in the record may contain line ends.
            assert_eq!(there, here.join("\n"), "seed {seed}");
        }
    }
    assert!(returned as u64 > SEEDS, "the modules do something");
}

/// Modules that need a feature of the crate, and words of their refusals.
const REFUSED: [(&str, [&str; 2]); 11] = [
    ("(func (drop (v128.const i64x2 0 0)))", SIMD),
    ("(func (param v128))", SIMD),
    ("(global v128 (v128.const i64x2 0 0))", SIMD),
    ("(func (local v128))", SIMD),
    (
        "(func (param i32) unreachable i8x16.relaxed_swizzle drop)",
        SIMD,
    ),
    ("(memory i64 1)", MEMORY64),
    ("(table i64 1 funcref)", MEMORY64),
    (
        "(func (i64.mul_wide_s (i64.const 1) (i64.const 1)) drop drop)",
        ["wide arithmetic", "-mno-wide-arithmetic"],
    ),
    ("(tag)", EXCEPTIONS),
    ("(func try_table end)", EXCEPTIONS),
    (
        "(func atomic.fence)",
        [
            "threads (shared memories and atomic instructions)",
            "-matomics",
        ],
    ),
];
const SIMD: [&str; 2] = ["SIMD", "-mno-simd128"];
const MEMORY64: [&str; 2] = ["64-bit memories and tables", "wasm32, not wasm64"];
const EXCEPTIONS: [&str; 2] = ["exceptions", "-fno-exceptions"];

/// The inner interpreter is built without features, as kernels are. It refuses what needs them by name, and says how to do without.
#[test]
#[ignore = "needs the interpreter as a WebAssembly module: cargo xtask test wasm32"]
fn without_its_feature_a_proposal_is_refused() {
    let path = std::env::var_os("WASI_INTERP_WASM32").expect("the step wasm32 sets it");
    let engine = Engine::default();
    let inner = Module::from_file(&engine, path).expect("it was built");
    for (text, [name, option]) in REFUSED {
        let bytes = wat::parse_str(format!("(module {text})")).expect("the text is a module");
        let here = ours::run(0, &bytes).join("\n");
        assert!(!here.contains("refused: "), "{text}: {here}");
        let there = there(&engine, &inner, 0, &bytes);
        let uses = format!("the module uses {name}");
        for word in ["refused: ", &uses, option, "offset 0x"] {
            assert!(there.contains(word), "{text}: {there}");
        }
    }
}

/// Returns the record of the interpreter in the module `inner`.
fn there(engine: &Engine, inner: &Module, seed: u64, bytes: &[u8]) -> String {
    let mut store = Store::new(engine, ());
    let instance = Instance::instantiate(&mut store, inner, &[]).expect("it imports nothing");
    let room = instance.get_typed_func::<u32, u32>(&store, "room");
    let run = instance.get_typed_func::<(u64, u32, u32), u64>(&store, "run");
    let memory = instance
        .get_memory(&store, "memory")
        .expect("it is exported");
    let len = bytes.len() as u32;
    let at = room.expect("it is exported").call(&mut store, len);
    let at = at.expect("there is room");
    memory
        .write(&mut store, at as usize, bytes)
        .expect("there is room");
    let lines = run
        .expect("it is exported")
        .call(&mut store, (seed, at, len));
    let lines = lines.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    let mut text = vec![0; (lines >> 32) as usize];
    memory
        .read(&store, lines as u32 as usize, &mut text)
        .expect("the text lies there");
    String::from_utf8(text).expect("it is text")
}
