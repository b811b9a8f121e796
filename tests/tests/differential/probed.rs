//! A program with a probe at each op computes what it computes without. Each op is told in words, too.

use std::sync::{Arc, Mutex, PoisonError};

use interp::Stepper;

use super::{GO_SEEDS, SEEDS, generate, go_shaped, number, ours};

/// What was seen of a module.
#[derive(Default)]
struct Seen {
    stepper: Stepper,
    ops: u64,
    /// Those whose text is empty, which must not be.
    silent: u64,
}

/// Runs a module with a probe at each op.
fn probed(seed: u64, bytes: &[u8]) -> (Vec<String>, Seen) {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let shared = seen.clone();
    let lines = ours::run_in(seed, bytes, seed % 2 == 1, move |store| {
        store.enable_probes(move |at| {
            let mut seen = shared.lock().unwrap_or_else(PoisonError::into_inner);
            seen.ops += 1;
            let step = seen.stepper.step(&at);
            seen.silent += u64::from(step.is_some_and(|step| step.op.is_empty()));
            Ok(())
        });
        store.probes().add(None, |_| true);
    });
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    (lines, std::mem::take(&mut *seen))
}

/// Compares modules with their plain runs.
#[track_caller]
fn compare(modules: impl Iterator<Item = (u64, Vec<u8>)>) {
    let (mut modules_run, mut ops) = (0, 0);
    for (seed, bytes) in modules {
        let plain = ours::run(seed, &bytes);
        let (lines, seen) = probed(seed, &bytes);
        assert_eq!(plain, lines, "seed {seed}");
        assert_eq!(seen.silent, 0, "seed {seed}");
        modules_run += 1;
        ops += seen.ops;
    }
    println!("{modules_run} modules with probes, {ops} ops: no difference");
    assert!(ops > 10 * modules_run, "few ops ran");
}

#[test]
fn random_modules_do_not_notice_probes() {
    let seeds = number("WASI_INTERP_SEEDS", SEEDS) / 3;
    let first = number("WASI_INTERP_FIRST_SEED", 0);
    compare((first..first + seeds).map(|seed| (seed, generate::module(seed, seed % 3 > 0))));
}

#[test]
fn modules_with_objects_do_not_notice_probes() {
    let seeds = number("WASI_INTERP_SEEDS", SEEDS) / 3;
    let first = number("WASI_INTERP_FIRST_SEED", 0);
    compare((first..first + seeds).map(|seed| (seed, generate::with_objects(seed))));
}

#[test]
fn functions_shaped_like_gos_do_not_notice_probes() {
    let seeds = number("WASI_INTERP_GO_SEEDS", GO_SEEDS) / 10;
    let first = number("WASI_INTERP_FIRST_SEED", 0);
    compare((first..first + seeds).map(|seed| (seed, go_shaped::module(seed))));
}
