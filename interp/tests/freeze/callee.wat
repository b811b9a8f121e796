;; Called from another instance, and calls back.
(module
  (import "host" "say" (func $say (param i32) (result i32)))
  (type $back (func (param i32) (result i32 i32)))
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (func (export "work") (param $n i32) (param $other i64) (result i32 i32)
    (local $left i32)
    (local.set $left (local.get $n))
    (loop $again
      (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (local.get $left)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (i32.gt_s (local.get $left) (i32.const 0))))
    (call_indirect (type $back) (call $say (local.get $n)) (i32.const 1))))
