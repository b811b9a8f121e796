//! Branches over more code than 16 bits can count have a long form, which does the same.

use std::fmt::Write;

use interp::{Engine, Linker, Module, Store};

/// Of the stores that a branch passes over; each takes at least five granules.
const STORES: usize = 10_000;

/// A function of one parameter that branches over stores, or back over them, in every way.
fn module() -> String {
    let mut stores = String::new();
    for _ in 0..STORES {
        stores.push_str(
            "(i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))\n",
        );
    }
    let mut text = String::from("(module (memory 1)\n");
    let forward = "(block (br_if 0 (local.get 0)) STORES)";
    let compared = "(block (br_if 0 (i32.lt_s (local.get 0) (i32.const 7))) STORES)";
    let always = "(block (br_if 0 (local.get 0)) (block (br 1)) STORES)";
    let both = "(if (local.get 0) (then STORES) (else (i32.store (i32.const 8) (i32.const 5))))";
    let back = "(loop STORES (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 2))))";
    let table = "(block (block (br_table 0 1 0 (local.get 0))) STORES)";
    let bodies = [forward, compared, always, both, back, table];
    for (name, body) in bodies.into_iter().enumerate() {
        let body = body.replace("STORES", &stores);
        let _ = writeln!(
            text,
            "(func (export \"{name}\") (param i32) (result i32) (i32.store (i32.const 8) (i32.const 0)) {body} (i32.load (i32.const 8)))"
        );
    }
    text.push(')');
    text
}

#[test]
fn far_branches_go_where_near_ones_do() {
    let engine = Engine::default();
    let bytes = wat::parse_str(module()).expect("the module is well-formed");
    let module = Module::new(&engine, bytes).expect("the module is valid");
    let mut store = Store::new(&engine, ());
    let instance = Linker::new(&engine)
        .instantiate(&mut store, &module)
        .expect("it imports nothing");
    let all = STORES as i32;
    for (name, of_0, of_1) in [
        ("0", all, 0),
        ("1", 0, 0),
        ("2", 0, 0),
        ("3", 5, all),
        ("4", 2 * all, all),
        ("5", all, 0),
    ] {
        let func = instance
            .get_typed_func::<i32, i32>(&store, name)
            .expect("it is exported");
        let mut call = |argument| func.call(&mut store, argument).expect("nothing traps");
        assert_eq!((call(0), call(1)), (of_0, of_1), "function {name}");
    }
}

/// A function that goes back to its inner loop or, for an argument of at least `count`, to its outer one, until it has
/// counted to 150: by 1 in the inner loop, by 100 more in the outer one.
fn module_with_table(count: usize) -> String {
    let count_on = "(local.set 1 (i32.add (local.get 1) (i32.const STEP)))";
    format!(
        "(module (func (export \"f\") (param i32) (result i32) (local i32)
            (loop {} (loop {}
                (block
                    (br_if 0 (i32.ge_u (local.get 1) (i32.const 150)))
                    (br_table {}2 (local.get 0)))))
            (local.get 1)))",
        count_on.replace("STEP", "100"),
        count_on.replace("STEP", "1"),
        "1 ".repeat(count)
    )
}

#[test]
fn tables_of_more_targets_than_16_bits_can_count_choose_as_others_do() {
    let engine = Engine::default();
    for count in [1, 65_535, 65_536, 1_000_000] {
        let bytes = wat::parse_str(module_with_table(count)).expect("the module is well-formed");
        let module = Module::new(&engine, bytes).expect("the module is valid");
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine)
            .instantiate(&mut store, &module)
            .expect("it imports nothing");
        let func = instance
            .get_typed_func::<u32, i32>(&store, "f")
            .expect("it is exported");
        let last = count as u32 - 1;
        for (argument, counted) in [(0, 150), (last, 150), (last + 1, 202), (u32::MAX, 202)] {
            let answer = func.call(&mut store, argument).expect("nothing traps");
            assert_eq!(answer, counted, "target {argument} of {count}");
        }
    }
}
