//! Checks the tutorial in CONTRIBUTING.md: its changes apply to a copy of the sources, and the copy compiles.
//!
//! Each block of code belongs to the file that the text before it names. A `diff` changes that file. Any other block is the
//! text of a new file, or occurs in the file as it is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tests::tools::{repository, target};

/// A block of code in the tutorial.
struct Block<'a> {
    /// `diff`, `rust`, `toml` or another language.
    language: &'a str,
    /// The file, relative to the repository.
    file: &'a str,
    text: String,
}

/// The blocks of the section "A first change", without those of commands.
fn blocks(tutorial: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut file = "";
    let mut lines = tutorial.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let text = lines
                .by_ref()
                .take_while(|line| *line != "```")
                .fold(String::new(), |text, line| text + line + "\n");
            if language != "console" {
                blocks.push(Block {
                    language,
                    file,
                    text,
                });
            }
        } else {
            let paths = line.split('`').skip(1).step_by(2);
            file = paths
                .filter(|word| word.contains('/'))
                .last()
                .unwrap_or(file);
        }
    }
    blocks
}

/// The section between two headings.
fn section() -> String {
    let text = fs::read_to_string(repository().join("CONTRIBUTING.md")).expect("there is a guide");
    let (_, rest) = text
        .split_once("\n## A first change\n")
        .expect("the guide has a tutorial");
    let (section, _) = rest.split_once("\n## ").expect("sections follow it");
    section.to_owned()
}

/// Replaces the old lines of a diff by its new ones. They must occur exactly once.
fn apply(file: &str, text: &str, diff: &str) -> String {
    let side = |marks: [char; 2]| -> String {
        diff.lines()
            .filter_map(|line| line.strip_prefix(marks))
            .fold(String::new(), |text, line| text + line + "\n")
    };
    let (old, new) = (side([' ', '-']), side([' ', '+']));
    assert_eq!(
        text.matches(&old).count(),
        1,
        "{file} must contain these lines once:\n{old}"
    );
    text.replace(&old, &new)
}

/// Copies a folder, without what was built in it. A file with the same content stays as it is, so that cargo compiles only
/// changes.
fn copy(from: &Path, to: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(from).expect("a folder of the repository") {
        let entry = entry.expect("an entry of the repository");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().expect("an entry has a type").is_dir() {
            copy(&from, &to, files);
        } else {
            files.insert(to, fs::read(&from).expect("a file of the repository"));
        }
    }
}

/// Writes the files that differ from those in the folder.
fn write(files: &BTreeMap<PathBuf, Vec<u8>>) {
    for (path, bytes) in files {
        if fs::read(path).is_ok_and(|old| old == *bytes) {
            continue;
        }
        let folder = path.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder).expect("the target directory can be written");
        fs::write(path, bytes).expect("the target directory can be written");
    }
}

/// The text that the tutorial shows of existing files is theirs.
#[test]
fn shows_the_files_as_they_are() {
    let section = section();
    let shown: Vec<_> = blocks(&section)
        .into_iter()
        .filter(|block| block.language != "diff" && repository().join(block.file).exists())
        .collect();
    assert!(shown.len() >= 2, "the board's files are not shown");
    for block in shown {
        let text = fs::read_to_string(repository().join(block.file)).expect("a text file");
        assert!(
            text.contains(&block.text),
            "{} does not contain what CONTRIBUTING.md shows of it:\n{}",
            block.file,
            block.text
        );
    }
}

/// The changes of the tutorial compile, with their test.
#[test]
fn the_wasi_call_compiles() {
    let folder = target().join("tutorial");
    let mut files = BTreeMap::new();
    for package in ["interp", "wasi-shim"] {
        copy(
            &repository().join(package),
            &folder.join(package),
            &mut files,
        );
    }
    let manifest = fs::read_to_string(repository().join("Cargo.toml")).expect("a manifest");
    let manifest = manifest.lines().fold(String::new(), |text, line| {
        let line = match line {
            line if line.starts_with("members = ") => "members = [\"interp\", \"wasi-shim\"]",
            line if line.starts_with("default-members = ") => "",
            line => line,
        };
        text + line + "\n"
    });
    files.insert(folder.join("Cargo.toml"), manifest.into());
    let lock = fs::read(repository().join("Cargo.lock")).expect("a lock file");
    files.insert(folder.join("Cargo.lock"), lock);

    let section = section();
    let mut changes = 0;
    for block in blocks(&section) {
        let path = folder.join(block.file);
        if block.language == "diff" {
            let text = files
                .get(&path)
                .unwrap_or_else(|| panic!("{} does not exist", block.file));
            let text = std::str::from_utf8(text).expect("a text file");
            files.insert(path, apply(block.file, text, &block.text).into());
        } else if !repository().join(block.file).exists() {
            files.insert(path, block.text.into());
        } else {
            continue;
        }
        changes += 1;
    }
    assert!(changes >= 4, "only {changes} changes were found");
    write(&files);

    // The dependencies are those that were compiled already. Another level of optimisation gives the two packages files of their
    // own, beside those of the repository.
    let profile = profile();
    let distinct = ["wasi-interp-core", "wasi-interp-shim"]
        .map(|package| format!("--config=profile.{profile}.package.{package}.opt-level=2"));
    let output = Command::new(env!("CARGO"))
        .current_dir(&folder)
        .args([
            "check",
            "--quiet",
            "--offline",
            "--package",
            "wasi-interp-shim",
        ])
        .args(["--test", "calls", "--profile", &profile])
        .args(distinct)
        .arg("--target-dir")
        .arg(target())
        .output()
        .expect("cargo can be started");
    assert!(
        output.status.success(),
        "the code of the tutorial does not compile:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The profile of this test: cargo has compiled the dependencies with it.
fn profile() -> String {
    let exe = std::env::current_exe().expect("the system knows this program's path");
    let folder = exe.ancestors().nth(2).and_then(Path::file_name);
    match folder.and_then(|name| name.to_str()) {
        Some("debug") | None => "dev".to_owned(),
        Some(name) => name.to_owned(),
    }
}
