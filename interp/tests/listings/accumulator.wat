;; A value that the very next op takes travels in the accumulator: no slot is written for it.
(module
  (func $chain (param i32 i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add
    local.get 2
    i32.mul
    i32.const 7
    i32.xor)
  (func $floats (param f64 f64) (result f64)
    local.get 0
    local.get 1
    f64.mul
    local.get 0
    f64.sub
    f64.sqrt)
  (func $convert (param i32) (result f64)
    local.get 0
    i32.const 1
    i32.shl
    f64.convert_i32_s)
  ;; The first sum waits while the second is computed: it has a slot.
  (func $waits (param i32 i32) (result i32)
    local.get 0
    i32.const 1
    i32.add
    local.get 1
    i32.const 2
    i32.add
    i32.mul))

;;| func 0 $chain (i32, i32, i32) -> (i32): 7 slots, 12 bytes of wasm, 20 of bytecode
;;|       47 local.get 0
;;|       49 local.get 1
;;|       51 i32.add                                   0 acc ← i32.add l0, l1
;;|       52 local.get 2
;;|       54 i32.mul                                   3 acc ← i32.mul acc, l2
;;|       55 i32.const 7
;;|       57 i32.xor                                   5 t0 ← i32.xor acc, 7
;;|       58 end                                       8 return #3, acc
;;| func 1 $floats (f64, f64) -> (f64): 6 slots, 10 bytes of wasm, 16 of bytecode
;;|       61 local.get 0
;;|       63 local.get 1
;;|       65 f64.mul
;;|       66 local.get 0
;;|       68 f64.sub                                   0 facc ← f64.mul_sub l0, l1, l0
;;|       69 f64.sqrt                                  4 t0 ← f64.sqrt facc
;;|       70 end                                       6 freturn #2, facc
;;| func 2 $convert (i32) -> (f64): 5 slots, 7 bytes of wasm, 14 of bytecode
;;|       73 local.get 0
;;|       75 i32.const 1
;;|       77 i32.shl                                   0 acc ← i32.shl l0, 1
;;|       78 f64.convert_i32_s                         3 t0 ← f64.convert_i32_s acc
;;|       79 end                                       5 freturn #1, facc
;;| func 3 $waits (i32, i32) -> (i32): 7 slots, 12 bytes of wasm, 24 of bytecode
;;|       82 local.get 0
;;|       84 i32.const 1
;;|       86 i32.add
;;|       87 local.get 1
;;|       89 i32.const 2
;;|       91 i32.add
;;|       92 i32.mul                                   0 t1 ← i32.add l1, 2
;;|                                                    4 acc ← i32.add l0, 1
;;|                                                    7 t0 ← i32.mul acc, t1
;;|       93 end                                      10 return #2, acc
