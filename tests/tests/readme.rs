//! Checks the README: its first command works, and its options, links and anchors exist.

use std::fs;

use tests::same::folder;
use tests::tools::repository;
use tests::{Run, wasi_interp};

fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).expect("there is a README")
}

/// Runs the first command, which copies the file that the line before it creates.
#[test]
fn first_command() {
    let readme = readme();
    let line = |start: &str| {
        readme
            .lines()
            .find_map(|line| line.strip_prefix(start))
            .expect("the README shows it")
    };
    let words = line("$ cargo run --release -- ").split(' ');
    let (work, target) = (
        folder(),
        format!("/tmp/wasi-interp-readme-{}.txt", std::process::id()),
    );
    let text = line("$ echo '")
        .strip_suffix("' > test.txt")
        .expect("it writes test.txt");
    fs::write(work.path().join("test.txt"), text).expect("a fresh folder can be written");
    let mut command = wasi_interp(work.path());
    for word in words {
        match word {
            "tests/guests/filecopy/main.wasm" => command.arg(repository().join(word)),
            "/tmp/somewhere.txt" => command.arg(&target),
            _ => command.arg(word),
        };
    }
    Run::of(&mut command).ends_with(0);
    assert_eq!(fs::read_to_string(&target).expect("the copy exists"), text);
    fs::remove_file(target).expect("the copy exists");
}

/// Every option in the README's table exists, and so does every file and heading that it links to.
#[test]
fn options_and_links() {
    let here = folder();
    let help = Run::of(wasi_interp(here.path()).arg("--help"))
        .ends_with(0)
        .stdout;
    let readme = readme();
    let rows = readme.lines().filter(|line| line.starts_with("| `-"));
    let mut count = 0;
    for word in rows
        .flat_map(|row| row.split('`').skip(1).step_by(2))
        .filter(|word| word.starts_with("--"))
    {
        let option = word
            .split([' ', '[', '='])
            .next()
            .expect("a split has a first part");
        assert!(
            help.contains(option),
            "{option} is in the README and not in the help"
        );
        count += 1;
    }
    assert!(count > 8, "the table of options was not found");
    for target in readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
    {
        if let Some(anchor) = target.strip_prefix('#') {
            let heading = |line: &str| line.trim_start_matches(['#', ' ']).to_lowercase();
            assert!(
                readme
                    .lines()
                    .any(|line| line.starts_with('#') && heading(line).replace(' ', "-") == anchor),
                "#{anchor} is linked, and no heading has that anchor"
            );
        } else if !target.starts_with("https://") {
            assert!(
                repository().join(target).exists(),
                "{target} is linked and does not exist"
            );
        }
    }
}

/// Every subcommand and every exit status in the README's tables is in the help.
#[test]
fn commands_and_statuses() {
    let here = folder();
    let help = Run::of(wasi_interp(here.path()).arg("--help"))
        .ends_with(0)
        .stdout;
    let first_words: Vec<_> = help
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let readme = readme();
    let commands = readme.lines().filter_map(|line| {
        line.strip_prefix("| `wasi-interp ")?
            .split([' ', '`'])
            .next()
    });
    let statuses = readme
        .split("### Exit status")
        .nth(1)
        .and_then(|rest| rest.split("\n#").next())
        .expect("the README lists exit statuses")
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
        .flat_map(|cell| cell.split(", "))
        .filter(|word| word.parse::<u8>().is_ok());
    let words: Vec<_> = commands.chain(statuses).collect();
    assert!(words.len() >= 11, "the tables were not found: {words:?}");
    for word in words {
        assert!(
            first_words.contains(&word),
            "{word} is in the README and not in the help"
        );
    }
}
