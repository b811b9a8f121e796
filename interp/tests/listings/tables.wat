;; Tables and references.
(module
  (table $t 10 20 funcref)
  (table $u 3 externref)
  (elem $e func $nothing)
  (func $nothing)
  (func $move (param i32 i32)
    local.get 0
    local.get 1
    table.get $t
    table.set $t)
  (func $is_null (param i32) (result i32)
    local.get 0
    table.get $u
    ref.is_null)
  (func $bulk (param i32) (result i32)
    i32.const 0
    i32.const 0
    local.get 0
    table.init $t $e
    elem.drop $e
    ref.null func
    local.get 0
    table.grow $t
    table.size $t
    i32.add))

;;| func 0 $nothing () -> (): 2 slots, 1 bytes of wasm, 4 of bytecode
;;|       53 end                                       0 return #0
;;| func 1 $move (i32, i32) -> (): 6 slots, 9 bytes of wasm, 20 of bytecode
;;|       56 local.get 0
;;|       58 local.get 1
;;|       60 table.get 0                               0 t1 ← table.get table 0, l1
;;|       62 table.set 0                               4 table.set table 0, l0, t1
;;|       64 end                                       8 return #2
;;| func 2 $is_null (i32) -> (i32): 4 slots, 6 bytes of wasm, 18 of bytecode
;;|       67 local.get 0
;;|       69 table.get 1                               0 t0 ← table.get table 1, l0
;;|       71 ref.is_null                               4 t0 ← i64.eq acc, 0
;;|       72 end                                       7 return #1, acc
;;| func 3 $bulk (i32) -> (i32): 6 slots, 25 bytes of wasm, 62 of bytecode
;;|       75 i32.const 0
;;|       77 i32.const 0
;;|       79 local.get 0
;;|       81 table.init 0 0                            0 t1 ← i64.const 0
;;|                                                    2 + t0 ← i64.const 0
;;|                                                    5 table.init elem 0, table 0, t0, t1, l0
;;|       85 elem.drop 0                              12 elem.drop elem 0
;;|       88 ref.null funcref
;;|       90 local.get 0
;;|       92 table.grow 0                             15 t0 ← i64.const 0
;;|                                                   18 t0 ← table.grow table 0, t0, l0
;;|       95 table.size 0                             23 t1 ← table.size table 0
;;|       98 i32.add                                  26 t0 ← i32.add t0, acc
;;|       99 end                                      29 return #1, acc
