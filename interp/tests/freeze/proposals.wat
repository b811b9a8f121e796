;; Vectors in locals and globals, and exceptions that cross frames.
(module
  (import "host" "say" (func $say (param i32) (result i32)))
  (tag $odd (param i32))
  (global $v (mut v128) (v128.const i32x4 1 2 3 4))
  (func $maybe (param $n i32) (result i32)
    (local $left i32)
    (local.set $left (i32.const 3))
    (loop $again
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left)))
    (if (i32.and (local.get $n) (i32.const 1)) (then (throw $odd (call $say (local.get $n)))))
    (local.get $n))
  (func (export "run") (result i64)
    (local $n i32) (local $v v128) (local $caught i32)
    (loop $turns
      (block $next
        (block $handler (result i32)
          (try_table (catch $odd $handler)
            (local.set $v (i32x4.add (local.get $v) (i32x4.splat (call $maybe (local.get $n))))))
          (br $next))
        (local.set $caught (i32.add (local.get $caught))))
      (global.set $v (i64x2.add (global.get $v) (local.get $v)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $turns (i32.lt_u (local.get $n) (i32.const 8))))
    (i64.add
      (i64.add (i64x2.extract_lane 0 (global.get $v)) (i64x2.extract_lane 1 (global.get $v)))
      (i64.extend_i32_u (local.get $caught)))))
