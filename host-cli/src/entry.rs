//! The choice of the function that a run calls.

use anyhow::{Result, bail};
use interp::inspect::Spelled;
use interp::{ExternType, Module};

/// The name of a program's entry point.
const START: &str = "_start";
/// The name of a library's initialiser, which is called before any other function.
pub(crate) const INITIALIZE: &str = "_initialize";

/// Returns the exported function to call: the one of `--invoke`, otherwise `_start`. Returns `None` if the module only has
/// a start function, which instantiation calls.
///
/// # Errors
/// Fails if the function does not exist. The message lists the existing functions.
pub(crate) fn choose<'a>(module: &Module, invoke: Option<&'a str>) -> Result<Option<&'a str>> {
    let name = invoke.unwrap_or(START);
    match module.get_export(name) {
        Some(ExternType::Func(_)) => Ok(Some(name)),
        Some(other) => bail!("its export `{name}` is no function but a {other}"),
        None => {
            let functions = functions(module);
            if invoke.is_none() && functions.is_empty() && module.info().start().is_some() {
                return Ok(None);
            }
            let exports = if functions.is_empty() {
                "it exports no function".to_owned()
            } else {
                format!("it exports {functions}")
            };
            if invoke.is_some() {
                bail!("it exports no function `{name}`; {exports}");
            }
            bail!(
                "it is a library: it has no `{START}` to run; call one of its functions with --invoke NAME ({exports})"
            );
        }
    }
}

/// Returns whether `_initialize` must be called first. It must be for a library, before any of its functions.
pub(crate) fn needs_initialising(module: &Module, called: &str) -> bool {
    let is_func = |name| matches!(module.get_export(name), Some(ExternType::Func(_)));
    called != INITIALIZE && called != START && !is_func(START) && is_func(INITIALIZE)
}

/// The names of exported functions, at most ten.
fn functions(module: &Module) -> String {
    const MOST: usize = 10;
    let exports = module
        .exports()
        .filter(|export| matches!(export.ty, ExternType::Func(_)));
    let names: Vec<_> = exports
        .map(|export| Spelled(export.name).to_string())
        .collect();
    let more = names.len().saturating_sub(MOST);
    let text = names[..names.len() - more].join(", ");
    if more > 0 {
        format!("{text} and {more} more")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interp::Engine;

    /// A module that exports an empty function under these names, and its memory as `memory`.
    fn module(names: &[&str]) -> Module {
        let mut bytes =
            b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\x01".to_vec();
        let small = |len: usize| u8::try_from(len).expect("a short section");
        let mut exports = vec![small(names.len() + 1)];
        for (name, kind) in names.iter().map(|name| (*name, 0)).chain([("memory", 2)]) {
            exports.push(small(name.len()));
            exports.extend_from_slice(name.as_bytes());
            exports.extend_from_slice(&[kind, 0]);
        }
        bytes.extend_from_slice(&[7, small(exports.len())]);
        bytes.extend_from_slice(&exports);
        bytes.extend_from_slice(b"\x0a\x04\x01\x02\0\x0b");
        Module::new(&Engine::default(), bytes).expect("a valid module")
    }

    #[test]
    fn a_program_is_started() {
        let program = module(&["_start", "other"]);
        assert!(choose(&program, None).is_ok_and(|name| name == Some("_start")));
        assert!(choose(&program, Some("other")).is_ok_and(|name| name == Some("other")));
        assert!(!needs_initialising(&program, "other"));
    }

    #[test]
    fn a_library_is_not_started() {
        let library = module(&["_initialize", "add"]);
        let error = choose(&library, None)
            .expect_err("nothing to start")
            .to_string();
        assert!(
            error.contains("--invoke NAME (it exports _initialize, add)"),
            "{error}"
        );
        assert!(needs_initialising(&library, "add"));
        assert!(!needs_initialising(&library, "_initialize"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let library = module(&["add"]);
        assert!(!needs_initialising(&library, "add"));
        let about = |name| {
            choose(&library, Some(name))
                .expect_err("no function")
                .to_string()
        };
        assert_eq!(about("sub"), "it exports no function `sub`; it exports add");
        assert!(
            about("memory").contains("no function but a memory"),
            "{}",
            about("memory")
        );
        let many: Vec<_> = (0..12).map(|number| format!("f{number}")).collect();
        let names: Vec<_> = many.iter().map(String::as_str).collect();
        assert!(functions(&module(&names)).ends_with("f9 and 2 more"));
    }
}
