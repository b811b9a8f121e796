;; Writes the squares of 0 to 9 to the memory, and adds them up.
(module
  (memory (export "memory") 1)
  (func $square (param $n i32) (result i32)
    (i32.mul (local.get $n) (local.get $n)))
  (func $fill (local $n i32)
    (loop $again
      (i32.store
        (i32.mul (local.get $n) (i32.const 4))
        (call $square (local.get $n)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 10)))))
  (func $sum (export "sum") (result i32) (local $n i32) (local $sum i32)
    (call $fill)
    (loop $again
      (local.set $sum
        (i32.add
          (local.get $sum)
          (i32.load (i32.mul (local.get $n) (i32.const 4)))))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 10))))
    (local.get $sum)))
