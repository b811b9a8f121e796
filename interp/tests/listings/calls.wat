;; Arguments are computed where the callee's frame begins, results come back there.
(module
  (import "host" "log" (func $log (param i32)))
  (type $unary (func (param i32) (result i32)))
  (table 4 funcref)
  (elem (i32.const 0) $twice)
  (func $twice (type $unary)
    local.get 0
    i32.const 1
    i32.shl)
  (func $direct (param i32) (result i32)
    local.get 0
    call $twice
    call $twice
    i32.const 3
    i32.add)
  (func $import (param i32)
    local.get 0
    i32.const 1
    i32.add
    call $log)
  (func $indirect (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.const 2
    i32.sub
    call_indirect (type $unary))
  (func $fibonacci (param i32) (result i32)
    local.get 0
    i32.const 2
    i32.lt_u
    if
      local.get 0
      return
    end
    local.get 0
    i32.const 1
    i32.sub
    call $fibonacci
    local.get 0
    i32.const 2
    i32.sub
    call $fibonacci
    i32.add)
  (func $reference (result funcref)
    ref.func $twice))

;;| func 1 $twice (i32) -> (i32): 5 slots, 6 bytes of wasm, 12 of bytecode
;;|       73 local.get 0
;;|       75 i32.const 1
;;|       77 i32.shl                                   0 t0 ← i32.shl l0, 1
;;|       78 end                                       4 return #1, acc
;;| func 2 $direct (i32) -> (i32): 6 slots, 10 bytes of wasm, 36 of bytecode
;;|       81 local.get 0
;;|       83 call 1 $twice                             0 t0 ← copy l0
;;|                                                    3 call 1 $twice, t0, #1
;;|       85 call 1 $twice                             8 call 1 $twice, t0, #1
;;|       87 i32.const 3
;;|       89 i32.add                                  13 t0 ← i32.add acc, 3
;;|       90 end                                      16 return #1, acc
;;| func 3 $import (i32) -> (): 6 slots, 8 bytes of wasm, 20 of bytecode
;;|       93 local.get 0
;;|       95 i32.const 1
;;|       97 i32.add
;;|       98 call 0 $log                               0 t0 ← i32.add l0, 1
;;|                                                    4 call_import 0 $log, t0
;;|      100 end                                       8 return #1
;;| func 4 $indirect (i32, i32) -> (i32): 7 slots, 11 bytes of wasm, 30 of bytecode
;;|      103 local.get 0
;;|      105 local.get 1
;;|      107 i32.const 2
;;|      109 i32.sub                                   0 t1 ← i32.sub l1, 2
;;|      110 call_indirect 0 0                         4 t0 ← copy l0
;;|                                                    7 call_indirect t1, table 0, type 0, t0
;;|      113 end                                      13 return #2, acc
;;| func 5 $fibonacci (i32) -> (i32): 7 slots, 27 bytes of wasm, 60 of bytecode
;;|      116 local.get 0
;;|      118 i32.const 2
;;|      120 i32.lt_u
;;|      121 if                                        0 br_if i32.ge_u l0, 2, L0
;;|      123   local.get 0
;;|      125   return                                  4 return #1, l0
;;|      126 end
;;|      127 local.get 0
;;|      129 i32.const 1
;;|      131 i32.sub                           L0:     7 t0 ← i32.sub l0, 1
;;|      132 call 5 $fibonacci                        11 call 5 $fibonacci, t0, #1
;;|      134 local.get 0
;;|      136 i32.const 2
;;|      138 i32.sub                                  16 t1 ← i32.sub l0, 2
;;|      139 call 5 $fibonacci                        20 call 5 $fibonacci, t1, #1
;;|      141 i32.add                                  25 t0 ← i32.add t0, acc
;;|      142 end                                      28 return #1, acc
;;| func 6 $reference () -> (funcref): 4 slots, 3 bytes of wasm, 12 of bytecode
;;|      145 ref.func 1 $twice                         0 t0 ← ref.func 1 $twice
;;|      147 end                                       4 return #1, acc
