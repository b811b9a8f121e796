//! What is fuzzed. A target takes any bytes; it fails by a panic.

mod compare;
mod fat;
mod lower;
mod lowered;
mod paths;
mod replayed;
mod settings;
mod states;
mod tar;

/// A target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, and that of its folder in `corpus`.
    pub name: &'static str,
    /// Runs it on an input.
    pub run: fn(&[u8]),
    /// Pieces of input that have a meaning.
    pub words: &'static [&'static [u8]],
    /// The most bytes that are worth a try.
    pub longest: usize,
}

/// All targets.
pub const TARGETS: [Target; 10] = [
    lower::TARGET,
    lowered::TARGET,
    states::TARGET,
    states::WORLD,
    replayed::TARGET,
    compare::TARGET,
    paths::TARGET,
    fat::TARGET,
    tar::TARGET,
    settings::TARGET,
];
