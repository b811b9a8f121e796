;; Addresses: a slot, the accumulator, a constant; offsets of one granule or two. Values: a slot, the accumulator, a
;; constant.
(module
  (memory 1)
  (memory $second 1)
  (func $loads (param i32) (result i64)
    local.get 0
    i64.load offset=8
    local.get 0
    i32.const 4
    i32.add
    i64.load32_u offset=16
    i64.add
    i32.const 64
    i64.load
    i64.add
    local.get 0
    i64.load8_s offset=0x12345
    i64.add)
  (func $stores (param i32 i64)
    local.get 0
    local.get 1
    i64.store offset=8
    local.get 0
    i32.const 0
    i32.store
    local.get 0
    local.get 1
    i64.const 1
    i64.add
    i64.store16
    i32.const 1024
    local.get 1
    i64.store32)
  (func $chase (param i32) (result i32)
    local.get 0
    i32.load
    i32.load offset=4
    i32.load offset=8)
  (func $floats (param i32 f32)
    local.get 0
    local.get 1
    local.get 1
    f32.mul
    f32.store)
  (func $other_memory (param i32) (result i32)
    local.get 0
    i32.load $second offset=2)
  (func $bulk (param i32 i32 i32) (result i32)
    local.get 0
    i32.const 0
    local.get 2
    memory.fill
    local.get 0
    local.get 1
    local.get 2
    memory.copy
    i32.const 1
    memory.grow
    memory.size
    i32.add))

;;| func 0 $loads (i32) -> (i64): 6 slots, 30 bytes of wasm, 52 of bytecode
;;|       60 local.get 0
;;|       62 i64.load offset=8                         0 t0 ← i64.load l0 +8
;;|       65 local.get 0
;;|       67 i32.const 4
;;|       69 i32.add
;;|       70 i64.load32_u offset=16                    4 acc ← i64.load32_u l0, 4 +16
;;|       73 i64.add                                   8 t0 ← i64.add t0, acc
;;|       74 i32.const 64
;;|       77 i64.load                                 11 acc ← i64.load +64
;;|       80 i64.add                                  14 t0 ← i64.add t0, acc
;;|       81 local.get 0
;;|       83 i64.load8_s offset=74565                 17 acc ← i64.load8_s l0 +74565
;;|       88 i64.add                                  21 t0 ← i64.add t0, acc
;;|       89 end                                      24 return #1, acc
;;| func 1 $stores (i32, i64) -> (): 7 slots, 33 bytes of wasm, 40 of bytecode
;;|       92 local.get 0
;;|       94 local.get 1
;;|       96 i64.store offset=8                        0 i64.store l0 +8, l1
;;|       99 local.get 0
;;|      101 i32.const 0
;;|      103 i32.store                                 4 i32.store l0 +0, 0
;;|      106 local.get 0
;;|      108 local.get 1
;;|      110 i64.const 1
;;|      112 i64.add
;;|      113 i64.store16                               8 acc ← i64.add l1, 1
;;|                                                   11 i64.store16 l0 +0, acc
;;|      116 i32.const 1024
;;|      119 local.get 1
;;|      121 i64.store32                              14 i64.store32 +1024, l1
;;|      124 end                                      18 return #2
;;| func 2 $chase (i32) -> (i32): 4 slots, 12 bytes of wasm, 18 of bytecode
;;|      127 local.get 0
;;|      129 i32.load
;;|      132 i32.load offset=4                         0 acc ← i32.load l0 +0 +4, narrow
;;|      135 i32.load offset=8                         4 t0 ← i32.load acc +8
;;|      138 end                                       7 return #1, acc
;;| func 3 $floats (i32, f32) -> (): 7 slots, 11 bytes of wasm, 16 of bytecode
;;|      141 local.get 0
;;|      143 local.get 1
;;|      145 local.get 1
;;|      147 f32.mul                                   0 facc ← f32.mul l1, l1
;;|      148 f32.store                                 3 f32.store l0 +0, facc
;;|      151 end                                       6 return #2
;;| func 4 $other_memory (i32) -> (i32): 4 slots, 7 bytes of wasm, 16 of bytecode
;;|      154 local.get 0
;;|      156 i32.load 1 offset=2                       0 t0 ← i32.load memory 1, l0 +2
;;|      160 end                                       6 return #1, acc
;;| func 5 $bulk (i32, i32, i32) -> (i32): 8 slots, 27 bytes of wasm, 58 of bytecode
;;|      163 local.get 0
;;|      165 i32.const 0
;;|      167 local.get 2
;;|      169 memory.fill 0                             0 t1 ← i64.const 0
;;|                                                    3 memory.fill memory 0, l0, t1, l2
;;|      172 local.get 0
;;|      174 local.get 1
;;|      176 local.get 2
;;|      178 memory.copy 0 0                           8 memory.copy memory 0, memory 0, l0, l1, l2
;;|      182 i32.const 1
;;|      184 memory.grow 0                            14 t0 ← i64.const 1
;;|                                                   17 t0 ← memory.grow memory 0, t0
;;|      186 memory.size 0                            21 t1 ← memory.size memory 0
;;|      188 i32.add                                  24 t0 ← i32.add t0, acc
;;|      189 end                                      27 return #3, acc
