;; Comparisons become part of the branch that tests them, eqz turns them round.
(module
  (func $if_else (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.lt_s
    if (result i32)
      local.get 0
    else
      local.get 1
    end)
  (func $if_not (param i32) (result i32)
    local.get 0
    i32.eqz
    if
      i32.const 1
      return
    end
    i32.const 2)
  (func $not_less (param i64 i64)
    block
      local.get 0
      local.get 1
      i64.lt_u
      i32.eqz
      br_if 0
      unreachable
    end)
  (func $float (param f64)
    block
      local.get 0
      f64.const 0.5
      f64.lt
      br_if 0
      unreachable
    end
    block
      local.get 0
      f64.const 2.5
      f64.ge
      i32.eqz
      br_if 0
      unreachable
    end)
  (func $zero64 (param i64)
    block
      local.get 0
      i64.eqz
      br_if 0
      unreachable
    end)
  ;; The comparison is needed as a value as well.
  (func $kept (param i32) (result i32)
    (local i32)
    block
      local.get 0
      i32.const 3
      i32.eq
      local.tee 1
      br_if 0
      unreachable
    end
    local.get 1))

;;| func 0 $if_else (i32, i32) -> (i32): 6 slots, 14 bytes of wasm, 28 of bytecode
;;|       49 local.get 0
;;|       51 local.get 1
;;|       53 i32.lt_s
;;|       54 if (result i32)                           0 br_if i32.ge_s l0, l1, L0
;;|       56   local.get 0
;;|       58 else                                      4 t0 ← copy l0
;;|                                                    6 + br L1
;;|       59   local.get 1
;;|       61 end                               L0:     8 t0 ← copy l1
;;|       62 end                               L1:    11 return #2, t0
;;| func 1 $if_not (i32) -> (i32): 4 slots, 12 bytes of wasm, 18 of bytecode
;;|       65 local.get 0
;;|       67 i32.eqz
;;|       68 if                                        0 br_if l0, L0
;;|       70   i32.const 1
;;|       72   return                                  3 return #1, 1
;;|       73 end
;;|       74 i32.const 2
;;|       76 end                               L0:     6 return #1, 2
;;| func 2 $not_less (i64, i64) -> (): 6 slots, 13 bytes of wasm, 14 of bytecode
;;|       79 block
;;|       81   local.get 0
;;|       83   local.get 1
;;|       85   i64.lt_u
;;|       86   i32.eqz
;;|       87   br_if 0                                 0 br_if i64.ge_u l0, l1, L0
;;|       89   unreachable                             4 unreachable
;;|       90 end
;;|       91 end                               L0:     5 return #2
;;| func 3 $float (f64) -> (): 5 slots, 38 bytes of wasm, 48 of bytecode
;;|       94 block
;;|       96   local.get 0
;;|       98   f64.const 0.5
;;|      107   f64.lt                                  0 t1 ← i64.const 4602678819172646912
;;|      108   br_if 0                                 6 br_if f64.lt l0, t1, L0
;;|      110   unreachable                            10 unreachable
;;|      111 end
;;|      112 block
;;|      114   local.get 0
;;|      116   f64.const 2.5
;;|      125   f64.ge                          L0:    11 t1 ← i64.const 4612811918334230528
;;|      126   i32.eqz
;;|      127   br_if 0                                17 br_unless f64.ge l0, t1, L1
;;|      129   unreachable                            21 unreachable
;;|      130 end
;;|      131 end                               L1:    22 return #1
;;| func 4 $zero64 (i64) -> (): 4 slots, 10 bytes of wasm, 12 of bytecode
;;|      134 block
;;|      136   local.get 0
;;|      138   i64.eqz
;;|      139   br_if 0                                 0 br_unless64 l0, L0
;;|      141   unreachable                             3 unreachable
;;|      142 end
;;|      143 end                               L0:     4 return #1
;;| func 5 $kept (i32) -> (i32): 6 slots, 16 bytes of wasm, 20 of bytecode
;;|      148 block
;;|      150   local.get 0
;;|      152   i32.const 3
;;|      154   i32.eq                                  0 l1 ← i32.eq l0, 3
;;|      155   local.tee 1
;;|      157   br_if 0                                 4 br_if acc, L0
;;|      159   unreachable                             6 unreachable
;;|      160 end
;;|      161 local.get 1
;;|      163 end                               L0:     7 return #1, l1
