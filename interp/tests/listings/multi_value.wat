;; Several results: blocks leave them in the temporaries of their height, functions in their first slots.
(module
  (func $swap (param i32 i64) (result i64 i32)
    local.get 1
    local.get 0)
  (func $three (result i32 i32 i32)
    i32.const 1
    i32.const 2
    i32.const 3)
  (func $uses (result i32)
    call $three
    i32.add
    i32.mul)
  (func $block (param i32) (result i32 i32)
    local.get 0
    i32.const 1
    block (param i32 i32) (result i32 i32)
      local.get 0
      br_if 0
      i32.add
      i32.const 4
    end))

;;| func 0 $swap (i32, i64) -> (i64, i32): 8 slots, 5 bytes of wasm, 22 of bytecode
;;|       53 local.get 1
;;|       55 local.get 0
;;|       57 end                                       0 t3 ← copy_two l1, t2, l0
;;|                                                    4 + l1 ← copy_two t2, l0, t3
;;|                                                    9 return #2
;;| func 1 $three () -> (i32, i32, i32): 11 slots, 7 bytes of wasm, 34 of bytecode
;;|       60 i32.const 1
;;|       62 i32.const 2
;;|       64 i32.const 3
;;|       66 end                                       0 t3 ← i64.const 1
;;|                                                    2 + t4 ← i64.const 2
;;|                                                    5 t5 ← i64.const 3
;;|                                                    8 r1 ← copy_two t3, r0, t4
;;|                                                   12 + r2 ← copy t5
;;|                                                   15 return #3
;;| func 2 $uses () -> (i32): 8 slots, 5 bytes of wasm, 26 of bytecode
;;|       69 call 1 $three                             0 call 1 $three, t0, #3
;;|       71 i32.add                                   5 acc ← i32.add t1, t2
;;|       72 i32.mul                                   8 t0 ← i32.mul t0, acc
;;|       73 end                                      11 return #1, acc
;;| func 3 $block (i32) -> (i32, i32): 8 slots, 15 bytes of wasm, 54 of bytecode
;;|       76 local.get 0
;;|       78 i32.const 1
;;|       80 block (type 4)                            0 t0 ← copy l0
;;|       82   local.get 0
;;|       84   br_if 0                                 3 br_unless l0, L0
;;|                                                    6 t1 ← i64.const 1
;;|                                                    8 + br L1
;;|       86   i32.add                         L0:    10 t0 ← i32.add t0, 1
;;|       87   i32.const 4
;;|       89 end                                      13 + t1 ← i64.const 4
;;|       90 end                               L1:    16 t3 ← copy_two t0, t2, t1
;;|                                                   20 + r1 ← copy_two t2, l0, t3
;;|                                                   25 return #2
