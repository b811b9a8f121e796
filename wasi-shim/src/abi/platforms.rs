//! Platforms whose programs do not run here, recognised by the modules that they import from. The desktop and boards use
//! the same messages.

/// Names of imported modules (whole names or prefixes), and the platform of such a program.
const PLATFORMS: [(&str, bool, &str); 19] = [
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
        "wasi_snapshot_preview2",
        true,
        "it was built for WASI preview 2; rebuild for WASI preview 1 (wasip1)",
    ),
    (
        "wasi_ephemeral_",
        false,
        "it wants a part of WASI that never became part of preview 1, such as neural networks (wasi-nn)",
    ),
    (
        "wasix_",
        false,
        "it was built for WASIX; rebuild for WASI preview 1 (wasip1)",
    ),
    (
        "wasi",
        true,
        "it wants threads of WASI; build without -pthread, for wasm32-wasip1",
    ),
    (
        "wasi:",
        false,
        "it is the core of a component (WASI preview 2); rebuild for WASI preview 1 (wasip1)",
    ),
    (
        "$root",
        true,
        "it is the core of a component; rebuild for WASI preview 1 (wasip1)",
    ),
    (
        "__wbindgen",
        false,
        "it was built for a browser by wasm-bindgen; rebuild for wasm32-wasip1",
    ),
    (
        "wbg",
        true,
        "it was built for a browser by wasm-bindgen; rebuild for wasm32-wasip1",
    ),
    (
        "wasm:js",
        false,
        "it wants the built-in functions of JavaScript; rebuild for WASI preview 1 (wasip1)",
    ),
    (
        "js_code",
        true,
        "it was built by Kotlin for JavaScript; rebuild for its target wasmWasi",
    ),
    (
        "GOT.",
        false,
        "it is a library to be linked when it is loaded; link it statically",
    ),
    (
        "asyncify",
        true,
        "it wants the functions of Binaryen's Asyncify; build without it",
    ),
    ("extism:", false, "it is a plug-in for Extism"),
    (
        "spectest",
        true,
        "it is a test of the WebAssembly specification",
    ),
    (
        "a",
        true,
        "it was built by Emscripten for a page; rebuild with -sSTANDALONE_WASM, or for wasm32-wasip1",
    ),
    (
        "./",
        false,
        "it was built for a browser; rebuild for WASI preview 1 (wasip1)",
    ),
];

/// Returns the platform of programs that import from `module`, if the name is known.
#[must_use]
pub fn hint(module: &str) -> Option<&'static str> {
    let fits = |(name, whole, _): &&(&str, bool, _)| {
        if *whole {
            module == *name
        } else {
            module.starts_with(name)
        }
    };
    PLATFORMS.iter().find(fits).map(|(_, _, hint)| *hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_recognised() {
        let about = |module| hint(module).unwrap_or_default();
        assert!(about("gojs").contains("rebuild with GOOS=wasip1"));
        assert!(about("go").contains("rebuild with GOOS=wasip1"));
        assert!(about("wasi:cli/run@0.2.0").contains("component"));
        assert!(about("./page.js").contains("browser"));
        for module in ["gopher", "environment", "env", "wasi_snapshot_preview1"] {
            assert_eq!(about(module), "");
        }
    }
}
