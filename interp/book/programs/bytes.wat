;; Sums up the bytes from `at` on until a zero.
(module
  (memory (export "memory") 1)
  (data (i32.const 65530) "\01\02\03\04\05\06")
  (func $sum_bytes (export "sum_bytes") (param $at i32) (result i32)
    (local $sum i32)
    (local $byte i32)
    (block $done
      (loop $again
        (local.set $byte (i32.load8_u (local.get $at)))
        (br_if $done (i32.eqz (local.get $byte)))
        (local.set $sum (i32.add (local.get $sum) (local.get $byte)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $again)))
    (local.get $sum)))
