//! Valid modules that wasm-smith makes of the input: they must do here what they do in wasmi.

use super::Target;

#[path = "../../../tests/differential/generate.rs"]
#[allow(dead_code, reason = "the differential test has more use for it")]
mod generate;
#[path = "../../../tests/differential/ours.rs"]
#[allow(dead_code, reason = "the differential test has more use for it")]
mod ours;
#[path = "../../../tests/differential/seen.rs"]
#[allow(dead_code, reason = "the differential test has more use for it")]
mod seen;
#[path = "../../../tests/differential/theirs.rs"]
#[allow(dead_code, reason = "the differential test has more use for it")]
mod theirs;

pub(super) const TARGET: Target = Target {
    name: "compare",
    run,
    words: &[],
    longest: 4096,
};

fn run(input: &[u8]) {
    let Some((kind, bytes)) = input.split_first() else {
        return;
    };
    let seed = u64::from(*kind);
    // Kinds from 128 on have vectors.
    let module = generate::module_of(seed, bytes, *kind >= 128);
    let (ours, theirs) = (ours::run(seed, &module), theirs::run(seed, &module));
    let same = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    // A fault of wasmi's, as the differential test describes it.
    let divided = theirs
        .get(same)
        .is_some_and(|line| line.ends_with("trapped: division by zero"));
    let known = divided && generate::guarded(seed);
    assert!(
        known || same == ours.len().max(theirs.len()),
        "line {same} of kind {kind}: {:?} here, {:?} in wasmi",
        ours.get(same),
        theirs.get(same)
    );
}
