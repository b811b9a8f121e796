//! Vectors of 128 bits through whole modules: in locals, on the operand stack, across blocks, branches and calls.

use interp::machine::Class;
use interp::ops::{self, FAMILIES, Kind};
use interp::{
    Engine, Func, FuncType, Global, GlobalType, Instance, Linker, Module, Store, Val, ValType,
};

/// Instantiates a module whose text is given.
fn instance(text: &str) -> (Store<()>, Instance) {
    let engine = Engine::default();
    let bytes = wat::parse_str(text).expect("the text is well-formed");
    let module = Module::new(&engine, bytes).expect("the module is valid");
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    let double = FuncType::new([ValType::I32, ValType::V128], [ValType::V128, ValType::I64]);
    let func = Func::new(&mut store, double, |_, params, results| {
        let (Val::I32(number), Val::V128(vector)) = (params[0], params[1]) else {
            panic!("the types are those of the function");
        };
        results[0] = Val::V128(vector << 1);
        results[1] = Val::I64(number.into());
        Ok(())
    });
    let ty = GlobalType {
        content: ValType::V128,
        mutable: false,
    };
    let value = Val::V128(100 | 200 << 64);
    let global = Global::new(&mut store, ty, value).expect("the type is that of the value");
    linker
        .define("host", "v0", global)
        .expect("the name is free");
    linker
        .define("host", "double", func)
        .expect("the name is free");
    let instance = linker
        .instantiate(&mut store, &module)
        .expect("all imports are there");
    (store, instance)
}

/// Calls the function `f` of a module with these values. Returns its results.
fn call(text: &str, params: &[Val], results: usize) -> Vec<Val> {
    let (mut store, instance) = instance(text);
    let func = instance.get_func(&store, "f").expect("it is exported");
    let mut out = vec![Val::I32(0); results];
    func.call(&mut store, params, &mut out)
        .expect("nothing traps");
    out
}

/// A function `f` of two numbers and its only result: lane `lane` of what `body` leaves. It has locals $v and $w of type v128, and $n.
fn lane_of(body: &str, lane: usize) -> u32 {
    let text = format!(
        "(module (import \"host\" \"double\" (func $double (param i32 v128) (result v128 i64)))
           (type $two (func (param v128 v128) (result v128 v128)))
           (table funcref (elem $swap))
           (func $swap (type $two) local.get 1 local.get 0)
           (func $tail (type $two) (return_call $swap (local.get 1) (local.get 0)))
           (func (export \"f\") (param $a i32) (param $b i32) (result i32)
             (local $n i32) (local $v v128) (local $m i64) (local $w v128)
             (i32x4.extract_lane {lane} {body})))"
    );
    match call(&text, &[Val::I32(3), Val::I32(500)], 1)[..] {
        [Val::I32(value)] => value.cast_unsigned(),
        ref other => panic!("{other:?}"),
    }
}

/// The vector (1, 2, 3, 4), and ($a, $a, $a, $a) with $a = 3.
const COUNT: &str = "(v128.const i32x4 1 2 3 4)";
const SPLAT: &str = "(i32x4.splat (local.get $a))";

/// Bodies, and the lanes of the vectors that they leave.
fn bodies() -> Vec<(String, [u32; 4])> {
    let add = |a: &str, b: &str| format!("(i32x4.add {a} {b})");
    let set = |body: &str| format!("(local.set $v {body}) (local.get $v)");
    let block = |body: &str| format!("(block (result v128) {body})");
    let sum = add(SPLAT, COUNT);
    vec![
        (COUNT.into(), [1, 2, 3, 4]),
        (SPLAT.into(), [3; 4]),
        (sum.clone(), [4, 5, 6, 7]),
        (add(&sum, &sum), [8, 10, 12, 14]),
        // A local is zero at entry.
        (add("(local.get $v)", COUNT), [1, 2, 3, 4]),
        // A sum overflows within its lane.
        (
            add("(v128.const i32x4 -1 0 -1 0)", "(v128.const i32x4 1 0 2 0)"),
            [0, 0, 1, 0],
        ),
        (block(&set(&sum)), [4, 5, 6, 7]),
        (block(&set(COUNT)), [1, 2, 3, 4]),
        (
            add(&format!("(local.tee $w {sum})"), "(local.get $w)"),
            [8, 10, 12, 14],
        ),
        // What was on the stack keeps the old value of a local.
        (
            block(&format!(
                "(local.set $v {COUNT}) (local.get $v) (local.set $v {SPLAT}) (local.get $v) (i32x4.add)"
            )),
            [4, 5, 6, 7],
        ),
        (
            block(&format!(
                "(local.set $v {sum}) (local.set $w (local.get $v)) (local.set $v {COUNT}) (local.get $w)"
            )),
            [4, 5, 6, 7],
        ),
        // One vector is dropped, another stays.
        (block(&format!("{COUNT} {SPLAT} drop")), [1, 2, 3, 4]),
        (
            format!("(select {COUNT} {SPLAT} (local.get $a))"),
            [1, 2, 3, 4],
        ),
        (
            format!("(select {COUNT} {SPLAT} (i32.eqz (local.get $a)))"),
            [3; 4],
        ),
        (
            format!("(select (result v128) {sum} (local.get $v) (i32.const 0))"),
            [0; 4],
        ),
        (
            format!("(if (result v128) (local.get $a) (then {COUNT}) (else {SPLAT}))"),
            [1, 2, 3, 4],
        ),
        (
            format!("(if (result v128) (i32.eqz (local.get $a)) (then {COUNT}) (else {SPLAT}))"),
            [3; 4],
        ),
        (
            block(&format!("{COUNT} (br_if 0 (local.get $a)) (drop) {SPLAT}")),
            [1, 2, 3, 4],
        ),
        (
            block(&format!(
                "{COUNT} (br_if 0 (i32.eqz (local.get $a))) (drop) {SPLAT}"
            )),
            [3; 4],
        ),
        (block(&format!("(i64.const 7) {sum} (br 0)")), [4, 5, 6, 7]),
        (
            block(&format!(
                "(block (result v128) {COUNT} (br_table 0 1 1 (i32.const 0))) (i32x4.add {SPLAT})"
            )),
            [4, 5, 6, 7],
        ),
        // A loop with a vector as its parameter adds 3 to each lane, 500 times.
        (
            format!(
                "(block (result v128) {COUNT} (loop (param v128) (result v128)
                   (i32x4.add {SPLAT})
                   (local.set $n (i32.add (local.get $n) (i32.const 1)))
                   (br_if 0 (i32.lt_u (local.get $n) (local.get $b)))))"
            ),
            [1501, 1502, 1503, 1504],
        ),
        (
            block(&format!("(call $swap {COUNT} {SPLAT}) (local.set $v)")),
            [3; 4],
        ),
        (
            block(&format!("(call $tail {COUNT} {SPLAT}) (local.set $v)")),
            [1, 2, 3, 4],
        ),
        (
            block(&format!(
                "(call_indirect (type $two) {COUNT} {SPLAT} (i32.const 0)) (local.set $v)"
            )),
            [3; 4],
        ),
        (
            block(&format!(
                "(call $double (i32.const 9) {COUNT}) (local.set $m)"
            )),
            [2, 4, 6, 8],
        ),
        (
            format!(
                "(i32x4.splat (i32.add (i32x4.extract_lane 1 {sum}) (i32x4.extract_lane 2 {COUNT})))"
            ),
            [8; 4],
        ),
    ]
}

#[test]
fn vectors_keep_their_lanes() {
    for (body, lanes) in bodies() {
        for (lane, expected) in lanes.into_iter().enumerate() {
            assert_eq!(lane_of(&body, lane), expected, "lane {lane} of {body}");
        }
    }
}

#[test]
fn the_host_passes_vectors_and_gets_them_back() {
    let text = "(module (func (export \"f\") (param i32 v128 i64 v128) (result v128 f32 v128)
        local.get 3 f32.const 1.5 (i32x4.add (local.get 1) (i32x4.splat (local.get 0)))))";
    let of = |lanes: [u32; 4]| {
        let [a, b, c, d] = lanes.map(u128::from);
        Val::V128(a | b << 32 | c << 64 | d << 96)
    };
    let params = [
        Val::I32(10),
        of([1, 2, 3, 4]),
        Val::I64(-1),
        of([5, 6, 7, 8]),
    ];
    let expected = [
        of([5, 6, 7, 8]),
        Val::F32(1.5_f32.to_bits()),
        of([11, 12, 13, 14]),
    ];
    assert_eq!(call(text, &params, 3), expected);
}

#[test]
fn globals_hold_vectors() {
    let text = "(module
        (global $a (export \"a\") (mut i32) (i32.const 1))
        (global $v (export \"v\") (mut v128) (v128.const i64x2 5 6))
        (global $w v128 (global.get $v0))
        (global $b (export \"b\") i64 (i64.const -1))
        (import \"host\" \"v0\" (global $v0 v128))
        (func (export \"f\") (result v128 i64 v128)
            (global.set $v (i32x4.add (global.get $v) (global.get $w)))
            (global.get $v) (global.get $b) (global.get $v0)))";
    let text = text.replacen("(module", "", 1).replacen(
        "(import \"host\" \"v0\" (global $v0 v128))",
        "",
        1,
    );
    let text = format!("(module (import \"host\" \"v0\" (global $v0 v128)) {text}");
    let (mut store, instance) = instance(&text);
    let func = instance.get_func(&store, "f").expect("it is exported");
    let mut out = vec![Val::I32(0); 3];
    func.call(&mut store, &[], &mut out).expect("nothing traps");
    let of = |low: u64, high: u64| Val::V128(u128::from(low) | u128::from(high) << 64);
    assert_eq!(out, [of(105, 206), Val::I64(-1), of(100, 200)]);
    let global = instance.get_global(&store, "v").expect("it is exported");
    assert_eq!(global.get(&store), of(105, 206));
    global.set(&mut store, of(7, 8)).expect("it is mutable");
    func.call(&mut store, &[], &mut out).expect("nothing traps");
    assert_eq!(out[0], of(107, 208));
    let others = ["a", "b"].map(|name| {
        instance
            .get_global(&store, name)
            .expect("exported")
            .get(&store)
    });
    assert_eq!(others, [Val::I32(1), Val::I64(-1)]);
}

/// A function that mixes vectors and numbers at random, and the lanes that it must leave, by a model of our own.
fn random(seed: u64) -> (String, [u32; 4]) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) % below
    };
    let mut locals = [[0_u32; 4]; 4];
    let mut stack: Vec<[u32; 4]> = Vec::new();
    let mut text = String::new();
    for _ in 0..60 {
        let local = next(4) as usize;
        match next(9) {
            0 | 1 => {
                stack.push(locals[local]);
                text += &format!("(local.get {local}) ");
            }
            2 => {
                let lanes = [0; 4].map(|_: u32| next(1 << 32) as u32);
                stack.push(lanes);
                let [a, b, c, d] = lanes;
                text += &format!("(v128.const i32x4 {a} {b} {c} {d}) ");
            }
            3 if !stack.is_empty() => {
                locals[local] = stack.pop().expect("it is not empty");
                text += &format!("(local.set {local}) ");
            }
            4 if !stack.is_empty() => {
                locals[local] = *stack.last().expect("it is not empty");
                text += &format!("(local.tee {local}) ");
            }
            5 if stack.len() > 1 => {
                let (b, a) = (stack.pop().expect("two"), stack.pop().expect("two"));
                let mut sum = a;
                sum.iter_mut()
                    .zip(b)
                    .for_each(|(a, b)| *a = a.wrapping_add(b));
                stack.push(sum);
                text += "i32x4.add ";
            }
            6 if !stack.is_empty() => {
                let lane = next(4) as usize;
                let lanes = stack.pop().expect("it is not empty");
                stack.push([lanes[lane]; 4]);
                text += &format!("i32x4.extract_lane {lane} i32x4.splat ");
            }
            7 if stack.len() > 1 => {
                let condition = next(2);
                let (b, a) = (stack.pop().expect("two"), stack.pop().expect("two"));
                stack.push(if condition == 1 { a } else { b });
                text += &format!("(select (i32.eqz (i32.const {}))) ", 1 - condition);
            }
            8 if !stack.is_empty() => {
                // The vector passes through a block, by a branch or at its end.
                let taken = next(2);
                let lanes = *stack.last().expect("it is not empty");
                text += &format!(
                    "(local.set {local}) (block (result v128) (local.get {local}) (br_if 0 (i32.const {taken})) (local.set {local}) (local.get {local})) "
                );
                locals[local] = lanes;
            }
            _ => {}
        }
    }
    let mut last = [0_u32; 4];
    while let Some(lanes) = stack.pop() {
        text += "(local.set 0 (i32x4.add (local.get 4))) (local.set 4 (local.get 0)) ";
        last.iter_mut()
            .zip(lanes)
            .for_each(|(a, b)| *a = a.wrapping_add(b));
    }
    (text, last)
}

#[test]
fn random_functions_do_what_a_model_does() {
    for seed in 0..300 {
        let (body, lanes) = random(seed);
        let text = format!(
            "(module (func (export \"f\") (result v128) (local v128 v128 v128 v128 v128) {body} (local.get 4)))"
        );
        let [a, b, c, d] = lanes.map(u128::from);
        let expected = Val::V128(a | b << 32 | c << 64 | d << 96);
        assert_eq!(call(&text, &[], 1), [expected], "seed {seed}: {text}");
    }
}

/// A constant operand stands in the code of most ops. The result is that of the same value in a local.
#[test]
fn constants_do_what_locals_do() {
    let (x, y) = (
        0x8001_7fff_0080_ff7f_3fc0_0000_c000_0001_u128,
        0x0102_ff10_8003_0510_4040_0000_3f80_0000_u128,
    );
    let text = |bits: u128| format!("v128.const i64x2 {:#x} {:#x}", bits as u64, bits >> 64);
    let mut tried = 0;
    for row in FAMILIES.iter().flat_map(|family| family.rows) {
        let Kind::Vector {
            inputs, constants, ..
        } = row.kind
        else {
            continue;
        };
        for &constant in constants.inputs() {
            let first = ops::row(row.opcode).expect("it is a row").first;
            let name = ops::def(first).name;
            if inputs.classes()[1] == Class::Vector {
                let (a, b) = if constant == 1 {
                    ("local.get 0".to_owned(), text(y))
                } else {
                    (text(x), "local.get 1".to_owned())
                };
                let module = format!(
                    r#"(module (func (export "f") (param v128 v128) (result v128 v128)
                        {a} {b} {name} local.get 0 local.get 1 {name}))"#
                );
                let results = call(&module, &[Val::V128(x), Val::V128(y)], 2);
                assert_eq!(results[0], results[1], "{name}, constant {constant}");
                tried += 1;
                continue;
            }
            for count in [0, 1, 7, 8, 9, 15, 17, 31, 33, 63, 64, 65, -1] {
                let module = format!(
                    r#"(module (func (export "f") (param v128 i32) (result v128 v128)
                        local.get 0 i32.const {count} {name} local.get 0 local.get 1 {name}))"#
                );
                let results = call(&module, &[Val::V128(x), Val::I32(count)], 2);
                assert_eq!(results[0], results[1], "{name} by {count}");
                tried += 1;
            }
        }
    }
    assert!(tried > 190, "{tried}");
}

/// Two shifts and an `or` are a rotation, and nothing else that looks like one is.
#[test]
fn rotations() {
    let x = 0x8001_7fff_0080_ff7f_3fc0_0000_c000_0001_u128;
    let lanes = |of: &dyn Fn(u32) -> u32| {
        (0..4).fold(0, |sum, lane| {
            sum | u128::from(of((x >> (32 * lane)) as u32)) << (32 * lane)
        })
    };
    let halves =
        |of: &dyn Fn(u64) -> u64| u128::from(of(x as u64)) | u128::from(of((x >> 64) as u64)) << 64;
    for (shape, bits) in [("i32x4", 32), ("i64x2", 64)] {
        for left in 1..bits {
            for (right, swapped) in [(bits - left, false), (bits - left, true), (left / 2, false)] {
                let (shl, shr) = (
                    format!("local.get 0 i32.const {left} {shape}.shl"),
                    format!("local.get 0 i32.const {right} {shape}.shr_u"),
                );
                let (a, b) = if swapped { (shr, shl) } else { (shl, shr) };
                let module = format!(
                    r#"(module (func (export "f") (param v128) (result v128) {a} {b} v128.or))"#
                );
                let expected = if bits == 32 {
                    lanes(&|lane| lane << left | lane >> right)
                } else {
                    halves(&|lane| lane << left | lane >> right)
                };
                let result = call(&module, &[Val::V128(x)], 1);
                assert_eq!(result, [Val::V128(expected)], "{shape} {left} {right}");
            }
        }
    }
    // Two vectors, and one that changes in between.
    for body in [
        "local.get 0 i32.const 5 i32x4.shl local.get 1 i32.const 27 i32x4.shr_u v128.or",
        "local.get 0 i32.const 5 i32x4.shl local.get 1 local.tee 0 i32.const 27 i32x4.shr_u v128.or",
    ] {
        let module =
            format!(r#"(module (func (export "f") (param v128 v128) (result v128) {body}))"#);
        let result = call(&module, &[Val::V128(x), Val::V128(0)], 1);
        assert_eq!(result, [Val::V128(lanes(&|lane| lane << 5))], "{body}");
    }
}

/// A product that is added is rounded twice, on either side of the sum.
#[test]
fn products_are_added() {
    let pack = |lanes: [f32; 4]| {
        lanes
            .iter()
            .rev()
            .fold(0, |sum: u128, lane| sum << 32 | u128::from(lane.to_bits()))
    };
    let (a, b, c) = (
        [1.1, -2.5, 3e38, 0.1],
        [3.3, 7.7, 2.0, 0.1],
        [0.7, 1e-9, -1.0, -0.01],
    );
    let mut sums = [0.0; 4];
    for (lane, sum) in sums.iter_mut().enumerate() {
        *sum = a[lane] * b[lane] + c[lane];
    }
    let params = [a, b, c].map(|lanes| Val::V128(pack(lanes)));
    for body in [
        "local.get 0 local.get 1 f32x4.mul local.get 2 f32x4.add",
        "local.get 2 local.get 0 local.get 1 f32x4.mul f32x4.add",
        "local.get 2 local.get 2 v128.or local.get 0 local.get 1 f32x4.mul f32x4.add",
        "local.get 0 local.get 1 f32x4.mul local.get 2 local.get 2 v128.or f32x4.add",
        "local.get 0 local.get 1 f32x4.mul local.tee 0 local.get 2 f32x4.add",
    ] {
        let module =
            format!(r#"(module (func (export "f") (param v128 v128 v128) (result v128) {body}))"#);
        assert_eq!(call(&module, &params, 1), [Val::V128(pack(sums))], "{body}");
    }
    let module = r#"(module (func (export "f") (param v128 v128 v128) (result v128)
        local.get 2 local.get 0 local.get 1 f64x2.mul f64x2.add))"#;
    let pair = |low: f64, high: f64| {
        Val::V128(u128::from(low.to_bits()) | u128::from(high.to_bits()) << 64)
    };
    let params = [pair(1.1, -2.0), pair(2.2, 0.3), pair(0.01, 5.0)];
    let sum = pair(1.1 * 2.2 + 0.01, -2.0 * 0.3 + 5.0);
    assert_eq!(call(module, &params, 1), [sum]);
}
