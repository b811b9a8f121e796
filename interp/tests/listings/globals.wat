;; Globals that the module defines have their own short form; imported ones are reached by a list of addresses.
(module
  (import "host" "limit" (global $limit (mut i32)))
  (global $stack (mut i32) (i32.const 65536))
  (func $push (param i32) (result i32)
    global.get $stack
    local.get 0
    i32.sub
    global.set $stack
    global.get $stack)
  (func $reset
    i32.const 0
    global.set $stack)
  (func $far (param i32)
    global.get $limit
    local.get 0
    i32.add
    global.set $limit))

;;| func 0 $push (i32) -> (i32): 5 slots, 10 bytes of wasm, 22 of bytecode
;;|       61 global.get 1                              0 acc ← global.get g1
;;|       63 local.get 0
;;|       65 i32.sub                                   2 acc ← i32.sub acc, l0
;;|       66 global.set 1                              4 global.set g1, acc
;;|       68 global.get 1                              6 t0 ← global.get g1
;;|       70 end                                       9 return #1, acc
;;| func 1 $reset () -> (): 3 slots, 5 bytes of wasm, 12 of bytecode
;;|       73 i32.const 0
;;|       75 global.set 1                              0 acc ← i64.const 0
;;|                                                    2 global.set g1, acc
;;|       77 end                                       4 return #0
;;| func 2 $far (i32) -> (): 5 slots, 8 bytes of wasm, 20 of bytecode
;;|       80 global.get 0                              0 acc ← global.get g0
;;|       82 local.get 0
;;|       84 i32.add                                   3 acc ← i32.add acc, l0
;;|       85 global.set 0                              5 global.set g0, acc
;;|       87 end                                       8 return #1
