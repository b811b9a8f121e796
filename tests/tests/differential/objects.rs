//! Random modules with exceptions, typed references, structures and arrays. wasmi has none of these, so a run is compared with one under
//! other settings. By hand, wasmtime judges:
//!
//! ```text
//! pip install --target DIR wasmtime
//! WASI_INTERP_SEEDS=10000 WASI_INTERP_SAVE=FOLDER cargo test --profile quick -p tests --test differential objects
//! PYTHONPATH=DIR python3 tests/tests/differential/judge.py FOLDER/*.wasm
//! ```

use std::fs;
use std::path::Path;

use super::{SEEDS, difference, generate, number, ours, report};

#[test]
fn random_modules_with_objects_do_the_same_with_other_settings() {
    let first = number("WASI_INTERP_FIRST_SEED", 0);
    let seeds = number("WASI_INTERP_SEEDS", SEEDS);
    let folder = std::env::var_os("WASI_INTERP_SAVE");
    let (mut returned, mut threw, mut trapped) = (0, 0, 0);
    for seed in first..first + seeds {
        let bytes = generate::with_objects(seed);
        let lines = ours::run_with(seed, &bytes, false);
        let others = ours::run_with(seed, &bytes, true);
        // With other settings the heap is full at another moment.
        let is_full = |lines: &[String]| lines.iter().any(|line| line.ends_with("heap full"));
        if !is_full(&lines)
            && !is_full(&others)
            && let Some(at) = difference(&lines, &others)
        {
            let name = format!("{seed}-objects");
            panic!("{}", report(&name, &bytes, &lines, &others, at));
        }
        if let Some(folder) = &folder {
            let path = Path::new(folder).join(format!("{seed}.wasm"));
            fs::write(path.with_extension("ours"), lines.join("\n")).expect("the folder exists");
            fs::write(path, bytes).expect("the folder exists");
        }
        let count = |word| lines.iter().filter(|line| line.contains(word)).count() as u64;
        returned += count(" returned ");
        threw += count(" threw");
        trapped += count(" trapped: ");
    }
    println!("{seeds} modules: {returned} calls returned, {trapped} trapped, {threw} threw");
    assert!(
        seeds < 100 || returned > seeds / 4 && trapped > seeds / 4,
        "the modules do too little: {returned} calls returned, {trapped} trapped, {threw} threw"
    );
}
