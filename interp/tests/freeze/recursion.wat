;; Frames of several sizes, values on the operand stack during calls, and calls through a table.
(module
  (import "host" "say" (func $say (param i32) (result i32)))
  (type $step (func (param i32 i64) (result i64)))
  (table funcref (elem $add $twice $fibonacci))
  (global $steps (mut i32) (i32.const 0))

  (func $add (param i32 i64) (result i64)
    (i64.add (local.get 1) (i64.extend_i32_u (local.get 0))))

  (func $twice (param i32 i64) (result i64)
    (local $left i32)
    (local.set $left (i32.and (local.get 0) (i32.const 3)))
    (loop $again
      (local.set 1 (i64.mul (local.get 1) (i64.const 2)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (i32.gt_s (local.get $left) (i32.const 0))))
    (local.get 1))

  (func $fibonacci (param $n i32) (param $seed i64) (result i64)
    (global.set $steps (i32.add (global.get $steps) (i32.const 1)))
    (if (result i64) (i32.lt_u (local.get $n) (i32.const 2))
      (then (i64.extend_i32_u (call $say (local.get $n))))
      (else
        (i64.add
          (call $fibonacci (i32.sub (local.get $n) (i32.const 1)) (local.get $seed))
          (call_indirect (type $step)
            (i32.sub (local.get $n) (i32.const 2))
            (call $fibonacci (i32.sub (local.get $n) (i32.const 2)) (local.get $seed))
            (i32.rem_u (i32.shr_u (global.get $steps) (i32.const 1)) (i32.const 3)))))))

  (func (export "run") (result i64)
    (i64.xor
      (call $fibonacci (i32.const 8) (i64.const 5))
      (i64.extend_i32_u (global.get $steps)))))
