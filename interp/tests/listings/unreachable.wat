;; Code that cannot be reached is validated, and lowered to nothing.
(module
  (func $after_return (param i32) (result i32)
    local.get 0
    return
    i32.const 1
    i32.add)
  (func $after_branch (param i32) (result i32)
    block (result i32)
      local.get 0
      br 0
      block
        unreachable
      end
      drop
    end
    i32.const 1
    i32.add)
  (func $constant_condition (result i32)
    i32.const 0
    if (result i32)
      i32.const 1
    else
      i32.const 2
    end))

;;| func 0 $after_return (i32) -> (i32): 4 slots, 7 bytes of wasm, 6 of bytecode
;;|       31 local.get 0
;;|       33 return                                    0 return #1, l0
;;|       34 i32.const 1
;;|       36 i32.add
;;|       37 end
;;| func 1 $after_branch (i32) -> (i32): 5 slots, 16 bytes of wasm, 18 of bytecode
;;|       40 block (result i32)
;;|       42   local.get 0
;;|       44   br 0                                    0 t0 ← copy l0
;;|                                                    2 + br L0
;;|       46   block
;;|       48     unreachable
;;|       49   end
;;|       50   drop
;;|       51 end
;;|       52 i32.const 1
;;|       54 i32.add                           L0:     4 t0 ← i32.add t0, 1
;;|       55 end                                       7 + return #1, acc
;;| func 2 $constant_condition () -> (i32): 4 slots, 11 bytes of wasm, 24 of bytecode
;;|       58 i32.const 0
;;|       60 if (result i32)                           0 br L0
;;|       62   i32.const 1
;;|       64 else                                      2 t0 ← i64.const 1
;;|                                                    4 + br L1
;;|       65   i32.const 2
;;|       67 end                               L0:     6 t0 ← i64.const 2
;;|       68 end                               L1:     9 return #1, t0
