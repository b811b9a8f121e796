;; `select`, with its condition in a slot or in the accumulator.
(module
  (func $plain (param i32 i32 i32) (result i32)
    local.get 0
    local.get 1
    local.get 2
    select)
  (func $maximum (param i32 i32) (result i32)
    local.get 0
    local.get 1
    local.get 0
    local.get 1
    i32.gt_s
    select)
  (func $constants (param i32) (result i64)
    i64.const 1
    i64.const -1
    local.get 0
    select)
  (func $reference (param funcref i32) (result funcref)
    local.get 0
    ref.null func
    local.get 1
    select (result funcref)))

;;| func 0 $plain (i32, i32, i32) -> (i32): 8 slots, 8 bytes of wasm, 12 of bytecode
;;|       47 local.get 0
;;|       49 local.get 1
;;|       51 local.get 2
;;|       53 select                                    0 t0 ← select l0, l1, l2
;;|       54 end                                       4 + return #3, acc
;;| func 1 $maximum (i32, i32) -> (i32): 8 slots, 11 bytes of wasm, 18 of bytecode
;;|       57 local.get 0
;;|       59 local.get 1
;;|       61 local.get 0
;;|       63 local.get 1
;;|       65 i32.gt_s                                  0 acc ← i32.gt_s l0, l1
;;|       66 select                                    3 t0 ← select l0, l1, acc
;;|       67 end                                       7 return #2, acc
;;| func 2 $constants (i32) -> (i64): 6 slots, 8 bytes of wasm, 22 of bytecode
;;|       70 i64.const 1
;;|       72 i64.const -1
;;|       74 local.get 0
;;|       76 select                                    0 t0 ← i64.const 1
;;|                                                    2 + t1 ← i64.const -1
;;|                                                    4 + t0 ← select t0, t1, l0
;;|       77 end                                       9 return #1, acc
;;| func 3 $reference (funcref, i32) -> (funcref): 7 slots, 10 bytes of wasm, 16 of bytecode
;;|       80 local.get 0
;;|       82 ref.null funcref
;;|       84 local.get 1
;;|       86 select (result funcref)                   0 t1 ← i64.const 0
;;|                                                    2 + t0 ← select l0, t1, l1
;;|       89 end                                       6 + return #2, acc
