//! Checks that the files and folders named in ARCHITECTURE.md exist.

use std::fs;

use tests::tools::repository;

/// The folders to which paths in the document are relative.
const ROOTS: [&str; 8] = [
    "",
    "interp",
    "interp/src",
    "wasi-shim",
    "wasi-shim/src",
    "host-cli/src",
    "boards/src",
    "boards",
];

#[test]
fn the_map_names_files_that_exist() {
    let text = fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("there is a map");
    let is_path = |word: &&str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/.-_".contains(c);
        // BOARD and NAME are placeholders.
        let open = word.contains("BOARD") || word.contains("NAME");
        word.contains('/') && word.chars().all(plain) && !open
    };
    let words: Vec<_> = text.split('`').skip(1).step_by(2).filter(is_path).collect();
    assert!(words.len() > 40, "only {} paths were found", words.len());
    for word in words {
        let found = ROOTS
            .iter()
            .any(|root| repository().join(root).join(word).exists());
        assert!(
            found || FOLDERS_OF_COMPILE.contains(&word),
            "ARCHITECTURE.md names {word}, which does not exist"
        );
    }
}

/// These folders are named in the line about their parent.
const FOLDERS_OF_COMPILE: [&str; 2] = ["module/", "func/"];

#[test]
fn the_map_is_short() {
    let text = fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("there is a map");
    assert!(text.lines().count() <= 250, "a map that nobody reads");
}
