//! The proposal's old form: `try`, `catch`, `delegate`, `rethrow`.

use super::{Outcome, run};

#[test]
fn a_catch_receives_the_values_and_rethrow_throws_them_again() -> Outcome {
    let text = r#"(module
        (tag $a (param i32)) (tag $b (param i64 i32)) (tag $c)
        (func $throw (param i32)
            (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $a (i32.const 10))))
            (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $b (i64.const 5) (i32.const 20))))
            (if (i32.eq (local.get 0) (i32.const 3)) (then (throw $c))))
        (func $inner (param i32) (result i32) (local $seen i32)
            try (result i32)
                local.get 0
                call $throw
                i32.const 1
            catch $a
                i32.const 100
                i32.add
            catch_all
                i32.const 7
                local.set $seen
                block
                    local.get 0
                    i32.const 3
                    i32.eq
                    br_if 0
                    rethrow 1
                end
                local.get $seen
            end)
        (func (export "run") (param i32) (result i32)
            try (result i32)
                local.get 0
                call $inner
                i32.const 1000
                i32.add
            catch $b
                i32.const 1
                i32.add
                local.set 0
                i32.wrap_i64
                local.get 0
                i32.add
            end))"#;
    for (argument, result) in [(0, 1001), (1, 1110), (2, 26), (3, 1007)] {
        assert_eq!(run(text, argument)?, result, "{argument}");
    }
    Ok(())
}

#[test]
fn delegate_passes_over_the_handlers_between() -> Outcome {
    let text = r#"(module
        (tag $t (param i32))
        (func (export "run") (param i32) (result i32)
            try $outer (result i32)
                try $middle (result i32)
                    block $plain (result i32)
                        try (result i32)
                            (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $t (i32.const 5))))
                            i32.const 0
                        delegate $outer
                        drop
                        (if (i32.eq (local.get 0) (i32.const 4)) (then (throw $t (i32.const 8))))
                        try (result i32)
                            (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $t (i32.const 6))))
                            i32.const 1
                        delegate $plain
                        drop
                        try
                            (if (i32.eq (local.get 0) (i32.const 3)) (then (throw $t (i32.const 7))))
                        end
                        i32.const 9
                    end
                catch $t
                    i32.const 200
                    i32.add
                end
            catch $t
                i32.const 100
                i32.add
            catch_all
                i32.const -1
            end))"#;
    for (argument, result) in [(0, 9), (1, 105), (2, 206), (3, 207), (4, 208)] {
        assert_eq!(run(text, argument)?, result, "{argument}");
    }
    Ok(())
}

#[test]
fn delegate_to_the_function_leaves_it() -> Outcome {
    let text = r#"(module
        (tag $t (param i32))
        (func $leaves (param i32) (result i32)
            try (result i32)
                try (result i32)
                    (throw $t (local.get 0))
                delegate 1
            catch_all
                i32.const -1
            end)
        (func (export "run") (param i32) (result i32)
            try (result i32)
                local.get 0
                call $leaves
            catch $t
                i32.const 1
                i32.add
            end))"#;
    assert_eq!(run(text, 4)?, 5);
    Ok(())
}

#[test]
fn handlers_may_throw_and_nest() -> Outcome {
    // The handler is not protected by its own `try`. A nested `catch` has an exception of its own.
    let text = r#"(module
        (tag $t (param i32)) (tag $u (param i32))
        (func $throw (param i32) (throw $t (local.get 0)))
        (func (export "run") (param i32) (result i32) (local $kept i32)
            try (result i32)
                try (result i32)
                    local.get 0
                    call $throw
                    unreachable
                catch $t
                    local.set $kept
                    try
                        (throw $u (i32.const 50))
                    catch $u
                        local.get $kept
                        i32.add
                        local.set $kept
                        (br_if 0 (i32.gt_s (local.get 0) (i32.const 5)))
                        rethrow 1
                    end
                    (throw $u (local.get $kept))
                end
            catch $t
                i32.const 1000
                i32.add
            catch $u
                i32.const 2000
                i32.add
            end
            local.get $kept
            i32.add))"#;
    assert_eq!(run(text, 3)?, 1000 + 3 + 53);
    assert_eq!(run(text, 8)?, 2000 + 58 + 58);
    Ok(())
}

#[test]
fn dead_code_and_empty_bodies_are_fine() -> Outcome {
    let text = r#"(module
        (tag $t)
        (func (export "run") (param i32) (result i32)
            block
                br 0
                try
                    try catch $t rethrow 0 catch_all end
                delegate 0
                try unreachable catch_all end
            end
            try catch $t catch_all end
            try delegate 0
            try
                try throw $t end
            catch $t
            end
            try (result i32)
                i32.const 4
            catch_all
                i32.const 4
            end
            drop
            i32.const 3
            return
            try unreachable delegate 0))"#;
    assert_eq!(run(text, 0)?, 3);
    Ok(())
}
