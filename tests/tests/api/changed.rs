//! Modules whose bytes change after validation, as the bytes of a mapped file can. Results may be wrong or errors, but the
//! host is safe.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use interp::{
    Config, Engine, Error, Extern, Linker, Module, ModuleBytes, ModuleErrorKind, Store, Val,
    Validation,
};

/// Bytes that the test changes while a module shares them.
#[derive(Clone)]
struct Changing(Arc<[AtomicU8]>);

impl Changing {
    fn new(bytes: &[u8]) -> Self {
        Self(bytes.iter().copied().map(AtomicU8::new).collect())
    }

    fn set(&self, at: usize, byte: u8) {
        self.0[at].store(byte, Ordering::Relaxed);
    }

    /// A module of these bytes.
    fn module(&self, validation: Validation) -> Result<Module, Error> {
        let mut config = Config::new();
        config.validation(validation).consume_fuel(true);
        let engine = Engine::new(&config);
        Module::new(&engine, ModuleBytes::from_owner(self.clone()))
    }
}

impl AsRef<[u8]> for Changing {
    #[expect(unsafe_code, reason = "what a mapped file is, without a file")]
    fn as_ref(&self) -> &[u8] {
        let first = self.0.as_ptr().cast();
        // SAFETY: the slice has the same length, and lives as long as `self`. Its bytes may change, as those of a mapped
        // file may. That is the subject of the test.
        unsafe { std::slice::from_raw_parts(first, self.0.len()) }
    }
}

/// A number that differs from its neighbours' (splitmix64).
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Contains every part that is read after validation: bodies with tables and calls, segments of each kind, names, exports.
const MODULE: &str = r#"(module $everything
    (type $unary (func (param i32) (result i32)))
    (memory (export "memory") 1 4)
    (table $funcs (export "table") 4 funcref)
    (global $base i32 (i32.const 64)) (global $count (mut i32) (i32.const 5))
    (elem (i32.const 1) func $twice $pick) (elem $passive func $twice)
    (data (i32.const 16) "some bytes") (data (i32.add (i32.const 8) (i32.const 8)) "more") (data $later "other bytes")
    (@custom "note" "a custom section")
    (func $twice (export "twice") (param i32) (result i32) (local i64 f32)
        (i32.mul (local.get 0) (i32.const 2)))
    (func $pick (export "pick") (param i32) (result i32)
        (block $two (block $one (block $zero
            (br_table $zero $one $two (local.get 0)))
            (return (i32.const 7))) (return (i32.load8_u (local.get 0))))
        (call $twice (local.get 0)))
    (func (export "indirect") (param i32) (result i32)
        (if (i32.gt_u (local.get 0) (i32.const 2)) (then (return (i32.const 0))))
        (call_indirect (type $unary) (local.get 0) (i32.rem_u (local.get 0) (i32.const 4))))
    (func (export "state") (param i32) (result i32) (local i32)
        (loop $again (block $other (block $zero
            (br_table $zero $other (local.get 0)))
            (local.set 0 (i32.const 1)) (br $again))
            (local.set 1 (i32.const 3)))
        (local.get 1))
    (func (export "bulk") (param i32) (result i32)
        (memory.init $later (i32.const 0) (i32.const 1) (i32.const 4)) (data.drop $later)
        (table.init $funcs $passive (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $passive)
        (global.set $count (i32.add (global.get $base) (i32.const 1)))
        (i32.load (i32.const 0)))
    (func (export "trap") (param i32) (result i32)
        (if (i32.ne (local.get 0) (i32.const 99)) (then unreachable)) (i32.const 1)))"#;

fn bytes() -> &'static [u8] {
    static BYTES: LazyLock<Vec<u8>> =
        LazyLock::new(|| wat::parse_str(MODULE).expect("the text is a module"));
    &BYTES
}

/// Instantiates a module and calls all its exports. Every step may fail, but only with an error that can be printed.
fn use_all(module: &Module, between: impl FnOnce()) -> Result<(), Error> {
    let mut store = Store::new(module.engine(), ());
    store.set_fuel(1_000)?;
    let instance = Linker::new(module.engine()).instantiate(&mut store, module)?;
    between();
    let names: Vec<String> = module
        .exports()
        .map(|export| export.name.to_owned())
        .collect();
    for name in names {
        let Some(Extern::Func(func)) = instance.get_export(&store, &name) else {
            continue;
        };
        for argument in [0, 1, 2, 3] {
            let mut results = [Val::I32(0)];
            if let Err(error) = func.call(&mut store, &[Val::I32(argument)], &mut results) {
                assert!(!error.to_string().is_empty());
            }
        }
    }
    for (name, content) in module.custom_sections() {
        assert!(name.len() + content.len() < bytes().len());
    }
    Ok(())
}

/// Returns whether a run with the changes in `patched` ends without a panic.
fn survives(patched: &[(usize, u8)], validation: Validation, before_instantiation: bool) {
    let changing = Changing::new(bytes());
    let patch = || {
        for &(at, byte) in patched {
            changing.set(at, byte);
        }
    };
    let module = changing.module(validation).expect("it is valid at first");
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        if before_instantiation {
            patch();
        }
        use_all(&module, patch)
    }));
    assert!(
        outcome.is_ok(),
        "{patched:x?}, {validation:?}, {before_instantiation}"
    );
}

#[test]
fn each_byte_may_change_after_validation() {
    for (at, &original) in bytes().iter().enumerate().skip(8) {
        for turn in 0..4 {
            let seed = at as u64 * 8 + turn;
            // Random bytes, and bytes next to valid numbers.
            let byte = match turn {
                0 => 0xff,
                1 => original.wrapping_add(1),
                _ => mixed(seed) as u8,
            };
            for validation in [Validation::Eager, Validation::Lazy] {
                survives(&[(at, byte)], validation, turn % 2 == 0);
            }
        }
    }
}

#[test]
fn many_bytes_may_change_after_validation() {
    let len = bytes().len() - 8;
    for seed in 0..1_500 {
        let patches: Vec<_> = (0..1 + mixed(seed) % 12)
            .map(|patch| {
                let random = mixed(seed << 8 | patch);
                (8 + random as usize % len, (random >> 32) as u8)
            })
            .collect();
        let validation = [Validation::Eager, Validation::Lazy][seed as usize % 2];
        survives(&patches, validation, seed % 4 < 2);
    }
}

#[test]
fn a_body_that_was_valid_is_validated_again() -> Result<(), Error> {
    for validation in [Validation::Eager, Validation::Lazy] {
        let changing = Changing::new(bytes());
        let module = changing.module(validation)?;
        let mut store = Store::new(module.engine(), ());
        store.set_fuel(1_000)?;
        let instance = Linker::new(module.engine()).instantiate(&mut store, &module)?;
        let twice = instance.get_typed_func::<i32, i32>(&store, "twice")?;
        let body = module.info().body_range(0);
        // `local.get 0` becomes `local.get 100`.
        let get = bytes()[body.clone()]
            .windows(2)
            .position(|pair| pair == [0x20, 0]);
        changing.set(body.start + get.expect("it reads its parameter") + 1, 100);
        let error = twice
            .call(&mut store, 4)
            .expect_err("there is no local 100");
        let kind = error.as_module_error().map(interp::ModuleError::kind);
        assert_eq!(kind, Some(ModuleErrorKind::Invalid), "{error}");
    }
    Ok(())
}

#[test]
fn a_data_section_that_has_changed_is_an_error() -> Result<(), Error> {
    let changing = Changing::new(bytes());
    let module = changing.module(Validation::Eager)?;
    let text = b"some bytes";
    let at = bytes()
        .windows(text.len())
        .position(|window| window == text);
    // The length of the segment becomes more than the bytes that follow.
    changing.set(at.expect("the segment is there") - 1, 0x7f);
    let error = use_all(&module, || {}).expect_err("the segment is longer than the section");
    assert!(error.to_string().contains("have changed"), "{error}");
    Ok(())
}

#[test]
fn another_thread_may_write_all_the_time() {
    let changing = Changing::new(bytes());
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let module = bytes();
            for seed in 0.. {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let random = mixed(seed);
                let at = 8 + random as usize % (module.len() - 8);
                changing.set(at, (random >> 32) as u8);
                changing.set(at, module[at]);
            }
        });
        let begun = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut used = 0;
            while begun.elapsed() < Duration::from_millis(400) {
                for validation in [Validation::Eager, Validation::Lazy] {
                    if let Ok(module) = changing.module(validation) {
                        used += usize::from(use_all(&module, || {}).is_ok());
                    }
                }
            }
            used
        }));
        over.store(true, Ordering::Relaxed);
        assert!(outcome.is_ok_and(|used| used > 0));
    });
}
