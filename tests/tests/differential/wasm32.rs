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

/// The inner interpreter is built without vectors, as some kernels are. It refuses them by name, and says how to do without.
#[test]
#[ignore = "needs the interpreter as a WebAssembly module: cargo xtask test wasm32"]
fn without_the_feature_vectors_are_refused() {
    let path = std::env::var_os("WASI_INTERP_WASM32").expect("the step wasm32 sets it");
    let engine = Engine::default();
    let inner = Module::from_file(&engine, path).expect("it was built");
    for text in [
        "(func (drop (v128.const i64x2 0 0)))",
        "(func (param v128))",
        "(global v128 (v128.const i64x2 0 0))",
        "(func (local v128))",
        "(func (param i32) unreachable i8x16.relaxed_swizzle drop)",
    ] {
        let bytes = wat::parse_str(format!("(module {text})")).expect("the text is a module");
        let here = ours::run(0, &bytes).join("\n");
        assert!(!here.contains("refused: "), "{text}: {here}");
        let there = there(&engine, &inner, 0, &bytes);
        let words = [
            "refused: ",
            "the module uses SIMD",
            "-mno-simd128",
            "offset 0x",
        ];
        for word in words {
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
