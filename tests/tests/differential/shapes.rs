//! Small functions that differ in one detail from those of Go's compiler. Each was lowered wrongly once, or would be
//! without one of the conditions in `interp/src/compile/func/go.rs` and `go_calls.rs`.

use crate::{ours, theirs};

/// A module with such a function, and the results of its exports in alphabetical order.
struct Shape {
    name: &'static str,
    text: String,
    returns: &'static [&'static str],
}

fn shapes() -> Vec<Shape> {
    let shape = |name, text: &str, returns| Shape {
        name,
        text: text.into(),
        returns,
    };
    vec![
        shape(
            "local 0 is read where a threaded branch lands",
            r#"(module
                (func $f (param $s i32) (result i32)
                    (loop $again
                        (block $other (block $zero (br_table $zero $other (local.get $s)))
                            (local.set $s (i32.const 3)) (br $again))
                        (return (local.get $s)))
                    (unreachable))
                (func (export "a") (result i32) (call $f (i32.const 0))))"#,
            &["i32 3"],
        ),
        shape(
            "a branch to the loop that does not set local 0",
            r#"(module
                (func $f (param $s i32) (result i32) (local $zeros i32) (local $ones i32)
                    (loop $again
                        (block $one (block $zero (br_table $zero $one (local.get $s)))
                            (local.set $zeros (i32.add (local.get $zeros) (i32.const 1)))
                            (local.set $s (i32.const 1)) (br $again))
                        (local.set $ones (i32.add (local.get $ones) (i32.const 1)))
                        (br_if $again (i32.lt_u (local.get $ones) (i32.const 3))))
                    (local.get $zeros))
                (func (export "a") (result i32) (call $f (i32.const 0))))"#,
            &["i32 1"],
        ),
        shape(
            "local 0 is set in one of two ways only",
            r#"(module
                (func $f (param $s i32) (param $p i32) (result i32) (local $zeros i32)
                    (loop $again
                        (block $one (block $zero (br_table $zero $one (local.get $s)))
                            (local.set $zeros (i32.add (local.get $zeros) (i32.const 1)))
                            (local.set $s (i32.const 1)) (br $again))
                        (if (i32.eqz (local.get $p)) (then (local.set $p (i32.const 1)) (br $again))
                            (else (if (i32.lt_u (local.get $zeros) (i32.const 4))
                                (then (local.set $s (i32.const 0)) (br $again))))))
                    (local.get $zeros))
                (func (export "a") (result i32) (call $f (i32.const 0) (i32.const 0)))
                (func (export "b") (result i32) (call $f (i32.const 0) (i32.const 1))))"#,
            &["i32 4", "i32 4"],
        ),
        shape(
            "the table leads to the loop around",
            r#"(module
                (func $f (param $s i32) (result i32) (local $n i32)
                    (loop $outer
                        (local.set $n (i32.add (local.get $n) (local.get $s)))
                        (if (i32.ge_u (local.get $n) (i32.const 9)) (then (return (local.get $n))))
                        (loop $again
                            (block $zero (br_table $zero $outer (local.get $s)))
                            (local.set $s (i32.const 5)) (br $again)))
                    (unreachable))
                (func (export "a") (result i32) (call $f (i32.const 0))))"#,
            &["i32 10"],
        ),
        shape(
            "the loop has a parameter",
            r#"(module
                (func $f (param $s i32) (result i32) (local $x i32)
                    (i32.const 7)
                    (loop $again (param i32)
                        (block $one (block $zero (br_table $zero $one (local.get $s)))
                            (i32.const 40) (local.set $s (i32.const 1)) (br $again))
                        (local.set $x))
                    (local.get $x))
                (func (export "a") (result i32) (call $f (i32.const 0))))"#,
            &["i32 40"],
        ),
        shape(
            "the table's labels take a value",
            r#"(module
                (func $f (param $s i32) (result i32) (local $x i32) (local $y i32)
                    (local.set $y (i32.const 1))
                    (loop $again
                        (block $one (result i32) (block $zero (result i32)
                                (br_table $zero $one (i32.mul (local.get $y) (i32.const 1)) (local.get $s)))
                            (drop) (local.set $y (i32.const 21)) (local.set $s (i32.const 1)) (br $again))
                        (local.set $x))
                    (local.get $x))
                (func $constant (param $s i32) (param $y i32) (result i32) (local $x i32)
                    (loop $again
                        (block $one (result i32) (block $zero (result i32)
                                (br_table $zero $one (local.get $y) (local.get $s)))
                            (drop) (local.set $y (i32.const 22)) (local.set $s (i32.const 1)) (br $again))
                        (local.set $x))
                    (local.get $x))
                (func (export "a") (result i32) (call $f (i32.const 0)))
                (func (export "b") (result i32) (call $constant (i32.const 0) (i32.const 3))))"#,
            &["i32 21", "i32 22"],
        ),
        shape(
            "a block stands in the loop's place",
            r#"(module
                (func $f (param $s i32) (param $p i32) (result i32)
                    (loop $again
                        (block $one (block $zero (br_table $zero $one (local.get $s)))
                            (local.set $s (i32.const 1)) (br $again)))
                    (block $out (br_if $out (local.get $p)) (local.set $s (i32.const 0)) (br $out))
                    (local.set $p (i32.const 9))
                    (local.get $p))
                (func (export "a") (result i32) (call $f (i32.const 0) (i32.const 0))))"#,
            &["i32 9"],
        ),
        shape(
            "local 0 waits on the stack while a function value is called",
            &go(
                "(local.set $v (i64.const 0x20000))
                (block $unwind
                    (loop $again
                    PUSH
                    (i32.wrap_i64 (i64.shr_u (local.get $v) (i64.const 16))) (local.set $s)
                    (local.get $s) (i32.const 0) (local.get $s) (call_indirect (type $go)) RELOAD (br_if $unwind)
                    (return)))
                (i32.const 1)",
                "(call $f (i32.const 0))",
            ),
            &["i32 2"],
        ),
        shape(
            "local 0 is read behind the call of a function value",
            &go(
                "(local.set $v (i64.const 0x20000))
                (block $unwind
                    (loop $again
                    PUSH
                    (i32.wrap_i64 (i64.shr_u (local.get $v) (i64.const 16))) (local.set $s)
                    (i32.const 0) (local.get $s) (call_indirect (type $go)) RELOAD (br_if $unwind)
                    (return (local.get $s))))
                (i32.const 1)",
                "(call $f (i32.const 0))",
            ),
            &["i32 2"],
        ),
        shape(
            "a function value of two parameters",
            &go(
                "(local.set $v (i64.const 0x10000)) (local.set $x (i32.const 77))
                (block $unwind
                    (loop $again
                    (i32.const 0) (i32.add (local.get $x) (local.get $x))
                    PUSH
                    (i32.wrap_i64 (i64.shr_u (local.get $v) (i64.const 16))) (local.set $s)
                    (local.get $s) (call_indirect (type $two)) RELOAD (br_if $unwind)
                    (return (i32.const 6))))
                (i32.const 1)",
                "(drop (call $f (i32.const 0))) (i32.load (i32.const 16))",
            ),
            &["i32 154"],
        ),
        shape(
            "a function value of two results",
            &go(
                "(local.set $v (i64.const 0x30000))
                (block $unwind
                    (loop $again
                    PUSH
                    (i32.wrap_i64 (i64.shr_u (local.get $v) (i64.const 16))) (local.set $s)
                    (i32.const 0) (local.get $s) (call_indirect (type $pair)) (drop) RELOAD (br_if $unwind)
                    (return (i32.const 6))))
                (i32.const 1)",
                "(call $f (i32.const 0))",
            ),
            &["i32 1"],
        ),
        shape(
            "the first global has 64 bits",
            r#"(module
                (global (mut i64) (i64.const 0x500000007))
                (func $f (param $s i32) (result i32) (local $sp i64)
                    (local.set $sp (global.get 0))
                    (block $one (block $zero (br_table $zero $one (local.get $s)))
                        (return (i32.wrap_i64 (i64.shr_u (local.get $sp) (i64.const 32)))))
                    (i32.const 9))
                (func (export "a") (result i32) (call $f (i32.const 0)))
                (func (export "b") (result i64) (global.get 0)))"#,
            &["i32 5", "i64 21474836487"],
        ),
        shape(
            "the function value is the stack pointer",
            r#"(module
                (type $go (func (param i32) (result i32)))
                (memory 1)
                (global (mut i64) (i64.const 0x10000))
                (table funcref (elem $zero $one))
                (func $zero (type $go) (i32.store (i32.const 16) (i32.const 50)) (i32.const 0))
                (func $one (type $go) (i32.store (i32.const 16) (i32.const 51)) (i32.const 0))
                (func $f (param $s i32) (result i32) (local $sp i64)
                    (local.set $sp (global.get 0))
                    (block $unwind
                        (loop $again
                        (local.set $sp (i64.extend_i32_u (i32.sub (i32.wrap_i64 (local.get $sp)) (i32.const 8))))
                        (global.set 0 (local.get $sp))
                        (i64.store (i32.wrap_i64 (local.get $sp)) (i64.const 268566534))
                        (i32.wrap_i64 (i64.shr_u (local.get $sp) (i64.const 16))) (local.set $s)
                        (i32.const 0) (local.get $s) (call_indirect (type $go))
                        (local.set $sp (global.get 0)) (br_if $unwind)
                        (return (i32.load (i32.const 16)))))
                    (i32.const 1))
                (func (export "a") (result i32) (call $f (i32.const 0))))"#,
            &["i32 50"],
        ),
    ]
}

/// A module with a function of Go's type, with its calls in Go's order. `PUSH` pushes the return address, and `RELOAD`
/// reads the stack pointer again. `answer` is the body of its export. Elements 1 to 3 of the table are `$two`, `$returns_0`
/// and `$pair`.
fn go(body: &str, answer: &str) -> String {
    let body = body
        .replace(
            "PUSH",
            "(global.set $sp (local.tee $sp (i32.sub (local.get $sp) (i32.const 8))))
             (i64.store (local.get $sp) (i64.const 268566534))",
        )
        .replace("RELOAD", "(local.set $sp (global.get $sp))");
    format!(
        r#"(module
            (type $go (func (param i32) (result i32)))
            (type $two (func (param i32 i32) (result i32)))
            (type $pair (func (param i32) (result i32 i32)))
            (memory 1)
            (global $sp (mut i32) (i32.const 1024))
            (table funcref (elem $two $two $returns_0 $pair))
            (func $two (type $two) (i32.store (i32.const 16) (local.get 1)) (i32.eqz (local.get 0)))
            (func $returns_0 (type $go) (i32.const 0))
            (func $pair (type $pair) (i32.const 1) (i32.const 0))
            (func $f (param $s i32) (result i32) (local $sp i32) (local $v i64) (local $x i32)
                (local.set $sp (global.get $sp)) {body})
            (func (export "a") (result i32) {answer}))"#
    )
}

#[test]
fn shapes_that_are_not_gos_return_what_they_should() {
    for Shape {
        name,
        text,
        returns,
    } in shapes()
    {
        let bytes = wat::parse_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected: Vec<String> = ["a", "b"]
            .iter()
            .zip(returns)
            .map(|(export, value)| format!("call {export} with [] returned [{value}]"))
            .collect();
        // Once validated in advance, and once while functions are lowered.
        for seed in [0, 1] {
            assert_eq!(ours::run(seed, &bytes), expected, "{name}");
        }
        assert_eq!(theirs::run(0, &bytes), expected, "{name}: wasmi");
    }
}
