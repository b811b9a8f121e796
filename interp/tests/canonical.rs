//! `Config::canonical_nans`: each instruction whose NaN is not specified gives the canonical one, alone, folded and in chains.

use std::fmt::Write;

use interp::{Config, Engine, Instance, Module, Store};

const BINARY: [&str; 6] = ["add", "sub", "mul", "div", "min", "max"];
const UNARY: [&str; 5] = ["ceil", "floor", "trunc", "nearest", "sqrt"];

/// Bit patterns of 64 bits: NaNs with payloads, quiet and signalling, of both signs; infinities, zeros, numbers.
const WIDE: [u64; 10] = [
    0x7ff8_0000_0000_0000,
    0xfff8_0000_0000_0000,
    0x7ff8_0000_dead_beef,
    0xfff0_0000_0000_0001,
    0x7ff4_5678_9abc_def0,
    0x7ff0_0000_0000_0000,
    0xfff0_0000_0000_0000,
    0,
    0x8000_0000_0000_0000,
    0xbff8_0000_0000_0000,
];
/// The same with 32 bits.
const NARROW: [u32; 10] = [
    0x7fc0_0000,
    0xffc0_0000,
    0x7fc0_beef,
    0xff80_0001,
    0x7fa5_6789,
    0x7f80_0000,
    0xff80_0000,
    0,
    0x8000_0000,
    0xbfc0_0000,
];

fn engine(canonical: bool) -> Engine {
    Engine::new(Config::new().canonical_nans(canonical))
}

/// An instance of a text, and its store.
fn instance(text: &str, canonical: bool) -> (Store<()>, Instance) {
    let engine = engine(canonical);
    let bytes = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"));
    let module = Module::new(&engine, bytes).expect("it is valid");
    let mut store = Store::new(&engine, ());
    let instance = Instance::instantiate(&mut store, &module, &[]).expect("it has no imports");
    (store, instance)
}

/// Checks bits that are a NaN or not.
#[track_caller]
fn check64(bits: u64, what: &str) {
    if f64::from_bits(bits).is_nan() {
        assert_eq!(bits, WIDE[0], "{what}");
    }
}

#[track_caller]
fn check32(bits: u32, what: &str) {
    if f32::from_bits(bits).is_nan() {
        assert_eq!(bits, NARROW[0], "{what}");
    }
}

/// Functions of two integers, whose bits are those of floats: each operator on parameters, on constants, in a local, and twice.
#[test]
fn scalars() {
    let mut text = String::from("(module\n");
    let mut names = Vec::new();
    for (float, int) in [("f32", "i32"), ("f64", "i64")] {
        let arg = |number: u8| format!("({float}.reinterpret_{int} (local.get {number}))");
        let head = |name: &str| {
            format!("(func (export \"{name}\") (param {int} {int}) (result {int}) (local {float})")
        };
        let mut func = |name: String, body: String| {
            let head = head(&name);
            let _ = writeln!(text, "{head} ({int}.reinterpret_{float} {body}))");
            names.push((name, float));
        };
        for op in BINARY {
            let once = format!("({float}.{op} {} {})", arg(0), arg(1));
            func(format!("{float}.{op}"), once.clone());
            func(
                format!("{float}.{op} kept"),
                format!("(local.tee 2 {once}) drop (local.get 2)"),
            );
            for then in BINARY {
                let twice = format!("({float}.{then} {once} {})", arg(1));
                func(format!("{float}.{op}.{then}"), twice);
                let twice = format!("({float}.{then} {} {once})", arg(0));
                func(format!("{float}.{op}.{then} right"), twice);
            }
        }
        for op in UNARY {
            func(
                format!("{float}.{op}"),
                format!("({float}.{op} {})", arg(0)),
            );
            // An operator that keeps the bits shows those of the operator before it.
            let negated = format!("({float}.neg ({float}.neg ({float}.{op} {})))", arg(0));
            func(format!("{float}.{op} negated"), negated);
        }
    }
    let _ = writeln!(
        text,
        "(func (export \"demote\") (param i64 i64) (result i32) (i32.reinterpret_f32 (f32.demote_f64 (f64.reinterpret_i64 (local.get 0)))))
         (func (export \"promote\") (param i32 i32) (result i64) (i64.reinterpret_f64 (f64.promote_f32 (f32.reinterpret_i32 (local.get 0)))))
         (func (export \"neg\") (param i64 i64) (result i64) (i64.reinterpret_f64 (f64.neg (f64.reinterpret_i64 (local.get 0)))))
         (func (export \"copysign\") (param i64 i64) (result i64)
            (i64.reinterpret_f64 (f64.copysign (f64.reinterpret_i64 (local.get 0)) (f64.reinterpret_i64 (local.get 1))))))"
    );
    let (mut store, instance) = instance(&text, true);
    for (name, float) in &names {
        if *float == "f64" {
            let func = instance
                .get_typed_func::<(u64, u64), u64>(&store, name)
                .expect(name);
            for a in WIDE {
                for b in WIDE {
                    let bits = func.call(&mut store, (a, b)).expect("it cannot trap");
                    check64(bits, &format!("{name} of {a:x}, {b:x}"));
                }
            }
        } else {
            let func = instance
                .get_typed_func::<(u32, u32), u32>(&store, name)
                .expect(name);
            for a in NARROW {
                for b in NARROW {
                    let bits = func.call(&mut store, (a, b)).expect("it cannot trap");
                    check32(bits, &format!("{name} of {a:x}, {b:x}"));
                }
            }
        }
    }
    let demote = instance
        .get_typed_func::<(u64, u64), u32>(&store, "demote")
        .expect("there");
    let promote = instance
        .get_typed_func::<(u32, u32), u64>(&store, "promote")
        .expect("there");
    let neg = instance
        .get_typed_func::<(u64, u64), u64>(&store, "neg")
        .expect("there");
    let copysign = instance
        .get_typed_func::<(u64, u64), u64>(&store, "copysign")
        .expect("there");
    for a in WIDE {
        check32(demote.call(&mut store, (a, 0)).expect("no trap"), "demote");
        // These are specified, and keep the payload.
        assert_eq!(neg.call(&mut store, (a, 0)).expect("no trap"), a ^ 1 << 63);
        assert_eq!(
            copysign.call(&mut store, (a, 0)).expect("no trap"),
            a & !(1 << 63)
        );
    }
    for a in NARROW {
        check64(
            promote.call(&mut store, (a, 0)).expect("no trap"),
            "promote",
        );
    }
}

/// The same on constants, which are folded when the function is lowered.
#[test]
fn constants() {
    let mut text = String::from("(module\n");
    let mut names = Vec::new();
    for op in BINARY {
        for (a, bits) in WIDE.iter().enumerate() {
            for (b, other) in WIDE.iter().enumerate() {
                let name = format!("{op}.{a}.{b}");
                let [a, b] =
                    [bits, other].map(|bits| format!("(f64.reinterpret_i64 (i64.const {bits}))"));
                let _ = writeln!(
                    text,
                    "(func (export \"{name}\") (result i64) (i64.reinterpret_f64 (f64.{op} {a} {b})))"
                );
                names.push(name);
            }
        }
    }
    for op in UNARY {
        for (a, bits) in NARROW.iter().enumerate() {
            let name = format!("{op}.{a}");
            let _ = writeln!(
                text,
                "(func (export \"{name}\") (result i64) (i64.extend_i32_u (i32.reinterpret_f32 (f32.{op} (f32.reinterpret_i32 (i32.const {bits}))))))"
            );
            names.push(name);
        }
    }
    text.push(')');
    let (mut store, instance) = instance(&text, true);
    for name in names {
        let func = instance
            .get_typed_func::<(), u64>(&store, &name)
            .expect("it is exported");
        let bits = func.call(&mut store, ()).expect("it cannot trap");
        match name.matches('.').count() {
            1 => check32(u32::try_from(bits).expect("it was extended"), &name),
            _ => check64(bits, &name),
        }
    }
}

/// All lanes of vectors, also of products that are added.
#[test]
fn vectors() {
    let mut text = String::from("(module (memory (export \"memory\") 1)\n");
    let mut names = Vec::new();
    for shape in ["f32x4", "f64x2"] {
        let load = |at: u8| format!("(v128.load (i32.const {at}))");
        let (a, b) = (load(0), load(16));
        let mut func = |name: String, body: String| {
            let _ = writeln!(
                text,
                "(func (export \"{name}\") (v128.store (i32.const 32) {body}))"
            );
            names.push((name, shape));
        };
        for op in BINARY {
            func(format!("{shape}.{op}"), format!("({shape}.{op} {a} {b})"));
            let sum = format!("({shape}.add ({shape}.{op} {a} {b}) {b})");
            func(format!("{shape}.{op} and sum"), sum);
        }
        for op in UNARY {
            func(format!("{shape}.{op}"), format!("({shape}.{op} {a})"));
        }
        for op in ["relaxed_min", "relaxed_max"] {
            func(format!("{shape}.{op}"), format!("({shape}.{op} {a} {b})"));
        }
        for op in ["relaxed_madd", "relaxed_nmadd"] {
            func(
                format!("{shape}.{op}"),
                format!("({shape}.{op} {a} {b} {a})"),
            );
        }
    }
    let a = "(v128.load (i32.const 0))";
    let _ = writeln!(
        text,
        "(func (export \"demote\") (v128.store (i32.const 32) (f32x4.demote_f64x2_zero {a})))
         (func (export \"promote\") (v128.store (i32.const 32) (f64x2.promote_low_f32x4 {a}))))"
    );
    names.push(("demote".into(), "f32x4"));
    names.push(("promote".into(), "f64x2"));
    let (mut store, instance) = instance(&text, true);
    let memory = instance
        .get_memory(&store, "memory")
        .expect("it is exported");
    let (narrow, wide) = (NARROW.map(u32::to_le_bytes), WIDE.map(u64::to_le_bytes));
    let (narrow, wide) = (narrow.as_flattened(), wide.as_flattened());
    for (name, shape) in names {
        let func = instance
            .get_typed_func::<(), ()>(&store, &name)
            .expect("it is exported");
        // The input of these two has lanes of the other width.
        let is_narrow = (shape == "f32x4") != matches!(&*name, "demote" | "promote");
        let patterns = if is_narrow { narrow } else { wide };
        for first in (0..patterns.len() - 16).step_by(8) {
            for second in (0..patterns.len() - 16).step_by(8) {
                let bytes = memory.data_mut(&mut store);
                bytes[..16].copy_from_slice(&patterns[first..][..16]);
                bytes[16..32].copy_from_slice(&patterns[second..][..16]);
                func.call(&mut store, ()).expect("it cannot trap");
                let result = &memory.data(&store)[32..48];
                let what = format!("{name} of {first}, {second}");
                if shape == "f32x4" {
                    for lane in result.as_chunks::<4>().0 {
                        check32(u32::from_le_bytes(*lane), &what);
                    }
                } else {
                    for lane in result.as_chunks::<8>().0 {
                        check64(u64::from_le_bytes(*lane), &what);
                    }
                }
            }
        }
    }
}

/// Without the setting, code is as it is without the feature. With it, only arithmetic is longer.
#[test]
fn only_arithmetic_is_longer() {
    let code = |text: &str, canonical| {
        let engine = engine(canonical);
        let bytes = wat::parse_str(text).expect("the text is right");
        let module = Module::new(&engine, bytes).expect("it is valid");
        let mut lister = interp::inspect::Lister::new(module.info());
        module
            .list(&mut lister, 0)
            .expect("it is valid")
            .to_string()
    };
    let sum = "(module (func (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1))))";
    assert!(!code(sum, false).contains("canonical"));
    assert!(code(sum, true).contains("f64.canonical"));
    // A sum of products is made canonical once, and each of two roots is.
    let sums = "(module (func (param f64 f64) (result f64)
        (f64.add (f64.mul (f64.mul (local.get 0) (local.get 1)) (local.get 1)) (local.get 0))))";
    assert_eq!(code(sums, true).matches("f64.canonical").count(), 1);
    let kept = "(module (func (param f64) (result f64) (f64.neg (f64.sqrt (local.get 0)))))";
    assert_eq!(code(kept, true).matches("f64.canonical").count(), 1);
    let others = "(module (memory 1) (func (param f64 i64) (result i32)
        (f64.store (i32.const 8) (f64.abs (f64.neg (local.get 0))))
        (f64.lt (f64.convert_i64_s (local.get 1)) (local.get 0))))";
    assert_eq!(code(others, true), code(others, false));
}

/// A module in lowered form says whether its NaNs are canonical.
#[test]
fn lowered_modules_are_refused_if_their_nans_are_not() {
    let sum = "(module (func (export \"f\") (result i64)
        (i64.reinterpret_f64 (f64.sub (f64.const inf) (f64.const inf)))))";
    let lowered = |canonical| {
        let module = Module::new(
            &engine(canonical),
            wat::parse_str(sum).expect("it is right"),
        );
        module
            .expect("it is valid")
            .serialize()
            .expect("it has no references")
    };
    let error = Module::deserialize(&engine(true), lowered(false)).expect_err("it has any NaNs");
    assert!(error.to_string().contains("canonical"), "{error}");
    // Canonical NaNs are among those that are allowed without the setting.
    for bytes in
        [(true, true), (true, false), (false, false)].map(|(file, wanted)| (lowered(file), wanted))
    {
        let engine = engine(bytes.1);
        let module = Module::deserialize(&engine, bytes.0).expect("it may run");
        let mut store = Store::new(&engine, ());
        let instance = Instance::instantiate(&mut store, &module, &[]).expect("no imports");
        let func = instance
            .get_typed_func::<(), u64>(&store, "f")
            .expect("it is exported");
        let bits = func.call(&mut store, ()).expect("it cannot trap");
        assert!(f64::from_bits(bits).is_nan());
    }
}
