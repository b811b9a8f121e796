;; A loop is a backward branch; its condition is fused with it.
(module
  (func $sum (param i32) (result i32)
    (local i32)
    loop
      local.get 1
      local.get 0
      i32.add
      local.set 1
      local.get 0
      i32.const 1
      i32.sub
      local.tee 0
      br_if 0
    end
    local.get 1)
  (func $nested (param i32 i32)
    block $done
      loop $outer
        local.get 0
        i32.eqz
        br_if $done
        loop $inner
          local.get 1
          i32.const 10
          i32.gt_u
          br_if $outer
          local.get 1
          i32.const 1
          i32.add
          local.set 1
          br $inner
        end
      end
    end)
  (func $carried (param i32) (result i32)
    i32.const 1
    loop (param i32) (result i32)
      local.get 0
      i32.mul
      local.get 0
      i32.const 1
      i32.sub
      local.tee 0
      br_if 0
    end))

;;| func 0 $sum (i32) -> (i32): 6 slots, 22 bytes of wasm, 26 of bytecode
;;|       34 loop
;;|       36   local.get 1
;;|       38   local.get 0
;;|       40   i32.add                         L0:     0 l1 ← i32.add l1, l0
;;|       41   local.set 1
;;|       43   local.get 0
;;|       45   i32.const 1
;;|       47   i32.sub                                 4 l0 ← i32.sub l0, 1
;;|       48   local.tee 0
;;|       50   br_if 0                                 8 br_if acc, L0
;;|       52 end
;;|       53 local.get 1
;;|       55 end                                      10 return #1, l1
;;| func 1 $nested (i32, i32) -> (): 6 slots, 31 bytes of wasm, 28 of bytecode
;;|       58 block
;;|       60   loop
;;|       62     local.get 0
;;|       64     i32.eqz
;;|       65     br_if 1                       L0:     0 br_unless l0, L2
;;|       67     loop
;;|       69       local.get 1
;;|       71       i32.const 10
;;|       73       i32.gt_u
;;|       74       br_if 1                     L1:     3 br_if i32.gt_u l1, 10, L0
;;|       76       local.get 1
;;|       78       i32.const 1
;;|       80       i32.add
;;|       81       local.set 1                         7 l1 ← i32.add l1, 1
;;|       83       br 0                               10 + br L1
;;|       85     end
;;|       86   end
;;|       87 end
;;|       88 end                               L2:    12 return #2
;;| func 2 $carried (i32) -> (i32): 6 slots, 18 bytes of wasm, 32 of bytecode
;;|       91 i32.const 1
;;|       93 loop (type 0)                             0 t0 ← i64.const 1
;;|       95   local.get 0
;;|       97   i32.mul                         L0:     3 t0 ← i32.mul t0, l0
;;|       98   local.get 0
;;|      100   i32.const 1
;;|      102   i32.sub                                 7 l0 ← i32.sub l0, 1
;;|      103   local.tee 0
;;|      105   br_if 0                                11 br_if acc, L0
;;|      107 end
;;|      108 end                                      13 return #1, t0
