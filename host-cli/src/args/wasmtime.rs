//! `-W` and `-S`: options in wasmtime's spelling, where they mean the same here.
//!
//! An option that asks for what is so anyway is accepted and does nothing (`-W bulk-memory`, `-S cli`, `-W gc=n`). One
//! that asks for something else is refused: a script that relies on it must not believe that it was heard.

use std::time::Duration;

use super::units;

/// The proposals that are always there.
const PROPOSALS: [&str; 6] = [
    "bulk-memory",
    "extended-const",
    "multi-memory",
    "multi-value",
    "reference-types",
    "tail-call",
];

/// wasmtime's proposals that are not there. Some builds have those that are features of the crate.
const NO_PROPOSALS: [&str; 13] = [
    "all-proposals",
    "component-model",
    "component-model-async",
    "exceptions",
    "function-references",
    "gc",
    "memory64",
    "relaxed-simd",
    "shared-everything-threads",
    "simd",
    "stack-switching",
    "threads",
    "wide-arithmetic",
];

/// The parts of WASI that are always there.
const WASI: [&str; 2] = ["cli", "common"];

/// wasmtime's parts of WASI that are not there.
const NO_WASI: [&str; 11] = [
    "config",
    "http",
    "inherit-network",
    "keyvalue",
    "listenfd",
    "nn",
    "preview2",
    "tcp",
    "threads",
    "tls",
    "udp",
];

/// One `-W` option.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum WasmOption {
    /// `fuel=N`.
    Fuel(u64),
    /// `timeout=T`.
    Timeout(Duration),
    /// `max-memory-size=N`.
    MaxMemory(u64),
    /// `max-wasm-stack=N`.
    MaxStack(u64),
    /// `max-table-elements=N`.
    MaxTable(u64),
    /// `trap-on-grow-failure`.
    TrapOnGrowFailure(bool),
    /// `simd`.
    #[cfg(feature = "simd")]
    Simd(bool),
    /// `relaxed-simd`.
    #[cfg(feature = "simd")]
    RelaxedSimd(bool),
    /// `memory64`.
    #[cfg(feature = "memory64")]
    Memory64(bool),
    /// `custom-page-sizes`.
    CustomPageSizes(bool),
    /// `wide-arithmetic`.
    #[cfg(feature = "wide-arithmetic")]
    WideArithmetic(bool),
    /// `threads`.
    #[cfg(feature = "threads")]
    Threads(bool),
    /// `exceptions`.
    #[cfg(feature = "exceptions")]
    Exceptions(bool),
    /// `function-references`.
    #[cfg(feature = "gc")]
    FunctionReferences(bool),
    /// `gc`.
    #[cfg(feature = "gc")]
    Gc(bool),
    /// `nan-canonicalization`.
    #[cfg(feature = "canonical-nans")]
    NanCanonicalization(bool),
    /// A switch for behaviour that cannot be turned off.
    Settled,
}

/// One `-S` option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum WasiOption {
    /// `inherit-env`.
    InheritEnv(bool),
    /// `tcplisten=HOST:PORT`.
    TcpListen(String),
    /// A switch for behaviour that cannot be turned off.
    Settled,
}

impl WasmOption {
    /// The options that do something, for the message about one that is not known.
    const OTHERS: &[&str] = &[
        "fuel=N",
        "timeout=T",
        "max-memory-size=N",
        "max-wasm-stack=N",
        "max-table-elements=N",
        "trap-on-grow-failure",
        #[cfg(feature = "memory64")]
        "memory64",
        "custom-page-sizes",
        #[cfg(feature = "wide-arithmetic")]
        "wide-arithmetic",
        #[cfg(feature = "simd")]
        "simd",
        #[cfg(feature = "simd")]
        "relaxed-simd",
        #[cfg(feature = "exceptions")]
        "exceptions",
        #[cfg(feature = "gc")]
        "function-references",
        #[cfg(feature = "gc")]
        "gc",
        #[cfg(feature = "canonical-nans")]
        "nan-canonicalization",
        #[cfg(feature = "threads")]
        "threads",
    ];

    /// Reads `NAME[=VALUE]`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (name, value) = split(text);
        match name.as_str() {
            "fuel" => units::count(needed(&name, value)?).map(Self::Fuel),
            "timeout" => units::duration(needed(&name, value)?).map(Self::Timeout),
            "max-memory-size" => units::size(needed(&name, value)?).map(Self::MaxMemory),
            "max-wasm-stack" => units::size(needed(&name, value)?).map(Self::MaxStack),
            "max-table-elements" => units::count(needed(&name, value)?).map(Self::MaxTable),
            "trap-on-grow-failure" => truth(value).map(Self::TrapOnGrowFailure),
            #[cfg(feature = "simd")]
            "simd" => truth(value).map(Self::Simd),
            #[cfg(feature = "simd")]
            "relaxed-simd" => truth(value).map(Self::RelaxedSimd),
            #[cfg(feature = "memory64")]
            "memory64" => truth(value).map(Self::Memory64),
            "custom-page-sizes" => truth(value).map(Self::CustomPageSizes),
            #[cfg(feature = "wide-arithmetic")]
            "wide-arithmetic" => truth(value).map(Self::WideArithmetic),
            #[cfg(feature = "threads")]
            "threads" => truth(value).map(Self::Threads),
            #[cfg(feature = "exceptions")]
            "exceptions" => truth(value).map(Self::Exceptions),
            #[cfg(feature = "gc")]
            "function-references" => truth(value).map(Self::FunctionReferences),
            #[cfg(feature = "gc")]
            "gc" => truth(value).map(Self::Gc),
            #[cfg(feature = "canonical-nans")]
            "nan-canonicalization" => truth(value).map(Self::NanCanonicalization),
            _ => {
                settled(&name, value, Self::OTHERS, &PROPOSALS, &NO_PROPOSALS)?;
                Ok(Self::Settled)
            }
        }
    }
}

impl WasiOption {
    /// Reads `NAME[=VALUE]`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (name, value) = split(text);
        match name.as_str() {
            "inherit-env" => truth(value).map(Self::InheritEnv),
            "tcplisten" => Ok(Self::TcpListen(needed(&name, value)?.to_owned())),
            _ => {
                settled(
                    &name,
                    value,
                    &["inherit-env", "tcplisten=HOST:PORT"],
                    &WASI,
                    &NO_WASI,
                )?;
                Ok(Self::Settled)
            }
        }
    }
}

/// Name and value; underscores in a name are as good as hyphens, as for wasmtime.
fn split(text: &str) -> (String, Option<&str>) {
    match text.split_once('=') {
        Some((name, value)) => (name.replace('_', "-"), Some(value)),
        None => (text.replace('_', "-"), None),
    }
}

/// The value of an option that makes no sense without one.
fn needed<'a>(name: &str, value: Option<&'a str>) -> Result<&'a str, String> {
    value.ok_or_else(|| format!("{name} needs a value: {name}=…"))
}

/// Whether an option is switched on; without a value it is.
fn truth(value: Option<&str>) -> Result<bool, String> {
    match value {
        None | Some("y" | "yes" | "true") => Ok(true),
        Some("n" | "no" | "false") => Ok(false),
        Some(other) => Err(format!("{other:?} is neither y nor n")),
    }
}

/// Accepts a switch for behaviour that cannot be turned off.
fn settled(
    name: &str,
    value: Option<&str>,
    others: &[&str],
    present: &[&str],
    absent: &[&str],
) -> Result<(), String> {
    if present.contains(&name) {
        if !truth(value)? {
            return Err(format!("{name} is always on in wasi-interp"));
        }
    } else if absent.contains(&name) {
        if truth(value)? {
            return Err(format!("wasi-interp does not offer {name}"));
        }
    } else {
        let known = [others, present].concat().join(", ");
        return Err(format!("wasi-interp does not know it, but {known}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        assert_eq!(WasmOption::parse("fuel=100"), Ok(WasmOption::Fuel(100)));
        assert_eq!(
            WasmOption::parse("timeout=2"),
            Ok(WasmOption::Timeout(Duration::from_secs(2)))
        );
        assert_eq!(
            WasmOption::parse("timeout=20ms"),
            Ok(WasmOption::Timeout(Duration::from_millis(20)))
        );
        assert_eq!(
            WasmOption::parse("max-memory-size=0x10000"),
            Ok(WasmOption::MaxMemory(65536))
        );
        assert_eq!(
            WasmOption::parse("max_wasm_stack=8388608"),
            Ok(WasmOption::MaxStack(8 << 20))
        );
        assert_eq!(
            WasmOption::parse("max-table-elements=7"),
            Ok(WasmOption::MaxTable(7))
        );
        for text in [
            "fuel",
            "fuel=",
            "fuel=x",
            "timeout",
            "max-memory-size=-1",
            "",
            "=",
            "fuel =1",
        ] {
            assert!(WasmOption::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn switches_that_change_nothing() {
        for text in [
            "bulk-memory",
            "multi-value=y",
            "tail_call=yes",
            "stack-switching=n",
            "component-model=no",
        ] {
            assert_eq!(WasmOption::parse(text), Ok(WasmOption::Settled), "{text}");
        }
        for text in [
            "bulk-memory=n",
            "stack-switching",
            "multi-value=maybe",
            "nonsense",
            "nonsense=n",
        ] {
            assert!(WasmOption::parse(text).is_err(), "{text}");
        }
        #[cfg(feature = "simd")]
        assert_eq!(WasmOption::parse("simd=no"), Ok(WasmOption::Simd(false)));
        #[cfg(not(feature = "simd"))]
        {
            assert_eq!(WasmOption::parse("simd=no"), Ok(WasmOption::Settled));
            assert!(WasmOption::parse("relaxed_simd").is_err());
        }
        #[cfg(feature = "gc")]
        assert_eq!(WasmOption::parse("gc=n"), Ok(WasmOption::Gc(false)));
        #[cfg(not(feature = "gc"))]
        assert!(WasmOption::parse("gc=y").is_err());
        #[cfg(feature = "canonical-nans")]
        assert_eq!(
            WasmOption::parse("nan_canonicalization"),
            Ok(WasmOption::NanCanonicalization(true))
        );
        #[cfg(feature = "exceptions")]
        assert_eq!(
            WasmOption::parse("exceptions=n"),
            Ok(WasmOption::Exceptions(false))
        );
        #[cfg(not(feature = "exceptions"))]
        assert!(WasmOption::parse("exceptions").is_err());
        #[cfg(feature = "memory64")]
        assert_eq!(
            WasmOption::parse("memory64=n"),
            Ok(WasmOption::Memory64(false))
        );
        #[cfg(not(feature = "memory64"))]
        assert!(WasmOption::parse("memory64").is_err());
        #[cfg(feature = "wide-arithmetic")]
        assert_eq!(
            WasmOption::parse("wide_arithmetic=n"),
            Ok(WasmOption::WideArithmetic(false))
        );
        #[cfg(not(feature = "wide-arithmetic"))]
        assert!(WasmOption::parse("wide-arithmetic").is_err());
        assert_eq!(WasiOption::parse("cli"), Ok(WasiOption::Settled));
        assert_eq!(WasiOption::parse("preview2=n"), Ok(WasiOption::Settled));
        assert_eq!(
            WasiOption::parse("inherit-env"),
            Ok(WasiOption::InheritEnv(true))
        );
        assert_eq!(
            WasiOption::parse("inherit-env=n"),
            Ok(WasiOption::InheritEnv(false))
        );
        let listen = WasiOption::TcpListen("127.0.0.1:80".to_owned());
        assert_eq!(WasiOption::parse("tcplisten=127.0.0.1:80"), Ok(listen));
        for text in ["nn", "tcplisten", "http=y", "cli=n", "inherit-env=1"] {
            assert!(WasiOption::parse(text).is_err(), "{text}");
        }
    }
}
