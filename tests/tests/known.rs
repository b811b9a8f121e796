//! Real Go programs contain the patterns that lowering recognises.
//!
//! Ops for known functions of Go's runtime return the same results as the functions' bodies. Almost all functions of Go
//! programs are lowered with the ops for Go.

use std::path::Path;

use interp::compile::module::ModuleInfo;
use interp::inspect::Lister;
use interp::ops::intrinsic::{Known, MemCompare, MemEqual, MemFind};
use interp::{Engine, Linker, Module, Store, Val, Validation};
use tests::tools::repository;
use tests::{Guest, Run, wasi_interp};

/// The number of bytes of memory that the functions access.
const PAGE: u64 = 65_536;

/// Programs of each tested Go release contain the known functions.
#[test]
fn programs_have_them() {
    for guest in [Guest::named("text"), Guest::named("text").old()] {
        let program = guest.wasm();
        for (function, op) in [
            ("memeqbody", MemEqual::NAME),
            ("memcmp", MemCompare::NAME),
            ("memchr", MemFind::NAME),
        ] {
            let mut list = wasi_interp(Path::new("."));
            list.args(["list", "--func", function]).arg(&program);
            let listing = Run::of(&mut list).ends_with(0).stdout;
            assert!(
                listing.contains(&format!("0 {op}")),
                "{} has another {function}:\n{listing}",
                program.display()
            );
        }
    }
}

/// All functions with a resume table meet the conditions of `interp/src/compile/func/go.rs`: none is lowered again.
#[test]
fn functions_with_resume_tables_are_threaded() {
    let program = repository().join("tests/guests/filecopy/main.wasm");
    let bytes = std::fs::read(program).expect("the program is in the repository");
    let module = ModuleInfo::new(bytes.into(), Validation::Eager).expect("it is valid");
    let mut lister = Lister::new(&module);
    let (mut tables, mut calls, mut plain) = (0, 0, String::new());
    for defined in 0..module.defined_funcs() {
        let listing = lister.list(defined).expect("it is valid").to_string();
        if !listing.contains("br_table l0") {
            continue;
        }
        tables += 1;
        calls += listing.matches(" go.call").count();
        // A function that is lowered again has no such start, and assigns constants to local 0.
        let sets = listing.contains(" l0 ← i32.const") || listing.contains(" l0 ← i64.const");
        if sets || !listing.contains(" go.enter") {
            plain += &listing;
        }
    }
    assert!(plain.is_empty(), "these are lowered plainly:\n{plain}");
    assert!(
        tables > 1500 && calls > 5000,
        "{tables} functions, {calls} calls"
    );
}

#[test]
fn equality_is_that_of_the_body() {
    compare::<MemEqual>(0x7e);
}

#[test]
fn order_is_that_of_the_body() {
    compare::<MemCompare>(0x7f);
}

#[test]
fn what_is_found_is_what_the_body_finds() {
    compare::<MemFind>(0x7f);
}

/// Calls a known function, and the same function with a `nop`, which is not recognised, with many arguments.
fn compare<K: Known>(ty: u8) {
    let (locals, code) = K::BODY.split_at(if K::BODY[0] == 0 { 1 } else { 3 });
    let unknown = [locals, &[0x01], code].concat();
    let mut known = Function::new(ty, K::BODY);
    let mut unknown = Function::new(ty, &unknown);
    let (mut answers, mut traps) = (0, 0);
    for arguments in cases() {
        let (found, expected) = (known.call(arguments), unknown.call(arguments));
        assert_eq!(found, expected, "{} of {arguments:?}", K::NAME);
        match expected {
            Ok(_) => answers += 1,
            Err(_) => traps += 1,
        }
    }
    assert!(
        answers > 1000 && traps > 100,
        "{answers} answers, {traps} traps"
    );
}

/// Addresses of equal and different bytes, byte values, and lengths, inside and outside of memory.
fn cases() -> Vec<[u64; 3]> {
    let places = [0, 1, 2, 3, 8, 64, 65, 66, 131, 4096, 4103];
    let places = places.into_iter().chain((0..12).map(|below| PAGE - below));
    let places: Vec<u64> = places.chain([PAGE + 1, 0xffff_fff0, 0xffff_ffff]).collect();
    let mut cases = Vec::new();
    for &p in &places {
        for q in places.iter().copied().chain([77, 200, 254, 255, 256, 511]) {
            for n in [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 31, 64, 130, 1000] {
                cases.push([p, q, n]);
            }
        }
    }
    cases
}

/// A function with three parameters of one type, which is also its result type, in an instance of its own.
struct Function {
    store: Store<()>,
    func: interp::Func,
    wide: bool,
}

impl Function {
    fn new(ty: u8, body: &[u8]) -> Self {
        let engine = Engine::default();
        let module = Module::new(&engine, binary(ty, body)).expect("the module is valid");
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine)
            .instantiate(&mut store, &module)
            .expect("it imports nothing");
        let memory = instance
            .get_memory(&store, "m")
            .expect("it exports a memory");
        for (place, byte) in memory.data_mut(&mut store).iter_mut().enumerate() {
            // The pattern repeats every 64 bytes, except for one byte in 1,000.
            *byte = if place % 1000 == 999 {
                254
            } else {
                (place % 64) as u8
            };
        }
        let func = instance
            .get_func(&store, "f")
            .expect("it exports a function");
        Self {
            store,
            func,
            wide: ty == 0x7e,
        }
    }

    /// Its result, or its trap.
    fn call(&mut self, arguments: [u64; 3]) -> Result<u64, String> {
        let values = arguments.map(|argument| {
            if self.wide {
                Val::I64(argument.cast_signed())
            } else {
                Val::I32((argument as u32).cast_signed())
            }
        });
        let mut results = [Val::I32(0)];
        match self.func.call(&mut self.store, &values, &mut results) {
            Ok(()) => Ok(match results[0] {
                Val::I32(value) => value.cast_unsigned().into(),
                Val::I64(value) => value.cast_unsigned(),
                ref other => panic!("{other:?} is no integer"),
            }),
            // Only the first line, because positions differ by the `nop`.
            Err(error) => Err(error.to_string().lines().take(1).collect()),
        }
    }
}

/// A module with one page of memory `m` and the function `f` (core specification, 5.5).
fn binary(ty: u8, body: &[u8]) -> Vec<u8> {
    let size = [body.len() as u8 | 0x80, (body.len() >> 7) as u8];
    let code = [&[1][..], &size, body].concat();
    let sections: [(u8, &[u8]); 5] = [
        (1, &[1, 0x60, 3, ty, ty, ty, 1, ty]),
        (3, &[1, 0]),
        (5, &[1, 0, 1]),
        (7, &[2, 1, b'm', 2, 0, 1, b'f', 0, 0]),
        (10, &code),
    ];
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    for (id, content) in sections {
        // Sizes below 16,384, in two bytes.
        module.extend([id, content.len() as u8 | 0x80, (content.len() >> 7) as u8]);
        module.extend(content);
    }
    module
}
