//! The assembly check: where ops are dispatched by tail calls, every handler must end with a jump.
//!
//! Stable Rust does not guarantee tail calls. The optimiser makes them. If a handler called the next one instead of jumping
//! to it, the native stack would grow with every op. So the interpreter is compiled to assembly with the shipped flags, and
//! each handler is checked: it jumps to the next op or to the code that pauses the machine, and contains no return
//! instruction. A handler that returns must have been called.
//!
//! The gate compiles for x86-64 and 32-bit RISC-V. For 64-bit ARM and RISC-V it looks into the kernels, which it builds anyway
//! ([`kernel`]); they lack the handlers of vectors, exceptions and atomics. The step `asm-all` compiles for these two, by hand.
//!
//! For the most frequent ops of Go programs ([`hottest`]), the check also prints the instructions of the dispatch and the
//! use of the native stack.

mod handler;
mod hottest;
pub(crate) mod kernel;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::layout::Layout;
use crate::process;
use crate::tally::Tally;
use crate::{cargo, cross};
use handler::{AARCH64, Dialect, Facts, RISCV32, RISCV64, X86_64};

pub(crate) use hottest::renew;

/// A part of the mangled name of every handler: `dispatch::tail::step`.
const HANDLER: &str = "dispatch4tail4step";
/// The same for the code that pauses the machine: `dispatch::tail::pause`.
const PAUSE: &str = "dispatch4tail5pause";
/// The same for the table of handlers: `ops::TABLE`.
const TABLE: &str = "3ops5TABLE:";

/// The results for the handlers of one machine.
#[derive(Default)]
struct Count {
    /// Handlers by name.
    handlers: BTreeMap<String, Facts>,
    /// The names of handlers by the numbers of their ops.
    table: Vec<String>,
    /// Aliases of handlers. Equal handlers are merged.
    aliases: BTreeMap<String, String>,
    /// Names of handlers, and their faults.
    wrong: Vec<String>,
}

/// Checks this processor, and 32-bit RISC-V: its values of 64 bits take two registers, so arguments run out there first.
pub(crate) fn check(layout: &Layout) -> Result<Tally> {
    let mut tally = Tally::default();
    let numbers = hottest::numbers(layout)?;
    if cfg!(target_arch = "x86_64") {
        let target = layout.target.join("asm");
        let mut command = cargo::cargo(layout);
        command.args(["rustc", "--features", "std"]);
        tally += one(
            "x86_64",
            &X86_64,
            command,
            None,
            &numbers,
            (&target, &target),
        )?;
    } else {
        tally
            .skipped
            .push(("x86_64".to_owned(), "this machine is another".to_owned()));
    }
    tally += bare(layout, "riscv32", &RISCV32, cross::RISCV32, None, &numbers)?;
    Ok(tally)
}

/// Checks the processors of kernels, with all features.
pub(crate) fn others(layout: &Layout) -> Result<Tally> {
    let numbers = hottest::numbers(layout)?;
    // With the flags of kernels, which turn the MMU on.
    let flag = Some("-Ctarget-feature=-strict-align");
    let mut tally = bare(layout, "aarch64", &AARCH64, cross::AARCH64, flag, &numbers)?;
    tally += bare(layout, "riscv64", &RISCV64, cross::RISCV64, None, &numbers)?;
    Ok(tally)
}

/// Compiles for a bare machine.
fn bare(
    layout: &Layout,
    name: &str,
    dialect: &Dialect,
    triple: &str,
    flag: Option<&str>,
    numbers: &BTreeMap<String, u16>,
) -> Result<Tally> {
    let target = layout.bare(triple);
    let mut command = cross::cargo_for(triple, "rustc")?;
    command.current_dir(&layout.root);
    let folders = (&*target, &*target.join(triple));
    one(name, dialect, command, flag, numbers, folders)
}

/// Compiles the interpreter with a `cargo rustc` command and one additional compiler flag, and checks its handlers.
fn one(
    name: &str,
    dialect: &Dialect,
    mut command: Command,
    flag: Option<&str>,
    numbers: &BTreeMap<String, u16>,
    (target, output): (&Path, &Path),
) -> Result<Tally> {
    let folder = output.join("quick");
    forget(&folder)?;
    command.args([
        "--quiet",
        "--profile=quick",
        "--lib",
        "--no-default-features",
        "--features",
        "superinstructions,simd,exceptions,threads,memory64,wide-arithmetic,gc,canonical-nans,probes",
        "-p",
        "wasi-interp-core",
        // No handler calls the validator.
        "--config",
        "profile.quick.package.wasmparser.opt-level=0",
        "--target-dir",
    ]);
    process::run(
        command
            .arg(target)
            .args(["--", "--emit=asm", "-Csymbol-mangling-version=v0"])
            .args(flag),
    )?;
    let mut count = Count::default();
    for file in assembly(&folder)? {
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        count.read(&text, dialect);
    }
    let handlers = count.handlers.len();
    if handlers == 0 {
        bail!("no handlers were found in the assembly for {name}");
    }
    let instructions = count.handlers.values().map(|facts| facts.instructions);
    let mean = instructions.sum::<usize>() as f64 / handlers as f64;
    let with_frame = count.handlers.values().filter(|facts| facts.frame).count();
    println!(
        "{name}: {handlers} handlers, {mean:.1} instructions on average, {with_frame} with a stack frame, {} wrong",
        count.wrong.len()
    );
    let mut tally = Tally {
        passed: handlers - count.wrong.len(),
        ..Tally::default()
    };
    tally += hottest::check(&count, numbers, dialect.spilling);
    tally.failed.extend(count.wrong);
    tally.failed = tally
        .failed
        .into_iter()
        .map(|handler| format!("{name}: {handler}"))
        .collect();
    Ok(tally)
}

/// Removes earlier assembly, and cargo's record that the compilation is up to date.
fn forget(folder: &Path) -> Result<()> {
    for file in assembly(folder)? {
        fs::remove_file(file)?;
    }
    for folder in entries(&folder.join(".fingerprint"))?
        .into_iter()
        .filter(|path| starts_with(path, "wasi-interp-core-"))
    {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// The assembly files of the interpreter, one for each codegen unit.
fn assembly(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_assembly = |path: &PathBuf| {
        starts_with(path, "interp-") && path.extension().is_some_and(|extension| extension == "s")
    };
    Ok(entries(&folder.join("deps"))?
        .into_iter()
        .filter(is_assembly)
        .collect())
}

fn starts_with(path: &Path, prefix: &str) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(prefix))
}

/// The entries of a folder; none if it does not exist.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect()
}

impl Count {
    /// Checks every handler in an assembly file, from its label to its end label, and reads the table of handlers.
    fn read(&mut self, text: &str, dialect: &Dialect) {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let label = line.split_once(':').map_or("", |(label, _)| label);
            if line.ends_with(TABLE) {
                self.table = lines
                    .by_ref()
                    .map_while(pointer)
                    .map(str::to_owned)
                    .collect();
            } else if label.contains(HANDLER) && !label.contains(char::is_whitespace) {
                let body = lines
                    .by_ref()
                    .take_while(|line| !line.starts_with(".Lfunc_end"));
                let instructions = body.filter_map(instruction).collect::<Vec<_>>();
                self.judge(label, &instructions, dialect);
            } else if let Some((alias, name)) = line.split_once(" = ")
                && alias.contains(HANDLER)
            {
                self.aliases.insert(alias.to_owned(), name.to_owned());
            }
        }
    }

    fn judge(&mut self, name: &str, instructions: &[&str], dialect: &Dialect) {
        let facts = Facts::of(instructions, dialect);
        if instructions.iter().any(|line| line.starts_with("ret")) {
            self.wrong
                .push(format!("{name} returns instead of jumping on"));
        } else if facts.dispatch.is_empty() && !instructions.iter().any(|line| line.contains(PAUSE))
        {
            self.wrong.push(format!("{name} leads nowhere"));
        }
        self.handlers.insert(name.to_owned(), facts);
    }

    /// The results for the handler of op `number`.
    fn of(&self, number: u16) -> Option<&Facts> {
        let name = self.table.get(usize::from(number))?;
        self.handlers.get(self.aliases.get(name).unwrap_or(name))
    }
}

/// The symbol on a line of a table of addresses.
fn pointer(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let rest = [".quad\t", ".xword\t", ".dword\t", ".word\t"]
        .iter()
        .find_map(|word| line.strip_prefix(word));
    rest.map(|name| name.trim())
}

/// The instruction on a line. Labels, directives and comments are no instructions.
fn instruction(line: &str) -> Option<&str> {
    let text = line.strip_prefix('\t')?;
    (!text.starts_with(['.', '#', '/', ';'])).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_and_returns_are_told_apart() {
        let text = "\
_ZN6interp8dispatch4tail4step17h1E:
\t.cfi_startproc
\tmovzwl\t2(%rdi), %eax
\tjmpq\t*(%r10,%rax)
.Lfunc_end0:
_ZN6interp3ops5TABLE:
\t.quad\t_ZN6interp8dispatch4tail4step17h5E
\t.size\t_ZN6interp3ops5TABLE, 8
_ZN6interp8dispatch4tail4step17h5E = _ZN6interp8dispatch4tail4step17h1E
_ZN6interp8dispatch4tail4step17h2E:
\tpushq\t%rax
\tcallq\t*(%r10,%rax)
\tretq
.Lfunc_end1:
_ZN6interp8dispatch4tail4step17h3E:
\tud2
.Lfunc_end2:
_ZN6interp8dispatch4tail4step17h4E:
\tjmp\t_ZN6interp8dispatch4tail5pause17h9E
.Lfunc_end3:
_ZN6interp5other17h5E:
\tcallq\t*%rax
.Lfunc_end4:
";
        let mut count = Count::default();
        count.read(text, &X86_64);
        assert_eq!((count.handlers.len(), count.wrong.len()), (4, 2));
        assert_eq!(count.of(0).map(|facts| facts.instructions), Some(2));
        assert!(count.wrong[0].contains("step17h2E returns instead"));
        assert!(count.wrong[1].contains("step17h3E leads nowhere"));
    }
}
