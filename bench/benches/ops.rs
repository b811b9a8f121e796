//! Calls and single instructions, each in a loop, eight times in a turn, with operands in the usual places.
//!
//! The counter is the number of instructions, so the printed items/s are instructions per second. The loop itself (three
//! instructions in a turn, see `nothing`) is not subtracted.
#![forbid(unsafe_code)]

use divan::Bencher;
use divan::counter::ItemsCount;
use interp::{Engine, Linker, Module, Store, TypedFunc};

/// Turns of each loop.
const TURNS: u32 = 10_000;
/// The number of copies of the instruction in the loop.
const COPIES: usize = 8;

fn main() {
    divan::main();
}

/// A function with various parts, and its store.
struct Bed {
    store: Store<()>,
    run: TypedFunc<u32, ()>,
}

/// A module whose function `run` repeats `body`. The parameter is the number of repetitions.
fn bed(body: &str) -> Bed {
    let body = body.repeat(COPIES);
    let text = format!(
        r#"(module
            (import "host" "twice" (func $host (param i32) (result i32)))
            (type $unary (func (param i32) (result i32)))
            (memory 1)
            (table funcref (elem $leaf))
            (global $global (mut i32) (i32.const 1))
            (func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
            (func (export "run") (param $turns i32)
                (local $i i32) (local $j i32) (local $k i32) (local $x i64) (local $y i64) (local $f f64) (local $g f64)
                (local.set $i (i32.const 7)) (local.set $j (i32.const 64)) (local.set $y (i64.const 3))
                (local.set $f (f64.const 1.5)) (local.set $g (f64.const 1.000001))
                (loop $again
                    {body}
                    (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))))"#
    );
    let engine = Engine::default();
    let bytes = wat::parse_str(&text).expect("the text is a module");
    let module = Module::new(&engine, bytes).expect("the text is valid");
    let mut linker = Linker::new(&engine);
    linker
        .func_wrap("host", "twice", |n: u32| n.wrapping_mul(2))
        .expect("the only one of its name");
    let mut store = Store::new(&engine, ());
    let instance = linker
        .instantiate(&mut store, &module)
        .expect("its only import is defined");
    let run = instance
        .get_typed_func(&store, "run")
        .expect("it exports this function");
    Bed { store, run }
}

/// Measures `body`, which contains `COPIES` of the instruction in each turn.
fn measure(bencher: Bencher, body: &str) {
    let mut bed = bed(body);
    let items = TURNS as usize * COPIES;
    bencher
        .counter(ItemsCount::new(items))
        .bench_local(|| bed.run.call(&mut bed.store, TURNS).expect("nothing traps"));
}

/// Instructions by name, with the text that is repeated.
const OPS: [(&str, &str); 21] = [
    ("nothing", ""),
    (
        "i32.add",
        "(local.set $i (i32.add (local.get $i) (local.get $j)))",
    ),
    (
        "i32.add constant",
        "(local.set $i (i32.add (local.get $i) (i32.const 5)))",
    ),
    (
        "i32.mul",
        "(local.set $i (i32.mul (local.get $i) (local.get $j)))",
    ),
    (
        "i32.div_u",
        "(local.set $k (i32.div_u (local.get $i) (local.get $j)))",
    ),
    (
        "i64.xor",
        "(local.set $x (i64.xor (local.get $x) (local.get $y)))",
    ),
    (
        "i64.shl",
        "(local.set $x (i64.shl (local.get $x) (local.get $y)))",
    ),
    (
        "i64.extend_i32_u",
        "(local.set $x (i64.extend_i32_u (local.get $i)))",
    ),
    (
        "f64.add",
        "(local.set $f (f64.add (local.get $f) (local.get $g)))",
    ),
    (
        "f64.mul",
        "(local.set $f (f64.mul (local.get $f) (local.get $g)))",
    ),
    ("f64.sqrt", "(local.set $f (f64.sqrt (local.get $f)))"),
    ("local copy", "(local.set $k (local.get $i))"),
    ("global.get", "(local.set $k (global.get $global))"),
    ("global.set", "(global.set $global (local.get $i))"),
    (
        "i32.load",
        "(local.set $k (i32.load offset=16 (local.get $j)))",
    ),
    (
        "i64.store",
        "(i64.store offset=32 (local.get $j) (local.get $x))",
    ),
    (
        "select",
        "(local.set $k (select (local.get $i) (local.get $j) (local.get $k)))",
    ),
    (
        "br_if not taken",
        "(block (br_if 0 (i32.eqz (local.get $j))))",
    ),
    (
        "br_table",
        "(block (block (br_table 0 1 0 (local.get $k))))",
    ),
    (
        "memory.copy 32",
        "(memory.copy (local.get $j) (i32.const 512) (i32.const 32))",
    ),
    (
        "memory.fill 32",
        "(memory.fill (local.get $j) (i32.const 5) (i32.const 32))",
    ),
];

#[divan::bench(args = OPS.map(|(name, _)| name))]
fn op(bencher: Bencher, name: &str) {
    let (_, body) = OPS
        .iter()
        .find(|(found, _)| *found == name)
        .expect("the names are those of the table");
    measure(bencher, body);
}

/// A call of a function that adds 1, and its return.
#[divan::bench]
fn call(bencher: Bencher) {
    measure(bencher, "(local.set $i (call $leaf (local.get $i)))");
}

/// The same through a table.
#[divan::bench]
fn call_indirect(bencher: Bencher) {
    measure(
        bencher,
        "(local.set $i (call_indirect (type $unary) (local.get $i) (i32.const 0)))",
    );
}

/// A call of a host function that doubles its argument.
#[divan::bench]
fn call_host(bencher: Bencher) {
    measure(bencher, "(local.set $i (call $host (local.get $i)))");
}

/// A call from the host into a function that returns after one turn.
#[divan::bench]
fn call_from_host(bencher: Bencher) {
    let mut bed = bed("");
    bencher.bench_local(|| bed.run.call(&mut bed.store, 1).expect("nothing traps"));
}
