;; Constants and locals are operands, not instructions; a result goes straight to the local it is assigned to.
(module
  (func $constants (result i32)
    i32.const 6
    i32.const 7
    i32.mul)
  (func $never_folds_a_trap (result i32)
    i32.const 1
    i32.const 0
    i32.div_u)
  (func $destination (param i32 i32)
    local.get 0
    local.get 1
    i32.sub
    local.set 1)
  (func $increment (param i64)
    local.get 0
    i64.const 100000
    i64.add
    local.set 0)
  (func $wide (param i64) (result i64)
    local.get 0
    i64.const 0x123456789abcdef0
    i64.xor)
  ;; The local changes while its old value is on the stack.
  (func $old_value (param i32) (result i32)
    local.get 0
    i32.const 5
    local.set 0
    local.get 0
    i32.sub)
  (func $constant_first (param i32) (result i32)
    i32.const 10
    local.get 0
    i32.sub)
  ;; A slot read as 32 bits is a wrap; a slot that holds an i32 is its extension.
  (func $free_conversions (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    i32.const 1
    i32.add
    i64.extend_i32_u))

;;| func 0 $constants () -> (i32): 5 slots, 6 bytes of wasm, 6 of bytecode
;;|       50 i32.const 6
;;|       52 i32.const 7
;;|       54 i32.mul
;;|       55 end                                       0 return #1, 42
;;| func 1 $never_folds_a_trap () -> (i32): 5 slots, 6 bytes of wasm, 18 of bytecode
;;|       58 i32.const 1
;;|       60 i32.const 0
;;|       62 i32.div_u                                 0 t0 ← i64.const 1
;;|                                                    3 t0 ← i32.div_u t0, 0
;;|       63 end                                       7 return #1, acc
;;| func 2 $destination (i32, i32) -> (): 6 slots, 8 bytes of wasm, 12 of bytecode
;;|       66 local.get 0
;;|       68 local.get 1
;;|       70 i32.sub                                   0 l1 ← i32.sub l0, l1
;;|       71 local.set 1
;;|       73 end                                       4 return #2
;;| func 3 $increment (i64) -> (): 5 slots, 10 bytes of wasm, 14 of bytecode
;;|       76 local.get 0
;;|       78 i64.const 100000
;;|       82 i64.add                                   0 l0 ← i64.add l0, 100000
;;|       83 local.set 0
;;|       85 end                                       5 return #1
;;| func 4 $wide (i64) -> (i64): 5 slots, 14 bytes of wasm, 20 of bytecode
;;|       88 local.get 0
;;|       90 i64.const 1311768467463790320
;;|      100 i64.xor                                   0 acc ← i64.const 1311768467463790320
;;|                                                    5 t0 ← i64.xor l0, acc
;;|      101 end                                       8 return #1, acc
;;| func 5 $old_value (i32) -> (i32): 5 slots, 10 bytes of wasm, 20 of bytecode
;;|      104 local.get 0
;;|      106 i32.const 5
;;|      108 local.set 0                               0 t0 ← copy l0
;;|                                                    2 + l0 ← i64.const 5
;;|      110 local.get 0
;;|      112 i32.sub                                   5 t0 ← i32.sub t0, acc
;;|      113 end                                       8 return #1, acc
;;| func 6 $constant_first (i32) -> (i32): 5 slots, 6 bytes of wasm, 12 of bytecode
;;|      116 i32.const 10
;;|      118 local.get 0
;;|      120 i32.sub                                   0 acc ← i64.const 10
;;|                                                    1 + t0 ← i32.sub acc, l0
;;|      121 end                                       4 return #1, acc
;;| func 7 $free_conversions (i64) -> (i64): 5 slots, 8 bytes of wasm, 10 of bytecode
;;|      124 local.get 0
;;|      126 i32.wrap_i64
;;|      127 i32.const 1
;;|      129 i32.add
;;|      130 i64.extend_i32_u                          0 t0 ← i32.add l0, 1
;;|      131 end                                       3 + return #1, acc
