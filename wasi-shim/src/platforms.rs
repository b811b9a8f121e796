//! For whom a program was built that does not run here, told by the modules that it imports from: the words of the desktop and of boards.

/// Names of modules that programs import from (the whole name, or how it begins), and for whom such a program was built.
const PLATFORMS: [(&str, bool, &str); 8] = [
    (
        "gojs",
        true,
        "it was built for GOOS=js; rebuild with GOOS=wasip1",
    ),
    (
        "go",
        true,
        "it was built for GOOS=js; rebuild with GOOS=wasip1",
    ),
    (
        "wasi_unstable",
        true,
        "it was built for WASI preview 0; rebuild with a toolchain for preview 1 (wasip1)",
    ),
    (
        "wasix_",
        false,
        "it was built for WASIX; rebuild for WASI preview 1 (wasip1)",
    ),
    (
        "wasi:",
        false,
        "it is the core of a component (WASI preview 2); rebuild for WASI preview 1 (wasip1)",
    ),
    (
        "__wbindgen",
        false,
        "it was built for a browser by wasm-bindgen; rebuild for wasm32-wasip1",
    ),
    (
        "./",
        false,
        "it was built for a browser; rebuild for WASI preview 1 (wasip1)",
    ),
    (
        "env",
        true,
        "it wants functions of a host of its own, such as a page made by Emscripten; wasi-interp offers WASI preview 1 only",
    ),
];

/// For whom a module was built that imports from these modules, if that is known.
#[must_use]
pub fn foreign_imports(modules: &[&str]) -> Option<&'static str> {
    let wanted = |(prefix, exact, _): &&(&str, bool, _)| {
        modules.iter().any(|module| {
            if *exact {
                module == prefix
            } else {
                module.starts_with(prefix)
            }
        })
    };
    PLATFORMS.iter().find(wanted).map(|(_, _, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_recognised() {
        let about = |modules: &[&str]| foreign_imports(modules).unwrap_or_default();
        assert!(about(&["gojs"]).contains("rebuild with GOOS=wasip1"));
        assert!(about(&["env", "go"]).contains("rebuild with GOOS=wasip1"));
        assert!(about(&["wasi:cli/run@0.2.0"]).contains("component"));
        assert!(about(&["./page.js"]).contains("browser"));
        assert_eq!(about(&["gopher", "environment"]), "");
    }
}
