//! The expected output of the held-back programs: `bench/held-back/sums.txt`, written by their native builds.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::programs::{Language, Program, Set};
use crate::layout::Layout;
use crate::process::capture;
use crate::{go, install};

/// The lines of the file: language, name and checksum.
#[derive(Default)]
pub(super) struct Sums {
    text: String,
}

impl Sums {
    /// Reads the file.
    pub(super) fn read(layout: &Layout) -> Result<Sums> {
        let path = path(layout);
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Sums { text })
    }

    /// The output of a program with its usual work, if the file contains it.
    pub(super) fn expected(&self, language: Language, name: &str) -> Option<String> {
        self.text
            .lines()
            .filter_map(|line| line.strip_prefix(language.name())?.strip_prefix(' '))
            .find(|line| line.split(' ').next() == Some(name))
            .map(|line| format!("{line}\n"))
    }
}

fn path(layout: &Layout) -> PathBuf {
    layout.root.join("bench/held-back/sums.txt")
}

/// Builds the held-back programs for this machine, runs them, and writes the file.
pub(super) fn renew(layout: &Layout, programs: &[Program]) -> Result<()> {
    let folder = layout.target.join("bench/native");
    fs::create_dir_all(&folder)?;
    let mut text = String::new();
    for program in programs {
        if program.group.set != Set::HeldBack {
            continue;
        }
        let language = program.group.language.name();
        let built = folder.join(format!("{language}-{}", program.name));
        let mut build = match program.group.language {
            Language::Wat => continue,
            Language::Go => {
                let mut go = go::toolchain(layout, go::CURRENT)?.command(&program.folder);
                go.args(["build", "-o"]).arg(&built).arg(".");
                go
            }
            Language::C => {
                let mut zig = Command::new(install::zig(layout)?);
                zig.args(["cc", "-O2", "-w", "-I"])
                    .arg(layout.root.join("bench/programs/c"))
                    .arg("-o")
                    .arg(&built)
                    .arg(program.folder.join("main.c"))
                    .arg("-lm");
                zig
            }
        };
        crate::process::run(&mut build)?;
        let output = capture(&mut Command::new(&built))?;
        let line = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() || !line.starts_with(&format!("{} ", program.name)) {
            bail!("{} printed `{line}` natively", program.name);
        }
        text += &format!("{language} {line}");
    }
    fs::write(path(layout), &text)?;
    print!("{text}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::programs::{GROUPS, all};
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_held_back_program_has_its_sum_and_a_name_of_its_own() -> Result<()> {
        let layout = Layout::find()?;
        let programs = all(&layout)?;
        let names: BTreeSet<_> = programs
            .iter()
            .map(|program| (program.group.language.name(), &program.name))
            .collect();
        assert_eq!(names.len(), programs.len());
        let held_back: Vec<_> = programs
            .iter()
            .filter(|program| program.group.set == Set::HeldBack)
            .collect();
        for program in &held_back {
            let expected = program.expected.as_deref();
            assert!(
                expected.is_some_and(|line| line.starts_with(&format!("{} ", program.name))),
                "{} has no sum: cargo xtask bench --native writes it",
                program.name
            );
        }
        let count = |group| {
            held_back
                .iter()
                .filter(|program| program.group == group)
                .count()
        };
        assert_eq!((count(GROUPS[1]), count(GROUPS[3])), (20, 10));
        assert_eq!(Sums::read(&layout)?.text.lines().count(), 30);
        Ok(())
    }
}
