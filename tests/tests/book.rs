//! Checks the book, `interp/book`: its commands print what it shows, and the solutions of its exercises apply together and work.
//!
//! A `console` block of a chapter is a dialogue. A line that begins with `$ ` is a command; the lines up to the next one are what it prints, on
//! standard output and standard error. `UPDATE=1` writes these lines anew. Commands run in a copy of `programs`.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tests::same::folder;
use tests::tools::{Go, programs, repository};

fn book() -> PathBuf {
    repository().join("interp/book")
}

/// The files of a folder, in their order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the book has this folder");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("a folder that was opened can be read").path())
        .collect();
    files.sort();
    files
}

fn name(path: &Path) -> &str {
    let name = path.file_name().and_then(|name| name.to_str());
    name.expect("names are text")
}

/// The chapters with a number.
fn chapters() -> Vec<PathBuf> {
    let mut files = files(&book().join("src"));
    files.retain(|file| name(file).starts_with(|char: char| char.is_ascii_digit()));
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Copies a folder without folders.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a fresh folder can be written");
    for file in files(from) {
        fs::copy(&file, to.join(name(&file))).expect("a file of the book can be copied");
    }
}

/// A copy of some programs in a folder, beside what chapters look at. Returns the folder of the copies.
fn workplace(programs: &Path, here: &Path) -> PathBuf {
    let interp = repository().join("interp");
    let copied = here.join("interp/book/programs");
    copy(programs, &copied);
    for shown in ["OPS.md", "src"] {
        std::os::unix::fs::symlink(interp.join(shown), here.join("interp").join(shown))
            .expect("a fresh folder can be written");
    }
    copied
}

/// What a command prints.
fn output(command: &str, here: &Path) -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    let go = Go::Current.command(here);
    let mut shell = Command::new("sh");
    shell.envs(go.get_envs().filter_map(|(key, value)| Some((key, value?))));
    let folder = Path::new(go.get_program())
        .parent()
        .expect("it has a folder");
    shell.env(
        "PATH",
        format!("{}:{}:{path}", programs().display(), folder.display()),
    );
    shell.arg("-c").arg(format!("exec 2>&1\n{command}"));
    let output = shell.current_dir(here).output().expect("there is a shell");
    String::from_utf8(output.stdout).expect("the tools print text")
}

/// The text of a chapter with the outputs that its commands have in the folder `here`.
fn performed(text: &str, here: &Path) -> String {
    let mut new = String::new();
    let mut lines = text.lines().peekable();
    let mut in_dialogue = false;
    while let Some(line) = lines.next() {
        new += line;
        new.push('\n');
        if let Some(language) = line.strip_prefix("```") {
            in_dialogue = language == "console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| in_dialogue) {
            while lines
                .next_if(|line| !line.starts_with("$ ") && !line.starts_with("```"))
                .is_some()
            {}
            // Listings pad their lines.
            for line in output(command, here).lines() {
                new += line.trim_end();
                new.push('\n');
            }
        }
    }
    new
}

/// Compares two texts of a file by lines.
#[track_caller]
fn same(file: &Path, text: &str, new: &str) {
    let mut lines = text.lines().zip(new.lines()).zip(1..);
    let different = lines.find(|((old, new), _)| old != new);
    if let Some(((old, new), line)) = different {
        let file = name(file);
        panic!("{file}:{line}: it shows\n{old}\nand not\n{new}\nUPDATE=1 writes chapters anew");
    }
    assert_eq!(text.len(), new.len(), "{}: its end", name(file));
}

#[test]
fn commands_print_what_is_shown() {
    for chapter in chapters() {
        let here = folder();
        let programs = workplace(&book().join("programs"), here.path());
        let text = read(&chapter);
        let new = performed(&text, &programs);
        assert!(
            new.contains("\n$ "),
            "{}: it has nothing to run",
            name(&chapter)
        );
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&chapter, &new).expect("the book can be written");
        } else {
            same(&chapter, &text, &new);
        }
    }
}

/// Each chapter is in the summary, ends with three exercises, and each of them has a solution.
#[test]
fn chapters_end_with_three_exercises() {
    let summary = read(&book().join("src/SUMMARY.md"));
    let mut solutions = Vec::new();
    for chapter in chapters() {
        let file = name(&chapter);
        assert!(
            summary.contains(&format!("({file})")),
            "{file}: not in the summary"
        );
        let text = read(&chapter);
        let (_, exercises) = text
            .split_once("\n## Exercises\n")
            .unwrap_or_else(|| panic!("{file}: no exercises"));
        let items = exercises
            .lines()
            .filter(|line| line.starts_with(|char: char| char.is_ascii_digit()));
        assert_eq!(items.count(), 3, "{file}: exercises");
        let number = file.split('-').next().expect("a number");
        solutions.extend((1..=3).map(|exercise| format!("{number}-{exercise}.patch")));
    }
    let found = files(&book().join("solutions"));
    let found: Vec<_> = found.iter().map(|file| name(file)).collect();
    assert_eq!(found, solutions);
    for line in summary.lines().filter_map(|line| line.split_once("](")) {
        let file = line.1.trim_end_matches(')');
        assert!(book().join("src").join(file).exists(), "{file} is missing");
    }
}

/// The solutions add programs, and answers with commands, which print what they say.
#[test]
fn solutions_apply_together() {
    let here = folder();
    let solved = here.path().join("interp/book");
    copy(&book().join("programs"), &solved.join("programs"));
    for patch in files(&book().join("solutions")) {
        let mut git = Command::new("git");
        let output = git
            .arg("apply")
            .arg(&patch)
            .current_dir(here.path())
            .output();
        let output = output.expect("git is there");
        let says = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {says}", name(&patch));
    }
    let answers = files(&solved.join("answers"));
    assert_eq!(answers.len(), 3 * chapters().len());
    for answer in answers {
        let text = read(&answer);
        let place = folder();
        let programs = workplace(&solved.join("programs"), place.path());
        let new = performed(&text, &programs);
        assert!(new.contains("\n$ "), "{}: it shows nothing", name(&answer));
        same(&answer, &text, &new);
    }
}
