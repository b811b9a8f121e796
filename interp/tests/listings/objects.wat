;; Structures, arrays and typed references. A cast checks a reference and leaves it where it is, so it has no output; a branch on a
;; cast is a test and an ordinary branch. Conversions between anyref and externref take no op.
(module
  (type $list (struct (field $next (mut (ref null $list))) (field $value i64)))
  (type $bytes (array (mut i8)))
  (type $fun (func (param i32) (result i32)))
  (func (param $list (ref null $list)) (result i64) (local $sum i64)
    (block $end
      (loop $next
        (local.set $sum (i64.add (local.get $sum)
          (struct.get $list $value (br_on_null $end (local.get $list)))))
        (local.set $list (struct.get $list $next (local.get $list)))
        (br $next)))
    (local.get $sum))
  (func (param i32) (result (ref $bytes))
    (array.new $bytes (local.get 0) (i32.const 10)))
  (func (param (ref $bytes)) (param i32) (result i32)
    (array.set $bytes (local.get 0) (local.get 1) (i32.const 7))
    (i32.add (array.get_s $bytes (local.get 0) (local.get 1)) (array.len (local.get 0))))
  (func (param $list (ref null $list)) (result (ref $list))
    (struct.new $list (local.get $list) (i64.const 3)))
  (func (param anyref) (result i32)
    (block $is (result (ref $list))
      (drop (br_on_cast $is anyref (ref $list) (local.get 0)))
      (return (i31.get_s (ref.cast (ref i31) (local.get 0)))))
    (i32.wrap_i64 (struct.get $list $value)))
  (func (param externref) (result anyref)
    (any.convert_extern (local.get 0)))
  (func (param (ref null $fun)) (result i32)
    (call_ref $fun (i32.const 5) (local.get 0))))

;;| func 0 ((ref null (module 0))) -> (i64): 6 slots, 32 bytes of wasm, 36 of bytecode
;;|       85 block
;;|       87   loop
;;|       89     local.get 1
;;|       91     local.get 0
;;|       93     br_on_null 1                  L0:     0 br_unless64 l0, L1
;;|       95     struct.get 0 1                        3 acc ← 64 struct.get l0, #1
;;|       99     i64.add                               6 l1 ← i64.add l1, acc
;;|      100     local.set 1
;;|      102     local.get 0
;;|      104     struct.get 0 0                        9 l0 ← 64 struct.get l0, #0
;;|      108     local.set 0
;;|      110     br 0                                 13 br L0
;;|      112   end
;;|      113 end
;;|      114 local.get 1
;;|      116 end                               L1:    15 return #1, l1
;;| func 1 (i32) -> ((ref (module 1))): 5 slots, 8 bytes of wasm, 26 of bytecode
;;|      119 local.get 0
;;|      121 i32.const 10
;;|      123 array.new 1                               0 t1 ← i64.const 10
;;|                                                    2 + t0 ← copy l0
;;|                                                    5 t0 ← array.new type 1, t0, t1
;;|      126 end                                      11 return #1, acc
;;| func 2 ((ref (module 1)), i32) -> (i32): 7 slots, 22 bytes of wasm, 38 of bytecode
;;|      129 local.get 0
;;|      131 local.get 1
;;|      133 i32.const 7
;;|      135 array.set 1                               0 t2 ← i64.const 7
;;|                                                    3 i8_u array.set l0, l1, t2
;;|      138 local.get 0
;;|      140 local.get 1
;;|      142 array.get_s 1                             7 t0 ← i8_s array.get l0, l1
;;|      145 local.get 0
;;|      147 array.len                                11 t1 ← array.len l0
;;|      149 i32.add                                  14 t0 ← i32.add t0, acc
;;|      150 end                                      17 return #2, acc
;;| func 3 ((ref null (module 0))) -> ((ref (module 0))): 5 slots, 8 bytes of wasm, 24 of bytecode
;;|      153 local.get 0
;;|      155 i64.const 3
;;|      157 struct.new 0                              0 t0 ← copy l0
;;|                                                    2 + t1 ← i64.const 3
;;|                                                    5 t0 ← struct.new type 0, t0
;;|      160 end                                      10 return #1, acc
;;| func 4 (anyref) -> (i32): 5 slots, 27 bytes of wasm, 56 of bytecode
;;|      163 block (result (ref (module 0)))
;;|      166   local.get 0
;;|      168   br_on_cast 0 anyref (ref (mo…           0 acc ← ref.test l0, type 0
;;|                                                    4 br_unless acc, L0
;;|                                                    6 t0 ← copy l0
;;|                                                    8 + br L1
;;|      174   drop
;;|      175   local.get 0
;;|      177   ref.cast_non_null i31ref        L0:    10 ref.cast l0, i31
;;|      180   i31.get_s                              14 t0 ← i31.get_s l0
;;|      182   return                                 17 return #1, acc
;;|      183 end
;;|      184 struct.get 0 1                    L1:    19 t0 ← 64 struct.get t0, #1
;;|      188 i32.wrap_i64
;;|      189 end                                      23 t0 ← i32.wrap_i64 acc
;;|                                                   25 return #1, t0
;;| func 5 (externref) -> (anyref): 4 slots, 5 bytes of wasm, 6 of bytecode
;;|      192 local.get 0
;;|      194 any.convert_extern
;;|      196 end                                       0 return #1, l0
;;| func 6 ((ref null (module 2))) -> (i32): 6 slots, 7 bytes of wasm, 16 of bytecode
;;|      199 i32.const 5
;;|      201 local.get 0
;;|      203 call_ref 2                                0 t0 ← i64.const 5
;;|                                                    3 call_ref l0, t0
;;|      205 end                                       6 return #1, acc
