//! `size`: the bytes of modules by section and package, side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use interp::inspect::{Names, Spelled};
use interp::{Config, Engine, Module, Validation};

use crate::exit::{self, Outcome, harmless};
use crate::load;

/// The bytes of one module.
#[derive(Default)]
struct Sizes {
    /// By section, in the order in which they are first seen.
    sections: Vec<(String, usize)>,
    /// The functions' bytes by Go package.
    packages: BTreeMap<String, usize>,
    total: usize,
}

/// Prints a table with a column for each module, and for Go's programs a second one with a row for each package.
///
/// # Errors
/// Fails if a file is no module.
pub(crate) fn size(paths: &[PathBuf]) -> Result<Outcome> {
    let engine = Engine::new(Config::new().validation(Validation::Lazy));
    let mut all = Vec::new();
    for path in paths {
        let (module, file) = load::with_bytes(&engine, path)?;
        let sizes = sizes(&module, &file).with_context(|| load::name(path))?;
        all.push((title(path), sizes));
    }
    let mut text = table("section", &rows(&all), &all);
    if all.iter().any(|(_, sizes)| !sizes.packages.is_empty()) {
        text.push('\n');
        text.push_str(&table("functions of package", &packages(&all), &all));
    }
    exit::print(harmless(&text).as_bytes())?;
    Ok(Outcome::Done)
}

/// The head of a column: the last part of a path.
fn title(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn sizes(module: &Module, file: &[u8]) -> Result<Sizes> {
    let mut sizes = Sizes {
        total: file.len(),
        ..Sizes::default()
    };
    // A module in lowered form keeps sections of the module that it was made of.
    sizes.wasm_sections(module.info().bytes())?;
    for (name, bytes) in module.lowered_sections() {
        sizes.add(name, bytes);
    }
    let known: usize = sizes.sections.iter().map(|(_, bytes)| bytes).sum();
    sizes.add("headers", file.len().saturating_sub(known));
    let names = Names::new(module.info());
    let imported = module.info().imported_funcs();
    for func in 0..module.info().defined_funcs() {
        if let Some(package) = names.name(imported + func).and_then(package) {
            *sizes.packages.entry(package.to_owned()).or_default() += module.function_size(func);
        }
    }
    // The names of C and Rust have no package in front of a dot.
    if !sizes.packages.contains_key("runtime") {
        sizes.packages.clear();
    }
    Ok(sizes)
}

impl Sizes {
    fn add(&mut self, name: &str, bytes: usize) {
        match self.sections.iter_mut().find(|(other, _)| other == name) {
            Some((_, sum)) => *sum += bytes,
            None => self.sections.push((name.to_owned(), bytes)),
        }
    }

    /// Adds the contents of the sections of a WebAssembly module, without their heads.
    fn wasm_sections(&mut self, bytes: &[u8]) -> Result<()> {
        // wasmparser would demand the function bodies, which a module in lowered form does not have.
        let mut rest = bytes.get(8..).unwrap_or_default();
        while let Some((&number, behind)) = rest.split_first() {
            let mut reader = wasmparser::BinaryReader::new(behind, 0);
            let len = reader.read_var_u32()? as usize;
            let start = reader.original_position() as usize;
            let content = behind
                .get(start..start.saturating_add(len))
                .context("a section goes beyond the end of the file")?;
            match number {
                0 => self.add(&custom(content), content.len()),
                _ => self.add(section(number), content.len()),
            }
            rest = &behind[start + len..];
        }
        Ok(())
    }
}

/// The name of a custom section, as it is shown.
fn custom(content: &[u8]) -> String {
    let mut reader = wasmparser::BinaryReader::new(content, 0);
    let name = reader.read_string().unwrap_or("?");
    format!("custom {}", Spelled(name))
}

/// The name of a section (core specification, 5.5.2).
fn section(number: u8) -> &'static str {
    const NAMES: [&str; 14] = [
        "custom",
        "types",
        "imports",
        "function types",
        "tables",
        "memories",
        "globals",
        "exports",
        "start",
        "elements",
        "code",
        "data",
        "data count",
        "tags",
    ];
    NAMES.get(usize::from(number)).unwrap_or(&"unknown")
}

/// The package of a Go function. Go's linker writes `encoding_json.__Decoder_.Decode` for `encoding/json.(*Decoder).Decode`, so the
/// package is `encoding_json`.
fn package(name: &str) -> Option<&str> {
    // The linker's functions for exports and the start have no package.
    let dot = name.find('.').filter(|dot| *dot > 0)?;
    let (first, rest) = (&name[..dot], &name[dot + 1..]);
    // A domain, as in `github.com_user_package.Func`: a path follows it, and then a function.
    let is_path = |part: &str| {
        let domain = part.split('_').next().unwrap_or_default();
        domain.len() < part.len()
            && domain.len() >= 2
            && domain.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    match rest.split_once('.') {
        Some((path, _)) if first != "main" && is_path(path) => Some(&name[..=dot + path.len()]),
        _ => Some(first),
    }
}

/// All sections, in the order in which modules have them.
fn rows(all: &[(String, Sizes)]) -> Vec<(String, Vec<usize>)> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in all.iter().flat_map(|(_, sizes)| &sizes.sections) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let bytes = |name: &str, sizes: &Sizes| {
        let found = sizes.sections.iter().find(|(other, _)| other == name);
        found.map_or(0, |(_, bytes)| *bytes)
    };
    let row = |name: &&str| {
        let row = all.iter().map(|(_, sizes)| bytes(name, sizes));
        ((*name).to_owned(), row.collect())
    };
    let mut rows: Vec<_> = names.iter().map(row).collect();
    let totals = all.iter().map(|(_, sizes)| sizes.total).collect();
    rows.push(("total".to_owned(), totals));
    rows
}

/// All packages, the largest first.
fn packages(all: &[(String, Sizes)]) -> Vec<(String, Vec<usize>)> {
    let names: BTreeSet<&String> = all
        .iter()
        .flat_map(|(_, sizes)| sizes.packages.keys())
        .collect();
    let row = |name: &&String| {
        let row = all
            .iter()
            .map(|(_, sizes)| sizes.packages.get(*name).copied().unwrap_or(0));
        ((*name).clone(), row.collect::<Vec<_>>())
    };
    let mut rows: Vec<_> = names.iter().map(row).collect();
    rows.sort_by_key(|(_, bytes)| std::cmp::Reverse(bytes.iter().max().copied()));
    rows
}

/// A table in columns: names to the left, bytes to the right.
fn table(head: &str, rows: &[(String, Vec<usize>)], all: &[(String, Sizes)]) -> String {
    let names = rows.iter().map(|(name, _)| name.chars().count());
    let first = names.chain([head.len()]).max().unwrap_or(0);
    let width = |title: &String| title.chars().count().max(10);
    let mut text = format!("{head:<first$}");
    for (title, _) in all {
        let _ = write!(text, "  {title:>width$}", width = width(title));
    }
    text.push('\n');
    for (name, bytes) in rows {
        let _ = write!(text, "{name:<first$}");
        for (bytes, (title, _)) in bytes.iter().zip(all) {
            let _ = write!(text, "  {bytes:>width$}", width = width(title));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_functions() {
        for (name, wanted) in [
            ("encoding_json.__Decoder_.Decode", Some("encoding_json")),
            ("main.main", Some("main")),
            ("main.my_func.func1", Some("main")),
            ("runtime.__mheap_.alloc", Some("runtime")),
            ("github.com_user_tool.Run", Some("github.com_user_tool")),
            ("_rt0_wasm_wasip1", None),
            (".start", None),
        ] {
            assert_eq!(package(name), wanted, "{name}");
        }
    }
}
