//! Modules with wrong bytes. Each is refused with a message or runs within its limits, without a panic or a hang.
//!
//! A seed always causes the same damage. If a mutation fails, its seed is printed.

use std::fs;
use std::time::{Duration, Instant};

use interp::{
    Config, Engine, Error, Extern, Linker, Module, Store, StoreLimits, StoreLimitsBuilder, Val,
    Validation,
};
use tests::same::folder;
use tests::tools::repository;
use tests::{Run, modules, wasi_interp};

/// Longer than any module here takes on any machine.
const LONG: Duration = Duration::from_secs(60);

/// A module with every kind of item.
const EVERYTHING: &str = r#"(module
    (type $unary (func (param i32) (result i32)))
    (import "host" "call" (func $host (param i32) (result i32)))
    (memory (export "memory") 1 3) (memory $second 1)
    (table $funcs (export "table") 8 20 funcref) (table $externs 3 externref)
    (global $count (mut i32) (i32.const 5)) (global f64 (f64.const 1.5))
    (elem (table $funcs) (i32.const 1) func $host $fib $calls) (elem $passive func $floats $fib)
    (elem declare func $memories)
    (data (i32.const 16) "some bytes") (data $later "other bytes")
    (func $start (global.set $count (i32.const 7))) (start $start)
    (func $fib (export "fib") (param i32) (result i32)
        (if (result i32) (i32.lt_s (local.get 0) (i32.const 2))
            (then (local.get 0))
            (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
    (func $calls (export "calls") (param i32) (result i32)
        (i32.add (call $host (local.get 0))
            (call_indirect $funcs (type $unary) (local.get 0) (i32.rem_u (local.get 0) (i32.const 9)))))
    (func (export "tail") (param i32) (result i32)
        (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
        (return_call_indirect $funcs (type $unary) (i32.sub (local.get 0) (i32.const 1)) (i32.const 2)))
    (func $floats (export "floats") (param f64 f32) (result f64 f32) (local i64)
        (local.set 2 (i64.trunc_sat_f64_s (local.get 0)))
        (f64.mul (f64.sqrt (local.get 0)) (f64.convert_i64_s (local.get 2)))
        (f32.max (local.get 1) (f32.nearest (f32.demote_f64 (local.get 0)))))
    (func $memories (export "memories") (param i32 i64) (result i64)
        (i64.store offset=8 (local.get 0) (local.get 1))
        (memory.copy $second 0 (local.get 0) (local.get 0) (i32.const 32))
        (memory.fill (local.get 0) (i32.const 65) (i32.const 9))
        (memory.init $later (i32.const 0) (i32.const 1) (i32.const 4)) (data.drop $later)
        (drop (memory.grow (i32.const 1)))
        (i64.add (i64.load32_s (local.get 0)) (i64.load8_u $second offset=3 (local.get 0))))
    (func (export "tables") (param i32) (result funcref)
        (table.init $funcs $passive (local.get 0) (i32.const 0) (i32.const 2)) (elem.drop $passive)
        (table.copy $funcs $funcs (i32.const 4) (i32.const 1) (i32.const 3))
        (table.set $funcs (i32.const 0) (ref.func $memories))
        (drop (table.grow $externs (ref.null extern) (local.get 0)))
        (table.fill $externs (i32.const 0) (ref.null extern) (table.size $externs))
        (table.get $funcs (local.get 0)))
    (func (export "branches") (param i32) (result i32) (local $turns i32)
        (loop $again (result i32)
            (block $two (block $one (block $zero
                (br_table $zero $one $two (local.get 0)))
                (br $two)) (nop))
            (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
            (br_if $again (local.get $turns) (i32.lt_u (local.get $turns) (local.get 0)))
            (select (i32.const 3) (i32.const 4))))
    (tag $number (export "tag") (param i32)) (tag $pair (param i32 exnref))
    (global $last (mut exnref) (ref.null exn))
    (func $throw (param i32)
        (if (i32.lt_u (local.get 0) (i32.const 4)) (then (throw $number (local.get 0))))
        (throw $pair (local.get 0) (global.get $last)))
    (func (export "exceptions") (param i32) (result i32) (local $seen exnref)
        (loop $again (result i32)
            (block $pairs (result i32 exnref)
                (block $numbers (result i32 exnref)
                    (try_table (catch_ref $number $numbers) (catch $pair $pairs)
                        (try_table (catch_all 0) (drop (call $host (local.get 0))))
                        (call $throw (local.get 0)))
                    (return (i32.const 0)))
                (local.set $seen) (global.set $last (local.get $seen))
                (try_table (catch_all $again) (throw_ref (local.get $seen)))
                (return))
            (local.set $seen) (drop)
            (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if $again (local.get 0)))))"#;

/// Numbers that are the same in every run (xorshift64).
struct Random(u64);

impl Random {
    fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// Flips, replaces, repeats or removes bytes of a module. `near` is the range in which damage has the greatest effect.
fn damage(bytes: &[u8], seed: u64, near: usize) -> Vec<u8> {
    let mut random = Random::of(seed);
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = if random.below(2) == 0 {
            random.below(bytes.len().min(near))
        } else {
            random.below(bytes.len())
        };
        match random.below(8) {
            0..=2 => bytes[at] ^= 1 << random.below(8),
            3 | 4 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff, 0x0b][random.below(6)],
            5 => bytes[at] = random.below(256) as u8,
            6 => bytes.insert(at, 0x80),
            _ => drop(bytes.drain(at..(at + 1 + random.below(3)).min(bytes.len()))),
        }
    }
    if random.below(8) == 0 {
        bytes.truncate(random.below(bytes.len()));
    }
    bytes
}

/// The results of the damaged modules.
#[derive(Debug, Default)]
struct Outcomes {
    refused: usize,
    not_instantiated: usize,
    failed: usize,
    returned: usize,
}

/// Loads a module and calls each function that it exports.
fn attempt(engine: &Engine, bytes: Vec<u8>, outcomes: &mut Outcomes) {
    let module = match Module::new(engine, bytes) {
        Ok(module) => module,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            outcomes.refused += 1;
            return;
        }
    };
    let limits = StoreLimitsBuilder::new()
        .memory_size(8 << 20)
        .table_elements(10_000)
        .build();
    let mut store = Store::new(engine, limits);
    store.limiter(|limits: &mut StoreLimits| limits);
    store.set_fuel(5_000).expect("fuel is metered");
    let mut linker = Linker::new(engine);
    linker
        .func_wrap("host", "call", |number: i32| number ^ 1)
        .expect("the name is new");
    let ready = linker
        .define_unknown_imports_as_traps(&module)
        .and_then(|()| linker.instantiate(&mut store, &module));
    let Ok(instance) = ready else {
        outcomes.not_instantiated += 1;
        return;
    };
    for export in instance.exports(&store) {
        let Extern::Func(func) = export.value else {
            continue;
        };
        match call(&mut store, func) {
            Ok(()) => outcomes.returned += 1,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                outcomes.failed += 1;
            }
        }
    }
}

/// Calls a function with some fuel and small numbers.
fn call(store: &mut Store<StoreLimits>, func: interp::Func) -> Result<(), Error> {
    let ty = func.ty(&*store);
    let params: Vec<Val> = (ty.params().iter())
        .map(|ty| match ty {
            interp::ValType::I32 => Val::I32(6),
            interp::ValType::I64 => Val::I64(-6),
            other => Val::default_for(*other),
        })
        .collect();
    let mut results: Vec<Val> = ty.results().iter().copied().map(Val::default_for).collect();
    store.set_fuel(5_000)?;
    func.call(store, &params, &mut results)
}

/// Damages a module `seeds` times, and checks that no attempt takes long.
fn damaged(bytes: &[u8], near: usize, validation: Validation, seeds: u64) -> Outcomes {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .max_stack_bytes(1 << 20)
        .validation(validation);
    let engine = Engine::new(&config);
    let mut outcomes = Outcomes::default();
    for seed in 0..seeds {
        let start = Instant::now();
        attempt(&engine, damage(bytes, seed, near), &mut outcomes);
        assert!(
            start.elapsed() < LONG,
            "seed {seed} took {:?}",
            start.elapsed()
        );
    }
    println!("{seeds} seeds, {validation:?} validation: {outcomes:?}");
    assert!(outcomes.refused > 0 && outcomes.failed > 0, "{outcomes:?}");
    outcomes
}

#[test]
fn a_small_module_with_wrong_bytes() {
    let bytes = wat::parse_str(EVERYTHING).expect("the text is a module");
    for validation in [Validation::Eager, Validation::Lazy] {
        let outcomes = damaged(&bytes, bytes.len(), validation, 4_000);
        // Many changes affect only a constant.
        assert!(outcomes.returned > 1_000, "{outcomes:?}");
    }
}

fn go_program() -> Vec<u8> {
    let path = repository().join("tests/guests/filecopy/main.wasm");
    fs::read(path).expect("the program is in the repository")
}

#[test]
fn a_go_program_with_wrong_bytes() {
    // The first 100 KB contain the beginnings of all sections, and the code that runs first.
    damaged(&go_program(), 100_000, Validation::Lazy, 600);
}

#[test]
fn the_command_refuses_a_damaged_program_in_words() {
    let bytes = go_program();
    let here = folder();
    for seed in 0..60 {
        let path = modules::write(here.path(), "main.wasm", &damage(&bytes, seed, 4_000));
        let mut command = wasi_interp(here.path());
        command.args(["--fuel=1000000", "--timeout=60s", "--max-memory=64M"]);
        let run = Run::of(command.arg(path));
        let known = matches!(run.status, Some(1 | 2 | 134));
        assert!(
            known && !run.stderr.is_empty() && !run.stderr.contains("panicked"),
            "seed {seed}: {run:?}"
        );
    }
}
