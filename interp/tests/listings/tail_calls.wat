;; A tail call takes the place of the frame that makes it.
(module
  (import "host" "done" (func $done (param i32) (result i32)))
  (type $unary (func (param i32) (result i32)))
  (table 2 funcref)
  (func $count (param i32 i32) (result i32)
    local.get 0
    i32.eqz
    if
      local.get 1
      return
    end
    local.get 0
    i32.const 1
    i32.sub
    local.get 1
    i32.const 1
    i32.add
    return_call $count)
  (func $import (param i32) (result i32)
    local.get 0
    return_call $done)
  (func $indirect (param i32) (result i32)
    local.get 0
    i32.const 1
    return_call_indirect (type $unary)))

;;| func 1 $count (i32, i32) -> (i32): 8 slots, 22 bytes of wasm, 42 of bytecode
;;|       54 local.get 0
;;|       56 i32.eqz
;;|       57 if                                        0 br_if l0, L0
;;|       59   local.get 1
;;|       61   return                                  3 return #2, l1
;;|       62 end
;;|       63 local.get 0
;;|       65 i32.const 1
;;|       67 i32.sub                           L0:     6 t0 ← i32.sub l0, 1
;;|       68 local.get 1
;;|       70 i32.const 1
;;|       72 i32.add
;;|       73 return_call 1 $count                     10 t1 ← i32.add l1, 1
;;|                                                   14 return_call 1 $count, t0, #2
;;|                                                   19 return #2, acc
;;|       75 end
;;| func 2 $import (i32) -> (i32): 6 slots, 5 bytes of wasm, 20 of bytecode
;;|       78 local.get 0
;;|       80 return_call 0 $done                       0 t0 ← copy l0
;;|                                                    3 return_call_import 0 $done, t0, #1
;;|                                                    8 return #1, acc
;;|       82 end
;;| func 3 $indirect (i32) -> (i32): 6 slots, 8 bytes of wasm, 28 of bytecode
;;|       85 local.get 0
;;|       87 i32.const 1
;;|       89 return_call_indirect 0 0                  0 t1 ← i64.const 1
;;|                                                    2 + t0 ← copy l0
;;|                                                    5 return_call_indirect t1, table 0, type 0, t0, #1
;;|                                                   12 return #1, acc
;;|       92 end
