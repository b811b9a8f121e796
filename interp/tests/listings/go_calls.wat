;; A call of Go's becomes a `go.call` with a `go.resume`, which returns 1 if the callee does not return 0. A loop stands
;; for what a resume point does: behind it no accumulator holds the stack pointer.
(module
  (memory 1)
  (global (mut i32) (i32.const 1024))
  (func $callee (param i32) (result i32)
    i32.const 0)
  (func $go (param i32) (result i32)
    (local i32)
    global.get 0
    local.set 1
    block
      loop
        local.get 1
        i32.const 8
        i32.sub
        local.tee 1
        global.set 0
        local.get 1
        i64.const 268566534
        i64.store
        i32.const 0
        call $callee
        global.get 0
        local.set 1
        br_if 1
      end
      i32.const 0
      return
    end
    i32.const 1)
  ;; Its branch does not lead to a return of 1: it is an ordinary call.
  (func $returns_two (param i32) (result i32)
    (local i32)
    global.get 0
    local.set 1
    block
      loop
        local.get 1
        i32.const 8
        i32.sub
        local.tee 1
        global.set 0
        local.get 1
        i64.const 268566534
        i64.store
        i32.const 0
        call $callee
        global.get 0
        local.set 1
        br_if 1
      end
      i32.const 0
      return
    end
    i32.const 2)
  ;; Only the first of two branches that lead to different places may be one.
  (func $two_places (param i32) (result i32)
    (local i32)
    global.get 0
    local.set 1
    block
    block
      loop
        local.get 1
        i32.const 8
        i32.sub
        local.tee 1
        global.set 0
        local.get 1
        i64.const 268566534
        i64.store
        i32.const 0
        call $callee
        global.get 0
        local.set 1
        br_if 2
      end
      loop
        local.get 1
        i32.const 8
        i32.sub
        local.tee 1
        global.set 0
        local.get 1
        i64.const 268566534
        i64.store
        i32.const 0
        call $callee
        global.get 0
        local.set 1
        br_if 1
      end
      i32.const 0
      return
    end
    end
    i32.const 1))

;;| func 0 $callee (i32) -> (i32): 4 slots, 3 bytes of wasm, 6 of bytecode
;;|       43 i32.const 0
;;|       45 end                                       0 return #1, 0
;;| func 1 $go (i32) -> (i32): 7 slots, 46 bytes of wasm, 30 of bytecode
;;|       50 global.get 0                              0 l1 ← global.get g0
;;|       52 local.set 1
;;|       54 block
;;|       56   loop
;;|       58     local.get 1
;;|       60     i32.const 8
;;|       62     i32.sub
;;|       63     local.tee 1
;;|       65     global.set 0
;;|       67     local.get 1
;;|       69     i64.const 268566534
;;|       75     i64.store
;;|       78     i32.const 0
;;|       80     call 0 $callee
;;|       82     global.get 0
;;|       84     local.set 1
;;|       86     br_if 1                               3 go.call 0 $callee, 268566534, t0, sp
;;|                                                    8 go.resume sp
;;|       88   end
;;|       89   i32.const 0
;;|       91   return                                  9 return #1, 0
;;|       92 end
;;|       93 i32.const 1
;;|       95 end                                      12 return #1, 1
;;| func 2 $returns_two (i32) -> (i32): 7 slots, 46 bytes of wasm, 68 of bytecode
;;|      100 global.get 0                              0 l1 ← global.get g0
;;|      102 local.set 1
;;|      104 block
;;|      106   loop
;;|      108     local.get 1
;;|      110     i32.const 8
;;|      112     i32.sub                               3 l1 ← i32.sub l1, 8
;;|      113     local.tee 1
;;|      115     global.set 0                          7 global.set g0, acc
;;|      117     local.get 1
;;|      119     i64.const 268566534
;;|      125     i64.store                             9 acc ← i32.const 268566534
;;|                                                   11 + i64.store l1 +0, acc
;;|      128     i32.const 0
;;|      130     call 0 $callee                       14 t0 ← i64.const 0
;;|                                                   17 call 0 $callee, t0, #1
;;|      132     global.get 0                         22 l1 ← global.get g0
;;|      134     local.set 1
;;|      136     br_if 1                              25 br_if t0, L0
;;|      138   end
;;|      139   i32.const 0
;;|      141   return                                 28 return #1, 0
;;|      142 end
;;|      143 i32.const 2
;;|      145 end                               L0:    31 return #1, 2
;;| func 3 $two_places (i32) -> (i32): 7 slots, 82 bytes of wasm, 80 of bytecode
;;|      150 global.get 0                              0 l1 ← global.get g0
;;|      152 local.set 1
;;|      154 block
;;|      156   block
;;|      158     loop
;;|      160       local.get 1
;;|      162       i32.const 8
;;|      164       i32.sub
;;|      165       local.tee 1
;;|      167       global.set 0
;;|      169       local.get 1
;;|      171       i64.const 268566534
;;|      177       i64.store
;;|      180       i32.const 0
;;|      182       call 0 $callee
;;|      184       global.get 0
;;|      186       local.set 1
;;|      188       br_if 2                             3 go.call 0 $callee, 268566534, t0, sp
;;|                                                    8 go.resume sp
;;|      190     end
;;|      191     loop
;;|      193       local.get 1
;;|      195       i32.const 8
;;|      197       i32.sub                             9 l1 ← i32.sub l1, 8
;;|      198       local.tee 1
;;|      200       global.set 0                       13 global.set g0, acc
;;|      202       local.get 1
;;|      204       i64.const 268566534
;;|      210       i64.store                          15 acc ← i32.const 268566534
;;|                                                   17 + i64.store l1 +0, acc
;;|      213       i32.const 0
;;|      215       call 0 $callee                     20 t0 ← i64.const 0
;;|                                                   23 call 0 $callee, t0, #1
;;|      217       global.get 0                       28 l1 ← global.get g0
;;|      219       local.set 1
;;|      221       br_if 1                            31 br_if t0, L0
;;|      223     end
;;|      224     i32.const 0
;;|      226     return                               34 return #1, 0
;;|      227   end
;;|      228 end
;;|      229 i32.const 1
;;|      231 end                               L0:    37 return #1, 1
