;; Vectors: two slots each, of which operands name the first. Constants, locals, lanes, memory, select, blocks, calls.
(module
  (memory 1)
  (global $v (mut v128) (v128.const i32x4 1 2 3 4))
  (func $arithmetic (param v128 v128) (result v128)
    local.get 0
    local.get 1
    f32x4.mul
    local.get 1
    f32x4.add
    v128.const i32x4 1 1 1 1
    i32x4.add)
  (func $sum (param i32 i32) (result v128)
    (local v128)
    loop
      local.get 2
      local.get 0
      v128.load offset=16
      i8x16.add
      local.set 2
      local.get 0
      i32.const 16
      i32.add
      local.tee 0
      local.get 1
      i32.lt_u
      br_if 0
    end
    local.get 2)
  (func $lanes (param v128) (result i32)
    local.get 0
    i32.const 7
    i8x16.replace_lane 3
    i8x16.bitmask
    local.get 0
    i32x4.extract_lane 2
    i32.add)
  (func $moves (param v128 i32) (result v128)
    local.get 0
    global.get $v
    local.get 1
    select
    block (param v128) (result v128)
      local.get 1
      br_if 0
      local.get 0
      local.get 0
      i8x16.shuffle 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30
      v128.xor
    end
    local.tee 0
    global.set $v
    local.get 0)
  (func $memory (param i32 v128)
    local.get 0
    local.get 1
    v128.store offset=4
    local.get 0
    local.get 1
    v128.store16_lane 5
    local.get 0
    local.get 0
    v128.load32_splat
    i32.const 3
    i16x8.shl
    v128.store)
  (func $calls (param v128) (result v128)
    local.get 0
    v128.const i64x2 0 0
    local.get 0
    local.get 0
    call $arithmetic
    call $arithmetic
    i32.const 1
    return_call $moves
    drop))

;;| func 0 $arithmetic (v128, v128) -> (v128): 10 slots, 34 bytes of wasm, 54 of bytecode
;;|       88 local.get 0
;;|       90 local.get 1
;;|       92 f32x4.mul
;;|       95 local.get 1
;;|       97 f32x4.add                                 0 t0 ← mul_and f32x4.add l0, l2, l2
;;|      100 v128.const i64x2 0x100000001 0…
;;|      118 i32x4.add                                 5 t0 ← i32x4.add t0, 0x100000001, 0x100000001
;;|      121 end                                      16 t3 ← copy_two t0, t2, t1
;;|                                                   20 + l1 ← copy_two t2, l0, t3
;;|                                                   25 return #4
;;| func 1 $sum (i32, i32) -> (v128): 10 slots, 30 bytes of wasm, 50 of bytecode
;;|      126 loop
;;|      128   local.get 2
;;|      130   local.get 0
;;|      132   v128.load offset=16             L0:     0 t2 ← v128.load l0 +16
;;|      136   i8x16.add                               4 l2 ← i8x16.add l2, t2
;;|      138   local.set 2
;;|      140   local.get 0
;;|      142   i32.const 16
;;|      144   i32.add
;;|      145   local.tee 0
;;|      147   local.get 1
;;|      149   i32.lt_u
;;|      150   br_if 0                                 8 l0 ← add_br_if i32.lt_u l0, 16, l1, L0
;;|      152 end
;;|      153 local.get 2
;;|      155 end                                      14 t3 ← copy_two l2, t2, l3
;;|                                                   18 + l1 ← copy_two t2, l0, t3
;;|                                                   23 return #2
;;| func 2 $lanes (v128) -> (i32): 7 slots, 16 bytes of wasm, 38 of bytecode
;;|      158 local.get 0
;;|      160 i32.const 7
;;|      162 i8x16.replace_lane 3                      0 t2 ← i64.const 7
;;|                                                    3 t0 ← i8x16.replace_lane l0, t2, #3
;;|      165 i8x16.bitmask                             8 t0 ← i8x16.bitmask t0
;;|      167 local.get 0
;;|      169 i32x4.extract_lane 2                     11 acc ← i32x4.extract_lane l0, #2
;;|      172 i32.add                                  14 t0 ← i32.add t0, acc
;;|      173 end                                      17 return #2, acc
;;| func 3 $moves (v128, i32) -> (v128): 11 slots, 45 bytes of wasm, 88 of bytecode
;;|      176 local.get 0
;;|      178 global.get 0                              0 t2 ← global.get128 g0
;;|      180 local.get 1
;;|      182 select                                    3 t0 ← select128 l0, t2, l2
;;|      183 block (type 4)
;;|      185   local.get 1
;;|      187   br_if 0                                 8 br_if l2, L0
;;|      189   local.get 0
;;|      191   local.get 0
;;|      193   i8x16.shuffle 0 2 4 6 8 10 1…          11 t2 ← i8x16.shuffle l0, l0, 0xe0c0a0806040200, 0x1e1c1a1816141210
;;|      211   v128.xor                               23 t0 ← v128.xor t0, t2
;;|      213 end
;;|      214 local.tee 0                       L0:    27 l0 ← copy128 t0
;;|      216 global.set 0                             30 global.set128 g0, l0
;;|      218 local.get 0
;;|      220 end                                      33 t3 ← copy_two l0, t2, l1
;;|                                                   37 + l1 ← copy_two t2, l0, t3
;;|                                                   42 return #3
;;| func 4 $memory (i32, v128) -> (): 8 slots, 35 bytes of wasm, 46 of bytecode
;;|      223 local.get 0
;;|      225 local.get 1
;;|      227 v128.store offset=4                       0 v128.store l0 +4, l1
;;|      231 local.get 0
;;|      233 local.get 1
;;|      235 v128.store16_lane 5                       4 v128.store16_lane l0 +0, l1, #5
;;|      240 local.get 0
;;|      242 local.get 0
;;|      244 v128.load32_splat                         9 t1 ← v128.load32_splat l0 +0
;;|      248 i32.const 3
;;|      250 i16x8.shl                                13 t1 ← i16x8.shl t1, #3
;;|      253 v128.store                               17 v128.store l0 +0, t1
;;|      257 end                                      21 return #3
;;| func 5 $calls (v128) -> (v128): 14 slots, 34 bytes of wasm, 86 of bytecode
;;|      260 local.get 0
;;|      262 v128.const i64x2 0x0 0x0
;;|      280 local.get 0
;;|      282 local.get 0
;;|      284 call 0 $arithmetic                        0 t5 ← copy_two l0, t4, l1
;;|                                                    4 + t7 ← copy_two l0, t6, l1
;;|                                                    9 call 0 $arithmetic, t4, #4
;;|      286 call 0 $arithmetic                       14 t2 ← i64.const 0
;;|                                                   16 + t3 ← i64.const 0
;;|                                                   19 call 0 $arithmetic, t2, #4
;;|      288 i32.const 1
;;|      290 return_call 3 $moves                     24 t4 ← i64.const 1
;;|                                                   27 return_call 3 $moves, t2, #2
;;|                                                   32 t5 ← copy_two t2, t4, t3
;;|                                                   36 + l1 ← copy_two t4, l0, t5
;;|                                                   41 return #2
;;|      292 drop
;;|      293 end
