//! Missing imports: a message that lists all of them, with hints that follow from the names of their modules.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use interp::inspect::Spelled;
use interp::{Linker, Module, Store};
use wasi_shim::platforms;

use crate::go;

/// The maximum number of names that are listed for each module.
const NAMED: usize = 8;

/// The maximum number of modules that are listed.
const MODULES: usize = 8;

/// Prefixes of the names that Emscripten's pages provide in `env`.
const EMSCRIPTEN: [&str; 7] = [
    "emscripten_",
    "_emscripten_",
    "_embind_",
    "_emval_",
    "__syscall_",
    "__cxa_",
    "invoke_",
];

/// The missing imports from one module.
struct Missing<'a> {
    module: &'a str,
    /// The first few names.
    names: Vec<&'a str>,
    count: usize,
}

/// Returns a message about the imports of a program that a linker does not define, or `None` if all are defined.
pub(crate) fn missing<T>(
    linker: &Linker<T>,
    store: &mut Store<T>,
    module: &Module,
) -> Option<String> {
    let is_there = |import: (&str, &str)| linker.get(&mut *store, import.0, import.1).is_some();
    let imports = module.imports().map(|import| (import.module, import.name));
    told(imports, is_there, go::built(module))
}

/// The same for a list of names. `is_go` is true if Go has built the program.
fn told<'a>(
    imports: impl Iterator<Item = (&'a str, &'a str)>,
    mut is_there: impl FnMut((&'a str, &'a str)) -> bool,
    is_go: bool,
) -> Option<String> {
    let mut all: Vec<Missing<'a>> = Vec::new();
    // A module can have a million imports.
    let mut indices = HashMap::new();
    let mut seen = HashSet::new();
    for (module, name) in imports {
        // An import may occur several times.
        if !seen.insert((module, name)) || is_there((module, name)) {
            continue;
        }
        let index = *indices.entry(module).or_insert_with(|| {
            all.push(Missing {
                module,
                names: Vec::new(),
                count: 0,
            });
            all.len() - 1
        });
        let missing = &mut all[index];
        missing.count += 1;
        if missing.names.len() < NAMED {
            missing.names.push(name);
        }
    }
    let count: usize = all.iter().map(|missing| missing.count).sum();
    let things = match count {
        0 => return None,
        1 => "an import that is".to_owned(),
        _ => format!("{count} imports that are"),
    };
    let mut text = format!("it wants {things} not there; wasi-interp offers WASI preview 1 only");
    for missing in all.iter().take(MODULES) {
        let _ = write!(text, "\n  from `{}`: ", Spelled(missing.module));
        for (index, name) in missing.names.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}`{}`", Spelled(name));
        }
        if missing.count > missing.names.len() {
            let _ = write!(text, " and {} more", missing.count - missing.names.len());
        }
        if let Some(hint) = missing.hint(is_go) {
            let _ = write!(text, " ({hint})");
        }
    }
    if all.len() > MODULES {
        let _ = write!(text, "\n  and from {} more modules", all.len() - MODULES);
    }
    Some(text)
}

impl Missing<'_> {
    /// Returns a hint that follows from the module's name.
    fn hint(&self, is_go: bool) -> Option<&'static str> {
        if self.module == "wasi_snapshot_preview1" {
            return Some("WASI preview 1 has no function of that name");
        }
        if let Some(hint) = platforms::hint(self.module) {
            return Some(hint);
        }
        let begins = |starts: &[&str]| {
            let mut names = self.names.iter();
            names.any(|name| starts.iter().any(|start| name.starts_with(start)))
        };
        if is_go {
            return Some(
                "the program or a package of it declares these with //go:wasmimport, for a host of its own",
            );
        }
        if self.module != "env" {
            return None;
        }
        Some(if begins(&EMSCRIPTEN) {
            "it was built by Emscripten for a page; rebuild with -sSTANDALONE_WASM, or for wasm32-wasip1"
        } else if begins(&[
            "memory",
            "__indirect_function_table",
            "__memory_base",
            "__stack_pointer",
        ]) {
            "it brings no memory or table of its own: a library, or a thread's module; link it as a program"
        } else {
            "a host of its own is to offer these; or C code declares what no object file defines, and was linked with --allow-undefined"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(imports: &[(&str, &str)], is_go: bool) -> String {
        told(
            imports.iter().copied(),
            |(module, _)| module == "there",
            is_go,
        )
        .unwrap_or_default()
    }

    #[test]
    fn platforms_are_recognised() {
        for (module, name, words) in [
            ("gojs", "runtime.wasmExit", "rebuild with GOOS=wasip1"),
            ("go", "debug", "rebuild with GOOS=wasip1"),
            ("wasi:cli/run@0.2.0", "run", "component"),
            ("./page.js", "f", "browser"),
            ("wbg", "__wbg_log", "wasm-bindgen"),
            ("wasi_unstable", "fd_write", "preview 0"),
            (
                "wasi_snapshot_preview1",
                "fd_wriet",
                "no function of that name",
            ),
            ("wasi_ephemeral_nn", "load", "wasi-nn"),
            ("a", "b", "Emscripten"),
            ("env", "emscripten_memcpy_js", "Emscripten"),
            ("env", "memory", "no memory"),
            ("env", "draw", "a host of its own"),
            ("wasi", "thread-spawn", "threads"),
        ] {
            let text = about(&[(module, name)], false);
            assert!(text.contains(words) && text.contains(name), "{text}");
        }
        assert!(!about(&[("gopher", "environment")], false).contains('('));
    }

    #[test]
    fn a_program_of_go_is_told_of_its_own_declarations() {
        let text = about(&[("env", "emscripten_x"), ("there", "y")], true);
        assert!(
            text.contains("//go:wasmimport") && !text.contains("page"),
            "{text}"
        );
        assert!(text.contains("an import that is not there"), "{text}");
    }

    #[test]
    fn all_are_listed_and_counted() {
        let names: Vec<String> = (0..20).map(|number| format!("f{number}")).collect();
        let mut imports: Vec<_> = names.iter().map(|name| ("x", name.as_str())).collect();
        imports.extend(names.iter().map(|name| (name.as_str(), "g")));
        imports.push(("x", "f0"));
        let text = about(&imports, false);
        assert!(text.contains("40 imports that are not there"), "{text}");
        assert!(text.contains("`f7` and 12 more"), "{text}");
        assert!(text.contains("and from 13 more modules"), "{text}");
        assert_eq!(about(&[("there", "x")], false), "");
    }

    /// Each import from a module of its own: the time must grow with their number, and not with its square.
    #[test]
    fn many_modules_take_little_time() {
        const COUNT: usize = 400_000;
        let names: Vec<String> = (0..COUNT).map(|number| number.to_string()).collect();
        let imports: Vec<_> = names.iter().map(|name| (name.as_str(), "f")).collect();
        let start = std::time::Instant::now();
        assert!(about(&imports, false).contains("400000 imports"));
        let took = start.elapsed();
        assert!(took.as_secs() < 10, "it took {took:?}");
    }

    #[test]
    fn control_characters_are_spelled_out() {
        let text = about(&[("\u{1b}]0;", "a\nb\t")], false);
        assert!(text.contains(r"`\u{1b}]0;`: `a\nb\t`"), "{text}");
    }
}
