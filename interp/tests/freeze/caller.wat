;; Calls another instance, which calls back through a table; ends with tail calls.
(module
  (import "m0" "work" (func $work (param i32 i64) (result i32 i32)))
  (import "m0" "memory" (memory 1))
  (import "m0" "table" (table 2 funcref))
  (elem (i32.const 1) func $back)
  (func $back (param $n i32) (result i32 i32)
    (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 3))))
    (local.get $n) (i32.load (i32.const 64)))
  (func $down (param $n i32) (param $sum i64) (result i64)
    (if (i32.eqz (local.get $n)) (then (return (local.get $sum))))
    (return_call $down
      (i32.sub (local.get $n) (i32.const 1))
      (i64.add (local.get $sum) (i64.extend_i32_u (local.get $n)))))
  (func (export "run") (result i64)
    (local $n i32) (local $sum i64)
    (loop $turns
      (call $work (local.get $n) (i64.const 3))
      (i32.mul)
      (local.set $sum (i64.add (i64.extend_i32_u) (local.get $sum)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $turns (i32.lt_u (local.get $n) (i32.const 8))))
    (return_call $down (local.get $n) (local.get $sum))))
