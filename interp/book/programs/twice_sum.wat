;; Twice the sum of two numbers.
(module
  (func $twice_sum (export "twice_sum") (param $a i32) (param $b i32) (result i32)
    local.get $a
    local.get $b
    i32.add
    i32.const 2
    i32.mul))
