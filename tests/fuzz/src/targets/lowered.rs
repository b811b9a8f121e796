//! Modules in lowered form: some of their granules are changed, and then all functions are verified and the exported ones run.
//!
//! The first byte of the input is a number of changes. Each change has four bytes: a place from the end of the file, which is code in most
//! files, and the granule that is written there. A module follows. So inputs stay useful when ops get other numbers.

use interp::{Config, Engine, Module, Validation};

use super::Target;
use super::lower::call_exports;

pub(super) const TARGET: Target = Target {
    name: "lowered",
    run,
    words: &[
        b"\0asm\x01\0\0\0",
        &[1, 2, 0, 1, 0],
        &[2, 2, 0, 1, 0, 4, 0, 0xff, 0xff],
    ],
    longest: 4096,
};

fn run(input: &[u8]) {
    let Some((count, rest)) = input.split_first() else {
        return;
    };
    let Some((changes, wasm)) = rest.split_at_checked(4 * usize::from(count % 16)) else {
        return;
    };
    let mut config = Config::new();
    config.consume_fuel(true).max_stack_bytes(1 << 16);
    let eager = Engine::new(&config);
    let lazy = Engine::new(config.validation(Validation::Lazy));
    let Ok(module) = Module::new(&eager, wasm.to_vec()) else {
        return;
    };
    // Not all modules have a lowered form.
    let Ok(mut bytes) = module.serialize() else {
        return;
    };
    for change in changes.as_chunks::<4>().0 {
        let [a, b, c, d] = *change;
        let from_end = 2 * (1 + usize::from(u16::from_le_bytes([a, b])));
        if let Some(at) = bytes.len().checked_sub(from_end) {
            bytes[at..at + 2].copy_from_slice(&[c, d]);
        }
    }
    let is_whole = Module::deserialize(&eager, bytes.clone()).is_ok();
    assert!(is_whole || count % 16 > 0, "what was written can be read");
    if let Ok(module) = Module::deserialize(&lazy, bytes) {
        call_exports(&lazy, &module);
    }
}
