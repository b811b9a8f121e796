;; A handler is a label to which no op leads. The table at the end says which calls and throws lead there. To enter a try_table takes
;; no op. The tail call has no handler in its function.
(module
  (import "host" "open" (func $open (param i32) (result i32)))
  (tag $failed (param i32 i64))
  (tag $other)
  (func $throw (param i32)
    local.get 0
    i64.const 7
    throw $failed)
  (func $catch (param $file i32) (result i32) (local $error i64)
    (block $handler (result i32 i64)
      (block $any (result exnref)
        (try_table (result i32) (catch $failed $handler) (catch_all_ref $any)
          (call $open (local.get $file)))
        (return))
      (throw_ref))
    (local.set $error)
    (drop)
    (i32.wrap_i64 (local.get $error)))
  (func $nested (param i32) (result i32)
    (block $outer
      (try_table (catch_all $outer)
        (block $inner
          (try_table (catch $other $inner)
            (call $throw (local.get 0))))
        (return_call $open (local.get 0))))
    (i32.const -1)))

;;| func 1 $throw (i32) -> (): 7 slots, 7 bytes of wasm, 18 of bytecode
;;|       66 local.get 0
;;|       68 i64.const 7
;;|       70 throw 0                                   0 t0 ← copy l0
;;|                                                    2 + t1 ← i64.const 7
;;|                                                    5 throw tag 0, t0
;;|       72 end
;;| func 2 $catch (i32) -> (i32): 7 slots, 28 bytes of wasm, 40 of bytecode
;;|       77 block (type 4)
;;|       79   block (result exnref)
;;|       81     try_table (result i32) (ca…
;;|       89       local.get 0
;;|       91       call 0 $open                        0 t0 ← copy l0
;;|                                                    3 call_import 0 $open, t0
;;|       93     end
;;|       94     return                                7 return #1, t0
;;|       95   end
;;|       96   throw_ref                       L0:    10 throw_ref t0
;;|       97 end
;;|       98 local.set 1                       L1:    12 l1 ← copy t1
;;|      100 drop
;;|      101 local.get 1
;;|      103 i32.wrap_i64
;;|      104 end                                      15 t0 ← i32.wrap_i64 acc
;;|                                                   17 return #1, t0
;;|                                          0..7 catch tag 0 → L1, t0
;;|                                          0..7 catch_all → L0, t0, exnref t0
;;| func 3 $nested (i32) -> (i32): 6 slots, 30 bytes of wasm, 44 of bytecode
;;|      107 block
;;|      109   try_table (catch_all 0)
;;|      114     block
;;|      116       try_table (catch 1 0)
;;|      122         local.get 0
;;|      124         call 1 $throw                     0 t0 ← copy l0
;;|                                                    3 call 1 $throw, t0, #1
;;|      126       end
;;|      127     end
;;|      128     local.get 0
;;|      130     return_call 0 $open           L0:     8 t0 ← copy l0
;;|                                                   11 return_call_import 0 $open, t0, #1
;;|                                                   16 return #1, acc
;;|      132   end
;;|      133 end
;;|      134 i32.const -1
;;|      136 end                               L1:    18 acc ← i32.const -1
;;|                                                   20 return #1, acc
;;|                                          0..18 catch_all → L1, t0
;;|                                          0..8 catch tag 1 → L0, t0
