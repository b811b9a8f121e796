;; A branch table lies inline behind its op. Targets whose values must be moved get a detour.
(module
  (func $switch (param i32) (result i32)
    block
      block
        block
          local.get 0
          br_table 0 1 2
        end
        i32.const 10
        return
      end
      i32.const 20
      return
    end
    i32.const 30)
  (func $with_value (param i32 i32) (result i32)
    block (result i32)
      i32.const 5
      block (result i32)
        local.get 1
        local.get 0
        br_table 0 1
      end
      i32.add
    end)
  ;; The shape that Go gives to every function: a loop around a switch over the resume point.
  (func $resume (param i32) (result i32)
    (local i32)
    loop $again
      block $two
        block $one
          block $zero
            local.get 0
            br_table $zero $one $two
          end
          local.get 1
          i32.const 8
          i32.sub
          local.set 1
          i32.const 1
          local.set 0
          br $again
        end
        i32.const 0
        return
      end
      i32.const 1
      return
    end
    unreachable))

;;| func 0 $switch (i32) -> (i32): 4 slots, 25 bytes of wasm, 30 of bytecode
;;|       33 block
;;|       35   block
;;|       37     block
;;|       39       local.get 0
;;|       41       br_table 0 1 2                      0 br_table l0, L0, L1, L2
;;|       46     end
;;|       47     i32.const 10
;;|       49     return                        L0:     6 return #1, 10
;;|       50   end
;;|       51   i32.const 20
;;|       53   return                          L1:     9 return #1, 20
;;|       54 end
;;|       55 i32.const 30
;;|       57 end                               L2:    12 return #1, 30
;;| func 1 $with_value (i32, i32) -> (i32): 7 slots, 18 bytes of wasm, 38 of bytecode
;;|       60 block (result i32)
;;|       62   i32.const 5
;;|       64   block (result i32)
;;|       66     local.get 1
;;|       68     local.get 0
;;|       70     br_table 0 1                          0 t1 ← copy l1
;;|                                                    3 br_table l0, L1, L0
;;|                                            L0:     8 t0 ← copy t1
;;|                                                   10 + br L2
;;|       74   end
;;|       75   i32.add                         L1:    12 t0 ← i32.add t1, 5
;;|       76 end
;;|       77 end                               L2:    16 return #2, t0
;;| func 2 $resume (i32) -> (i32): 6 slots, 40 bytes of wasm, 36 of bytecode
;;|       82 loop
;;|       84   block
;;|       86     block
;;|       88       block
;;|       90         local.get 0
;;|       92         br_table 0 1 2                    0 br_table l0, L0, L1, L2
;;|       97       end
;;|       98       local.get 1
;;|      100       i32.const 8
;;|      102       i32.sub                     L0:     6 l1 ← i32.sub l1, 8
;;|      103       local.set 1
;;|      105       i32.const 1
;;|      107       local.set 0
;;|      109       br 2                               10 br L1
;;|      111     end
;;|      112     i32.const 0
;;|      114     return                        L1:    12 return #1, 0
;;|      115   end
;;|      116   i32.const 1
;;|      118   return                          L2:    15 return #1, 1
;;|      119 end
;;|      120 unreachable
;;|      121 end
