//! Imports run downwards: which modules each folder of this crate may name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer with those that it may use besides itself, from the bottom up.
const LAYERS: [(&str, &[&str]); 8] = [
    ("machine", &[]),
    ("dispatch", &["machine"]),
    ("ops", &["machine", "dispatch", "fnv"]),
    ("lower", &["machine", "dispatch", "ops"]),
    ("compile", &["machine", "dispatch", "ops", "lower"]),
    ("verify", &["machine", "dispatch", "ops", "lower"]),
    (
        "image",
        &[
            "machine", "dispatch", "ops", "lower", "compile", "verify", "fnv",
        ],
    ),
    (
        "inspect",
        &["machine", "dispatch", "ops", "lower", "compile"],
    ),
];

/// The files of `dispatch` that use the op table, ops to test themselves with, or how a call leaves the instance.
const TABLE_USERS: [&str; 5] = [
    "tail.rs",
    "switched.rs",
    "looped.rs",
    "self_test.rs",
    "slow.rs",
];

#[test]
fn imports_run_downwards() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (layer, below) in LAYERS {
        let files = files(&src.join(layer));
        assert!(!files.is_empty(), "{layer} is empty");
        for file in files {
            let text = fs::read_to_string(&file).expect("a text file");
            let named = file
                .file_name()
                .and_then(|name| name.to_str())
                .expect("a name");
            for used in modules(&text) {
                let allowed = used == layer
                    || below.contains(&used.as_str())
                    || layer == "dispatch" && used == "ops" && TABLE_USERS.contains(&named);
                assert!(
                    allowed,
                    "{} uses `{used}`, which is above it",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn only_dispatch_asks_for_the_processor() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in files(&src) {
        let text = fs::read_to_string(&file).expect("a text file");
        let asks = code(&text).any(|line| line.contains("target_arch"));
        assert!(
            !asks || file.starts_with(src.join("dispatch")),
            "{}",
            file.display()
        );
    }
}

/// The Rust files in a folder and those below.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Lines that are no comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// The modules of the crate's root that some code names: `crate::a::…`, `crate::{a, b::…}`.
fn modules(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in code(text) {
        for path in line.split("crate::").skip(1) {
            let list = path
                .strip_prefix('{')
                .map(|list| list.split('}').next().unwrap_or(list));
            for name in list.unwrap_or(path).split(',') {
                let name: String = name
                    .trim()
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                let is_module = name.starts_with(|c: char| c.is_ascii_lowercase());
                if is_module {
                    found.insert(name);
                }
                if list.is_none() {
                    break;
                }
            }
        }
    }
    found
}

#[test]
fn both_ways_of_naming_modules_are_seen() {
    let found = modules(
        "use crate::ops::{OPS, number};\nuse crate::{Error, runtime};\n// crate::inspect\n",
    );
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["ops", "runtime"]);
}
