//! Every input of the corpora runs, in whatever way the program is built; and the search finds faults.

use std::path::Path;
use std::time::Duration;

use fuzz::search::{Plan, corpus, search};
use fuzz::{TARGETS, Target};

#[test]
fn all_inputs_of_the_corpora_pass() {
    for target in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(target.name);
        let inputs = corpus(&folder).expect("each target has a corpus");
        assert!(inputs.len() > 1, "{} has inputs", target.name);
        for input in inputs {
            (target.run)(&input);
        }
    }
}

/// A target with a fault that random bytes never meet, but changes of its one input do.
const FAULTY: Target = Target {
    name: "faulty",
    run: |input| assert!(!input.windows(4).any(|window| window == b"boom"), "found"),
    words: &[b"boom"],
    longest: 64,
};

#[test]
fn a_fault_is_found_and_its_input_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = Plan {
        runs: 10_000,
        time: Duration::MAX,
        seed: 1,
        folder: folder.path().join("faulty"),
        grow: None,
    };
    let outcome = search(&FAULTY, vec![b"calm".to_vec()], &plan).expect("files can be written");
    let failed = outcome.failed.expect("it is found");
    let input = std::fs::read(failed).expect("it was kept");
    assert!(input.windows(4).any(|window| window == b"boom"));
    // Without the word it takes forever.
    let blind = Target {
        words: &[],
        ..FAULTY
    };
    let outcome = search(&blind, vec![b"calm".to_vec()], &plan).expect("files can be written");
    assert!(outcome.failed.is_none());
    assert_eq!(outcome.runs, 10_000);
}
